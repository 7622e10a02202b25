// SPDX-License-Identifier: GPL-2.0-or-later
/* What one kernel address is: asked of the module, named from /proc. */
#include "model/what.h"

#include <errno.h>
#include <string.h>

static enum place place_of(const struct vmscope_info *info, uint64_t addr)
{
	/* The last page of user mode's half can never be mapped. */
	if (addr < info->user_end || addr < -info->kernel_start)
		return PLACE_USER;
	if (addr < info->kernel_start)
		return PLACE_NOWHERE;
	return addr >= -info->page_size ? PLACE_ERRORS : PLACE_KERNEL;
}

/* In other regions the nearest symbol would belong to something else. */
static bool is_code(const struct what_row *row)
{
	return row->region == VMSCOPE_REGION_IMAGE ||
	       row->region == VMSCOPE_REGION_MODULES;
}

/* A symbol that begins before the run belongs to something else, too. */
static bool is_of_run(const struct what_row *row)
{
	return !(row->what.known & VMSCOPE_WHAT_RUN) ||
	       row->symbol.addr >= row->what.run_start;
}

/* If the module cannot be asked, the walk still knows the region. */
static int ask(struct what_sources *from, struct what_row *row)
{
	char symbol[SYMBOL_TEXT_BYTES];
	int ret = walk_addr(&from->target, row->addr, &row->walk);

	if (ret)
		return ret;
	if (area_is_region(row->walk.rec.area))
		row->region =
			row->walk.rec.area->name_kind - VMSCOPE_NAME_REGION;
	ret = vmscope_what_symbol(from->target.scope, row->addr, 0, symbol,
				  sizeof(symbol), &row->what);
	if (ret == -ENOTTY || ret == -EOPNOTSUPP)
		return 0;
	if (ret)
		return ret;
	row->region = row->what.region;
	row->has_symbol =
		row->what.known & VMSCOPE_WHAT_SYMBOL && is_code(row) &&
		symbol_said(&from->symbols, row->addr, symbol, &row->symbol) &&
		is_of_run(row);
	return 0;
}

/* Not all tables are marked; the kernel's own hardly ever are. */
static bool may_be_table(const struct vmscope_what *what)
{
	const unsigned int kinds = 1 << VMSCOPE_FRAME_TABLE |
				   1 << VMSCOPE_FRAME_OTHER |
				   1 << VMSCOPE_FRAME_RESERVED;

	return what->region == VMSCOPE_REGION_DIRECT &&
	       what->known & VMSCOPE_WHAT_FRAME &&
	       !(what->known & VMSCOPE_WHAT_STACK) &&
	       kinds >> what->frame_kind & 1;
}

/* There is no address after the last one: it stands for the end itself. */
static uint64_t end_of(uint64_t start, uint64_t bytes)
{
	uint64_t end = start + bytes;

	return end > start ? end : UINT64_MAX;
}

/* Every address is below a root, those of the other half, too. */
static void fill_table(struct what_row *row)
{
	const struct vmscope_info *info = row->info;
	unsigned int level = row->table->level;
	bool is_root = level == VMSCOPE_LEVEL_PGD;
	uint64_t start = is_root ? 0 : row->table->addr;
	uint64_t bytes = 1ULL << info->level_shift[level];

	row->entry = (row->addr & (info->page_size - 1)) / sizeof(uint64_t);
	row->entry_addr = start + row->entry * bytes;
	if (row->entry_addr & -info->kernel_start)
		row->entry_addr |= info->kernel_start;
	row->entry_end = end_of(row->entry_addr, bytes);
	if (!is_root)
		row->table_end =
			end_of(start, info->level_entries[level] * bytes);
}

/* What was a table during the search may not be one any more. */
static void find_table(struct what_sources *from, struct what_row *row)
{
	if (!may_be_table(&row->what))
		return;
	row->table = table_owners_at(&from->owners, row->what.pfn);
	if (row->table)
		fill_table(row);
	else
		from->nr_lost += row->what.frame_kind == VMSCOPE_FRAME_TABLE;
}

/* Asking the module for all of them would double the work for a long text. */
static bool is_direct(struct what_sources *from, uint64_t addr)
{
	const struct region *region;

	if (!from->regions_tried && regions_read(&from->target, &from->regions))
		from->regions.nr = 0;
	from->regions_tried = true;
	region = regions_find(&from->regions, addr);
	return region && region->region == VMSCOPE_REGION_DIRECT;
}

/*
 * Prepares for an address; call it for all of them before table_owners_find()
 * and what_read(). Returns 0 or -ENOMEM; what_read() reports why an address
 * cannot be read.
 */
int what_expect(struct what_sources *from, uint64_t addr)
{
	struct vmscope_what what;

	if (place_of(from->target.info, addr) != PLACE_KERNEL ||
	    !is_direct(from, addr) ||
	    vmscope_what(from->target.scope, addr, &what) ||
	    !may_be_table(&what))
		return 0;
	return table_owners_add(&from->owners, what.pfn,
				what.frame_kind == VMSCOPE_FRAME_RESERVED);
}

/* For stacks and addresses with a symbol there is a better answer. */
static void find_area(struct what_sources *from, struct what_row *row)
{
	if (!(row->what.known & VMSCOPE_WHAT_RUN) ||
	    row->what.known & VMSCOPE_WHAT_STACK || row->has_symbol)
		return;
	if (!from->vmalloc_tried)
		vmalloc_info_read(&from->vmalloc, row->info->kernel_start);
	from->vmalloc_tried = true;
	row->area = vmalloc_info_find(&from->vmalloc, row->addr);
}

/* The module knows the first chunk; for the others, ask for the area's name. */
static void find_cpu(struct what_sources *from, struct what_row *row)
{
	unsigned int cpu;
	uint64_t offset;

	if (!percpu_is_chunk(row->area))
		return;
	if (!from->percpu.tried)
		percpu_read(&from->percpu, from->target.scope, &from->symbols);
	if (!percpu_find(&from->percpu, &from->vmalloc, row->addr, &cpu,
			 &offset))
		return;
	row->what.cpu = cpu;
	row->what.cpu_offset = offset;
	row->what.known |= VMSCOPE_WHAT_PERCPU;
}

/*
 * Finds out what any address is, except its text: 0 or a negative errno.
 * Pointers in @row are valid as long as @from.
 */
int what_read(struct what_sources *from, uint64_t addr, struct what_row *row)
{
	int ret;

	memset(row, 0, sizeof(*row));
	row->info = from->target.info;
	row->addr = addr;
	row->place = place_of(row->info, addr);
	if (row->place != PLACE_KERNEL)
		return 0;
	ret = ask(from, row);
	if (ret)
		return ret;
	if (row->what.known & VMSCOPE_WHAT_PERCPU)
		row->has_symbol = symbol_of_percpu(
			&from->symbols, row->what.cpu_offset, &row->symbol);
	find_area(from, row);
	find_cpu(from, row);
	find_table(from, row);
	return 0;
}

/* The target is closed by its owner. */
void what_sources_free(struct what_sources *from)
{
	table_owners_free(&from->owners);
	vmalloc_info_free(&from->vmalloc);
	percpu_free(&from->percpu);
	symbols_free(&from->symbols);
}

/* Forgets what was read, so that it is read again; the target stays. */
void what_sources_renew(struct what_sources *from)
{
	struct target target = from->target;

	what_sources_free(from);
	*from = (struct what_sources){ .target = target };
}
