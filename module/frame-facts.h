/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_FRAME_FACTS_H
#define _VMSCOPE_FRAME_FACTS_H

#include <linux/types.h>

struct vmscope_area_facts;
struct vmscope_frames;
struct vmscope_online;
struct vmscope_table_copy;

void vmscope_frame_facts(struct vmscope_online *online,
			 const struct vmscope_area_facts *area,
			 struct vmscope_table_copy *copy,
			 struct vmscope_frames *frames, int *left);

#endif /* _VMSCOPE_FRAME_FACTS_H */
