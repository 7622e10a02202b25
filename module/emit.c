// SPDX-License-Identifier: GPL-2.0-only
/*
 * A snapshot -> records: area, tables, then entries. No lock is held, so the
 * target is not read: all facts are in the snapshot.
 */
#include "emit.h"

#include <linux/mm.h>

#include "emit-entries.h"
#include "scan.h"
#include "target.h"

static int emit_area(struct vmscope_scanner *scanner, u64 key)
{
	const struct vmscope_area_facts *area = &scanner->area;
	struct vmscope_area record = {
		.where = area->start | area->marks | VMSCOPE_KIND_AREA,
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
	ret = vmscope_sink_area(&scanner->sink, &record, scanner->name_at);
	if (!ret)
		scanner->area_key = key;
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

/* To an address before which nothing is left to emit. */
static void skip_to(struct vmscope_scanner *scanner, unsigned long addr)
{
	const unsigned long from = scanner->addr;

	scanner->addr = max(from, addr);
	note_progress(scanner, from);
}

static int emit_tables(struct vmscope_scanner *scanner)
{
	for (; scanner->next_table < scanner->nr_tables;
	     scanner->next_table++, scanner->tables_emitted++) {
		const struct vmscope_table *table =
			&scanner->tables[scanner->next_table];
		int ret;

		skip_to(scanner, VMSCOPE_WORD_ADDR(table->where));
		ret = vmscope_sink_table(&scanner->sink, table);
		if (ret)
			return ret;
	}
	return 0;
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
	unsigned long from;
	int ret = 0;
	u64 key;

	/* No run crosses the border of an area. */
	if (scanner->addr == scanner->area.start)
		vmscope_sink_close(&scanner->sink);
	if (scanner->query.flags & VMSCOPE_SCAN_AREAS) {
		key = vmscope_area_key(&scanner->area);
		ret = scanner->area_key == key ? 0 : emit_area(scanner, key);
	}
	if (!ret)
		ret = emit_tables(scanner);
	if (ret)
		return ret;
	skip_to(scanner, scanner->skips ? scanner->until : scanner->from);
	from = scanner->addr;
	if (scanner->until > from)
		ret = vmscope_emit_entries(scanner);
	note_progress(scanner, from);
	return ret;
}
