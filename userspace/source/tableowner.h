/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _TABLEOWNER_H
#define _TABLEOWNER_H

#include "source/target.h"

/* A frame that may be a page table, and whose it is. */
struct table_owner {
	uint64_t pfn; /* the frame */
	bool kernel_only; /* such a frame cannot hold a table of a process */
	/* of the entries, enum vmscope_level; 0 until it is found */
	unsigned int level;
	uint64_t addr; /* first address that the table translates */
	/* the process of the lowest PID that has it; 0 for the kernel */
	int pid;
	char comm[64]; /* name of that process */
	uint64_t processes; /* how many have it */
	int last; /* the last of them */
	bool user_copy; /* a copy of the root, which user mode runs on */
};

/* Frames that may be page tables. */
struct table_owners {
	/* array, in the order of frames once the search is done */
	struct table_owner *owner;
	size_t nr;
	size_t room;
	bool refused; /* the caller may not look at other processes */
};

int table_owners_add(struct table_owners *owners, uint64_t pfn,
		     bool kernel_only);
int table_owners_find(struct table_owners *owners, struct target *kernel,
		      struct cost *cost);
const struct table_owner *table_owners_at(const struct table_owners *owners,
					  uint64_t pfn);
void table_owners_free(struct table_owners *owners);

#endif /* _TABLEOWNER_H */
