/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's test harness, with time enough for an emulated machine, for
 * tests that need the device. Without it the whole program is skipped.
 */
#ifndef _VMSCOPE_HARNESS_H
#define _VMSCOPE_HARNESS_H

#include <kselftest_harness.h>

#include "vmscope_test.h"

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT TEST_SECONDS

static void __attribute__((constructor)) need_device(void)
{
	const char *why = device_missing();

	if (why)
		ksft_exit_skip("%s\n", why);
}

#endif /* _VMSCOPE_HARNESS_H */
