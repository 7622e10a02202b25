/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an architecture must provide. To add one:
 *
 * 1. Write <arch>.h beside x86.h. It defines, all static inline and free of
 *    locks, sleeping and side effects:
 *
 *	VMSCOPE_ARCH_ID			enum vmscope_arch
 *	VMSCOPE_ARCH_KERNEL_HALF	1 if tables have a kernel's half, and
 *					copy_from_kernel_nofault() never
 *					faults; if 0, features that need them
 *					are off, and nothing calls functions
 *					about them, nor those of <arch>.c
 *	vmscope_arch_supported()	0, or why the module must not load
 *	vmscope_arch_init()		learns what only the machine knows
 *	vmscope_arch_features()		enum vmscope_feature bits of its own
 *	vmscope_arch_canonical(addr)	the processor can translate it
 *	vmscope_arch_is_kernel(addr)	it lies in the kernel's half
 *	vmscope_arch_kernel_start()	first address of that half
 *	vmscope_arch_root(mm)		the root table as a kernel pointer
 *	vmscope_arch_none(raw)		nothing is mapped here
 *	vmscope_arch_is_table(raw, level)  points to a lower table
 *	vmscope_arch_present(raw, level)   the kernel counts it as present; true
 *					of the bits that base entries share only
 *					if it is of each of them
 *	vmscope_arch_table_phys(raw)	where that table is
 *	vmscope_arch_table_perm(raw, level)  what user mode keeps below it
 *	vmscope_arch_kernel_perm(raw)	what the kernel itself may by an entry,
 *					of any level
 *	vmscope_arch_kernel_present(raw)
 *					an entry of the kernel's own maps
 *	vmscope_arch_copy(to, from, nr)	copies entries, each of them at once
 *	vmscope_arch_and(bits, entry)	keeps the bits that an entry has as well
 *	vmscope_arch_or(bits, entry)	adds the bits of an entry
 *	vmscope_arch_pfn(raw, level)	frame of a leaf
 *	vmscope_arch_field(raw, level, frame)
 *					the bits of an entry that hold its frame
 *					or slot
 *	vmscope_arch_inverts(raw)	they are held inverted
 *	vmscope_arch_strays()		bits that an empty entry may have
 *	vmscope_arch_leaf(raw, level)	word 1 of a record, permissions of all
 *					levels and the state excepted
 *	vmscope_arch_special(raw)	a base page without a page behind it
 *	vmscope_arch_like_zero(raw, anonymous)
 *					only by its frame may it differ from an
 *					entry of the zero page; @anonymous: it
 *					is of an anonymous area
 *	vmscope_arch_devmap(raw, level)	the leaf maps ZONE_DEVICE memory
 *	vmscope_arch_absent(raw)	flags of an entry that is not present
 *	vmscope_arch_same_page(a, b)	two values map the same frame, or none
 *	vmscope_arch_page_bits()	the bits that this compares
 *
 *    and in <arch>.c, for it is no part of any inner loop:
 *
 *	vmscope_arch_regions(regions)	the regions of the kernel's half
 *	vmscope_arch_slot(addr, slots)	which slot of the fixmap, and its name
 *
 * 2. Name it below.
 * 3. Add its rows of literal entries as selftest/decode-<arch>.h.
 * 4. Name its raw bits in the library, beside those of x86.
 */
#ifndef _VMSCOPE_ARCH_H
#define _VMSCOPE_ARCH_H

#if defined(CONFIG_UML) && defined(CONFIG_64BIT)
#include "um.h"
#elif defined(CONFIG_X86_64) && !defined(CONFIG_UML)
#include "x86.h"
#else
#error "vmscope knows no page tables of this architecture; see arch/arch.h"
#endif

/**
 * struct vmscope_region_range - a region of the kernel's half
 * @start: first address
 * @end: end, exclusive
 * @region: enum vmscope_region
 */
struct vmscope_region_range {
	u64 start;
	u64 end;
	u64 region;
};

#define VMSCOPE_ARCH_MAX_REGIONS 16

unsigned int vmscope_arch_regions(struct vmscope_region_range *regions);

/**
 * struct vmscope_slot_range - slots of the fixmap that have one name
 * @first: the first of them
 * @last: the last of them, inclusive
 * @name: what the kernel calls the first; empty where it has no name
 */
struct vmscope_slot_range {
	u64 first;
	u64 last;
	char name[32];
};

u64 vmscope_arch_slot(u64 addr, struct vmscope_slot_range *slots);

#endif /* _VMSCOPE_ARCH_H */
