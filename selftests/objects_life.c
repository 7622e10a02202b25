// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects of processes that start, exit and change; and the rules of the call.
 */
#include "harness.h"
#include "objects.h"

#define LAST_PAGE (-PAGE_BYTES)
#define MANY 4096
#define NR_THREADS 4
#define RACE_SECONDS 4
/* of 10 ms each */
#define TRIES 6000

/* The rules, by one difference to a valid call. */

static struct vmscope_object rule_buf[16];

FIXTURE(field)
{
	struct vmscope_objects call;
	int fd;
};

FIXTURE_VARIANT(field)
{
	void (*change)(struct vmscope_objects *call);
	int err;
};

FIXTURE_SETUP(field)
{
	self->call = (struct vmscope_objects){
		.size = sizeof(self->call),
		.buf = address(rule_buf),
		.buf_bytes = sizeof(rule_buf),
	};
	self->fd = own_device();
}

NO_TEARDOWN(field)

#define CHANGES(...) \
	FIELD_CHANGES(field, struct vmscope_objects *call, __VA_ARGS__)

CHANGES(nothing, 0, (void)call);
CHANGES(flags_set, EINVAL, call->flags = 1);
CHANGES(flags_top_bit, EINVAL, call->flags = 1ULL << 63);
CHANGES(reserved_set, EINVAL, call->reserved = 1);
CHANGES(buf_null, EFAULT, call->buf = 0);
CHANGES(buf_unaligned, EINVAL, call->buf += 4);
CHANGES(buf_of_the_kernel, EFAULT, call->buf = (__u64)LAST_PAGE);
CHANGES(buf_not_canonical, EFAULT, call->buf = 1ULL << 62);
CHANGES(buf_beyond_the_end, EFAULT, call->buf_bytes = -8ULL);
CHANGES(buf_of_no_length, EINVAL, call->buf_bytes = 0);
CHANGES(buf_too_small, EINVAL,
	call->buf_bytes = sizeof(struct vmscope_object) - 1);
CHANGES(buf_smallest, 0, call->buf_bytes = sizeof(struct vmscope_object));
CHANGES(buf_read_only, EFAULT,
	call->buf = address(mmap(NULL, PAGE_BYTES, PROT_READ,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)));
CHANGES(cursor_of_no_stage, EINVAL, call->cursor[0] = 0xff0);
CHANGES(cursor_with_too_much, EINVAL, call->cursor[0] = 0x1000);
CHANGES(cursor_between_pages, EINVAL,
	(call->cursor[0] = 0x40, call->cursor[1] = PAGE_BYTES + 8));
CHANGES(out_fields_set, 0, (call->bytes = -1, call->done = -1));

TEST_F(field, is_judged)
{
	variant->change(&self->call);
	EXPECT_EQ(variant->err, objects_errno(self->fd, &self->call));
}

TEST_F(field, leaves_the_struct_alone_when_refused)
{
	struct vmscope_objects before;

	variant->change(&self->call);
	before = self->call;
	if (objects_errno(self->fd, &self->call)) {
		EXPECT_EQ(0, memcmp(&before, &self->call, sizeof(before)));
	}
}

/* Kernel addresses that must be withheld are. */
TEST_F(field, is_refused_where_addresses_are_withheld)
{
	variant->change(&self->call);
	if (!knob_set("/proc/sys/kernel/kptr_restrict", "2"))
		SKIP(return, "kptr_restrict cannot be set");
	EXPECT_EQ(variant->err == EINVAL ? EINVAL : EPERM,
		  objects_errno(self->fd, &self->call));
	knobs_restore();
}

/* Processes that start, exit and change */

static int look(int fd)
{
	struct objects objects;
	int err = 0;

	if (objects_read(fd, MANY, &objects))
		err = errno;
	else
		objects_free(&objects);
	return err;
}

static void only_wait(void *unused)
{
	(void)unused;
	child_ready(gettid());
}

TEST(zombie_is_esrch)
{
	pid_t tid, pid = child_start(only_wait, NULL, &tid);
	int fd = device_of(pid);
	siginfo_t info;

	EXPECT_EQ(0, look(fd));
	kill(pid, SIGKILL);
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	EXPECT_EQ(ESRCH, look(fd));
	EXPECT_EQ(ESRCH, errno_of(device_open_pid(pid)));
	waitpid(pid, NULL, 0);
	EXPECT_EQ(ESRCH, look(fd));
}

TEST(kernel_thread_is_enodata)
{
	EXPECT_EQ(ENODATA, errno_of(device_open_pid(2)));
}

static bool is_called(pid_t pid, const char *name)
{
	char line[64];
	bool found = false;

	for_each_line_of(line, textf("/proc/%d/comm", pid))
		found = !strcmp(line, textf("%s\n", name));
	return found;
}

TEST(exec_is_esrch_and_attaching_anew_is_not)
{
	int go, fd;
	pid_t pid = child_that_execs(&go);

	fd = device_of(pid);
	EXPECT_EQ(0, look(fd));
	ASSERT_EQ(1, write(go, "", 1));
	for (int i = 0; i < TRIES && !is_called(pid, "sleep"); i++)
		usleep(10000);
	EXPECT_EQ(ESRCH, look(fd));
	close(fd);
	fd = device_open_pid(pid);
	EXPECT_EQ(0, look(fd));
	close(fd);
	kill_child(pid);
}

static int report_and_wait(void *arg)
{
	(void)arg;
	child_ready(gettid());
	child_pause();
}

/* Not a thread: a process of its own that uses the same memory. */
static void share_memory(void *unused)
{
	static char stack[65536] __attribute__((aligned(16)));

	(void)unused;
	clone(report_and_wait, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL);
	for (;;)
		waitpid(-1, NULL, 0);
}

TEST(other_user_of_the_memory_is_not_followed)
{
	pid_t child, pid = child_start(share_memory, NULL, &child);
	int i, fd = device_of(child);
	struct vmscope_census census;
	struct objects objects;

	ASSERT_EQ(0, objects_read(fd, MANY, &objects));
	EXPECT_EQ(1, objects_count(&objects, VMSCOPE_OBJECT_TASK));
	EXPECT_NE(NULL, objects_find(&objects, VMSCOPE_OBJECT_TASK, child));
	objects_free(&objects);
	kill(child, SIGKILL);
	for (i = 0; i < TRIES && !kill(child, 0); i++)
		usleep(10000);
	EXPECT_EQ(ESRCH, look(fd));
	/* the memory itself still exists */
	EXPECT_EQ(0, census_read(fd, &census));
	close(fd);
	kill_child(pid);
}

static void *wait_for_the_main_thread(void *unused)
{
	const char *path = textf("/proc/self/task/%d/stat", getpid());
	char text[64] = "";
	int fd;

	(void)unused;
	while (!strstr(text, ") Z")) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		(void)!read(fd, text, sizeof(text) - 1);
		close(fd);
		usleep(10000);
	}
	child_ready(gettid());
	child_pause();
}

static void leave_to_a_thread(void *unused)
{
	pthread_t thread;

	(void)unused;
	threads_start(NR_THREADS - 2);
	pthread_create(&thread, NULL, wait_for_the_main_thread, NULL);
	pthread_exit(NULL);
}

TEST(threads_stand_for_a_main_thread_that_has_exited)
{
	pid_t tid, pid = child_start(leave_to_a_thread, NULL, &tid);
	int fd = device_of(pid);
	struct objects objects;

	stop_child(pid);
	ASSERT_EQ(0, objects_read(fd, MANY, &objects));
	EXPECT_EQ(NULL, objects_malformed(&objects));
	EXPECT_EQ(NULL, objects_unlike_directory(&objects, VMSCOPE_OBJECT_TASK,
						 pid, "task"));
	EXPECT_EQ(NULL, objects_find(&objects, VMSCOPE_OBJECT_STACK, pid));
	EXPECT_EQ(NR_THREADS - 1,
		  objects_count(&objects, VMSCOPE_OBJECT_STACK));
	EXPECT_EQ(NULL,
		  objects_unlike_directory(&objects, VMSCOPE_OBJECT_FILE, pid,
					   textf("task/%d/fd", tid)));
	EXPECT_EQ(1, objects_count(&objects, VMSCOPE_OBJECT_MM));
	objects_free(&objects);
	close(fd);
	kill_child(pid);
}

static void *come_and_go(void *arg)
{
	return arg;
}

static void never_be_still(void *unused)
{
	unsigned int round;
	pthread_t threads[8];
	int fds[128], i;

	(void)unused;
	child_ready(gettid());
	for (round = 0;; round++) {
		char *map =
			map_memory(64 * PAGE_BYTES, MAP_PRIVATE | MAP_POPULATE);

		for (i = 0; i < 8; i++)
			pthread_create(&threads[i], NULL, come_and_go, NULL);
		for (i = 0; i < 128; i++)
			fds[i] = open("/dev/null", O_RDONLY);
		dup2(fds[0], 70 << round % 5);
		for (i = 0; i < 32; i++)
			mprotect(map + 2 * i * PAGE_BYTES, PAGE_BYTES,
				 PROT_READ);
		for (i = 0; i < 128; i++)
			close(fds[i]);
		for (i = 0; i < 8; i++)
			pthread_join(threads[i], NULL);
		munmap(map, 64 * PAGE_BYTES);
	}
}

TEST(objects_that_come_and_go_are_well_formed)
{
	pid_t tid, pid = child_start(never_be_still, NULL, &tid);
	time_t until = time(NULL) + RACE_SECONDS;
	int fd = device_of(pid);
	unsigned long looks = 0;

	while (time(NULL) < until) {
		struct objects objects;

		ASSERT_EQ(0, objects_read(fd, 1 + random() % 200, &objects));
		EXPECT_FINE(objects_malformed(&objects));
		EXPECT_NE(NULL,
			  objects_find(&objects, VMSCOPE_OBJECT_TASK, pid));
		EXPECT_NE(NULL, objects_find(&objects, VMSCOPE_OBJECT_MM, pid));
		objects_free(&objects);
		looks++;
	}
	TH_LOG("%lu looks", looks);
	kill(pid, SIGKILL);
	while (!look(fd))
		;
	EXPECT_EQ(ESRCH, errno);
	close(fd);
	waitpid(pid, NULL, 0);
}

TEST_HARNESS_MAIN
