// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names of swap devices.
 *
 * A swap entry holds the number of its device, and /proc/swaps lists the
 * devices in the order of their numbers, but never says the numbers: the k-th
 * line is the k-th number in use, and swapoff leaves gaps. What page tables
 * hold is in use, which narrows down the lines that a number can be.
 * Source: swap_start() of mm/swapfile.c
 */
#include <stdio.h>
#include <string.h>

#include "proc.h"
#include "swapdev.h"

/**
 * swap_devices_read - read /proc/swaps
 * @devices: filled; without a device if there is no such file
 * @max_type: largest number that this kernel gives
 */
void swap_devices_read(struct swap_devices *devices, unsigned int max_type)
{
	FILE *f = proc_open("swaps");
	char line[512];

	memset(devices, 0, sizeof(*devices));
	devices->max_type = max_type < MAX_SWAP_DEVICES ? max_type :
							  MAX_SWAP_DEVICES - 1;
	if (!f)
		return;
	while (fgets(line, sizeof(line), f) && devices->nr < MAX_SWAP_DEVICES) {
		char *path = devices->path[devices->nr];

		if (*line != '/' || sscanf(line, "%127s", path) != 1)
			continue;
		devices->nr++;
	}
	fclose(f);
}

/**
 * swap_devices_see - note that a number occurs
 * @devices: the devices
 * @type: the number
 */
void swap_devices_see(struct swap_devices *devices, unsigned int type)
{
	if (type < MAX_SWAP_DEVICES)
		devices->seen |= 1U << type;
}

static unsigned int seen_between(const struct swap_devices *devices,
				 unsigned int from, unsigned int to)
{
	unsigned int nr = 0;

	for (unsigned int t = from; t < to && t < MAX_SWAP_DEVICES; t++)
		nr += devices->seen >> t & 1;
	return nr;
}

/**
 * swap_device_rank - the lines of /proc/swaps that a number can be
 * @devices: the devices
 * @type: the number
 * @lowest: set to the first such line, from 0
 * @highest: set to the last such line
 *
 * Below it lie at least those that were seen below it, and at most as many as
 * there are numbers; above it, likewise.
 *
 * Return: false if no line fits, as when a device has just come or gone.
 */
bool swap_device_rank(const struct swap_devices *devices, unsigned int type,
		      unsigned int *lowest, unsigned int *highest)
{
	unsigned int below, above, room;

	if (type > devices->max_type || !devices->nr)
		return false;
	below = seen_between(devices, 0, type);
	above = seen_between(devices, type + 1, MAX_SWAP_DEVICES);
	if (below + above + 1 > devices->nr)
		return false;
	room = devices->max_type - type;
	*lowest = devices->nr - 1 > room ? devices->nr - 1 - room : 0;
	if (*lowest < below)
		*lowest = below;
	*highest = devices->nr - 1 - above;
	if (*highest > type)
		*highest = type;
	return *lowest <= *highest;
}

/**
 * swap_device_name - name of a swap device
 * @devices: the devices
 * @type: its number
 * @buf: filled; ends in "?" where it is the likeliest of several, which is the
 *	one that it is without gaps
 * @bytes: length of @buf
 *
 * Return: false if it has none.
 */
bool swap_device_name(const struct swap_devices *devices, unsigned int type,
		      char *buf, size_t bytes)
{
	unsigned int lowest, highest;

	buf[0] = '\0';
	if (!swap_device_rank(devices, type, &lowest, &highest))
		return false;
	snprintf(buf, bytes, "%s%s", devices->path[highest],
		 lowest == highest ? "" : "?");
	return true;
}

static bool is_zram(const char *path)
{
	return !strncmp(path, "/dev/zram", 9);
}

/**
 * swap_device_kind - whether a swap device is compressed memory or a disk
 * @devices: the devices
 * @type: its number
 *
 * Return: the kind, SWAP_UNSURE if the lines that it can be differ.
 */
enum swap_kind swap_device_kind(const struct swap_devices *devices,
				unsigned int type)
{
	unsigned int lowest, highest;
	bool zram;

	if (!swap_device_rank(devices, type, &lowest, &highest))
		return SWAP_UNSURE;
	zram = is_zram(devices->path[lowest]);
	for (unsigned int i = lowest + 1; i <= highest; i++) {
		if (is_zram(devices->path[i]) != zram)
			return SWAP_UNSURE;
	}
	return zram ? SWAP_ZRAM : SWAP_DISK;
}
