/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _SUMMARY_H
#define _SUMMARY_H

#include "model/areas.h"
#include "model/audit.h"
#include "model/usage.h"
#include "source/target.h"
#include "source/tlb.h"

enum { NR_LARGEST = 20 };

/* The facts about a process on one screen. */
struct summary {
	const struct vmscope_info *info; /* of the module */
	int pid;
	const char *comm;
	bool frames; /* runs of frames are counted */
	struct usage usage; /* what it has mapped */
	struct swap_devices devices; /* swap devices */
	uint64_t kinds[NR_SWAP_KINDS]; /* swapped bytes by enum swap_kind */
	struct vmscope_census census; /* its page tables */
	uint64_t findings[NR_FINDINGS]; /* bytes by enum finding */
	uint64_t ram; /* bytes of the machine, 0 if unknown */
	struct tlb tlb; /* of this processor */
	uint64_t table_bytes; /* of all page tables, deposited ones included */
	/* entries used in the lowest page tables, in tenths of a percent */
	uint64_t fill;
	/* by enum tlb_page: entries that the resident set takes */
	uint64_t tlb_need[NR_TLB_PAGES];
	/* the areas that use most, in that order */
	struct area_row largest[NR_LARGEST + 1];
	size_t nr_largest;
};

extern const struct column_set summary_columns;

int summary_collect(struct target *target, struct cost *cost, bool frames,
		    uint64_t facts, struct summary *sum);
void summary_free(struct summary *sum);

#endif /* _SUMMARY_H */
