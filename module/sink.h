/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_SINK_H
#define _VMSCOPE_SINK_H

#include <linux/errno.h>
#include <linux/types.h>
#include <asm/page.h>

#include "../include/uapi/vmscope.h"

/**
 * struct vmscope_sink - records to be handed out
 * @buf: where records are put, in 64-bit words
 * @words: length of @buf
 * @used: words of @buf that hold records
 * @room: words that the reader has room for, those in @buf included
 * @limit: the smaller of @words and @room
 * @open: word of @buf where a RUN begins that may still grow; @used if none
 * @query: what was asked for; masks and flags are read
 * @agree: bits of word 1 that the entries of a run agree in
 * @redact: report no frames and no raw entries
 * @frame: the facts that hold for what is put next
 * @raced: entries marked VMSCOPE_F_RACED so far, counted by vmscope_emit()
 *
 * The owner of the buffer serializes access.
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
	bool redact;
	struct vmscope_frame frame;
	u64 raced;
};

/**
 * struct vmscope_extent - one entry, or equal neighbours
 * @addr: first address
 * @pages: length in base pages, at least 1
 * @level: enum vmscope_level
 * @what: word 1 of a record, without length
 * @raw: the entry
 * @value: as in struct vmscope_page
 */
struct vmscope_extent {
	u64 addr;
	u64 pages;
	unsigned int level;
	u64 what;
	u64 raw;
	u64 value;
};

/**
 * struct vmscope_verdict - how entries of one kind are reported
 * @what: word 1 of their records, without length
 * @wanted: the filters let them through
 * @runs: neighbours merge
 * @redacted: the raw entry and its frame are not reported
 * @valued: the value is reported
 * @counts: the value is reported and counts up, page by page
 * @step: what one page adds to the value along a run, 0 or 1
 */
struct vmscope_verdict {
	u64 what;
	bool wanted;
	bool runs;
	bool redacted;
	bool valued;
	bool counts;
	u8 step;
};

void vmscope_sink_init(struct vmscope_sink *sink, u64 *buf, size_t words,
		       const struct vmscope_scan *query, bool redact);
void vmscope_sink_judge(const struct vmscope_sink *sink,
			const struct vmscope_extent *extent,
			struct vmscope_verdict *verdict);
int vmscope_sink_extent(struct vmscope_sink *sink,
			const struct vmscope_extent *extent);
int vmscope_sink_area(struct vmscope_sink *sink,
		      const struct vmscope_area *area, const char *name);
bool vmscope_sink_wants_frame(const struct vmscope_sink *sink,
			      const struct vmscope_frame *frame);
int vmscope_sink_table(struct vmscope_sink *sink,
		       const struct vmscope_table *table);
size_t vmscope_sink_ready(const struct vmscope_sink *sink, bool last);
void vmscope_sink_drop(struct vmscope_sink *sink, size_t words);
void vmscope_sink_close(struct vmscope_sink *sink);

#define VMSCOPE_PAGE_WORDS (sizeof(struct vmscope_page) / sizeof(u64))

/**
 * struct vmscope_out - where the next PAGE or RUN goes
 * @run: the last record, a RUN that may still grow, or NULL
 * @next: the place for another
 * @last: the last place that there is room for
 * @agree: as in struct vmscope_sink
 *
 * A sink's state in a form that a loop can keep in registers.
 */
struct vmscope_out {
	struct vmscope_page *run;
	struct vmscope_page *next;
	struct vmscope_page *last;
	u64 agree;
};

static __always_inline struct vmscope_out
vmscope_sink_begin(const struct vmscope_sink *sink)
{
	u64 *buf = sink->buf;

	return (struct vmscope_out){
		.run = sink->open == sink->used ? NULL :
						  (void *)(buf + sink->open),
		.next = (void *)(buf + sink->used),
		.last = (void *)(buf + sink->limit - VMSCOPE_PAGE_WORDS),
		.agree = sink->agree,
	};
}

static __always_inline void vmscope_sink_end(struct vmscope_sink *sink,
					     const struct vmscope_out *out)
{
	sink->used = (u64 *)out->next - sink->buf;
	sink->open = out->run ? (u64 *)out->run - sink->buf : sink->used;
}

/**
 * vmscope_out_frame - put facts of the frames behind what is put next
 * @out: from vmscope_sink_begin()
 * @frame: the facts
 *
 * Context: Any context.
 * Return: false if there is no room for it and a PAGE or RUN
 */
static __always_inline bool vmscope_out_frame(struct vmscope_out *out,
					      const struct vmscope_frame *frame)
{
	struct vmscope_frame *at = (void *)out->next;

	if ((void *)(at + 1) > (void *)out->last)
		return false;
	*at = *frame;
	at->where |= VMSCOPE_KIND_FRAME;
	out->next = (void *)(at + 1);
	out->run = NULL;
	return true;
}

/**
 * vmscope_out_put - put a record
 * @out: from vmscope_sink_begin()
 * @where: address and level
 * @kind: enum vmscope_kind
 * @what: word 1
 * @raw: as in struct vmscope_page
 * @value: as in struct vmscope_page
 *
 * Context: Any context.
 * Return: false if there is no room
 */
static __always_inline bool vmscope_out_put(struct vmscope_out *out, u64 where,
					    const unsigned int kind, u64 what,
					    u64 raw, u64 value)
{
	struct vmscope_page *page = out->next;

	if (page > out->last)
		return false;
	page->where = where | kind;
	page->what = what;
	page->raw = raw;
	page->value = value;
	out->run = kind == VMSCOPE_KIND_RUN ? page : NULL;
	out->next = page + 1;
	return true;
}

/**
 * vmscope_out_run - show neighbours as a run, or as more of the last one
 * @out: from vmscope_sink_begin()
 * @verdict: on all of them
 * @where: address of the first, and level
 * @pages: length in base pages
 * @value: of the first; 0 where runs were not asked for frames
 *
 * Context: Any context.
 * Return: false if there is no room
 */
static __always_inline bool
vmscope_out_run(struct vmscope_out *out, const struct vmscope_verdict *verdict,
		u64 where, u64 pages, u64 value)
{
	struct vmscope_page *run = out->run;

	if (run && !((run->what ^ verdict->what) & out->agree) &&
	    run->where + run->raw * PAGE_SIZE == (where | VMSCOPE_KIND_RUN) &&
	    run->value + (verdict->step ? run->raw : 0) == value) {
		run->raw += pages;
		return true;
	}
	return vmscope_out_put(out, where, VMSCOPE_KIND_RUN, verdict->what,
			       pages, value);
}

#endif /* _VMSCOPE_SINK_H */
