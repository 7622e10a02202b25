// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every rule of a descriptor that is bound to the kernel's half, by a call that
 * differs from a valid one in one thing.
 *
 * Lockdown has no test here: a kernel that is locked down for confidentiality
 * loads no module without a signature, this one's neither.
 */
#include "harness.h"

#include <linux/capability.h>
#include <sys/ioctl.h>
#include <time.h>

#include "kernel.h"
#include "procfs.h"

#define KPTR_RESTRICT "/proc/sys/kernel/kptr_restrict"
#define MIN_TRIES 3
/* How long all regions may take to agree once, beyond these tries. */
#define PATIENCE 60

static void __attribute__((constructor)) need_kernel(void)
{
	const char *why = kernel_missing();

	if (why)
		ksft_exit_skip("%s\n", why);
}

static __u64 scan_buf[8192];

static int call_errno(int fd, unsigned long cmd, void *arg)
{
	return ioctl(fd, cmd, arg) ? errno : 0;
}

/* Attach */

static int attach_errno(int fd, __u64 size, __u64 flags, __u64 pid)
{
	struct vmscope_attach attach[2] = {
		{ .size = size, .flags = flags, .pid = pid }
	};

	return call_errno(fd, VMSCOPE_IOC_ATTACH, attach);
}

#define ATTACH_SIZE sizeof(struct vmscope_attach)

FIXTURE(unbound)
{
	int fd;
};

FIXTURE_SETUP(unbound)
{
	self->fd = device_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(unbound)
{
	knobs_restore();
	close(self->fd);
}

TEST_F(unbound, attach_kernel_is_taken)
{
	EXPECT_EQ(0, attach_errno(self->fd, ATTACH_SIZE, VMSCOPE_ATTACH_KERNEL,
				  0));
}

TEST_F(unbound, attach_kernel_with_a_pid_is_einval)
{
	EXPECT_EQ(EINVAL, attach_errno(self->fd, ATTACH_SIZE,
				       VMSCOPE_ATTACH_KERNEL, getpid()));
	EXPECT_EQ(EINVAL, attach_errno(self->fd, ATTACH_SIZE,
				       VMSCOPE_ATTACH_KERNEL, 1));
	EXPECT_EQ(EINVAL, attach_errno(self->fd, ATTACH_SIZE,
				       VMSCOPE_ATTACH_KERNEL, 1ULL << 63));
}

TEST_F(unbound, attach_kernel_with_an_unknown_flag_is_einval)
{
	int bit;

	for (bit = 1; bit < 64; bit++)
		EXPECT_EQ(EINVAL,
			  attach_errno(self->fd, ATTACH_SIZE,
				       VMSCOPE_ATTACH_KERNEL | 1ULL << bit, 0));
}

TEST_F(unbound, attach_kernel_of_another_size)
{
	EXPECT_EQ(EINVAL, attach_errno(self->fd, VMSCOPE_ATTACH_SIZE_V1 - 8,
				       VMSCOPE_ATTACH_KERNEL, 0));
	EXPECT_EQ(0, attach_errno(self->fd, ATTACH_SIZE + 8,
				  VMSCOPE_ATTACH_KERNEL, 0));
}

TEST_F(unbound, attach_kernel_twice_is_ebusy)
{
	EXPECT_EQ(0, kernel_attach(self->fd));
	EXPECT_EQ(EBUSY, attach_errno(self->fd, ATTACH_SIZE,
				      VMSCOPE_ATTACH_KERNEL, 0));
	EXPECT_EQ(EBUSY, attach_errno(self->fd, ATTACH_SIZE, 0, getpid()));
}

TEST_F(unbound, attach_kernel_after_a_process_is_ebusy)
{
	EXPECT_EQ(0, device_attach(self->fd, getpid()));
	EXPECT_EQ(EBUSY, attach_errno(self->fd, ATTACH_SIZE,
				      VMSCOPE_ATTACH_KERNEL, 0));
}

TEST_F(unbound, attach_kernel_refused_leaves_it_unbound)
{
	EXPECT_EQ(EINVAL, attach_errno(self->fd, ATTACH_SIZE,
				       VMSCOPE_ATTACH_KERNEL, 1));
	EXPECT_EQ(0, device_attach(self->fd, getpid()));
}

TEST_F(unbound, attach_kernel_with_kptr_restrict_2_is_eperm)
{
	ASSERT_EQ(true, knob_set(KPTR_RESTRICT, "2"));
	EXPECT_EQ(EPERM, attach_errno(self->fd, ATTACH_SIZE,
				      VMSCOPE_ATTACH_KERNEL, 0));
	ASSERT_EQ(true, knob_set(KPTR_RESTRICT, "1"));
	EXPECT_EQ(0, attach_errno(self->fd, ATTACH_SIZE, VMSCOPE_ATTACH_KERNEL,
				  0));
}

TEST_F(unbound, attach_kernel_without_cap_syslog_is_eperm)
{
	cap_drop(CAP_SYSLOG);
	EXPECT_EQ(EPERM, attach_errno(self->fd, ATTACH_SIZE,
				      VMSCOPE_ATTACH_KERNEL, 0));
	EXPECT_EQ(0, device_attach(self->fd, getpid()));
}

TEST_F(unbound, attach_kernel_without_cap_sys_admin_is_eperm)
{
	cap_drop(CAP_SYS_ADMIN);
	EXPECT_EQ(EPERM, attach_errno(self->fd, ATTACH_SIZE,
				      VMSCOPE_ATTACH_KERNEL, 0));
}

/* Info */

TEST_F(unbound, info_reports_where_the_kernels_half_starts)
{
	struct vmscope_info info;
	__u64 half;

	ASSERT_EQ(0, device_info(self->fd, &info));
	half = -1ULL << (info.level_shift[VMSCOPE_LEVEL_PGD] + 8);
	EXPECT_EQ(half, info.kernel_start);
}

/* A bound descriptor */

FIXTURE(bound)
{
	struct region regions[MAX_REGIONS];
	size_t nr_regions;
	struct vmscope_scan scan;
	__u64 start;
	int fd;
};

FIXTURE_SETUP(bound)
{
	const struct region *image;

	self->fd = kernel_open();
	ASSERT_LE(0, self->fd);
	self->start = kernel_start(self->fd);
	self->nr_regions = regions_read(self->fd, self->regions);
	image = region_of(self->regions, self->nr_regions,
			  VMSCOPE_REGION_IMAGE);
	ASSERT_NE(NULL, image);
	scan_init(&self->scan, image->start, image->start + PAGE_BYTES, 0);
	self->scan.buf = address(scan_buf);
	self->scan.buf_bytes = sizeof(scan_buf);
	/* so that no test finds its buffer absent */
	memset(scan_buf, 1, sizeof(scan_buf));
}

FIXTURE_TEARDOWN(bound)
{
	knobs_restore();
	close(self->fd);
}

/* Regions: all of the half, in order, without a gap, and none twice in a row. */
TEST_F(bound, regions_fill_the_half)
{
	size_t i;

	ASSERT_LT(4, self->nr_regions);
	EXPECT_EQ(self->start, self->regions[0].start);
	EXPECT_EQ(KERNEL_END, self->regions[self->nr_regions - 1].end);
	for (i = 0; i < self->nr_regions; i++) {
		EXPECT_LT(self->regions[i].start, self->regions[i].end);
		EXPECT_GT(VMSCOPE_NR_REGIONS, self->regions[i].kind);
		if (!i)
			continue;
		EXPECT_EQ(self->regions[i - 1].end, self->regions[i].start);
		EXPECT_FALSE(!self->regions[i - 1].kind &&
			     !self->regions[i].kind);
	}
}

TEST_F(bound, regions_of_each_kind_are_there_once)
{
	static const unsigned int kinds[] = {
		VMSCOPE_REGION_DIRECT,	VMSCOPE_REGION_VMALLOC,
		VMSCOPE_REGION_VMEMMAP, VMSCOPE_REGION_CPU_ENTRY,
		VMSCOPE_REGION_IMAGE,	VMSCOPE_REGION_MODULES,
		VMSCOPE_REGION_FIXMAP,
	};
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		int found = 0;

		for (j = 0; j < self->nr_regions; j++)
			found += self->regions[j].kind == kinds[i];
		/* the vsyscall page lies in the middle of the fixmap */
		EXPECT_LE(1, found);
		EXPECT_GE(kinds[i] == VMSCOPE_REGION_FIXMAP ? 2 : 1, found)
		{
			TH_LOG("region %u", kinds[i]);
		}
	}
}

TEST_F(bound, areas_are_reported_alike_with_and_without_pages)
{
	size_t nr = 0;
	struct records recs;
	const __u64 *rec;

	ASSERT_EQ(0, kernel_scan(self->fd, self->start, KERNEL_END,
				 VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_RUNS |
					 VMSCOPE_SCAN_SKIP_EMPTY,
				 &recs));
	for_each_record(rec, &recs)
	{
		const struct vmscope_area *area = (const void *)rec;

		if (VMSCOPE_WORD_KIND(*rec) != VMSCOPE_KIND_AREA)
			continue;
		ASSERT_LT(nr, self->nr_regions);
		EXPECT_EQ(self->regions[nr].start,
			  VMSCOPE_WORD_ADDR(area->where));
		EXPECT_EQ(self->regions[nr].end, area->end);
		nr++;
	}
	EXPECT_EQ(self->nr_regions, nr);
	records_free(&recs);
}

/* Scan, field by field */

static void start_unaligned(struct vmscope_scan *scan)
{
	scan->start++;
}

static void end_unaligned(struct vmscope_scan *scan)
{
	scan->end++;
}

static void range_reversed(struct vmscope_scan *scan)
{
	scan->start = scan->end + PAGE_BYTES;
}

static void range_empty(struct vmscope_scan *scan)
{
	scan->end = scan->start;
}

static void range_up_to_all_bits(struct vmscope_scan *scan)
{
	scan->end = -1ULL;
}

static void range_up_to_the_last_page(struct vmscope_scan *scan)
{
	scan->end = KERNEL_END;
}

static void range_of_everything(struct vmscope_scan *scan)
{
	scan->start = 0;
	scan->end = KERNEL_END;
}

static void range_of_user_addresses(struct vmscope_scan *scan)
{
	scan->start = PAGE_BYTES;
	scan->end = USER_END - PAGE_BYTES;
}

static void range_not_canonical(struct vmscope_scan *scan)
{
	scan->start = 1ULL << 60;
	scan->end = (1ULL << 60) + PAGE_BYTES;
}

static void flags_unknown(struct vmscope_scan *scan)
{
	scan->flags = VMSCOPE_SCAN_ALL + 1;
}

static void flags_names_alone(struct vmscope_scan *scan)
{
	scan->flags = VMSCOPE_SCAN_NAMES;
}

static void flags_all(struct vmscope_scan *scan)
{
	scan->flags = VMSCOPE_SCAN_ALL;
}

static void cursor_unknown(struct vmscope_scan *scan)
{
	scan->cursor[0] = 0x400;
}

static void buf_null(struct vmscope_scan *scan)
{
	scan->buf = 0;
}

static void buf_unaligned(struct vmscope_scan *scan)
{
	scan->buf++;
}

static void buf_of_the_kernel(struct vmscope_scan *scan)
{
	scan->buf = scan->start;
}

static void buf_too_small(struct vmscope_scan *scan)
{
	scan->buf_bytes = VMSCOPE_SCAN_MIN_BYTES - 8;
}

static void buf_smallest(struct vmscope_scan *scan)
{
	scan->buf_bytes = VMSCOPE_SCAN_MIN_BYTES;
}

static void masks_full(struct vmscope_scan *scan)
{
	scan->any_flags = VMSCOPE_F_ALL;
	scan->states = (1ULL << VMSCOPE_NR_STATES) - 1;
	scan->levels = (1ULL << VMSCOPE_NR_LEVELS) - 1;
	scan->run_flags = VMSCOPE_F_ALL;
}

static void states_unknown(struct vmscope_scan *scan)
{
	scan->states = 1ULL << VMSCOPE_NR_STATES;
}

static void levels_unknown(struct vmscope_scan *scan)
{
	scan->levels = 1ULL << VMSCOPE_NR_LEVELS;
}

static void reserved_set(struct vmscope_scan *scan)
{
	scan->reserved = 1;
}

static const struct {
	const char *name;
	void (*change)(struct vmscope_scan *scan);
	int err;
} scan_fields[] = {
#define FIELD(name, err) { #name, name, err }
	FIELD(start_unaligned, EINVAL),
	FIELD(end_unaligned, EINVAL),
	FIELD(range_reversed, EINVAL),
	FIELD(range_empty, 0),
	FIELD(range_up_to_all_bits, EINVAL),
	FIELD(range_up_to_the_last_page, 0),
	FIELD(range_of_everything, 0),
	FIELD(range_of_user_addresses, 0),
	FIELD(range_not_canonical, 0),
	FIELD(flags_unknown, EINVAL),
	FIELD(flags_names_alone, EINVAL),
	FIELD(flags_all, 0),
	FIELD(cursor_unknown, EINVAL),
	FIELD(buf_null, EFAULT),
	FIELD(buf_unaligned, EINVAL),
	FIELD(buf_of_the_kernel, EFAULT),
	FIELD(buf_too_small, EINVAL),
	FIELD(buf_smallest, 0),
	FIELD(masks_full, 0),
	FIELD(states_unknown, EINVAL),
	FIELD(levels_unknown, EINVAL),
	FIELD(reserved_set, EINVAL),
};

TEST_F(bound, scan_fields_are_judged)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(scan_fields); i++) {
		struct vmscope_scan scan = self->scan;

		scan_fields[i].change(&scan);
		EXPECT_EQ(scan_fields[i].err,
			  call_errno(self->fd, VMSCOPE_IOC_SCAN, &scan))
		{
			TH_LOG("%s", scan_fields[i].name);
		}
	}
}

/* The half has an end on both sides; beyond there is nothing to report. */
TEST_F(bound, scan_of_user_addresses_reports_nothing)
{
	range_of_user_addresses(&self->scan);
	self->scan.flags = VMSCOPE_SCAN_AREAS;
	EXPECT_EQ(0, call_errno(self->fd, VMSCOPE_IOC_SCAN, &self->scan));
	EXPECT_EQ(0, self->scan.bytes);
	EXPECT_EQ(self->scan.end, self->scan.next);
}

TEST_F(bound, scan_of_what_is_not_canonical_reports_nothing)
{
	range_not_canonical(&self->scan);
	self->scan.flags = VMSCOPE_SCAN_AREAS;
	EXPECT_EQ(0, call_errno(self->fd, VMSCOPE_IOC_SCAN, &self->scan));
	EXPECT_EQ(0, self->scan.bytes);
	EXPECT_EQ(self->scan.end, self->scan.next);
}

TEST_F(bound, scan_records_are_well_formed)
{
	__u64 flags;

	for (flags = 0; flags <= VMSCOPE_SCAN_ALL; flags++) {
		struct vmscope_scan scan;
		struct records recs;

		if (flags & VMSCOPE_SCAN_NAMES && !(flags & VMSCOPE_SCAN_AREAS))
			continue;
		/* all entries one by one are many: the image has all kinds */
		scan_init(&scan,
			  flags & VMSCOPE_SCAN_RUNS ? self->start :
						      self->scan.start,
			  KERNEL_END, flags);
		ASSERT_EQ(0, records_read(self->fd, &scan, 1 << 20, &recs));
		EXPECT_EQ(NULL, records_malformed(&recs, &scan))
		{
			TH_LOG("flags %llx: %s", flags,
			       records_malformed(&recs, &scan));
		}
		records_free(&recs);
	}
}

/* Buffers of any size */

/**
 * struct group - a page or run, behind the areas and tables that begin with it
 * @words: its records, @nr_words of them; NULL where there are no more
 * @at: address of the page or run; KERNEL_END of what stands behind the last
 */
struct group {
	const __u64 *words;
	size_t nr_words;
	__u64 at;
};

static struct group group_at(const struct records *recs, const __u64 *words)
{
	const __u64 *end = recs->words + recs->nr_words;
	struct group group = { .words = words, .at = KERNEL_END };
	const __u64 *rec;

	for (rec = words; rec < end && group.at == KERNEL_END;
	     rec += record_words(rec))
		if (record_is_leaf(rec))
			group.at = VMSCOPE_WORD_ADDR(*rec);
	group.nr_words = rec - words;
	if (!group.nr_words)
		group.words = NULL;
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

/* Moves @group on until it is at @at or behind; is it there? */
static bool group_find(const struct records *recs, struct group *group,
		       __u64 at)
{
	while (group->words && group->at < at)
		*group = group_next(recs, group);
	return group->words && group->at == at;
}

/**
 * struct verdict - what came of a region in one try
 * @groups: of the first whole scan
 * @still: of them the same in the second
 * @differ: of those not the same in the scan that was cut
 */
struct verdict {
	size_t groups;
	size_t still;
	size_t differ;
};

/**
 * struct scans - of one range: in one call, in pieces, in one call again
 */
struct scans {
	struct records before;
	struct records cut;
	struct records after;
};

static bool scans_read(int fd, const struct vmscope_scan *scan, size_t bytes,
		       struct scans *scans)
{
	return !records_read(fd, scan, 1 << 20, &scans->before) &&
	       !records_read(fd, scan, bytes, &scans->cut) &&
	       !records_read(fd, scan, 1 << 20, &scans->after);
}

static void scans_free(struct scans *scans)
{
	records_free(&scans->before);
	records_free(&scans->cut);
	records_free(&scans->after);
}

static size_t region_at(const FIXTURE_DATA(bound) * self, __u64 addr)
{
	size_t i = 0;

	while (i + 1 < self->nr_regions && self->regions[i].end <= addr)
		i++;
	return i;
}

static void compare_cut(const FIXTURE_DATA(bound) * self,
			const struct scans *scans, struct verdict *verdicts)
{
	struct group group = group_first(&scans->before);
	struct group cut = group_first(&scans->cut);
	struct group after = group_first(&scans->after);

	for (; group.words; group = group_next(&scans->before, &group)) {
		struct verdict *verdict = &verdicts[region_at(self, group.at)];

		verdict->groups++;
		if (!group_find(&scans->after, &after, group.at) ||
		    !same_group(&group, &after))
			continue;
		verdict->still++;
		verdict->differ += !group_find(&scans->cut, &cut, group.at) ||
				   !same_group(&group, &cut);
	}
}

/* Keeps the try that says most, of those in which the region agreed. */
static void verdict_add(struct verdict *best, const struct verdict *verdict)
{
	bool agreed = !verdict->differ;

	if (!best->groups || (agreed && best->differ) ||
	    (agreed &&
	     verdict->still * best->groups > best->still * verdict->groups))
		*best = *verdict;
}

static struct verdict verdicts_sum(const struct verdict *verdicts)
{
	struct verdict sum = { 0 };
	size_t i;

	for (i = 0; i < MAX_REGIONS; i++) {
		sum.groups += verdicts[i].groups;
		sum.still += verdicts[i].still;
		sum.differ += verdicts[i].differ;
	}
	return sum;
}

/*
 * A group that changed between the whole scans decides nothing. If more than
 * one in a hundred did in a region's best try, too little was compared.
 */
static bool verdict_is_good(const struct verdict *sum)
{
	return !sum->differ && sum->still * 100 >= sum->groups * 99;
}

static void cut_try(struct __test_metadata *_metadata,
		    const FIXTURE_DATA(bound) * self,
		    const struct vmscope_scan *scan, size_t bytes,
		    struct verdict *best)
{
	struct verdict verdicts[MAX_REGIONS] = { 0 };
	struct scans scans = { 0 };
	size_t i;

	ASSERT_EQ(true, scans_read(self->fd, scan, bytes, &scans));
	ASSERT_EQ(NULL, records_malformed(&scans.before, scan));
	ASSERT_EQ(NULL, records_malformed(&scans.cut, scan));
	ASSERT_EQ(NULL, records_malformed(&scans.after, scan));
	compare_cut(self, &scans, verdicts);
	scans_free(&scans);
	for (i = 0; i < self->nr_regions; i++)
		verdict_add(&best[i], &verdicts[i]);
}

/*
 * The kernel lives on meanwhile, so what counts is what both whole scans have,
 * and each region has to agree once.
 */
static void check_cut(struct __test_metadata *_metadata,
		      const FIXTURE_DATA(bound) * self,
		      const struct vmscope_scan *scan, size_t bytes,
		      time_t until)
{
	struct verdict best[MAX_REGIONS] = { 0 };
	unsigned int tries = 0;
	struct verdict sum;

	do {
		cut_try(_metadata, self, scan, bytes, best);
		sum = verdicts_sum(best);
	} while (!verdict_is_good(&sum) &&
		 (++tries < MIN_TRIES || time(NULL) < until));
	EXPECT_EQ(true, verdict_is_good(&sum))
	{
		TH_LOG("flags %llx, %zu bytes: of %zu groups %zu held still, %zu differ",
		       scan->flags, bytes, sum.groups, sum.still, sum.differ);
	}
}

TEST_F(bound, scan_is_the_same_however_the_buffer_cuts_it)
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
	time_t until = time(NULL) + PATIENCE;
	struct vmscope_scan scan;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		for (j = 0; j < ARRAY_SIZE(bytes); j++) {
			scan_init(&scan, self->scan.start, KERNEL_END,
				  flags[i]);
			check_cut(_metadata, self, &scan, bytes[j], until);
		}
	}
}

/* From the start, where holes, repeated tables and large pages are. */
TEST_F(bound, scan_of_the_half_is_the_same_however_the_buffer_cuts_it)
{
	static const size_t bytes[] = { 72, 4096 };
	time_t until = time(NULL) + PATIENCE;
	struct vmscope_scan scan;
	size_t j;

	for (j = 0; j < ARRAY_SIZE(bytes); j++) {
		scan_init(&scan, self->start, KERNEL_END,
			  VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS);
		check_cut(_metadata, self, &scan, bytes[j], until);
	}
}

/* The first record of a state, NULL if there is no such record. */
static const __u64 *first_of_state(const struct records *recs,
				   unsigned int state)
{
	const __u64 *rec;

	for_each_record(rec, recs) if (record_is_leaf(rec) &&
				       leaf_of((const void *)rec).state ==
					       state) return rec;
	return NULL;
}

/* Whether a scan from @start says of the entry at @leaf that it repeats. */
static bool says_repeat(struct __test_metadata *_metadata, int fd, __u64 start,
			const struct leaf *leaf, __u64 bytes)
{
	struct records recs = { 0 };
	bool says = false;
	const __u64 *rec;

	ASSERT_EQ(0,
		  kernel_scan(fd, start, leaf->start + bytes,
			      VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_TABLES, &recs));
	for_each_record(rec, &recs)
	{
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

TEST_F(bound, repeat_follows_only_what_was_shown_from_its_first_page)
{
	struct records recs = { 0 };
	struct vmscope_info info;
	const __u64 *rec;
	struct leaf leaf;
	__u64 bytes;

	ASSERT_EQ(0, device_info(self->fd, &info));
	ASSERT_EQ(0,
		  kernel_scan(self->fd, self->start, KERNEL_END,
			      VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_TABLES, &recs));
	rec = first_of_state(&recs, VMSCOPE_STATE_REPEAT);
	if (!rec) {
		records_free(&recs);
		SKIP(return, "this kernel maps no table twice in a row");
	}
	leaf = leaf_of((const void *)rec);
	bytes = 1ULL << info.level_shift[leaf.level];
	EXPECT_EQ(true, says_repeat(_metadata, self->fd, leaf.start - bytes,
				    &leaf, bytes));
	EXPECT_EQ(false,
		  says_repeat(_metadata, self->fd,
			      leaf.start - bytes + PAGE_BYTES, &leaf, bytes));
	EXPECT_EQ(false,
		  says_repeat(_metadata, self->fd, leaf.start, &leaf, bytes));
	records_free(&recs);
}

/* Walks */

static int walk_errno(int fd, __u64 flags, __u64 addr, __u64 buf, __u64 bytes,
		      struct vmscope_walk *walk)
{
	*walk = (struct vmscope_walk){
		.size = sizeof(*walk),
		.flags = flags,
		.addr = addr,
		.name_buf = buf,
		.name_buf_bytes = bytes,
	};
	return call_errno(fd, VMSCOPE_IOC_WALK, walk);
}

TEST_F(bound, walk_fields_are_judged)
{
	__u64 addr = self->scan.start, buf = address(scan_buf);
	struct vmscope_walk walk;

	EXPECT_EQ(0, walk_errno(self->fd, 0, addr, 0, 0, &walk));
	EXPECT_EQ(0, walk_errno(self->fd, 0, addr + 3, 0, 0, &walk));
	EXPECT_EQ(0, walk_errno(self->fd, 0, addr, buf, 8, &walk));
	EXPECT_EQ(EINVAL, walk_errno(self->fd, 1, addr, 0, 0, &walk));
	EXPECT_EQ(EINVAL, walk_errno(self->fd, 0, addr, 0, 8, &walk));
	EXPECT_EQ(EINVAL, walk_errno(self->fd, 0, 1ULL << 62, 0, 0, &walk));
	EXPECT_EQ(EINVAL, walk_errno(self->fd, 0, ~(1ULL << 62), 0, 0, &walk));
}

TEST_F(bound, walk_of_a_hole_finds_no_page)
{
	const struct region *hole =
		region_of(self->regions, self->nr_regions, VMSCOPE_REGION_HOLE);
	struct vmscope_walk walk;
	struct leaf leaf;

	ASSERT_NE(NULL, hole);
	ASSERT_EQ(0, walk_errno(self->fd, 0, hole->start + 5, 0, 0, &walk));
	leaf = leaf_of(&walk.page);
	EXPECT_EQ(0, leaf.flags & F(PRESENT));
	EXPECT_EQ(0, walk.phys);
	EXPECT_EQ(hole->end, walk.area.end);
}

/* Where error pointers lie: in no range, never mapped, and a valid question. */
TEST_F(bound, walk_of_the_last_page_finds_no_page)
{
	struct vmscope_walk walk;

	ASSERT_EQ(0, walk_errno(self->fd, 0, -1ULL, 0, 0, &walk));
	EXPECT_EQ(0, leaf_of(&walk.page).flags & F(PRESENT));
	EXPECT_EQ(0, walk.phys);
}

/* The kernel's tables have no user's half: whose would it be? */
TEST_F(bound, walk_of_a_user_address_is_einval)
{
	struct vmscope_walk walk;

	EXPECT_EQ(EINVAL,
		  walk_errno(self->fd, 0, address(scan_buf), 0, 0, &walk));
	EXPECT_EQ(EINVAL, walk_errno(self->fd, 0, 0, 0, 0, &walk));
}

/* The direct map of a frame and the frame's direct map are one. */
TEST_F(bound, walk_of_the_direct_map_is_its_own_alias)
{
	const struct region *direct = region_of(self->regions, self->nr_regions,
						VMSCOPE_REGION_DIRECT);
	struct vmscope_walk walk;

	ASSERT_EQ(0, walk_errno(self->fd, 0, direct->start + 0x100123, 0, 0,
				&walk));
	EXPECT_EQ(0x100123, walk.phys);
	EXPECT_EQ(walk.addr, walk.kernel_alias);
}

/* A process's page, seen from its own side and by its alias. */
TEST_F(bound, walk_of_a_user_pages_alias_ends_at_its_frame)
{
	struct vmscope_walk user, kernel;
	int fd = device_open_pid(getpid());

	ASSERT_EQ(0, walk_errno(fd, 0, address(scan_buf), 0, 0, &user));
	ASSERT_NE(0, user.kernel_alias);
	ASSERT_EQ(0, walk_errno(self->fd, 0, user.kernel_alias, 0, 0, &kernel));
	EXPECT_EQ(user.phys, kernel.phys);
	EXPECT_NE(0, leaf_of(&kernel.page).flags & F(PERM_WRITE));
	EXPECT_EQ(0, leaf_of(&kernel.page).flags & F(USER));
	close(fd);
}

/* A census counts a process's tables. */
TEST_F(bound, census_is_refused)
{
	struct vmscope_census census = { .size = sizeof(census) };

	EXPECT_EQ(ENODATA, call_errno(self->fd, VMSCOPE_IOC_CENSUS, &census));
}

/* What one address is */

static int what_errno(int fd, __u64 flags, __u64 addr, __u64 cpu,
		      struct vmscope_what *what)
{
	*what = (struct vmscope_what){
		.size = sizeof(*what),
		.flags = flags,
		.addr = addr,
		.cpu = cpu,
	};
	return call_errno(fd, VMSCOPE_IOC_WHAT, what);
}

TEST_F(bound, what_fields_are_judged)
{
	struct vmscope_what what;
	__u64 addr = self->scan.start;
	int bit;

	EXPECT_EQ(0, what_errno(self->fd, 0, addr, 0, &what));
	EXPECT_EQ(0, what_errno(self->fd, 0, addr + 3, 0, &what));
	EXPECT_EQ(EINVAL, what_errno(self->fd, 0, address(scan_buf), 0, &what));
	EXPECT_EQ(EINVAL, what_errno(self->fd, 0, 1ULL << 62, 0, &what));
	EXPECT_EQ(EINVAL, what_errno(self->fd, 0, ~(1ULL << 62), 0, &what));
	for (bit = 1; bit < 64; bit++)
		EXPECT_EQ(EINVAL,
			  what_errno(self->fd, 1ULL << bit, addr, 0, &what));
	what = (struct vmscope_what){
		.size = sizeof(what),
		.addr = addr,
		.reserved = 1,
	};
	EXPECT_EQ(EINVAL, call_errno(self->fd, VMSCOPE_IOC_WHAT, &what));
}

/* What is no question is no answer either, whatever a caller left there. */
TEST_F(bound, what_leaves_nothing_of_the_callers)
{
	struct vmscope_what clean, dirty;

	ASSERT_EQ(0, what_errno(self->fd, 0, self->scan.start, 0, &clean));
	memset(&dirty, 0xff, sizeof(dirty));
	dirty.size = sizeof(dirty);
	dirty.flags = 0;
	dirty.addr = self->scan.start;
	dirty.reserved = 0;
	ASSERT_EQ(0, call_errno(self->fd, VMSCOPE_IOC_WHAT, &dirty));
	EXPECT_EQ(0, memcmp(&clean, &dirty, sizeof(clean)));
}

/* Where per-CPU offsets start: at 0, or among the addresses of the image. */
static __u64 percpu_start(void)
{
	FILE *symbols = fopen("/proc/kallsyms", "re");
	char line[256];
	__u64 start = 0;

	while (symbols && fgets(line, sizeof(line), symbols))
		if (strstr(line, " __per_cpu_start\n"))
			start = strtoull(line, NULL, 16);
	if (symbols)
		fclose(symbols);
	return start;
}

TEST_F(bound, what_of_a_processor_is_judged)
{
	const struct region *direct = region_of(self->regions, self->nr_regions,
						VMSCOPE_REGION_DIRECT);
	const __u64 ask = VMSCOPE_ASK_CPU, at = percpu_start();
	struct vmscope_what what;

	ASSERT_EQ(0, what_errno(self->fd, ask, at, 0, &what));
	EXPECT_LE(direct->start, what.addr);
	EXPECT_GT(direct->end, what.addr);
	EXPECT_EQ(EINVAL, what_errno(self->fd, ask, at, -1, &what));
	EXPECT_EQ(EINVAL, what_errno(self->fd, ask, at, 1 << 20, &what));
	EXPECT_EQ(EINVAL, what_errno(self->fd, ask, at, 1ULL << 32, &what));
	/* in no half that there is, or in the user's */
	EXPECT_EQ(EINVAL,
		  what_errno(self->fd, ask, at + (1ULL << 62), 0, &what));
	EXPECT_EQ(EINVAL,
		  what_errno(self->fd, ask, at + (1ULL << 63), 0, &what));
}

/* The fixmap is counted downwards from the last page of its two megabytes. */
TEST_F(bound, what_counts_slots_from_the_top)
{
	const __u64 vsyscall = 0xffffffffff600000ULL;
	const __u64 top = vsyscall + (2 << 20) - PAGE_BYTES;
	__u64 slot, last = 0;

	for (slot = 0; slot < 1536; slot++) {
		struct vmscope_what what;

		ASSERT_EQ(0, what_errno(self->fd, 0, top - slot * PAGE_BYTES, 0,
					&what));
		if (!(what.known & VMSCOPE_WHAT_SLOT))
			continue;
		EXPECT_EQ(slot, what.slot);
		EXPECT_LE(what.slot_first, slot);
		/* each name has its slots side by side */
		EXPECT_LE(last, what.slot_first);
		last = what.slot_first;
	}
	EXPECT_LT(512, last);
}

/* Who may ask: each call asks anew */

static void check_refused(struct __test_metadata *_metadata, int fd,
			  struct vmscope_scan *scan)
{
	struct vmscope_what what;
	struct vmscope_walk walk;

	EXPECT_EQ(EPERM, call_errno(fd, VMSCOPE_IOC_SCAN, scan));
	EXPECT_EQ(EPERM, walk_errno(fd, 0, scan->start, 0, 0, &walk));
	EXPECT_EQ(EPERM, what_errno(fd, 0, scan->start, 0, &what));
	EXPECT_EQ(EPERM, what_errno(fd, VMSCOPE_ASK_CPU, 0, 0, &what));
	EXPECT_EQ(0, what.addr);
	EXPECT_EQ(0, what.known);
	EXPECT_EQ(0, walk.phys);
	EXPECT_EQ(0, walk.nr_levels);
}

TEST_F(bound, calls_with_kptr_restrict_2_are_eperm)
{
	ASSERT_EQ(true, knob_set(KPTR_RESTRICT, "2"));
	check_refused(_metadata, self->fd, &self->scan);
	ASSERT_EQ(true, knob_set(KPTR_RESTRICT, "0"));
	EXPECT_EQ(0, call_errno(self->fd, VMSCOPE_IOC_SCAN, &self->scan));
}

TEST_F(bound, calls_without_cap_syslog_are_eperm)
{
	cap_drop(CAP_SYSLOG);
	check_refused(_metadata, self->fd, &self->scan);
}

TEST_F(bound, calls_without_cap_sys_admin_are_eperm)
{
	cap_drop(CAP_SYS_ADMIN);
	check_refused(_metadata, self->fd, &self->scan);
}

TEST_HARNESS_MAIN
