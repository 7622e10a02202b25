/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_SLABLAYOUT_H
#define _VMSCOPE_SLABLAYOUT_H

#include <linux/types.h>

struct kmem_cache;

/* The place was not found, or found more than once. */
#define VMSCOPE_SLAB_NOWHERE 0

/**
 * struct vmscope_slab_layout - where the slab allocator keeps what
 * @page_cache: offset in the first struct page of a slab of the pointer to its
 *	cache
 * @caches: the cache that all struct kmem_cache are objects of
 * @name: offset in struct kmem_cache of the pointer to its name
 * @object_size: of the bytes that an object has for its user
 * @stride: of the bytes from one object to the next
 * @flags: of the SLAB_* flags
 * @red_pad: of the bytes before an object that are its red zone; is found only
 *	where the kernel gives all caches one
 *
 * Offsets are VMSCOPE_SLAB_NOWHERE where they are not known; 0 holds the flags
 * of a page, and per-CPU data of a cache.
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

#endif /* _VMSCOPE_SLABLAYOUT_H */
