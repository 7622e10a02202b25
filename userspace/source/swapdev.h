/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _SWAPDEV_H
#define _SWAPDEV_H

#include <stdbool.h>
#include <stdint.h>

enum { MAX_SWAP_DEVICES = 32 };

enum swap_kind { SWAP_UNSURE, SWAP_ZRAM, SWAP_DISK, NR_SWAP_KINDS };

/* A line of /proc/swaps. */
struct swap_line {
	const char *path; /* raw bytes, the kernel's escapes undone */
	const char *guess; /* the same followed by a "?" */
	bool zram; /* it is compressed memory */
	uint64_t used; /* bytes in use when the file was read */
};

/* The swap devices, and what is known about their numbers. */
struct swap_devices {
	unsigned int nr; /* lines of /proc/swaps */
	unsigned int max_type; /* largest number that a device can have */
	/* numbers that occur in page tables, as bits: they are in use */
	uint32_t seen;
	struct swap_line line[MAX_SWAP_DEVICES];
};

void swap_devices_read(struct swap_devices *devices, unsigned int max_type);
void swap_devices_free(struct swap_devices *devices);
void swap_devices_see(struct swap_devices *devices, unsigned int type);
bool swap_device_rank(const struct swap_devices *devices, unsigned int type,
		      unsigned int *lowest, unsigned int *highest);
const char *swap_device_name(const struct swap_devices *devices,
			     unsigned int type);
enum swap_kind swap_device_kind(const struct swap_devices *devices,
				unsigned int type);

#endif /* _SWAPDEV_H */
