// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables of columns: finding, choosing, listing and sorting by them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/column.h"
#include "cli/options.h"
#include "cli/suggest.h"
#include "cli/tool.h"

/**
 * column_words - all that a column can say
 * @col: the column
 *
 * Return: the words, or NULL where there is no end to them.
 */
const struct vmscope_bit *column_words(const struct column *col)
{
	if (col->names)
		return col->names();
	return col->words ? col->words() : NULL;
}

/**
 * column_find - find a column by name
 * @set: where to look
 * @name: its name, in lower or upper case
 * @len: length of @name
 *
 * Return: the column or NULL.
 */
const struct column *column_find(const struct column_set *set, const char *name,
				 size_t len)
{
	for (size_t i = 0; i < set->nr; i++) {
		const struct column *col = &set->columns[i];

		if (strlen(col->name) == len &&
		    !strncasecmp(col->name, name, len))
			return col;
	}
	return NULL;
}

/**
 * column_suggest - what a column that does not exist may have been meant to be
 * @set: where to look
 * @name: as it was typed
 * @len: length of @name
 * @buf: filled with what to say behind the error
 * @bytes: length of @buf
 *
 * Return: @buf.
 */
const char *column_suggest(const struct column_set *set, const char *name,
			   size_t len, char *buf, size_t bytes)
{
	struct suggestion s;

	suggest_start(&s, name, len);
	for (size_t i = 0; i < set->nr; i++)
		suggest_try(&s, set->columns[i].name, NULL);
	return suggest_say(&s, buf, bytes);
}

static bool has(const struct column_list *list, const struct column *col)
{
	for (size_t i = 0; i < list->nr; i++) {
		if (list->col[i] == col)
			return true;
	}
	return false;
}

static int add_names(const struct column_set *set, const char *names,
		     struct column_list *list)
{
	while (true) {
		size_t len = strcspn(names, ",");
		const struct column *col = column_find(set, names, len);
		char meant[64];

		if (!col) {
			tool_error("no column \"%.*s\"%s; -H lists them",
				   (int)len, names,
				   column_suggest(set, names, len, meant,
						  sizeof(meant)));
			return EXIT_USAGE;
		}
		if (!has(list, col))
			list->col[list->nr++] = col;
		if (!names[len])
			return 0;
		names += len + 1;
	}
}

/* A wide column reads best behind all others, where -o + did not put it. */
static void wide_last(struct column_list *list)
{
	for (size_t i = 0; i + 1 < list->nr; i++) {
		const struct column *col = list->col[i];

		if (!(col->needs & WIDE))
			continue;
		memmove(&list->col[i], &list->col[i + 1],
			(list->nr - i - 1) * sizeof(list->col[0]));
		list->col[list->nr - 1] = col;
		return;
	}
}

/**
 * columns_select - choose the columns to show
 * @set: the command's
 * @opt: -o and --output-all
 * @list: filled
 *
 * Return: 0 or EXIT_USAGE after saying why.
 */
int columns_select(const struct column_set *set, const struct options *opt,
		   struct column_list *list)
{
	const char *want = opt->columns;
	int ret;

	*list = (struct column_list){ 0 };
	if (opt->output_all) {
		for (size_t i = 0; i < set->nr; i++)
			list->col[list->nr++] = &set->columns[i];
		return 0;
	}
	if (want && *want != '+')
		return add_names(set, want, list);
	ret = add_names(set, set->usual, list);
	if (!ret && want)
		ret = add_names(set, want + 1, list);
	if (!ret)
		wide_last(list);
	return ret;
}

/**
 * columns_print - list the columns, for -H and --help
 * @set: the command's
 */
void columns_print(const struct column_set *set)
{
	for (size_t i = 0; i < set->nr; i++)
		printf("  %-15s %s\n", set->columns[i].name,
		       set->columns[i].help);
}

static bool is_text(const struct column *col)
{
	return (col->type == TYPE_TEXT || col->type == TYPE_LIST) &&
	       !col->names;
}

/**
 * column_compare - order two rows by a column
 * @col: the column
 * @a: a row
 * @b: a row
 *
 * Amounts go from the largest, addresses and text from the smallest; what is
 * unknown goes last.
 *
 * Return: as of strcmp().
 */
int column_compare(const struct column *col, const void *a, const void *b)
{
	struct value va = { 0 }, vb = { 0 };
	int order;

	col->get(a, &va);
	col->get(b, &vb);
	if (va.known != vb.known)
		return va.known ? -1 : 1;
	if (!va.known)
		return 0;
	if (is_text(col))
		return strcmp(va.text, vb.text);
	order = (va.number > vb.number) - (va.number < vb.number);
	return col->type == TYPE_HEX || col->names ? order : -order;
}

static int compare(const void *a, const void *b, void *col)
{
	return column_compare(col, a, b);
}

/**
 * rows_sort - sort rows by a column
 * @set: the command's
 * @name: of the column; NULL leaves the rows as they are
 * @rows: array of rows
 * @nr: how many
 * @row_bytes: bytes of a row
 *
 * Return: 0 or EXIT_USAGE after saying why.
 */
int rows_sort(const struct column_set *set, const char *name, void *rows,
	      size_t nr, size_t row_bytes)
{
	const struct column *col;
	char meant[64];

	if (!name)
		return 0;
	col = column_find(set, name, strlen(name));
	if (!col) {
		tool_error("--sort: no column \"%s\"%s; -H lists them", name,
			   column_suggest(set, name, strlen(name), meant,
					  sizeof(meant)));
		return EXIT_USAGE;
	}
	if (nr)
		qsort_r(rows, nr, row_bytes, compare, (void *)col);
	return 0;
}
