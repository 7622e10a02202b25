/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _FILTER_H
#define _FILTER_H

#include <regex.h>
#include <stdbool.h>
#include <stdint.h>

#include "cli/column.h"

enum filter_kind { FILTER_COMPARE, FILTER_NOT, FILTER_AND, FILTER_OR };

enum filter_op { OP_EQ, OP_NE, OP_RE, OP_LT, OP_LE, OP_GT, OP_GE };

/* An operand or an operator, in postfix order. */
struct filter_node {
	enum filter_kind kind;
	unsigned int first; /* first node of the subtree that ends here */
	const struct column *col; /* of a comparison: the column */
	enum filter_op op; /* of a comparison */
	uint64_t number; /* the value, of columns that hold numbers */
	char *text; /* the value, of columns that hold text */
	bool has_regex; /* @regex is to be freed */
	regex_t regex; /* the compiled value of OP_RE */
};

enum { FILTER_MAX_NODES = 256 };

/* An expression, parsed. */
struct filter {
	unsigned int nr; /* nodes */
	struct filter_node nodes[FILTER_MAX_NODES]; /* in postfix order */
	/* a comparison that failed only because of the directory, or NULL */
	const struct filter_node *near;
	/* the first value that ends in the text of that comparison */
	char path[256];
};

int filter_parse(struct filter **filter, const struct column_set *set,
		 const char *text);
void filter_free(struct filter *filter);
bool filter_match(struct filter *filter, const void *row);
bool filter_match_part(struct filter *filter, unsigned int last,
		       const void *row);
size_t rows_filter(struct filter *filter, void *rows, size_t nr,
		   size_t row_bytes);
bool filter_asks_for(const struct filter *filter, const char *column,
		     const char *word, uint64_t value);
void filter_needs(const struct filter *filter, unsigned int *needs,
		  uint64_t *run_flags, uint64_t *facts);
void filter_hint(const struct filter *filter);

#endif /* _FILTER_H */
