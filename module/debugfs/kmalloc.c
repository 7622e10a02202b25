// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel/kmalloc: what the frames of memory are used for, as text.
 *
 * "-" is what is not known, or makes no sense.
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>

#include "../../include/uapi/vmscope.h"
#include "../names.h"
#include "../slabs.h"
#include "../target.h"
#include "kernel.h"

#define HEADER "kind known object_size slabs pages size small_slabs name\n"

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
		seq_escape(m, name, " \t\n\\");
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

/* kmalloc's caches are the first; their total stands behind them. */
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

static int show_kmalloc(struct seq_file *m, void *v)
{
	struct vmscope_slab_sums *sums;
	struct vmscope_slabs all = {};

	sums = vmscope_slabs_sum();
	if (IS_ERR(sums))
		return PTR_ERR(sums);
	vmscope_slabs_result(sums, &all);
	seq_puts(m, "# " HEADER);
	show_caches(m, sums);
	show_kinds(m, &all);
	vmscope_slabs_free(sums);
	return 0;
}

/* A descriptor can be handed on, and text may be left from another read. */
static ssize_t kmalloc_read(struct file *file, char __user *to, size_t bytes,
			    loff_t *pos)
{
	struct vmscope_policy policy;

	vmscope_policy_get(&policy);
	if (!vmscope_target_may_open() || !policy.kaddr)
		return -EPERM;
	return seq_read(file, to, bytes, pos);
}

static int kmalloc_open(struct inode *inode, struct file *file)
{
	if (!vmscope_target_may_open())
		return -EACCES;
	/* Room for most machines: with less, all frames are looked at again. */
	return single_open_size(file, show_kmalloc, NULL, SZ_16K);
}

static const struct file_operations kmalloc_fops = {
	.owner = THIS_MODULE,
	.open = kmalloc_open,
	.read = kmalloc_read,
	.llseek = seq_lseek,
	.release = single_release,
};

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
