/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _SUMMARY_H
#define _SUMMARY_H

#include "cli/tool.h"
#include "model/areas.h"
#include "model/audit.h"
#include "model/usage.h"
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
 * @largest: the areas that use most, in that order
 * @nr_largest: how many
 */
struct summary {
	const struct vmscope_info *info;
	int pid;
	const char *comm;
	struct usage usage;
	struct swap_devices devices;
	uint64_t kinds[3];
	struct vmscope_census census;
	uint64_t findings[NR_FINDINGS];
	uint64_t ram;
	struct tlb tlb;
	struct area_row largest[NR_LARGEST + 1];
	size_t nr_largest;
};

extern const struct column_set summary_columns;

int summary_collect(const struct request *req, struct target *target,
		    struct summary *sum);
void summary_free(struct summary *sum);
void summary_print(const struct summary *sum, bool bytes);

uint64_t summary_tlb_need(const struct summary *sum, enum tlb_page page);
uint64_t summary_fill(const struct summary *sum);
uint64_t summary_table_bytes(const struct summary *sum);

#endif /* _SUMMARY_H */
