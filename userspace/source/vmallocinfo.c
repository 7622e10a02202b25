// SPDX-License-Identifier: GPL-2.0-or-later
/* What /proc/vmallocinfo adds, if it shows real addresses. */
#include "source/vmallocinfo.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/array.h"
#include "source/proc.h"

/* Words for how an area was made; "unpurged" areas are gone already. */
static const char *const kinds[] = {
	"vmalloc",	"vmap",	      "ioremap", "user",
	"dma-coherent", "vm_map_ram", "sparse",
};

static void add_word(struct vmalloc_area *area, const char *word, bool first)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (strcmp(word, kinds[i]))
			continue;
		/* "vmalloc user": memory of vmalloc() that user mode may map */
		if (!*area->kind)
			snprintf(area->kind, sizeof(area->kind), "%s", word);
		return;
	}
	if (first)
		snprintf(area->caller, sizeof(area->caller), "%s", word);
	else if (*word == '[' && *area->caller)
		snprintf(area->caller + strlen(area->caller),
			 sizeof(area->caller) - strlen(area->caller), " %s",
			 word);
}

/* "0xSTART-0xEND BYTES caller+0x12/0x34 pages=4 vmalloc N0=4" */
static bool parse_line(char *line, struct vmalloc_area *area)
{
	unsigned long long start, end;
	char *word, *save;
	int used;

	*area = (struct vmalloc_area){ 0 };
	if (sscanf(line, "0x%llx-0x%llx %*s%n", &start, &end, &used) != 2)
		return false;
	area->start = start;
	area->end = end;
	word = strtok_r(line + used, " \n", &save);
	if (word && !strcmp(word, "unpurged"))
		return false;
	for (bool first = true; word; first = false) {
		add_word(area, word, first);
		word = strtok_r(NULL, " \n", &save);
	}
	return true;
}

static int read_areas(struct vmalloc_info *info)
{
	FILE *f = proc_open("vmallocinfo");
	struct vmalloc_area area;
	char line[512];
	size_t room = 0;

	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f)) {
		if (!parse_line(line, &area))
			continue;
		if (!array_reserve(&info->area, info->nr + 1, &room,
				   sizeof(area)))
			break;
		info->area[info->nr++] = area;
	}
	fclose(f);
	return 0;
}

/*
 * Reads /proc/vmallocinfo; a value below @kernel_start is not an address but a
 * hash of one.
 */
void vmalloc_info_read(struct vmalloc_info *info, uint64_t kernel_start)
{
	size_t zeros = 0, real = 0;

	*info = (struct vmalloc_info){ 0 };
	if (read_areas(info)) {
		info->why = "/proc/vmallocinfo cannot be read";
		return;
	}
	for (size_t i = 0; i < info->nr; i++) {
		zeros += !info->area[i].start;
		real += info->area[i].start >= kernel_start;
	}
	if (!info->nr)
		info->why = "/proc/vmallocinfo is empty";
	else if (zeros == info->nr)
		info->why =
			"/proc/vmallocinfo shows zeros; that is kernel.kptr_restrict=2, and 1 shows addresses to root";
	else if (!real)
		info->why =
			"/proc/vmallocinfo shows hashes; that is kernel.kptr_restrict=0, and 1 shows addresses to root";
	if (info->why)
		info->nr = 0;
	array_sort(info->area, info->nr, sizeof(info->area[0]));
}

/* The area that holds an address, or NULL. */
const struct vmalloc_area *vmalloc_info_find(const struct vmalloc_info *info,
					     uint64_t addr)
{
	size_t below =
		array_below(info->area, info->nr, sizeof(info->area[0]), addr);

	return below && addr < info->area[below - 1].end ?
		       &info->area[below - 1] :
		       NULL;
}

void vmalloc_info_free(struct vmalloc_info *info)
{
	free(info->area);
}
