// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries of a few kinds that take turns -> a MIX record: each kind once, with
 * the facts of its frames, and a number for each entry.
 */
#include "emit-mix.h"

#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "scan.h"

/* Kinds of entry and facts that are mixed in one record. */
#define MIX_KINDS 8

/**
 * struct part - entries of a mix that are of one kind and have the same facts
 * @key: one of them
 * @mask: bits in which they agree with it
 * @what: word 1 of their RUN
 * @state: as in struct vmscope_table_copy
 * @set: as in struct vmscope_frames, @set_of
 * @number: of their kind in the record
 * @then: the part that followed last
 */
struct part {
	u64 key;
	u64 mask;
	u64 what;
	u8 state;
	u8 set;
	u8 number;
	struct part *then;
};

/**
 * struct mixer - parts of the mix that is put together
 * @nr: how many
 * @kinds: how many of them are different kinds in the record
 * @part: the parts
 */
struct mixer {
	unsigned int nr;
	unsigned int kinds;
	struct part part[MIX_KINDS];
};

static __always_inline bool is_of_part(const struct part *part,
				       const struct vmscope_scanner *scanner,
				       unsigned int i)
{
	return !((scanner->copy.entries[i] ^ part->key) & part->mask) &&
	       scanner->copy.state[i] == part->state &&
	       scanner->frames.set_of[i] == part->set;
}

/*
 * Find or add the part of an entry. Parts that a run would merge must be one
 * kind. Return: NULL if it cannot be mixed
 */
static noinline struct part *part_of(struct vmscope_scanner *scanner,
				     struct vmscope_place *at,
				     struct mixer *mixer, unsigned int i)
{
	struct part *const part = &mixer->part[mixer->nr], *other;
	const struct vmscope_entry_kind *kind;

	for (other = mixer->part; other < part; other++)
		if (is_of_part(other, scanner, i))
			return other;
	if (mixer->nr == MIX_KINDS)
		return NULL;
	at->kind = vmscope_kind_after(scanner, at->kind, i);
	kind = at->kind;
	if (kind->form != VMSCOPE_FORM_RUN || kind->state & VMSCOPE_STATE_RACED)
		return NULL;
	*part = (struct part){
		.key = kind->key,
		.mask = kind->mask,
		.what = kind->verdict.what,
		.state = kind->state,
		.set = scanner->frames.set_of[i],
		.number = mixer->kinds,
		.then = part,
	};
	for (other = mixer->part; other < part; other++) {
		const u64 differs = other->what ^ part->what;

		if (other->set != part->set || differs & scanner->sink.agree)
			continue;
		if (differs)
			return NULL;
		part->number = other->number;
	}
	mixer->nr++;
	mixer->kinds += part->number == mixer->kinds;
	return part;
}

static void put_kinds(const struct vmscope_scanner *scanner,
		      const struct mixer *mixer, struct vmscope_mix_kind *kinds)
{
	unsigned int i;

	for (i = 0; i < mixer->nr; i++) {
		const struct part *part = &mixer->part[i];
		struct vmscope_mix_kind *kind = &kinds[part->number];

		kind->what = part->what;
		kind->frame = (struct vmscope_frame){};
		if (part->set)
			kind->frame = scanner->frames.set[part->set - 1];
	}
}

/* Number the entries from @at->i up to @end by their kind. Return: how many */
static __always_inline unsigned int
number_entries(struct vmscope_scanner *scanner, struct vmscope_place *at,
	       struct mixer *mixer, unsigned int end, u8 *number)
{
	struct part *part = part_of(scanner, at, mixer, at->i), *before;
	unsigned int i = at->i;

	while (part) {
		*number++ = part->number;
		if (++i >= end)
			break;
		before = part;
		part = before->then;
		if (is_of_part(part, scanner, i))
			continue;
		part = part_of(scanner, at, mixer, i);
		if (part)
			before->then = part;
	}
	return i - at->i;
}

/**
 * vmscope_emit_mix - emit entries that differ from their neighbours in facts
 * @scanner: with a table of base pages and facts of their frames
 * @at: where facts have just ended; moved on behind the record, if there is one
 * @nr: number of the entry that ends the table
 *
 * The last extent is left out: it may go on behind those that can be mixed.
 *
 * Context: Process context. Nothing needs to be held.
 * Return: the entry before which no other attempt is worth while
 */
unsigned int vmscope_emit_mix(struct vmscope_scanner *scanner,
			      struct vmscope_place *at, unsigned int nr)
{
	static const struct vmscope_frame no_facts;
	struct vmscope_mix *mix = (void *)at->out.next;
	u8 *numbers = (u8 *)(mix + 1);
	/* with padding */
	const long room = (u8 *)(at->out.last + 1) - numbers - sizeof(u64) -
			  MIX_KINDS * sizeof(struct vmscope_mix_kind);
	struct mixer mixer = {};
	unsigned int count, numbered;

	if (room < VMSCOPE_LEAST_MIX)
		return nr;
	nr = min_t(long, nr, at->i + room);
	numbered = number_entries(scanner, at, &mixer, nr, numbers);
	count = numbered;
	while (count && numbers[count - 1] == numbers[numbered - 1])
		count--;
	if (count < VMSCOPE_LEAST_MIX || mixer.kinds == 1)
		return at->i + max(numbered, VMSCOPE_LEAST_MIX);
	*mix = (struct vmscope_mix){
		.where = at->where | VMSCOPE_KIND_MIX,
		.nr = count,
		.kinds = mixer.kinds,
	};
	memset(numbers + count, 0, -count % sizeof(u64));
	numbers += round_up(count, sizeof(u64));
	put_kinds(scanner, &mixer, (struct vmscope_mix_kind *)numbers);
	numbers += mixer.kinds * sizeof(struct vmscope_mix_kind);
	at->out.next = (void *)numbers;
	at->out.run = NULL;
	at->i += count;
	at->where += (u64)count << PAGE_SHIFT;
	at->shown = &no_facts;
	return at->i;
}
