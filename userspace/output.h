/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OUTPUT_H
#define _OUTPUT_H

#include "column.h"

struct options;
struct output;

/* Rows that libsmartcols aligns, which holds them all: some KiB each. */
enum { TABLE_ROWS = 4096 };

/**
 * struct row_kind - what cells of a row that are FROM_KIND follow from
 * @word: whatever that is; two rows of equal words have equal cells there
 */
struct row_kind {
	uint64_t word[4];
};

struct output *output_start(const char *name, const struct column_list *list,
			    const struct options *opt);
struct output *output_start_fitting(const char *name,
				    const struct column_list *list,
				    const struct options *opt, const void *rows,
				    size_t nr, size_t row_bytes);
int output_row(struct output *out, const void *row);
int output_row_of_kind(struct output *out, const void *row,
		       const struct row_kind *kind, uint64_t area);
int output_end(struct output *out);
int output_flush(void);
int output_finish(void);

int output_table(const char *name, const struct column_list *list,
		 const struct options *opt, const void *rows, size_t nr,
		 size_t row_bytes, const void *total);

#endif /* _OUTPUT_H */
