/* SPDX-License-Identifier: GPL-2.0-only */
/* Included at the end of slab.c. */

#include <linux/printk.h>

#include "selftest.h"

#define TEST_OBJECTS 64

static const size_t slab_rows[] __initconst = { 8,   20,   64,	 96,  192,
						700, 1024, 4096, 8192 };

/* -EOPNOTSUPP for an object of KFENCE; others are known if the layout is. */
static int __init ask(const void *at, struct vmscope_slab_cache *cache,
		      u64 *object, u64 *index)
{
	struct vmscope_block block;

	vmscope_block_of(PHYS_PFN(virt_to_phys((void *)at)), &block);
	return vmscope_slab_object((unsigned long)at, &block, cache, object,
				   index);
}

static u32 __init pad_of(const struct vmscope_slab_cache *cache)
{
	u32 pad;

	return red_pad(cache->addr, &pad) ? pad : 0;
}

static bool __init finds_object(const char *at, size_t offset, size_t bytes)
{
	struct vmscope_slab_cache cache;
	u64 object = 0, index = 0;
	int ret = ask(at + offset, &cache, &object, &index);
	u64 start = (unsigned long)page_to_virt(virt_to_head_page(at));

	if (is_kfence_address(at))
		return ret == -EOPNOTSUPP && !cache.addr;
	return !ret && object == (unsigned long)at &&
	       cache.object_size >= bytes &&
	       cache.known & VMSCOPE_KNOWN_POINTER &&
	       object == start + index * cache.stride + pad_of(&cache);
}

static bool __init test_size(size_t bytes)
{
	void *object[TEST_OBJECTS];
	bool pass = true;
	int i;

	for (i = 0; i < TEST_OBJECTS; i++) {
		object[i] = kmalloc(bytes, GFP_KERNEL);
		if (!object[i])
			break;
		pass &= finds_object(object[i], 0, bytes) &&
			finds_object(object[i], bytes - 1, bytes);
	}
	while (i--)
		kfree(object[i]);
	return pass;
}

/* A page that is not a slab has no object. */
static bool __init test_others(void)
{
	unsigned long page = __get_free_page(GFP_KERNEL);
	struct vmscope_slab_cache cache = {};
	u64 object, index;
	int ret = page ? ask((void *)page, &cache, &object, &index) : -EAGAIN;

	free_page(page);
	return ret == -EAGAIN && !cache.addr;
}

bool __init vmscope_slab_selftest(void)
{
	bool pass = test_others();
	size_t i;

	/* Without a layout there is nothing to test. */
	for (i = 0; layout.flags && i < ARRAY_SIZE(slab_rows); i++) {
		if (test_size(slab_rows[i]))
			continue;
		pr_err("vmscope: selftest slab: objects of %zu bytes\n",
		       slab_rows[i]);
		pass = false;
	}
	pr_info("vmscope: selftest slab: %s, %zu rows\n",
		pass ? "pass" : "FAIL", layout.flags ? i : 0);
	return pass;
}
