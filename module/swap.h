/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_SWAP_H
#define _VMSCOPE_SWAP_H

#include <linux/mm_types.h>
#include <linux/types.h>

u64 vmscope_swap_decode(swp_entry_t entry, u64 *value);
bool vmscope_swap_is_protected(swp_entry_t entry);
unsigned int vmscope_swap_max_type(void);

#endif /* _VMSCOPE_SWAP_H */
