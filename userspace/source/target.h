/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _TARGET_H
#define _TARGET_H

#include <stdbool.h>
#include <vmscope/libvmscope.h>

#include "cli/cost.h"

/* The process, or the kernel, that is examined. */
struct target {
	struct vmscope *scope; /* bound handle */
	const struct vmscope_info *info; /* of @scope */
	bool kernel; /* it is the kernel's own half */
	int pid; /* its PID; 0 for the kernel */
	char comm[64];
};

/* Handles one record: any value but 0 ends the scan. */
typedef int (*record_fn)(void *arg, const struct vmscope_record *rec);

/*
 * Handles one process. Its handle is bound to the next one afterwards: leave no
 * iterator, and keep no pointer into the target. With -ESRCH and -ENODATA the
 * process is skipped: processes come and go. Any other value except 0 ends the
 * loop.
 */
typedef int (*target_fn)(void *arg, struct target *target);

bool is_kernel(const char *word);
int target_open(struct target *target, const char *pid);
int target_open_kernel(struct target *target);
int target_open_device(struct vmscope **scope);
void target_close(struct target *target);
int target_each(target_fn act, void *arg);
uint64_t target_facts(const struct target *target, uint64_t facts);
int target_scan(const struct target *target, const struct vmscope_query *query,
		struct cost *cost, record_fn act, void *arg);
void target_hint_withheld(const struct target *target);

#endif /* _TARGET_H */
