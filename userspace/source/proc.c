// SPDX-License-Identifier: GPL-2.0-or-later
/* The few facts that come from /proc, and where /sys is. */
#include "source/proc.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *proc_root = "/proc", *sys_root = "/sys";

/* Opens a file below /proc; NULL with errno set. */
FILE *proc_open(const char *path)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/%s", proc_root, path);
	return fopen(full, "re");
}

/* A file that holds one number; false if it cannot be read, or holds none. */
bool file_number(const char *dir, const char *name, uint64_t *number)
{
	char path[PATH_MAX + 32];
	unsigned long long read;
	bool ok;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "re");
	ok = f && fscanf(f, "%llu", &read) == 1;
	if (f)
		fclose(f);
	if (ok)
		*number = read;
	return ok;
}

/*
 * Bytes in a line of /proc/meminfo such as "MemTotal"; false, with 0, if there
 * is no such line, or no /proc.
 */
bool proc_meminfo(const char *name, uint64_t *bytes)
{
	FILE *f = proc_open("meminfo");
	size_t len = strlen(name);
	bool found = false;
	char line[128];

	*bytes = 0;
	while (f && !found && fgets(line, sizeof(line), f)) {
		found = !strncmp(line, name, len) && line[len] == ':';
		if (found)
			*bytes = strtoull(line + len + 1, NULL, 10) * 1024;
	}
	if (f)
		fclose(f);
	return found;
}

/*
 * Whether this process is in the machine's own PID namespace, whose /proc has
 * all processes, unless it is mounted to hide some.
 * Source: PROC_PID_INIT_INO in include/linux/proc_ns.h
 */
bool proc_has_everybody(void)
{
	const ino_t all = 0xeffffffc;
	char path[256];
	struct stat ns;

	snprintf(path, sizeof(path), "%s/self/ns/pid", proc_root);
	return !stat(path, &ns) && ns.st_ino == all;
}
