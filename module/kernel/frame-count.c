// SPDX-License-Identifier: GPL-2.0-only
/*
 * The use of all frames of memory, summed up by kind and by slab cache.
 *
 * No lock is held, so the sums are not of a single moment. The table has a
 * fixed size, so all caches that do not fit share one sum.
 */
#include "frame-count.h"

#include <linux/err.h>
#include <linux/hash.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "../../include/uapi/vmscope.h"
#include "../online.h"
#include "block.h"
#include "slab.h"

#define MAX_CACHES 512
#define POOL_BYTES (16 * 1024)
#define LONE_SLABS 32

/**
 * struct sum - the sums of one cache
 * @addr: the cache; 0 for pages whose cache is not known
 * @pages: base pages
 * @slabs: slabs
 * @small_slabs: those with fewer pages than the largest
 * @object_size: as in struct vmscope_slab_cache
 * @stride: as in struct vmscope_slab_cache
 * @name: offset of its name in the pool
 * @order: of the largest slab
 * @known: enum vmscope_known; 0 if the entry is free
 */
struct sum {
	unsigned long addr;
	u64 pages;
	u32 slabs;
	u32 small_slabs;
	u32 object_size;
	u32 stride;
	u16 name;
	u8 order;
	u8 known;
};

/**
 * struct vmscope_slab_sums - the sums of all
 * @kinds: base pages by enum vmscope_frame_kind
 * @frames: frames examined
 * @raced: frames that kept changing
 * @unnamed: slab pages whose cache did not fit
 * @nr: caches that fit
 * @pool_used: bytes of @pool
 * @sums: a hash table by cache while counting, then sorted
 * @lone: caches of slabs of one page, while counting
 * @pool: names, zero-terminated; the first is empty
 */
struct vmscope_slab_sums {
	u64 kinds[VMSCOPE_MAX_FRAME_KINDS];
	u64 frames;
	u64 raced;
	u64 unnamed;
	unsigned int nr;
	unsigned int pool_used;
	struct sum sums[MAX_CACHES];
	unsigned long lone[LONE_SLABS];
	char pool[POOL_BYTES];
};

static_assert(sizeof(struct vmscope_slab_sums) <= 48 * 1024);
static_assert(POOL_BYTES <= U16_MAX);

/* The entry of a cache, or the free one that it would get, or NULL. */
static struct sum *find_place(struct vmscope_slab_sums *sums,
			      unsigned long addr)
{
	unsigned int at = hash_long(addr, ilog2(MAX_CACHES));
	unsigned int tries;

	for (tries = 0; tries < MAX_CACHES; tries++) {
		struct sum *sum = &sums->sums[at];

		if (!sum->known || sum->addr == addr)
			return sum;
		at = (at + 1) % MAX_CACHES;
	}
	return NULL;
}

/* Without room, the name counts as unknown. */
static u16 keep_name(struct vmscope_slab_sums *sums, const char *name)
{
	size_t bytes = strlen(name) + 1;
	u16 at = sums->pool_used;

	if (bytes == 1 || bytes > POOL_BYTES - at)
		return 0;
	memcpy(sums->pool + at, name, bytes);
	sums->pool_used += bytes;
	return at;
}

static void take_place(struct vmscope_slab_sums *sums, struct sum *sum,
		       const struct vmscope_slab_cache *cache)
{
	sum->addr = cache->addr;
	sum->known = cache->known;
	sum->object_size = cache->object_size;
	sum->stride = cache->stride;
	sum->name = keep_name(sums, (const char *)cache->name);
	sums->nr++;
}

/* Separate from place_of(), because many kernels clear stack variables. */
static noinline struct sum *make_place(struct vmscope_slab_sums *sums,
				       const struct vmscope_block *block,
				       struct sum *sum, unsigned long addr)
{
	struct vmscope_slab_cache cache = { .addr = addr };

	if (!vmscope_slab_describe(block, &cache)) {
		sums->raced += BIT(block->order);
		sum = find_place(sums, 0);
	}
	if (sum && !sum->known)
		take_place(sums, sum, &cache);
	return sum;
}

static struct sum *place_of(struct vmscope_slab_sums *sums,
			    const struct vmscope_block *block)
{
	unsigned long addr = vmscope_slab_cache_at(block);
	struct sum *sum = find_place(sums, addr);

	return !sum || sum->known ? sum : make_place(sums, block, sum, addr);
}

static void add_slab(struct vmscope_slab_sums *sums,
		     const struct vmscope_block *block, unsigned long pages)
{
	struct sum *sum = place_of(sums, block);

	if (!sum) {
		sums->unnamed += pages;
		return;
	}
	if (block->order > sum->order) {
		sum->small_slabs = sum->slabs;
		sum->order = block->order;
	} else if (block->order < sum->order) {
		sum->small_slabs++;
	}
	sum->slabs++;
	sum->pages += pages;
}

/*
 * False if its cache has no entry yet. @last is the entry of the last cache:
 * neighbours often have the same one.
 */
static bool add_lone_slab(struct vmscope_slab_sums *sums, unsigned long cache,
			  struct sum **last)
{
	struct sum *sum = *last;

	if (!sum || sum->addr != cache) {
		sum = find_place(sums, cache);
		if (!sum || !sum->known)
			return false;
		*last = sum;
	}
	sum->slabs++;
	sum->pages++;
	sum->small_slabs += sum->order > 0;
	return true;
}

/*
 * A short path for slabs of one page, which may fill memory, of caches that
 * have an entry. Return: the first frame that it did not count
 */
static unsigned long add_lone_slabs(struct vmscope_slab_sums *sums,
				    unsigned long pfn, unsigned long end)
{
	struct sum *last = NULL;
	unsigned int i, nr;

	do {
		nr = min_t(unsigned long, end - pfn, LONE_SLABS);
		nr = vmscope_slab_lone_caches(pfn, nr, sums->lone);
		for (i = 0; i < nr; i++)
			if (!add_lone_slab(sums, sums->lone[i], &last))
				break;
		sums->kinds[VMSCOPE_FRAME_SLAB] += i;
		pfn += i;
	} while (i == LONE_SLABS && pfn < end);
	return pfn;
}

/* The part of the block from @pfn on that is in the range. */
static unsigned long pages_left(const struct vmscope_block *block,
				unsigned long pfn, unsigned long end)
{
	return min(block->head + BIT(block->order), end) - pfn;
}

static unsigned long add_block(struct vmscope_slab_sums *sums,
			       unsigned long pfn, unsigned long end)
{
	struct vmscope_block block;
	unsigned long pages;

	vmscope_block_at(pfn, &block);
	pages = pages_left(&block, pfn, end);
	sums->kinds[block.kind] += pages;
	if (block.kind == VMSCOPE_FRAME_SLAB)
		add_slab(sums, &block, pages);
	else if (block.kind == VMSCOPE_FRAME_UNKNOWN)
		sums->raced += pages;
	return pfn + pages;
}

/*
 * A block that extends beyond the chunk is counted as a whole: all of it is
 * online.
 */
static unsigned long add_chunk(struct vmscope_slab_sums *sums,
			       unsigned long pfn, unsigned long end)
{
	unsigned long chunk_end =
		min(ALIGN(pfn + 1, VMSCOPE_CHUNK_FRAMES), end);

	rcu_read_lock();
	if (pfn_to_online_page(pfn)) {
		while (pfn < chunk_end) {
			pfn = vmscope_count_plain(pfn, chunk_end, sums->kinds);
			if (pfn < chunk_end)
				pfn = add_lone_slabs(sums, pfn, chunk_end);
			if (pfn < chunk_end)
				pfn = add_block(sums, pfn, end);
		}
	} else {
		chunk_end = min(vmscope_hole_end(pfn), end);
		sums->kinds[VMSCOPE_FRAME_HOLE] += chunk_end - pfn;
		pfn = chunk_end;
	}
	rcu_read_unlock();
	return pfn;
}

/* kmalloc's first, then those with a name, each sorted by memory. */
static int rank(const struct sum *sum)
{
	if (sum->known & VMSCOPE_KNOWN_POINTER)
		return 0;
	return sum->addr ? 1 : 2;
}

static int compare(const void *left, const void *right)
{
	const struct sum *a = left, *b = right;

	if (!a->known || !b->known)
		return !a->known - !b->known;
	if (rank(a) != rank(b))
		return rank(a) - rank(b);
	if (a->pages != b->pages)
		return a->pages < b->pages ? 1 : -1;
	return 0;
}

static int add_all(struct vmscope_slab_sums *sums)
{
	unsigned long end = vmscope_last_frame(), pfn = 0;

	while (pfn < end) {
		if (fatal_signal_pending(current))
			return -EINTR;
		pfn = add_chunk(sums, pfn, end);
		cond_resched();
	}
	sums->frames = end;
	sort(sums->sums, MAX_CACHES, sizeof(sums->sums[0]), compare, NULL);
	return 0;
}

/**
 * vmscope_slabs_sum - sum up all frames
 *
 * Context: Process context, may sleep.
 * Return: the sums, to free with vmscope_slabs_free(); -ENOMEM, or -EINTR
 * after a fatal signal
 */
struct vmscope_slab_sums *vmscope_slabs_sum(void)
{
	struct vmscope_slab_sums *sums;
	int ret;

	/* Page by page: one block would be rounded up by half. */
	sums = __vmalloc(sizeof(*sums),
			 GFP_KERNEL_ACCOUNT | __GFP_ZERO | __GFP_NOWARN);
	if (!sums)
		return ERR_PTR(-ENOMEM);
	sums->pool_used = 1;
	ret = add_all(sums);
	if (!ret)
		return sums;
	vmscope_slabs_free(sums);
	return ERR_PTR(ret);
}

/**
 * vmscope_slabs_free - free the sums
 * @sums: as vmscope_slabs_sum() returned them
 *
 * Context: Process context, may sleep.
 */
void vmscope_slabs_free(struct vmscope_slab_sums *sums)
{
	vfree(sums);
}

/**
 * vmscope_slabs_result - report the sums
 * @sums: as vmscope_slabs_sum() returned them
 * @slabs: the out fields are filled in
 *
 * Context: Any context.
 */
void vmscope_slabs_result(const struct vmscope_slab_sums *sums,
			  struct vmscope_slabs *slabs)
{
	slabs->nr_caches = sums->nr;
	slabs->frames = sums->frames;
	memcpy(slabs->kinds, sums->kinds, sizeof(slabs->kinds));
	slabs->unnamed = sums->unnamed;
	slabs->raced = sums->raced;
}

/**
 * vmscope_slabs_cache - report one cache
 * @sums: as vmscope_slabs_sum() returned them
 * @nr: its number; kmalloc's come first
 * @cache: filled in
 *
 * Context: Any context.
 * Return: false if there are no more
 */
bool vmscope_slabs_cache(const struct vmscope_slab_sums *sums, unsigned int nr,
			 struct vmscope_slab_cache *cache)
{
	const struct sum *sum;

	if (nr >= sums->nr)
		return false;
	sum = &sums->sums[nr];
	*cache = (struct vmscope_slab_cache){
		.addr = sum->addr,
		.object_size = sum->object_size,
		.stride = sum->stride,
		.slabs = sum->slabs,
		.pages = sum->pages,
		.small_slabs = sum->small_slabs,
		.known = sum->known,
	};
	strscpy((char *)cache->name, sums->pool + sum->name,
		sizeof(cache->name));
	return true;
}
