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
 * struct fake_area - an area or region
 * @area: as it is reported
 * @name: its name
 */
struct fake_area {
	struct vmscope_area area;
	const char *name;
};

/**
 * struct fake_world - an address space, in the order of addresses
 * @areas: its areas or regions
 * @nr_areas: how many
 * @entries: what is mapped there
 * @nr_entries: how many
 * @tables: its page tables, where they are reported
 * @nr_tables: how many
 */
struct fake_world {
	const struct fake_area *areas;
	size_t nr_areas;
	const struct fake_entry *entries;
	size_t nr_entries;
	const struct vmscope_table *tables;
	size_t nr_tables;
};

/**
 * struct fake - a made-up process or kernel behind a handle
 * @world: bound to; NULL before
 * @pid: bound to; 0 of the kernel
 * @scans: scan calls so far
 * @room: bytes of records that a call returns at most; 0 for all that fit
 * @garbage: answer scans with what is no record
 * @too_long: say that more than the buffer was written
 * @last: the last scan request, as it came in
 */
struct fake {
	const struct fake_world *world;
	uint64_t pid;
	unsigned int scans;
	uint64_t room;
	int garbage;
	int too_long;
	struct vmscope_scan last;
};

extern const struct vmscope_ops fake_ops;
extern const struct fake_world fake_kernel;
extern const struct fake_entry fake_entries[];
extern const size_t fake_nr_entries;

int fake_what(struct vmscope_what *what);
int fake_slabs(struct vmscope_slabs *slabs);
int fake_objects(const struct fake *fake, struct vmscope_objects *q);
int fake_objects_what(struct vmscope_what *what);
bool fake_objects_walk(struct vmscope_walk *walk);

#endif /* _FAKE_H */
