/* SPDX-License-Identifier: GPL-2.0-only */
/* Swap devices of our own, and the contents of their slots. */
#ifndef _VMSCOPE_SWAPDEV_H
#define _VMSCOPE_SWAPDEV_H

#include "vmscope_test.h"

/* A device that swapdev_add() has activated. */
struct swap_device {
	char path[64]; /* of the block device; empty if there is none */
	int zram; /* number of the zram device, or -1 */
	int fd; /* of the loop device, which lasts as long as this; or -1 */
};

#define NO_SWAP ((struct swap_device){ .zram = -1, .fd = -1 })

enum swapdev_kind {
	SWAPDEV_ZRAM,
	SWAPDEV_DISK,
};

const char *zram_add(int *number, size_t bytes);
bool zram_remove(int number);
const char *swapdev_add(struct swap_device *dev, enum swapdev_kind kind,
			size_t bytes);
bool swapdev_remove(struct swap_device *dev);
void swapdev_remember(void);
void swapdev_remove_new(void);
bool swapdev_slot_read(const struct swap_device *dev, __u64 offset, void *page);
bool swap_out(void *addr, size_t bytes);
bool swap_out_shared(void *addr, size_t bytes);

#endif /* _VMSCOPE_SWAPDEV_H */
