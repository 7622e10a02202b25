/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_EMIT_H
#define _VMSCOPE_EMIT_H

#include <linux/types.h>

#include "sink.h"

struct vmscope_scanner;

/* Kinds of entry that are remembered; tables seldom hold more. */
#define VMSCOPE_KINDS 4

/**
 * struct vmscope_entry_kind - entries of one table that are shown alike
 * @key: one of them
 * @mask: bits in which they agree with it
 * @frame: bits in which they are not @avoid
 * @avoid: an entry that is not one of them though it agrees; matters only with
 *	@frame
 * @base: the value is this, and
 * @flip: of the entry, exclusive-or'd with this,
 * @field: these bits,
 * @shift: moved to the right
 * @state: what their frame says, as in struct vmscope_table_copy
 * @raced: they did not hold still
 * @empty: nothing is mapped
 * @verdict: how they are shown
 */
struct vmscope_entry_kind {
	u64 key;
	u64 mask;
	u64 frame;
	u64 avoid;
	u64 base;
	u64 flip;
	u64 field;
	unsigned int shift;
	u8 state;
	bool raced;
	bool empty;
	struct vmscope_verdict verdict;
};

/**
 * struct vmscope_entry_kinds - the kinds that were met last in a table
 * @nr: how many
 * @next: which of them to forget next
 * @kind: the kinds
 */
struct vmscope_entry_kinds {
	unsigned int nr;
	unsigned int next;
	struct vmscope_entry_kind kind[VMSCOPE_KINDS];
};

int vmscope_emit(struct vmscope_scanner *scanner);

#endif /* _VMSCOPE_EMIT_H */
