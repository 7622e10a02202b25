/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _RESIDENCY_H
#define _RESIDENCY_H

#include <stdint.h>

#include "source/faultfacts.h"

enum { RESIDENCY_PAGES = 16384 };

/* The shared memory of an area, seen through a window. */
struct residency {
	int fd; /* the file, or -1 */
	uint64_t page_bytes;
	uint64_t first; /* the window, in pages of the file */
	uint64_t nr; /* its length; 0: there is none */
	unsigned char cached[RESIDENCY_PAGES]; /* as of mincore() */
};

bool residency_open(struct residency *res, const struct target *target,
		    const struct vmscope_area *area);
enum fact residency_of(struct residency *res, uint64_t offset);
void residency_close(struct residency *res);

#endif /* _RESIDENCY_H */
