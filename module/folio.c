// SPDX-License-Identifier: GPL-2.0-only
/*
 * struct page -> facts of the page and its folio.
 *
 * No reference is held. What an entry maps stays what it is while the entry is
 * the same before and after, but its counts and flags may change at any time, so
 * each word is read once. The kernel's own test functions are not called where
 * they may BUG() on a page that changes.
 * Source: stable_page_flags() in fs/proc/page.c
 */
#include "folio.h"

#include <linux/bits.h>
#include <linux/kernel-page-flags.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "compat/compat.h"
#include "compat/pageflags.h"
#include "compat/pagetype.h"
#include "frame.h"
#include "walk.h"

/* Those that are no bit of the flags word, or not of this word alone. */
#define DERIVED_FLAGS                                                      \
	(BIT_ULL(KPF_SLAB) | BIT_ULL(KPF_BUDDY) | BIT_ULL(KPF_MMAP) |      \
	 BIT_ULL(KPF_ANON) | BIT_ULL(KPF_SWAPCACHE) |                      \
	 BIT_ULL(KPF_COMPOUND_HEAD) | BIT_ULL(KPF_COMPOUND_TAIL) |         \
	 BIT_ULL(KPF_HUGE) | BIT_ULL(KPF_HWPOISON) | BIT_ULL(KPF_NOPAGE) | \
	 BIT_ULL(KPF_KSM) | BIT_ULL(KPF_THP) | BIT_ULL(KPF_OFFLINE) |      \
	 BIT_ULL(KPF_ZERO_PAGE) | BIT_ULL(KPF_PGTABLE))

/**
 * vmscope_folio_known - which facts this kernel has
 *
 * Context: Any context.
 * Return: enum vmscope_frame_fact
 */
u64 vmscope_folio_known(void)
{
	u64 known = VMSCOPE_FACT_ALL;

	if (!IS_ENABLED(CONFIG_MEMCG))
		known &= ~(u64)VMSCOPE_FACT_MEMCG;
	if (COMPAT_AVERAGE_MAPCOUNT)
		known |= VMSCOPE_FACT_ESTIMATE;
	return known;
}

/**
 * vmscope_folio_page_flags - which flags of pages this kernel has
 *
 * Context: Any context.
 * Return: (1 << KPF_*)
 */
u64 vmscope_folio_page_flags(void)
{
	u64 flags = DERIVED_FLAGS;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(compat_page_flags); i++)
		flags |= BIT_ULL(compat_page_flags[i].shown);
	return flags;
}

/* By byte of the flags word, and its value: what is shown. */
static u64 flags_of_byte[4][256];

static_assert(__NR_PAGEFLAGS <= 32);

/**
 * vmscope_folio_init - prepare to read flags of pages
 *
 * Context: Process context, before anything else here.
 */
void vmscope_folio_init(void)
{
	unsigned int i, value;

	for (i = 0; i < ARRAY_SIZE(compat_page_flags); i++)
		for (value = 0; value < 256; value++)
			if (value >> compat_page_flags[i].own % 8 & 1)
				flags_of_byte[compat_page_flags[i].own / 8]
					     [value] |=
					BIT_ULL(compat_page_flags[i].shown);
}

static u64 flags_of_word(unsigned long word)
{
	const unsigned long swapcache = BIT(PG_swapbacked) | BIT(PG_swapcache);
	u64 flags = flags_of_byte[0][word & 0xff] |
		    flags_of_byte[1][word >> 8 & 0xff] |
		    flags_of_byte[2][word >> 16 & 0xff] |
		    flags_of_byte[3][word >> 24 & 0xff];

	if ((word & swapcache) == swapcache)
		flags |= BIT_ULL(KPF_SWAPCACHE);
	return flags;
}

static u64 flags_of_type(struct page *head, unsigned long word)
{
	switch (compat_typed_kind(word, READ_ONCE(head->page_type))) {
	case VMSCOPE_FRAME_SLAB:
		return BIT_ULL(KPF_SLAB);
	case VMSCOPE_FRAME_FREE:
		return BIT_ULL(KPF_BUDDY);
	case VMSCOPE_FRAME_TABLE:
		return BIT_ULL(KPF_PGTABLE);
	case VMSCOPE_FRAME_OFFLINE:
		return BIT_ULL(KPF_OFFLINE);
	case VMSCOPE_FRAME_HUGETLB:
		return BIT_ULL(KPF_HUGE);
	default:
		return 0;
	}
}

static u64 flags_of_mapping(unsigned long mapping)
{
	if (!(mapping & FOLIO_MAPPING_ANON))
		return 0;
	return (mapping & FOLIO_MAPPING_FLAGS) == FOLIO_MAPPING_KSM ?
		       BIT_ULL(KPF_ANON) | BIT_ULL(KPF_KSM) :
		       BIT_ULL(KPF_ANON);
}

static u64 flags_of_compound(struct page *page, struct page *head,
			     unsigned long word, unsigned long mapping)
{
	u64 flags = page == head ? BIT_ULL(KPF_COMPOUND_HEAD) :
				   BIT_ULL(KPF_COMPOUND_TAIL);

	if (compat_is_hugetlb(head))
		return flags | BIT_ULL(KPF_HUGE);
	if (compat_is_thp(head, word, mapping))
		flags |= BIT_ULL(KPF_THP);
	return flags;
}

static u64 read_flags(struct page *page, struct page *head, u32 mapcount)
{
	const unsigned long word = compat_flags(head);
	const unsigned long mapping = (unsigned long)READ_ONCE(head->mapping);
	u64 flags = flags_of_word(word) | flags_of_mapping(mapping);

	flags |= flags_of_type(head, word);
	if (word & BIT(PG_head))
		flags |= flags_of_compound(page, head, word, mapping);
	if (flags & BIT_ULL(KPF_HUGE))
		flags &= ~BIT_ULL(KPF_THP);
	if (vmscope_frame_is_zero(page_to_pfn(page)))
		flags |= BIT_ULL(KPF_ZERO_PAGE);
	if (mapcount || compat_is_mapped(head, word))
		flags |= BIT_ULL(KPF_MMAP);
	if ((flags & BIT_ULL(KPF_HUGE) ? word : compat_flags(page)) &
	    COMPAT_HWPOISON)
		flags |= BIT_ULL(KPF_HWPOISON);
	return flags;
}

/**
 * vmscope_folio_plain_flags - flags of a single page without a type
 * @word: its flags word
 * @mapping: its mapping, as in struct page
 *
 * Context: Any context.
 * Return: (1 << KPF_*), without KPF_MMAP and KPF_ZERO_PAGE
 */
u64 vmscope_folio_plain_flags(unsigned long word, unsigned long mapping)
{
	return flags_of_word(word) | flags_of_mapping(mapping);
}

/**
 * vmscope_folio_plain_bits - which PG_* bits decide flags of such a page
 * @page_flags: (1 << KPF_*)
 *
 * Context: Any context.
 * Return: the bits; 0 if the flags do not follow from the flags word alone
 */
unsigned long vmscope_folio_plain_bits(u64 page_flags)
{
	unsigned long bits = 0;
	unsigned int i;

	if (page_flags & (BIT_ULL(KPF_MMAP) | BIT_ULL(KPF_ZERO_PAGE)))
		return 0;
	for (i = 0; i < __NR_PAGEFLAGS; i++)
		if (flags_of_word(BIT(i)) & page_flags)
			bits |= BIT(i);
	if (page_flags & BIT_ULL(KPF_SWAPCACHE))
		bits |= BIT(PG_swapbacked) | BIT(PG_swapcache);
	return bits;
}

static u64 read_order(struct page *head)
{
	unsigned int order = compound_order(head);

	return order <= COMPAT_MAX_COMPOUND_ORDER ? order : 0;
}

static u64 memcg_of(struct page *head, struct vmscope_seen *last)
{
	unsigned long memcg = compat_memcg_data((struct folio *)head);

	if (memcg != last->memcg_known) {
		last->ino = compat_memcg_ino(head);
		last->memcg_known = memcg;
	}
	return last->ino;
}

static bool is_file(unsigned long mapping)
{
	return mapping && !(mapping & FOLIO_MAPPING_FLAGS);
}

static u64 read_index(struct page *page, struct page *head)
{
	const u64 index = READ_ONCE(((struct folio *)head)->index);

	return (index << compat_index_order(head)) + (page - head);
}

/**
 * vmscope_folio_facts - read facts of a page
 * @page: a page of online memory
 * @wanted: enum vmscope_frame_fact, of those that this kernel has
 * @last: the page that was read before it; its cgroup is kept
 * @frame: filled in, but for @where
 *
 * Context: RCU read-side section in which the page was found to be online.
 */
void vmscope_folio_facts(struct page *page, u64 wanted,
			 struct vmscope_seen *last, struct vmscope_frame *frame)
{
	struct page *head = (struct page *)page_folio(page);
	const u32 mapcount = compat_mapcount(page, head);

	*frame = (struct vmscope_frame){ .known = wanted };
	if (wanted & VMSCOPE_FACT_FLAGS)
		frame->flags = read_flags(page, head, mapcount);
	if (wanted & VMSCOPE_FACT_MAPCOUNT) {
		frame->mapcount = mapcount;
		if (COMPAT_AVERAGE_MAPCOUNT)
			frame->known |= VMSCOPE_FACT_ESTIMATE;
	}
	if (wanted & VMSCOPE_FACT_REFS)
		frame->refs = READ_ONCE(head->_refcount.counter);
	if (wanted & VMSCOPE_FACT_ORDER)
		frame->place = read_order(head);
	if (wanted & VMSCOPE_FACT_ZONE)
		frame->place |= (u64)compat_zone(page) << VMSCOPE_ZONE_SHIFT;
	if (wanted & VMSCOPE_FACT_NODE)
		frame->place |= (u64)page_to_nid(page) << VMSCOPE_NODE_SHIFT;
	if (wanted & VMSCOPE_FACT_MEMCG)
		frame->memcg = memcg_of(head, last);
	if (wanted & VMSCOPE_FACT_INDEX &&
	    is_file((unsigned long)READ_ONCE(head->mapping)))
		frame->index = read_index(page, head);
	else
		frame->known &= ~(u64)VMSCOPE_FACT_INDEX;
}

/**
 * vmscope_frame_continues - do the facts of an entry hold for a later one, too
 * @frame: of the entry
 * @next: of the later one
 *
 * Context: Any context.
 * Return: true if they are the same, and an index counts up with the address
 */
bool vmscope_frame_continues(const struct vmscope_frame *frame,
			     const struct vmscope_frame *next)
{
	u64 pages = (VMSCOPE_WORD_ADDR(next->where) -
		     VMSCOPE_WORD_ADDR(frame->where)) >>
		    PAGE_SHIFT;

	if (frame->known != next->known || frame->flags != next->flags ||
	    frame->mapcount != next->mapcount || frame->refs != next->refs ||
	    frame->place != next->place || frame->memcg != next->memcg)
		return false;
	return next->index - frame->index ==
	       (frame->known & VMSCOPE_FACT_INDEX ? pages : 0);
}

/* No page is like one that is not there. */
static void forget_page(struct vmscope_seen *last)
{
	last->page = NULL;
	last->info = 0;
	last->mapping = ~0UL;
}

/**
 * vmscope_frames_init - choose the facts that are read
 * @frames: filled in
 * @wanted: enum vmscope_frame_fact, of those that this kernel has
 *
 * Context: Any context.
 */
void vmscope_frames_init(struct vmscope_frames *frames, u64 wanted)
{
	struct vmscope_seen seen = { .differ_flags = BIT(PG_head) };

	if (wanted & VMSCOPE_FACT_FLAGS)
		seen.differ_flags |= BIT(__NR_PAGEFLAGS) - 1;
	if (wanted & VMSCOPE_FACT_NODE)
		seen.differ_flags |= COMPAT_NODE_BITS;
	if (wanted & VMSCOPE_FACT_ZONE)
		seen.differ_flags |= COMPAT_ZONE_BITS;
	if (wanted & VMSCOPE_FACT_REFS)
		seen.differ_refs = ~0U;
	if (wanted & VMSCOPE_FACT_MEMCG)
		seen.differ_memcg = ~0UL;
	frames->wanted = wanted;
	frames->seen[0] = seen;
	frames->seen[1] = seen;
	frames->last = &frames->seen[0];
	frames->other = &frames->seen[1];
	forget_page(frames->last);
	vmscope_frames_begin(frames, 0);
}

/**
 * vmscope_frames_begin - begin with a table
 * @frames: its sets are forgotten
 * @basis: what else decides the state of a base page; the page that was read
 *	last is kept if it is the same as for the last table
 *
 * Context: Any context.
 */
void vmscope_frames_begin(struct vmscope_frames *frames, unsigned int basis)
{
	struct vmscope_seen *last = frames->last;

	if (frames->basis == basis && last->mapping && last->mapping != ~0UL &&
	    !last->index_bits)
		frames->set[0] = frames->set[last->set - 1];
	else
		forget_page(last);
	forget_page(frames->other);
	last->memcg_known = ~0UL;
	frames->other->memcg_known = ~0UL;
	frames->basis = basis;
	frames->nr = 0;
	frames->noted = 0;
}

/**
 * vmscope_frames_resume - the first page of a table repeats the last one's facts
 * @frames: no set is in use
 * @page: the page, which vmscope_frames_go_on() found to be like the kept one
 * @copy: the table
 * @i: number of the entry that maps it
 *
 * Between tables, another cgroup may have come to the same place in memory.
 *
 * Context: RCU read-side section in which the page was found to be online.
 * Return: true if the page is noted; false if it is for vmscope_frames_note(),
 * because its cgroup has changed just now
 */
bool vmscope_frames_resume(struct vmscope_frames *frames, struct page *page,
			   const struct vmscope_table_copy *copy,
			   unsigned int i)
{
	struct vmscope_seen *last = frames->last;

	if (frames->wanted & VMSCOPE_FACT_MEMCG) {
		frames->set[0].memcg = memcg_of(page, last);
		if (last->memcg_known != last->memcg)
			return false;
	}
	vmscope_frames_pass(frames, i);
	frames->set[0].where = vmscope_entry_addr(copy, i);
	last->set = 1;
	frames->nr = 1;
	return true;
}

/* The zero page is known by its number: no other page is like it. */
static void note_seen(struct vmscope_frames *frames, struct page *page,
		      unsigned int i, u8 state)
{
	struct vmscope_seen *last = frames->last;
	struct folio *folio = (struct folio *)page;

	last->page = page;
	last->state = state;
	last->info = vmscope_page_info(page);
	last->flags = compat_flags(page);
	last->mapcount = READ_ONCE(page->_mapcount.counter);
	last->mapping = ~0UL;
	if (last->flags & BIT(PG_head) &&
	    !(frames->wanted & VMSCOPE_FACT_FLAGS)) {
		/* But for its flags, the page behind a head is like it. */
		last->info = vmscope_page_info(page + 1);
		last->flags = compat_flags(page + 1);
	}
	if (last->info & 1 || last->flags & BIT(PG_head) ||
	    state == VMSCOPE_STATE_ZERO)
		return;
	last->mapping = (unsigned long)READ_ONCE(page->mapping);
	last->refs = READ_ONCE(page->_refcount.counter);
	last->memcg = compat_memcg_data(folio);
	last->index = READ_ONCE(folio->index) - i;
	last->index_bits = is_file(last->mapping) &&
					   frames->wanted & VMSCOPE_FACT_INDEX ?
				   ~0UL :
				   0;
}

/* The number of the facts read last: that of an equal set, if one is near. */
static u8 set_number(struct vmscope_frames *frames)
{
	const struct vmscope_frame *set = &frames->set[frames->nr];
	const u8 before = frames->other->set;

	if (frames->nr &&
	    vmscope_frame_continues(&frames->set[before - 1], set))
		return before;
	return ++frames->nr;
}

/**
 * vmscope_frames_note - read the facts of an entry's frame
 * @frames: facts of the entries below it
 * @page: the frame's page, of online memory; NULL if no facts are known of it
 * @copy: the table
 * @i: number of the entry
 * @state: enum vmscope_state, where frames say it
 * @flags: (1 << KPF_*) that its struct page does not say
 *
 * Context: RCU read-side section in which the page was found to be online.
 * Return: false if there is no room for another set
 */
bool vmscope_frames_note(struct vmscope_frames *frames, struct page *page,
			 const struct vmscope_table_copy *copy, unsigned int i,
			 u8 state, u64 flags)
{
	struct vmscope_frame *set = &frames->set[frames->nr];

	if (frames->nr == VMSCOPE_FRAME_SETS)
		return false;
	vmscope_frames_pass(frames, i);
	if (!frames->nr)
		forget_page(frames->last);
	swap(frames->last, frames->other);
	if (page) {
		note_seen(frames, page, i, state);
		vmscope_folio_facts(page, frames->wanted, frames->last, set);
		/* Facts that changed meanwhile hold for this page only. */
		if (frames->last->mapping != ~0UL &&
		    !vmscope_frames_go_on(frames->last, page, i,
					  VMSCOPE_FACT_ALL))
			forget_page(frames->last);
		if (frames->wanted & VMSCOPE_FACT_FLAGS)
			set->flags |= flags;
	} else {
		forget_page(frames->last);
		*set = (struct vmscope_frame){};
	}
	set->where = vmscope_entry_addr(copy, i);
	frames->last->set = set_number(frames);
	return true;
}
