/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _SLABMERGE_H
#define _SLABMERGE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct slab_name - a name that a slab cache was created by
 * @name: the name
 * @cache: what the kernel calls the cache itself: equal for those it merged
 */
struct slab_name {
	char *name;
	char *cache;
};

/**
 * struct slab_names - /sys/kernel/slab
 * @list: by @cache, then by @name
 * @room: allocated
 * @nr: how many; 0 where the kernel does not show them
 * @tried: it was read, whether that worked or not
 */
struct slab_names {
	struct slab_name *list;
	size_t room;
	size_t nr;
	bool tried;
};

void hint_merged(struct slab_names *names, const char *cache);
void hint_all_merged(struct slab_names *names);
void slab_names_free(struct slab_names *names);

#endif /* _SLABMERGE_H */
