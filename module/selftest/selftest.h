/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of the parts that need no target, run by the parameter selftest: each
 * file's tests are included at its end, so that they see its static functions.
 * All of it is discarded once the module is loaded.
 */
#ifndef _VMSCOPE_SELFTEST_H
#define _VMSCOPE_SELFTEST_H

#include <linux/types.h>

#include "../arch/arch.h"

bool vmscope_decode_selftest(void);
bool vmscope_sink_selftest(void);
bool vmscope_slab_selftest(void);
bool vmscope_swap_selftest(void);

/**
 * vmscope_selftest - run all tests
 *
 * Context: Process context, at load.
 * Return: true if all passed; the kernel's log lists failures
 */
static inline bool __init vmscope_selftest(void)
{
	bool swap = vmscope_swap_selftest();
	bool decode = vmscope_decode_selftest();
	bool sink = vmscope_sink_selftest();
	bool slab = !VMSCOPE_ARCH_KERNEL_HALF || vmscope_slab_selftest();

	return swap && decode && sink && slab;
}

#endif /* _VMSCOPE_SELFTEST_H */
