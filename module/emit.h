/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_EMIT_H
#define _VMSCOPE_EMIT_H

#include <linux/types.h>

#include "sink.h"

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
 * @VMSCOPE_FORM_EMPTY: as a run, between pages that the page cache has swapped
 */
enum vmscope_form {
	VMSCOPE_FORM_RUN,
	VMSCOPE_FORM_STEPS,
	VMSCOPE_FORM_NOTHING,
	VMSCOPE_FORM_PAGES,
	VMSCOPE_FORM_BLOCK,
	VMSCOPE_FORM_EMPTY,
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
 * @base: with the next three, the value: see value_of()
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

int vmscope_emit(struct vmscope_scanner *scanner);

#endif /* _VMSCOPE_EMIT_H */
