// SPDX-License-Identifier: GPL-2.0-only
/*
 * A mapping whose page tables change while they are read. One PMD and one PUD
 * entry that translate only this mapping have two equal tables each. When
 * copy_from_kernel_nofault() is about to read the table that the entry points
 * to, the entry is changed to point to the other one, and the table to be read
 * is filled with lies, as a freed table may be. So no translation ever changes,
 * and a reader that does not check the entry again reports lies.
 *
 *	vmscope_meddle/state	area START END
 *				decoy FRAME	that lies contain
 *				pmd START END TIMES
 *				pud START END TIMES
 *				the range of the entry, and how often it was
 *				changed; no line if the area shares its entry
 *	vmscope_meddle/frames	frames of the area's pages, one per line,
 *				repeated from the first
 *	vmscope_meddle/control	"pmd 3": change it three times, "pmd always",
 *				"pmd 0"; or pud
 *
 * Only for tests: addresses are shown to root. Nobody uses the mapping.
 */
#include <linux/debugfs.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pgtable.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#define MAX_COMMAND 32
#define ALWAYS UINT_MAX

/* Too few to fill a table, so that no two tables are the same. */
#define NR_FRAMES 61
#define FRAMES_ORDER 6

/* Any two GiB have one for us alone; if memory is short, a PMD has to do. */
#define BYTES_LARGE (2 * PUD_SIZE)
#define BYTES_SMALL (4 * PMD_SIZE)

/*
 * An entry that changes while its table is read. levers_lock guards everything
 * that changes.
 */
struct lever {
	const char *name; /* its name in commands and in the list */
	unsigned long start; /* first address that it translates */
	/* length of that; 0 if there is no such entry */
	unsigned long bytes;
	u64 *entry; /* its address */
	u64 *tables[2]; /* what it points to, the kernel's own table first */
	unsigned int live; /* which of @tables it is now; the other one lies */
	/* every second entry of that one; the others are empty */
	u64 lie;
	unsigned int left; /* how many changes are left, or ALWAYS */
	unsigned long times; /* how often it changed */
};

enum { LEVER_PMD, LEVER_PUD, NR_LEVERS };

static struct lever levers[NR_LEVERS] = {
	[LEVER_PMD] = { .name = "pmd" },
	[LEVER_PUD] = { .name = "pud" },
};

static DEFINE_RAW_SPINLOCK(levers_lock);

static struct page *frames; /* NR_FRAMES consecutive frames */
static struct page *decoy;
static u64 *decoy_table;
static void *area;
static unsigned long area_bytes;
static struct dentry *dir;

static u64 points_to(u64 entry, void *page)
{
	return (entry & ~(u64)PTE_PFN_MASK) | virt_to_phys(page);
}

/* Copies into the table that @lever will point to what the current one has. */
static void change(struct lever *lever)
{
	u64 *from = lever->tables[lever->live];
	u64 *to = lever->tables[!lever->live];

	memcpy(to, from, PAGE_SIZE);
	smp_wmb(); /* a processor may walk it as soon as it is reachable */
	WRITE_ONCE(*lever->entry, points_to(*lever->entry, to));
	lever->live = !lever->live;
}

static void fill_with_lies(u64 *table, u64 lie)
{
	unsigned int i;

	for (i = 0; i < PTRS_PER_PTE; i++)
		WRITE_ONCE(table[i], i % 2 ? 0 : lie);
}

static bool reads(const struct lever *lever, unsigned long addr)
{
	return lever->left &&
	       (addr & PAGE_MASK) == (unsigned long)lever->tables[lever->live];
}

static void meddle(struct lever *lever)
{
	change(lever);
	fill_with_lies(lever->tables[!lever->live], lever->lie);
	lever->times++;
	if (lever->left != ALWAYS)
		lever->left--;
}

/*
 * In any context, that of an NMI included: a kprobe's breakpoint counts as one,
 * where a lock may only be tried. Its holder is on another processor, as
 * nothing under the lock comes here, and gives it back at once.
 */
static void before_read_of(struct lever *lever, unsigned long from)
{
	if (!reads(lever, from))
		return;
	while (!raw_spin_trylock(&levers_lock))
		cpu_relax();
	if (reads(lever, from))
		meddle(lever);
	raw_spin_unlock(&levers_lock);
}

static int before_read(struct kprobe *probe, struct pt_regs *regs)
{
	unsigned long from = regs_get_kernel_argument(regs, 1);
	unsigned int i;

	for (i = 0; i < NR_LEVERS; i++)
		before_read_of(&levers[i], from);
	return 0;
}

static struct kprobe probe = {
	.symbol_name = "copy_from_kernel_nofault",
	.pre_handler = before_read,
};

/* The files */

static int state_show(struct seq_file *m, void *unused)
{
	unsigned long start = (unsigned long)area;
	unsigned int i;

	seq_printf(m, "area %#lx %#lx\n", start, start + area_bytes);
	seq_printf(m, "decoy %#lx\n", page_to_pfn(decoy));
	for (i = 0; i < NR_LEVERS; i++)
		if (levers[i].bytes)
			seq_printf(m, "%s %#lx %#lx %lu\n", levers[i].name,
				   levers[i].start,
				   levers[i].start + levers[i].bytes,
				   READ_ONCE(levers[i].times));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(state);

static int frames_show(struct seq_file *m, void *unused)
{
	unsigned int i;

	for (i = 0; i < NR_FRAMES; i++)
		seq_printf(m, "%#lx\n", page_to_pfn(frames + i));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(frames);

static struct lever *lever_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < NR_LEVERS; i++)
		if (levers[i].bytes && !strcmp(levers[i].name, name))
			return &levers[i];
	return NULL;
}

static int obey(char *command)
{
	char *words = strim(command);
	struct lever *lever = lever_find(strsep(&words, " "));
	unsigned int left = ALWAYS;
	unsigned long flags;
	int ret;

	if (!lever || !words)
		return -EINVAL;
	if (strcmp(words, "always")) {
		ret = kstrtouint(words, 0, &left);
		if (ret)
			return ret;
	}
	raw_spin_lock_irqsave(&levers_lock, flags);
	lever->left = left;
	raw_spin_unlock_irqrestore(&levers_lock, flags);
	return 0;
}

static ssize_t control_write(struct file *file, const char __user *buf,
			     size_t bytes, loff_t *pos)
{
	char command[MAX_COMMAND + 1] = "";
	int ret;

	if (bytes > MAX_COMMAND)
		return -E2BIG;
	if (copy_from_user(command, buf, bytes))
		return -EFAULT;
	ret = obey(command);
	return ret ? ret : bytes;
}

static const struct file_operations control_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = control_write,
	.llseek = noop_llseek,
};

/* Load and unload */

/* All processes share the kernel's tables, except the root. */
static pud_t *pud_of(unsigned long addr)
{
	pgd_t *pgd = pgd_offset(current->mm, addr);

	return pud_offset(p4d_offset(pgd, addr), addr);
}

/* @entry points to a table that translates [@start, @start + @bytes). */
static int lever_set(struct lever *lever, unsigned long start,
		     unsigned long bytes, u64 *entry, void *lie)
{
	lever->start = start;
	lever->entry = entry;
	lever->tables[0] = phys_to_virt(*entry & PTE_PFN_MASK);
	lever->tables[1] = (u64 *)get_zeroed_page(GFP_KERNEL);
	if (!lever->tables[1])
		return -ENOMEM;
	lever->lie = points_to(lever->tables[0][0], lie);
	lever->bytes = bytes;
	return 0;
}

static void lever_unset(struct lever *lever)
{
	if (lever->bytes && lever->live)
		change(lever);
}

static void lever_free(struct lever *lever)
{
	free_page((unsigned long)lever->tables[1]);
}

static int set_pmd_lever(unsigned long start)
{
	pmd_t *pmd = pmd_offset(pud_of(start), start);

	return lever_set(&levers[LEVER_PMD], start, PMD_SIZE, (u64 *)pmd,
			 page_address(decoy));
}

static int set_pud_lever(unsigned long start)
{
	fill_with_lies(decoy_table, levers[LEVER_PMD].lie);
	return lever_set(&levers[LEVER_PUD], start, PUD_SIZE,
			 (u64 *)pud_of(start), decoy_table);
}

/* Neither entry is in the other one's table. */
static int set_levers(void)
{
	unsigned long start = (unsigned long)area, end = start + area_bytes;
	unsigned long pud = ALIGN(start, PUD_SIZE);
	unsigned long pmd = ALIGN(start + PAGE_SIZE, PMD_SIZE);
	bool large = area_bytes == BYTES_LARGE;
	int ret;

	if (large && pmd + PMD_SIZE >= pud)
		pmd = end - BYTES_SMALL;
	ret = set_pmd_lever(ALIGN(pmd, PMD_SIZE));
	return !ret && large ? set_pud_lever(pud) : ret;
}

static int map_area(unsigned long bytes)
{
	unsigned int nr = bytes >> PAGE_SHIFT, i;
	struct page **pages = kvcalloc(nr, sizeof(*pages), GFP_KERNEL);

	if (!pages)
		return -ENOMEM;
	for (i = 0; i < nr; i++)
		pages[i] = frames + i % NR_FRAMES;
	area = vmap(pages, nr, VM_MAP, PAGE_KERNEL);
	area_bytes = bytes;
	kvfree(pages);
	return area ? 0 : -ENOMEM;
}

static int take_pages(void)
{
	frames = alloc_pages(GFP_KERNEL | __GFP_ZERO, FRAMES_ORDER);
	decoy = alloc_page(GFP_KERNEL | __GFP_ZERO);
	decoy_table = (u64 *)get_zeroed_page(GFP_KERNEL);
	return frames && decoy && decoy_table ? 0 : -ENOMEM;
}

/*
 * No processor may remember a table that is about to be freed. The kernel keeps
 * entries of freed areas until it is asked for their aliases; then it flushes
 * them.
 * Source: __purge_vmap_area_lazy() in mm/vmalloc.c
 */
static void give_back(void)
{
	unsigned int i;

	for (i = 0; i < NR_LEVERS; i++)
		lever_unset(&levers[i]);
	vunmap(area);
	vm_unmap_aliases();
	for (i = 0; i < NR_LEVERS; i++)
		lever_free(&levers[i]);
	if (frames)
		__free_pages(frames, FRAMES_ORDER);
	if (decoy)
		__free_page(decoy);
	free_page((unsigned long)decoy_table);
}

static int prepare(void)
{
	int ret = take_pages();

	if (!ret && map_area(BYTES_LARGE))
		ret = map_area(BYTES_SMALL);
	if (!ret)
		ret = set_levers();
	return ret ? ret : register_kprobe(&probe);
}

static int __init meddle_init(void)
{
	int ret;

	if (!current->mm)
		return -EINVAL;
	ret = prepare();
	if (ret) {
		give_back();
		return ret;
	}
	dir = debugfs_create_dir("vmscope_meddle", NULL);
	debugfs_create_file("state", 0400, dir, NULL, &state_fops);
	debugfs_create_file("frames", 0400, dir, NULL, &frames_fops);
	debugfs_create_file("control", 0200, dir, NULL, &control_fops);
	return 0;
}

static void __exit meddle_exit(void)
{
	debugfs_remove(dir);
	unregister_kprobe(&probe);
	give_back();
}

module_init(meddle_init);
module_exit(meddle_exit);

MODULE_DESCRIPTION("vmscope selftests: page tables that change while read");
MODULE_LICENSE("GPL");
