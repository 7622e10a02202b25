/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _COST_H
#define _COST_H

#include <stdbool.h>
#include <time.h>
#include <vmscope/libvmscope.h>

/**
 * struct cost - what a command has cost
 * @sum: of the scans; no calls once the closing line is printed
 * @start: when it began
 * @shown: when progress was last shown
 * @watched: progress is shown
 * @closes: a closing line is wanted
 * @calls: calls of the device when progress was last considered
 * @note: the end of the closing line, or ""
 */
struct cost {
	struct vmscope_cost sum;
	struct timespec start;
	struct timespec shown;
	bool watched;
	bool closes;
	uint64_t calls;
	char note[64];
};

void cost_start(struct cost *cost, bool verbose);
void cost_add(struct cost *cost, const struct vmscope_cost *more);
void cost_progress(struct cost *cost, const struct vmscope_cost *now,
		   uint64_t addr);
void cost_clear(const struct cost *cost);
void cost_close(struct cost *cost);

#endif /* _COST_H */
