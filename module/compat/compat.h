/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only place that knows how kernels differ. Logic uses the names of today's
 * kernel, or those below if no single name works for all. Each difference is
 * detected in the tree that the module is built against: by a macro, an option
 * or a probe that compiles, never by a version, because stable kernels backport
 * changes.
 */
#ifndef _VMSCOPE_COMPAT_H
#define _VMSCOPE_COMPAT_H

#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/memremap.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/percpu.h>
#include <linux/pgtable.h>
#include <linux/sched.h>
#include <linux/sched/coredump.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/userfaultfd_k.h>
#ifdef COMPAT_HAVE_LEAFOPS
#include <linux/leafops.h>
#endif

/* The bit of userfaultfd in an entry was renamed when RWP was added. */
#ifdef _PAGE_UFFD
#define COMPAT_PAGE_UFFD _PAGE_UFFD
#define COMPAT_PAGE_SWP_UFFD _PAGE_SWP_UFFD
#else
#define COMPAT_PAGE_UFFD _PAGE_UFFD_WP
#define COMPAT_PAGE_SWP_UFFD _PAGE_SWP_UFFD_WP
#endif

/* Bits of an entry that a kernel lacks are never set. */
#ifdef _PAGE_DEVMAP
#define COMPAT_PAGE_DEVMAP _PAGE_DEVMAP
#else
#define COMPAT_PAGE_DEVMAP 0
#endif
#ifdef _PAGE_SAVED_DIRTY
#define COMPAT_PAGE_SAVED_DIRTY _PAGE_SAVED_DIRTY
#else
#define COMPAT_PAGE_SAVED_DIRTY 0
#endif

/* Low bits of folio->mapping: PAGE_MAPPING_* until they were renamed. */
#ifndef FOLIO_MAPPING_FLAGS
#define FOLIO_MAPPING_ANON PAGE_MAPPING_ANON
#define FOLIO_MAPPING_KSM PAGE_MAPPING_KSM
#define FOLIO_MAPPING_FLAGS PAGE_MAPPING_FLAGS
#endif

/* The swap entry of a value that is neither none nor present. */
static inline swp_entry_t compat_swp_entry(u64 raw)
{
#ifdef COMPAT_HAVE_LEAFOPS
	return softleaf_from_pte(__pte(raw));
#else
	return pte_to_swp_entry(__pte(raw));
#endif
}

/* Marker bits that a kernel lacks never occur in its entries. */
#ifdef PTE_MARKER_GUARD
#define COMPAT_MARKER_GUARD PTE_MARKER_GUARD
#else
#define COMPAT_MARKER_GUARD 0
#endif

#ifdef PTE_MARKER_POISONED
#define COMPAT_MARKER_POISON PTE_MARKER_POISONED
#else
#define COMPAT_MARKER_POISON 0
#endif

/* Flags of areas that a kernel lacks are never set. */
#ifndef VM_SHADOW_STACK
#define VM_SHADOW_STACK 0
#endif
#ifndef VM_DROPPABLE
#define VM_DROPPABLE 0
#endif
#ifndef VM_SEALED
#define VM_SEALED 0
#endif
#ifndef VM_MAYBE_GUARD
#define VM_MAYBE_GUARD 0
#endif

/* Read-write protection of userfaultfd shares its bit with write protection. */
#ifdef VM_UFFD_RWP
#define COMPAT_VM_UFFD_RWP VM_UFFD_RWP
#else
#define COMPAT_VM_UFFD_RWP 0
#endif

/* Features of a userfaultfd are in a struct that used to be private. */
#if defined(COMPAT_HAVE_UFFD_CTX) && defined(CONFIG_USERFAULTFD)
#define COMPAT_KNOWS_UFFD_FEATURES true
static inline u64 compat_uffd_features(const struct vm_area_struct *vma)
{
	const struct userfaultfd_ctx *ctx = vma->vm_userfaultfd_ctx.ctx;

	/* One bit marks the end of the handshake; it is not a feature. */
	return ctx ? READ_ONCE(ctx->features) & UFFD_API_FEATURES : 0;
}
#else
#define COMPAT_KNOWS_UFFD_FEATURES false
static inline u64 compat_uffd_features(const struct vm_area_struct *vma)
{
	return 0;
}
#endif

/*
 * The area at an address with its own lock held for reading: NULL if there is
 * none, a writer has it, or modules cannot take it. Whoever changes the area,
 * or frees a table above the PTE tables that translate it, takes that lock as
 * well; for the PTE tables see walk.c.
 * Source: vma_start_write() and its callers in mm/
 */
#if defined(COMPAT_HAVE_STABLE_AREAS) && defined(COMPAT_CAN_LOCK_AREAS)
#define compat_lock_area(mm, addr) lock_vma_under_rcu(mm, addr)
#define compat_unlock_area(vma) vma_end_read(vma)
#define compat_assert_stays(vma) vma_assert_stabilised(vma)
#else
static inline struct vm_area_struct *compat_lock_area(struct mm_struct *mm,
						      unsigned long addr)
{
	return NULL;
}

static inline void compat_unlock_area(struct vm_area_struct *vma)
{
}

#define compat_assert_stays(vma) mmap_assert_locked((vma)->vm_mm)
#endif

/* It took another argument, to pass on the one that was found before. */
static inline struct dev_pagemap *compat_device_of(unsigned long pfn)
{
#ifdef COMPAT_DEVICE_BY_PFN
	return get_dev_pagemap(pfn);
#else
	return get_dev_pagemap(pfn, NULL);
#endif
}

/* Source: vma_thp_disabled() in include/linux/huge_mm.h */
static inline bool compat_no_thp(struct vm_area_struct *vma)
{
#if !defined(CONFIG_TRANSPARENT_HUGEPAGE)
	return true;
#elif defined(COMPAT_HAVE_THP_ADVICE)
	return vma_thp_disabled(vma, vma->vm_flags, false);
#else
	return vma->vm_flags & VM_NOHUGEPAGE ||
	       test_bit(MMF_DISABLE_THP, &vma->vm_mm->flags);
#endif
}

/* log2 of the pages of a file per index of its page cache. */
static inline unsigned int compat_cache_order(struct vm_area_struct *vma)
{
#ifndef COMPAT_HUGETLB_CACHE_IN_PAGES
	if (is_vm_hugetlb_page(vma))
		return huge_page_order(hstate_vma(vma));
#endif
	return 0;
}

/* rdmsrl() became rdmsrq(). */
#ifdef rdmsrq
#define compat_rdmsr(msr, value) rdmsrq(msr, value)
#else
#define compat_rdmsr(msr, value) rdmsrl(msr, value)
#endif

/*
 * A file of a stacking file system such as overlayfs has two paths.
 * /proc/PID/maps shows the one that the user opened. Older kernels only had
 * f_path, which was the user's, and the lower inode.
 */
#ifdef FMODE_BACKING
#define compat_file_path(file) file_user_path(file)
#define compat_file_inode(file) file_user_inode(file)
#else
#define compat_file_path(file) (&(file)->f_path)
#define compat_file_inode(file) file_inode(file)
#endif

#ifdef CONFIG_ANON_VMA_NAME
static inline const char *compat_anon_name(struct vm_area_struct *vma)
{
#ifndef COMPAT_FILES_HAVE_ANON_NAMES
	if (vma->vm_file)
		return NULL;
#endif
	return vma->anon_name ? vma->anon_name->name : NULL;
}
#else
static inline const char *compat_anon_name(struct vm_area_struct *vma)
{
	return NULL;
}
#endif

/*
 * Bytes of a task without its FPU registers, whose length is only known at
 * boot. They follow the struct, or are its last member, with room for the
 * longest.
 * Source: fpu__init_task_struct_size() in arch/x86/kernel/fpu/init.c
 */
static inline size_t compat_task_bytes(void)
{
#ifdef CONFIG_X86
	if (sizeof(struct thread_struct) > sizeof(union fpregs_state))
		return sizeof(struct task_struct) - sizeof(union fpregs_state);
#endif
	return sizeof(struct task_struct);
}

/* Has an address space an owner? It has one as long as it has a task. */
static inline bool compat_has_owner(const struct mm_struct *mm)
{
#ifdef CONFIG_MEMCG
	return rcu_access_pointer(mm->owner);
#else
	return false;
#endif
}

/* The protection key of memory that may only be executed; -1 if there is none. */
static inline int compat_execute_only_key(const struct mm_struct *mm)
{
#ifdef CONFIG_X86_INTEL_MEMORY_PROTECTION_KEYS
	return READ_ONCE(mm->context.execute_only_pkey);
#else
	return -1;
#endif
}

/* A kernel for one processor has its per-CPU variables where they are. */
#ifndef per_cpu_offset
#define per_cpu_offset(cpu) ((void)(cpu), 0UL)
#endif

/*
 * log2 of the frames that come and go together: what pfn_to_online_page()
 * answers is the same for all of them.
 */
#ifdef PFN_SUBSECTION_SHIFT
#define COMPAT_ONLINE_SHIFT PFN_SUBSECTION_SHIFT
#else
#define COMPAT_ONLINE_SHIFT pageblock_order
#endif

/* Frames around one that is not online of which none is, a power of two. */
static inline unsigned long compat_offline_frames(unsigned long pfn)
{
#ifdef CONFIG_SPARSEMEM
	if (!online_section_nr(pfn_to_section_nr(pfn)))
		return PAGES_PER_SECTION;
#endif
	return BIT(COMPAT_ONLINE_SHIFT);
}

#endif /* _VMSCOPE_COMPAT_H */
