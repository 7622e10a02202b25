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

static bool has_file(const char *dir, const char *name)
{
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return !access(path, F_OK);
}

/* Whether a directory is another file system than the one it is in. */
static bool is_mount(const char *path, const struct stat *parent)
{
	struct stat dir;

	return !stat(path, &dir) && dir.st_dev != parent->st_dev;
}

/*
 * The root of the hierarchy of the memory controller: version 1, then 2. Groups
 * may have the names of these mounts.
 */
static const char *root(void)
{
	static const char *const mounts[] = { "memory", "unified" };
	static char path[256];
	struct stat top;

	snprintf(path, sizeof(path), "%s/fs/cgroup", sys_root);
	if (stat(path, &top))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++) {
		snprintf(path, sizeof(path), "%s/fs/cgroup/%s", sys_root,
			 mounts[i]);
		if (is_mount(path, &top))
			return path;
	}
	snprintf(path, sizeof(path), "%s/fs/cgroup", sys_root);
	return has_file(path, "cgroup.procs") ? path : NULL;
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
	uint64_t number;

	return file_number(dir, name, &number) ? number : otherwise;
}

/*
 * Whether a cgroup and all above it may have more swapped out. It is not known
 * of one that has no directory here, nor where the top one could have a limit:
 * then it is a container's, and there are others above it.
 * Source: mem_cgroup_get_nr_swap_pages() in mm/memcontrol.c
 */
enum fact cgroup_may_swap(uint64_t inode)
{
	const struct known *cgroup = find(inode);
	const char *mount = root();
	char dir[PATH_MAX];
	size_t top;

	if (!cgroup || !cgroup->path || !mount)
		return FACT_UNKNOWN;
	top = strlen(mount);
	snprintf(dir, sizeof(dir), "%s%s", mount, cgroup->path);
	while (number_in(dir, "memory.swap.current", 0) <
	       number_in(dir, "memory.swap.max", UINT64_MAX)) {
		if (strlen(dir) <= top)
			return has_file(dir, "memory.swap.max") ? FACT_UNKNOWN :
								  FACT_YES;
		*strrchr(dir, '/') = '\0';
	}
	return FACT_NO;
}
