// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's page tables as the kernel itself dumps them, and as a scan
 * reports them. The kernel keeps running: dump before and after, and expect in
 * the scan what is the same in both dumps.
 */
#include "harness.h"
#include "kernel.h"
#include "pagedump.h"
#include "ranges.h"

#define OURS "/sys/kernel/debug/vmscope_oracle/ptdump"
#define KERNELS_OWN "/sys/kernel/debug/page_tables/kernel"
/* Time limit in seconds: all mappings must be equal in two dumps once. */
#define PATIENCE 240

static const char *dump_path;

static void __attribute__((constructor)) find_dump(void)
{
	const char *why = kernel_missing();

	if (why)
		ksft_exit_skip("%s\n", why);
	if (test_module_load("oracle"))
		dump_path = OURS;
	else if (!access(KERNELS_OWN, R_OK))
		dump_path = KERNELS_OWN;
	else
		ksft_exit_skip("the kernel dumps its page tables for nobody\n");
}

static void __attribute__((destructor)) unload(void)
{
	test_module_unload("oracle");
}

/* Result of a comparison, in bytes. */
struct tally {
	/* mapped in the first dump, without what dumps leave out */
	__u64 mapped;
	/* of these, what another dump or the scan saw change */
	struct ranges open;
	/* of the dumps' common parts, bytes that the scan reports otherwise */
	struct ranges wrong;
	/* what the dumps have where it begins; @ours: the scan */
	unsigned int theirs;
	unsigned int ours;
};

FIXTURE(map)
{
	struct vmscope_info info;
	struct spans before, scan, after;
	struct records recs;
	struct regions regions;
	int fd;
};

FIXTURE_SETUP(map)
{
	self->fd = own_kernel();
	ASSERT_EQ(0, device_info(self->fd, &self->info));
	ASSERT_TRUE(regions_read(self->fd, &self->regions));
}

NO_TEARDOWN(map)

static bool read_all(FIXTURE_DATA(map) * self, __u64 flags)
{
	struct vmscope_scan scan;

	scan_init(&scan, self->info.kernel_start, KERNEL_END, flags);
	scan.run_flags = F(GLOBAL);
	if (!spans_of_dump(dump_path, &self->before) ||
	    records_read(self->fd, &scan, 1 << 20, &self->recs))
		return false;
	return spans_of_records(&self->recs, &self->info, &self->scan) &&
	       spans_of_dump(dump_path, &self->after);
}

static void free_all(FIXTURE_DATA(map) * self)
{
	spans_free(&self->before);
	spans_free(&self->scan);
	spans_free(&self->after);
	records_free(&self->recs);
}

/* The span at @addr; advances @at, and lowers @end if the span is shorter. */
static unsigned int attrs_at(const struct spans *spans, size_t *at, __u64 addr,
			     __u64 *end)
{
	while (*at < spans->nr && spans->all[*at].end <= addr)
		++*at;
	if (*at == spans->nr)
		return SPAN_UNTOLD;
	if (spans->all[*at].start > addr) {
		if (spans->all[*at].start < *end)
			*end = spans->all[*at].start;
		return SPAN_UNTOLD;
	}
	if (spans->all[*at].end < *end)
		*end = spans->all[*at].end;
	return spans->all[*at].attrs;
}

static bool tally_piece(struct tally *tally, __u64 start, __u64 bytes,
			const unsigned int attrs[3])
{
	if ((attrs[0] | attrs[2]) & SPAN_UNTOLD)
		return true;
	if (attrs[0])
		tally->mapped += bytes;
	if (attrs[0] != attrs[2] || attrs[1] == SPAN_UNTOLD)
		return !attrs[0] ||
		       ranges_add(&tally->open, start, start + bytes);
	if (attrs[0] == attrs[1])
		return true;
	if (!tally->wrong.nr) {
		tally->theirs = attrs[0];
		tally->ours = attrs[1];
	}
	return ranges_add(&tally->wrong, start, start + bytes);
}

/* The dump before, the scan and the dump after; all are uniform up to @next. */
static void attrs_of_all(const FIXTURE_DATA(map) * self, size_t at[3],
			 __u64 start, __u64 *next, unsigned int attrs[3])
{
	attrs[0] = attrs_at(&self->before, &at[0], start, next);
	attrs[1] = attrs_at(&self->scan, &at[1], start, next);
	attrs[2] = attrs_at(&self->after, &at[2], start, next);
}

static bool compare(const FIXTURE_DATA(map) * self, __u64 start, __u64 end,
		    struct tally *tally)
{
	size_t at[3] = { 0 };
	__u64 next;
	bool ok = true;

	for (; ok && start < end; start = next) {
		unsigned int attrs[3];

		next = end;
		attrs_of_all(self, at, start, &next, attrs);
		ok = tally_piece(tally, start, next - start, attrs);
	}
	return ok;
}

/* Regions are in address order, and so are the ranges. */
static void add_ranges(struct __test_metadata *_metadata, struct ranges *to,
		       struct ranges *from)
{
	for (size_t i = 0; i < from->nr; i++)
		ASSERT_TRUE(
			ranges_add(to, from->all[i].start, from->all[i].end));
	ranges_free(from);
}

static void compare_region(struct __test_metadata *_metadata,
			   const FIXTURE_DATA(map) * self,
			   const struct region *region, struct tally *sum)
{
	struct tally tally = { 0 };

	ASSERT_TRUE(compare(self, region->start, region->end, &tally));
	if (tally.wrong.nr)
		TH_LOG("region %u: %llu bytes differ, first at %llx: dump %x, scan %x",
		       region->kind, ranges_bytes(&tally.wrong),
		       tally.wrong.all[0].start, tally.theirs, tally.ours);
	sum->mapped += tally.mapped;
	add_ranges(_metadata, &sum->wrong, &tally.wrong);
	add_ranges(_metadata, &sum->open, &tally.open);
}

static struct tally compare_all(struct __test_metadata *_metadata,
				FIXTURE_DATA(map) * self, __u64 flags)
{
	struct tally sum = { 0 };

	EXPECT_TRUE(read_all(self, flags));
	for (size_t i = 0; i < self->regions.nr; i++)
		compare_region(_metadata, self, &self->regions.all[i], &sum);
	free_all(self);
	return sum;
}

static void expect_none(struct __test_metadata *_metadata,
			struct suspects *suspects, const char *what)
{
	EXPECT_EQ(0, suspects->ranges.nr)
	{
		TH_LOG("%llu bytes %s in each of %u tries, first at %llx",
		       ranges_bytes(&suspects->ranges), what, suspects->rounds,
		       suspects->ranges.all[0].start);
	}
	ranges_free(&suspects->ranges);
}

/*
 * A stack that exists only during the scan differs from both dumps, like
 * everything else that comes and goes; but not each time at the same address.
 * Everything mapped must have been compared in one of the tries.
 */
static void check_scan(struct __test_metadata *_metadata,
		       FIXTURE_DATA(map) * self, __u64 flags)
{
	struct suspects wrong = { 0 }, open = { 0 };
	time_t until = time(NULL) + PATIENCE;
	struct tally sum;

	do {
		sum = compare_all(_metadata, self, flags);
		ASSERT_LT(0, sum.mapped);
		ASSERT_TRUE(suspects_round(&wrong, &sum.wrong));
		ASSERT_TRUE(suspects_round(&open, &sum.open));
	} while ((open.ranges.nr || wrong.ranges.nr) && time(NULL) < until);
	expect_none(_metadata, &wrong, "differed");
	expect_none(_metadata, &open, "changed");
	TH_LOG("%llu KiB mapped, all compared by try %u", sum.mapped / 1024,
	       wrong.rounds);
}

TEST_F(map, pages_are_as_the_kernel_dumps_them)
{
	check_scan(_metadata, self, 0);
}

TEST_F(map, runs_are_as_the_kernel_dumps_them)
{
	check_scan(_metadata, self, VMSCOPE_SCAN_RUNS);
}

TEST_F(map, runs_with_frames_are_as_the_kernel_dumps_them)
{
	check_scan(_metadata, self,
		   VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES |
			   VMSCOPE_SCAN_AREAS);
}

static bool is_wx(unsigned int attrs)
{
	return (attrs & (SPAN_WRITE | SPAN_EXEC)) == (SPAN_WRITE | SPAN_EXEC);
}

/* Where only one of scan and dumps has W+X. */
static bool wx_differs(const FIXTURE_DATA(map) * self, struct ranges *wrong)
{
	__u64 start = self->info.kernel_start, next;
	size_t at[3] = { 0 };
	bool ok = true;

	for (; ok && start < KERNEL_END; start = next) {
		unsigned int attrs[3];

		next = KERNEL_END;
		attrs_of_all(self, at, start, &next, attrs);
		if (!((attrs[0] | attrs[1] | attrs[2]) & SPAN_UNTOLD) &&
		    is_wx(attrs[0]) == is_wx(attrs[2]) &&
		    is_wx(attrs[0]) != is_wx(attrs[1]))
			ok = ranges_add(wrong, start, next);
	}
	return ok;
}

static bool spans_have_wx(const struct spans *spans, __u64 start, __u64 end)
{
	for (size_t i = 0; i < spans->nr; i++)
		if (spans->all[i].start <= start && end <= spans->all[i].end)
			return is_wx(spans->all[i].attrs);
	return false;
}

/*
 * Everything that can be written and executed is reported as W+X, and nothing
 * else is. One such page is known.
 */
TEST_F(map, write_and_execute_is_as_the_kernel_dumps_it)
{
	struct plants *plants = calloc(1, sizeof(*plants));
	time_t until = time(NULL) + PATIENCE;
	struct suspects wrong = { 0 };
	const struct plant *wx;

	ASSERT_NE(NULL, plants);
	if (!test_module_load("plant"))
		SKIP(return, "plant.ko does not load here");
	EXPECT_TRUE(plants_read(plants));
	wx = plants_find(plants, "wx");
	do {
		struct ranges round = { 0 };

		EXPECT_TRUE(read_all(self, VMSCOPE_SCAN_RUNS));
		EXPECT_TRUE(wx_differs(self, &round));
		EXPECT_TRUE(suspects_round(&wrong, &round));
		EXPECT_TRUE(wx && spans_have_wx(&self->scan, wx->addr,
						wx->addr + PAGE_BYTES));
		free_all(self);
	} while (wrong.ranges.nr && time(NULL) < until);
	test_module_unload("plant");
	expect_none(_metadata, &wrong, "differed in W+X");
}

TEST_HARNESS_MAIN
