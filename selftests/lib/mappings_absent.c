// SPDX-License-Identifier: GPL-2.0-only
/*
 * Absent pages: holes, swapped pages, markers, lost and migrated pages; and
 * pages with marks of userfaultfd or soft-dirty bits.
 */
#include <linux/userfaultfd.h>

#include "mapping_parts.h"

/* Newer than the headers of the oldest release that this is built on. */
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif
#ifndef UFFD_FEATURE_WP_HUGETLBFS_SHMEM
#define UFFD_FEATURE_WP_HUGETLBFS_SHMEM (1 << 12)
#endif
#ifndef UFFD_FEATURE_WP_UNPOPULATED
#define UFFD_FEATURE_WP_UNPOPULATED (1 << 13)
#endif
#ifndef UFFD_FEATURE_POISON
#define UFFD_FEATURE_POISON (1 << 14)
#endif
#ifndef _UFFDIO_POISON
#define _UFFDIO_POISON 0x08
struct uffdio_poison {
	struct uffdio_range range;
	__u64 mode;
	__s64 updated;
};

#define UFFDIO_POISON _IOWR(UFFDIO, _UFFDIO_POISON, struct uffdio_poison)
#endif

#define SWAP_BYTES (16UL << 20)

static const char no_swap_out[] = "the kernel would not swap the page out";
static const char no_uffd[] = "no userfaultfd that can do this";

/*
 * Empty entries, at every level. A page is touched at a distance at which the
 * table above exists.
 */
static const char *map_hole(struct mapping *map, __u64 bytes, __u64 align)
{
	const char *why;

	if (bytes > SIZE_MAX)
		return "no such addresses";
	why = map_into(map, bytes, RW, ANON_FLAGS | MAP_NORESERVE, -1);
	if (why)
		return why;
	madvise(map->base, bytes, MADV_NOHUGEPAGE);
	map->addr = align_up(map->base, align);
	map->pages = 1;
	return NULL;
}

/* A page in the table's first entry exists, and none @entry_bytes after it. */
static const char *hole_beside_page(struct mapping *map, __u64 table_bytes,
				    __u64 entry_bytes)
{
	const char *why = map_hole(map, 2 * table_bytes, table_bytes);

	if (why)
		return why;
	*map->addr = 1;
	map->addr += 16 * entry_bytes;
	return NULL;
}

MAKE_BY(none_pte, hole_beside_page(map, PMD_BYTES, PAGE_BYTES))
MAKE_BY(none_pmd, hole_beside_page(map, PUD_BYTES, PMD_BYTES))
MAKE_BY(none_pud, hole_beside_page(map, PGD_BYTES, PUD_BYTES))
MAKE_BY(none_top, map_hole(map, 2 * PGD_BYTES, PGD_BYTES))

/* Swap. The device comes first: loading its module forks, which shares pages. */

static const char *anon_swapped(struct mapping *map, enum swapdev_kind kind)
{
	return AFTER(swapdev_add(&map->swap, kind, SWAP_BYTES) ?:
								 make_anon(map),
		     !swap_out(map->base, map->bytes), no_swap_out);
}

MAKE_BY(swap_zram, anon_swapped(map, SWAPDEV_ZRAM))
MAKE_BY(swap_disk, anon_swapped(map, SWAPDEV_DISK))

/* Two owners of one slot: the entry is no longer exclusive. */
MAKE_BY(swap_shared_by_fork,
	anon_swapped(map, SWAPDEV_ZRAM) ?: share_by_fork(map))

static const char *then_swap_out(struct mapping *map, const char *why,
				 bool (*out)(void *addr, size_t bytes))
{
	return AFTER(why ?: swapdev_add(&map->swap, SWAPDEV_ZRAM, SWAP_BYTES),
		     !out(map->addr, map->pages * PAGE_BYTES), no_swap_out);
}

MAKE_BY(swap_of_thp, then_swap_out(map, make_thp(map), swap_out))
MAKE_BY(shared_anon_swapped,
	then_swap_out(map, make_shared_anon(map), swap_out_shared))
MAKE_BY(memfd_swapped, then_swap_out(map, make_memfd(map), swap_out_shared))
MAKE_BY(tmpfs_swapped, then_swap_out(map, make_tmpfs(map), swap_out_shared))

/*
 * A private view of a swapped file: its swapped pages are visible where nothing
 * was written yet.
 */
static const char *make_memfd_swapped_private(struct mapping *map)
{
	const char *why = make_memfd_swapped(map);
	void *view;

	if (why)
		return why;
	view = mmap(NULL, map->bytes, RW, MAP_PRIVATE, map->fd, 0);
	if (view == MAP_FAILED)
		return no_memory;
	munmap(map->base, map->bytes);
	map->base = view;
	map->addr = view;
	return NULL;
}

/* The owner of the page is notified of its loss. */
static const char *make_hwpoison(struct mapping *map)
{
	const char *why = make_anon(map);

	if (why)
		return why;
	signal(SIGBUS, go_on);
	map->pages = 1;
	map->pfn = pagemap_self(map->addr) & PM_PFN_MASK;
	if (madvise(map->addr, PAGE_BYTES, MADV_HWPOISON))
		return "the kernel takes no simulated memory errors";
	return NULL;
}

/* userfaultfd */
static const char *uffd_open(struct mapping *map, __u64 features, __u64 mode)
{
	if (map->fd >= 0)
		close(map->fd);
	map->fd = uffd_register(map->base, map->bytes, features, mode);
	return map->fd < 0 ? no_uffd : NULL;
}

static const char *uffd_protect(struct mapping *map)
{
	struct uffdio_writeprotect protect = {
		.range = { .start = address(map->base), .len = map->bytes },
		.mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};

	if (ioctl(map->fd, UFFDIO_WRITEPROTECT, &protect))
		return no_uffd;
	return NULL;
}

static const char *uffd_wp(struct mapping *map, const char *why, __u64 features)
{
	return why							 ?:
		       uffd_open(map, features, UFFDIO_REGISTER_MODE_WP) ?:
		       uffd_protect(map);
}

MAKE_BY(uffd_wp, uffd_wp(map, make_anon(map), 0))
MAKE_BY(uffd_wp_swapped, then_swap_out(map, make_uffd_wp(map), swap_out))
MAKE_BY(uffd_wp_shmem,
	uffd_wp(map, make_memfd(map), UFFD_FEATURE_WP_HUGETLBFS_SHMEM))
MAKE_BY(uffd_wp_shmem_swapped,
	then_swap_out(map, make_uffd_wp_shmem(map), swap_out_shared))
MAKE_BY(uffd_marker_shmem,
	uffd_wp(map,
		map_into(map, FEW_BYTES, RW, MAP_SHARED | MAP_ANONYMOUS, -1),
		UFFD_FEATURE_WP_HUGETLBFS_SHMEM))
MAKE_BY(uffd_marker_anon,
	uffd_wp(map, map_small(map), UFFD_FEATURE_WP_UNPOPULATED))
MAKE_BY(uffd_marker_hugetlb, uffd_wp(map, make_hugetlb_untouched(map),
				     UFFD_FEATURE_WP_HUGETLBFS_SHMEM))

static const char *make_uffd_poison(struct mapping *map)
{
	struct uffdio_poison poison;
	const char *why = map_small(map) ?:
					   uffd_open(map, UFFD_FEATURE_POISON,
						     UFFDIO_REGISTER_MODE_MISSING);

	if (why)
		return why;
	poison = (struct uffdio_poison){
		.range = { .start = address(map->base), .len = map->bytes },
	};
	if (ioctl(map->fd, UFFDIO_POISON, &poison))
		return no_uffd;
	return NULL;
}

MAKE_BY(guard, AFTER(map_small(map),
		     madvise(map->base, map->bytes, MADV_GUARD_INSTALL),
		     "the kernel has no guard regions"))

/* Soft-dirty: cleared for the whole process, then set by a write. */
static const char *make_soft_clean(struct mapping *map)
{
	const char *why = AFTER(make_anon(map),
				!(device_features() & VMSCOPE_FEAT_SOFT_DIRTY),
				"the kernel has no soft-dirty bits");

	return AFTER(why, !file_write("/proc/self/clear_refs", "4"),
		     "the kernel does not clear soft-dirty bits");
}

MAKE_BY(soft_dirty, make_soft_clean(map) ?: patterns_fill(map))

/* From lib/test_hmm.c, whose header is only in the kernel's source. */
struct hmm_command {
	__u64 addr;
	__u64 ptr;
	__u64 npages;
	__u64 cpages;
	__u64 faults;
};

#define HMM_MIGRATE_TO_DEV _IOWR('H', 0x02, struct hmm_command)

static const char *make_device(struct mapping *map)
{
	static char mirror[FEW_BYTES];
	struct hmm_command command;
	const char *why = make_anon(map);

	if (why)
		return why;
	load_module("test_hmm");
	map->fd = open("/dev/hmm_dmirror0", O_RDWR | O_CLOEXEC);
	if (map->fd < 0)
		return "the kernel has no test_hmm, so no device memory";
	command = (struct hmm_command){
		.addr = address(map->base),
		.ptr = address(mirror),
		.npages = map->pages,
	};
	if (ioctl(map->fd, HMM_MIGRATE_TO_DEV, &command) ||
	    command.cpages != map->pages)
		return "test_hmm does not take the pages";
	return NULL;
}

const struct mapping_kind absent_kinds[] = {
	{ "none-pte", make_none_pte },
	{ "none-pmd", make_none_pmd },
	{ "none-pud", make_none_pud },
	{ "none-top", make_none_top },
	{ "swap-zram", make_swap_zram },
	{ "swap-disk", make_swap_disk },
	{ "swap-shared-by-fork", make_swap_shared_by_fork },
	{ "swap-of-thp", make_swap_of_thp },
	{ "shared-anon-swapped", make_shared_anon_swapped },
	{ "memfd-swapped", make_memfd_swapped },
	{ "memfd-swapped-private", make_memfd_swapped_private },
	{ "tmpfs-swapped", make_tmpfs_swapped },
	{ "hwpoison", make_hwpoison },
	{ "uffd-wp", make_uffd_wp },
	{ "uffd-wp-shmem", make_uffd_wp_shmem },
	{ "uffd-wp-swapped", make_uffd_wp_swapped },
	{ "uffd-wp-shmem-swapped", make_uffd_wp_shmem_swapped },
	{ "uffd-marker-shmem", make_uffd_marker_shmem },
	{ "uffd-marker-anon", make_uffd_marker_anon },
	{ "uffd-marker-hugetlb", make_uffd_marker_hugetlb },
	{ "uffd-poison", make_uffd_poison },
	{ "guard", make_guard },
	{ "soft-clean", make_soft_clean },
	{ "soft-dirty", make_soft_dirty },
	{ "device", make_device },
	{ NULL, NULL },
};
