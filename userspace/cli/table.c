// SPDX-License-Identifier: GPL-2.0-or-later
/* Rows that are all known, which libsmartcols aligns. */
#include "cli/table.h"

#include <errno.h>
#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cells.h"
#include "cli/options.h"
#include "cli/output.h"

/* Text is escaped already, and cut at the end of the terminal. */
static struct libscols_table *table_create(const struct cells *cells)
{
	struct libscols_table *table = scols_new_table();
	char heading[HEADING_BYTES];

	if (!table)
		return NULL;
	scols_table_enable_noheadings(table, cells->opt->no_headings);
	scols_table_enable_colors(table, cells->color);
	scols_table_enable_noencoding(table, 1);
	scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
	for (size_t i = 0; i < cells->nr; i++) {
		const struct cell *cell = &cells->cell[i];

		cell_heading(cell, heading);
		if (!scols_table_new_column(table, heading, 0,
					    cell->right ? SCOLS_FL_RIGHT : 0)) {
			scols_unref_table(table);
			return NULL;
		}
	}
	return table;
}

/* In memory that libsmartcols frees. */
static char *copy_cell(const struct cells *cells, const struct cell *cell,
		       const struct value *v, size_t used)
{
	char text[NUMBER_BYTES] = "-";

	if (!cell_is_number(cell))
		return text_copy(cell_text(cell, v), cell->form,
				 cell_room(cells, cell, used));
	if (v->known)
		cell_number(cell, v->number, text);
	return strdup(text);
}

static int table_row(struct libscols_table *table, const struct cells *cells,
		     const void *row)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	size_t used = 0;
	struct value v;
	char *text;

	for (size_t i = 0; line && i < cells->nr; i++) {
		const struct cell *cell = &cells->cell[i];

		column_get(cell->col, row, &v);
		text = copy_cell(cells, cell, &v, used);
		if (!text || scols_line_refer_data(line, i, text)) {
			free(text);
			return -ENOMEM;
		}
		if (v.color &&
		    scols_cell_set_color(scols_line_get_cell(line, i), v.color))
			return -ENOMEM;
		used += 1 + cell->width;
	}
	return line ? 0 : -ENOMEM;
}

static int print_aligned(const struct cells *cells, const void *rows, size_t nr,
			 size_t row_bytes, const void *total)
{
	struct libscols_table *table;
	int ret;

	text_locale();
	table = table_create(cells);
	ret = table ? 0 : -ENOMEM;
	for (size_t i = 0; !ret && i < nr; i++)
		ret = table_row(table, cells,
				(const char *)rows + i * row_bytes);
	if (!ret && total)
		ret = table_row(table, cells, total);
	if (!ret && scols_print_table(table))
		ret = -ENOMEM;
	scols_unref_table(table);
	return ret ? ret : output_check();
}

/*
 * Writes rows that are all known, a list called @name in JSON, and a last row
 * for people, or NULL. A table without rows has no headings. One that is too
 * long for libsmartcols looks the same, and takes no memory. Returns 0,
 * -ENOMEM, or -EIO as output_row().
 */
int table_print(const char *name, const struct column_list *list,
		const struct options *opt, const void *rows, size_t nr,
		size_t row_bytes, const void *total)
{
	struct output *out;
	struct cells cells;

	cells_init(&cells, list, opt);
	if (opt->json || opt->raw)
		total = NULL;
	else
		cells_fit(&cells, rows, nr, row_bytes, total);
	if (!opt->json && !opt->raw && nr <= TABLE_ROWS)
		return print_aligned(&cells, rows, nr, row_bytes, total);
	out = output_start_cells(name, &cells);
	if (!out)
		return -ENOMEM;
	for (size_t i = 0; i < nr; i++)
		output_row(out, (const char *)rows + i * row_bytes);
	if (total)
		output_row(out, total);
	return output_end(out);
}
