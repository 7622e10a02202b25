// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slab page -> its cache, and the name of the cache.
 *
 * A slab page or a cache may go away at any time. Caches are read with faults
 * caught, and the result is valid only if the page was a slab of that cache
 * before and after the read: then the cache existed in between.
 */
#include "slab.h"

#include <linux/ctype.h>
#include <linux/io.h>
#include <linux/kfence.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "../../include/uapi/vmscope.h"
#include "../compat/pagetype.h"
#include "block.h"
#include "slab-layout.h"

#define NAME_BYTES sizeof_field(struct vmscope_slab_cache, name)

static struct vmscope_slab_layout layout;

/**
 * vmscope_slab_init - find out how to name the cache of a slab page
 *
 * Without it, slab pages still differ from other pages.
 *
 * Context: Process context, may sleep.
 */
void vmscope_slab_init(void)
{
	vmscope_slab_calibrate(&layout);
}

/**
 * vmscope_slab_features - report which facts of slabs are available
 *
 * Context: Any context.
 * Return: bits of enum vmscope_feature
 */
u64 vmscope_slab_features(void)
{
	u64 features = 0;

	if (layout.caches)
		features |= VMSCOPE_FEAT_SLAB_CACHE;
	if (layout.name && layout.object_size)
		features |= VMSCOPE_FEAT_SLAB_NAME;
	if (COMPAT_MARKS_LARGE_KMALLOC)
		features |= VMSCOPE_FEAT_LARGE_KMALLOC;
	return features;
}

/**
 * vmscope_slab_facts - report which facts of slab pages are available
 *
 * Context: Any context.
 * Return: bits of enum vmscope_frame_fact
 */
u64 vmscope_slab_facts(void)
{
	return layout.caches && layout.flags ? VMSCOPE_FACT_CACHE : 0;
}

static unsigned long page_word(unsigned long pfn)
{
	return READ_ONCE(*(const unsigned long *)((char *)pfn_to_page(pfn) +
						  layout.page_cache));
}

/**
 * vmscope_slab_cache_at - read the cache of a slab page
 * @block: of kind VMSCOPE_FRAME_SLAB
 *
 * A page of KFENCE names the cache of its last object, which may be gone.
 *
 * Context: RCU read-side section in which @block was found.
 * Return: an address that vmscope_slab_describe() must check, 0 if not known
 */
unsigned long vmscope_slab_cache_at(const struct vmscope_block *block)
{
	if (!layout.caches ||
	    is_kfence_address(phys_to_virt(PFN_PHYS(block->head))))
		return 0;
	return page_word(block->head);
}

/**
 * vmscope_slab_lone_caches - the same for slabs of one page
 * @pfn: first frame
 * @nr: frames to examine, all in one subsection
 * @caches: has room for @nr
 *
 * Context: RCU read-side section in which pfn_to_online_page() found @pfn.
 * Return: number of slabs before the first page that is not one, or may belong
 * to KFENCE; 0 if caches are not known
 */
unsigned int vmscope_slab_lone_caches(unsigned long pfn, unsigned int nr,
				      unsigned long *caches)
{
	if (!layout.caches)
		return 0;
	nr = vmscope_lone_slab_words(pfn, nr, layout.page_cache, caches);
	if (nr && (is_kfence_address(phys_to_virt(PFN_PHYS(pfn))) ||
		   is_kfence_address(phys_to_virt(PFN_PHYS(pfn + nr - 1)))))
		return 0;
	return nr;
}

static bool is_slab_of(unsigned long pfn, unsigned long cache)
{
	struct vmscope_block block;

	if (!pfn_to_online_page(pfn))
		return false;
	vmscope_block_at(pfn, &block);
	return block.kind == VMSCOPE_FRAME_SLAB &&
	       page_word(block.head) == cache;
}

/* While a page becomes a slab, the field of its cache may hold other data. */
static bool is_cache(unsigned long addr)
{
	return IS_ALIGNED(addr, sizeof(long)) && virt_addr_valid(addr) &&
	       is_slab_of(PHYS_PFN(virt_to_phys((void *)addr)),
			  (unsigned long)layout.caches);
}

static u32 read_number(unsigned long cache, unsigned int at)
{
	u32 number;

	if (!at || copy_from_kernel_nofault(&number, (void *)(cache + at),
					    sizeof(number)))
		return 0;
	return number;
}

static bool read_text(char *text, const char *from)
{
	size_t i;

	for (i = 0; i < NAME_BYTES - 1; i++) {
		if (copy_from_kernel_nofault(&text[i], from + i, 1))
			return false;
		if (!text[i])
			return i;
		if (!isascii(text[i]) || !isprint(text[i]))
			return false;
	}
	text[i] = '\0';
	return true;
}

static void read_name(unsigned long addr, struct vmscope_slab_cache *cache)
{
	const char *name;

	if (!layout.name ||
	    copy_from_kernel_nofault(&name, (void *)(addr + layout.name),
				     sizeof(name)) ||
	    !read_text((char *)cache->name, name))
		memset(cache->name, 0, sizeof(cache->name));
}

static void read_cache(unsigned long addr, struct vmscope_slab_cache *cache)
{
	read_name(addr, cache);
	cache->object_size = read_number(addr, layout.object_size);
	cache->stride = read_number(addr, layout.stride);
	if (cache->name[0] || cache->object_size || cache->stride)
		cache->known |= VMSCOPE_KNOWN_LAYOUT;
	if (read_number(addr, layout.flags) & (__force u32)SLAB_RECLAIM_ACCOUNT)
		cache->known |= VMSCOPE_KNOWN_RECLAIM;
}

/* Source: kmalloc_info[] in mm/slab_common.c */
static u64 kmalloc_size(unsigned int index)
{
	switch (index) {
	case 1:
		return 96;
	case 2:
		return 192;
	default:
		return 1ULL << index;
	}
}

static void find_kmalloc(unsigned long addr, struct vmscope_slab_cache *cache)
{
	size_t type, index;

	for (type = 0; type < ARRAY_SIZE(kmalloc_caches); type++) {
		for (index = 0; index < ARRAY_SIZE(kmalloc_caches[0]);
		     index++) {
			if ((unsigned long)kmalloc_caches[type][index] != addr)
				continue;
			cache->known |= VMSCOPE_KNOWN_POINTER;
			cache->object_size = kmalloc_size(index);
			return;
		}
	}
}

/**
 * vmscope_slab_describe - describe the cache of a slab page
 * @block: of kind VMSCOPE_FRAME_SLAB
 * @cache: @cache->addr as vmscope_slab_cache_at() returned it; all but counts
 *	is filled in
 *
 * Context: RCU read-side section in which @block was found.
 * Return: false if the page did not stay a slab of that cache; then only @known
 * is set, to the type of the page
 */
bool vmscope_slab_describe(const struct vmscope_block *block,
			   struct vmscope_slab_cache *cache)
{
	unsigned long addr = cache->addr;

	*cache = (struct vmscope_slab_cache){
		.addr = addr,
		.known = VMSCOPE_KNOWN_TYPE,
	};
	if (!addr)
		return true;
	if (is_cache(addr)) {
		read_cache(addr, cache);
		find_kmalloc(addr, cache);
		if (is_slab_of(block->head, addr))
			return true;
	}
	*cache = (struct vmscope_slab_cache){ .known = VMSCOPE_KNOWN_TYPE };
	return false;
}

/*
 * Bytes between the start of an object's slot and the object: 0 unless there is
 * a red zone.
 */
static bool red_pad(unsigned long cache, u32 *pad)
{
	u32 flags = read_number(cache, layout.flags);

	*pad = 0;
	if (!layout.flags)
		return false;
	if (!(flags & (__force u32)SLAB_RED_ZONE))
		return true;
	*pad = read_number(cache, layout.red_pad);
	return *pad;
}

/*
 * Source: __fill_map() in mm/slub.c, nearest_obj() in mm/slab.h, of older
 * kernels in linux/slub_def.h
 */
static int find_object(unsigned long offset, unsigned long bytes,
		       const struct vmscope_slab_cache *cache, u32 pad,
		       u64 *object, u64 *index)
{
	u64 place, start;

	if (cache->stride < cache->object_size + pad)
		return -EOPNOTSUPP;
	place = offset / cache->stride;
	start = place * cache->stride + pad;
	if ((place + 1) * cache->stride > bytes || offset < start ||
	    offset >= start + cache->object_size)
		return -ENOENT;
	*object = start;
	*index = place;
	return 0;
}

/**
 * vmscope_slab_object - find the object of a slab that contains an address
 * @addr: an address in the direct map
 * @block: the block that its frame is in, as vmscope_block_of() found it
 * @cache: all but counts is filled in; zeroed if its cache is not known
 * @object: set to the address of the object
 * @index: set to the number of the object in its slab
 *
 * Whether the object is in use is not known.
 *
 * Context: Any context. Takes the RCU read lock.
 * Return:
 * * 0           - it is this object
 * * -ENOENT     - it is between objects, or after the last; @cache is
 *                 filled in
 * * -EAGAIN     - the page is no longer a slab of that cache
 * * -EOPNOTSUPP - the positions of objects are not known: KFENCE, a red
 *                 zone, or an unknown layout; @cache is filled in
 */
int vmscope_slab_object(unsigned long addr, const struct vmscope_block *block,
			struct vmscope_slab_cache *cache, u64 *object,
			u64 *index)
{
	unsigned long start =
		(unsigned long)phys_to_virt(PFN_PHYS(block->head));
	int ret = -EAGAIN;
	bool known;
	u32 pad;

	*cache = (struct vmscope_slab_cache){ .known = VMSCOPE_KNOWN_TYPE };
	if (block->kind != VMSCOPE_FRAME_SLAB ||
	    addr - start >= PAGE_SIZE << block->order)
		return ret;
	rcu_read_lock();
	if (!pfn_to_online_page(block->head))
		goto out;
	cache->addr = vmscope_slab_cache_at(block);
	if (!vmscope_slab_describe(block, cache))
		goto out;
	ret = -EOPNOTSUPP;
	if (!cache->addr || !cache->object_size || !cache->stride)
		goto out;
	known = red_pad(cache->addr, &pad);
	if (!is_slab_of(block->head, cache->addr))
		ret = -EAGAIN;
	else if (known)
		ret = find_object(addr - start, PAGE_SIZE << block->order,
				  cache, pad, object, index);
out:
	rcu_read_unlock();
	if (!ret)
		*object += start;
	if (ret == -EAGAIN)
		*cache = (struct vmscope_slab_cache){
			.known = VMSCOPE_KNOWN_TYPE
		};
	return ret;
}

#include "../selftest/slab.h"
