// SPDX-License-Identifier: GPL-2.0-only
/*
 * The vmalloc space against the kernel's own list of its areas, and the direct
 * map against the kernel's own counts of its pages.
 */
#include "harness.h"

#include "kernel.h"
#include "procfs.h"
#include "ranges.h"

#define VMALLOCINFO "/proc/vmallocinfo"
#define MAX_AREAS 16384
#define MAX_ROUNDS 10
#define PAUSE_US 100000
#define TRIES 5

static void __attribute__((constructor)) need_kernel(void)
{
	const char *why = kernel_missing();

	if (why)
		ksft_exit_skip("%s\n", why);
}

FIXTURE(kernel)
{
	struct region regions[MAX_REGIONS];
	size_t nr_regions;
	struct records recs;
	int fd;
};

FIXTURE_SETUP(kernel)
{
	self->fd = kernel_open();
	ASSERT_LE(0, self->fd);
	self->nr_regions = regions_read(self->fd, self->regions);
	ASSERT_LT(0, self->nr_regions);
}

FIXTURE_TEARDOWN(kernel)
{
	records_free(&self->recs);
	close(self->fd);
	knobs_restore();
}

/**
 * struct vm_area - a line of /proc/vmallocinfo
 * @pages: how many it says that it has; -1 where it says nothing
 * @present: how many a scan found
 * @still: rounds so far in which it was there before the scan and after it
 * @right: in one of them it had its pages
 */
struct vm_area {
	__u64 start;
	__u64 end;
	long pages;
	long present;
	unsigned int still;
	bool right;
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
	FILE *list = fopen(VMALLOCINFO, "re");
	unsigned long long start, end;
	char line[1024], *pages;

	areas->nr = 0;
	if (!list)
		return false;
	while (areas->nr < MAX_AREAS && fgets(line, sizeof(line), list)) {
		if (sscanf(line, "0x%llx-0x%llx", &start, &end) != 2)
			continue;
		pages = strstr(line, " pages=");
		areas->all[areas->nr++] = (struct vm_area){
			.start = start,
			.end = end,
			.pages = pages ? atol(pages + 7) : -1,
		};
	}
	fclose(list);
	qsort(areas->all, areas->nr, sizeof(areas->all[0]), by_start);
	/* where it hashes addresses, they are no kernel's */
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

/* Counts a present leaf; adds pages of it that no list has an area for. */
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
	const __u64 *rec;
	long pages = 0;

	for_each_record(rec, recs)
	{
		struct leaf leaf = leaf_of((const void *)rec);

		if (!(leaf.flags & F(PRESENT)))
			continue;
		pages += leaf.pages;
		if (!count_leaf(&leaf, homeless))
			return -1;
	}
	return pages;
}

/* What earlier rounds say of the areas that are still there. */
static void verdicts_keep(void)
{
	size_t i;

	for (i = 0; i < before.nr; i++) {
		struct vm_area *was = vm_area_same(&last, &before.all[i]);

		if (!was)
			continue;
		before.all[i].still = was->still;
		before.all[i].right = was->right;
	}
}

static void verdicts_round(void)
{
	size_t i;

	for (i = 0; i < before.nr; i++) {
		struct vm_area *area = &before.all[i];

		if (area->pages < 0 || !vm_area_same(&after, area))
			continue;
		area->still++;
		area->right |= area->present == area->pages;
	}
}

/* Areas that held still in @rounds or more, and of them those @right, or not. */
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
	size_t i;

	for (i = 0; i < before.nr; i++) {
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
	int i;

	last = before;
	ASSERT_EQ(true, vm_areas_read(&before));
	for (i = 0; i < 2; i++) {
		const struct region *region =
			region_of(self->regions, self->nr_regions, kinds[i]);

		ASSERT_NE(NULL, region);
		ASSERT_EQ(0, kernel_scan(self->fd, region->start, region->end,
					 VMSCOPE_SCAN_SKIP_EMPTY, &recs[i]));
	}
	ASSERT_EQ(true, vm_areas_read(&after));
	verdicts_keep();
	for (i = 0; i < 2; i++) {
		pages[i] = count_region(&recs[i], &homeless);
		records_free(&recs[i]);
	}
	verdicts_round();
	ASSERT_EQ(true, suspects_round(suspects, &homeless));
}

/*
 * An area has its entry in the list for a moment before it has its pages, and
 * one that comes and goes during the scan is in no list. So each area has to be
 * right once, and a page without one must not be there each time.
 */
TEST_F(kernel, vmalloc_pages_are_those_of_vmallocinfo)
{
	struct suspects homeless = { 0 };
	long pages[2];

	ASSERT_EQ(true, knob_set("/proc/sys/kernel/kptr_restrict", "1"));
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
	/* areas that are given back and not yet purged have no pages */
	EXPECT_LT(20, nr_areas(1, true));
	TH_LOG("%ld pages and %ld of modules, %zu areas, %zu have their pages, by round %u",
	       pages[0], pages[1], before.nr, nr_areas(1, true),
	       homeless.rounds);
	ranges_free(&homeless.ranges);
}

/* The direct map */

/* In kB; 0 where this machine has none such. */
static __u64 meminfo(const char *name)
{
	FILE *info = fopen("/proc/meminfo", "re");
	char line[256];
	__u64 value = 0;

	while (info && fgets(line, sizeof(line), info))
		if (!strncmp(line, name, strlen(name)))
			value = strtoull(line + strlen(name), NULL, 10);
	if (info)
		fclose(info);
	return value;
}

/**
 * struct sums - pages by enum vmscope_level
 * @present: that map a frame
 * @absent: whose frame is in the entry still, taken out of the map
 */
struct sums {
	__u64 present[VMSCOPE_NR_LEVELS];
	__u64 absent[VMSCOPE_NR_LEVELS];
};

static void sum_up(const struct records *recs, struct sums *sums)
{
	const __u64 *rec;

	*sums = (struct sums){ 0 };
	for_each_record(rec, recs)
	{
		struct leaf leaf = leaf_of((const void *)rec);

		if (!record_is_leaf(rec))
			continue;
		if (leaf.flags & F(PRESENT))
			sums->present[leaf.level] += leaf.pages;
		else if (leaf.state != VMSCOPE_STATE_NONE)
			sums->absent[leaf.level] += leaf.pages;
	}
}

/* Large pages of the image's own mapping that were split after it was made. */
static __u64 splits_of_image(int fd, const struct region *region)
{
	struct records recs;
	const __u64 *rec;
	__u64 nr = 0;

	if (kernel_scan(fd, region->start, region->end, VMSCOPE_SCAN_TABLES,
			&recs))
		return 0;
	for_each_record(rec, &recs)
		nr += VMSCOPE_WORD_KIND(*rec) == VMSCOPE_KIND_TABLE &&
		      VMSCOPE_WORD_LEVEL(*rec) == VMSCOPE_LEVEL_PTE;
	records_free(&recs);
	return nr;
}

/*
 * What is mapped already when memory is mapped at boot, range by range, counts
 * again where it is a huge page: "if (!after_bootmem) pages++" in
 * phys_pmd_init() and phys_pud_init() in arch/x86/mm/init_64.c.
 */
static void check_count(struct __test_metadata *_metadata, unsigned int level,
			__u64 told, __u64 ours)
{
	__u64 page = level == VMSCOPE_LEVEL_PUD ? PUD_BYTES / 1024 :
						  PMD_BYTES / 1024;

	if (level == VMSCOPE_LEVEL_PTE) {
		EXPECT_EQ(told, ours);
		return;
	}
	EXPECT_LE(ours, told);
	EXPECT_EQ(0, (told - ours) % page);
	if (told != ours)
		TH_LOG("%llu kB were mapped again at boot", told - ours);
}

TEST_F(kernel, direct_map_is_what_meminfo_sums_up)
{
	static const char *const names[] = {
		[VMSCOPE_LEVEL_PTE] = "DirectMap4k:",
		[VMSCOPE_LEVEL_PMD] = "DirectMap2M:",
		[VMSCOPE_LEVEL_PUD] = "DirectMap1G:",
	};
	const struct region *direct = region_of(self->regions, self->nr_regions,
						VMSCOPE_REGION_DIRECT);
	const struct region *image = region_of(self->regions, self->nr_regions,
					       VMSCOPE_REGION_IMAGE);
	__u64 splits, told, ours, was;
	unsigned int level;
	struct sums sums;
	int tries;

	ASSERT_NE(NULL, direct);
	ASSERT_NE(NULL, image);
	for (level = VMSCOPE_LEVEL_PTE; level <= VMSCOPE_LEVEL_PUD; level++) {
		tries = TRIES;
		do {
			was = meminfo(names[level]);
			ASSERT_EQ(0, kernel_scan(self->fd, direct->start,
						 direct->end, 0, &self->recs));
			sum_up(&self->recs, &sums);
			records_free(&self->recs);
			splits = splits_of_image(self->fd, image);
			told = meminfo(names[level]);
		} while (was != told && --tries);
		ours = sums.present[level] + sums.absent[level];
		/* each split of the image's counts as one of the direct map */
		if (level == VMSCOPE_LEVEL_PTE)
			ours += splits * 512;
		if (level == VMSCOPE_LEVEL_PMD)
			ours -= splits * 512;
		TH_LOG("%s %llu kB; %llu present, %llu not present, %llu splits of the image",
		       names[level], told, sums.present[level] * 4,
		       sums.absent[level] * 4, splits);
		check_count(_metadata, level, told, ours * 4);
	}
}

TEST_HARNESS_MAIN
