/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How far entries of one kind agree. Behind the last entry of a table stands an
 * end mark, which is not of its kind.
 */
#ifndef _VMSCOPE_EXTENT_H
#define _VMSCOPE_EXTENT_H

#include <linux/string.h>

#include "kind.h"
#include "walk.h"

/* Entries that are compared at a time. */
#define VMSCOPE_GROUP 32

/* Are the entries of a group all of a kind? */
static __always_inline bool
vmscope_group_is_of(const struct vmscope_entry_kind *kind,
		    const struct vmscope_table_copy *copy, unsigned int i,
		    const bool plain)
{
	const u64 *entries = copy->entries + i;
	u64 all = ~0ULL, any = 0;
	u64 states[VMSCOPE_GROUP / sizeof(u64)];
	unsigned int j;

#pragma GCC unroll 32
	for (j = 0; j < VMSCOPE_GROUP; j++)
		all &= entries[j];
	/* Load each entry twice: that is cheaper than to keep it. */
	barrier();
#pragma GCC unroll 32
	for (j = 0; j < VMSCOPE_GROUP; j++)
		any |= entries[j];
	if (((all ^ kind->key) | (any ^ kind->key)) & kind->mask)
		return false;
	if (plain)
		return true;
	memcpy(states, copy->state + i, VMSCOPE_GROUP);
	for (j = 0; j < ARRAY_SIZE(states); j++)
		if (states[j] != kind->states)
			return false;
	return true;
}

static __always_inline unsigned int
vmscope_uniform_until(const struct vmscope_table_copy *copy,
		      const struct vmscope_entry_kind *kind, unsigned int i,
		      unsigned int nr, const bool plain)
{
	while (i + VMSCOPE_GROUP <= nr &&
	       vmscope_group_is_of(kind, copy, i, plain))
		i += VMSCOPE_GROUP;
	while (vmscope_kind_is(kind, copy, i, plain))
		i++;
	return i;
}

/**
 * vmscope_steps_until - how far values count up by one
 * @copy: the table, with an end mark
 * @kind: the kind of the entry before @i
 * @i: index of an entry
 * @plain: no frame was looked at, a constant
 *
 * Each entry is the one before it plus a step. The sum can carry into other
 * bits, which makes an entry of another kind.
 *
 * Context: Any context.
 * Return: the index of the first entry that does not go on
 */
static __always_inline unsigned int
vmscope_steps_until(const struct vmscope_table_copy *copy,
		    const struct vmscope_entry_kind *kind, unsigned int i,
		    const bool plain)
{
	const unsigned int first = i;
	u64 want = copy->entries[i - 1] + kind->step;

	while (copy->entries[i] == want &&
	       (plain || copy->state[i] == kind->state)) {
		want += kind->step;
		i++;
	}
	while (i > first && !vmscope_kind_is(kind, copy, i - 1, plain))
		i--;
	return i;
}

/**
 * vmscope_extent_until - the end of a record
 * @copy: the table, with an end mark
 * @kind: the kind of the entry before @i
 * @i: index behind the record's first entry
 * @nr: index of the end mark
 * @plain: no frame was looked at, a constant
 *
 * Context: Any context.
 * Return: the index of the first entry that the record does not hold
 */
static __always_inline unsigned int
vmscope_extent_until(const struct vmscope_table_copy *copy,
		     const struct vmscope_entry_kind *kind, unsigned int i,
		     unsigned int nr, const bool plain)
{
	const u64 want = copy->entries[i - 1] + kind->grow;

	if ((copy->entries[i] ^ want) & kind->same)
		return i;
	if (kind->form == VMSCOPE_FORM_STEPS)
		return vmscope_steps_until(copy, kind, i, plain);
	return vmscope_uniform_until(copy, kind, i, nr, plain);
}

#endif /* _VMSCOPE_EXTENT_H */
