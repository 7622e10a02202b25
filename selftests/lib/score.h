/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the workers of a race report.
 */
#ifndef _VMSCOPE_SELFTEST_SCORE_H
#define _VMSCOPE_SELFTEST_SCORE_H

#include <linux/types.h>

#define RACE_SECONDS 20

/**
 * struct score - a worker's, in shared memory
 * @done: what it has looked at, or changed
 * @gone: of that, targets that were gone by then
 * @raced: of that, what would not hold still
 * @complaint: the first thing that could not be
 * @missing: why it does nothing here
 */
struct score {
	unsigned long done;
	unsigned long gone;
	unsigned long raced;
	char complaint[400];
	char missing[128];
};

void complain(struct score *score, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
__u64 random_scan_flags(void);
int race_seconds(int argc, char **argv);

#endif /* _VMSCOPE_SELFTEST_SCORE_H */
