/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_FRAME_LIST_H
#define _VMSCOPE_FRAME_LIST_H

#include "../../include/uapi/vmscope.h"

#define VMSCOPE_FRAME_RUNS 48

/**
 * struct vmscope_frame_walk - a walk over frames
 * @pfn: the next frame
 * @end: end, exclusive
 * @wanted: enum vmscope_frame_fact: the facts of any page to read
 * @caches: read caches of slabs, too
 * @page_flags: (1 << KPF_*): those that are kept
 * @plain_bits: PG_* bits that the facts of plain frames follow from; 0 if not
 *	only from these
 * @nr: how many runs
 * @run: found by the last vmscope_frame_walk_fill()
 */
struct vmscope_frame_walk {
	unsigned long pfn;
	unsigned long end;
	u64 wanted;
	bool caches;
	u64 page_flags;
	unsigned long plain_bits;
	unsigned int nr;
	struct vmscope_frame_run run[VMSCOPE_FRAME_RUNS];
};

int vmscope_frame_list_check(const struct vmscope_frame_list *list);
void vmscope_frame_walk_begin(struct vmscope_frame_walk *walk,
			      struct vmscope_frame_list *list);
int vmscope_frame_walk_fill(struct vmscope_frame_walk *walk, u64 room);

#endif /* _VMSCOPE_FRAME_LIST_H */
