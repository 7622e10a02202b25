// SPDX-License-Identifier: GPL-2.0-or-later
/* The few facts that come from /proc. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "proc.h"

const char *proc_root = "/proc";

/**
 * proc_open - open a file of /proc
 * @path: below /proc
 *
 * Return: the file, or NULL with errno set.
 */
FILE *proc_open(const char *path)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/%s", proc_root, path);
	return fopen(full, "re");
}

/**
 * proc_comm - name of a process
 * @pid: its PID
 * @buf: filled; "?" if it is gone
 * @bytes: length of @buf
 */
void proc_comm(int pid, char *buf, size_t bytes)
{
	char path[32], line[64] = "";
	FILE *f;

	snprintf(path, sizeof(path), "%d/comm", pid);
	f = proc_open(path);
	if (f) {
		if (!fgets(line, sizeof(line), f))
			*line = '\0';
		fclose(f);
	}
	line[strcspn(line, "\n")] = '\0';
	escape_text(*line ? line : "?", false, buf, bytes);
}

/**
 * proc_ram_bytes - memory of the machine
 *
 * Return: bytes, 0 if it cannot be told.
 */
uint64_t proc_ram_bytes(void)
{
	FILE *f = proc_open("meminfo");
	unsigned long long kib = 0;
	char line[128];

	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "MemTotal: %llu kB", &kib) == 1)
			break;
	}
	fclose(f);
	return kib * 1024;
}

/**
 * proc_pids - the processes that there are
 * @pids: set to an array to be freed, in ascending order as /proc lists them
 * @nr: set to its length
 *
 * Return: 0 or a negative errno.
 */
int proc_pids(int **pids, size_t *nr)
{
	DIR *dir = opendir(proc_root);
	size_t room = 0, used = 0;
	int *list = NULL, *more, pid;
	struct dirent *d;

	if (!dir)
		return -errno;
	while ((d = readdir(dir))) {
		if (parse_pid(d->d_name, &pid))
			continue;
		if (used == room) {
			room = room ? room * 2 : 256;
			more = realloc(list, room * sizeof(*list));
			if (!more)
				goto err_free;
			list = more;
		}
		list[used++] = pid;
	}
	closedir(dir);
	*pids = list;
	*nr = used;
	return 0;

err_free:
	closedir(dir);
	free(list);
	return -ENOMEM;
}
