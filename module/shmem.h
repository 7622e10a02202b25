/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_SHMEM_H
#define _VMSCOPE_SHMEM_H

#include <linux/types.h>

struct address_space;

/**
 * struct vmscope_shmem_find - a search for swapped pages of a file
 * @index: in: first page to examine; out: the swapped page that was found, or
 *	the first page that was not examined
 * @end: end of the search, exclusive
 * @visits: out: pages of the cache that were examined
 * @pages: out: swapped pages in consecutive slots from @index on; 0 if none was
 *	found
 * @state: out: enum vmscope_state
 * @value: out: swap slot of @index
 */
struct vmscope_shmem_find {
	unsigned long index;
	unsigned long end;
	unsigned int visits;
	unsigned long pages;
	u64 state;
	u64 value;
};

bool vmscope_shmem_has_swapped(struct address_space *mapping);
void vmscope_shmem_next(struct address_space *mapping,
			struct vmscope_shmem_find *find);

#endif /* _VMSCOPE_SHMEM_H */
