/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's own half: a descriptor bound to it, its regions, and the objects
 * that the test-only module plant.ko reports.
 */
#ifndef _VMSCOPE_SELFTEST_KERNEL_H
#define _VMSCOPE_SELFTEST_KERNEL_H

#include "vmscope_test.h"

/* The very last page holds error pointers, and is in no range. */
#define KERNEL_END (-PAGE_BYTES)

/* A part of the kernel's half. */
struct region {
	__u64 start;
	__u64 end;
	unsigned int kind; /* enum vmscope_region */
};

#define MAX_REGIONS 64

/* In the order of addresses. */
struct regions {
	struct region all[MAX_REGIONS];
	size_t nr;
};

/* An object that plant.ko made. */
struct plant {
	char name[40]; /* its own */
	char kind[16]; /* the name in the module's struct plant_kind */
	__u64 addr;
	__u64 bytes;
	bool made; /* it exists now */
	/* other facts, " key=value" one after the other */
	char words[160];
};

#define MAX_PLANTS 512

/* Blocks of memory, which can go offline. */
#define MEMORY "/sys/devices/system/memory"

struct plants {
	struct plant all[MAX_PLANTS];
	size_t nr;
};

const char *kernel_missing(void);
__u64 kernel_start(int fd);
int what_at(int fd, __u64 addr, struct vmscope_what *what);
bool regions_read(int fd, struct regions *regions);
const struct region *region_of(const struct regions *regions,
			       unsigned int kind);

unsigned int memory_block_highest(void);

bool test_module_is_there(const char *name);
bool test_module_load(const char *name);
bool test_module_unload(const char *name);

bool plants_read(struct plants *plants);
const struct plant *plants_find(const struct plants *plants, const char *name);
bool plant_word(const struct plant *plant, const char *key, char *value,
		size_t room);
__u64 plant_number(const struct plant *plant, const char *key);
bool plant_obeys(const char *command);

#endif /* _VMSCOPE_SELFTEST_KERNEL_H */
