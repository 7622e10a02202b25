/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * vmscope: what a process's memory really is.
 *
 * /dev/vmscope
 * ============
 *
 * A descriptor is opened, bound to one address space, then asked:
 *
 *	fd = open("/dev/vmscope", O_RDWR | O_CLOEXEC);
 *	ioctl(fd, VMSCOPE_IOC_INFO, &info);	// what this kernel can report
 *	ioctl(fd, VMSCOPE_IOC_ATTACH, &attach);	// a PID
 *	ioctl(fd, VMSCOPE_IOC_SCAN, &scan);	// records of a range
 *	ioctl(fd, VMSCOPE_IOC_WALK, &walk);	// every level of one address
 *	ioctl(fd, VMSCOPE_IOC_CENSUS, &census);	// page tables, counted
 *	ioctl(fd, VMSCOPE_IOC_OBJECTS, &objects); // what the kernel keeps for it
 *
 * It can be bound to the kernel's own half instead (VMSCOPE_ATTACH_KERNEL). The
 * same calls work, except CENSUS and OBJECTS (ENODATA); in addition:
 *
 *	ioctl(fd, VMSCOPE_IOC_SLABS, &slabs);	// slab caches and other frames
 *	ioctl(fd, VMSCOPE_IOC_WHAT, &what);	// what one address is
 *	ioctl(fd, VMSCOPE_IOC_FRAMES, &frames);	// facts of a range of frames
 *
 * Every struct begins with @size, the size that the caller was compiled with.
 * It holds __u64 fields only, so that 32-bit callers send the same bytes, and
 * it only grows at its end: a shorter struct of an older caller is read as if
 * its missing fields were zero, and no more than its @size is written back; a
 * longer one of a newer caller is accepted if its unknown fields are zero, and
 * is E2BIG otherwise. A call accepts every size that its struct ever had, from
 * VMSCOPE_*_SIZE_V1 on; a smaller one is EINVAL. The elements of buffers
 * (records, struct vmscope_slab_cache, struct vmscope_object) never grow: new
 * facts get a new kind of record or a new call. Fields named "reserved" and
 * unknown flag bits must be zero, otherwise EINVAL.
 *
 * Each call checks its caller, as open and attach do: CAP_SYS_ADMIN, and
 * CAP_SYS_PTRACE for memory of another process, otherwise EPERM. A descriptor
 * that is passed on grants nothing more.
 *
 * Errors have one meaning each: EINVAL malformed request, E2BIG unknown
 * non-zero fields, EFAULT bad buffer, EACCES not allowed to open, EPERM not
 * allowed this, ENOTCONN not bound yet, EBUSY bound already, ESRCH no such
 * process or its address space is gone (exit, exec), ENODATA the process has
 * no user memory (kernel thread), ENOMEM, EINTR fatal signal, ENOTTY unknown
 * call, EOPNOTSUPP not known on this kernel.
 *
 * Records
 * =======
 *
 * VMSCOPE_IOC_SCAN fills a buffer with consecutive records, each a whole
 * number of 64-bit words. The low four bits of word 0 are the kind, which
 * determines the length. In address order:
 *
 *	AREA	each area of the range, even if filters exclude all of its
 *		entries, if VMSCOPE_SCAN_AREAS
 *	TABLE	before the first entry of each page table, if
 *		VMSCOPE_SCAN_TABLES
 *	PAGE	one page table entry that is not empty
 *	BLOCK	neighbouring PAGEs that agree in all but their frame or slot,
 *		if VMSCOPE_SCAN_BLOCKS
 *	RUN	neighbouring entries of one area that agree in everything that
 *		was asked for. Neighbouring empty entries of one level always
 *		form a RUN, so an empty terabyte is a few records.
 *	FRAME	facts of the frames behind the present entries that follow, up to
 *		the next FRAME or MIX or the end of the buffer, if @facts asks for
 *		any
 *	MIX	neighbouring RUNs with their FRAMEs, where these are of a few kinds
 *		that take turns, if VMSCOPE_SCAN_MIXES
 *
 * The next call continues where the last one stopped if @start and @cursor are
 * set to the @next and @cursor that it returned. The size of the buffer does
 * not change the records, once blocks and mixes are unfolded and FRAME records
 * are attached to the entries that they hold for. An area that changes while it
 * is scanned (it grows, or is locked) is reported again from there on.
 *
 * The areas of the kernel's half are its regions, holes included, so that every
 * address is in one. The kernel may change its own tables while they are read.
 * Such changes do no harm: a table that changed is read again, and if it keeps
 * changing its entries are marked VMSCOPE_F_RACED. The last page of the address
 * space, where error pointers point, is in no range and never mapped.
 *
 * A scan for entries of no level, @levels = 1 << VMSCOPE_LEVEL_NONE, reports
 * areas and reads no table.
 */
#ifndef _UAPI_VMSCOPE_H
#define _UAPI_VMSCOPE_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define VMSCOPE_ABI_VERSION	1
#define VMSCOPE_DEVICE		"/dev/vmscope"

/**
 * enum vmscope_level - where in the tree an entry sits
 * @VMSCOPE_LEVEL_NONE: no level: an address that no table translates
 * @VMSCOPE_LEVEL_PTE: maps one base page
 * @VMSCOPE_LEVEL_PMD: points to a table of PTEs, or maps a huge page
 * @VMSCOPE_LEVEL_PUD: points to a table of PMDs, or maps a huge page
 * @VMSCOPE_LEVEL_P4D: exists with five levels only
 * @VMSCOPE_LEVEL_PGD: an entry of the root table
 * @VMSCOPE_NR_LEVELS: one past the last
 */
enum vmscope_level {
	VMSCOPE_LEVEL_NONE	= 0,
	VMSCOPE_LEVEL_PTE	= 1,
	VMSCOPE_LEVEL_PMD	= 2,
	VMSCOPE_LEVEL_PUD	= 3,
	VMSCOPE_LEVEL_P4D	= 4,
	VMSCOPE_LEVEL_PGD	= 5,
	VMSCOPE_NR_LEVELS	= 6,
};

/**
 * enum vmscope_state - what an entry stands for
 * @VMSCOPE_STATE_NONE: the entry is empty; it says nothing of the past
 * @VMSCOPE_STATE_ANON: present, a page of anonymous memory
 * @VMSCOPE_STATE_FILE: present, a page of the page cache
 * @VMSCOPE_STATE_SHMEM: present, a page of shmem, tmpfs or a memfd
 * @VMSCOPE_STATE_ZERO: present, the shared zero page
 * @VMSCOPE_STATE_HUGEZERO: present, the shared huge zero page
 * @VMSCOPE_STATE_KSM: present, an anonymous page shared by KSM
 * @VMSCOPE_STATE_PFNMAP: present, a frame that is not treated as a page here
 *	(registers of a device, VM_PFNMAP)
 * @VMSCOPE_STATE_HUGETLB: present, a page of hugetlbfs
 * @VMSCOPE_STATE_DEVICE: ZONE_DEVICE memory when present; a device-private
 *	or device-exclusive entry when not
 * @VMSCOPE_STATE_SWAP: absent, swapped out; the value is the slot
 * @VMSCOPE_STATE_SHMEM_SWAP: the entry is empty, or with UFFD_WP a marker of
 *	userfaultfd, but according to the page cache the page is swapped out;
 *	the value is the slot
 * @VMSCOPE_STATE_MIGRATION: absent while its page moves; the value is the PFN
 * @VMSCOPE_STATE_HWPOISON: absent, the frame has a memory error; the value is
 *	the PFN
 * @VMSCOPE_STATE_MARKER_UFFD: empty but write-protected by userfaultfd
 * @VMSCOPE_STATE_MARKER_POISON: an access gets SIGBUS. WALK always finds a page
 *	of shmem that could not be swapped in; a scan only finds it while other
 *	pages of the file are swapped out.
 * @VMSCOPE_STATE_MARKER_GUARD: an access gets SIGSEGV (guard region)
 * @VMSCOPE_STATE_UNKNOWN: an encoding that this module does not know; see raw
 * @VMSCOPE_STATE_UNMAPPED: the address is in no area (VMSCOPE_IOC_WALK only)
 * @VMSCOPE_STATE_KERNEL: in the kernel's half, a frame of memory; other frames
 *	are PFNMAP or DEVICE there. Without PRESENT, the kernel has unmapped
 *	it and left the frame in the entry.
 * @VMSCOPE_STATE_REPEAT: in the kernel's half: the entry points to the same
 *	table as the entry before it, so its range repeats what was reported
 *	there (the shadow of KASAN). Always a RUN, like empty entries; its value
 *	is the table's PFN.
 * @VMSCOPE_STATE_DRIVER: present, a page that a driver or the kernel keeps for
 *	itself and maps (rings of io_uring, aio, perf and packet sockets, BPF
 *	maps, the vdso, [uprobes]): neither anonymous nor of the page cache
 * @VMSCOPE_NR_STATES: one past the last; states will always be below 32
 */
enum vmscope_state {
	VMSCOPE_STATE_NONE		= 0,
	VMSCOPE_STATE_ANON		= 1,
	VMSCOPE_STATE_FILE		= 2,
	VMSCOPE_STATE_SHMEM		= 3,
	VMSCOPE_STATE_ZERO		= 4,
	VMSCOPE_STATE_HUGEZERO		= 5,
	VMSCOPE_STATE_KSM		= 6,
	VMSCOPE_STATE_PFNMAP		= 7,
	VMSCOPE_STATE_HUGETLB		= 8,
	VMSCOPE_STATE_DEVICE		= 9,
	VMSCOPE_STATE_SWAP		= 10,
	VMSCOPE_STATE_SHMEM_SWAP	= 11,
	VMSCOPE_STATE_MIGRATION		= 12,
	VMSCOPE_STATE_HWPOISON		= 13,
	VMSCOPE_STATE_MARKER_UFFD	= 14,
	VMSCOPE_STATE_MARKER_POISON	= 15,
	VMSCOPE_STATE_MARKER_GUARD	= 16,
	VMSCOPE_STATE_UNKNOWN		= 17,
	VMSCOPE_STATE_UNMAPPED		= 18,
	VMSCOPE_STATE_KERNEL		= 19,
	VMSCOPE_STATE_REPEAT		= 20,
	VMSCOPE_STATE_DRIVER		= 21,
	VMSCOPE_NR_STATES		= 22,
};

/**
 * enum vmscope_cache - memory type that the entry asks for
 * @VMSCOPE_CACHE_WB: write-back, ordinary memory
 * @VMSCOPE_CACHE_WC: write-combining
 * @VMSCOPE_CACHE_UC_MINUS: uncached unless an MTRR says write-combining
 * @VMSCOPE_CACHE_UC: uncached
 * @VMSCOPE_CACHE_WT: write-through
 * @VMSCOPE_CACHE_WP: write-protected
 */
enum vmscope_cache {
	VMSCOPE_CACHE_WB	= 0,
	VMSCOPE_CACHE_WC	= 1,
	VMSCOPE_CACHE_UC_MINUS	= 2,
	VMSCOPE_CACHE_UC	= 3,
	VMSCOPE_CACHE_WT	= 4,
	VMSCOPE_CACHE_WP	= 5,
};

/*
 * Word 1 of a PAGE or RUN: what the entry says, independent of the architecture.
 * Bits 0 to 19 are flags (enum below), 20 to 23 the protection key, 24 to 26 the
 * memory type (enum vmscope_cache), 32 to 36 the state (enum vmscope_state), and
 * in a PAGE, bits 40 to 63 its length in base pages.
 */

/**
 * enum vmscope_flag - flags of an entry
 * @VMSCOPE_F_PRESENT: the kernel counts the page as present, which includes
 *	PROT_NONE and NUMA hinting entries
 * @VMSCOPE_F_WRITE: the leaf allows writing
 * @VMSCOPE_F_USER: the leaf allows user mode
 * @VMSCOPE_F_READ: the leaf allows reading
 * @VMSCOPE_F_EXEC: the leaf allows execution
 * @VMSCOPE_F_ACCESSED: the processor has used the entry since it was cleared
 * @VMSCOPE_F_DIRTY: written to since it was cleared, shadow-stack form
 *	included
 * @VMSCOPE_F_CONTIG: one of a contiguous group that the TLB may merge
 * @VMSCOPE_F_GLOBAL: kept in the TLB when the address space changes
 * @VMSCOPE_F_SPECIAL: the kernel keeps no page for this mapping, or does not
 *	count it as resident: registers of a device, the zero pages, and in
 *	older kernels DAX
 * @VMSCOPE_F_UFFD_WP: protected by userfaultfd, present or not: from writes,
 *	or from all access where the area has VMSCOPE_VMA_UFFD_RWP
 * @VMSCOPE_F_SOFT_DIRTY: the entry's own soft-dirty bit, present or not; bit
 *	55 of /proc/PID/pagemap is this or VMSCOPE_VMA_SOFTDIRTY, for
 *	hugetlbfs only the latter
 * @VMSCOPE_F_PROTNONE: present, but no access is allowed: PROT_NONE, or, if
 *	the area allows access, a NUMA hint or VMSCOPE_VMA_UFFD_RWP
 * @VMSCOPE_F_EXCLUSIVE: a swap entry that is known to have no other owner
 * @VMSCOPE_F_RACED: the entry changed each time it was read; the facts of its
 *	frame may be from another moment
 * @VMSCOPE_F_WITHHELD: raw entry and value exist but may not be shown; both
 *	read 0
 * @VMSCOPE_F_PERM_READ: user mode may read, all levels taken together; in the
 *	kernel's half, here and below: the kernel may
 * @VMSCOPE_F_PERM_WRITE: user mode may write, all levels taken together
 * @VMSCOPE_F_PERM_EXEC: user mode may execute, all levels taken together
 * @VMSCOPE_F_ALL: every flag; masks must not have any other bit
 */
enum vmscope_flag {
	VMSCOPE_F_PRESENT	= 1 << 0,
	VMSCOPE_F_WRITE		= 1 << 1,
	VMSCOPE_F_USER		= 1 << 2,
	VMSCOPE_F_READ		= 1 << 3,
	VMSCOPE_F_EXEC		= 1 << 4,
	VMSCOPE_F_ACCESSED	= 1 << 5,
	VMSCOPE_F_DIRTY		= 1 << 6,
	VMSCOPE_F_CONTIG	= 1 << 7,
	VMSCOPE_F_GLOBAL	= 1 << 8,
	VMSCOPE_F_SPECIAL	= 1 << 9,
	VMSCOPE_F_UFFD_WP	= 1 << 10,
	VMSCOPE_F_SOFT_DIRTY	= 1 << 11,
	VMSCOPE_F_PROTNONE	= 1 << 12,
	VMSCOPE_F_EXCLUSIVE	= 1 << 13,
	VMSCOPE_F_RACED		= 1 << 14,
	VMSCOPE_F_WITHHELD	= 1 << 15,
	VMSCOPE_F_PERM_READ	= 1 << 16,
	VMSCOPE_F_PERM_WRITE	= 1 << 17,
	VMSCOPE_F_PERM_EXEC	= 1 << 18,
	VMSCOPE_F_ALL		= (1 << 19) - 1,
};

#define VMSCOPE_WORD_FLAGS(w)	((w) & VMSCOPE_F_ALL)
#define VMSCOPE_WORD_PKEY(w)	(((w) >> 20) & 0xf)
#define VMSCOPE_WORD_CACHE(w)	(((w) >> 24) & 0x7)
#define VMSCOPE_WORD_STATE(w)	(((w) >> 32) & 0x1f)
#define VMSCOPE_WORD_PAGES(w)	((w) >> 40)

#define VMSCOPE_PKEY_SHIFT	20
#define VMSCOPE_CACHE_SHIFT	24
#define VMSCOPE_STATE_SHIFT	32
#define VMSCOPE_PAGES_SHIFT	40

/* The value of an entry in state SWAP or SHMEM_SWAP: type above, offset below. */
#define VMSCOPE_SLOT_TYPE_SHIFT	56
#define VMSCOPE_SLOT_TYPE(v)	((v) >> VMSCOPE_SLOT_TYPE_SHIFT)
#define VMSCOPE_SLOT_OFFSET(v)	((v) & ((1ULL << VMSCOPE_SLOT_TYPE_SHIFT) - 1))

/* Word 0 of every record: an address, and in its low twelve bits these. */
#define VMSCOPE_WORD_KIND(w)	((w) & 0xf)
#define VMSCOPE_WORD_LEVEL(w)	(((w) >> 4) & 0x7)
#define VMSCOPE_WORD_ADDR(w)	((w) & ~0xfffULL)
#define VMSCOPE_LEVEL_SHIFT	4

/**
 * enum vmscope_kind - kinds of record
 * @VMSCOPE_KIND_PAGE: struct vmscope_page, a single entry
 * @VMSCOPE_KIND_RUN: struct vmscope_page, merged entries
 * @VMSCOPE_KIND_AREA: struct vmscope_area and its name
 * @VMSCOPE_KIND_TABLE: struct vmscope_table
 * @VMSCOPE_KIND_BLOCK: struct vmscope_page_block and its entries
 * @VMSCOPE_KIND_FRAME: struct vmscope_frame
 * @VMSCOPE_KIND_MIX: struct vmscope_mix and what follows it
 */
enum vmscope_kind {
	VMSCOPE_KIND_PAGE	= 1,
	VMSCOPE_KIND_RUN	= 2,
	VMSCOPE_KIND_AREA	= 3,
	VMSCOPE_KIND_TABLE	= 4,
	VMSCOPE_KIND_BLOCK	= 5,
	VMSCOPE_KIND_FRAME	= 6,
	VMSCOPE_KIND_MIX	= 7,
};

/**
 * struct vmscope_page - a PAGE or RUN record
 * @where: address of the first byte, level and kind; use VMSCOPE_WORD_*.
 *	A leaf that crosses the edge of the range is clipped to it.
 * @what: flags, key, memory type, state and, in a PAGE, its length in base
 *	pages; use VMSCOPE_WORD_*. In a RUN, flags that were not asked for are
 *	those of the first entry.
 * @raw: in a PAGE the entry as it is in memory, even if the leaf is clipped;
 *	in a RUN its length in base pages
 * @value: for the first page: the PFN if the entry is present, or in state
 *	MIGRATION, HWPOISON or DEVICE; the swap slot (VMSCOPE_SLOT_*) in state
 *	SWAP and SHMEM_SWAP; 0 otherwise, and in a RUN without
 *	VMSCOPE_SCAN_FRAMES
 */
struct vmscope_page {
	__u64 where;
	__u64 what;
	__u64 raw;
	__u64 value;
};

/**
 * struct vmscope_page_block - a BLOCK record; its entries follow
 * @where: address that the first entry maps, level and kind
 * @what: word 1 of the PAGE that each entry stands for
 * @nr: how many entries follow this struct, one word each
 * @value: of the first entry, as in struct vmscope_page
 * @unit: plus or minus a power of two: the value of an entry is @value and
 *	(entry - first entry) / @unit; 0: all have the same value
 *
 * The entries map neighbouring pages, and are the @raw of their PAGEs. There
 * are no blocks of raw entries that are withheld.
 */
struct vmscope_page_block {
	__u64 where;
	__u64 what;
	__u64 nr;
	__u64 value;
	__s64 unit;
};

/**
 * enum vmscope_frame_fact - what can be said of a frame
 * @VMSCOPE_FACT_FLAGS: flags of the page, as /proc/kpageflags has them. Those of
 *	a tail page are those of its folio on every kernel.
 * @VMSCOPE_FACT_MAPCOUNT: how many page table entries map it, as in
 *	/proc/kpagecount
 * @VMSCOPE_FACT_REFS: references to its folio
 * @VMSCOPE_FACT_ORDER: log2 of the pages of its folio
 * @VMSCOPE_FACT_NODE: NUMA node
 * @VMSCOPE_FACT_ZONE: zone
 * @VMSCOPE_FACT_MEMCG: memory cgroup that it is charged to, as in
 *	/proc/kpagecgroup
 * @VMSCOPE_FACT_INDEX: index in the page cache, in base pages; of pages that a
 *	file has
 * @VMSCOPE_FACT_ESTIMATE: in @known only: the map count is the average over
 *	the folio, because this kernel does not count page by page
 * @VMSCOPE_FACT_ALL: all that every call can ask for
 * @VMSCOPE_FACT_CACHE: slab cache of a slab page. Only VMSCOPE_IOC_FRAMES can
 *	ask for it; a kernel that has it reports VMSCOPE_KNOWN_RECLAIM, too
 *
 * Sources: stable_page_flags() and folio_precise_page_mapcount() in fs/proc/,
 * page_cgroup_ino() in mm/memcontrol.c
 */
enum vmscope_frame_fact {
	VMSCOPE_FACT_FLAGS	= 1 << 0,
	VMSCOPE_FACT_MAPCOUNT	= 1 << 1,
	VMSCOPE_FACT_REFS	= 1 << 2,
	VMSCOPE_FACT_ORDER	= 1 << 3,
	VMSCOPE_FACT_NODE	= 1 << 4,
	VMSCOPE_FACT_ZONE	= 1 << 5,
	VMSCOPE_FACT_MEMCG	= 1 << 6,
	VMSCOPE_FACT_INDEX	= 1 << 7,
	VMSCOPE_FACT_ESTIMATE	= 1 << 8,
	VMSCOPE_FACT_ALL	= (1 << 8) - 1,
	VMSCOPE_FACT_CACHE	= 1 << 9,
};

/**
 * enum vmscope_zone - zones of memory
 * @VMSCOPE_ZONE_DMA: the first 16 MiB
 * @VMSCOPE_ZONE_DMA32: below 4 GiB
 * @VMSCOPE_ZONE_NORMAL: the rest
 * @VMSCOPE_ZONE_MOVABLE: only for pages that can be moved
 */
enum vmscope_zone {
	VMSCOPE_ZONE_DMA	= 0,
	VMSCOPE_ZONE_DMA32	= 1,
	VMSCOPE_ZONE_NORMAL	= 2,
	VMSCOPE_ZONE_MOVABLE	= 3,
};

/**
 * struct vmscope_frame - a FRAME record
 * @where: address that @index is for, and kind; not above the entries that
 *	follow, but perhaps below the range
 * @known: enum vmscope_frame_fact: which of these are known; 0 for frames that
 *	are not online memory, or not treated as pages here. Fields of facts that are not
 *	known, or were not asked for, are 0.
 * @flags: (1 << KPF_*), numbered as in linux/kernel-page-flags.h
 * @mapcount: page table entries that map it
 * @refs: references to its folio
 * @place: order, node and zone; use VMSCOPE_PLACE_*
 * @memcg: inode number of the cgroup's directory; 0 if it is charged to none
 * @index: page-cache index of the page at @where; it counts up with the address;
 *	with VMSCOPE_FACT_CACHE, the address of its struct kmem_cache
 *
 * The facts of an entry that maps several pages are those of the first. They
 * were read while the entry mapped the frame, one after the other, so they may
 * be of different moments.
 */
struct vmscope_frame {
	__u64 where;
	__u64 known;
	__u64 flags;
	__u64 mapcount;
	__u64 refs;
	__u64 place;
	__u64 memcg;
	__u64 index;
};

/**
 * struct vmscope_mix - a MIX record
 * @where: address that the first entry maps, level and kind; each entry maps
 *	one base page
 * @nr: how many entries
 * @kinds: how many kinds of them
 *
 * Behind it stand @nr bytes, for each entry the number of its kind, and zeros
 * up to a multiple of 8; then @kinds times struct vmscope_mix_kind. Neighbours
 * of the same kind are one RUN, which goes on neither before nor behind the
 * record.
 */
struct vmscope_mix {
	__u64 where;
	__u32 nr;
	__u32 kinds;
};

/**
 * struct vmscope_mix_kind - a kind of entry in a MIX record
 * @what: word 1 of their RUNs, as in struct vmscope_page
 * @frame: the FRAME that holds for those that are present; its @where has no
 *	kind, and its @known is 0 if there is none
 */
struct vmscope_mix_kind {
	__u64 what;
	struct vmscope_frame frame;
};

#define VMSCOPE_PLACE_ORDER(p)	((p) & 0xff)
#define VMSCOPE_PLACE_ZONE(p)	(((p) >> 8) & 0xff)
#define VMSCOPE_PLACE_NODE(p)	((p) >> 16)
#define VMSCOPE_ZONE_SHIFT	8
#define VMSCOPE_NODE_SHIFT	16

/**
 * enum vmscope_name - what an area is called after
 * @VMSCOPE_NAME_ANON: private anonymous memory: without a name, or named
 *	/dev/zero, whose private mappings are anonymous
 * @VMSCOPE_NAME_FILE: a file
 * @VMSCOPE_NAME_SHMEM: shmem: shared anonymous memory, SysV, tmpfs, memfd
 * @VMSCOPE_NAME_HUGETLB: hugetlbfs, with or without a file
 * @VMSCOPE_NAME_HEAP: holds the brk heap
 * @VMSCOPE_NAME_STACK: holds the main thread's stack
 * @VMSCOPE_NAME_VDSO: vdso, vvar and other mappings that the kernel names
 * @VMSCOPE_NAME_ANON_NAMED: anonymous memory named by prctl()
 * @VMSCOPE_NAME_REGION: from here on, a region of the kernel's half; add its
 *	enum vmscope_region
 */
enum vmscope_name {
	VMSCOPE_NAME_ANON	= 0,
	VMSCOPE_NAME_FILE	= 1,
	VMSCOPE_NAME_SHMEM	= 2,
	VMSCOPE_NAME_HUGETLB	= 3,
	VMSCOPE_NAME_HEAP	= 4,
	VMSCOPE_NAME_STACK	= 5,
	VMSCOPE_NAME_VDSO	= 6,
	VMSCOPE_NAME_ANON_NAMED	= 7,
	VMSCOPE_NAME_REGION	= 16,
};

/**
 * enum vmscope_region - parts of the kernel's half of the address space
 * @VMSCOPE_REGION_HOLE: between the others; nothing belongs here
 * @VMSCOPE_REGION_GUARD: reserved for a hypervisor
 * @VMSCOPE_REGION_LDT: the LDT of this process, with page-table
 *	isolation
 * @VMSCOPE_REGION_DIRECT: the direct map: all memory, frame by frame; kmalloc
 *	and the page allocator return addresses here
 * @VMSCOPE_REGION_VMALLOC: vmalloc, vmap and ioremap: mapped page by page
 * @VMSCOPE_REGION_VMEMMAP: the struct page of every frame
 * @VMSCOPE_REGION_KASAN: KASAN's shadow of all other memory
 * @VMSCOPE_REGION_CPU_ENTRY: what each processor needs to enter the kernel
 * @VMSCOPE_REGION_ESPFIX: stacks for the return to 16-bit code
 * @VMSCOPE_REGION_EFI: for calls to the firmware; mapped in its own tables
 * @VMSCOPE_REGION_IMAGE: the kernel's text, rodata, data and bss
 * @VMSCOPE_REGION_MODULES: text and data of modules, JIT-compiled BPF
 * @VMSCOPE_REGION_FIXMAP: addresses that are fixed when the kernel is built
 * @VMSCOPE_REGION_VSYSCALL: the page of legacy system calls, for user mode
 * @VMSCOPE_NR_REGIONS: one past the last
 */
enum vmscope_region {
	VMSCOPE_REGION_HOLE		= 0,
	VMSCOPE_REGION_GUARD		= 1,
	VMSCOPE_REGION_LDT		= 2,
	VMSCOPE_REGION_DIRECT		= 3,
	VMSCOPE_REGION_VMALLOC		= 4,
	VMSCOPE_REGION_VMEMMAP		= 5,
	VMSCOPE_REGION_KASAN		= 6,
	VMSCOPE_REGION_CPU_ENTRY	= 7,
	VMSCOPE_REGION_ESPFIX		= 8,
	VMSCOPE_REGION_EFI		= 9,
	VMSCOPE_REGION_IMAGE		= 10,
	VMSCOPE_REGION_MODULES		= 11,
	VMSCOPE_REGION_FIXMAP		= 12,
	VMSCOPE_REGION_VSYSCALL		= 13,
	VMSCOPE_NR_REGIONS		= 14,
};

/**
 * enum vmscope_vma - what an area allows and asks for, as in smaps' VmFlags
 * @VMSCOPE_VMA_READ: rd, readable
 * @VMSCOPE_VMA_WRITE: wr, writable
 * @VMSCOPE_VMA_EXEC: ex, executable
 * @VMSCOPE_VMA_SHARED: sh, shared
 * @VMSCOPE_VMA_MAYSHARE: ms, may share (a shared file mapping, writable or
 *	not); the fourth letter of /proc/PID/maps
 * @VMSCOPE_VMA_GROWSDOWN: gd, a stack
 * @VMSCOPE_VMA_PFNMAP: pf, frames without pages
 * @VMSCOPE_VMA_MIXEDMAP: mm, frames with or without pages
 * @VMSCOPE_VMA_LOCKED: lo, locked in memory
 * @VMSCOPE_VMA_IO: io, memory-mapped device registers
 * @VMSCOPE_VMA_SEQ_READ: sr, sequential read advice
 * @VMSCOPE_VMA_RAND_READ: rr, random read advice
 * @VMSCOPE_VMA_DONTFORK: dc, not copied on fork
 * @VMSCOPE_VMA_DONTEXPAND: de, mremap() may not grow it
 * @VMSCOPE_VMA_ACCOUNT: ac, counts as committed memory
 * @VMSCOPE_VMA_NORESERVE: nr, swap is not reserved for it
 * @VMSCOPE_VMA_HUGETLB: ht, hugetlbfs
 * @VMSCOPE_VMA_WIPEONFORK: wf, emptied in a child
 * @VMSCOPE_VMA_DONTDUMP: dd, left out of core dumps
 * @VMSCOPE_VMA_SOFTDIRTY: sd, the whole area counts as soft-dirty
 * @VMSCOPE_VMA_HUGEPAGE: hg, huge pages advised
 * @VMSCOPE_VMA_NOHUGEPAGE: nh, huge pages refused
 * @VMSCOPE_VMA_MERGEABLE: mg, KSM may merge its pages
 * @VMSCOPE_VMA_UFFD_MISSING: um, userfaultfd handles missing pages
 * @VMSCOPE_VMA_UFFD_WP: uw, userfaultfd handles write protection
 * @VMSCOPE_VMA_UFFD_MINOR: ui, userfaultfd handles minor faults
 * @VMSCOPE_VMA_UFFD_RWP: ur, userfaultfd handles read-write protection
 * @VMSCOPE_VMA_LOCKONFAULT: lf, pages are locked as they come in
 * @VMSCOPE_VMA_SYNC: sf, page faults of a DAX file are synchronous
 * @VMSCOPE_VMA_ARCH: ar, a flag of the architecture
 * @VMSCOPE_VMA_SHADOW_STACK: ss, a shadow stack
 * @VMSCOPE_VMA_MAYREAD: mr, mprotect() may make it readable
 * @VMSCOPE_VMA_MAYWRITE: mw, mprotect() may make it writable
 * @VMSCOPE_VMA_MAYEXEC: me, mprotect() may make it executable
 * @VMSCOPE_VMA_DROPPABLE: dp, its pages may be dropped rather than swapped
 * @VMSCOPE_VMA_SEALED: sl, sealed by mseal()
 * @VMSCOPE_VMA_MAYBE_GUARD: gu, it may hold guard regions
 */
enum vmscope_vma {
	VMSCOPE_VMA_READ		= 1 << 0,
	VMSCOPE_VMA_WRITE		= 1 << 1,
	VMSCOPE_VMA_EXEC		= 1 << 2,
	VMSCOPE_VMA_SHARED		= 1 << 3,
	VMSCOPE_VMA_MAYSHARE		= 1 << 4,
	VMSCOPE_VMA_GROWSDOWN		= 1 << 5,
	VMSCOPE_VMA_PFNMAP		= 1 << 6,
	VMSCOPE_VMA_MIXEDMAP		= 1 << 7,
	VMSCOPE_VMA_LOCKED		= 1 << 8,
	VMSCOPE_VMA_IO			= 1 << 9,
	VMSCOPE_VMA_SEQ_READ		= 1 << 10,
	VMSCOPE_VMA_RAND_READ		= 1 << 11,
	VMSCOPE_VMA_DONTFORK		= 1 << 12,
	VMSCOPE_VMA_DONTEXPAND		= 1 << 13,
	VMSCOPE_VMA_ACCOUNT		= 1 << 14,
	VMSCOPE_VMA_NORESERVE		= 1 << 15,
	VMSCOPE_VMA_HUGETLB		= 1 << 16,
	VMSCOPE_VMA_WIPEONFORK		= 1 << 17,
	VMSCOPE_VMA_DONTDUMP		= 1 << 18,
	VMSCOPE_VMA_SOFTDIRTY		= 1 << 19,
	VMSCOPE_VMA_HUGEPAGE		= 1 << 20,
	VMSCOPE_VMA_NOHUGEPAGE		= 1 << 21,
	VMSCOPE_VMA_MERGEABLE		= 1 << 22,
	VMSCOPE_VMA_UFFD_MISSING	= 1 << 23,
	VMSCOPE_VMA_UFFD_WP		= 1 << 24,
	VMSCOPE_VMA_UFFD_MINOR		= 1 << 25,
	VMSCOPE_VMA_UFFD_RWP		= 1 << 26,
	VMSCOPE_VMA_LOCKONFAULT		= 1 << 27,
	VMSCOPE_VMA_SYNC		= 1 << 28,
	VMSCOPE_VMA_ARCH		= 1 << 29,
	VMSCOPE_VMA_SHADOW_STACK	= 1 << 30,
	VMSCOPE_VMA_MAYREAD		= 1LL << 31,
	VMSCOPE_VMA_MAYWRITE		= 1LL << 32,
	VMSCOPE_VMA_MAYEXEC		= 1LL << 33,
	VMSCOPE_VMA_DROPPABLE		= 1LL << 34,
	VMSCOPE_VMA_SEALED		= 1LL << 35,
	VMSCOPE_VMA_MAYBE_GUARD		= 1LL << 36,
};

/* The protection key of an area, 0 if it has none: smaps' ProtectionKey. */
#define VMSCOPE_VMA_PKEY_SHIFT	60
#define VMSCOPE_VMA_PKEY(flags)	((flags) >> VMSCOPE_VMA_PKEY_SHIFT)

/*
 * Word 0 of an AREA: its name is too long for a record. What follows is
 * its end, the last components of the path; VMSCOPE_IOC_WALK of an address in
 * the area returns up to VMSCOPE_WALK_NAME_MAX bytes.
 */
#define VMSCOPE_AREA_NAME_CUT	(1 << 7)

/*
 * Word 0 of an AREA: its protection key is the one that the kernel gives to
 * memory that may only be executed. It allows no thread to read or to write
 * that has not opened it before, by the register or by pkey_alloc().
 * Source: execute_only_pkey() in arch/x86/mm/pkeys.c
 */
#define VMSCOPE_AREA_EXECUTE_ONLY	(1 << 8)

/*
 * Word 0 of an AREA: reclaim takes no page of its file, such as one of ramfs or
 * shared memory that is locked. Private copies are not pages of the file.
 * Source: mapping_unevictable() in include/linux/pagemap.h
 */
#define VMSCOPE_AREA_UNEVICTABLE	(1 << 9)

/*
 * Word 0 of an AREA: faults make no transparent huge pages there, whatever the
 * settings are, by madvise() or by prctl(PR_SET_THP_DISABLE).
 * Source: vma_thp_disabled() in include/linux/huge_mm.h
 */
#define VMSCOPE_AREA_NO_THP		(1 << 10)

/*
 * Word 0 of an AREA: its file is in use for swap, or immutable. The first write
 * to a page by a shared mapping is refused: always for swap, and by some file
 * systems if the file is immutable.
 * Source: do_page_mkwrite() in mm/memory.c, ext4_page_mkwrite() in fs/ext4/inode.c
 */
#define VMSCOPE_AREA_WRITE_REFUSED	(1 << 11)

/**
 * struct vmscope_area - an AREA record; its name follows
 * @where: start of the area, not clipped to the range; kind; perhaps
 *	VMSCOPE_AREA_NAME_CUT, VMSCOPE_AREA_EXECUTE_ONLY,
 *	VMSCOPE_AREA_UNEVICTABLE, VMSCOPE_AREA_NO_THP and
 *	VMSCOPE_AREA_WRITE_REFUSED
 * @end: end of the area, exclusive
 * @vma_flags: enum vmscope_vma, and in its upper bits the protection key that
 *	new entries get, see VMSCOPE_VMA_PKEY()
 * @offset: offset into the file in bytes; 0 for anonymous memory
 * @inode: inode number, 0 without a file
 * @dev: device of the file, (major << 32) | minor, as in /proc/PID/maps
 * @name_kind: enum vmscope_name
 * @page_size: bytes of the area's page, larger than a base page for hugetlb
 * @name_bytes: bytes of the name that follows this struct, without a final
 *	zero; 0 if names were not asked for or there is none. The record is
 *	padded with zeros to a multiple of eight bytes. A name is raw bytes as
 *	in the file system; that of a deleted file ends in " (deleted)", unless
 *	it is cut.
 */
struct vmscope_area {
	__u64 where;
	__u64 end;
	__u64 vma_flags;
	__u64 offset;
	__u64 inode;
	__u64 dev;
	__u64 name_kind;
	__u64 page_size;
	__u64 name_bytes;
};

/**
 * struct vmscope_table - a TABLE record
 * @where: first address that the table translates, level of its entries, kind
 * @phys: physical address of the table; 0 with @flags VMSCOPE_F_WITHHELD
 * @used: entries that are not empty; in the root, those of the half that the
 *	descriptor is bound to
 * @leaves: entries that map a present page
 * @flags: 0 or VMSCOPE_F_WITHHELD
 */
struct vmscope_table {
	__u64 where;
	__u64 phys;
	__u64 used;
	__u64 leaves;
	__u64 flags;
};

/**
 * enum vmscope_feature - what this kernel can report
 * @VMSCOPE_FEAT_SOFT_DIRTY: entries have a soft-dirty bit
 * @VMSCOPE_FEAT_UFFD_WP: entries have a userfaultfd write-protect bit
 * @VMSCOPE_FEAT_SWAP: the kernel has swap
 * @VMSCOPE_FEAT_SHMEM_SWAP: swapped shmem pages are found in the page cache
 * @VMSCOPE_FEAT_KSM: the kernel has KSM
 * @VMSCOPE_FEAT_HUGETLB: the kernel has hugetlbfs
 * @VMSCOPE_FEAT_THP: the kernel has transparent huge pages
 * @VMSCOPE_FEAT_GUARD: the kernel has guard markers
 * @VMSCOPE_FEAT_POISON_MARKER: the kernel has poison markers
 * @VMSCOPE_FEAT_DEVICE_PRIVATE: the kernel has device-private entries
 * @VMSCOPE_FEAT_PKEYS: entries have a protection key
 * @VMSCOPE_FEAT_PTI: page-table isolation is on
 * @VMSCOPE_FEAT_FRAMES: this caller sees frames, raw entries and tables
 * @VMSCOPE_FEAT_KADDR: this caller sees kernel addresses
 * @VMSCOPE_FEAT_ANON_NAMES: anonymous areas can have names
 * @VMSCOPE_FEAT_DEBUGFS: the debugfs files exist
 * @VMSCOPE_FEAT_KERNEL: the kernel's own half can be read
 * @VMSCOPE_FEAT_SLAB_CACHE: the offset of the cache in a slab page was found
 *	when the module was loaded, so that kmalloc's caches are distinguished
 * @VMSCOPE_FEAT_SLAB_NAME: the offsets of a cache's name and sizes were found
 *	too, so that other caches have names
 * @VMSCOPE_FEAT_LARGE_KMALLOC: the kernel marks kmalloc's large pages
 * @VMSCOPE_FEAT_UFFD_FEATURES: the features of a userfaultfd can be read
 * @VMSCOPE_FEAT_BLOCKS: a scan can report blocks of pages
 * @VMSCOPE_FEAT_FACTS: a scan can report facts of frames; @facts says which
 * @VMSCOPE_FEAT_FRAME_LIST: VMSCOPE_IOC_FRAMES is there, which needs the
 *	kernel's own half
 * @VMSCOPE_FEAT_MIXES: a scan can report mixes of runs with their facts
 */
enum vmscope_feature {
	VMSCOPE_FEAT_SOFT_DIRTY		= 1 << 0,
	VMSCOPE_FEAT_UFFD_WP		= 1 << 1,
	VMSCOPE_FEAT_SWAP		= 1 << 2,
	VMSCOPE_FEAT_SHMEM_SWAP		= 1 << 3,
	VMSCOPE_FEAT_KSM		= 1 << 4,
	VMSCOPE_FEAT_HUGETLB		= 1 << 5,
	VMSCOPE_FEAT_THP		= 1 << 6,
	VMSCOPE_FEAT_GUARD		= 1 << 7,
	VMSCOPE_FEAT_POISON_MARKER	= 1 << 8,
	VMSCOPE_FEAT_DEVICE_PRIVATE	= 1 << 9,
	VMSCOPE_FEAT_PKEYS		= 1 << 10,
	VMSCOPE_FEAT_PTI		= 1 << 11,
	VMSCOPE_FEAT_FRAMES		= 1 << 12,
	VMSCOPE_FEAT_KADDR		= 1 << 13,
	VMSCOPE_FEAT_ANON_NAMES		= 1 << 14,
	VMSCOPE_FEAT_DEBUGFS		= 1 << 15,
	VMSCOPE_FEAT_KERNEL		= 1 << 16,
	VMSCOPE_FEAT_SLAB_CACHE		= 1 << 17,
	VMSCOPE_FEAT_SLAB_NAME		= 1 << 18,
	VMSCOPE_FEAT_LARGE_KMALLOC	= 1 << 19,
	VMSCOPE_FEAT_UFFD_FEATURES	= 1 << 20,
	VMSCOPE_FEAT_BLOCKS		= 1 << 21,
	VMSCOPE_FEAT_FACTS		= 1 << 22,
	VMSCOPE_FEAT_FRAME_LIST		= 1 << 23,
	VMSCOPE_FEAT_MIXES		= 1 << 24,
};

/**
 * enum vmscope_arch - whose bits the raw entries hold
 * @VMSCOPE_ARCH_X86_64: x86-64
 * @VMSCOPE_ARCH_ARM64: arm64
 * @VMSCOPE_ARCH_UM: user-mode Linux
 */
enum vmscope_arch {
	VMSCOPE_ARCH_X86_64	= 1,
	VMSCOPE_ARCH_ARM64	= 2,
	VMSCOPE_ARCH_UM		= 3,
};

/**
 * enum vmscope_why - why frames or kernel addresses are withheld
 * @VMSCOPE_WHY_LOCKDOWN: the kernel is locked down for confidentiality: no
 *	frames, raw entries, tables and kernel addresses
 * @VMSCOPE_WHY_CAP_SYSLOG: the caller lacks CAP_SYSLOG: no kernel addresses
 * @VMSCOPE_WHY_KPTR_RESTRICT: kernel.kptr_restrict is 2: no kernel addresses
 */
enum vmscope_why {
	VMSCOPE_WHY_LOCKDOWN		= 1 << 0,
	VMSCOPE_WHY_CAP_SYSLOG		= 1 << 1,
	VMSCOPE_WHY_KPTR_RESTRICT	= 1 << 2,
};

/**
 * struct vmscope_info - VMSCOPE_IOC_INFO: the module, kernel and caller
 * @size: sizeof(struct vmscope_info)
 * @abi: VMSCOPE_ABI_VERSION of the module
 * @features: enum vmscope_feature
 * @arch: enum vmscope_arch
 * @page_size: bytes of a base page
 * @nr_levels: page-table levels in use, 2 to 5
 * @level_shift: by enum vmscope_level: log2 of the bytes that one entry maps;
 *	0 for a level that is not in use
 * @level_entries: by enum vmscope_level: entries of a table; 0 for a level
 *	that is not in use
 * @user_end: end of user addresses, exclusive
 * @withheld_why: enum vmscope_why, 0 when nothing is withheld
 * @max_slot_type: largest swap type that this kernel can have
 * @module_version: version of the module, zero-terminated text
 * @kernel_start: first address of the kernel's half; without
 *	VMSCOPE_FEAT_KERNEL, the last page
 * @facts: enum vmscope_frame_fact that this kernel knows
 * @page_flags: (1 << KPF_*) that it has
 */
struct vmscope_info {
	__u64 size;
	__u64 abi;
	__u64 features;
	__u64 arch;
	__u64 page_size;
	__u64 nr_levels;
	__u64 level_shift[VMSCOPE_NR_LEVELS];
	__u64 level_entries[VMSCOPE_NR_LEVELS];
	__u64 user_end;
	__u64 withheld_why;
	__u64 max_slot_type;
	__u64 module_version[4];
	__u64 kernel_start;
	__u64 facts;
	__u64 page_flags;
};

/**
 * enum vmscope_attach_flag - flags of struct vmscope_attach
 * @VMSCOPE_ATTACH_KERNEL: bind to the kernel's own half; @pid is 0. EPERM
 *	while kernel addresses are withheld, here and in each later call;
 *	EOPNOTSUPP without VMSCOPE_FEAT_KERNEL.
 * @VMSCOPE_ATTACH_NEXT: bind to the process with the lowest PID from @pid on
 *	that has user memory, in place of what the descriptor is bound to, if
 *	anything; ESRCH if there is none. A reader that starts from 1 and
 *	continues from @tgid + 1 visits every process of its PID namespace,
 *	whichever /proc is mounted. After an error except EFAULT the binding is
 *	the old one.
 * @VMSCOPE_ATTACH_ALL: every flag
 */
enum vmscope_attach_flag {
	VMSCOPE_ATTACH_KERNEL	= 1 << 0,
	VMSCOPE_ATTACH_NEXT	= 1 << 1,
	VMSCOPE_ATTACH_ALL	= (1 << 2) - 1,
};

/**
 * struct vmscope_attach - VMSCOPE_IOC_ATTACH: bind the descriptor
 * @size: sizeof(struct vmscope_attach)
 * @flags: enum vmscope_attach_flag
 * @pid: process or thread, as the caller's PID namespace counts; 1 to 2^31-1.
 *	The descriptor keeps the address space that it has now: after an exec
 *	or exit, calls return ESRCH; a reused PID is never followed. Only
 *	VMSCOPE_ATTACH_NEXT binds it to another.
 * @tgid: out: the process, as the caller's PID namespace counts; 0 if it
 *	is not visible there, and for the kernel
 * @init_tgid: out: the process, as the initial PID namespace counts
 * @comm: out: name of the thread that @pid names, at this moment: raw bytes,
 *	ended by a zero
 * @start_code: out: where the code of its program begins; this and what follows
 *	are the bounds that execve() and brk() set, at this moment, to the byte
 * @end_code: out: its end, exclusive
 * @start_data: out: where its data begins
 * @end_data: out: its end, exclusive
 * @start_brk: out: where the heap of brk() begins
 * @brk: out: its end, exclusive
 * @start_stack: out: where the stack of the main thread began; it grows down
 * @arg_start: out: where the arguments begin
 * @arg_end: out: their end, exclusive
 * @env_start: out: where the environment begins
 * @env_end: out: its end, exclusive
 *
 * @comm belongs to the task whose memory was bound. /proc/PID/comm may not: the
 * mounted /proc may be that of another PID namespace.
 */
struct vmscope_attach {
	__u64 size;
	__u64 flags;
	__u64 pid;
	__u64 tgid;
	__u64 init_tgid;
	__u64 comm[2];
	__u64 start_code;
	__u64 end_code;
	__u64 start_data;
	__u64 end_data;
	__u64 start_brk;
	__u64 brk;
	__u64 start_stack;
	__u64 arg_start;
	__u64 arg_end;
	__u64 env_start;
	__u64 env_end;
};

/**
 * enum vmscope_scan_flag - flags of struct vmscope_scan
 * @VMSCOPE_SCAN_RUNS: merge neighbours into RUN records; otherwise a PAGE
 *	record for each entry that is not empty
 * @VMSCOPE_SCAN_AREAS: AREA records
 * @VMSCOPE_SCAN_NAMES: AREA records with names; wants VMSCOPE_SCAN_AREAS
 * @VMSCOPE_SCAN_TABLES: TABLE records; in the kernel's half, those below an
 *	entry in state REPEAT are reported again
 * @VMSCOPE_SCAN_FRAMES: with VMSCOPE_SCAN_RUNS: a run's frames or swap slots
 *	follow one another, and its value is reported
 * @VMSCOPE_SCAN_SKIP_EMPTY: no record for empty entries (state NONE)
 * @VMSCOPE_SCAN_BLOCKS: PAGE records of neighbours may come as BLOCK records;
 *	where VMSCOPE_FEAT_BLOCKS is on
 * @VMSCOPE_SCAN_MIXES: with VMSCOPE_SCAN_RUNS, without VMSCOPE_SCAN_FRAMES and
 *	without filters by facts: RUN and FRAME records may come as MIX records;
 *	where VMSCOPE_FEAT_MIXES is on
 * @VMSCOPE_SCAN_ALL: every flag
 */
enum vmscope_scan_flag {
	VMSCOPE_SCAN_RUNS	= 1 << 0,
	VMSCOPE_SCAN_AREAS	= 1 << 1,
	VMSCOPE_SCAN_NAMES	= 1 << 2,
	VMSCOPE_SCAN_TABLES	= 1 << 3,
	VMSCOPE_SCAN_FRAMES	= 1 << 4,
	VMSCOPE_SCAN_SKIP_EMPTY	= 1 << 5,
	VMSCOPE_SCAN_BLOCKS	= 1 << 6,
	VMSCOPE_SCAN_MIXES	= 1 << 7,
	VMSCOPE_SCAN_ALL	= (1 << 8) - 1,
};

/**
 * struct vmscope_scan - VMSCOPE_IOC_SCAN: records of a range
 * @size: sizeof(struct vmscope_scan)
 * @flags: enum vmscope_scan_flag
 * @start: first address, a multiple of the page size
 * @end: end of the range, exclusive, a multiple of the page size, not below
 *	@start; cut at @user_end. Only areas are visited.
 * @cursor: 0 in the first call, then as the last call returned it; with
 *	@start = @next it resumes the scan
 * @buf: address of the record buffer, a multiple of 8; 32-bit compilers align
 *	__u64 to 4 unless asked
 * @buf_bytes: its length; at least VMSCOPE_SCAN_MIN_BYTES, or
 *	VMSCOPE_SCAN_MIN_BYTES_NAMES with VMSCOPE_SCAN_NAMES
 * @all_flags: an entry is reported only if it has all of these (enum
 *	vmscope_flag)
 * @any_flags: and at least one of these, unless 0
 * @none_flags: and none of these
 * @states: and its state is one of these, (1 << enum vmscope_state), unless 0
 * @levels: and its level is one of these, (1 << enum vmscope_level), unless 0
 * @run_flags: with VMSCOPE_SCAN_RUNS: flags in which neighbours must agree, in
 *	addition to level, state, protection key, memory type, PERM_*, leaf
 *	permissions (READ, WRITE, EXEC, USER), PRESENT, PROTNONE, RACED and
 *	WITHHELD. The masks above do not add to this.
 * @next: out: where the next call must start; @end when the scan is complete
 * @bytes: out: bytes of records written to @buf
 * @entries: out: entries read, empty upper entries included
 * @raced: out: entries marked VMSCOPE_F_RACED
 * @max_hold_ns: out: longest time that a lock of the target was held
 * @reserved: 0
 * @facts: enum vmscope_frame_fact: report these, in FRAME records; neighbours must
 *	agree in them, too. EINVAL for one that is not in VMSCOPE_FACT_ALL.
 *	EOPNOTSUPP for one that @facts of struct vmscope_info lacks, and for the
 *	kernel's half, where frames are not held by entries.
 * @orders: and the order of its folio is one of these, (1 << order), unless 0
 * @nodes: and its node is one of these, (1 << node), unless 0; bit 63 is for
 *	node 63 and all above
 *
 * A filter by a fact wants that fact in @facts, and leaves out entries whose
 * frames have no such fact.
 */
struct vmscope_scan {
	__u64 size;
	__u64 flags;
	__u64 start;
	__u64 end;
	__u64 cursor[2];
	__u64 buf;
	__u64 buf_bytes;
	__u64 all_flags;
	__u64 any_flags;
	__u64 none_flags;
	__u64 states;
	__u64 levels;
	__u64 run_flags;
	__u64 next;
	__u64 bytes;
	__u64 entries;
	__u64 raced;
	__u64 max_hold_ns;
	__u64 reserved;
	__u64 facts;
	__u64 orders;
	__u64 nodes;
};

/*
 * The longest record, without and with VMSCOPE_SCAN_NAMES; and a FRAME with a
 * record that it holds for, where @facts are asked for.
 */
#define VMSCOPE_SCAN_MIN_BYTES		72
#define VMSCOPE_SCAN_MIN_BYTES_FACTS	96
#define VMSCOPE_SCAN_MIN_BYTES_NAMES	(72 + 4096)

/* The longest name that VMSCOPE_IOC_WALK returns complete. */
#define VMSCOPE_WALK_NAME_MAX		65535

/**
 * struct vmscope_walk_level - one level of a walk
 * @level: enum vmscope_level; 0 in unused elements
 * @entry_phys: physical address of the entry; 0 where withheld
 * @raw: the entry; 0 where withheld
 * @index: index of the entry in its table
 * @flags: flags and memory type of this entry, as in word 1 of a page record;
 *	VMSCOPE_F_WITHHELD if @raw and @entry_phys are withheld
 */
struct vmscope_walk_level {
	__u64 level;
	__u64 entry_phys;
	__u64 raw;
	__u64 index;
	__u64 flags;
};

/**
 * enum vmscope_behind - what an access finds where no page is mapped
 * @VMSCOPE_BEHIND_UNASKED: not applicable: a page is mapped, the entry itself
 *	determines what an access does, or the address is in the kernel's half
 * @VMSCOPE_BEHIND_NOTHING: nothing: outside every area, or in one that cannot
 *	be filled
 * @VMSCOPE_BEHIND_ZEROS: anonymous memory: zeros
 * @VMSCOPE_BEHIND_CACHED: the page cache holds the page
 * @VMSCOPE_BEHIND_NOT_CACHED: the page cache does not hold the page: it comes
 *	from the file; shmem and hugetlbfs allocate a new one
 * @VMSCOPE_BEHIND_SWAPPED: shmem has swapped the page out
 * @VMSCOPE_BEHIND_BEYOND_END: the file ends before this page
 * @VMSCOPE_BEHIND_DIRECT: a DAX file, which has no page cache
 * @VMSCOPE_BEHIND_DRIVER: what the driver or the kernel puts there, if anything
 * @VMSCOPE_BEHIND_STACK: outside every area, below one that grows down
 * @VMSCOPE_BEHIND_POISONED: the page cache holds the page, and that, or the
 *	first of its folio, has a memory error
 * @VMSCOPE_BEHIND_READ_AHEAD: the page cache holds the page, which is marked: an
 *	access may first read what follows in the file
 * @VMSCOPE_NR_BEHIND: one past the last
 */
enum vmscope_behind {
	VMSCOPE_BEHIND_UNASKED		= 0,
	VMSCOPE_BEHIND_NOTHING		= 1,
	VMSCOPE_BEHIND_ZEROS		= 2,
	VMSCOPE_BEHIND_CACHED		= 3,
	VMSCOPE_BEHIND_NOT_CACHED	= 4,
	VMSCOPE_BEHIND_SWAPPED		= 5,
	VMSCOPE_BEHIND_BEYOND_END	= 6,
	VMSCOPE_BEHIND_DIRECT		= 7,
	VMSCOPE_BEHIND_DRIVER		= 8,
	VMSCOPE_BEHIND_STACK		= 9,
	VMSCOPE_BEHIND_POISONED		= 10,
	VMSCOPE_BEHIND_READ_AHEAD	= 11,
	VMSCOPE_NR_BEHIND		= 12,
};

/**
 * struct vmscope_walk - VMSCOPE_IOC_WALK: every level of one address
 * @size: sizeof(struct vmscope_walk)
 * @flags: 0
 * @addr: any canonical address, any alignment; if the descriptor is bound to
 *	the kernel's half, an address of that half
 * @name_buf: address of a buffer for the area's name, or 0
 * @name_buf_bytes: its length; a longer name is cut
 * @root_phys: out: physical address of the root table; 0 where withheld
 * @nr_levels: out: levels that were read; the walk ends at the last
 * @levels: out: from the root downwards
 * @page: out: the page as a scan would report it, clipped to the base page of
 *	@addr; state UNMAPPED outside every area
 * @phys: out: physical address of @addr if it is present and known, otherwise 0
 * @kernel_alias: out: address of @phys in the direct map; 0 if withheld
 *	or none
 * @area: out: the area that holds @addr; all 0 if none does. @name_bytes is
 *	the length of the complete name, unless VMSCOPE_AREA_NAME_CUT is set
 *	because @name_buf_bytes is 0, the name has more than
 *	VMSCOPE_WALK_NAME_MAX bytes, or the area changed meanwhile.
 * @behind: out: enum vmscope_behind
 * @uffd_features: out: features of the userfaultfd that the area is registered
 *	with: UFFD_FEATURE_* of linux/userfaultfd.h; 0 if there is none, or
 *	without VMSCOPE_FEAT_UFFD_FEATURES
 * @frame: out: facts of the frame, all that this kernel knows
 * @behind_end: out: an address in the area, or its end: @behind holds for every
 *	page from @addr up to here where none is mapped; 0 outside every area,
 *	and where @behind does not apply
 *
 * Outside every area, the walk ends at an entry whose whole range is outside
 * every area: the tables below it are being freed and are not read.
 */
struct vmscope_walk {
	__u64 size;
	__u64 flags;
	__u64 addr;
	__u64 name_buf;
	__u64 name_buf_bytes;
	__u64 root_phys;
	__u64 nr_levels;
	struct vmscope_walk_level levels[5];
	struct vmscope_page page;
	__u64 phys;
	__u64 kernel_alias;
	struct vmscope_area area;
	__u64 behind;
	__u64 uffd_features;
	struct vmscope_frame frame;
	__u64 behind_end;
};

/**
 * enum vmscope_census_flag - flags of struct vmscope_census
 * @VMSCOPE_CENSUS_BYTES: fill in @pgtables_bytes only: no table is read
 * @VMSCOPE_CENSUS_ALL: every flag
 */
enum vmscope_census_flag {
	VMSCOPE_CENSUS_BYTES	= 1 << 0,
	VMSCOPE_CENSUS_ALL	= (1 << 1) - 1,
};

/**
 * struct vmscope_census - VMSCOPE_IOC_CENSUS: page tables, counted
 * @size: sizeof(struct vmscope_census)
 * @flags: enum vmscope_census_flag
 * @tables: out: by enum vmscope_level: tables whose entries are of that level
 * @used: out: by enum vmscope_level: entries that are not empty
 * @leaves: out: by enum vmscope_level: entries that are present leaves
 * @empty: out: by enum vmscope_level: tables without a used entry
 * @deposited: out: PTE tables that the kernel keeps in reserve for anonymous
 *	huge pages; no entry points to them, and VmPTE counts them
 * @pgtables_bytes: out: the kernel's own count of this address space's table
 *	bytes, as VmPTE shows it (PGD and P4D excluded, deposited included)
 * @max_hold_ns: out: longest time that a lock of the target was held
 * @reserved: 0
 */
struct vmscope_census {
	__u64 size;
	__u64 flags;
	__u64 tables[VMSCOPE_NR_LEVELS];
	__u64 used[VMSCOPE_NR_LEVELS];
	__u64 leaves[VMSCOPE_NR_LEVELS];
	__u64 empty[VMSCOPE_NR_LEVELS];
	__u64 deposited;
	__u64 pgtables_bytes;
	__u64 max_hold_ns;
	__u64 reserved;
};

/**
 * enum vmscope_frame_kind - what a frame of memory is used for
 * @VMSCOPE_FRAME_UNKNOWN: it kept changing while it was examined
 * @VMSCOPE_FRAME_FREE: free, in the page allocator's lists
 * @VMSCOPE_FRAME_SLAB: objects of a slab cache
 * @VMSCOPE_FRAME_LARGE_KMALLOC: kmalloc of more than the largest cache serves,
 *	if the kernel marks it (VMSCOPE_FEAT_LARGE_KMALLOC)
 * @VMSCOPE_FRAME_TABLE: a page table, if the kernel marks it
 * @VMSCOPE_FRAME_ANON: anonymous memory of processes
 * @VMSCOPE_FRAME_CACHE: the page cache, shmem included
 * @VMSCOPE_FRAME_HUGETLB: a page of hugetlbfs, in use or not
 * @VMSCOPE_FRAME_RESERVED: never given to the page allocator: the kernel's
 *	image, firmware, memory taken at boot
 * @VMSCOPE_FRAME_OFFLINE: given back to a hypervisor
 * @VMSCOPE_FRAME_HWPOISON: it has a memory error
 * @VMSCOPE_FRAME_COMPOUND: allocated as one block of several frames, and not
 *	marked: large kmalloc that the kernel does not mark, or others
 * @VMSCOPE_FRAME_OTHER: allocated, and not marked: vmalloc, stacks, drivers; or
 *	free, in a per-CPU list
 * @VMSCOPE_FRAME_HOLE: no memory that the kernel manages, or not online
 * @VMSCOPE_NR_FRAME_KINDS: one past the last
 * @VMSCOPE_MAX_FRAME_KINDS: kinds will always be below this
 */
enum vmscope_frame_kind {
	VMSCOPE_FRAME_UNKNOWN		= 0,
	VMSCOPE_FRAME_FREE		= 1,
	VMSCOPE_FRAME_SLAB		= 2,
	VMSCOPE_FRAME_LARGE_KMALLOC	= 3,
	VMSCOPE_FRAME_TABLE		= 4,
	VMSCOPE_FRAME_ANON		= 5,
	VMSCOPE_FRAME_CACHE		= 6,
	VMSCOPE_FRAME_HUGETLB		= 7,
	VMSCOPE_FRAME_RESERVED		= 8,
	VMSCOPE_FRAME_OFFLINE		= 9,
	VMSCOPE_FRAME_HWPOISON		= 10,
	VMSCOPE_FRAME_COMPOUND		= 11,
	VMSCOPE_FRAME_OTHER		= 12,
	VMSCOPE_FRAME_HOLE		= 13,
	VMSCOPE_NR_FRAME_KINDS		= 14,
	VMSCOPE_MAX_FRAME_KINDS		= 32,
};

/**
 * enum vmscope_known - evidence for a fact about the kernel's memory
 * @VMSCOPE_KNOWN_TYPE: by the type that the kernel gives the page
 * @VMSCOPE_KNOWN_POINTER: by comparison with the exported kmalloc caches
 * @VMSCOPE_KNOWN_LAYOUT: by reading a private struct at offsets that were found
 *	when the module was loaded
 * @VMSCOPE_KNOWN_RECLAIM: of a slab cache: by its flags, its pages count as
 *	SReclaimable in /proc/meminfo
 */
enum vmscope_known {
	VMSCOPE_KNOWN_TYPE	= 1 << 0,
	VMSCOPE_KNOWN_POINTER	= 1 << 1,
	VMSCOPE_KNOWN_LAYOUT	= 1 << 2,
	VMSCOPE_KNOWN_RECLAIM	= 1 << 3,
};

/**
 * struct vmscope_slab_cache - a slab cache
 * @addr: address of its struct kmem_cache; 0 for pages whose cache is not known
 * @name: zero-terminated text, cut at 63 bytes; empty if not known
 * @object_size: usable bytes of an object; 0 if not known
 * @stride: bytes from one object to the next; 0 if not known
 * @slabs: slabs found, each one block of frames
 * @pages: their base pages
 * @small_slabs: slabs with fewer pages than the largest
 * @known: enum vmscope_known: how it is known
 */
struct vmscope_slab_cache {
	__u64 addr;
	__u64 name[8];
	__u64 object_size;
	__u64 stride;
	__u64 slabs;
	__u64 pages;
	__u64 small_slabs;
	__u64 known;
};

/**
 * struct vmscope_slabs - VMSCOPE_IOC_SLABS: what all frames are used for
 * @size: sizeof(struct vmscope_slabs)
 * @flags: 0
 * @buf: address of an array of struct vmscope_slab_cache, a multiple of 8
 * @buf_bytes: its length; caches that do not fit are left out
 * @nr_caches: out: caches found, whether they fit or not
 * @frames: out: frames examined, holes included
 * @kinds: out: by enum vmscope_frame_kind: base pages; 0 for future kinds
 * @unnamed: out: slab pages of caches that the module had no room to count
 *	separately
 * @raced: out: frames that kept changing while they were examined
 * @reserved: 0
 *
 * Every frame of memory is examined, one after the other, without any lock, so
 * the sums are not of a single moment. kmalloc's caches come first; both groups
 * are sorted by the memory they take. Caches that the kernel has merged share
 * one name.
 *
 * ENOTCONN if the descriptor is not bound to the kernel.
 */
struct vmscope_slabs {
	__u64 size;
	__u64 flags;
	__u64 buf;
	__u64 buf_bytes;
	__u64 nr_caches;
	__u64 frames;
	__u64 kinds[VMSCOPE_MAX_FRAME_KINDS];
	__u64 unnamed;
	__u64 raced;
	__u64 reserved;
};

/**
 * struct vmscope_frame_run - neighbouring frames with the same use and facts
 * @kind: enum vmscope_frame_kind
 * @frames: how many
 * @frame: facts of the first of them; @where holds its physical address. The
 *	order is that of the block that it was allocated in, or is free in;
 *	the block begins at a multiple of its length. Only frames of the page
 *	cache and of hugetlbfs have an index. The cache of a slab is as its
 *	struct page has it, unchecked: VMSCOPE_IOC_WHAT of an address in the
 *	slab describes it.
 */
struct vmscope_frame_run {
	__u64 kind;
	__u64 frames;
	struct vmscope_frame frame;
};

/**
 * struct vmscope_frame_list - VMSCOPE_IOC_FRAMES: facts of a range of frames
 * @size: sizeof(struct vmscope_frame_list)
 * @flags: 0
 * @start: first frame number
 * @end: end, exclusive; ~0 for all frames. EINVAL unless it is above @start.
 * @facts: enum vmscope_frame_fact: report these; neighbours must agree in them.
 *	EOPNOTSUPP for one that @facts of struct vmscope_info does not have
 * @page_flags: (1 << KPF_*): with VMSCOPE_FACT_FLAGS, report only these, and do
 *	not compare the others
 * @buf: address of an array of struct vmscope_frame_run, a multiple of 8
 * @buf_bytes: its length; room for at least one
 * @next: out: first frame that is not reported, @start of the next call; @end
 *	once all are
 * @bytes: out: bytes of @buf that were written
 * @memory_end: out: end of the frames of memory; none is reported from there on
 * @reserved: 0
 *
 * Every frame is read without any lock, so the list is not of a single moment,
 * and neither are the facts of a frame that changes. Facts of free blocks are
 * those of the first frame. The huge zero page is of kind COMPOUND, without the
 * flags KPF_ZERO_PAGE and KPF_THP. Nothing is known of holes and of frames that
 * kept changing. Neighbouring runs may agree in everything.
 *
 * ENOTCONN if the descriptor is not bound to the kernel.
 */
struct vmscope_frame_list {
	__u64 size;
	__u64 flags;
	__u64 start;
	__u64 end;
	__u64 facts;
	__u64 page_flags;
	__u64 buf;
	__u64 buf_bytes;
	__u64 next;
	__u64 bytes;
	__u64 memory_end;
	__u64 reserved;
};

/**
 * enum vmscope_ask_flag - flags of struct vmscope_what
 * @VMSCOPE_ASK_CPU: @addr is not an address but an offset of per-CPU data, as
 *	the value of a per-CPU symbol is, and @cpu is the processor. @addr
 *	returns the address. EINVAL for an impossible processor.
 * @VMSCOPE_ASK_NEXT_SYMBOL: if @addr has no symbol, @symbol_buf gets the
 *	first that begins less than VMSCOPE_SYMBOL_REACH bytes behind it
 * @VMSCOPE_ASK_ALL: every flag
 */
enum vmscope_ask_flag {
	VMSCOPE_ASK_CPU		= 1 << 0,
	VMSCOPE_ASK_NEXT_SYMBOL	= 1 << 1,
	VMSCOPE_ASK_ALL		= (1 << 2) - 1,
};

/* Symbols of less than 64 bytes can be missed by VMSCOPE_ASK_NEXT_SYMBOL. */
#define VMSCOPE_SYMBOL_REACH	(64 << 10)

/**
 * enum vmscope_what_flag - which parts of struct vmscope_what are filled in
 * @VMSCOPE_WHAT_FRAME: @pfn, @frame_kind, @frame_head, @frame_order
 * @VMSCOPE_WHAT_CACHE: @cache
 * @VMSCOPE_WHAT_OBJECT: @object, @object_index
 * @VMSCOPE_WHAT_RUN: @run_start, @run_end, @run_pieces
 * @VMSCOPE_WHAT_STACK: @pid, @comm, @run_start, @run_end
 * @VMSCOPE_WHAT_DESCRIBED: @described
 * @VMSCOPE_WHAT_PERCPU: @cpu, @cpu_offset
 * @VMSCOPE_WHAT_RACED: it kept changing while it was read
 * @VMSCOPE_WHAT_SLOT: @slot, @slot_first, @slot_name
 * @VMSCOPE_WHAT_SYMBOL: the text in @symbol_buf, @symbol_bytes, @symbol_at
 * @VMSCOPE_WHAT_BETWEEN: @addr is in a slab, between its objects or after the
 *	last. With neither this nor @VMSCOPE_WHAT_OBJECT, where the objects of
 *	@cache lie is not known.
 */
enum vmscope_what_flag {
	VMSCOPE_WHAT_FRAME	= 1 << 0,
	VMSCOPE_WHAT_CACHE	= 1 << 1,
	VMSCOPE_WHAT_OBJECT	= 1 << 2,
	VMSCOPE_WHAT_RUN	= 1 << 3,
	VMSCOPE_WHAT_STACK	= 1 << 4,
	VMSCOPE_WHAT_DESCRIBED	= 1 << 5,
	VMSCOPE_WHAT_PERCPU	= 1 << 6,
	VMSCOPE_WHAT_RACED	= 1 << 7,
	VMSCOPE_WHAT_SLOT	= 1 << 8,
	VMSCOPE_WHAT_SYMBOL	= 1 << 9,
	VMSCOPE_WHAT_BETWEEN	= 1 << 10,
};

/**
 * struct vmscope_what - VMSCOPE_IOC_WHAT: what one kernel address is
 * @size: sizeof(struct vmscope_what)
 * @flags: enum vmscope_ask_flag
 * @addr: canonical address in the kernel's half, any alignment; or see
 *	VMSCOPE_ASK_CPU
 * @known: out: enum vmscope_what_flag
 * @region: out: enum vmscope_region
 * @region_start: out: its first address
 * @region_end: out: its end, exclusive
 * @pfn: out: the frame that @addr is mapped to
 * @frame_kind: out: enum vmscope_frame_kind of it
 * @frame_head: out: the first frame of the block that it was allocated in
 * @frame_order: out: log2 of the frames of that block
 * @cache: out: the slab cache that @addr belongs to; counts are 0
 * @object: out: address of the object that @addr lies in
 * @object_index: out: which object of its slab that is
 * @run_start: out: start of the mapped run around @addr, or of the stack
 * @run_end: out: its end, exclusive
 * @run_pieces: out: physically contiguous pieces of the run
 * @pid: out: thread whose stack it is, in the initial PID namespace
 * @comm: out: its name, zero-terminated text
 * @described: out: the frame whose struct page @addr lies in
 * @cpu: processor, with VMSCOPE_ASK_CPU; out: processor whose per-CPU area
 *	@addr is in
 * @cpu_offset: out: offset in that area: the address of the per-CPU symbol
 * @reserved: 0
 * @slot: out: slot of the fixmap, numbered as in the kernel's enum
 *	fixed_addresses
 * @slot_first: out: the first of the slots that share this name
 * @slot_name: out: name of @slot_first in that enum, zero-terminated text;
 *	empty if it has none
 * @symbol_buf: address of a buffer for the symbol that @addr belongs to, or 0.
 *	Filled with "name+0x10/0x2f0" and, for a symbol of a module or a BPF
 *	program, " [module]" or " [bpf]", as sprint_symbol() prints it, without
 *	a zero at its end
 * @symbol_buf_bytes: its length; a longer text is cut
 * @symbol_bytes: out: length of the whole text
 * @symbol_at: out: the address that the text is of: @addr, unless
 *	VMSCOPE_ASK_NEXT_SYMBOL went further
 */
struct vmscope_what {
	__u64 size;
	__u64 flags;
	__u64 addr;
	__u64 known;
	__u64 region;
	__u64 region_start;
	__u64 region_end;
	__u64 pfn;
	__u64 frame_kind;
	__u64 frame_head;
	__u64 frame_order;
	struct vmscope_slab_cache cache;
	__u64 object;
	__u64 object_index;
	__u64 run_start;
	__u64 run_end;
	__u64 run_pieces;
	__u64 pid;
	__u64 comm[2];
	__u64 described;
	__u64 cpu;
	__u64 cpu_offset;
	__u64 reserved;
	__u64 slot;
	__u64 slot_first;
	__u64 slot_name[4];
	__u64 symbol_buf;
	__u64 symbol_buf_bytes;
	__u64 symbol_bytes;
	__u64 symbol_at;
};

/**
 * enum vmscope_object_type - what the kernel keeps for a process
 * @VMSCOPE_OBJECT_TASK: struct task_struct of a thread
 * @VMSCOPE_OBJECT_STACK: kernel stack of a thread; an exited thread has none
 * @VMSCOPE_OBJECT_CRED: struct cred of a thread; threads usually share one
 * @VMSCOPE_OBJECT_SIGNAL: struct signal_struct
 * @VMSCOPE_OBJECT_SIGHAND: struct sighand_struct
 * @VMSCOPE_OBJECT_PID: struct pid of a thread
 * @VMSCOPE_OBJECT_MM: struct mm_struct
 * @VMSCOPE_OBJECT_VMA: struct vm_area_struct; @id is the start of the area
 * @VMSCOPE_OBJECT_FS: struct fs_struct of the process, and of a thread that has
 *	its own
 * @VMSCOPE_OBJECT_FILES: struct files_struct of the process, and of a thread
 *	that has its own
 * @VMSCOPE_OBJECT_FDTABLE: its array of open files, unless it is the one inside
 *	struct files_struct
 * @VMSCOPE_OBJECT_FILE: struct file of a descriptor of the process; @id is the
 *	descriptor. Several descriptors may share one.
 * @VMSCOPE_OBJECT_TABLE: a page table; @id is its enum vmscope_level
 * @VMSCOPE_NR_OBJECT_TYPES: one past the last
 */
enum vmscope_object_type {
	VMSCOPE_OBJECT_TASK	= 0,
	VMSCOPE_OBJECT_STACK	= 1,
	VMSCOPE_OBJECT_CRED	= 2,
	VMSCOPE_OBJECT_SIGNAL	= 3,
	VMSCOPE_OBJECT_SIGHAND	= 4,
	VMSCOPE_OBJECT_PID	= 5,
	VMSCOPE_OBJECT_MM	= 6,
	VMSCOPE_OBJECT_VMA	= 7,
	VMSCOPE_OBJECT_FS	= 8,
	VMSCOPE_OBJECT_FILES	= 9,
	VMSCOPE_OBJECT_FDTABLE	= 10,
	VMSCOPE_OBJECT_FILE	= 11,
	VMSCOPE_OBJECT_TABLE	= 12,
	VMSCOPE_NR_OBJECT_TYPES	= 13,
};

/**
 * struct vmscope_object - something that the kernel keeps for a process
 * @type: enum vmscope_object_type
 * @addr: its kernel address; for a page table, in the direct map
 * @bytes: size of its struct. What follows the struct is not counted: the FPU
 *	registers of a task, the masks of an mm.
 * @id: start of the area, descriptor or level; otherwise the PID of the thread,
 *	or of the process for what all threads share, in the caller's PID
 *	namespace
 */
struct vmscope_object {
	__u64 type;
	__u64 addr;
	__u64 bytes;
	__u64 id;
};

/**
 * struct vmscope_objects - VMSCOPE_IOC_OBJECTS: what the kernel keeps for the
 *	process that the descriptor is bound to
 * @size: sizeof(struct vmscope_objects)
 * @flags: 0
 * @buf: address of an array of struct vmscope_object, a multiple of 8
 * @buf_bytes: its length; at least one of them
 * @cursor: 0 in the first call, then as returned by the last call
 * @bytes: out: bytes of @buf that were written
 * @done: out: 1 if there are no more, otherwise 0
 * @reserved: 0
 *
 * Per thread, in PID order: task, stack, credentials, PID. Then what all
 * threads share, the descriptors, the areas and the page tables, each in order.
 * The list is not of a single moment: objects that come or go meanwhile may be
 * missing.
 *
 * The process is the one that was attached, or the one that the attached thread
 * belongs to. ESRCH once it has exited or executed another program, even while
 * others still use its address space. Descriptors are those of the main thread,
 * or of another thread if that has exited.
 *
 * Objects that cannot be reached through exported symbols are left out: the
 * structures of anonymous memory, nodes of the tree of areas, tables in reserve
 * for huge pages, and what a struct file points to. EPERM if kernel addresses
 * are withheld.
 */
struct vmscope_objects {
	__u64 size;
	__u64 flags;
	__u64 buf;
	__u64 buf_bytes;
	__u64 cursor[2];
	__u64 bytes;
	__u64 done;
	__u64 reserved;
};

/*
 * The smallest size that the struct of each call ever had. A struct that grows
 * gets a _V2 and so on, and the tests use every size.
 */
#define VMSCOPE_INFO_SIZE_V1	208
#define VMSCOPE_ATTACH_SIZE_V1	24
#define VMSCOPE_SCAN_SIZE_V1	160
#define VMSCOPE_WALK_SIZE_V1	376
#define VMSCOPE_CENSUS_SIZE_V1	240
#define VMSCOPE_SLABS_SIZE_V1	328
#define VMSCOPE_WHAT_SIZE_V1	352
#define VMSCOPE_OBJECTS_SIZE_V1	72
#define VMSCOPE_FRAMES_SIZE_V1	96

#define VMSCOPE_IOC_MAGIC	0xBE

#define VMSCOPE_IOC_INFO	_IOWR(VMSCOPE_IOC_MAGIC, 0, struct vmscope_info)
#define VMSCOPE_IOC_ATTACH	_IOWR(VMSCOPE_IOC_MAGIC, 1, struct vmscope_attach)
#define VMSCOPE_IOC_SCAN	_IOWR(VMSCOPE_IOC_MAGIC, 2, struct vmscope_scan)
#define VMSCOPE_IOC_WALK	_IOWR(VMSCOPE_IOC_MAGIC, 3, struct vmscope_walk)
#define VMSCOPE_IOC_CENSUS	_IOWR(VMSCOPE_IOC_MAGIC, 4, struct vmscope_census)
#define VMSCOPE_IOC_SLABS	_IOWR(VMSCOPE_IOC_MAGIC, 5, struct vmscope_slabs)
#define VMSCOPE_IOC_WHAT	_IOWR(VMSCOPE_IOC_MAGIC, 6, struct vmscope_what)
#define VMSCOPE_IOC_OBJECTS	_IOWR(VMSCOPE_IOC_MAGIC, 7, struct vmscope_objects)
#define VMSCOPE_IOC_FRAMES	_IOWR(VMSCOPE_IOC_MAGIC, 8, struct vmscope_frame_list)

#endif /* _UAPI_VMSCOPE_H */
