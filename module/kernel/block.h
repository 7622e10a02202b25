/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_BLOCK_H
#define _VMSCOPE_BLOCK_H

#include <linux/types.h>

/**
 * struct vmscope_block - frames allocated as one block, or free as one
 * @head: the first of them
 * @order: log2 of their number
 * @kind: enum vmscope_frame_kind
 */
struct vmscope_block {
	unsigned long head;
	unsigned int order;
	unsigned int kind;
};

/**
 * struct vmscope_plain - single pages without a type that agree
 * @kind: enum vmscope_frame_kind
 * @flags: PG_* bits of the first
 * @mapping: its mapping, as in struct page
 */
struct vmscope_plain {
	unsigned int kind;
	unsigned long flags;
	unsigned long mapping;
};

void vmscope_block_at(unsigned long pfn, struct vmscope_block *block);
unsigned long vmscope_count_plain(unsigned long pfn, unsigned long end,
				  u64 *kinds);
unsigned long vmscope_plain_run(unsigned long pfn, unsigned long end,
				unsigned long mask,
				struct vmscope_plain *first);
unsigned int vmscope_lone_slab_words(unsigned long pfn, unsigned int nr,
				     unsigned int at, unsigned long *words);
void vmscope_block_of(unsigned long pfn, struct vmscope_block *block);

#endif /* _VMSCOPE_BLOCK_H */
