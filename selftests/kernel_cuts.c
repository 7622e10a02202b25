// SPDX-License-Identifier: GPL-2.0-only
/*
 * A scan of the kernel's half reports the same however it is split: in buffers
 * of any size, and from addresses where its tables repeat.
 */
#include "harness.h"
#include "kernel.h"
#include "ranges.h"

/* Seconds for each way to split: by then, every address must agree once. */
#define PATIENCE 120

NEEDS(kernel_missing())

FIXTURE(half)
{
	__u64 start;
	__u64 image;
	int fd;
};

FIXTURE_SETUP(half)
{
	struct regions regions;
	const struct region *image;

	self->fd = own_kernel();
	self->start = kernel_start(self->fd);
	regions_read(self->fd, &regions);
	image = region_of(&regions, VMSCOPE_REGION_IMAGE);
	ASSERT_NE(NULL, image);
	self->image = image->start;
}

NO_TEARDOWN(half)

TEST_F(half, scan_records_are_well_formed)
{
	__u64 flags;

	for (flags = 0; flags <= VMSCOPE_SCAN_ALL; flags++) {
		struct vmscope_scan scan;
		struct records recs;

		if (flags & VMSCOPE_SCAN_NAMES && !(flags & VMSCOPE_SCAN_AREAS))
			continue;
		/* do not list each entry: the image has all kinds */
		scan_init(&scan,
			  flags & VMSCOPE_SCAN_RUNS ? self->start : self->image,
			  KERNEL_END, flags);
		ASSERT_EQ(0, records_read(self->fd, &scan, 1 << 20, &recs));
		about("flags %llx: ", flags);
		EXPECT_FINE(records_malformed(&recs, &scan));
		records_free(&recs);
	}
}

/* A page or run, preceded by the areas and tables that begin with it. */
struct group {
	/* its records, @nr_words of them; NULL if there are no more */
	const __u64 *words;
	size_t nr_words;
	/*
	 * address of the page or run; KERNEL_END for what follows the last one
	 */
	__u64 at;
	__u64 end; /* exclusive */
};

static struct group group_at(const struct records *recs, const __u64 *words)
{
	const __u64 *end = recs->words + recs->nr_words, *rec = words;
	struct group group = { .at = KERNEL_END, .end = -1ULL };
	bool is_leaf = false;

	for (; rec < end && !is_leaf; rec += record_words(rec)) {
		struct leaf leaf = leaf_of((const void *)rec);

		is_leaf = record_is_leaf(rec);
		if (!is_leaf)
			continue;
		group.at = leaf.start;
		group.end = leaf_end(&leaf);
	}
	group.nr_words = rec - words;
	group.words = group.nr_words ? words : NULL;
	return group;
}

static struct group group_first(const struct records *recs)
{
	return group_at(recs, recs->words);
}

static struct group group_next(const struct records *recs,
			       const struct group *group)
{
	return group_at(recs, group->words + group->nr_words);
}

static bool same_group(const struct group *a, const struct group *b)
{
	return a->nr_words == b->nr_words &&
	       !memcmp(a->words, b->words, a->nr_words * sizeof(*a->words));
}

/* Advances @at, a group of @recs, to where @group is; is it the same there? */
static bool has_group(const struct records *recs, struct group *at,
		      const struct group *group)
{
	while (at->words && at->at < group->at)
		*at = group_next(recs, at);
	return at->words && at->at == group->at && same_group(at, group);
}

/* Scans of one range: in one call, split, in one call again. */
struct scans {
	struct records before;
	struct records cut;
	struct records after;
};

/* @open: where the whole scans differ; @wrong: what the split one lacks. */
static bool compare_cut(const struct scans *scans, struct ranges *open,
			struct ranges *wrong)
{
	struct group group = group_first(&scans->before);
	struct group cut = group_first(&scans->cut);
	struct group after = group_first(&scans->after);

	for (; group.words; group = group_next(&scans->before, &group)) {
		bool still = has_group(&scans->after, &after, &group);

		if (still && has_group(&scans->cut, &cut, &group))
			continue;
		if (!ranges_add(still ? wrong : open, group.at, group.end))
			return false;
	}
	return true;
}

static void cut_try(struct __test_metadata *_metadata, int fd,
		    const struct vmscope_scan *scan, size_t bytes,
		    struct suspects *open, struct suspects *wrong)
{
	struct ranges opens = { 0 }, wrongs = { 0 };
	struct scans scans;

	ASSERT_EQ(0, records_read(fd, scan, 1 << 20, &scans.before));
	ASSERT_EQ(0, records_read(fd, scan, bytes, &scans.cut));
	ASSERT_EQ(0, records_read(fd, scan, 1 << 20, &scans.after));
	ASSERT_EQ(NULL, records_malformed(&scans.before, scan));
	ASSERT_EQ(NULL, records_malformed(&scans.cut, scan));
	ASSERT_EQ(NULL, records_malformed(&scans.after, scan));
	ASSERT_TRUE(compare_cut(&scans, &opens, &wrongs));
	ASSERT_TRUE(suspects_round(open, &opens));
	ASSERT_TRUE(suspects_round(wrong, &wrongs));
	records_free(&scans.before);
	records_free(&scans.cut);
	records_free(&scans.after);
}

/*
 * Meanwhile the kernel runs: what is mapped, unmapped or written differs
 * between two scans, and only that may. Each time it is at other addresses, so
 * each address must agree in one try: in both whole scans and the split one.
 */
static void check_cut(struct __test_metadata *_metadata, int fd,
		      const struct vmscope_scan *scan, size_t bytes)
{
	struct suspects open = { 0 }, wrong = { 0 };
	time_t until = time(NULL) + PATIENCE;

	do
		cut_try(_metadata, fd, scan, bytes, &open, &wrong);
	while ((open.ranges.nr || wrong.ranges.nr) && time(NULL) < until);
	about("flags %llx, %zu bytes, %u tries: %llu bytes differ, %llu never held still: ",
	      scan->flags, bytes, open.rounds, ranges_bytes(&wrong.ranges),
	      ranges_bytes(&open.ranges));
	EXPECT_EQ(0, open.ranges.nr + wrong.ranges.nr);
	ranges_free(&open.ranges);
	ranges_free(&wrong.ranges);
}

TEST_F(half, scan_is_the_same_however_the_buffer_cuts_it)
{
	static const __u64 flags[] = {
		0,
		VMSCOPE_SCAN_RUNS,
		VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES | VMSCOPE_SCAN_AREAS,
		VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_TABLES,
		VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_SKIP_EMPTY |
			VMSCOPE_SCAN_TABLES,
	};
	static const size_t bytes[] = { 72, 104, 256, 1000, 4096, 40960 };
	struct vmscope_scan scan;

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(bytes); j++) {
			scan_init(&scan, self->image, KERNEL_END, flags[i]);
			check_cut(_metadata, self->fd, &scan, bytes[j]);
		}
	}
}

/* From the start, which has holes, repeated tables and large pages. */
TEST_F(half, scan_of_the_half_is_the_same_however_the_buffer_cuts_it)
{
	static const size_t bytes[] = { 72, 4096 };
	struct vmscope_scan scan;

	for (size_t j = 0; j < ARRAY_SIZE(bytes); j++) {
		scan_init(&scan, self->start, KERNEL_END,
			  VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS);
		check_cut(_metadata, self->fd, &scan, bytes[j]);
	}
}

/* The first record of a state, NULL if there is none. */
static const __u64 *first_of_state(const struct records *recs,
				   unsigned int state)
{
	for_each_record(rec, recs)
		if (record_is_leaf(rec) &&
		    leaf_of((const void *)rec).state == state)
			return rec;
	return NULL;
}

/* Whether a scan from @start reports the entry at @leaf as repeated. */
static bool says_repeat(struct __test_metadata *_metadata, int fd, __u64 start,
			const struct leaf *leaf, __u64 bytes)
{
	struct records recs = { 0 };
	bool says = false;

	ASSERT_EQ(0,
		  records_scan(fd, start, leaf->start + bytes,
			       VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_TABLES, &recs));
	for_each_record(rec, &recs) {
		struct leaf at;

		if (!record_is_leaf(rec))
			continue;
		at = leaf_of((const void *)rec);
		says |= at.start == leaf->start && at.level == leaf->level &&
			at.state == VMSCOPE_STATE_REPEAT;
	}
	records_free(&recs);
	return says;
}

TEST_F(half, repeat_follows_only_what_was_shown_from_its_first_page)
{
	struct records recs = { 0 };
	struct vmscope_info info;
	const __u64 *rec;
	struct leaf leaf;
	__u64 bytes;

	ASSERT_EQ(0, device_info(self->fd, &info));
	ASSERT_EQ(0,
		  records_scan(self->fd, self->start, KERNEL_END,
			       VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_TABLES, &recs));
	rec = first_of_state(&recs, VMSCOPE_STATE_REPEAT);
	if (!rec) {
		records_free(&recs);
		SKIP(return, "this kernel maps no table twice in a row");
	}
	leaf = leaf_of((const void *)rec);
	bytes = 1ULL << info.level_shift[leaf.level];
	EXPECT_TRUE(says_repeat(_metadata, self->fd, leaf.start - bytes, &leaf,
				bytes));
	EXPECT_FALSE(says_repeat(_metadata, self->fd,
				 leaf.start - bytes + PAGE_BYTES, &leaf,
				 bytes));
	EXPECT_FALSE(
		says_repeat(_metadata, self->fd, leaf.start, &leaf, bytes));
}

TEST_HARNESS_MAIN
