// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fixmap of x86-64: pages whose addresses are fixed when the kernel is
 * built, counted downwards from the last.
 */
#include "arch.h"

#include <linux/kernel.h>
#include <asm/fixmap.h>

#define SLOTS(first, last) { first, last, #first },
static const struct vmscope_slot_range named[] = { COMPAT_SLOTS };
#undef SLOTS

/**
 * vmscope_arch_slot - the slot of the fixmap that contains an address
 * @addr: an address of the fixmap, which includes the vsyscall page
 * @slots: filled in: all slots that share its name, or this one
 *
 * Context: Any context.
 * Return: its index
 * Source: __virt_to_fix() in include/asm-generic/fixmap.h
 */
u64 vmscope_arch_slot(u64 addr, struct vmscope_slot_range *slots)
{
	u64 slot = (FIXADDR_TOP - (addr & PAGE_MASK)) >> PAGE_SHIFT;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(named); i++) {
		if (slot < named[i].first || slot > named[i].last)
			continue;
		*slots = named[i];
		return slot;
	}
	*slots = (struct vmscope_slot_range){ .first = slot, .last = slot };
	return slot;
}
