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
#include "text.h"
#include "tool.h"

enum {
	BUFFER_BYTES = 64 * 1024,
	/* Longer than any number, word, heading or colour. */
	SMALL_BYTES = 256,
	/* Longer than all of a row's cells but for its texts. */
	ROW_BYTES = 16 * 1024,
	/* Cells that are kept: of 2^n kinds of rows, and so long together. */
	KEPT_BITS = 9,
	KEPT_BYTES = 480,
	MAX_GROUPS = 12,
	/* What put_short() writes and reads too much. */
	SLACK = 32,
};

/**
 * enum group_by - what the cells of a group follow from
 * @BY_ROW: the row
 * @BY_NUMBER: the same, of a number that is written plainly
 * @BY_KIND: the kind of the row
 * @BY_AREA: the area that it is in
 */
enum group_by { BY_ROW, BY_NUMBER, BY_KIND, BY_AREA };

/**
 * struct group - neighbouring columns that follow from the same
 * @by: from what
 * @start: the first column
 * @end: the column behind the last one
 */
struct group {
	enum group_by by;
	uint16_t start;
	uint16_t end;
};

/**
 * struct part - where the cells of a group are kept
 * @at: where in the text
 * @bytes: how long, 0 where they are not kept
 * @width: columns on the screen
 */
struct part {
	uint16_t at;
	uint16_t bytes;
	uint32_t width;
};

/**
 * struct kept - cells as they were written
 * @kind: the kind or area that they follow from
 * @bytes: used of @text
 * @part: by group
 * @text: the cells
 */
struct kept {
	struct row_kind kind;
	size_t bytes;
	struct part part[MAX_GROUPS];
	char text[KEPT_BYTES + SLACK];
};

/**
 * struct cell - how a column is written, decided once
 * @col: the column
 * @before: what stands between the last cell and this one
 * @before_bytes: length of it
 * @width: columns on the screen
 * @form: of its text
 * @type: of its text or number
 * @number: it is a number
 * @right: padded on the left
 * @last: the last of the row
 */
struct cell {
	const struct column *col;
	char before[64];
	size_t before_bytes;
	size_t width;
	enum text_form form;
	enum column_type type;
	bool number;
	bool right;
	bool last;
};

/**
 * struct output - a stream of rows
 * @opt: how to write
 * @color: whether to colour
 * @hasty: a person watches: each row is written at once
 * @row_end: what ends a row
 * @nr: rows written
 * @screen: columns of the terminal, 0 where nothing is cut
 * @used: of these, by the row at hand
 * @nr_cells: columns
 * @nr_groups: groups of them
 * @group: the groups
 * @cell: the columns
 * @flushed: how often @buf was written out
 * @at: where to write to in @buf
 * @buf: what is to be written
 * @area: cells of the last area
 * @kinds: cells of the last kinds of rows
 */
struct output {
	const struct options *opt;
	bool color;
	bool hasty;
	char row_end;
	uint64_t nr;
	size_t screen;
	size_t used;
	size_t nr_cells;
	size_t nr_groups;
	struct group group[MAX_GROUPS];
	struct cell cell[MAX_COLUMNS];
	uint64_t flushed;
	char *at;
	char buf[BUFFER_BYTES];
	struct kept area;
	struct kept kinds[1 << KEPT_BITS];
};

/* Why standard output failed, for the end of the program; 0 while it did not. */
static int write_error;

/* The stream under way, whose rows are to stand before what is said of it. */
static struct output *current;

static int check_output(void)
{
	if (!ferror(stdout))
		return 0;
	if (!write_error)
		write_error = errno;
	return -EIO;
}

/* The buffer is large, so that stdio hands it on as it is. */
static void flush_rows(struct output *out)
{
	errno = 0;
	fwrite(out->buf, 1, out->at - out->buf, stdout);
	out->at = out->buf;
	out->flushed++;
	check_output();
}

/**
 * output_flush - let the reader have what there is so far
 *
 * Return: 0 or -EIO, as output_row().
 */
int output_flush(void)
{
	if (current)
		flush_rows(current);
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

/* More bytes than there are, which cost less than to count them; written over. */
static inline void put_short(struct output *out, const char *text, size_t bytes)
{
	char *at = out->at;

	memcpy(at, text, SLACK);
	for (size_t i = SLACK; i < bytes; i += SLACK)
		memcpy(at + i, text + i, SLACK);
	out->at = at + bytes;
}

/* Columns are as wide as the longest text in a table, which has no bound. */
static void pad_far(struct output *out, size_t width)
{
	while (width) {
		size_t some = width < SMALL_BYTES ? width : SMALL_BYTES;

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

/* Of any length; returns its columns. */
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

static inline size_t put_number(const struct cell *cell,
				const struct options *opt, uint64_t n, char *at)
{
	if (cell->type == TYPE_HEX)
		return format_hex(n, at);
	if (cell->type == TYPE_NUMBER)
		return format_decimal(n, at);
	switch (cell->type) {
	case TYPE_SIZE:
		if (!opt->bytes && !opt->json)
			return strlen(format_size(n, at, SMALL_BYTES));
		return format_decimal(n, at);
	case TYPE_TENTHS:
		return strlen(format_tenths(n, at, SMALL_BYTES));
	default:
		return format_decimal(n, at);
	}
}

static inline void get_value(const struct cell *cell, const void *row,
			     struct value *v)
{
	v->known = false;
	v->text = NULL;
	v->color = NULL;
	cell->col->get(row, v);
}

static inline void put_json(struct output *out, const struct cell *cell,
			    const struct value *v)
{
	if (!v->known) {
		put(out, "null", 4);
	} else if (cell->type == TYPE_HEX) {
		put(out, "\"0x", 3);
		out->at += format_hex(v->number, out->at);
		*out->at++ = '"';
	} else if (cell->number) {
		out->at += put_number(cell, out->opt, v->number, out->at);
	} else if (cell->type == TYPE_BOOL) {
		put_word(out, v->number ? "true" : "false");
	} else {
		*out->at++ = '"';
		put_text(out, v->text, TEXT_JSON);
		*out->at++ = '"';
	}
}

static const char *shown_text(const struct cell *cell, const struct value *v)
{
	if (!v->known)
		return "-";
	if (cell->type == TYPE_BOOL)
		return v->number ? "yes" : "no";
	return *v->text ? v->text : "-";
}

static inline size_t put_number_cell(struct output *out,
				     const struct cell *cell,
				     const struct value *v)
{
	char text[SMALL_BYTES + SLACK], *at = cell->right ? text : out->at;
	size_t bytes = 1;

	if (v->known)
		bytes = put_number(cell, out->opt, v->number, at);
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

/* What a terminal has left for the last column, or 0: it is not cut. */
static size_t room_for(const struct output *out, const struct cell *cell)
{
	if (!out->screen || !cell->last || !(cell->col->needs & WIDE) ||
	    out->used + 8 > out->screen)
		return 0;
	return out->screen - out->used;
}

static const char *cut_text(struct output *out, const struct cell *cell,
			    const char *text)
{
	size_t room = room_for(out, cell);
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
	bool color = v->color && out->color;
	size_t width;

	if (color)
		put_word(out, v->color);
	if (cell->number)
		width = put_number_cell(out, cell, v);
	else
		width = put_text(out, cut_text(out, cell, shown_text(cell, v)),
				 cell->form);
	out->used += 1 + (width > cell->width ? width : cell->width);
	if (!cell->right && width < cell->width && !cell->last)
		pad(out, cell->width - width);
	if (color)
		put_word(out, COLOR_RESET);
}

/* There is room for all but texts, which leave as much of it behind. */
static void put_cells(struct output *out, const void *row, size_t i, size_t end)
{
	struct value v;

	for (; i < end; i++) {
		const struct cell *cell = &out->cell[i];

		get_value(cell, row, &v);
		put_short(out, cell->before, cell->before_bytes);
		if (out->opt->json)
			put_json(out, cell, &v);
		else
			put_cell(out, cell, &v);
	}
}

/* Uncoloured, no wider than SLACK, and behind one blank at most. */
static inline __attribute__((always_inline)) void
put_plain(struct output *out, const struct cell *cell, const void *row)
{
	char text[SLACK], *at = out->at;
	struct value v;
	size_t bytes = 1, gap;

	v.known = false;
	cell->col->get(row, &v);
	*at = ' ';
	at += cell->before_bytes;
	if (v.known)
		bytes = put_number(cell, out->opt, v.number, text);
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

static struct kept *find_kept(struct output *out, const struct row_kind *kind)
{
	const uint64_t odd = 0x9e3779b97f4a7c15, *word = kind->word;
	uint64_t hash = word[0] * odd;

	hash = (hash ^ word[1]) * odd;
	hash = (hash ^ word[2] ^ word[3]) * odd;
	return &out->kinds[hash >> (64 - KEPT_BITS)];
}

static bool is_kind(const struct kept *kept, const struct row_kind *kind)
{
	const uint64_t *a = kept->kind.word, *b = kind->word;

	return !((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3]));
}

/* What was kept before makes room. */
static void __attribute__((noinline)) clear_kept(struct kept *kept)
{
	kept->bytes = 0;
	memset(kept->part, 0, sizeof(kept->part));
}

/* Cells that fit are kept, unless the buffer was written out amid them. */
static void __attribute__((noinline))
put_group(struct output *out, const void *row, size_t i, struct kept *kept)
{
	const struct group *group = &out->group[i];
	uint64_t flushed = out->flushed;
	size_t used = out->used, bytes;
	const char *from = out->at;
	struct part *part;

	put_cells(out, row, group->start, group->end);
	bytes = out->at - from;
	if (out->flushed != flushed || kept->bytes + bytes > KEPT_BYTES)
		return;
	memcpy(kept->text + kept->bytes, from, bytes);
	part = &kept->part[i];
	part->at = kept->bytes;
	part->bytes = bytes;
	part->width = out->used - used;
	kept->bytes += bytes;
}

static inline void put_kept(struct output *out, const void *row, size_t i,
			    struct kept *kept)
{
	const struct part *part = &kept->part[i];

	if (!part->bytes) {
		put_group(out, row, i, kept);
		return;
	}
	put_short(out, kept->text + part->at, part->bytes);
	out->used += part->width;
}

static void put_groups(struct output *out, const void *row,
		       const struct row_kind *kind, uint64_t area)
{
	struct kept *of_kind = find_kept(out, kind);
	size_t nr = out->nr_groups;

	if (!is_kind(of_kind, kind)) {
		of_kind->kind = *kind;
		clear_kept(of_kind);
	}
	if (out->area.kind.word[0] != area) {
		out->area.kind.word[0] = area;
		clear_kept(&out->area);
	}
	for (size_t i = 0; i < nr; i++) {
		const struct group *group = &out->group[i];

		if (group->by == BY_KIND)
			put_kept(out, row, i, of_kind);
		else if (group->by == BY_NUMBER)
			put_plain(out, &out->cell[group->start], row);
		else if (group->by == BY_AREA)
			put_kept(out, row, i, &out->area);
		else
			put_cells(out, row, group->start, group->end);
	}
}

static size_t set_heading(const struct cell *cell, char heading[64])
{
	const char *name = cell->col->name;
	size_t len = 0;

	for (; name[len] && len < 63; len++)
		heading[len] = toupper((unsigned char)name[len]);
	heading[len] = '\0';
	return len;
}

static void headings(struct output *out)
{
	char heading[64];

	for (size_t i = 0; i < out->nr_cells; i++) {
		const struct cell *cell = &out->cell[i];
		size_t len = set_heading(cell, heading);
		size_t gap = cell->width > len ? cell->width - len : 0;

		make_room(out, ROW_BYTES);
		put(out, cell->before, cell->before_bytes);
		pad(out, cell->right ? gap : 0);
		put(out, heading, len);
		pad(out, cell->right || cell->last ? 0 : gap);
	}
	make_room(out, SMALL_BYTES);
	*out->at++ = '\n';
}

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

/* All addresses of the kernel's half have as many digits as there can be. */
static size_t usual_width(const struct column_list *list,
			  const struct column *col)
{
	return list->kernel && col->needs & ADDRESS ? 16 : col->width;
}

static void set_cell(struct cell *cell, const struct column *col,
		     const struct options *opt, bool first)
{
	cell->col = col;
	cell->type = col->names ? TYPE_TEXT : col->type;
	cell->number = cell->type <= TYPE_TENTHS;
	cell->form = !opt->raw		     ? TEXT_LINE :
		     cell->type == TYPE_LIST ? TEXT_LIST :
					       TEXT_WORD;
	cell->right = !opt->raw && cell->number && cell->type != TYPE_HEX;
	if (opt->json)
		snprintf(cell->before, sizeof(cell->before),
			 "%s\"%s\":", first ? "" : ",", col->name);
	else
		snprintf(cell->before, sizeof(cell->before), "%s",
			 first ? "" : " ");
	cell->before_bytes = strlen(cell->before);
}

/* Where the end of the line is cut, it follows from the whole row. */
static enum group_by follows_from(const struct output *out,
				  const struct cell *cell, bool runs)
{
	unsigned int needs = cell->col->needs;

	if (out->screen && needs & WIDE)
		return BY_ROW;
	if (needs & FROM_AREA)
		return BY_AREA;
	if (needs & FROM_KIND || (needs & FROM_LENGTH && !runs))
		return BY_KIND;
	return cell->number && !out->color && !out->opt->json &&
			       cell->width < SLACK ?
		       BY_NUMBER :
		       BY_ROW;
}

static void set_groups(struct output *out, bool runs)
{
	struct group *group = NULL;

	for (size_t i = 0; i < out->nr_cells; i++) {
		enum group_by by = follows_from(out, &out->cell[i], runs);

		/* The last group takes in what there is no other one for. */
		if (out->nr_groups == MAX_GROUPS &&
		    (group->by != by || by == BY_NUMBER)) {
			group->by = BY_ROW;
			by = BY_ROW;
		}
		if (!group || group->by != by || by == BY_NUMBER) {
			group = &out->group[out->nr_groups++];
			group->by = by;
			group->start = i;
		}
		group->end = i + 1;
	}
}

static struct output *output_create(const struct column_list *list,
				    const struct options *opt)
{
	struct output *out = calloc(1, sizeof(*out));

	if (!out) {
		tool_error("out of memory");
		return NULL;
	}
	out->opt = opt;
	out->color = options_color(opt);
	out->screen = opt->raw || opt->json ? 0 : screen_width();
	out->hasty = isatty(STDOUT_FILENO);
	out->row_end = opt->json ? '}' : '\n';
	out->at = out->buf;
	out->nr_cells = list->nr;
	for (size_t i = 0; i < list->nr; i++) {
		set_cell(&out->cell[i], list->col[i], opt, !i);
		if (!opt->raw && !opt->json)
			out->cell[i].width = usual_width(list, list->col[i]);
		out->cell[i].last = i + 1 == list->nr;
	}
	set_groups(out, list->runs);
	return out;
}

static void begin(struct output *out, const char *name)
{
	current = out;
	if (!out->opt->json) {
		if (!out->opt->no_headings)
			headings(out);
		return;
	}
	put_word(out, "{\n   \"");
	put_word(out, name);
	put_word(out, "\": [");
}

/**
 * output_start - begin a stream of rows on standard output
 * @name: name of the list in JSON
 * @list: the columns
 * @opt: how to write
 *
 * Return: the stream, to be ended with output_end(); NULL after saying that
 * there is no memory.
 */
struct output *output_start(const char *name, const struct column_list *list,
			    const struct options *opt)
{
	struct output *out = output_create(list, opt);

	if (!out)
		return NULL;
	begin(out, name);
	return out;
}

static int write_row(struct output *out, const void *row,
		     const struct row_kind *kind, uint64_t area)
{
	make_room(out, ROW_BYTES);
	out->used = 0;
	if (out->opt->json)
		put_word(out, out->nr ? ",\n      {" : "\n      {");
	if (kind)
		put_groups(out, row, kind, area);
	else
		put_cells(out, row, 0, out->nr_cells);
	*out->at++ = out->row_end;
	out->nr++;
	if (out->hasty)
		return output_flush();
	return write_error ? -EIO : 0;
}

/**
 * output_row_of_kind - write a row whose cells are mostly known
 * @out: the stream
 * @row: the row
 * @kind: what its cells FROM_KIND follow from, and those FROM_LENGTH unless
 *	the list is of runs
 * @area: what its cells FROM_AREA follow from: the area's number
 *
 * Return: as output_row().
 */
int output_row_of_kind(struct output *out, const void *row,
		       const struct row_kind *kind, uint64_t area)
{
	return write_row(out, row, kind, area);
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
	return write_row(out, row, NULL, 0);
}

/**
 * output_end - end a stream
 * @out: the stream
 *
 * Return: 0 or -EIO, as output_row().
 */
int output_end(struct output *out)
{
	make_room(out, SMALL_BYTES);
	if (out->opt->json)
		put_word(out, out->nr ? "\n   ]\n}\n" : "]\n}\n");
	flush_rows(out);
	current = NULL;
	free(out);
	return check_output();
}

static size_t cell_width(const struct output *out, const struct cell *cell,
			 const void *row)
{
	char text[SMALL_BYTES];
	struct value v;

	get_value(cell, row, &v);
	if (cell->number)
		return v.known ? put_number(cell, out->opt, v.number, text) : 1;
	return text_width(shown_text(cell, &v), cell->form);
}

static void fit_row(struct output *out, const void *row)
{
	for (size_t i = 0; i < out->nr_cells; i++) {
		size_t width = cell_width(out, &out->cell[i], row);

		if (width > out->cell[i].width)
			out->cell[i].width = width;
	}
}

/* Each column becomes as wide as its heading and what is in it. */
static void fit(struct output *out, const void *rows, size_t nr,
		size_t row_bytes, const void *total)
{
	for (size_t i = 0; i < out->nr_cells; i++)
		out->cell[i].width = out->opt->no_headings ?
					     0 :
					     strlen(out->cell[i].col->name);
	for (size_t i = 0; i < nr; i++)
		fit_row(out, (const char *)rows + i * row_bytes);
	if (total)
		fit_row(out, total);
}

/* As it is handed to libsmartcols, which frees it. */
static char *cell_text(const struct output *out, const struct cell *cell,
		       const struct value *v)
{
	char text[SMALL_BYTES] = "-";

	if (!cell->number)
		return text_copy(shown_text(cell, v), cell->form,
				 room_for(out, cell));
	if (v->known)
		put_number(cell, out->opt, v->number, text);
	return strdup(text);
}

/* Text is escaped already, and cut where the terminal ends. */
static struct libscols_table *table_create(const struct output *out)
{
	struct libscols_table *table = scols_new_table();
	char heading[64];

	if (!table)
		return NULL;
	scols_table_enable_noheadings(table, out->opt->no_headings);
	scols_table_enable_colors(table, out->color);
	scols_table_enable_noencoding(table, 1);
	scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
	for (size_t i = 0; i < out->nr_cells; i++) {
		const struct cell *cell = &out->cell[i];

		set_heading(cell, heading);
		if (!scols_table_new_column(table, heading, 0,
					    cell->right ? SCOLS_FL_RIGHT : 0)) {
			scols_unref_table(table);
			return NULL;
		}
	}
	return table;
}

static int table_row(struct libscols_table *table, struct output *out,
		     const void *row)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	struct libscols_cell *to;
	struct value v;
	char *text;

	out->used = 0;
	for (size_t i = 0; line && i < out->nr_cells; i++) {
		const struct cell *cell = &out->cell[i];

		get_value(cell, row, &v);
		text = cell_text(out, cell, &v);
		if (!text || scols_line_refer_data(line, i, text))
			return -ENOMEM;
		to = scols_line_get_cell(line, i);
		if (v.color && scols_cell_set_color(to, v.color))
			return -ENOMEM;
		out->used += 1 + cell->width;
	}
	return line ? 0 : -ENOMEM;
}

static int print_aligned(struct output *out, const void *rows, size_t nr,
			 size_t row_bytes, const void *total)
{
	struct libscols_table *table;
	int ret;

	text_locale();
	table = table_create(out);
	ret = table ? 0 : -ENOMEM;
	for (size_t i = 0; !ret && i < nr; i++)
		ret = table_row(table, out, (const char *)rows + i * row_bytes);
	if (!ret && total)
		ret = table_row(table, out, total);
	if (!ret && scols_print_table(table))
		ret = -ENOMEM;
	scols_unref_table(table);
	free(out);
	return ret ? ret : check_output();
}

/**
 * output_start_fitting - begin a stream whose first rows are there
 * @name: name of the list in JSON
 * @list: the columns
 * @opt: how to write
 * @rows: array of rows, which are not written
 * @nr: how many
 * @row_bytes: bytes of a row
 *
 * Columns become as wide as @rows need; those that follow are likely alike.
 *
 * Return: as output_start().
 */
struct output *output_start_fitting(const char *name,
				    const struct column_list *list,
				    const struct options *opt, const void *rows,
				    size_t nr, size_t row_bytes)
{
	struct output *out = output_create(list, opt);

	if (!out)
		return NULL;
	if (!opt->json && !opt->raw)
		fit(out, rows, nr, row_bytes, NULL);
	begin(out, name);
	return out;
}

static int print_stream(struct output *out, const char *name, const void *rows,
			size_t nr, size_t row_bytes, const void *total)
{
	begin(out, name);
	for (size_t i = 0; i < nr; i++)
		output_row(out, (const char *)rows + i * row_bytes);
	if (total)
		output_row(out, total);
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
 * A table without rows has no headings either. One that is too long for
 * libsmartcols looks the same, and takes no memory.
 *
 * Return: 0, -ENOMEM, or -EIO as output_row().
 */
int output_table(const char *name, const struct column_list *list,
		 const struct options *opt, const void *rows, size_t nr,
		 size_t row_bytes, const void *total)
{
	struct output *out = output_create(list, opt);

	if (!out)
		return -ENOMEM;
	if (opt->json || opt->raw)
		return print_stream(out, name, rows, nr, row_bytes, NULL);
	fit(out, rows, nr, row_bytes, total);
	if (nr > TABLE_ROWS)
		return print_stream(out, name, rows, nr, row_bytes, total);
	return print_aligned(out, rows, nr, row_bytes, total);
}
