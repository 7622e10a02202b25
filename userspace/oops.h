/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OOPS_H
#define _OOPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* More different ones than that are no oops; the rest is not read. */
enum { MAX_PICKED = 4096 };

/**
 * struct picker - kernel addresses, picked out of a text
 * @in: the text
 * @seen: addresses that were picked
 * @nr: how many
 * @full: there were more
 */
struct picker {
	FILE *in;
	uint64_t seen[MAX_PICKED];
	size_t nr;
	bool full;
};

bool pick_address(struct picker *picker, uint64_t *addr);

#endif /* _OOPS_H */
