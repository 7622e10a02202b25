/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_ONLINE_H
#define _VMSCOPE_ONLINE_H

#include <linux/types.h>

#include "compat/compat.h"

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

int vmscope_online_init(void);
void vmscope_online_exit(void);
void vmscope_online_begin(struct vmscope_online *online);
bool vmscope_online_learn(struct vmscope_online *online, unsigned long pfn);

static __always_inline unsigned long vmscope_online_group(unsigned long pfn)
{
	return pfn >> COMPAT_ONLINE_SHIFT >> 6;
}

/* Is that of a frame among the blocks of its group? */
static __always_inline bool vmscope_online_has(u64 blocks, unsigned long pfn)
{
	return blocks >> (pfn >> COMPAT_ONLINE_SHIFT & 63) & 1;
}

/**
 * vmscope_online_blocks - blocks of a group that are known to be online
 * @online: what is known
 * @group: its number
 *
 * Context: RCU read-side section.
 * Return: for vmscope_online_has()
 */
static __always_inline u64
vmscope_online_blocks(const struct vmscope_online *online, unsigned long group)
{
	const unsigned int i = group % VMSCOPE_ONLINE_GROUPS;

	return online->group[i] == group ? online->blocks[i] : 0;
}

/**
 * vmscope_is_online - whether a frame is online memory
 * @online: what is known, see vmscope_online_begin()
 * @pfn: frame number
 *
 * Context: RCU read-side section.
 * Return: true if its struct page may be read
 */
static __always_inline bool vmscope_is_online(struct vmscope_online *online,
					      unsigned long pfn)
{
	const u64 blocks =
		vmscope_online_blocks(online, vmscope_online_group(pfn));

	return vmscope_online_has(blocks, pfn) ||
	       vmscope_online_learn(online, pfn);
}

#endif /* _VMSCOPE_ONLINE_H */
