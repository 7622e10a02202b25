/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_SNAPSHOT_H
#define _VMSCOPE_SNAPSHOT_H

#include <linux/types.h>

struct vm_area_struct;
struct vmscope_scanner;

bool vmscope_snapshot_take(struct vmscope_scanner *scanner,
			   struct vm_area_struct *vma);

#endif /* _VMSCOPE_SNAPSHOT_H */
