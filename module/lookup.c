// SPDX-License-Identifier: GPL-2.0-only
/*
 * One address -> every level of its walk, its page and its area. The page and
 * the area come from the engine, as a scan of that one page.
 */
#include "lookup.h"

#include <linux/errno.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "arch/arch.h"
#include "decode.h"
#include "frame.h"
#include "scan.h"
#include "target.h"

#define MAX_TRIES 4

static struct vmscope_scan page_query(u64 addr)
{
	struct vmscope_scan query = {
		.flags = VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_NAMES,
		.start = addr & PAGE_MASK,
		.buf_bytes = VMSCOPE_SCAN_BUF_WORDS * sizeof(u64),
	};

	/* The kernel's half is in no area: there the walk is all there is. */
	query.end = query.start;
	if (query.start < TASK_SIZE_MAX)
		query.end += PAGE_SIZE;
	return query;
}

static const struct vmscope_area *told_area(const struct vmscope_sink *sink)
{
	const struct vmscope_area *area = (const void *)sink->buf;

	if (!sink->used || VMSCOPE_WORD_KIND(area->where) != VMSCOPE_KIND_AREA)
		return NULL;
	return area;
}

static const struct vmscope_page *told_page(const struct vmscope_sink *sink)
{
	const size_t words = sizeof(struct vmscope_page) / sizeof(u64);

	return (const void *)(sink->buf + sink->used - words);
}

static const struct vmscope_trace_level *
last_level(const struct vmscope_trace *trace)
{
	return &trace->levels[trace->nr - 1];
}

/* Walk and page are read one after the other, and must be of one moment. */
static bool agrees(const struct vmscope_sink *sink,
		   const struct vmscope_trace *trace)
{
	const struct vmscope_page *page = told_page(sink);
	u64 raw = last_level(trace)->raw;

	if (!told_area(sink))
		return true;
	if (VMSCOPE_WORD_LEVEL(page->where) != last_level(trace)->level)
		return false;
	if (page->what & VMSCOPE_F_WITHHELD ||
	    VMSCOPE_WORD_KIND(page->where) == VMSCOPE_KIND_RUN)
		return true;
	return page->raw == raw || !page->raw;
}

static int read_page(struct vmscope_scanner *scanner,
		     struct vmscope_target *target,
		     const struct vmscope_policy *policy, u64 addr,
		     struct vmscope_trace *trace)
{
	const struct vmscope_scan query = page_query(addr);
	unsigned int tries = MAX_TRIES;
	int ret;

	do {
		vmscope_scan_begin(scanner, target, &query, !policy->frames);
		ret = vmscope_scan_trace(scanner, addr, trace);
		if (ret)
			return ret;
	} while (!agrees(&scanner->sink, trace) && --tries);
	return tries ? 0 : VMSCOPE_F_RACED;
}

static void tell_levels(const struct vmscope_trace *trace,
			const struct vmscope_policy *policy,
			struct vmscope_walk *walk)
{
	unsigned int i;

	walk->nr_levels = trace->nr;
	for (i = 0; i < trace->nr; i++) {
		const struct vmscope_trace_level *from = &trace->levels[i];
		struct vmscope_walk_level *to = &walk->levels[i];

		to->level = from->level;
		to->index = from->index;
		if (!vmscope_arch_none(from->raw))
			to->flags =
				vmscope_decode_leaf(from->raw, from->level, 0);
		if (!policy->frames)
			continue;
		to->raw = from->raw;
		to->entry_phys = from->table_phys + from->index * sizeof(u64);
	}
	if (policy->frames)
		walk->root_phys = trace->levels[0].table_phys;
}

/* Outside of every area the last entry of the walk is all that is known. */
static void page_of_trace(const struct vmscope_trace *trace, u64 addr,
			  struct vmscope_page *page)
{
	const struct vmscope_trace_level *last = last_level(trace);
	u64 skipped =
		(addr & ((1UL << vmscope_level_shift(last->level)) - 1)) >>
		PAGE_SHIFT;
	u64 state = VMSCOPE_STATE_UNMAPPED;

	if (vmscope_arch_is_kernel(addr))
		state = VMSCOPE_STATE_NONE;
	page->raw = last->raw;
	if (vmscope_arch_present(last->raw, last->level) &&
	    !vmscope_arch_is_table(last->raw, last->level)) {
		page->what = vmscope_decode_leaf(last->raw, last->level,
						 trace->perm);
		page->value =
			vmscope_arch_pfn(last->raw, last->level) + skipped;
		state = VMSCOPE_STATE_KERNEL;
	}
	page->where = (addr & PAGE_MASK) | VMSCOPE_KIND_PAGE |
		      ((u64)last->level << VMSCOPE_LEVEL_SHIFT);
	page->what |= (state << VMSCOPE_STATE_SHIFT) |
		      (1ULL << VMSCOPE_PAGES_SHIFT);
}

/* A run of one empty page, told as a page. */
static void page_of_scan(const struct vmscope_page *told,
			 struct vmscope_page *page)
{
	*page = *told;
	if (VMSCOPE_WORD_KIND(told->where) != VMSCOPE_KIND_RUN)
		return;
	page->where ^= VMSCOPE_KIND_RUN ^ VMSCOPE_KIND_PAGE;
	page->what |= 1ULL << VMSCOPE_PAGES_SHIFT;
	page->raw = 0;
}

static void tell_place(const struct vmscope_policy *policy,
		       struct vmscope_walk *walk)
{
	unsigned long pfn = walk->page.value;

	if (!policy->frames || !(walk->page.what & VMSCOPE_F_PRESENT))
		return;
	walk->phys = PFN_PHYS(pfn) | (walk->addr & ~PAGE_MASK);
	if (policy->kaddr && vmscope_frame_has_alias(pfn))
		walk->kernel_alias = (unsigned long)phys_to_virt(walk->phys);
}

/**
 * vmscope_lookup - every level of one address, its page and its area
 * @scanner: whose earlier scan is forgotten
 * @target: a pinned target
 * @policy: what the caller may be told
 * @walk: @walk->addr is read; all that is out is filled in
 * @name: filled in: the area's name, @walk->area.name_bytes long, kept in
 *	@scanner
 *
 * Context: Process context, may sleep; takes and leaves the target's
 * mmap_lock.
 * Return:
 * * 0       - found, if only that nothing is mapped there
 * * -EINVAL - the address is not canonical
 * * -EPERM  - the kernel's half may not be told
 * * -ESRCH  - the address space is gone
 * * -EINTR  - the caller was killed
 */
int vmscope_lookup(struct vmscope_scanner *scanner,
		   struct vmscope_target *target,
		   const struct vmscope_policy *policy,
		   struct vmscope_walk *walk, const char **name)
{
	const struct vmscope_area *area;
	struct vmscope_trace trace;
	int ret;

	if (!vmscope_arch_canonical(walk->addr))
		return -EINVAL;
	if (vmscope_arch_is_kernel(walk->addr) && !policy->frames)
		return -EPERM;
	ret = read_page(scanner, target, policy, walk->addr, &trace);
	if (ret < 0)
		return ret;
	tell_levels(&trace, policy, walk);
	area = told_area(&scanner->sink);
	*name = (const char *)(area + 1);
	if (area) {
		walk->area = *area;
		page_of_scan(told_page(&scanner->sink), &walk->page);
	} else {
		page_of_trace(&trace, walk->addr, &walk->page);
	}
	walk->page.what |= ret;
	tell_place(policy, walk);
	return 0;
}
