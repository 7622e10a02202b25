// SPDX-License-Identifier: GPL-2.0-only
/*
 * The entries of a table -> records. How an entry is reported, kind.c decides
 * once for all of its kind; here, entries of one kind become runs, pages and
 * blocks, each behind the facts of its frames.
 */
#include "emit-entries.h"

#include <linux/mm.h>

#include "arch/arch.h"
#include "emit-mix.h"
#include "extent.h"
#include "scan.h"

/* Pages that the page cache says are swapped out, one record each. */
static int emit_found(struct vmscope_scanner *scanner,
		      const struct vmscope_extent *hollow,
		      const struct vmscope_found *found, unsigned long end)
{
	struct vmscope_extent extent = *hollow;
	int ret = 0;

	extent.pages = 1;
	extent.what = VMSCOPE_WORD_FLAGS(hollow->what) |
		      (u64)found->state << VMSCOPE_STATE_SHIFT;
	while (scanner->addr < end && !ret) {
		extent.addr = scanner->addr;
		extent.value = found->value;
		if (found->state == VMSCOPE_STATE_SHMEM_SWAP)
			extent.value += (extent.addr - found->addr) >>
					PAGE_SHIFT;
		ret = vmscope_sink_extent(&scanner->sink, &extent);
		if (!ret)
			scanner->addr += PAGE_SIZE;
	}
	return ret;
}

/* Empty entries are one record; of markers, each is an entry of its own. */
static int emit_unfound(struct vmscope_scanner *scanner,
			struct vmscope_extent *hollow, unsigned long end)
{
	int ret = 0;

	while (scanner->addr < end && !ret) {
		hollow->addr = scanner->addr;
		hollow->pages =
			hollow->raw ? 1 : (end - scanner->addr) >> PAGE_SHIFT;
		ret = vmscope_sink_extent(&scanner->sink, hollow);
		if (!ret)
			scanner->addr += hollow->pages << PAGE_SHIFT;
	}
	return ret;
}

static noinline int emit_hollow(struct vmscope_scanner *scanner,
				const struct vmscope_entry_kind *kind,
				unsigned long end)
{
	struct vmscope_extent hollow = {
		.level = scanner->copy.level,
		.what = kind->verdict.what,
	};
	unsigned int i;
	int ret = 0;

	if (VMSCOPE_WORD_STATE(hollow.what) != VMSCOPE_STATE_NONE)
		hollow.raw = kind->key;
	for (i = scanner->next_found; i < scanner->nr_found && !ret; i++) {
		const struct vmscope_found *found = &scanner->found[i];
		unsigned long until =
			found->addr + ((u64)found->pages << PAGE_SHIFT);

		if (found->addr >= end)
			break;
		if (found->addr > scanner->addr)
			ret = emit_unfound(scanner, &hollow, found->addr);
		if (!ret)
			ret = emit_found(scanner, &hollow, found,
					 min(until, end));
		if (!ret && until <= end)
			scanner->next_found = i + 1;
	}
	return ret ? ret : emit_unfound(scanner, &hollow, end);
}

/* Only entries of upper levels can be cut by the range, at either end. */
static __always_inline u64 pages_until(const struct vmscope_scanner *scanner,
				       const struct vmscope_place *at,
				       unsigned int first, unsigned int i,
				       const unsigned int shift)
{
	unsigned long end;

	if (shift == PAGE_SHIFT)
		return i - first;
	end = min(scanner->until, vmscope_entry_addr(&scanner->copy, i));
	return (end - VMSCOPE_WORD_ADDR(at->where)) >> PAGE_SHIFT;
}

static __always_inline u64 value_at(const struct vmscope_scanner *scanner,
				    const struct vmscope_place *at,
				    const struct vmscope_entry_kind *kind,
				    unsigned int i, const unsigned int shift)
{
	u64 value = vmscope_kind_value(kind, scanner->copy.entries[i]);

	if (shift != PAGE_SHIFT && kind->verdict.counts)
		value += (VMSCOPE_WORD_ADDR(at->where) -
			  vmscope_entry_addr(&scanner->copy, i)) >>
			 PAGE_SHIFT;
	return value;
}

static __always_inline bool emit_pages(const struct vmscope_scanner *scanner,
				       struct vmscope_place *at,
				       const struct vmscope_entry_kind *of,
				       unsigned int i, unsigned int until,
				       const unsigned int shift)
{
	const struct vmscope_entry_kind kind = *of;
	const u64 show = kind.verdict.redacted ? 0 : ~0ULL;

	for (; i < until; i++) {
		const u64 pages = pages_until(scanner, at, i, i + 1, shift);

		if (!vmscope_out_put(&at->out, at->where, VMSCOPE_KIND_PAGE,
				     kind.verdict.what |
					     pages << VMSCOPE_PAGES_SHIFT,
				     scanner->copy.entries[i] & show,
				     value_at(scanner, at, &kind, i, shift)))
			return false;
		at->where += pages << PAGE_SHIFT;
	}
	return true;
}

/* Base pages: a function of its own, for its loop needs every register. */
static noinline bool emit_base_pages(const struct vmscope_table_copy *copy,
				     struct vmscope_place *at,
				     const struct vmscope_entry_kind *of,
				     unsigned int i, unsigned int until)
{
	const struct vmscope_entry_kind kind = *of;
	const u64 what = kind.verdict.what | 1ULL << VMSCOPE_PAGES_SHIFT;
	const u64 show = kind.verdict.redacted ? 0 : ~0ULL;
	const long room = at->out.last + 1 - at->out.next;
	const u64 *entry = copy->entries + i;
	const u64 *end = entry + min_t(long, until - i, room);
	struct vmscope_page *page = at->out.next;
	u64 where = at->where | VMSCOPE_KIND_PAGE;

	for (; entry < end; entry++) {
		page->where = where;
		page->what = what;
		page->raw = *entry & show;
		page->value = vmscope_kind_value(&kind, *entry);
		where += PAGE_SIZE;
		page++;
	}
	if (page > at->out.next)
		at->out.run = NULL;
	at->out.next = page;
	at->where = where & ~(u64)VMSCOPE_KIND_PAGE;
	return end == copy->entries + until;
}

/* A block of fewer entries saves nothing over PAGE records. */
#define LEAST_BLOCK 4

static __always_inline bool emit_block(const struct vmscope_scanner *scanner,
				       struct vmscope_place *at,
				       const struct vmscope_entry_kind *kind,
				       unsigned int i, unsigned int until)
{
	struct vmscope_page_block *block = (void *)at->out.next;
	const unsigned long bytes = (void *)(at->out.last + 1) - (void *)block;
	u64 nr = until - i;

	if (at->out.next > at->out.last ||
	    bytes < sizeof(*block) + LEAST_BLOCK * sizeof(u64) ||
	    nr < LEAST_BLOCK)
		return emit_base_pages(&scanner->copy, at, kind, i, until);
	nr = min_t(u64, nr, (bytes - sizeof(*block)) / sizeof(u64));
	block->where = at->where | VMSCOPE_KIND_BLOCK;
	block->what = kind->verdict.what | 1ULL << VMSCOPE_PAGES_SHIFT;
	block->nr = nr;
	block->value = vmscope_kind_value(kind, scanner->copy.entries[i]);
	block->unit = kind->field ? kind->step : 0;
	vmscope_arch_copy((u64 *)(block + 1), scanner->copy.entries + i, nr);
	at->out.next = (void *)((u64 *)(block + 1) + nr);
	at->out.run = NULL;
	at->where += nr << PAGE_SHIFT;
	return nr == until - i;
}

static noinline bool emit_around_found(struct vmscope_scanner *scanner,
				       struct vmscope_place *at,
				       const struct vmscope_entry_kind *kind,
				       u64 pages)
{
	int ret;

	scanner->addr = VMSCOPE_WORD_ADDR(at->where);
	vmscope_sink_end(&scanner->sink, &at->out);
	ret = emit_hollow(scanner, kind, scanner->addr + (pages << PAGE_SHIFT));
	at->out = vmscope_sink_begin(&scanner->sink);
	at->where += scanner->addr - VMSCOPE_WORD_ADDR(at->where);
	return !ret;
}

/* Entries that become no run. Return: false without room */
static __always_inline bool emit_others(struct vmscope_scanner *scanner,
					struct vmscope_place *at,
					const struct vmscope_entry_kind *kind,
					unsigned int i, unsigned int until,
					const unsigned int shift)
{
	switch (kind->form) {
	case VMSCOPE_FORM_BLOCK:
		return emit_block(scanner, at, kind, i, until);
	case VMSCOPE_FORM_HOLLOW:
		return emit_around_found(scanner, at, kind,
					 pages_until(scanner, at, i, until,
						     shift));
	default:
		if (shift == PAGE_SHIFT)
			return emit_base_pages(&scanner->copy, at, kind, i,
					       until);
		return emit_pages(scanner, at, kind, i, until, shift);
	}
}

/* An extent as a run, or as nothing. Return: false without room */
static __always_inline bool emit_run(const struct vmscope_scanner *scanner,
				     struct vmscope_place *at,
				     const struct vmscope_entry_kind *kind,
				     unsigned int i, unsigned int until,
				     const unsigned int shift)
{
	const u64 pages = pages_until(scanner, at, i, until, shift);

	if (kind->form != VMSCOPE_FORM_NOTHING &&
	    !vmscope_out_run(&at->out, &kind->verdict, at->where, pages,
			     value_at(scanner, at, kind, i, shift)))
		return false;
	at->where += pages << PAGE_SHIFT;
	return true;
}

static noinline unsigned int
extent_of_ptes(const struct vmscope_table_copy *copy,
	       const struct vmscope_entry_kind *kind, const u64 *entry,
	       unsigned int nr)
{
	return vmscope_extent_until(copy, kind, entry - copy->entries, nr,
				    true);
}

/* A record takes at least one entry: up to here there is room for all. */
static __always_inline const u64 *
room_until(const struct vmscope_table_copy *copy,
	   const struct vmscope_place *at, unsigned int nr)
{
	return copy->entries + at->i +
	       min_t(long, nr - at->i, at->out.last + 1 - at->out.next);
}

/* @where: of the next entry, and VMSCOPE_KIND_RUN */
static __always_inline void arrive(const struct vmscope_table_copy *copy,
				   struct vmscope_place *at, const u64 *entry,
				   u64 where, struct vmscope_page *page)
{
	at->i = entry - copy->entries;
	at->where = where & ~(u64)VMSCOPE_KIND_RUN;
	if (page == at->out.next)
		return;
	at->out.run = VMSCOPE_WORD_KIND(page[-1].where) == VMSCOPE_KIND_RUN ?
			      page - 1 :
			      NULL;
	at->out.next = page;
}

/* Turn a record that was filled in as a RUN into a PAGE. */
static __always_inline void make_page(struct vmscope_page *page,
				      const struct vmscope_entry_kind *kind,
				      u64 raw)
{
	page->where ^= VMSCOPE_KIND_RUN ^ VMSCOPE_KIND_PAGE;
	page->what |= 1ULL << VMSCOPE_PAGES_SHIFT;
	page->raw = kind->verdict.redacted ? 0 : raw;
}

/*
 * Entries of one kind, where frames or slots do not follow one another, as
 * runs: all that it takes is in registers.
 */
static noinline void emit_scattered(const struct vmscope_table_copy *copy,
				    struct vmscope_place *at, unsigned int nr)
{
	const struct vmscope_entry_kind kind = *at->kind;
	const u64 *end = room_until(copy, at, nr);
	const u64 *first, *entry = copy->entries + at->i;
	struct vmscope_page *page = at->out.next;
	u64 where = at->where | VMSCOPE_KIND_RUN;
	u64 raw = *entry;

	while (entry < end && !((raw ^ kind.key) & kind.mask)) {
		u64 want = raw + kind.step;

		page->where = where;
		page->what = kind.verdict.what;
		page->raw = 1;
		page->value = vmscope_kind_value(&kind, raw);
		first = entry;
		raw = *++entry;
		if (raw == want) {
			entry = copy->entries +
				vmscope_steps_until(copy, at->kind,
						    entry - copy->entries,
						    true);
			page->raw = entry - first;
			where += (page->raw - 1) << PAGE_SHIFT;
			raw = *entry;
		}
		where += PAGE_SIZE;
		page++;
	}
	arrive(copy, at, entry, where, page);
}

/**
 * enum asked - what a query makes of entries that are not empty
 * @ASKED_RUNS: runs
 * @ASKED_FRAMES: runs with frames
 * @ASKED_PAGES: pages or blocks
 */
enum asked { ASKED_RUNS, ASKED_FRAMES, ASKED_PAGES };

/* Short extents of different kinds, as most are where neighbours differ. */
static __always_inline void emit_short(const struct vmscope_table_copy *copy,
				       struct vmscope_place *at,
				       unsigned int nr, const enum asked asked)
{
	const u64 *end = room_until(copy, at, nr);
	const u64 *first, *entry = copy->entries + at->i;
	struct vmscope_page *page = at->out.next;
	struct vmscope_entry_kind *kind = at->kind, *now;
	u64 where = at->where | VMSCOPE_KIND_RUN;
	u64 raw = *entry;
	bool is_run = true;

	while (entry < end && kind->apart) {
		bool long_one;

		now = kind->then;
		if ((raw ^ now->key) & now->mask)
			break;
		if (asked == ASKED_PAGES)
			is_run = now->form == VMSCOPE_FORM_RUN;
		first = entry++;
		if (asked == ASKED_FRAMES)
			long_one = !(((raw + now->grow) ^ *entry) & now->same);
		else
			long_one = !((raw ^ *entry) & now->mask);
		if (long_one && !is_run) {
			entry = first;
			break;
		}
		page->where = where;
		page->what = now->verdict.what;
		page->raw = 1;
		page->value =
			asked == ASKED_RUNS ? 0 : vmscope_kind_value(now, raw);
		if (!is_run)
			make_page(page, now, raw);
		if (long_one) {
			entry = copy->entries +
				extent_of_ptes(copy, now, entry, nr);
			page->raw = entry - first;
			where += (page->raw - 1) << PAGE_SHIFT;
		}
		where += PAGE_SIZE;
		page++;
		kind = now;
		raw = *entry;
	}
	at->kind = kind;
	arrive(copy, at, entry, where, page);
}

static noinline void emit_short_runs(const struct vmscope_table_copy *copy,
				     struct vmscope_place *at, unsigned int nr)
{
	emit_short(copy, at, nr, ASKED_RUNS);
}

static noinline void emit_short_frames(const struct vmscope_table_copy *copy,
				       struct vmscope_place *at,
				       unsigned int nr)
{
	emit_short(copy, at, nr, ASKED_FRAMES);
}

static noinline void emit_short_pages(const struct vmscope_table_copy *copy,
				      struct vmscope_place *at, unsigned int nr)
{
	emit_short(copy, at, nr, ASKED_PAGES);
}

/* Faster loops for stretches that repeat one pattern. */
static noinline void emit_more(const struct vmscope_scanner *scanner,
			       struct vmscope_place *at, unsigned int nr)
{
	const struct vmscope_table_copy *copy = &scanner->copy;
	const u64 flags = scanner->query.flags;

	if (at->kind->form == VMSCOPE_FORM_STEPS && at->kind->then == at->kind)
		emit_scattered(copy, at, nr);
	else if (!at->kind->apart)
		return;
	else if (!(flags & VMSCOPE_SCAN_RUNS))
		emit_short_pages(copy, at, nr);
	else if (flags & VMSCOPE_SCAN_FRAMES)
		emit_short_frames(copy, at, nr);
	else
		emit_short_runs(copy, at, nr);
}

/* Entries that map a part of what lies between two places. */
static u64 entries_between(const struct vmscope_table_copy *copy, u64 from,
			   u64 to)
{
	const unsigned long first = VMSCOPE_WORD_ADDR(from) - copy->addr;
	const unsigned long last = VMSCOPE_WORD_ADDR(to) - 1 - copy->addr;

	return from == to ? 0 :
			    (last >> copy->shift) - (first >> copy->shift) + 1;
}

/* The entries from @at->i on that agree. Return: false without room */
static __always_inline bool
emit_extent(struct vmscope_scanner *scanner, struct vmscope_place *at,
	    unsigned int nr, const unsigned int shift, const bool plain)
{
	const struct vmscope_table_copy *copy = &scanner->copy;
	struct vmscope_entry_kind *kind = at->kind->then;
	const unsigned int first = at->i;
	const u64 from = at->where;
	bool room;

	if (!vmscope_kind_is(kind, copy, first, plain))
		kind = vmscope_kind_after(scanner, at->kind, first);
	at->i = first + 1;
	if (at->i < nr)
		at->i = vmscope_extent_until(copy, kind, at->i, nr, plain);
	at->kind = kind;
	if (kind->form <= VMSCOPE_FORM_NOTHING)
		room = emit_run(scanner, at, kind, first, at->i, shift);
	else
		room = emit_others(scanner, at, kind, first, at->i, shift);
	if (!plain && kind->state & VMSCOPE_STATE_RACED && kind->verdict.wanted)
		scanner->sink.raced += entries_between(copy, from, at->where);
	return room;
}

/* The entries up to a limit. Return: false without room */
static __always_inline bool
emit_until(struct vmscope_scanner *scanner, struct vmscope_place *at,
	   unsigned int end, const unsigned int shift, const bool plain)
{
	u64 *mark = scanner->copy.entries + end;
	const u64 kept = *mark;
	bool room = true;

	if (at->i + 1 == end)
		return emit_extent(scanner, at, end, shift, plain);
	*mark = ~mark[-1];
	while (at->i < end && room) {
		room = emit_extent(scanner, at, end, shift, plain);
		if (plain && room && at->i < end)
			emit_more(scanner, at, end);
	}
	*mark = kept;
	return room;
}

/*
 * Emit the facts of the frames from the current entry on. @end: filled in: the
 * entry where those of other frames begin, not above @nr; the current one is
 * moved there if the filters want no such frame. Return: false without room
 */
static __always_inline bool emit_facts(struct vmscope_scanner *scanner,
				       struct vmscope_place *at,
				       unsigned int nr, unsigned int *end)
{
	const struct vmscope_table_copy *copy = &scanner->copy;
	const struct vmscope_frames *frames = &scanner->frames;
	const u8 number = frames->nr ? frames->set_of[at->i] : 0;
	const struct vmscope_frame *set;
	const u8 *other = NULL;

	if (frames->nr > 1 || (frames->nr && !number))
		other = memchr_inv(frames->set_of + at->i, number, nr - at->i);
	*end = other ? other - frames->set_of : nr;
	if (!number)
		return true;
	set = &frames->set[number - 1];
	if ((scanner->query.orders | scanner->query.nodes) &&
	    !vmscope_sink_wants_frame(&scanner->sink, set)) {
		at->i = *end;
		at->where +=
			min(scanner->until, vmscope_entry_addr(copy, *end)) -
			VMSCOPE_WORD_ADDR(at->where);
		return true;
	}
	if (vmscope_frame_continues(at->shown, set))
		return true;
	if (!vmscope_out_frame(&at->out, set))
		return false;
	at->shown = set;
	return true;
}

/* Facts that hold for fewer entries than this are worth a mix. */
#define SHORT_FACTS 8

/* Runs without frames, of all pages. */
static bool may_mix(const struct vmscope_scan *query)
{
	return query->facts && !query->orders && !query->nodes &&
	       (query->flags & (VMSCOPE_SCAN_MIXES | VMSCOPE_SCAN_RUNS |
				VMSCOPE_SCAN_FRAMES)) ==
		       (VMSCOPE_SCAN_MIXES | VMSCOPE_SCAN_RUNS);
}

/* @shift: of the entries, and @plain are constants where they matter most. */
static __always_inline int emit_table(struct vmscope_scanner *scanner,
				      const unsigned int shift,
				      const bool plain)
{
	struct vmscope_table_copy *copy = &scanner->copy;
	const unsigned int nr =
		((scanner->until - 1 - copy->addr) >> shift) + 1;
	struct vmscope_place at = {
		.out = vmscope_sink_begin(&scanner->sink),
		.where = scanner->addr | (u64)copy->level
						 << VMSCOPE_LEVEL_SHIFT,
		.i = (scanner->addr - copy->addr) >> shift,
		.shown = &scanner->sink.frame,
	};
	const bool mixes = shift == PAGE_SHIFT && may_mix(&scanner->query);
	unsigned int end = nr, again = 0;
	bool room = true;

	vmscope_kinds_keep(scanner, at.i);
	at.kind = scanner->kinds.last;
	while (at.i < nr && room) {
		const unsigned int first = at.i;

		if (scanner->query.facts)
			room = emit_facts(scanner, &at, nr, &end);
		if (room)
			room = emit_until(scanner, &at, end, shift, plain);
		if (mixes && room && at.i - first < SHORT_FACTS &&
		    at.i >= again && at.i + VMSCOPE_LEAST_MIX <= nr)
			again = vmscope_emit_mix(scanner, &at, nr);
	}
	scanner->kinds.last = at.kind;
	if (at.shown != &scanner->sink.frame)
		scanner->sink.frame = *at.shown;
	scanner->sink.frame.where |= VMSCOPE_KIND_FRAME;
	scanner->addr = VMSCOPE_WORD_ADDR(at.where);
	vmscope_sink_end(&scanner->sink, &at.out);
	return room ? 0 : -ENOSPC;
}

/**
 * vmscope_emit_entries - turn the entries of a snapshot into records
 * @scanner: with entries from @scanner->addr up to @scanner->until, which is
 *	moved on
 *
 * Context: Process context. Nothing needs to be held.
 * Return: 0, or -ENOSPC if there was no room for all of them
 */
int vmscope_emit_entries(struct vmscope_scanner *scanner)
{
	if (scanner->copy.level > VMSCOPE_LEVEL_PTE)
		return emit_table(scanner, scanner->copy.shift, false);
	if (scanner->plain)
		return emit_table(scanner, PAGE_SHIFT, true);
	return emit_table(scanner, PAGE_SHIFT, false);
}
