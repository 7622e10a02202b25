/* SPDX-License-Identifier: GPL-2.0-only */
/* Processes that change their memory all the time, each in one way. */
#ifndef _VMSCOPE_CHURN_H
#define _VMSCOPE_CHURN_H

#include <stddef.h>
#include <sys/types.h>

/* What a churning process reports, in shared memory. */
struct slot {
	/* the process to look at: itself, or its current child */
	volatile pid_t pid;
	volatile unsigned long rounds; /* how many rounds it has completed */
};

/* A way to change memory. */
struct churn {
	const char *name;
	/* as churn_run(), on a region of its own */
	const char *(*run)(struct slot *slot, char *at);
	size_t bytes; /* of the region, which begins at a PMD's boundary */
};

extern const struct churn churns[];
extern const size_t nr_churns;

void churn_prepare(void);
const char *churn_run(const struct churn *churn, struct slot *slot);
void churn_exec_child(const char *left);

#endif /* _VMSCOPE_CHURN_H */
