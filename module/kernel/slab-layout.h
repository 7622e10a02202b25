/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_SLAB_LAYOUT_H
#define _VMSCOPE_SLAB_LAYOUT_H

#include <linux/types.h>

struct kmem_cache;

/* The offset was not found, or several were. */
#define VMSCOPE_SLAB_NOWHERE 0

/**
 * struct vmscope_slab_layout - where the slab allocator keeps its facts
 * @page_cache: offset in the first struct page of a slab of the pointer to its
 *	cache
 * @caches: the cache whose objects are all struct kmem_cache
 * @name: offset in struct kmem_cache of the pointer to its name
 * @object_size: of the usable bytes of an object
 * @stride: of the bytes from one object to the next
 * @flags: of the SLAB_* flags
 * @red_pad: of the bytes of red zone before an object; only found if the
 *	kernel gives all caches one
 *
 * Unknown offsets are VMSCOPE_SLAB_NOWHERE: at 0 are the flags of a page and
 * the per-CPU data of a cache.
 */
struct vmscope_slab_layout {
	unsigned int page_cache;
	const struct kmem_cache *caches;
	unsigned int name;
	unsigned int object_size;
	unsigned int stride;
	unsigned int flags;
	unsigned int red_pad;
};

void vmscope_slab_calibrate(struct vmscope_slab_layout *layout);

#endif /* _VMSCOPE_SLAB_LAYOUT_H */
