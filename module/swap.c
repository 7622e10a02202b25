// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decode entries that are neither empty nor present. Pure: takes no locks, does
 * not sleep.
 *
 * Migration, hwpoison, device and marker entries use the encoding of swap with
 * their own types, so the offset is a slot only for some types.
 */
#include "swap.h"

#include <linux/swap.h>
#include <linux/swapops.h>

#include "../include/uapi/vmscope.h"
#include "compat/compat.h"
#include "compat/swaptype.h"

static_assert(MAX_SWAPFILES_SHIFT <= 64 - VMSCOPE_SLOT_TYPE_SHIFT);

/* A marker can have several bits; one that makes an access fail wins. */
static u64 marker_state(unsigned long marker)
{
	if (marker & COMPAT_MARKER_GUARD)
		return VMSCOPE_STATE_MARKER_GUARD;
	if (marker & COMPAT_MARKER_POISON)
		return VMSCOPE_STATE_MARKER_POISON;
	if (marker & PTE_MARKER_UFFD_WP)
		return VMSCOPE_STATE_MARKER_UFFD;
	return VMSCOPE_STATE_UNKNOWN;
}

static bool has_pfn(u64 state)
{
	return state == VMSCOPE_STATE_MIGRATION ||
	       state == VMSCOPE_STATE_HWPOISON || state == VMSCOPE_STATE_DEVICE;
}

/**
 * vmscope_swap_decode - classify an entry of the swap encoding
 * @entry: from compat_swp_entry() or radix_to_swp_entry()
 * @value: filled in: swap slot, PFN or 0, as in struct vmscope_page
 *
 * Context: Any context.
 * Return: enum vmscope_state; VMSCOPE_STATE_UNKNOWN for a type or marker that
 * this module does not know
 * Source: include/linux/swap.h, include/linux/swapops.h
 */
u64 vmscope_swap_decode(swp_entry_t entry, u64 *value)
{
	unsigned int type = swp_type(entry);
	u64 state;

	*value = 0;
	if (type >= COMPAT_SWAP_TYPES)
		return VMSCOPE_STATE_UNKNOWN;
	if (type < MAX_SWAPFILES) {
		*value = ((u64)type << VMSCOPE_SLOT_TYPE_SHIFT) |
			 swp_offset(entry);
		return VMSCOPE_STATE_SWAP;
	}
	if (type == COMPAT_MARKER_TYPE)
		return marker_state(swp_offset(entry));
	state = compat_state_of_type[type];
	if (has_pfn(state))
		*value = swp_offset(entry) & SWP_PFN_MASK;
	return state ? state : VMSCOPE_STATE_UNKNOWN;
}

/**
 * vmscope_swap_is_protected - check for a marker that userfaultfd protects
 * @entry: from compat_swp_entry()
 *
 * A marker of poison or of a guard region can also be protected.
 *
 * Context: Any context.
 * Return: true if protected; entries that are not markers have a bit for that
 */
bool vmscope_swap_is_protected(swp_entry_t entry)
{
	return swp_type(entry) == COMPAT_MARKER_TYPE &&
	       swp_offset(entry) & PTE_MARKER_UFFD_WP;
}

/**
 * vmscope_swap_max_type - largest number of a swap device
 *
 * Context: Any context.
 * Return: the largest swap type of this kernel
 */
unsigned int vmscope_swap_max_type(void)
{
	return MAX_SWAPFILES - 1;
}

#include "selftest/swap.h"
