// SPDX-License-Identifier: GPL-2.0-or-later
/* The columns of an area. */
#include "model/areas.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/array.h"
#include "model/vma.h"

/* Begins the row of an AREA record, with empty sums: 0 or -ENOMEM. */
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

/* How much of each segment of a process lies in the area. */
void area_row_segments(struct area_row *row, const struct vmscope_attach *of)
{
	const uint64_t bounds[NR_SEGMENTS][2] = {
		[SEGMENT_CODE] = { of->start_code, of->end_code },
		[SEGMENT_DATA] = { of->start_data, of->end_data },
		[SEGMENT_HEAP] = { of->start_brk, of->brk },
		[SEGMENT_ARGS] = { of->arg_start, of->arg_end },
		[SEGMENT_ENV] = { of->env_start, of->env_end },
	};
	uint64_t start = VMSCOPE_WORD_ADDR(row->area.where);

	for (size_t i = 0; i < NR_SEGMENTS; i++) {
		uint64_t from = bounds[i][0] > start ? bounds[i][0] : start;
		uint64_t to = bounds[i][1] < row->area.end ? bounds[i][1] :
							     row->area.end;

		row->usage.segment[i] = to > from ? to - from : 0;
	}
	if (of->start_stack >= start && of->start_stack < row->area.end)
		row->start_stack = of->start_stack;
}

static const struct area_row *area_row(const void *row)
{
	return row;
}

static bool is_area(const void *row)
{
	return area_row(row)->info;
}

static bool has_file(const void *row)
{
	return is_area(row) && area_has_file(&area_row(row)->area);
}

GET_WHEN(get_start, number, is_area(row),
	 VMSCOPE_WORD_ADDR(area_row(row)->area.where))

static void get_vperm(const void *row, struct value *v)
{
	const uint64_t wx = VMSCOPE_VMA_WRITE | VMSCOPE_VMA_EXEC;

	if (!is_area(row))
		return;
	value_vperm(v, &area_row(row)->area);
	if ((area_row(row)->area.vma_flags & wx) == wx)
		v->color = COLOR_ALARM;
}

GET_WHEN(get_mperm, mperm, is_area(row), &area_row(row)->area)
GET_WHEN(get_vma_flags, vma_flags, is_area(row), &area_row(row)->area)
GET_WHEN(get_pkey, number, is_area(row),
	 VMSCOPE_VMA_PKEY(area_row(row)->area.vma_flags))

static void get_segments(const void *row, struct value *v)
{
	static const char *const names[NR_SEGMENTS] = { "code", "data", "heap",
							"args", "env" };
	const struct area_row *area = row;
	size_t len = 0;

	if (!is_area(row))
		return;
	v->buf[0] = '\0';
	for (size_t i = 0; i < NR_SEGMENTS; i++) {
		if (area->usage.segment[i])
			len += snprintf(v->buf + len, sizeof(v->buf) - len,
					"%s%s", len ? " " : "", names[i]);
	}
	if (area->start_stack)
		snprintf(v->buf + len, sizeof(v->buf) - len, "%sstack",
			 len ? " " : "");
	value_text(v, v->buf);
}

static void get_zero(const void *row, struct value *v)
{
	const uint64_t *state = area_row(row)->usage.state;

	value_number(v,
		     state[VMSCOPE_STATE_ZERO] + state[VMSCOPE_STATE_HUGEZERO]);
}

GET_WHEN(get_dev, dev, has_file(row), &area_row(row)->area)

#define STATE(state_) \
	FIELD(struct area_row, usage.state[VMSCOPE_STATE_##state_])
#define SEGMENT(segment_) \
	FIELD(struct area_row, usage.segment[SEGMENT_##segment_])

static const struct column columns[] = {
	COLUMN(start, 12, HEX, "first address", GET(get_start)),
	COLUMN(end, 12, HEX, "end, exclusive", FIELD(struct area_row, area.end),
	       .when = is_area),
	COLUMN(size, 6, SIZE, "bytes mapped",
	       FIELD(struct area_row, usage.mapped)),
	COLUMN(vperm, 5, TEXT, "what the area allows, as in maps",
	       GET(get_vperm), .words = &area_perm_words),
	COLUMN(mperm, 5, TEXT, "what mprotect() may make of it", GET(get_mperm),
	       .words = &perm_words),
	COLUMN(vma_flags, 20, LIST,
	       "flags of the area, as in smaps; mr, mw, me are in mperm",
	       GET(get_vma_flags), .words = &vma_flag_words),
	COLUMN(pkey, 4, NUMBER, "protection key of new entries, 0 without one",
	       GET(get_pkey)),
	COLUMN(rss, 6, SIZE, "bytes resident, as smaps' Rss; hugetlb apart",
	       FIELD(struct area_row, usage.resident)),
	COLUMN(anon, 6, SIZE, "anonymous bytes resident", STATE(ANON)),
	COLUMN(file, 6, SIZE, "page cache bytes resident", STATE(FILE)),
	COLUMN(shmem, 6, SIZE, "shared memory bytes resident", STATE(SHMEM)),
	COLUMN(ksm, 6, SIZE, "bytes shared by KSM", STATE(KSM)),
	COLUMN(huge, 6, SIZE, "bytes in huge pages, hugetlb included",
	       FIELD(struct area_row, usage.huge)),
	COLUMN(thp, 6, SIZE, "bytes in transparent huge pages",
	       FIELD(struct area_row, usage.thp)),
	COLUMN(hugetlb, 7, SIZE, "bytes in hugetlb pages",
	       FIELD(struct area_row, usage.all_hugetlb)),
	COLUMN(zero, 6, SIZE, "bytes of the shared zero pages", GET(get_zero)),
	COLUMN(pfnmap, 6, SIZE, "bytes of frames without pages", STATE(PFNMAP)),
	COLUMN(driver, 6, SIZE, "bytes of pages of drivers and the kernel",
	       STATE(DRIVER)),
	COLUMN(device, 6, SIZE, "bytes of memory of devices, DAX included",
	       STATE(DEVICE)),
	COLUMN(swap, 6, SIZE, "bytes swapped out, shmem included",
	       FIELD(struct area_row, usage.swapped), .color = COLOR_YELLOW),
	COLUMN(shmem_swap, 10, SIZE, "shared memory bytes swapped out",
	       STATE(SHMEM_SWAP)),
	COLUMN(empty, 6, SIZE, "bytes without an entry",
	       GET_OF(struct area_row, usage, get_empty)),
	COLUMN(locked, 6, SIZE, "bytes locked in memory",
	       FIELD(struct area_row, usage.locked)),
	USAGE_FACT_COLUMNS(struct area_row),
	COLUMN(segments, 14, LIST, "what the kernel marks as lying here",
	       GET(get_segments), WORDS("code,data,heap,args,env,stack")),
	COLUMN(code, 6, SIZE, "bytes of the program's code", SEGMENT(CODE)),
	COLUMN(data, 6, SIZE, "bytes of the program's data", SEGMENT(DATA)),
	COLUMN(heap, 6, SIZE, "bytes of the heap of brk()", SEGMENT(HEAP)),
	COLUMN(args, 6, SIZE, "bytes of the program's arguments",
	       SEGMENT(ARGS)),
	COLUMN(env, 6, SIZE, "bytes of its environment", SEGMENT(ENV)),
	COLUMN(start_stack, 12, HEX, "where the main thread's stack began",
	       OPTIONAL(struct area_row, start_stack)),
	COLUMN(page_size, 9, SIZE, "bytes of the area's page",
	       FIELD(struct area_row, area.page_size), .when = is_area),
	COLUMN(area_kind, 10, TEXT, "what the area is called after",
	       FIELD(struct area_row, area.name_kind), .when = is_area,
	       NAMES(vmscope_name_kind_table)),
	COLUMN(offset, 10, HEX, "offset in the file",
	       FIELD(struct area_row, area.offset), .when = has_file),
	COLUMN(inode, 10, NUMBER, "inode number of the file",
	       FIELD(struct area_row, area.inode), .when = has_file),
	COLUMN(dev, 7, TEXT, "device of the file", GET(get_dev)),
	COLUMN(area, 12, TEXT, "name of the area",
	       FIELD(struct area_row, label), .needs = WIDE),
};

const struct column_set area_columns =
	COLUMN_SET(columns, "start,end,vperm,size,rss,huge,swap,area");
