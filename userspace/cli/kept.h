/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _KEPT_H
#define _KEPT_H

#include <string.h>

#include "cli/cells.h"

enum {
	/* Kinds of rows whose cells are kept: 2^n. */
	KEPT_BITS = 9,
	/* The cells kept of each have at most this total length. */
	KEPT_BYTES = 480,
	/* A reader may copy more bytes than there are. */
	KEPT_SLACK = 32,
	MAX_GROUPS = 12,
};

/* What the cells of a group depend on. */
enum group_by {
	BY_ROW, /* the row */
	BY_KIND, /* the kind of the row */
	BY_AREA, /* the area that it is in */
};

/* Neighbouring columns that depend on the same. */
struct group {
	enum group_by by; /* what they depend on */
	uint16_t start; /* the first column */
	uint16_t end; /* the column after the last one */
};

/* Where the cells of a group are kept. */
struct part {
	uint16_t at; /* where in the text */
	uint16_t bytes; /* how long; 0 if they are not kept */
	uint32_t width; /* columns on the screen */
};

/* Cells as they were written. */
struct kept {
	struct row_kind kind; /* the kind or area that they depend on */
	size_t bytes; /* used of @text */
	struct part part[MAX_GROUPS]; /* by group */
	char text[KEPT_BYTES + KEPT_SLACK];
};

/* Cells of the last rows. */
struct kept_cells {
	size_t nr; /* groups of columns */
	struct group group[MAX_GROUPS];
	struct kept area; /* cells of the last area */
	struct kept kinds[1 << KEPT_BITS]; /* cells of the last kinds of rows */
};

void kept_init(struct kept_cells *kept, const struct cells *cells, bool runs);
void kept_clear(struct kept *kept, const struct row_kind *kind);
void kept_add(struct kept *kept, size_t group, const char *text, size_t bytes,
	      size_t width);

static inline struct kept *kept_for(struct kept *kept,
				    const struct row_kind *kind)
{
	const uint64_t *a = kept->kind.word, *b = kind->word;

	if ((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3]))
		kept_clear(kept, kind);
	return kept;
}

static inline struct kept *kept_of_kind(struct kept_cells *kept,
					const struct row_kind *kind)
{
	const uint64_t odd = 0x9e3779b97f4a7c15, *word = kind->word;
	uint64_t hash = word[0] * odd;

	hash = (hash ^ word[1]) * odd;
	hash = (hash ^ word[2] ^ word[3]) * odd;
	return kept_for(&kept->kinds[hash >> (64 - KEPT_BITS)], kind);
}

#endif /* _KEPT_H */
