// SPDX-License-Identifier: GPL-2.0-only
/* Objects in the direct map: kmalloc, a slab cache of our own, whole pages. */
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

PLANT_KIND(kmalloc, "kmalloc", make_kmalloc, drop_kmalloc);

/* A slab cache that exists as long as it has objects. */
struct own_cache {
	const char *name; /* its name in /proc/slabinfo */
	unsigned int bytes; /* of an object */
	struct kmem_cache *cache; /* NULL if it does not exist */
	unsigned long users; /* its objects */
};

static struct own_cache small = { "vmscope_plant", OBJECT_BYTES };
static struct own_cache large = { "vmscope_plant_large", LARGE_OBJECT_BYTES };

static struct own_cache *cache_of(const struct plant *plant)
{
	return plant->kind == &plant_large_object ? &large : &small;
}

/* A cache with a constructor is never merged with another. */
static void construct(void *object)
{
	memset(object, 0x5a, 8);
}

static int make_object(struct plant *plant)
{
	struct own_cache *own = cache_of(plant);
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

static void drop_object(struct plant *plant)
{
	struct own_cache *own = cache_of(plant);

	kmem_cache_free(own->cache, plant->addr);
	own->users--;
	if (!own->users)
		kmem_cache_destroy(own->cache);
}

PLANT_KIND(object, "object", make_object, drop_object);
PLANT_KIND(large_object, "object", make_object, drop_object);

/* Not compound: independent pages, which most users want. */
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

PLANT_KIND(pages, "pages", make_pages, drop_pages);

/* The address of a page's struct page, in vmemmap. */
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

PLANT_KIND(struct_page, "struct-page", make_struct_page, drop_struct_page);

#ifdef CONFIG_X86
/* A page that is uncached in the direct map: large pages there are split. */
static int make_of_type(struct plant *plant, int (*set)(unsigned long, int))
{
	int ret = make_pages(plant);

	if (ret)
		return ret;
	ret = set((unsigned long)plant->addr, 1 << plant->arg);
	if (ret)
		drop_pages(plant);
	else
		plant_linear(plant, plant->addr, plant->bytes);
	return ret;
}

static int make_uncached(struct plant *plant)
{
	return make_of_type(plant, set_memory_uc);
}

/* A large page of the direct map with write combining; it stays large. */
static int make_write_combined(struct plant *plant)
{
	return make_of_type(plant, set_memory_wc);
}

static void drop_uncached(struct plant *plant)
{
	/* Leak it rather than free it in this state. */
	if (!set_memory_wb((unsigned long)plant->addr, 1 << plant->arg))
		drop_pages(plant);
}
#else
#define make_uncached plant_unsupported
#define make_write_combined plant_unsupported
#define drop_uncached NULL
#endif /* CONFIG_X86 */

PLANT_KIND(uncached, "uncached", make_uncached, drop_uncached);

PLANT_KIND(write_combined, "uncached", make_write_combined, drop_uncached);
