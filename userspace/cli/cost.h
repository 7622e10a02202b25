/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _COST_H
#define _COST_H

#include <stdbool.h>
#include <time.h>
#include <vmscope/libvmscope.h>

/* The cost of a command. */
struct cost {
	/* of the scans; no calls once the closing line is printed */
	struct vmscope_cost sum;
	struct timespec start; /* when it began */
	struct timespec shown; /* when progress was last shown */
	bool watched; /* progress is shown */
	bool closes; /* a closing line is wanted */
	/* calls of the device when progress was last considered */
	uint64_t calls;
	char note[64]; /* the end of the closing line, or "" */
};

void cost_start(struct cost *cost, bool verbose);
void cost_add(struct cost *cost, const struct vmscope_cost *more);
void cost_progress(struct cost *cost, const struct vmscope_cost *now,
		   uint64_t addr);
void cost_clear(const struct cost *cost);
void cost_close(struct cost *cost);

#endif /* _COST_H */
