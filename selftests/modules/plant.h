/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Objects of known kind, size and address, for tests and for a look around.
 */
#ifndef _VMSCOPE_PLANT_H
#define _VMSCOPE_PLANT_H

#include <linux/types.h>

struct page;
struct plant;

/**
 * struct plant_kind - how objects of one kind come and go
 * @name: as the list has it
 * @make: fills @addr, @bytes and what else it knows; 0 or a negative error
 * @drop: gives back what @make took; NULL where there is nothing to give back
 */
struct plant_kind {
	const char *name;
	int (*make)(struct plant *plant);
	void (*drop)(struct plant *plant);
};

#define PLANT_KIND(id, word, maker, dropper)   \
	const struct plant_kind plant_##id = { \
		.name = word,                  \
		.make = maker,                 \
		.drop = dropper,               \
	}

/**
 * struct plant - one object
 * @name: its own, without spaces; kept when it is freed and made anew
 * @kind: what it is
 * @arg: what @kind makes of it: a size, an order, an index
 * @gfp: how to allocate it, where that is asked
 * @addr: where it is, or was
 * @bytes: how long it is
 * @pfn: frame of its first byte
 * @pieces: physically contiguous pieces of it; 0 where nobody counted
 * @page_bytes: what the entry maps that translates @addr; 0 if not known
 * @made: it is there now
 * @keep: what @drop needs besides
 * @detail: more of it, as key=value
 */
struct plant {
	char name[40];
	const struct plant_kind *kind;
	size_t arg;
	gfp_t gfp;
	void *addr;
	size_t bytes;
	unsigned long pfn;
	unsigned long pieces;
	unsigned long page_bytes;
	bool made;
	void *keep;
	char detail[96];
};

/**
 * struct plant_seed - what is planted when the module is loaded
 * @name: of the object
 * @kind: what it is
 * @arg: struct plant
 * @gfp: struct plant
 */
struct plant_seed {
	const char *name;
	const struct plant_kind *kind;
	size_t arg;
	gfp_t gfp;
};

extern const struct plant_kind plant_kmalloc, plant_pages;
extern const struct plant_kind plant_object, plant_large_object;
extern const struct plant_kind plant_vmalloc, plant_huge_vmalloc;
extern const struct plant_kind plant_vmap, plant_vmap_pairs, plant_ioremap;
extern const struct plant_kind plant_uncached, plant_write_combined;
extern const struct plant_kind plant_wx, plant_table, plant_restricted;
extern const struct plant_kind plant_percpu, plant_thread, plant_bpf;
extern const struct plant_kind plant_symbol, plant_struct_page, plant_slot;

int plant_unsupported(struct plant *plant);
void plant_here(struct plant *plant, void *addr, size_t bytes);
void plant_linear(struct plant *plant, void *addr, size_t bytes);
void plant_paged(struct plant *plant, void *addr, size_t bytes);

#endif /* _VMSCOPE_PLANT_H */
