/* SPDX-License-Identifier: GPL-2.0-only */
/* The flags of pages that kernels have; not every one has them all. */
#ifndef _VMSCOPE_COMPAT_PAGEFLAGS_H
#define _VMSCOPE_COMPAT_PAGEFLAGS_H

#include <linux/kernel-page-flags.h>
#include <linux/page-flags.h>

/* The bit of /proc/kpageflags, and the kernel's own. */
static const struct {
	u8 shown;
	u8 own;
} compat_page_flags[] = {
	{ KPF_LOCKED, PG_locked },
	{ KPF_REFERENCED, PG_referenced },
	{ KPF_UPTODATE, PG_uptodate },
	{ KPF_DIRTY, PG_dirty },
	{ KPF_LRU, PG_lru },
	{ KPF_ACTIVE, PG_active },
	{ KPF_WRITEBACK, PG_writeback },
	{ KPF_RECLAIM, PG_reclaim },
	{ KPF_SWAPBACKED, PG_swapbacked },
	{ KPF_UNEVICTABLE, PG_unevictable },
	{ KPF_MLOCKED, PG_mlocked },
	{ KPF_RESERVED, PG_reserved },
	{ KPF_PRIVATE, PG_private },
	{ KPF_PRIVATE_2, PG_private_2 },
	{ KPF_OWNER_PRIVATE, PG_owner_priv_1 },
	{ KPF_ARCH, PG_arch_1 },
#ifdef COMPAT_HAVE_PG_ERROR
	{ KPF_ERROR, PG_error },
#endif
#ifdef KPF_OWNER_2
	{ KPF_OWNER_2, PG_owner_2 },
#else
	{ KPF_MAPPEDTODISK, PG_mappedtodisk },
#endif
#ifdef CONFIG_PAGE_IDLE_FLAG
	{ KPF_IDLE, PG_idle },
#endif
#ifdef CONFIG_ARCH_USES_PG_UNCACHED
	{ KPF_UNCACHED, PG_uncached },
#endif
#if defined(CONFIG_ARCH_USES_PG_ARCH_2) || defined(CONFIG_ARCH_USES_PG_ARCH_X)
	{ KPF_ARCH_2, PG_arch_2 },
#endif
#ifdef CONFIG_ARCH_USES_PG_ARCH_3
	{ KPF_ARCH_3, PG_arch_3 },
#endif
};

#endif /* _VMSCOPE_COMPAT_PAGEFLAGS_H */
