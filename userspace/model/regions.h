/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _REGIONS_H
#define _REGIONS_H

#include "cli/words.h"
#include "source/target.h"

enum { MAX_REGIONS = 64 };

/**
 * struct region - a region of the kernel's half
 * @start: first address
 * @end: end, exclusive
 * @region: enum vmscope_region
 */
struct region {
	uint64_t start;
	uint64_t end;
	unsigned int region;
};

/**
 * struct region_list - all of them, holes included, in ascending order
 * @region: the regions
 * @nr: how many
 */
struct region_list {
	struct region region[MAX_REGIONS];
	size_t nr;
};

/* What stretches of the whole address space are called, regions among them. */
extern const struct words stretch_words;

int regions_read(struct target *target, struct region_list *list);
const struct region *regions_find(const struct region_list *list,
				  uint64_t addr);

#endif /* _REGIONS_H */
