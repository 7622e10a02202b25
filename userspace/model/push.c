// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of a filter that the kernel can answer.
 *
 * The operands of && at the top are taken one by one. A part that looks only at
 * the state, only at the level, or at a few flags is tried on every possible
 * value; if a mask can express the values that match, the mask is pushed. User
 * space still matches every row, so a push may leave out rows that do not
 * match, but must never leave out one that does, nor change one by cutting it.
 */
#include "model/push.h"

#include <string.h>

#include "model/page.h"

enum { MAX_PUSHED_FLAGS = 8 };

/* States that a scan can report: UNMAPPED is for walks. */
enum {
	SCAN_STATES = ((1 << VMSCOPE_NR_STATES) - 1) &
		      ~(1 << VMSCOPE_STATE_UNMAPPED),
};

/* One operand of the && at the top. */
struct part {
	struct filter *filter;
	unsigned int last; /* its last node */
	const struct vmscope_info *info; /* of the module */
};

static bool matches(const struct part *part, const struct vmscope_record *rec)
{
	struct page_row row = { .info = part->info, .rec = rec };

	return filter_match_part(part->filter, part->last, &row);
}

static bool looks_at(const struct part *part, const char *name)
{
	const struct filter_node *nodes = part->filter->nodes;

	for (unsigned int i = nodes[part->last].first; i <= part->last; i++) {
		if (nodes[i].col && strcmp(nodes[i].col->name, name))
			return false;
	}
	return true;
}

static void narrow(uint64_t *mask, uint64_t wanted, uint64_t all, bool *nothing)
{
	if (wanted == all)
		return;
	*mask = *mask ? *mask & wanted : wanted;
	if (!*mask)
		*nothing = true;
}

static void push_states(const struct part *part, struct vmscope_query *query,
			bool *nothing)
{
	uint64_t wanted = 0;

	for (unsigned int s = 0; s < VMSCOPE_NR_STATES; s++) {
		struct vmscope_record rec = { .state = s };

		if (SCAN_STATES >> s & 1)
			wanted |= (uint64_t)matches(part, &rec) << s;
	}
	narrow(&query->states, wanted, SCAN_STATES, nothing);
}

static void push_levels(const struct part *part, struct vmscope_query *query,
			bool *nothing)
{
	uint64_t wanted = 0;

	for (unsigned int l = 0; l < VMSCOPE_NR_LEVELS; l++) {
		struct vmscope_record rec = { .level = l };

		wanted |= (uint64_t)matches(part, &rec) << l;
	}
	narrow(&query->levels, wanted, (1ULL << VMSCOPE_NR_LEVELS) - 1,
	       nothing);
}

/* The last bit of a mask of nodes is for all above. */
enum { LAST_BIT = 63, MAX_ORDER = 63, MAX_NODE = 1023 };

static bool matches_frame(const struct part *part, uint64_t place)
{
	struct vmscope_frame frame = { .known = VMSCOPE_FACT_ALL,
				       .place = place };
	struct vmscope_record rec = { .frame = &frame };

	return matches(part, &rec);
}

/* Entries without facts of a frame pass no mask, so they must not match. */
static void push_place(const struct part *part, unsigned int shift,
		       unsigned int max, uint64_t *mask, bool *nothing)
{
	struct vmscope_record rec = { 0 };
	uint64_t wanted = 0;

	if (matches(part, &rec))
		return;
	for (uint64_t i = 0; i <= max; i++) {
		if (matches_frame(part, i << shift))
			wanted |= 1ULL << (i < LAST_BIT ? i : LAST_BIT);
	}
	narrow(mask, wanted, UINT64_MAX, nothing);
}

/* The flags that a part looks at; 0 if it looks at anything else. */
static uint64_t flags_of(const struct part *part)
{
	const struct filter_node *nodes = part->filter->nodes;
	uint64_t flags = 0;

	for (unsigned int i = nodes[part->last].first; i <= part->last; i++) {
		if (!nodes[i].col)
			continue;
		if (!(nodes[i].col->needs & FROM_FLAGS))
			return 0;
		flags |= nodes[i].col->run_flags;
	}
	return __builtin_popcountll(flags) <= MAX_PUSHED_FLAGS ? flags : 0;
}

/*
 * If A is the flags that all matching combinations have, and N those that none
 * of them has, "all of A and none of N" is the smallest mask that lets them
 * through. User space drops the other rows that it lets through.
 */
static void push_flags(const struct part *part, uint64_t flags,
		       struct vmscope_query *query, bool *nothing)
{
	uint64_t all = flags, none = flags, set = 0;
	bool any = false;

	/* Counts through all subsets of @flags. */
	do {
		struct vmscope_record rec = { .flags = set };

		if (matches(part, &rec)) {
			all &= set;
			none &= ~set;
			any = true;
		}
		set = (set - flags) & flags;
	} while (set);
	if (!any) {
		*nothing = true;
		return;
	}
	query->all_flags |= all;
	query->none_flags |= none;
}

/*
 * A range cuts rows that cross its edge. One page of margin keeps the answer
 * the same: a row that is cut at the margin begins or ends beyond the limit,
 * cut or not.
 */
static void push_range(const struct part *part, struct vmscope_query *query)
{
	const struct filter_node *node = &part->filter->nodes[part->last];
	uint64_t page = part->info->page_size, n = node->number, edge;

	if (node->kind != FILTER_COMPARE || node->op == OP_NE)
		return;
	if (!strcmp(node->col->name, "start") && node->op != OP_LT &&
	    node->op != OP_LE && n >= page) {
		edge = (n & ~(page - 1)) - page;
		query->start = edge > query->start ? edge : query->start;
	}
	if (!strcmp(node->col->name, "end") && node->op != OP_GT &&
	    node->op != OP_GE && n < UINT64_MAX - 2 * page) {
		edge = (n & ~(page - 1)) + 2 * page;
		query->end = edge < query->end ? edge : query->end;
	}
}

static void push_part(const struct part *part, struct vmscope_query *query,
		      bool *nothing)
{
	uint64_t flags = flags_of(part);

	if (looks_at(part, "state"))
		push_states(part, query, nothing);
	else if (looks_at(part, "level"))
		push_levels(part, query, nothing);
	else if (looks_at(part, "order") && query->facts & VMSCOPE_FACT_ORDER)
		push_place(part, 0, MAX_ORDER, &query->orders, nothing);
	else if (looks_at(part, "node") && query->facts & VMSCOPE_FACT_NODE)
		push_place(part, VMSCOPE_NODE_SHIFT, MAX_NODE, &query->nodes,
			   nothing);
	else if (flags)
		push_flags(part, flags, query, nothing);
	else
		push_range(part, query);
}

/*
 * Narrows the masks and the range of @query by an expression over the columns
 * of a record, or NULL. Returns false if nothing can match.
 */
bool filter_push(struct filter *filter, const struct vmscope_info *info,
		 struct vmscope_query *query)
{
	unsigned int todo[FILTER_MAX_NODES], nr = 0;
	bool nothing = false;

	if (filter)
		todo[nr++] = filter->nr - 1;
	while (nr) {
		struct part part = { filter, todo[--nr], info };
		const struct filter_node *node = &filter->nodes[part.last];

		if (node->kind != FILTER_AND) {
			push_part(&part, query, &nothing);
			continue;
		}
		todo[nr++] = part.last - 1;
		todo[nr++] = filter->nodes[part.last - 1].first - 1;
	}
	return !nothing && query->start < query->end;
}
