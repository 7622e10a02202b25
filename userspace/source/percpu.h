/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _PERCPU_H
#define _PERCPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbols;
struct vmalloc_area;
struct vmalloc_info;
struct vmscope;

/* Where a processor's part of the first chunk is. */
struct percpu_unit {
	/* address of offset @start of struct percpu_layout */
	uint64_t addr;
	unsigned int cpu; /* the processor */
};

/* The distances between the parts of a chunk, the same in all chunks. */
struct percpu_layout {
	/* of each possible processor, in the order of addresses */
	struct percpu_unit *unit;
	size_t nr; /* how many; 0 if the module does not report them */
	uint64_t start; /* a per-CPU offset */
	bool tried; /* it was read, whether that worked or not */
};

void percpu_read(struct percpu_layout *layout, struct vmscope *scope,
		 struct symbols *symbols);
bool percpu_is_chunk(const struct vmalloc_area *area);
bool percpu_find(const struct percpu_layout *layout,
		 const struct vmalloc_info *info, uint64_t addr,
		 unsigned int *cpu, uint64_t *offset);
void percpu_free(struct percpu_layout *layout);

#endif /* _PERCPU_H */
