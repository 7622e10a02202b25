/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_ONLINE_H
#define _VMSCOPE_ONLINE_H

#include <linux/bits.h>
#include <linux/types.h>

#include "compat/compat.h"

/* The unit of memory hotplug: all of it is online, or none. */
#define VMSCOPE_CHUNK_FRAMES BIT(COMPAT_ONLINE_SHIFT)

/**
 * struct vmscope_online - a stretch of frames that are online memory, and whose
 * struct pages lie one behind another
 * @start: the first of them
 * @nr: their number
 *
 * It stays online until the RCU read-side section ends that it was found in.
 */
struct vmscope_online {
	unsigned long start;
	unsigned long nr;
};

int vmscope_online_init(void);
void vmscope_online_exit(void);
bool vmscope_online_find(struct vmscope_online *online, unsigned long pfn);
unsigned long vmscope_hole_end(unsigned long pfn);
unsigned long vmscope_last_frame(void);

/**
 * vmscope_online_begin - before frames are looked at
 * @online: forgotten
 *
 * Context: The RCU read lock is held, until the last frame is read.
 */
static inline void vmscope_online_begin(struct vmscope_online *online)
{
	online->nr = 0;
}

/**
 * vmscope_is_online - whether a frame is online memory
 * @online: the stretch that was found last; that of this frame, if it has one
 * @pfn: frame number
 *
 * Context: RCU read-side section, after vmscope_online_begin().
 * Return: true if its struct page may be read
 */
static __always_inline bool vmscope_is_online(struct vmscope_online *online,
					      unsigned long pfn)
{
	return pfn - online->start < online->nr ||
	       vmscope_online_find(online, pfn);
}

#endif /* _VMSCOPE_ONLINE_H */
