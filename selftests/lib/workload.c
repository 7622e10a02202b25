// SPDX-License-Identifier: GPL-2.0-only
/* Starts the programs, fills them with data and swaps some of it out. */
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

#include "freezer.h"
#include "procfs.h"
#include "workload.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

#define REDIS_SOCKET "/tmp/vmscope-redis"
#define READY_SECONDS 240

static void run(const char *const argv[], int out)
{
	int null = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* out of the group that is not frozen */
	setpgid(0, 0);
	dup2(null, STDIN_FILENO);
	dup2(out < 0 ? null : out, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	execvp(argv[0], (char **)argv);
	_exit(127);
}

static pid_t start(const char *const argv[], int out)
{
	pid_t pid = fork();

	if (!pid)
		run(argv, out);
	setpgid(pid, pid);
	return pid;
}

static int redis_connect(pid_t pid)
{
	struct sockaddr_un addr = {
		.sun_family = AF_UNIX,
		.sun_path = REDIS_SOCKET,
	};

	for (int tries = 0; tries < READY_SECONDS * 20; tries++) {
		int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (!connect(fd, (void *)&addr, sizeof(addr)))
			return fd;
		close(fd);
		if (waitpid(pid, NULL, WNOHANG))
			return -1;
		usleep(50000);
	}
	return -1;
}

static bool wait_for(int fd, const char *answer)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	char text[64] = "";
	ssize_t n;

	if (poll(&poll_fd, 1, READY_SECONDS * 1000) != 1)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	return n > 0 && !strncmp(text, answer, strlen(answer));
}

static bool redis_fill(pid_t pid)
{
	static const char fill[] = "DEBUG POPULATE 40000 key 600\r\n";
	int fd = redis_connect(pid);
	bool ok;

	if (fd < 0)
		return false;
	ok = write(fd, fill, strlen(fill)) == (ssize_t)strlen(fill) &&
	     wait_for(fd, "+OK");
	close(fd);
	return ok;
}

/* A Redis server with more than 20 MiB of data. */
void redis_start(struct workload *redis)
{
	static const char *const argv[] = {
		"redis-server", "--port", "0", "--unixsocket",
		REDIS_SOCKET,	"--save", "",  "--enable-debug-command",
		"yes",		NULL
	};

	unlink(REDIS_SOCKET);
	redis->missing = NULL;
	redis->pid = start(argv, -1);
	if (redis_fill(redis->pid))
		return;
	workload_stop(redis);
	redis->missing = "there is no redis-server, or it takes no data";
}

static const char python_program[] =
	"import os, time\n"
	"data = [os.urandom(2000) * 2 for i in range(12000)]\n"
	"print('ready', flush=True)\n"
	"time.sleep(100000)\n";

/* A Python program that got less memory than it has data. */
void python_start(struct workload *python)
{
	const char *const argv[] = { "python3", "-c", python_program, NULL };
	char group[CGROUP_BYTES];
	bool pressed = cgroup_make(group, "vmscope-pressed") &&
		       cgroup_set(group, "memory.high", "32M");
	int out[2];

	python->missing = NULL;
	if (pipe2(out, O_CLOEXEC))
		return;
	python->pid = start(argv, out[1]);
	close(out[1]);
	if (pressed)
		cgroup_move(python->pid, group);
	if (!wait_for(out[0], "ready")) {
		workload_stop(python);
		python->missing = "there is no python3";
	}
	close(out[0]);
	if (pressed)
		cgroup_set(group, "memory.high", "max");
}

/* Also for a program that is missing. */
void workload_stop(struct workload *workload)
{
	kill_child(workload->pid);
	workload->pid = 0;
	if (cgroup_root()) {
		rmdir(textf("%s/vmscope-pressed", cgroup_root()));
	}
}

/* Swaps out half of every private writable area, as under pressure. */
void workload_swap_out(const struct workload *workload)
{
	struct proc_areas areas;
	int pidfd;

	if (workload->pid <= 0 || areas_read(workload->pid, &areas))
		return;
	pidfd = syscall(SYS_pidfd_open, workload->pid, 0);
	for_each_area(area, &areas) {
		struct iovec half = {
			.iov_base = (void *)(uintptr_t)area->start,
			.iov_len = ((area->end - area->start) / 2) &
				   -PAGE_BYTES,
		};

		if (!strcmp(area->perms, "rw-p") && half.iov_len)
			syscall(SYS_process_madvise, pidfd, &half, 1,
				MADV_PAGEOUT, 0);
	}
	close(pidfd);
	areas_free(&areas);
}
