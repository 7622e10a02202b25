/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _WALK_H
#define _WALK_H

#include "cli/tool.h"
#include "model/page.h"
#include "source/swapdev.h"

/**
 * struct walk_row - an address, walked
 * @info: of the module
 * @kernel: by a descriptor that is bound to the kernel
 * @walk: as the module reports it
 * @rec: @walk's page, decoded
 * @name: of the area
 * @label: of the area
 * @devices: names of swap devices
 */
struct walk_row {
	const struct vmscope_info *info;
	bool kernel;
	struct vmscope_walk walk;
	struct vmscope_record rec;
	char name[LABEL_BYTES];
	char label[LABEL_BYTES];
	struct swap_devices devices;
};

int walk_addr(struct target *target, uint64_t addr, struct walk_row *row);
void walk_print(const struct walk_row *row, bool sentence);

#endif /* _WALK_H */
