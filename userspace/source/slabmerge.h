/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _SLABMERGE_H
#define _SLABMERGE_H

#include <stdbool.h>
#include <stddef.h>

/* A name under which a slab cache was created. */
struct slab_name {
	char *name;
	/* the kernel's id of the cache: equal for those that it merged */
	char *cache;
};

/* /sys/kernel/slab. */
struct slab_names {
	struct slab_name *list; /* by @cache, then by @name */
	size_t room;
	size_t nr; /* how many; 0 if the kernel does not show them */
	bool tried; /* it was read, whether that worked or not */
};

void hint_merged(struct slab_names *names, const char *cache);
void hint_all_merged(struct slab_names *names);
void slab_names_free(struct slab_names *names);

#endif /* _SLABMERGE_H */
