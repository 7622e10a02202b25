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
#include "source/swapdev.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "source/proc.h"

/* The number of zram in the kernel's list of block drivers. */
static unsigned int zram_major(void)
{
	FILE *f = proc_open("devices");
	unsigned int major = 0, number;
	char line[128], name[64];

	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%u %63s", &number, name) == 2 &&
		    !strcmp(name, "zram"))
			major = number;
	}
	fclose(f);
	return major;
}

/*
 * By the kind of device, not by its name; of a file, by the device that its
 * file system is on. If there is no node of this name, as in a container, or no
 * list of drivers, only the name is known.
 */
static bool is_zram(const char *path)
{
	unsigned int zram = zram_major();
	struct stat st;

	if (!zram || stat(path, &st))
		return !strncmp(path, "/dev/zram", 9);
	return major(S_ISBLK(st.st_mode) ? st.st_rdev : st.st_dev) == zram;
}

static bool is_octal(const char *p)
{
	return p[0] == '\\' && p[1] >= '0' && p[1] <= '3' && p[2] >= '0' &&
	       p[2] <= '7' && p[3] >= '0' && p[3] <= '7';
}

/* The kernel writes blanks, tabs, line ends and backslashes as \040. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *p = text; *p; to++) {
		if (is_octal(p)) {
			*to = (p[1] - '0') << 6 | (p[2] - '0') << 3 |
			      (p[3] - '0');
			p += 4;
		} else {
			*to = *p++;
		}
	}
	*to = '\0';
}

static void add_line(struct swap_devices *devices, const char *text)
{
	struct swap_line *line = &devices->line[devices->nr];
	size_t len = strcspn(text, " \t\n");
	unsigned long long used = 0;
	char *path, *guess;

	if (*text != '/' || devices->nr == MAX_SWAP_DEVICES)
		return;
	if (sscanf(text + len, " %*s %*u %llu", &used) != 1)
		return;
	path = strndup(text, len);
	if (!path)
		return;
	unescape(path);
	if (asprintf(&guess, "%s?", path) < 0) {
		free(path);
		return;
	}
	*line = (struct swap_line){ path, guess, is_zram(path), used * 1024 };
	devices->nr++;
}

/*
 * Reads /proc/swaps, which may be missing; @max_type is the largest number that
 * this kernel uses. To be freed with swap_devices_free().
 */
void swap_devices_read(struct swap_devices *devices, unsigned int max_type)
{
	FILE *f = proc_open("swaps");
	size_t room = 0;
	char *text = NULL;

	memset(devices, 0, sizeof(*devices));
	devices->max_type = max_type < MAX_SWAP_DEVICES ? max_type :
							  MAX_SWAP_DEVICES - 1;
	if (!f)
		return;
	while (getline(&text, &room, f) > 0)
		add_line(devices, text);
	free(text);
	fclose(f);
}

/* @devices may be all 0. */
void swap_devices_free(struct swap_devices *devices)
{
	for (unsigned int i = 0; i < devices->nr; i++) {
		free((char *)devices->line[i].path);
		free((char *)devices->line[i].guess);
	}
	devices->nr = 0;
}

/* Notes that a number occurs in page tables. */
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

/*
 * A seen number is in use, so it cannot be a line without a used byte: spread
 * the seen numbers, in order, over the lines that have some.
 */
static bool narrow(const struct swap_devices *devices, unsigned int below,
		   unsigned int above, unsigned int *lowest,
		   unsigned int *highest)
{
	unsigned int used = 0, place = 0, first = *highest + 1, last = 0;

	for (unsigned int i = 0; i < devices->nr; i++)
		used += devices->line[i].used > 0;
	for (unsigned int i = 0; i <= *highest; i++) {
		if (!devices->line[i].used)
			continue;
		if (i >= *lowest && place >= below && place + above < used) {
			first = first < i ? first : i;
			last = i;
		}
		place++;
	}
	if (first > *highest)
		return false;
	*lowest = first;
	*highest = last;
	return true;
}

/*
 * The lines of /proc/swaps that a number can be, which counts as seen: from
 * @lowest to @highest. Below it are at least as many lines as seen numbers
 * below it, and at most as many as there are numbers; the same above it. A
 * device without a used byte in the lines does not count, unless no other fits:
 * the kernel may have begun to use it since. Returns false if no line fits, as
 * when a device has just come or gone.
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
	if (*lowest > *highest)
		return false;
	narrow(devices, below, above, lowest, highest);
	return true;
}

/*
 * Raw bytes; with a "?" after them if several lines are possible, for the one
 * that it is without gaps; NULL if it has none.
 */
const char *swap_device_name(const struct swap_devices *devices,
			     unsigned int type)
{
	unsigned int lowest, highest;

	if (!swap_device_rank(devices, type, &lowest, &highest))
		return NULL;
	return lowest == highest ? devices->line[highest].path :
				   devices->line[highest].guess;
}

/* SWAP_UNSURE if the possible lines differ. */
enum swap_kind swap_device_kind(const struct swap_devices *devices,
				unsigned int type)
{
	unsigned int lowest, highest;
	bool zram;

	if (!swap_device_rank(devices, type, &lowest, &highest))
		return SWAP_UNSURE;
	zram = devices->line[lowest].zram;
	for (unsigned int i = lowest + 1; i <= highest; i++) {
		if (devices->line[i].zram != zram)
			return SWAP_UNSURE;
	}
	return zram ? SWAP_ZRAM : SWAP_DISK;
}
