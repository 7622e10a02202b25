// SPDX-License-Identifier: GPL-2.0-or-later
/* The few facts that come from /proc, and where /sys is. */
#include "source/proc.h"

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
 * Whether /proc is of the machine's PID namespace, and not of a container's.
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
