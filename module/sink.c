// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bounded buffer of records: filters, merges, and redacts what the caller may
 * not see. Pure: takes no locks, does not sleep.
 *
 * A run grows in place, so the buffer always holds whole records, and only an
 * entry that differs ends a run: records do not depend on the buffer's size.
 */
#include "sink.h"

#include <linux/build_bug.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "folio.h"

#define STATE_BITS (0x1fULL << VMSCOPE_STATE_SHIFT)
#define PKEY_BITS (0xfULL << VMSCOPE_PKEY_SHIFT)
#define CACHE_BITS (0x7ULL << VMSCOPE_CACHE_SHIFT)

/* What the entries of every run agree in. */
#define AGREE_ALWAYS                                                          \
	(STATE_BITS | PKEY_BITS | CACHE_BITS | VMSCOPE_F_PRESENT |            \
	 VMSCOPE_F_WRITE | VMSCOPE_F_USER | VMSCOPE_F_READ | VMSCOPE_F_EXEC | \
	 VMSCOPE_F_PROTNONE | VMSCOPE_F_RACED | VMSCOPE_F_WITHHELD |          \
	 VMSCOPE_F_PERM_READ | VMSCOPE_F_PERM_WRITE | VMSCOPE_F_PERM_EXEC)

#define AREA_WORDS (sizeof(struct vmscope_area) / sizeof(u64))
#define TABLE_WORDS (sizeof(struct vmscope_table) / sizeof(u64))

static_assert(sizeof(struct vmscope_area) == VMSCOPE_SCAN_MIN_BYTES);
static_assert(sizeof(struct vmscope_page) == 32);
static_assert(sizeof(struct vmscope_table) == 40);
static_assert(sizeof(struct vmscope_mix) == 16);
static_assert(sizeof(struct vmscope_mix_kind) == 72);
static_assert(sizeof(struct vmscope_frame) + sizeof(struct vmscope_page) ==
	      VMSCOPE_SCAN_MIN_BYTES_FACTS);

/**
 * vmscope_sink_init - an empty sink
 * @sink: filled in
 * @buf: where records are put
 * @words: its length in 64-bit words
 * @query: what was asked for; must outlive @sink
 * @redact: report no frames and no raw entries
 *
 * Context: Any context.
 */
void vmscope_sink_init(struct vmscope_sink *sink, u64 *buf, size_t words,
		       const struct vmscope_scan *query, bool redact)
{
	memset(sink, 0, sizeof(*sink));
	sink->buf = buf;
	sink->words = words;
	sink->room = query->buf_bytes / sizeof(u64);
	sink->limit = min(sink->words, sink->room);
	sink->query = query;
	sink->agree = AGREE_ALWAYS | query->run_flags;
	sink->redact = redact;
}

static u64 *append(struct vmscope_sink *sink, size_t words)
{
	u64 *at = sink->buf + sink->used;

	if (words > sink->limit - sink->used)
		return NULL;
	sink->used += words;
	sink->open = sink->used;
	return at;
}

static unsigned int state_of(const struct vmscope_extent *extent)
{
	return VMSCOPE_WORD_STATE(extent->what);
}

static bool wanted(const struct vmscope_scan *query,
		   const struct vmscope_extent *extent)
{
	u64 flags = VMSCOPE_WORD_FLAGS(extent->what);

	if ((flags & query->all_flags) != query->all_flags)
		return false;
	if (query->any_flags && !(flags & query->any_flags))
		return false;
	if (flags & query->none_flags)
		return false;
	if (query->states && !(query->states >> state_of(extent) & 1))
		return false;
	if (query->levels && !(query->levels >> extent->level & 1))
		return false;
	return !(query->flags & VMSCOPE_SCAN_SKIP_EMPTY) ||
	       state_of(extent) != VMSCOPE_STATE_NONE;
}

static bool is_slot(const struct vmscope_extent *extent)
{
	return state_of(extent) == VMSCOPE_STATE_SWAP ||
	       state_of(extent) == VMSCOPE_STATE_SHMEM_SWAP;
}

/* Frames and slots count up along a run; other entries have no value. */
static bool counts_up(const struct vmscope_extent *extent)
{
	if (is_slot(extent))
		return true;
	if (state_of(extent) == VMSCOPE_STATE_REPEAT)
		return false;
	return extent->value || (extent->what & VMSCOPE_F_PRESENT);
}

/* Empty entries always merge, and so do extents that are too long for a PAGE. */
static bool merges(const struct vmscope_sink *sink,
		   const struct vmscope_extent *extent)
{
	return sink->query->flags & VMSCOPE_SCAN_RUNS ||
	       state_of(extent) == VMSCOPE_STATE_NONE ||
	       state_of(extent) == VMSCOPE_STATE_REPEAT ||
	       extent->pages >= 1ULL << (64 - VMSCOPE_PAGES_SHIFT);
}

/**
 * vmscope_sink_judge - how an entry is reported, if at all
 * @sink: the sink
 * @extent: the entry
 * @verdict: filled in; the same for all entries that differ from @extent only
 *	in their address and in their frame or slot
 *
 * Swap slots are not frames: they are always reported.
 *
 * Context: Any context.
 */
void vmscope_sink_judge(const struct vmscope_sink *sink,
			const struct vmscope_extent *extent,
			struct vmscope_verdict *verdict)
{
	struct vmscope_extent shown = *extent;

	verdict->redacted = sink->redact && (extent->raw || (extent->value &&
							     !is_slot(extent)));
	if (verdict->redacted)
		shown.what |= VMSCOPE_F_WITHHELD;
	verdict->what = shown.what;
	verdict->wanted = wanted(sink->query, &shown);
	verdict->runs = merges(sink, extent);
	verdict->valued =
		(!verdict->redacted || is_slot(extent)) &&
		(!verdict->runs || sink->query->flags & VMSCOPE_SCAN_FRAMES);
	verdict->counts = verdict->valued && counts_up(extent);
	verdict->step = verdict->runs && verdict->counts;
}

/**
 * vmscope_sink_extent - offer an entry, or neighbours that are reported alike
 * @sink: the sink
 * @extent: the entry, above every one that was offered before
 *
 * Context: Any context.
 * Return:
 * * 0       - it is in the buffer, or the filters leave it out
 * * -ENOSPC - there is no room; offer it again when there is some
 */
int vmscope_sink_extent(struct vmscope_sink *sink,
			const struct vmscope_extent *extent)
{
	const u64 where = extent->addr |
			  ((u64)extent->level << VMSCOPE_LEVEL_SHIFT);
	struct vmscope_out out = vmscope_sink_begin(sink);
	const u64 pages = extent->pages << VMSCOPE_PAGES_SHIFT;
	struct vmscope_verdict verdict;
	u64 value;
	bool put;

	vmscope_sink_judge(sink, extent, &verdict);
	if (!verdict.wanted)
		return 0;
	value = verdict.valued ? extent->value : 0;
	if (verdict.runs)
		put = vmscope_out_run(&out, &verdict, where, extent->pages,
				      value);
	else
		put = vmscope_out_put(&out, where, VMSCOPE_KIND_PAGE,
				      verdict.what | pages,
				      verdict.redacted ? 0 : extent->raw,
				      value);
	if (!put)
		return -ENOSPC;
	vmscope_sink_end(sink, &out);
	return 0;
}

/**
 * vmscope_sink_area - offer an area
 * @sink: the sink
 * @area: the record; @area->name_bytes is the length of @name
 * @name: the name, or anything if @area->name_bytes is 0
 *
 * Context: Any context.
 * Return: 0, or -ENOSPC if there is no room
 */
int vmscope_sink_area(struct vmscope_sink *sink,
		      const struct vmscope_area *area, const char *name)
{
	size_t words = AREA_WORDS + DIV_ROUND_UP(area->name_bytes, sizeof(u64));
	u64 *at = append(sink, words);

	if (!at)
		return -ENOSPC;
	at[words - 1] = 0;
	memcpy(at, area, sizeof(*area));
	memcpy(at + AREA_WORDS, name, area->name_bytes);
	return 0;
}

/**
 * vmscope_sink_table - offer a page table
 * @sink: the sink
 * @table: the record
 *
 * Context: Any context.
 * Return: 0, or -ENOSPC if there is no room
 */
int vmscope_sink_table(struct vmscope_sink *sink,
		       const struct vmscope_table *table)
{
	u64 *at = append(sink, TABLE_WORDS);

	if (!at)
		return -ENOSPC;
	memcpy(at, table, sizeof(*table));
	if (!sink->redact)
		return 0;
	((struct vmscope_table *)at)->phys = 0;
	((struct vmscope_table *)at)->flags |= VMSCOPE_F_WITHHELD;
	return 0;
}

/**
 * vmscope_sink_wants_frame - do the filters by order and node let a frame
 * through
 * @sink: the sink, whose query has such a filter
 * @frame: its facts
 *
 * Context: Any context.
 * Return: false if no entry that maps it is to be offered
 */
bool vmscope_sink_wants_frame(const struct vmscope_sink *sink,
			      const struct vmscope_frame *frame)
{
	const struct vmscope_scan *query = sink->query;
	const u64 order = VMSCOPE_PLACE_ORDER(frame->place);
	const u64 node = min_t(u64, VMSCOPE_PLACE_NODE(frame->place), 63);

	if (!frame->known)
		return false;
	if (query->orders && !(query->orders >> order & 1))
		return false;
	return !query->nodes || query->nodes >> node & 1;
}

/**
 * vmscope_sink_ready - words that will not change any more
 * @sink: the sink
 * @last: nothing follows, so that a run that may grow counts too
 *
 * Context: Any context.
 * Return: that many words from the start of the buffer can be handed out
 */
size_t vmscope_sink_ready(const struct vmscope_sink *sink, bool last)
{
	return last ? sink->used : sink->open;
}

/**
 * vmscope_sink_drop - remove the words that were handed out
 * @sink: the sink
 * @words: as vmscope_sink_ready() returned
 *
 * Context: Any context.
 */
void vmscope_sink_drop(struct vmscope_sink *sink, size_t words)
{
	memmove(sink->buf, sink->buf + words,
		(sink->used - words) * sizeof(u64));
	sink->used -= words;
	sink->open = sink->open >= words ? sink->open - words : sink->used;
	sink->room -= words;
	sink->limit = min(sink->words, sink->room);
}

/**
 * vmscope_sink_close - let the last run grow no further
 * @sink: the sink
 *
 * Context: Any context.
 */
void vmscope_sink_close(struct vmscope_sink *sink)
{
	sink->open = sink->used;
}

#include "selftest/sink.h"
