/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_FRAME_H
#define _VMSCOPE_FRAME_H

#include <linux/mm.h>

struct vmscope_area_facts;
struct vmscope_online;
struct vmscope_table_copy;

bool vmscope_frame_must_look(const struct vmscope_area_facts *area,
			     unsigned int level);
bool vmscope_frame_has_page(const struct vmscope_area_facts *area, u64 raw,
			    unsigned int level);
u8 vmscope_frame_state(struct vmscope_online *online, unsigned long pfn,
		       const struct vmscope_area_facts *area,
		       unsigned int level);
void vmscope_frame_kernel_states(struct vmscope_online *online,
				 struct vmscope_table_copy *copy);
unsigned long vmscope_frame_alias(unsigned long pfn);

/**
 * vmscope_frame_is_zero - is this the shared zero page
 * @pfn: frame number
 *
 * Context: Any context.
 * Return: true for the page that a read of untouched memory maps
 */
static inline bool vmscope_frame_is_zero(unsigned long pfn)
{
	return pfn == page_to_pfn(ZERO_PAGE(0));
}

#endif /* _VMSCOPE_FRAME_H */
