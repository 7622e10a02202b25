/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * User-mode Linux on x86-64: a kernel that runs as a process. Its processes are
 * other processes of the host, so the kernel is in no half of their address
 * space. Entries have no bits for NX, soft-dirty, userfaultfd and special
 * pages, and there are no huge pages.
 * Source: arch/um/include/asm/pgtable.h
 */
#ifndef _VMSCOPE_ARCH_UM_H
#define _VMSCOPE_ARCH_UM_H

#include <linux/mm.h>
#include <linux/pgtable.h>

#include "../../include/uapi/vmscope.h"

#define VMSCOPE_ARCH_ID VMSCOPE_ARCH_UM
#define VMSCOPE_ARCH_KERNEL_HALF 0

/* Set where the host does not have the entry yet; empty entries keep it. */
#ifdef _PAGE_NEEDSYNC
#define UM_PAGE_STALE _PAGE_NEEDSYNC
#else
#define UM_PAGE_STALE _PAGE_NEWPAGE
#endif

/* No present entry has the lowest bit of the offset of a swap entry. */
#define UM_SWP_OFFSET_LOW BIT(11)

static inline int vmscope_arch_supported(void)
{
	return 0;
}

static inline void vmscope_arch_init(void)
{
}

static inline u64 vmscope_arch_features(void)
{
	return 0;
}

static inline bool vmscope_arch_canonical(u64 addr)
{
	return addr < TASK_SIZE;
}

static inline bool vmscope_arch_is_kernel(u64 addr)
{
	return false;
}

static inline u64 vmscope_arch_kernel_start(void)
{
	return PAGE_MASK;
}

static inline void *vmscope_arch_root(struct mm_struct *mm)
{
	return mm->pgd;
}

static inline u64 vmscope_arch_strays(void)
{
	return UM_PAGE_STALE;
}

static inline bool vmscope_arch_none(u64 raw)
{
	return !(raw & ~vmscope_arch_strays());
}

static inline bool vmscope_arch_is_table(u64 raw, unsigned int level)
{
	return level != VMSCOPE_LEVEL_PTE && raw & _PAGE_PRESENT;
}

static inline bool vmscope_arch_present(u64 raw, unsigned int level)
{
	return level == VMSCOPE_LEVEL_PTE &&
	       raw & (_PAGE_PRESENT | _PAGE_PROTNONE);
}

static inline u64 vmscope_arch_table_phys(u64 raw)
{
	return raw & PAGE_MASK;
}

/* Only leaves reach the host. */
static inline u64 vmscope_arch_table_perm(u64 raw, unsigned int level)
{
	return VMSCOPE_F_PERM_READ | VMSCOPE_F_PERM_WRITE | VMSCOPE_F_PERM_EXEC;
}

static inline u64 vmscope_arch_kernel_perm(u64 raw)
{
	return 0;
}

static inline bool vmscope_arch_kernel_present(u64 raw)
{
	return false;
}

static inline u64 vmscope_arch_pfn(u64 raw, unsigned int level)
{
	return raw >> PAGE_SHIFT;
}

/* As on x86, because the time of a page is compared. */
static inline void vmscope_arch_copy(u64 *to, const u64 *from, unsigned long nr)
{
	asm volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(nr) : : "memory");
}

static inline void vmscope_arch_and(u64 *bits, const u64 *entry)
{
	*bits &= READ_ONCE(*entry);
}

static inline void vmscope_arch_or(u64 *bits, const u64 *entry)
{
	*bits |= READ_ONCE(*entry);
}

/* An empty entry may differ from one of swap in the slot only. */
static inline u64 vmscope_arch_field(u64 raw, unsigned int level, bool frame)
{
	return frame ? PAGE_MASK : 0;
}

static inline bool vmscope_arch_inverts(u64 raw)
{
	return false;
}

static inline bool vmscope_arch_devmap(u64 raw, unsigned int level)
{
	return false;
}

/* Source: pte_read(), pte_write(), pte_exec() */
static inline u64 vmscope_arch_leaf(u64 raw, unsigned int level)
{
	u64 what = VMSCOPE_F_PRESENT | VMSCOPE_CACHE_WB << VMSCOPE_CACHE_SHIFT;

	if (raw & _PAGE_PROTNONE)
		what |= VMSCOPE_F_PROTNONE;
	else if (raw & _PAGE_RW)
		what |= VMSCOPE_F_WRITE;
	if (raw & _PAGE_USER)
		what |= VMSCOPE_F_USER;
	if (raw & _PAGE_USER && !(raw & _PAGE_PROTNONE))
		what |= VMSCOPE_F_READ | VMSCOPE_F_EXEC;
	if (raw & _PAGE_ACCESSED)
		what |= VMSCOPE_F_ACCESSED;
	if (raw & _PAGE_DIRTY)
		what |= VMSCOPE_F_DIRTY;
	return what;
}

/* There is no bit: the zero page is known by its frame. */
static inline bool vmscope_arch_special(u64 raw)
{
	return is_zero_pfn(raw >> PAGE_SHIFT);
}

/* The zero page is never written. */
static inline bool vmscope_arch_like_zero(u64 raw, bool anonymous)
{
	return anonymous && !(raw & (_PAGE_RW | _PAGE_DIRTY));
}

static inline u64 vmscope_arch_absent(u64 raw)
{
	return raw & _PAGE_SWP_EXCLUSIVE ? VMSCOPE_F_EXCLUSIVE : 0;
}

static inline u64 vmscope_arch_page_bits(void)
{
	return PAGE_MASK | UM_SWP_OFFSET_LOW | _PAGE_PRESENT | _PAGE_PROTNONE;
}

static inline bool vmscope_arch_same_page(u64 a, u64 b)
{
	return !((a ^ b) & vmscope_arch_page_bits());
}

#endif /* _VMSCOPE_ARCH_UM_H */
