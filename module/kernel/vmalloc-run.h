/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_VMALLOC_RUN_H
#define _VMSCOPE_VMALLOC_RUN_H

#include <linux/types.h>

struct vmscope_table_copy;
struct vmscope_target;

/**
 * struct vmscope_run - neighbouring pages that the kernel has mapped
 * @start: first address
 * @end: end, exclusive
 * @pieces: physically contiguous parts of it
 */
struct vmscope_run {
	u64 start;
	u64 end;
	u64 pieces;
};

int vmscope_run_around(struct vmscope_table_copy *copy,
		       const struct vmscope_target *target, u64 addr, u64 low,
		       u64 high, struct vmscope_run *run);

#endif /* _VMSCOPE_VMALLOC_RUN_H */
