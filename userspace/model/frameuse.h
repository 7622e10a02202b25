/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _FRAMEUSE_H
#define _FRAMEUSE_H

#include "model/framesum.h"
#include "source/target.h"

/* Frames that follow one another and have the same use. */
struct frame_extent {
	uint64_t start; /* first frame */
	uint64_t end; /* end, exclusive */
	uint64_t use; /* enum frame_use */
};

/* A slab cache. */
struct slab_use {
	uint64_t addr; /* of its struct kmem_cache */
	uint64_t use; /* enum frame_use */
	char name[64]; /* or "" */
};

/*
 * Uses that frames do not show: by what maps them, where no two extents
 * overlap, and by their slab cache.
 */
struct frame_uses {
	struct vmscope *scope; /* the kernel */
	uint64_t direct_map; /* where frame 0 is mapped; 0 if that is not known */
	struct slab_use *slab; /* caches so far, by address */
	size_t nr_slabs;
	size_t slab_room;
	struct frame_extent *extent; /* in the order of frames */
	size_t nr;
	size_t room;
	size_t sorted; /* how many there were when they were last put in order */
	size_t at; /* where the last search ended */
	uint64_t last; /* the frame that it was for */
	/* why stacks and per-CPU memory may count as vmalloc, or NULL */
	const char *why;
};

int frame_uses_read(struct frame_uses *uses, struct target *kernel,
		    struct cost *cost);
enum frame_use frame_uses_find(struct frame_uses *uses, enum frame_use use,
			       uint64_t pfn, uint64_t *end);
const struct slab_use *frame_uses_slab(struct frame_uses *uses,
				       const struct vmscope_frame_run *run);
void frame_uses_free(struct frame_uses *uses);

#endif /* _FRAMEUSE_H */
