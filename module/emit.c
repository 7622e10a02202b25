// SPDX-License-Identifier: GPL-2.0-only
/*
 * A snapshot -> records. No lock is held, so the target is not read: all facts
 * are in the snapshot.
 *
 * Most entries of a table differ from one another in their frame or slot only.
 * Such a kind is decoded, filtered and withheld once; further entries of it are
 * recognized by comparing bits.
 */
#include "emit.h"

#include <linux/mm.h>
#include <linux/pfn.h>

#include "arch/arch.h"
#include "decode.h"
#include "scan.h"
#include "target.h"

#define SLOT_TYPE (~0ULL << VMSCOPE_SLOT_TYPE_SHIFT)

static int emit_area(struct vmscope_scanner *scanner)
{
	const struct vmscope_area_facts *area = &scanner->area;
	u64 key = vmscope_area_key(area);
	struct vmscope_area record = {
		.where = area->start | VMSCOPE_KIND_AREA,
		.end = area->end,
		.vma_flags = area->vma_flags,
		.offset = area->offset,
		.inode = area->inode,
		.dev = area->dev,
		.name_kind = area->name_kind,
		.page_size = area->page_size,
		.name_bytes = scanner->name_bytes,
	};
	int ret;

	if (area->name_cut)
		record.where |= VMSCOPE_AREA_NAME_CUT;
	if (!(scanner->query.flags & VMSCOPE_SCAN_AREAS) ||
	    scanner->area_key == key)
		return 0;
	ret = vmscope_sink_area(&scanner->sink, &record, scanner->name_at);
	if (!ret)
		scanner->area_key = key;
	return ret;
}

static int emit_tables(struct vmscope_scanner *scanner)
{
	for (; scanner->next_table < scanner->nr_tables;
	     scanner->next_table++, scanner->tables_emitted++) {
		const struct vmscope_table *table =
			&scanner->tables[scanner->next_table];
		int ret = vmscope_sink_table(&scanner->sink, table);

		if (ret)
			return ret;
	}
	return 0;
}

static bool is_raced(const struct vmscope_scanner *scanner, unsigned int i)
{
	return scanner->raced && test_bit(i, scanner->differs);
}

static void decode(const struct vmscope_scanner *scanner, unsigned int i,
		   struct vmscope_fact *fact)
{
	const struct vmscope_table_copy *copy = &scanner->copy;
	u64 raw = copy->entries[i];

	if (scanner->target->kernel)
		vmscope_decode_kernel(raw, copy->level, copy->perm,
				      copy->state[i], fact);
	else
		vmscope_decode(&scanner->area, raw, copy->level,
			       vmscope_decode_leaf(raw, copy->level,
						   copy->perm),
			       copy->state[i], fact);
	if (is_raced(scanner, i))
		fact->what |= VMSCOPE_F_RACED;
}

static u64 value_of(const struct vmscope_entry_kind *kind, u64 raw)
{
	return kind->base | (((raw ^ kind->flip) & kind->field) >> kind->shift);
}

/* Widen the kind to base entries that differ in their frame or slot. */
static void widen(struct vmscope_entry_kind *kind, u64 state, bool frame)
{
	u64 value = kind->base;

	kind->field = vmscope_arch_field(kind->key, frame);
	kind->flip = vmscope_arch_inverts(kind->key) ? ~0ULL : 0;
	kind->shift = kind->field ? __ffs64(kind->field) : 0;
	kind->base = frame ? 0 : value & SLOT_TYPE;
	/* A value that the field does not give holds for this entry only. */
	if ((!frame && state != VMSCOPE_STATE_SWAP) ||
	    value_of(kind, kind->key) != value) {
		kind->base = value;
		kind->field = 0;
	}
	kind->mask = ~kind->field;
}

/*
 * Special entries, and any where frames were read, may map the zero page: a
 * kind of the zero page covers equal entries only, and other kinds exclude it.
 */
static void avoid_zero(const struct vmscope_scanner *scanner,
		       struct vmscope_entry_kind *kind, u64 state)
{
	if (state == VMSCOPE_STATE_ZERO) {
		kind->mask = ~0ULL;
		return;
	}
	if (!kind->field ||
	    (scanner->plain && !vmscope_arch_special(kind->key)))
		return;
	kind->frame = kind->field;
	kind->avoid = (PFN_PHYS(page_to_pfn(ZERO_PAGE(0))) ^ kind->flip) &
		      kind->field;
}

static void learn(struct vmscope_scanner *scanner, unsigned int i,
		  struct vmscope_entry_kind *kind)
{
	const struct vmscope_table_copy *copy = &scanner->copy;
	const bool kernel = scanner->target->kernel;
	struct vmscope_fact fact;
	struct vmscope_piece piece = { .pages = 1, .level = copy->level };
	bool present;
	u64 state;

	decode(scanner, i, &fact);
	state = VMSCOPE_WORD_STATE(fact.what);
	*kind = (struct vmscope_entry_kind){
		.key = copy->entries[i],
		.mask = ~0ULL,
		.avoid = 1,
		.base = fact.value,
		.state = copy->state[i],
		.raced = is_raced(scanner, i),
		.empty = state == VMSCOPE_STATE_NONE,
	};
	present = kernel || vmscope_arch_present(kind->key, copy->level);
	if (kind->empty)
		kind->mask = ~vmscope_arch_strays();
	else if (copy->level == VMSCOPE_LEVEL_PTE)
		widen(kind, state, present);
	if (copy->level == VMSCOPE_LEVEL_PTE && present && !kernel)
		avoid_zero(scanner, kind, state);
	piece.what = fact.what;
	piece.value = fact.value;
	piece.raw = kind->empty ? 0 : kind->key;
	vmscope_sink_judge(&scanner->sink, &piece, &kind->verdict);
	if (kind->verdict.hidden && state != VMSCOPE_STATE_SWAP) {
		kind->base = 0;
		kind->field = 0;
	}
}

static __always_inline bool is_of(const struct vmscope_entry_kind *kind,
				  u64 raw)
{
	return !((raw ^ kind->key) & kind->mask) &&
	       (raw & kind->frame) != kind->avoid;
}

/* Do the state of the frame and the raced bit match the kind? */
static bool goes_with(const struct vmscope_scanner *scanner,
		      const struct vmscope_entry_kind *kind, unsigned int i)
{
	return scanner->plain || (scanner->copy.state[i] == kind->state &&
				  is_raced(scanner, i) == kind->raced);
}

static const struct vmscope_entry_kind *kind_of(struct vmscope_scanner *scanner,
						unsigned int i)
{
	struct vmscope_entry_kinds *kinds = &scanner->kinds;
	const u64 raw = scanner->copy.entries[i];
	struct vmscope_entry_kind *kind;

	for (kind = kinds->kind; kind < kinds->kind + kinds->nr; kind++)
		if (is_of(kind, raw) && goes_with(scanner, kind, i))
			return kind;
	if (kinds->nr < VMSCOPE_KINDS) {
		kind = &kinds->kind[kinds->nr++];
	} else {
		kind = &kinds->kind[kinds->next];
		kinds->next = (kinds->next + 1) % VMSCOPE_KINDS;
	}
	learn(scanner, i, kind);
	return kind;
}

/* Huge leaves are few, and may be clipped: each is emitted by itself. */
static unsigned int alike_until(const struct vmscope_scanner *scanner,
				const struct vmscope_entry_kind *kind,
				unsigned int i)
{
	const struct vmscope_table_copy *copy = &scanner->copy;
	const unsigned int nr = copy->nr;

	if (copy->level > VMSCOPE_LEVEL_PTE && !kind->empty)
		return i + 1;
	if (scanner->plain) {
		if (!(copy->unlike & (kind->mask | kind->frame)))
			return nr;
		do
			i++;
		while (i < nr && is_of(kind, copy->entries[i]));
		return i;
	}
	do
		i++;
	while (i < nr && is_of(kind, copy->entries[i]) &&
	       goes_with(scanner, kind, i));
	return i;
}

static u64 where_of(const struct vmscope_scanner *scanner, unsigned long addr)
{
	return addr | ((u64)scanner->copy.level << VMSCOPE_LEVEL_SHIFT);
}

/* Pages that the page cache says are swapped out, one record each. */
static int emit_found(struct vmscope_scanner *scanner,
		      const struct vmscope_found *found, unsigned long end)
{
	int ret = 0;

	while (scanner->addr < end && !ret) {
		const unsigned long nr = (scanner->addr - found->addr) >>
					 PAGE_SHIFT;
		const struct vmscope_piece piece = {
			.addr = scanner->addr,
			.pages = 1,
			.level = scanner->copy.level,
			.what = (u64)found->state << VMSCOPE_STATE_SHIFT,
			.value = found->state == VMSCOPE_STATE_SHMEM_SWAP ?
					 found->value + nr :
					 found->value,
		};

		ret = vmscope_sink_piece(&scanner->sink, &piece);
		if (!ret)
			scanner->addr += PAGE_SIZE;
	}
	return ret;
}

static void count_raced(struct vmscope_scanner *scanner, u64 what, u64 entries)
{
	if (what & VMSCOPE_F_RACED)
		scanner->sink.raced += entries;
}

static int emit_none(struct vmscope_scanner *scanner,
		     const struct vmscope_verdict *verdict, unsigned long end)
{
	u64 bytes = end - scanner->addr;
	int ret = 0;

	if (verdict->wanted)
		ret = vmscope_sink_run(&scanner->sink, verdict,
				       where_of(scanner, scanner->addr),
				       bytes >> PAGE_SHIFT, 0);
	if (ret)
		return ret;
	if (verdict->wanted)
		count_raced(scanner, verdict->what,
			    DIV_ROUND_UP(bytes, 1ULL << scanner->copy.shift));
	scanner->addr = end;
	return 0;
}

static int emit_empty(struct vmscope_scanner *scanner,
		      const struct vmscope_verdict *verdict, unsigned long end)
{
	unsigned int i;
	int ret = 0;

	for (i = scanner->next_found; i < scanner->nr_found && !ret; i++) {
		const struct vmscope_found *found = &scanner->found[i];
		unsigned long until =
			found->addr + ((u64)found->pages << PAGE_SHIFT);

		if (found->addr >= end)
			break;
		if (found->addr > scanner->addr)
			ret = emit_none(scanner, verdict, found->addr);
		if (!ret)
			ret = emit_found(scanner, found, until);
		if (!ret)
			scanner->next_found = i + 1;
	}
	if (!ret && scanner->addr < end)
		ret = emit_none(scanner, verdict, end);
	return ret;
}

/* A huge leaf that the range clips begins some pages later. */
static int emit_huge(struct vmscope_scanner *scanner, unsigned int i,
		     unsigned long end)
{
	const struct vmscope_table_copy *copy = &scanner->copy;
	const u64 raw = copy->entries[i];
	struct vmscope_piece piece = {
		.addr = scanner->addr,
		.pages = (end - scanner->addr) >> PAGE_SHIFT,
		.level = copy->level,
	};
	struct vmscope_fact fact;
	int ret;

	decode(scanner, i, &fact);
	piece.what = fact.what;
	piece.raw = raw;
	piece.value = fact.value;
	if ((fact.value || fact.what & VMSCOPE_F_PRESENT) &&
	    !vmscope_arch_is_table(raw, copy->level))
		piece.value += (scanner->addr - vmscope_entry_addr(copy, i)) >>
			       PAGE_SHIFT;
	ret = vmscope_sink_piece(&scanner->sink, &piece);
	if (!ret)
		scanner->addr = end;
	return ret;
}

static int emit_pages(struct vmscope_scanner *scanner,
		      const struct vmscope_entry_kind *kind, unsigned int i,
		      unsigned int until)
{
	struct vmscope_sink *sink = &scanner->sink;
	const u64 *raws = scanner->copy.entries + i;
	const u64 nr = min_t(u64, until - i, vmscope_sink_room(sink));
	const u64 what = kind->verdict.what | (1ULL << VMSCOPE_PAGES_SHIFT);
	const u64 show = kind->verdict.hidden ? 0 : ~0ULL;
	u64 where = where_of(scanner, scanner->addr) | VMSCOPE_KIND_PAGE;
	struct vmscope_page *page = vmscope_sink_append(sink, nr);
	u64 j;

	for (j = 0; j < nr; j++, where += PAGE_SIZE) {
		const u64 raw = raws[j];

		page[j].where = where;
		page[j].what = what;
		page[j].raw = raw & show;
		page[j].value = value_of(kind, raw);
	}
	scanner->addr += nr * PAGE_SIZE;
	count_raced(scanner, what, nr);
	return nr == until - i ? 0 : -ENOSPC;
}

static __always_inline int emit_run(struct vmscope_scanner *scanner,
				    const struct vmscope_entry_kind *kind,
				    u64 pages, u64 value)
{
	int ret = vmscope_sink_run(&scanner->sink, &kind->verdict,
				   where_of(scanner, scanner->addr), pages,
				   value);

	if (ret)
		return ret;
	scanner->addr += pages << PAGE_SHIFT;
	count_raced(scanner, kind->verdict.what, pages);
	return 0;
}

/* Runs whose frames or slots follow one another. */
static int emit_frames(struct vmscope_scanner *scanner,
		       const struct vmscope_entry_kind *kind, unsigned int i,
		       unsigned int until)
{
	const u64 *entries = scanner->copy.entries;
	unsigned int first;
	int ret = 0;
	u64 value;

	while (i < until && !ret) {
		u64 next = value_of(kind, entries[i]);

		first = i;
		value = next;
		do {
			next++;
			i++;
		} while (i < until && value_of(kind, entries[i]) == next);
		ret = emit_run(scanner, kind, i - first, value);
	}
	return ret;
}

static int emit_runs(struct vmscope_scanner *scanner,
		     const struct vmscope_entry_kind *kind, unsigned int i,
		     unsigned int until)
{
	u64 value = 0;

	if (kind->verdict.step)
		return emit_frames(scanner, kind, i, until);
	if (scanner->query.flags & VMSCOPE_SCAN_FRAMES)
		value = value_of(kind, kind->key);
	return emit_run(scanner, kind, until - i, value);
}

static int emit_alike(struct vmscope_scanner *scanner,
		      const struct vmscope_entry_kind *kind, unsigned int i,
		      unsigned int until)
{
	const struct vmscope_table_copy *copy = &scanner->copy;
	unsigned long end =
		min(scanner->until, vmscope_entry_addr(copy, until));

	if (kind->empty)
		return emit_empty(scanner, &kind->verdict, end);
	if (copy->level > VMSCOPE_LEVEL_PTE)
		return emit_huge(scanner, i, end);
	if (!kind->verdict.wanted) {
		scanner->addr = end;
		return 0;
	}
	if (kind->verdict.runs)
		return emit_runs(scanner, kind, i, until);
	return emit_pages(scanner, kind, i, until);
}

static int emit_entries(struct vmscope_scanner *scanner)
{
	const struct vmscope_table_copy *copy = &scanner->copy;
	unsigned int i = (scanner->addr - copy->addr) >> copy->shift;
	int ret = 0;

	while (i < copy->nr && scanner->addr < scanner->until && !ret) {
		const struct vmscope_entry_kind *kind = kind_of(scanner, i);
		unsigned int until = alike_until(scanner, kind, i);

		ret = emit_alike(scanner, kind, i, until);
		i = until;
	}
	return ret;
}

/* Levels at which an entry begins from @from on, before @to. */
static u8 whole_levels(unsigned long from, unsigned long to)
{
	unsigned int level;
	u8 levels = 0;

	for (level = VMSCOPE_LEVEL_PTE; level <= VMSCOPE_LEVEL_PGD; level++) {
		unsigned int shift = vmscope_level_shift(level);

		if ((from - 1) >> shift != (to - 1) >> shift)
			levels |= 1 << level;
	}
	return levels;
}

/* Everything below the current address was emitted or filtered out. */
static void note_progress(struct vmscope_scanner *scanner, unsigned long from)
{
	if (scanner->addr == from)
		return;
	scanner->tables_emitted = 0;
	if (scanner->target->kernel)
		scanner->whole |= whole_levels(from, scanner->addr);
	if (!(scanner->query.flags & VMSCOPE_SCAN_TABLES))
		return;
	scanner->prev = scanner->addr - PAGE_SIZE;
	scanner->prev_valid = true;
}

/**
 * vmscope_emit - turn a snapshot into records
 * @scanner: as vmscope_snapshot_take() left it, or an earlier call that ran out
 *	of room
 *
 * Context: Process context. Nothing needs to be held.
 * Return:
 * * 0       - all of it is emitted
 * * -ENOSPC - hand out what is ready in the sink, then call again
 */
int vmscope_emit(struct vmscope_scanner *scanner)
{
	unsigned long from = scanner->addr;
	int ret;

	/* No run crosses the border of an area. */
	if (from == scanner->area.start)
		vmscope_sink_close(&scanner->sink);
	ret = emit_area(scanner);
	if (!ret)
		ret = emit_tables(scanner);
	if (ret)
		return ret;
	if (scanner->skips)
		scanner->addr = scanner->until;
	else if (scanner->until > scanner->addr)
		ret = emit_entries(scanner);
	note_progress(scanner, from);
	return ret;
}
