/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The type that the kernel gives a page, from a copy of two words of its
 * struct. Older kernels have one bit per type and a flag for slab pages, newer
 * ones a number. The kernel's own test functions may BUG() on a page that
 * changes meanwhile, so they are not used.
 * Source: "page_type" in include/linux/page-flags.h
 */
#ifndef _VMSCOPE_COMPAT_PAGETYPE_H
#define _VMSCOPE_COMPAT_PAGETYPE_H

#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/page-flags.h>

#include "../../include/uapi/vmscope.h"

#ifdef COMPAT_HAVE_PGTY

#define COMPAT_SLAB_FLAG 0UL

/* clang-format off: one type a line */
static const u8 compat_kind_of_type[] = {
	[PGTY_buddy & 0xf] = VMSCOPE_FRAME_FREE,
	[PGTY_offline & 0xf] = VMSCOPE_FRAME_OFFLINE,
	[PGTY_table & 0xf] = VMSCOPE_FRAME_TABLE,
	[PGTY_hugetlb & 0xf] = VMSCOPE_FRAME_HUGETLB,
	[PGTY_slab & 0xf] = VMSCOPE_FRAME_SLAB,
#ifdef COMPAT_HAVE_PGTY_LARGE_KMALLOC
	[PGTY_large_kmalloc & 0xf] = VMSCOPE_FRAME_LARGE_KMALLOC,
#endif
	[0xf] = VMSCOPE_FRAME_UNKNOWN,
};

/* clang-format on */

/* Return: VMSCOPE_FRAME_UNKNOWN, which is 0, if no type applies */
static inline unsigned int compat_typed_kind(unsigned long flags, u32 type)
{
	return type >> 28 == 0xf ? compat_kind_of_type[type >> 24 & 0xf] : 0;
}

#else /* !COMPAT_HAVE_PGTY */

#define COMPAT_SLAB_FLAG BIT(PG_slab)

static inline unsigned int compat_typed_kind(unsigned long flags, u32 type)
{
	if (flags & COMPAT_SLAB_FLAG)
		return VMSCOPE_FRAME_SLAB;
	if ((type & PAGE_TYPE_BASE) != PAGE_TYPE_BASE || type == U32_MAX)
		return VMSCOPE_FRAME_UNKNOWN;
	if (!(type & PG_buddy))
		return VMSCOPE_FRAME_FREE;
	if (!(type & PG_offline))
		return VMSCOPE_FRAME_OFFLINE;
	if (!(type & PG_table))
		return VMSCOPE_FRAME_TABLE;
	return VMSCOPE_FRAME_UNKNOWN;
}

#endif /* COMPAT_HAVE_PGTY */

/* @head: of a compound page. Older kernels have a destructor, not a type. */
static inline bool compat_is_hugetlb(struct page *head)
{
#if defined(COMPAT_HAVE_PGTY) || !defined(CONFIG_HUGETLB_PAGE)
	return false;
#else
	return PageHuge(head);
#endif
}

/* Largest order of a free block; the new name also changed its meaning. */
#ifdef MAX_PAGE_ORDER
#define COMPAT_MAX_PAGE_ORDER MAX_PAGE_ORDER
#else
#define COMPAT_MAX_PAGE_ORDER MAX_ORDER
#endif

#ifdef COMPAT_HAVE_PGTY_LARGE_KMALLOC
#define COMPAT_MARKS_LARGE_KMALLOC true
#else
#define COMPAT_MARKS_LARGE_KMALLOC false
#endif

#endif /* _VMSCOPE_COMPAT_PAGETYPE_H */
