// SPDX-License-Identifier: GPL-2.0-only
/*
 * Freezes every process outside our own group by cgroup v2, and moves each back
 * to its group.
 */
#include <ctype.h>
#include <dirent.h>
#include <sys/mount.h>
#include <sys/vfs.h>

#include <kselftest.h>

#include "freezer.h"
#include "procfs.h"

#ifndef CGROUP2_SUPER_MAGIC
#define CGROUP2_SUPER_MAGIC 0x63677270
#endif

#define MAX_PROCESSES 4096
/* of 10 ms each */
#define FREEZE_TRIES 6000
#define LIMIT_SECONDS 1000

static struct {
	pid_t pid;
	char group[200];
} moved[MAX_PROCESSES];
static size_t nr_moved;
static char frozen[128];

/* Where cgroup v2 is mounted; NULL if it is not. */
const char *cgroup_root(void)
{
	static const char *const places[] = {
		"/sys/fs/cgroup",
		"/sys/fs/cgroup/unified",
	};
	struct statfs fs;

	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (!statfs(places[i], &fs) && fs.f_type == CGROUP2_SUPER_MAGIC)
			return places[i];
	return NULL;
}

/* Kernel threads and zombies have none. */
bool process_has_memory(pid_t pid)
{
	return status_number(pid, "VmSize:") > 0;
}

/* All processes with memory of their own; how many, at most @room. */
size_t process_list(pid_t *pids, size_t room)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	size_t nr = 0;

	while (dir && nr < room && (entry = readdir(dir)))
		if (isdigit(entry->d_name[0]) &&
		    process_has_memory(atoi(entry->d_name)))
			pids[nr++] = atoi(entry->d_name);
	if (dir)
		closedir(dir);
	return nr;
}

static bool group_of(pid_t pid, char *group, size_t room)
{
	char line[256];
	bool found = false;

	for_each_line_of(line, textf("/proc/%d/cgroup", pid)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "0::", 3))
			found = (size_t)snprintf(group, room, "%s%s",
						 cgroup_root(),
						 line + 3) < room;
	}
	return found;
}

/* Writes to a file of a cgroup, the path of a directory. */
bool cgroup_set(const char *group, const char *file, const char *value)
{
	return file_write(textf("%s/%s", group, file), value);
}

/* Moves a process to a cgroup. */
bool cgroup_move(pid_t pid, const char *group)
{
	return cgroup_set(group, "cgroup.procs", textf("%d", pid));
}

/* A cgroup whose memory is counted, if it can be; it may be there already. */
bool cgroup_make(char group[CGROUP_BYTES], const char *name)
{
	if (!cgroup_root())
		return false;
	cgroup_set(cgroup_root(), "cgroup.subtree_control", "+memory");
	snprintf(group, CGROUP_BYTES, "%s/%s", cgroup_root(), name);
	return !mkdir(group, 0755) || errno == EEXIST;
}

static void freeze_process(pid_t pid)
{
	if (getpgid(pid) == getpgrp() || nr_moved == MAX_PROCESSES ||
	    !group_of(pid, moved[nr_moved].group, sizeof(moved[0].group)))
		return;
	if (cgroup_move(pid, frozen))
		moved[nr_moved++].pid = pid;
}

static bool all_frozen(void)
{
	char line[64];
	bool yes = false;

	for_each_line_of(line, textf("%s/cgroup.events", frozen))
		if (!strcmp(line, "frozen 1\n"))
			yes = true;
	return yes;
}

/* Settings for whatever moves, merges, collapses or unmaps pages by itself. */
static void quiet_kernel(void)
{
	knob_set("/sys/kernel/mm/ksm/run", "0");
	knob_set(
		"/sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs",
		"3600000");
	knob_set("/proc/sys/vm/compaction_proactiveness", "0");
	knob_set("/proc/sys/kernel/numa_balancing", "0");
	knob_set("/sys/kernel/mm/damon/admin/kdamonds/nr_kdamonds", "0");
}

/* How a program begins that freezes all but its own process group. */
void freezer_begin(void)
{
	if (device_missing())
		ksft_exit_skip("%s\n", device_missing());
	ksft_print_header();
	setpgid(0, 0);
}

/*
 * Freezes every process that is not in our process group. Returns NULL, or why
 * it cannot; call freezer_thaw() in both cases.
 */
const char *freezer_freeze(void)
{
	static pid_t pids[MAX_PROCESSES];
	size_t nr;

	if (!cgroup_root())
		return "cgroup v2 is not mounted";
	snprintf(frozen, sizeof(frozen), "%s/vmscope-frozen", cgroup_root());
	if (mkdir(frozen, 0755) && errno != EEXIST)
		return "cannot make a cgroup";
	quiet_kernel();
	nr = process_list(pids, MAX_PROCESSES);
	for (size_t i = 0; i < nr; i++)
		freeze_process(pids[i]);
	if (!cgroup_set(frozen, "cgroup.freeze", "1"))
		return "the kernel has no cgroup freezer";
	for (int tries = 0; tries < FREEZE_TRIES; tries++) {
		if (all_frozen())
			return NULL;
		usleep(10000);
	}
	return "some process does not freeze";
}

/* Restores every process and knob; does nothing if nothing is frozen. */
void freezer_thaw(void)
{
	if (!frozen[0])
		return;
	cgroup_set(frozen, "cgroup.freeze", "0");
	while (nr_moved) {
		nr_moved--;
		cgroup_move(moved[nr_moved].pid, moved[nr_moved].group);
	}
	rmdir(frozen);
	frozen[0] = '\0';
	knobs_restore();
}

/*
 * Runs a test while every process that is not in our group is frozen, in a
 * child: whatever happens to it, its parent thaws all processes. Returns the
 * exit status.
 */
int freezer_run(void (*work)(void))
{
	const char *why = freezer_freeze();
	int status = -1;
	pid_t pid;

	if (why && getenv("VMSCOPE_DEMAND")) {
		printf("Bail out! %s\n", why);
		return KSFT_FAIL;
	}
	if (why) {
		printf("1..0 # SKIP %s\n", why);
		return KSFT_SKIP;
	}
	pid = fork();
	if (!pid) {
		alarm(LIMIT_SECONDS);
		work();
		exit(KSFT_FAIL);
	}
	waitpid(pid, &status, 0);
	freezer_thaw();
	return WIFEXITED(status) ? WEXITSTATUS(status) : KSFT_FAIL;
}
