/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _WALK_H
#define _WALK_H

#include "model/page.h"
#include "model/vma.h"
#include "source/swapdev.h"
#include "source/target.h"

/**
 * struct walk_level - a level of a walk, for its columns
 * @row: the walk; NULL if it does not come to this level
 * @i: which of its levels
 */
struct walk_level {
	const struct walk_row *row;
	unsigned int i;
};

/**
 * struct walk_row - an address, walked; points into itself
 * @page: its page
 * @kernel: by a descriptor that is bound to the kernel
 * @walk: as the module reports it
 * @rec: @walk's page, decoded
 * @levels: by enum vmscope_level
 * @leaf_bytes: what the entry where the walk ends maps
 * @name: of the area
 * @label: of the area
 * @devices: names of swap devices
 */
struct walk_row {
	struct page_row page;
	bool kernel;
	struct vmscope_walk walk;
	struct vmscope_record rec;
	struct walk_level levels[VMSCOPE_NR_LEVELS];
	uint64_t leaf_bytes;
	char name[LABEL_BYTES];
	char label[LABEL_BYTES];
	struct swap_devices devices;
};

extern const struct column_set walk_columns;

int walk_addr(struct target *target, uint64_t addr, struct walk_row *row);
void walk_print(const struct walk_row *row, bool sentence);

#endif /* _WALK_H */
