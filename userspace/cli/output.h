/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OUTPUT_H
#define _OUTPUT_H

#include "cli/column.h"

struct cells;
struct options;
struct output;

struct output *output_start(const char *name, const struct column_list *list,
			    const struct options *opt);
struct output *output_start_cells(const char *name, const struct cells *cells);
struct output *output_start_fitting(const char *name,
				    const struct column_list *list,
				    const struct options *opt, const void *rows,
				    size_t nr, size_t row_bytes);
int output_row(struct output *out, const void *row);
int output_row_of_kind(struct output *out, const void *row,
		       const struct row_kind *kind, uint64_t area);
int output_end(struct output *out);
int output_check(void);
int output_flush(void);
int output_finish(void);

#endif /* _OUTPUT_H */
