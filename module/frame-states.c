// SPDX-License-Identifier: GPL-2.0-only
/*
 * A table of a process -> the state of each of its pages, where only their
 * frames say it.
 */
#include "frame-states.h"

#include <linux/rcupdate.h>

#include "area.h"
#include "frame.h"
#include "frame-loop.h"

static noinline unsigned int anon_pages(const struct closer *closer,
					unsigned int i, int *rest)
{
	return like_pages(closer, i, 0, rest);
}

/*
 * The zero page is known by its number, and may be mapped as a special page.
 * Return: as vmscope_frame_states()
 */
static __always_inline u8 look(const struct closer *closer,
			       const unsigned int level, int *left)
{
	struct vmscope_table_copy *const copy = closer->copy;
	const u64 *const entries = copy->entries;
	bool looked = false, all_anon = level == VMSCOPE_LEVEL_PTE;
	unsigned int i = 0, first;
	int rest = *left;

	memset(copy->state, 0, copy->nr);
	do {
		const u64 raw = entries[i];
		unsigned long pfn;
		u8 state = 0;

		first = i++;
		rest -= ABSENT_COST;
		if (!vmscope_arch_present(raw, level))
			continue;
		pfn = vmscope_arch_pfn(raw, level);
		if (level == VMSCOPE_LEVEL_PTE && vmscope_frame_is_zero(pfn)) {
			state = VMSCOPE_STATE_ZERO;
		} else if (vmscope_frame_has_page(closer->area, raw, level)) {
			state = vmscope_frame_state(closer->online, pfn,
						    closer->area, level);
			looked = true;
		}
		rest -= OWN_COST;
		if (state == VMSCOPE_STATE_DEVICE ||
		    state == VMSCOPE_STATE_PFNMAP)
			rest -= DEVICE_COST;
		all_anon &= state == VMSCOPE_STATE_ANON;
		copy->state[first] = state;
		if (level > VMSCOPE_LEVEL_PTE || state != VMSCOPE_STATE_ANON ||
		    vmscope_arch_inverts(raw))
			continue;
		i = anon_pages(closer, i, &rest);
	} while (i < copy->nr && rest > 0);
	copy->nr = i;
	*left = rest;
	if (!looked)
		return 0;
	return all_anon ? VMSCOPE_STATE_ANON : VMSCOPE_STATE_UNKNOWN;
}

/**
 * vmscope_frame_states - what the frames of a table are, where only they say
 * @online: the stretch of memory that was found last
 * @area: the area that the table's entries belong to
 * @copy: the table; @copy->state is filled in, 0 where the area says what the
 *	page is
 * @left: what may be spent, in instructions; updated. @copy->nr is cut where it
 *	is used up.
 *
 * Context: Process context. Takes the RCU read lock.
 * Return:
 * * 0                     - no frame was looked at
 * * VMSCOPE_STATE_ANON    - all base pages that are mapped are anonymous
 * * VMSCOPE_STATE_UNKNOWN - they differ
 *
 * If frames were looked at, the table must be compared with memory before the
 * states count.
 */
u8 vmscope_frame_states(struct vmscope_online *online,
			const struct vmscope_area_facts *area,
			struct vmscope_table_copy *copy, int *left)
{
	const struct closer closer = {
		.online = online,
		.area = area,
		.copy = copy,
	};
	u8 all;

	if (!vmscope_frame_must_look(area, copy->level)) {
		memset(copy->state, 0, copy->nr);
		return 0;
	}
	rcu_read_lock();
	vmscope_online_begin(online);
	if (copy->level == VMSCOPE_LEVEL_PTE)
		all = look(&closer, VMSCOPE_LEVEL_PTE, left);
	else if (copy->level == VMSCOPE_LEVEL_PMD)
		all = look(&closer, VMSCOPE_LEVEL_PMD, left);
	else
		all = look(&closer, copy->level, left);
	rcu_read_unlock();
	return all;
}
