// SPDX-License-Identifier: GPL-2.0-only
/* Children that sleep, wait for a byte or run one function. */
#include <fcntl.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

static int ready[2];

/* As fork(). */
pid_t child_fork(void)
{
	pid_t pid = fork();

	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

/* As fork(), in a group of its own, so that its children go when it does. */
pid_t child_in_group(void)
{
	pid_t pid = child_fork();

	/* Both sides set it: neither may continue before it is set. */
	if (pid >= 0)
		setpgid(pid, pid);
	if (!pid)
		srandom(getpid());
	return pid;
}

/* Forever; a kill ends it. */
void child_pause(void)
{
	for (;;)
		pause();
}

/*
 * Runs @fn in a child, which then sleeps, and waits until it has called
 * child_ready() or ended. Stores its word in @word, 0 if it sent none; NULL to
 * ignore it. Returns its PID, -1 with errno if there is none.
 */
pid_t child_start(void (*fn)(void *arg), void *arg, int *word)
{
	int said = 0;
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC))
		return -1;
	pid = child_fork();
	if (!pid) {
		close(ready[0]);
		fn(arg);
		child_pause();
	}
	close(ready[1]);
	if (read(ready[0], &said, sizeof(said)) != sizeof(said))
		said = 0;
	close(ready[0]);
	if (word)
		*word = said;
	return pid;
}

/* Called once, by any thread or process that descends from the child. */
void child_ready(int word)
{
	(void)!write(ready[1], &word, sizeof(word));
	close(ready[1]);
}

static void exec_when_told(void *go)
{
	char byte;

	child_ready(1);
	if (read(*(int *)go, &byte, 1) == 1)
		execl("/bin/sleep", "sleep", "1000", NULL);
}

/* A child that executes sleep once a byte is written to *@go. */
pid_t child_that_execs(int *go)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	pid = child_start(exec_when_told, &ends[0], NULL);
	close(ends[0]);
	*go = ends[1];
	return pid;
}

/* A child that has ended and is still a zombie. */
pid_t zombie_child(void)
{
	siginfo_t info;
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	return pid;
}

static void *wait_for_ever(void *unused)
{
	(void)unused;
	child_pause();
}

/* Starts threads that wait forever, on small stacks; returns how many. */
int threads_start(int nr)
{
	pthread_attr_t attr;
	pthread_t thread;
	int i = 0;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 1 << 16);
	while (i < nr && !pthread_create(&thread, &attr, wait_for_ever, NULL))
		i++;
	return i;
}

/* A sleeping child with this PID, which must be free; -1 with errno. */
pid_t child_with_pid(pid_t pid)
{
	struct clone_args args = {
		.exit_signal = SIGCHLD,
		.set_tid = (uintptr_t)&pid,
		.set_tid_size = 1,
	};
	pid_t child = syscall(SYS_clone3, &args, sizeof(args));

	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		child_pause();
	}
	return child;
}

/* As child_fork(): a PID, -1 with errno. */
pid_t sleeping_child(void)
{
	pid_t pid = child_fork();

	if (!pid)
		child_pause();
	return pid;
}

/* Waits until all of its threads have stopped. */
void stop_child(pid_t pid)
{
	kill(pid, SIGSTOP);
	waitpid(pid, NULL, WUNTRACED);
}

/*
 * Waits for it, too. Does nothing for -1, as after a failed fork(), which
 * kill() would take as every process.
 */
void kill_child(pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* The return value of @fn in a child, which must be below CHILD_KILLED. */
int in_child(int (*fn)(void *arg), void *arg)
{
	pid_t pid = fork();
	int status = -1;

	if (!pid)
		_exit(fn(arg));
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : CHILD_KILLED;
}

/* What in_pid_namespace() runs. */
struct call {
	int (*fn)(void *arg);
	void *arg;
};

static int enter_pid_namespace(void *arg)
{
	struct call *call = arg;

	return unshare(CLONE_NEWPID) ? CHILD_MISSING :
				       in_child(call->fn, call->arg);
}

/* The same as PID 1 of a namespace, or CHILD_MISSING; below that, too. */
int in_pid_namespace(int (*fn)(void *arg), void *arg)
{
	struct call call = { fn, arg };

	return in_child(enter_pid_namespace, &call);
}
