/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the types of entries in the encoding of swap stand for. Each kernel has
 * other types, depending on its options, too.
 * Source: "MAX_SWAPFILES" in include/linux/swap.h
 */
#ifndef _VMSCOPE_COMPAT_SWAPTYPE_H
#define _VMSCOPE_COMPAT_SWAPTYPE_H

#include <linux/swap.h>
#include <linux/swapops.h>

#include "../../include/uapi/vmscope.h"

#define COMPAT_SWAP_TYPES BIT(MAX_SWAPFILES_SHIFT)

/* By swap type. Types below MAX_SWAPFILES are swap itself. */
static const u8 compat_state_of_type[COMPAT_SWAP_TYPES] = {
#ifdef SWP_HWPOISON
	[SWP_HWPOISON] = VMSCOPE_STATE_HWPOISON,
#endif
#ifdef SWP_MIGRATION_READ
	[SWP_MIGRATION_READ] = VMSCOPE_STATE_MIGRATION,
	[SWP_MIGRATION_READ_EXCLUSIVE] = VMSCOPE_STATE_MIGRATION,
	[SWP_MIGRATION_WRITE] = VMSCOPE_STATE_MIGRATION,
#endif
#ifdef SWP_DEVICE_READ
	[SWP_DEVICE_READ] = VMSCOPE_STATE_DEVICE,
	[SWP_DEVICE_WRITE] = VMSCOPE_STATE_DEVICE,
#endif
#ifdef SWP_DEVICE_EXCLUSIVE
	[SWP_DEVICE_EXCLUSIVE] = VMSCOPE_STATE_DEVICE,
#endif
#ifdef SWP_DEVICE_EXCLUSIVE_READ
	[SWP_DEVICE_EXCLUSIVE_READ] = VMSCOPE_STATE_DEVICE,
	[SWP_DEVICE_EXCLUSIVE_WRITE] = VMSCOPE_STATE_DEVICE,
#endif
/* An access gets SIGBUS, as with today's poison marker. */
#ifdef SWP_SWAPIN_ERROR
	[SWP_SWAPIN_ERROR] = VMSCOPE_STATE_MARKER_POISON,
#endif
};

/* No entry has the type of markers where the kernel has no markers. */
#ifdef SWP_PTE_MARKER
#define COMPAT_MARKER_TYPE SWP_PTE_MARKER
#else
#define COMPAT_MARKER_TYPE COMPAT_SWAP_TYPES
#endif

#endif /* _VMSCOPE_COMPAT_SWAPTYPE_H */
