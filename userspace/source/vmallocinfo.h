/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _VMALLOCINFO_H
#define _VMALLOCINFO_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct vmalloc_area - a line of /proc/vmallocinfo
 * @start: first address
 * @end: end, exclusive, guard page included
 * @caller: who asked for it: a symbol; "" where that is not shown
 * @kind: vmalloc, vmap, ioremap and the like; "" where that is not shown
 */
struct vmalloc_area {
	uint64_t start;
	uint64_t end;
	char caller[72];
	char kind[16];
};

/**
 * struct vmalloc_info - /proc/vmallocinfo
 * @area: in the order of addresses
 * @nr: how many
 * @why: why nothing can be joined with it, NULL where it can
 */
struct vmalloc_info {
	struct vmalloc_area *area;
	size_t nr;
	const char *why;
};

void vmalloc_info_read(struct vmalloc_info *info, uint64_t kernel_start);
const struct vmalloc_area *vmalloc_info_find(const struct vmalloc_info *info,
					     uint64_t addr);
void vmalloc_info_free(struct vmalloc_info *info);

#endif /* _VMALLOCINFO_H */
