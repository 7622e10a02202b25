/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _FAKE_H
#define _FAKE_H

#include <vmscope/libvmscope.h>

/**
 * struct fake_entry - an entry, or several empty ones
 * @addr: first address
 * @pages: length in base pages
 * @level: enum vmscope_level
 * @what: flags, key, memory type and state, as word 1 of a page record
 * @raw: the raw entry
 * @value: PFN or slot
 */
struct fake_entry {
	uint64_t addr;
	uint64_t pages;
	unsigned int level;
	uint64_t what;
	uint64_t raw;
	uint64_t value;
};

/**
 * struct fake - a made-up process behind a handle
 * @pid: bound to; 0 before
 * @kernel: bound to the kernel
 * @scans: scan calls so far
 * @room: bytes of records that a call tells at most; 0 for all that fit
 * @garbage: answer scans with what is no record
 * @last: the last scan request, as it came in
 */
struct fake {
	uint64_t pid;
	bool kernel;
	unsigned int scans;
	uint64_t room;
	int garbage;
	struct vmscope_scan last;
};

extern const struct vmscope_ops fake_ops;
extern const struct fake_entry fake_entries[];
extern const size_t fake_nr_entries;

int fake_objects(const struct fake *fake, struct vmscope_objects *q);
int fake_objects_what(struct vmscope_what *what);
bool fake_objects_walk(struct vmscope_walk *walk);

#endif /* _FAKE_H */
