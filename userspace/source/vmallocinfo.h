/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _VMALLOCINFO_H
#define _VMALLOCINFO_H

#include <stddef.h>
#include <stdint.h>

/* A line of /proc/vmallocinfo. */
struct vmalloc_area {
	uint64_t start; /* first address */
	uint64_t end; /* end, exclusive, guard page included */
	/* the symbol that asked for it; "" if that is not shown */
	char caller[72];
	/* vmalloc, vmap, ioremap and the like; "" if that is not shown */
	char kind[16];
};

/* /proc/vmallocinfo. */
struct vmalloc_info {
	struct vmalloc_area *area; /* in the order of addresses */
	size_t nr;
	/* why it cannot be used, NULL if it can */
	const char *why;
};

void vmalloc_info_read(struct vmalloc_info *info, uint64_t kernel_start);
const struct vmalloc_area *vmalloc_info_find(const struct vmalloc_info *info,
					     uint64_t addr);
void vmalloc_info_free(struct vmalloc_info *info);

#endif /* _VMALLOCINFO_H */
