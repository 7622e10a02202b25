/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _FAKE_H
#define _FAKE_H

#include <vmscope/libvmscope.h>

/* An entry, or several empty ones. */
struct fake_entry {
	uint64_t addr; /* first address */
	uint64_t pages; /* length in base pages */
	unsigned int level; /* enum vmscope_level */
	/* flags, key, memory type and state, as word 1 of a page record */
	uint64_t what;
	uint64_t raw; /* the raw entry */
	uint64_t value; /* PFN or slot */
};

/* An area or region. */
struct fake_area {
	struct vmscope_area area; /* as it is reported */
	const char *name;
};

/* An address space, in the order of addresses. */
struct fake_world {
	const struct fake_area *areas; /* its areas or regions */
	size_t nr_areas;
	const struct fake_entry *entries; /* what is mapped there */
	size_t nr_entries;
	/* its page tables, if they are reported */
	const struct vmscope_table *tables;
	size_t nr_tables;
};

/* A made-up process or kernel behind a handle. */
struct fake {
	const struct fake_world *world; /* bound to; NULL before */
	uint64_t pid; /* bound to; 0 for the kernel */
	unsigned int scans; /* scan calls so far */
	/* bytes of records that a call returns at most; 0 for all that fit */
	uint64_t room;
	int garbage; /* answer scans with words that are not a record */
	int too_long; /* report that more than the buffer was written */
	struct vmscope_scan last; /* the last scan request, as it came in */
};

extern const struct vmscope_ops fake_ops;
extern const struct fake_world fake_kernel;
extern const struct fake_entry fake_entries[];
extern const size_t fake_nr_entries;

int fake_what(struct vmscope_what *what);
int fake_slabs(struct vmscope_slabs *slabs);
int fake_frames(struct vmscope_frame_list *list);
int fake_objects(const struct fake *fake, struct vmscope_objects *q);
int fake_objects_what(struct vmscope_what *what);
bool fake_objects_walk(struct vmscope_walk *walk);

#endif /* _FAKE_H */
