// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel address -> what it is: a chain of questions, each answered from one
 * part of the kernel. Facts that no part has are left out.
 */
#include "what.h"

#include <linux/build_bug.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/kallsyms.h>
#include <linux/kconfig.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/string.h>

#include "../../include/uapi/vmscope.h"
#include "../arch/arch.h"
#include "../compat/compat.h"
#include "block.h"
#include "region.h"
#include "vmalloc-run.h"
#include "slab.h"
#include "stack.h"
#include "../walk.h"

/* A variable at the same offset of each per-CPU area, to find the areas. */
static DEFINE_PER_CPU(u64, landmark);

static const struct vmscope_trace_level *
last_level(const struct vmscope_trace *trace)
{
	return &trace->levels[trace->nr - 1];
}

static bool is_mapped(const struct vmscope_trace *trace)
{
	const struct vmscope_trace_level *last;

	if (!trace->nr)
		return false;
	last = last_level(trace);
	return !vmscope_arch_is_table(last->raw, last->level) &&
	       vmscope_arch_kernel_present(last->raw);
}

static u64 frame_of(const struct vmscope_trace *trace, u64 addr)
{
	const struct vmscope_trace_level *last = last_level(trace);
	u64 mask = (1ULL << vmscope_level_shift(last->level)) - 1;

	return vmscope_arch_pfn(last->raw, last->level) +
	       ((addr & mask) >> PAGE_SHIFT);
}

static void fill_frame(const struct vmscope_trace *trace,
		       struct vmscope_block *block, struct vmscope_what *what)
{
	what->pfn = frame_of(trace, what->addr);
	vmscope_block_of(what->pfn, block);
	what->frame_kind = block->kind;
	what->frame_head = block->head;
	what->frame_order = block->order;
	what->known |= VMSCOPE_WHAT_FRAME;
}

static void fill_object(const struct vmscope_block *block,
			struct vmscope_what *what)
{
	int ret;

	if (block->kind != VMSCOPE_FRAME_SLAB ||
	    what->region != VMSCOPE_REGION_DIRECT)
		return;
	ret = vmscope_slab_object(what->addr, block, &what->cache,
				  &what->object, &what->object_index);
	if (ret == -EAGAIN)
		what->known |= VMSCOPE_WHAT_RACED;
	else
		what->known |= VMSCOPE_WHAT_CACHE;
	if (!ret)
		what->known |= VMSCOPE_WHAT_OBJECT;
	if (ret == -ENOENT)
		what->known |= VMSCOPE_WHAT_BETWEEN;
}

/*
 * Is a possible stack mapped, followed by a guard page? This avoids
 * a search of all threads, which takes long if there are many.
 * Source: alloc_thread_stack_node() in kernel/fork.c: aligned to THREAD_ALIGN,
 * with a guard page behind it
 */
static bool is_like_stack(struct vmscope_table_copy *copy,
			  const struct vmscope_target *target, u64 addr)
{
	u64 start = round_down(addr, THREAD_ALIGN);
	struct vmscope_run run;
	int ret;

	ret = vmscope_run_around(copy, target, start, start,
				 start + THREAD_SIZE + PAGE_SIZE, &run);
	return ret == -EAGAIN || (!ret && run.end == start + THREAD_SIZE);
}

static bool can_be_stack(struct vmscope_table_copy *copy,
			 const struct vmscope_target *target,
			 const struct vmscope_what *what)
{
	if (IS_ENABLED(CONFIG_VMAP_STACK))
		return what->region == VMSCOPE_REGION_VMALLOC &&
		       is_like_stack(copy, target, what->addr);
	return what->region == VMSCOPE_REGION_DIRECT &&
	       what->frame_kind != VMSCOPE_FRAME_CACHE &&
	       what->frame_kind != VMSCOPE_FRAME_ANON;
}

static void fill_stack(struct vmscope_table_copy *copy,
		       const struct vmscope_target *target,
		       struct vmscope_what *what)
{
	struct vmscope_stack stack = { .addr = what->addr };

	if (!can_be_stack(copy, target, what) ||
	    !vmscope_stack_owners(&stack, 1))
		return;
	what->run_start = stack.start;
	what->run_end = stack.start + THREAD_SIZE;
	what->pid = stack.pid;
	BUILD_BUG_ON(sizeof(stack.comm) > sizeof(what->comm));
	memcpy(what->comm, stack.comm, sizeof(stack.comm));
	what->known |= VMSCOPE_WHAT_STACK;
}

static int fill_run(struct vmscope_table_copy *copy,
		    const struct vmscope_target *target,
		    struct vmscope_what *what)
{
	bool stack = what->known & VMSCOPE_WHAT_STACK;
	struct vmscope_run run;
	int ret;

	if (what->region != VMSCOPE_REGION_VMALLOC &&
	    what->region != VMSCOPE_REGION_MODULES)
		return 0;
	ret = vmscope_run_around(copy, target, what->addr,
				 stack ? what->run_start : what->region_start,
				 stack ? what->run_end : what->region_end,
				 &run);
	/* It may be unmapped after its start was found. */
	if (!ret && run.end <= what->addr)
		ret = -EAGAIN;
	if (ret == -EAGAIN)
		what->known |= VMSCOPE_WHAT_RACED;
	if (ret == -ENOENT || ret == -EAGAIN)
		return 0;
	if (ret)
		return ret;
	what->run_start = run.start;
	what->run_end = run.end;
	what->run_pieces = run.pieces;
	what->known |= VMSCOPE_WHAT_RUN;
	return 0;
}

static void fill_described(struct vmscope_what *what)
{
	if (what->region != VMSCOPE_REGION_VMEMMAP)
		return;
	what->described =
		(what->addr - what->region_start) / sizeof(struct page);
	what->known |= VMSCOPE_WHAT_DESCRIBED;
}

/* A slot has its number whether it is in use or not. */
static void fill_slot(struct vmscope_what *what)
{
	struct vmscope_slot_range slots;

	if (what->region != VMSCOPE_REGION_FIXMAP &&
	    what->region != VMSCOPE_REGION_VSYSCALL)
		return;
	what->slot = vmscope_arch_slot(what->addr, &slots);
	what->slot_first = slots.first;
	BUILD_BUG_ON(sizeof(slots.name) != sizeof(what->slot_name));
	memcpy(what->slot_name, slots.name, sizeof(slots.name));
	what->known |= VMSCOPE_WHAT_SLOT;
}

static u64 landmark_of(unsigned int cpu)
{
	return (unsigned long)per_cpu_ptr(&landmark, cpu);
}

static u64 distance(u64 a, u64 b)
{
	return a > b ? a - b : b - a;
}

/* Bytes from this processor's landmark to the next, 0 if there is one only. */
static u64 gap_around(unsigned int here)
{
	u64 gap = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		u64 away = distance(landmark_of(cpu), landmark_of(here));

		if (away && (!gap || away < gap))
			gap = away;
	}
	return gap;
}

/*
 * The length of an area is the distance of two, a power of two up to PMD_SIZE,
 * and areas begin at a multiple of it.
 * Source: pcpu_build_alloc_info() in mm/percpu.c, setup_per_cpu_areas() in
 * arch/x86/kernel/setup_percpu.c
 */
static bool find_cpu(u64 addr, unsigned int *found)
{
	u64 gap = gap_around(cpumask_first(cpu_possible_mask));
	u64 bytes = gap ? min_t(u64, gap, PMD_SIZE) : PMD_SIZE;
	unsigned int cpu;

	if (!is_power_of_2(bytes))
		return false;
	for_each_possible_cpu(cpu) {
		*found = cpu;
		if (!((landmark_of(cpu) ^ addr) & ~(bytes - 1)))
			return true;
	}
	return false;
}

/*
 * No symbol holds the used length of an area: the caller compares with the
 * kernel's symbols.
 */
static void fill_cpu(struct vmscope_what *what)
{
	unsigned int cpu;

	if (what->region != VMSCOPE_REGION_DIRECT ||
	    what->frame_kind != VMSCOPE_FRAME_RESERVED ||
	    !find_cpu(what->addr, &cpu))
		return;
	what->cpu = cpu;
	what->cpu_offset = what->addr - per_cpu_offset(cpu);
	what->known |= VMSCOPE_WHAT_PERCPU;
}

static void fill_mapped(const struct vmscope_trace *trace,
			struct vmscope_what *what)
{
	struct vmscope_block block;

	fill_frame(trace, &block, what);
	fill_object(&block, what);
	fill_described(what);
	fill_cpu(what);
}

/* The result is valid only if the address is mapped as it was before. */
static bool is_still(const struct vmscope_target *target,
		     const struct vmscope_trace *before, u64 addr)
{
	struct vmscope_trace now;

	vmscope_walk_trace(target, addr, VMSCOPE_LEVEL_PTE, &now);
	return !now.raced && now.nr == before->nr &&
	       (!now.nr || vmscope_arch_same_page(last_level(&now)->raw,
						  last_level(before)->raw));
}

static void fill_region(struct vmscope_what *what)
{
	what->region = VMSCOPE_REGION_HOLE;
	if (what->addr >= VMSCOPE_KERNEL_END)
		return;
	what->region = vmscope_region_at(what->addr, &what->region_start,
					 &what->region_end);
}

/**
 * vmscope_what_resolve - turn a per-CPU offset into an address
 * @what: with VMSCOPE_ASK_CPU, @what->addr is replaced
 *
 * Context: Any context.
 * Return:
 * * 0       - @what->addr is an address
 * * -EINVAL - no such processor
 */
int vmscope_what_resolve(struct vmscope_what *what)
{
	if (!(what->flags & VMSCOPE_ASK_CPU))
		return 0;
	if (what->cpu >= nr_cpu_ids || !cpu_possible(what->cpu))
		return -EINVAL;
	what->addr += per_cpu_offset(what->cpu);
	return 0;
}

/**
 * vmscope_what - find out what a kernel address is
 * @copy: scratch space for tables
 * @target: the kernel
 * @what: @what->addr is read; the out fields are filled in
 *
 * Context: Process context, may sleep.
 * Return:
 * * 0       - filled in, at least the region
 * * -EINVAL - not an address of the kernel's half
 * * -EINTR  - the caller was killed
 */
int vmscope_what(struct vmscope_table_copy *copy,
		 const struct vmscope_target *target, struct vmscope_what *what)
{
	struct vmscope_trace trace;
	int ret;

	if (!vmscope_arch_canonical(what->addr) ||
	    !vmscope_arch_is_kernel(what->addr))
		return -EINVAL;
	fill_region(what);
	fill_slot(what);
	vmscope_walk_trace(target, what->addr, VMSCOPE_LEVEL_PTE, &trace);
	if (trace.raced)
		what->known |= VMSCOPE_WHAT_RACED;
	if (!is_mapped(&trace))
		return 0;
	fill_mapped(&trace, what);
	fill_stack(copy, target, what);
	ret = fill_run(copy, target, what);
	if (!is_still(target, &trace, what->addr))
		what->known |= VMSCOPE_WHAT_RACED;
	return ret;
}

/**
 * vmscope_what_symbol - the symbol that an address belongs to
 * @what: @what->addr and @what->flags are read; VMSCOPE_WHAT_SYMBOL and what
 *	belongs to it are filled in where there is one
 * @text: room for KSYM_SYMBOL_LEN bytes
 *
 * sprint_symbol() prints the address itself where it knows no symbol.
 *
 * Context: Process context, may sleep.
 * Return: 0, or -EINTR if the caller was killed.
 */
int vmscope_what_symbol(struct vmscope_what *what, char *text)
{
	const u64 step = 64;
	u64 reach = what->flags & VMSCOPE_ASK_NEXT_SYMBOL ?
			    min_t(u64, VMSCOPE_SYMBOL_REACH, -what->addr) :
			    1;
	u64 at;

	for (at = what->addr; at - what->addr < reach; at += step) {
		if (fatal_signal_pending(current))
			return -EINTR;
		/* It prints a module's name that only RCU keeps. */
		rcu_read_lock();
		what->symbol_bytes = sprint_symbol(text, at);
		rcu_read_unlock();
		if (strncmp(text, "0x", 2)) {
			what->known |= VMSCOPE_WHAT_SYMBOL;
			what->symbol_at = at;
			return 0;
		}
		cond_resched();
	}
	what->symbol_bytes = 0;
	return 0;
}
