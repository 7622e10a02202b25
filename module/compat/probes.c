// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the preprocessor cannot ask. Kbuild compiles this file, but makes no
 * object of it: each line that compiles defines the name in it that begins with
 * COMPAT_.
 */
#include <linux/hugetlb.h>
#include <linux/memremap.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/sched/coredump.h>
#include <linux/userfaultfd_k.h>
#if __has_include("linux/leafops.h")
#include <linux/leafops.h>
#endif

/* That a line can succeed, and that one can fail. */
int COMPAT_ALWAYS = PG_locked;
int COMPAT_NEVER = not_declared_in_any_kernel;

void *COMPAT_HAVE_LEAFOPS = softleaf_from_pte;

int COMPAT_HAVE_PGTY = PGTY_slab;
int COMPAT_HAVE_PGTY_LARGE_KMALLOC = PGTY_large_kmalloc;
int COMPAT_HAVE_PG_ERROR = PG_error;
int COMPAT_HAVE_PG_DOUBLE_MAP = PG_double_map;
int COMPAT_HAVE_PG_LARGE_RMAPPABLE = PG_large_rmappable;

/*
 * An area of a file can have a name of its own where shared memory has names;
 * before that, another thing is kept in the same place.
 */
void *COMPAT_FILES_HAVE_ANON_NAMES = vma_is_anon_shmem;

struct userfaultfd_ctx COMPAT_HAVE_UFFD_CTX;

void *COMPAT_HAVE_STABLE_AREAS = vma_assert_stabilised;

int COMPAT_HAVE_THP_ADVICE = MMF_DISABLE_THP_EXCEPT_ADVISED;

typeof(get_dev_pagemap(0)) COMPAT_DEVICE_BY_PFN;

/* The page cache of hugetlbfs counted in huge pages before this came. */
void *COMPAT_HUGETLB_CACHE_IN_PAGES = filemap_lock_hugetlb_folio;
