// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the content of a page is, and what happens to it if memory is short. */
#include "model/content.h"

#include <linux/kernel-page-flags.h>
#include <stdio.h>
#include <string.h>

#include "cli/format.h"
#include "model/vma.h"
#include "source/cgroup.h"
#include "source/proc.h"

/* Of the kernel's own header, include/linux/kernel-page-flags.h. */
enum { KPF_MLOCKED = 33 };

enum content { FRAME, SWAP, PAGE_CACHE, FILE_ONLY, DRIVER, NOWHERE, UNKNOWN };

/* By enum content. */
static const struct vmscope_bit contents[] = {
	{ FRAME, "frame", NULL },      { SWAP, "swap", NULL },
	{ PAGE_CACHE, "cache", NULL }, { FILE_ONLY, "file", NULL },
	{ DRIVER, "driver", NULL },    { NOWHERE, "nowhere", NULL },
	{ UNKNOWN, "unknown", NULL },  { 0, NULL, NULL },
};

enum reclaim {
	DROPPED,
	WRITTEN,
	SWAPPED,
	LOCKED,
	NO_SWAP,
	PINNED,
	STAYS,
	NOTHING,
	UNSURE
};

/* By enum reclaim. */
static const struct vmscope_bit reclaims[] = {
	{ DROPPED, "dropped", NULL },
	{ WRITTEN, "written back then dropped", NULL },
	{ SWAPPED, "swapped out", NULL },
	{ LOCKED, "locked", NULL },
	{ NO_SWAP, "cannot be reclaimed (no swap)", NULL },
	{ PINNED, "cannot be reclaimed (pinned)", NULL },
	{ STAYS, "cannot be reclaimed", NULL },
	{ NOTHING, "nothing there", NULL },
	{ UNSURE, "cannot tell", NULL },
	{ 0, NULL, NULL },
};

const struct vmscope_bit *content_table(void)
{
	return contents;
}

const struct vmscope_bit *reclaim_table(void)
{
	return reclaims;
}

static enum content behind_content(const struct walk_row *row)
{
	switch (row->walk.behind) {
	case VMSCOPE_BEHIND_CACHED:
	case VMSCOPE_BEHIND_POISONED:
	case VMSCOPE_BEHIND_READ_AHEAD:
		return PAGE_CACHE;
	case VMSCOPE_BEHIND_NOT_CACHED:
		return row->rec.area->name_kind == VMSCOPE_NAME_FILE ?
			       FILE_ONLY :
			       NOWHERE;
	case VMSCOPE_BEHIND_SWAPPED:
		return SWAP;
	case VMSCOPE_BEHIND_DIRECT:
		return FILE_ONLY;
	case VMSCOPE_BEHIND_DRIVER:
		return DRIVER;
	default:
		return NOWHERE;
	}
}

static enum content find_content(const struct walk_row *row)
{
	switch (row->rec.state) {
	case VMSCOPE_STATE_SWAP:
	case VMSCOPE_STATE_SHMEM_SWAP:
		return SWAP;
	case VMSCOPE_STATE_MIGRATION:
	case VMSCOPE_STATE_DEVICE:
		return FRAME;
	case VMSCOPE_STATE_UNKNOWN:
		return UNKNOWN;
	default:
		return row->rec.flags & VMSCOPE_F_PRESENT ? FRAME :
							    behind_content(row);
	}
}

const char *content_name(const struct walk_row *row)
{
	return contents[find_content(row)].name;
}

/* The offset of the page in the file of its area. */
uint64_t content_offset(const struct walk_row *row)
{
	const struct vmscope_area *area = row->rec.area;

	return area->offset + row->rec.addr - VMSCOPE_WORD_ADDR(area->where);
}

/* "slot 12 of /dev/zram0 (swap type 0)" */
void content_slot(const struct walk_row *row, char *buf, size_t bytes)
{
	struct value v = { 0 };

	page_swap_device(&row->page, &v);
	snprintf(buf, bytes, "slot %llu of %s (swap type %llu)",
		 (unsigned long long)VMSCOPE_SLOT_OFFSET(row->rec.value),
		 v.known ? v.text : "an unknown device",
		 (unsigned long long)VMSCOPE_SLOT_TYPE(row->rec.value));
}

static void swap_text(const struct walk_row *row, char *buf, size_t bytes)
{
	char age[32];
	size_t len;

	if (!vmscope_has_slot(&row->rec)) {
		snprintf(buf, bytes, "a slot that may not be shown");
		return;
	}
	content_slot(row, buf, bytes);
	len = strlen(buf);
	if (row->has_zram)
		snprintf(buf + len, bytes - len, ": %s, last used %s s ago",
			 row->zram.state,
			 format_tenths(row->zram.age, age, sizeof(age)));
}

/* In words, with the place in the file if there is one. */
void content_text(const struct walk_row *row, char *buf, size_t bytes)
{
	enum content content = find_content(row);
	size_t len;

	switch (content) {
	case FRAME:
		if (vmscope_has_frame(&row->rec) && row->rec.value)
			snprintf(buf, bytes, "frame 0x%llx",
				 (unsigned long long)row->rec.value);
		else
			snprintf(buf, bytes, "a frame that may not be shown");
		break;
	case SWAP:
		swap_text(row, buf, bytes);
		break;
	case PAGE_CACHE:
		snprintf(buf, bytes, "the page cache");
		break;
	case FILE_ONLY:
		snprintf(buf, bytes, "the file only");
		break;
	case NOWHERE:
		snprintf(buf, bytes, "nowhere yet");
		return;
	default:
		snprintf(buf, bytes, "%s", contents[content].name);
		return;
	}
	len = strlen(buf);
	if (area_has_file(row->rec.area) &&
	    row->rec.state != VMSCOPE_STATE_ANON &&
	    row->rec.state != VMSCOPE_STATE_SWAP)
		snprintf(buf + len, bytes - len, ", offset 0x%llx of %s",
			 (unsigned long long)content_offset(row), row->label);
}

static bool has_flags(const struct walk_row *row)
{
	return row->walk.frame.known & VMSCOPE_FACT_FLAGS;
}

static bool frame_is(const struct walk_row *row, unsigned int flag)
{
	return row->walk.frame.flags >> flag & 1;
}

static enum reclaim if_swap(const struct walk_row *row)
{
	const struct vmscope_frame *frame = &row->walk.frame;
	enum fact group = FACT_YES;
	uint64_t free;

	if (frame->known & VMSCOPE_FACT_MEMCG && frame->memcg)
		group = cgroup_may_swap(frame->memcg);
	if (group == FACT_NO)
		return NO_SWAP;
	if (!proc_meminfo("SwapFree", &free))
		return UNSURE;
	if (!free)
		return NO_SWAP;
	return group == FACT_YES ? SWAPPED : UNSURE;
}

static bool is_dirty(const struct walk_row *row)
{
	return row->rec.flags & VMSCOPE_F_DIRTY || frame_is(row, KPF_DIRTY);
}

/*
 * Anonymous memory that was freed lazily is dropped unless it was written
 * since; droppable memory is always.
 * Source: try_to_unmap_one() in mm/rmap.c
 */
static enum reclaim reclaim_anon(const struct walk_row *row)
{
	if (!has_flags(row))
		return UNSURE;
	if (row->rec.area && row->rec.area->vma_flags & VMSCOPE_VMA_DROPPABLE)
		return DROPPED;
	if (!frame_is(row, KPF_SWAPBACKED) && !is_dirty(row))
		return DROPPED;
	return if_swap(row);
}

/*
 * So many references of a single page count as a pin, whoever has them; but a
 * page of a file is asked when nothing maps it any more. Of a larger folio,
 * pins are counted apart, which no fact shows.
 * Source: shrink_folio_list() in mm/vmscan.c, folio_maybe_dma_pinned() in
 * include/linux/mm.h
 */
static bool is_pinned(const struct walk_row *row)
{
	const struct vmscope_frame *frame = &row->walk.frame;
	uint64_t refs = frame->refs;

	if (row->rec.state == VMSCOPE_STATE_FILE ||
	    row->rec.state == VMSCOPE_STATE_SHMEM)
		refs -= frame->mapcount < refs ? frame->mapcount : refs;
	return frame->known & VMSCOPE_FACT_REFS &&
	       !VMSCOPE_PLACE_ORDER(frame->place) && refs >= 1024;
}

static enum reclaim reclaim_file(const struct walk_row *row)
{
	if (is_dirty(row) || frame_is(row, KPF_WRITEBACK))
		return WRITTEN;
	return has_flags(row) ? DROPPED : UNSURE;
}

static enum reclaim find_reclaim(const struct walk_row *row)
{
	if (row->rec.state == VMSCOPE_STATE_UNKNOWN)
		return UNSURE;
	if (row->rec.state == VMSCOPE_STATE_ZERO ||
	    row->rec.state == VMSCOPE_STATE_HUGEZERO ||
	    !(row->rec.flags & VMSCOPE_F_PRESENT))
		return row->rec.state == VMSCOPE_STATE_DEVICE ? STAYS : NOTHING;
	switch (row->rec.state) {
	case VMSCOPE_STATE_ANON:
	case VMSCOPE_STATE_KSM:
	case VMSCOPE_STATE_FILE:
	case VMSCOPE_STATE_SHMEM:
		break;
	default:
		return STAYS;
	}
	if (row->rec.area && row->rec.area->vma_flags & VMSCOPE_VMA_LOCKED)
		return LOCKED;
	if (frame_is(row, KPF_MLOCKED))
		return LOCKED;
	if (frame_is(row, KPF_UNEVICTABLE))
		return STAYS;
	/* before its pages get that flag, on their way to the LRU */
	if (row->rec.state != VMSCOPE_STATE_ANON &&
	    row->rec.state != VMSCOPE_STATE_KSM && row->rec.area &&
	    row->rec.area->where & VMSCOPE_AREA_UNEVICTABLE)
		return STAYS;
	if (is_pinned(row))
		return PINNED;
	if (row->rec.state == VMSCOPE_STATE_FILE)
		return reclaim_file(row);
	return row->rec.state == VMSCOPE_STATE_ANON ? reclaim_anon(row) :
						      if_swap(row);
}

/* What happens to the page if memory runs short. */
const char *content_reclaim(const struct walk_row *row)
{
	return reclaims[find_reclaim(row)].name;
}
