// SPDX-License-Identifier: GPL-2.0-or-later
/* The columns of an area. */
#include <stdio.h>

#include "areas.h"
#include "page.h"
#include "tool.h"

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

static void get_vma_flags(const void *row, struct value *v)
{
	if (is_total(row))
		return;
	bit_names(vmscope_vma_table(), area_row(row)->area.vma_flags, v->buf,
		  sizeof(v->buf));
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

	value_number(v, state[VMSCOPE_STATE_ZERO] + state[VMSCOPE_STATE_HUGEZERO]);
}

#define STATE_GETTER(name, number)					\
static void get_##name(const void *row, struct value *v)		\
{									\
	value_number(v, area_row(row)->usage.state[number]);		\
}

STATE_GETTER(anon, VMSCOPE_STATE_ANON)
STATE_GETTER(file, VMSCOPE_STATE_FILE)
STATE_GETTER(shmem, VMSCOPE_STATE_SHMEM)
STATE_GETTER(ksm, VMSCOPE_STATE_KSM)
STATE_GETTER(pfnmap, VMSCOPE_STATE_PFNMAP)
STATE_GETTER(hugetlb, VMSCOPE_STATE_HUGETLB)
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
	for (const struct vmscope_bit *b = vmscope_name_kind_table(); b->name; b++) {
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

static const struct column columns[] = {
	{ "start", 12, TYPE_HEX, 0, 0, "first address", get_start, NULL },
	{ "end", 12, TYPE_HEX, 0, 0, "end, exclusive", get_end, NULL },
	{ "size", 6, TYPE_SIZE, 0, 0, "bytes mapped", get_size, NULL },
	{ "vperm", 5, TYPE_TEXT, 0, 0, "what the area allows, as in maps",
	  get_vperm, NULL },
	{ "vma_flags", 20, TYPE_LIST, 0, 0, "flags of the area, as in smaps",
	  get_vma_flags, NULL },
	{ "rss", 6, TYPE_SIZE, 0, 0, "bytes resident; hugetlb apart", get_rss,
	  NULL },
	{ "anon", 6, TYPE_SIZE, 0, 0, "anonymous bytes resident", get_anon, NULL },
	{ "file", 6, TYPE_SIZE, 0, 0, "page cache bytes resident", get_file, NULL },
	{ "shmem", 6, TYPE_SIZE, 0, 0, "shared memory bytes resident", get_shmem,
	  NULL },
	{ "ksm", 6, TYPE_SIZE, 0, 0, "bytes shared by KSM", get_ksm, NULL },
	{ "huge", 6, TYPE_SIZE, 0, 0, "bytes in huge pages, hugetlb included",
	  get_huge, NULL },
	{ "thp", 6, TYPE_SIZE, 0, 0, "bytes in transparent huge pages", get_thp,
	  NULL },
	{ "hugetlb", 7, TYPE_SIZE, 0, 0, "bytes in hugetlb pages", get_hugetlb,
	  NULL },
	{ "zero", 6, TYPE_SIZE, 0, 0, "bytes of the shared zero pages", get_zero,
	  NULL },
	{ "pfnmap", 6, TYPE_SIZE, 0, 0, "bytes of frames without pages",
	  get_pfnmap, NULL },
	{ "swap", 6, TYPE_SIZE, 0, 0, "bytes swapped out, shmem included",
	  get_swap, NULL },
	{ "shmem_swap", 10, TYPE_SIZE, 0, 0, "shared memory bytes swapped out",
	  get_shmem_swap, NULL },
	{ "empty", 6, TYPE_SIZE, 0, 0, "bytes without an entry", get_empty, NULL },
	{ "locked", 6, TYPE_SIZE, 0, 0, "bytes locked in memory", get_locked,
	  NULL },
	{ "page_size", 9, TYPE_SIZE, 0, 0, "bytes of the area's page",
	  get_page_size, NULL },
	{ "area_kind", 10, TYPE_TEXT, 0, 0, "what the area is called after",
	  get_area_kind, vmscope_name_kind_table },
	{ "offset", 10, TYPE_HEX, 0, 0, "offset in the file", get_offset, NULL },
	{ "inode", 10, TYPE_NUMBER, 0, 0, "inode number of the file", get_inode,
	  NULL },
	{ "dev", 7, TYPE_TEXT, 0, 0, "device of the file", get_dev, NULL },
	{ "area", 12, TYPE_TEXT, WIDE, 0, "name of the area", get_area, NULL },
};

const struct column_set area_columns = {
	columns, ARRAY_SIZE(columns), "start,end,vperm,size,rss,huge,swap,area",
};
