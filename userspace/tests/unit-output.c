// SPDX-License-Identifier: GPL-2.0-or-later
/* Rows as they are written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/column.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/table.h"
#include "model/page.h"
#include "unit.h"

/* Standard output, redirected to a file in memory. */
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

static const struct column text_columns[] = {
	COLUMN(name, 4, TEXT, "any bytes", FIELD(struct text_row, name),
	       .color = COLOR_GREEN),
	COLUMN(number, 4, HEX, "on the left", GET(get_number)),
	COLUMN(size, 4, SIZE, "on the right", GET(get_number)),
	COLUMN(words, 4, LIST, "the last one", FIELD(struct text_row, name),
	       .color = COLOR_GREEN, .needs = WIDE),
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
	EXPECT(!table_print("rows", &list, opt, rows, nr, sizeof(*rows),
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

/* With one row more, our own writer aligns instead of libsmartcols. */
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

TEST(tables_look_the_same_at_any_length)
{
	const struct options plain = { .color = COLOR_NEVER };
	const struct options colored = { .color = COLOR_ALWAYS, .bytes = true };
	const struct options bare = { .color = COLOR_NEVER,
				      .no_headings = true };

	both_writers_print_the_same(&plain);
	both_writers_print_the_same(&colored);
	both_writers_print_the_same(&bare);
}

/* Sources of a row of pages: a few values of each field, in turn. */
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

/* The same rows, each made anew or out of cells kept from others. */
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

TEST(kept_cells_are_those_of_the_row)
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

static size_t selected(const char *columns, struct column_list *list)
{
	struct options opt = { .columns = columns };

	return columns_select(&map_columns, &opt, list) ? 0 : list->nr;
}

TEST(column_lists_are_parsed)
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

TEST(wrong_column_lists_are_refused)
{
	struct column_list list;

	EXPECT(!selected("", &list));
	EXPECT(!selected("+", &list));
	EXPECT(!selected("star", &list));
	EXPECT(!selected("starts", &list));
	EXPECT(!selected("start,", &list));
	EXPECT(!selected(",start", &list));
}
