/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every kind of mapping and of absent page, made on demand.
 */
#ifndef _VMSCOPE_MAPPINGS_H
#define _VMSCOPE_MAPPINGS_H

#include "swapdev.h"
#include "vmscope_test.h"

/* Memory of one kind, in the process that made it. */
struct mapping {
	char *base; /* what to unmap when it is dropped */
	size_t bytes; /* how much */
	char *addr; /* the page of this kind */
	size_t pages; /* how many base pages from @addr on are of this kind */
	/* its frame, if that is known by other means; otherwise 0 */
	__u64 pfn;
	int pkey; /* its protection key */
	int fd; /* open as long as the mapping exists, or -1 */
	pid_t child; /* process that shares the memory, or 0 */
	struct swap_device swap; /* device that the page was swapped out to */
};

/* What mapping_drop() takes, too. */
#define NO_MAPPING ((struct mapping){ .fd = -1, .swap = NO_SWAP })

/* A kind of mapping. */
struct mapping_kind {
	const char *name; /* its name, as mkmap takes it */
	/*
	 * makes one, in a struct mapping of zeros; returns NULL, or why this
	 * machine cannot have one
	 */
	const char *(*make)(struct mapping *map);
};

const struct mapping_kind *mapping_kind(size_t nr);
const char *mapping_make(const char *name, struct mapping *map);
void mapping_drop(struct mapping *map);
void pattern_fill(void *page, __u64 seed);
bool pattern_is(const void *page, __u64 seed);

#endif /* _VMSCOPE_MAPPINGS_H */
