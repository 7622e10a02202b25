// SPDX-License-Identifier: GPL-2.0-or-later
/* How the columns of a row are written. */
#include "cli/cells.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/options.h"

static size_t screen_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return 0;
	if (columns && atoi(columns) > 0)
		return atoi(columns);
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	return 80;
}

/* All addresses of the kernel's half have the largest number of digits. */
static size_t usual_width(const struct column_list *list,
			  const struct column *col)
{
	return list->kernel && col->needs & ADDRESS ? 16 : col->width;
}

static enum column_type type_of(const struct column *col,
				const struct options *opt)
{
	if (col->type == TYPE_SIZE && (opt->bytes || opt->json))
		return TYPE_NUMBER;
	return col->type;
}

void cells_init(struct cells *cells, const struct column_list *list,
		const struct options *opt)
{
	bool aligned = !opt->raw && !opt->json;

	cells->opt = opt;
	cells->color = options_color(opt);
	cells->screen = aligned ? screen_width() : 0;
	cells->nr = list->nr;
	for (size_t i = 0; i < list->nr; i++) {
		struct cell *cell = &cells->cell[i];

		cell->col = list->col[i];
		cell->type = type_of(cell->col, opt);
		cell->form = !opt->raw		     ? TEXT_LINE :
			     cell->type == TYPE_LIST ? TEXT_LIST :
						       TEXT_WORD;
		cell->right = aligned && cell_is_number(cell) &&
			      cell->type != TYPE_HEX;
		cell->width = aligned ? usual_width(list, cell->col) : 0;
		cell->last = i + 1 == list->nr;
	}
}

/* A column of text, for people: raw bytes. */
const char *cell_text(const struct cell *cell, const struct value *v)
{
	if (!v->known)
		return "-";
	if (cell->type == TYPE_BOOL)
		return v->number ? "yes" : "no";
	return *v->text ? v->text : "-";
}

/*
 * The columns of the terminal that are left for a wide last column, after cells
 * that take @used of them; 0: it is not cut.
 */
size_t cell_room(const struct cells *cells, const struct cell *cell,
		 size_t used)
{
	if (!cells->screen || !cell->last || !(cell->col->needs & WIDE) ||
	    used + 8 > cells->screen)
		return 0;
	return cells->screen - used;
}

/* Returns the length of the heading. */
size_t cell_heading(const struct cell *cell, char heading[HEADING_BYTES])
{
	const char *name = cell->col->name;
	size_t len = 0;

	for (; name[len] && len < HEADING_BYTES - 1; len++)
		heading[len] = toupper((unsigned char)name[len]);
	heading[len] = '\0';
	return len;
}

static size_t width_of(const struct cell *cell, const void *row)
{
	char text[NUMBER_BYTES];
	struct value v;

	column_get(cell->col, row, &v);
	if (cell_is_number(cell))
		return v.known ? cell_number(cell, v.number, text) : 1;
	return text_width(cell_text(cell, &v), cell->form);
}

static void fit_row(struct cells *cells, const void *row)
{
	for (size_t i = 0; i < cells->nr; i++) {
		size_t width = width_of(&cells->cell[i], row);

		if (width > cells->cell[i].width)
			cells->cell[i].width = width;
	}
}

/* Makes each column as wide as its heading and its cells; @total or NULL. */
void cells_fit(struct cells *cells, const void *rows, size_t nr,
	       size_t row_bytes, const void *total)
{
	for (size_t i = 0; i < cells->nr; i++)
		cells->cell[i].width = cells->opt->no_headings ?
					       0 :
					       strlen(cells->cell[i].col->name);
	for (size_t i = 0; i < nr; i++)
		fit_row(cells, (const char *)rows + i * row_bytes);
	if (total)
		fit_row(cells, total);
}
