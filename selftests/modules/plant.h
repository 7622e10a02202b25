/* SPDX-License-Identifier: GPL-2.0-only */
/* Objects of known kind, size and address, for tests and for exploring. */
#ifndef _VMSCOPE_PLANT_H
#define _VMSCOPE_PLANT_H

#include <linux/types.h>

struct page;
struct plant;

/* How objects of one kind are made and freed. */
struct plant_kind {
	const char *name; /* its name in the list */
	/* fills @addr, @bytes and what else it knows; 0 or a negative error */
	int (*make)(struct plant *plant);
	/* frees what @make allocated; NULL if there is nothing to free */
	void (*drop)(struct plant *plant);
};

#define PLANT_KIND(id, word, maker, dropper)   \
	const struct plant_kind plant_##id = { \
		.name = word,                  \
		.make = maker,                 \
		.drop = dropper,               \
	}

/* One object. */
struct plant {
	/* its own, without spaces; kept when it is freed and made again */
	char name[40];
	const struct plant_kind *kind; /* what it is */
	size_t arg; /* argument of @kind: a size, an order, an index */
	gfp_t gfp; /* how to allocate it, if that is asked */
	void *addr; /* where it is, or was */
	size_t bytes; /* its length */
	unsigned long pfn; /* frame of its first byte */
	/* its physically contiguous pieces; 0 if nobody counted */
	unsigned long pieces;
	/* what the entry maps that translates @addr; 0 if not known */
	unsigned long page_bytes;
	bool made; /* it exists now */
	void *keep; /* other data for @drop */
	char detail[96]; /* other facts, as key=value */
};

/* What is planted when the module is loaded. */
struct plant_seed {
	const char *name; /* of the object */
	const struct plant_kind *kind; /* what it is */
	size_t arg; /* struct plant */
	gfp_t gfp; /* struct plant */
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
