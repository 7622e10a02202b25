// SPDX-License-Identifier: GPL-2.0-only
/*
 * Find the layout of this kernel's slab structs, which are private and change.
 * Create two caches with known parameters and search their structs for these;
 * accept an offset only if it is the single match in both.
 */
#include "slab-layout.h"

#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

/* Enough objects to fill more than half of a slab. */
#define NR_OBJECTS 128

/* Only the per-node part of a struct kmem_cache is beyond this. */
#define MAX_CACHE_BYTES 512

#define NR_SAMPLES 2

/*
 * Caches with SLAB_TYPESAFE_BY_RCU are never merged with others. Sizes are odd,
 * so that no rounded size equals them. The kobject in a cache has the same
 * name, with an exclamation mark in place of a slash, which distinguishes the
 * two.
 * Source: SLAB_NEVER_MERGE in mm/slab_common.c, kobject_set_name_vargs()
 */
static const struct recipe {
	const char *name;
	unsigned int object_size;
	unsigned int align;
	slab_flags_t flags;
} recipes[NR_SAMPLES] = {
	{ "vmscope/probe-a", 205, 8,
	  SLAB_TYPESAFE_BY_RCU | SLAB_RECLAIM_ACCOUNT },
	{ "vmscope/probe-b", 333, 64,
	  SLAB_TYPESAFE_BY_RCU | SLAB_HWCACHE_ALIGN },
};

/* Flags that a cache has if and only if it was created with them. */
#define TELLING_FLAGS                                                       \
	(SLAB_TYPESAFE_BY_RCU | SLAB_RECLAIM_ACCOUNT | SLAB_HWCACHE_ALIGN | \
	 SLAB_CACHE_DMA | SLAB_ACCOUNT)

/**
 * struct sample - a cache with known parameters
 * @recipe: its parameters
 * @cache: the cache
 * @object: objects of it
 * @nr: their number
 * @stride: bytes from one object to the next
 * @red_pad: bytes before each object
 * @copy: the cache's struct
 */
struct sample {
	const struct recipe *recipe;
	struct kmem_cache *cache;
	void *object[NR_OBJECTS];
	unsigned int nr;
	unsigned long stride;
	unsigned long red_pad;
	u8 copy[MAX_CACHE_BYTES];
};

static const unsigned long *head_of(const void *object)
{
	return (const unsigned long *)page_folio(virt_to_page(object));
}

/* Bytes from one object of a slab to a later one, if they are neighbours. */
static unsigned long gap(const void *from, const void *to)
{
	return to > from && head_of(from) == head_of(to) ? to - from :
							   ULONG_MAX;
}

static unsigned long offset_in_slab(const void *object)
{
	return object - page_to_virt((struct page *)head_of(object));
}

/* Objects of KFENCE have a page each, and no neighbours. */
static void measure(struct sample *sample)
{
	unsigned int i, j;

	sample->stride = ULONG_MAX;
	for (i = 0; i < sample->nr; i++) {
		for (j = 0; j < sample->nr; j++) {
			const void *object = sample->object[i];
			unsigned long bytes = gap(object, sample->object[j]);

			if (bytes >= sample->stride)
				continue;
			sample->stride = bytes;
			sample->red_pad = offset_in_slab(object) % bytes;
		}
	}
}

static bool make(struct sample *sample, const struct recipe *recipe)
{
	sample->recipe = recipe;
	sample->cache = kmem_cache_create(recipe->name, recipe->object_size,
					  recipe->align, recipe->flags, NULL);
	if (!sample->cache)
		return false;
	for (sample->nr = 0; sample->nr < NR_OBJECTS; sample->nr++) {
		void *object = kmem_cache_alloc(sample->cache, GFP_KERNEL);

		if (!object)
			return false;
		sample->object[sample->nr] = object;
	}
	measure(sample);
	return true;
}

static void unmake(struct sample *sample)
{
	while (sample->nr)
		kmem_cache_free(sample->cache, sample->object[--sample->nr]);
	kmem_cache_destroy(sample->cache);
}

typedef bool (*test_fn)(const struct sample *sample, unsigned int at);

/* The single offset where a test holds for all samples, or nowhere. */
static unsigned int find(const struct sample *samples, unsigned int bytes,
			 unsigned int step, test_fn test)
{
	unsigned int at, found = VMSCOPE_SLAB_NOWHERE;

	for (at = step; at + step <= bytes; at += step) {
		if (!test(&samples[0], at) || !test(&samples[1], at))
			continue;
		if (found != VMSCOPE_SLAB_NOWHERE)
			return VMSCOPE_SLAB_NOWHERE;
		found = at;
	}
	return found;
}

/*
 * A red zone is as long as the alignment, which the cache also holds: if two
 * offsets match, either is right; if more match, none is certain.
 * Source: calculate_sizes() in mm/slub.c
 */
static unsigned int find_red_pad(const struct sample *samples,
				 unsigned int bytes, test_fn test)
{
	unsigned int at, found = VMSCOPE_SLAB_NOWHERE, nr = 0;

	for (at = sizeof(u32); at + sizeof(u32) <= bytes; at += sizeof(u32)) {
		if (!test(&samples[0], at) || !test(&samples[1], at))
			continue;
		found = at;
		nr++;
	}
	return nr <= 2 ? found : VMSCOPE_SLAB_NOWHERE;
}

static bool page_word_is_cache(const void *object, unsigned int at,
			       const void *cache)
{
	return READ_ONCE(head_of(object)[at / sizeof(long)]) ==
	       (unsigned long)cache;
}

/* True for each slab, also of KFENCE. */
static bool is_page_cache(const struct sample *sample, unsigned int at)
{
	unsigned int i;

	for (i = 0; i < sample->nr; i++)
		if (!page_word_is_cache(sample->object[i], at, sample->cache))
			return false;
	return true;
}

static u32 number_at(const struct sample *sample, unsigned int at)
{
	return *(const u32 *)(sample->copy + at);
}

static bool is_name(const struct sample *sample, unsigned int at)
{
	const char *name = *(const char *const *)(sample->copy + at);
	size_t bytes = strlen(sample->recipe->name) + 1;
	char text[32];

	return !copy_from_kernel_nofault(text, name, bytes) &&
	       !memcmp(text, sample->recipe->name, bytes);
}

static bool is_object_size(const struct sample *sample, unsigned int at)
{
	return number_at(sample, at) == sample->recipe->object_size;
}

static bool is_stride(const struct sample *sample, unsigned int at)
{
	return number_at(sample, at) == sample->stride;
}

static bool is_flags(const struct sample *sample, unsigned int at)
{
	return (number_at(sample, at) & (__force u32)TELLING_FLAGS) ==
	       (__force u32)sample->recipe->flags;
}

static bool is_red_pad(const struct sample *sample, unsigned int at)
{
	return sample->red_pad && number_at(sample, at) == sample->red_pad;
}

/*
 * All struct kmem_cache, that one included, are objects of one cache. It gives
 * their size, so that nothing beyond them is read.
 */
static const struct kmem_cache *find_caches(const struct sample *samples,
					    unsigned int page_cache)
{
	const unsigned int at = page_cache / sizeof(long);
	struct kmem_cache *caches =
		(struct kmem_cache *)head_of(samples[0].cache)[at];

	if (!virt_addr_valid(caches) ||
	    !page_word_is_cache(samples[1].cache, page_cache, caches) ||
	    !page_word_is_cache(caches, page_cache, caches))
		return NULL;
	return caches;
}

static void find_fields(struct sample *samples,
			struct vmscope_slab_layout *layout)
{
	unsigned int bytes, i;

	bytes = kmem_cache_size((struct kmem_cache *)layout->caches);
	bytes = min_t(unsigned int, bytes, MAX_CACHE_BYTES);
	for (i = 0; i < NR_SAMPLES; i++)
		if (copy_from_kernel_nofault(samples[i].copy, samples[i].cache,
					     bytes))
			return;
	layout->name = find(samples, bytes, sizeof(long), is_name);
	layout->object_size = find(samples, bytes, sizeof(u32), is_object_size);
	layout->stride = find(samples, bytes, sizeof(u32), is_stride);
	layout->flags = find(samples, bytes, sizeof(u32), is_flags);
	layout->red_pad = find_red_pad(samples, bytes, is_red_pad);
}

static bool make_all(struct sample *samples)
{
	unsigned int i;

	for (i = 0; i < NR_SAMPLES; i++)
		if (!make(&samples[i], &recipes[i]))
			return false;
	return true;
}

/**
 * vmscope_slab_calibrate - find the layout of the slab allocator's structs
 * @layout: filled in; offsets without a single match are
 *	VMSCOPE_SLAB_NOWHERE
 *
 * Context: Process context, may sleep.
 */
void vmscope_slab_calibrate(struct vmscope_slab_layout *layout)
{
	struct sample *samples =
		kcalloc(NR_SAMPLES, sizeof(*samples), GFP_KERNEL);
	unsigned int i;

	*layout = (struct vmscope_slab_layout){};
	if (!samples)
		return;
	if (make_all(samples))
		layout->page_cache = find(samples, sizeof(struct page),
					  sizeof(long), is_page_cache);
	if (layout->page_cache)
		layout->caches = find_caches(samples, layout->page_cache);
	if (layout->caches)
		find_fields(samples, layout);
	for (i = 0; i < NR_SAMPLES; i++)
		if (samples[i].cache)
			unmake(&samples[i]);
	kfree(samples);
}
