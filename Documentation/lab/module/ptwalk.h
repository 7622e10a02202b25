/* SPDX-License-Identifier: GPL-2.0-only */
/* What main.c, which is ready, and walk.c, the exercise, have of each other. */
#ifndef PTWALK_H
#define PTWALK_H

#include <linux/mm_types.h>
#include <linux/seq_file.h>

/* Flags of a leaf entry; NO_EXEC is the NX bit. */
enum {
	WRITABLE = 1,
	USER = 2,
	ACCESSED = 4,
	DIRTY = 8,
	NO_EXEC = 16,
};

void print_leaf(struct seq_file *out, unsigned long addr, unsigned long pfn,
		const char *level, unsigned int flags);
unsigned long walk_address(struct seq_file *out, struct mm_struct *mm,
			   unsigned long addr);

#endif
