// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page tables, counted: a scan for tables and for huge pages, added up.
 */
#include "census.h"

#include <linux/errno.h>
#include <linux/mm.h>

#include "../include/uapi/vmscope.h"
#include "scan.h"
#include "target.h"

/*
 * The tables; and anonymous huge pages, for each of which the kernel keeps a
 * spare PTE table, also while it migrates or is in a device's memory.
 * Source: pgtable_trans_huge_deposit() and its callers in mm/huge_memory.c
 */
static const struct vmscope_scan census_query = {
	.flags = VMSCOPE_SCAN_TABLES | VMSCOPE_SCAN_AREAS |
		 VMSCOPE_SCAN_SKIP_EMPTY,
	.states = 1 << VMSCOPE_STATE_ANON | 1 << VMSCOPE_STATE_HUGEZERO |
		  1 << VMSCOPE_STATE_MIGRATION | 1 << VMSCOPE_STATE_DEVICE,
	.levels = 1 << VMSCOPE_LEVEL_PMD,
	VMSCOPE_SCAN_WHOLE,
};

static void add_table(const struct vmscope_table *table,
		      struct vmscope_census *census)
{
	unsigned int level = VMSCOPE_WORD_LEVEL(table->where);

	census->tables[level]++;
	census->used[level] += table->used;
	census->leaves[level] += table->leaves;
	if (!table->used)
		census->empty[level]++;
}

/* Huge pages of hugetlbfs and of files have no table in reserve. */
static bool has_deposit(const struct vmscope_area *area)
{
	return area->name_kind != VMSCOPE_NAME_HUGETLB &&
	       area->name_kind != VMSCOPE_NAME_SHMEM &&
	       area->name_kind != VMSCOPE_NAME_FILE;
}

static size_t add_record(const u64 *at, struct vmscope_area *area,
			 struct vmscope_census *census)
{
	switch (VMSCOPE_WORD_KIND(*at)) {
	case VMSCOPE_KIND_TABLE:
		add_table((const struct vmscope_table *)at, census);
		return sizeof(struct vmscope_table);
	case VMSCOPE_KIND_AREA:
		*area = *(const struct vmscope_area *)at;
		return sizeof(struct vmscope_area);
	default:
		if (has_deposit(area))
			census->deposited++;
		return sizeof(struct vmscope_page);
	}
}

static void add_records(const struct vmscope_sink *sink,
			struct vmscope_area *area,
			struct vmscope_census *census)
{
	const u64 *at = sink->buf;
	const u64 *end = at + sink->used;

	while (at < end)
		at += add_record(at, area, census) / sizeof(u64);
}

/* The count is of use only while the tables are there. */
static int read_kernels_count(struct vmscope_target *target,
			      struct vmscope_census *census)
{
	int ret = vmscope_target_use(target);

	if (ret)
		return ret;
	census->pgtables_bytes = mm_pgtables_bytes(target->mm);
	vmscope_target_unuse(target);
	return 0;
}

/**
 * vmscope_census - count the page tables of a target
 * @scanner: whose earlier scan is forgotten
 * @target: a pinned target
 * @census: with flags; all that is out is filled in
 *
 * Context: Process context, may sleep; takes and leaves locks of the target.
 * Return: 0, -ESRCH or -EINTR, as vmscope_scan_fill()
 */
int vmscope_census(struct vmscope_scanner *scanner,
		   struct vmscope_target *target, struct vmscope_census *census)
{
	struct vmscope_area area = {};
	int ret;

	if (census->flags & VMSCOPE_CENSUS_BYTES)
		return read_kernels_count(target, census);
	vmscope_scan_begin(scanner, target, &census_query, false);
	do {
		ret = vmscope_scan_fill(scanner);
		add_records(&scanner->sink, &area, census);
		vmscope_sink_drop(&scanner->sink, scanner->sink.used);
	} while (ret == -ENOSPC);
	census->max_hold_ns = scanner->max_hold_ns;
	return ret ? ret : read_kernels_count(target, census);
}
