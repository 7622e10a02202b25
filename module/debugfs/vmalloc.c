// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel/vmalloc: every run of mapped pages between VMALLOC_START and
 * VMALLOC_END and among the modules, as text. A run's kind follows from
 * evidence: frames that are not memory, a huge page, a stack. A range that
 * changed each time it was read has a line too, because it may be mapped.
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../arch/arch.h"
#include "../names.h"
#include "../kernel/region.h"
#include "../kernel/vmalloc-run.h"
#include "../scan.h"
#include "../kernel/stack.h"
#include "../target.h"
#include "kernel.h"

#define HEADER "start end size pages pieces level kind pid region\n"

/* Runs that are compared with all threads at a time. */
#define RUNS_AT_ONCE 256

/**
 * struct found - a line in the making: a run
 * @run: the run
 * @first: its first entry, word 0 and 1 of a record
 * @region: enum vmscope_region that it is in
 * @pid: thread whose stack it is, or 0
 */
struct found {
	struct vmscope_run run;
	u64 first[2];
	u64 region;
	pid_t pid;
};

/**
 * struct runs - an open file
 * @target: the kernel
 * @locked: see vmscope_policy_get()
 * @scanner: finds the next page that is mapped
 * @run: the run that was found last
 * @first: its first entry, as a record
 * @region: enum vmscope_region that it is in
 * @found: runs that were found
 * @nr: their number
 * @at: the current one
 * @stacks: those that may be a stack
 * @index: its line number, from 1
 *
 * Guarded by the lock of the seq_file.
 */
struct runs {
	struct vmscope_target target;
	bool locked;
	struct vmscope_scanner *scanner;
	struct vmscope_run run;
	struct vmscope_page first;
	u64 region;
	struct found found[RUNS_AT_ONCE];
	unsigned int nr;
	unsigned int at;
	struct vmscope_stack stacks[RUNS_AT_ONCE];
	loff_t index;
};

/*
 * The first page from @addr on that is mapped, or may be. Return: 1, 0 or an
 * error
 */
static int find_mapped(struct runs *runs, u64 addr, u64 end)
{
	const struct vmscope_scan query = {
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES,
		.start = addr,
		.end = end,
		.any_flags = VMSCOPE_F_PRESENT | VMSCOPE_F_RACED,
		/* A small buffer ends the scan soon after the first page. */
		.buf_bytes = VMSCOPE_SCAN_MIN_BYTES,
	};
	struct vmscope_scanner *scanner = runs->scanner;
	int ret;

	vmscope_scan_begin(scanner, &runs->target, &query, false);
	ret = vmscope_scan_fill(scanner);
	if (ret && ret != -ENOSPC)
		return ret;
	if (!scanner->sink.used)
		return 0;
	memcpy(&runs->first, scanner->buf, sizeof(runs->first));
	return 1;
}

static bool is_shown(u64 region)
{
	return region == VMSCOPE_REGION_VMALLOC ||
	       region == VMSCOPE_REGION_MODULES;
}

/* To the region after the one that ends at @addr. */
static u64 next_region(u64 addr, u64 *end, u64 *region)
{
	u64 start = addr;

	*end = addr;
	do {
		if (*end >= VMSCOPE_KERNEL_END)
			return VMSCOPE_KERNEL_END;
		*region = vmscope_region_at(*end, &start, end);
	} while (!is_shown(*region));
	return start;
}

static bool is_raced(const struct runs *runs)
{
	return runs->first.what & VMSCOPE_F_RACED;
}

static int report_raced(struct runs *runs, u64 start, u64 pages)
{
	runs->first.what |= VMSCOPE_F_RACED;
	runs->run = (struct vmscope_run){
		.start = start,
		.end = start + pages * PAGE_SIZE,
	};
	return 1;
}

static int find_run(struct runs *runs, u64 end)
{
	u64 addr = VMSCOPE_WORD_ADDR(runs->first.where);
	int ret;

	if (is_raced(runs))
		return report_raced(runs, addr, runs->first.raw);
	ret = vmscope_run_around(&runs->scanner->copy, &runs->target, addr,
				 addr, end, &runs->run);
	/* As far as it was stable; the part that changes comes next. */
	if (ret == -EAGAIN)
		return runs->run.end > addr ? 1 : report_raced(runs, addr, 1);
	/* It went away meanwhile: continue behind it. */
	if (ret == -ENOENT) {
		runs->run.end = addr + PAGE_SIZE;
		return 0;
	}
	return ret ? ret : 1;
}

/* Return: 1 with the next run in @runs->run, 0 at the end, or an error */
static int find_next(struct runs *runs)
{
	u64 addr = runs->run.end, start, end;
	int ret;

	for (;;) {
		if (addr >= VMSCOPE_KERNEL_END)
			return 0;
		runs->region = vmscope_region_at(addr, &start, &end);
		if (!is_shown(runs->region)) {
			addr = next_region(end, &end, &runs->region);
			continue;
		}
		ret = find_mapped(runs, addr, end);
		if (ret < 0)
			return ret;
		if (!ret) {
			addr = end;
			continue;
		}
		ret = find_run(runs, end);
		if (ret)
			break;
		addr = runs->run.end;
	}
	return ret;
}

/* A stack begins where its run does, and is mapped to its end. */
static bool may_be_stack(const struct found *found)
{
	return !(found->first[1] & VMSCOPE_F_RACED) &&
	       found->run.end - found->run.start >= THREAD_SIZE;
}

static void find_owners(struct runs *runs)
{
	unsigned int i, j = 0;

	memset(runs->stacks, 0, sizeof(runs->stacks));
	for (i = 0; i < runs->nr; i++)
		if (may_be_stack(&runs->found[i]))
			runs->stacks[j++].addr = runs->found[i].run.start;
	if (!vmscope_stack_owners(runs->stacks, j))
		return;
	for (i = 0, j = 0; i < runs->nr; i++)
		if (may_be_stack(&runs->found[i]))
			runs->found[i].pid = runs->stacks[j++].pid;
}

/* The next runs. Return: 1, 0 if there are no more, or an error. */
static int find_some(struct runs *runs)
{
	int ret = 1;

	runs->at = 0;
	for (runs->nr = 0; runs->nr < RUNS_AT_ONCE; runs->nr++) {
		ret = find_next(runs);
		if (ret <= 0)
			break;
		runs->found[runs->nr] = (struct found){
			.run = runs->run,
			.first = { runs->first.where, runs->first.what },
			.region = runs->region,
		};
	}
	/* Show what was found before an error, which the next call repeats. */
	if (ret < 0 && !runs->nr)
		return ret;
	find_owners(runs);
	return runs->nr > 0;
}

/* Return: 1 with the next run in @runs, 0 at the end, or an error */
static int advance(struct runs *runs)
{
	if (runs->at < runs->nr)
		runs->at++;
	if (runs->at == runs->nr) {
		int ret = find_some(runs);

		if (ret <= 0)
			return ret;
	}
	runs->index++;
	return 1;
}

static void begin(struct runs *runs)
{
	runs->run.end = vmscope_arch_kernel_start();
	runs->nr = 0;
	runs->at = 0;
	runs->index = 0;
}

static int may_read(struct runs *runs)
{
	struct vmscope_policy policy;

	vmscope_policy_get(&policy, &runs->locked);
	if (!vmscope_target_may_open())
		return -EPERM;
	return vmscope_target_check(&runs->target, &policy);
}

/* A reader that goes back restarts. */
static void *runs_start(struct seq_file *m, loff_t *pos)
{
	struct runs *runs = m->private;
	int ret;

	if (!*pos || *pos < runs->index)
		begin(runs);
	if (!*pos)
		return SEQ_START_TOKEN;
	while (runs->index < *pos) {
		ret = advance(runs);
		if (ret <= 0)
			return ERR_PTR(ret);
	}
	return runs;
}

static void *runs_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct runs *runs = m->private;
	int ret;

	++*pos;
	ret = advance(runs);
	return ret > 0 ? runs : ERR_PTR(ret);
}

static void runs_stop(struct seq_file *m, void *v)
{
}

static const char *kind_of(const struct found *found)
{
	u64 state = VMSCOPE_WORD_STATE(found->first[1]);

	if (found->first[1] & VMSCOPE_F_RACED)
		return "raced";
	if (state == VMSCOPE_STATE_PFNMAP || state == VMSCOPE_STATE_DEVICE)
		return "ioremap";
	if (found->pid)
		return "stack";
	if (found->region == VMSCOPE_REGION_MODULES)
		return "module";
	if (VMSCOPE_WORD_LEVEL(found->first[0]) > VMSCOPE_LEVEL_PTE)
		return "huge";
	return "vmalloc";
}

static int runs_show(struct seq_file *m, void *v)
{
	struct runs *runs = m->private;
	const struct found *found = &runs->found[runs->at];
	const struct vmscope_run *run = &found->run;
	u64 bytes = run->end - run->start;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, "#" HEADER);
		return 0;
	}
	seq_printf(m, "%llx %llx %llu %llu %llu %s %s", run->start, run->end,
		   bytes, bytes >> PAGE_SHIFT, run->pieces,
		   vmscope_level_names[VMSCOPE_WORD_LEVEL(found->first[0])],
		   kind_of(found));
	if (found->pid)
		seq_printf(m, " %d", found->pid);
	else
		seq_puts(m, " -");
	seq_printf(m, " %s\n", vmscope_region_names[found->region]);
	return 0;
}

static const struct seq_operations runs_ops = {
	.start = runs_start,
	.next = runs_next,
	.stop = runs_stop,
	.show = runs_show,
};

static void runs_destroy(struct runs *runs)
{
	if (runs->target.mm)
		vmscope_target_put(&runs->target);
	vmscope_scanner_destroy(runs->scanner);
	kvfree(runs);
}

/* The descriptor may have a new owner, and text of an earlier read. */
static ssize_t runs_read(struct file *file, char __user *to, size_t bytes,
			 loff_t *pos)
{
	const struct seq_file *m = file->private_data;
	int ret = may_read(m->private);

	return ret ? ret : seq_read(file, to, bytes, pos);
}

static int runs_open(struct inode *inode, struct file *file)
{
	struct seq_file *m;
	struct runs *runs;
	int ret = -ENOMEM;

	if (!vmscope_target_may_open())
		return -EACCES;
	runs = kvzalloc(sizeof(*runs), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!runs)
		return -ENOMEM;
	runs->scanner = vmscope_scanner_create();
	if (runs->scanner)
		ret = vmscope_target_get_kernel(&runs->target);
	if (!ret)
		ret = may_read(runs);
	if (!ret)
		ret = seq_open(file, &runs_ops);
	if (ret) {
		runs_destroy(runs);
		return ret;
	}
	m = file->private_data;
	m->private = runs;
	return 0;
}

static int runs_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	runs_destroy(m->private);
	return seq_release(inode, file);
}

static const struct file_operations runs_fops = {
	.owner = THIS_MODULE,
	.open = runs_open,
	.read = runs_read,
	.llseek = seq_lseek,
	.release = runs_release,
};

/**
 * vmscope_vmalloc_file - make the file
 * @dir: directory of the kernel's own half
 *
 * Context: Process context, may sleep.
 */
void vmscope_vmalloc_file(struct dentry *dir)
{
	debugfs_create_file("vmalloc", 0400, dir, NULL, &runs_fops);
}
