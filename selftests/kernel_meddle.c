// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables of the kernel that change while they are read: meddle.ko removes them
 * in the middle of a read, a few times or each time, and puts lies in their
 * place. What is reported must be true nevertheless, or marked as raced.
 */
#include "harness.h"

#include <inttypes.h>

#include "kernel.h"
#include "ranges.h"
#include "toolrow.h"

#define MEDDLE_DIR "/sys/kernel/debug/vmscope_meddle/"
#define TEXTS "/sys/kernel/debug/vmscope/kernel/"

/* A reader tries once more than this. */
#define A_FEW 3
#define A_FEW_TEXT "3"

#define MAX_FRAMES 512

static const char *meddle_missing(void)
{
	const char *why = kernel_missing();

	if (!why && !test_module_is_there("meddle"))
		why = "modules/meddle.ko is not built here, for want of CONFIG_KPROBES";
	if (!why && !test_module_load("meddle"))
		ksft_exit_fail_msg("modules/meddle.ko does not load: %s\n",
				   strerror(errno));
	return why;
}

NEEDS(meddle_missing())

static void __attribute__((destructor)) unload(void)
{
	test_module_unload("meddle");
}

/* What meddle.ko reports that it has mapped. */
struct mapping {
	struct range area; /* all of it */
	__u64 frames[MAX_FRAMES]; /* frames of its pages, repeated */
	size_t nr_frames;
	__u64 decoy; /* the frame that lies contain */
	/* the range of the entry that can be made to change */
	struct range lever;
	unsigned long times; /* how often it changed */
};

/* A line of the module's state: a name and numbers. */
static void parse_line(const char *line, const char *lever,
		       struct mapping *mapping)
{
	struct range range;
	char name[8];
	int nr;

	nr = sscanf(line, "%7s %llx %llx %lu", name, &range.start, &range.end,
		    &mapping->times);
	if (nr == 2 && !strcmp(name, "decoy"))
		mapping->decoy = range.start;
	else if (nr == 3 && !strcmp(name, "area"))
		mapping->area = range;
	else if (nr == 4 && !strcmp(name, lever))
		mapping->lever = range;
}

static bool read_state(const char *lever, struct mapping *mapping)
{
	char line[256];

	mapping->lever.end = 0;
	for_each_line_of(line, MEDDLE_DIR "state")
		if (!mapping->lever.end)
			parse_line(line, lever, mapping);
	return mapping->lever.end;
}

static bool read_frames(struct mapping *mapping)
{
	char line[32];

	mapping->nr_frames = 0;
	for_each_line_of(line, MEDDLE_DIR "frames")
		if (mapping->nr_frames < MAX_FRAMES)
			mapping->frames[mapping->nr_frames++] =
				strtoull(line, NULL, 16);
	return mapping->nr_frames;
}

FIXTURE(raced)
{
	struct mapping mapping;
	struct range window;
	int fd;
};

FIXTURE_VARIANT(raced)
{
	const char *lever;
};

/* A table of pages, and one that points to such tables. */
FIXTURE_VARIANT_ADD(raced, pmd){ .lever = "pmd" };
FIXTURE_VARIANT_ADD(raced, pud){ .lever = "pud" };

static bool set_lever(const char *lever, const char *times)
{
	return file_write(MEDDLE_DIR "control", textf("%s %s", lever, times));
}

static bool set_a_few(const char *lever)
{
	return set_lever(lever, A_FEW_TEXT);
}

static __u64 least(__u64 a, __u64 b)
{
	return a < b ? a : b;
}

/* The range of the lever, or the first of it, and a table on each side. */
static struct range window_of(const struct mapping *mapping)
{
	__u64 start = mapping->lever.start - PMD_BYTES;
	__u64 end = mapping->lever.start + 4 * PMD_BYTES;

	return (struct range){
		start > mapping->area.start ? start : mapping->area.start,
		least(end, mapping->area.end),
	};
}

FIXTURE_SETUP(raced)
{
	self->fd = own_kernel();
	if (!read_state(variant->lever, &self->mapping))
		SKIP(return, "memory is too small for a GiB of page tables");
	ASSERT_TRUE(read_frames(&self->mapping));
	self->window = window_of(&self->mapping);
}

FIXTURE_TEARDOWN(raced)
{
	set_lever("pmd", "0");
	set_lever("pud", "0");
	knobs_restore();
}

static unsigned long times_since(const struct mapping *mapping,
				 const char *lever)
{
	struct mapping now;

	return read_state(lever, &now) ? now.times - mapping->times : 0;
}

static __u64 bytes_of(const struct range *range)
{
	return range->end - range->start;
}

static bool contains(const struct range *range, __u64 addr)
{
	return addr >= range->start && addr < range->end;
}

static __u64 frame_at(const struct mapping *mapping, __u64 addr)
{
	__u64 page = (addr - mapping->area.start) / PAGE_BYTES;

	return mapping->frames[page % mapping->nr_frames];
}

static bool frames_are(const struct mapping *mapping, const struct leaf *leaf)
{
	for (__u64 i = 0; i < leaf->pages; i++)
		if (leaf->value + i !=
		    frame_at(mapping, leaf->start + i * PAGE_BYTES))
			return false;
	return true;
}

static const char *not_exact(const struct mapping *mapping,
			     const struct leaf *leaf, bool frames)
{
	if (leaf->flags & F(RACED))
		return "raced";
	if (!(leaf->flags & F(PRESENT)) || leaf->state != VMSCOPE_STATE_KERNEL)
		return "not present";
	if (leaf->level != VMSCOPE_LEVEL_PTE)
		return "at another level";
	if (frames && !frames_are(mapping, leaf))
		return "another frame";
	return NULL;
}

static const char *not_raced(const struct leaf *leaf)
{
	if (!(leaf->flags & F(RACED)))
		return "not raced";
	if (leaf->flags & F(PRESENT) || leaf->state != VMSCOPE_STATE_UNKNOWN)
		return "raced, and said to be something";
	if (leaf->value || leaf->raw)
		return "raced, and said to have a frame";
	return NULL;
}

/* @raced: expected as raced, of @range; the rest is reported normally. */
static const char *leaves_wrong(const struct mapping *mapping,
				const struct records *recs,
				const struct range *range,
				const struct range *raced, bool frames)
{
	__u64 at = range->start;
	const char *why = NULL;

	for_each_leaf(leaf, recs) {
		if (!contains(range, leaf.start))
			continue;
		if (leaf.start != at)
			return "a hole";
		if (contains(raced, at))
			why = not_raced(&leaf);
		else
			why = not_exact(mapping, &leaf, frames);
		if (why)
			return why;
		at = leaf_end(&leaf);
	}
	return at == range->end ? NULL : "not all of it";
}

static const char *scan_wrong(int fd, const struct mapping *mapping,
			      const struct range *range,
			      const struct range *raced, __u64 flags)
{
	bool frames = !(flags & VMSCOPE_SCAN_RUNS) ||
		      flags & VMSCOPE_SCAN_FRAMES;
	struct vmscope_scan scan;
	struct records recs;
	const char *why;

	scan_init(&scan, range->start, range->end, flags);
	if (records_read(fd, &scan, 1 << 20, &recs))
		return "no scan";
	why = records_malformed(&recs, &scan);
	if (!why)
		why = leaves_wrong(mapping, &recs, range, raced, frames);
	if (!why && !recs.raced != !bytes_of(raced))
		why = "another count of raced entries";
	records_free(&recs);
	return why;
}

static const struct range nothing;

static const __u64 forms[] = {
	0,
	VMSCOPE_SCAN_RUNS,
	VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES,
	VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES | VMSCOPE_SCAN_TABLES |
		VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_SKIP_EMPTY,
};

static void check_scans(struct __test_metadata *_metadata, int fd,
			const struct mapping *mapping,
			const struct range *range, const struct range *raced)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		about("scan with flags %llx: ", forms[i]);
		EXPECT_FINE(scan_wrong(fd, mapping, range, raced, forms[i]));
	}
}

TEST_F(raced, scan_reports_what_holds_still)
{
	check_scans(_metadata, self->fd, &self->mapping, &self->window,
		    &nothing);
}

TEST_F(raced, scan_reads_again_what_changed_a_few_times)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		ASSERT_TRUE(read_state(variant->lever, &self->mapping));
		ASSERT_TRUE(set_a_few(variant->lever));
		about("scan with flags %llx: ", forms[i]);
		EXPECT_FINE(scan_wrong(self->fd, &self->mapping, &self->window,
				       &nothing, forms[i]));
		EXPECT_EQ(A_FEW, times_since(&self->mapping, variant->lever));
	}
}

TEST_F(raced, scan_marks_what_changes_each_time)
{
	struct range raced = self->mapping.lever;
	unsigned long times;

	raced.end = least(raced.end, self->window.end);
	ASSERT_TRUE(set_lever(variant->lever, "always"));
	check_scans(_metadata, self->fd, &self->mapping, &self->window, &raced);
	times = times_since(&self->mapping, variant->lever);
	EXPECT_LT(A_FEW, times);
	TH_LOG("the tables changed %lu times", times);
	/* and when it stops, nothing remains */
	ASSERT_TRUE(set_lever(variant->lever, "0"));
	check_scans(_metadata, self->fd, &self->mapping, &self->window,
		    &nothing);
}

/* Walks and what an address is */

/* The first address, the last, and some of the range that changes. */
static size_t addrs_of(const struct mapping *mapping, __u64 addrs[4])
{
	const struct range *lever = &mapping->lever;

	addrs[0] = lever->start;
	addrs[1] = lever->start + 7 * PAGE_BYTES + 0x123;
	addrs[2] = lever->start + bytes_of(lever) / 2;
	addrs[3] = lever->end - 8;
	return 4;
}

static const char *walk_not_exact(const struct mapping *mapping,
				  const struct vmscope_walk *walk)
{
	struct leaf leaf = leaf_of(&walk->page);
	__u64 pfn = frame_at(mapping, walk->addr);
	const char *why = not_exact(mapping, &leaf, true);

	if (why)
		return why;
	if (walk->phys != pfn * PAGE_BYTES + walk->addr % PAGE_BYTES)
		return "another place";
	if (walk->levels[walk->nr_levels - 1].level != VMSCOPE_LEVEL_PTE ||
	    walk->levels[walk->nr_levels - 1].raw != leaf.raw)
		return "another entry";
	return NULL;
}

/* The walk ends in the entry that changes, which is not a lie. */
static const char *walk_not_raced(const struct mapping *mapping,
				  const struct vmscope_walk *walk,
				  unsigned int level)
{
	struct leaf leaf = leaf_of(&walk->page);

	if (!(leaf.flags & F(RACED)))
		return "not raced";
	if (leaf.flags & F(PRESENT) || leaf.state != VMSCOPE_STATE_UNKNOWN ||
	    walk->phys || walk->kernel_alias)
		return "raced, and said to be something";
	if (leaf.value == mapping->decoy)
		return "raced, and said to have a frame";
	if (walk->levels[walk->nr_levels - 1].level != level)
		return "levels that are gone";
	return NULL;
}

static unsigned int level_of(const char *lever)
{
	return strcmp(lever, "pud") ? VMSCOPE_LEVEL_PMD : VMSCOPE_LEVEL_PUD;
}

static void check_walks(struct __test_metadata *_metadata, int fd,
			const struct mapping *mapping, const char *lever,
			bool raced)
{
	struct vmscope_walk walk;
	__u64 addrs[4];
	size_t i, nr = addrs_of(mapping, addrs);

	for (i = 0; i < nr; i++) {
		if (!raced)
			set_a_few(lever);
		ASSERT_EQ(0, walk_at(fd, addrs[i], &walk));
		about("walk to %llx: ", addrs[i]);
		EXPECT_FINE(raced ? walk_not_raced(mapping, &walk,
						   level_of(lever)) :
				    walk_not_exact(mapping, &walk));
	}
}

TEST_F(raced, walk_reads_again_what_changed_a_few_times)
{
	check_walks(_metadata, self->fd, &self->mapping, variant->lever, false);
	EXPECT_LT(A_FEW, times_since(&self->mapping, variant->lever));
}

TEST_F(raced, walk_marks_what_changes_each_time)
{
	ASSERT_TRUE(set_lever(variant->lever, "always"));
	check_walks(_metadata, self->fd, &self->mapping, variant->lever, true);
	ASSERT_TRUE(set_lever(variant->lever, "0"));
	check_walks(_metadata, self->fd, &self->mapping, variant->lever, false);
}

/* A descriptor that is bound to a process can walk there, too. */
TEST_F(raced, walk_by_a_process_marks_it_too)
{
	int fd = own_device();

	ASSERT_TRUE(set_lever(variant->lever, "always"));
	check_walks(_metadata, fd, &self->mapping, variant->lever, true);
}

TEST_F(raced, what_reads_again_what_changed_a_few_times)
{
	__u64 wanted = VMSCOPE_WHAT_FRAME | VMSCOPE_WHAT_RUN;
	struct vmscope_what what;
	__u64 addrs[4];
	size_t i, nr = addrs_of(&self->mapping, addrs);

	for (i = 0; i < nr; i++) {
		ASSERT_TRUE(set_a_few(variant->lever));
		ASSERT_EQ(0, what_at(self->fd, addrs[i], &what));
		about("%llx: ", addrs[i]);
		EXPECT_EQ(wanted, what.known);
		EXPECT_EQ(frame_at(&self->mapping, addrs[i]), what.pfn);
		EXPECT_EQ(self->mapping.area.start, what.run_start);
		EXPECT_EQ(self->mapping.area.end, what.run_end);
	}
}

TEST_F(raced, what_marks_what_changes_each_time)
{
	struct vmscope_what what;
	__u64 addrs[4];
	size_t i, nr = addrs_of(&self->mapping, addrs);

	ASSERT_TRUE(set_lever(variant->lever, "always"));
	for (i = 0; i < nr; i++) {
		ASSERT_EQ(0, what_at(self->fd, addrs[i], &what));
		EXPECT_EQ(VMSCOPE_WHAT_RACED, what.known);
		EXPECT_EQ(VMSCOPE_REGION_VMALLOC, what.region);
		EXPECT_EQ(0, what.pfn);
	}
}

/* Everything about its neighbour is known, except the end of the run. */
TEST_F(raced, what_marks_a_run_that_changes_elsewhere)
{
	struct vmscope_what what;
	__u64 addr = self->mapping.lever.start - PAGE_BYTES;

	if (!contains(&self->mapping.area, addr))
		addr = self->mapping.lever.end;
	ASSERT_TRUE(set_lever(variant->lever, "always"));
	ASSERT_EQ(0, what_at(self->fd, addr, &what));
	EXPECT_EQ(VMSCOPE_WHAT_FRAME | VMSCOPE_WHAT_RACED, what.known);
	EXPECT_EQ(frame_at(&self->mapping, addr), what.pfn);
}

/* Tables below the lever's entry: those reported, and how many are wrong. */
static size_t count_tables(int fd, const struct range *range,
			   unsigned int level, size_t *wrong)
{
	struct records recs;
	size_t nr = 0;

	*wrong = 0;
	if (records_scan(fd, range->start, range->end,
			 VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_TABLES, &recs))
		return 0;
	for_each_table_record(table, &recs) {
		if (VMSCOPE_WORD_LEVEL(table->where) >= level)
			continue;
		nr++;
		*wrong += table->used != PAGE_BYTES / 8;
	}
	records_free(&recs);
	return nr;
}

TEST_F(raced, tables_that_change_each_time_are_not_reported)
{
	unsigned int level = level_of(variant->lever);
	struct range range = self->mapping.lever;
	size_t nr, wrong;

	range.end = range.start + PMD_BYTES;
	nr = count_tables(self->fd, &range, level, &wrong);
	EXPECT_EQ(level - 1, nr);
	EXPECT_EQ(0, wrong);
	ASSERT_TRUE(set_a_few(variant->lever));
	EXPECT_EQ(nr, count_tables(self->fd, &range, level, &wrong));
	EXPECT_EQ(0, wrong);
	ASSERT_TRUE(set_lever(variant->lever, "always"));
	EXPECT_EQ(0, count_tables(self->fd, &range, level, &wrong));
}

/* The whole region, and text; of one lever, as a GiB of both takes long */

FIXTURE(text)
{
	struct mapping mapping;
	int fd;
};

FIXTURE_SETUP(text)
{
	self->fd = own_kernel();
	ASSERT_TRUE(read_state("pmd", &self->mapping));
	ASSERT_TRUE(read_frames(&self->mapping));
	ASSERT_TRUE(set_lever("pmd", "always"));
}

FIXTURE_TEARDOWN(text)
{
	set_lever("pmd", "0");
}

/* The neighbours on both sides are reported normally. */
TEST_F(text, scan_of_the_whole_region_ends)
{
	const struct region *vmalloc;
	struct regions regions;
	struct records recs;

	regions_read(self->fd, &regions);
	vmalloc = region_of(&regions, VMSCOPE_REGION_VMALLOC);
	ASSERT_NE(NULL, vmalloc);
	ASSERT_EQ(0,
		  records_scan(self->fd, vmalloc->start, vmalloc->end,
			       VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES, &recs));
	EXPECT_FINE(leaves_wrong(&self->mapping, &recs, &self->mapping.area,
				 &self->mapping.lever, true));
	TH_LOG("%zu words, %llu raced", recs.nr_words, recs.raced);
}

/* Bytes covered by the lines of a text. */
struct lines {
	__u64 raced; /* in the lever's range, in lines marked raced */
	__u64 others; /* in the lever's range, in other lines */
	__u64 rest; /* in the rest of the mapping, in other lines */
};

static __u64 common(const struct range *a, const struct range *b)
{
	__u64 start = a->start > b->start ? a->start : b->start;
	__u64 end = least(a->end, b->end);

	return end > start ? end - start : 0;
}

static void count_line(const char *line, const struct mapping *mapping,
		       struct lines *lines)
{
	bool raced = strstr(line, "raced");
	struct range range;
	__u64 moved;

	if (sscanf(line, "%llx %llx", &range.start, &range.end) != 2)
		return;
	moved = common(&range, &mapping->lever);
	if (raced)
		lines->raced += moved;
	else
		lines->others += moved;
	if (!raced)
		lines->rest += common(&range, &mapping->area) - moved;
}

/* Reads lines that begin with two addresses. Returns the command's status. */
static int read_lines(const char *command, const struct mapping *mapping,
		      struct lines *lines)
{
	FILE *text = popen(command, "re");
	char line[1024];

	*lines = (struct lines){ 0 };
	if (!text)
		return -1;
	while (fgets(line, sizeof(line), text))
		count_line(line, mapping, lines);
	return pclose(text);
}

static void check_lines(struct __test_metadata *_metadata, const char *command,
			const struct mapping *mapping)
{
	__u64 moved = bytes_of(&mapping->lever);
	struct lines lines;

	about("%s: ", command);
	ASSERT_EQ(0, read_lines(command, mapping, &lines));
	EXPECT_EQ(moved, lines.raced);
	EXPECT_EQ(0, lines.others);
	EXPECT_EQ(bytes_of(&mapping->area) - moved, lines.rest);
}

TEST_F(text, debugfs_reports_what_changes_each_time)
{
	check_lines(_metadata, "cat " TEXTS "map", &self->mapping);
	check_lines(_metadata, "cat " TEXTS "vmalloc", &self->mapping);
}

TEST_F(text, tool_reports_what_changes_each_time)
{
	if (tool_missing())
		SKIP(return, "%s", tool_missing());
	check_lines(
		_metadata,
		textf("vmscope kernel map %llx-%llx -r -o start,end,flags,pfn",
		      self->mapping.area.start, self->mapping.area.end),
		&self->mapping);
	check_lines(_metadata, "vmscope kernel vmalloc -r -o start,end,kind",
		    &self->mapping);
}

/* Runs a command; whether a line of its output has the word. */
static bool says(const char *command, const char *word)
{
	FILE *text = popen(command, "re");
	bool found = false;
	char line[1024];

	while (text && fgets(line, sizeof(line), text))
		found |= !!strstr(line, word);
	return text && !pclose(text) && found;
}

TEST_F(text, tool_says_that_an_address_would_not_hold_still)
{
	__u64 addr = self->mapping.lever.start;
	const char *walk = textf("vmscope walk kernel %llx", addr);
	const char *what = textf("vmscope what %llx", addr);

	if (tool_missing())
		SKIP(return, "%s", tool_missing());
	EXPECT_TRUE(says(walk, "unknown, raced"));
	EXPECT_TRUE(says(walk, "access    not known"));
	EXPECT_TRUE(says(what, "not known"));
	EXPECT_TRUE(says(what, "read while it changed"));
	EXPECT_FALSE(says(what, "not mapped"));
	walk = textf("vmscope walk kernel %llx", addr - PAGE_BYTES);
	EXPECT_TRUE(says(walk, "page      kernel"));
	EXPECT_FALSE(says(walk, "raced"));
}

TEST_HARNESS_MAIN
