// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may open and attach, which PIDs an attach accepts, and what happens to a
 * descriptor when its target exits. Built for 32-bit callers too.
 */
#include "harness.h"

static __u64 scan_buf[4096];

/* Which PIDs an attach accepts */

static int attach_errno(__u64 flags, __u64 pid)
{
	struct vmscope_attach attach = {
		.size = sizeof(attach),
		.flags = flags,
		.pid = pid,
	};
	int fd = device_open();
	int err = call_errno(fd, VMSCOPE_IOC_ATTACH, &attach);

	close(fd);
	return err;
}

TEST(attach_fields_are_judged)
{
	EXPECT_EQ(EINVAL, attach_errno(1, getpid()));
	EXPECT_EQ(EINVAL, attach_errno(0, 0));
	EXPECT_EQ(EINVAL, attach_errno(0, 1ULL << 31));
	EXPECT_EQ(EINVAL, attach_errno(0, 1ULL << 32));
	EXPECT_EQ(EINVAL, attach_errno(0, (1ULL << 32) + getpid()));
	EXPECT_EQ(EINVAL, attach_errno(0, 1ULL << 63));
	EXPECT_EQ(EINVAL, attach_errno(0, -1ULL));
	EXPECT_EQ(ESRCH, attach_errno(0, 0x7fffffff));
	EXPECT_EQ(ENODATA, attach_errno(0, 2)); /* a kernel thread */
}

TEST(attach_dead_is_esrch)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	EXPECT_EQ(ESRCH, attach_errno(0, pid));
}

TEST(attach_zombie_is_esrch)
{
	pid_t pid = zombie_child();

	EXPECT_EQ(ESRCH, attach_errno(0, pid));
	waitpid(pid, NULL, 0);
}

TEST(attach_failed_leaves_the_descriptor_unbound)
{
	int fd = device_open();

	EXPECT_EQ(-1, device_attach(fd, 0x7fffffff));
	EXPECT_EQ(0, device_attach(fd, getpid()));
}

TEST(attach_other_without_sys_ptrace_is_eperm)
{
	pid_t pid = sleeping_child();

	cap_drop(CAP_SYS_PTRACE);
	EXPECT_EQ(EPERM, attach_errno(0, pid));
	EXPECT_EQ(0, attach_errno(0, getpid()));
	kill_child(pid);
}

/* In a PID namespace of its own, 1 is the child, and the parent has no PID. */
static int attach_in_pid_namespace(void *arg)
{
	const pid_t *outside = arg;

	if (getpid() != 1)
		return 255;
	if (attach_errno(0, 1))
		return 1;
	return attach_errno(0, *outside) == ESRCH ? 0 : 2;
}

TEST(attach_counts_pids_as_the_callers_namespace_does)
{
	pid_t self = getpid();
	int ret;

	/* a number that the new namespace cannot have used yet */
	while (self < 100)
		self = sleeping_child();
	ret = in_pid_namespace(attach_in_pid_namespace, &self);
	if (ret == CHILD_MISSING)
		SKIP(return, "the kernel has no PID namespaces");
	EXPECT_EQ(0, ret);
	if (self != getpid())
		kill_child(self);
}

static int scan_errno(int fd)
{
	struct vmscope_scan scan;

	scan_init(&scan, 0, USER_END, VMSCOPE_SCAN_RUNS);
	return scan_once(fd, &scan, scan_buf, VMSCOPE_SCAN_MIN_BYTES) ? errno :
									0;
}

/* A bound descriptor moves on to the next process */

static int next_errno(int fd, pid_t pid, struct vmscope_attach *attach)
{
	*attach = (struct vmscope_attach){
		.size = sizeof(*attach),
		.flags = VMSCOPE_ATTACH_NEXT,
		.pid = pid,
	};
	return call_errno(fd, VMSCOPE_IOC_ATTACH, attach);
}

TEST(attach_next_moves_a_bound_descriptor)
{
	pid_t pid = sleeping_child();
	struct vmscope_attach attach;
	int fd = own_device();

	EXPECT_EQ(0, next_errno(fd, pid, &attach));
	EXPECT_EQ(pid, attach.tgid);
	EXPECT_EQ(0, scan_errno(fd));
	kill_child(pid);
	EXPECT_EQ(ESRCH, scan_errno(fd));
	EXPECT_EQ(0, next_errno(fd, getpid(), &attach));
	EXPECT_EQ(getpid(), attach.tgid);
	EXPECT_EQ(0, scan_errno(fd));
}

TEST(attach_next_that_fails_leaves_the_binding)
{
	pid_t pid = sleeping_child();
	struct vmscope_attach attach;
	int fd = own_device();

	EXPECT_EQ(ESRCH, next_errno(fd, 0x7fffffff, &attach));
	EXPECT_EQ(EINVAL, next_errno(fd, 0, &attach));
	cap_drop(CAP_SYS_PTRACE);
	EXPECT_EQ(EPERM, next_errno(fd, pid, &attach));
	EXPECT_EQ(0, scan_errno(fd));
	EXPECT_EQ(EBUSY, errno_of(device_attach(fd, getpid())));
	close(fd);
	kill_child(pid);
}

/* What happens to a descriptor when its target exits */

TEST(exit_of_the_target_is_esrch)
{
	pid_t pid = sleeping_child();
	struct vmscope_census census;
	struct vmscope_walk walk;
	int fd = device_of(pid);

	EXPECT_EQ(0, scan_errno(fd));
	kill_child(pid);
	EXPECT_EQ(ESRCH, scan_errno(fd));
	EXPECT_EQ(ESRCH, errno_of(walk_at(fd, PAGE_BYTES, &walk)));
	EXPECT_EQ(ESRCH, errno_of(census_read(fd, &census)));
	EXPECT_EQ(EBUSY, errno_of(device_attach(fd, getpid())));
}

TEST(exec_of_the_target_is_esrch)
{
	char byte = 0;
	int go, fd;
	pid_t pid;

	pid = child_that_execs(&go);
	fd = device_of(pid);
	EXPECT_EQ(0, scan_errno(fd));
	ASSERT_EQ(1, write(go, &byte, 1));
	while (!scan_errno(fd) && !process_exited(pid))
		usleep(1000);
	EXPECT_EQ(ESRCH, scan_errno(fd));
	/* the PID still exists, and so does its new address space */
	EXPECT_EQ(0, attach_errno(0, pid));
	kill_child(pid);
}

/* A process whose main thread has exited continues with the others. */
static void *outlive(void *arg)
{
	sleep(TEST_SECONDS);
	return arg;
}

TEST(attach_process_without_its_main_thread_is_taken)
{
	char line[512], state = '?';
	pid_t pid = child_fork();

	if (!pid) {
		pthread_t thread;

		pthread_create(&thread, NULL, outlive, NULL);
		syscall(SYS_exit, 0);
	}
	while (state != 'Z') {
		ASSERT_FALSE(process_exited(pid));
		for_each_line_of(line, textf("/proc/%d/stat", pid))
			sscanf(line, "%*d %*s %c", &state);
		usleep(1000);
	}
	EXPECT_EQ(0, attach_errno(0, pid));
	kill_child(pid);
}

static int open_as_nobody(void *arg)
{
	(void)arg;
	if (setgid(65534) || setuid(65534))
		return 255;
	return errno_of(device_open());
}

TEST(open_by_nobody_is_eacces)
{
	EXPECT_EQ(EACCES, in_child(open_as_nobody, NULL));
}

static int open_without_sys_admin(void *arg)
{
	(void)arg;
	cap_drop(CAP_SYS_ADMIN);
	return errno_of(device_open());
}

TEST(open_without_sys_admin_is_eacces)
{
	EXPECT_EQ(EACCES, in_child(open_without_sys_admin, NULL));
}

TEST(node_is_for_root_alone)
{
	struct stat stat;

	ASSERT_EQ(0, fstatat(AT_FDCWD, VMSCOPE_DEVICE, &stat, 0));
	EXPECT_EQ(0600, stat.st_mode & 07777);
	EXPECT_EQ(0, stat.st_uid);
}

/* The last test: the others have logged nothing to the kernel's log. */
TEST(nothing_was_logged)
{
	EXPECT_EQ(NULL, kernel_log_complaint());
}

TEST_HARNESS_MAIN
