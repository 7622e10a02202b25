/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _PAGE_H
#define _PAGE_H

#include "cli/column.h"

struct swap_devices;

/* The longest name, and what is put around it. */
enum { LABEL_BYTES = VMSCOPE_WALK_NAME_MAX + 32 };

/**
 * struct page_row - a row of map, pages, swap and audit
 * @info: of the module
 * @rec: the record
 * @label: name of its area
 * @devices: names of swap devices, or NULL
 * @finding: of audit: what is wrong
 * @pid: of audit
 * @comm: of audit: name of the process
 */
struct page_row {
	const struct vmscope_info *info;
	const struct vmscope_record *rec;
	const char *label;
	const struct swap_devices *devices;
	const char *finding;
	int pid;
	const char *comm;
};

extern const struct column_set map_columns, pages_columns, swap_columns,
	audit_columns, kernel_map_columns;

const struct column_set *page_columns_of(const struct column_set *set,
					 const char *target);
void page_kind(const struct page_row *row, struct row_kind *kind);
bool is_wx(const struct vmscope_record *rec);
bool area_is_region(const struct vmscope_area *area);
void area_label(const struct vmscope_area *area, const char *name, char *buf,
		size_t bytes);
void vma_perm(uint64_t vma_flags, char perm[5]);
void vma_may_perm(uint64_t vma_flags, char perm[4]);
void vma_flag_names(uint64_t vma_flags, char *buf, size_t bytes);
void bit_names(const struct vmscope_bit *table, uint64_t bits, char *buf,
	       size_t bytes);
const char *state_color(unsigned int state);

#endif /* _PAGE_H */
