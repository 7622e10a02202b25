// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text files contain what the records contain, safe to show on a terminal.
 */
#include "harness.h"
#include "debugfs.h"
#include "target.h"

NEEDS(debugfs_missing())

ALL_TESTS_SHARE_TARGET(target)

/* Word @index of a line, separated by spaces; the last one may contain them. */
static bool word(const char *line, size_t index, char *out, size_t room)
{
	while (index--) {
		line += strcspn(line, " \n");
		if (*line != ' ')
			return false;
		line++;
	}
	snprintf(out, room, "%.*s", (int)strcspn(line, " \n"), line);
	return true;
}

/* The index of a column, by the header line; -1 if it is missing. */
static int column(const char *text, const char *name)
{
	char found[64];

	/* after the mark */
	for (int i = 0; word(text + 1, i, found, sizeof(found)); i++)
		if (!strcmp(found, name))
			return i;
	return -1;
}

static bool column_word(const char *text, const char *line, const char *name,
			char *out, size_t room)
{
	int index = column(text, name);

	return index >= 0 && word(line, index, out, room);
}

static __u64 column_number(const char *text, const char *line, const char *name,
			   int base)
{
	char out[64];

	if (!column_word(text, line, name, out, sizeof(out)))
		return -1ULL;
	return strcmp(out, "-") ? strtoull(out, NULL, base) : 0;
}

static const char *next_line(const char *line)
{
	line = strchr(line, '\n');
	return line && line[1] ? line + 1 : NULL;
}

#define for_each_line(line, text) \
	for (line = next_line(text); line; line = next_line(line))

TEST(self_files_begin_with_a_header_line)
{
	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		char *text = read_view(0, views[i], 4096);

		about("%s: ", views[i]);
		ASSERT_NE(NULL, text);
		EXPECT_EQ('#', text[0]);
		EXPECT_NE(' ', text[1]);
		EXPECT_EQ(NULL, strstr(text + 1, "\n#"));
		EXPECT_EQ('\n', text[strlen(text) - 1]);
		free(text);
	}
}

/* Every line has every column, even if there is nothing to report. */
TEST(self_files_have_as_many_words_as_columns)
{
	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		char *text = read_view(0, views[i], 65536);
		const char *line;
		char out[64];
		int columns = 0;

		ASSERT_NE(NULL, text);
		while (word(text, columns, out, sizeof(out)))
			columns++;
		for_each_line(line, text) {
			EXPECT_TRUE(word(line, columns - 1, out, sizeof(out)));
			EXPECT_NE('\0', out[0]);
		}
		free(text);
	}
}

static bool maps_line(const char *line, __u64 *start, __u64 *end, char *perms,
		      const char **name)
{
	unsigned long long from, to;
	int at = 0;

	if (sscanf(line, "%llx-%llx %4s %*x %*s %*u%n", &from, &to, perms,
		   &at) != 3)
		return false;
	while (line[at] == ' ')
		at++;
	*start = from;
	*end = to;
	*name = line + at;
	return true;
}

/* Lines of a map that make up one area; the line after them, or NULL. */
static const char *check_area(struct __test_metadata *_metadata,
			      const char *text, const char *line, __u64 start,
			      __u64 end, const char *perms, const char *name)
{
	size_t len = strcspn(name, "\n");

	while (line && start < end) {
		char vperm[8], perm[8];
		const char *shown = line;
		int i = column(text, "area");

		while (i--)
			shown += strcspn(shown, " ") + 1;
		EXPECT_EQ(start, column_number(text, line, "start", 16));
		start = column_number(text, line, "end", 16);
		EXPECT_GE(end, start);
		column_word(text, line, "vperm", vperm, sizeof(vperm));
		column_word(text, line, "perm", perm, sizeof(perm));
		EXPECT_STREQ(perms, vperm);
		EXPECT_FALSE(perm[1] == 'w' && vperm[1] != 'w');
		EXPECT_FALSE(perm[2] == 'x' && vperm[2] != 'x');
		if (!len) {
			name = "[anon]\n";
			len = strlen("[anon]");
		}
		EXPECT_EQ(len, strcspn(shown, "\n"));
		about("%.60s: ", shown);
		EXPECT_EQ(0, strncmp(name, shown, len));
		line = next_line(line);
	}
	EXPECT_EQ(end, start);
	return line;
}

TEST(self_map_of_cat_is_the_map_of_cat)
{
	FILE *cat = popen("cat " ROOT "self/map /proc/self/maps", "re");
	char *text = read_text(fileno(cat), 65536);
	char *maps = text, perms[8];
	const char *line, *area, *name;
	__u64 start, end;

	ASSERT_NE(NULL, text);
	while (maps && !maps_line(maps, &start, &end, perms, &name))
		maps = (char *)next_line(maps);
	ASSERT_NE(NULL, maps);
	line = next_line(text);
	area = maps;
	maps[-1] = '\0';
	while (area && maps_line(area, &start, &end, perms, &name)) {
		if (strncmp(name, "[vsyscall]", 10))
			line = check_area(_metadata, text, line, start, end,
					  perms, name);
		area = next_line(area);
	}
	EXPECT_EQ(NULL, line);
	pclose(cat);
}

/* An attached process: the same as the device reports */

FIXTURE(texts)
{
	int fd;
};

FIXTURE_SETUP(texts)
{
	ASSERT_EQ(0, control("attach", target.pid));
	self->fd = device_of(target.pid);
}

FIXTURE_TEARDOWN(texts)
{
	control("detach", target.pid);
}

static void check_line(struct __test_metadata *_metadata, const char *text,
		       const char *line, const struct leaf *leaf)
{
	bool slot = leaf->state == VMSCOPE_STATE_SWAP ||
		    leaf->state == VMSCOPE_STATE_SHMEM_SWAP;
	char state[32];

	EXPECT_EQ(leaf->start, column_number(text, line, "start", 16));
	EXPECT_EQ(leaf_end(leaf), column_number(text, line, "end", 16));
	EXPECT_EQ(leaf->pages * PAGE_BYTES,
		  column_number(text, line, "size", 10));
	column_word(text, line, "state", state, sizeof(state));
	EXPECT_STREQ(state_name(leaf->state), state);
	if (column(text, "pfn") >= 0) {
		EXPECT_EQ(slot ? 0 : leaf->value,
			  column_number(text, line, "pfn", 10));
	}
	if (column(text, "raw") >= 0) {
		EXPECT_EQ(leaf->raw, column_number(text, line, "raw", 16));
	}
	if (column(text, "swap_offset") >= 0) {
		EXPECT_EQ(slot ? VMSCOPE_SLOT_OFFSET(leaf->value) : 0,
			  column_number(text, line, "swap_offset", 10));
		EXPECT_EQ(slot ? VMSCOPE_SLOT_TYPE(leaf->value) : 0,
			  column_number(text, line, "swap_type", 10));
	}
}

#define TRIES 10

/* Whether a view is as it was: the kernel ages pages of the target. */
static bool view_is(const char *view, const char *text)
{
	char *now = read_view(target.pid, view, 65536);
	bool same = now && !strcmp(text, now);

	free(now);
	return same;
}

static void check_view(struct __test_metadata *_metadata, int fd,
		       const char *view, const struct vmscope_scan *scan)
{
	struct records recs;
	const char *line;
	bool same = false;
	char *text;

	for (int i = 0; i < TRIES && !same; i++) {
		text = read_view(target.pid, view, 65536);
		ASSERT_NE(NULL, text);
		ASSERT_EQ(0, records_read(fd, scan, 65536, &recs));
		same = view_is(view, text);
		if (!same) {
			records_free(&recs);
			free(text);
		}
	}
	ASSERT_TRUE(same);
	line = next_line(text);
	for_each_leaf(leaf, &recs) {
		ASSERT_NE(NULL, line);
		check_line(_metadata, text, line, &leaf);
		line = next_line(line);
	}
	EXPECT_EQ(NULL, line);
	records_free(&recs);
	free(text);
}

TEST_F(texts, map_is_the_runs)
{
	struct vmscope_scan scan;

	scan_init(&scan, 0, USER_END, VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS);
	check_view(_metadata, self->fd, "map", &scan);
}

TEST_F(texts, pages_are_the_pages)
{
	struct vmscope_scan scan;

	scan_init(&scan, 0, USER_END, VMSCOPE_SCAN_AREAS);
	check_view(_metadata, self->fd, "pages", &scan);
}

TEST_F(texts, swap_is_the_runs_of_slots)
{
	struct vmscope_scan scan;

	scan_init(&scan, 0, USER_END,
		  VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_FRAMES);
	scan.states = STATE_BIT(SWAP) | STATE_BIT(SHMEM_SWAP);
	check_view(_metadata, self->fd, "swap", &scan);
}

TEST_F(texts, tables_are_the_census)
{
	static const char *const levels[] = { "-",   "pte", "pmd",
					      "pud", "p4d", "pgd" };
	char *text = read_view(target.pid, "tables", 4096);
	struct vmscope_census census;
	const char *line;
	int level;

	ASSERT_NE(NULL, text);
	ASSERT_EQ(0, census_read(self->fd, &census));
	for_each_line(line, text) {
		char name[32];

		column_word(text, line, "level", name, sizeof(name));
		for (level = 5; level; level--)
			if (!strcmp(levels[level], name))
				break;
		if (!level)
			continue;
		EXPECT_EQ(census.tables[level],
			  column_number(text, line, "tables", 10));
		EXPECT_EQ(census.used[level],
			  column_number(text, line, "used", 10));
		EXPECT_EQ(census.leaves[level],
			  column_number(text, line, "leaves", 10));
		EXPECT_EQ(census.empty[level],
			  column_number(text, line, "empty", 10));
		/* entries of all tables of a level; of the root the user's */
		EXPECT_EQ(census.tables[level] *
				  (level == VMSCOPE_LEVEL_PGD ? 256 : 512),
			  column_number(text, line, "entries", 10));
	}
	line = strstr(text, "\ndeposited ");
	ASSERT_NE(NULL, line);
	EXPECT_EQ(census.deposited, strtoull(line + 11, NULL, 10));
}

static __u64 summary_sum(const char *text, const char *state)
{
	const char *line, *start = textf("%s.", state);
	__u64 sum = 0;

	for_each_line(line, text)
		if (!strncmp(line, start, strlen(start)))
			sum += strtoull(strchr(line, ' '), NULL, 10);
	return sum;
}

TEST_F(texts, summary_is_the_sum_of_the_pages)
{
	char *text = read_view(target.pid, "summary", 4096);
	__u64 sums[VMSCOPE_NR_STATES] = { 0 };
	struct records recs;

	ASSERT_NE(NULL, text);
	ASSERT_EQ(0, records_scan(self->fd, 0, USER_END, 0, &recs));
	for_each_leaf(leaf, &recs) {
		sums[leaf.state] += leaf.pages * PAGE_BYTES;
	}
	for (unsigned int i = 0; i < VMSCOPE_NR_STATES; i++)
		EXPECT_EQ(sums[i], summary_sum(text, state_name(i)));
}

TEST_F(texts, summary_says_whose_it_is)
{
	EXPECT_TRUE(view_has(target.pid, "summary",
			     textf("\npid %d\ncomm mkmap\n", target.pid)));
}

/*
 * Whether reads of a view in other ways give the text that one read gives. It
 * counts if that is the same before and after.
 */
static bool reads_agree(const char *view,
			bool (*agree)(const char *view, const char *want))
{
	bool same = false, agreed = false;

	for (int i = 0; i < TRIES && !same; i++) {
		char *want = read_view(target.pid, view, 65536);

		agreed = want && *want && agree(view, want);
		same = want && view_is(view, want);
		free(want);
	}
	return same && agreed;
}

static bool by_steps(const char *view, const char *want)
{
	static const size_t steps[] = { 1, 7, 100, 4095, 65536 };
	bool same = true;

	for (size_t j = 0; j < ARRAY_SIZE(steps) && same; j++) {
		char *text;

		/* a million system calls would prove nothing more */
		if (strlen(want) / steps[j] > 20000)
			continue;
		about("%s by %zu bytes: ", view, steps[j]);
		text = read_view(target.pid, view, steps[j]);
		same = text && !strcmp(want, text);
		free(text);
	}
	return same;
}

TEST_F(texts, small_reads_give_the_same_text)
{
	for (size_t i = 0; i < ARRAY_SIZE(views); i++)
		EXPECT_TRUE(reads_agree(views[i], by_steps));
}

/* In the middle, at the end, and again from the start. */
static bool anywhere(const char *view, const char *want)
{
	char part[300];
	int fd = view_open(target.pid, view);
	bool same = fd >= 0;

	for (int j = 0; j < 20 && same; j++) {
		size_t at = random() % strlen(want);
		ssize_t n = pread(fd, part, sizeof(part), at);

		about("%s at %zu: ", view, at);
		same = n > 0 && !memcmp(want + at, part, n);
	}
	same = same && !pread(fd, part, sizeof(part), strlen(want)) &&
	       !lseek(fd, 0, SEEK_SET) && read(fd, part, 3) == 3 &&
	       !memcmp(want, part, 3);
	close(fd);
	return same;
}

TEST_F(texts, reading_anywhere_gives_the_same_text)
{
	srandom(3);
	for (size_t i = 0; i < ARRAY_SIZE(views); i++)
		EXPECT_TRUE(reads_agree(views[i], anywhere));
}

/* Names chosen by others */

/* Decodes a name as it is shown; returns its length. */
static size_t unescape(const char *shown, char *name)
{
	size_t nr = 0;

	while (*shown && *shown != '\n') {
		if (*shown != '\\') {
			name[nr++] = *shown++;
			continue;
		}
		name[nr++] =
			strtoul((char[]){ shown[1], shown[2], shown[3], '\0' },
				NULL, 8);
		shown += 4;
	}
	name[nr] = '\0';
	return nr;
}

TEST(names_reach_a_terminal_as_text_alone)
{
	static const char path[] = "/tmp/a\x1b[31m\a\n\\b\x7f \xc2\x9b\xc3\xa9"
				   "\xe2\x82\xac\xf0\x9f\x98\x80\xff\xc0\xaf"
				   "\xed\xa0\x80\xe2\x82";
	static const char shown[] = "/a\\033[31m\\007\\012\\134b\\177 "
				    "\\302\\233\xc3\xa9\xe2\x82\xac"
				    "\xf0\x9f\x98\x80\\377\\300\\257"
				    "\\355\\240\\200\\342\\202\n";
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	char *text, *found, name[128];
	void *map;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ftruncate(fd, PAGE_BYTES));
	map = mmap(NULL, PAGE_BYTES, PROT_READ, MAP_SHARED, fd, 0);
	ASSERT_NE(MAP_FAILED, map);
	text = read_view(0, "map", 65536);
	ASSERT_NE(NULL, text);
	found = strstr(text, shown);
	EXPECT_NE(NULL, found);
	if (found) {
		unescape(found, name);
		EXPECT_STREQ(path + strlen("/tmp"), name);
	}
	free(text);
	munmap(map, PAGE_BYTES);
	unlink(path);
}

TEST(comm_reaches_a_terminal_as_text_alone)
{
	prctl(PR_SET_NAME, "a\nb\x1b[31m");
	EXPECT_TRUE(view_has(0, "summary", "\ncomm a\\012b\\033[31m\n"));
}

TEST_HARNESS_MAIN
