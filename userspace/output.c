// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two writers over one table of columns: a stream of rows in constant memory,
 * as aligned text, raw or JSON; and bounded tables, which libsmartcols aligns.
 */
#include <ctype.h>
#include <errno.h>
#include <libsmartcols.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "format.h"
#include "options.h"
#include "output.h"
#include "page.h"
#include "tool.h"

enum { CELL_BYTES = 4 * LABEL_BYTES + 1 };

/**
 * struct output - a stream of rows
 * @name: name of the list in JSON
 * @list: the columns
 * @opt: how to write
 * @color: whether to colour
 * @nr: rows written
 * @screen: columns of the terminal, 0 where nothing is cut
 * @cell: room for one cell
 * @cut: room for one cell that is cut
 */
struct output {
	const char *name;
	const struct column_list *list;
	const struct options *opt;
	bool color;
	uint64_t nr;
	unsigned int screen;
	char cell[CELL_BYTES];
	char cut[CELL_BYTES];
};

/* Why standard output failed, for the end of the program; 0 while it did not. */
static int write_error;

static int check_output(void)
{
	if (!ferror(stdout))
		return 0;
	if (!write_error)
		write_error = errno;
	return -EIO;
}

/**
 * output_flush - let the reader have what there is so far
 *
 * Return: 0 or -EIO, as output_row().
 */
int output_flush(void)
{
	errno = 0;
	fflush(stdout);
	return check_output();
}

/**
 * output_finish - write out what is buffered
 *
 * A reader that has left is no error: nobody is there to miss anything.
 *
 * Return: 0 or a negative errno.
 */
int output_finish(void)
{
	struct pollfd pfd = { .fd = STDOUT_FILENO, .events = POLLOUT };

	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	if (!write_error)
		write_error = errno ? errno : EIO;
	if (write_error == EPIPE)
		return 0;
	if (poll(&pfd, 1, 0) == 1 && pfd.revents & POLLERR)
		return 0;
	return -write_error;
}

static void heading(const struct column *col, char *buf, size_t bytes)
{
	size_t i;

	for (i = 0; col->name[i] && i + 1 < bytes; i++)
		buf[i] = toupper((unsigned char)col->name[i]);
	buf[i] = '\0';
}

static bool is_right(const struct column *col)
{
	return (col->type == TYPE_SIZE || col->type == TYPE_NUMBER ||
		col->type == TYPE_TENTHS) &&
	       !col->names;
}

static void size_cell(const struct options *opt, uint64_t size, char *buf)
{
	if (opt->bytes)
		snprintf(buf, CELL_BYTES, "%llu", (unsigned long long)size);
	else
		format_size(size, buf, CELL_BYTES);
}

static void commas(char *text)
{
	for (; *text; text++) {
		if (*text == ' ')
			*text = ',';
	}
}

static void text_cell(const struct column *col, const struct options *opt,
		      const char *text, char *buf)
{
	bool list = col->type == TYPE_LIST;

	escape_text(*text ? text : "-", opt->raw && !list, buf, CELL_BYTES);
	if (list && opt->raw)
		commas(buf);
}

/* A cell as text, escaped so that it stays on its line. */
static const char *cell_text(const struct column *col, const struct value *v,
			     const struct options *opt, char *buf)
{
	unsigned long long n = v->number;

	if (!v->known)
		return "-";
	switch (col->names ? TYPE_TEXT : col->type) {
	case TYPE_HEX:
		snprintf(buf, CELL_BYTES, "%llx", n);
		break;
	case TYPE_SIZE:
		size_cell(opt, n, buf);
		break;
	case TYPE_NUMBER:
		snprintf(buf, CELL_BYTES, "%llu", n);
		break;
	case TYPE_TENTHS:
		format_tenths(n, buf, CELL_BYTES);
		break;
	case TYPE_BOOL:
		return n ? "yes" : "no";
	case TYPE_TEXT:
	case TYPE_LIST:
		text_cell(col, opt, v->text, buf);
		break;
	}
	return buf;
}

static void json_value(const struct column *col, const struct value *v)
{
	unsigned long long n = v->number;

	if (!v->known) {
		fputs("null", stdout);
		return;
	}
	switch (col->names ? TYPE_TEXT : col->type) {
	case TYPE_HEX:
		printf("\"0x%llx\"", n);
		break;
	case TYPE_SIZE:
	case TYPE_NUMBER:
		printf("%llu", n);
		break;
	case TYPE_TENTHS:
		printf("%llu.%llu", n / 10, n % 10);
		break;
	case TYPE_BOOL:
		fputs(n ? "true" : "false", stdout);
		break;
	case TYPE_TEXT:
	case TYPE_LIST:
		print_json_string(stdout, v->text);
		break;
	}
}

static void get_value(const struct column *col, const void *row,
		      struct value *v)
{
	v->known = false;
	v->text = NULL;
	v->color = NULL;
	col->get(row, v);
}

static void json_row(const struct column_list *list, const void *row,
		     bool first)
{
	struct value v;

	fputs(first ? "\n      {" : ",\n      {", stdout);
	for (size_t i = 0; i < list->nr; i++) {
		get_value(list->col[i], row, &v);
		printf("%s\"%s\":", i ? "," : "", list->col[i]->name);
		json_value(list->col[i], &v);
	}
	putchar('}');
}

static void pad(size_t width)
{
	while (width-- > 0)
		putchar(' ');
}

/* All addresses of the kernel's half have as many digits as there can be. */
static size_t column_width(const struct column_list *list, size_t i)
{
	return list->kernel && list->col[i]->needs & ADDRESS ?
		       16 :
		       list->col[i]->width;
}

static void put_cell(const struct output *out, size_t i, const char *text,
		     const char *color)
{
	const struct column *col = out->list->col[i];
	size_t width = text_width(text), want = column_width(out->list, i);
	size_t gap = want > width ? want - width : 0;

	if (i)
		putchar(' ');
	if (!out->opt->raw && is_right(col))
		pad(gap);
	if (color && out->color)
		printf("%s%s" COLOR_RESET, color, text);
	else
		fputs(text, stdout);
	if (!out->opt->raw && !is_right(col) && i + 1 < out->list->nr)
		pad(gap);
}

/* What a terminal has left for the last column, if that may be cut. */
static const char *cut_cell(struct output *out, size_t i, const char *text,
			    size_t used)
{
	if (!out->screen || i + 1 < out->list->nr ||
	    !(out->list->col[i]->needs & WIDE) || used + 8 > out->screen)
		return text;
	return text_tail(text, out->screen - used, out->cut, sizeof(out->cut));
}

static void text_row(struct output *out, const void *row)
{
	struct value v;
	size_t used = 0;

	for (size_t i = 0; i < out->list->nr; i++) {
		const struct column *col = out->list->col[i];
		const char *text;
		size_t width;

		get_value(col, row, &v);
		text = cell_text(col, &v, out->opt, out->cell);
		text = cut_cell(out, i, text, used);
		put_cell(out, i, text, v.color);
		width = column_width(out->list, i);
		used += 1 +
			(text_width(text) > width ? text_width(text) : width);
	}
	putchar('\n');
}

static void headings(struct output *out)
{
	char text[64];

	for (size_t i = 0; i < out->list->nr; i++) {
		heading(out->list->col[i], text, sizeof(text));
		put_cell(out, i, text, NULL);
	}
	putchar('\n');
}

static unsigned int screen_width(void)
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

static struct output *output_create(const char *name,
				    const struct column_list *list,
				    const struct options *opt)
{
	struct output *out = malloc(sizeof(*out));

	if (!out) {
		tool_error("out of memory");
		return NULL;
	}
	out->name = name;
	out->list = list;
	out->opt = opt;
	out->color = options_color(opt);
	out->nr = 0;
	out->screen = opt->raw ? 0 : screen_width();
	return out;
}

/**
 * output_start - begin a stream of rows on standard output
 * @name: name of the list in JSON
 * @list: the columns; must outlive the stream
 * @opt: how to write
 *
 * Return: the stream, to be ended with output_end(); NULL after saying that
 * there is no memory.
 */
struct output *output_start(const char *name, const struct column_list *list,
			    const struct options *opt)
{
	struct output *out = output_create(name, list, opt);

	if (!out)
		return NULL;
	if (opt->json)
		printf("{\n   \"%s\": [", name);
	else if (!opt->no_headings)
		headings(out);
	return out;
}

/**
 * output_row - write a row
 * @out: the stream
 * @row: the row
 *
 * Return: 0, or -EIO when nobody can be told more: the reader has gone or the
 * disk is full, which the end of the program sorts out.
 */
int output_row(struct output *out, const void *row)
{
	if (out->opt->json)
		json_row(out->list, row, !out->nr);
	else
		text_row(out, row);
	out->nr++;
	return check_output();
}

/**
 * output_end - end a stream
 * @out: the stream
 *
 * Return: 0 or -EIO, as output_row().
 */
int output_end(struct output *out)
{
	if (out->opt->json)
		puts(out->nr ? "\n   ]\n}" : "]\n}");
	free(out);
	return check_output();
}

static struct libscols_table *table_create(const struct column_list *list,
					   const struct options *opt)
{
	struct libscols_table *table = scols_new_table();
	char text[64];
	int flags;

	if (!table)
		return NULL;
	scols_table_enable_noheadings(table, opt->no_headings);
	scols_table_enable_colors(table, options_color(opt));
	for (size_t i = 0; i < list->nr; i++) {
		heading(list->col[i], text, sizeof(text));
		flags = is_right(list->col[i]) ? SCOLS_FL_RIGHT : 0;
		if (list->col[i]->needs & WIDE && i + 1 == list->nr)
			flags |= SCOLS_FL_TRUNC;
		if (!scols_table_new_column(table, text, 0, flags)) {
			scols_unref_table(table);
			return NULL;
		}
	}
	return table;
}

static int table_row(struct libscols_table *table,
		     const struct column_list *list, const struct options *opt,
		     const void *row, char *cell)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	struct value v;

	if (!line)
		return -ENOMEM;
	for (size_t i = 0; i < list->nr; i++) {
		struct libscols_cell *c = scols_line_get_cell(line, i);

		get_value(list->col[i], row, &v);
		if (scols_cell_set_data(c,
					cell_text(list->col[i], &v, opt, cell)))
			return -ENOMEM;
		if (v.color)
			scols_cell_set_color(c, v.color);
	}
	return 0;
}

static int print_aligned(const struct column_list *list,
			 const struct options *opt, const void *rows, size_t nr,
			 size_t row_bytes, const void *total)
{
	struct libscols_table *table = table_create(list, opt);
	char *cell = malloc(CELL_BYTES);
	int ret = table && cell ? 0 : -ENOMEM;

	for (size_t i = 0; !ret && i < nr; i++)
		ret = table_row(table, list, opt,
				(const char *)rows + i * row_bytes, cell);
	if (!ret && total)
		ret = table_row(table, list, opt, total, cell);
	if (!ret)
		scols_print_table(table);
	free(cell);
	scols_unref_table(table);
	return ret;
}

static int print_stream(const char *name, const struct column_list *list,
			const struct options *opt, const void *rows, size_t nr,
			size_t row_bytes)
{
	struct output *out = output_start(name, list, opt);

	if (!out)
		return -ENOMEM;
	for (size_t i = 0; i < nr; i++)
		output_row(out, (const char *)rows + i * row_bytes);
	return output_end(out);
}

/**
 * output_table - write rows that are all there
 * @name: name of the list in JSON
 * @list: the columns
 * @opt: how to write
 * @rows: array of rows
 * @nr: how many
 * @row_bytes: bytes of a row
 * @total: a last row for people, or NULL; programs can add up themselves
 *
 * Return: 0, -ENOMEM, or -EIO as output_row().
 */
int output_table(const char *name, const struct column_list *list,
		 const struct options *opt, const void *rows, size_t nr,
		 size_t row_bytes, const void *total)
{
	if (opt->json || opt->raw)
		return print_stream(name, list, opt, rows, nr, row_bytes);
	return print_aligned(list, opt, rows, nr, row_bytes, total);
}
