/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Real programs with real memory: a Redis server and a Python program, parts
 * of them swapped out.
 */
#ifndef _VMSCOPE_WORKLOAD_H
#define _VMSCOPE_WORKLOAD_H

#include <stdbool.h>
#include <sys/types.h>

/* A running program. */
struct workload {
	pid_t pid; /* 0 if it does not run */
	const char *missing; /* why it does not run */
};

void redis_start(struct workload *redis);
void python_start(struct workload *python);
void workload_stop(struct workload *workload);
void workload_swap_out(const struct workload *workload);

#endif /* _VMSCOPE_WORKLOAD_H */
