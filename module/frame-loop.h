/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The loop over neighbouring frames that are alike. It is compiled for each set
 * of facts in a function of its own, because it needs every register. Why pages
 * can be read without a reference: see frame.c.
 */
#ifndef _VMSCOPE_FRAME_LOOP_H
#define _VMSCOPE_FRAME_LOOP_H

#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "arch/arch.h"
#include "compat/compat.h"
#include "folio.h"
#include "online.h"
#include "walk.h"

/* What an entry costs, in instructions, if only its state is asked for. */
#define ABSENT_COST 8
/* With facts, if it is empty, or a zero page again. */
#define EMPTY_COST 26
/* A page that is looked at by itself. */
#define OWN_COST(wanted) ((wanted) == VMSCOPE_FACT_ALL ? 88 : 75)
/* A page that is looked at behind one like it; no less than a hole there. */
#define LIKE_COST(wanted) ((wanted) == CHEAP_FACTS ? 22 : 40)
/* The same where each frame is in another block of memory. */
#define FAR_COST(wanted) ((wanted) == CHEAP_FACTS ? 40 : 58)
/* A tail behind one like it. */
#define TAIL_COST 18
/* If all that is asked is whether it is anonymous. */
#define ANON_COST 16
/* It costs this much more if it is not online memory. */
#define DEVICE_COST 150
/* It costs this much more if its frame is in another block of memory. */
#define BLOCK_COST 22
/* Facts are decoded. */
#define NOTE_COST 640
/* A page that is like the one before the last. */
#define TURN_COST(wanted) ((wanted) == CHEAP_FACTS ? 52 : 63)

/* Facts that are in the same words of a page as its state. */
#define CHEAP_FACTS                                                        \
	(VMSCOPE_FACT_FLAGS | VMSCOPE_FACT_MAPCOUNT | VMSCOPE_FACT_ORDER | \
	 VMSCOPE_FACT_NODE | VMSCOPE_FACT_ZONE)

/**
 * struct closer - a closer look at the frames of a table
 * @online: what is known of memory
 * @area: the area that the table's entries belong to
 * @copy: the table
 * @frames: where facts are noted, if any are asked for
 * @must: the frames say what the pages are
 */
struct closer {
	struct vmscope_online *online;
	const struct vmscope_area_facts *area;
	struct vmscope_table_copy *copy;
	struct vmscope_frames *frames;
	bool must;
};

/*
 * Where a page lies in its block; @addr: where its frame does, a multiple of
 * the page size, so that one shift can stand for two.
 */
static __always_inline size_t page_offset_of(u64 addr)
{
	if (sizeof(struct page) == 64)
		return addr >> (PAGE_SHIFT - 6);
	return (addr >> PAGE_SHIFT) * sizeof(struct page);
}

static __always_inline bool is_anon(const struct page *page)
{
	const struct folio *folio = vmscope_page_info(page) & 1 ?
					    page_folio(page) :
					    (const struct folio *)page;
	const unsigned long mapping = (unsigned long)READ_ONCE(folio->mapping);

	return (mapping & FOLIO_MAPPING_FLAGS) == FOLIO_MAPPING_ANON;
}

/* The entries from @first on are of one state. */
static __always_inline void set_states(struct vmscope_table_copy *copy,
				       unsigned int first, unsigned int end,
				       u8 state)
{
	if (end == first + 1)
		copy->state[first] = state;
	else if (end > first)
		memset(copy->state + first, state, end - first);
}

/*
 * The entries that differ from the one before @i in their frame only, and whose
 * pages are like that one's: in the facts that are @wanted, or anonymous, too;
 * and empty entries among and behind them. A frame in another block of memory
 * costs more; blocks that are known to be online are looked up 64 at a time.
 * Where frames jump from block to block twice in a row, far_pages() is faster.
 * Return: the index of the first that is not; the states before it are set
 */
static __always_inline unsigned int like_pages(const struct closer *closer,
					       unsigned int i, const u64 wanted,
					       int *rest)
{
	struct vmscope_table_copy *const copy = closer->copy;
	const u64 *const entries = copy->entries;
	const u64 *const end = entries + copy->nr;
	const u64 field =
		vmscope_arch_field(entries[i - 1], VMSCOPE_LEVEL_PTE, true);
	const u64 in_block = field &
			     (PFN_PHYS(1ULL << COMPAT_ONLINE_SHIFT) - 1);
	const u64 other_bits = entries[i - 1] & ~field;
	const struct vmscope_seen *const last = wanted ? closer->frames->last :
							 NULL;
	const u8 state = copy->state[i - 1];
	const int cost = wanted ? LIKE_COST(wanted) : ANON_COST;
	const u64 *limit = entries + i + *rest / cost;
	const u64 *stop = min(limit, end);
	u64 first = entries[i - 1] & ~in_block;
	const void *block = pfn_to_page((first & field) >> PAGE_SHIFT);
	unsigned long group = ~0UL;
	const u64 *at, *jump = NULL;
	unsigned int set = i;
	u64 blocks = 0;

	for (at = entries + i; at < stop; at++) {
		u64 differs = *at ^ first;
		const struct page *page;

		if (differs & ~in_block) {
			const unsigned long pfn = (*at & field) >> PAGE_SHIFT;

			if (!*at) {
				set_states(copy, set, at - entries, state);
				set = at - entries;
				copy->state[set++] = 0;
				continue;
			}
			if ((*at ^ other_bits) & ~field ||
			    (wanted && at - 1 == jump))
				break;
			jump = at;
			if (vmscope_online_group(pfn) != group) {
				group = vmscope_online_group(pfn);
				blocks = vmscope_online_blocks(closer->online,
							       group);
			}
			if (!vmscope_online_has(blocks, pfn))
				break;
			first = *at & ~in_block;
			block = pfn_to_page((first & field) >> PAGE_SHIFT);
			differs = *at & in_block;
			limit -= DIV_ROUND_UP(BLOCK_COST, cost);
			stop = min(limit, end);
		}
		page = block + page_offset_of(differs);
		if (wanted ? !vmscope_frames_repeat(last, page, at - entries,
						    wanted) :
			     !is_anon(page))
			break;
	}
	set_states(copy, set, at - entries, state);
	*rest -= (at - limit) * cost + *rest / cost * cost;
	return at - entries;
}

#endif /* _VMSCOPE_FRAME_LOOP_H */
