/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_FRAME_H
#define _VMSCOPE_FRAME_H

#include <linux/types.h>

struct vmscope_area_facts;
struct vmscope_table_copy;

int vmscope_frame_init(void);
void vmscope_frame_exit(void);
bool vmscope_frame_must_look(const struct vmscope_area_facts *area,
			     unsigned int level);
bool vmscope_frame_states(const struct vmscope_area_facts *area,
			  struct vmscope_table_copy *copy);
void vmscope_frame_kernel_states(struct vmscope_table_copy *copy);
bool vmscope_frame_is_zero(unsigned long pfn);
unsigned long vmscope_frame_alias(unsigned long pfn);

#endif /* _VMSCOPE_FRAME_H */
