/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_FOLIO_H
#define _VMSCOPE_FOLIO_H

#include <linux/mm.h>

#include "../include/uapi/vmscope.h"
#include "compat/pagetype.h"

struct vmscope_table_copy;

/* Sets of facts that a snapshot has room for. */
#define VMSCOPE_FRAME_SETS 96

/**
 * struct vmscope_seen - a page that was read
 * @page: the page, NULL if there is none
 * @info: its word that leads to the head, if it is a tail page
 * @flags: with the rest, words of a page that is a folio by itself
 * @mapping: ~0 if it is not, or is the zero page
 * @memcg: its folio's memcg_data
 * @index: that of its folio, less the entry's number
 * @index_bits: ~0 if its index counts, because it is of a file
 * @mapcount: of it, raw
 * @refs: of it, raw
 * @state: enum vmscope_state, where frames say it
 * @set: number of its facts, as in struct vmscope_frames, @set_of
 * @memcg_known: the word that @ino was found for
 * @ino: the cgroup that it stands for
 * @differ_flags: bits of @flags that count in a comparison: those of facts that
 *	were asked for
 * @differ_memcg: the same for @memcg
 * @differ_refs: the same for @refs
 */
struct vmscope_seen {
	const struct page *page;
	unsigned long info;
	unsigned long flags;
	unsigned long mapping;
	unsigned long memcg;
	unsigned long index;
	unsigned long index_bits;
	u32 mapcount;
	u32 refs;
	u8 state;
	u8 set;
	unsigned long memcg_known;
	u64 ino;
	unsigned long differ_flags;
	unsigned long differ_memcg;
	u32 differ_refs;
};

/**
 * struct vmscope_frames - the facts of the frames of a table
 * @wanted: enum vmscope_frame_fact: what was asked for
 * @last: the page that was read last
 * @other: what @last was before it last changed
 * @basis: what else decides the state of a base page
 * @seen: both of them, in any order
 * @nr: how many sets of facts
 * @noted: entries below this one have their @set_of
 * @set_of: by entry, which of @set are its facts, from 1; 0 if there are none;
 *	entries without a frame have that of the entry before them
 * @set: the sets; those of neighbours differ. @where is the first address that
 *	one is for, without kind.
 */
struct vmscope_frames {
	u64 wanted;
	struct vmscope_seen *last;
	struct vmscope_seen *other;
	unsigned int basis;
	struct vmscope_seen seen[2];
	unsigned int nr;
	unsigned int noted;
	u8 set_of[PTRS_PER_PTE];
	struct vmscope_frame set[VMSCOPE_FRAME_SETS];
};

u64 vmscope_folio_known(void);
u64 vmscope_folio_page_flags(void);
unsigned long vmscope_folio_plain_bits(u64 page_flags);
u64 vmscope_folio_plain_flags(unsigned long word, unsigned long mapping);
void vmscope_folio_facts(struct page *page, u64 wanted,
			 struct vmscope_seen *last,
			 struct vmscope_frame *frame);
bool vmscope_frame_continues(const struct vmscope_frame *frame,
			     const struct vmscope_frame *next);
void vmscope_frames_init(struct vmscope_frames *frames, u64 wanted);
void vmscope_frames_begin(struct vmscope_frames *frames, unsigned int basis);
bool vmscope_frames_resume(struct vmscope_frames *frames, struct page *page,
			   const struct vmscope_table_copy *copy,
			   unsigned int i);
bool vmscope_frames_note(struct vmscope_frames *frames, struct page *page,
			 const struct vmscope_table_copy *copy, unsigned int i,
			 u8 state, u64 flags);
void vmscope_folio_init(void);

/* Bit 0 is set in a tail page. */
static __always_inline unsigned long vmscope_page_info(const struct page *page)
{
	return (unsigned long)READ_ONCE(page->lru.next);
}

/**
 * struct vmscope_differing - words in which pages differ from one before them
 * @flags: of them, those in @differ_flags count
 * @memcg: of them, those in @differ_memcg
 * @refs: of them, those in @differ_refs
 * @index: of them, those in @index_bits
 * @others: of words that count whole
 */
struct vmscope_differing {
	unsigned long flags;
	unsigned long memcg;
	u32 refs;
	unsigned long index;
	unsigned long others;
};

/* Adds what differs in one more page, see vmscope_frames_repeat(). */
static __always_inline void
vmscope_frames_compare(struct vmscope_differing *bits,
		       const struct vmscope_seen *last, const struct page *page,
		       unsigned int i, const u64 wanted)
{
	const struct folio *folio = (const struct folio *)page;

	bits->flags |= compat_flags(page) ^ last->flags;
	bits->others |= (u32)READ_ONCE(page->_mapcount.counter) ^
			last->mapcount;
	bits->others |= (unsigned long)READ_ONCE(page->mapping) ^ last->mapping;
	if (wanted & VMSCOPE_FACT_REFS)
		bits->refs |= READ_ONCE(page->_refcount.counter) ^ last->refs;
	if (wanted & VMSCOPE_FACT_MEMCG)
		bits->memcg |= compat_memcg_data(folio) ^ last->memcg;
	if (wanted & VMSCOPE_FACT_INDEX)
		bits->index |= READ_ONCE(folio->index) - i - last->index;
}

static __always_inline bool
vmscope_frames_are_like(const struct vmscope_differing *bits,
			const struct vmscope_seen *last)
{
	return !((bits->flags & last->differ_flags) |
		 (bits->memcg & last->differ_memcg) |
		 (bits->refs & last->differ_refs) |
		 (bits->index & last->index_bits) | bits->others);
}

/**
 * vmscope_frames_repeat - has a page the same facts as one before it
 * @last: that page, see vmscope_frames_note()
 * @page: a page of online memory, mapped behind it by a PTE
 * @i: number of the entry in its table
 * @wanted: the facts that may be asked for, a constant
 *
 * @page is no tail page, or @last->mapping is not 0: that word of a tail page
 * holds counts, poison or a pointer to something else, so it never equals a
 * mapping, nor ~0. Source: struct folio in include/linux/mm_types.h
 *
 * Context: RCU read-side section.
 * Return: true if it has, so that it need not be noted
 */
static __always_inline bool
vmscope_frames_repeat(const struct vmscope_seen *last, const struct page *page,
		      unsigned int i, const u64 wanted)
{
	struct vmscope_differing bits = {};

	vmscope_frames_compare(&bits, last, page, i, wanted);
	return vmscope_frames_are_like(&bits, last);
}

/* The same for a tail page; @last is the page just before it in memory. */
static __always_inline bool
vmscope_frames_tail_repeats(const struct vmscope_seen *last,
			    const struct page *page)
{
	unsigned long differs;

	differs = (compat_flags(page) ^ last->flags) & last->differ_flags;
	differs |= (u32)READ_ONCE(page->_mapcount.counter) ^ last->mapcount;
	differs |= vmscope_page_info(page) ^ last->info;
	return !differs;
}

/* The same for any page. */
static __always_inline bool vmscope_frames_go_on(struct vmscope_seen *last,
						 const struct page *page,
						 unsigned int i,
						 const u64 wanted)
{
	if (!(vmscope_page_info(page) & 1))
		return vmscope_frames_repeat(last, page, i, wanted);
	if (page != last->page + 1 || !vmscope_frames_tail_repeats(last, page))
		return false;
	last->page = page;
	return true;
}

/**
 * vmscope_frames_pass - entries have the facts that were noted last
 * @frames: facts of the entries before them
 * @end: number of the first entry that is not meant
 *
 * Context: Any context.
 */
static __always_inline void vmscope_frames_pass(struct vmscope_frames *frames,
						unsigned int end)
{
	memset(frames->set_of + frames->noted,
	       frames->nr ? frames->last->set : 0, end - frames->noted);
	frames->noted = end;
}

#endif /* _VMSCOPE_FOLIO_H */
