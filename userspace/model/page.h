/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _PAGE_H
#define _PAGE_H

#include "cli/column.h"

struct swap_devices;

/* A row of map, pages, swap and audit. */
struct page_row {
	const struct vmscope_info *info; /* of the module */
	const struct vmscope_record *rec; /* the record */
	const char *label; /* name of its area, or NULL */
	const struct swap_devices *devices; /* names of swap devices, or NULL */
	const char *finding; /* of audit: what is wrong */
	int pid; /* of audit */
	const char *comm; /* of audit: name of the process */
};

/* A row of frames. */
struct frame_row {
	struct page_row page; /* its record has the first frame and its facts */
	uint64_t use; /* enum frame_use */
	uint64_t pfn; /* the first frame */
	uint64_t pages; /* frames */
	uint64_t bytes; /* of them */
	const char *cache; /* name of their slab cache, or "" */
};

extern const struct column_set map_columns, pages_columns, swap_columns,
	audit_columns, kernel_map_columns, frame_columns;

void page_kind(const struct page_row *row, struct row_kind *kind);
void page_entry_name(unsigned int level, uint64_t index, uint64_t last,
		     char *buf, size_t bytes);

/* Getters of struct page_row. */
void page_state(const void *row, struct value *v);
void page_perm(const void *row, struct value *v);
void page_vperm(const void *row, struct value *v);
void page_swap_type(const void *row, struct value *v);
void page_swap_offset(const void *row, struct value *v);
void page_swap_device(const void *row, struct value *v);

#endif /* _PAGE_H */
