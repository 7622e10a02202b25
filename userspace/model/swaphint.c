// SPDX-License-Identifier: GPL-2.0-or-later
/* What sums of swapped pages leave open, said with the numbers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/format.h"
#include "cli/tool.h"
#include "model/swaphint.h"
#include "source/proc.h"
#include "source/swapdev.h"

/* Bytes of page tables that are on this line for certain. */
static uint64_t counted_on(const struct swap_devices *devices,
			   const uint64_t *swap_type, unsigned int line)
{
	unsigned int lowest, highest;
	uint64_t bytes = 0;

	for (unsigned int t = 0; t < MAX_SWAP_DEVICES; t++) {
		if (swap_type[t] &&
		    swap_device_rank(devices, t, &lowest, &highest) &&
		    lowest == line && highest == line)
			bytes += swap_type[t];
	}
	return bytes;
}

/* More than the device holds: each mapping of a page is counted. */
static void hint_shared(const struct request *req, const struct swap_line *line,
			uint64_t counted)
{
	char sum[16], used[16];

	format_size(counted, sum, sizeof(sum));
	format_size(line->used, used, sizeof(used));
	tool_hint(
		req,
		"%s holds %s, not %s: a swapped page counts in each area that maps it",
		line->path, used, sum);
}

/* Less than the devices hold: no page table leads to the rest. */
static void hint_unmapped(const struct request *req, uint64_t used,
			  uint64_t counted)
{
	char rest[16];

	if (used <= counted)
		return;
	format_size(used - counted, rest, sizeof(rest));
	tool_hint(
		req,
		"%s more is on the devices: shared memory and tmpfs that no process maps, or pages that are back in memory and keep their slot",
		rest);
}

static void hint_zswap(const struct request *req)
{
	uint64_t held = proc_meminfo("Zswapped");
	char pages[16], pool[16];

	if (!held)
		return;
	format_size(held, pages, sizeof(pages));
	format_size(proc_meminfo("Zswap"), pool, sizeof(pool));
	tool_hint(
		req,
		"zswap holds %s of the machine's swapped pages in memory, in %s: they count as on their device here, and are not read from it",
		pages, pool);
}

/**
 * hint_swapped - say where sums of swapped pages and /proc/swaps differ
 * @req: the request
 * @devices: the devices
 * @swap_type: bytes that were counted, by number of the device
 * @everybody: they are of all processes
 */
void hint_swapped(const struct request *req, const struct swap_devices *devices,
		  const uint64_t *swap_type, bool everybody)
{
	uint64_t used = 0, counted = 0, all = 0;

	for (unsigned int i = 0; i < devices->nr; i++) {
		counted = counted_on(devices, swap_type, i);
		used += devices->line[i].used;
		if (counted > devices->line[i].used)
			hint_shared(req, &devices->line[i], counted);
	}
	for (unsigned int t = 0; t < MAX_SWAP_DEVICES; t++)
		all += swap_type[t];
	if (everybody)
		hint_unmapped(req, used, all);
	if (all)
		hint_zswap(req);
}

/**
 * hint_devices - say how much is on each device
 * @req: the request
 * @devices: the devices
 * @swap_type: bytes that were counted, by number of the device
 */
void hint_devices(const struct request *req, const struct swap_devices *devices,
		  const uint64_t *swap_type)
{
	const char *name;
	char size[16];

	for (unsigned int t = 0; t < MAX_SWAP_DEVICES; t++) {
		if (!swap_type[t])
			continue;
		name = swap_device_name(devices, t);
		format_size(swap_type[t], size, sizeof(size));
		tool_hint(req, "%s on %s (type %u)", size,
			  name ? name : "unknown device", t);
	}
}
