/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every kind of mapping and of absent page, made on demand.
 */
#ifndef _VMSCOPE_MAPPINGS_H
#define _VMSCOPE_MAPPINGS_H

#include "swapdev.h"
#include "vmscope_test.h"

/**
 * struct mapping - memory of one kind, in the process that called for it
 * @base: what to unmap when it is dropped
 * @bytes: how much
 * @addr: the page that is as the kind's name says
 * @pages: how many base pages from @addr on are like it
 * @pfn: its frame, where that is known without asking anyone; else 0
 * @pkey: its protection key
 * @fd: open as long as the mapping lives, or -1
 * @child: process that shares the memory, or 0
 * @swap: device that the page was swapped out to
 */
struct mapping {
	char *base;
	size_t bytes;
	char *addr;
	size_t pages;
	__u64 pfn;
	int pkey;
	int fd;
	pid_t child;
	struct swap_device swap;
};

/**
 * struct mapping_kind - a kind of mapping
 * @name: its name, as mkmap takes it
 * @make: makes one, in a struct mapping of zeros; returns NULL, or why this
 *	machine cannot have one
 */
struct mapping_kind {
	const char *name;
	const char *(*make)(struct mapping *map);
};

const struct mapping_kind *mapping_kind(size_t nr);
const char *mapping_make(const char *name, struct mapping *map);
void mapping_drop(struct mapping *map);
void pattern_fill(void *page, __u64 seed);
bool pattern_is(const void *page, __u64 seed);

#endif /* _VMSCOPE_MAPPINGS_H */
