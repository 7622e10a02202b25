// SPDX-License-Identifier: GPL-2.0-or-later
/* A stream of rows in constant memory: aligned text, raw or JSON. */
#include "cli/output.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/format.h"
#include "cli/kept.h"
#include "cli/options.h"

enum {
	BUFFER_BYTES = 64 * 1024,
	/* Longer than all of a row's cells without their texts. */
	ROW_BYTES = 16 * 1024,
	/* How much put_short() writes and reads beyond the text. */
	SLACK = 32,
};

/* The text between two cells. */
struct before {
	char text[HEADING_BYTES + SLACK]; /* the text */
	size_t bytes; /* its length */
	/*
	 * the cell is an uncoloured number, no wider than SLACK, after one
	 * blank at most
	 */
	bool plain;
};

/* A stream of rows. */
struct output {
	bool hasty; /* a person is watching: each row is written at once */
	uint64_t nr; /* rows written */
	size_t used; /* columns of the terminal that the current row takes */
	struct cells cells;
	struct before before[MAX_COLUMNS]; /* by column */
	uint64_t flushed; /* how often @buf was written out */
	char *at; /* where to write to in @buf */
	char buf[BUFFER_BYTES]; /* what is not written yet */
	struct kept_cells kept; /* cells of the last rows */
};

/* Why standard output failed, for the end of the program; 0 if it did not. */
static int write_error;

/* The open stream: its rows are written before any message. */
static struct output *current;

/* 0, or -EIO if standard output has failed, as output_row(). */
int output_check(void)
{
	if (!ferror(stdout))
		return 0;
	if (!write_error)
		write_error = errno;
	return -EIO;
}

/* The buffer is large enough that stdio passes it on as it is. */
static void flush_rows(struct output *out)
{
	errno = 0;
	fwrite(out->buf, 1, out->at - out->buf, stdout);
	out->at = out->buf;
	out->flushed++;
	output_check();
}

/* Passes on what is buffered to the reader: 0 or -EIO. */
int output_flush(void)
{
	if (current)
		flush_rows(current);
	errno = 0;
	fflush(stdout);
	return output_check();
}

/*
 * Writes out what is buffered: 0 or a negative errno. It is not an error if the
 * reader has left: nobody misses anything.
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

static inline void make_room(struct output *out, size_t bytes)
{
	if ((size_t)(out->buf + BUFFER_BYTES - out->at) < bytes)
		flush_rows(out);
}

static inline void put(struct output *out, const char *text, size_t bytes)
{
	memcpy(out->at, text, bytes);
	out->at += bytes;
}

static void put_word(struct output *out, const char *text)
{
	put(out, text, strlen(text));
}

/* Copies too many bytes, cheaper than counting; later text overwrites them. */
static inline void put_short(struct output *out, const char *text, size_t bytes)
{
	char *at = out->at;

	memcpy(at, text, SLACK);
	for (size_t i = SLACK; i < bytes; i += SLACK)
		memcpy(at + i, text + i, SLACK);
	out->at = at + bytes;
}

/* Columns are as wide as the longest text in a table, which has no limit. */
static void pad_far(struct output *out, size_t width)
{
	while (width) {
		size_t some = width < ROW_BYTES / 2 ? width : ROW_BYTES / 2;

		make_room(out, ROW_BYTES);
		memset(out->at, ' ', some);
		out->at += some;
		width -= some;
	}
	make_room(out, ROW_BYTES);
}

static inline void pad(struct output *out, size_t width)
{
	if (__builtin_expect(width > SLACK, 0)) {
		pad_far(out, width);
		return;
	}
	memset(out->at, ' ', SLACK);
	out->at += width;
}

/* A text of any length; returns its columns. */
static size_t put_text(struct output *out, const char *text,
		       enum text_form form)
{
	size_t sum = 0, plain;
	unsigned int width;

	while (*text) {
		plain = text_plain(text, form);
		if (plain > BUFFER_BYTES / 2)
			plain = BUFFER_BYTES / 2;
		make_room(out, plain + TEXT_PIECE_BYTES);
		put(out, text, plain);
		text += plain;
		sum += plain;
		if (!*text || !(text_special[(unsigned char)*text] & form))
			continue;
		out->at += text_piece(&text, form, out->at, &width);
		sum += width;
	}
	make_room(out, ROW_BYTES);
	return sum;
}

static void put_json(struct output *out, const struct cell *cell,
		     const struct value *v)
{
	if (!v->known) {
		put(out, "null", 4);
	} else if (cell->type == TYPE_HEX) {
		put(out, "\"0x", 3);
		out->at += format_hex(v->number, out->at);
		*out->at++ = '"';
	} else if (cell_is_number(cell)) {
		out->at += cell_number(cell, v->number, out->at);
	} else if (cell->type == TYPE_BOOL) {
		put_word(out, v->number ? "true" : "false");
	} else {
		*out->at++ = '"';
		put_text(out, v->text, TEXT_JSON);
		*out->at++ = '"';
	}
}

static inline size_t put_number_cell(struct output *out,
				     const struct cell *cell,
				     const struct value *v)
{
	char text[NUMBER_BYTES], *at = cell->right ? text : out->at;
	size_t bytes = 1;

	if (v->known)
		bytes = cell_number(cell, v->number, at);
	else
		*at = '-';
	if (!cell->right) {
		out->at += bytes;
		return bytes;
	}
	if (cell->width > bytes)
		pad(out, cell->width - bytes);
	put_short(out, text, bytes);
	return bytes;
}

static const char *cut_text(struct output *out, const struct cell *cell,
			    const char *text)
{
	size_t room = cell_room(&out->cells, cell, out->used);
	const char *tail;

	if (!room)
		return text;
	tail = text_tail(text, cell->form, room);
	if (tail != text)
		put_word(out, text_dots());
	return tail;
}

static void put_cell(struct output *out, const struct cell *cell,
		     const struct value *v)
{
	bool color = v->color && out->cells.color;
	size_t width;

	if (color)
		put_word(out, v->color);
	if (cell_is_number(cell))
		width = put_number_cell(out, cell, v);
	else
		width = put_text(out, cut_text(out, cell, cell_text(cell, v)),
				 cell->form);
	out->used += 1 + (width > cell->width ? width : cell->width);
	if (!cell->right && width < cell->width && !cell->last)
		pad(out, cell->width - width);
	if (color)
		put_word(out, COLOR_RESET);
}

static inline __attribute__((always_inline)) void
put_plain(struct output *out, const struct cell *cell, size_t before,
	  const struct value *v)
{
	char text[SLACK], *at = out->at;
	size_t bytes = 1, gap;

	*at = ' ';
	at += before;
	if (v->known)
		bytes = cell_number(cell, v->number, text);
	else
		*text = '-';
	gap = cell->width > bytes ? cell->width - bytes : 0;
	if (cell->right) {
		memset(at, ' ', SLACK);
		memcpy(at + gap, text, SLACK);
	} else {
		memcpy(at, text, SLACK);
		memset(at + bytes, ' ', SLACK);
	}
	out->at = at + gap + bytes;
	out->used += 1 + gap + bytes;
}

/* There is room for all but texts, which leave as much after them. */
static inline __attribute__((always_inline)) void
put_cells(struct output *out, const void *row, size_t i, size_t end)
{
	struct value v;

	for (; i < end; i++) {
		const struct cell *cell = &out->cells.cell[i];
		const struct before *before = &out->before[i];

		column_get(cell->col, row, &v);
		if (before->plain) {
			put_plain(out, cell, before->bytes, &v);
			continue;
		}
		put_short(out, before->text, before->bytes);
		if (out->cells.opt->json)
			put_json(out, cell, &v);
		else
			put_cell(out, cell, &v);
	}
}

/* Keep the cells, unless the buffer was written out while they were filled. */
static void __attribute__((noinline))
put_group(struct output *out, const void *row, size_t i, struct kept *kept)
{
	const struct group *group = &out->kept.group[i];
	uint64_t flushed = out->flushed;
	const char *from = out->at;
	size_t used = out->used;

	put_cells(out, row, group->start, group->end);
	if (out->flushed == flushed)
		kept_add(kept, i, from, out->at - from, out->used - used);
}

static void put_groups(struct output *out, const void *row,
		       const struct row_kind *kind, uint64_t area)
{
	struct kept *const kept[] = {
		[BY_KIND] = kept_of_kind(&out->kept, kind),
		[BY_AREA] = kept_for(&out->kept.area,
				     &(struct row_kind){ { area } }),
	};

	for (size_t i = 0; i < out->kept.nr; i++) {
		const struct group *group = &out->kept.group[i];
		const struct kept *from = kept[group->by];

		if (!from) {
			put_cells(out, row, group->start, group->end);
		} else if (!from->part[i].bytes) {
			put_group(out, row, i, kept[group->by]);
		} else {
			put_short(out, from->text + from->part[i].at,
				  from->part[i].bytes);
			out->used += from->part[i].width;
		}
	}
}

static void headings(struct output *out)
{
	char heading[HEADING_BYTES];

	for (size_t i = 0; i < out->cells.nr; i++) {
		const struct cell *cell = &out->cells.cell[i];
		size_t len = cell_heading(cell, heading);
		size_t gap = cell->width > len ? cell->width - len : 0;

		make_room(out, ROW_BYTES);
		put(out, out->before[i].text, out->before[i].bytes);
		pad(out, cell->right ? gap : 0);
		put(out, heading, len);
		pad(out, cell->right || cell->last ? 0 : gap);
	}
	*out->at++ = '\n';
}

static void set_before(struct before *before, const struct cells *cells,
		       size_t i)
{
	const struct cell *cell = &cells->cell[i];

	if (cells->opt->json)
		before->bytes = sprintf(before->text,
					"%s\"%.*s\":", i ? "," : "",
					HEADING_BYTES, cell->col->name);
	else
		before->bytes = sprintf(before->text, "%s", i ? " " : "");
	before->plain = cell_is_number(cell) && !cells->opt->json &&
			!cells->color && cell->width < SLACK &&
			(cell->right || !cell->last);
}

/* As output_start(), with cells that have their widths already. */
struct output *output_start_cells(const char *name, const struct cells *cells)
{
	struct output *out = calloc(1, sizeof(*out));

	if (!out)
		return NULL;
	out->cells = *cells;
	out->hasty = isatty(STDOUT_FILENO);
	out->at = out->buf;
	for (size_t i = 0; i < cells->nr; i++)
		set_before(&out->before[i], cells, i);
	current = out;
	if (out->cells.opt->json) {
		put_word(out, "{\n   \"");
		put_word(out, name);
		put_word(out, "\": [");
	} else if (!out->cells.opt->no_headings) {
		headings(out);
	}
	return out;
}

/*
 * Begins a stream of rows on standard output, a list called @name in JSON. End
 * it with output_end(). Returns NULL without memory.
 */
struct output *output_start(const char *name, const struct column_list *list,
			    const struct options *opt)
{
	struct output *out;
	struct cells cells;

	cells_init(&cells, list, opt);
	out = output_start_cells(name, &cells);
	if (out)
		kept_init(&out->kept, &cells, list->runs);
	return out;
}

/*
 * The same for first rows that are there, but not written: columns become as
 * wide as these need, because those that follow are likely similar.
 */
struct output *output_start_fitting(const char *name,
				    const struct column_list *list,
				    const struct options *opt, const void *rows,
				    size_t nr, size_t row_bytes)
{
	struct cells cells;

	cells_init(&cells, list, opt);
	if (!opt->json && !opt->raw)
		cells_fit(&cells, rows, nr, row_bytes, NULL);
	return output_start_cells(name, &cells);
}

/*
 * As output_row(), for a row whose cells are mostly known: FROM_KIND cells
 * follow from @kind, and so do FROM_LENGTH cells unless the list is of runs;
 * FROM_AREA cells follow from the number @area. NULL: no cell is known.
 */
int output_row_of_kind(struct output *out, const void *row,
		       const struct row_kind *kind, uint64_t area)
{
	make_room(out, ROW_BYTES);
	out->used = 0;
	if (out->cells.opt->json)
		put_word(out, out->nr ? ",\n      {" : "\n      {");
	if (kind)
		put_groups(out, row, kind, area);
	else
		put_cells(out, row, 0, out->cells.nr);
	*out->at++ = out->cells.opt->json ? '}' : '\n';
	out->nr++;
	if (out->hasty)
		return output_flush();
	return write_error ? -EIO : 0;
}

/*
 * Returns 0, or -EIO if nothing more can be written: the reader has gone or the
 * disk is full, which output_finish() distinguishes.
 */
int output_row(struct output *out, const void *row)
{
	return output_row_of_kind(out, row, NULL, 0);
}

/* 0 or -EIO, as output_row(). */
int output_end(struct output *out)
{
	make_room(out, ROW_BYTES);
	if (out->cells.opt->json)
		put_word(out, out->nr ? "\n   ]\n}\n" : "]\n}\n");
	flush_rows(out);
	current = NULL;
	free(out);
	return output_check();
}
