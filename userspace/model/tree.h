/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _TREE_H
#define _TREE_H

#include "model/page.h"

/**
 * struct tree_row - an entry of a page table, or neighbours that agree
 * @page: its record; @page.label is NULL for an entry that points to a table
 * @pending: not written yet, but leads to rows that may be
 * @entry: level and index, as in "PTE[3-7]"; "root" of the root table
 * @depth: levels below the root
 * @level: of the entry, enum vmscope_level; 0 for the root
 * @index: of the first entry in its table
 * @last: of the last
 * @start: first address that is translated
 * @end: end, exclusive
 * @size: bytes between them
 * @pfn: frame of the first page, see struct vmscope_page
 * @table: physical address of the table that the entry points to
 * @used: its entries that are not empty
 * @entries: entries that it has in this half of the address space; 0: no table
 * @leaves: its entries that map a present page
 */
struct tree_row {
	struct page_row page;
	bool pending;
	char entry[40];
	unsigned int depth;
	unsigned int level;
	uint64_t index;
	uint64_t last;
	uint64_t start;
	uint64_t end;
	uint64_t size;
	uint64_t pfn;
	uint64_t table;
	uint64_t used;
	uint64_t entries;
	uint64_t leaves;
};

extern const struct column_set tree_columns;

unsigned int tree_depth(const struct vmscope_info *info, unsigned int level);
void tree_fill(struct tree_row *row, const struct vmscope_record *rec,
	       bool indented);

#endif /* _TREE_H */
