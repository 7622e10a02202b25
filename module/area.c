// SPDX-License-Identifier: GPL-2.0-only
/*
 * One area (vm_area_struct) -> the facts that records and decoding need. Every
 * function here wants the area to stay: the caller holds its lock, or the
 * target's mmap_lock, for reading.
 */
#include "area.h"

#include <linux/cache.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/hash.h>
#include <linux/hugetlb.h>
#include <linux/init.h>
#include <linux/kdev_t.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/pkeys.h>
#include <linux/shmem_fs.h>
#include <linux/xarray.h>

#include "../include/uapi/vmscope.h"
#include "arch/arch.h"
#include "compat/compat.h"
#include "compat/pagetype.h"

/* Entries of a page cache to visit for one answer. */
#define MAX_VISITS 64

struct flag_name {
	unsigned long vm; /* a flag, 0 if this kernel has none like it */
	u64 vma; /* our name for it */
};

static const struct flag_name flag_names[] __initconst = {
	{ VM_READ, VMSCOPE_VMA_READ },
	{ VM_WRITE, VMSCOPE_VMA_WRITE },
	{ VM_EXEC, VMSCOPE_VMA_EXEC },
	{ VM_SHARED, VMSCOPE_VMA_SHARED },
	{ VM_MAYSHARE, VMSCOPE_VMA_MAYSHARE },
	{ VM_GROWSDOWN, VMSCOPE_VMA_GROWSDOWN },
	{ VM_PFNMAP, VMSCOPE_VMA_PFNMAP },
	{ VM_MIXEDMAP, VMSCOPE_VMA_MIXEDMAP },
	{ VM_LOCKED, VMSCOPE_VMA_LOCKED },
	{ VM_IO, VMSCOPE_VMA_IO },
	{ VM_SEQ_READ, VMSCOPE_VMA_SEQ_READ },
	{ VM_RAND_READ, VMSCOPE_VMA_RAND_READ },
	{ VM_DONTCOPY, VMSCOPE_VMA_DONTFORK },
	{ VM_DONTEXPAND, VMSCOPE_VMA_DONTEXPAND },
	{ VM_ACCOUNT, VMSCOPE_VMA_ACCOUNT },
	{ VM_NORESERVE, VMSCOPE_VMA_NORESERVE },
	{ VM_HUGETLB, VMSCOPE_VMA_HUGETLB },
	{ VM_WIPEONFORK, VMSCOPE_VMA_WIPEONFORK },
	{ VM_DONTDUMP, VMSCOPE_VMA_DONTDUMP },
	{ VM_SOFTDIRTY, VMSCOPE_VMA_SOFTDIRTY },
	{ VM_HUGEPAGE, VMSCOPE_VMA_HUGEPAGE },
	{ VM_NOHUGEPAGE, VMSCOPE_VMA_NOHUGEPAGE },
	{ VM_MERGEABLE, VMSCOPE_VMA_MERGEABLE },
	{ VM_UFFD_MISSING, VMSCOPE_VMA_UFFD_MISSING },
	{ VM_UFFD_WP, VMSCOPE_VMA_UFFD_WP },
	{ VM_UFFD_MINOR, VMSCOPE_VMA_UFFD_MINOR },
	{ COMPAT_VM_UFFD_RWP, VMSCOPE_VMA_UFFD_RWP },
	{ VM_LOCKONFAULT, VMSCOPE_VMA_LOCKONFAULT },
	{ VM_SYNC, VMSCOPE_VMA_SYNC },
	{ VM_ARCH_1, VMSCOPE_VMA_ARCH },
	{ VM_SHADOW_STACK, VMSCOPE_VMA_SHADOW_STACK },
	{ VM_MAYREAD, VMSCOPE_VMA_MAYREAD },
	{ VM_MAYWRITE, VMSCOPE_VMA_MAYWRITE },
	{ VM_MAYEXEC, VMSCOPE_VMA_MAYEXEC },
	{ VM_DROPPABLE, VMSCOPE_VMA_DROPPABLE },
	{ VM_SEALED, VMSCOPE_VMA_SEALED },
	{ VM_MAYBE_GUARD, VMSCOPE_VMA_MAYBE_GUARD },
};

/* By bit of vm_flags. */
static u64 flags_of_bit[BITS_PER_LONG] __ro_after_init;

/**
 * vmscope_area_init - look up what the bits of vm_flags mean here
 *
 * Context: Once, before any other call.
 */
void __init vmscope_area_init(void)
{
	unsigned long rest;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flag_names); i++)
		for (rest = flag_names[i].vm; rest; rest &= rest - 1)
			flags_of_bit[__ffs(rest)] |= flag_names[i].vma;
}

static u64 neutral_flags(unsigned long rest)
{
	u64 flags = 0;

	for (; rest; rest &= rest - 1)
		flags |= flags_of_bit[__ffs(rest)];
	return flags;
}

/* As /proc/PID/maps decides it: vma_is_initial_heap() in linux/mm.h */
static bool is_heap(const struct vm_area_struct *vma)
{
	return vma->vm_start < vma->vm_mm->brk &&
	       vma->vm_end > vma->vm_mm->start_brk;
}

static bool is_stack(const struct vm_area_struct *vma)
{
	return vma->vm_start <= vma->vm_mm->start_stack &&
	       vma->vm_end >= vma->vm_mm->start_stack;
}

static const char *kernel_name(struct vm_area_struct *vma)
{
	if (!vma->vm_ops || !vma->vm_ops->name)
		return NULL;
	return vma->vm_ops->name(vma);
}

static u64 name_kind(struct vm_area_struct *vma, bool shmem)
{
	if (is_vm_hugetlb_page(vma))
		return VMSCOPE_NAME_HUGETLB;
	if (shmem)
		return VMSCOPE_NAME_SHMEM;
	if (vma->vm_file)
		return vma_is_anonymous(vma) ? VMSCOPE_NAME_ANON :
					       VMSCOPE_NAME_FILE;
	if (kernel_name(vma))
		return VMSCOPE_NAME_VDSO;
	if (is_heap(vma))
		return VMSCOPE_NAME_HEAP;
	if (is_stack(vma))
		return VMSCOPE_NAME_STACK;
	return compat_anon_name(vma) ? VMSCOPE_NAME_ANON_NAMED :
				       VMSCOPE_NAME_ANON;
}

static void describe_file(struct vm_area_struct *vma,
			  struct vmscope_area_facts *area)
{
	const struct inode *inode;

	if (!vma->vm_file)
		return;
	inode = compat_file_inode(vma->vm_file);
	area->offset = (u64)vma->vm_pgoff << PAGE_SHIFT;
	area->inode = inode->i_ino;
	area->dev = ((u64)MAJOR(inode->i_sb->s_dev) << 32) |
		    MINOR(inode->i_sb->s_dev);
}

static bool is_dax(const struct vm_area_struct *vma)
{
	return vma->vm_file && IS_DAX(vma->vm_file->f_mapping->host);
}

/*
 * Only files that have blocks behind them fill a page cache; what other files
 * map is their driver's. That is so of regular files too: those of debugfs and
 * tracefs map what a driver keeps.
 */
static u8 other_state(struct vm_area_struct *vma, bool shmem)
{
	const struct inode *inode;

	if (shmem)
		return VMSCOPE_STATE_SHMEM;
	if (!vma->vm_file)
		return VMSCOPE_STATE_DRIVER;
	inode = file_inode(vma->vm_file);
	if (S_ISREG(inode->i_mode) || S_ISBLK(inode->i_mode))
		return VMSCOPE_STATE_FILE;
	return VMSCOPE_STATE_DRIVER;
}

/* Do reads of the file go through the page cache? */
static bool is_read_by_page(const struct address_space *mapping)
{
	return mapping->a_ops->read_folio || mapping->a_ops->readahead;
}

/*
 * Where the area alone says what an ordinary page is, its frame need not be
 * read: anonymous areas hold anonymous pages, KSM's only where it may merge;
 * shared mappings of files with a page cache hold no others than its pages.
 * Source: do_anonymous_page(), do_cow_fault() in mm/memory.c; ksm_madvise()
 * clears VM_MERGEABLE only after it has unmerged
 */
static u8 page_state(struct vm_area_struct *vma, u8 other)
{
	if (is_vm_hugetlb_page(vma))
		return VMSCOPE_STATE_HUGETLB;
	if (vma->vm_flags & (VM_PFNMAP | VM_MIXEDMAP | VM_IO))
		return 0;
	if (vma_is_anonymous(vma))
		return vma->vm_flags & VM_MERGEABLE ? 0 : VMSCOPE_STATE_ANON;
	if (!(vma->vm_flags & VM_SHARED) || !vma->vm_file || is_dax(vma))
		return 0;
	if (other == VMSCOPE_STATE_SHMEM)
		return other;
	return other == VMSCOPE_STATE_FILE &&
			       is_read_by_page(vma->vm_file->f_mapping) ?
		       other :
		       0;
}

static u64 area_page_size(struct vm_area_struct *vma)
{
	if (is_vm_hugetlb_page(vma))
		return huge_page_size(hstate_vma(vma));
	return PAGE_SIZE;
}

/* A file system is asked before the first write, if it wants to be. */
static bool may_refuse_writes(const struct vm_area_struct *vma)
{
	const struct inode *inode;

	if (!vma->vm_file || !vma->vm_ops || !vma->vm_ops->page_mkwrite)
		return false;
	inode = vma->vm_file->f_mapping->host;
	return IS_SWAPFILE(inode) || IS_IMMUTABLE(inode);
}

static u64 area_marks(struct vm_area_struct *vma)
{
	const int key = vma_pkey(vma);
	u64 marks = 0;

	if (key && key == compat_execute_only_key(vma->vm_mm))
		marks |= VMSCOPE_AREA_EXECUTE_ONLY;
	if (vma->vm_file && mapping_unevictable(vma->vm_file->f_mapping))
		marks |= VMSCOPE_AREA_UNEVICTABLE;
	if (compat_no_thp(vma))
		marks |= VMSCOPE_AREA_NO_THP;
	if (may_refuse_writes(vma))
		marks |= VMSCOPE_AREA_WRITE_REFUSED;
	return marks;
}

/**
 * vmscope_area_describe - the facts of an area
 * @vma: the area
 * @area: filled in
 *
 * Context: Process context, the area's lock or the mmap_lock held for reading.
 */
void vmscope_area_describe(struct vm_area_struct *vma,
			   struct vmscope_area_facts *area)
{
	bool shmem = vma->vm_file && shmem_mapping(vma->vm_file->f_mapping);

	compat_assert_stays(vma);
	memset(area, 0, sizeof(*area));
	area->start = vma->vm_start;
	area->end = vma->vm_end;
	area->vm_flags = vma->vm_flags;
	area->vma_flags = neutral_flags(vma->vm_flags) |
			  (u64)vma_pkey(vma) << VMSCOPE_VMA_PKEY_SHIFT;
	area->marks = area_marks(vma);
	area->name_kind = name_kind(vma, shmem);
	area->page_size = area_page_size(vma);
	area->anonymous = vma_is_anonymous(vma);
	area->dax = is_dax(vma);
	area->pfnmap = vma->vm_flags & (VM_PFNMAP | VM_MIXEDMAP);
	area->other_state = other_state(vma, shmem);
	area->page_state = page_state(vma, area->other_state);
	area->shmem = shmem ? vma->vm_file->f_mapping : NULL;
	area->first_index = vma->vm_pgoff;
	describe_file(vma, area);
}

static const char *anon_name(struct vm_area_struct *vma, char *buf,
			     unsigned int bytes)
{
	const char *name = compat_anon_name(vma);

	if (!name)
		return NULL;
	snprintf(buf, bytes, vma->vm_file ? "[anon_shmem:%s]" : "[anon:%s]",
		 name);
	return buf;
}

static const char *memory_name(struct vm_area_struct *vma, char *buf,
			       unsigned int bytes)
{
	const char *name = kernel_name(vma);

	if (name)
		return name;
	if (is_heap(vma))
		return "[heap]";
	if (is_stack(vma))
		return "[stack]";
	return anon_name(vma, buf, bytes);
}

/* The last parts of a path that is too long. */
static const char *file_name(struct vm_area_struct *vma, char *buf,
			     unsigned int bytes, bool *cut)
{
	const struct path *path = compat_file_path(vma->vm_file);
	const char *name = anon_name(vma, buf, bytes);

	if (!name)
		name = d_path(path, buf, bytes);
	if (!IS_ERR(name))
		return name;
	*cut = true;
	snprintf(buf, bytes, "%pd4", path->dentry);
	return buf;
}

/**
 * vmscope_area_name - the name that /proc/PID/maps gives an area
 * @vma: the area
 * @buf: room that the name may be put into
 * @bytes: its length, PATH_MAX for every name but long paths to fit
 * @name: filled in: the name, in @buf or in the area's own memory, as raw
 *	bytes; valid while the area stays
 * @cut: set to true if it is the end of a path that is longer than @bytes
 *
 * Context: Process context, the area's lock or the mmap_lock held for reading.
 * Return: bytes of the name without its final zero, 0 if there is none
 * Source: show_map_vma() in fs/proc/task_mmu.c
 */
unsigned int vmscope_area_name(struct vm_area_struct *vma, char *buf,
			       unsigned int bytes, const char **name, bool *cut)
{
	compat_assert_stays(vma);
	*name = vma->vm_file ? file_name(vma, buf, bytes, cut) :
			       memory_name(vma, buf, bytes);
	return *name ? strlen(*name) : 0;
}

/*
 * The file's page cache, or NULL if faults do not use one: DAX keeps entries of
 * its own in the same place.
 */
static struct address_space *page_cache(struct vm_area_struct *vma)
{
	struct address_space *mapping;

	if (!vma->vm_file || vma_is_anonymous(vma) || is_dax(vma))
		return NULL;
	mapping = vma->vm_file->f_mapping;
	if (is_vm_hugetlb_page(vma) || shmem_mapping(mapping) ||
	    is_read_by_page(mapping))
		return mapping;
	return NULL;
}

/**
 * vmscope_area_is_all_cache - is every ordinary page of an area of its file
 * @vma: the area
 * @area: its facts
 *
 * A private mapping of a file gets its anon_vma before its first page of its
 * own. If it still has none after a copy, all pages of the copy are the file's.
 * Source: __anon_vma_prepare() in mm/rmap.c and its callers
 *
 * Context: Process context, the area's lock or the mmap_lock held for reading.
 * Return: true if so; false if it is not known
 */
bool vmscope_area_is_all_cache(struct vm_area_struct *vma,
			       const struct vmscope_area_facts *area)
{
	return !READ_ONCE(vma->anon_vma) && page_cache(vma) &&
	       !(vma->vm_flags & (VM_PFNMAP | VM_MIXEDMAP | VM_IO)) &&
	       (area->other_state == VMSCOPE_STATE_SHMEM ||
		area->other_state == VMSCOPE_STATE_FILE);
}

/*
 * A value entry in the cache of a file is the shadow of an evicted page only; in
 * that of shmem it is a swap entry. A page of a file that is not up to date is
 * read again; one of shmem, which fallocate() leaves, is cleared. Of a folio of
 * several pages, only the first is asked for memory errors: the kernel splits
 * it if it can, and hugetlbfs marks that one.
 * Source: shmem_get_folio_gfp() in mm/shmem.c, filemap_fault() in mm/filemap.c,
 * hugetlb_no_page() in mm/hugetlb.c, __do_fault() in mm/memory.c
 */
static u64 entry_behind(struct address_space *mapping, void *entry,
			bool reads_ahead)
{
	if (xa_is_value(entry))
		return shmem_mapping(mapping) ? VMSCOPE_BEHIND_SWAPPED :
						VMSCOPE_BEHIND_NOT_CACHED;
	if (is_read_by_page(mapping) &&
	    !(compat_flags(entry) & BIT(PG_uptodate)))
		return VMSCOPE_BEHIND_NOT_CACHED;
	if (compat_flags(entry) & COMPAT_HWPOISON)
		return VMSCOPE_BEHIND_POISONED;
	return reads_ahead && compat_flags(entry) & BIT(PG_readahead) ?
		       VMSCOPE_BEHIND_READ_AHEAD :
		       VMSCOPE_BEHIND_CACHED;
}

/**
 * struct stretch - pages of a file behind which an access finds the same
 * @behind: enum vmscope_behind, UNASKED if there are none yet
 * @end: index of the first page after them
 */
struct stretch {
	u64 behind;
	unsigned long end;
};

/* Return: false if what comes next is not the same */
static bool stretch_grow(struct stretch *stretch, u64 behind, unsigned long end)
{
	if (stretch->end >= end)
		return true;
	if (stretch->behind && stretch->behind != behind)
		return false;
	stretch->behind = behind;
	stretch->end = end;
	return true;
}

static void find_cached(struct address_space *mapping, unsigned long end,
			bool reads_ahead, struct stretch *stretch)
{
	XA_STATE(xas, &mapping->i_pages, stretch->end);
	unsigned int visits = MAX_VISITS;
	void *entry;

	rcu_read_lock();
	xas_for_each(&xas, entry, end - 1) {
		const unsigned long at = xas.xa_index;
		unsigned long last;

		if (xas_retry(&xas, entry))
			continue;
		last = at | ((1UL << xa_get_order(&mapping->i_pages, at)) - 1);
		if (!visits-- ||
		    !stretch_grow(stretch, VMSCOPE_BEHIND_NOT_CACHED, at) ||
		    !stretch_grow(stretch,
				  entry_behind(mapping, entry, reads_ahead),
				  last + 1))
			break;
	}
	rcu_read_unlock();
	if (!entry)
		stretch_grow(stretch, VMSCOPE_BEHIND_NOT_CACHED, end);
}

/*
 * Does a fault at a page with that mark read what follows?
 * Source: do_async_mmap_readahead() in mm/filemap.c
 */
static bool reads_ahead(const struct vm_area_struct *vma)
{
	return is_read_by_page(vma->vm_file->f_mapping) &&
	       !(vma->vm_flags & VM_RAND_READ) &&
	       READ_ONCE(vma->vm_file->f_ra.ra_pages);
}

/* A fault asks first whether the file ends before the page. */
static u64 behind_in_file(struct vm_area_struct *vma, unsigned long index,
			  unsigned long *end)
{
	struct address_space *mapping = vma->vm_file->f_mapping;
	const unsigned int order = compat_cache_order(vma);
	const u64 size =
		DIV_ROUND_UP_ULL(i_size_read(mapping->host), PAGE_SIZE);
	struct stretch stretch = { .end = index >> order };

	if (index >= size)
		return VMSCOPE_BEHIND_BEYOND_END;
	*end = min_t(u64, *end, size);
	find_cached(mapping, ((*end - 1) >> order) + 1, reads_ahead(vma),
		    &stretch);
	*end = min(*end, stretch.end << order);
	return stretch.behind;
}

static unsigned long file_index(const struct vm_area_struct *vma,
				unsigned long addr)
{
	return vma->vm_pgoff + ((addr - vma->vm_start) >> PAGE_SHIFT);
}

/**
 * vmscope_area_behind - what an access finds where no page is mapped
 * @vma: the area
 * @addr: an address in it
 * @end: filled in: the same is behind every page from @addr up to this address
 *
 * Context: Process context, the area's lock or the mmap_lock held for reading.
 * Return: enum vmscope_behind; at this moment, for the page cache changes
 * without that lock
 * Source: do_fault(), do_anonymous_page() in mm/memory.c
 */
u64 vmscope_area_behind(struct vm_area_struct *vma, unsigned long addr,
			unsigned long *end)
{
	unsigned long until = file_index(vma, vma->vm_end);
	u64 behind;

	compat_assert_stays(vma);
	*end = vma->vm_end;
	if (page_cache(vma)) {
		behind = behind_in_file(vma, file_index(vma, addr), &until);
		*end -= (file_index(vma, vma->vm_end) - until) << PAGE_SHIFT;
		return behind;
	}
	if (vma_is_anonymous(vma))
		return vma->vm_flags & VM_SHARED ? VMSCOPE_BEHIND_NOTHING :
						   VMSCOPE_BEHIND_ZEROS;
	if (is_dax(vma))
		return VMSCOPE_BEHIND_DIRECT;
	return vma->vm_ops->fault ? VMSCOPE_BEHIND_DRIVER :
				    VMSCOPE_BEHIND_NOTHING;
}

/* hash_64() keeps 32 bits, which are equal for addresses that differ at 2^39. */
static u64 mix(u64 key, u64 value)
{
	key = (key ^ value) * GOLDEN_RATIO_64;
	return key ^ (key >> 32);
}

/**
 * vmscope_area_key - recognize an area in a later call
 * @area: the facts of an area
 *
 * Context: Any context.
 * Return: never 0; two areas with the same bounds, flags, marks and file have
 * the same key
 */
u64 vmscope_area_key(const struct vmscope_area_facts *area)
{
	u64 key = mix(0, area->start);

	key = mix(key, area->end);
	key = mix(key, area->vm_flags);
	key = mix(key, area->marks);
	key = mix(key, area->first_index);
	key = mix(key, area->inode ^ area->dev);
	return key | 1;
}
