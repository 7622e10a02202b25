// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel address -> region. The engine treats regions like the areas of a
 * process; holes are regions too.
 */
#include "region.h"

#include <linux/minmax.h>
#include <linux/string.h>

#include "../../include/uapi/vmscope.h"
#include "../arch/arch.h"
#include "../area.h"

/**
 * vmscope_region_at - the region of an address
 * @addr: an address of the kernel's half, below VMSCOPE_KERNEL_END
 * @start: filled in: its first address
 * @end: filled in: its end, exclusive
 *
 * Context: Any context.
 * Return: enum vmscope_region
 */
u64 vmscope_region_at(u64 addr, u64 *start, u64 *end)
{
	struct vmscope_region_range all[VMSCOPE_ARCH_MAX_REGIONS];
	unsigned int nr = vmscope_arch_regions(all);
	u64 from = vmscope_arch_kernel_start();
	unsigned int i;

	for (i = 0; i < nr; i++) {
		/* beyond the last address */
		if (all[i].end < all[i].start)
			all[i].end = VMSCOPE_KERNEL_END;
		if (i + 1 < nr)
			all[i].end = min(all[i].end, all[i + 1].start);
		if (addr < all[i].start)
			break;
		if (addr < all[i].end) {
			*start = all[i].start;
			*end = all[i].end;
			return all[i].region;
		}
		from = all[i].end;
	}
	*start = from;
	*end = i < nr ? all[i].start : VMSCOPE_KERNEL_END;
	return VMSCOPE_REGION_HOLE;
}

/**
 * vmscope_region_describe - describe the region of an address as an area
 * @addr: as for vmscope_region_at()
 * @area: filled in
 *
 * Context: Any context.
 */
void vmscope_region_describe(u64 addr, struct vmscope_area_facts *area)
{
	u64 start, end;
	u64 region = vmscope_region_at(addr, &start, &end);

	memset(area, 0, sizeof(*area));
	area->start = start;
	area->end = end;
	area->name_kind = VMSCOPE_NAME_REGION + region;
	area->page_size = PAGE_SIZE;
}
