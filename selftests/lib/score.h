/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the workers of a race report.
 */
#ifndef _VMSCOPE_SELFTEST_SCORE_H
#define _VMSCOPE_SELFTEST_SCORE_H

#include <linux/types.h>

#define RACE_SECONDS 20

/* A worker's, in shared memory. */
struct score {
	unsigned long done; /* what it has looked at, or changed */
	unsigned long gone; /* of these, targets that had exited */
	unsigned long raced; /* of these, what kept changing */
	char complaint[400]; /* the first impossible result */
	char missing[128]; /* why it does nothing here */
};

void complain(struct score *score, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
__u64 random_scan_flags(void);
int race_seconds(int argc, char **argv);

#endif /* _VMSCOPE_SELFTEST_SCORE_H */
