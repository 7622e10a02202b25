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
 * @apart: @then is shown as runs, and never as more of one of this kind
 * @states: eight times @state
 * @then: the kind that followed it last
 * @base: the value is this, and
 * @flip: of the entry, exclusive-or'd with this,
 * @field: these bits,
 * @shift: moved to the right
 * @step: what makes an entry that of the next frame or slot
 * @grow: what makes an entry the next one of the same record, and
 * @same: the bits of it that count
 * @verdict: how they are shown
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
 * @basis: of everything but the entry that a kind depends on; 0 if there are
 *	no kinds
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
