/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LAYOUT_H
#define _LAYOUT_H

#include "source/target.h"

enum { MAX_LAYOUT_ROWS = 160 };

/* A stretch of the address space. */
struct layout_row {
	uint64_t start; /* first address */
	/* end, exclusive; UINT64_MAX where it is the last address */
	uint64_t end;
	const char *name; /* its name */
	const char *help; /* what it is for */
	/* how a part of the image is known, otherwise NULL */
	const char *known;
	bool scanned; /* the sums below are known */
	/* bytes mapped, by enum vmscope_level */
	uint64_t leaf[VMSCOPE_NR_LEVELS];
	uint64_t repeated; /* bytes that repeat the tables before them */
	uint64_t wx; /* bytes mapped that may be written and executed */
};

/* The address space, without a gap. */
struct layout {
	struct layout_row row[MAX_LAYOUT_ROWS]; /* in ascending order */
	size_t nr;
	uint64_t repeated; /* bytes that repeat tables, of all rows */
	bool guessed; /* the parts of the image are known by permission alone */
};

int layout_read(struct target *target, struct cost *cost,
		struct layout *layout);

#endif /* _LAYOUT_H */
