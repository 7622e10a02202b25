// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's page tables as the kernel itself dumps them, and as a scan tells
 * them. The kernel lives on meanwhile: it dumps before and after, and what is
 * the same in both dumps must be the same in the scan.
 */
#include "harness.h"

#include "kernel.h"
#include "pagedump.h"
#include "ranges.h"

#define OURS "/sys/kernel/debug/vmscope_oracle/ptdump"
#define KERNELS_OWN "/sys/kernel/debug/page_tables/kernel"
#define TRIES 10

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

/**
 * struct tally - what came of a comparison, in bytes
 * @mapped: mapped in either dump, but for what a dump leaves out
 * @still: of that, the same in both
 * @untold: of that, what the scan could not hold still
 * @wrong: of the dumps' common parts, what the scan tells otherwise
 * @theirs: what the dumps have where that begins; so @ours of the scan
 */
struct tally {
	__u64 mapped;
	__u64 still;
	__u64 untold;
	struct ranges wrong;
	unsigned int theirs;
	unsigned int ours;
};

FIXTURE(map)
{
	struct vmscope_info info;
	struct spans before, scan, after;
	struct records recs;
	struct region regions[MAX_REGIONS];
	size_t nr_regions;
	int fd;
};

FIXTURE_SETUP(map)
{
	self->fd = kernel_open();
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, device_info(self->fd, &self->info));
	self->nr_regions = regions_read(self->fd, self->regions);
	ASSERT_LT(0, self->nr_regions);
}

FIXTURE_TEARDOWN(map)
{
	close(self->fd);
}

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

/* What stands at @addr; moves on in @at, ends in @end where that is nearer. */
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
	bool still = attrs[0] == attrs[2];

	if ((attrs[0] | attrs[2]) & SPAN_UNTOLD)
		return true;
	if (attrs[0] || attrs[2])
		tally->mapped += bytes;
	if (!still)
		return true;
	if (attrs[1] == SPAN_UNTOLD) {
		tally->untold += bytes;
		return true;
	}
	if (attrs[0] == attrs[1]) {
		tally->still += attrs[0] ? bytes : 0;
		return true;
	}
	if (!tally->wrong.nr) {
		tally->theirs = attrs[0];
		tally->ours = attrs[1];
	}
	return ranges_add(&tally->wrong, start, start + bytes);
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
		attrs[0] = attrs_at(&self->before, &at[0], start, &next);
		attrs[1] = attrs_at(&self->scan, &at[1], start, &next);
		attrs[2] = attrs_at(&self->after, &at[2], start, &next);
		ok = tally_piece(tally, start, next - start, attrs);
	}
	return ok;
}

/* Adds to @sum; what it has of wrong ranges is in the order of the regions. */
static void compare_region(struct __test_metadata *_metadata,
			   const FIXTURE_DATA(map) * self,
			   const struct region *region, struct tally *sum)
{
	struct tally tally = { 0 };
	size_t i;

	ASSERT_EQ(true, compare(self, region->start, region->end, &tally));
	for (i = 0; i < tally.wrong.nr; i++)
		ASSERT_EQ(true,
			  ranges_add(&sum->wrong, tally.wrong.all[i].start,
				     tally.wrong.all[i].end));
	if (tally.wrong.nr)
		TH_LOG("region %u: %llu bytes differ, first at %llx: dump %x, scan %x",
		       region->kind, ranges_bytes(&tally.wrong),
		       tally.wrong.all[0].start, tally.theirs, tally.ours);
	ranges_free(&tally.wrong);
	/* the shadow of KASAN would outweigh all the rest */
	if (region->kind == VMSCOPE_REGION_KASAN)
		return;
	sum->mapped += tally.mapped;
	sum->still += tally.still;
	sum->untold += tally.untold;
}

static struct tally compare_all(struct __test_metadata *_metadata,
				FIXTURE_DATA(map) * self, __u64 flags)
{
	struct tally sum = { 0 };
	size_t i;

	EXPECT_EQ(true, read_all(self, flags));
	for (i = 0; i < self->nr_regions; i++)
		compare_region(_metadata, self, &self->regions[i], &sum);
	free_all(self);
	return sum;
}

static bool held_still(const struct tally *tally)
{
	return tally->still >= tally->mapped / 100 * 99;
}

/*
 * A stack that is there for the scan alone differs from both dumps, and so does
 * all else that comes and goes; but not each time, and in the same place.
 */
static void check_scan(struct __test_metadata *_metadata,
		       FIXTURE_DATA(map) * self, __u64 flags)
{
	struct suspects suspects = { 0 };
	struct tally sum;
	bool held = false;

	do {
		sum = compare_all(_metadata, self, flags);
		held |= held_still(&sum);
		ASSERT_EQ(true, suspects_round(&suspects, &sum.wrong));
	} while ((!held || suspects.ranges.nr) && suspects.rounds < TRIES);
	EXPECT_EQ(true, held);
	EXPECT_EQ(0, suspects.ranges.nr)
	{
		TH_LOG("%llu bytes differed in each of %u tries, first at %llx",
		       ranges_bytes(&suspects.ranges), suspects.rounds,
		       suspects.ranges.all[0].start);
	}
	ranges_free(&suspects.ranges);
	TH_LOG("%llu KiB mapped, %llu held still, %llu raced, in try %u",
	       sum.mapped / 1024, sum.still / 1024, sum.untold / 1024,
	       suspects.rounds);
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

/* What can be written and executed is told as such, and nothing else is. */
TEST_F(map, write_and_execute_is_as_the_kernel_dumps_it)
{
	const unsigned int both = SPAN_WRITE | SPAN_EXEC;
	__u64 bytes[2] = { 0 };
	size_t i;

	if (!test_module_load("plant"))
		SKIP(return, "plant.ko does not load here");
	ASSERT_EQ(true, read_all(self, VMSCOPE_SCAN_RUNS));
	test_module_unload("plant");
	for (i = 0; i < self->scan.nr; i++)
		if ((self->scan.all[i].attrs & both) == both)
			bytes[0] +=
				self->scan.all[i].end - self->scan.all[i].start;
	for (i = 0; i < self->after.nr; i++)
		if ((self->after.all[i].attrs & both) == both &&
		    self->after.all[i].start >= self->info.kernel_start)
			bytes[1] += self->after.all[i].end -
				    self->after.all[i].start;
	EXPECT_EQ(bytes[1], bytes[0]);
	EXPECT_LE(PAGE_BYTES, bytes[0]);
	free_all(self);
}

TEST_HARNESS_MAIN
