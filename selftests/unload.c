// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module is loaded and unloaded while its files are open, its calls run and
 * its directories exist.
 *
 * VMSCOPE_KO names the module, by default /lib/modules/vmscope.ko.
 */
#include "harness.h"
#include "debugfs.h"

#define LOOPS 50
#define FIRST_SECONDS 120

static const char *module_path(void)
{
	const char *path = getenv("VMSCOPE_KO");

	return path ? path : "/lib/modules/vmscope.ko";
}

static void __attribute__((constructor)) need_module(void)
{
	if (access(module_path(), R_OK))
		ksft_exit_skip("there is no %s: VMSCOPE_KO= names the module\n",
			       module_path());
	if (file_number("/sys/module/vmscope/refcnt") > 0)
		ksft_exit_skip("somebody uses the module\n");
}

static int load(void)
{
	int fd = open(module_path(), O_RDONLY | O_CLOEXEC);
	int ret = syscall(SYS_finit_module, fd, "", 0);
	int err = errno;

	close(fd);
	return ret ? err : 0;
}

static int unload(void)
{
	return syscall(SYS_delete_module, "vmscope", O_NONBLOCK) ? errno : 0;
}

static long users(void)
{
	return file_number("/sys/module/vmscope/refcnt");
}

FIXTURE(module)
{
	pid_t child;
};

FIXTURE_SETUP(module)
{
	ASSERT_EQ(0, users());
	self->child = 0;
}

FIXTURE_TEARDOWN(module)
{
	kill_child(self->child);
	load();
}

static pid_t child_that(void (*fn)(void))
{
	pid_t pid = child_fork();

	while (!pid)
		fn();
	return pid;
}

static bool works(void)
{
	struct vmscope_walk walk;
	int fd = device_open_pid(getpid());
	bool ok = fd >= 0 && !walk_at(fd, address(&walk), &walk) && walk.phys;

	if (fd >= 0)
		close(fd);
	return ok;
}

TEST_F(module, unloads_and_loads_again)
{
	EXPECT_EQ(0, unload());
	EXPECT_EQ(-1, access(VMSCOPE_DEVICE, F_OK));
	EXPECT_EQ(-1, access(ROOT, F_OK));
	EXPECT_EQ(0, load());
	EXPECT_TRUE(works());
	EXPECT_EQ(0, users());
}

TEST_F(module, loading_twice_is_eexist)
{
	EXPECT_EQ(EEXIST, load());
	EXPECT_TRUE(works());
}

TEST_F(module, open_descriptor_keeps_it)
{
	int fd = device_open();

	EXPECT_EQ(1, users());
	EXPECT_EQ(EWOULDBLOCK, unload());
	EXPECT_EQ(0, device_attach(fd, getpid()));
	EXPECT_EQ(EWOULDBLOCK, unload());
	close(fd);
	EXPECT_EQ(0, unload());
	EXPECT_EQ(0, load());
}

TEST_F(module, open_text_keeps_it)
{
	int fd = open(ROOT "self/map", O_RDONLY | O_CLOEXEC);
	char text[100];

	ASSERT_LE(0, fd);
	EXPECT_EQ(sizeof(text), read(fd, text, sizeof(text)));
	EXPECT_EQ(EWOULDBLOCK, unload());
	EXPECT_EQ(sizeof(text), read(fd, text, sizeof(text)));
	close(fd);
	EXPECT_EQ(0, unload());
	EXPECT_EQ(0, load());
}

static void scan_self(void)
{
	static int fd = -1;
	static __u64 buf[8192];
	struct vmscope_scan scan;

	if (fd < 0)
		fd = device_open_pid(getpid());
	scan_init(&scan, 0, USER_END, 0);
	scan_once(fd, &scan, buf, sizeof(buf));
}

TEST_F(module, running_scan_keeps_it)
{
	self->child = child_that(scan_self);
	while (!users())
		usleep(1000);
	for (int i = 0; i < 200; i++) {
		EXPECT_EQ(EWOULDBLOCK, unload());
		usleep(1000);
	}
	kill_child(self->child);
	self->child = 0;
	EXPECT_EQ(0, users());
	EXPECT_EQ(0, unload());
	EXPECT_EQ(0, load());
}

TEST_F(module, attached_processes_are_let_go)
{
	const char *path;

	self->child = sleeping_child();
	ASSERT_EQ(0, control("attach", self->child));
	path = view_path(self->child, "map");
	EXPECT_EQ(0, access(path, F_OK));
	EXPECT_EQ(0, unload());
	EXPECT_EQ(0, load());
	EXPECT_EQ(-1, access(path, F_OK));
	EXPECT_EQ(0, control("attach", self->child));
	EXPECT_EQ(0, access(path, F_OK));
}

/*
 * Text files are left out: debugfs itself warns if a module is unloaded just as
 * one of its files is opened (full_proxy_open() of every kernel so far).
 */
static void open_and_close(void)
{
	int fd = device_open();

	if (fd >= 0) {
		device_attach(fd, getpid());
		close(fd);
	}
}

TEST_F(module, comes_and_goes_while_it_is_opened)
{
	time_t start = time(NULL);
	int unloaded = 0;

	self->child = child_that(open_and_close);
	/* on a slow machine the moment between two opens is seldom hit */
	while (unloaded < 20 &&
	       time(NULL) - start < (unloaded ? 10 : FIRST_SECONDS)) {
		int err = unload();

		if (err) {
			EXPECT_EQ(EWOULDBLOCK, err);
			continue;
		}
		unloaded++;
		EXPECT_EQ(0, load());
	}
	EXPECT_LT(0, unloaded);
}

TEST_F(module, comes_and_goes_many_times)
{
	for (int i = 0; i < LOOPS; i++) {
		ASSERT_EQ(0, unload());
		ASSERT_EQ(0, load());
	}
	EXPECT_TRUE(works());
}

TEST_HARNESS_MAIN
