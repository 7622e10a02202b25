/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _TABLEOWNER_H
#define _TABLEOWNER_H

#include "source/target.h"

/**
 * struct table_owner - a frame that may be a page table, and whose it is
 * @pfn: the frame
 * @kernel_only: no table of a process lies in such a frame
 * @level: of the entries, enum vmscope_level; 0 while it is not found
 * @addr: first address that the table translates
 * @pid: the process of the lowest PID that has it; 0 of the kernel
 * @comm: name of that process
 * @processes: how many have it
 * @last: the last of them
 * @user_copy: a copy of the root, on which user mode runs
 */
struct table_owner {
	uint64_t pfn;
	bool kernel_only;
	unsigned int level;
	uint64_t addr;
	int pid;
	char comm[64];
	uint64_t processes;
	int last;
	bool user_copy;
};

/**
 * struct table_owners - frames that may be page tables
 * @owner: array, in the order of frames once they have been looked for
 * @nr: how many
 * @room: allocated
 * @refused: the caller may not look at other processes
 */
struct table_owners {
	struct table_owner *owner;
	size_t nr;
	size_t room;
	bool refused;
};

int table_owners_add(struct table_owners *owners, uint64_t pfn,
		     bool kernel_only);
int table_owners_find(struct table_owners *owners, struct target *kernel,
		      struct cost *cost);
const struct table_owner *table_owners_at(const struct table_owners *owners,
					  uint64_t pfn);
void table_owners_free(struct table_owners *owners);

#endif /* _TABLEOWNER_H */
