// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Per-CPU memory that was allocated when the first chunk was full. Each later
 * chunk lies in vmalloc: an area for each group of processors, with the same
 * distances between groups, and between the parts in a group, as in the first
 * chunk.
 *
 * Source: pcpu_create_chunk() in mm/percpu-vm.c, pcpu_get_vm_areas() in
 * mm/vmalloc.c
 */
#include "source/percpu.h"

#include <stdlib.h>
#include <string.h>
#include <vmscope/libvmscope.h>

#include "cli/array.h"
#include "source/symbols.h"
#include "source/vmallocinfo.h"

/*
 * Finds the parts of the first chunk. @scope is bound to the kernel; @symbols
 * say where offsets start, if not at 0.
 */
void percpu_read(struct percpu_layout *layout, struct vmscope *scope,
		 struct symbols *symbols)
{
	struct vmscope_what what;
	size_t room = 0;

	layout->tried = true;
	if (!symbol_address(symbols, "__per_cpu_start", &layout->start))
		layout->start = 0;
	/* Possible processors are numbered without a gap. */
	while (!vmscope_what_of_cpu(scope, layout->nr, layout->start, &what)) {
		if (!array_reserve(&layout->unit, layout->nr + 1, &room,
				   sizeof(layout->unit[0]))) {
			layout->nr = 0;
			return;
		}
		layout->unit[layout->nr] = (struct percpu_unit){
			.addr = what.addr,
			.cpu = layout->nr,
		};
		layout->nr++;
	}
	array_sort(layout->unit, layout->nr, sizeof(layout->unit[0]));
}

/* Whether an area of /proc/vmallocinfo, or NULL, is of per-CPU memory. */
bool percpu_is_chunk(const struct vmalloc_area *area)
{
	static const char caller[] = "pcpu_get_vm_areas+";

	return area && !strncmp(area->caller, caller, sizeof(caller) - 1);
}

/* Where the part of a processor is if the lowest part is at @chunk. */
static uint64_t unit_at(const struct percpu_layout *layout, uint64_t chunk,
			size_t i)
{
	return chunk + (layout->unit[i].addr - layout->unit[0].addr);
}

/* Each part must be in a per-CPU area, the first one at its start. */
static bool fits(const struct percpu_layout *layout,
		 const struct vmalloc_info *info, uint64_t chunk)
{
	const struct vmalloc_area *area, *last = NULL;

	for (size_t i = 0; i < layout->nr; i++) {
		uint64_t at = unit_at(layout, chunk, i);

		area = vmalloc_info_find(info, at);
		if (!percpu_is_chunk(area) ||
		    (area != last && at != area->start))
			return false;
		last = area;
	}
	return true;
}

/* Where a chunk with a group in that area must be; false if not certain. */
static bool find_chunk(const struct percpu_layout *layout,
		       const struct vmalloc_info *info,
		       const struct vmalloc_area *area, uint64_t *chunk)
{
	size_t found = 0;

	for (size_t i = 0; i < layout->nr && found < 2; i++) {
		uint64_t at = area->start -
			      (layout->unit[i].addr - layout->unit[0].addr);

		if (!fits(layout, info, at))
			continue;
		*chunk = at;
		found++;
	}
	return found == 1;
}

/*
 * Whose per-CPU memory @addr is, given its area in vmalloc, and at which
 * per-CPU offset. Returns false if it is not certain.
 */
bool percpu_find(const struct percpu_layout *layout,
		 const struct vmalloc_info *info, uint64_t addr,
		 unsigned int *cpu, uint64_t *offset)
{
	const struct vmalloc_area *area = vmalloc_info_find(info, addr);
	uint64_t chunk;
	size_t i = layout->nr;

	if (!percpu_is_chunk(area) || !find_chunk(layout, info, area, &chunk))
		return false;
	while (unit_at(layout, chunk, i - 1) > addr)
		i--;
	*cpu = layout->unit[i - 1].cpu;
	*offset = addr - layout->unit[i - 1].addr + layout->start;
	return true;
}

void percpu_free(struct percpu_layout *layout)
{
	free(layout->unit);
}
