// SPDX-License-Identifier: GPL-2.0-only
/*
 * The vmalloc space against the kernel's own list of its areas, and the direct
 * map against the kernel's own counts of its pages.
 */
#include "harness.h"
#include "kernel.h"
#include "ranges.h"

#define MAX_AREAS 16384
#define MAX_ROUNDS 10
#define PAUSE_US 100000
/* How long the direct map may keep changing. */
#define PATIENCE 60

NEEDS(kernel_missing())

FIXTURE(kernel)
{
	struct regions regions;
	int fd;
};

FIXTURE_SETUP(kernel)
{
	self->fd = own_kernel();
	ASSERT_TRUE(regions_read(self->fd, &self->regions));
}

FIXTURE_TEARDOWN(kernel)
{
	close(self->fd);
	knobs_restore();
}

/* A line of /proc/vmallocinfo. */
struct vm_area {
	__u64 start;
	__u64 end;
	long pages; /* how many pages it reports; -1 if it reports none */
	long present; /* how many a scan found */
	/* rounds so far in which it existed before and after the scan */
	unsigned int still;
	bool right; /* in one of them all its pages were found */
};

struct vm_areas {
	struct vm_area all[MAX_AREAS];
	size_t nr;
};

static struct vm_areas last, before, after;

static int by_start(const void *a, const void *b)
{
	const struct vm_area *left = a, *right = b;

	return left->start < right->start ? -1 : left->start > right->start;
}

static bool vm_areas_read(struct vm_areas *areas)
{
	unsigned long long start, end;
	char line[1024], *pages;

	areas->nr = 0;
	for_each_line_of(line, "/proc/vmallocinfo") {
		if (areas->nr == MAX_AREAS ||
		    sscanf(line, "0x%llx-0x%llx", &start, &end) != 2)
			continue;
		pages = strstr(line, " pages=");
		areas->all[areas->nr++] = (struct vm_area){
			.start = start,
			.end = end,
			.pages = pages ? atol(pages + 7) : -1,
		};
	}
	qsort(areas->all, areas->nr, sizeof(areas->all[0]), by_start);
	/* hashes of addresses are not kernel addresses */
	return areas->nr && areas->all[0].start >> 63;
}

static struct vm_area *vm_area_at(struct vm_areas *areas, __u64 addr)
{
	size_t low = 0, high = areas->nr;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (areas->all[middle].end <= addr)
			low = middle + 1;
		else
			high = middle;
	}
	return low < areas->nr && areas->all[low].start <= addr ?
		       &areas->all[low] :
		       NULL;
}

/* The same area in another list, with as many pages. */
static struct vm_area *vm_area_same(struct vm_areas *areas,
				    const struct vm_area *area)
{
	struct vm_area *same = vm_area_at(areas, area->start);

	return same && same->start == area->start && same->end == area->end &&
			       same->pages == area->pages ?
		       same :
		       NULL;
}

/* Counts a present leaf; adds pages of it that are in no area of a list. */
static bool count_leaf(const struct leaf *leaf, struct ranges *homeless)
{
	__u64 addr;

	for (addr = leaf->start; addr < leaf_end(leaf); addr += PAGE_BYTES) {
		struct vm_area *area = vm_area_at(&before, addr);

		if (area)
			area->present++;
		else if (!vm_area_at(&after, addr) &&
			 !ranges_add(homeless, addr, addr + PAGE_BYTES))
			return false;
	}
	return true;
}

/* All pages of a region, -1 for an error; adds those that are in no area. */
static long count_region(const struct records *recs, struct ranges *homeless)
{
	long pages = 0;

	for_each_leaf(leaf, recs) {
		if (!(leaf.flags & F(PRESENT)))
			continue;
		pages += leaf.pages;
		if (!count_leaf(&leaf, homeless))
			return -1;
	}
	return pages;
}

/* Takes over results of earlier rounds for areas that still exist. */
static void verdicts_keep(void)
{
	for (size_t i = 0; i < before.nr; i++) {
		struct vm_area *was = vm_area_same(&last, &before.all[i]);

		if (!was)
			continue;
		before.all[i].still = was->still;
		before.all[i].right = was->right;
	}
}

static void verdicts_round(void)
{
	for (size_t i = 0; i < before.nr; i++) {
		struct vm_area *area = &before.all[i];

		if (area->pages < 0 || !vm_area_same(&after, area))
			continue;
		area->still++;
		area->right |= area->present == area->pages;
	}
}

/* Areas that existed in @rounds or more, and are @right or not. */
static size_t nr_areas(unsigned int rounds, bool right)
{
	size_t i, nr = 0;

	for (i = 0; i < before.nr; i++)
		nr += before.all[i].still >= rounds &&
		      before.all[i].right == right;
	return nr;
}

static void print_wrong(void)
{
	for (size_t i = 0; i < before.nr; i++) {
		const struct vm_area *area = &before.all[i];

		if (area->still && !area->right)
			ksft_print_msg(
				"%llx-%llx has pages=%ld, %ld present, still in %u rounds\n",
				area->start, area->end, area->pages,
				area->present, area->still);
	}
}

/* The list has areas of both; so have pages[] and recs[]. */
static void vmalloc_round(struct __test_metadata *_metadata,
			  const FIXTURE_DATA(kernel) * self,
			  struct suspects *suspects, long pages[2])
{
	static const unsigned int kinds[] = { VMSCOPE_REGION_VMALLOC,
					      VMSCOPE_REGION_MODULES };
	struct ranges homeless = { 0 };
	struct records recs[2];

	last = before;
	ASSERT_TRUE(vm_areas_read(&before));
	for (int i = 0; i < 2; i++) {
		const struct region *region =
			region_of(&self->regions, kinds[i]);

		ASSERT_NE(NULL, region);
		ASSERT_EQ(0, records_scan(self->fd, region->start, region->end,
					  VMSCOPE_SCAN_SKIP_EMPTY, &recs[i]));
	}
	ASSERT_TRUE(vm_areas_read(&after));
	verdicts_keep();
	for (int i = 0; i < 2; i++) {
		pages[i] = count_region(&recs[i], &homeless);
		records_free(&recs[i]);
	}
	verdicts_round();
	ASSERT_TRUE(suspects_round(suspects, &homeless));
}

/*
 * An area is in the list for a moment before it has its pages, and one that
 * comes and goes during the scan is in no list. So each area has to be right
 * once, and a page without an area must not be found each time.
 */
TEST_F(kernel, vmalloc_pages_are_those_of_vmallocinfo)
{
	struct suspects homeless = { 0 };
	long pages[2];

	ASSERT_TRUE(knob_set("/proc/sys/kernel/kptr_restrict", "1"));
	before.nr = 0;
	do {
		if (homeless.rounds)
			usleep(PAUSE_US);
		vmalloc_round(_metadata, self, &homeless, pages);
		ASSERT_LT(0, pages[0]);
		ASSERT_LE(0, pages[1]);
	} while ((homeless.ranges.nr || nr_areas(1, false)) &&
		 homeless.rounds < MAX_ROUNDS);
	EXPECT_EQ(0, homeless.ranges.nr)
	{
		TH_LOG("%llu bytes have no area, first at %llx",
		       ranges_bytes(&homeless.ranges),
		       homeless.ranges.all[0].start);
	}
	EXPECT_EQ(0, nr_areas(2, false));
	print_wrong();
	/* areas that were freed but not yet purged have no pages */
	EXPECT_LT(20, nr_areas(1, true));
	TH_LOG("%ld pages and %ld of modules, %zu areas, %zu have their pages, by round %u",
	       pages[0], pages[1], before.nr, nr_areas(1, true),
	       homeless.rounds);
}

/* Its counts while meminfo does not change. */
struct direct_map {
	/* by meminfo, in pages of 4 KiB by enum vmscope_level; so is @ours */
	__u64 meminfo[VMSCOPE_NR_LEVELS];
	__u64 ours[VMSCOPE_NR_LEVELS];
	/* of @ours, unmapped, with the frame still in the entry */
	__u64 absent[VMSCOPE_NR_LEVELS];
	/* large pages of the image's own mapping that are tables now */
	__u64 splits;
	/* what it maps, or mapped before, by physical address */
	struct ranges frames;
};

static const char *const meminfo_names[VMSCOPE_NR_LEVELS] = {
	[VMSCOPE_LEVEL_PTE] = "DirectMap4k:",
	[VMSCOPE_LEVEL_PMD] = "DirectMap2M:",
	[VMSCOPE_LEVEL_PUD] = "DirectMap1G:",
};

/* Levels that this machine does not use stay 0. */
static bool meminfo_read(__u64 meminfo[VMSCOPE_NR_LEVELS])
{
	unsigned int level;

	memset(meminfo, 0, VMSCOPE_NR_LEVELS * sizeof(*meminfo));
	for (level = VMSCOPE_LEVEL_PTE; level <= VMSCOPE_LEVEL_PUD; level++)
		meminfo[level] =
			meminfo_bytes(meminfo_names[level]) / PAGE_BYTES;
	return meminfo_bytes("MemTotal:");
}

/* A page that maps another frame than its own is not part of the direct map. */
static bool add_leaf(struct direct_map *map, const struct leaf *leaf,
		     __u64 start)
{
	__u64 phys = leaf->start - start;

	if (leaf->flags & F(PRESENT)) {
		if (leaf->value != phys / PAGE_BYTES)
			return true;
	} else {
		if (leaf->state == VMSCOPE_STATE_NONE)
			return true;
		map->absent[leaf->level] += leaf->pages;
	}
	map->ours[leaf->level] += leaf->pages;
	return ranges_add(&map->frames, phys, phys + leaf->pages * PAGE_BYTES);
}

static bool add_leaves(struct direct_map *map, int fd,
		       const struct region *region)
{
	struct records recs;
	bool ok = true;

	if (records_scan(fd, region->start, region->end, 0, &recs))
		return false;
	for_each_leaf(leaf, &recs) {
		ok = ok && add_leaf(map, &leaf, region->start);
	}
	records_free(&recs);
	return ok;
}

static bool count_splits(struct direct_map *map, int fd,
			 const struct region *image)
{
	struct records recs;

	if (records_scan(fd, image->start, image->end, VMSCOPE_SCAN_TABLES,
			 &recs))
		return false;
	for_each_table_record(table, &recs)
		map->splits += VMSCOPE_WORD_LEVEL(table->where) ==
			       VMSCOPE_LEVEL_PTE;
	records_free(&recs);
	/* meminfo counts each of them as one of the direct map */
	map->ours[VMSCOPE_LEVEL_PTE] += map->splits * 512;
	map->ours[VMSCOPE_LEVEL_PMD] -= map->splits * 512;
	return true;
}

static void direct_map_free(struct direct_map *map)
{
	ranges_free(&map->frames);
	*map = (struct direct_map){ 0 };
}

/* 1 if meminfo is the same before and after, 0 if not, -1 for an error. */
static int direct_map_try(const FIXTURE_DATA(kernel) * self,
			  struct direct_map *map)
{
	const struct region *direct =
		region_of(&self->regions, VMSCOPE_REGION_DIRECT);
	const struct region *image =
		region_of(&self->regions, VMSCOPE_REGION_IMAGE);
	__u64 was[VMSCOPE_NR_LEVELS];

	if (!direct || !image || !meminfo_read(was) ||
	    !add_leaves(map, self->fd, direct) ||
	    !count_splits(map, self->fd, image) || !meminfo_read(map->meminfo))
		return -1;
	return !memcmp(was, map->meminfo, sizeof(was));
}

static void direct_map_read(struct __test_metadata *_metadata,
			    const FIXTURE_DATA(kernel) * self,
			    struct direct_map *map)
{
	time_t until = time(NULL) + PATIENCE;
	unsigned int level;
	int still;

	do {
		direct_map_free(map);
		still = direct_map_try(self, map);
	} while (!still && time(NULL) < until);
	ASSERT_LE(0, still);
	ASSERT_EQ(1, still)
	TH_LOG("meminfo is another one each time");
	for (level = VMSCOPE_LEVEL_PTE; level <= VMSCOPE_LEVEL_PUD; level++)
		TH_LOG("%s %llu kB, %llu kB of ours, %llu kB absent; %llu splits of the image",
		       meminfo_names[level], map->meminfo[level] * 4,
		       map->ours[level] * 4, map->absent[level] * 4,
		       map->splits);
}

/* Lines of /proc/iomem for memory, rounded to whole pages. */
static bool ram_read(struct ranges *ram)
{
	unsigned long long start, end;
	char line[256];
	bool ok = true;

	for_each_line_of(line, "/proc/iomem") {
		if (!strstr(line, " : System RAM\n") ||
		    sscanf(line, " %llx-%llx", &start, &end) != 2)
			continue;
		start = (start + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
		end = (end + 1) / PAGE_BYTES * PAGE_BYTES;
		ok = ok && (start >= end || ranges_add(ram, start, end));
	}
	return ok && ram->nr;
}

/*
 * Memory is mapped at boot range by range. If two of them meet in a large page,
 * it counts for each: "if (!after_bootmem) pages++" in phys_pmd_init() and
 * phys_pud_init() in arch/x86/mm/init_64.c. A range has two ends, and is one of
 * /proc/iomem's or a part of it: memory_map_top_down() takes increasing steps.
 */
#define MAX_STEPS 8

static void check_count(struct __test_metadata *_metadata,
			const struct direct_map *map, unsigned int level,
			size_t nr_ranges)
{
	__u64 page = level == VMSCOPE_LEVEL_PUD ? PUD_BYTES / PAGE_BYTES :
						  PMD_BYTES / PAGE_BYTES;
	__u64 again = map->meminfo[level] - map->ours[level];

	EXPECT_LE(map->ours[level], map->meminfo[level]);
	EXPECT_GE(2 * (nr_ranges + MAX_STEPS) * page, again);
	if (again)
		TH_LOG("%s %llu pages were mapped again at boot",
		       meminfo_names[level], again / page);
}

TEST_F(kernel, direct_map_is_what_meminfo_sums_up)
{
	struct direct_map map = { 0 };
	struct ranges ram = { 0 };
	__u64 bytes;

	direct_map_read(_metadata, self, &map);
	EXPECT_EQ(map.meminfo[VMSCOPE_LEVEL_PTE], map.ours[VMSCOPE_LEVEL_PTE]);
	ASSERT_TRUE(ram_read(&ram));
	check_count(_metadata, &map, VMSCOPE_LEVEL_PMD, ram.nr);
	check_count(_metadata, &map, VMSCOPE_LEVEL_PUD, ram.nr);
	/* counted like meminfo's large pages: nothing is left out */
	bytes = ranges_bytes(&ram);
	ASSERT_TRUE(ranges_keep(&ram, &map.frames));
	EXPECT_EQ(bytes, ranges_bytes(&ram));
	TH_LOG("%llu kB of memory, %llu kB of it in the direct map, which has %llu kB",
	       bytes / 1024, ranges_bytes(&ram) / 1024,
	       ranges_bytes(&map.frames) / 1024);
}

/* Pages that boot counted twice stay so; no other count may change alone. */
static void check_same_rest(struct __test_metadata *_metadata,
			    const struct direct_map *was,
			    const struct direct_map *is)
{
	unsigned int level;

	for (level = VMSCOPE_LEVEL_PTE; level <= VMSCOPE_LEVEL_PUD; level++)
		EXPECT_EQ(was->meminfo[level] - was->ours[level],
			  is->meminfo[level] - is->ours[level]);
	EXPECT_EQ(ranges_bytes(&was->frames), ranges_bytes(&is->frames));
}

static bool same_counts(const struct direct_map *a, const struct direct_map *b)
{
	return !memcmp(a->meminfo, b->meminfo, sizeof(a->meminfo));
}

/*
 * Half a page of 2 MiB gets entries of its own, so that the page is split. If
 * none is, the half belonged to a page that is split already, and it stays
 * allocated until plant.ko is unloaded: each such page has two halves.
 */
#define HALF_A_PAGE "new uncached 8"

static unsigned int most_halves(const struct direct_map *map)
{
	if (!map->meminfo[VMSCOPE_LEVEL_PMD])
		return 0;
	return 2 * map->meminfo[VMSCOPE_LEVEL_PTE] / 512 + 1;
}

TEST_F(kernel, direct_map_splits_are_those_of_meminfo)
{
	struct direct_map was = { 0 }, is = { 0 };

	if (!test_module_load("plant"))
		SKIP(return, "plant.ko does not load here");
	direct_map_read(_metadata, self, &was);
	is = was;
	for (unsigned int i = 0;
	     i < most_halves(&was) && same_counts(&was, &is); i++) {
		EXPECT_TRUE(plant_obeys(HALF_A_PAGE));
		EXPECT_TRUE(meminfo_read(is.meminfo));
	}
	is = (struct direct_map){ 0 };
	direct_map_read(_metadata, self, &is);
	test_module_unload("plant");
	check_same_rest(_metadata, &was, &is);
	/* if all pages are small, none can be split */
	EXPECT_FALSE(was.meminfo[VMSCOPE_LEVEL_PMD] && same_counts(&was, &is));
}

TEST_HARNESS_MAIN
