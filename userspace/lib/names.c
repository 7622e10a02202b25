// SPDX-License-Identifier: LGPL-2.1-or-later
/* The names of the numbers that the kernel reports. */
#include <linux/kernel-page-flags.h>
#include <string.h>

#include "internal.h"

/* clang-format off */
static const struct vmscope_bit states[] = {
	{ VMSCOPE_STATE_NONE, "none", "the entry is empty; it says nothing of the past" },
	{ VMSCOPE_STATE_ANON, "anon", "anonymous memory" },
	{ VMSCOPE_STATE_FILE, "file", "a page of the page cache" },
	{ VMSCOPE_STATE_SHMEM, "shmem", "shared memory, tmpfs or a memfd" },
	{ VMSCOPE_STATE_ZERO, "zero", "the shared zero page" },
	{ VMSCOPE_STATE_HUGEZERO, "hugezero", "the shared huge zero page" },
	{ VMSCOPE_STATE_KSM, "ksm", "anonymous memory shared by KSM" },
	{ VMSCOPE_STATE_PFNMAP, "pfnmap", "a frame without a page behind it here" },
	{ VMSCOPE_STATE_HUGETLB, "hugetlb", "a page of hugetlbfs" },
	{ VMSCOPE_STATE_DEVICE, "device", "memory of a device" },
	{ VMSCOPE_STATE_SWAP, "swap", "swapped out" },
	{ VMSCOPE_STATE_SHMEM_SWAP, "shmem-swap", "swapped out shared memory" },
	{ VMSCOPE_STATE_MIGRATION, "migration", "its page is moving to another frame" },
	{ VMSCOPE_STATE_HWPOISON, "hwpoison", "its frame has a memory error" },
	{ VMSCOPE_STATE_MARKER_UFFD, "marker-uffd", "empty, write-protected by userfaultfd" },
	{ VMSCOPE_STATE_MARKER_POISON, "marker-poison", "empty, an access gets SIGBUS" },
	{ VMSCOPE_STATE_MARKER_GUARD, "marker-guard", "a guard region, an access gets SIGSEGV" },
	{ VMSCOPE_STATE_UNKNOWN, "unknown", "an encoding that the module does not know" },
	{ VMSCOPE_STATE_UNMAPPED, "unmapped", "in no area" },
	{ VMSCOPE_STATE_KERNEL, "kernel", "mapped by the kernel for itself" },
	{ VMSCOPE_STATE_REPEAT, "repeat", "the same table as the entry before it has" },
	{ VMSCOPE_STATE_DRIVER, "driver", "a page that a driver or the kernel keeps for itself" },
	{ 0, NULL, NULL },
};

static const struct vmscope_bit levels[] = {
	{ VMSCOPE_LEVEL_NONE, "none", "outside of every table" },
	{ VMSCOPE_LEVEL_PTE, "pte", "maps one base page" },
	{ VMSCOPE_LEVEL_PMD, "pmd", "a table of PTEs, or a huge page" },
	{ VMSCOPE_LEVEL_PUD, "pud", "a table of PMDs, or a huge page" },
	{ VMSCOPE_LEVEL_P4D, "p4d", "a table of PUDs; with five levels only" },
	{ VMSCOPE_LEVEL_PGD, "pgd", "an entry of the root table" },
	{ 0, NULL, NULL },
};

static const struct vmscope_bit caches[] = {
	{ VMSCOPE_CACHE_WB, "wb", "write-back" },
	{ VMSCOPE_CACHE_WC, "wc", "write-combining" },
	{ VMSCOPE_CACHE_UC_MINUS, "uc-", "uncached unless an MTRR says otherwise" },
	{ VMSCOPE_CACHE_UC, "uc", "uncached" },
	{ VMSCOPE_CACHE_WT, "wt", "write-through" },
	{ VMSCOPE_CACHE_WP, "wp", "write-protected" },
	{ 0, NULL, NULL },
};

static const struct vmscope_bit flags[] = {
	{ VMSCOPE_F_PRESENT, "present", "the kernel counts the page as present" },
	{ VMSCOPE_F_READ, "read", "the leaf allows to read" },
	{ VMSCOPE_F_WRITE, "write", "the leaf allows to write" },
	{ VMSCOPE_F_EXEC, "exec", "the leaf allows to execute" },
	{ VMSCOPE_F_USER, "user", "the leaf allows user mode" },
	{ VMSCOPE_F_ACCESSED, "accessed", "used since the bit was cleared" },
	{ VMSCOPE_F_DIRTY, "dirty", "written since the bit was cleared" },
	{ VMSCOPE_F_SOFT_DIRTY, "soft-dirty", "the entry's own soft-dirty bit" },
	{ VMSCOPE_F_UFFD_WP, "uffd-wp", "protected by userfaultfd" },
	{ VMSCOPE_F_SPECIAL, "special", "the kernel keeps no page for it" },
	{ VMSCOPE_F_PROTNONE, "protnone", "PROT_NONE or a NUMA hint" },
	{ VMSCOPE_F_GLOBAL, "global", "stays in the TLB" },
	{ VMSCOPE_F_CONTIG, "contiguous", "the TLB may merge it with its neighbours" },
	{ VMSCOPE_F_EXCLUSIVE, "exclusive", "a swap entry with one owner" },
	{ VMSCOPE_F_RACED, "raced", "the entry changed while it was read" },
	{ VMSCOPE_F_WITHHELD, "withheld", "raw entry and frame may not be shown" },
	{ VMSCOPE_F_PERM_READ, "perm-read", "user mode may read" },
	{ VMSCOPE_F_PERM_WRITE, "perm-write", "user mode may write" },
	{ VMSCOPE_F_PERM_EXEC, "perm-exec", "user mode may execute" },
	{ 0, NULL, NULL },
};

/*
 * Names of page-types in the kernel's tools, sorted as it sorts its letters. Bits
 * from 32 on are not in the user's header.
 * Source: include/linux/kernel-page-flags.h
 */
static const struct vmscope_bit page_flags[] = {
	{ 1ULL << KPF_LOCKED, "locked", "L: in use, such as by input or output" },
	{ 1ULL << KPF_ERROR, "error", "E: input or output failed" },
	{ 1ULL << KPF_REFERENCED, "referenced", "R: used since it was last aged" },
	{ 1ULL << KPF_UPTODATE, "uptodate", "U: holds what the file has" },
	{ 1ULL << KPF_DIRTY, "dirty", "D: to be written back" },
	{ 1ULL << KPF_LRU, "lru", "l: on a list of pages that can be reclaimed" },
	{ 1ULL << KPF_ACTIVE, "active", "A: on an active list" },
	{ 1ULL << KPF_SLAB, "slab", "S: objects of a slab cache" },
	{ 1ULL << KPF_WRITEBACK, "writeback", "W: being written back" },
	{ 1ULL << KPF_RECLAIM, "reclaim", "I: to be reclaimed soon; read ahead" },
	{ 1ULL << KPF_BUDDY, "buddy", "B: free" },
	{ 1ULL << KPF_MMAP, "mmap", "M: mapped by a page table" },
	{ 1ULL << KPF_ANON, "anonymous", "a: anonymous memory" },
	{ 1ULL << KPF_SWAPCACHE, "swapcache", "s: has a slot on a swap device" },
	{ 1ULL << KPF_SWAPBACKED, "swapbacked", "b: would be written to swap" },
	{ 1ULL << KPF_COMPOUND_HEAD, "compound_head", "H: first page of a folio" },
	{ 1ULL << KPF_COMPOUND_TAIL, "compound_tail", "T: another page of a folio" },
	{ 1ULL << KPF_HUGE, "huge", "G: hugetlbfs" },
	{ 1ULL << KPF_UNEVICTABLE, "unevictable", "u: not reclaimed" },
	{ 1ULL << KPF_HWPOISON, "hwpoison", "X: has a memory error" },
	{ 1ULL << KPF_NOPAGE, "nopage", "n: no page" },
	{ 1ULL << KPF_KSM, "ksm", "x: shared by KSM" },
	{ 1ULL << KPF_THP, "thp", "t: large folio, not hugetlbfs" },
	{ 1ULL << KPF_OFFLINE, "offline", "o: given to a hypervisor" },
	{ 1ULL << KPF_PGTABLE, "pgtable", "g: page table" },
	{ 1ULL << KPF_ZERO_PAGE, "zero_page", "z: shared zero page" },
	{ 1ULL << KPF_IDLE, "idle_page", "i: marked idle, and not used since" },
	{ 1ULL << 32, "reserved", "r: never given to the page allocator" },
	{ 1ULL << 33, "mlocked", "m: locked into memory" },
	{ 1ULL << 34, "owner_2", "d: owner's use; of anonymous memory: exclusive" },
	{ 1ULL << 35, "private", "P: has data of a file system" },
	{ 1ULL << 36, "private_2", "p: owner's use" },
	{ 1ULL << 37, "owner_private", "O: owner's use" },
	{ 1ULL << 38, "arch", "h: architecture's use" },
	{ 1ULL << 39, "uncached", "c: mapped uncached" },
	{ 1ULL << 41, "arch_2", "2: architecture's use" },
	{ 1ULL << 42, "arch_3", "3: architecture's use" },
	{ 0, NULL, NULL },
};

static const struct vmscope_bit zones[] = {
	{ VMSCOPE_ZONE_DMA, "dma", "the first 16 MiB" },
	{ VMSCOPE_ZONE_DMA32, "dma32", "below 4 GiB" },
	{ VMSCOPE_ZONE_NORMAL, "normal", "the rest" },
	{ VMSCOPE_ZONE_MOVABLE, "movable", "only for pages that can be moved" },
	{ 0, NULL, NULL },
};

static const struct vmscope_bit vmas[] = {
	{ VMSCOPE_VMA_READ, "rd", "readable" },
	{ VMSCOPE_VMA_WRITE, "wr", "writable" },
	{ VMSCOPE_VMA_EXEC, "ex", "executable" },
	{ VMSCOPE_VMA_SHARED, "sh", "shared" },
	{ VMSCOPE_VMA_MAYSHARE, "ms", "may be shared" },
	{ VMSCOPE_VMA_GROWSDOWN, "gd", "a stack that grows down" },
	{ VMSCOPE_VMA_PFNMAP, "pf", "frames without pages" },
	{ VMSCOPE_VMA_MIXEDMAP, "mm", "frames with or without pages" },
	{ VMSCOPE_VMA_LOCKED, "lo", "locked in memory" },
	{ VMSCOPE_VMA_IO, "io", "registers of a device" },
	{ VMSCOPE_VMA_SEQ_READ, "sr", "sequential read advice" },
	{ VMSCOPE_VMA_RAND_READ, "rr", "random read advice" },
	{ VMSCOPE_VMA_DONTFORK, "dc", "not copied on fork" },
	{ VMSCOPE_VMA_DONTEXPAND, "de", "mremap() may not grow it" },
	{ VMSCOPE_VMA_ACCOUNT, "ac", "counts as committed memory" },
	{ VMSCOPE_VMA_NORESERVE, "nr", "no swap is reserved for it" },
	{ VMSCOPE_VMA_HUGETLB, "ht", "hugetlbfs" },
	{ VMSCOPE_VMA_WIPEONFORK, "wf", "emptied in a child" },
	{ VMSCOPE_VMA_DONTDUMP, "dd", "left out of core dumps" },
	{ VMSCOPE_VMA_SOFTDIRTY, "sd", "the whole area counts as soft-dirty" },
	{ VMSCOPE_VMA_HUGEPAGE, "hg", "huge pages advised" },
	{ VMSCOPE_VMA_NOHUGEPAGE, "nh", "huge pages refused" },
	{ VMSCOPE_VMA_MERGEABLE, "mg", "KSM may merge its pages" },
	{ VMSCOPE_VMA_UFFD_MISSING, "um", "userfaultfd handles missing pages" },
	{ VMSCOPE_VMA_UFFD_WP, "uw", "userfaultfd handles write protection" },
	{ VMSCOPE_VMA_UFFD_MINOR, "ui", "userfaultfd handles minor faults" },
	{ VMSCOPE_VMA_UFFD_RWP, "ur", "userfaultfd handles read-write protection" },
	{ VMSCOPE_VMA_LOCKONFAULT, "lf", "pages are locked as they come in" },
	{ VMSCOPE_VMA_SYNC, "sf", "page faults of a DAX file are synchronous" },
	{ VMSCOPE_VMA_ARCH, "ar", "a flag of the architecture" },
	{ VMSCOPE_VMA_SHADOW_STACK, "ss", "a shadow stack" },
	{ VMSCOPE_VMA_MAYREAD, "mr", "mprotect() may make it readable" },
	{ VMSCOPE_VMA_MAYWRITE, "mw", "mprotect() may make it writable" },
	{ VMSCOPE_VMA_MAYEXEC, "me", "mprotect() may make it executable" },
	{ VMSCOPE_VMA_DROPPABLE, "dp", "its pages may be dropped rather than swapped" },
	{ VMSCOPE_VMA_SEALED, "sl", "sealed by mseal()" },
	{ VMSCOPE_VMA_MAYBE_GUARD, "gu", "it may hold guard regions" },
	{ 0, NULL, NULL },
};

/* The help says why the feature is off, if it is. */
static const struct vmscope_bit features[] = {
	{ VMSCOPE_FEAT_SOFT_DIRTY, "soft-dirty", "kernel without CONFIG_MEM_SOFT_DIRTY" },
	{ VMSCOPE_FEAT_UFFD_WP, "uffd-wp", "kernel without write-protecting userfaultfd" },
	{ VMSCOPE_FEAT_SWAP, "swap", "kernel without CONFIG_SWAP" },
	{ VMSCOPE_FEAT_SHMEM_SWAP, "shmem-swap", "kernel without CONFIG_SHMEM or CONFIG_SWAP" },
	{ VMSCOPE_FEAT_KSM, "ksm", "kernel without CONFIG_KSM" },
	{ VMSCOPE_FEAT_HUGETLB, "hugetlb", "kernel without CONFIG_HUGETLB_PAGE" },
	{ VMSCOPE_FEAT_THP, "thp", "kernel without CONFIG_TRANSPARENT_HUGEPAGE" },
	{ VMSCOPE_FEAT_GUARD, "guard", "this kernel has no guard regions" },
	{ VMSCOPE_FEAT_POISON_MARKER, "poison-marker", "this kernel has no poison markers" },
	{ VMSCOPE_FEAT_DEVICE_PRIVATE, "device-private", "kernel without CONFIG_DEVICE_PRIVATE" },
	{ VMSCOPE_FEAT_PKEYS, "pkeys", "kernel or processor without protection keys" },
	{ VMSCOPE_FEAT_PTI, "pti", "page-table isolation is not in use" },
	{ VMSCOPE_FEAT_FRAMES, "frames", "frames are withheld from this caller" },
	{ VMSCOPE_FEAT_KADDR, "kernel-addresses",
	  "kernel addresses are withheld from this caller" },
	{ VMSCOPE_FEAT_ANON_NAMES, "anon-names", "kernel without CONFIG_ANON_VMA_NAME" },
	{ VMSCOPE_FEAT_DEBUGFS, "debugfs", "debugfs is not built in or locked down" },
	{ VMSCOPE_FEAT_KERNEL, "kernel-half", "the kernel's own half cannot be read here" },
	{ VMSCOPE_FEAT_SLAB_CACHE, "slab-cache",
	  "where a slab page keeps its cache was not found out" },
	{ VMSCOPE_FEAT_SLAB_NAME, "slab-name",
	  "where a slab cache keeps its name was not found out" },
	{ VMSCOPE_FEAT_LARGE_KMALLOC, "large-kmalloc",
	  "this kernel does not mark large kmalloc pages" },
	{ VMSCOPE_FEAT_UFFD_FEATURES, "uffd-features",
	  "this kernel keeps to itself what a userfaultfd asked for" },
	{ VMSCOPE_FEAT_BLOCKS, "blocks", "a module of an older version" },
	{ VMSCOPE_FEAT_FACTS, "facts", "a module of an older version" },
	{ VMSCOPE_FEAT_FRAME_LIST, "frame-list",
	  "a module of an older version, or no kernel-half" },
	{ VMSCOPE_FEAT_MIXES, "mixes", "a module of an older version" },
	{ 0, NULL, NULL },
};

static const struct vmscope_bit whys[] = {
	{ VMSCOPE_WHY_LOCKDOWN, "lockdown", "the kernel is locked down for confidentiality" },
	{ VMSCOPE_WHY_CAP_SYSLOG, "CAP_SYSLOG", "the caller lacks CAP_SYSLOG" },
	{ VMSCOPE_WHY_KPTR_RESTRICT, "kptr_restrict", "kernel.kptr_restrict is 2" },
	{ 0, NULL, NULL },
};

static const struct vmscope_bit name_kinds[] = {
	{ VMSCOPE_NAME_ANON, "anon", "private anonymous memory" },
	{ VMSCOPE_NAME_FILE, "file", "a file" },
	{ VMSCOPE_NAME_SHMEM, "shmem", "shared memory, tmpfs or a memfd" },
	{ VMSCOPE_NAME_HUGETLB, "hugetlb", "hugetlbfs" },
	{ VMSCOPE_NAME_HEAP, "heap", "the brk heap" },
	{ VMSCOPE_NAME_STACK, "stack", "the main thread's stack" },
	{ VMSCOPE_NAME_VDSO, "vdso", "a mapping that the kernel names" },
	{ VMSCOPE_NAME_ANON_NAMED, "anon-named", "anonymous memory named by prctl()" },
	{ 0, NULL, NULL },
};

static const struct vmscope_bit regions[] = {
	{ VMSCOPE_REGION_HOLE, "hole", "between regions; nothing belongs here" },
	{ VMSCOPE_REGION_GUARD, "guard", "kept free for a hypervisor" },
	{ VMSCOPE_REGION_LDT, "ldt", "this process's own LDT" },
	{ VMSCOPE_REGION_DIRECT, "direct-map", "all memory, frame by frame; kmalloc lives here" },
	{ VMSCOPE_REGION_VMALLOC, "vmalloc", "vmalloc, vmap and ioremap: mapped page by page" },
	{ VMSCOPE_REGION_VMEMMAP, "vmemmap", "struct page of every frame" },
	{ VMSCOPE_REGION_KASAN, "kasan", "the shadow that KASAN keeps of other memory" },
	{ VMSCOPE_REGION_CPU_ENTRY, "cpu-entry", "what processors need to enter the kernel" },
	{ VMSCOPE_REGION_ESPFIX, "espfix", "stacks for the return to 16-bit code" },
	{ VMSCOPE_REGION_EFI, "efi", "for calls of the firmware" },
	{ VMSCOPE_REGION_IMAGE, "image", "the kernel's text, rodata, data and bss" },
	{ VMSCOPE_REGION_MODULES, "modules", "modules and BPF programs, text and data" },
	{ VMSCOPE_REGION_FIXMAP, "fixmap", "addresses fixed when the kernel was built" },
	{ VMSCOPE_REGION_VSYSCALL, "vsyscall", "old system calls, for user mode" },
	{ 0, NULL, NULL },
};

static const struct vmscope_bit frame_kinds[] = {
	{ VMSCOPE_FRAME_UNKNOWN, "unknown", "it changed while it was read" },
	{ VMSCOPE_FRAME_FREE, "free", "free, in the page allocator's lists" },
	{ VMSCOPE_FRAME_SLAB, "slab", "objects of a slab cache" },
	{ VMSCOPE_FRAME_LARGE_KMALLOC, "large-kmalloc", "kmalloc of more than a cache has" },
	{ VMSCOPE_FRAME_TABLE, "table", "a page table" },
	{ VMSCOPE_FRAME_ANON, "anon", "anonymous memory of processes" },
	{ VMSCOPE_FRAME_CACHE, "cache", "page cache, shared memory included" },
	{ VMSCOPE_FRAME_HUGETLB, "hugetlb", "a page of hugetlbfs" },
	{ VMSCOPE_FRAME_RESERVED, "reserved", "never given to the page allocator" },
	{ VMSCOPE_FRAME_OFFLINE, "offline", "given back to a hypervisor" },
	{ VMSCOPE_FRAME_HWPOISON, "hwpoison", "it has a memory error" },
	{ VMSCOPE_FRAME_COMPOUND, "compound",
	  "a block of several frames, not marked: large kmalloc or others" },
	{ VMSCOPE_FRAME_OTHER, "other", "allocated, not marked: vmalloc, stacks, drivers" },
	{ VMSCOPE_FRAME_HOLE, "hole", "no memory that the kernel manages, or not online" },
	{ 0, NULL, NULL },
};

static const struct vmscope_bit knowns[] = {
	{ VMSCOPE_KNOWN_TYPE, "type", "by the type of the page" },
	{ VMSCOPE_KNOWN_POINTER, "pointer", "by comparison with the exported kmalloc caches" },
	{ VMSCOPE_KNOWN_LAYOUT, "layout", "by places found out when the module was loaded" },
	{ VMSCOPE_KNOWN_RECLAIM, "reclaim", "by its flags: it shrinks if memory is short" },
	{ 0, NULL, NULL },
};

static const struct vmscope_bit objects[] = {
	{ VMSCOPE_OBJECT_TASK, "task", "struct task_struct" },
	{ VMSCOPE_OBJECT_STACK, "stack", "kernel stack" },
	{ VMSCOPE_OBJECT_CRED, "cred", "struct cred" },
	{ VMSCOPE_OBJECT_SIGNAL, "signal", "struct signal_struct" },
	{ VMSCOPE_OBJECT_SIGHAND, "sighand", "struct sighand_struct" },
	{ VMSCOPE_OBJECT_PID, "pid", "struct pid" },
	{ VMSCOPE_OBJECT_MM, "mm", "struct mm_struct" },
	{ VMSCOPE_OBJECT_VMA, "vma", "struct vm_area_struct" },
	{ VMSCOPE_OBJECT_FS, "fs", "struct fs_struct" },
	{ VMSCOPE_OBJECT_FILES, "files", "struct files_struct" },
	{ VMSCOPE_OBJECT_FDTABLE, "fdtable", "array of open files" },
	{ VMSCOPE_OBJECT_FILE, "file", "struct file" },
	{ VMSCOPE_OBJECT_TABLE, "table", "page table" },
	{ 0, NULL, NULL },
};

static const struct vmscope_bit archs[] = {
	{ VMSCOPE_ARCH_X86_64, "x86-64", "" },
	{ VMSCOPE_ARCH_ARM64, "arm64", "" },
	{ VMSCOPE_ARCH_UM, "um", "" },
	{ 0, NULL, NULL },
};

/* clang-format on */

static const char *find(const struct vmscope_bit *table, uint64_t value)
{
	for (; table->name; table++) {
		if (table->value == value)
			return table->name;
	}
	return "?";
}

#define NAME_FUNCTION(prefix, table)                  \
	const char *prefix##_name(unsigned int value) \
	{                                             \
		return find(table, value);            \
	}

#define TABLE_FUNCTION(prefix, table)                  \
	const struct vmscope_bit *prefix##_table(void) \
	{                                              \
		return table;                          \
	}

NAME_FUNCTION(vmscope_state, states)
NAME_FUNCTION(vmscope_level, levels)
NAME_FUNCTION(vmscope_cache, caches)
NAME_FUNCTION(vmscope_region, regions)
NAME_FUNCTION(vmscope_frame_kind, frame_kinds)
NAME_FUNCTION(vmscope_object, objects)

TABLE_FUNCTION(vmscope_object, objects)
TABLE_FUNCTION(vmscope_state, states)
TABLE_FUNCTION(vmscope_level, levels)
TABLE_FUNCTION(vmscope_cache, caches)
TABLE_FUNCTION(vmscope_flag, flags)
TABLE_FUNCTION(vmscope_vma, vmas)
TABLE_FUNCTION(vmscope_page_flag, page_flags)
TABLE_FUNCTION(vmscope_zone, zones)
TABLE_FUNCTION(vmscope_feature, features)
TABLE_FUNCTION(vmscope_why, whys)
TABLE_FUNCTION(vmscope_name_kind, name_kinds)
TABLE_FUNCTION(vmscope_region, regions)
TABLE_FUNCTION(vmscope_frame_kind, frame_kinds)
TABLE_FUNCTION(vmscope_known, knowns)

const struct vmscope_bit *vmscope_arch_names(void)
{
	return archs;
}

/**
 * vmscope_has_frame - whether a record's value is a PFN
 * @rec: a PAGE, or a RUN of a scan with VMSCOPE_SCAN_FRAMES
 *
 * Return: true if so; false if there is none or it is withheld.
 */
bool vmscope_has_frame(const struct vmscope_record *rec)
{
	const uint64_t moving = 1 << VMSCOPE_STATE_MIGRATION |
				1 << VMSCOPE_STATE_HWPOISON |
				1 << VMSCOPE_STATE_DEVICE;

	if (rec->flags & VMSCOPE_F_WITHHELD)
		return false;
	return rec->flags & VMSCOPE_F_PRESENT || moving >> rec->state & 1;
}

/**
 * vmscope_has_slot - whether a record's value is a swap slot
 * @rec: a PAGE, or a RUN of a scan with VMSCOPE_SCAN_FRAMES
 *
 * Return: true if so; false if there is none or it is withheld.
 */
bool vmscope_has_slot(const struct vmscope_record *rec)
{
	if (rec->flags & VMSCOPE_F_WITHHELD)
		return false;
	return rec->state == VMSCOPE_STATE_SWAP ||
	       rec->state == VMSCOPE_STATE_SHMEM_SWAP;
}
