// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The parts of the kernel's image. /proc/iomem lists them by physical address,
 * and the page tables say where these are mapped; without it only permissions
 * distinguish them.
 */
#include "model/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/array.h"
#include "source/proc.h"

/* Their names in /proc/iomem, and here. */
static const struct {
	const char *resource;
	const char *name;
} resources[] = {
	{ "Kernel code", "image.text" },
	{ "Kernel rodata", "image.rodata" },
	{ "Kernel data", "image.data" },
	{ "Kernel bss", "image.bss" },
};

static void add_part(struct image *image, uint64_t start, uint64_t end,
		     const char *name)
{
	struct image_part *last = image->nr ? &image->part[image->nr - 1] :
					      NULL;

	if (last && last->name == name && last->end == start)
		last->end = end;
	else if (image->nr < MAX_IMAGE_PARTS)
		image->part[image->nr++] =
			(struct image_part){ start, end, name };
}

static bool parse_resource(char *line, uint64_t page, uint64_t *start,
			   uint64_t *end, const char **name)
{
	unsigned long long from, to;
	char *text = strstr(line, " : ");

	if (!text || sscanf(line, " %llx-%llx", &from, &to) != 2 || !to)
		return false;
	text[strcspn(text, "\n")] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(resources); i++) {
		if (strcmp(text + 3, resources[i].resource))
			continue;
		*start = from & ~(page - 1);
		*end = (to | (page - 1)) + 1;
		*name = resources[i].name;
		return true;
	}
	return false;
}

/* The image is physically contiguous, so one of its frames places all parts. */
static void from_iomem(const struct vmscope_info *info, uint64_t low,
		       uint64_t high, uint64_t offset, struct image *image)
{
	FILE *f = proc_open("iomem");
	uint64_t start, end;
	const char *name;
	char line[256];

	if (!f)
		return;
	while (fgets(line, sizeof(line), f)) {
		if (!parse_resource(line, info->page_size, &start, &end, &name))
			continue;
		start += offset;
		end += offset;
		if (start >= low && end <= high && start < end)
			add_part(image, start, end, name);
	}
	fclose(f);
	array_sort(image->part, image->nr, sizeof(image->part[0]));
	/* Parts that overlap would be counted twice: then show no parts. */
	for (size_t i = 1; i < image->nr; i++) {
		if (image->part[i].start < image->part[i - 1].end)
			image->nr = 0;
	}
}

static const char *part_by_perm(const struct vmscope_record *rec)
{
	if (rec->flags & VMSCOPE_F_PERM_EXEC)
		return resources[0].name;
	return rec->flags & VMSCOPE_F_PERM_WRITE ? resources[2].name :
						   resources[1].name;
}

/* What the pages of the image allow. */
struct pages {
	uint64_t page; /* bytes of a page */
	struct image by_perm; /* its parts, by what they allow */
	uint64_t offset; /* from physical to virtual addresses */
	bool placed; /* @offset is known */
};

static int add_pages(void *arg, const struct vmscope_record *rec)
{
	struct pages *pages = arg;

	if (!(rec->flags & VMSCOPE_F_PRESENT))
		return 0;
	if (!pages->placed && vmscope_has_frame(rec)) {
		pages->offset = rec->addr - rec->value * pages->page;
		pages->placed = true;
	}
	add_part(&pages->by_perm, rec->addr, rec->end, part_by_perm(rec));
	return 0;
}

/* The parts of the image, in its region [@start, @end): 0 or a negative errno. */
int image_read(struct target *target, uint64_t start, uint64_t end,
	       struct image *image)
{
	const struct vmscope_query query = {
		.start = start,
		.end = end,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES |
			 VMSCOPE_SCAN_SKIP_EMPTY,
	};
	struct pages pages = {
		.page = target->info->page_size,
		.by_perm = { .guessed = true },
	};
	const struct image *by_perm = &pages.by_perm;
	int ret;

	*image = (struct image){ 0 };
	ret = target_scan(target, &query, NULL, add_pages, &pages);
	if (pages.placed)
		from_iomem(target->info, start, end, pages.offset, image);
	/* Show no parts if there are too many. */
	if (!image->nr && by_perm->nr && by_perm->nr < MAX_IMAGE_PARTS)
		*image = *by_perm;
	return ret;
}
