/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _IMAGE_H
#define _IMAGE_H

#include "source/target.h"

/* A part of the kernel's image. */
struct image_part {
	uint64_t start; /* first address */
	uint64_t end; /* end, exclusive */
	const char *name; /* its name */
};

enum { MAX_IMAGE_PARTS = 64 };

/* The parts of the kernel's image that can be distinguished. */
struct image {
	struct image_part part[MAX_IMAGE_PARTS]; /* in ascending order */
	size_t nr;
	bool guessed; /* by what their pages allow */
};

int image_read(struct target *target, uint64_t start, uint64_t end,
	       struct image *image);

#endif /* _IMAGE_H */
