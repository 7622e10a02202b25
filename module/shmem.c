// SPDX-License-Identifier: GPL-2.0-only
/*
 * Swapped pages of shmem. Their page-table entries are empty: the swap entry is
 * in the page cache of the file.
 * Source: shmem_partial_swap_usage() in mm/shmem.c
 */
#include "shmem.h"

#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/shmem_fs.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/xarray.h>

#include "../include/uapi/vmscope.h"
#include "swap.h"

/* Pages of the cache to skip in one search. */
#define MAX_VISITS 128

/*
 * A large folio is swapped as one entry that covers several pages. Its order is
 * read after the entry, so the entry is read again: if it changed, the order
 * may belong to another one, and only the page itself is reported.
 */
static unsigned int entry_order(struct address_space *mapping,
				unsigned long index, void *entry)
{
	unsigned int order = xa_get_order(&mapping->i_pages, index);

	return xa_load(&mapping->i_pages, index) == entry ? order : 0;
}

static void found(struct address_space *mapping, unsigned long at, void *entry,
		  struct vmscope_shmem_find *find)
{
	unsigned long pages = 1UL << entry_order(mapping, at, entry);
	unsigned long base = at & ~(pages - 1);

	find->index = max(find->index, base);
	find->pages = min(base + pages, find->end) - find->index;
	find->state =
		vmscope_swap_decode(radix_to_swp_entry(entry), &find->value);
	if (find->state != VMSCOPE_STATE_SWAP)
		return;
	find->state = VMSCOPE_STATE_SHMEM_SWAP;
	find->value += find->index - base;
}

/**
 * vmscope_shmem_has_swapped - check whether a file may have swapped pages
 * @mapping: page cache of a shmem file; the caller keeps the file
 *
 * The kernel counts a page as swapped before it takes it out of the cache.
 * Source: shmem_writeout(), before that shmem_writepage(), in mm/shmem.c
 *
 * Context: Any context.
 * Return: false if no page of the file is swapped out. Pages that could not be
 * swapped in, which the cache holds as poisoned, are not counted as swapped.
 * Source: shmem_set_folio_swapin_error() in mm/shmem.c
 */
bool vmscope_shmem_has_swapped(struct address_space *mapping)
{
	return READ_ONCE(SHMEM_I(mapping->host)->swapped);
}

/**
 * vmscope_shmem_next - find the next swapped page of a file
 * @mapping: page cache of a shmem file; the caller keeps the file
 * @find: the range to search, and the result
 *
 * Examines a bounded number of pages. If none is found, @find->index is where
 * to continue, or @find->end.
 *
 * Context: Any context. Takes the RCU read lock.
 */
void vmscope_shmem_next(struct address_space *mapping,
			struct vmscope_shmem_find *find)
{
	XA_STATE(xas, &mapping->i_pages, find->index);
	void *entry;

	find->visits = 1;
	find->pages = 0;
	rcu_read_lock();
	xas_for_each(&xas, entry, find->end - 1) {
		if (xas_retry(&xas, entry))
			continue;
		if (xa_is_value(entry)) {
			found(mapping, xas.xa_index, entry, find);
			break;
		}
		if (++find->visits > MAX_VISITS)
			break;
	}
	rcu_read_unlock();
	if (!find->pages)
		find->index = entry ? min(xas.xa_index + 1, find->end) :
				      find->end;
}
