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
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/page-flags.h>

#include "../../include/uapi/vmscope.h"
#include "compat.h"

/* No compound page is larger; a larger order is not an order. */
#define COMPAT_MAX_COMPOUND_ORDER (PUD_SHIFT - PAGE_SHIFT)

/* The word is a struct of its own in newer kernels. */
static __always_inline unsigned long compat_flags(const struct page *page)
{
	return READ_ONCE(*(const unsigned long *)&page->flags);
}

#ifdef CONFIG_MEMORY_FAILURE
#define COMPAT_HWPOISON BIT(PG_hwpoison)
#else
#define COMPAT_HWPOISON 0UL
#endif

#ifdef CONFIG_MEMCG
static __always_inline unsigned long
compat_memcg_data(const struct folio *folio)
{
	return READ_ONCE(folio->memcg_data);
}

/*
 * The nearest cgroup that is still there, as page_cgroup_ino() in
 * mm/memcontrol.c finds it.
 */
static inline u64 compat_memcg_ino(struct page *head)
{
	struct mem_cgroup *memcg = page_memcg_check(head);

	while (memcg && !(memcg->css.flags & CSS_ONLINE))
		memcg = parent_mem_cgroup(memcg);
	return memcg ? cgroup_ino(memcg->css.cgroup) : 0;
}
#else
static __always_inline unsigned long
compat_memcg_data(const struct folio *folio)
{
	return 0;
}

static inline u64 compat_memcg_ino(struct page *head)
{
	return 0;
}
#endif

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

/*
 * Is a compound page one that processes map? The kernel's huge zero page is
 * not. Source: stable_page_flags() in fs/proc/page.c
 */
static inline bool compat_is_thp(struct page *head, unsigned long flags,
				 unsigned long mapping)
{
#ifdef COMPAT_HAVE_PG_LARGE_RMAPPABLE
	return compat_flags(&head[1]) & BIT(PG_large_rmappable);
#else
	return flags & BIT(PG_lru) || mapping & FOLIO_MAPPING_ANON;
#endif
}

/*
 * How often the whole of a compound page is mapped, by huge entries, and how
 * often that is part of the pages' own counts.
 * Source: __page_mapcount() in mm/util.c, folio_precise_page_mapcount() in
 * fs/proc/internal.h
 */
#ifdef COMPAT_HAVE_PG_DOUBLE_MAP
static inline u32 compat_entire_mapcount(struct page *head)
{
	u32 count = READ_ONCE(head[1].compound_mapcount.counter) + 1;

	if (!PageAnon(head) && !PageHuge(head))
		return 0;
	return count - !!(compat_flags(&head[1]) & BIT(PG_double_map));
}

/*
 * Does anyone map a page of a compound page? The last word is that of each
 * page. What is just being freed may have any order.
 * Source: folio_mapped() in mm/util.c
 */
static inline bool compat_is_mapped(struct page *head, unsigned long flags)
{
	unsigned int i, order;

	if (!(flags & BIT(PG_head)) || flags & BIT(PG_slab))
		return false;
	if (READ_ONCE(head[1].compound_mapcount.counter) >= 0)
		return true;
	order = compound_order(head);
	if (PageHuge(head) || order > PMD_SHIFT - PAGE_SHIFT ||
	    !IS_ALIGNED(page_to_pfn(head), 1UL << order))
		return false;
	for (i = 0; i < 1U << order; i++)
		if (READ_ONCE(head[i]._mapcount.counter) >= 0)
			return true;
	return false;
}
#else
static inline u32 compat_entire_mapcount(struct page *head)
{
	return READ_ONCE(((struct folio *)head)->_entire_mapcount.counter) + 1;
}

static inline bool compat_is_mapped(struct page *head, unsigned long flags)
{
	return flags & BIT(PG_head) &&
	       READ_ONCE(((struct folio *)head)->_large_mapcount.counter) >= 0;
}
#endif

/* A count below -1 is the type of a page that is not mapped. */
static inline u32 compat_own_mapcount(const struct page *page)
{
	s32 count = READ_ONCE(page->_mapcount.counter);

	return count < -1 ? 0 : count + 1;
}

#ifdef CONFIG_NO_PAGE_MAPCOUNT
#define COMPAT_AVERAGE_MAPCOUNT true

/* Source: folio_average_page_mapcount() in fs/proc/internal.h */
static inline u32 compat_mapcount(struct page *page, struct page *head)
{
	u32 all, entire;

	if (!(compat_flags(head) & BIT(PG_head)))
		return compat_own_mapcount(page);
	all = READ_ONCE(((struct folio *)head)->_large_mapcount.counter) + 1;
	entire = compat_entire_mapcount(head);
	if (!all || all <= entire)
		return all ? entire : 0;
	all = (all - entire + (1U << compound_order(head)) / 2) >>
	      compound_order(head);
	return max(all + entire, 1U);
}
#else
#define COMPAT_AVERAGE_MAPCOUNT false

static inline u32 compat_mapcount(struct page *page, struct page *head)
{
	u32 count = compat_own_mapcount(page);

	if (compat_flags(head) & BIT(PG_head))
		count += compat_entire_mapcount(head);
	return count;
}
#endif

/* Where the flags word holds node and zone, if it does. */
#define COMPAT_NODE_BITS ((unsigned long)NODES_MASK << NODES_PGSHIFT)
#define COMPAT_ZONE_BITS ((unsigned long)ZONES_MASK << ZONES_PGSHIFT)

/* log2 of the base pages per index of a page of hugetlbfs. */
static inline unsigned int compat_index_order(struct page *head)
{
#ifdef COMPAT_HUGETLB_CACHE_IN_PAGES
	return 0;
#else
	return PageHuge(head) ? compound_order(head) : 0;
#endif
}

/* Return: enum vmscope_zone */
static inline unsigned int compat_zone(const struct page *page)
{
	switch (page_zonenum(page)) {
#ifdef CONFIG_ZONE_DMA
	case ZONE_DMA:
		return VMSCOPE_ZONE_DMA;
#endif
#ifdef CONFIG_ZONE_DMA32
	case ZONE_DMA32:
		return VMSCOPE_ZONE_DMA32;
#endif
	case ZONE_MOVABLE:
		return VMSCOPE_ZONE_MOVABLE;
	default:
		return VMSCOPE_ZONE_NORMAL;
	}
}

#endif /* _VMSCOPE_COMPAT_PAGETYPE_H */
