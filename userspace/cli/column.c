// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables of columns: finding, choosing, listing and sorting by them. */
#include "cli/column.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/message.h"
#include "cli/options.h"
#include "cli/suggest.h"

/* All values that a column can have, or NULL if it can have any. */
const struct words *column_words(const struct column_set *set,
				 const struct column *col)
{
	return set->kernel && col->kernel_words ? col->kernel_words :
						  col->words;
}

/* @name has @len bytes, in lower or upper case; NULL if there is none. */
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

/* Fills @buf with what follows the error that a column does not exist. */
const char *column_suggest(const struct column_set *set, const char *name,
			   size_t len, char *buf, size_t bytes)
{
	struct suggestion s;

	suggest_start(&s, name, len);
	for (size_t i = 0; i < set->nr; i++)
		suggest_try(&s, set->columns[i].name, NULL);
	return suggest_say(&s, buf, bytes);
}

static int no_column(const struct column_set *set, const char *before,
		     const char *name, size_t len)
{
	char meant[64];

	message_error("%sno column \"%.*s\"%s; -H lists them", before, (int)len,
		      name,
		      column_suggest(set, name, len, meant, sizeof(meant)));
	return EXIT_USAGE;
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

		if (!col)
			return no_column(set, "", names, len);
		if (!has(list, col))
			list->col[list->nr++] = col;
		if (!names[len])
			return 0;
		names += len + 1;
	}
}

/* A wide column reads best as the last, unless -o + put it elsewhere. */
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

/* The columns to show, by -o and --output-all: 0, or EXIT_USAGE if reported. */
int columns_select(const struct column_set *set, const struct options *opt,
		   struct column_list *list)
{
	const char *want = opt->columns;
	int ret = 0;

	*list = (struct column_list){ .kernel = set->kernel };
	if (want && *want != '+')
		return add_names(set, want, list);
	if (opt->output_all || !set->usual) {
		for (size_t i = 0; i < set->nr; i++)
			list->col[list->nr++] = &set->columns[i];
	} else {
		ret = add_names(set, set->usual, list);
	}
	if (!ret && want)
		ret = add_names(set, want + 1, list);
	if (!ret && !opt->output_all)
		wide_last(list);
	return ret;
}

/* The column of --sort, NULL without it: 0, or EXIT_USAGE after a report. */
int columns_find_sort(const struct column_set *set, const char *name,
		      const struct column **col)
{
	*col = name ? column_find(set, name, strlen(name)) : NULL;
	return *col || !name ? 0 :
			       no_column(set, "--sort: ", name, strlen(name));
}

void columns_print(const struct column_set *set)
{
	for (size_t i = 0; i < set->nr; i++)
		printf("  %-15s %s\n", set->columns[i].name,
		       set->columns[i].help);
}

static uint64_t number_at(const void *at, size_t bytes)
{
	union {
		uint8_t byte;
		uint32_t half;
		uint64_t whole;
	} number;

	memcpy(&number, at, bytes);
	return bytes == 1 ? number.byte :
	       bytes == 4 ? number.half :
			    number.whole;
}

/* The value of a column without a getter. */
void column_field(const struct column *col, const void *row, struct value *v)
{
	const char *at = (const char *)row + col->offset;
	bool is_set;

	if (col->when && !col->when(row))
		return;
	if (col->holds == HOLDS_NUMBER) {
		v->number = number_at(at, col->bytes);
		is_set = v->number;
		v->known = is_set || !col->optional;
		if (col->named)
			v->text = bit_name(col->words->table(), v->number);
	} else {
		v->text = at;
		if (col->holds == HOLDS_STRING)
			memcpy(&v->text, at, sizeof(v->text));
		is_set = v->text && *v->text;
		v->known = is_set || (v->text && !col->optional);
	}
	if (is_set)
		v->color = col->color;
}

/*
 * Amounts sort from the largest, addresses and text from the smallest; unknown
 * values go last.
 */
static int compare_rows(const void *a, const void *b, void *arg)
{
	const struct column *col = arg;
	struct value va, vb;
	int order;

	column_get(col, a, &va);
	column_get(col, b, &vb);
	if (va.known != vb.known)
		return va.known ? -1 : 1;
	if (!va.known)
		return 0;
	if (col->type >= TYPE_TEXT && !col->named)
		return strcmp(va.text, vb.text);
	order = (va.number > vb.number) - (va.number < vb.number);
	return col->type == TYPE_HEX || col->named ? order : -order;
}

/* Without a column, rows keep their order. */
void rows_sort(const struct column *col, void *rows, size_t nr,
	       size_t row_bytes)
{
	if (col && nr)
		qsort_r(rows, nr, row_bytes, compare_rows, (void *)col);
}
