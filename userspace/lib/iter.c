// SPDX-License-Identifier: LGPL-2.1-or-later
/* The scan as a sequence of records, in constant memory. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

enum { BUFFER_BYTES = 256 * 1024 };

/**
 * struct vmscope_iter - a scan in progress
 * @scope: its handle
 * @req: the next call
 * @cost: sums over all calls
 * @pos: next byte of @buf to decode
 * @entry: next entry of the current block
 * @nr_entries: how many of them are left
 * @first: the first entry of the block
 * @block: the block, its address advanced to @entry
 * @number: next number of the current mix
 * @nr_numbers: how many of them are left
 * @kinds: the kinds of the mix, NULL without one
 * @mix: the mix, its address advanced to @number
 * @area: the last AREA record, copied because @buf is reused
 * @has_area: @area is valid
 * @frame: the last FRAME record of this buffer, moved on to the last entry; its
 *	@known is 0 if there is none
 * @done: the device has no more
 * @name: name of @area
 * @buf: records of the last call; the device requires an alignment that a
 *	uint64_t does not have on 32 bits
 */
struct vmscope_iter {
	struct vmscope *scope;
	struct vmscope_scan req;
	struct vmscope_cost cost;
	size_t pos;
	const uint64_t *entry;
	uint64_t nr_entries;
	uint64_t first;
	struct vmscope_page_block block;
	const uint8_t *number;
	uint32_t nr_numbers;
	const struct vmscope_mix_kind *kinds;
	struct vmscope_mix mix;
	struct vmscope_area area;
	bool has_area;
	struct vmscope_frame frame;
	bool done;
	char name[VMSCOPE_WALK_NAME_MAX + 1];
	uint64_t buf[BUFFER_BYTES / 8] __attribute__((aligned(8)));
};

static uint64_t page_ceil(uint64_t addr, uint64_t page)
{
	uint64_t up = (addr + page - 1) & ~(page - 1);

	return up < addr ? ~(page - 1) : up;
}

/* A handle sees one half; rounding has left out the very last page. */
static void cut_range(const struct vmscope *scope, struct vmscope_scan *req)
{
	const struct vmscope_info *info = &scope->info;

	if (!scope->kernel && req->end > info->user_end)
		req->end = info->user_end;
	if (scope->kernel && req->start < info->kernel_start)
		req->start = info->kernel_start;
}

/**
 * vmscope_iter_create - begin a scan
 * @iter: set on success; to be freed with vmscope_iter_destroy()
 * @scope: a bound handle; must outlive the iterator
 * @query: what to report; copied
 *
 * Nothing is read yet. A handle may have several scans in progress.
 *
 * Return: 0, -EINVAL if @query ends below its start, -ENOMEM.
 */
int vmscope_iter_create(struct vmscope_iter **iter, struct vmscope *scope,
			const struct vmscope_query *query)
{
	uint64_t page = scope->info.page_size;
	struct vmscope_iter *it;

	if (query->end < query->start)
		return -EINVAL;
	it = malloc(sizeof(*it));
	if (!it)
		return -ENOMEM;
	/* Without @buf, which the device fills in. */
	memset(it, 0, offsetof(struct vmscope_iter, buf));
	it->scope = scope;
	it->req = (struct vmscope_scan){
		.size = sizeof(it->req),
		.flags = query->flags,
		.start = query->start & ~(page - 1),
		.end = page_ceil(query->end, page),
		.buf = (uintptr_t)it->buf,
		.buf_bytes = sizeof(it->buf),
		.all_flags = query->all_flags,
		.any_flags = query->any_flags,
		.none_flags = query->none_flags,
		.states = query->states,
		.levels = query->levels,
		.run_flags = query->run_flags,
		.facts = query->facts,
		.orders = query->orders,
		.nodes = query->nodes,
	};
	if (scope->info.features & VMSCOPE_FEAT_BLOCKS)
		it->req.flags |= VMSCOPE_SCAN_BLOCKS;
	if (scope->info.features & VMSCOPE_FEAT_MIXES)
		it->req.flags |= VMSCOPE_SCAN_MIXES;
	cut_range(scope, &it->req);
	if (it->req.start >= it->req.end)
		it->done = true;
	*iter = it;
	return 0;
}

/**
 * vmscope_iter_destroy - end a scan
 * @iter: the iterator, or NULL
 */
void vmscope_iter_destroy(struct vmscope_iter *iter)
{
	free(iter);
}

/* Asks for the next buffer of records, which may be empty. */
static int __attribute__((noinline)) refill(struct vmscope_iter *it)
{
	uint64_t start = it->req.start, cursor[2];
	int ret;

	memcpy(cursor, it->req.cursor, sizeof(cursor));
	it->pos = 0;
	it->frame.known = 0;
	it->req.bytes = 0;
	ret = vmscope_call(it->scope, VMSCOPE_IOC_SCAN, &it->req);
	if (ret)
		return ret;
	if (it->req.bytes > sizeof(it->buf))
		return -EPROTO;
	it->cost.calls++;
	it->cost.entries += it->req.entries;
	it->cost.raced += it->req.raced;
	if (it->req.max_hold_ns > it->cost.max_hold_ns)
		it->cost.max_hold_ns = it->req.max_hold_ns;
	it->req.start = it->req.next;
	it->done = it->req.next >= it->req.end;
	/* A source that neither writes nor advances would be asked forever. */
	if (!it->done && !it->req.bytes && it->req.next == start &&
	    !memcmp(cursor, it->req.cursor, sizeof(cursor)))
		return -EPROTO;
	return 0;
}

static inline void page_decode(const struct vmscope_info *info,
			       const struct vmscope_page *page,
			       struct vmscope_record *rec)
{
	uint64_t what = page->what, raw = page->raw;
	uint64_t pages = VMSCOPE_WORD_PAGES(what);

	rec->kind = VMSCOPE_WORD_KIND(page->where);
	rec->has_raw = !(what & VMSCOPE_F_WITHHELD);
	if (rec->kind == VMSCOPE_KIND_RUN) {
		pages = raw;
		raw = 0;
		rec->has_raw = false;
	}
	rec->level = VMSCOPE_WORD_LEVEL(page->where);
	rec->state = VMSCOPE_WORD_STATE(what);
	rec->pkey = VMSCOPE_WORD_PKEY(what);
	rec->cache = VMSCOPE_WORD_CACHE(what);
	rec->flags = VMSCOPE_WORD_FLAGS(what);
	rec->addr = VMSCOPE_WORD_ADDR(page->where);
	rec->end = rec->addr + pages * info->page_size;
	rec->raw = raw;
	rec->value = page->value;
	rec->table_phys = 0;
	rec->table_used = 0;
	rec->table_leaves = 0;
	rec->area = NULL;
	rec->name = "";
	rec->frame = NULL;
}

/**
 * vmscope_page_decode - decode a PAGE or RUN record
 * @info: as vmscope_get_info()
 * @page: the record
 * @rec: filled, but for its area
 */
void vmscope_page_decode(const struct vmscope_info *info,
			 const struct vmscope_page *page,
			 struct vmscope_record *rec)
{
	page_decode(info, page, rec);
}

static bool is_same_file(const struct vmscope_area *a,
			 const struct vmscope_area *b)
{
	return VMSCOPE_WORD_ADDR(a->where) == VMSCOPE_WORD_ADDR(b->where) &&
	       a->end == b->end && a->inode == b->inode && a->dev == b->dev;
}

/*
 * A record has no room for a long path: ask for it with another call. If that
 * fails, the record has the end of the path, marked as cut.
 */
static bool complete_name(struct vmscope_iter *it)
{
	struct vmscope_walk walk;

	if (vmscope_walk_addr(it->scope, VMSCOPE_WORD_ADDR(it->area.where),
			      &walk, it->name, sizeof(it->name)) ||
	    walk.area.where & VMSCOPE_AREA_NAME_CUT ||
	    !is_same_file(&walk.area, &it->area))
		return false;
	it->area = walk.area;
	return true;
}

static size_t __attribute__((noinline)) decode_area(struct vmscope_iter *it,
						    const void *at, size_t left,
						    struct vmscope_record *rec)
{
	const struct vmscope_area *area = at;
	size_t name;

	if (left < sizeof(*area))
		return 0;
	name = area->name_bytes;
	if (name > left - sizeof(*area) || name >= sizeof(it->name))
		return 0;
	it->area = *area;
	it->has_area = true;
	if (!(area->where & VMSCOPE_AREA_NAME_CUT) || !complete_name(it)) {
		memcpy(it->name, area + 1, name);
		it->name[name] = '\0';
	}
	*rec = (struct vmscope_record){
		.kind = VMSCOPE_KIND_AREA,
		.addr = VMSCOPE_WORD_ADDR(area->where),
		.end = area->end,
	};
	return sizeof(*area) + (name + 7) / 8 * 8;
}

static size_t __attribute__((noinline))
decode_table(const void *at, size_t left, struct vmscope_record *rec)
{
	const struct vmscope_table *table = at;

	if (left < sizeof(*table))
		return 0;
	*rec = (struct vmscope_record){
		.kind = VMSCOPE_KIND_TABLE,
		.level = VMSCOPE_WORD_LEVEL(table->where),
		.flags = table->flags,
		.addr = VMSCOPE_WORD_ADDR(table->where),
		.end = VMSCOPE_WORD_ADDR(table->where),
		.table_phys = table->phys,
		.table_used = table->used,
		.table_leaves = table->leaves,
	};
	return sizeof(*table);
}

/* The index counts up with the address. */
static void move_frame(const struct vmscope_iter *it,
		       struct vmscope_frame *frame, uint64_t addr)
{
	uint64_t bytes = addr - VMSCOPE_WORD_ADDR(frame->where);

	if (frame->known & VMSCOPE_FACT_INDEX)
		frame->index += bytes / it->scope->info.page_size;
	frame->where += bytes;
}

static size_t enter_frame(struct vmscope_iter *it, const void *at, size_t left)
{
	if (left < sizeof(it->frame))
		return 0;
	memcpy(&it->frame, at, sizeof(it->frame));
	return sizeof(it->frame);
}

static size_t __attribute__((noinline)) enter_block(struct vmscope_iter *it,
						    const void *at, size_t left)
{
	const struct vmscope_page_block *block = at;
	uint64_t unit;

	if (left < sizeof(*block) || !block->nr ||
	    block->nr > (left - sizeof(*block)) / sizeof(uint64_t))
		return 0;
	unit = block->unit < 0 ? -(uint64_t)block->unit : (uint64_t)block->unit;
	/* INT64_MIN / -1 overflows. */
	if (unit & (unit - 1) || block->unit == -1)
		return 0;
	it->block = *block;
	it->block.where ^= VMSCOPE_KIND_BLOCK ^ VMSCOPE_KIND_PAGE;
	it->entry = (const uint64_t *)(block + 1);
	it->first = *it->entry;
	it->nr_entries = block->nr;
	return sizeof(*block) + block->nr * sizeof(uint64_t);
}

static void decode_entry(struct vmscope_iter *it, struct vmscope_record *rec)
{
	struct vmscope_page_block *block = &it->block;
	uint64_t raw = *it->entry, moved = raw - it->first;
	struct vmscope_page page = {
		.where = block->where,
		.what = block->what,
		.raw = raw,
		.value = block->value,
	};

	if (block->unit)
		page.value += (int64_t)moved / block->unit;
	page_decode(&it->scope->info, &page, rec);
	block->where += rec->end - rec->addr;
	it->entry++;
	it->nr_entries--;
}

static bool are_below(const uint8_t *number, uint32_t nr, uint32_t end)
{
	while (nr && *number < end) {
		number++;
		nr--;
	}
	return !nr;
}

static size_t __attribute__((noinline)) enter_mix(struct vmscope_iter *it,
						  const void *at, size_t left)
{
	const struct vmscope_mix *mix = at;
	size_t kinds;

	if (!mix->nr || mix->nr > left - sizeof(*mix))
		return 0;
	kinds = sizeof(*mix) + ((size_t)mix->nr + 7) / 8 * 8;
	if (kinds > left || mix->kinds > (left - kinds) / sizeof(*it->kinds) ||
	    !are_below((const uint8_t *)(mix + 1), mix->nr, mix->kinds))
		return 0;
	it->mix = *mix;
	it->mix.where ^= VMSCOPE_KIND_MIX ^ VMSCOPE_KIND_RUN;
	it->number = (const uint8_t *)(mix + 1);
	it->nr_numbers = mix->nr;
	it->kinds = (const void *)((const char *)at + kinds);
	return kinds + mix->kinds * sizeof(*it->kinds);
}

/* Entries of the same kind. */
static void decode_mixed(struct vmscope_iter *it, struct vmscope_record *rec)
{
	const struct vmscope_mix_kind *kind = &it->kinds[*it->number];
	struct vmscope_page page = {
		.where = it->mix.where,
		.what = kind->what,
		.raw = 1,
	};

	while (page.raw < it->nr_numbers && it->number[page.raw] == *it->number)
		page.raw++;
	page_decode(&it->scope->info, &page, rec);
	it->frame = kind->frame;
	it->frame.where |= VMSCOPE_KIND_FRAME;
	it->mix.where += rec->end - rec->addr;
	it->number += page.raw;
	it->nr_numbers -= page.raw;
}

/*
 * Length of the record, at most @left bytes; 0 if it makes no sense. A FRAME is
 * no record of the caller's.
 */
static size_t decode(struct vmscope_iter *it, const void *at, size_t left,
		     struct vmscope_record *rec)
{
	if (left < sizeof(struct vmscope_page))
		return 0;
	switch (VMSCOPE_WORD_KIND(*(const uint64_t *)at)) {
	case VMSCOPE_KIND_PAGE:
	case VMSCOPE_KIND_RUN:
		page_decode(&it->scope->info, at, rec);
		return sizeof(struct vmscope_page);
	case VMSCOPE_KIND_AREA:
		return decode_area(it, at, left, rec);
	case VMSCOPE_KIND_TABLE:
		return decode_table(at, left, rec);
	case VMSCOPE_KIND_BLOCK:
		left = enter_block(it, at, left);
		if (left)
			decode_entry(it, rec);
		return left;
	case VMSCOPE_KIND_MIX:
		left = enter_mix(it, at, left);
		if (left)
			decode_mixed(it, rec);
		return left;
	case VMSCOPE_KIND_FRAME:
		rec->kind = VMSCOPE_KIND_FRAME;
		return enter_frame(it, at, left);
	default:
		return 0;
	}
}

/* Facts and area of an entry. */
static void attach(struct vmscope_iter *it, struct vmscope_record *rec)
{
	if (it->has_area) {
		rec->area = &it->area;
		rec->name = it->name;
	}
	if (!it->frame.known || !(rec->flags & VMSCOPE_F_PRESENT))
		return;
	move_frame(it, &it->frame, rec->addr);
	rec->frame = &it->frame;
}

/* The next record, which may be a FRAME. Return: as vmscope_iter_next() */
static int next(struct vmscope_iter *iter, struct vmscope_record *rec)
{
	size_t used;
	int ret;

	while (!iter->nr_entries && !iter->nr_numbers &&
	       iter->pos >= iter->req.bytes) {
		if (iter->done)
			return 0;
		ret = refill(iter);
		if (ret)
			return ret;
	}
	if (iter->nr_entries) {
		decode_entry(iter, rec);
		return 1;
	}
	if (iter->nr_numbers) {
		decode_mixed(iter, rec);
		return 1;
	}
	if (iter->kinds)
		iter->frame.known = 0;
	iter->kinds = NULL;
	used = decode(iter, (const char *)iter->buf + iter->pos,
		      iter->req.bytes - iter->pos, rec);
	if (!used)
		return -EPROTO;
	iter->pos += used;
	return 1;
}

/**
 * vmscope_iter_next - the next record
 * @iter: the iterator
 * @rec: filled when 1 is returned
 *
 * Return: 1 with a record, 0 at the end, or a negative errno: -ESRCH if the
 * target is gone, -EPROTO if the device's answer makes no sense.
 */
int vmscope_iter_next(struct vmscope_iter *iter, struct vmscope_record *rec)
{
	int ret;

	do
		ret = next(iter, rec);
	while (ret > 0 && rec->kind == VMSCOPE_KIND_FRAME);
	if (ret > 0)
		attach(iter, rec);
	return ret;
}

/**
 * vmscope_iter_cost - what the scan has cost so far
 * @iter: the iterator
 *
 * Return: the cost; lives as long as the iterator.
 */
const struct vmscope_cost *vmscope_iter_cost(const struct vmscope_iter *iter)
{
	return &iter->cost;
}
