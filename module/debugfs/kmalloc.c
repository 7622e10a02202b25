// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel/kmalloc: what the frames of memory are used for, as text.
 *
 * "-" means unknown or not applicable.
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "../../include/uapi/vmscope.h"
#include "../names.h"
#include "../kernel/frame-count.h"
#include "columns.h"
#include "kernel.h"
#include "view.h"

static const char *known_name(u64 known)
{
	if (known & VMSCOPE_KNOWN_POINTER)
		return "pointer";
	return known & VMSCOPE_KNOWN_LAYOUT ? "layout" : "type";
}

static void show_cache(struct seq_file *m,
		       const struct vmscope_slab_cache *cache)
{
	const char *name = (const char *)cache->name;

	seq_printf(m, "%s %s",
		   cache->known & VMSCOPE_KNOWN_POINTER ? "kmalloc" : "cache",
		   known_name(cache->known));
	if (cache->object_size)
		seq_printf(m, " %llu", cache->object_size);
	else
		seq_puts(m, " -");
	seq_printf(m, " %llu %llu %llu %llu ", cache->slabs, cache->pages,
		   cache->pages * PAGE_SIZE, cache->small_slabs);
	if (*name)
		vmscope_print_text(m, name, strlen(name), " ");
	else
		seq_putc(m, '-');
	seq_putc(m, '\n');
}

static void show_total(struct seq_file *m,
		       const struct vmscope_slab_cache *total)
{
	seq_printf(m, "total pointer - %llu %llu %llu %llu kmalloc\n",
		   total->slabs, total->pages, total->pages * PAGE_SIZE,
		   total->small_slabs);
}

static bool add(struct vmscope_slab_cache *total,
		const struct vmscope_slab_cache *cache)
{
	if (!(cache->known & VMSCOPE_KNOWN_POINTER))
		return false;
	total->slabs += cache->slabs;
	total->pages += cache->pages;
	total->small_slabs += cache->small_slabs;
	return true;
}

/* kmalloc's caches come first, followed by their total. */
static void show_caches(struct seq_file *m,
			const struct vmscope_slab_sums *sums)
{
	struct vmscope_slab_cache cache, total = {};
	bool behind = false;
	unsigned int i;

	for (i = 0; vmscope_slabs_cache(sums, i, &cache); i++) {
		if (!add(&total, &cache) && !behind && total.slabs) {
			behind = true;
			show_total(m, &total);
		}
		show_cache(m, &cache);
	}
	if (!behind && total.slabs)
		show_total(m, &total);
}

static void show_pages(struct seq_file *m, const char *kind, u64 pages,
		       const char *name)
{
	if (pages)
		seq_printf(m, "%s type - - %llu %llu - %s\n", kind, pages,
			   pages * PAGE_SIZE, name);
}

static void show_kinds(struct seq_file *m, const struct vmscope_slabs *all)
{
	unsigned int kind;

	show_pages(m, "cache", all->unnamed, "-");
	for (kind = 0; kind < VMSCOPE_NR_FRAME_KINDS; kind++)
		if (kind != VMSCOPE_FRAME_SLAB && kind != VMSCOPE_FRAME_HOLE)
			show_pages(m, "frames", all->kinds[kind],
				   vmscope_frame_names[kind]);
}

static int show_kmalloc(struct seq_file *m, struct vmscope_view *view)
{
	struct vmscope_slab_sums *sums;
	struct vmscope_slabs all = {};

	sums = vmscope_slabs_sum();
	if (IS_ERR(sums))
		return PTR_ERR(sums);
	vmscope_slabs_result(sums, &all);
	show_caches(m, sums);
	show_kinds(m, &all);
	vmscope_slabs_free(sums);
	return 0;
}

static const struct vmscope_view_kind kmalloc_kind = {
	.header = "kind known object_size slabs pages size small_slabs name",
	/* Enough for most machines; if not, all frames are read again. */
	.room = SZ_16K,
	.show_all = show_kmalloc,
};

VMSCOPE_VIEW_FOPS(kmalloc, vmscope_kernel_pin);

/**
 * vmscope_kmalloc_file - make the file
 * @dir: directory of the kernel's own half
 *
 * Context: Process context, may sleep.
 */
void vmscope_kmalloc_file(struct dentry *dir)
{
	debugfs_create_file("kmalloc", 0400, dir, NULL, &kmalloc_fops);
}
