// SPDX-License-Identifier: GPL-2.0-only
/*
 * A reader whose buffer userfaultfd handles can sleep forever. Operations of
 * others on the directory that it reads do not wait for it, or can be killed.
 */
#include "harness.h"

#include <linux/userfaultfd.h>
#include <linux/sched.h>
#include <poll.h>

#include "debugfs.h"

NEEDS(debugfs_missing())

/* A page to which a write never ends. Sets @uffd, -1 if there is none. */
static void *endless_page(int *uffd)
{
	void *page = map_memory(PAGE_BYTES, MAP_PRIVATE);

	*uffd = uffd_register(page, PAGE_BYTES, 0,
			      UFFDIO_REGISTER_MODE_MISSING);
	return *uffd < 0 ? NULL : page;
}

struct stall {
	char path[64];
	void *page;
};

/* Reads a file, or lists a directory, into the endless page. */
static void *stall(void *arg)
{
	const struct stall *s = arg;
	int fd = open(s->path, O_RDONLY | O_CLOEXEC);

	if (syscall(SYS_getdents64, fd, s->page, PAGE_BYTES) < 0 &&
	    errno == ENOTDIR)
		(void)!read(fd, s->page, PAGE_BYTES);
	_exit(1);
}

/* Writes 1 once a reader is stalled, -1 without userfaultfd. */
static void run_reader(void *path)
{
	struct pollfd pfd = { .events = POLLIN };
	static struct stall s;
	pthread_t thread;

	s.page = endless_page(&pfd.fd);
	snprintf(s.path, sizeof(s.path), "%s", (const char *)path);
	if (s.page) {
		pthread_create(&thread, NULL, stall, &s);
		poll(&pfd, 1, -1);
	}
	child_ready(s.page ? 1 : -1);
}

static pid_t start_control(const char *file, pid_t pid)
{
	pid_t child = fork();

	if (!child)
		_exit(control(file, pid));
	return child;
}

/* The status of a child that ends within half a minute, otherwise -1. */
static int ends_with(pid_t child)
{
	int status;

	for (int i = 0; i < 3000; i++) {
		if (waitpid(child, &status, WNOHANG) == child)
			return WIFEXITED(status) ? WEXITSTATUS(status) :
						   128 + WTERMSIG(status);
		usleep(10000);
	}
	return -1;
}

static bool is_there(pid_t pid)
{
	return !access(textf(ROOT "%d", pid), F_OK);
}

FIXTURE(stalled)
{
	pid_t target;
	pid_t reader;
};

FIXTURE_VARIANT(stalled)
{
	const char *file;
	bool waits;
};

/* Debugfs allows to list a directory while it is removed. */
FIXTURE_VARIANT_ADD(stalled, map){ .file = "map" };
FIXTURE_VARIANT_ADD(stalled, summary){ .file = "summary" };
FIXTURE_VARIANT_ADD(stalled, listing){ .file = "", .waits = true };

FIXTURE_SETUP(stalled)
{
	int stalls;

	self->target = sleeping_child();
	ASSERT_EQ(0, control("attach", self->target));
	self->reader = child_start(run_reader,
				   (void *)textf(ROOT "%d/%s", self->target,
						 variant->file),
				   &stalls);
	if (stalls < 0)
		SKIP(return, "the kernel has no userfaultfd");
	ASSERT_EQ(1, stalls);
}

FIXTURE_TEARDOWN(stalled)
{
	kill_child(self->reader);
	control("detach", self->target);
	kill_child(self->target);
}

TEST_F(stalled, reader_keeps_no_detach_waiting)
{
	pid_t detach = start_control("detach", self->target);

	if (variant->waits) {
		usleep(300000);
		kill(detach, SIGKILL);
		EXPECT_EQ(128 + SIGKILL, ends_with(detach));
		kill_child(self->reader);
	} else {
		EXPECT_EQ(0, ends_with(detach));
	}
	while (is_there(self->target))
		usleep(10000);
}

TEST_F(stalled, reader_keeps_nobody_else_waiting)
{
	pid_t other = sleeping_child(), list;
	pid_t detach = start_control("detach", self->target);

	usleep(300000);
	EXPECT_EQ(0, ends_with(start_control("attach", other)));
	EXPECT_TRUE(is_there(other));
	list = fork();
	if (!list)
		_exit(WEXITSTATUS(system("cat " ROOT "attach > /dev/null")));
	EXPECT_EQ(0, ends_with(list));
	EXPECT_EQ(variant->waits ? EBUSY : 0,
		  ends_with(start_control("attach", self->target)));
	EXPECT_EQ(0, ends_with(start_control("detach", other)));
	kill_child(self->reader);
	EXPECT_EQ(0, ends_with(detach));
	kill_child(other);
}

/* A PID that is attached again keeps its directory. */
TEST_F(stalled, reader_keeps_no_attach_again_waiting)
{
	pid_t pid = self->target;

	kill_child(pid);
	ASSERT_EQ(pid, child_with_pid(pid));
	EXPECT_EQ(0, ends_with(start_control("attach", pid)));
	EXPECT_TRUE(is_there(pid));
}

/* Nor does a stalled listing of all directories. */
TEST(stalled_listing_of_all_keeps_nobody_from_being_killed)
{
	pid_t target = sleeping_child(), attach;
	int stalls;
	pid_t reader = child_start(run_reader, ROOT, &stalls);

	if (stalls < 0)
		SKIP(return, "the kernel has no userfaultfd");
	attach = start_control("attach", target);
	usleep(300000);
	kill(attach, SIGKILL);
	EXPECT_EQ(128 + SIGKILL, ends_with(attach));
	kill_child(reader);
	while (!is_there(target))
		usleep(10000);
	EXPECT_EQ(0, control("detach", target));
	kill_child(target);
}

TEST_HARNESS_MAIN
