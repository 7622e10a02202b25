/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Raw entries of user-mode Linux; Source: arch/um/include/asm/pgtable.h */
#ifndef _VMSCOPE_ARCH_UM_H
#define _VMSCOPE_ARCH_UM_H

#include "arch.h"

#define UM_BIT(n) (1ULL << (n)), (1ULL << (n))
#define UM_PRESENT 0x1ULL
#define UM_PROTNONE 0x10ULL
#define UM_PTE (1 << VMSCOPE_LEVEL_PTE)
#define UM_ALL (~0U)

/* clang-format off */
static const struct raw_bit um_bits[] = {
	{ UM_BIT(0), UM_ALL, RAW_ANY, VMSCOPE_F_PRESENT, VMSCOPE_F_PROTNONE, 0, "P" },
	{ UM_BIT(4), UM_PTE, RAW_LEAF, VMSCOPE_F_PROTNONE, 0, 0, "PROTNONE" },
	{ UM_BIT(5), UM_ALL, RAW_ANY, VMSCOPE_F_WRITE, 0, 0, "RW" },
	{ UM_BIT(6), UM_ALL, RAW_ANY, VMSCOPE_F_USER, 0, 0, "US" },
	{ UM_BIT(7), UM_ALL, RAW_ANY, VMSCOPE_F_ACCESSED, 0, 0, "A" },
	{ UM_BIT(8), UM_ALL, RAW_ANY, VMSCOPE_F_DIRTY, 0, 0, "D" },
	{ 0, 0, 0, 0, 0, 0, 0, NULL },
};

/* clang-format on */

static bool um_is_present(unsigned int level, uint64_t raw)
{
	(void)level;
	return raw & (UM_PRESENT | UM_PROTNONE);
}

static bool um_is_leaf(unsigned int level, uint64_t raw)
{
	(void)raw;
	return level == VMSCOPE_LEVEL_PTE;
}

static const char *um_override(const struct vmscope_info *info,
			       unsigned int level, uint64_t addr,
			       const struct raw_bit *bit)
{
	(void)info, (void)level, (void)addr, (void)bit;
	return NULL;
}

static const struct raw_arch um_arch = {
	.arch = VMSCOPE_ARCH_UM,
	.bits = um_bits,
	.is_present = um_is_present,
	.is_leaf = um_is_leaf,
	.override = um_override,
};

#endif /* _VMSCOPE_ARCH_UM_H */
