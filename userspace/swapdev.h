/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _SWAPDEV_H
#define _SWAPDEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAX_SWAP_DEVICES = 32 };

enum swap_kind { SWAP_UNSURE, SWAP_ZRAM, SWAP_DISK };

/**
 * struct swap_devices - the swap devices, and what is known of their numbers
 * @nr: lines of /proc/swaps
 * @max_type: largest number that a device can have
 * @seen: numbers that occur in page tables, as bits: they are in use
 * @path: by line, as the kernel escapes it
 */
struct swap_devices {
	unsigned int nr;
	unsigned int max_type;
	uint32_t seen;
	char path[MAX_SWAP_DEVICES][128];
};

void swap_devices_read(struct swap_devices *devices, unsigned int max_type);
void swap_devices_see(struct swap_devices *devices, unsigned int type);
bool swap_device_rank(const struct swap_devices *devices, unsigned int type,
		      unsigned int *lowest, unsigned int *highest);
bool swap_device_name(const struct swap_devices *devices, unsigned int type,
		      char *buf, size_t bytes);
enum swap_kind swap_device_kind(const struct swap_devices *devices,
				unsigned int type);

#endif /* _SWAPDEV_H */
