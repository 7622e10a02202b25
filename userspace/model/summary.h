/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _SUMMARY_H
#define _SUMMARY_H

#include "model/areas.h"
#include "model/audit.h"
#include "model/usage.h"
#include "source/target.h"
#include "source/tlb.h"

enum { NR_LARGEST = 20 };

/**
 * struct summary - what is said of a process on one screen
 * @info: of the module
 * @pid: the process
 * @comm: its name
 * @usage: what it has mapped
 * @devices: swap devices
 * @kinds: swapped bytes by enum swap_kind
 * @census: its page tables
 * @findings: bytes by enum finding
 * @ram: bytes of the machine, 0 if unknown
 * @tlb: of this processor
 * @table_bytes: of all page tables, deposited ones included
 * @fill: entries used in the lowest page tables, in tenths of a percent
 * @tlb_need: by enum tlb_page: entries that the resident set takes
 * @largest: the areas that use most, in that order
 * @nr_largest: how many
 */
struct summary {
	const struct vmscope_info *info;
	int pid;
	const char *comm;
	struct usage usage;
	struct swap_devices devices;
	uint64_t kinds[NR_SWAP_KINDS];
	struct vmscope_census census;
	uint64_t findings[NR_FINDINGS];
	uint64_t ram;
	struct tlb tlb;
	uint64_t table_bytes;
	uint64_t fill;
	uint64_t tlb_need[NR_TLB_PAGES];
	struct area_row largest[NR_LARGEST + 1];
	size_t nr_largest;
};

extern const struct column_set summary_columns;

int summary_collect(struct target *target, struct cost *cost,
		    struct summary *sum);
void summary_free(struct summary *sum);

#endif /* _SUMMARY_H */
