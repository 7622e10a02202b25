/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_SNAPSHOT_H
#define _VMSCOPE_SNAPSHOT_H

#include <linux/types.h>

struct vmscope_scanner;

bool vmscope_snapshot_take(struct vmscope_scanner *scanner);

#endif /* _VMSCOPE_SNAPSHOT_H */
