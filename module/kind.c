// SPDX-License-Identifier: GPL-2.0-only
/*
 * How entries are reported. Most entries of a table differ from one another in
 * their frame or slot only. Such a kind is decoded, filtered and redacted once;
 * further entries of it are recognized by comparing bits.
 */
#include "kind.h"

#include <linux/mm.h>

#include "arch/arch.h"
#include "decode.h"
#include "scan.h"
#include "target.h"

/* For a kind without steps: plus 2, no entry is of its kind, or an end mark. */
#define NO_STEP 2

#define SLOT_TYPE (~0ULL << VMSCOPE_SLOT_TYPE_SHIFT)

static void decode(const struct vmscope_scanner *scanner, unsigned int i,
		   struct vmscope_fact *fact)
{
	const struct vmscope_table_copy *copy = &scanner->copy;
	const u8 state = copy->state[i] & ~VMSCOPE_STATE_RACED;
	u64 raw = copy->entries[i];

	if (scanner->target->kernel)
		vmscope_decode_kernel(raw, copy->level, copy->perm, state,
				      fact);
	else
		vmscope_decode(&scanner->area, raw, copy->level,
			       vmscope_decode_leaf(raw, copy->level,
						   copy->perm),
			       state, fact);
	if (copy->state[i] & VMSCOPE_STATE_RACED)
		fact->what |= VMSCOPE_F_RACED;
}

/*
 * Widen the kind to entries that differ in their frame or slot. Not for entries
 * whose frames were not looked at, and one of which may be the zero page. Not
 * for repeated entries: their value is the table.
 */
static void widen(const struct vmscope_scanner *scanner, u64 state,
		  struct vmscope_entry_kind *kind)
{
	const unsigned int level = scanner->copy.level;
	const bool kernel = scanner->target->kernel;
	const bool frame = kernel || vmscope_arch_present(kind->key, level);
	const u64 value = kind->base;

	if (state == VMSCOPE_STATE_REPEAT ||
	    (frame ? !kernel && scanner->plain &&
			     vmscope_arch_like_zero(kind->key,
						    scanner->area.anonymous) :
		     state != VMSCOPE_STATE_SWAP))
		return;
	kind->field = vmscope_arch_field(kind->key, level, frame);
	if (!kind->field)
		return;
	kind->flip = vmscope_arch_inverts(kind->key) ? ~0ULL : 0;
	kind->shift = frame ? PAGE_SHIFT : __ffs64(kind->field);
	kind->step = 1ULL << (__ffs64(kind->field));
	if (kind->flip)
		kind->step = -kind->step;
	kind->base = frame ? 0 : value & SLOT_TYPE;
	kind->mask = ~kind->field;
	if (vmscope_kind_value(kind, kind->key) == value)
		return;
	/* The value is not in the field: it is that of this entry only. */
	kind->base = value;
	kind->field = 0;
	kind->mask = ~0ULL;
	kind->step = NO_STEP;
}

static u8 form_of(const struct vmscope_scanner *scanner,
		  const struct vmscope_entry_kind *kind)
{
	const unsigned int state = VMSCOPE_WORD_STATE(kind->verdict.what);

	if (scanner->nr_found &&
	    (state == VMSCOPE_STATE_NONE || state == VMSCOPE_STATE_MARKER_UFFD))
		return VMSCOPE_FORM_HOLLOW;
	if (!kind->verdict.wanted)
		return VMSCOPE_FORM_NOTHING;
	if (!kind->verdict.runs)
		return scanner->query.flags & VMSCOPE_SCAN_BLOCKS &&
				       scanner->copy.level ==
					       VMSCOPE_LEVEL_PTE &&
				       !kind->verdict.redacted ?
			       VMSCOPE_FORM_BLOCK :
			       VMSCOPE_FORM_PAGES;
	return kind->verdict.step ? VMSCOPE_FORM_STEPS : VMSCOPE_FORM_RUN;
}

static void learn(struct vmscope_scanner *scanner, unsigned int i,
		  struct vmscope_entry_kind *kind)
{
	const struct vmscope_table_copy *copy = &scanner->copy;
	struct vmscope_fact fact;
	struct vmscope_extent extent = {
		.pages = 1ULL << (copy->shift - PAGE_SHIFT),
		.level = copy->level,
	};
	bool empty;

	decode(scanner, i, &fact);
	empty = VMSCOPE_WORD_STATE(fact.what) == VMSCOPE_STATE_NONE;
	*kind = (struct vmscope_entry_kind){
		.key = copy->entries[i],
		.mask = ~0ULL,
		.base = fact.value,
		.step = NO_STEP,
		.state = copy->state[i],
		.states = copy->state[i] * 0x0101010101010101ULL,
		.then = kind,
	};
	if (empty)
		kind->mask = ~vmscope_arch_strays();
	else
		widen(scanner, VMSCOPE_WORD_STATE(fact.what), kind);
	extent.what = fact.what;
	extent.value = fact.value;
	extent.raw = empty ? 0 : kind->key;
	vmscope_sink_judge(&scanner->sink, &extent, &kind->verdict);
	kind->form = form_of(scanner, kind);
	if (!kind->verdict.valued) {
		kind->base = 0;
		kind->field = 0;
	}
	kind->same = kind->mask;
	if (kind->form == VMSCOPE_FORM_STEPS) {
		kind->grow = kind->step;
		kind->same = ~0ULL;
	}
}

/* What @kind was is forgotten: it follows itself only. */
static void forget_followers(struct vmscope_entry_kinds *kinds,
			     const struct vmscope_entry_kind *kind)
{
	struct vmscope_entry_kind *before = kinds->kind;

	for (; before < kinds->kind + kinds->nr; before++) {
		if (before->then != kind)
			continue;
		before->then = before;
		before->apart = false;
	}
}

static struct vmscope_entry_kind *find_kind(struct vmscope_scanner *scanner,
					    unsigned int i)
{
	struct vmscope_entry_kinds *kinds = &scanner->kinds;
	struct vmscope_entry_kind *kind;

	for (kind = kinds->kind; kind < kinds->kind + kinds->nr; kind++)
		if (vmscope_kind_is(kind, &scanner->copy, i, false))
			return kind;
	if (kinds->nr < VMSCOPE_KINDS) {
		kind = &kinds->kind[kinds->nr++];
	} else {
		kind = &kinds->kind[kinds->next];
		kinds->next = (kinds->next + 1) % VMSCOPE_KINDS;
		forget_followers(kinds, kind);
	}
	learn(scanner, i, kind);
	return kind;
}

/**
 * vmscope_kind_after - the kind of an entry
 * @scanner: with the table
 * @last: a kind that stands before it, which remembers what followed
 * @i: index of the entry
 *
 * Context: Any context.
 * Return: the kind, which stays until one more is needed than there is room for
 */
struct vmscope_entry_kind *vmscope_kind_after(struct vmscope_scanner *scanner,
					      struct vmscope_entry_kind *last,
					      unsigned int i)
{
	struct vmscope_entry_kind *kind = find_kind(scanner, i);

	last->then = kind;
	/* What follows HOLLOW may merge with a page of the cache there. */
	last->apart = last->form != VMSCOPE_FORM_HOLLOW &&
		      kind->form != VMSCOPE_FORM_NOTHING &&
		      kind->form != VMSCOPE_FORM_HOLLOW &&
		      (last->verdict.what ^ kind->verdict.what) &
			      scanner->sink.agree;
	return kind;
}

/**
 * vmscope_kinds_keep - begin with a table
 * @scanner: with the table
 * @i: index of its first entry to emit
 *
 * Kinds outlive their table, because the next one of an area is mostly like it.
 * They are forgotten if anything else that they depend on has changed.
 *
 * Context: Any context.
 */
void vmscope_kinds_keep(struct vmscope_scanner *scanner, unsigned int i)
{
	const struct vmscope_area_facts *area = &scanner->area;
	struct vmscope_entry_kinds *kinds = &scanner->kinds;
	const u64 basis = 1 | scanner->copy.level << 1 | area->pfnmap << 4 |
			  scanner->plain << 5 | !!scanner->nr_found << 6 |
			  area->anonymous << 7 | area->page_state << 8 |
			  area->other_state << 16 | scanner->copy.perm << 16;

	if (kinds->basis == basis)
		return;
	kinds->basis = basis;
	kinds->nr = 0;
	kinds->next = 0;
	kinds->last = find_kind(scanner, i);
}
