// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel keeps for a process, held against /proc, kcmp(2), walks to
 * the addresses that are reported, and the page tables of a scan.
 */
#include "harness.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>

#include "procfs.h"

#define LAST_PAGE (-PAGE_BYTES)
#define MANY 4096
#define NR_THREADS 4
#define HIGH_FD 300
#define RACE_SECONDS 4
/* of 10 ms each */
#define TRIES 6000

static int call_errno(int fd, void *arg)
{
	return ioctl(fd, VMSCOPE_IOC_OBJECTS, arg) ? errno : 0;
}

static size_t count(const struct objects *objects, unsigned int type)
{
	size_t i, nr = 0;

	for (i = 0; i < objects->nr; i++)
		nr += objects->objs[i].type == type;
	return nr;
}

static const struct vmscope_object *find(const struct objects *objects,
					 unsigned int type, __u64 id)
{
	size_t i;

	for (i = 0; i < objects->nr; i++)
		if (objects->objs[i].type == type && objects->objs[i].id == id)
			return &objects->objs[i];
	return NULL;
}

/* A process to look at: some threads, one with things of its own. */

static int ready[2];

static void *wait_for_ever(void *arg)
{
	(void)arg;
	for (;;)
		pause();
	return NULL;
}

static void say_tid(void)
{
	int tid = gettid();

	(void)!write(ready[1], &tid, sizeof(tid));
}

/* Credentials are of a thread, and files and directory can be. */
static void *be_different(void *arg)
{
	syscall(SYS_setfsuid, 1);
	unshare(CLONE_FS);
	unshare(CLONE_FILES);
	say_tid();
	return wait_for_ever(arg);
}

static void open_files(void)
{
	int fd = open("/dev/null", O_RDONLY), i;

	dup2(fd, HIGH_FD);
	for (i = 0; i < 3; i++)
		open("/dev/zero", O_RDONLY);
	dup(fd);
}

static void map_areas(void)
{
	int i;

	for (i = 0; i < 100; i++)
		mmap(NULL, PAGE_BYTES << (i % 8),
		     i % 2 ? PROT_READ : PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
}

static void start_threads(void *(*last)(void *arg))
{
	pthread_t thread;
	int i;

	for (i = 0; i < NR_THREADS - 2; i++)
		pthread_create(&thread, NULL, wait_for_ever, NULL);
	pthread_create(&thread, NULL, last, NULL);
}

static void be_still(void)
{
	open_files();
	map_areas();
	start_threads(be_different);
	wait_for_ever(NULL);
}

/* Runs @fn in a child that goes when we do, until its word: a TID. */
static pid_t start(void (*fn)(void), pid_t *tid)
{
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC))
		return -1;
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ready[0]);
		fn();
		_exit(0);
	}
	close(ready[1]);
	if (read(ready[0], tid, sizeof(*tid)) != sizeof(*tid))
		*tid = 0;
	close(ready[0]);
	return pid;
}

static void stop(pid_t pid)
{
	int status;

	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

FIXTURE(still)
{
	pid_t pid;
	pid_t tid; /* the thread that is different */
	int fd;
	struct objects objects;
};

FIXTURE_SETUP(still)
{
	self->pid = start(be_still, &self->tid);
	ASSERT_LT(0, self->pid);
	ASSERT_LT(0, self->tid);
	stop(self->pid);
	self->fd = device_open_pid(self->pid);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, objects_read(self->fd, MANY, &self->objects));
}

FIXTURE_TEARDOWN(still)
{
	objects_free(&self->objects);
	close(self->fd);
	end(self->pid);
}

/* All numbers of a directory in /proc/PID have an object of @type, no others. */
static void check_directory(struct __test_metadata *_metadata,
			    const struct objects *objects, unsigned int type,
			    pid_t pid, const char *name)
{
	char path[64];
	struct dirent *entry;
	size_t nr = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	dir = opendir(path);
	ASSERT_NE(NULL, dir);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		nr++;
		EXPECT_NE(NULL, find(objects, type, atoi(entry->d_name)))
		{
			TH_LOG("%s/%s", path, entry->d_name);
		}
	}
	closedir(dir);
	EXPECT_LT(0, nr);
	EXPECT_EQ(nr, count(objects, type));
}

TEST_F(still, nothing_is_malformed)
{
	const char *why = objects_malformed(&self->objects);

	EXPECT_EQ(NULL, why)
	{
		TH_LOG("%s", why);
	}
}

TEST_F(still, threads_are_those_of_proc)
{
	static const unsigned int types[] = {
		VMSCOPE_OBJECT_TASK,
		VMSCOPE_OBJECT_STACK,
		VMSCOPE_OBJECT_CRED,
		VMSCOPE_OBJECT_PID,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++)
		check_directory(_metadata, &self->objects, types[i], self->pid,
				"task");
	EXPECT_EQ(NR_THREADS, count(&self->objects, VMSCOPE_OBJECT_TASK));
}

TEST_F(still, descriptors_are_those_of_proc)
{
	check_directory(_metadata, &self->objects, VMSCOPE_OBJECT_FILE,
			self->pid, "fd");
	EXPECT_NE(NULL, find(&self->objects, VMSCOPE_OBJECT_FILE, HIGH_FD));
}

/* kcmp() reports whether two descriptors share a file, and so do addresses. */
TEST_F(still, files_are_shared_as_kcmp_says)
{
	size_t i, j;

	for (i = 0; i < self->objects.nr; i++) {
		const struct vmscope_object *a = &self->objects.objs[i];

		for (j = 0; j < i; j++) {
			const struct vmscope_object *b = &self->objects.objs[j];
			int order;

			if (a->type != VMSCOPE_OBJECT_FILE ||
			    b->type != VMSCOPE_OBJECT_FILE)
				continue;
			order = syscall(SYS_kcmp, self->pid, self->pid,
					KCMP_FILE, a->id, b->id);
			if (order < 0)
				SKIP(return, "the kernel has no kcmp()");
			EXPECT_EQ(order == 0, a->addr == b->addr);
		}
	}
}

TEST_F(still, table_of_descriptors_is_as_large_as_proc_says)
{
	const struct vmscope_object *table;

	ASSERT_EQ(1, count(&self->objects, VMSCOPE_OBJECT_FDTABLE));
	table = find(&self->objects, VMSCOPE_OBJECT_FDTABLE, self->pid);
	ASSERT_NE(NULL, table);
	EXPECT_EQ(status_number(self->pid, "FDSize:") * 8, table->bytes);
}

TEST_F(still, areas_are_those_of_proc)
{
	struct proc_areas areas;
	size_t i;

	ASSERT_EQ(0, areas_read(self->pid, &areas));
	for (i = 0; i < areas.nr; i++)
		EXPECT_NE(NULL, find(&self->objects, VMSCOPE_OBJECT_VMA,
				     areas.areas[i].start));
	EXPECT_LT(100, areas.nr);
	EXPECT_EQ(areas.nr, count(&self->objects, VMSCOPE_OBJECT_VMA));
	areas_free(&areas);
}

TEST_F(still, tables_are_as_many_as_the_census_counts)
{
	__u64 tables[VMSCOPE_NR_LEVELS] = { 0 }, ours;
	struct vmscope_census census;
	unsigned int level;
	size_t i;

	ASSERT_EQ(0, census_read(self->fd, &census));
	for (i = 0; i < self->objects.nr; i++)
		if (self->objects.objs[i].type == VMSCOPE_OBJECT_TABLE)
			tables[self->objects.objs[i].id]++;
	for (level = 0; level < VMSCOPE_NR_LEVELS; level++)
		EXPECT_EQ(census.tables[level], tables[level]);
	ours = tables[VMSCOPE_LEVEL_PTE] + tables[VMSCOPE_LEVEL_PMD] +
	       tables[VMSCOPE_LEVEL_PUD] + census.deposited;
	EXPECT_EQ(status_number(self->pid, "VmPTE:") * 1024, ours * PAGE_BYTES);
}

/* The n-th table of a scan, by the address at which the kernel sees it. */
TEST_F(still, tables_are_where_a_scan_finds_them)
{
	struct vmscope_scan scan;
	struct records recs;
	const __u64 *rec;
	size_t i = 0;

	scan_init(&scan, 0, USER_END, VMSCOPE_SCAN_TABLES);
	ASSERT_EQ(0, records_read(self->fd, &scan, 65536, &recs));
	for_each_record(rec, &recs)
	{
		const struct vmscope_table *table = (const void *)rec;
		struct vmscope_walk walk;

		if (VMSCOPE_WORD_KIND(*rec) != VMSCOPE_KIND_TABLE)
			continue;
		while (i < self->objects.nr &&
		       self->objects.objs[i].type != VMSCOPE_OBJECT_TABLE)
			i++;
		ASSERT_LT(i, self->objects.nr);
		ASSERT_EQ(0,
			  walk_at(self->fd, self->objects.objs[i].addr, &walk));
		EXPECT_EQ(table->phys, walk.phys);
		EXPECT_EQ(VMSCOPE_WORD_LEVEL(table->where),
			  self->objects.objs[i].id);
		i++;
	}
	records_free(&recs);
}

TEST_F(still, process_has_one_of_each)
{
	static const unsigned int types[] = {
		VMSCOPE_OBJECT_SIGNAL,
		VMSCOPE_OBJECT_SIGHAND,
		VMSCOPE_OBJECT_MM,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		EXPECT_EQ(1, count(&self->objects, types[i]));
		EXPECT_NE(NULL, find(&self->objects, types[i], self->pid));
	}
}

/* What a thread does not share with the others is reported for its own PID. */
TEST_F(still, thread_of_its_own_is_distinguished)
{
	static const unsigned int types[] = {
		VMSCOPE_OBJECT_FS,
		VMSCOPE_OBJECT_FILES,
		VMSCOPE_OBJECT_CRED,
	};
	size_t i;

	EXPECT_EQ(2, count(&self->objects, VMSCOPE_OBJECT_FS));
	EXPECT_EQ(2, count(&self->objects, VMSCOPE_OBJECT_FILES));
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		const struct vmscope_object *ours, *theirs;

		ours = find(&self->objects, types[i], self->pid);
		theirs = find(&self->objects, types[i], self->tid);
		ASSERT_NE(NULL, ours);
		ASSERT_NE(NULL, theirs);
		EXPECT_NE(ours->addr, theirs->addr);
	}
}

static int by_addr(const void *a, const void *b)
{
	const struct vmscope_object *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

/* Nothing overlaps; only credentials and files may be reported again. */
TEST_F(still, objects_lie_beside_each_other)
{
	struct objects *all = &self->objects;
	size_t i;

	qsort(all->objs, all->nr, sizeof(all->objs[0]), by_addr);
	for (i = 1; i < all->nr; i++) {
		const struct vmscope_object *a = &all->objs[i - 1];
		const struct vmscope_object *b = &all->objs[i];

		if (a->addr == b->addr && a->type == b->type &&
		    (a->type == VMSCOPE_OBJECT_CRED ||
		     a->type == VMSCOPE_OBJECT_FILE))
			continue;
		EXPECT_LE(a->addr + a->bytes, b->addr)
		{
			TH_LOG("types %llu and %llu at %llx", a->type, b->type,
			       b->addr);
		}
	}
}

TEST_F(still, objects_are_mapped_from_end_to_end)
{
	size_t i;

	for (i = 0; i < self->objects.nr; i++) {
		const struct vmscope_object *obj = &self->objects.objs[i];
		__u64 at;

		for (at = obj->addr; at < obj->addr + obj->bytes;
		     at = (at & -PAGE_BYTES) + PAGE_BYTES) {
			struct vmscope_walk walk;
			struct leaf leaf;

			ASSERT_EQ(0, walk_at(self->fd, at, &walk));
			leaf = leaf_of(&walk.page);
			EXPECT_STREQ("kernel", state_name(leaf.state))
			{
				TH_LOG("type %llu at %llx", obj->type, at);
			}
		}
	}
}

static const struct {
	unsigned int type;
	const char *cache;
} caches[] = {
	{ VMSCOPE_OBJECT_TASK, "task_struct" },
	{ VMSCOPE_OBJECT_CRED, "cred_jar" },
	{ VMSCOPE_OBJECT_SIGNAL, "signal_cache" },
	{ VMSCOPE_OBJECT_SIGHAND, "sighand_cache" },
	{ VMSCOPE_OBJECT_PID, "pid" },
	{ VMSCOPE_OBJECT_MM, "mm_struct" },
	{ VMSCOPE_OBJECT_VMA, "vm_area_struct" },
	{ VMSCOPE_OBJECT_FS, "fs_cache" },
	{ VMSCOPE_OBJECT_FILES, "files_cache" },
	{ VMSCOPE_OBJECT_FILE, "filp" },
};

/* From one object to the next; 0 of a cache that was merged into another. */
static long slab_object(const char *cache)
{
	FILE *file = fopen("/proc/slabinfo", "re");
	char line[512], name[64];
	long size, found = 0;

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%63s %*s %*s %ld", name, &size) == 2 &&
		    !strcmp(name, cache))
			found = size;
	if (file)
		fclose(file);
	return found;
}

/* Some have more behind the struct, but never less. */
TEST_F(still, sizes_are_those_of_the_caches)
{
	size_t i, j, nr = 0;

	for (i = 0; i < ARRAY_SIZE(caches); i++) {
		long size = slab_object(caches[i].cache);

		nr += !!size;
		for (j = 0; size && j < self->objects.nr; j++) {
			const struct vmscope_object *obj;

			obj = &self->objects.objs[j];
			if (obj->type != caches[i].type)
				continue;
			EXPECT_GE(size, obj->bytes)
			{
				TH_LOG("%s", caches[i].cache);
			}
			EXPECT_LE(size, obj->bytes + PAGE_BYTES);
		}
	}
	if (!nr)
		SKIP(return, "/proc/slabinfo names none of the caches");
	TH_LOG("%zu caches have kept their names", nr);
}

static void check_same(struct __test_metadata *_metadata, int fd, size_t room,
		       const struct objects *expected)
{
	struct objects objects;

	ASSERT_EQ(0, objects_read(fd, room, &objects));
	ASSERT_EQ(expected->nr, objects.nr);
	EXPECT_EQ(0, memcmp(expected->objs, objects.objs,
			    objects.nr * sizeof(objects.objs[0])));
	objects_free(&objects);
}

/* However the buffer cuts the list, it is the same. */
TEST_F(still, any_buffer_gives_the_same)
{
	static const size_t rooms[] = { 1, 2, 3, 7, 64, 126, 127, 128, 129 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rooms); i++)
		check_same(_metadata, self->fd, rooms[i], &self->objects);
}

/* Nothing is written behind the last whole object that there is room for. */
TEST_F(still, odd_buffer_length_is_taken)
{
	struct vmscope_object buf[3];
	struct vmscope_objects call = {
		.size = sizeof(call),
		.buf = address(buf),
		.buf_bytes = 2 * sizeof(buf[0]) + 8,
	};

	memset(buf, 0x5a, sizeof(buf));
	ASSERT_EQ(0, call_errno(self->fd, &call));
	EXPECT_EQ(2 * sizeof(buf[0]), call.bytes);
	EXPECT_EQ(0, call.done);
	EXPECT_EQ(0x5a, *(char *)&buf[2]);
}

TEST_F(still, end_stays_the_end)
{
	struct vmscope_object *buf = calloc(MANY, sizeof(*buf));
	struct vmscope_objects call = {
		.size = sizeof(call),
		.buf = address(buf),
		.buf_bytes = MANY * sizeof(*buf),
	};

	ASSERT_EQ(0, call_errno(self->fd, &call));
	EXPECT_EQ(1, call.done);
	EXPECT_EQ(self->objects.nr * sizeof(*buf), call.bytes);
	ASSERT_EQ(0, call_errno(self->fd, &call));
	EXPECT_EQ(1, call.done);
	EXPECT_EQ(0, call.bytes);
	free(buf);
}

TEST_F(still, any_thread_stands_for_its_process)
{
	int fd = device_open_pid(self->tid);

	ASSERT_LE(0, fd);
	check_same(_metadata, fd, MANY, &self->objects);
	close(fd);
}

/* Whatever a cursor says, the answer is one of two, and well formed. */
TEST_F(still, made_up_cursors_do_no_harm)
{
	struct vmscope_object buf[16];
	int i;

	srandom(1);
	for (i = 0; i < 20000; i++) {
		struct vmscope_objects call = {
			.size = sizeof(call),
			.buf = address(buf),
			.buf_bytes = (1 + random() % 16) * sizeof(buf[0]),
			.cursor = { random() % 0x70, random() },
		};
		int err;

		if (random() % 2)
			call.cursor[1] <<= random() % 34;
		if (random() % 4 == 0)
			call.cursor[0] |= (__u64)random() << 12;
		err = call_errno(self->fd, &call);
		ASSERT_TRUE(!err || err == EINVAL);
		if (!err) {
			struct objects reported = { buf,
						    call.bytes / sizeof(*buf),
						    1 };

			ASSERT_EQ(NULL, objects_malformed(&reported));
		}
	}
}

/* The rules, by one thing that differs from a call that is taken. */

static struct vmscope_object rule_buf[16];

static void nothing(struct vmscope_objects *call)
{
	(void)call;
}

static void flags_set(struct vmscope_objects *call)
{
	call->flags = 1;
}

static void flags_top_bit(struct vmscope_objects *call)
{
	call->flags = 1ULL << 63;
}

static void reserved_set(struct vmscope_objects *call)
{
	call->reserved = 1;
}

static void buf_null(struct vmscope_objects *call)
{
	call->buf = 0;
}

static void buf_unaligned(struct vmscope_objects *call)
{
	call->buf += 4;
}

static void buf_of_the_kernel(struct vmscope_objects *call)
{
	call->buf = (__u64)LAST_PAGE;
}

static void buf_not_canonical(struct vmscope_objects *call)
{
	call->buf = 1ULL << 62;
}

static void buf_beyond_the_end(struct vmscope_objects *call)
{
	call->buf_bytes = -8ULL;
}

static void buf_of_no_length(struct vmscope_objects *call)
{
	call->buf_bytes = 0;
}

static void buf_too_small(struct vmscope_objects *call)
{
	call->buf_bytes = sizeof(struct vmscope_object) - 1;
}

static void buf_smallest(struct vmscope_objects *call)
{
	call->buf_bytes = sizeof(struct vmscope_object);
}

static void buf_read_only(struct vmscope_objects *call)
{
	call->buf = address(mmap(NULL, PAGE_BYTES, PROT_READ,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static void cursor_of_no_stage(struct vmscope_objects *call)
{
	call->cursor[0] = 0xff0;
}

static void cursor_with_too_much(struct vmscope_objects *call)
{
	call->cursor[0] = 0x1000;
}

static void cursor_between_pages(struct vmscope_objects *call)
{
	call->cursor[0] = 0x40;
	call->cursor[1] = PAGE_BYTES + 8;
}

static void out_fields_set(struct vmscope_objects *call)
{
	call->bytes = -1;
	call->done = -1;
}

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
	self->fd = device_open_pid(getpid());
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(field)
{
	close(self->fd);
}

#define FIELD(name, error)                    \
	FIXTURE_VARIANT_ADD(field, name)      \
	{                                     \
		.change = name, .err = error, \
	}

FIELD(nothing, 0);
FIELD(flags_set, EINVAL);
FIELD(flags_top_bit, EINVAL);
FIELD(reserved_set, EINVAL);
FIELD(buf_null, EFAULT);
FIELD(buf_unaligned, EINVAL);
FIELD(buf_of_the_kernel, EFAULT);
FIELD(buf_not_canonical, EFAULT);
FIELD(buf_beyond_the_end, EFAULT);
FIELD(buf_of_no_length, EINVAL);
FIELD(buf_too_small, EINVAL);
FIELD(buf_smallest, 0);
FIELD(buf_read_only, EFAULT);
FIELD(cursor_of_no_stage, EINVAL);
FIELD(cursor_with_too_much, EINVAL);
FIELD(cursor_between_pages, EINVAL);
FIELD(out_fields_set, 0);

TEST_F(field, is_judged)
{
	variant->change(&self->call);
	EXPECT_EQ(variant->err, call_errno(self->fd, &self->call));
}

TEST_F(field, leaves_the_struct_alone_when_refused)
{
	struct vmscope_objects before;

	variant->change(&self->call);
	before = self->call;
	if (call_errno(self->fd, &self->call)) {
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
		  call_errno(self->fd, &self->call));
	knobs_restore();
}

/* Who comes, goes and changes */

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

static void only_wait(void)
{
	say_tid();
	wait_for_ever(NULL);
}

TEST(zombie_is_esrch)
{
	pid_t tid, pid = start(only_wait, &tid);
	int fd = device_open_pid(pid);
	siginfo_t info;

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, look(fd));
	kill(pid, SIGKILL);
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	EXPECT_EQ(ESRCH, look(fd));
	EXPECT_EQ(-1, device_open_pid(pid));
	EXPECT_EQ(ESRCH, errno);
	waitpid(pid, NULL, 0);
	EXPECT_EQ(ESRCH, look(fd));
	close(fd);
}

TEST(kernel_thread_is_enodata)
{
	EXPECT_EQ(-1, device_open_pid(2));
	EXPECT_EQ(ENODATA, errno);
}

static void wait_and_exec(void)
{
	sigset_t set;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	say_tid();
	sigwait(&set, &sig);
	execl("/bin/sleep", "sleep", "1000", NULL);
}

static bool is_called(pid_t pid, const char *name)
{
	char path[64], comm[64] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	file = fopen(path, "re");
	if (file && fgets(comm, sizeof(comm), file))
		comm[strcspn(comm, "\n")] = '\0';
	if (file)
		fclose(file);
	return !strcmp(comm, name);
}

TEST(exec_is_esrch_and_attaching_anew_is_not)
{
	pid_t tid, pid = start(wait_and_exec, &tid);
	int i, fd = device_open_pid(pid);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, look(fd));
	kill(pid, SIGUSR1);
	for (i = 0; i < TRIES && !is_called(pid, "sleep"); i++)
		usleep(10000);
	EXPECT_EQ(ESRCH, look(fd));
	close(fd);
	fd = device_open_pid(pid);
	EXPECT_EQ(0, look(fd));
	close(fd);
	end(pid);
}

static int report_and_wait(void *arg)
{
	(void)arg;
	say_tid();
	for (;;)
		pause();
	return 0;
}

/* Not a thread: a process of its own that uses the same memory. */
static void share_memory(void)
{
	static char stack[65536] __attribute__((aligned(16)));

	clone(report_and_wait, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL);
	for (;;)
		waitpid(-1, NULL, 0);
}

TEST(other_user_of_the_memory_is_not_followed)
{
	pid_t child, pid = start(share_memory, &child);
	int i, fd = device_open_pid(child);
	struct vmscope_census census;
	struct objects objects;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, objects_read(fd, MANY, &objects));
	EXPECT_EQ(1, count(&objects, VMSCOPE_OBJECT_TASK));
	EXPECT_NE(NULL, find(&objects, VMSCOPE_OBJECT_TASK, child));
	objects_free(&objects);
	kill(child, SIGKILL);
	for (i = 0; i < TRIES && !kill(child, 0); i++)
		usleep(10000);
	EXPECT_EQ(ESRCH, look(fd));
	/* the memory itself is still there */
	EXPECT_EQ(0, census_read(fd, &census));
	close(fd);
	end(pid);
}

static void *wait_for_the_main_thread(void *arg)
{
	char path[64], text[64] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", getpid());
	while (!strstr(text, ") Z")) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		(void)!read(fd, text, sizeof(text) - 1);
		close(fd);
		usleep(10000);
	}
	say_tid();
	return wait_for_ever(arg);
}

static void leave_to_a_thread(void)
{
	start_threads(wait_for_the_main_thread);
	pthread_exit(NULL);
}

TEST(threads_stand_for_a_main_thread_that_has_exited)
{
	pid_t tid, pid = start(leave_to_a_thread, &tid);
	int fd = device_open_pid(pid);
	struct objects objects;
	char name[32];

	ASSERT_LE(0, fd);
	stop(pid);
	ASSERT_EQ(0, objects_read(fd, MANY, &objects));
	EXPECT_EQ(NULL, objects_malformed(&objects));
	check_directory(_metadata, &objects, VMSCOPE_OBJECT_TASK, pid, "task");
	EXPECT_EQ(NULL, find(&objects, VMSCOPE_OBJECT_STACK, pid));
	EXPECT_EQ(NR_THREADS - 1, count(&objects, VMSCOPE_OBJECT_STACK));
	snprintf(name, sizeof(name), "task/%d/fd", tid);
	check_directory(_metadata, &objects, VMSCOPE_OBJECT_FILE, pid, name);
	EXPECT_EQ(1, count(&objects, VMSCOPE_OBJECT_MM));
	objects_free(&objects);
	close(fd);
	end(pid);
}

static void *come_and_go(void *arg)
{
	return arg;
}

static void never_be_still(void)
{
	unsigned int round;
	pthread_t threads[8];
	int fds[128], i;

	say_tid();
	for (round = 0;; round++) {
		void *map = mmap(NULL, 64 * PAGE_BYTES, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1,
				 0);

		for (i = 0; i < 8; i++)
			pthread_create(&threads[i], NULL, come_and_go, NULL);
		for (i = 0; i < 128; i++)
			fds[i] = open("/dev/null", O_RDONLY);
		dup2(fds[0], 70 << round % 5);
		for (i = 0; i < 32; i++)
			mprotect((char *)map + 2 * i * PAGE_BYTES, PAGE_BYTES,
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
	pid_t tid, pid = start(never_be_still, &tid);
	time_t until = time(NULL) + RACE_SECONDS;
	int fd = device_open_pid(pid);
	unsigned long looks = 0;

	ASSERT_LE(0, fd);
	while (time(NULL) < until) {
		struct objects objects;
		const char *why;

		ASSERT_EQ(0, objects_read(fd, 1 + random() % 200, &objects));
		why = objects_malformed(&objects);
		ASSERT_EQ(NULL, why)
		{
			TH_LOG("%s", why);
		}
		EXPECT_NE(NULL, find(&objects, VMSCOPE_OBJECT_TASK, pid));
		EXPECT_NE(NULL, find(&objects, VMSCOPE_OBJECT_MM, pid));
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
