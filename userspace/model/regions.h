/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _REGIONS_H
#define _REGIONS_H

#include "cli/words.h"
#include "source/target.h"

enum { MAX_REGIONS = 64 };

/* A region of the kernel's half. */
struct region {
	uint64_t start; /* first address */
	uint64_t end; /* end, exclusive */
	unsigned int region; /* enum vmscope_region */
};

/* All regions, holes included, in ascending order. */
struct region_list {
	struct region region[MAX_REGIONS];
	size_t nr;
};

/* Names of parts of the whole address space, regions among them. */
extern const struct words stretch_words;

int regions_read(struct target *target, struct region_list *list);
const struct region *regions_find(const struct region_list *list,
				  uint64_t addr);

#endif /* _REGIONS_H */
