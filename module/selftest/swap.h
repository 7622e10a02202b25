/* SPDX-License-Identifier: GPL-2.0-only */
/* Included at the end of swap.c. */

#include <linux/printk.h>

#include "selftest.h"

struct swap_row {
	unsigned int type;
	unsigned long offset;
	u64 state;
	u64 value;
};

static const struct swap_row swap_rows[] __initconst = {
	/* 1 */ { 0, 0, VMSCOPE_STATE_SWAP, 0 },
	/* 2 */ { 0, 5, VMSCOPE_STATE_SWAP, 5 },
	/* 3 */
	{ 2, 0x123456789, VMSCOPE_STATE_SWAP,
	  2ULL << VMSCOPE_SLOT_TYPE_SHIFT | 0x123456789 },
	/* 4 */
	{ MAX_SWAPFILES - 1, 1, VMSCOPE_STATE_SWAP,
	  (MAX_SWAPFILES - 1ULL) << VMSCOPE_SLOT_TYPE_SHIFT | 1 },
#ifdef SWP_MIGRATION_READ
	/* 5 */ { SWP_MIGRATION_READ, 0x1234, VMSCOPE_STATE_MIGRATION, 0x1234 },
	/* 6 */ { SWP_MIGRATION_WRITE, 0x1234, VMSCOPE_STATE_MIGRATION, 0x1234 },
#endif
#if defined(SWP_MIGRATION_READ) && defined(MAX_PHYSMEM_BITS)
	/* 7: young and dirty are above the frame, and not part of it */
	{ SWP_MIGRATION_WRITE, 0x1234 | 3UL << 45, VMSCOPE_STATE_MIGRATION,
	  0x1234 },
#endif
#ifdef SWP_HWPOISON
	/* 8 */ { SWP_HWPOISON, 0x77, VMSCOPE_STATE_HWPOISON, 0x77 },
#endif
#ifdef SWP_PTE_MARKER
	/* 9 */
	{ SWP_PTE_MARKER, PTE_MARKER_UFFD_WP, VMSCOPE_STATE_MARKER_UFFD, 0 },
	/* 10: no known bit */
	{ SWP_PTE_MARKER, BIT(20), VMSCOPE_STATE_UNKNOWN, 0 },
#endif
#ifdef PTE_MARKER_POISONED
	/* 11 */
	{ SWP_PTE_MARKER, PTE_MARKER_POISONED, VMSCOPE_STATE_MARKER_POISON, 0 },
	/* 12: the bit that makes an access fail wins */
	{ SWP_PTE_MARKER, PTE_MARKER_POISONED | PTE_MARKER_UFFD_WP,
	  VMSCOPE_STATE_MARKER_POISON, 0 },
#endif
#ifdef PTE_MARKER_GUARD
	/* 13 */
	{ SWP_PTE_MARKER, PTE_MARKER_GUARD, VMSCOPE_STATE_MARKER_GUARD, 0 },
#endif
#ifdef SWP_SWAPIN_ERROR
	/* 14 */ { SWP_SWAPIN_ERROR, 0, VMSCOPE_STATE_MARKER_POISON, 0 },
#endif
};

/* Markers that poison or guard keep userfaultfd's protection besides. */
static bool __init protection_is_kept(void)
{
	bool kept = true;

#ifdef SWP_PTE_MARKER
	const unsigned long all = PTE_MARKER_UFFD_WP | COMPAT_MARKER_GUARD |
				  COMPAT_MARKER_POISON;

	kept = vmscope_swap_is_protected(swp_entry(SWP_PTE_MARKER, all)) &&
	       !vmscope_swap_is_protected(swp_entry(SWP_PTE_MARKER, BIT(20))) &&
	       !vmscope_swap_is_protected(swp_entry(0, PTE_MARKER_UFFD_WP));
#endif
	if (!kept)
		pr_err("vmscope: selftest swap: protection of markers\n");
	return kept;
}

bool __init vmscope_swap_selftest(void)
{
	bool pass = protection_is_kept();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(swap_rows); i++) {
		u64 value, state;

		state = vmscope_swap_decode(swp_entry(swap_rows[i].type,
						      swap_rows[i].offset),
					    &value);
		if (state == swap_rows[i].state && value == swap_rows[i].value)
			continue;
		pr_err("vmscope: selftest swap row %zu: state %llu value %llx\n",
		       i, state, value);
		pass = false;
	}
	pr_info("vmscope: selftest swap: %s, %zu rows\n",
		pass ? "pass" : "FAIL", ARRAY_SIZE(swap_rows));
	return pass;
}
