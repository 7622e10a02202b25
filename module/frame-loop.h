/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The loop over neighbouring frames that are alike. It is compiled for each set
 * of facts in a function of its own, because it needs every register. Why pages
 * can be read without a reference: see frame.c.
 */
#ifndef _VMSCOPE_FRAME_LOOP_H
#define _VMSCOPE_FRAME_LOOP_H

#include <linux/bitops.h>
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
#define OWN_COST 75
/* The same where facts are others than before: a loop ends, another begins. */
#define CHANGE_COST 410
/* A page that is looked at behind one like it; no less than a hole there. */
#define LIKE_COST(wanted) ((wanted) == CHEAP_FACTS ? 22 : 42)
/* A tail behind one like it. */
#define TAIL_COST 18
/* If all that is asked is whether it is anonymous. */
#define ANON_COST 16
/* It costs this much more if it is not online memory. */
#define DEVICE_COST 150
/* Facts are decoded. */
#define NOTE_COST 640
/* A page that is like the one before the last. */
#define TURN_COST(wanted) ((wanted) == CHEAP_FACTS ? 34 : 46)

/* Facts that are in the same words of a page as its state. */
#define CHEAP_FACTS                                                        \
	(VMSCOPE_FACT_FLAGS | VMSCOPE_FACT_MAPCOUNT | VMSCOPE_FACT_ORDER | \
	 VMSCOPE_FACT_NODE | VMSCOPE_FACT_ZONE)

/**
 * struct closer - a closer look at the frames of a table
 * @online: the stretch of memory that was found last
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

/* Online memory, and how an entry would look that maps its first frame. */
struct memory {
	u64 base;
	const void *pages;
	unsigned long nr;
};

/*
 * The stretch of memory that was found last, for entries of a PTE table that
 * differ from @raw in nothing but their frame: others are said not to map it.
 */
static __always_inline struct memory
memory_of(const struct vmscope_online *online, u64 raw)
{
	const u64 field = vmscope_arch_field(raw, VMSCOPE_LEVEL_PTE, true);

	return (struct memory){
		.base = (raw & ~field) + PFN_PHYS(online->start),
		.pages = pfn_to_page(online->start),
		.nr = online->nr,
	};
}

/*
 * Where the entry's frame lies in the stretch, in frames. If other bits differ,
 * this is no less than @nr: lower ones rotate to the top, and higher ones are
 * worth more than all memory.
 */
static __always_inline u64 offset_in(const struct memory *memory, u64 raw)
{
	return ror64(raw - memory->base, PAGE_SHIFT);
}

static __always_inline const struct page *page_at(const struct memory *memory,
						  u64 offset)
{
	return memory->pages + offset * sizeof(struct page);
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

/* Do four entries map pages like @last? @i: number of the first */
static __always_inline bool four_repeat(const struct vmscope_seen *last,
					const struct memory *memory,
					const u64 *entry, unsigned int i,
					const u64 wanted)
{
	const u64 offset[] = { offset_in(memory, entry[0]),
			       offset_in(memory, entry[1]),
			       offset_in(memory, entry[2]),
			       offset_in(memory, entry[3]) };
	struct vmscope_differing bits = {};
	unsigned int j;

#pragma GCC unroll 4
	for (j = 0; j < 4; j++)
		if (offset[j] >= memory->nr)
			return false;
#pragma GCC unroll 4
	for (j = 0; j < 4; j++) {
		vmscope_frames_compare(&bits, last, page_at(memory, offset[j]),
				       i + j, wanted);
		/* In turn: there are not registers for all words. */
		asm volatile("" : "+r"(bits.flags), "+r"(bits.others));
	}
	return vmscope_frames_are_like(&bits, last);
}

/*
 * The entries that differ from the one before @i in their frame only, and whose
 * pages are like that one's: in the facts that are @wanted, or anonymous, too;
 * and empty entries among and behind them. They end with the stretch of memory,
 * too.
 * Return: the index of the first that is not; the states before it are set
 */
static __always_inline unsigned int like_pages(const struct closer *closer,
					       unsigned int i, const u64 wanted,
					       int *rest)
{
	struct vmscope_table_copy *const copy = closer->copy;
	const u64 *const entries = copy->entries;
	const struct vmscope_seen *const last = wanted ? closer->frames->last :
							 NULL;
	const struct memory memory = memory_of(closer->online, entries[i - 1]);
	const u8 state = copy->state[i - 1];
	const int cost = wanted ? LIKE_COST(wanted) : ANON_COST;
	const u64 *const end = entries + min_t(int, copy->nr, i + *rest / cost);
	const u64 *at = entries + i;
	unsigned int set = i;

	while (wanted == CHEAP_FACTS && at + 4 <= end &&
	       four_repeat(last, &memory, at, at - entries, wanted))
		at += 4;
	for (; at < end; at++) {
		const u64 offset = offset_in(&memory, *at);
		const struct page *page = page_at(&memory, offset);

		if (offset >= memory.nr) {
			/* Read again: the loop has no register to keep it. */
			if (READ_ONCE(*at))
				break;
			set_states(copy, set, at - entries, state);
			set = at - entries;
			copy->state[set++] = 0;
			continue;
		}
		if (wanted ? !vmscope_frames_repeat(last, page, at - entries,
						    wanted) :
			     !is_anon(page))
			break;
	}
	set_states(copy, set, at - entries, state);
	*rest -= (at - entries - i) * cost;
	return at - entries;
}

#endif /* _VMSCOPE_FRAME_LOOP_H */
