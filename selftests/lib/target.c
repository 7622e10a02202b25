// SPDX-License-Identifier: GPL-2.0-only
/* Runs mkmap, from the directory of the test. */
#include <limits.h>
#include <sys/prctl.h>

#include "target.h"

#define MAX_KINDS 64

const char *const all_kinds[] = { "all", NULL };

/* The path of @file in the directory of this program. */
bool self_dir(char *path, size_t room, const char *file)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (n < 0)
		return false;
	self[n] = '\0';
	slash = strrchr(self, '/');
	if (!slash)
		return false;
	*slash = '\0';
	return (size_t)snprintf(path, room, "%s/%s", self, file) < room;
}

static void run_mkmap(int out, const char *const kinds[])
{
	char path[PATH_MAX], *argv[MAX_KINDS + 2] = { "mkmap" };

	for (int i = 0; kinds[i] && i < MAX_KINDS; i++)
		argv[i + 1] = strdup(kinds[i]);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	setpgid(0, 0);
	dup2(out, STDOUT_FILENO);
	if (self_dir(path, sizeof(path), "mkmap"))
		execv(path, argv);
	_exit(127);
}

static bool has_exited(pid_t pid)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, pid, &info, WEXITED | WNOHANG | WNOWAIT) ||
	       info.si_pid == pid;
}

/* Waits for the line after the last mapping, and rewinds to the first line. */
static bool wait_until_ready(struct target *target)
{
	char line[256];

	while (!has_exited(target->pid)) {
		clearerr(target->out);
		while (fgets(line, sizeof(line), target->out)) {
			if (strncmp(line, "ready ", 6))
				continue;
			rewind(target->out);
			return true;
		}
		usleep(10000);
	}
	return false;
}

/* Starts a mkmap of @kinds, ended by NULL, and waits until it has made them. */
bool target_start(struct target *target, const char *const kinds[])
{
	int out = memfd_create("mkmap", MFD_CLOEXEC);

	target->pid = fork();
	if (!target->pid)
		run_mkmap(out, kinds);
	/* opened again: the read position must not be the write position */
	target->out = fopen(textf("/proc/self/fd/%d", out), "re");
	close(out);
	return target->out && wait_until_ready(target);
}

/* The address of @kind; false if this machine could not make it. */
bool target_kind(const struct target *target, const char *kind, __u64 *addr)
{
	unsigned long long at;
	char line[256], name[64];

	rewind(target->out);
	while (fgets(line, sizeof(line), target->out)) {
		if (sscanf(line, "%63s 0x%llx", name, &at) != 2 ||
		    strcmp(name, kind))
			continue;
		*addr = at;
		return true;
	}
	return false;
}

/* Waits for it, too; also after a target_start() that failed. */
void target_stop(struct target *target)
{
	if (target->pid > 0) {
		kill(target->pid, SIGTERM);
		waitpid(target->pid, NULL, 0);
	}
	if (target->out)
		fclose(target->out);
	*target = (struct target){ 0 };
}
