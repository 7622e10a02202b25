/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _CELLS_H
#define _CELLS_H

#include <string.h>

#include "cli/column.h"
#include "cli/format.h"
#include "cli/text.h"

enum {
	/* Longer than any number. */
	NUMBER_BYTES = 32,
	HEADING_BYTES = 64,
};

/* How a column is written, decided once. */
struct cell {
	const struct column *col;
	size_t width; /* columns on the screen */
	enum text_form form; /* of its text */
	enum column_type type; /* of its text or number */
	bool right; /* padded on the left */
	bool last; /* the last of the row */
};

/* How a row is written. */
struct cells {
	const struct options *opt;
	bool color; /* whether to colour */
	size_t screen; /* columns of the terminal; 0: nothing is cut */
	size_t nr; /* columns */
	struct cell cell[MAX_COLUMNS];
};

void cells_init(struct cells *cells, const struct column_list *list,
		const struct options *opt);
void cells_fit(struct cells *cells, const void *rows, size_t nr,
	       size_t row_bytes, const void *total);

size_t cell_heading(const struct cell *cell, char heading[HEADING_BYTES]);
size_t cell_room(const struct cells *cells, const struct cell *cell,
		 size_t used);
const char *cell_text(const struct cell *cell, const struct value *v);

static inline bool cell_is_number(const struct cell *cell)
{
	return cell->type <= TYPE_TENTHS;
}

/* Bytes of @text, which is filled; the usual types are tested first. */
static inline size_t cell_number(const struct cell *cell, uint64_t number,
				 char text[NUMBER_BYTES])
{
	if (cell->type == TYPE_HEX)
		return format_hex(number, text);
	if (cell->type == TYPE_SIZE)
		return strlen(format_size(number, text, NUMBER_BYTES));
	if (cell->type == TYPE_TENTHS)
		return strlen(format_tenths(number, text, NUMBER_BYTES));
	return format_decimal(number, text);
}

#endif /* _CELLS_H */
