// SPDX-License-Identifier: GPL-2.0-or-later
/* The whole address space as rows without a gap, and what is mapped in each. */
#include "model/layout.h"

#include <errno.h>

#include "cli/words.h"
#include "model/audit.h"
#include "model/image.h"
#include "model/regions.h"

/* Between the parts of the image; one that is mapped has another name. */
static const char image_hole[] = "image.hole";

static struct layout_row *add_row(struct layout *layout, uint64_t start,
				  uint64_t end, const char *name,
				  const char *help)
{
	static struct layout_row spare;
	struct layout_row *row = layout->nr < MAX_LAYOUT_ROWS ?
					 &layout->row[layout->nr++] :
					 &spare;

	*row = (struct layout_row){
		.start = start,
		.end = end,
		.name = name,
		.help = help,
	};
	return row;
}

static struct layout_row *add_part(struct layout *layout,
				   const struct region *region, uint64_t start,
				   uint64_t end, const char *name)
{
	const struct vmscope_bit *b =
		bit_find(vmscope_region_table(), region->region);
	struct layout_row *row = add_row(
		layout, start, end, name,
		b ? b->help : "of a kind that this version does not know");

	row->scanned = true;
	return row;
}

static int add_image(struct layout *layout, struct target *target,
		     const struct region *region)
{
	uint64_t at = region->start;
	struct image image;
	int ret = image_read(target, region->start, region->end, &image);

	if (ret)
		return ret;
	for (size_t i = 0; i < image.nr; i++) {
		const struct image_part *part = &image.part[i];

		if (at < part->start)
			add_part(layout, region, at, part->start, image_hole);
		add_part(layout, region, part->start, part->end, part->name)
			->known = image.guessed ? "perm" : "iomem";
		at = part->end;
	}
	if (at < region->end)
		add_part(layout, region, at, region->end,
			 image.nr ? image_hole : "image");
	layout->guessed = image.nr && image.guessed;
	return 0;
}

static int add_regions(struct layout *layout, struct target *target)
{
	struct region_list regions;
	int ret = regions_read(target, &regions);

	for (size_t i = 0; i < regions.nr && !ret; i++) {
		const struct region *region = &regions.region[i];

		if (region->region == VMSCOPE_REGION_IMAGE)
			ret = add_image(layout, target, region);
		else if (region->start < region->end)
			add_part(layout, region, region->start, region->end,
				 vmscope_region_name(region->region));
	}
	return ret;
}

static void add_bytes(struct layout *layout, struct layout_row *row,
		      const struct vmscope_record *rec, uint64_t bytes)
{
	if (rec->state == VMSCOPE_STATE_REPEAT) {
		row->repeated += bytes;
		layout->repeated += bytes;
	} else if (rec->flags & VMSCOPE_F_PRESENT &&
		   rec->level < VMSCOPE_NR_LEVELS) {
		row->leaf[rec->level] += bytes;
		row->wx += is_wx(rec) ? bytes : 0;
	}
}

/* A layout whose sums are being added up. */
struct adding {
	struct layout *layout;
	size_t at; /* its first row that is not complete yet */
};

/* A run may cross the edge of a part of the image: each gets its share. */
static int add_record(void *arg, const struct vmscope_record *rec)
{
	struct adding *adding = arg;
	struct layout *layout = adding->layout;
	uint64_t addr = rec->addr;

	while (adding->at < layout->nr && layout->row[adding->at].end <= addr)
		adding->at++;
	for (size_t i = adding->at; i < layout->nr && addr < rec->end; i++) {
		struct layout_row *row = &layout->row[i];
		uint64_t end = rec->end < row->end ? rec->end : row->end;

		if (row->start > addr)
			break;
		add_bytes(layout, row, rec, end - addr);
		addr = end;
	}
	return 0;
}

/* Init code and data, partly freed, and what follows bss. */
static void name_rest(struct layout *layout)
{
	for (size_t i = 0; i < layout->nr; i++) {
		struct layout_row *row = &layout->row[i];

		if (row->name == image_hole && (row->leaf[VMSCOPE_LEVEL_PTE] ||
						row->leaf[VMSCOPE_LEVEL_PMD] ||
						row->leaf[VMSCOPE_LEVEL_PUD]))
			row->name = "image.other";
	}
}

static int scan_layout(struct target *target, struct cost *cost,
		       struct layout *layout)
{
	const struct vmscope_query query = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_SKIP_EMPTY,
	};
	struct adding adding = { .layout = layout };

	return target_scan(target, &query, cost, add_record, &adding);
}

/* Where everything in the kernel's half is: 0 or a negative errno. */
int layout_read(struct target *target, struct cost *cost, struct layout *layout)
{
	const struct vmscope_info *info = target->info;
	/* as long as the kernel's half; its last page is kept free */
	uint64_t user_end = -info->kernel_start;
	uint64_t last;
	int ret;

	*layout = (struct layout){ 0 };
	add_row(layout, 0, user_end, "user",
		"the process that runs: vmscope areas PID");
	add_row(layout, user_end, info->kernel_start, "non-canonical",
		"no address of this machine");
	ret = add_regions(layout, target);
	if (ret)
		return ret;
	last = layout->row[layout->nr - 1].end;
	if (last && last != UINT64_MAX)
		add_row(layout, last, UINT64_MAX, "errors",
			"never mapped: error pointers lie here");
	if (layout->nr == MAX_LAYOUT_ROWS)
		return -EPROTO;
	ret = scan_layout(target, cost, layout);
	name_rest(layout);
	return ret;
}
