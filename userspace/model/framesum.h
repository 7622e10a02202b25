/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _FRAMESUM_H
#define _FRAMESUM_H

#include "cli/column.h"

/* What a frame is used for, in the order of sums. */
enum frame_use {
	USE_ANON,
	USE_KSM,
	USE_SHMEM,
	USE_FILE,
	USE_CODE,
	USE_SWAPCACHE,
	USE_HUGETLB,
	USE_ZERO,
	USE_DEVICE,
	USE_PFNMAP,
	USE_TABLE,
	USE_SLAB_RECLAIM,
	USE_SLAB_KMALLOC,
	USE_SLAB_OTHER,
	USE_SLAB,
	USE_LARGE_KMALLOC,
	USE_STACK,
	USE_VMALLOC,
	USE_PERCPU,
	USE_MODULE,
	USE_COMPOUND,
	USE_OTHER,
	USE_RESERVED,
	USE_OFFLINE,
	USE_HWPOISON,
	USE_UNKNOWN,
	USE_HOLE,
	USE_FREE,
	NR_FRAME_USES,
	/* not uses, but totals: of memory, and of what a process maps */
	USE_TOTALS = 64,
	USE_MEMORY = USE_TOTALS,
	USE_MAPPED,
};

/* Frames of one use, on one node or on all. */
struct frame_sum {
	uint64_t node;
	uint64_t use; /* enum frame_use */
	uint64_t pages;
	uint64_t bytes; /* of all these, and of those with a state */
	uint64_t lru;
	uint64_t active;
	uint64_t inactive;
	uint64_t unevictable;
	uint64_t dirty;
	uint64_t writeback;
	uint64_t swapcache;
	uint64_t of_total; /* bytes of all rows */
	bool aged; /* by generations, which are neither active nor inactive */
};

/* All of them: one for each node and use, in this order. */
struct frame_sums {
	struct frame_sum *sum;
	size_t nr;
	size_t room;
};

/* Flags that the sums follow from. */
extern const uint64_t frame_sum_flags;

extern const struct column_set frame_sum_columns, frame_node_columns;

const struct vmscope_bit *frame_use_table(void);
enum frame_use frame_use(const struct vmscope_frame_run *run);
enum frame_use frame_use_of_page(const struct vmscope_record *rec);
int frame_sums_add(struct frame_sums *sums, enum frame_use use,
		   const struct vmscope_frame *frame, uint64_t pages,
		   uint64_t page_size);
struct frame_sum frame_sums_total(struct frame_sums *sums, enum frame_use use,
				  bool aged);

#endif /* _FRAMESUM_H */
