// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Slab caches that the kernel has merged: with the same size and flags, they
 * are one cache under the name of the first. In sysfs each name is a link to
 * the cache that it was merged into.
 * Source: create_unique_id(), sysfs_slab_alias() in mm/slub.c
 */
#include "source/slabmerge.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/array.h"
#include "cli/message.h"
#include "source/proc.h"

/* Up to this in words; larger ones are numbers. */
enum { MAX_SHOWN = 4 };

static int compare_names(const void *a, const void *b)
{
	const struct slab_name *x = a, *y = b;
	int order = strcmp(x->cache, y->cache);

	return order ? order : strcmp(x->name, y->name);
}

static bool add_name(struct slab_names *names, const char *name,
		     const char *cache)
{
	struct slab_name *added;

	if (!array_reserve(&names->list, names->nr + 1, &names->room,
			   sizeof(*added)))
		return false;
	added = &names->list[names->nr];
	*added = (struct slab_name){ strdup(name), strdup(cache) };
	if (!added->name || !added->cache) {
		free(added->name);
		free(added->cache);
		return false;
	}
	names->nr++;
	return true;
}

static void read_names(struct slab_names *names)
{
	char path[PATH_MAX], cache[NAME_MAX + 1];
	struct dirent *entry;
	ssize_t len;
	DIR *dir;

	names->tried = true;
	snprintf(path, sizeof(path), "%s/kernel/slab", sys_root);
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		len = readlinkat(dirfd(dir), entry->d_name, cache,
				 sizeof(cache) - 1);
		if (len <= 0)
			continue;
		cache[len] = '\0';
		if (!add_name(names, entry->d_name, cache))
			break;
	}
	closedir(dir);
	if (names->nr)
		qsort(names->list, names->nr, sizeof(*names->list),
		      compare_names);
}

/* The end of the names of the same cache as the one at @first. */
static size_t group_end(const struct slab_names *names, size_t first)
{
	size_t end = first + 1;

	while (end < names->nr &&
	       !strcmp(names->list[end].cache, names->list[first].cache))
		end++;
	return end;
}

static bool find_group(const struct slab_names *names, const char *cache,
		       size_t *first, size_t *end)
{
	for (*first = 0; *first < names->nr; *first = *end) {
		*end = group_end(names, *first);
		for (size_t i = *first; i < *end; i++) {
			if (!strcmp(names->list[i].name, cache))
				return *end - *first > 1;
		}
	}
	return false;
}

/* Hints that a cache can hold objects of others, too; reads @names once. */
void hint_merged(struct slab_names *names, const char *cache)
{
	char text[1024];
	size_t first, end, used = 0, shown = 0;

	if (!names->tried)
		read_names(names);
	if (!find_group(names, cache, &first, &end))
		return;
	for (size_t i = first; i < end && shown < MAX_SHOWN; i++) {
		if (!strcmp(names->list[i].name, cache))
			continue;
		used += snprintf(text + used, sizeof(text) - used, "%s%.200s",
				 shown ? ", " : "", names->list[i].name);
		shown++;
	}
	if (end - first - 1 > shown)
		snprintf(text + used, sizeof(text) - used, " and %zu more",
			 end - first - 1 - shown);
	message_hint(
		"the kernel merged %s with %s: an object can be of any of them",
		cache, text);
}

/* Gives a hint how many caches stand for several; reads @names once. */
void hint_all_merged(struct slab_names *names)
{
	size_t groups = 0, merged = 0, end;

	if (!names->tried)
		read_names(names);
	for (size_t first = 0; first < names->nr; first = end) {
		end = group_end(names, first);
		if (end - first == 1)
			continue;
		groups++;
		merged += end - first;
	}
	if (groups)
		message_hint(
			"the kernel merged %zu caches into %zu, each by the name of the first; /sys/kernel/slab has them all, slab_nomerge at boot keeps them apart",
			merged, groups);
}

void slab_names_free(struct slab_names *names)
{
	for (size_t i = 0; i < names->nr; i++) {
		free(names->list[i].name);
		free(names->list[i].cache);
	}
	free(names->list);
}
