// SPDX-License-Identifier: GPL-2.0-or-later
/* What one kernel address is: asked of the module, named from /proc. */
#include <errno.h>
#include <string.h>

#include "what.h"

static enum place place_of(const struct vmscope_info *info, uint64_t addr)
{
	if (addr < info->user_end)
		return PLACE_USER;
	if (addr < info->kernel_start)
		return PLACE_NOWHERE;
	return addr >= -info->page_size ? PLACE_ERRORS : PLACE_KERNEL;
}

/* A module that cannot be asked leaves the walk, which knows the region. */
static int ask(struct target *target, struct what_row *row)
{
	int ret = walk_addr(target, row->addr, &row->walk);

	if (ret)
		return ret;
	if (area_is_region(row->walk.rec.area))
		row->region =
			row->walk.rec.area->name_kind - VMSCOPE_NAME_REGION;
	ret = vmscope_what(target->scope, row->addr, &row->what);
	if (ret == -ENOTTY || ret == -EOPNOTSUPP)
		return 0;
	if (ret)
		return ret;
	row->told = true;
	row->region = row->what.region;
	return 0;
}

/* Room for per-CPU data of modules is less than that. */
enum { MAX_PERCPU_BYTES = 1 << 20 };

/* What was allocated later lies behind the last name, unless a module has it. */
static bool name_percpu(struct symbols *symbols, struct what_row *row)
{
	uint64_t offset = row->what.cpu_offset, end;

	if (!symbol_find(symbols, offset, &row->symbol))
		return false;
	if (!symbol_address(symbols, "__per_cpu_end", &end) || offset < end)
		return true;
	return row->symbol.module && offset - end < MAX_PERCPU_BYTES;
}

/* A name that lies before the run is of something else. */
static bool name_code(struct symbols *symbols, struct what_row *row)
{
	if (!symbol_find(symbols, row->addr, &row->symbol))
		return false;
	return !(row->what.told & VMSCOPE_WHAT_RUN) ||
	       row->symbol.addr >= row->what.run_start;
}

/* Elsewhere the nearest name would be of something else. */
static void name(struct symbols *symbols, struct what_row *row)
{
	if (row->what.told & VMSCOPE_WHAT_PERCPU)
		row->has_symbol = name_percpu(symbols, row);
	else if (row->region == VMSCOPE_REGION_IMAGE ||
		 row->region == VMSCOPE_REGION_MODULES)
		row->has_symbol = name_code(symbols, row);
}

/* The kernel's own tables are mostly not marked; any of these may be one. */
static bool may_be_table(const struct what_row *row)
{
	const unsigned int kinds = 1 << VMSCOPE_FRAME_TABLE |
				   1 << VMSCOPE_FRAME_OTHER |
				   1 << VMSCOPE_FRAME_RESERVED;

	return row->region == VMSCOPE_REGION_DIRECT &&
	       row->what.told & VMSCOPE_WHAT_FRAME &&
	       kinds >> row->what.frame_kind & 1;
}

static int find_table(struct target *target, struct what_row *row)
{
	const struct vmscope_query query = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_TABLES |
			 VMSCOPE_SCAN_SKIP_EMPTY,
		/* Hardly ever one: tables alone are wanted. */
		.states = 1 << VMSCOPE_STATE_UNKNOWN,
	};
	uint64_t phys = row->what.pfn * row->info->page_size;
	struct vmscope_record rec;
	struct vmscope_iter *iter;
	int ret;

	ret = vmscope_iter_create(&iter, target->scope, &query);
	if (ret)
		return ret;
	while ((ret = vmscope_iter_next(iter, &rec)) > 0) {
		if (rec.kind != VMSCOPE_KIND_TABLE || rec.table_phys != phys ||
		    rec.flags & VMSCOPE_F_WITHHELD)
			continue;
		row->table_level = rec.level;
		row->table_addr = rec.addr;
		ret = 0;
		break;
	}
	vmscope_iter_destroy(iter);
	return ret;
}

/**
 * what_read - find out what an address is
 * @target: the kernel
 * @symbols: read when the first name is needed
 * @addr: any address
 * @row: filled
 *
 * Return: 0 or a negative errno.
 */
int what_read(struct target *target, struct symbols *symbols, uint64_t addr,
	      struct what_row *row)
{
	int ret = 0;

	memset(row, 0, sizeof(*row));
	row->info = target->info;
	row->addr = addr;
	row->place = place_of(row->info, addr);
	if (row->place == PLACE_KERNEL) {
		ret = ask(target, row);
		if (!ret)
			name(symbols, row);
		if (!ret && may_be_table(row))
			ret = find_table(target, row);
	}
	what_say(row);
	return ret;
}
