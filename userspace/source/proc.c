// SPDX-License-Identifier: GPL-2.0-or-later
/* The few facts that come from /proc, and where /sys is. */
#include "source/proc.h"

#include <stdlib.h>
#include <string.h>

const char *proc_root = "/proc", *sys_root = "/sys";

/* Opens a file below /proc; NULL with errno set. */
FILE *proc_open(const char *path)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/%s", proc_root, path);
	return fopen(full, "re");
}

/* Bytes in a line of /proc/meminfo such as "MemTotal"; 0 if there is none. */
uint64_t proc_meminfo(const char *name)
{
	FILE *f = proc_open("meminfo");
	size_t len = strlen(name);
	uint64_t kib = 0;
	char line[128];

	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f)) {
		if (!strncmp(line, name, len) && line[len] == ':') {
			kib = strtoull(line + len + 1, NULL, 10);
			break;
		}
	}
	fclose(f);
	return kib * 1024;
}
