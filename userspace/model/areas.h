/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _AREAS_H
#define _AREAS_H

#include "cli/column.h"
#include "model/usage.h"

/**
 * struct area_row - an area and what is in it
 * @info: of the module; NULL in the row of totals
 * @area: the area
 * @usage: what is in it
 * @start_stack: where the stack of the main thread began, 0 if that is elsewhere
 * @label: its name, to be freed; "total" in the row of totals
 */
struct area_row {
	const struct vmscope_info *info;
	struct vmscope_area area;
	struct usage usage;
	uint64_t start_stack;
	char *label;
};

extern const struct column_set area_columns;

int area_row_start(struct area_row *row, const struct vmscope_info *info,
		   const struct vmscope_record *rec);
void area_row_segments(struct area_row *row, const struct vmscope_attach *of);

#endif /* _AREAS_H */
