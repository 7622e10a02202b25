/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * x86-64, with four or five levels, with and without page-table isolation.
 *
 * The flags of the record stand at the bits where x86 has them, so that most
 * of an entry is decoded by one mask; the assertions below hold that true.
 */
#ifndef _VMSCOPE_ARCH_X86_H
#define _VMSCOPE_ARCH_X86_H

#include <linux/mm.h>
#include <linux/pgtable.h>
#include <asm/cpufeature.h>
#include <asm/msr.h>

#include "../../include/uapi/vmscope.h"
#include "../compat/compat.h"

#define VMSCOPE_ARCH_ID VMSCOPE_ARCH_X86_64
#define VMSCOPE_ARCH_KERNEL_HALF 1

#define X86_SAME_BITS                                                    \
	(_PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED |        \
	 _PAGE_DIRTY | _PAGE_GLOBAL | _PAGE_SPECIAL | COMPAT_PAGE_UFFD | \
	 _PAGE_SOFT_DIRTY)

static_assert(VMSCOPE_F_PRESENT == _PAGE_PRESENT);
static_assert(VMSCOPE_F_WRITE == _PAGE_RW);
static_assert(VMSCOPE_F_USER == _PAGE_USER);
static_assert(VMSCOPE_F_ACCESSED == _PAGE_ACCESSED);
static_assert(VMSCOPE_F_DIRTY == _PAGE_DIRTY);
static_assert(VMSCOPE_F_GLOBAL == _PAGE_GLOBAL);
static_assert(VMSCOPE_F_SPECIAL == _PAGE_SPECIAL);
static_assert(!COMPAT_PAGE_UFFD || VMSCOPE_F_UFFD_WP == COMPAT_PAGE_UFFD);
static_assert(!_PAGE_SOFT_DIRTY || VMSCOPE_F_SOFT_DIRTY == _PAGE_SOFT_DIRTY);

/* By the index that PAT, PCD and PWT form; filled in by vmscope_arch_init(). */
extern u8 vmscope_x86_cache[8];

/* Memory types of the PAT register by their encoding (Intel SDM 3A, 12.12.2) */
static const u8 x86_pat_types[8] = {
	[0] = VMSCOPE_CACHE_UC, [1] = VMSCOPE_CACHE_WC,
	[4] = VMSCOPE_CACHE_WT, [5] = VMSCOPE_CACHE_WP,
	[6] = VMSCOPE_CACHE_WB, [7] = VMSCOPE_CACHE_UC_MINUS,
};

/* What the processor does without PAT, in the register's own form. */
#define X86_PAT_WITHOUT 0x0007040600070406ULL

static inline int vmscope_arch_supported(void)
{
	/* A Xen PV guest's tables hold machine frames, not its own. */
	return boot_cpu_has(X86_FEATURE_XENPV) ? -EOPNOTSUPP : 0;
}

static inline void vmscope_arch_init(void)
{
	u64 pat = X86_PAT_WITHOUT;
	int i;

	if (boot_cpu_has(X86_FEATURE_PAT))
		compat_rdmsr(MSR_IA32_CR_PAT, pat);
	for (i = 0; i < 8; i++)
		vmscope_x86_cache[i] = x86_pat_types[(pat >> (8 * i)) & 7];
}

static inline u64 vmscope_arch_features(void)
{
	u64 features = 0;

	if (boot_cpu_has(X86_FEATURE_PTI))
		features |= VMSCOPE_FEAT_PTI;
	if (boot_cpu_has(X86_FEATURE_OSPKE))
		features |= VMSCOPE_FEAT_PKEYS;
	return features;
}

/* Sign-extended from the highest bit that the tables translate. */
static inline bool vmscope_arch_canonical(u64 addr)
{
	unsigned int unused = 64 - (pgtable_l5_enabled() ? 57 : 48);

	return (u64)((s64)(addr << unused) >> unused) == addr;
}

static inline bool vmscope_arch_is_kernel(u64 addr)
{
	return (s64)addr < 0;
}

/* The lowest canonical address above the hole. */
static inline u64 vmscope_arch_kernel_start(void)
{
	return ~((1ULL << (pgtable_l5_enabled() ? 56 : 47)) - 1);
}

static inline void *vmscope_arch_root(struct mm_struct *mm)
{
	return mm->pgd;
}

/* The accessed and dirty bits of an empty entry may be a processor's stray. */
static inline bool vmscope_arch_none(u64 raw)
{
	return !(raw & ~(u64)_PAGE_KNL_ERRATUM_MASK);
}

static inline bool vmscope_arch_is_table(u64 raw, unsigned int level)
{
	if (level == VMSCOPE_LEVEL_PTE)
		return false;
	return (raw & (_PAGE_PRESENT | _PAGE_PSE)) == _PAGE_PRESENT;
}

/*
 * A huge page that is being split keeps PSE while PRESENT is away; the kernel
 * still counts it as present.
 * Source: pmd_present() in arch/x86/include/asm/pgtable.h
 */
static inline bool vmscope_arch_present(u64 raw, unsigned int level)
{
	u64 mask = _PAGE_PRESENT | _PAGE_PROTNONE;

	if (level == VMSCOPE_LEVEL_PMD || level == VMSCOPE_LEVEL_PUD)
		mask |= _PAGE_PSE;
	return level <= VMSCOPE_LEVEL_PUD && (raw & mask);
}

static inline u64 vmscope_arch_table_phys(u64 raw)
{
	return raw & PTE_PFN_MASK;
}

/*
 * Page-table isolation keeps code of user mode from running on the kernel's
 * tables by an NX bit in the root's user half. It is the kernel's copy that
 * hangs in the mm; user mode runs on another, without that bit.
 * Source: __pti_set_user_pgtbl() in arch/x86/mm/pti.c
 */
static inline u64 vmscope_arch_table_perm(u64 raw, unsigned int level)
{
	u64 perm = VMSCOPE_F_PERM_READ | VMSCOPE_F_PERM_WRITE |
		   VMSCOPE_F_PERM_EXEC;

	if (!(raw & _PAGE_USER))
		return 0;
	if (!(raw & _PAGE_RW))
		perm &= ~(u64)VMSCOPE_F_PERM_WRITE;
	if ((raw & _PAGE_NX) &&
	    !(level == VMSCOPE_LEVEL_PGD && boot_cpu_has(X86_FEATURE_PTI)))
		perm &= ~(u64)VMSCOPE_F_PERM_EXEC;
	return perm;
}

/* The kernel has one mode: at every level, only NX and RW count. */
static inline u64 vmscope_arch_kernel_perm(u64 raw)
{
	u64 perm = VMSCOPE_F_PERM_READ;

	if (raw & _PAGE_RW)
		perm |= VMSCOPE_F_PERM_WRITE;
	if (!(raw & _PAGE_NX))
		perm |= VMSCOPE_F_PERM_EXEC;
	return perm;
}

/* A clear PRESENT bit means unmapped here: the kernel has no PROTNONE. */
static inline bool vmscope_arch_kernel_present(u64 raw)
{
	return raw & _PAGE_PRESENT;
}

/*
 * An entry without PRESENT holds its frame inverted (L1TF). By hand, because
 * pte_pfn() makes two calls of paravirt that do nothing here.
 * Source: pte_pfn(), pmd_pfn() in arch/x86/include/asm/pgtable.h
 */
static inline u64 vmscope_arch_pfn(u64 raw, unsigned int level)
{
	u64 mask = PTE_PFN_MASK;

	if (level > VMSCOPE_LEVEL_PUD)
		return 0;
	if (level != VMSCOPE_LEVEL_PTE && (raw & _PAGE_PSE))
		mask &= level == VMSCOPE_LEVEL_PMD ? PMD_MASK : PUD_MASK;
	if (raw && !(raw & _PAGE_PRESENT))
		raw = ~raw;
	return (raw & mask) >> PAGE_SHIFT;
}

/* One load and one store of eight bytes an entry, an instruction for all. */
static inline void vmscope_arch_copy(u64 *to, const u64 *from, unsigned long nr)
{
	asm volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(nr) : : "memory");
}

/* One instruction, which reads the entry at once: READ_ONCE() makes it two. */
static inline void vmscope_arch_and(u64 *bits, const u64 *entry)
{
	asm("andq %1, %0" : "+r"(*bits) : "m"(*entry));
}

static inline void vmscope_arch_or(u64 *bits, const u64 *entry)
{
	asm("orq %1, %0" : "+r"(*bits) : "m"(*entry));
}

/*
 * Where an entry of swap holds its slot, inverted. Without the highest bit: no
 * real slot clears it, but an empty entry does, which may be equal otherwise.
 * Source: __swp_entry()
 */
#define X86_SWP_OFFSET GENMASK_ULL(62 - SWP_TYPE_BITS, SWP_OFFSET_FIRST_BIT)

/**
 * vmscope_arch_field - where entries of one kind hold what they differ in
 * @raw: one of them
 * @level: enum vmscope_level
 * @frame: it holds a frame; otherwise it is not present
 *
 * The field is inverted where vmscope_arch_inverts() says so, and means the
 * same as long as all the other bits are equal.
 *
 * Return: the bits of the frame or slot; 0 where the whole entry counts
 */
static inline u64 vmscope_arch_field(u64 raw, unsigned int level, bool frame)
{
	if (frame && level == VMSCOPE_LEVEL_PTE)
		return PTE_PFN_MASK;
	if (frame)
		return PTE_PFN_MASK &
		       (level == VMSCOPE_LEVEL_PMD ? PMD_MASK : PUD_MASK);
	if (level != VMSCOPE_LEVEL_PTE)
		return 0;
	return raw >> (64 - SWP_TYPE_BITS) < MAX_SWAPFILES ? X86_SWP_OFFSET : 0;
}

static inline bool vmscope_arch_inverts(u64 raw)
{
	return !(raw & _PAGE_PRESENT);
}

/* Bits that may be set even in an empty entry. */
static inline u64 vmscope_arch_strays(void)
{
	return _PAGE_KNL_ERRATUM_MASK;
}

static inline u64 x86_cache(u64 raw, unsigned int level)
{
	u64 pat = level == VMSCOPE_LEVEL_PTE ? _PAGE_PAT : _PAGE_PAT_LARGE;
	unsigned int index = 0;

	if (raw & _PAGE_PWT)
		index |= 1;
	if (raw & _PAGE_PCD)
		index |= 2;
	if (raw & pat)
		index |= 4;
	return (u64)vmscope_x86_cache[index] << VMSCOPE_CACHE_SHIFT;
}

static inline u64 x86_pkey(u64 raw)
{
	if (!boot_cpu_has(X86_FEATURE_OSPKE))
		return 0;
	return ((raw >> _PAGE_BIT_PKEY_BIT0) & 0xf) << VMSCOPE_PKEY_SHIFT;
}

static inline bool vmscope_arch_devmap(u64 raw, unsigned int level)
{
	return level <= VMSCOPE_LEVEL_PUD && raw & COMPAT_PAGE_DEVMAP;
}

static inline u64 vmscope_arch_leaf(u64 raw, unsigned int level)
{
	u64 what = raw & X86_SAME_BITS;

	/* Without PRESENT, the bit of GLOBAL means PROTNONE. */
	if (raw & _PAGE_PRESENT) {
		what |= VMSCOPE_F_READ;
		if (!(raw & _PAGE_NX))
			what |= VMSCOPE_F_EXEC;
	} else {
		if (what & VMSCOPE_F_GLOBAL)
			what |= VMSCOPE_F_PROTNONE;
		what &= ~(u64)(VMSCOPE_F_GLOBAL | VMSCOPE_F_WRITE);
		what |= VMSCOPE_F_PRESENT;
	}
	if (raw & COMPAT_PAGE_SAVED_DIRTY)
		what |= VMSCOPE_F_DIRTY;
	/* Where DAX has a bit, the kernel does not count its pages. */
	if (vmscope_arch_devmap(raw, level))
		what |= VMSCOPE_F_SPECIAL;
	return what | x86_cache(raw, level) | x86_pkey(raw);
}

static inline bool vmscope_arch_special(u64 raw)
{
	return raw & _PAGE_SPECIAL;
}

static inline bool vmscope_arch_like_zero(u64 raw, bool anonymous)
{
	return vmscope_arch_special(raw);
}

static inline u64 vmscope_arch_absent(u64 raw)
{
	u64 flags = 0;

	if (raw & _PAGE_SWP_SOFT_DIRTY)
		flags |= VMSCOPE_F_SOFT_DIRTY;
	if (raw & COMPAT_PAGE_SWP_UFFD)
		flags |= VMSCOPE_F_UFFD_WP;
	if (raw & _PAGE_SWP_EXCLUSIVE)
		flags |= VMSCOPE_F_EXCLUSIVE;
	return flags;
}

/* Accessed and dirty come and go while the page stays. */
static inline u64 vmscope_arch_page_bits(void)
{
	return PTE_PFN_MASK | _PAGE_PRESENT | _PAGE_PROTNONE | _PAGE_PSE;
}

static inline bool vmscope_arch_same_page(u64 a, u64 b)
{
	return !((a ^ b) & vmscope_arch_page_bits());
}

#endif /* _VMSCOPE_ARCH_X86_H */
