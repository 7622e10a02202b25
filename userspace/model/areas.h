/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _AREAS_H
#define _AREAS_H

#include "cli/column.h"
#include "model/usage.h"

/* An area and what is in it. */
struct area_row {
	/* of the module; NULL in the row of totals */
	const struct vmscope_info *info;
	struct vmscope_area area; /* the area */
	struct usage usage; /* what is in it */
	/* where the main thread's stack began, 0 if in another area */
	uint64_t start_stack;
	char *label; /* its name, to be freed; "total" in the row of totals */
};

extern const struct column_set area_columns;

int area_row_start(struct area_row *row, const struct vmscope_info *info,
		   const struct vmscope_record *rec);
void area_row_segments(struct area_row *row, const struct vmscope_attach *of);

#endif /* _AREAS_H */
