// SPDX-License-Identifier: GPL-2.0-only
/*
 * An address of the kernel's half -> the run of mapped pages around it. A guard
 * page separates two areas of vmalloc, so a run is one area unless it was
 * allocated without a guard.
 */
#include "vmalloc-run.h"

#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/pgtable.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "../arch/arch.h"
#include "../walk.h"

static bool is_mapped(const struct vmscope_table_copy *copy, unsigned int i)
{
	u64 raw = copy->entries[i];

	return !vmscope_arch_is_table(raw, copy->level) &&
	       vmscope_arch_kernel_present(raw);
}

static u64 entry_start(const struct vmscope_table_copy *copy, unsigned int i)
{
	return copy->addr + ((u64)i << copy->shift);
}

static int stop(void)
{
	cond_resched();
	return fatal_signal_pending(current) ? -EINTR : 0;
}

/* The entries that map [@from, @end), a range of one PTE table. */
static int read_part(struct vmscope_table_copy *copy, u64 from, u64 end)
{
	unsigned int tries = VMSCOPE_WALK_TRIES;

	while (!vmscope_walk_copy(from, end, copy))
		if (!--tries)
			return -EAGAIN;
	return stop();
}

static int find_start(struct vmscope_table_copy *copy, u64 low,
		      struct vmscope_run *run)
{
	while (run->start > low) {
		u64 from = max_t(u64, low, (run->start - 1) & PMD_MASK);
		int ret = read_part(copy, from, run->start);
		unsigned int i = copy->nr;

		if (ret)
			return ret;
		while (i && is_mapped(copy, i - 1))
			i--;
		run->start = clamp(entry_start(copy, i), from, run->start);
		if (i)
			return 0;
	}
	return 0;
}

static void count_piece(struct vmscope_run *run, u64 first, u64 pages,
			u64 *expected)
{
	if (first != *expected)
		run->pieces++;
	*expected = first + pages;
}

/* An entry that maps more than a page may begin before the run does. */
static void add_entry(const struct vmscope_table_copy *copy, unsigned int i,
		      u64 high, struct vmscope_run *run, u64 *expected)
{
	u64 start = entry_start(copy, i);
	u64 end = min(high, start + (1ULL << copy->shift));
	u64 pfn = vmscope_arch_pfn(copy->entries[i], copy->level);

	pfn += (run->end - start) >> PAGE_SHIFT;
	count_piece(run, pfn, (end - run->end) >> PAGE_SHIFT, expected);
	run->end = end;
}

static int find_end(struct vmscope_table_copy *copy, u64 high,
		    struct vmscope_run *run)
{
	u64 expected = U64_MAX;
	unsigned int i;

	run->end = run->start;
	while (run->end < high) {
		u64 until = min_t(u64, high, (run->end & PMD_MASK) + PMD_SIZE);
		int ret = read_part(copy, run->end, until);

		if (ret)
			return ret;
		for (i = 0; i < copy->nr && run->end < until; i++) {
			if (!is_mapped(copy, i))
				return 0;
			add_entry(copy, i, high, run, &expected);
		}
	}
	return 0;
}

/**
 * vmscope_run_around - the mapped pages around an address
 * @copy: scratch space for tables
 * @target: the kernel
 * @addr: an address of the kernel's half
 * @low: where to stop below it
 * @high: where to stop above it
 * @run: filled in
 *
 * Context: Process context, may sleep.
 * Return:
 * * 0       - found
 * * -ENOENT - nothing is mapped at @addr
 * * -EAGAIN - a table went away each time it was read; @run holds the part
 *   found before that, from @addr on if @low is not below it
 * * -EINTR  - the caller was killed
 */
int vmscope_run_around(struct vmscope_table_copy *copy,
		       const struct vmscope_target *target, u64 addr, u64 low,
		       u64 high, struct vmscope_run *run)
{
	u64 page = addr & PAGE_MASK;
	int ret;

	copy->target = target;
	copy->may_repeat = 0;
	*run = (struct vmscope_run){ .start = page, .end = page };
	ret = read_part(copy, page, page + PAGE_SIZE);
	if (ret)
		return ret;
	if (!is_mapped(copy, 0))
		return -ENOENT;
	ret = find_start(copy, low, run);
	return ret ? ret : find_end(copy, high, run);
}
