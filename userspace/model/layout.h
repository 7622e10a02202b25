/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LAYOUT_H
#define _LAYOUT_H

#include "source/target.h"

enum { MAX_LAYOUT_ROWS = 160 };

/**
 * struct layout_row - a stretch of the address space
 * @start: first address
 * @end: end, exclusive; UINT64_MAX where it is the last address
 * @name: what it is called
 * @help: what it is for
 * @known: of a part of the image: how that is known, otherwise NULL
 * @scanned: the sums below are known
 * @leaf: bytes mapped, by enum vmscope_level
 * @repeated: bytes that repeat the tables before them
 * @wx: bytes mapped that may be written and executed
 */
struct layout_row {
	uint64_t start;
	uint64_t end;
	const char *name;
	const char *help;
	const char *known;
	bool scanned;
	uint64_t leaf[VMSCOPE_NR_LEVELS];
	uint64_t repeated;
	uint64_t wx;
};

/**
 * struct layout - the address space, without a gap
 * @row: in ascending order
 * @nr: how many
 * @repeated: bytes that repeat tables, of all rows
 * @guessed: the parts of the image are known by permission alone
 */
struct layout {
	struct layout_row row[MAX_LAYOUT_ROWS];
	size_t nr;
	uint64_t repeated;
	bool guessed;
};

int layout_read(struct target *target, struct cost *cost,
		struct layout *layout);

#endif /* _LAYOUT_H */
