/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_SLAB_H
#define _VMSCOPE_SLAB_H

#include <linux/types.h>

struct vmscope_block;
struct vmscope_slab_cache;

void vmscope_slab_init(void);
u64 vmscope_slab_features(void);
u64 vmscope_slab_facts(void);
unsigned long vmscope_slab_cache_at(const struct vmscope_block *block);
unsigned int vmscope_slab_lone_caches(unsigned long pfn, unsigned int nr,
				      unsigned long *caches);
bool vmscope_slab_describe(const struct vmscope_block *block,
			   struct vmscope_slab_cache *cache);
int vmscope_slab_object(unsigned long addr, const struct vmscope_block *block,
			struct vmscope_slab_cache *cache, u64 *object,
			u64 *index);

#endif /* _VMSCOPE_SLAB_H */
