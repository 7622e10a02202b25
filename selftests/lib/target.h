/* SPDX-License-Identifier: GPL-2.0-only */
/* Another process to look at, which only holds memory. */
#ifndef _VMSCOPE_SELFTEST_TARGET_H
#define _VMSCOPE_SELFTEST_TARGET_H

#include "vmscope_test.h"

/* A mkmap that waits. */
struct target {
	pid_t pid; /* its PID, 0 if there is none */
	FILE *out; /* its output */
};

/* For target_start(). */
extern const char *const all_kinds[];

bool target_start(struct target *target, const char *const kinds[]);
bool target_kind(const struct target *target, const char *kind, __u64 *addr);
void target_stop(struct target *target);
bool self_dir(char *path, size_t room, const char *file);

/*
 * One target @name with every kind of memory for all tests of a program: to
 * make it takes longer than they do. Behind NEEDS(), which may skip them all.
 */
#define ALL_TESTS_SHARE_TARGET(name)                                  \
	static struct target name;                                    \
	static void __attribute__((constructor)) start_target(void)   \
	{                                                             \
		if (!target_start(&name, all_kinds))                  \
			ksft_exit_fail_msg("mkmap does not start\n"); \
	}                                                             \
	static void __attribute__((destructor)) stop_target(void)     \
	{                                                             \
		target_stop(&name);                                   \
	}

#endif /* _VMSCOPE_SELFTEST_TARGET_H */
