// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plants objects of known kind when it is loaded and lists them in debugfs,
 * with their real addresses, one per line:
 *
 *	vmscope_plant/objects	NAME KIND ADDRESS BYTES made|free KEY=VALUE...
 *	vmscope_plant/control	accepts these, one per write:
 *
 *	free NAME		frees an object; its line stays
 *	make NAME		makes it again
 *	new KIND ARG [NAME]	another object: kmalloc BYTES, vmalloc BYTES,
 *				pages ORDER and so on
 *	dump NAME		makes the kernel log what is there
 *
 * NAME may end in "*" for free and make. Keys: pfn, the frame of the first
 * byte; pieces, the number of physically contiguous ones; page, bytes mapped by
 * the entry that translates the address; and others for some kinds. An unknown
 * value has no key. Only for tests: addresses are shown to root.
 */
#include <linux/debugfs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pgtable.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "plant.h"

#define MAX_PLANTS 512
#define MAX_COMMAND 128
#define NR_OBJECTS 40
#define NR_LARGE 40
#define NR_SLOTS 6

static struct plant *plants;
static unsigned int nr_plants;
static DEFINE_MUTEX(plants_lock);
static struct dentry *dir;

/* Sizes with a kmalloc cache on any supported kernel. */
static const size_t kmalloc_sizes[] = {
	8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192,
};

static const struct plant_seed kmalloc_kinds[] = {
	{ "kernel", &plant_kmalloc, 0, GFP_KERNEL },
	{ "rcl", &plant_kmalloc, 0, GFP_KERNEL | __GFP_RECLAIMABLE },
	{ "cg", &plant_kmalloc, 0, GFP_KERNEL_ACCOUNT },
#ifdef CONFIG_ZONE_DMA
	{ "dma", &plant_kmalloc, 0, GFP_KERNEL | GFP_DMA },
#endif
};

static const struct plant_seed seeds[] = {
	{ "kmalloc-16k", &plant_kmalloc, 16 << 10, GFP_KERNEL },
	{ "kmalloc-odd", &plant_kmalloc, 20000, GFP_KERNEL },
	{ "kmalloc-1m", &plant_kmalloc, 1 << 20, GFP_KERNEL },
	{ "pages-0", &plant_pages, 0, 0 },
	{ "pages-3", &plant_pages, 3, 0 },
	{ "compound-2", &plant_pages, 2, __GFP_COMP },
	{ "struct-page", &plant_struct_page, 0, 0 },
	{ "uncached", &plant_uncached, 0, 0 },
	{ "write-combined", &plant_write_combined, PMD_SHIFT - PAGE_SHIFT, 0 },
	{ "vmalloc-1", &plant_vmalloc, 1, 0 },
	{ "vmalloc-4k", &plant_vmalloc, 4 << 10, 0 },
	{ "vmalloc-20k", &plant_vmalloc, 20 << 10, 0 },
	{ "vmalloc-1m", &plant_vmalloc, 1 << 20, 0 },
	{ "vmalloc-4m", &plant_vmalloc, 4 << 20, 0 },
	{ "huge-vmalloc", &plant_huge_vmalloc, 4 << 20, 0 },
	{ "vmap", &plant_vmap, 16, 0 },
	{ "vmap-pairs", &plant_vmap_pairs, 16, 0 },
	{ "ioremap", &plant_ioremap, 0, 0 },
	{ "wx", &plant_wx, PAGE_SIZE, 0 },
	{ "restricted", &plant_restricted, 0, 0 },
	{ "table", &plant_table, 0, 0 },
	{ "percpu-static", &plant_percpu, 0, 0 },
	{ "percpu-dynamic", &plant_percpu, 64, 0 },
	{ "stack", &plant_thread, 0, 0 },
	{ "text", &plant_symbol, 0, 0 },
	{ "data", &plant_symbol, 1, 0 },
	{ "bss", &plant_symbol, 2, 0 },
	{ "rodata", &plant_symbol, 3, 0 },
	{ "image-text", &plant_symbol, 4, 0 },
	{ "image-data", &plant_symbol, 5, 0 },
	{ "bpf", &plant_bpf, 0, 0 },
};

/**
 * plant_unsupported() - make nothing, if the kernel or processor lacks it
 * @plant: the object
 *
 * Return: -EOPNOTSUPP.
 */
int plant_unsupported(struct plant *plant)
{
	return -EOPNOTSUPP;
}

/**
 * plant_here() - fill in where an object is
 * @plant: the object
 * @addr: its first byte
 * @bytes: how many there are
 *
 * Context: process, under plants_lock.
 */
void plant_here(struct plant *plant, void *addr, size_t bytes)
{
#ifdef CONFIG_X86_64
	unsigned int level;

	if (lookup_address((unsigned long)addr, &level))
		plant->page_bytes = page_level_size(level);
#endif
	plant->addr = addr;
	plant->bytes = bytes;
}

/**
 * plant_linear() - fill in an object that is physically contiguous
 * @plant: the object
 * @addr: its first byte, in the direct map or the kernel's image
 * @bytes: how many there are
 *
 * Context: process, under plants_lock.
 */
void plant_linear(struct plant *plant, void *addr, size_t bytes)
{
	plant_here(plant, addr, bytes);
	plant->pfn = page_to_pfn(virt_to_page(addr));
	plant->pieces = 1;
}

/**
 * plant_paged() - fill in an object that is mapped page by page
 * @plant: the object
 * @addr: its first byte, as returned by vmalloc() and vmap()
 * @bytes: how many there are
 *
 * Context: process, under plants_lock.
 */
void plant_paged(struct plant *plant, void *addr, size_t bytes)
{
	unsigned long last = 0, pfn;
	size_t at;

	plant_here(plant, addr, bytes);
	plant->pfn = vmalloc_to_pfn(addr);
	plant->pieces = 0;
	for (at = 0; at < bytes; at += PAGE_SIZE) {
		pfn = vmalloc_to_pfn(addr + at);
		if (!at || pfn != last + 1)
			plant->pieces++;
		last = pfn;
	}
}

static int plant_make(struct plant *plant)
{
	int ret;

	plant->pfn = 0;
	plant->pieces = 0;
	plant->page_bytes = 0;
	plant->detail[0] = '\0';
	ret = plant->kind->make(plant);
	plant->made = !ret;
	return ret;
}

static void plant_drop(struct plant *plant)
{
	if (plant->made && plant->kind->drop)
		plant->kind->drop(plant);
	plant->made = false;
}

static struct plant *plant_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < nr_plants; i++)
		if (!strcmp(plants[i].name, name))
			return &plants[i];
	return NULL;
}

/* Objects that cannot be made here have no line. */
static int plant_add(const struct plant_seed *seed, const char *name)
{
	struct plant *plant = &plants[nr_plants];
	int ret;

	if (nr_plants == MAX_PLANTS)
		return -ENOSPC;
	if (plant_find(name))
		return -EEXIST;
	memset(plant, 0, sizeof(*plant));
	strscpy(plant->name, name, sizeof(plant->name));
	plant->kind = seed->kind;
	plant->arg = seed->arg;
	plant->gfp = seed->gfp;
	ret = plant_make(plant);
	if (!ret)
		nr_plants++;
	return ret;
}

/* The list */

static void show_plant(struct seq_file *m, const struct plant *plant)
{
	seq_printf(m, "%s %s %#lx %zu %s", plant->name, plant->kind->name,
		   (unsigned long)plant->addr, plant->bytes,
		   plant->made ? "made" : "free");
	if (plant->pfn)
		seq_printf(m, " pfn=%#lx", plant->pfn);
	if (plant->pieces)
		seq_printf(m, " pieces=%lu", plant->pieces);
	if (plant->page_bytes)
		seq_printf(m, " page=%lu", plant->page_bytes);
	if (plant->detail[0])
		seq_printf(m, " %s", plant->detail);
	seq_putc(m, '\n');
}

static int objects_show(struct seq_file *m, void *unused)
{
	unsigned int i;

	mutex_lock(&plants_lock);
	for (i = 0; i < nr_plants; i++)
		show_plant(m, &plants[i]);
	mutex_unlock(&plants_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(objects);

/* Commands */

static int free_one(struct plant *plant)
{
	plant_drop(plant);
	return 0;
}

static int make_one(struct plant *plant)
{
	return plant->made ? 0 : plant_make(plant);
}

static int dump_one(struct plant *plant)
{
	/* its address stays: the kernel may know nothing about freed memory */
	if (!plant->made)
		return -ENOENT;
	pr_info("vmscope_plant: %s:", plant->name);
	mem_dump_obj(plant->addr);
	return 0;
}

/* Commands for objects, by name. */
struct verb {
	const char *name; /* the word */
	/* does it to one object; 0 or a negative error */
	int (*obey)(struct plant *plant);
};

static const struct verb verbs[] = {
	{ "free", free_one },
	{ "make", make_one },
	{ "dump", dump_one },
};

/* A failure for one object does not stop the others. */
static int obey_each(const char *name, const struct verb *verb)
{
	size_t length = strcspn(name, "*");
	bool prefix = name[length];
	int ret = -ENOENT, err = 0;
	unsigned int i;

	for (i = 0; i < nr_plants; i++) {
		if (strncmp(plants[i].name, name, length))
			continue;
		if (!prefix && plants[i].name[length])
			continue;
		ret = verb->obey(&plants[i]);
		if (ret && !err)
			err = ret;
	}
	return err ? err : ret;
}

static const struct plant_kind *const new_kinds[] = {
	&plant_kmalloc, &plant_pages,	     &plant_uncached,
	&plant_vmalloc, &plant_huge_vmalloc, &plant_vmap,
	&plant_percpu,	&plant_object,	     &plant_thread,
};

static int new_plant(const char *kind, char *words)
{
	struct plant_seed seed = { .gfp = GFP_KERNEL };
	char *arg = strsep(&words, " ");
	char name[sizeof(plants->name)];
	unsigned int i;
	int ret;

	if (!kind || !arg)
		return -EINVAL;
	ret = kstrtoul(arg, 0, &seed.arg);
	if (ret)
		return ret;
	/* the page allocator would warn about it, or never find it */
	if (seed.arg > 64 << 20)
		return -E2BIG;
	for (i = 0; i < ARRAY_SIZE(new_kinds); i++)
		if (!strcmp(kind, new_kinds[i]->name))
			seed.kind = new_kinds[i];
	if (!seed.kind)
		return -EINVAL;
	seed.gfp |= __GFP_NOWARN;
	scnprintf(name, sizeof(name), "new-%u", nr_plants);
	return plant_add(&seed, words ? words : name);
}

static int obey(char *command)
{
	char *words = strim(command);
	char *verb = strsep(&words, " ");
	char *name = strsep(&words, " ");
	unsigned int i;

	if (!name)
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(verb, verbs[i].name))
			return obey_each(name, &verbs[i]);
	if (!strcmp(verb, "new"))
		return new_plant(name, words);
	return -EINVAL;
}

static ssize_t control_write(struct file *file, const char __user *buf,
			     size_t bytes, loff_t *pos)
{
	char *command;
	int ret;

	if (bytes > MAX_COMMAND)
		return -E2BIG;
	command = memdup_user_nul(buf, bytes);
	if (IS_ERR(command))
		return PTR_ERR(command);
	mutex_lock(&plants_lock);
	ret = obey(command);
	mutex_unlock(&plants_lock);
	kfree(command);
	return ret ? ret : bytes;
}

static const struct file_operations control_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = control_write,
	.llseek = noop_llseek,
};

/* Load and unload */

static void plant_kmallocs(void)
{
	char name[sizeof(plants->name)];
	struct plant_seed seed;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(kmalloc_kinds); i++) {
		for (j = 0; j < ARRAY_SIZE(kmalloc_sizes); j++) {
			seed = kmalloc_kinds[i];
			seed.arg = kmalloc_sizes[j];
			scnprintf(name, sizeof(name), "kmalloc-%s-%zu",
				  seed.name, seed.arg);
			plant_add(&seed, name);
		}
	}
}

static void plant_objects(const char *prefix, const struct plant_kind *kind,
			  unsigned int nr)
{
	const struct plant_seed seed = { .kind = kind };
	char name[sizeof(plants->name)];
	unsigned int i;

	for (i = 0; i < nr; i++) {
		scnprintf(name, sizeof(name), "%s-%u", prefix, i);
		plant_add(&seed, name);
	}
}

static void plant_slots(void)
{
	struct plant_seed seed = { .kind = &plant_slot };
	char name[sizeof(plants->name)];

	for (seed.arg = 0; seed.arg < NR_SLOTS; seed.arg++) {
		scnprintf(name, sizeof(name), "slot-%zu", seed.arg);
		plant_add(&seed, name);
	}
}

static void plant_all(void)
{
	unsigned int i;

	plant_kmallocs();
	plant_objects("object", &plant_object, NR_OBJECTS);
	plant_objects("large-object", &plant_large_object, NR_LARGE);
	plant_slots();
	for (i = 0; i < ARRAY_SIZE(seeds); i++)
		plant_add(&seeds[i], seeds[i].name);
}

static int __init plant_init(void)
{
	plants = kvcalloc(MAX_PLANTS, sizeof(*plants), GFP_KERNEL);
	if (!plants)
		return -ENOMEM;
	dir = debugfs_create_dir("vmscope_plant", NULL);
	if (IS_ERR(dir)) {
		kvfree(plants);
		return PTR_ERR(dir);
	}
	mutex_lock(&plants_lock);
	plant_all();
	mutex_unlock(&plants_lock);
	debugfs_create_file("objects", 0400, dir, NULL, &objects_fops);
	debugfs_create_file("control", 0200, dir, NULL, &control_fops);
	return 0;
}

static void __exit plant_exit(void)
{
	debugfs_remove(dir);
	while (nr_plants)
		plant_drop(&plants[--nr_plants]);
	kvfree(plants);
}

module_init(plant_init);
module_exit(plant_exit);

MODULE_DESCRIPTION("vmscope selftests: objects of known kind and address");
MODULE_LICENSE("GPL");
