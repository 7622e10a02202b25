/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Raw entries of x86-64; Source: arch/x86/include/asm/pgtable_types.h */
#ifndef _VMSCOPE_ARCH_X86_H
#define _VMSCOPE_ARCH_X86_H

#include "arch.h"

enum {
	X86_PTE = 1 << VMSCOPE_LEVEL_PTE,
	X86_HUGE = 1 << VMSCOPE_LEVEL_PMD | 1 << VMSCOPE_LEVEL_PUD,
	X86_ALL = X86_PTE | X86_HUGE | 1 << VMSCOPE_LEVEL_P4D |
		  1 << VMSCOPE_LEVEL_PGD,
};

#define X86_BIT(n) (1ULL << (n)), (1ULL << (n))
#define X86_PRESENT 0x1ULL
#define X86_PSE 0x80ULL
#define X86_PROTNONE 0x100ULL
#define X86_GLOBAL 0x100ULL
#define X86_NX 0x8000000000000000ULL

/* The PAT as Linux sets it: PWT is WC, PCD UC-, both UC, PAT+PWT WP, all WT */
enum {
	X86_CACHE_PWT = 1 << VMSCOPE_CACHE_WC | 1 << VMSCOPE_CACHE_UC |
			1 << VMSCOPE_CACHE_WP | 1 << VMSCOPE_CACHE_WT,
	X86_CACHE_PCD = 1 << VMSCOPE_CACHE_UC_MINUS | 1 << VMSCOPE_CACHE_UC |
			1 << VMSCOPE_CACHE_WT,
	X86_CACHE_PAT = 1 << VMSCOPE_CACHE_WP | 1 << VMSCOPE_CACHE_WT,
};

/* clang-format off */
static const struct raw_bit x86_bits[] = {
	{ X86_BIT(0), X86_ALL, RAW_ANY, VMSCOPE_F_PRESENT, VMSCOPE_F_PROTNONE, 0, "P" },
	{ X86_PRESENT | X86_PROTNONE, X86_PROTNONE, X86_ALL, RAW_LEAF,
	  VMSCOPE_F_PROTNONE, 0, 0, "PROTNONE" },
	{ X86_BIT(1), X86_ALL, RAW_ANY, VMSCOPE_F_WRITE, 0, 0, "RW" },
	{ X86_BIT(2), X86_ALL, RAW_ANY, VMSCOPE_F_USER, 0, 0, "US" },
	{ X86_BIT(3), X86_ALL, RAW_ANY, 0, 0, X86_CACHE_PWT, "PWT" },
	{ X86_BIT(4), X86_ALL, RAW_ANY, 0, 0, X86_CACHE_PCD, "PCD" },
	{ X86_BIT(5), X86_ALL, RAW_ANY, VMSCOPE_F_ACCESSED, 0, 0, "A" },
	{ X86_BIT(6), X86_ALL, RAW_ANY, VMSCOPE_F_DIRTY, 0, 0, "D" },
	{ X86_BIT(7), X86_HUGE, RAW_LEAF, VMSCOPE_F_PRESENT, 0, 0, "PS" },
	{ X86_BIT(7), X86_PTE, RAW_LEAF, 0, 0, X86_CACHE_PAT, "PAT" },
	{ X86_BIT(12), X86_HUGE, RAW_LEAF, 0, 0, X86_CACHE_PAT, "PAT" },
	{ X86_PRESENT | X86_GLOBAL, X86_PRESENT | X86_GLOBAL, X86_ALL, RAW_LEAF,
	  VMSCOPE_F_GLOBAL, 0, 0, "G" },
	{ X86_BIT(9), X86_PTE | X86_HUGE, RAW_LEAF, VMSCOPE_F_SPECIAL, 0, 0, "SPECIAL" },
	{ X86_BIT(10), X86_PTE | X86_HUGE, RAW_LEAF, VMSCOPE_F_UFFD_WP, 0, 0, "UFFD" },
	{ X86_BIT(11), X86_PTE | X86_HUGE, RAW_LEAF, VMSCOPE_F_SOFT_DIRTY, 0, 0, "SD" },
	{ X86_NX, X86_NX, X86_ALL, RAW_ANY, VMSCOPE_F_PRESENT, VMSCOPE_F_EXEC, 0, "NX" },
	{ 0, 0, 0, 0, 0, 0, 0, NULL },
};

/* clang-format on */

static bool x86_is_present(unsigned int level, uint64_t raw)
{
	/* A huge page that is being split has lost P but is still there. */
	if (level > VMSCOPE_LEVEL_PTE && raw & X86_PSE)
		return true;
	return raw & (X86_PRESENT | X86_PROTNONE);
}

static bool x86_is_leaf(unsigned int level, uint64_t raw)
{
	if (level == VMSCOPE_LEVEL_PTE)
		return true;
	return X86_HUGE >> level & 1 && raw & X86_PSE;
}

/*
 * Under page-table isolation the kernel's copy of the root has NX set in the
 * user half; user mode runs on the other copy, where it is clear.
 */
static const char *x86_override(const struct vmscope_info *info,
				unsigned int level, uint64_t addr,
				const struct raw_bit *bit)
{
	bool root = level == VMSCOPE_LEVEL_PGD ||
		    (info->nr_levels == 4 && level == VMSCOPE_LEVEL_P4D);

	if (bit->mask == X86_NX && root && addr < info->user_end &&
	    info->features & VMSCOPE_FEAT_PTI)
		return "NX(pti)";
	return NULL;
}

static const struct raw_arch x86_arch = {
	.arch = VMSCOPE_ARCH_X86_64,
	.bits = x86_bits,
	.is_present = x86_is_present,
	.is_leaf = x86_is_leaf,
	.override = x86_override,
};

#endif /* _VMSCOPE_ARCH_X86_H */
