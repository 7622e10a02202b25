/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_KIND_H
#define _VMSCOPE_KIND_H

#include <linux/types.h>

#include "sink.h"
#include "walk.h"

struct vmscope_scanner;

/* Kinds of entry that are remembered; tables seldom hold more. */
#define VMSCOPE_KINDS 4

/**
 * enum vmscope_form - how entries of a kind become records
 * @VMSCOPE_FORM_RUN: as a run
 * @VMSCOPE_FORM_STEPS: as runs whose frames or slots follow one another
 * @VMSCOPE_FORM_NOTHING: not at all
 * @VMSCOPE_FORM_PAGES: each by itself
 * @VMSCOPE_FORM_BLOCK: as a block
 * @VMSCOPE_FORM_HOLLOW: as the entry says, between pages that the cache swapped
 */
enum vmscope_form {
	VMSCOPE_FORM_RUN,
	VMSCOPE_FORM_STEPS,
	VMSCOPE_FORM_NOTHING,
	VMSCOPE_FORM_PAGES,
	VMSCOPE_FORM_BLOCK,
	VMSCOPE_FORM_HOLLOW,
};

/**
 * struct vmscope_entry_kind - entries that are reported alike
 * @key: one of them
 * @mask: bits in which they agree with it
 * @state: what their frame says, as in struct vmscope_table_copy
 * @form: enum vmscope_form
 * @apart: @then is reported, and its records never merge with one of this kind
 * @states: eight times @state
 * @then: the kind that followed it last
 * @base: with the next three, the value: see vmscope_kind_value()
 * @flip: bits of the entry to invert
 * @field: bits of it that hold a frame or slot
 * @shift: how far they are from bit 0
 * @step: added to an entry, gives that of the next frame or slot
 * @grow: added to an entry, gives one that the same record can go on with, as
 *	far as it agrees in
 * @same: these bits
 * @verdict: how they are reported
 */
struct vmscope_entry_kind {
	u64 key;
	u64 mask;
	u8 state;
	u8 form;
	bool apart;
	u64 states;
	struct vmscope_entry_kind *then;
	u64 base;
	u64 flip;
	u64 field;
	unsigned int shift;
	u64 step;
	u64 grow;
	u64 same;
	struct vmscope_verdict verdict;
};

/**
 * struct vmscope_entry_kinds - the kinds that were seen last
 * @basis: everything else that decides how an entry is reported, in one word:
 *	if it changes, the kinds are forgotten; 0 if there are none
 * @nr: how many
 * @next: which of them to forget next
 * @last: the kind of the last entry
 * @kind: the kinds
 */
struct vmscope_entry_kinds {
	u64 basis;
	unsigned int nr;
	unsigned int next;
	struct vmscope_entry_kind *last;
	struct vmscope_entry_kind kind[VMSCOPE_KINDS];
};

/**
 * vmscope_kind_value - frame or slot of an entry
 * @kind: its kind
 * @raw: the entry
 *
 * Context: Any context.
 * Return: as in struct vmscope_page, 0 if it is not reported
 */
static __always_inline u64
vmscope_kind_value(const struct vmscope_entry_kind *kind, u64 raw)
{
	return kind->base + (((raw ^ kind->flip) & kind->field) >> kind->shift);
}

/**
 * vmscope_kind_is - whether an entry is of a kind
 * @kind: the kind
 * @copy: the table
 * @i: index of the entry
 * @plain: no frame was looked at, so that states do not count
 *
 * Context: Any context.
 * Return: true if it is
 */
static __always_inline bool
vmscope_kind_is(const struct vmscope_entry_kind *kind,
		const struct vmscope_table_copy *copy, unsigned int i,
		const bool plain)
{
	return !((copy->entries[i] ^ kind->key) & kind->mask) &&
	       (plain || copy->state[i] == kind->state);
}

struct vmscope_entry_kind *vmscope_kind_after(struct vmscope_scanner *scanner,
					      struct vmscope_entry_kind *last,
					      unsigned int i);
void vmscope_kinds_keep(struct vmscope_scanner *scanner, unsigned int i);

#endif /* _VMSCOPE_KIND_H */
