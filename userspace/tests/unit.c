// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of the parts that need no process: each prints one TAP line. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "access.h"
#include "audit.h"
#include "fake.h"
#include "filter.h"
#include "format.h"
#include "oops.h"
#include "options.h"
#include "output.h"
#include "page.h"
#include "percpu.h"
#include "proc.h"
#include "range.h"
#include "swapdev.h"
#include "symbols.h"
#include "text.h"
#include "tlb.h"
#include "tool.h"
#include "vmallocinfo.h"

static unsigned int nr_tests, nr_failed;
static bool failed;

#define EXPECT(cond)                                                        \
	do {                                                                \
		if (!(cond)) {                                              \
			printf("# %s:%d: %s\n", __FILE__, __LINE__, #cond); \
			failed = true;                                      \
		}                                                           \
	} while (0)

#define EXPECT_STR(want, got)                                             \
	do {                                                              \
		const char *got_ = (got);                                 \
		if (strcmp(want, got_)) {                                 \
			printf("# %s:%d: \"%s\", not \"%s\"\n", __FILE__, \
			       __LINE__, got_, want);                     \
			failed = true;                                    \
		}                                                         \
	} while (0)

static void sizes_keep_one_digit(void)
{
	static const struct {
		uint64_t size;
		const char *text;
	} cases[] = {
		{ 0, "0" },
		{ 1, "1B" },
		{ 1023, "1023B" },
		{ 1024, "1K" },
		{ 4096, "4K" },
		{ 1536, "1.5K" },
		{ 1587, "1.5K" },
		{ 1588, "1.6K" },
		{ 2047, "2K" },
		{ (1 << 20) - 1, "1M" },
		{ (1 << 20) - 52, "1023.9K" },
		{ 1ULL << 60 | 1ULL << 59, "1.5E" },
		{ 132 << 10, "132K" },
		{ 2 << 20, "2M" },
		{ 1ULL << 30, "1G" },
		{ 16ULL << 40, "16T" },
		{ UINT64_MAX, "15.9E" },
	};
	char buf[32];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		EXPECT_STR(cases[i].text,
			   format_size(cases[i].size, buf, sizeof(buf)));
}

static void numbers_are_grouped(void)
{
	char buf[32];

	EXPECT_STR("0", format_grouped(0, buf, sizeof(buf)));
	EXPECT_STR("999", format_grouped(999, buf, sizeof(buf)));
	EXPECT_STR("1,000", format_grouped(1000, buf, sizeof(buf)));
	EXPECT_STR("18,446,744,073,709,551,615",
		   format_grouped(UINT64_MAX, buf, sizeof(buf)));
}

static void times_have_units(void)
{
	char buf[32];

	EXPECT_STR("0 ns", format_time(0, buf, sizeof(buf)));
	EXPECT_STR("870 ns", format_time(870, buf, sizeof(buf)));
	EXPECT_STR("14.2 us", format_time(14200, buf, sizeof(buf)));
	EXPECT_STR("3.1 ms", format_time(3100000, buf, sizeof(buf)));
	EXPECT_STR("75.0 s", format_time(75000000000, buf, sizeof(buf)));
}

static void addresses_are_hex_with_or_without_0x(void)
{
	uint64_t v;

	EXPECT(!parse_hex("7f3c8a200123", &v) && v == 0x7f3c8a200123);
	EXPECT(!parse_hex("0x10", &v) && v == 16);
	EXPECT(!parse_hex("0XAbC", &v) && v == 0xabc);
	EXPECT(!parse_hex("ffffffffffffffff", &v) && v == UINT64_MAX);
	EXPECT(parse_hex("10000000000000000", &v) == -ERANGE);
	EXPECT(parse_hex("", &v) == -EINVAL);
	EXPECT(parse_hex("0x", &v) == -EINVAL);
	EXPECT(parse_hex("-1", &v) == -EINVAL);
	EXPECT(parse_hex("12 ", &v) == -EINVAL);
	EXPECT(parse_hex("12g", &v) == -EINVAL);
}

static void pids_are_small_positive_decimals(void)
{
	int pid;

	EXPECT(!parse_pid("1", &pid) && pid == 1);
	EXPECT(!parse_pid("2147483647", &pid) && pid == 2147483647);
	EXPECT(parse_pid("2147483648", &pid) == -EINVAL);
	EXPECT(parse_pid("0", &pid) == -EINVAL);
	EXPECT(parse_pid("-1", &pid) == -EINVAL);
	EXPECT(parse_pid("", &pid) == -EINVAL);
	EXPECT(parse_pid("1a", &pid) == -EINVAL);
	EXPECT(parse_pid(" 1", &pid) == -EINVAL);
}

static void sizes_have_suffixes(void)
{
	uint64_t v;

	EXPECT(!parse_size("4096", &v) && v == 4096);
	EXPECT(!parse_size("0x1000", &v) && v == 4096);
	EXPECT(!parse_size("4K", &v) && v == 4096);
	EXPECT(!parse_size("2m", &v) && v == 2 << 20);
	EXPECT(!parse_size("1GiB", &v) && v == 1 << 30);
	EXPECT(!parse_size("1TB", &v) && v == 1ULL << 40);
	EXPECT(parse_size("16E", &v) == -ERANGE);
	EXPECT(parse_size("4Q", &v) == -EINVAL);
	EXPECT(parse_size("4KK", &v) == -EINVAL);
	EXPECT(parse_size("K", &v) == -EINVAL);
}

static void tenths_have_one_digit(void)
{
	uint64_t v;

	EXPECT(!parse_tenths("12", &v) && v == 120);
	EXPECT(!parse_tenths("12.5", &v) && v == 125);
	EXPECT(parse_tenths("12.", &v) == -EINVAL);
	EXPECT(parse_tenths("12.55", &v) == -EINVAL);
	EXPECT(parse_tenths("x", &v) == -EINVAL);
}

static void ranges_take_three_forms(void)
{
	struct range r;

	EXPECT(!range_parse("1234", 4096, &r) && r.start == 0x1000 &&
	       r.end == 0x2000);
	EXPECT(!range_parse("0x1000-3000", 4096, &r) && r.start == 0x1000 &&
	       r.end == 0x3000);
	EXPECT(!range_parse("7f00-8001", 4096, &r) && r.start == 0x7000 &&
	       r.end == 0x9000);
	EXPECT(!range_parse("1000+2M", 4096, &r) && r.end == 0x201000);
	EXPECT(!range_parse("1000+0x1", 4096, &r) && r.end == 0x2000);
	EXPECT(!range_parse("0-ffffffffffffffff", 4096, &r) &&
	       r.end == UINT64_MAX);
}

static void wrong_ranges_are_told_apart(void)
{
	struct range r;

	EXPECT(range_parse("2000-1000", 4096, &r) == -EINVAL);
	EXPECT(range_parse("2000-2000", 4096, &r) == -EINVAL);
	EXPECT(range_parse("2000+0", 4096, &r) == -EINVAL);
	EXPECT(range_parse("ffffffffffffffff+2", 4096, &r) == -ERANGE);
	EXPECT(range_parse("ffffffffffffffff", 4096, &r) == -ERANGE);
	EXPECT(range_parse("10000000000000000-1", 4096, &r) == -ERANGE);
	EXPECT(range_parse("[heap]", 4096, &r) == -ENOENT);
	EXPECT(range_parse("/usr/lib/x-y+z.so", 4096, &r) == -ENOENT);
	EXPECT(range_parse("1000-", 4096, &r) == -ENOENT);
	EXPECT(range_parse("-", 4096, &r) == -ENOENT);
}

static void areas_go_by_several_names(void)
{
	EXPECT(range_is_called("[heap]", "[heap]"));
	EXPECT(range_is_called("[heap]", "heap"));
	EXPECT(range_is_called("direct-map", "[direct-map]"));
	EXPECT(range_is_called("[anon:jit]", "[anon:jit]"));
	EXPECT(range_is_called("[anon_shmem:ring]", "[anon_shmem:ring]"));
	EXPECT(range_is_called("[anon_shmem:ring]", "anon_shmem:ring"));
	EXPECT(range_is_called("/usr/bin/bed", "bed"));
	EXPECT(range_is_called("/usr/bin/bed", "/usr/bin/bed"));
	EXPECT(range_is_called("/tmp/x (deleted)", "x"));
	EXPECT(range_is_called("/tmp/x (deleted)", "/tmp/x"));
	EXPECT(range_is_called("/tmp/x (deleted)", "x (deleted)"));
	EXPECT(range_is_called("/memfd:ring (deleted)", "memfd:ring"));
	EXPECT(!range_is_called("/tmp/heap", "[heap]"));
	EXPECT(!range_is_called("/usr/bin/bedroom", "bed"));
	EXPECT(!range_is_called("/usr/bed/bin", "bed"));
	EXPECT(!range_is_called("[heap]", "hea"));
	EXPECT(!range_is_called("[heap]", "[heap"));
	EXPECT(!range_is_called("[anon:a/b]", "b]"));
	EXPECT(!range_is_called("[]", "["));
	EXPECT(!range_is_called("/tmp/x", ""));
}

static void utf8_is_checked(void)
{
	EXPECT(utf8_length("a") == 1);
	EXPECT(utf8_length("\xc3\xa9") == 2);
	EXPECT(utf8_length("\xe2\x82\xac") == 3);
	EXPECT(utf8_length("\xf0\x9f\x98\x80") == 4);
	/* overlong, surrogate, beyond, cut, stray */
	EXPECT(utf8_length("\xc0\x80") == 0);
	EXPECT(utf8_length("\xe0\x80\x80") == 0);
	EXPECT(utf8_length("\xed\xa0\x80") == 0);
	EXPECT(utf8_length("\xf4\x90\x80\x80") == 0);
	EXPECT(utf8_length("\xe2\x82") == 0);
	EXPECT(utf8_length("\x80") == 0);
	EXPECT(utf8_length("\xff") == 0);
}

static const char *shown(const char *text, enum text_form form)
{
	static char buf[256];
	unsigned int width;
	char *at = buf;

	while (*text)
		at += text_piece(&text, form, at, &width);
	*at = '\0';
	return buf;
}

static void json_strings_are_escaped(void)
{
	EXPECT_STR("plain", shown("plain", TEXT_JSON));
	EXPECT_STR("a\\\"b\\\\c", shown("a\"b\\c", TEXT_JSON));
	EXPECT_STR("\\n\\t\\u0001\\u007f", shown("\n\t\x01\x7f", TEXT_JSON));
	EXPECT_STR("\xc3\xa9", shown("\xc3\xa9", TEXT_JSON));
	EXPECT_STR("\\\\xff\\\\xc3x", shown("\xff\xc3x", TEXT_JSON));
}

static void text_is_escaped_as_in_maps(void)
{
	char buf[64];

	escape_text("a b\nc\x1b", false, buf, sizeof(buf));
	EXPECT_STR("a b\\012c\\033", buf);
	escape_text("a b", true, buf, sizeof(buf));
	EXPECT_STR("a\\040b", buf);
	EXPECT(escape_text("0123456789", false, buf, 8) < 8);
}

static void c1_controls_are_escaped(void)
{
	EXPECT_STR("c\\302\\23331mx", shown("c\302\23331mx", TEXT_LINE));
	EXPECT_STR("\\302\\200\\302\\237",
		   shown("\xc2\x80\xc2\x9f", TEXT_WORD));
	EXPECT_STR("c\\u009b31mx", shown("c\302\23331mx", TEXT_JSON));
	EXPECT_STR("\xc2\xa0", shown("\xc2\xa0", TEXT_LINE));
}

static void bytes_that_are_no_utf8_are_escaped(void)
{
	EXPECT_STR("r\\23331m", shown("r\23331m", TEXT_LINE));
	EXPECT_STR("\\377\\303x", shown("\xff\xc3x", TEXT_LINE));
	EXPECT_STR("\\355\\240\\200", shown("\xed\xa0\x80", TEXT_WORD));
}

static void turns_of_direction_and_line_ends_are_escaped(void)
{
	EXPECT_STR("\\342\\200\\256x", shown("\xe2\x80\xaex", TEXT_LINE));
	EXPECT_STR("\\342\\200\\250", shown("\xe2\x80\xa8", TEXT_LINE));
	EXPECT_STR("\\u2067", shown("\xe2\x81\xa7", TEXT_JSON));
	EXPECT_STR("\\342\\200\\217", shown("\xe2\x80\x8f", TEXT_LINE));
}

/* Nobody knows how many columns such a character takes. */
static void unassigned_characters_are_escaped(void)
{
	EXPECT_STR("\\363\\240\\200\\200",
		   shown("\xf3\xa0\x80\x80", TEXT_LINE));
	EXPECT_STR("\xf3\xa0\x80\x80", shown("\xf3\xa0\x80\x80", TEXT_JSON));
}

static void a_backslash_of_a_name_is_no_escape(void)
{
	EXPECT_STR("b\\134012c", shown("b\\012c", TEXT_LINE));
	EXPECT_STR("b\\\\012c", shown("b\\012c", TEXT_JSON));
}

static void wide_characters_are_two_columns(void)
{
	EXPECT(text_width("a\xe4\xb8\xad", TEXT_LINE) == 3);
	EXPECT(text_width("e\xcc\x81", TEXT_LINE) == 1);
	EXPECT(text_width("\xc3\xa9", TEXT_LINE) == 1);
	EXPECT(text_width("\n", TEXT_LINE) == 4);
	EXPECT_STR("\xe4\xb8\xad", text_tail("abc\xe4\xb8\xad", TEXT_LINE, 4));
	EXPECT_STR("\xe4\xb8\xad",
		   text_tail("\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad", TEXT_LINE,
			     5));
}

/* Standard output, which is a file in memory meanwhile. */
struct capture {
	int out;
	int fd;
};

static void capture_start(struct capture *capture)
{
	fflush(stdout);
	capture->out = dup(STDOUT_FILENO);
	capture->fd = memfd_create("output", MFD_CLOEXEC);
	dup2(capture->fd, STDOUT_FILENO);
}

static char *capture_end(struct capture *capture, size_t *bytes)
{
	char *text;

	fflush(stdout);
	dup2(capture->out, STDOUT_FILENO);
	close(capture->out);
	*bytes = lseek(capture->fd, 0, SEEK_END);
	text = calloc(1, *bytes + 1);
	EXPECT(pread(capture->fd, text, *bytes, 0) == (ssize_t)*bytes);
	close(capture->fd);
	return text;
}

/* Names that have each kind of character, and numbers of many lengths. */
struct text_row {
	uint64_t number;
	const char *name;
};

static void get_number(const void *row, struct value *v)
{
	const struct text_row *r = row;

	if (r->number)
		value_number(v, r->number);
	if (r->number & 1)
		v->color = COLOR_RED;
}

static void get_name(const void *row, struct value *v)
{
	value_text(v, ((const struct text_row *)row)->name);
	v->color = COLOR_GREEN;
}

static const struct column text_columns[] = {
	COLUMN(name, 4, TEXT, "any bytes"),
	COLUMN(number, 4, HEX, "on the left"),
	{ "size", 4, TYPE_SIZE, 0, 0, "on the right", get_number, NULL, NULL },
	{ "words", 4, TYPE_LIST, WIDE, 0, "the last one", get_name, NULL,
	  NULL },
};

static char *table_of(size_t nr, const struct options *opt, size_t *bytes)
{
	static const char *const names[] = {
		"plain",
		"two words",
		"\xe4\xb8\xad\xe6\x96\x87",
		"e\xcc\x81",
		"r\23331m",
		"c\302\23331m",
		"\033[31m",
		"line\nend",
		"x\xe2\x80\xae",
		"\xf3\xa0\x80\x80",
		"b\\012",
		"",
		"tab\t",
		"\xc2\xad soft",
		"\xed\xa0\x80",
	};
	struct text_row *rows = calloc(nr, sizeof(*rows));
	struct text_row total = { 3, "total" };
	struct column_list list = { .nr = ARRAY_SIZE(text_columns) };
	struct capture capture;

	for (size_t i = 0; i < list.nr; i++)
		list.col[i] = &text_columns[i];
	for (size_t i = 0; i < nr; i++)
		rows[i] = (struct text_row){ i * i * i,
					     names[i % ARRAY_SIZE(names)] };
	/* Both have this one, which is the widest. */
	rows[1].number = 0xffffffffff;
	capture_start(&capture);
	EXPECT(!output_table("rows", &list, opt, rows, nr, sizeof(*rows),
			     &total));
	free(rows);
	return capture_end(&capture, bytes);
}

static size_t start_of_last_line(const char *text, size_t bytes)
{
	while (bytes > 1 && text[bytes - 2] != '\n')
		bytes--;
	return bytes - 1;
}

/* One row more, and our own writer aligns what libsmartcols aligned. */
static void both_writers_print_the_same(const struct options *opt)
{
	size_t short_bytes, long_bytes, rows;
	char *shorter = table_of(TABLE_ROWS, opt, &short_bytes);
	char *longer = table_of(TABLE_ROWS + 1, opt, &long_bytes);

	rows = start_of_last_line(shorter, short_bytes);
	EXPECT(long_bytes > short_bytes && short_bytes > 20 * TABLE_ROWS);
	EXPECT(!memcmp(shorter, longer, rows));
	EXPECT_STR(shorter + rows,
		   longer + start_of_last_line(longer, long_bytes));
	free(shorter);
	free(longer);
}

static void tables_look_the_same_at_any_length(void)
{
	const struct options plain = { .color = COLOR_NEVER };
	const struct options colored = { .color = COLOR_ALWAYS, .bytes = true };
	const struct options bare = { .color = COLOR_NEVER,
				      .no_headings = true };

	both_writers_print_the_same(&plain);
	both_writers_print_the_same(&colored);
	both_writers_print_the_same(&bare);
}

static const struct vmscope_info *fake_info(struct vmscope **scope)
{
	EXPECT(!device_open(scope));
	return vmscope_get_info(*scope);
}

/* Where a row of pages comes from: few values of each field, by turns. */
static uint64_t pick(const uint64_t *from, size_t nr)
{
	return from[rand() % nr];
}

static void make_record(struct vmscope_record *rec,
			const struct vmscope_area *area)
{
	static const uint64_t states[] = {
		VMSCOPE_STATE_NONE,    VMSCOPE_STATE_ANON,
		VMSCOPE_STATE_SWAP,    VMSCOPE_STATE_MIGRATION,
		VMSCOPE_STATE_UNKNOWN,
	};
	static const uint64_t flags[] = {
		0,
		VMSCOPE_F_PRESENT,
		VMSCOPE_F_PRESENT | VMSCOPE_F_PERM_WRITE | VMSCOPE_F_PERM_EXEC,
		VMSCOPE_F_PRESENT | VMSCOPE_F_SOFT_DIRTY,
		VMSCOPE_F_WITHHELD,
		VMSCOPE_F_PRESENT | VMSCOPE_F_RACED | VMSCOPE_F_WITHHELD,
	};
	static const uint64_t lengths[] = { 4096, 8192, 2 << 20 };
	static const uint64_t numbers[] = { 0, 1, 99999999, 1ULL << 35 };
	static const uint64_t bits[] = { 7, 0x67, 1ULL << 63 | 7, 0x87 };

	memset(rec, 0, sizeof(*rec));
	rec->kind = VMSCOPE_KIND_PAGE;
	rec->level = 1 + rand() % 2;
	rec->state = pick(states, ARRAY_SIZE(states));
	rec->pkey = rand() % 2;
	rec->cache = rand() % 2;
	rec->flags = pick(flags, ARRAY_SIZE(flags));
	rec->has_raw = !(rec->flags & VMSCOPE_F_WITHHELD);
	rec->addr = area->where + 4096 * (rand() % 9);
	rec->end = rec->addr + pick(lengths, ARRAY_SIZE(lengths));
	rec->value = pick(numbers, ARRAY_SIZE(numbers));
	rec->raw = pick(bits, ARRAY_SIZE(bits)) | rec->value << 12;
	rec->area = area;
	rec->name = "";
}

/* The same rows, each made anew or out of what was kept of others. */
static char *rows_of_pages(const struct options *opt, bool runs, bool kept,
			   size_t *bytes)
{
	static const char *const labels[] = {
		"/usr/bin/demo",
		"[heap]",
		"\xe4\xb8\xad\x9b",
		"two words",
	};
	const struct vmscope_area areas[] = {
		{ .where = 0x1000, .end = 0x9000, .vma_flags = 3, .inode = 5 },
		{ .where = 0x10000,
		  .end = 0x19000,
		  .vma_flags = 1,
		  .name_kind = VMSCOPE_NAME_HEAP },
		{ .where = 0x7f0000000000,
		  .end = 0x7f0000009000,
		  .vma_flags = VMSCOPE_VMA_SOFTDIRTY,
		  .offset = 0x3000,
		  .inode = 77,
		  .dev = 8ULL << 32 | 1 },
		{ .where = 1ULL << 47,
		  .end = (1ULL << 47) + 0x9000,
		  .vma_flags = VMSCOPE_VMA_HUGETLB },
	};
	struct vmscope *scope;
	const struct vmscope_info *info = fake_info(&scope);
	struct column_list list = { .runs = runs };
	struct vmscope_record rec;
	struct page_row row = { .info = info, .rec = &rec };
	struct row_kind kind;
	struct output *out;
	struct capture capture;

	for (size_t i = 0; i < map_columns.nr; i++)
		list.col[list.nr++] = &map_columns.columns[i];
	srand(1);
	capture_start(&capture);
	out = output_start("rows", &list, opt);
	for (size_t i = 0; i < 3000; i++) {
		size_t area = i / 7 % ARRAY_SIZE(areas);

		make_record(&rec, &areas[area]);
		row.label = labels[area];
		page_kind(&row, &kind);
		if (kept)
			output_row_of_kind(out, &row, &kind, i / 7);
		else
			output_row(out, &row);
	}
	output_end(out);
	vmscope_close(scope);
	return capture_end(&capture, bytes);
}

static void kept_cells_are_those_of_the_row(void)
{
	static const struct options forms[] = {
		{ .color = COLOR_NEVER },
		{ .color = COLOR_ALWAYS, .bytes = true },
		{ .color = COLOR_NEVER, .raw = true },
		{ .color = COLOR_NEVER, .json = true },
	};

	for (size_t i = 0; i < 2 * ARRAY_SIZE(forms); i++) {
		size_t nr_kept, nr_made;
		char *kept =
			rows_of_pages(&forms[i / 2], i % 2, true, &nr_kept);
		char *made =
			rows_of_pages(&forms[i / 2], i % 2, false, &nr_made);

		EXPECT(nr_made == nr_kept && nr_made > 3000 * 100);
		EXPECT(!memcmp(kept, made, nr_made));
		free(kept);
		free(made);
	}
}

static void numbers_are_formatted_by_hand(void)
{
	static const uint64_t numbers[] = { 0,	   9,	       10,
					    0xf,   0x10,       4096,
					    99999, UINT32_MAX, UINT64_MAX };
	char want[32], got[32];

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		snprintf(want, sizeof(want), "%llu",
			 (unsigned long long)numbers[i]);
		EXPECT(format_decimal(numbers[i], got) == strlen(want));
		EXPECT_STR(want, got);
		snprintf(want, sizeof(want), "%llx",
			 (unsigned long long)numbers[i]);
		EXPECT(format_hex(numbers[i], got) == strlen(want));
		EXPECT_STR(want, got);
	}
}

static void long_text_keeps_its_end(void)
{
	EXPECT_STR("/a/b", text_tail("/a/b", TEXT_LINE, 4));
	EXPECT_STR("b.so", text_tail("/usr/lib/b.so", TEXT_LINE, 6));
	EXPECT_STR("..", text_dots());
}

static size_t selected(const char *columns, struct column_list *list)
{
	struct options opt = { .columns = columns };

	return columns_select(&map_columns, &opt, list) ? 0 : list->nr;
}

static void column_lists_are_parsed(void)
{
	struct column_list list;
	size_t usual = selected(NULL, &list);

	EXPECT(usual == 8);
	EXPECT(selected("start", &list) == 1);
	EXPECT(selected("START,End", &list) == 2);
	EXPECT(selected("start,start", &list) == 1);
	EXPECT(selected("+pfn", &list) == usual + 1);
	EXPECT_STR("area", list.col[list.nr - 1]->name);
	EXPECT_STR("pfn", list.col[list.nr - 2]->name);
	EXPECT(selected("+start", &list) == usual);
}

static void wrong_column_lists_are_refused(void)
{
	struct column_list list;

	EXPECT(!selected("", &list));
	EXPECT(!selected("+", &list));
	EXPECT(!selected("star", &list));
	EXPECT(!selected("starts", &list));
	EXPECT(!selected("start,", &list));
	EXPECT(!selected(",start", &list));
}

static bool parses(const char *text)
{
	struct filter *filter;

	if (filter_parse(&filter, &map_columns, text))
		return false;
	filter_free(filter);
	return true;
}

static void good_filters_parse(void)
{
	static const char *const good[] = {
		"state == anon",
		"state==anon",
		"  ( state == swap ) ",
		"!(level == pmd) && size >= 2M || pfn < 0x100",
		"area =~ \"lib(c|m)\\.so\"",
		"area == '[heap]'",
		"dirty == yes",
		"! ! ! dirty == no",
		"((((state != none))))",
		"start >= 7f0000000000 && end <= 0x7fffffffffff",
		"pte_flags =~ ^P",
		"area==/usr/bin/x&&dirty==1",
		"STATE == anon",
	};

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		if (!parses(good[i]))
			printf("# %s\n", good[i]);
		EXPECT(parses(good[i]));
	}
}

static void bad_filters_are_refused(void)
{
	static const char *const bad[] = {
		"",
		" ",
		"state",
		"state ==",
		"== anon",
		"state = anon",
		"state == anno",
		"stat == anon",
		"state == anon &&",
		"&& state == anon",
		"(state == anon",
		"state == anon)",
		"()",
		"state == anon state == swap",
		"state == anon & dirty == 1",
		"pfn == x",
		"pfn == 99999999999999999999",
		"pfn =~ 1",
		"size == 4Q",
		"dirty == maybe",
		"area =~ \"(\"",
		"area == \"open",
		"!",
		"! && dirty == 1",
		"start == 0xg",
		"state <=> anon",
		"a\nb",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		if (parses(bad[i]))
			printf("# %s\n", bad[i]);
		EXPECT(!parses(bad[i]));
	}
}

/* No depth makes the parser recurse; too much of it is refused. */
static void deep_filters_are_bounded(void)
{
	enum { DEEP = 100000 };
	char *text = malloc(2 * DEEP + 64);

	memset(text, '(', DEEP);
	memcpy(text + DEEP, "dirty == 1", 11);
	memset(text + strlen(text), ')', DEEP);
	text[2 * DEEP + 10] = '\0';
	EXPECT(!parses(text));
	memset(text, '!', DEEP);
	memcpy(text + DEEP, "dirty == 1", 11);
	EXPECT(!parses(text));
	memset(text, '!', 200);
	memcpy(text + 200, "dirty == 1", 11);
	EXPECT(parses(text));
	*text = '\0';
	for (int i = 0; i < 1000; i++)
		sprintf(text + strlen(text), "%sdirty==1", i ? "||" : "");
	EXPECT(!parses(text));
	free(text);
}

/* The place is below the character that is wrong. */
static void filter_errors_show_the_place(void)
{
	char buf[512] = "";
	struct filter *filter;
	FILE *keep = stderr;

	stderr = fmemopen(buf, sizeof(buf), "w");
	EXPECT(filter_parse(&filter, &map_columns,
			    "dirty == 1 && stat == anon") == EXIT_USAGE);
	fclose(stderr);
	stderr = keep;
	EXPECT_STR(
		"vmscope: filter: no column \"stat\"; did you mean \"state\"?; -H lists them\n"
		"  dirty == 1 && stat == anon\n"
		"                ^\n",
		buf);
}

static bool matches(const char *text, const struct vmscope_record *rec)
{
	struct vmscope *scope;
	struct page_row row = { .info = fake_info(&scope),
				.rec = rec,
				.label = "[heap]" };
	struct filter *filter;
	bool ret;

	EXPECT(!filter_parse(&filter, &map_columns, text));
	ret = filter_match(filter, &row);
	filter_free(filter);
	vmscope_close(scope);
	return ret;
}

static void filters_match_rows(void)
{
	const struct vmscope_record rec = {
		.kind = VMSCOPE_KIND_PAGE,
		.level = VMSCOPE_LEVEL_PMD,
		.state = VMSCOPE_STATE_ANON,
		.addr = 0x200000,
		.end = 0x400000,
		.flags = VMSCOPE_F_PRESENT | VMSCOPE_F_DIRTY |
			 VMSCOPE_F_PERM_READ,
		.value = 512,
		.name = "",
	};

	EXPECT(matches("state == anon", &rec));
	EXPECT(!matches("state != anon", &rec));
	EXPECT(matches("level > pte", &rec));
	EXPECT(matches("size == 2M && pages == 512", &rec));
	EXPECT(matches("start == 200000", &rec));
	EXPECT(matches("dirty == yes && accessed == no", &rec));
	EXPECT(matches("perm == r-- && area =~ heap", &rec));
	EXPECT(matches("pfn >= 512 && pfn <= 0x200", &rec));
	EXPECT(matches("state == swap || level == pmd", &rec));
	EXPECT(matches("!(state == swap) && !dirty == no", &rec));
	EXPECT(matches("state == swap && dirty == no || level == pmd", &rec));
	EXPECT(!matches("state == swap && (dirty == no || level == pmd)",
			&rec));
	EXPECT(matches("page_flags =~ dirty", &rec));
}

/* A comparison with what is unknown is never true; its denial is. */
static void unknown_matches_nothing(void)
{
	const struct vmscope_record rec = {
		.kind = VMSCOPE_KIND_PAGE,
		.level = VMSCOPE_LEVEL_PTE,
		.state = VMSCOPE_STATE_SWAP,
		.end = 4096,
		.name = "",
	};

	EXPECT(!matches("pfn == 0", &rec));
	EXPECT(!matches("pfn != 0", &rec));
	EXPECT(!matches("pfn >= 0", &rec));
	EXPECT(matches("!(pfn == 0)", &rec));
	EXPECT(!matches("cache != wb", &rec));
}

/* Rows as text, of all that the made-up process has. */
static void scan_rows(const struct vmscope_query *query,
		      const struct filter *filter, char *out, size_t bytes)
{
	struct vmscope_record rec;
	struct vmscope_iter *iter;
	struct vmscope *scope;
	size_t len = 0;

	*out = '\0';
	EXPECT(!device_open(&scope));
	EXPECT(!vmscope_attach_pid(scope, 1));
	EXPECT(!vmscope_iter_create(&iter, scope, query));
	while (vmscope_iter_next(iter, &rec) > 0) {
		struct page_row row = {
			.info = vmscope_get_info(scope),
			.rec = &rec,
			.label = "x",
		};

		if (rec.kind == VMSCOPE_KIND_AREA ||
		    !filter_match(filter, &row))
			continue;
		len += snprintf(out + len, bytes - len,
				"%llx-%llx %u %u %llx %llx\n",
				(unsigned long long)rec.addr,
				(unsigned long long)rec.end, rec.level,
				rec.state, (unsigned long long)rec.flags,
				(unsigned long long)rec.value);
	}
	vmscope_iter_destroy(iter);
	vmscope_close(scope);
}

static const char *const pushed[] = {
	"state == anon",
	"state != none",
	"state =~ swap",
	"level == pmd",
	"level >= pmd && state == anon",
	"dirty == yes",
	"dirty == no",
	"present == yes && accessed == no",
	"perm == r-x",
	"perm =~ w",
	"perm != rw-",
	"lperm == rwx",
	"!(state == anon || state == file)",
	"state == swap || level == pmd",
	"start >= 555556400000",
	"start == 555556000000",
	"start > 555556000000 && end < 7f0000002000",
	"end <= 555556400000",
	"end == 555555562000",
	"end < 1000",
	"start >= 555556201000",
	"end <= 555556201000",
	"start == 0",
	"end <= ffffffffffffffff",
	"start >= ffffffffffffffff",
	"state == anon && state == file",
	"state == swap && level == pte && dirty == no",
	"user == no && present == yes",
	"(dirty == yes || accessed == yes) && perm == rw-",
	"protnone == yes",
	"raced == yes",
	"exclusive == yes && state == swap",
	"size >= 2M && state != none",
	"area =~ x && state == anon",
	"uffd_wp == no",
};

static void push_keeps_rows(uint64_t flags)
{
	static char plain[1 << 16], narrowed[1 << 16];

	for (size_t i = 0; i < ARRAY_SIZE(pushed); i++) {
		struct vmscope_query query = { .end = UINT64_MAX,
					       .flags = flags };
		struct filter *filter;
		struct vmscope *scope;
		unsigned int needs = 0;
		bool any;

		EXPECT(!filter_parse(&filter, &map_columns, pushed[i]));
		filter_needs(filter, &needs, &query.run_flags);
		scan_rows(&query, filter, plain, sizeof(plain));
		any = filter_push(filter, fake_info(&scope), &query);
		vmscope_close(scope);
		*narrowed = '\0';
		if (any)
			scan_rows(&query, filter, narrowed, sizeof(narrowed));
		filter_free(filter);
		if (strcmp(plain, narrowed))
			printf("# %s\n%s# became\n%s", pushed[i], plain,
			       narrowed);
		EXPECT(!strcmp(plain, narrowed));
	}
}

static void pushed_filters_keep_the_rows_of_map(void)
{
	push_keeps_rows(VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS);
	push_keeps_rows(VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS |
			VMSCOPE_SCAN_FRAMES);
}

static void pushed_filters_keep_the_rows_of_pages(void)
{
	push_keeps_rows(VMSCOPE_SCAN_AREAS);
}

static void push(const char *text, struct vmscope_query *query)
{
	struct filter *filter;
	struct vmscope *scope;

	*query = (struct vmscope_query){ .end = UINT64_MAX };
	EXPECT(!filter_parse(&filter, &map_columns, text));
	EXPECT(filter_push(filter, fake_info(&scope), query));
	filter_free(filter);
	vmscope_close(scope);
}

static void filters_become_masks(void)
{
	struct vmscope_query q;

	push("state == anon && level != pte && dirty == yes && perm == r--",
	     &q);
	EXPECT(q.states == 1 << VMSCOPE_STATE_ANON);
	EXPECT(q.levels == (0x3f & ~(1 << VMSCOPE_LEVEL_PTE)));
	EXPECT(q.all_flags == (VMSCOPE_F_DIRTY | VMSCOPE_F_PERM_READ));
	EXPECT(q.none_flags == (VMSCOPE_F_PERM_WRITE | VMSCOPE_F_PERM_EXEC));
	push("start >= 5000 && end <= 9000", &q);
	EXPECT(q.start == 0x4000 && q.end == 0xb000);
	push("state == anon || dirty == yes", &q);
	EXPECT(!q.states && !q.all_flags);
	push("size > 4K", &q);
	EXPECT(!q.states && !q.levels && !q.all_flags && !q.none_flags);
}

static void records_are_decoded(void)
{
	const struct vmscope_page page = {
		.where = 0x7f0000000000 | VMSCOPE_LEVEL_PMD << 4 |
			 VMSCOPE_KIND_PAGE,
		.what = VMSCOPE_F_PRESENT | VMSCOPE_F_DIRTY | 5ULL << 20 |
			3ULL << 24 | (uint64_t)VMSCOPE_STATE_SHMEM << 32 |
			512ULL << 40,
		.raw = 0x80000000000000e7,
		.value = 0x1234,
	};
	struct vmscope_record rec;
	struct vmscope *scope;

	vmscope_page_decode(fake_info(&scope), &page, &rec);
	EXPECT(rec.kind == VMSCOPE_KIND_PAGE && rec.level == VMSCOPE_LEVEL_PMD);
	EXPECT(rec.addr == 0x7f0000000000 && rec.end == 0x7f0000200000);
	EXPECT(rec.state == VMSCOPE_STATE_SHMEM && rec.pkey == 5);
	EXPECT(rec.cache == VMSCOPE_CACHE_UC);
	EXPECT(rec.flags == (VMSCOPE_F_PRESENT | VMSCOPE_F_DIRTY));
	EXPECT(rec.has_raw && rec.raw == 0x80000000000000e7 &&
	       rec.value == 0x1234);
	EXPECT(vmscope_has_frame(&rec) && !vmscope_has_slot(&rec));
	vmscope_close(scope);
}

static void runs_are_decoded(void)
{
	const struct vmscope_page page = {
		.where = 0x1000 | VMSCOPE_LEVEL_PTE << 4 | VMSCOPE_KIND_RUN,
		.what = (uint64_t)VMSCOPE_STATE_SWAP << 32,
		.raw = 1ULL << 35,
		.value = 3ULL << 56 | 77,
	};
	struct vmscope_record rec;
	struct vmscope *scope;

	vmscope_page_decode(fake_info(&scope), &page, &rec);
	EXPECT(rec.kind == VMSCOPE_KIND_RUN && !rec.has_raw);
	EXPECT(rec.end - rec.addr == 1ULL << 47);
	EXPECT(vmscope_has_slot(&rec) && !vmscope_has_frame(&rec));
	EXPECT(VMSCOPE_SLOT_TYPE(rec.value) == 3 &&
	       VMSCOPE_SLOT_OFFSET(rec.value) == 77);
	vmscope_close(scope);
}

/* However little a call tells, the records are the same. */
static void buffers_of_any_size_give_the_same(void)
{
	static const char *const rooms[] = { "128", "160", "200", "1000",
					     "4096" };
	const struct vmscope_query query = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_NAMES,
	};
	static char whole[1 << 16], cut[1 << 16];

	scan_rows(&query, NULL, whole, sizeof(whole));
	for (size_t i = 0; i < ARRAY_SIZE(rooms); i++) {
		setenv("FAKE_ROOM", rooms[i], 1);
		scan_rows(&query, NULL, cut, sizeof(cut));
		EXPECT(!strcmp(whole, cut));
	}
	unsetenv("FAKE_ROOM");
}

static int first_record(const char *env)
{
	const struct vmscope_query query = { .end = UINT64_MAX };
	struct vmscope_record rec;
	struct vmscope_iter *iter;
	struct vmscope *scope;
	int ret;

	setenv(env, "8", 1);
	EXPECT(!device_open(&scope));
	EXPECT(!vmscope_attach_pid(scope, 1));
	EXPECT(!vmscope_iter_create(&iter, scope, &query));
	ret = vmscope_iter_next(iter, &rec);
	vmscope_iter_destroy(iter);
	vmscope_close(scope);
	unsetenv(env);
	return ret;
}

static void nonsense_from_the_device_is_an_error(void)
{
	EXPECT(first_record("FAKE_GARBAGE") == -EPROTO);
	EXPECT(first_record("FAKE_LONG") == -EPROTO);
	/* No record fits: neither told nor moved, so it would go on for ever. */
	EXPECT(first_record("FAKE_ROOM") == -EPROTO);
}

static int fail_at_once(void *arg, const struct vmscope_record *rec)
{
	(void)arg;
	(void)rec;
	return -EIO;
}

static int stop_at_third(void *arg, const struct vmscope_record *rec)
{
	unsigned int *nr = arg;

	(void)rec;
	return ++*nr == 3 ? 7 : 0;
}

static void scans_go_on_until_told_otherwise(void)
{
	const struct vmscope_query query = { .end = UINT64_MAX };
	const struct options opt = { .quiet = true };
	struct cost cost = { 0 };
	const struct request req = { .opt = &opt, .cost = &cost };
	struct target target;
	unsigned int nr = 0;

	EXPECT(!target_try(&target, 1));
	EXPECT(target_scan(&target, &query, &req, stop_at_third, &nr) == 7);
	EXPECT(nr == 3 && cost.sum.calls == 1);
	EXPECT(!target_scan(&target, &query, &req, stop_at_third, &nr));
	EXPECT(nr > fake_nr_entries && cost.sum.calls == 2);
	EXPECT(!target_scan(&target, &query, NULL, stop_at_third, &nr));
	EXPECT(cost.sum.calls == 2);
	EXPECT(target_scan(&target, &query, NULL, fail_at_once, NULL) == -EIO);
	target_close(&target);
}

static void other_versions_are_refused(void)
{
	struct vmscope *scope;
	char why[256];

	setenv("FAKE_ABI", "2", 1);
	EXPECT(device_open(&scope) == -EPROTO);
	unsetenv("FAKE_ABI");
	vmscope_explain(VMSCOPE_OP_OPEN, -EPROTO, why, sizeof(why));
	EXPECT(strstr(why, "version"));
}

static void every_error_is_explained(void)
{
	char why[256];

	vmscope_explain(VMSCOPE_OP_OPEN, -ENOENT, why, sizeof(why));
	EXPECT(strstr(why, "not loaded"));
	vmscope_explain(VMSCOPE_OP_OPEN, -EACCES, why, sizeof(why));
	EXPECT(strstr(why, "root") || strstr(why, "CAP_SYS_ADMIN"));
	vmscope_explain(VMSCOPE_OP_ATTACH, -ESRCH, why, sizeof(why));
	EXPECT(strstr(why, "no such process"));
	vmscope_explain(VMSCOPE_OP_SCAN, -ESRCH, why, sizeof(why));
	EXPECT(strstr(why, "gone"));
	vmscope_explain(VMSCOPE_OP_SCAN, -EXDEV, why, sizeof(why));
	EXPECT(*why);
}

static void pidfds_that_are_none_are_refused(void)
{
	struct vmscope *scope;
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	EXPECT(!device_open(&scope));
	EXPECT(vmscope_attach_pidfd(scope, fd) == -EBADF);
	EXPECT(vmscope_attach_pidfd(scope, -1) == -EBADF);
	close(fd);
	vmscope_close(scope);
}

static void raw_bits_have_names(void)
{
	static const struct {
		unsigned int level;
		uint64_t raw;
		const char *names;
	} cases[] = {
		{ VMSCOPE_LEVEL_PGD, 0x105b21067, "P RW US A D" },
		{ VMSCOPE_LEVEL_PMD, 0x80000001234000e7, "P RW US A D PS NX" },
		{ VMSCOPE_LEVEL_PTE, 0x8000000000000163, "P RW A D G NX" },
		{ VMSCOPE_LEVEL_PTE, 0x80000000000000a7, "P RW US A PAT NX" },
		{ VMSCOPE_LEVEL_PMD, 0x10e7, "P RW US A D PS PAT" },
		{ VMSCOPE_LEVEL_PTE, 0x8000000000000120, "PROTNONE A NX" },
		{ VMSCOPE_LEVEL_PTE, 0x1f, "P RW US PWT PCD" },
		{ VMSCOPE_LEVEL_PTE, 0xe05, "P US SPECIAL UFFD SD" },
		{ VMSCOPE_LEVEL_PTE, 0x7e, "" },
		{ VMSCOPE_LEVEL_PTE, 0, "" },
		{ VMSCOPE_LEVEL_PUD, 0x8000000105b22067, "P RW US A D NX" },
	};
	struct vmscope *scope;
	const struct vmscope_info *info = fake_info(&scope);
	char buf[128];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		vmscope_raw_flags(info, cases[i].level, 0x1000, cases[i].raw,
				  buf, sizeof(buf));
		EXPECT_STR(cases[i].names, buf);
	}
	vmscope_close(scope);
}

static void pti_nx_is_not_ours(void)
{
	const uint64_t raw = 0x8000000105b21067;
	struct vmscope_info off;
	struct vmscope *scope;
	const struct vmscope_info *info = fake_info(&scope);
	char buf[128];

	vmscope_raw_flags(info, VMSCOPE_LEVEL_PGD, 0x1000, raw, buf,
			  sizeof(buf));
	EXPECT_STR("P RW US A D NX(pti)", buf);
	vmscope_raw_flags(info, VMSCOPE_LEVEL_PGD, 0xffff888000000000, raw, buf,
			  sizeof(buf));
	EXPECT_STR("P RW US A D NX", buf);
	off = *info;
	off.features &= ~(uint64_t)VMSCOPE_FEAT_PTI;
	vmscope_raw_flags(&off, VMSCOPE_LEVEL_PGD, 0x1000, raw, buf,
			  sizeof(buf));
	EXPECT_STR("P RW US A D NX", buf);
	vmscope_close(scope);
}

/* Where the raw entry is not told, the flags name the same bits. */
static void flags_name_the_same_bits(void)
{
	struct vmscope *scope;
	const struct vmscope_info *info = fake_info(&scope);
	char raw[128], word[128];

	for (size_t i = 0; i < fake_nr_entries; i++) {
		const struct fake_entry *e = &fake_entries[i];

		/* Its entry is special, which the made-up flags omit. */
		if (VMSCOPE_WORD_STATE(e->what) == VMSCOPE_STATE_ZERO)
			continue;
		vmscope_raw_flags(info, e->level, e->addr, e->raw, raw,
				  sizeof(raw));
		vmscope_word_flags(info, e->level, e->what, true, word,
				   sizeof(word));
		if (e->what & VMSCOPE_F_PRESENT)
			EXPECT_STR(raw, word);
	}
	vmscope_close(scope);
}

static struct swap_devices devices(unsigned int nr, unsigned int max,
				   uint32_t seen)
{
	static const char *const paths[] = {
		"/dev/zram0", "/dev/sd1", "/dev/sd2", "/dev/sd3",
		"/dev/sd4",   "/dev/sd5", "/dev/sd6",
	};
	static const char *const guesses[] = {
		"/dev/zram0?", "/dev/sd1?", "/dev/sd2?", "/dev/sd3?",
		"/dev/sd4?",   "/dev/sd5?", "/dev/sd6?",
	};
	struct swap_devices d = { .nr = nr, .max_type = max, .seen = seen };

	for (unsigned int i = 0; i < nr; i++) {
		d.line[i].path = paths[i];
		d.line[i].guess = guesses[i];
		d.line[i].zram = !i;
		d.line[i].used = 4096;
	}
	return d;
}

static void swap_names_are_certain_or_marked(void)
{
	static const struct {
		unsigned int nr, max;
		uint32_t seen;
		unsigned int type;
		const char *name;
	} cases[] = {
		/* The only device is it, whatever its number. */
		{ 1, 27, 0x1, 0, "/dev/zram0" },
		{ 1, 27, 0x8, 3, "/dev/zram0" },
		/* Nothing is below 0, and nothing fits between 0 and 1. */
		{ 2, 27, 0x1, 0, "/dev/zram0" },
		{ 2, 27, 0x3, 1, "/dev/sd1" },
		/* With one of two seen, 1 may be the first or the second. */
		{ 2, 27, 0x2, 1, "/dev/sd1?" },
		/* Two seen of two: the order settles it, gaps or not. */
		{ 2, 27, 0x22, 1, "/dev/zram0" },
		{ 2, 27, 0x22, 5, "/dev/sd1" },
		{ 3, 27, 0x22, 5, "/dev/sd2?" },
		/* The highest number that there is leaves no room above. */
		{ 2, 5, 0x20, 5, "/dev/sd1" },
		/* More numbers than devices: one has just gone. */
		{ 1, 27, 0x3, 1, "" },
		{ 0, 27, 0x1, 0, "" },
		{ 2, 27, 0x1, 40, "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct swap_devices d =
			devices(cases[i].nr, cases[i].max, cases[i].seen);
		const char *name = swap_device_name(&d, cases[i].type);

		EXPECT_STR(cases[i].name, name ? name : "");
	}
}

/* Two devices, numbers 0 and 1 to the eye: the used one is the one in use. */
static void used_bytes_settle_which_device_it_is(void)
{
	struct swap_devices d = devices(2, 27, 0x2);

	EXPECT_STR("/dev/sd1?", swap_device_name(&d, 1));
	d.line[0].used = 0;
	EXPECT_STR("/dev/sd1", swap_device_name(&d, 1));
	EXPECT(swap_device_kind(&d, 1) == SWAP_DISK);
	d = devices(2, 27, 0x2);
	d.line[1].used = 0;
	EXPECT_STR("/dev/zram0", swap_device_name(&d, 1));
	EXPECT(swap_device_kind(&d, 1) == SWAP_ZRAM);
	/* Swapped out since the lines were read: nothing is settled. */
	d.line[0].used = 0;
	EXPECT_STR("/dev/sd1?", swap_device_name(&d, 1));
}

/* Every way to give numbers to devices, tried against what is claimed. */
static void swap_ranks_hold_for_every_layout(void)
{
	for (uint32_t used = 1; used < 1 << 7; used++) {
		for (uint32_t seen = used; seen; seen = (seen - 1) & used) {
			struct swap_devices d =
				devices(__builtin_popcount(used), 6, seen);

			for (unsigned int t = 0; t < 7; t++) {
				uint32_t below = used & ((1U << t) - 1);
				unsigned int rank = __builtin_popcount(below);
				unsigned int lo, hi;

				if (!(seen >> t & 1))
					continue;
				EXPECT(swap_device_rank(&d, t, &lo, &hi));
				EXPECT(lo <= rank && rank <= hi);
			}
		}
	}
}

static void swap_kinds_are_unsure_where_they_differ(void)
{
	struct swap_devices d = devices(2, 27, 0x2);

	EXPECT(swap_device_kind(&d, 1) == SWAP_UNSURE);
	swap_devices_see(&d, 0);
	EXPECT(swap_device_kind(&d, 0) == SWAP_ZRAM);
	EXPECT(swap_device_kind(&d, 1) == SWAP_DISK);
	d = devices(3, 27, 0x4);
	d.line[0].zram = false;
	EXPECT(swap_device_kind(&d, 2) == SWAP_DISK);
}

static void proc_swaps_is_read(void)
{
	struct swap_devices d;

	swap_devices_read(&d, 27);
	EXPECT(d.nr == 2 && d.max_type == 27 && !d.seen);
	EXPECT_STR("/dev/zram0", d.line[0].path);
	EXPECT(d.line[0].zram && d.line[0].used == 1024 * 1024);
	EXPECT_STR("/swap file", d.line[1].path);
	EXPECT(!d.line[1].zram && !d.line[1].used);
	swap_devices_free(&d);
}

static void intel_descriptors_count(void)
{
	/* Skylake: 0x76036301 0x00f0b5ff 0x00000000 0x00c30000 */
	const struct cpuid_regs leaf2 = { 0x76036301, 0x00f0b5ff, 0,
					  0x00c30000 };
	const struct cpuid_regs none = { 0x01, 0x800000c3, 0, 0 };
	struct tlb tlb = { 0 };

	tlb_add_descriptors(&tlb, &leaf2);
	EXPECT(tlb.entries[TLB_4K] == 1536 && tlb.entries[TLB_2M] == 1536);
	EXPECT(tlb.entries[TLB_1G] == 16 && tlb.shared);
	memset(&tlb, 0, sizeof(tlb));
	tlb_add_descriptors(&tlb, &none);
	EXPECT(!tlb_is_known(&tlb));
}

static void intel_leaf18_counts(void)
{
	/* 4K and 2M, 8 ways of 128 sets, unified; then a code TLB */
	const struct cpuid_regs unified = { 0, 8 << 16 | 3, 128, 3 | 2 << 5 };
	const struct cpuid_regs code = { 0, 8 << 16 | 3, 1024, 2 | 1 << 5 };
	const struct cpuid_regs giant = { 0, 4 << 16 | 8, 256, 3 | 2 << 5 };
	struct tlb tlb = { 0 };

	tlb_add_leaf18(&tlb, &unified);
	tlb_add_leaf18(&tlb, &code);
	tlb_add_leaf18(&tlb, &giant);
	EXPECT(tlb.entries[TLB_4K] == 1024 && tlb.entries[TLB_2M] == 1024);
	EXPECT(tlb.entries[TLB_1G] == 1024 && tlb.shared);
}

static void amd_leaves_count(void)
{
	const struct cpuid_regs l1 = { 0xff48ff40, 0xff48ff40, 0, 0 };
	const struct cpuid_regs l2 = { 0x5c002200, 0x6c004200, 0, 0 };
	const struct cpuid_regs l1g = { 0xf048f040, 0xf0400000, 0, 0 };
	struct tlb tlb = { 0 };

	tlb_add_amd(&tlb, &l1, &l2, &l1g);
	EXPECT(tlb.entries[TLB_4K] == 0xc00 && tlb.entries[TLB_2M] == 0xc00);
	EXPECT(tlb.entries[TLB_1G] == 0x48 && !tlb.shared);
}

static unsigned int findings(uint64_t flags, unsigned int state, uint64_t vma,
			     unsigned int kind)
{
	const struct vmscope_area area = { .vma_flags = vma,
					   .name_kind = kind };
	const struct vmscope_record rec = {
		.kind = VMSCOPE_KIND_RUN,
		.state = state,
		.flags = flags,
		.area = &area,
	};

	return audit_record(&rec);
}

static void audit_finds_what_it_should(void)
{
	const uint64_t pr = VMSCOPE_F_PRESENT | VMSCOPE_F_USER |
			    VMSCOPE_F_READ | VMSCOPE_F_PERM_READ;
	const uint64_t w = VMSCOPE_F_WRITE | VMSCOPE_F_PERM_WRITE;
	const uint64_t x = VMSCOPE_F_EXEC | VMSCOPE_F_PERM_EXEC;
	const uint64_t rd = VMSCOPE_VMA_READ, wr = VMSCOPE_VMA_WRITE,
		       ex = VMSCOPE_VMA_EXEC;

	EXPECT(!findings(pr | w, VMSCOPE_STATE_ANON, rd | wr,
			 VMSCOPE_NAME_HEAP));
	EXPECT(!findings(pr | x, VMSCOPE_STATE_FILE, rd | ex,
			 VMSCOPE_NAME_FILE));
	EXPECT(findings(pr | w | x, VMSCOPE_STATE_ANON, rd | wr | ex,
			VMSCOPE_NAME_ANON) ==
	       (1 << FINDING_WX | 1 << FINDING_EXEC_ANON));
	EXPECT(findings(pr | w, VMSCOPE_STATE_ANON, rd, VMSCOPE_NAME_ANON) ==
	       1 << FINDING_WIDER);
	EXPECT(findings(pr | x, VMSCOPE_STATE_FILE, rd, VMSCOPE_NAME_FILE) ==
	       1 << FINDING_WIDER);
	EXPECT(findings(pr, VMSCOPE_STATE_ANON, 0, VMSCOPE_NAME_ANON) ==
	       1 << FINDING_WIDER);
	/* x86 cannot say "write only" or "execute only": reading is no finding.
	 */
	EXPECT(!findings(pr | w, VMSCOPE_STATE_ANON, wr, VMSCOPE_NAME_ANON));
	EXPECT(findings(pr | x, VMSCOPE_STATE_ANON, rd | ex,
			VMSCOPE_NAME_FILE) == 1 << FINDING_DIRTY_CODE);
	EXPECT(findings(0, VMSCOPE_STATE_SWAP, rd | ex, VMSCOPE_NAME_FILE) ==
	       1 << FINDING_DIRTY_CODE);
	/* A file on tmpfs is a file; shared memory is none that runs. */
	EXPECT(findings(pr | x, VMSCOPE_STATE_ANON, rd | ex,
			VMSCOPE_NAME_SHMEM) == 1 << FINDING_DIRTY_CODE);
	EXPECT(!findings(pr | x, VMSCOPE_STATE_SHMEM, rd | ex,
			 VMSCOPE_NAME_SHMEM));
	EXPECT(findings(pr & ~(uint64_t)VMSCOPE_F_USER, VMSCOPE_STATE_ANON, rd,
			VMSCOPE_NAME_ANON) == 1 << FINDING_SUPERVISOR);
	EXPECT(!findings(VMSCOPE_F_PRESENT | VMSCOPE_F_PROTNONE,
			 VMSCOPE_STATE_ANON, 0, VMSCOPE_NAME_ANON));
}

static unsigned int kernel_findings(uint64_t flags, unsigned int region)
{
	return findings(flags, VMSCOPE_STATE_KERNEL, 0,
			VMSCOPE_NAME_REGION + region);
}

static void audit_finds_what_the_kernel_should_not_have(void)
{
	const uint64_t pr = VMSCOPE_F_PRESENT | VMSCOPE_F_READ |
			    VMSCOPE_F_PERM_READ;
	const uint64_t w = VMSCOPE_F_WRITE | VMSCOPE_F_PERM_WRITE;
	const uint64_t x = VMSCOPE_F_EXEC | VMSCOPE_F_PERM_EXEC;
	const uint64_t user = VMSCOPE_F_USER;

	EXPECT(!kernel_findings(pr | w, VMSCOPE_REGION_DIRECT));
	EXPECT(!kernel_findings(pr | x, VMSCOPE_REGION_IMAGE));
	EXPECT(kernel_findings(pr | w | x, VMSCOPE_REGION_MODULES) ==
	       1 << FINDING_WX);
	EXPECT(kernel_findings(pr | user, VMSCOPE_REGION_DIRECT) ==
	       1 << FINDING_USER);
	EXPECT(!kernel_findings(user, VMSCOPE_REGION_DIRECT));
	EXPECT(!kernel_findings(pr | user, VMSCOPE_REGION_VSYSCALL));
	EXPECT(kernel_findings(pr | user | w | x, VMSCOPE_REGION_VSYSCALL) ==
	       1 << FINDING_WX);
}

static const char *outcome_behind(enum access access,
				  const struct vmscope_record *rec,
				  uint64_t behind, uint64_t uffd_features)
{
	const struct access_page page = {
		.rec = rec,
		.behind = behind,
		.knows_uffd = true,
		.uffd_features = uffd_features,
	};

	return access_outcome(access, &page);
}

static const char *outcome(enum access access, uint64_t flags,
			   unsigned int state, uint64_t vma)
{
	const struct vmscope_area area = { .vma_flags = vma };
	const struct vmscope_record rec = { .flags = flags,
					    .state = state,
					    .area = &area };

	return outcome_behind(access, &rec, VMSCOPE_BEHIND_ZEROS, 0);
}

static void accesses_end_as_they_do(void)
{
	const uint64_t rw = VMSCOPE_VMA_READ | VMSCOPE_VMA_WRITE;
	const uint64_t ro = VMSCOPE_F_PRESENT | VMSCOPE_F_PERM_READ;
	const struct vmscope_record nowhere = {
		.state = VMSCOPE_STATE_UNMAPPED
	};

	EXPECT_STR("ok", outcome(ACCESS_READ, ro, VMSCOPE_STATE_ANON, rw));
	EXPECT(strstr(outcome(ACCESS_WRITE, ro, VMSCOPE_STATE_ZERO, rw),
		      "copied"));
	EXPECT(strstr(outcome(ACCESS_WRITE, ro, VMSCOPE_STATE_FILE,
			      VMSCOPE_VMA_READ),
		      "SIGSEGV"));
	EXPECT(strstr(outcome(ACCESS_EXEC, ro, VMSCOPE_STATE_ANON, rw),
		      "SIGSEGV"));
	EXPECT(strstr(outcome(ACCESS_READ, 0, VMSCOPE_STATE_SWAP, rw), "swap"));
	EXPECT(strstr(outcome(ACCESS_READ, 0, VMSCOPE_STATE_HWPOISON, rw),
		      "SIGBUS"));
	EXPECT(strstr(outcome(ACCESS_READ, 0, VMSCOPE_STATE_MARKER_GUARD, rw),
		      "SIGSEGV"));
	EXPECT(strstr(outcome(ACCESS_READ, 0, VMSCOPE_STATE_NONE, rw),
		      "zeros"));
	EXPECT(strstr(outcome_behind(ACCESS_READ, &nowhere,
				     VMSCOPE_BEHIND_NOTHING, 0),
		      "not mapped"));
	EXPECT(strstr(outcome_behind(ACCESS_WRITE, &nowhere,
				     VMSCOPE_BEHIND_STACK, 0),
		      "grow"));
	EXPECT(strstr(outcome(ACCESS_EXEC, 0, VMSCOPE_STATE_HWPOISON, rw),
		      "SIGBUS"));
	EXPECT(strstr(outcome(ACCESS_EXEC, 0, VMSCOPE_STATE_NONE,
			      rw | VMSCOPE_VMA_UFFD_MISSING),
		      "waits"));
	EXPECT(strstr(outcome(ACCESS_EXEC, 0, VMSCOPE_STATE_HWPOISON, 0),
		      "SIGSEGV"));
	EXPECT_STR("ok after a fault (zeros)",
		   outcome(ACCESS_READ, 0, VMSCOPE_STATE_NONE,
			   VMSCOPE_VMA_WRITE));
	EXPECT(strstr(outcome(ACCESS_WRITE, ro, VMSCOPE_STATE_ANON,
			      rw | VMSCOPE_VMA_SHADOW_STACK),
		      "shadow stack"));
}

/*
 * @flags: of the entry
 * @how: its protection is meant for which access
 * @waits: a read, a write waits
 */
static const struct uffd_row {
	unsigned int state;
	uint64_t flags;
	uint64_t vma;
	uint64_t behind;
	uint64_t features;
	const char *read;
	const char *write;
} uffd_rows[] = {
#define WAITS "waits for userfaultfd"
#define GOES_ON "ok after a fault"
#define PROTECTED (VMSCOPE_F_PRESENT | VMSCOPE_F_UFFD_WP)
	/* anonymous memory that is missing */
	{ VMSCOPE_STATE_NONE, 0, VMSCOPE_VMA_UFFD_MISSING, VMSCOPE_BEHIND_ZEROS,
	  0, WAITS, WAITS },
	{ VMSCOPE_STATE_NONE, 0, VMSCOPE_VMA_UFFD_MISSING, VMSCOPE_BEHIND_ZEROS,
	  1 << 7, "SIGBUS", "SIGBUS" },
	/* what the page cache holds is not missing, and is what minor waits for
	 */
	{ VMSCOPE_STATE_NONE, 0, VMSCOPE_VMA_UFFD_MISSING,
	  VMSCOPE_BEHIND_CACHED, 0, GOES_ON, GOES_ON },
	{ VMSCOPE_STATE_NONE, 0, VMSCOPE_VMA_UFFD_MINOR, VMSCOPE_BEHIND_CACHED,
	  0, WAITS, WAITS },
	{ VMSCOPE_STATE_NONE, 0, VMSCOPE_VMA_UFFD_MINOR,
	  VMSCOPE_BEHIND_NOT_CACHED, 0, GOES_ON, GOES_ON },
	{ VMSCOPE_STATE_SHMEM_SWAP, 0, VMSCOPE_VMA_UFFD_MINOR,
	  VMSCOPE_BEHIND_SWAPPED, 0, WAITS, WAITS },
	{ VMSCOPE_STATE_SHMEM_SWAP, 0, VMSCOPE_VMA_UFFD_MISSING,
	  VMSCOPE_BEHIND_SWAPPED, 0, GOES_ON, GOES_ON },
	/* the end of the file comes before both */
	{ VMSCOPE_STATE_NONE, 0, VMSCOPE_VMA_UFFD_MISSING,
	  VMSCOPE_BEHIND_BEYOND_END, 0, "SIGBUS", "SIGBUS" },
	/* write protection: of a page, of nothing, of a swapped page */
	{ VMSCOPE_STATE_ANON, PROTECTED | VMSCOPE_F_PERM_READ,
	  VMSCOPE_VMA_UFFD_WP, 0, 0, "ok", WAITS },
	{ VMSCOPE_STATE_ANON, PROTECTED | VMSCOPE_F_PERM_READ,
	  VMSCOPE_VMA_UFFD_WP, 0, 1 << 15, "ok", GOES_ON },
	{ VMSCOPE_STATE_MARKER_UFFD, VMSCOPE_F_UFFD_WP, VMSCOPE_VMA_UFFD_WP,
	  VMSCOPE_BEHIND_ZEROS, 0, GOES_ON, WAITS },
	{ VMSCOPE_STATE_MARKER_UFFD, VMSCOPE_F_UFFD_WP, VMSCOPE_VMA_UFFD_WP,
	  VMSCOPE_BEHIND_ZEROS, 1 << 15, GOES_ON, GOES_ON },
	{ VMSCOPE_STATE_SWAP, VMSCOPE_F_UFFD_WP, VMSCOPE_VMA_UFFD_WP, 0, 0,
	  GOES_ON, WAITS },
	/* left over from an area that is registered no more */
	{ VMSCOPE_STATE_MARKER_UFFD, VMSCOPE_F_UFFD_WP, 0, VMSCOPE_BEHIND_ZEROS,
	  0, GOES_ON, GOES_ON },
	/* protection from all access */
	{ VMSCOPE_STATE_ANON, PROTECTED | VMSCOPE_F_PROTNONE,
	  VMSCOPE_VMA_UFFD_RWP, 0, 0, WAITS, WAITS },
	{ VMSCOPE_STATE_ANON, PROTECTED | VMSCOPE_F_PROTNONE,
	  VMSCOPE_VMA_UFFD_RWP, 0, 1 << 18, GOES_ON, GOES_ON },
	{ VMSCOPE_STATE_ANON, VMSCOPE_F_PRESENT | VMSCOPE_F_PROTNONE,
	  VMSCOPE_VMA_UFFD_RWP, 0, 0, GOES_ON, GOES_ON },
};

static void begins_with(const char *want, const char *is)
{
	EXPECT(!strncmp(want, is, strlen(want)));
}

static void accesses_wait_for_userfaultfd_as_they_do(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(uffd_rows); i++) {
		const struct uffd_row *row = &uffd_rows[i];
		const struct vmscope_area area = {
			.vma_flags = row->vma | VMSCOPE_VMA_READ |
				     VMSCOPE_VMA_WRITE,
			.name_kind = VMSCOPE_NAME_SHMEM,
		};
		const struct vmscope_record rec = { .flags = row->flags,
						    .state = row->state,
						    .area = &area };

		begins_with(row->read,
			    outcome_behind(ACCESS_READ, &rec, row->behind,
					   row->features));
		begins_with(row->write,
			    outcome_behind(ACCESS_WRITE, &rec, row->behind,
					   row->features));
	}
}

/* Of a descriptor that is bound to the kernel, permissions are the kernel's. */
static void user_mode_has_no_access_to_the_kernel(void)
{
	const uint64_t all = VMSCOPE_F_PRESENT | VMSCOPE_F_READ |
			     VMSCOPE_F_WRITE | VMSCOPE_F_PERM_READ |
			     VMSCOPE_F_PERM_WRITE | VMSCOPE_F_PERM_EXEC;
	struct vmscope_area area = {
		.name_kind = VMSCOPE_NAME_REGION + VMSCOPE_REGION_DIRECT,
	};
	struct vmscope_record rec = {
		.flags = all,
		.state = VMSCOPE_STATE_PFNMAP,
		.area = &area,
	};

	EXPECT(strstr(outcome_behind(ACCESS_READ, &rec, 0, 0), "SIGSEGV"));
	rec.state = VMSCOPE_STATE_NONE;
	rec.flags = 0;
	EXPECT(strstr(outcome_behind(ACCESS_WRITE, &rec, 0, 0), "SIGSEGV"));
	area.name_kind = VMSCOPE_NAME_REGION + VMSCOPE_REGION_VSYSCALL;
	rec.flags = all | VMSCOPE_F_USER;
	EXPECT_STR("ok", outcome_behind(ACCESS_READ, &rec, 0, 0));
	EXPECT(strstr(outcome_behind(ACCESS_EXEC, &rec, 0, 0), "emulated"));
}

/* The rows of a kernel scan, counted, and where they lie. */
static size_t kernel_rows(const struct vmscope_query *query, uint64_t *first,
			  uint64_t *last)
{
	struct vmscope_record rec;
	struct vmscope_iter *iter;
	struct vmscope *scope;
	size_t nr = 0;

	*first = UINT64_MAX;
	*last = 0;
	EXPECT(!device_open(&scope));
	EXPECT(!vmscope_attach_kernel(scope));
	EXPECT(!vmscope_iter_create(&iter, scope, query));
	while (vmscope_iter_next(iter, &rec) > 0) {
		if (rec.addr < *first)
			*first = rec.addr;
		if (rec.end > *last)
			*last = rec.end;
		nr++;
	}
	vmscope_iter_destroy(iter);
	vmscope_close(scope);
	return nr;
}

static void the_kernels_half_is_scanned_and_no_more(void)
{
	struct vmscope_query query = { .end = UINT64_MAX,
				       .flags = VMSCOPE_SCAN_AREAS };
	uint64_t first, last;

	EXPECT(kernel_rows(&query, &first, &last) > 20);
	EXPECT(first == 0xffff800000000000 && last == 0xfffffffffffff000);
	query.end = 0x7ffffffff000;
	EXPECT(!kernel_rows(&query, &first, &last));
	query.start = 0xfffffffffffff000;
	query.end = UINT64_MAX;
	EXPECT(!kernel_rows(&query, &first, &last));
	query.start = 0xffffffffff600123;
	query.end = 0xffffffffff600124;
	EXPECT(kernel_rows(&query, &first, &last) == 2);
}

static void states_of_the_kernel_are_pushed(void)
{
	struct vmscope_query q;

	push("state == repeat", &q);
	EXPECT(q.states == 1 << VMSCOPE_STATE_REPEAT);
	push("state != none", &q);
	EXPECT(q.states >> VMSCOPE_STATE_KERNEL & 1);
	EXPECT(!(q.states >> VMSCOPE_STATE_UNMAPPED & 1));
}

static int file_of(const char *text, size_t bytes)
{
	int fd = memfd_create("text", MFD_CLOEXEC);

	EXPECT(write(fd, text, bytes) == (ssize_t)bytes);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static void addresses_are_picked_out_of_text(void)
{
	static const uint64_t want[] = {
		0xffffffff81234567, 0xffff888003c01230, 0xffffc90000001f00,
		0xffffffffffffffea, 0xffffffffc0008020,
	};
	static char text[] =
		"[  12.3] RIP: 0010:ffffffff81234567 Code: ff ff 88 80\n"
		"RBP: ffff888003C01230 R8: 0xffffc90000001f00\n"
		"RAX: ffffffffffffffea RBX: 0000000000000000 \xff\xfe\n"
		"<ffffffffc0008020>[<ffffffff81234567>] ffff888003c0123\n"
		"ffff888003c012300 xffff888003c01238 _ffff888003c01238\n"
		"ffff888003c0123g 0xffff888003c012380 abffff888003c01238\n"
		"0Xffff888003c01230 ffff888003c01230_";
	struct picker *picker = calloc(1, sizeof(*picker));
	uint64_t addr;
	size_t nr = 0;

	picker->fd = file_of(text, sizeof(text) - 1);
	while (pick_address(picker, &addr)) {
		EXPECT(nr < ARRAY_SIZE(want) && addr == want[nr]);
		nr++;
	}
	EXPECT(nr == ARRAY_SIZE(want) && !picker->full);
	close(picker->fd);
	free(picker);
}

/* A line without an end, and more addresses than any oops has. */
static void text_without_end_is_bounded(void)
{
	enum { MANY = MAX_PICKED + 10 };
	char *text = malloc(MANY * 17 + 1);
	struct picker *picker = calloc(1, sizeof(*picker));
	uint64_t addr;
	size_t nr = 0;

	memset(text, 'f', MANY * 17);
	picker->fd = file_of(text, MANY * 17);
	EXPECT(!pick_address(picker, &addr) && picker->ended);
	close(picker->fd);
	for (int i = 0; i < MANY; i++)
		sprintf(text + i * 17, "ffff%012x ", i);
	memset(picker, 0, sizeof(*picker));
	picker->fd = file_of(text, MANY * 17);
	while (pick_address(picker, &addr))
		nr++;
	EXPECT(nr == MAX_PICKED && picker->full && picker->ended);
	close(picker->fd);
	free(picker);
	free(text);
}

/* What comes after a pause may go on with the word before it. */
static void text_that_pauses_is_not_waited_for(void)
{
	static const char before[] = "ffff888003c01230 ffff8880",
			  after[] = "03c01234";
	struct picker *picker = calloc(1, sizeof(*picker));
	uint64_t addr = 0;
	int fds[2];

	EXPECT(!pipe(fds));
	picker->fd = fds[0];
	EXPECT(write(fds[1], before, sizeof(before) - 1) > 0);
	EXPECT(pick_address(picker, &addr) && addr == 0xffff888003c01230);
	EXPECT(!pick_address(picker, &addr) && !picker->ended);
	EXPECT(write(fds[1], after, sizeof(after) - 1) > 0);
	close(fds[1]);
	EXPECT(pick_address(picker, &addr) && addr == 0xffff888003c01234);
	EXPECT(!pick_address(picker, &addr) && picker->ended);
	EXPECT(!picker->error);
	close(fds[0]);
	free(picker);
}

/* Nobody waits, so the end is waited for, not another pause. */
static void text_without_addresses_does_not_pause(void)
{
	struct picker *picker = calloc(1, sizeof(*picker));
	uint64_t addr;
	int fds[2];
	pid_t pid;

	EXPECT(!pipe2(fds, O_NONBLOCK));
	EXPECT(write(fds[1], "ffff888003c01230 ", 17) == 17);
	picker->fd = fds[0];
	EXPECT(pick_address(picker, &addr));
	EXPECT(!pick_address(picker, &addr) && !picker->ended);
	pid = fork();
	if (!pid) {
		usleep(300000);
		_exit(write(fds[1], "no address ", 11) != 11);
	}
	close(fds[1]);
	EXPECT(!pick_address(picker, &addr) && picker->ended && !picker->error);
	waitpid(pid, NULL, 0);
	close(fds[0]);
	free(picker);
}

/* It is answered all the same, after a while. */
static void text_that_never_pauses_is_answered(void)
{
	struct picker *picker = calloc(1, sizeof(*picker));
	uint64_t addr;
	int fds[2];
	pid_t pid;

	EXPECT(!pipe(fds));
	EXPECT(write(fds[1], "ffff888003c01230 ", 17) == 17);
	pid = fork();
	while (!pid && write(fds[1], "no address ", 11) == 11)
		usleep(10000);
	if (!pid)
		_exit(0);
	picker->fd = fds[0];
	EXPECT(pick_address(picker, &addr));
	EXPECT(!pick_address(picker, &addr) && !picker->ended);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(fds[0]);
	close(fds[1]);
	free(picker);
}

static void text_that_cannot_be_read_is_an_error(void)
{
	struct picker *picker = calloc(1, sizeof(*picker));
	uint64_t addr;

	picker->fd = open("/", O_RDONLY | O_DIRECTORY);
	EXPECT(!pick_address(picker, &addr) && picker->ended);
	EXPECT(picker->error == EISDIR);
	close(picker->fd);
	free(picker);
}

static void places_are_picked_by_symbol(void)
{
	static const char text[] =
		"RIP: 0010:do_one_thing+0x23/0x5fff00 [demo]\n"
		"? do_one_thing+0x24 c+1/2 entry_SYSCALL_64+0x1/0x2\n"
		"do_one_thing+0x24/0x5fff00, ffffffff81200125+0x1/0x2\n"
		"twin+0x1/0x30 twin+0x1/0x31 twin+0x1/0x10";
	static const uint64_t want[] = { 0xffffffff81200123, 0xffffffff81200124,
					 0xffffffff81200125, 0xffffffffc0009001,
					 0xffffffffc0009031 };
	struct picker *picker = calloc(1, sizeof(*picker));
	struct symbols symbols = { 0 };
	uint64_t addr;
	size_t nr = 0;

	picker->fd = file_of(text, sizeof(text) - 1);
	picker->symbols = &symbols;
	while (pick_address(picker, &addr)) {
		EXPECT(nr < ARRAY_SIZE(want) && addr == want[nr]);
		nr++;
	}
	EXPECT(nr == ARRAY_SIZE(want));
	/* c, the entry, and the twin that has none of the two sizes */
	EXPECT(picker->lost == 3 && !picker->resized);
	close(picker->fd);
	free(picker);
	symbols_free(&symbols);
}

static void places_are_taken_apart(void)
{
	static const char *const wrong[] = {
		"",	    "+0x10",	 "1abc",       "abc+",	  "abc+0x",
		"abc+0x1/", "abc+x1",	 "abc+0x1/0x", "abc-0x1", "abc+1+2",
		"abc/0x10", "abc+0x1/y", "abc +1",
	};
	struct symbol_place p;

	EXPECT(symbol_parse("commit_creds", &p) && p.len == 12 && !p.offset);
	EXPECT(symbol_parse("commit_creds+0x10", &p) && p.offset == 0x10);
	EXPECT(symbol_parse("f.isra.0+10/0x2f0", &p) && p.len == 8 &&
	       p.offset == 0x10 && p.size == 0x2f0);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		EXPECT(!symbol_parse(wrong[i], &p));
}

static void symbols_of_one_name_are_told_apart(void)
{
	struct symbols symbols = { 0 };
	uint64_t addr[MAX_NAMESAKES];
	struct symbol_place p;
	bool is_size;

	EXPECT(symbol_parse("twin+2", &p));
	EXPECT(symbol_locate(&symbols, &p, addr, &is_size) == 2);
	EXPECT(addr[0] == 0xffffffffc0009002 && addr[1] == 0xffffffffc0009032);
	EXPECT(symbol_parse("twin+2/0x10", &p));
	EXPECT(symbol_locate(&symbols, &p, addr, &is_size) == 1);
	EXPECT(addr[0] == 0xffffffffc0009032 && is_size);
	EXPECT(symbol_parse("twi", &p) &&
	       !symbol_locate(&symbols, &p, addr, &is_size));
	symbols_free(&symbols);
}

static void modules_of_a_range_are_named(void)
{
	struct module_list list;

	modules_read(&list);
	EXPECT_STR("demo",
		   modules_name(&list, 0xffffffffc0000000, 0xffffffffc0002000));
	EXPECT_STR("demo,second,third",
		   modules_name(&list, 0, 0xffffffffc0200000));
	EXPECT(!modules_name(&list, 0xffffffffc0003000, UINT64_MAX));
	modules_free(&list);
}

static void symbols_are_found(void)
{
	struct symbols symbols = { 0 };
	struct symbol s;
	uint64_t addr;

	EXPECT(symbol_find(&symbols, 0xffffffff81200123, &s));
	EXPECT_STR("do_one_thing", s.name);
	EXPECT(s.addr == 0xffffffff81200100 && !s.module);
	/* Of two names the one that the kernel lists first. */
	EXPECT(symbol_find(&symbols, 0xffffffff81000004, &s));
	EXPECT_STR("_stext", s.name);
	EXPECT(symbol_find(&symbols, 0xffffffffc0003008, &s));
	EXPECT_STR("demo", s.module);
	EXPECT(symbol_after(&symbols, 0xffffffffc0008000, &s));
	EXPECT_STR("bpf", s.module);
	EXPECT(!symbol_after(&symbols, 0xffffffffd0000000, &s));
	EXPECT(!symbol_find(&symbols, 0xffff888000000000, &s));
	EXPECT(symbol_find(&symbols, 0x1f2c8, &s));
	EXPECT_STR("cpu_number", s.name);
	EXPECT(symbol_address(&symbols, "__per_cpu_end", &addr) &&
	       addr == 0x30000);
	symbols_free(&symbols);
}

/* Points /proc at a directory of the test's own, with one file in it. */
static void with_proc_file(const char *name, const char *text)
{
	static char dir[32];
	char path[128];
	FILE *f;

	snprintf(dir, sizeof(dir), "/tmp/vmscope-unit-XXXXXX");
	proc_root = mkdtemp(dir);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	EXPECT(fputs(text, f) >= 0);
	fclose(f);
}

static void without_proc_file(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", proc_root, name);
	unlink(path);
	rmdir(proc_root);
	proc_root = getenv("FAKE_PROC");
}

static void symbols_of_zeros_are_none(void)
{
	struct symbols symbols = { 0 };
	struct symbol s;

	with_proc_file("kallsyms", "0000000000000000 T _stext\n"
				   "0000000000000000 t x\t[demo]\n");
	EXPECT(!symbol_find(&symbols, 0xffffffff81000000, &s));
	EXPECT(!symbol_find(&symbols, 0, &s));
	symbols_free(&symbols);
	without_proc_file("kallsyms");
}

static const char *vmalloc_why(const char *text)
{
	struct vmalloc_info info;

	with_proc_file("vmallocinfo", text);
	vmalloc_info_read(&info, 0xffff800000000000);
	EXPECT(!info.nr == !!info.why);
	vmalloc_info_free(&info);
	without_proc_file("vmallocinfo");
	return info.why ? info.why : "";
}

static void vmallocinfo_is_joined_where_it_is_real(void)
{
	const struct vmalloc_area *area;
	struct vmalloc_info info;

	vmalloc_info_read(&info, 0xffff800000000000);
	EXPECT(info.nr == 7 && !info.why);
	area = vmalloc_info_find(&info, 0xffffc90000011000);
	EXPECT(area && area->start == 0xffffc90000010000);
	if (area) {
		EXPECT_STR("vmalloc", area->kind);
		EXPECT_STR("big_table+0x0/0x1320 [demo]", area->caller);
	}
	EXPECT(!vmalloc_info_find(&info, 0xffffc90000005000));
	EXPECT(!vmalloc_info_find(&info, 0xffffc90001000000));
	EXPECT(!vmalloc_info_find(&info, 0));
	vmalloc_info_free(&info);
	EXPECT(strstr(
		vmalloc_why(
			"0x00000000a1b2c3d4-0x000000001a2b3c4d 8192 f+0x1/0x2 vmap\n"),
		"hashes"));
	EXPECT(strstr(
		vmalloc_why(
			"0x0000000000000000-0x0000000000000000 8192 f+0x1/0x2 vmap\n"),
		"zeros"));
	EXPECT_STR(
		"",
		vmalloc_why(
			"garbage\n0xffffc90000000000-0xffffc90000002000 8192 vm_map_ram\n"));
}

/**
 * struct chunk_case - where per-CPU memory is looked for
 * @units: first chunk's parts, by processor
 * @nr: how many
 * @areas: of such memory: starts and ends
 * @addr: what is asked
 * @cpu: the processor, -1 where it is not certain
 */
struct chunk_case {
	uint64_t units[4];
	size_t nr;
	uint64_t areas[8];
	uint64_t addr;
	int cpu;
};

/* clang-format off: one case a row */
static const struct chunk_case chunk_cases[] = {
	/* one group, its parts side by side */
	{ { 0x1000, 0x2000 }, 2, { 0x90000, 0x92000 }, 0x90fff, 0 },
	{ { 0x1000, 0x2000 }, 2, { 0x90000, 0x92000 }, 0x91000, 1 },
	{ { 0x2000, 0x1000 }, 2, { 0x90000, 0x92000 }, 0x91000, 0 },
	/* chunks side by side */
	{ { 0x1000, 0x2000 },
	  2,
	  { 0x8e000, 0x90000, 0x90000, 0x92000 },
	  0x91000,
	  1 },
	{ { 0x1000, 0x2000 },
	  2,
	  { 0x8e000, 0x90000, 0x90000, 0x92000 },
	  0x8e000,
	  0 },
	/* one processor */
	{ { 0x1000 }, 1, { 0x90000, 0x98000 }, 0x97fff, 0 },
	/* two groups, as far from one another as before */
	{ { 0x1000, 0x2000, 0x9000, 0xa000 },
	  4,
	  { 0x90000, 0x92000, 0x98000, 0x9a000 },
	  0x99000,
	  3 },
	{ { 0x1000, 0x2000, 0x9000, 0xa000 },
	  4,
	  { 0x90000, 0x92000, 0x98000, 0x9a000 },
	  0x91000,
	  1 },
	/* one of them is missing, or elsewhere */
	{ { 0x1000, 0x2000, 0x9000, 0xa000 },
	  4,
	  { 0x90000, 0x92000 },
	  0x91000,
	  -1 },
	{ { 0x1000, 0x2000, 0x9000, 0xa000 },
	  4,
	  { 0x90000, 0x92000, 0x99000, 0x9b000 },
	  0x91000,
	  -1 },
	/* three areas, so that the middle one may be either's */
	{ { 0x1000, 0x9000 },
	  2,
	  { 0x88000, 0x89000, 0x90000, 0x91000, 0x98000, 0x99000 },
	  0x90000,
	  -1 },
	{ { 0x1000, 0x9000 },
	  2,
	  { 0x88000, 0x89000, 0x90000, 0x91000, 0x98000, 0x99000 },
	  0x88000,
	  0 },
	/* in no such area; and nobody told of processors */
	{ { 0x1000, 0x2000 }, 2, { 0x90000, 0x92000 }, 0x92000, -1 },
	{ { 0 }, 0, { 0x90000, 0x92000 }, 0x90000, -1 },
};

/* clang-format on */

static void fill_chunks(const struct chunk_case *c, struct vmalloc_area *areas,
			struct vmalloc_info *info)
{
	*info = (struct vmalloc_info){ .area = areas };
	for (size_t i = 0; i < ARRAY_SIZE(c->areas) && c->areas[i]; i += 2) {
		areas[info->nr++] = (struct vmalloc_area){
			.start = c->areas[i],
			.end = c->areas[i + 1],
			.caller = "pcpu_get_vm_areas+0x0/0x1000",
		};
	}
}

static int unit_order(const void *a, const void *b)
{
	const struct percpu_unit *x = a, *y = b;

	return (x->addr > y->addr) - (x->addr < y->addr);
}

static void check_chunk(const struct chunk_case *c)
{
	struct percpu_unit units[ARRAY_SIZE(c->units)];
	struct percpu_layout layout = { .unit = units, .start = 0x100 };
	struct vmalloc_area areas[ARRAY_SIZE(c->areas)];
	struct vmalloc_info info;
	unsigned int cpu = 99;
	uint64_t offset = 0;
	bool found;

	fill_chunks(c, areas, &info);
	for (; layout.nr < c->nr; layout.nr++)
		units[layout.nr] =
			(struct percpu_unit){ c->units[layout.nr], layout.nr };
	qsort(units, layout.nr, sizeof(units[0]), unit_order);
	found = percpu_find(&layout, &info, c->addr, &cpu, &offset);
	EXPECT(found == (c->cpu >= 0));
	if (!found)
		return;
	EXPECT(cpu == (unsigned int)c->cpu);
	EXPECT(offset == c->addr - c->units[cpu] + 0x100);
}

static void later_per_cpu_chunks_are_told_if_certain(void)
{
	struct vmalloc_area other = { .caller = "pcpu_get_vm_areas_not+0x0" };

	for (size_t i = 0; i < ARRAY_SIZE(chunk_cases); i++)
		check_chunk(&chunk_cases[i]);
	EXPECT(!percpu_is_chunk(NULL));
	EXPECT(!percpu_is_chunk(&other));
}

static void every_number_has_a_name(void)
{
	for (unsigned int r = 0; r < VMSCOPE_NR_REGIONS; r++)
		EXPECT(strcmp(vmscope_region_name(r), "?"));
	for (unsigned int k = 0; k < VMSCOPE_NR_FRAME_KINDS; k++)
		EXPECT(strcmp(vmscope_frame_kind_name(k), "?"));
	EXPECT_STR("?", vmscope_region_name(99));
	for (unsigned int s = 0; s < VMSCOPE_NR_STATES; s++)
		EXPECT(strcmp(vmscope_state_name(s), "?"));
	for (unsigned int l = 0; l < VMSCOPE_NR_LEVELS; l++)
		EXPECT(strcmp(vmscope_level_name(l), "?"));
	EXPECT_STR("?", vmscope_state_name(31));
	for (unsigned int s = 0; s < VMSCOPE_NR_STATES; s++) {
		const struct vmscope_record rec = { .state = s };
		const struct access_page page = { .rec = &rec };

		EXPECT(!strstr(state_sentence(&page), "does not know") ||
		       s == VMSCOPE_STATE_UNKNOWN);
	}
	for (unsigned int b = 0; b < VMSCOPE_NR_BEHIND; b++)
		EXPECT(behind_name(b) && strcmp(behind_name(b), "?"));
	EXPECT_STR("?", behind_name(VMSCOPE_NR_BEHIND));
}

#define TEST(name) { name, #name }

/* clang-format off: two tests a line */
static const struct {
	void (*run)(void);
	const char *name;
} tests[] = {
	TEST(sizes_keep_one_digit),
	TEST(numbers_are_grouped),
	TEST(times_have_units),
	TEST(addresses_are_hex_with_or_without_0x),
	TEST(pids_are_small_positive_decimals),
	TEST(sizes_have_suffixes),
	TEST(tenths_have_one_digit),
	TEST(ranges_take_three_forms),
	TEST(wrong_ranges_are_told_apart),
	TEST(areas_go_by_several_names),
	TEST(utf8_is_checked),
	TEST(json_strings_are_escaped),
	TEST(text_is_escaped_as_in_maps),
	TEST(c1_controls_are_escaped),
	TEST(bytes_that_are_no_utf8_are_escaped),
	TEST(turns_of_direction_and_line_ends_are_escaped),
	TEST(unassigned_characters_are_escaped),
	TEST(a_backslash_of_a_name_is_no_escape),
	TEST(wide_characters_are_two_columns),
	TEST(tables_look_the_same_at_any_length),
	TEST(kept_cells_are_those_of_the_row),
	TEST(numbers_are_formatted_by_hand),
	TEST(long_text_keeps_its_end),
	TEST(column_lists_are_parsed),
	TEST(wrong_column_lists_are_refused),
	TEST(good_filters_parse),
	TEST(bad_filters_are_refused),
	TEST(deep_filters_are_bounded),
	TEST(filter_errors_show_the_place),
	TEST(filters_match_rows),
	TEST(unknown_matches_nothing),
	TEST(pushed_filters_keep_the_rows_of_map),
	TEST(pushed_filters_keep_the_rows_of_pages),
	TEST(filters_become_masks),
	TEST(records_are_decoded),
	TEST(runs_are_decoded),
	TEST(buffers_of_any_size_give_the_same),
	TEST(nonsense_from_the_device_is_an_error),
	TEST(scans_go_on_until_told_otherwise),
	TEST(other_versions_are_refused),
	TEST(every_error_is_explained),
	TEST(pidfds_that_are_none_are_refused),
	TEST(raw_bits_have_names),
	TEST(pti_nx_is_not_ours),
	TEST(flags_name_the_same_bits),
	TEST(swap_names_are_certain_or_marked),
	TEST(used_bytes_settle_which_device_it_is),
	TEST(swap_ranks_hold_for_every_layout),
	TEST(swap_kinds_are_unsure_where_they_differ),
	TEST(proc_swaps_is_read),
	TEST(intel_descriptors_count),
	TEST(intel_leaf18_counts),
	TEST(amd_leaves_count),
	TEST(audit_finds_what_it_should),
	TEST(audit_finds_what_the_kernel_should_not_have),
	TEST(accesses_end_as_they_do),
	TEST(accesses_wait_for_userfaultfd_as_they_do),
	TEST(user_mode_has_no_access_to_the_kernel),
	TEST(the_kernels_half_is_scanned_and_no_more),
	TEST(states_of_the_kernel_are_pushed),
	TEST(addresses_are_picked_out_of_text),
	TEST(text_without_end_is_bounded),
	TEST(text_that_pauses_is_not_waited_for),
	TEST(text_without_addresses_does_not_pause),
	TEST(text_that_never_pauses_is_answered),
	TEST(text_that_cannot_be_read_is_an_error),
	TEST(modules_of_a_range_are_named),
	TEST(symbols_are_found),
	TEST(places_are_picked_by_symbol),
	TEST(places_are_taken_apart),
	TEST(symbols_of_one_name_are_told_apart),
	TEST(symbols_of_zeros_are_none),
	TEST(vmallocinfo_is_joined_where_it_is_real),
	TEST(later_per_cpu_chunks_are_told_if_certain),
	TEST(every_number_has_a_name),
};

/* clang-format on */

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(tests); i++) {
		failed = false;
		/* what waits for ever shall not be waited for */
		alarm(120);
		tests[i].run();
		nr_failed += failed;
		printf("%s %u - %s\n", failed ? "not ok" : "ok", ++nr_tests,
		       tests[i].name);
	}
	printf("1..%u\n", nr_tests);
	return nr_failed ? 1 : 0;
}
