/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _USAGE_H
#define _USAGE_H

#include "cli/column.h"
#include "source/swapdev.h"
#include "source/target.h"

/* Parts of an address space whose bounds the kernel keeps. */
enum segment {
	SEGMENT_CODE,
	SEGMENT_DATA,
	SEGMENT_HEAP,
	SEGMENT_ARGS,
	SEGMENT_ENV,
	NR_SEGMENTS,
};

/* Sizes of folios from 4K to 1G; the last node stands for all above. */
enum { USAGE_FOLIO_SHIFT = 12, USAGE_FOLIOS = 19, USAGE_NODES = 8 };

/*
 * The sums of records; in bytes unless noted. Holds uint64_t only, so that sums
 * can be added field by field.
 */
struct usage {
	uint64_t mapped; /* of areas */
	uint64_t areas; /* number of areas */
	/* of these in segments, if they were asked for */
	uint64_t segment[NR_SEGMENTS];
	uint64_t state[VMSCOPE_NR_STATES]; /* by enum vmscope_state */
	/* present, without hugetlb, by enum vmscope_level */
	uint64_t leaf[VMSCOPE_NR_LEVELS];
	uint64_t hugetlb[VMSCOPE_NR_LEVELS]; /* by enum vmscope_level */
	uint64_t resident; /* all of @leaf: smaps' Rss, without hugetlb */
	uint64_t thp; /* of these in huge leaves */
	uint64_t all_hugetlb; /* all of @hugetlb */
	uint64_t huge; /* in huge leaves, transparent or hugetlb */
	uint64_t swapped; /* swapped out, of shmem too */
	uint64_t locked; /* resident in locked areas */
	/* resident, by size of the folio and by node, if asked for */
	uint64_t folio[USAGE_FOLIOS];
	uint64_t node[USAGE_NODES];
	/* by number of the swap device, if slots were asked for */
	uint64_t swap_type[MAX_SWAP_DEVICES];
	/* number of runs of frames that follow one another, if asked for */
	uint64_t runs;
	uint64_t run_bytes; /* in those runs */
	uint64_t next_pfn; /* frame that would continue the last run */
};

int usage_see_devices(const struct target *target, struct cost *cost,
		      struct swap_devices *devices);
void usage_add(struct usage *usage, const struct vmscope_info *info,
	       const struct vmscope_record *rec, bool frames);
int usage_scan_slots(const struct target *target, struct cost *cost,
		     struct usage *usage, struct swap_devices *devices);
void usage_sum(struct usage *sum, const struct usage *usage);
uint64_t usage_empty(const struct usage *usage);
void usage_swap_kinds(const struct usage *usage,
		      const struct swap_devices *devices,
		      uint64_t kinds[NR_SWAP_KINDS]);

/* Columns of a row with a @usage. */
#define USAGE_FACT_COLUMNS(row)                                                \
	COLUMN(folios, 24, LIST, "what is resident, by the size of its folio", \
	       GET_OF(row, usage, get_folios), .facts = VMSCOPE_FACT_ORDER),   \
		COLUMN(nodes, 14, LIST, "what is resident, by NUMA node",      \
		       GET_OF(row, usage, get_nodes),                          \
		       .facts = VMSCOPE_FACT_NODE)

void get_folios(const void *usage, struct value *v);
void get_nodes(const void *usage, struct value *v);
void get_empty(const void *usage, struct value *v);

#endif /* _USAGE_H */
