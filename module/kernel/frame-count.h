/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_FRAME_COUNT_H
#define _VMSCOPE_FRAME_COUNT_H

#include <linux/types.h>

struct vmscope_slab_cache;
struct vmscope_slab_sums;
struct vmscope_slabs;

struct vmscope_slab_sums *vmscope_slabs_sum(void);
void vmscope_slabs_free(struct vmscope_slab_sums *sums);
void vmscope_slabs_result(const struct vmscope_slab_sums *sums,
			  struct vmscope_slabs *slabs);
bool vmscope_slabs_cache(const struct vmscope_slab_sums *sums, unsigned int nr,
			 struct vmscope_slab_cache *cache);

#endif /* _VMSCOPE_FRAME_COUNT_H */
