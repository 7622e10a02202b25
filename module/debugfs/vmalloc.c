// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel/vmalloc: every run of mapped pages between VMALLOC_START and
 * VMALLOC_END and among the modules, as text. What a run is, is told by what
 * can be seen of it: frames that are no memory, a huge page, a thread's stack.
 * What changed each time it was read has a line too: it may be mapped.
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../arch/arch.h"
#include "../names.h"
#include "../region.h"
#include "../run.h"
#include "../scan.h"
#include "../stack.h"
#include "../target.h"
#include "kernel.h"

#define HEADER "start end size pages pieces level kind pid region\n"

/**
 * struct runs - an open file
 * @target: the kernel
 * @scanner: finds the next page that is mapped
 * @run: the run at hand
 * @pid: whose stack it is, if anybody's
 * @first: its first entry, as a record
 * @region: enum vmscope_region that it is in
 * @index: which line it is, from 1
 *
 * Guarded by the lock of the seq_file.
 */
struct runs {
	struct vmscope_target target;
	struct vmscope_scanner *scanner;
	struct vmscope_run run;
	pid_t pid;
	struct vmscope_page first;
	u64 region;
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
		/* Room for little: the scan ends soon after the first. */
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

static int tell_raced(struct runs *runs, u64 start, u64 pages)
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
		return tell_raced(runs, addr, runs->first.raw);
	ret = vmscope_run_around(&runs->scanner->copy, &runs->target, addr,
				 addr, end, &runs->run);
	/* As far as it held still; what changes there is next. */
	if (ret == -EAGAIN)
		return runs->run.end > addr ? 1 : tell_raced(runs, addr, 1);
	/* It went away meanwhile: what is behind it is next. */
	if (ret == -ENOENT) {
		runs->run.end = addr + PAGE_SIZE;
		return 0;
	}
	return ret ? ret : 1;
}

/* Return: 1 with the next run at hand, 0 at the end, or an error */
static int advance(struct runs *runs)
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
	if (ret < 0)
		return ret;
	runs->index++;
	return 1;
}

static void begin(struct runs *runs)
{
	runs->run.end = vmscope_arch_kernel_start();
	runs->index = 0;
}

static int may_read(void)
{
	struct vmscope_policy policy;

	vmscope_policy_get(&policy);
	return vmscope_target_may_open() && policy.kaddr ? 0 : -EPERM;
}

/* A reader that goes back begins anew. */
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

static bool is_stack(struct runs *runs)
{
	char comm[TASK_COMM_LEN];
	unsigned long start;

	return !is_raced(runs) &&
	       runs->run.end - runs->run.start >= THREAD_SIZE &&
	       vmscope_stack_owner(runs->run.start, &runs->pid, comm, &start);
}

static const char *kind_of(const struct runs *runs, bool stack)
{
	u64 state = VMSCOPE_WORD_STATE(runs->first.what);

	if (is_raced(runs))
		return "raced";
	if (state == VMSCOPE_STATE_PFNMAP || state == VMSCOPE_STATE_DEVICE)
		return "ioremap";
	if (stack)
		return "stack";
	if (runs->region == VMSCOPE_REGION_MODULES)
		return "module";
	if (VMSCOPE_WORD_LEVEL(runs->first.where) > VMSCOPE_LEVEL_PTE)
		return "huge";
	return "vmalloc";
}

static int runs_show(struct seq_file *m, void *v)
{
	struct runs *runs = m->private;
	const struct vmscope_run *run = &runs->run;
	u64 bytes = run->end - run->start;
	bool stack;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, "# " HEADER);
		return 0;
	}
	stack = is_stack(runs);
	seq_printf(m, "%llx %llx %llu %llu %llu %s %s", run->start, run->end,
		   bytes, bytes >> PAGE_SHIFT, run->pieces,
		   vmscope_level_names[VMSCOPE_WORD_LEVEL(runs->first.where)],
		   kind_of(runs, stack));
	if (stack)
		seq_printf(m, " %d", runs->pid);
	else
		seq_puts(m, " -");
	seq_printf(m, " %s\n", vmscope_region_names[runs->region]);
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
	kfree(runs);
}

/* A descriptor can be handed on, and text may be left from another read. */
static ssize_t runs_read(struct file *file, char __user *to, size_t bytes,
			 loff_t *pos)
{
	int ret = may_read();

	return ret ? ret : seq_read(file, to, bytes, pos);
}

static int runs_open(struct inode *inode, struct file *file)
{
	struct seq_file *m;
	struct runs *runs;
	int ret = -ENOMEM;

	if (!vmscope_target_may_open())
		return -EACCES;
	runs = kzalloc(sizeof(*runs), GFP_KERNEL_ACCOUNT);
	if (!runs)
		return -ENOMEM;
	runs->scanner = vmscope_scanner_create();
	if (runs->scanner)
		ret = vmscope_target_get_kernel(&runs->target);
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
