/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _IMAGE_H
#define _IMAGE_H

#include "source/target.h"

/**
 * struct image_part - a part of the kernel's image
 * @start: first address
 * @end: end, exclusive
 * @name: what it is called
 */
struct image_part {
	uint64_t start;
	uint64_t end;
	const char *name;
};

enum { MAX_IMAGE_PARTS = 64 };

/**
 * struct image - the parts of the kernel's image that can be distinguished
 * @part: in ascending order
 * @nr: how many
 * @guessed: by what their pages allow
 */
struct image {
	struct image_part part[MAX_IMAGE_PARTS];
	size_t nr;
	bool guessed;
};

int image_read(struct target *target, uint64_t start, uint64_t end,
	       struct image *image);

#endif /* _IMAGE_H */
