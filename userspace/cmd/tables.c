// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope tables: page tables, counted. */
#include "cli/array.h"
#include "cmd/command.h"

/* Tables of one level, or another sum. */
struct table_row {
	const char *level;
	/* number of tables; UINT64_MAX where it is not known */
	uint64_t tables;
	uint64_t bytes; /* their size */
	/* entries that they have, 0 if that makes no sense */
	uint64_t entries;
	uint64_t used; /* entries that are not empty */
	uint64_t leaves; /* entries that map a present page */
	uint64_t empty; /* tables without a used entry */
};

static const struct table_row *table_row(const void *row)
{
	return row;
}

static bool has_tables(const void *row)
{
	return table_row(row)->tables != UINT64_MAX;
}

static bool has_entries(const void *row)
{
	return table_row(row)->entries;
}

GET_WHEN(get_fill, number, has_entries(row),
	 table_row(row)->used * 1000 / table_row(row)->entries)

#define COUNT(name, width, help)                                         \
	COLUMN(name, width, NUMBER, help, FIELD(struct table_row, name), \
	       .when = has_entries)

static const struct column columns[] = {
	COLUMN(level, 9, TEXT,
	       "level of the entries; vmpte is the kernel's own count",
	       FIELD(struct table_row, level),
	       WORDS("pgd,p4d,pud,pmd,pte,deposited,total,vmpte")),
	COLUMN(tables, 8, NUMBER, "number of tables",
	       FIELD(struct table_row, tables), .when = has_tables),
	COLUMN(size, 8, SIZE, "their bytes", FIELD(struct table_row, bytes)),
	COUNT(entries, 10, "entries that they have"),
	COUNT(used, 10, "entries that are not empty"),
	COLUMN(fill, 5, TENTHS, "used entries in percent", GET(get_fill)),
	COUNT(leaves, 10, "entries that map a present page"),
	COUNT(empty, 6, "tables without a used entry"),
};

static const struct column_set table_columns = COLUMN_SET(columns, NULL);

enum { MAX_ROWS = VMSCOPE_NR_LEVELS + 3 };

/* The root table has entries for the kernel, too: count only this half's. */
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

/* Fills the row after the last with their sum, and returns its entries. */
static uint64_t add_total(struct table_row *rows, size_t nr)
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

static int tables_run(struct request *req)
{
	struct vmscope_cost cost = { .calls = 1 };
	struct table_row rows[MAX_ROWS];
	struct vmscope_census census;
	size_t nr;
	int ret = vmscope_count_tables(req->target.scope, &census);

	if (ret)
		return ret;
	nr = fill_levels(req->target.info, &census, rows);
	cost.entries = add_total(rows, nr);
	cost.max_hold_ns = census.max_hold_ns;
	rows[nr + 1] = (struct table_row){
		.level = "vmpte",
		.tables = UINT64_MAX,
		.bytes = census.pgtables_bytes,
	};
	nr = rows_filter(req->filter, rows, nr + 2, sizeof(rows[0]));
	ret = request_print(req, rows, nr, sizeof(rows[0]), NULL);
	cost_add(&req->cost, &cost);
	return ret;
}

const struct command cmd_tables = {
	.name = "tables",
	.args = "PID",
	.help = "page tables and how full they are",
	.takes = TAKES_SORT,
	.on = ON_PROCESS,
	.op = VMSCOPE_OP_CENSUS,
	.columns = &table_columns,
	.run = tables_run,
};
