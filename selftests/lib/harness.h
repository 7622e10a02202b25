/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every test includes: the system's headers that most need, the device,
 * /proc, and the kernel's test harness, with timeouts for an emulated machine,
 * for tests that need the device. Without it the whole program is skipped.
 */
#ifndef _VMSCOPE_HARNESS_H
#define _VMSCOPE_HARNESS_H

#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/prctl.h>

#include <linux/capability.h>

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

#include "procfs.h"
#include "vmscope_test.h"

/* A test is a process of its own: files and memory go with it. */
#define NO_TEARDOWN(fixture)      \
	FIXTURE_TEARDOWN(fixture) \
	{                         \
	}

/* The name of the current item: it is in each line of a failure. */
static char subject[160];

static inline bool __attribute__((format(printf, 1, 2)))
about(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(subject, sizeof(subject), format, args);
	va_end(args);
	return true;
}

/* @why says what is wrong, NULL if nothing is. */
#define EXPECT_FINE(why) EXPECT_STREQ("", (why) ?: "")

#undef __TH_LOG
#define __TH_LOG(fmt, ...)                                                   \
	fprintf(TH_LOG_STREAM, "# %s:%d:%s:%s" fmt "\n", __FILE__, __LINE__, \
		_metadata->name, subject, ##__VA_ARGS__)

/* A variant whose call differs by @expression from a valid one. */
#define FIELD_CHANGES(fixture, parameter, name, error, expression) \
	static void name(parameter)                                \
	{                                                          \
		expression;                                        \
	}                                                          \
	FIXTURE_VARIANT_ADD(fixture, name)                         \
	{                                                          \
		.change = name, .err = error,                      \
	}

/* Skips the program if @missing, evaluated twice, says why it cannot run. */
#define NEEDS(missing)                                              \
	static void __attribute__((constructor)) need_machine(void) \
	{                                                           \
		if (missing)                                        \
			ksft_exit_skip("%s\n", missing);            \
	}

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
