/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_FOLIO_H
#define _VMSCOPE_FOLIO_H

#include <linux/mm.h>

#include "../include/uapi/vmscope.h"

/* Groups that a snapshot has room for. */
#define VMSCOPE_FRAME_GROUPS 96

/**
 * struct vmscope_seen - the page that was read last
 * @page: the page, NULL if there is none
 * @info: its word that leads to the head, if it is a tail page
 * @flags: with the rest, words of a page that is a folio by itself
 * @mapping: ~0 if it is not
 * @memcg: of any page: its folio's memcg_data
 * @index: of it
 * @mapcount: of it, raw
 * @refs: of it, raw
 * @state: enum vmscope_state, where frames say it
 * @ino: the cgroup that @memcg stands for
 */
struct vmscope_seen {
	const struct page *page;
	unsigned long info;
	unsigned long flags;
	unsigned long mapping;
	unsigned long memcg;
	unsigned long index;
	u32 mapcount;
	u32 refs;
	u8 state;
	u64 ino;
};

/**
 * struct vmscope_frames - the frames of a table, as groups with the same facts
 * @wanted: enum vmscope_frame_fact: what was asked for
 * @differ: words that were asked for: a bit is set where a difference counts;
 *	the others are all 0
 * @last: the page that was read last
 * @nr: how many groups
 * @next: the group that is emitted next
 * @group: their facts; @where is the address of the first entry, without kind
 *
 * A group reaches as far as the next one. Entries without a frame are in no
 * group, whatever lies around them.
 */
struct vmscope_frames {
	u64 wanted;
	struct vmscope_seen differ;
	struct vmscope_seen last;
	unsigned int nr;
	unsigned int next;
	struct vmscope_frame group[VMSCOPE_FRAME_GROUPS];
};

u64 vmscope_folio_known(void);
u64 vmscope_folio_page_flags(void);
void vmscope_folio_facts(struct page *page, u64 wanted,
			 struct vmscope_seen *last,
			 struct vmscope_frame *frame);
bool vmscope_frame_continues(const struct vmscope_frame *frame,
			     const struct vmscope_frame *next);
void vmscope_frames_init(struct vmscope_frames *frames, u64 wanted);
void vmscope_frames_begin(struct vmscope_frames *frames);
bool vmscope_frames_note(struct vmscope_frames *frames, struct page *page,
			 u64 addr, u64 flags);

static __always_inline unsigned long vmscope_page_flags(const struct page *page)
{
	return READ_ONCE(*(const unsigned long *)&page->flags);
}

/* Bit 0 is set in a tail page. */
static __always_inline unsigned long vmscope_page_info(const struct page *page)
{
	return (unsigned long)READ_ONCE(page->lru.next);
}

static __always_inline unsigned long
vmscope_folio_memcg(const struct folio *folio)
{
#ifdef CONFIG_MEMCG
	return READ_ONCE(folio->memcg_data);
#else
	return 0;
#endif
}

/**
 * vmscope_frames_go_on - is a page like the one before it
 * @frames: with that page, see vmscope_frames_note()
 * @page: a page of online memory, mapped behind it by a PTE
 *
 * Context: RCU read-side section.
 * Return: true if the page is noted; false if it is for vmscope_frames_note()
 */
static __always_inline bool vmscope_frames_go_on(struct vmscope_frames *frames,
						 const struct page *page)
{
	const struct folio *folio = (const struct folio *)page;
	const struct vmscope_seen *differ = &frames->differ;
	struct vmscope_seen *last = &frames->last;
	const unsigned long info = vmscope_page_info(page);
	const unsigned long flags = vmscope_page_flags(page);
	const unsigned long index = READ_ONCE(folio->index);
	const u32 mapcount = READ_ONCE(page->_mapcount.counter);

	if (info & 1) {
		if (page != last->page + 1 || info != last->info ||
		    (mapcount ^ last->mapcount) & differ->mapcount ||
		    (flags ^ last->flags) & differ->flags)
			return false;
	} else if ((flags ^ last->flags) & differ->flags ||
		   (unsigned long)READ_ONCE(page->mapping) != last->mapping ||
		   (mapcount ^ last->mapcount) & differ->mapcount ||
		   (READ_ONCE(page->_refcount.counter) ^ last->refs) &
			   differ->refs ||
		   (vmscope_folio_memcg(folio) ^ last->memcg) & differ->memcg ||
		   (index - last->index - 1) & differ->index) {
		return false;
	}
	last->page = page;
	last->index = index;
	return true;
}

#endif /* _VMSCOPE_FOLIO_H */
