// SPDX-License-Identifier: GPL-2.0-or-later
/* The regions of the kernel's half, as its areas. */
#include "model/regions.h"

#include <errno.h>

#include "model/vma.h"

const struct words stretch_words = {
	.own = "user,non-canonical,image.text,image.rodata,image.data,image.bss,"
	       "image.other,image.hole,errors",
	.table = vmscope_region_table,
};

static int add_region(void *arg, const struct vmscope_record *rec)
{
	struct region_list *list = arg;

	if (rec->kind != VMSCOPE_KIND_AREA)
		return 0;
	if (!area_is_region(rec->area) || list->nr == MAX_REGIONS)
		return -EPROTO;
	list->region[list->nr++] = (struct region){
		.start = rec->addr,
		.end = rec->end,
		.region = rec->area->name_kind - VMSCOPE_NAME_REGION,
	};
	return 0;
}

/* Reads the regions of the kernel, and no entries: 0 or a negative errno. */
int regions_read(struct target *target, struct region_list *list)
{
	const struct vmscope_query query = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS |
			 VMSCOPE_SCAN_SKIP_EMPTY,
		.levels = 1 << VMSCOPE_LEVEL_NONE,
	};

	list->nr = 0;
	return target_scan(target, &query, NULL, add_region, list);
}

/* NULL for the user's half, and for the very last page. */
const struct region *regions_find(const struct region_list *list, uint64_t addr)
{
	for (size_t i = 0; i < list->nr; i++) {
		const struct region *r = &list->region[i];

		if (addr >= r->start && addr < r->end)
			return r;
	}
	return NULL;
}
