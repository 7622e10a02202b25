// SPDX-License-Identifier: GPL-2.0-only
/*
 * User-mode Linux has no kernel's half, so nobody asks what is in it.
 */
#include "arch.h"

unsigned int vmscope_arch_regions(struct vmscope_region_range *regions)
{
	return 0;
}

u64 vmscope_arch_slot(u64 addr, struct vmscope_slot_range *slots)
{
	*slots = (struct vmscope_slot_range){};
	return 0;
}
