// SPDX-License-Identifier: GPL-2.0-or-later
/* The columns of an area. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/tool.h"
#include "cli/words.h"
#include "model/areas.h"
#include "model/page.h"

/**
 * area_row_start - begin the row of an area
 * @row: filled; nothing is in it yet
 * @info: of the module
 * @rec: an AREA record
 *
 * Return: 0 or -ENOMEM.
 */
int area_row_start(struct area_row *row, const struct vmscope_info *info,
		   const struct vmscope_record *rec)
{
	char label[LABEL_BYTES];

	area_label(rec->area, rec->name, label, sizeof(label));
	*row = (struct area_row){
		.info = info,
		.area = *rec->area,
		.label = strdup(label),
	};
	return row->label ? 0 : -ENOMEM;
}

static const struct area_row *area_row(const void *row)
{
	return row;
}

static bool is_total(const void *row)
{
	return !area_row(row)->info;
}

static void get_start(const void *row, struct value *v)
{
	if (!is_total(row))
		value_number(v, VMSCOPE_WORD_ADDR(area_row(row)->area.where));
}

static void get_end(const void *row, struct value *v)
{
	if (!is_total(row))
		value_number(v, area_row(row)->area.end);
}

static void get_size(const void *row, struct value *v)
{
	value_number(v, area_row(row)->usage.mapped);
}

static void get_vperm(const void *row, struct value *v)
{
	const uint64_t wx = VMSCOPE_VMA_WRITE | VMSCOPE_VMA_EXEC;
	uint64_t flags = area_row(row)->area.vma_flags;

	if (is_total(row))
		return;
	vma_perm(flags, v->buf);
	value_text(v, v->buf);
	if ((flags & wx) == wx)
		v->color = COLOR_ALARM;
}

static void get_mperm(const void *row, struct value *v)
{
	if (is_total(row))
		return;
	vma_may_perm(area_row(row)->area.vma_flags, v->buf);
	value_text(v, v->buf);
}

static void get_vma_flags(const void *row, struct value *v)
{
	if (is_total(row))
		return;
	vma_flag_names(area_row(row)->area.vma_flags, v->buf, sizeof(v->buf));
	value_text(v, v->buf);
}

static void get_rss(const void *row, struct value *v)
{
	value_number(v, usage_resident(&area_row(row)->usage));
}

static void get_huge(const void *row, struct value *v)
{
	value_number(v, usage_huge(&area_row(row)->usage));
}

static void get_thp(const void *row, struct value *v)
{
	const struct usage *usage = &area_row(row)->usage;

	value_number(v, usage_huge(usage) - usage_hugetlb(usage));
}

static void get_hugetlb(const void *row, struct value *v)
{
	value_number(v, usage_hugetlb(&area_row(row)->usage));
}

static void get_swap(const void *row, struct value *v)
{
	value_number(v, usage_swapped(&area_row(row)->usage));
	if (v->number)
		v->color = COLOR_YELLOW;
}

static void get_empty(const void *row, struct value *v)
{
	value_number(v, usage_empty(&area_row(row)->usage));
}

static void get_locked(const void *row, struct value *v)
{
	value_number(v, area_row(row)->usage.locked);
}

static void get_zero(const void *row, struct value *v)
{
	const uint64_t *state = area_row(row)->usage.state;

	value_number(v,
		     state[VMSCOPE_STATE_ZERO] + state[VMSCOPE_STATE_HUGEZERO]);
}

#define STATE_GETTER(name, number)                                   \
	static void get_##name(const void *row, struct value *v)     \
	{                                                            \
		value_number(v, area_row(row)->usage.state[number]); \
	}

STATE_GETTER(anon, VMSCOPE_STATE_ANON)
STATE_GETTER(file, VMSCOPE_STATE_FILE)
STATE_GETTER(shmem, VMSCOPE_STATE_SHMEM)
STATE_GETTER(ksm, VMSCOPE_STATE_KSM)
STATE_GETTER(pfnmap, VMSCOPE_STATE_PFNMAP)
STATE_GETTER(driver, VMSCOPE_STATE_DRIVER)
STATE_GETTER(device, VMSCOPE_STATE_DEVICE)
STATE_GETTER(shmem_swap, VMSCOPE_STATE_SHMEM_SWAP)

static void get_page_size(const void *row, struct value *v)
{
	if (!is_total(row))
		value_number(v, area_row(row)->area.page_size);
}

static bool has_file(const void *row)
{
	const struct vmscope_area *area = &area_row(row)->area;

	return !is_total(row) && (area->inode || area->dev);
}

static void get_offset(const void *row, struct value *v)
{
	if (has_file(row))
		value_number(v, area_row(row)->area.offset);
}

static void get_inode(const void *row, struct value *v)
{
	if (has_file(row))
		value_number(v, area_row(row)->area.inode);
}

static void get_dev(const void *row, struct value *v)
{
	uint64_t dev = area_row(row)->area.dev;

	if (!has_file(row))
		return;
	snprintf(v->buf, sizeof(v->buf), "%02x:%02x", (unsigned int)(dev >> 32),
		 (unsigned int)dev);
	value_text(v, v->buf);
}

static void get_area_kind(const void *row, struct value *v)
{
	if (is_total(row))
		return;
	for (const struct vmscope_bit *b = vmscope_name_kind_table(); b->name;
	     b++) {
		if (b->value == area_row(row)->area.name_kind) {
			value_number(v, b->value);
			value_text(v, b->name);
		}
	}
}

static void get_area(const void *row, struct value *v)
{
	value_text(v, is_total(row) ? "total" : area_row(row)->label);
}

/* clang-format off: one column a row */
static const struct column columns[] = {
	COLUMN(start, 12, HEX, "first address"),
	COLUMN(end, 12, HEX, "end, exclusive"),
	COLUMN(size, 6, SIZE, "bytes mapped"),
	COLUMN_WORDS(vperm, 5, TEXT, area_perm_words,
		     "what the area allows, as in maps"),
	COLUMN_WORDS(mperm, 5, TEXT, perm_words,
		     "what mprotect() may make of it"),
	COLUMN_WORDS(vma_flags, 20, LIST, vma_flag_words,
		     "flags of the area, as in smaps; mr, mw, me are in mperm"),
	COLUMN(rss, 6, SIZE, "bytes resident, as smaps' Rss; hugetlb apart"),
	COLUMN(anon, 6, SIZE, "anonymous bytes resident"),
	COLUMN(file, 6, SIZE, "page cache bytes resident"),
	COLUMN(shmem, 6, SIZE, "shared memory bytes resident"),
	COLUMN(ksm, 6, SIZE, "bytes shared by KSM"),
	COLUMN(huge, 6, SIZE, "bytes in huge pages, hugetlb included"),
	COLUMN(thp, 6, SIZE, "bytes in transparent huge pages"),
	COLUMN(hugetlb, 7, SIZE, "bytes in hugetlb pages"),
	COLUMN(zero, 6, SIZE, "bytes of the shared zero pages"),
	COLUMN(pfnmap, 6, SIZE, "bytes of frames without pages"),
	COLUMN(driver, 6, SIZE, "bytes of pages of drivers and the kernel"),
	COLUMN(device, 6, SIZE, "bytes of memory of devices, DAX included"),
	COLUMN(swap, 6, SIZE, "bytes swapped out, shmem included"),
	COLUMN(shmem_swap, 10, SIZE, "shared memory bytes swapped out"),
	COLUMN(empty, 6, SIZE, "bytes without an entry"),
	COLUMN(locked, 6, SIZE, "bytes locked in memory"),
	COLUMN(page_size, 9, SIZE, "bytes of the area's page"),
	COLUMN_NAMED(area_kind, 10, vmscope_name_kind_table,
		     "what the area is called after"),
	COLUMN(offset, 10, HEX, "offset in the file"),
	COLUMN(inode, 10, NUMBER, "inode number of the file"),
	COLUMN(dev, 7, TEXT, "device of the file"),
	COLUMN_THAT(area, 12, TEXT, WIDE, 0, "name of the area"),
};

/* clang-format on */

const struct column_set area_columns = {
	columns,
	ARRAY_SIZE(columns),
	"start,end,vperm,size,rss,huge,swap,area",
};
