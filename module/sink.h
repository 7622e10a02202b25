/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_SINK_H
#define _VMSCOPE_SINK_H

#include <linux/errno.h>
#include <linux/types.h>
#include <asm/page.h>

#include "../include/uapi/vmscope.h"

/**
 * struct vmscope_sink - records on their way out
 * @buf: where records are put, in 64-bit words
 * @words: length of @buf
 * @used: words of @buf that hold records
 * @room: words that the reader has room for, those in @buf included
 * @limit: the smaller of @words and @room
 * @open: word of @buf where a RUN begins that may still grow; @used if none
 * @query: what was asked for; masks and flags are read
 * @agree: bits of word 1 that the entries of a run agree in
 * @hide_frames: frames and raw entries are withheld
 * @raced: records marked VMSCOPE_F_RACED so far
 *
 * Guarded by the lock of whoever owns the buffer.
 */
struct vmscope_sink {
	u64 *buf;
	size_t words;
	size_t used;
	size_t room;
	size_t limit;
	size_t open;
	const struct vmscope_scan *query;
	u64 agree;
	bool hide_frames;
	u64 raced;
};

/**
 * struct vmscope_piece - one entry, or equal neighbours, offered to a sink
 * @addr: first address
 * @pages: length in base pages, at least 1
 * @level: enum vmscope_level
 * @what: word 1 of a record, without length
 * @raw: the entry
 * @value: as in struct vmscope_page
 */
struct vmscope_piece {
	u64 addr;
	u64 pages;
	unsigned int level;
	u64 what;
	u64 raw;
	u64 value;
};

/**
 * struct vmscope_verdict - how entries of one kind are shown
 * @what: word 1 of their records, without length
 * @wanted: the filters let them through
 * @runs: neighbours merge
 * @hidden: the raw entry and its frame are withheld
 * @step: what one page adds to the value along a run, 0 or 1; it is 0 where
 *	runs were not asked for frames
 */
struct vmscope_verdict {
	u64 what;
	bool wanted;
	bool runs;
	bool hidden;
	u8 step;
};

void vmscope_sink_init(struct vmscope_sink *sink, u64 *buf, size_t words,
		       const struct vmscope_scan *query, bool hide_frames);
void vmscope_sink_judge(const struct vmscope_sink *sink,
			const struct vmscope_piece *piece,
			struct vmscope_verdict *verdict);
int vmscope_sink_piece(struct vmscope_sink *sink,
		       const struct vmscope_piece *piece);
int vmscope_sink_area(struct vmscope_sink *sink,
		      const struct vmscope_area *area, const char *name);
int vmscope_sink_table(struct vmscope_sink *sink,
		       const struct vmscope_table *table);
size_t vmscope_sink_ready(const struct vmscope_sink *sink, bool last);
void vmscope_sink_drop(struct vmscope_sink *sink, size_t words);
void vmscope_sink_close(struct vmscope_sink *sink);

#define VMSCOPE_PAGE_WORDS (sizeof(struct vmscope_page) / sizeof(u64))

static __always_inline struct vmscope_page *
vmscope_sink_append(struct vmscope_sink *sink, size_t nr)
{
	u64 *at = sink->buf + sink->used;

	sink->used += nr * VMSCOPE_PAGE_WORDS;
	sink->open = sink->used;
	return (struct vmscope_page *)at;
}

static inline size_t vmscope_sink_room(const struct vmscope_sink *sink)
{
	return (sink->limit - sink->used) / VMSCOPE_PAGE_WORDS;
}

/**
 * vmscope_sink_run - show neighbours as a run, or as more of the last one
 * @sink: the sink
 * @verdict: on all of them
 * @where: address of the first, and level
 * @pages: length in base pages
 * @value: of the first; 0 where runs were not asked for frames
 *
 * Context: Any context.
 * Return: 0, or -ENOSPC if there is no room
 */
static __always_inline int
vmscope_sink_run(struct vmscope_sink *sink,
		 const struct vmscope_verdict *verdict, u64 where, u64 pages,
		 u64 value)
{
	struct vmscope_page *run = (void *)(sink->buf + sink->open);

	where |= VMSCOPE_KIND_RUN;
	if (sink->open != sink->used &&
	    run->where + run->raw * PAGE_SIZE == where &&
	    !((run->what ^ verdict->what) & sink->agree) &&
	    run->value + (verdict->step ? run->raw : 0) == value) {
		run->raw += pages;
		return 0;
	}
	if (vmscope_sink_room(sink) < 1)
		return -ENOSPC;
	run = vmscope_sink_append(sink, 1);
	run->where = where;
	run->what = verdict->what;
	run->raw = pages;
	run->value = value;
	sink->open -= VMSCOPE_PAGE_WORDS;
	return 0;
}

/**
 * vmscope_sink_one - show one entry
 * @sink: the sink
 * @verdict: on it
 * @where: its address and level
 * @pages: length in base pages
 * @raw: the entry
 * @value: as in struct vmscope_page
 *
 * Context: Any context.
 * Return: 0, or -ENOSPC if there is no room
 */
static __always_inline int
vmscope_sink_one(struct vmscope_sink *sink,
		 const struct vmscope_verdict *verdict, u64 where, u64 pages,
		 u64 raw, u64 value)
{
	struct vmscope_page *page;

	if (vmscope_sink_room(sink) < 1)
		return -ENOSPC;
	page = vmscope_sink_append(sink, 1);
	page->where = where | VMSCOPE_KIND_PAGE;
	page->what = verdict->what | (pages << VMSCOPE_PAGES_SHIFT);
	page->raw = verdict->hidden ? 0 : raw;
	page->value = value;
	return 0;
}

#endif /* _VMSCOPE_SINK_H */
