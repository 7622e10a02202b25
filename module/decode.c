// SPDX-License-Identifier: GPL-2.0-only
/*
 * (raw entry, level) -> facts. Pure: takes no locks, does not sleep.
 */
#include "decode.h"

#include <linux/pfn.h>
#include <linux/types.h>

#include "../include/uapi/vmscope.h"
#include "arch/arch.h"
#include "area.h"
#include "compat/compat.h"
#include "frame.h"
#include "swap.h"

static u64 user_perm(u64 what)
{
	u64 perm = 0;

	if (!(what & VMSCOPE_F_USER))
		return 0;
	if (what & VMSCOPE_F_READ)
		perm |= VMSCOPE_F_PERM_READ;
	if (what & VMSCOPE_F_WRITE)
		perm |= VMSCOPE_F_PERM_WRITE;
	if (what & VMSCOPE_F_EXEC)
		perm |= VMSCOPE_F_PERM_EXEC;
	return perm;
}

/**
 * vmscope_decode_leaf - decode a present leaf
 * @raw: the entry
 * @level: enum vmscope_level
 * @perm: VMSCOPE_F_PERM_* that the levels above leave to user mode
 *
 * For a base entry, bits in vmscope_arch_field() do not matter: entries that
 * only differ in them get the same word 1.
 *
 * Context: Any context.
 * Return: word 1 of a record, without state and length
 */
u64 vmscope_decode_leaf(u64 raw, unsigned int level, u64 perm)
{
	u64 what = vmscope_arch_leaf(raw, level);

	return what | (user_perm(what) & perm);
}

/* In the order of vm_normal_page() in mm/memory.c. */
static u64 present_state(const struct vmscope_area_facts *area, u64 raw,
			 unsigned int level, u64 leaf, unsigned long pfn,
			 u8 frame_state)
{
	if (level == VMSCOPE_LEVEL_PTE && vmscope_frame_is_zero(pfn))
		return VMSCOPE_STATE_ZERO;
	if (frame_state)
		return frame_state;
	if (vmscope_arch_devmap(raw, level))
		return VMSCOPE_STATE_DEVICE;
	if (leaf & VMSCOPE_F_SPECIAL)
		return VMSCOPE_STATE_PFNMAP;
	if (level > VMSCOPE_LEVEL_PTE && area->pfnmap)
		return VMSCOPE_STATE_PFNMAP;
	return area->page_state ? area->page_state : area->other_state;
}

static void decode_absent(u64 raw, struct vmscope_fact *fact)
{
	u64 state;

	fact->value = 0;
	fact->what = 0;
	if (vmscope_arch_none(raw))
		return;
	state = vmscope_swap_decode(compat_swp_entry(raw), &fact->value);
	fact->what = (state << VMSCOPE_STATE_SHIFT) | vmscope_arch_absent(raw);
	if (vmscope_swap_is_protected(compat_swp_entry(raw)))
		fact->what |= VMSCOPE_F_UFFD_WP;
}

/**
 * vmscope_decode - decode an entry that does not point to a table
 * @area: the area that it belongs to
 * @raw: the entry
 * @level: enum vmscope_level
 * @leaf: vmscope_decode_leaf() of @raw; used if it is present
 * @frame_state: state of the frame (enum vmscope_state), 0 if not examined
 * @fact: filled in
 *
 * Context: Any context.
 */
void vmscope_decode(const struct vmscope_area_facts *area, u64 raw,
		    unsigned int level, u64 leaf, u8 frame_state,
		    struct vmscope_fact *fact)
{
	u64 state;

	if (!vmscope_arch_present(raw, level)) {
		decode_absent(raw, fact);
		return;
	}
	fact->value = vmscope_arch_pfn(raw, level);
	state = present_state(area, raw, level, leaf, fact->value, frame_state);
	fact->what = leaf | (state << VMSCOPE_STATE_SHIFT);
}

static u64 kernel_leaf(u64 raw, unsigned int level, u64 perm)
{
	u64 what = vmscope_arch_leaf(raw, level);

	return what | (vmscope_arch_kernel_perm(raw) & perm);
}

/**
 * vmscope_decode_kernel - decode an entry of the kernel's half
 * @raw: the entry
 * @level: enum vmscope_level
 * @perm: VMSCOPE_F_PERM_* that the levels above leave to the kernel
 * @state: from vmscope_frame_kernel_states() (enum vmscope_state)
 * @fact: filled in
 *
 * Context: Any context.
 */
void vmscope_decode_kernel(u64 raw, unsigned int level, u64 perm, u8 state,
			   struct vmscope_fact *fact)
{
	fact->what = (u64)state << VMSCOPE_STATE_SHIFT;
	fact->value = 0;
	if (state == VMSCOPE_STATE_NONE || state == VMSCOPE_STATE_UNKNOWN)
		return;
	if (state == VMSCOPE_STATE_REPEAT) {
		fact->value = PHYS_PFN(vmscope_arch_table_phys(raw));
		return;
	}
	fact->value = vmscope_arch_pfn(raw, level);
	if (vmscope_arch_kernel_present(raw))
		fact->what |= kernel_leaf(raw, level, perm);
}

#include "selftest/decode.h"
