// SPDX-License-Identifier: GPL-2.0-only
/*
 * However a scan is asked for, it reports the same: merged or not, in buffers
 * of any size, begun anywhere, filtered by the kernel or by us.
 */
#include <linux/kernel-page-flags.h>
#include <linux/mempolicy.h>

#include "harness.h"
#include "target.h"

#define EVERYTHING (64 << 10)

/* Absent and present, of every level, without need for swap. */
ALL_TESTS_SHARE_TARGET(target)

FIXTURE(scans)
{
	int fd;
	struct records pages;
};

static int read_all(int fd, __u64 flags, size_t buf_bytes, struct records *recs)
{
	struct vmscope_scan scan;

	scan_init(&scan, 0, USER_END, flags);
	return records_read(fd, &scan, buf_bytes, recs);
}

FIXTURE_SETUP(scans)
{
	self->fd = device_of(target.pid);
	ASSERT_EQ(0, read_all(self->fd, VMSCOPE_SCAN_AREAS, EVERYTHING,
			      &self->pages));
}

NO_TEARDOWN(scans)

/* A scan does not set accessed bits, but the kernel may clear some. */
#define BUSY F(ACCESSED)

/* The first record of @have that is not in @want; NULL if there is none. */
static const __u64 *first_difference(const struct records *want,
				     const struct records *have)
{
	static const __u64 too_few[4];
	const __u64 *w = records_next(want, NULL);
	const __u64 *h = records_next(have, NULL);

	while (w && h) {
		size_t words = record_words(w);

		if (words != record_words(h) || memcmp(w, h, words * 8))
			return h;
		w = records_next(want, w);
		h = records_next(have, h);
	}
	return w ? too_few : h;
}

/*
 * Merges adjacent leaves that are equal in @key, as the kernel does for a run.
 */
struct pieces {
	struct piece {
		__u64 start;
		__u64 end;
		__u64 key;
		__u64 value;
		__u64 area;
	} *pieces;
	size_t nr;
	size_t room;
};

static void pieces_free(struct pieces *pieces)
{
	free(pieces->pieces);
	*pieces = (struct pieces){ 0 };
}

/* What all entries of a run have in common. */
#define RUN_FLAGS                                                             \
	(F(PRESENT) | F(READ) | F(WRITE) | F(EXEC) | F(USER) | F(PERM_READ) | \
	 F(PERM_WRITE) | F(PERM_EXEC) | F(PROTNONE) | F(RACED) | F(WITHHELD))

static __u64 run_key(const struct leaf *leaf, __u64 run_flags)
{
	return (leaf->flags & (RUN_FLAGS | run_flags)) |
	       (__u64)leaf->state << 32 | (__u64)leaf->level << 40;
}

static bool piece_continues(const struct piece *piece, const struct leaf *leaf,
			    __u64 key, __u64 area, bool frames)
{
	__u64 pages = (leaf->start - piece->start) / PAGE_BYTES;

	if (piece->end != leaf->start || piece->key != key ||
	    piece->area != area)
		return false;
	if (!frames)
		return true;
	if (!piece->value || !leaf->value)
		return piece->value == leaf->value;
	return piece->value + pages == leaf->value;
}

static void pieces_add(struct pieces *pieces, const struct leaf *leaf,
		       __u64 key, __u64 area, bool frames)
{
	struct piece *last = pieces->pieces + pieces->nr - 1;

	if (pieces->nr && piece_continues(last, leaf, key, area, frames)) {
		last->end = leaf_end(leaf);
		return;
	}
	if (!array_room(&pieces->pieces, &pieces->room, pieces->nr + 1,
			sizeof(*last)))
		return;
	pieces->pieces[pieces->nr++] = (struct piece){
		.start = leaf->start,
		.end = leaf_end(leaf),
		.key = key,
		.value = frames ? leaf->value : 0,
		.area = area,
	};
}

typedef bool wanted_fn(const struct leaf *leaf,
		       const struct vmscope_scan *scan);

static bool all_wanted(const struct leaf *leaf, const struct vmscope_scan *scan)
{
	(void)leaf;
	(void)scan;
	return true;
}

/* The wanted leaves of the records, merged as a scan like @scan would do. */
static void pieces_of(const struct records *recs,
		      const struct vmscope_scan *scan, wanted_fn *wanted,
		      struct pieces *pieces)
{
	bool frames = scan->flags & VMSCOPE_SCAN_FRAMES;
	__u64 area = 0;

	*pieces = (struct pieces){ 0 };
	for_each_record(rec, recs) {
		struct leaf leaf;

		if (VMSCOPE_WORD_KIND(*rec) == VMSCOPE_KIND_AREA)
			area = VMSCOPE_WORD_ADDR(*rec);
		if (!record_is_leaf(rec))
			continue;
		leaf = leaf_of((const void *)rec);
		if (wanted(&leaf, scan))
			pieces_add(pieces, &leaf,
				   run_key(&leaf, scan->run_flags), area,
				   frames);
	}
}

static bool pieces_equal(const struct pieces *a, const struct pieces *b)
{
	return a->nr == b->nr &&
	       (!a->nr ||
		!memcmp(a->pieces, b->pieces, a->nr * sizeof(*a->pieces)));
}

static size_t nr_leaves(const struct records *recs)
{
	size_t nr = 0;

	for_each_record(rec, recs)
		nr += record_is_leaf(rec);
	return nr;
}

TEST_F(scans, every_combination_of_flags_is_well_formed)
{
	__u64 flags;

	for (flags = 0; flags <= VMSCOPE_SCAN_ALL; flags++) {
		struct vmscope_scan scan;
		struct records recs;

		if (flags & VMSCOPE_SCAN_NAMES && !(flags & VMSCOPE_SCAN_AREAS))
			continue;
		scan_init(&scan, 0, USER_END, flags);
		ASSERT_EQ(0, records_read(self->fd, &scan, EVERYTHING, &recs));
		about("flags are %llx: ", flags);
		EXPECT_FINE(records_malformed(&recs, &scan));
		EXPECT_LE(nr_leaves(&recs), recs.entries);
		EXPECT_EQ(0, recs.raced);
		records_free(&recs);
	}
}

TEST_F(scans, target_has_every_level_and_many_states)
{
	__u64 states = 0, levels = 0;

	for_each_leaf(leaf, &self->pages) {
		states |= 1ULL << leaf.state;
		levels |= 1ULL << leaf.level;
	}
	about("states are %llx: ", states);
	EXPECT_LE(8, __builtin_popcountll(states));
	about("levels are %llx: ", levels);
	/* Without huge pages, only empty entries are not of the lowest. */
	EXPECT_LE(device_features() & VMSCOPE_FEAT_THP ? 4 : 2,
		  __builtin_popcountll(levels));
}

TEST_F(scans, skip_empty_leaves_out_what_is_empty_alone)
{
	struct pieces want, have;
	struct vmscope_scan scan;
	struct records recs;

	scan_init(&scan, 0, USER_END, VMSCOPE_SCAN_AREAS);
	scan.states = ~STATE_BIT(NONE) & ((1ULL << VMSCOPE_NR_STATES) - 1);
	ASSERT_EQ(0, records_read(self->fd, &scan, EVERYTHING, &recs));
	pieces_of(&recs, &scan, all_wanted, &want);
	records_free(&recs);
	ASSERT_EQ(0, read_all(self->fd,
			      VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_SKIP_EMPTY,
			      EVERYTHING, &recs));
	pieces_of(&recs, &scan, all_wanted, &have);
	EXPECT_TRUE(pieces_equal(&want, &have));
	EXPECT_LT(0, have.nr);
}

/*
 * The kernel may move pages, or clear accessed bits, while we look. Return:
 * true if a scan reports the same as *recs, which is otherwise replaced
 */
static bool at_rest(int fd, __u64 flags, struct records *recs)
{
	struct records now;
	bool same;

	if (read_all(fd, flags, 4 << 20, &now))
		return true;
	same = !first_difference(recs, &now);
	records_free(recs);
	*recs = now;
	return same;
}

/* @want: what a scan with @want_flags reported, in a large buffer */
static void check_same(struct __test_metadata *_metadata, int fd, __u64 flags,
		       size_t bytes, __u64 want_flags, struct records *want)
{
	struct records recs;
	const __u64 *other;

again:
	about("flags %llx, %zu bytes: ", flags, bytes);
	ASSERT_EQ(0, read_all(fd, flags, bytes, &recs));
	other = first_difference(want, &recs);
	if (other && !at_rest(fd, want_flags, want)) {
		records_free(&recs);
		goto again;
	}
	EXPECT_EQ(NULL, other)
	{
		TH_LOG("%zu words, not %zu; first %llx %llx %llx %llx",
		       recs.nr_words, want->nr_words, other[0], other[1],
		       other[2], other[3]);
	}
	records_free(&recs);
}

TEST_F(scans, blocks_unfolded_are_the_pages)
{
	const __u64 flags = VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_BLOCKS;
	struct records recs;

	check_same(_metadata, self->fd, flags, EVERYTHING, VMSCOPE_SCAN_AREAS,
		   &self->pages);
	ASSERT_EQ(0, read_all(self->fd, flags, EVERYTHING, &recs));
	EXPECT_LT(0, recs.blocks);
	EXPECT_EQ(0, self->pages.blocks);
}

static void check_runs(struct __test_metadata *_metadata, int fd,
		       const struct records *pages, __u64 flags,
		       __u64 run_flags)
{
	struct pieces want, have;
	struct vmscope_scan scan;
	struct records recs;

	scan_init(&scan, 0, USER_END,
		  VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_RUNS | flags);
	scan.run_flags = run_flags;
	ASSERT_EQ(0, records_read(fd, &scan, EVERYTHING, &recs));
	pieces_of(pages, &scan, all_wanted, &want);
	pieces_of(&recs, &scan, all_wanted, &have);
	about("run_flags are %llx: ", run_flags);
	EXPECT_TRUE(pieces_equal(&want, &have));
	/* as few runs as possible */
	EXPECT_EQ(want.nr, nr_leaves(&recs));
	pieces_free(&want);
	pieces_free(&have);
	records_free(&recs);
}

TEST_F(scans, runs_expanded_are_the_pages)
{
	check_runs(_metadata, self->fd, &self->pages, 0, 0);
}

TEST_F(scans, runs_of_frames_follow_one_another)
{
	check_runs(_metadata, self->fd, &self->pages, VMSCOPE_SCAN_FRAMES, 0);
}

TEST_F(scans, runs_agree_in_the_flags_asked_for)
{
	__u64 flag;

	for (flag = 1; flag <= VMSCOPE_F_ALL; flag <<= 1)
		if (flag != BUSY)
			check_runs(_metadata, self->fd, &self->pages, 0, flag);
	check_runs(_metadata, self->fd, &self->pages, VMSCOPE_SCAN_FRAMES,
		   VMSCOPE_F_ALL & ~BUSY);
}

TEST_F(scans, runs_without_frames_report_no_value)
{
	struct records recs;
	__u64 values = 0;

	ASSERT_EQ(0, read_all(self->fd, VMSCOPE_SCAN_RUNS, EVERYTHING, &recs));
	for_each_record(rec, &recs)
		if (VMSCOPE_WORD_KIND(*rec) == VMSCOPE_KIND_RUN)
			values |= leaf_of((const void *)rec).value;
	EXPECT_EQ(0, values);
}

static const size_t buf_sizes[] = {
	VMSCOPE_SCAN_MIN_BYTES_NAMES,
	VMSCOPE_SCAN_MIN_BYTES_NAMES + 40,
	8200,
	65536 - 8,
	65536,
	65536 + 8,
	1 << 20,
};

static const __u64 buf_flags[] = {
	0,
	VMSCOPE_SCAN_RUNS,
	VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES | VMSCOPE_SCAN_SKIP_EMPTY,
	VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_TABLES,
	VMSCOPE_SCAN_ALL,
	VMSCOPE_SCAN_ALL & ~VMSCOPE_SCAN_RUNS & ~VMSCOPE_SCAN_SKIP_EMPTY,
};

TEST_F(scans, any_buffer_size_gives_the_same)
{
	struct records want;

	for (size_t i = 0; i < ARRAY_SIZE(buf_flags); i++) {
		ASSERT_EQ(0, read_all(self->fd, buf_flags[i], 4 << 20, &want));
		for (size_t j = 0; j < ARRAY_SIZE(buf_sizes); j++)
			check_same(_metadata, self->fd, buf_flags[i],
				   buf_sizes[j], buf_flags[i], &want);
		if (!(buf_flags[i] & VMSCOPE_SCAN_NAMES)) {
			check_same(_metadata, self->fd, buf_flags[i],
				   VMSCOPE_SCAN_MIN_BYTES, buf_flags[i], &want);
			check_same(_metadata, self->fd, buf_flags[i],
				   VMSCOPE_SCAN_MIN_BYTES + 8, buf_flags[i],
				   &want);
		}
		records_free(&want);
	}
}

/* Any address in an area of the target. */
static __u64 random_addr(const struct records *pages)
{
	size_t nr = nr_leaves(pages), skip = random() % nr;

	for_each_leaf(leaf, pages) {
		if (!skip--)
			return leaf.start + random() % leaf.pages * PAGE_BYTES;
	}
	return 0;
}

TEST_F(scans, any_resume_point_gives_the_same)
{
	struct vmscope_scan scan;
	struct pieces want;

	srandom(1);
	scan_init(&scan, 0, USER_END, VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_FRAMES);
	pieces_of(&self->pages, &scan, all_wanted, &want);
	for (int i = 0; i < 100; i++) {
		__u64 cut = random_addr(&self->pages);
		struct records front, back;
		struct pieces have;

		scan_init(&scan, 0, cut, VMSCOPE_SCAN_AREAS);
		ASSERT_EQ(0, records_read(self->fd, &scan, EVERYTHING, &front));
		scan_init(&scan, cut, USER_END, VMSCOPE_SCAN_AREAS);
		ASSERT_EQ(0, records_read(self->fd, &scan, EVERYTHING, &back));
		front.words = realloc(front.words,
				      (front.nr_words + back.nr_words) * 8);
		memcpy(front.words + front.nr_words, back.words,
		       back.nr_words * 8);
		front.nr_words += back.nr_words;
		scan.flags |= VMSCOPE_SCAN_FRAMES;
		pieces_of(&front, &scan, all_wanted, &have);
		about("cut at %llx: ", cut);
		EXPECT_TRUE(pieces_equal(&want, &have));
		pieces_free(&have);
		records_free(&front);
		records_free(&back);
	}
}

static bool filter_wants(const struct leaf *leaf,
			 const struct vmscope_scan *scan)
{
	if ((leaf->flags & scan->all_flags) != scan->all_flags)
		return false;
	if (scan->any_flags && !(leaf->flags & scan->any_flags))
		return false;
	if (leaf->flags & scan->none_flags)
		return false;
	if (scan->states && !(scan->states >> leaf->state & 1))
		return false;
	return !scan->levels || scan->levels >> leaf->level & 1;
}

static __u64 random_flags(int bits)
{
	__u64 flags = 0;

	while (bits--)
		flags |= 1ULL << random() % 19;
	return flags & ~BUSY;
}

static void random_filter(struct vmscope_scan *scan)
{
	scan_init(scan, 0, USER_END, VMSCOPE_SCAN_AREAS);
	if (random() % 2)
		scan->flags |= VMSCOPE_SCAN_RUNS;
	if (random() % 3 == 0)
		scan->all_flags = random_flags(1 + random() % 2);
	if (random() % 3 == 0)
		scan->any_flags = random_flags(1 + random() % 4);
	if (random() % 3 == 0)
		scan->none_flags = random_flags(1 + random() % 2);
	if (random() % 3 == 0)
		scan->states = random() & ((1 << VMSCOPE_NR_STATES) - 1);
	if (random() % 3 == 0)
		scan->levels = random() & ((1 << VMSCOPE_NR_LEVELS) - 1);
}

TEST_F(scans, filters_in_the_kernel_are_filters_over_all_records)
{
	size_t reported = 0;

	srandom(2);
	for (int i = 0; i < 500; i++) {
		struct pieces want, have;
		struct vmscope_scan scan;
		struct records recs;

		random_filter(&scan);
		ASSERT_EQ(0, records_read(self->fd, &scan, EVERYTHING, &recs));
		pieces_of(&self->pages, &scan, filter_wants, &want);
		pieces_of(&recs, &scan, all_wanted, &have);
		about("all %llx any %llx none %llx states %llx levels %llx: %zu, not %zu: ",
		      scan.all_flags, scan.any_flags, scan.none_flags,
		      scan.states, scan.levels, have.nr, want.nr);
		EXPECT_TRUE(pieces_equal(&want, &have));
		reported += have.nr;
		pieces_free(&want);
		pieces_free(&have);
		records_free(&recs);
	}
	/* a filter that nothing passes proves little */
	EXPECT_LT(500, reported);
}

static void check_clip(struct __test_metadata *_metadata, int fd,
		       const struct leaf *whole, __u64 first, __u64 pages)
{
	struct vmscope_scan scan;
	struct records recs;
	struct leaf leaf;

	scan_init(&scan, whole->start + first * PAGE_BYTES,
		  whole->start + (first + pages) * PAGE_BYTES, 0);
	ASSERT_EQ(0, records_read(fd, &scan, VMSCOPE_SCAN_MIN_BYTES, &recs));
	ASSERT_EQ(1, nr_leaves(&recs));
	leaf = leaf_of((const void *)recs.words);
	EXPECT_EQ(scan.start, leaf.start);
	EXPECT_EQ(pages, leaf.pages);
	EXPECT_EQ(whole->level, leaf.level);
	EXPECT_EQ(whole->state, leaf.state);
	EXPECT_EQ(0, (whole->flags ^ leaf.flags) & ~BUSY);
	EXPECT_EQ(whole->raw & ~0x20, leaf.raw & ~0x20);
	EXPECT_EQ(whole->value ? whole->value + first : 0, leaf.value);
	records_free(&recs);
}

TEST_F(scans, huge_leaf_is_clipped_to_the_range)
{
	int nr = 0;

	for_each_leaf(leaf, &self->pages) {
		if (leaf.run || leaf.pages < 512)
			continue;
		check_clip(_metadata, self->fd, &leaf, 0, 1);
		check_clip(_metadata, self->fd, &leaf, 5, 4);
		check_clip(_metadata, self->fd, &leaf, leaf.pages - 1, 1);
		check_clip(_metadata, self->fd, &leaf, 0, leaf.pages - 1);
		check_clip(_metadata, self->fd, &leaf, 1, leaf.pages - 1);
		nr++;
	}
	if (!nr)
		SKIP(return, "clipping: the target has no huge page");
}

TEST_F(scans, empty_run_is_clipped_to_the_range)
{
	for_each_leaf(leaf, &self->pages) {
		struct vmscope_scan scan;
		struct records recs;

		if (!leaf.run || leaf.pages < 3)
			continue;
		scan_init(&scan, leaf.start + PAGE_BYTES,
			  leaf_end(&leaf) - PAGE_BYTES, 0);
		ASSERT_EQ(0, records_read(self->fd, &scan, 4096, &recs));
		ASSERT_EQ(1, nr_leaves(&recs));
		leaf = leaf_of((const void *)recs.words);
		EXPECT_EQ(scan.start, leaf.start);
		EXPECT_EQ(scan.end, leaf_end(&leaf));
		records_free(&recs);
	}
}

static const char *shown_name(const struct vmscope_area *area, char *name,
			      size_t room)
{
	const char *bytes = (const char *)(area + 1);

	if (area->name_bytes)
		snprintf(name, room, "%.*s", (int)area->name_bytes, bytes);
	else if (area->name_kind == VMSCOPE_NAME_HEAP)
		snprintf(name, room, "[heap]");
	else if (area->name_kind == VMSCOPE_NAME_STACK)
		snprintf(name, room, "[stack]");
	else
		name[0] = '\0';
	return name;
}

static void shown_perms(const struct vmscope_area *area, char *perms)
{
	perms[0] = area->vma_flags & VMSCOPE_VMA_READ ? 'r' : '-';
	perms[1] = area->vma_flags & VMSCOPE_VMA_WRITE ? 'w' : '-';
	perms[2] = area->vma_flags & VMSCOPE_VMA_EXEC ? 'x' : '-';
	perms[3] = area->vma_flags & VMSCOPE_VMA_MAYSHARE ? 's' : 'p';
	perms[4] = '\0';
}

static void check_area(struct __test_metadata *_metadata,
		       const struct vmscope_area *area,
		       const struct proc_area *proc)
{
	char name[5000], perms[5];

	EXPECT_EQ(proc->start, VMSCOPE_WORD_ADDR(area->where));
	EXPECT_EQ(proc->end, area->end);
	EXPECT_EQ(proc->offset, area->offset);
	EXPECT_EQ(proc->inode, area->inode);
	EXPECT_EQ(proc->dev, area->dev);
	EXPECT_EQ(proc->vma_flags, area->vma_flags);
	shown_perms(area, perms);
	EXPECT_STREQ(proc->perms, perms);
	EXPECT_STREQ(proc->name, shown_name(area, name, sizeof(name)));
}

static void check_areas(struct __test_metadata *_metadata, pid_t pid)
{
	struct proc_areas areas;
	struct records recs;
	size_t i = 0;
	int fd = device_of(pid);

	ASSERT_EQ(0, read_all(fd, VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_NAMES,
			      EVERYTHING, &recs));
	ASSERT_EQ(0, areas_read(pid, &areas));
	for_each_area_record(area, &recs) {
		ASSERT_LT(i, areas.nr);
		check_area(_metadata, area, &areas.areas[i++]);
	}
	EXPECT_EQ(areas.nr, i);
	areas_free(&areas);
	records_free(&recs);
	close(fd);
}

TEST_F(scans, areas_are_those_of_maps)
{
	check_areas(_metadata, target.pid);
}

#define BIOS_PHYS 0xf0000

/* The pages of the test below; what is the BIOS's has no page for us. */
enum { NEAR, FAR, BIOS, NEAR_AGAIN, NR_PAGES };

static void touch_on_node(char *byte, unsigned long node)
{
	unsigned long nodes = 1UL << node;

	syscall(SYS_set_mempolicy, MPOL_BIND, &nodes, 64);
	*byte = 1;
	syscall(SYS_set_mempolicy, MPOL_DEFAULT, NULL, 0);
}

/* Two pages are remembered, and no page makes either be forgotten. */
TEST(page_behind_one_without_a_page_has_its_facts)
{
	const __u64 wanted = VMSCOPE_FACT_FLAGS | VMSCOPE_FACT_MAPCOUNT |
			     VMSCOPE_FACT_NODE;
	int mem = open("/dev/mem", O_RDONLY | O_CLOEXEC);
	int fd = device_open_pid(getpid());
	struct vmscope_scan scan;
	struct records recs;
	__u64 pages = 0;
	char *map;

	if (mem < 0)
		SKIP(return, "there is no /dev/mem");
	map = mmap(NULL, NR_PAGES * PAGE_BYTES, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE, mem, BIOS_PHYS);
	ASSERT_NE(MAP_FAILED, map);
	(void)*(volatile char *)(map + BIOS * PAGE_BYTES);
	touch_on_node(map + NEAR * PAGE_BYTES, 0);
	touch_on_node(map + FAR * PAGE_BYTES, 1);
	touch_on_node(map + NEAR_AGAIN * PAGE_BYTES, 0);

	scan_init(&scan, address(map), address(map) + NR_PAGES * PAGE_BYTES, 0);
	scan.facts = wanted;
	ASSERT_EQ(0, records_read(fd, &scan, EVERYTHING, &recs));
	for_each_leaf(leaf, &recs) {
		__u64 addr = leaf.start;

		for (; addr < leaf_end(&leaf); addr += PAGE_BYTES, pages++) {
			struct vmscope_frame frame = leaf_frame(&leaf, addr);
			bool own = pages != BIOS;

			EXPECT_STREQ(own ? "anon" : "pfnmap",
				     state_name(leaf.state));
			EXPECT_EQ(own ? wanted : 0, frame.known & wanted);
			EXPECT_EQ(own, frame.mapcount);
			EXPECT_EQ(own, frame.flags >> KPF_ANON & 1);
			if (own) {
				EXPECT_EQ(page_node(getpid(), addr),
					  VMSCOPE_PLACE_NODE(frame.place));
			}
		}
	}
	EXPECT_EQ(NR_PAGES, pages);
}

TEST(areas_of_the_first_process_are_those_of_maps)
{
	check_areas(_metadata, 1);
}

static void map_file(void *name)
{
	const char *path = textf("/tmp/vmscope %s", (const char *)name);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	mmap(NULL, PAGE_BYTES, PROT_READ, MAP_SHARED, fd, 0);
	mmap(NULL, PAGE_BYTES, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (strstr(name, "gone"))
		unlink(path);
	child_ready(1);
}

TEST(areas_of_files_with_odd_names_are_those_of_maps)
{
	static const char *const names[] = {
		"plain",
		"with  spaces ",
		"new\nline",
		"back\\slash",
		"\xff\xfe not utf-8",
		"(deleted)",
		"gone",
		"[heap]",
		"tab\tand\x01\x02",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		pid_t pid = child_start(map_file, (void *)names[i], NULL);

		check_areas(_metadata, pid);
		kill_child(pid);
	}
}

TEST_HARNESS_MAIN
