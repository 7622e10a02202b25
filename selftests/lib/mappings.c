// SPDX-License-Identifier: GPL-2.0-only
/*
 * Private memory of this process, in base and in huge pages; and the list of
 * all kinds. What is expected of a kind is in states.c, not here.
 */
#include <sys/prctl.h>

#include "mapping_parts.h"

/* Newer than the headers of the oldest release that this is built on. */
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
#ifndef MAP_HUGE_2MB
#define MAP_HUGE_2MB (21 << 26)
#endif
#ifndef MAP_HUGE_1GB
#define MAP_HUGE_1GB (30 << 26)
#endif
#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#define PR_SET_VMA_ANON_NAME 0
#endif

#define KSM "/sys/kernel/mm/ksm/"

const char no_memory[] = "cannot map memory";
const char no_thp[] = "no transparent huge page is to be had";

/* Words that differ from zero and all other pages, and do not compress. */
void pattern_fill(void *page, __u64 seed)
{
	__u64 *word = page;

	for (size_t i = 0; i < PAGE_BYTES / sizeof(*word); i++)
		word[i] = (seed + i) * 0x9e3779b97f4a7c15ULL;
}

/* A page that pattern_fill() filled with @seed? */
bool pattern_is(const void *page, __u64 seed)
{
	__u64 want[4096 / sizeof(__u64)];

	pattern_fill(want, seed);
	return !memcmp(page, want, sizeof(want));
}

/* Each page with its index as seed. */
const char *patterns_fill(struct mapping *map)
{
	for (size_t i = 0; i < map->pages; i++)
		pattern_fill(map->addr + i * PAGE_BYTES, i);
	return NULL;
}

/* Reads each page, if that is possible, so that it is mapped. */
const char *read_pages(const struct mapping *map)
{
	volatile char byte;

	for (size_t i = 0; i < map->pages; i++)
		byte = map->addr[i * PAGE_BYTES];
	(void)byte;
	return NULL;
}

/* Both sides map the same frames or swap slots until one of them writes. */
const char *share_by_fork(struct mapping *map)
{
	map->child = sleeping_child();
	return NULL;
}

/* Maps @bytes, owned by @map. Returns NULL or why it cannot. */
const char *map_at(struct mapping *map, size_t bytes, int prot, int flags,
		   int fd, off_t offset)
{
	map->base = mmap(NULL, bytes, prot, flags, fd, offset);
	if (map->base == MAP_FAILED) {
		map->base = NULL;
		return no_memory;
	}
	map->bytes = bytes;
	map->addr = map->base;
	map->pages = bytes / PAGE_BYTES;
	return NULL;
}

/* The same for the start of a file. */
const char *map_into(struct mapping *map, size_t bytes, int prot, int flags,
		     int fd)
{
	return map_at(map, bytes, prot, flags, fd, 0);
}

/* A few base pages, whatever the machine does by default. */
const char *map_small(struct mapping *map)
{
	const char *why = map_into(map, FEW_BYTES, RW, ANON_FLAGS, -1);

	if (!why)
		madvise(map->base, map->bytes, MADV_NOHUGEPAGE);
	return why;
}

const char *make_anon(struct mapping *map)
{
	return map_small(map) ?: patterns_fill(map);
}

static const char *anon_protect(struct mapping *map, int prot)
{
	return AFTER(make_anon(map), mprotect(map->base, map->bytes, prot),
		     "mprotect() refuses");
}

MAKE_BY(anon_read_only, anon_protect(map, PROT_READ))
MAKE_BY(anon_rwx, anon_protect(map, RW | PROT_EXEC))
MAKE_BY(protnone, anon_protect(map, PROT_NONE))
MAKE_BY(anon_shared_by_fork, make_anon(map) ?: share_by_fork(map))
MAKE_BY(zero, map_small(map) ?: read_pages(map))
MAKE_BY(lazyfree,
	AFTER(make_anon(map), madvise(map->base, map->bytes, MADV_FREE),
	      "MADV_FREE refused"))
MAKE_BY(mlocked,
	AFTER(make_anon(map), mlock(map->base, map->bytes), "mlock() refuses"))
MAKE_BY(anon_named, AFTER(make_anon(map),
			  prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, map->base,
				map->bytes, "a name"),
			  "the kernel has no names for anonymous memory"))
MAKE_BY(growsdown,
	map_into(map, FEW_BYTES, RW, ANON_FLAGS | MAP_GROWSDOWN, -1) ?:
		patterns_fill(map))

static const char *make_heap(struct mapping *map)
{
	char *old = sbrk(2 * PAGE_BYTES);

	if (old == (void *)-1)
		return no_memory;
	map->addr = align_up(old, PAGE_BYTES);
	map->pages = 1;
	return patterns_fill(map);
}

static const char *make_stack(struct mapping *map)
{
	map->addr = (char *)(address(__builtin_frame_address(0)) &
			     ~(PAGE_BYTES - 1));
	map->pages = 1;
	return NULL;
}

static const char *make_text(struct mapping *map)
{
	map->addr = (char *)(address(mapping_make) & ~(PAGE_BYTES - 1));
	map->pages = 1;
	return NULL;
}

static const char *make_pkey(struct mapping *map)
{
	const char *why = make_anon(map);

	if (why)
		return why;
	map->pkey = pkey_alloc(0, 0);
	if (map->pkey < 0)
		return "this processor has no protection keys";
	if (pkey_mprotect(map->base, map->bytes, RW, map->pkey))
		return "pkey_mprotect() refuses";
	return NULL;
}

/* Huge pages: an area of two of them holds an aligned one. */
const char *map_aligned(struct mapping *map)
{
	const char *why = map_into(map, 2 * PMD_BYTES, RW, ANON_FLAGS, -1);

	if (why)
		return why;
	map->addr = align_up(map->base, PMD_BYTES);
	map->pages = PMD_BYTES / PAGE_BYTES;
	return NULL;
}

/* One PMD at @addr, which must be aligned; false if the kernel refuses. */
bool collapse(void *addr)
{
	for (int i = 0; i < 10; i++) {
		if (!madvise(addr, PMD_BYTES, MADV_COLLAPSE))
			return true;
		usleep(20000);
	}
	return false;
}

/*
 * Written once through a huge mapping if the kernel makes one by itself,
 * otherwise collapsed.
 */
const char *make_thp(struct mapping *map)
{
	const char *why = map_aligned(map);

	if (why)
		return why;
	if (!knob_set(THP "enabled", "madvise"))
		return no_thp;
	madvise(map->addr, PMD_BYTES, MADV_HUGEPAGE);
	patterns_fill(map);
	if (area_sum(map->addr, SMAPS_ANON_HUGE) < PMD_BYTES >> 10 &&
	    !collapse(map->addr))
		return no_thp;
	return area_sum(map->addr, SMAPS_ANON_HUGE) ? NULL : no_thp;
}

MAKE_BY(thp_protnone,
	AFTER(make_thp(map), mprotect(map->addr, PMD_BYTES, PROT_NONE),
	      "mprotect() refuses"))

/* Still one huge page, but mapped by base pages, because a part differs. */
static const char *make_thp_mapped_by_pages(struct mapping *map)
{
	const char *why = make_thp(map);

	if (!why && mprotect(map->addr + PMD_BYTES / 2, PAGE_BYTES, PROT_READ))
		why = "mprotect() refuses";
	map->pages = 8;
	return why;
}

/* Still one huge page, too, with a page that nobody maps any more. */
static const char *make_thp_partly_unmapped(struct mapping *map)
{
	const char *why = make_thp(map);

	if (!why &&
	    madvise(map->addr + PMD_BYTES / 2, PAGE_BYTES, MADV_DONTNEED))
		why = "madvise() refuses";
	map->pages = 8;
	return why;
}

static const char *make_hugezero(struct mapping *map)
{
	const char *why = map_aligned(map);
	volatile char byte;

	if (why)
		return why;
	if (!knob_set(THP "enabled", "madvise") ||
	    !knob_set(THP "use_zero_page", "1"))
		return "the kernel has no huge zero page";
	madvise(map->addr, PMD_BYTES, MADV_HUGEPAGE);
	byte = *map->addr;
	(void)byte;
	if (!(page_flags(pagemap_self(map->addr) & PM_PFN_MASK) & KPF(THP)))
		return "the kernel gave no huge zero page";
	return NULL;
}

/* Hugetlb: the pool grows by what is needed, if it can. */
static bool hugetlb_reserve(size_t bytes)
{
	char dir[64], path[128];
	long have, left;

	snprintf(dir, sizeof(dir), "/sys/kernel/mm/hugepages/hugepages-%zukB",
		 bytes >> 10);
	snprintf(path, sizeof(path), "%s/free_hugepages", dir);
	left = file_number(path);
	if (left < 0)
		return false;
	if (left > 0)
		return true;
	snprintf(path, sizeof(path), "%s/nr_hugepages", dir);
	have = file_number(path);
	return knob_set(path, textf("%ld", have + 1)) &&
	       file_number(path) > have;
}

static const char *map_hugetlb(struct mapping *map, size_t bytes, int flags)
{
	int size = bytes == PUD_BYTES ? MAP_HUGE_1GB : MAP_HUGE_2MB;

	if (!hugetlb_reserve(bytes))
		return bytes == PUD_BYTES ? "no 1 GiB huge page is free" :
					    "no 2 MiB huge page is free";
	return map_into(map, bytes, RW,
			flags | MAP_ANONYMOUS | MAP_HUGETLB | size, -1);
}

static const char *make_hugetlb(struct mapping *map, size_t bytes, int flags)
{
	const char *why = map_hugetlb(map, bytes, flags);

	if (!why)
		*map->addr = 1;
	return why;
}

MAKE_BY(hugetlb_2m_private, make_hugetlb(map, PMD_BYTES, MAP_PRIVATE))
MAKE_BY(hugetlb_2m_shared, make_hugetlb(map, PMD_BYTES, MAP_SHARED))
MAKE_BY(hugetlb_1g_private, make_hugetlb(map, PUD_BYTES, MAP_PRIVATE))
MAKE_BY(hugetlb_1g_shared, make_hugetlb(map, PUD_BYTES, MAP_SHARED))

/* As if untouched; the table stays, where no other mapping would need it. */
const char *make_hugetlb_untouched(struct mapping *map)
{
	const char *why = make_hugetlb(map, PMD_BYTES, MAP_SHARED);

	if (!why && madvise(map->addr, PMD_BYTES, MADV_REMOVE))
		return "hugetlbfs makes no holes";
	return why;
}

static bool same_frame(const void *a, const void *b)
{
	__u64 entry = pagemap_self(a);

	return entry & PM_PRESENT && !((entry ^ pagemap_self(b)) & PM_PFN_MASK);
}

/*
 * KSM: two pages with the same words, until the kernel has merged them. Then it
 * stops: it would merge a copy that is written again, perhaps at once.
 */
static const char *make_ksm(struct mapping *map)
{
	const char *why = map_small(map);

	if (why)
		return why;
	if (!knob_set(KSM "pages_to_scan", "2000") ||
	    !knob_set(KSM "sleep_millisecs", "10") || !knob_set(KSM "run", "1"))
		return "the kernel has no KSM";
	for (int i = 0; i < 2; i++)
		pattern_fill(map->addr + i * PAGE_BYTES, 0xeb);
	map->pages = 2;
	madvise(map->base, map->bytes, MADV_MERGEABLE);
	for (int i = 0; i < 1000; i++) {
		if (same_frame(map->addr, map->addr + PAGE_BYTES))
			return knob_set(KSM "run", "0") ? NULL : "KSM goes on";
		usleep(10000);
	}
	return "KSM did not merge the pages";
}

const struct mapping_kind memory_kinds[] = {
	{ "anon", make_anon },
	{ "anon-read-only", make_anon_read_only },
	{ "anon-rwx", make_anon_rwx },
	{ "anon-shared-by-fork", make_anon_shared_by_fork },
	{ "anon-named", make_anon_named },
	{ "lazyfree", make_lazyfree },
	{ "mlocked", make_mlocked },
	{ "growsdown", make_growsdown },
	{ "heap", make_heap },
	{ "stack", make_stack },
	{ "text", make_text },
	{ "pkey", make_pkey },
	{ "protnone", make_protnone },
	{ "zero", make_zero },
	{ "thp", make_thp },
	{ "thp-protnone", make_thp_protnone },
	{ "thp-mapped-by-pages", make_thp_mapped_by_pages },
	{ "thp-partly-unmapped", make_thp_partly_unmapped },
	{ "hugezero", make_hugezero },
	{ "hugetlb-2m-private", make_hugetlb_2m_private },
	{ "hugetlb-2m-shared", make_hugetlb_2m_shared },
	{ "hugetlb-1g-private", make_hugetlb_1g_private },
	{ "hugetlb-1g-shared", make_hugetlb_1g_shared },
	{ "hugetlb-untouched", make_hugetlb_untouched },
	{ "ksm", make_ksm },
	{ NULL, NULL },
};

/* The kind with this number, from 0; NULL after the last. */
const struct mapping_kind *mapping_kind(size_t nr)
{
	static const struct mapping_kind *const groups[] = {
		memory_kinds,
		file_kinds,
		absent_kinds,
	};

	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		const struct mapping_kind *kind = groups[i];

		while (kind->name && nr) {
			kind++;
			nr--;
		}
		if (kind->name)
			return kind;
	}
	return NULL;
}

/*
 * Makes a mapping of the kind called @name. Returns NULL, or why it cannot;
 * call mapping_drop() in both cases.
 */
const char *mapping_make(const char *name, struct mapping *map)
{
	*map = NO_MAPPING;
	for (size_t i = 0; mapping_kind(i); i++)
		if (!strcmp(mapping_kind(i)->name, name))
			return mapping_kind(i)->make(map);
	return "there is no such kind of mapping";
}

/* Undoes mapping_make(), whether it failed or not. */
void mapping_drop(struct mapping *map)
{
	kill_child(map->child);
	if (map->base)
		munmap(map->base, map->bytes);
	if (map->fd >= 0)
		close(map->fd);
	if (map->pkey > 0)
		pkey_free(map->pkey);
	swapdev_remove(&map->swap);
}
