/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_REGION_H
#define _VMSCOPE_REGION_H

#include <linux/types.h>
#include <asm/page.h>

struct vmscope_area_facts;

/* Error pointers point to the last page, which is never mapped. */
#define VMSCOPE_KERNEL_END ((u64)PAGE_MASK)

u64 vmscope_region_at(u64 addr, u64 *start, u64 *end);
void vmscope_region_describe(u64 addr, struct vmscope_area_facts *area);

#endif /* _VMSCOPE_REGION_H */
