/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _WALK_H
#define _WALK_H

#include "model/access.h"
#include "model/page.h"
#include "model/vma.h"
#include "source/swapdev.h"
#include "source/target.h"
#include "source/zram.h"

/* A level of a walk, for its columns. */
struct walk_level {
	/* the walk; NULL if it does not reach this level */
	const struct walk_row *row;
	unsigned int i; /* its index in the levels of the walk */
};

/* An address, walked; points into itself. */
struct walk_row {
	struct page_row page; /* its page */
	bool kernel; /* on a descriptor that is bound to the kernel */
	struct vmscope_walk walk; /* as the module reports it */
	struct vmscope_record rec; /* @walk's page, decoded */
	struct walk_level levels[VMSCOPE_NR_LEVELS]; /* by enum vmscope_level */
	uint64_t leaf_bytes; /* what the entry at which the walk ends maps */
	char name[LABEL_BYTES]; /* of the area */
	char label[LABEL_BYTES]; /* of the area */
	struct swap_devices devices; /* names of swap devices */
	struct access_page access; /* what accesses depend on */
	enum outcome outcome[NR_ACCESSES]; /* what they do */
	uint64_t new_bytes; /* largest page that a fault may make here */
	bool has_zram; /* @zram is known */
	struct zram_block zram; /* the block of zram that holds the page */
};

extern const struct column_set walk_columns, explain_columns;

int walk_addr(struct target *target, uint64_t addr, struct walk_row *row);
void walk_print(const struct walk_row *row, bool sentence);

#endif /* _WALK_H */
