// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope tables: page tables, counted. */
#include <stdio.h>

#include "cli/column.h"
#include "cli/filter.h"
#include "cli/table.h"
#include "cli/tool.h"

/**
 * struct table_row - tables of one level, or another sum
 * @level: its name
 * @tables: number of tables; UINT64_MAX where it is not known
 * @bytes: their size
 * @entries: entries that they have, 0 where that makes no sense
 * @used: entries that are not empty
 * @leaves: entries that map a present page
 * @empty: tables without a used entry
 */
struct table_row {
	const char *level;
	uint64_t tables;
	uint64_t bytes;
	uint64_t entries;
	uint64_t used;
	uint64_t leaves;
	uint64_t empty;
};

static const struct table_row *table_row(const void *row)
{
	return row;
}

static void get_level(const void *row, struct value *v)
{
	value_text(v, table_row(row)->level);
}

static void get_tables(const void *row, struct value *v)
{
	if (table_row(row)->tables != UINT64_MAX)
		value_number(v, table_row(row)->tables);
}

static void get_size(const void *row, struct value *v)
{
	value_number(v, table_row(row)->bytes);
}

static void get_fill(const void *row, struct value *v)
{
	if (table_row(row)->entries)
		value_number(v, table_row(row)->used * 1000 /
					table_row(row)->entries);
}

#define COUNT_GETTER(name)                                       \
	static void get_##name(const void *row, struct value *v) \
	{                                                        \
		if (table_row(row)->entries)                     \
			value_number(v, table_row(row)->name);   \
	}

COUNT_GETTER(entries)
COUNT_GETTER(used)
COUNT_GETTER(leaves)
COUNT_GETTER(empty)

static const struct vmscope_bit *level_words(void)
{
	static const struct vmscope_bit words[] = {
		{ 0, "pgd", NULL },   { 0, "p4d", NULL },
		{ 0, "pud", NULL },   { 0, "pmd", NULL },
		{ 0, "pte", NULL },   { 0, "deposited", NULL },
		{ 0, "total", NULL }, { 0, "vmpte", NULL },
		{ 0, NULL, NULL },
	};

	return words;
}

/* clang-format off: one column a row */
static const struct column columns[] = {
	COLUMN_WORDS(level, 9, TEXT, level_words,
		     "level of the entries; vmpte is the kernel's own count"),
	COLUMN(tables, 8, NUMBER, "number of tables"),
	COLUMN(size, 8, SIZE, "their bytes"),
	COLUMN(entries, 10, NUMBER, "entries that they have"),
	COLUMN(used, 10, NUMBER, "entries that are not empty"),
	COLUMN(fill, 5, TENTHS, "used entries in percent"),
	COLUMN(leaves, 10, NUMBER, "entries that map a present page"),
	COLUMN(empty, 6, NUMBER, "tables without a used entry"),
};

/* clang-format on */

static const struct column_set table_columns = {
	columns,
	ARRAY_SIZE(columns),
	"level,tables,size,entries,used,fill,leaves,empty",
};

enum { MAX_ROWS = VMSCOPE_NR_LEVELS + 3 };

/* The root table has entries for the kernel, too; only ours are counted. */
static uint64_t entries_of(const struct vmscope_info *info, unsigned int level)
{
	uint64_t all = info->level_entries[level];
	uint64_t one = 1ULL << info->level_shift[level];
	uint64_t ours = (info->user_end + one - 1) / one;

	return ours < all ? ours : all;
}

static size_t fill_levels(const struct vmscope_info *info,
			  const struct vmscope_census *census,
			  struct table_row *rows)
{
	size_t nr = 0;

	for (unsigned int l = VMSCOPE_LEVEL_PGD; l >= VMSCOPE_LEVEL_PTE; l--) {
		if (!info->level_shift[l])
			continue;
		rows[nr++] = (struct table_row){
			.level = vmscope_level_name(l),
			.tables = census->tables[l],
			.bytes = census->tables[l] * info->page_size,
			.entries = census->tables[l] * entries_of(info, l),
			.used = census->used[l],
			.leaves = census->leaves[l],
			.empty = census->empty[l],
		};
	}
	rows[nr++] = (struct table_row){
		.level = "deposited",
		.tables = census->deposited,
		.bytes = census->deposited * info->page_size,
	};
	return nr;
}

/* The row behind the last becomes their sum; returns its entries. */
static uint64_t add_up(struct table_row *rows, size_t nr)
{
	struct table_row *total = &rows[nr];

	*total = (struct table_row){ .level = "total" };
	for (size_t i = 0; i < nr; i++) {
		total->tables += rows[i].tables;
		total->bytes += rows[i].bytes;
		total->entries += rows[i].entries;
		total->used += rows[i].used;
		total->leaves += rows[i].leaves;
		total->empty += rows[i].empty;
	}
	return total->entries;
}

static size_t wanted(struct table_row *rows, size_t nr,
		     const struct filter *filter)
{
	size_t kept = 0;

	for (size_t i = 0; i < nr; i++) {
		if (filter_match(filter, &rows[i]))
			rows[kept++] = rows[i];
	}
	return kept;
}

static int show(const struct request *req, struct target *target,
		const struct filter *filter, const struct column_list *list)
{
	struct table_row rows[MAX_ROWS];
	struct vmscope_census census;
	uint64_t entries;
	size_t nr;
	int ret;

	ret = vmscope_count_tables(target->scope, &census);
	if (ret)
		return tool_failed(VMSCOPE_OP_CENSUS, ret, req->argv[0]);
	nr = fill_levels(target->info, &census, rows);
	entries = add_up(rows, nr);
	rows[nr + 1] = (struct table_row){
		.level = "vmpte",
		.tables = UINT64_MAX,
		.bytes = census.pgtables_bytes,
	};
	nr = wanted(rows, nr + 2, filter);
	ret = rows_sort(&table_columns, req->opt->sort, rows, nr,
			sizeof(rows[0]));
	if (ret)
		return ret;
	table_print(req->cmd->name, list, req->opt, rows, nr, sizeof(rows[0]),
		    NULL);
	cost_add(req->cost, &(struct vmscope_cost){
				    .calls = 1,
				    .entries = entries,
				    .max_hold_ns = census.max_hold_ns,
			    });
	cost_close(req);
	return EXIT_OK;
}

static int run(const struct request *req)
{
	struct column_list list;
	struct filter *filter = NULL;
	struct target target;
	int ret;

	ret = columns_select(&table_columns, req->opt, &list);
	if (!ret)
		ret = filter_parse(&filter, &table_columns, req->opt->filter);
	if (!ret)
		ret = rows_sort(&table_columns, req->opt->sort, NULL, 0, 1);
	if (!ret)
		ret = target_open(&target, req->argv[0]);
	if (!ret) {
		ret = show(req, &target, filter, &list);
		target_close(&target);
	}
	filter_free(filter);
	return ret;
}

const struct command cmd_tables = {
	.name = "tables",
	.args = "PID",
	.help = "page tables and how full they are",
	.min_args = 1,
	.max_args = 1,
	.takes = TAKES_SORT,
	.columns = &table_columns,
	.run = run,
};
