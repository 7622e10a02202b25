// SPDX-License-Identifier: GPL-2.0-only
/*
 * Use and facts of a range of frames, as runs that agree in them.
 *
 * No lock is held, so the list is not of a single moment.
 */
#include "frame-list.h"

#include <linux/kernel-page-flags.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>

#include "../folio.h"
#include "../online.h"
#include "block.h"
#include "slab.h"

/* Flags in which the pages of a folio can differ. */
#define FLAGS_OF_ONE                                               \
	(BIT_ULL(KPF_COMPOUND_HEAD) | BIT_ULL(KPF_COMPOUND_TAIL) | \
	 BIT_ULL(KPF_MMAP) | BIT_ULL(KPF_HWPOISON))

/* Facts of single pages without a type that cost nearly nothing. */
#define PLAIN_FACTS \
	(VMSCOPE_FACT_FLAGS | VMSCOPE_FACT_ORDER | VMSCOPE_FACT_NODE)

/**
 * vmscope_frame_list_check - validate a request
 * @list: as the caller sent it
 *
 * Context: Any context.
 * Return: 0, -EINVAL, or -EOPNOTSUPP for facts that this kernel lacks
 */
int vmscope_frame_list_check(const struct vmscope_frame_list *list)
{
	if (list->flags || list->reserved || list->start >= list->end ||
	    list->facts & ~(u64)(VMSCOPE_FACT_ALL | VMSCOPE_FACT_CACHE) ||
	    !list->buf || list->buf % sizeof(u64) ||
	    list->buf_bytes < sizeof(struct vmscope_frame_run))
		return -EINVAL;
	if (list->facts & ~(vmscope_folio_known() | vmscope_slab_facts()))
		return -EOPNOTSUPP;
	return 0;
}

/**
 * vmscope_frame_walk_begin - begin a walk
 * @walk: filled in
 * @list: a valid request; @memory_end is filled in
 *
 * Context: Any context.
 */
void vmscope_frame_walk_begin(struct vmscope_frame_walk *walk,
			      struct vmscope_frame_list *list)
{
	list->memory_end = vmscope_last_frame();
	walk->end = min(list->end, list->memory_end);
	walk->pfn = min_t(u64, list->start, walk->end);
	walk->wanted = list->facts & VMSCOPE_FACT_ALL;
	walk->caches = list->facts & VMSCOPE_FACT_CACHE;
	walk->page_flags = list->page_flags;
	walk->plain_bits = 0;
	if (walk->wanted & VMSCOPE_FACT_FLAGS &&
	    !(walk->wanted & ~(u64)PLAIN_FACTS))
		walk->plain_bits = vmscope_folio_plain_bits(walk->page_flags);
	walk->nr = 0;
}

/* Other uses keep other things in the words of mapping and index. */
static bool has_index(const struct vmscope_block *block)
{
	return block->kind == VMSCOPE_FRAME_CACHE ||
	       block->kind == VMSCOPE_FRAME_HUGETLB;
}

static void read_facts(const struct vmscope_frame_walk *walk, unsigned long pfn,
		       const struct vmscope_block *block,
		       struct vmscope_seen *last, struct vmscope_frame *frame)
{
	bool is_free = block->kind == VMSCOPE_FRAME_FREE;

	if (block->kind == VMSCOPE_FRAME_HOLE ||
	    block->kind == VMSCOPE_FRAME_UNKNOWN) {
		*frame = (struct vmscope_frame){};
	} else {
		vmscope_folio_facts(pfn_to_page(is_free ? block->head : pfn),
				    walk->wanted, last, frame);
		frame->flags &= walk->page_flags;
		if (walk->wanted & VMSCOPE_FACT_ORDER)
			frame->place = (frame->place & ~0xffULL) | block->order;
		if (!has_index(block)) {
			frame->known &= ~(u64)VMSCOPE_FACT_INDEX;
			frame->index = 0;
		}
	}
	if (walk->caches && block->kind == VMSCOPE_FRAME_SLAB) {
		frame->index = vmscope_slab_cache_at(block);
		frame->known |= frame->index ? VMSCOPE_FACT_CACHE : 0;
	}
	frame->where = (u64)pfn << PAGE_SHIFT | VMSCOPE_KIND_FRAME;
}

/* The run behind the last one is complete: it becomes a part of that one. */
static void end_run(struct vmscope_frame_walk *walk)
{
	struct vmscope_frame_run *run = &walk->run[walk->nr];

	walk->pfn += run->frames;
	if (walk->nr && run[-1].kind == run->kind &&
	    vmscope_frame_continues(&run[-1].frame, &run->frame))
		run[-1].frames += run->frames;
	else
		walk->nr++;
}

static void add_frames(struct vmscope_frame_walk *walk, unsigned long pages,
		       const struct vmscope_block *block,
		       struct vmscope_seen *last)
{
	struct vmscope_frame_run *run = &walk->run[walk->nr];

	run->kind = block->kind;
	run->frames = pages;
	read_facts(walk, walk->pfn, block, last, &run->frame);
	end_run(walk);
}

/*
 * A short path for single pages without a type, which fill memory. Return:
 * false if there was no room for all of them before @end
 */
static bool add_plain(struct vmscope_frame_walk *walk, unsigned long end,
		      unsigned int room)
{
	struct vmscope_plain plain;

	while (walk->plain_bits && walk->pfn < end) {
		struct vmscope_frame_run *run = &walk->run[walk->nr];
		unsigned long next;

		if (walk->nr == room)
			return false;
		next = vmscope_plain_run(walk->pfn, end, walk->plain_bits,
					 &plain);
		if (next == walk->pfn)
			return true;
		run->kind = plain.kind;
		run->frames = next - walk->pfn;
		run->frame = (struct vmscope_frame){
			.where = (u64)walk->pfn << PAGE_SHIFT |
				 VMSCOPE_KIND_FRAME,
			.known = walk->wanted,
			.flags = walk->page_flags &
				 vmscope_folio_plain_flags(plain.flags,
							   plain.mapping),
		};
		if (walk->wanted & VMSCOPE_FACT_NODE)
			run->frame.place =
				(u64)page_to_nid(pfn_to_page(walk->pfn))
				<< VMSCOPE_NODE_SHIFT;
		end_run(walk);
	}
	return true;
}

/* Return: false if there was no room for all of it before @end */
static bool add_block(struct vmscope_frame_walk *walk, unsigned long end,
		      unsigned int room, const struct vmscope_block *block,
		      struct vmscope_seen *last)
{
	unsigned long block_end = block->head + BIT(block->order);
	bool alike = block->kind == VMSCOPE_FRAME_FREE ||
		     !(walk->wanted & VMSCOPE_FACT_MAPCOUNT ||
		       (walk->wanted & VMSCOPE_FACT_FLAGS &&
			walk->page_flags & FLAGS_OF_ONE));

	block_end = min(block_end, alike ? walk->end : end);
	while (walk->pfn < block_end) {
		if (walk->nr == room)
			return false;
		add_frames(walk, alike ? block_end - walk->pfn : 1, block,
			   last);
	}
	return true;
}

/* A free block can extend beyond the chunk, and all of it is online. */
static bool add_chunk(struct vmscope_frame_walk *walk, unsigned int room)
{
	unsigned long end =
		min(ALIGN(walk->pfn + 1, VMSCOPE_CHUNK_FRAMES), walk->end);
	struct vmscope_seen last = { .memcg_known = ~0UL };
	struct vmscope_block block;

	if (!pfn_to_online_page(walk->pfn)) {
		if (walk->nr == room)
			return false;
		end = min(vmscope_hole_end(walk->pfn), walk->end);
		block = (struct vmscope_block){ .kind = VMSCOPE_FRAME_HOLE };
		add_frames(walk, end - walk->pfn, &block, &last);
		return true;
	}
	/* Perhaps not the first frame of a free block. */
	vmscope_block_of(walk->pfn, &block);
	while (add_block(walk, end, room, &block, &last) &&
	       add_plain(walk, end, room)) {
		if (walk->pfn >= end)
			return true;
		vmscope_block_at(walk->pfn, &block);
	}
	return false;
}

/**
 * vmscope_frame_walk_fill - find the next runs
 * @walk: where the last call left it
 * @room: how many runs at most, not 0
 *
 * Context: Process context, may sleep.
 * Return: 1 if there may be more, 0 if these were the last, -EINTR after a
 * fatal signal
 */
int vmscope_frame_walk_fill(struct vmscope_frame_walk *walk, u64 room)
{
	bool go_on = true;

	room = min_t(u64, room, VMSCOPE_FRAME_RUNS);
	walk->nr = 0;
	while (go_on && walk->pfn < walk->end) {
		if (fatal_signal_pending(current))
			return -EINTR;
		rcu_read_lock();
		go_on = add_chunk(walk, room);
		rcu_read_unlock();
		cond_resched();
	}
	return walk->pfn < walk->end;
}
