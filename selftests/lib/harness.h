/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's test harness, with time enough for an emulated machine, for
 * tests that need the device. Without it the whole program is skipped.
 */
#ifndef _VMSCOPE_HARNESS_H
#define _VMSCOPE_HARNESS_H

#include <kselftest.h>

/* A -t that matches no case is a mistake, not a test that passed. */
static inline void plan_of_cases(unsigned int plan)
{
	ksft_set_plan(plan);
	if (!plan) {
		fprintf(stderr, "no case matches the options; -l lists them\n");
		exit(KSFT_FAIL);
	}
}

#define ksft_set_plan plan_of_cases
#include <kselftest_harness.h>
#undef ksft_set_plan

#include "vmscope_test.h"

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT TEST_SECONDS

static void __attribute__((constructor)) need_device(void)
{
	const char *why = device_missing();

	if (why)
		ksft_exit_skip("%s\n", why);
}

/* The harness of older kernels would ignore them, and run all cases. */
#ifndef KSELFTEST_PRIO_TEST
static void __attribute__((constructor)) need_no_options(int argc, char **argv)
{
	if (argc == 1)
		return;
	fprintf(stderr, "%s: the kernel's harness takes no options here\n",
		argv[0]);
	exit(KSFT_FAIL);
}
#endif

#endif /* _VMSCOPE_HARNESS_H */
