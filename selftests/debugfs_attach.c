// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may be attached and who may read: what attach and detach accept, and what
 * happens to a directory when its process exits, executes or is used again.
 */
#include "harness.h"
#include "debugfs.h"

#define MAX_TARGETS 64

NEEDS(debugfs_missing())

FIXTURE(attached)
{
	pid_t pid;
};

FIXTURE_SETUP(attached)
{
	self->pid = sleeping_child();
	ASSERT_EQ(0, control("attach", self->pid));
}

FIXTURE_TEARDOWN(attached)
{
	control("detach", self->pid);
	kill_child(self->pid);
}

static bool listed(pid_t pid, const char *state)
{
	int fd = open(ROOT "attach", O_RDONLY | O_CLOEXEC);
	char *text = read_text(fd, 4096);
	bool found = text && strstr(text, textf("\n%d %s ", pid, state));

	free(text);
	close(fd);
	return found;
}

TEST_F(attached, has_its_files)
{
	EXPECT_TRUE(listed(self->pid, "alive"));
	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		char *text = read_view(self->pid, views[i], 65536);

		EXPECT_NE(NULL, text);
		free(text);
	}
}

TEST_F(attached, twice_is_eexist)
{
	EXPECT_EQ(EEXIST, control("attach", self->pid));
	EXPECT_TRUE(listed(self->pid, "alive"));
}

TEST_F(attached, detached_is_gone)
{
	EXPECT_EQ(0, control("detach", self->pid));
	EXPECT_FALSE(listed(self->pid, "alive"));
	EXPECT_EQ(-1, access(view_path(self->pid, "map"), F_OK));
	EXPECT_EQ(ENOENT, control("detach", self->pid));
}

TEST_F(attached, detached_while_open_reads_an_error)
{
	char byte;
	int fd = view_open(self->pid, "map");

	ASSERT_LE(0, fd);
	ASSERT_EQ(1, read(fd, &byte, 1));
	EXPECT_EQ(0, control("detach", self->pid));
	EXPECT_EQ(EIO, errno_of(pread(fd, &byte, 1, 0)));
}

TEST_F(attached, exit_is_esrch)
{
	kill_child(self->pid);
	EXPECT_TRUE(listed(self->pid, "gone"));
	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		EXPECT_EQ(NULL, read_view(self->pid, views[i], 4096));
		EXPECT_EQ(ESRCH, errno);
	}
}

TEST_F(attached, exit_while_open_is_esrch)
{
	int fd = view_open(self->pid, "map");

	ASSERT_LE(0, fd);
	kill_child(self->pid);
	EXPECT_EQ(NULL, read_text(fd, 4096));
	EXPECT_EQ(ESRCH, errno);
}

static size_t nr_lines(const char *text)
{
	size_t nr = 0;

	for (; *text; text++)
		nr += *text == '\n';
	return nr;
}

TEST_F(attached, pid_used_again_is_attached_anew)
{
	char *text;

	kill_child(self->pid);
	ASSERT_EQ(self->pid, child_with_pid(self->pid));
	EXPECT_EQ(NULL, read_view(self->pid, "map", 4096));
	EXPECT_EQ(ESRCH, errno);
	EXPECT_EQ(0, control("attach", self->pid));
	EXPECT_TRUE(listed(self->pid, "alive"));
	text = read_view(self->pid, "map", 65536);
	ASSERT_NE(NULL, text);
	EXPECT_LT(3, nr_lines(text));
}

static int control_error(const char *file, const char *text)
{
	return write_control(file, text, strlen(text));
}

TEST(attach_garbage_is_einval)
{
	static const char *const garbage[] = {
		"abc",
		"1x",
		"x1",
		"-1",
		"0",
		"0x1",
		"1 2",
		"1\n2",
		"\n",
		" \n",
		"2147483648",
		"99999999999",
		"18446744073709551617",
		"1.5",
		"\xff",
	};

	for (size_t i = 0; i < ARRAY_SIZE(garbage); i++) {
		about("'%s': ", garbage[i]);
		EXPECT_EQ(EINVAL, control_error("attach", garbage[i]));
		EXPECT_EQ(EINVAL, control_error("detach", garbage[i]));
	}
	EXPECT_EQ(EINVAL, write_control("attach", "1\0", 2));
}

TEST(attach_overlong_is_einval)
{
	static char text[70000];

	memset(text, '1', sizeof(text));
	EXPECT_EQ(EINVAL, write_control("attach", text, sizeof(text)));
	EXPECT_EQ(EINVAL, write_control("attach", text, 16));
	memset(text, ' ', sizeof(text));
	EXPECT_EQ(EINVAL, write_control("attach", text, 4096));
}

TEST(attach_bad_buffer_is_efault)
{
	int fd = open(ROOT "attach", O_WRONLY | O_CLOEXEC);

	EXPECT_EQ(EFAULT, errno_of(syscall(SYS_write, fd, 1, 4)));
}

TEST(attach_nobody_is_esrch)
{
	EXPECT_EQ(ESRCH, control("attach", 0x7fffffff));
}

TEST(attach_zombie_is_esrch)
{
	pid_t pid = zombie_child();

	EXPECT_EQ(ESRCH, control("attach", pid));
	waitpid(pid, NULL, 0);
}

TEST(attach_kernel_thread_is_enodata)
{
	EXPECT_EQ(ENODATA, control("attach", 2));
}

TEST(directory_follows_its_process_through_exec)
{
	char byte = 0;
	int go, fd;
	pid_t pid;

	pid = child_that_execs(&go);
	ASSERT_LT(0, pid);
	ASSERT_EQ(0, control("attach", pid));
	fd = view_open(pid, "map");
	ASSERT_LE(0, fd);
	ASSERT_EQ(1, write(go, &byte, 1));
	/* the new address space exists before the program is in it */
	while (!view_has(pid, "map", "/sleep")) {
		ASSERT_FALSE(process_exited(pid));
		usleep(1000);
	}
	EXPECT_TRUE(listed(pid, "alive"));
	EXPECT_TRUE(view_has(pid, "summary", "\ncomm sleep\n"));
	EXPECT_EQ(EEXIST, control("attach", pid));
	/* an open file stays with the memory that it was opened for */
	EXPECT_EQ(NULL, read_text(fd, 4096));
	EXPECT_EQ(ESRCH, errno);
	control("detach", pid);
	kill_child(pid);
}

/* As typed by people: the shell's child executes while it is attached. */
TEST(attach_of_a_child_of_the_shell_shows_its_program)
{
	for (int i = 0; i < 20; i++)
		ASSERT_EQ(0, system("cd " ROOT " && { sleep 99 & p=$!; "
				    "echo $p > attach && cat $p/tables && "
				    "echo $p > detach; s=$?; kill $p; "
				    "exit $s; } > /dev/null"));
}

TEST_F(attached, blanks_around_the_pid_are_taken)
{
	const char *text = textf(" \t%d \n\n", self->pid);

	EXPECT_EQ(0, control_error("detach", text));
	EXPECT_EQ(0, control_error("attach", text));
	EXPECT_TRUE(listed(self->pid, "alive"));
}

/* The errno of the last attach; 0 if an earlier one fails. */
static int attach_too_many(pid_t pids[MAX_TARGETS + 1])
{
	int err = 0, i;

	for (i = 0; i <= MAX_TARGETS; i++)
		pids[i] = sleeping_child();
	for (i = 0; i <= MAX_TARGETS && !err; i++)
		err = control("attach", pids[i]);
	return i > MAX_TARGETS ? err : 0;
}

TEST(dead_targets_make_room)
{
	pid_t pids[MAX_TARGETS + 1];

	ASSERT_EQ(EMFILE, attach_too_many(pids));
	kill_child(pids[0]);
	kill_child(pids[1]);
	EXPECT_EQ(0, control("attach", pids[MAX_TARGETS]));
	EXPECT_FALSE(listed(pids[0], "gone"));
	for (int i = 1; i <= MAX_TARGETS; i++) {
		control("detach", pids[i]);
		if (i > 1)
			kill_child(pids[i]);
	}
}

TEST(attach_of_one_too_many_is_emfile)
{
	pid_t pids[MAX_TARGETS + 1];

	ASSERT_EQ(EMFILE, attach_too_many(pids));
	EXPECT_EQ(EEXIST, control("attach", pids[0]));
	/* a target that is gone makes room once it is released */
	EXPECT_EQ(0, control("detach", pids[0]));
	EXPECT_EQ(0, control("attach", pids[MAX_TARGETS]));
	for (int i = 0; i <= MAX_TARGETS; i++) {
		control("detach", pids[i]);
		kill_child(pids[i]);
	}
}

/* Our PID in the initial namespace, by a list read in ours; 0 if missing. */
static pid_t listed_as(pid_t here)
{
	char line[128];
	int pid, own, found = 0;

	for_each_line_of(line, ROOT "attach")
		if (sscanf(line, "%d alive %d", &pid, &own) == 2 && own == here)
			found = pid;
	return found;
}

/* PID 1 is the child itself, and a directory 1/ would be init's. */
static int attach_ourselves(void *arg)
{
	pid_t machine;

	(void)arg;
	if (getpid() != 1)
		return 1;
	if (control("attach", 1))
		return 2;
	machine = listed_as(1);
	if (machine <= 1)
		return 3;
	if (!view_has(machine, "summary", "\ncomm debugfs_attach\n"))
		return 4;
	if (control("attach", 1) != EEXIST)
		return 5;
	if (control("detach", machine) != ENOENT)
		return 6;
	return control("detach", 1) ? 7 : 0;
}

TEST(pid_of_another_namespace_names_no_other_process)
{
	int ret;

	ASSERT_EQ(0, control("attach", 1));
	ret = in_pid_namespace(attach_ourselves, NULL);
	EXPECT_TRUE(view_has(1, "summary", "\npid 1\n"));
	EXPECT_EQ(0, control("detach", 1));
	if (ret == CHILD_MISSING)
		SKIP(return, "the kernel has no PID namespaces");
	EXPECT_EQ(0, ret);
}

static unsigned int mode_of(const char *path)
{
	struct stat stat;

	return fstatat(AT_FDCWD, path, &stat, 0) ? 0 : stat.st_mode & 07777;
}

TEST_F(attached, files_are_for_root_alone)
{
	EXPECT_EQ(0600, mode_of(ROOT "attach"));
	EXPECT_EQ(0200, mode_of(ROOT "detach") & ~0400);
	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		EXPECT_EQ(0400, mode_of(view_path(0, views[i])));
		EXPECT_EQ(0400, mode_of(view_path(self->pid, views[i])));
	}
}

TEST(without_sys_admin_nothing_opens)
{
	cap_drop(CAP_SYS_ADMIN);
	EXPECT_EQ(NULL, read_view(0, "map", 4096));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(EPERM, control("attach", getppid()));
	EXPECT_EQ(EPERM, control("detach", getppid()));
}

TEST_F(attached, without_sys_ptrace_others_are_eperm)
{
	cap_drop(CAP_SYS_PTRACE);
	EXPECT_EQ(EPERM, control("attach", getppid()));
	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		char *own = read_view(0, views[i], 65536);

		EXPECT_EQ(NULL, read_view(self->pid, views[i], 4096));
		EXPECT_EQ(EPERM, errno);
		EXPECT_NE(NULL, own);
		free(own);
	}
}

struct drop {
	int fd;
	int cap;
};

static int read_without(void *arg)
{
	const struct drop *drop = arg;
	char byte;

	cap_drop(drop->cap);
	return errno_of(read(drop->fd, &byte, 1));
}

/* Text that is left from an earlier read does not bypass the check. */
TEST_F(attached, file_handed_on_is_eperm_without_sys_ptrace)
{
	char byte;

	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		int fd = view_open(self->pid, views[i]);
		struct drop drop = { fd, CAP_SYS_PTRACE };

		ASSERT_LE(0, fd);
		ASSERT_EQ(1, read(fd, &byte, 1));
		EXPECT_EQ(EPERM, in_child(read_without, &drop));
		EXPECT_EQ(1, read(fd, &byte, 1));
		close(fd);
	}
}

static int list_errno(int cap)
{
	struct drop drop = { open(ROOT "attach", O_RDONLY | O_CLOEXEC), cap };

	return in_child(read_without, &drop);
}

static int open_without(void *arg)
{
	cap_drop(*(int *)arg);
	return errno_of(open(ROOT "attach", O_RDONLY));
}

static int list_open_errno(int cap)
{
	return in_child(open_without, &cap);
}

TEST(list_of_targets_is_for_who_may_see_them)
{
	EXPECT_EQ(EACCES, list_open_errno(CAP_SYS_ADMIN));
	EXPECT_EQ(EPERM, list_open_errno(CAP_SYS_PTRACE));
	EXPECT_EQ(EPERM, list_errno(CAP_SYS_ADMIN));
	EXPECT_EQ(EPERM, list_errno(CAP_SYS_PTRACE));
}

TEST_HARNESS_MAIN
