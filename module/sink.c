// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bounded buffer of records: filters, merges, and hides what may not be
 * told. Pure: takes no locks, does not sleep.
 *
 * A run grows in place, so the buffer always holds whole records, and a run is
 * cut by nothing but an entry that differs: how large the buffer is shows in
 * no record.
 */
#include "sink.h"

#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <asm/page.h>

#define STATE_BITS (0x1fULL << VMSCOPE_STATE_SHIFT)
#define PKEY_BITS (0xfULL << VMSCOPE_PKEY_SHIFT)
#define CACHE_BITS (0x7ULL << VMSCOPE_CACHE_SHIFT)

/* What the entries of every run agree in. */
#define AGREE_ALWAYS                                                          \
	(STATE_BITS | PKEY_BITS | CACHE_BITS | VMSCOPE_F_PRESENT |            \
	 VMSCOPE_F_WRITE | VMSCOPE_F_USER | VMSCOPE_F_READ | VMSCOPE_F_EXEC | \
	 VMSCOPE_F_PROTNONE | VMSCOPE_F_RACED | VMSCOPE_F_WITHHELD |          \
	 VMSCOPE_F_PERM_READ | VMSCOPE_F_PERM_WRITE | VMSCOPE_F_PERM_EXEC)

#define PAGE_WORDS (sizeof(struct vmscope_page) / sizeof(u64))
#define AREA_WORDS (sizeof(struct vmscope_area) / sizeof(u64))
#define TABLE_WORDS (sizeof(struct vmscope_table) / sizeof(u64))

static_assert(sizeof(struct vmscope_area) == VMSCOPE_SCAN_MIN_BYTES);
static_assert(sizeof(struct vmscope_page) == 32);
static_assert(sizeof(struct vmscope_table) == 40);

/**
 * vmscope_sink_init - an empty sink
 * @sink: filled in
 * @buf: where records are put
 * @words: its length in 64-bit words
 * @query: what was asked for; must outlive @sink
 * @hide_frames: withhold frames and raw entries
 *
 * Context: Any context.
 */
void vmscope_sink_init(struct vmscope_sink *sink, u64 *buf, size_t words,
		       const struct vmscope_scan *query, bool hide_frames)
{
	memset(sink, 0, sizeof(*sink));
	sink->buf = buf;
	sink->words = words;
	sink->room = query->buf_bytes / sizeof(u64);
	sink->query = query;
	sink->agree = AGREE_ALWAYS | query->run_flags;
	sink->hide_frames = hide_frames;
}

static u64 *append(struct vmscope_sink *sink, size_t words)
{
	u64 *at = sink->buf + sink->used;

	if (words > sink->words - sink->used || words > sink->room - sink->used)
		return NULL;
	sink->used += words;
	sink->open = sink->used;
	return at;
}

static unsigned int state_of(const struct vmscope_piece *piece)
{
	return VMSCOPE_WORD_STATE(piece->what);
}

static bool wanted(const struct vmscope_scan *query,
		   const struct vmscope_piece *piece)
{
	u64 flags = VMSCOPE_WORD_FLAGS(piece->what);

	if ((flags & query->all_flags) != query->all_flags)
		return false;
	if (query->any_flags && !(flags & query->any_flags))
		return false;
	if (flags & query->none_flags)
		return false;
	if (query->states && !(query->states >> state_of(piece) & 1))
		return false;
	if (query->levels && !(query->levels >> piece->level & 1))
		return false;
	return !(query->flags & VMSCOPE_SCAN_SKIP_EMPTY) ||
	       state_of(piece) != VMSCOPE_STATE_NONE;
}

static bool is_slot(const struct vmscope_piece *piece)
{
	return state_of(piece) == VMSCOPE_STATE_SWAP ||
	       state_of(piece) == VMSCOPE_STATE_SHMEM_SWAP;
}

/* Swap slots are no frames and stay. */
static void withhold(struct vmscope_piece *piece)
{
	if (!piece->raw && (!piece->value || is_slot(piece)))
		return;
	piece->raw = 0;
	if (!is_slot(piece))
		piece->value = 0;
	piece->what |= VMSCOPE_F_WITHHELD;
}

/* Frames and slots count up along a run; whatever else has no value. */
static bool counts_up(const struct vmscope_piece *piece)
{
	if (is_slot(piece))
		return true;
	if (piece->what & VMSCOPE_F_WITHHELD ||
	    state_of(piece) == VMSCOPE_STATE_REPEAT)
		return false;
	return piece->value || (piece->what & VMSCOPE_F_PRESENT);
}

static bool values_follow(const struct vmscope_page *run,
			  const struct vmscope_piece *piece)
{
	u64 step = counts_up(piece) ? run->raw : 0;

	return run->value + step == piece->value;
}

static bool continues(const struct vmscope_sink *sink,
		      const struct vmscope_page *run,
		      const struct vmscope_piece *piece)
{
	if (VMSCOPE_WORD_ADDR(run->where) + run->raw * PAGE_SIZE != piece->addr)
		return false;
	if (VMSCOPE_WORD_LEVEL(run->where) != piece->level)
		return false;
	if ((run->what ^ piece->what) & sink->agree)
		return false;
	if (!(sink->query->flags & VMSCOPE_SCAN_FRAMES))
		return true;
	return values_follow(run, piece);
}

static bool grow(struct vmscope_sink *sink, const struct vmscope_piece *piece)
{
	struct vmscope_page *run;

	if (sink->open == sink->used)
		return false;
	run = (struct vmscope_page *)(sink->buf + sink->open);
	if (!continues(sink, run, piece))
		return false;
	run->raw += piece->pages;
	return true;
}

static int put_run(struct vmscope_sink *sink, const struct vmscope_piece *piece)
{
	struct vmscope_page *run;

	if (grow(sink, piece))
		return 0;
	run = (struct vmscope_page *)append(sink, PAGE_WORDS);
	if (!run)
		return -ENOSPC;
	run->where = piece->addr | VMSCOPE_KIND_RUN |
		     ((u64)piece->level << VMSCOPE_LEVEL_SHIFT);
	run->what = piece->what;
	run->raw = piece->pages;
	run->value = sink->query->flags & VMSCOPE_SCAN_FRAMES ? piece->value :
								0;
	sink->open = sink->used - PAGE_WORDS;
	return 0;
}

static int put_entry(struct vmscope_sink *sink,
		     const struct vmscope_piece *piece)
{
	struct vmscope_page *page;

	page = (struct vmscope_page *)append(sink, PAGE_WORDS);
	if (!page)
		return -ENOSPC;
	page->where = piece->addr | VMSCOPE_KIND_PAGE |
		      ((u64)piece->level << VMSCOPE_LEVEL_SHIFT);
	page->what = piece->what | (piece->pages << VMSCOPE_PAGES_SHIFT);
	page->raw = piece->raw;
	page->value = piece->value;
	return 0;
}

/* What can be longer than the record of an entry can say. */
static bool always_runs(const struct vmscope_piece *piece)
{
	return state_of(piece) == VMSCOPE_STATE_NONE ||
	       state_of(piece) == VMSCOPE_STATE_REPEAT ||
	       piece->pages >= 1ULL << (64 - VMSCOPE_PAGES_SHIFT);
}

static int put(struct vmscope_sink *sink, const struct vmscope_piece *piece)
{
	if (sink->query->flags & VMSCOPE_SCAN_RUNS || always_runs(piece))
		return put_run(sink, piece);
	return put_entry(sink, piece);
}

/**
 * vmscope_sink_piece - offer an entry, or neighbours that are told alike
 * @sink: the sink
 * @piece: the entry, behind all that were offered before
 *
 * Context: Any context.
 * Return:
 * * 0       - it is told, or the filters leave it out
 * * -ENOSPC - there is no room; offer it again when there is
 */
int vmscope_sink_piece(struct vmscope_sink *sink,
		       const struct vmscope_piece *piece)
{
	struct vmscope_piece hidden;
	int ret;

	if (sink->hide_frames) {
		hidden = *piece;
		withhold(&hidden);
		piece = &hidden;
	}
	if (!wanted(sink->query, piece))
		return 0;
	ret = put(sink, piece);
	if (!ret && (piece->what & VMSCOPE_F_RACED))
		sink->raced++;
	return ret;
}

/**
 * vmscope_sink_pages - offer neighbours that differ in their frames only
 * @sink: the sink, of a query without VMSCOPE_SCAN_RUNS
 * @first: the first of them, one that is present
 * @raws: their entries
 * @values: their frames
 * @nr: how many they are
 *
 * Context: Any context.
 * Return: how many are told, or left out by the filters; offer the others
 * again when there is room
 */
unsigned int vmscope_sink_pages(struct vmscope_sink *sink,
				const struct vmscope_piece *first,
				const u64 *raws, const u64 *values,
				unsigned int nr)
{
	const bool hide = sink->hide_frames;
	struct vmscope_piece like = *first;
	struct vmscope_page *page;
	size_t room, i;

	if (hide)
		withhold(&like);
	if (!wanted(sink->query, &like))
		return nr;
	room = min(sink->words, sink->room) - sink->used;
	nr = min_t(size_t, nr, room / PAGE_WORDS);
	page = (struct vmscope_page *)append(sink, nr * PAGE_WORDS);
	for (i = 0; i < nr; i++, page++, like.addr += like.pages * PAGE_SIZE) {
		page->where = like.addr | VMSCOPE_KIND_PAGE |
			      ((u64)like.level << VMSCOPE_LEVEL_SHIFT);
		page->what = like.what | (like.pages << VMSCOPE_PAGES_SHIFT);
		page->raw = hide ? 0 : raws[i];
		page->value = hide ? 0 : values[i];
	}
	return nr;
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
	if (!sink->hide_frames)
		return 0;
	((struct vmscope_table *)at)->phys = 0;
	((struct vmscope_table *)at)->flags |= VMSCOPE_F_WITHHELD;
	return 0;
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
 * vmscope_sink_drop - forget what was handed out
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

#ifdef VMSCOPE_SELFTEST
#include "selftest/sink.h"
#endif
