/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_DECODE_H
#define _VMSCOPE_DECODE_H

#include <linux/types.h>

struct vmscope_area_facts;

/**
 * struct vmscope_fact - an entry, decoded
 * @what: word 1 of a record, without length
 * @value: for the first page: PFN, swap slot or 0, as in struct vmscope_page
 */
struct vmscope_fact {
	u64 what;
	u64 value;
};

u64 vmscope_decode_leaf(u64 raw, unsigned int level, u64 perm);
void vmscope_decode(const struct vmscope_area_facts *area, u64 raw,
		    unsigned int level, u64 leaf, u8 frame_state,
		    struct vmscope_fact *fact);
void vmscope_decode_kernel(u64 raw, unsigned int level, u64 perm, u8 state,
			   struct vmscope_fact *fact);

#endif /* _VMSCOPE_DECODE_H */
