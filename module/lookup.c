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
#include "kernel/region.h"
#include "scan.h"
#include "target.h"

#define MAX_TRIES 4

static bool in_half_of(const struct vmscope_target *target, u64 addr)
{
	if (target->kernel)
		return vmscope_arch_is_kernel(addr) &&
		       addr < VMSCOPE_KERNEL_END;
	return addr < TASK_SIZE_MAX;
}

static struct vmscope_scan page_query(const struct vmscope_target *target,
				      u64 addr)
{
	struct vmscope_scan query = {
		.flags = VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_NAMES,
		.start = addr & PAGE_MASK,
		.buf_bytes = VMSCOPE_SCAN_BUF_WORDS * sizeof(u64),
	};

	/* Outside of the target's half, report only the walk. */
	query.end = query.start;
	if (in_half_of(target, query.start))
		query.end += PAGE_SIZE;
	if (!target->kernel)
		query.facts = vmscope_folio_known() & VMSCOPE_FACT_ALL;
	return query;
}

static const struct vmscope_area *found_area(const struct vmscope_sink *sink)
{
	const struct vmscope_area *area = (const void *)sink->buf;

	if (!sink->used || VMSCOPE_WORD_KIND(area->where) != VMSCOPE_KIND_AREA)
		return NULL;
	return area;
}

static const struct vmscope_page *found_page(const struct vmscope_sink *sink)
{
	return (const void *)(sink->buf + sink->used - VMSCOPE_PAGE_WORDS);
}

static const struct vmscope_trace_level *
last_level(const struct vmscope_trace *trace)
{
	return &trace->levels[trace->nr - 1];
}

/* Walk and page are read one after the other, and must agree. */
static bool agrees(const struct vmscope_sink *sink,
		   const struct vmscope_trace *trace)
{
	const struct vmscope_page *page = found_page(sink);
	const struct vmscope_trace_level *last;
	u64 raw;

	if (trace->raced)
		return false;
	if (!trace->nr || !found_area(sink))
		return true;
	last = last_level(trace);
	raw = page->raw;
	if (VMSCOPE_WORD_LEVEL(page->where) != last->level)
		return false;
	/* In a run of empty pages, that field is the length, not the entry. */
	if (VMSCOPE_WORD_KIND(page->where) == VMSCOPE_KIND_RUN)
		raw = 0;
	if (page->what & VMSCOPE_F_WITHHELD)
		return !vmscope_arch_none(last->raw);
	return vmscope_arch_none(raw) ? vmscope_arch_none(last->raw) :
					vmscope_arch_same_page(raw, last->raw);
}

static int read_page(struct vmscope_scanner *scanner,
		     struct vmscope_target *target,
		     const struct vmscope_policy *policy, u64 addr,
		     struct vmscope_trace *trace)
{
	const struct vmscope_scan query = page_query(target, addr);
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

static u64 entry_flags(const struct vmscope_trace_level *entry)
{
	if (vmscope_arch_is_table(entry->raw, entry->level) ||
	    vmscope_arch_present(entry->raw, entry->level))
		return vmscope_decode_leaf(entry->raw, entry->level, 0);
	return vmscope_arch_none(entry->raw) ? 0 :
					       vmscope_arch_absent(entry->raw);
}

static void fill_levels(const struct vmscope_trace *trace,
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
		to->flags = entry_flags(from);
		if (!policy->frames) {
			to->flags |= VMSCOPE_F_WITHHELD;
			continue;
		}
		to->raw = from->raw;
		to->entry_phys = from->table_phys + from->index * sizeof(u64);
	}
	if (policy->frames)
		walk->root_phys = trace->levels[0].table_phys;
}

static u64 offset_in_entry(const struct vmscope_trace_level *entry, u64 addr)
{
	return addr & ((1UL << vmscope_level_shift(entry->level)) - 1);
}

static void page_at(const struct vmscope_trace *trace, u64 addr, u64 state,
		    struct vmscope_page *page)
{
	page->where = (addr & PAGE_MASK) | VMSCOPE_KIND_PAGE |
		      ((u64)last_level(trace)->level << VMSCOPE_LEVEL_SHIFT);
	page->what |= (state << VMSCOPE_STATE_SHIFT) |
		      (1ULL << VMSCOPE_PAGES_SHIFT);
}

/* The kernel's half has no areas: decode the last entry. */
static void page_of_kernel(const struct vmscope_trace *trace, u64 addr,
			   struct vmscope_page *page)
{
	const struct vmscope_trace_level *last = last_level(trace);
	u64 state = VMSCOPE_STATE_NONE;

	if (vmscope_arch_is_table(last->raw, last->level)) {
		state = VMSCOPE_STATE_UNKNOWN;
	} else if (vmscope_arch_present(last->raw, last->level)) {
		state = VMSCOPE_STATE_KERNEL;
		page->what = vmscope_decode_leaf(last->raw, last->level,
						 trace->perm);
		page->value = vmscope_arch_pfn(last->raw, last->level) +
			      (offset_in_entry(last, addr) >> PAGE_SHIFT);
	}
	page->raw = last->raw;
	page_at(trace, addr, state, page);
}

/* A run of one empty page becomes a page. */
static void page_of_scan(const struct vmscope_page *from,
			 struct vmscope_page *page)
{
	*page = *from;
	if (VMSCOPE_WORD_KIND(from->where) != VMSCOPE_KIND_RUN)
		return;
	page->where ^= VMSCOPE_KIND_RUN ^ VMSCOPE_KIND_PAGE;
	page->what |= 1ULL << VMSCOPE_PAGES_SHIFT;
	page->raw = 0;
}

/* Only if the entry itself does not determine what an access does. */
static void fill_behind(const struct vmscope_trace *trace,
			struct vmscope_walk *walk)
{
	u64 state = VMSCOPE_WORD_STATE(walk->page.what);

	walk->uffd_features = trace->uffd_features;
	if (state == VMSCOPE_STATE_NONE || state == VMSCOPE_STATE_SHMEM_SWAP ||
	    state == VMSCOPE_STATE_MARKER_UFFD ||
	    state == VMSCOPE_STATE_UNMAPPED) {
		walk->behind = trace->behind;
		walk->behind_end = trace->behind_end;
	}
}

static void fill_place(const struct vmscope_policy *policy,
		       struct vmscope_walk *walk)
{
	unsigned long pfn = walk->page.value;
	unsigned long alias;

	if (!policy->frames || !(walk->page.what & VMSCOPE_F_PRESENT))
		return;
	walk->phys = PFN_PHYS(pfn) | offset_in_page(walk->addr);
	alias = policy->kaddr ? vmscope_frame_alias(pfn) : 0;
	if (alias)
		walk->kernel_alias = alias | offset_in_page(walk->addr);
}

/**
 * vmscope_lookup - report every level of one address, its page and its area
 * @scanner: its earlier scan is replaced
 * @target: a pinned target
 * @policy: what the caller may see
 * @walk: @walk->addr is read; the out fields are filled in
 * @name: filled in: the area's name, @walk->area.name_bytes long, kept in
 *	@scanner
 *
 * Context: Process context, may sleep; takes and releases the target's
 * mmap_lock.
 * Return:
 * * 0       - found, also if nothing is mapped there
 * * -EINVAL - the address is not canonical, or is a user address and the
 *   target is the kernel
 * * -EPERM  - the kernel's half may not be shown
 * * -ESRCH  - the address space is gone
 * * -EINTR  - the caller was killed
 * * -EOPNOTSUPP - the root table cannot be read
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
	if (target->kernel && !vmscope_arch_is_kernel(walk->addr))
		return -EINVAL;
	/* The set of mapped kernel addresses reveals where the kernel is. */
	if (vmscope_arch_is_kernel(walk->addr) && !policy->kaddr)
		return -EPERM;
	ret = read_page(scanner, target, policy, walk->addr, &trace);
	if (ret < 0)
		return ret;
	if (!trace.nr)
		return -EOPNOTSUPP;
	fill_levels(&trace, policy, walk);
	area = found_area(&scanner->sink);
	*name = NULL;
	if (area) {
		*name = (const char *)(area + 1);
		walk->area = *area;
		page_of_scan(found_page(&scanner->sink), &walk->page);
		if (walk->page.what & VMSCOPE_F_PRESENT)
			walk->frame = scanner->sink.frame;
	} else if (vmscope_arch_is_kernel(walk->addr)) {
		page_of_kernel(&trace, walk->addr, &walk->page);
	} else {
		page_at(&trace, walk->addr, VMSCOPE_STATE_UNMAPPED,
			&walk->page);
	}
	walk->page.what |= ret;
	fill_behind(&trace, walk);
	fill_place(policy, walk);
	return 0;
}
