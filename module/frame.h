/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_FRAME_H
#define _VMSCOPE_FRAME_H

#include <linux/types.h>

struct vmscope_area_facts;
struct vmscope_frames;
struct vmscope_table_copy;

#define VMSCOPE_ONLINE_GROUPS 64

/**
 * struct vmscope_online - blocks of frames that are known to be online
 * @changes: how often memory had gone offline when they were looked up
 * @group: group numbers, 64 blocks each, indexed by their remainder
 * @blocks: by the same index, a bit for each block that is online
 *
 * The owner serializes access. All zero when nothing is known.
 */
struct vmscope_online {
	unsigned long changes;
	unsigned long group[VMSCOPE_ONLINE_GROUPS];
	u64 blocks[VMSCOPE_ONLINE_GROUPS];
};

int vmscope_frame_init(void);
void vmscope_frame_exit(void);
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
