/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The type that the kernel gives a page, from a copy of two words of its
 * struct: first bits of their own and a flag for slab pages, later a number.
 * The kernel's own tests may stop the machine on a page that changes under
 * them, so none is used.
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

/* 0, which is VMSCOPE_FRAME_UNKNOWN, of a page without a type that counts. */
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

/* @head: of a compound page. Before it was a type, it was a destructor. */
static inline bool compat_is_hugetlb(struct page *head)
{
#if defined(COMPAT_HAVE_PGTY) || !defined(CONFIG_HUGETLB_PAGE)
	return false;
#else
	return PageHuge(head);
#endif
}

/* Largest order of a free block; where the name changed so did the count. */
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
