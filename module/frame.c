// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frame number -> facts of the page behind it.
 *
 * A frame is looked at without a reference to it, so what is read may
 * belong to the page's next user: the caller compares the entry before and
 * after and drops what changed. The struct page itself stays while it is read:
 * its section is online, and going offline waits for readers, see online.c.
 */
#include "frame.h"

#include <linux/io.h>
#include <linux/kernel-page-flags.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/uaccess.h>

#include "../include/uapi/vmscope.h"
#include "arch/arch.h"
#include "area.h"
#include "compat/compat.h"
#include "folio.h"
#include "online.h"
#include "walk.h"

static unsigned long zero_frame(void)
{
	return page_to_pfn(ZERO_PAGE(0));
}

/**
 * vmscope_frame_is_zero - is this the shared zero page
 * @pfn: frame number
 *
 * Context: Any context.
 * Return: true for the page that a read of untouched memory maps
 */
bool vmscope_frame_is_zero(unsigned long pfn)
{
	return pfn == zero_frame();
}

/**
 * vmscope_frame_alias - where the direct map shows a frame
 * @pfn: frame number
 *
 * Online memory can have been taken out of the direct map (secretmem), so the
 * first byte is read to see; but not of a frame with a memory error, or one
 * that a hypervisor took.
 *
 * Context: Any context. Takes the RCU read lock.
 * Return: the kernel's address of the frame, 0 if it has none
 */
unsigned long vmscope_frame_alias(unsigned long pfn)
{
	unsigned long alias = 0;
	struct page *page;
	char byte;

	rcu_read_lock();
	page = pfn_to_online_page(pfn);
	if (page && !PageHWPoison(page) && !PageOffline(page))
		alias = (unsigned long)phys_to_virt(PFN_PHYS(pfn));
	if (alias && copy_from_kernel_nofault(&byte, (void *)alias, 1))
		alias = 0;
	rcu_read_unlock();
	return alias;
}

/*
 * Neither anonymous nor of a page cache. In an anonymous or DAX area such a
 * huge page must be the huge zero page, which no exported symbol names.
 */
static u8 unowned_state(const struct vmscope_area_facts *area,
			unsigned int level)
{
	if (level > VMSCOPE_LEVEL_PTE && (area->anonymous || area->dax))
		return VMSCOPE_STATE_HUGEZERO;
	return VMSCOPE_STATE_DRIVER;
}

/* Memory that was taken offline keeps its struct pages, too. */
static noinline u8 state_if_not_online(unsigned long pfn)
{
	struct dev_pagemap *device = pfn_valid(pfn) ? compat_device_of(pfn) :
						      NULL;

	if (!device)
		return VMSCOPE_STATE_PFNMAP;
	put_dev_pagemap(device);
	return VMSCOPE_STATE_DEVICE;
}

static noinline u8 other_state(unsigned long mapping,
			       const struct vmscope_area_facts *area,
			       unsigned int level)
{
	if ((mapping & FOLIO_MAPPING_FLAGS) == FOLIO_MAPPING_KSM)
		return VMSCOPE_STATE_KSM;
	return unowned_state(area, level);
}

/*
 * folio->mapping is read once and not followed; its low bits are facts of
 * their own. Source: "On an anonymous folio mapped into a user virtual memory
 * area" in include/linux/page-flags.h
 */
static __always_inline u8 frame_state(struct vmscope_online *online,
				      unsigned long pfn,
				      const struct vmscope_area_facts *area,
				      unsigned int level)
{
	unsigned long mapping;

	if (!vmscope_is_online(online, pfn))
		return state_if_not_online(pfn);
	mapping =
		(unsigned long)READ_ONCE(page_folio(pfn_to_page(pfn))->mapping);
	if ((mapping & FOLIO_MAPPING_FLAGS) == FOLIO_MAPPING_ANON)
		return VMSCOPE_STATE_ANON;
	if (mapping && !(mapping & FOLIO_MAPPING_FLAGS))
		return area->other_state;
	return other_state(mapping, area, level);
}

/**
 * vmscope_frame_must_look - do the frames of an area's tables have to be read
 * @area: the area
 * @level: enum vmscope_level of the entries
 *
 * Any anonymous area may map the huge zero page, so huge leaves are looked at.
 *
 * Context: Any context.
 * Return: false if the area alone says what an ordinary page is
 */
bool vmscope_frame_must_look(const struct vmscope_area_facts *area,
			     unsigned int level)
{
	if (!area->page_state)
		return true;
	return area->anonymous && level > VMSCOPE_LEVEL_PTE;
}

/*
 * In the order of vm_normal_page() and vm_normal_page_pmd() in mm/memory.c. In
 * an area without VM_PFNMAP and VM_MIXEDMAP, a special huge leaf is the huge
 * zero page.
 */
static bool has_page(const struct vmscope_area_facts *area, u64 raw,
		     unsigned int level)
{
	if (!vmscope_arch_present(raw, level) ||
	    vmscope_arch_is_table(raw, level))
		return false;
	if (level > VMSCOPE_LEVEL_PTE && !area->pfnmap)
		return true;
	if (level > VMSCOPE_LEVEL_PTE && area->vm_flags & VM_PFNMAP)
		return false;
	return !vmscope_arch_special(raw);
}

/* What an entry costs, in instructions, if only its state is asked for. */
#define ABSENT_COST 8
/* With facts, if it is empty, or a zero page again. */
#define EMPTY_COST 26
/* A page that is looked at by itself. */
#define OWN_COST(wanted) ((wanted) == VMSCOPE_FACT_ALL ? 70 : 55)
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
#define TURN_COST(wanted) ((wanted) == CHEAP_FACTS ? 46 : 62)

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

/* Return: false if there is no room for the entry's facts */
static noinline bool note(const struct closer *closer, unsigned int i)
{
	const unsigned int level = closer->copy->level;
	const u64 raw = closer->copy->entries[i];
	const unsigned long pfn = vmscope_arch_pfn(raw, level);
	const bool zero = level == VMSCOPE_LEVEL_PTE && pfn == zero_frame();
	const bool has = has_page(closer->area, raw, level);
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
		state = frame_state(closer->online, pfn, closer->area, level);
	if (state == VMSCOPE_STATE_HUGEZERO)
		flags = BIT_ULL(KPF_ZERO_PAGE) | BIT_ULL(KPF_THP);
	closer->copy->state[i] = state;
	return vmscope_frames_note(closer->frames, page, closer->copy, i, state,
				   flags);
}

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

/* Functions of their own: their loops need every register. */
static noinline unsigned int anon_pages(const struct closer *closer,
					unsigned int i, int *rest)
{
	return like_pages(closer, i, 0, rest);
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
 * As like_pages(), of facts and without holes, where frames jump from block to
 * block: blocks that are known to be online are looked up 64 at a time, which
 * lie in one section. There is no call in the loop, which needs every register.
 */
static __always_inline unsigned int far_pages(const struct closer *closer,
					      unsigned int i, u64 first,
					      const u64 wanted, int *rest)
{
	struct vmscope_table_copy *const copy = closer->copy;
	const struct vmscope_seen *const last = closer->frames->last;
	const u64 *const entries = copy->entries;
	const u64 field = vmscope_arch_field(first, VMSCOPE_LEVEL_PTE, true);
	const u64 other_bits = first & ~field;
	const int cost = FAR_COST(wanted);
	const u64 *end = entries + min(copy->nr, i + *rest / cost);
	unsigned long group = ~0UL;
	const void *pages = NULL;
	u64 blocks = 0;
	const u64 *at;

	for (at = entries + i; at < end; at++) {
		const u64 addr = *at ^ other_bits;
		const unsigned long pfn = addr >> PAGE_SHIFT;

		if (addr & ~field)
			break;
		if (unlikely(vmscope_online_group(pfn) != group)) {
			group = vmscope_online_group(pfn);
			blocks = vmscope_online_blocks(closer->online, group);
			if (!blocks)
				break;
			pages = (void *)pfn_to_page(pfn) - page_offset_of(addr);
		}
		if (!vmscope_online_has(blocks, pfn) ||
		    !vmscope_frames_repeat(last, pages + page_offset_of(addr),
					   at - entries, wanted))
			break;
	}
	set_states(copy, i, at - entries, last->state);
	*rest -= (at - entries - i) * cost;
	return at - entries;
}

static noinline unsigned int cheap_far_pages(const struct closer *closer,
					     unsigned int i, u64 first,
					     int *rest)
{
	return far_pages(closer, i, first, CHEAP_FACTS, rest);
}

static noinline unsigned int costly_far_pages(const struct closer *closer,
					      unsigned int i, u64 first,
					      int *rest)
{
	return far_pages(closer, i, first, VMSCOPE_FACT_ALL, rest);
}

/*
 * The tails of a folio, which lie one behind another as their frames do, up to
 * the end of the block of memory, which is online. The page before @i may be
 * their head.
 */
static noinline unsigned int tail_pages(const struct closer *closer,
					unsigned int i, int *rest)
{
	const struct vmscope_table_copy *const copy = closer->copy;
	struct vmscope_seen *const last = closer->frames->last;
	const u64 in_block = PFN_PHYS(1ULL << COMPAT_ONLINE_SHIFT) - PAGE_SIZE;
	const u64 *entry = copy->entries + i;
	const unsigned int in_memory = (in_block - (entry[-1] & in_block)) >>
				       PAGE_SHIFT;
	const u64 *const end = entry + min3(copy->nr - i, in_memory,
					    (unsigned int)*rest / TAIL_COST);
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

/*
 * The zero page is known by its number, and may be mapped as a special page.
 * Return: as vmscope_frame_states()
 */
static __always_inline u8 look(const struct closer *closer,
			       const unsigned int level, int *left)
{
	struct vmscope_table_copy *const copy = closer->copy;
	const u64 *const entries = copy->entries;
	const unsigned long zero = zero_frame();
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
		if (level == VMSCOPE_LEVEL_PTE && pfn == zero) {
			state = VMSCOPE_STATE_ZERO;
		} else if (has_page(closer->area, raw, level)) {
			state = frame_state(closer->online, pfn, closer->area,
					    level);
			looked = true;
		}
		rest -= OWN_COST(0);
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
 * @online: what is known of memory; kept from call to call
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
 * Did frames jump from block to block twice in a row? That is where
 * like_pages() ends, which began at @first.
 */
static __always_inline bool is_far(const struct vmscope_table_copy *copy,
				   unsigned int first, unsigned int i)
{
	const u64 in_block = PFN_PHYS(1ULL << COMPAT_ONLINE_SHIFT) - 1;
	const u64 *entry = copy->entries + i;

	return i > first && i < copy->nr && entry[0] && entry[-1] &&
	       entry[-2] && (entry[0] ^ entry[-1]) & ~in_block &&
	       (entry[-1] ^ entry[-2]) & ~in_block;
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
	} else if (wanted == CHEAP_FACTS) {
		next = cheap_pages(closer, i, rest);
		return is_far(copy, i, next) && *rest > 0 ?
			       cheap_far_pages(closer, next, raw, rest) :
			       next;
	} else {
		next = costly_pages(closer, i, rest);
		return is_far(copy, i, next) && *rest > 0 ?
			       costly_far_pages(closer, next, raw, rest) :
			       next;
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
	const u64 in_block = PFN_PHYS(1ULL << COMPAT_ONLINE_SHIFT) - PAGE_SIZE;
	struct vmscope_table_copy *const copy = closer->copy;
	struct vmscope_frames *const frames = closer->frames;
	struct vmscope_seen *last = frames->last, *next = frames->other;
	const u64 *const entries = copy->entries;
	const u64 field =
		vmscope_arch_field(entries[i], VMSCOPE_LEVEL_PTE, true);
	const int cost = TURN_COST(wanted);
	const unsigned int first = i;
	const unsigned int end =
		more ? min(copy->nr, i + 1 + max(*rest, 0) / cost) : i + 1;

	vmscope_frames_pass(frames, i);
	do {
		const unsigned long pfn = (entries[i] & field) >> PAGE_SHIFT;

		if (!vmscope_frames_repeat(next, pfn_to_page(pfn), i, wanted))
			break;
		swap(last, next);
		copy->state[i] = last->state;
		frames->set_of[i] = last->set;
		i++;
	} while (i < end && !((entries[i] ^ entries[i - 2]) & ~in_block));
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
	int rest = *left;
	unsigned int i = 0, next, seen = 0;

	while (i < copy->nr && (!i || rest > 0)) {
		const u64 raw = copy->entries[i];

		copy->state[i] = 0;
		if (!vmscope_arch_present(raw, level)) {
			rest -= EMPTY_COST;
			i++;
			continue;
		}
		rest -= OWN_COST(wanted);
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
 * @online: what is known of memory; kept from call to call
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

/* A frame that an entry keeps without being present counts as well. */
static u8 kernel_state(struct vmscope_online *online, u64 raw,
		       unsigned int level)
{
	unsigned long pfn;

	if (vmscope_arch_none(raw))
		return VMSCOPE_STATE_NONE;
	if (vmscope_arch_is_table(raw, level))
		return VMSCOPE_STATE_REPEAT;
	if (level > VMSCOPE_LEVEL_PUD)
		return VMSCOPE_STATE_UNKNOWN;
	pfn = vmscope_arch_pfn(raw, level);
	if (vmscope_is_online(online, pfn))
		return VMSCOPE_STATE_KERNEL;
	return state_if_not_online(pfn);
}

/**
 * vmscope_frame_kernel_states - what the entries of a kernel's table stand for
 * @online: what is known of memory; kept from call to call
 * @copy: a table of the kernel's half; @copy->state is filled in
 *
 * Frames are not read: only whether each is online memory counts.
 *
 * Context: Process context. Takes the RCU read lock.
 */
void vmscope_frame_kernel_states(struct vmscope_online *online,
				 struct vmscope_table_copy *copy)
{
	unsigned int i;

	rcu_read_lock();
	vmscope_online_begin(online);
	for (i = 0; i < copy->nr; i++)
		copy->state[i] =
			kernel_state(online, copy->entries[i], copy->level);
	rcu_read_unlock();
}
