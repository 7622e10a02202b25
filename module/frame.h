/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_FRAME_H
#define _VMSCOPE_FRAME_H

#include <linux/types.h>

struct vmscope_area_facts;
struct vmscope_frames;
struct vmscope_online;
struct vmscope_table_copy;

bool vmscope_frame_must_look(const struct vmscope_area_facts *area,
			     unsigned int level);
u8 vmscope_frame_states(struct vmscope_online *online,
			const struct vmscope_area_facts *area,
			struct vmscope_table_copy *copy, int *left);
void vmscope_frame_facts(struct vmscope_online *online,
			 const struct vmscope_area_facts *area,
			 struct vmscope_table_copy *copy,
			 struct vmscope_frames *frames, int *left);
void vmscope_frame_kernel_states(struct vmscope_online *online,
				 struct vmscope_table_copy *copy);
bool vmscope_frame_is_zero(unsigned long pfn);
unsigned long vmscope_frame_alias(unsigned long pfn);

#endif /* _VMSCOPE_FRAME_H */
