// SPDX-License-Identifier: GPL-2.0-only
/*
 * A table of a process -> facts of the frames of its pages, and their states.
 */
#include "frame-facts.h"

#include <linux/kernel-page-flags.h>
#include <linux/rcupdate.h>

#include "area.h"
#include "frame.h"
#include "frame-loop.h"

/* Return: false if there is no room for the entry's facts */
static noinline bool note(const struct closer *closer, unsigned int i)
{
	const unsigned int level = closer->copy->level;
	const u64 raw = closer->copy->entries[i];
	const unsigned long pfn = vmscope_arch_pfn(raw, level);
	const bool zero = level == VMSCOPE_LEVEL_PTE &&
			  vmscope_frame_is_zero(pfn);
	const bool has = vmscope_frame_has_page(closer->area, raw, level);
	struct page *page = NULL;
	u64 flags = 0;
	u8 state = 0;

	if (vmscope_arch_is_table(raw, level))
		return true;
	if ((has || zero) && vmscope_is_online(closer->online, pfn))
		page = pfn_to_page(pfn);
	if (zero)
		state = VMSCOPE_STATE_ZERO;
	else if (closer->must && has)
		state = vmscope_frame_state(closer->online, pfn, closer->area,
					    level);
	if (state == VMSCOPE_STATE_HUGEZERO)
		flags = BIT_ULL(KPF_ZERO_PAGE) | BIT_ULL(KPF_THP);
	closer->copy->state[i] = state;
	return vmscope_frames_note(closer->frames, page, closer->copy, i, state,
				   flags);
}

static noinline unsigned int cheap_pages(const struct closer *closer,
					 unsigned int i, int *rest)
{
	return like_pages(closer, i, CHEAP_FACTS, rest);
}

static noinline unsigned int costly_pages(const struct closer *closer,
					  unsigned int i, int *rest)
{
	return like_pages(closer, i, VMSCOPE_FACT_ALL, rest);
}

/*
 * The tails of a folio, which lie one behind another as their frames do, up to
 * the end of the stretch of memory. The page before @i may be their head.
 */
static noinline unsigned int tail_pages(const struct closer *closer,
					unsigned int i, int *rest)
{
	const struct vmscope_table_copy *const copy = closer->copy;
	struct vmscope_seen *const last = closer->frames->last;
	const struct memory memory =
		memory_of(closer->online, copy->entries[i - 1]);
	const u64 *entry = copy->entries + i;
	const u64 in_memory = memory.nr - 1 - offset_in(&memory, entry[-1]);
	const u64 *const end = entry + min3((u64)(copy->nr - i), in_memory,
					    (u64)*rest / TAIL_COST);
	const struct page *page = last->page + 1;
	u64 want = entry[-1];

	for (; entry < end; entry++, page++) {
		want += PAGE_SIZE;
		if (*entry != want || !vmscope_frames_tail_repeats(last, page))
			break;
	}
	last->page = page - 1;
	*rest -= (entry - copy->entries - i) * TAIL_COST;
	return entry - copy->entries;
}

/* The zero page is mapped as a special page, many times in a row. */
static unsigned int zero_pages(const struct vmscope_table_copy *copy,
			       unsigned int i, int *rest)
{
	const unsigned int first = i;
	const unsigned int end =
		min(copy->nr, first + (unsigned int)*rest / EMPTY_COST);
	const u64 raw = copy->entries[first - 1];

	while (i < end && copy->entries[i] == raw)
		i++;
	*rest -= (i - first) * EMPTY_COST;
	return i;
}

/*
 * The entries behind the one before @i, which was looked at, that are like it.
 * Return: the index of the first that is not; the states before it are set
 */
static __always_inline unsigned int like_entries(const struct closer *closer,
						 unsigned int i,
						 const u64 wanted, int *rest)
{
	struct vmscope_table_copy *const copy = closer->copy;
	const struct vmscope_seen *const last = closer->frames->last;
	const u64 raw = copy->entries[i - 1];
	const u64 field = vmscope_arch_field(raw, VMSCOPE_LEVEL_PTE, true);
	unsigned int next;

	if (i >= copy->nr || *rest <= 0 || vmscope_arch_inverts(raw) ||
	    (copy->entries[i] && (copy->entries[i] ^ raw) & ~field))
		return i;
	if (vmscope_arch_special(raw)) {
		next = zero_pages(copy, i, rest);
	} else if (last->info & 1) {
		next = tail_pages(closer, i, rest);
	} else if (!last->mapping) {
		return i;
	} else {
		return wanted == CHEAP_FACTS ? cheap_pages(closer, i, rest) :
					       costly_pages(closer, i, rest);
	}
	set_states(copy, i, next, last->state);
	return next;
}

/*
 * The entry @i, and those behind it, as far as pages of two kinds take turns.
 * None of them holds its frame inverted. @more: the entry before it maps one of
 * them. Return: the index of the first that does not; states and facts before
 * it are set. That it was compared is in NOTE_COST.
 */
static __always_inline unsigned int take_turns(const struct closer *closer,
					       unsigned int i, bool more,
					       const u64 wanted, int *rest)
{
	struct vmscope_table_copy *const copy = closer->copy;
	struct vmscope_frames *const frames = closer->frames;
	struct vmscope_seen *last = frames->last, *next = frames->other;
	const u64 *const entries = copy->entries;
	struct memory one = memory_of(closer->online, entries[i]);
	struct memory other = more ? memory_of(closer->online, entries[i - 1]) :
				     one;
	const int cost = TURN_COST(wanted);
	const unsigned int first = i;
	const unsigned int end =
		more ? min(copy->nr, i + 1 + max(*rest, 0) / cost) : i + 1;

	vmscope_frames_pass(frames, i);
	do {
		const u64 offset = offset_in(&one, entries[i]);

		if (offset >= one.nr ||
		    !vmscope_frames_repeat(next, page_at(&one, offset), i,
					   wanted))
			break;
		swap(last, next);
		swap(one.base, other.base);
		copy->state[i] = last->state;
		frames->set_of[i] = last->set;
		i++;
	} while (i < end);
	*rest -= (i - first) * cost;
	frames->noted = i;
	frames->last = last;
	frames->other = next;
	return i;
}

static noinline unsigned int take_cheap_turns(const struct closer *closer,
					      unsigned int i, bool more,
					      int *rest)
{
	return take_turns(closer, i, more, CHEAP_FACTS, rest);
}

static noinline unsigned int take_costly_turns(const struct closer *closer,
					       unsigned int i, bool more,
					       int *rest)
{
	return take_turns(closer, i, more, VMSCOPE_FACT_ALL, rest);
}

/* Return: the index of the first entry whose page has to be noted */
static __always_inline unsigned int go_on(const struct closer *closer,
					  unsigned int i, u64 raw, bool more,
					  const u64 wanted, int *rest)
{
	struct vmscope_table_copy *const copy = closer->copy;
	struct vmscope_frames *const frames = closer->frames;
	const unsigned long pfn = vmscope_arch_pfn(raw, VMSCOPE_LEVEL_PTE);

	if (vmscope_arch_special(raw) ||
	    !vmscope_is_online(closer->online, pfn))
		return i;
	if (vmscope_frames_go_on(frames->last, pfn_to_page(pfn), i, wanted)) {
		if (!frames->nr &&
		    !vmscope_frames_resume(frames, pfn_to_page(pfn), copy, i))
			return i;
		copy->state[i] = frames->last->state;
		return i + 1;
	}
	/* No tail page has a mapping like it, see vmscope_frames_repeat(). */
	if (!frames->other->page || !frames->other->mapping ||
	    vmscope_arch_inverts(raw))
		return i;
	more = more && frames->last->mapping &&
	       !vmscope_arch_inverts(copy->entries[i - 1]);
	return wanted == CHEAP_FACTS ? take_cheap_turns(closer, i, more, rest) :
				       take_costly_turns(closer, i, more, rest);
}

/* Return: the index of the entry that the look ends before */
static __always_inline unsigned int look_closer(const struct closer *closer,
						const unsigned int level,
						const u64 wanted, int *left)
{
	struct vmscope_table_copy *const copy = closer->copy;
	struct vmscope_frames *const frames = closer->frames;
	int rest = *left, cost = OWN_COST;
	unsigned int i = 0, next, seen = 0;

	while (i < copy->nr && (!i || rest > 0)) {
		const u64 raw = copy->entries[i];

		copy->state[i] = 0;
		if (!vmscope_arch_present(raw, level)) {
			rest -= EMPTY_COST;
			i++;
			continue;
		}
		rest -= cost;
		cost = CHANGE_COST;
		next = i;
		if (level == VMSCOPE_LEVEL_PTE)
			next = go_on(closer, i, raw, i == seen, wanted, &rest);
		if (next == i) {
			rest -= NOTE_COST;
			if (!note(closer, i))
				break;
			next++;
		}
		i = next;
		if (level > VMSCOPE_LEVEL_PTE || !frames->last->page)
			continue;
		i = like_entries(closer, i, wanted, &rest);
		seen = copy->entries[i - 1] ? i : 0;
	}
	*left = rest;
	return i;
}

/**
 * vmscope_frame_facts - what the frames of a table are, and facts of them
 * @online: the stretch of memory that was found last
 * @area: the area that the table's entries belong to
 * @copy: the table; @copy->state is filled in as by vmscope_frame_states()
 * @frames: filled in
 * @left: what may be spent, in instructions; updated. @copy->nr is cut where it
 *	is used up.
 *
 * Context: Process context. Takes the RCU read lock.
 */
void vmscope_frame_facts(struct vmscope_online *online,
			 const struct vmscope_area_facts *area,
			 struct vmscope_table_copy *copy,
			 struct vmscope_frames *frames, int *left)
{
	const struct closer closer = {
		.online = online,
		.area = area,
		.copy = copy,
		.frames = frames,
		.must = vmscope_frame_must_look(area, copy->level),
	};

	rcu_read_lock();
	vmscope_online_begin(online);
	vmscope_frames_begin(frames, area->other_state << 1 | closer.must);
	if (copy->level > VMSCOPE_LEVEL_PTE)
		copy->nr = look_closer(&closer, copy->level, 0, left);
	else if (frames->wanted & ~(u64)CHEAP_FACTS)
		copy->nr = look_closer(&closer, VMSCOPE_LEVEL_PTE,
				       VMSCOPE_FACT_ALL, left);
	else
		copy->nr = look_closer(&closer, VMSCOPE_LEVEL_PTE, CHEAP_FACTS,
				       left);
	vmscope_frames_pass(frames, copy->nr);
	rcu_read_unlock();
}
