// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The paths of memory cgroups: from the inode number of a cgroup's directory to
 * its path below the mount, as /proc/PID/cgroup has it.
 */
#include "source/cgroup.h"

#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/array.h"
#include "source/proc.h"

/* A path that was found once; "" if there is none. */
struct known {
	uint64_t inode;
	char *path;
};

static struct known *known;
static size_t nr_known;

/* The root of the hierarchy of the memory controller: version 1, then 2. */
static const char *root(void)
{
	static const char *const roots[] = { "memory", "unified", "." };
	static char path[256];

	for (size_t i = 0; i < ARRAY_SIZE(roots); i++) {
		char procs[300];

		snprintf(path, sizeof(path), "%s/fs/cgroup/%s", sys_root,
			 roots[i]);
		snprintf(procs, sizeof(procs), "%s/cgroup.procs", path);
		if (!access(procs, F_OK))
			return path;
	}
	return NULL;
}

/* Searches all directories; NULL if no one has this number. */
static char *search(uint64_t inode)
{
	char *const paths[] = { (char *)root(), NULL };
	FTS *fts = paths[0] ? fts_open(paths, FTS_PHYSICAL | FTS_XDEV, NULL) :
			      NULL;
	const char *path;
	char *found = NULL;
	FTSENT *entry;

	while (fts && !found && (entry = fts_read(fts))) {
		if (entry->fts_info != FTS_D ||
		    entry->fts_statp->st_ino != inode)
			continue;
		path = entry->fts_path + strlen(paths[0]);
		found = strdup(*path ? path : "/");
	}
	if (fts)
		fts_close(fts);
	return found;
}

static const struct known *find(uint64_t inode)
{
	struct known *all;

	for (size_t i = nr_known; i--;) {
		if (known[i].inode == inode)
			return &known[i];
	}
	all = realloc(known, (nr_known + 1) * sizeof(*known));
	if (!all)
		return NULL;
	known = all;
	known[nr_known] = (struct known){ inode, search(inode) };
	return &known[nr_known++];
}

/*
 * The path of a cgroup, or "inode N" of one that has no directory here: it is in
 * @buf, or lives as long as the program.
 */
const char *cgroup_path(uint64_t inode, char *buf, size_t bytes)
{
	const struct known *cgroup = find(inode);

	if (cgroup && cgroup->path)
		return cgroup->path;
	snprintf(buf, bytes, "inode %llu", (unsigned long long)inode);
	return buf;
}

/* The number in a file of a cgroup; @otherwise for "max", or without a file. */
static uint64_t number_in(const char *dir, const char *name, uint64_t otherwise)
{
	char path[PATH_MAX + 32];
	unsigned long long number;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "re");
	if (!f)
		return otherwise;
	if (fscanf(f, "%llu", &number) != 1)
		number = otherwise;
	fclose(f);
	return number;
}

/*
 * Whether a cgroup and all above it may have more swapped out; true for one
 * that has no directory here. The top one has limits, too, if it is a
 * container's.
 * Source: mem_cgroup_get_nr_swap_pages() in mm/memcontrol.c
 */
bool cgroup_may_swap(uint64_t inode)
{
	const struct known *cgroup = find(inode);
	char dir[PATH_MAX];
	size_t top;

	if (!cgroup || !cgroup->path)
		return true;
	top = strlen(root());
	snprintf(dir, sizeof(dir), "%s%s", root(), cgroup->path);
	while (number_in(dir, "memory.swap.current", 0) <
	       number_in(dir, "memory.swap.max", UINT64_MAX)) {
		if (strlen(dir) <= top)
			return true;
		*strrchr(dir, '/') = '\0';
	}
	return false;
}
