// SPDX-License-Identifier: GPL-2.0-or-later
/* Hints next to sums of swapped pages: what they do not include. */
#include "model/swaphint.h"

#include "cli/format.h"
#include "cli/message.h"
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

/* Page tables do not lead to what the devices hold beyond @counted. */
static void hint_unmapped(uint64_t used, uint64_t counted)
{
	char rest[16];

	if (used > counted)
		message_hint(
			"%s more is on the devices: shared memory and tmpfs that no process maps, or pages that are back in memory and keep their slot",
			format_size(used - counted, rest, sizeof(rest)));
}

static void hint_zswap(void)
{
	char pages[16], pool[16];
	uint64_t held, bytes;

	if (proc_meminfo("Zswapped", &held) && held &&
	    proc_meminfo("Zswap", &bytes))
		message_hint(
			"zswap holds %s of the machine's swapped pages in memory, in %s: they count as on their device here, and are not read from it",
			format_size(held, pages, sizeof(pages)),
			format_size(bytes, pool, sizeof(pool)));
}

/*
 * Reports where sums of swapped pages and /proc/swaps differ. @swap_type has
 * the bytes that were counted, by number of the device; @everybody: in all
 * processes.
 */
void hint_swapped(const struct swap_devices *devices, const uint64_t *swap_type,
		  bool everybody)
{
	uint64_t used = 0, all = 0;
	char sum[16], held[16];

	for (unsigned int i = 0; i < devices->nr; i++) {
		const struct swap_line *line = &devices->line[i];
		uint64_t counted = counted_on(devices, swap_type, i);

		used += line->used;
		if (counted > line->used)
			message_hint(
				"%s holds %s, not %s: a swapped page counts in each area that maps it",
				line->path,
				format_size(line->used, held, sizeof(held)),
				format_size(counted, sum, sizeof(sum)));
	}
	for (unsigned int t = 0; t < MAX_SWAP_DEVICES; t++)
		all += swap_type[t];
	if (everybody)
		hint_unmapped(used, all);
	if (all)
		hint_zswap();
}

/* Reports how much is on each device; @swap_type as for hint_swapped(). */
void hint_devices(const struct swap_devices *devices, const uint64_t *swap_type)
{
	const char *name;
	char size[16];

	for (unsigned int t = 0; t < MAX_SWAP_DEVICES; t++) {
		if (!swap_type[t])
			continue;
		name = swap_device_name(devices, t);
		message_hint("%s on %s (type %u)",
			     format_size(swap_type[t], size, sizeof(size)),
			     name ? name : "unknown device", t);
	}
}
