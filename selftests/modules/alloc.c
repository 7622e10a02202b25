// SPDX-License-Identifier: GPL-2.0-only
/*
 * What lies in the direct map: kmalloc, an own slab cache, whole pages.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/set_memory.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "plant.h"

#define OBJECT_BYTES 200
#define LARGE_OBJECT_BYTES 1800

static int make_kmalloc(struct plant *plant)
{
	void *addr = kmalloc(plant->arg, plant->gfp);

	if (!addr)
		return -ENOMEM;
	plant_linear(plant, addr, plant->arg);
	return 0;
}

static void drop_kmalloc(struct plant *plant)
{
	kfree(plant->addr);
}

const struct plant_kind plant_kmalloc = {
	.name = "kmalloc",
	.make = make_kmalloc,
	.drop = drop_kmalloc,
};

/**
 * struct own_cache - a slab cache that is there as long as objects of it are
 * @name: as /proc/slabinfo has it
 * @bytes: of an object
 * @cache: NULL while there is none
 * @users: objects of it
 */
struct own_cache {
	const char *name;
	unsigned int bytes;
	struct kmem_cache *cache;
	unsigned long users;
};

static struct own_cache small = { "vmscope_plant", OBJECT_BYTES };
static struct own_cache large = { "vmscope_plant_large", LARGE_OBJECT_BYTES };

/* A cache with a constructor is never merged with another. */
static void construct(void *object)
{
	memset(object, 0x5a, 8);
}

static int make_object(struct plant *plant, struct own_cache *own)
{
	struct page *head;
	void *addr;

	if (!own->users) {
		own->cache = kmem_cache_create(own->name, own->bytes, 0, 0,
					       construct);
		if (!own->cache)
			return -ENOMEM;
	}
	addr = kmem_cache_alloc(own->cache, GFP_KERNEL);
	if (!addr) {
		if (!own->users)
			kmem_cache_destroy(own->cache);
		return -ENOMEM;
	}
	own->users++;
	plant_linear(plant, addr, own->bytes);
	head = virt_to_head_page(addr);
	scnprintf(plant->detail, sizeof(plant->detail),
		  "cache=%s slab=%#lx pages=%lu", own->name, page_to_pfn(head),
		  1UL << compound_order(head));
	return 0;
}

static void drop_object(struct plant *plant, struct own_cache *own)
{
	kmem_cache_free(own->cache, plant->addr);
	own->users--;
	if (!own->users)
		kmem_cache_destroy(own->cache);
}

static int make_small(struct plant *plant)
{
	return make_object(plant, &small);
}

static void drop_small(struct plant *plant)
{
	drop_object(plant, &small);
}

const struct plant_kind plant_object = {
	.name = "object",
	.make = make_small,
	.drop = drop_small,
};

static int make_large(struct plant *plant)
{
	return make_object(plant, &large);
}

static void drop_large(struct plant *plant)
{
	drop_object(plant, &large);
}

const struct plant_kind plant_large_object = {
	.name = "object",
	.make = make_large,
	.drop = drop_large,
};

/* Not compound: each page stands for itself, as most users of it want. */
static int make_pages(struct plant *plant)
{
	unsigned long addr =
		__get_free_pages(GFP_KERNEL | plant->gfp, plant->arg);

	if (!addr)
		return -ENOMEM;
	plant_linear(plant, (void *)addr, PAGE_SIZE << plant->arg);
	scnprintf(plant->detail, sizeof(plant->detail), "order=%zu",
		  plant->arg);
	return 0;
}

static void drop_pages(struct plant *plant)
{
	free_pages((unsigned long)plant->addr, plant->arg);
}

const struct plant_kind plant_pages = {
	.name = "pages",
	.make = make_pages,
	.drop = drop_pages,
};

/* The address of what describes a page: struct page, in vmemmap. */
static int make_struct_page(struct plant *plant)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	plant->keep = page;
	plant_here(plant, page, sizeof(*page));
	scnprintf(plant->detail, sizeof(plant->detail), "describes=%#lx",
		  page_to_pfn(page));
	return 0;
}

static void drop_struct_page(struct plant *plant)
{
	__free_page(plant->keep);
}

const struct plant_kind plant_struct_page = {
	.name = "struct-page",
	.make = make_struct_page,
	.drop = drop_struct_page,
};

#ifdef CONFIG_X86
/* A page that the direct map has as uncached: large pages there are split. */
static int make_uncached(struct plant *plant)
{
	int ret = make_pages(plant);

	if (ret)
		return ret;
	ret = set_memory_uc((unsigned long)plant->addr, 1 << plant->arg);
	if (ret)
		drop_pages(plant);
	else
		plant_linear(plant, plant->addr, plant->bytes);
	return ret;
}

static void drop_uncached(struct plant *plant)
{
	/* It is lost rather than handed on as it is. */
	if (!set_memory_wb((unsigned long)plant->addr, 1 << plant->arg))
		drop_pages(plant);
}

/* A large page of the direct map where writes are combined; it stays large. */
static int make_write_combined(struct plant *plant)
{
	int ret = make_pages(plant);

	if (ret)
		return ret;
	ret = set_memory_wc((unsigned long)plant->addr, 1 << plant->arg);
	if (ret)
		drop_pages(plant);
	else
		plant_linear(plant, plant->addr, plant->bytes);
	return ret;
}
#else
static int make_uncached(struct plant *plant)
{
	return -EOPNOTSUPP;
}

#define make_write_combined make_uncached
#define drop_uncached NULL
#endif /* CONFIG_X86 */

const struct plant_kind plant_uncached = {
	.name = "uncached",
	.make = make_uncached,
	.drop = drop_uncached,
};

const struct plant_kind plant_write_combined = {
	.name = "uncached",
	.make = make_write_combined,
	.drop = drop_uncached,
};
