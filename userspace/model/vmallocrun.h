/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _VMALLOCRUN_H
#define _VMALLOCRUN_H

#include "model/regions.h"
#include "source/target.h"
#include "source/vmallocinfo.h"

/* What a run is, by evidence. */
enum run_kind {
	RUN_VMALLOC, /* pages of memory that were mapped one by one */
	RUN_VMAP, /* the same, of pages that existed before */
	RUN_EITHER, /* one of the two */
	/* frames that are not memory, or that ioremap() was asked for */
	RUN_IOREMAP,
	RUN_HUGE, /* vmalloc in huge pages */
	RUN_STACK, /* a thread's stack; one without a task waits for the next */
	RUN_MODULE, /* of a module, or of a BPF program */
	RUN_RACED, /* changed each time it was read: it may be mapped */
	RUN_TOTAL, /* not a run: the row of totals */
};

/* Neighbours in vmalloc that are mapped without a hole between them. */
struct vmalloc_run {
	const struct vmscope_info *info; /* of the module */
	unsigned int region; /* enum vmscope_region */
	uint64_t start; /* first address */
	uint64_t end; /* end, exclusive */
	uint64_t bytes; /* mapped */
	/* physically contiguous extents; 0 if frames are withheld */
	uint64_t pieces;
	uint64_t next_pfn; /* frame that would continue the last extent */
	unsigned int level; /* the highest level of its entries */
	uint64_t pfn; /* frame of the first page */
	bool memory; /* its frames are memory */
	bool raced; /* it changed while it was read */
	enum run_kind kind;
	int pid; /* thread whose stack it is, or 0 */
	char comm[24]; /* name of that thread */
	/* its line of /proc/vmallocinfo, or NULL */
	const struct vmalloc_area *area;
};

/* A reading of the runs. */
struct vmalloc_runs {
	struct target *target; /* the kernel */
	struct cost *cost; /* added to, or NULL */
	/* called with each record of a run, if not NULL, and with each run */
	record_fn add;
	int (*end)(void *arg, const struct vmalloc_run *run);
	void *arg; /* of both */
	struct region_list regions; /* of the kernel */
	struct vmalloc_info vmallocinfo; /* /proc/vmallocinfo */
	bool mute; /* the module does not know VMSCOPE_IOC_WHAT */
	struct vmalloc_run run; /* the current run, if it is open */
	bool open; /* @run is one */
	unsigned int region; /* enum vmscope_region of what is read */
};

const struct vmscope_bit *run_kinds(void);
int vmalloc_runs_read(struct vmalloc_runs *runs);
void vmalloc_runs_free(struct vmalloc_runs *runs);

#endif /* _VMALLOCRUN_H */
