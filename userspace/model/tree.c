// SPDX-License-Identifier: GPL-2.0-or-later
/* Page tables as a tree: the rows of its entries. */
#include "model/tree.h"

#include <stdio.h>

static const struct tree_row *tree_row(const void *row)
{
	return row;
}

static bool is_table(const void *row)
{
	return tree_row(row)->entries;
}

static bool has_phys(const void *row)
{
	return is_table(row) && tree_row(row)->table;
}

static bool has_level(const void *row)
{
	return tree_row(row)->level;
}

static bool has_frame(const void *row)
{
	return !is_table(row) && vmscope_has_frame(tree_row(row)->page.rec);
}

static void get_perm(const void *row, struct value *v)
{
	if (!is_table(row))
		page_perm(row, v);
}

static void get_state(const void *row, struct value *v)
{
	if (!is_table(row))
		page_state(row, v);
}

static const struct column columns[] = {
	COLUMN(entry, 20, TEXT, "level and index of the entry, or entries",
	       FIELD(struct tree_row, entry)),
	COLUMN(depth, 5, NUMBER, "levels below the root",
	       FIELD(struct tree_row, depth)),
	COLUMN(level, 5, TEXT, "level of the entry",
	       FIELD(struct tree_row, level), .when = has_level,
	       NAMES(vmscope_level_table)),
	COLUMN(index, 5, NUMBER, "index of the entry in its table",
	       FIELD(struct tree_row, index), .when = has_level),
	COLUMN(last_index, 10, NUMBER, "index of the last entry of the row",
	       FIELD(struct tree_row, last), .when = has_level),
	COLUMN(start, 12, HEX, "first address", FIELD(struct tree_row, start),
	       .needs = ADDRESS),
	COLUMN(end, 12, HEX, "end, exclusive", FIELD(struct tree_row, end),
	       .needs = ADDRESS),
	COLUMN(size, 5, SIZE, "bytes of address space",
	       FIELD(struct tree_row, size)),
	COLUMN(table, 10, HEX, "physical address of the table behind the entry",
	       FIELD(struct tree_row, table), .when = has_phys),
	COLUMN(used, 4, NUMBER, "entries of that table that are not empty",
	       FIELD(struct tree_row, used), .when = is_table),
	COLUMN(entries, 7, NUMBER,
	       "entries that it has, in the root those of this half",
	       FIELD(struct tree_row, entries), .when = is_table),
	COLUMN(leaves, 6, NUMBER, "entries of it that map a present page",
	       FIELD(struct tree_row, leaves), .when = is_table),
	COLUMN(perm, 4, TEXT,
	       "what user mode may do, or the kernel in its half; all levels taken together",
	       GET(get_perm), .words = &perm_words),
	COLUMN(state, 6, TEXT,
	       "what an entry that points to no table stands for",
	       GET(get_state), NAMES(vmscope_state_table)),
	COLUMN(pfn, 8, NUMBER, "page frame of the first page",
	       FIELD(struct tree_row, pfn), .when = has_frame,
	       .needs = NEEDS_FRAMES),
	COLUMN(area, 12, TEXT, "name of the area or region",
	       FIELD(struct tree_row, page.label), .needs = WIDE),
};

const struct column_set tree_columns =
	COLUMN_SET(columns, "entry,start,size,used,table,perm,state,area");

/* How far entries of a level are below the root, which has no level. */
unsigned int tree_depth(const struct vmscope_info *info, unsigned int level)
{
	unsigned int depth = 0;

	for (unsigned int l = level; l && l < VMSCOPE_NR_LEVELS; l++)
		depth += info->level_shift[l] != 0;
	return depth;
}

/* The level of the entry that points to a table; 0 for the root. */
static unsigned int level_above(const struct vmscope_info *info,
				unsigned int level)
{
	while (++level < VMSCOPE_NR_LEVELS) {
		if (info->level_shift[level])
			return level;
	}
	return VMSCOPE_LEVEL_NONE;
}

/* The root's range is one half of the address space. */
static void fill_table(struct tree_row *row, const struct vmscope_record *rec)
{
	const struct vmscope_info *info = row->page.info;
	uint64_t one = 1ULL << info->level_shift[rec->level];
	uint64_t end = rec->addr | (one * info->level_entries[rec->level] - 1);

	if (rec->addr < info->user_end && end >= info->user_end)
		end = info->user_end - 1;
	row->level = level_above(info, rec->level);
	row->size = end - rec->addr + 1;
	row->table = rec->table_phys;
	row->used = rec->table_used;
	row->entries = (row->size + one - 1) / one;
	row->leaves = rec->table_leaves;
}

/*
 * Makes a row from a TABLE record, or from a PAGE or RUN; @row->page is set
 * except for its record, which is @rec. @indented: for people.
 */
void tree_fill(struct tree_row *row, const struct vmscope_record *rec,
	       bool indented)
{
	const struct vmscope_info *info = row->page.info;
	int indent;

	row->page.rec = rec;
	row->start = rec->addr;
	row->entries = 0;
	if (rec->kind == VMSCOPE_KIND_TABLE) {
		fill_table(row, rec);
	} else {
		row->level = rec->level;
		row->size = rec->end - rec->addr;
		row->pfn = rec->value;
	}
	row->end = row->start + row->size;
	/* 2^64 does not fit. */
	row->end -= !row->end;
	row->depth = tree_depth(info, row->level);
	indent = indented ? 2 * row->depth : 0;
	snprintf(row->entry, sizeof(row->entry), "%*s%s", indent, "",
		 row->level ? "" : "root");
	if (!row->level)
		return;
	row->index = row->start >> info->level_shift[row->level] &
		     (info->level_entries[row->level] - 1);
	row->last = (row->end - 1) >> info->level_shift[row->level] &
		    (info->level_entries[row->level] - 1);
	page_entry_name(row->level, row->index, row->last, row->entry + indent,
			sizeof(row->entry) - indent);
}
