/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_FRAME_STATES_H
#define _VMSCOPE_FRAME_STATES_H

#include <linux/types.h>

struct vmscope_area_facts;
struct vmscope_online;
struct vmscope_table_copy;

u8 vmscope_frame_states(struct vmscope_online *online,
			const struct vmscope_area_facts *area,
			struct vmscope_table_copy *copy, int *left);

#endif /* _VMSCOPE_FRAME_STATES_H */
