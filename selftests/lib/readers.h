/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Readers of a process's page tables, for programs that measure what they cost
 * their target.
 */
#ifndef _VMSCOPE_SELFTEST_READERS_H
#define _VMSCOPE_SELFTEST_READERS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What is read: addresses of a process. */
struct target_range {
	pid_t pid;
	char *start;
	size_t bytes;
	size_t page;
};

/* @pass reads the range once, from the descriptor of @open; -1 if it cannot. */
struct reader {
	const char *name;
	int (*open)(const struct target_range *target);
	int (*pass)(int fd, const struct target_range *target,
		    unsigned long long flags);
	unsigned long long flags;
};

/* Up to one without a name. */
extern const struct reader readers[];

bool target_map(struct target_range *target, size_t mib);

#endif /* _VMSCOPE_SELFTEST_READERS_H */
