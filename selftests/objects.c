// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel keeps for a process, compared with /proc, kcmp(2), walks to
 * the addresses that are reported, and the page tables of a scan.
 */
#include "harness.h"

#include <linux/kcmp.h>

#include "objects.h"

#define MANY 4096
#define NR_THREADS 4
#define HIGH_FD 300

/* A process to look at: some threads, one with objects of its own. */

/* Credentials belong to a thread; files and directory can. */
static void *be_different(void *unused)
{
	(void)unused;
	syscall(SYS_setfsuid, 1);
	unshare(CLONE_FS);
	unshare(CLONE_FILES);
	child_ready(gettid());
	child_pause();
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
	for (int i = 0; i < 100; i++)
		mmap(NULL, PAGE_BYTES << (i % 8),
		     i % 2 ? PROT_READ : PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
}

static void be_still(void *unused)
{
	pthread_t thread;

	(void)unused;
	open_files();
	map_areas();
	threads_start(NR_THREADS - 2);
	pthread_create(&thread, NULL, be_different, NULL);
}

FIXTURE(still)
{
	pid_t pid;
	pid_t tid; /* the thread with objects of its own */
	int fd;
	struct objects objects;
};

FIXTURE_SETUP(still)
{
	self->pid = child_start(be_still, NULL, &self->tid);
	ASSERT_LT(0, self->pid);
	ASSERT_LT(0, self->tid);
	stop_child(self->pid);
	self->fd = device_of(self->pid);
	ASSERT_EQ(0, objects_read(self->fd, MANY, &self->objects));
}

FIXTURE_TEARDOWN(still)
{
	objects_free(&self->objects);
	close(self->fd);
	kill_child(self->pid);
}

TEST_F(still, nothing_is_malformed)
{
	EXPECT_FINE(objects_malformed(&self->objects));
}

TEST_F(still, threads_are_those_of_proc)
{
	static const unsigned int types[] = {
		VMSCOPE_OBJECT_TASK,
		VMSCOPE_OBJECT_STACK,
		VMSCOPE_OBJECT_CRED,
		VMSCOPE_OBJECT_PID,
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		EXPECT_EQ(NULL,
			  objects_unlike_directory(&self->objects, types[i],
						   self->pid, "task"));
	EXPECT_EQ(NR_THREADS,
		  objects_count(&self->objects, VMSCOPE_OBJECT_TASK));
}

TEST_F(still, descriptors_are_those_of_proc)
{
	EXPECT_EQ(NULL,
		  objects_unlike_directory(&self->objects, VMSCOPE_OBJECT_FILE,
					   self->pid, "fd"));
	EXPECT_NE(NULL,
		  objects_find(&self->objects, VMSCOPE_OBJECT_FILE, HIGH_FD));
}

/* Two descriptors share a file by kcmp() if and only if they do by address. */
TEST_F(still, files_are_shared_as_kcmp_says)
{
	for_each_object(a, &self->objects) {
		for (const struct vmscope_object *b = self->objects.objs; b < a;
		     b++) {
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

	ASSERT_EQ(1, objects_count(&self->objects, VMSCOPE_OBJECT_FDTABLE));
	table = objects_find(&self->objects, VMSCOPE_OBJECT_FDTABLE, self->pid);
	ASSERT_NE(NULL, table);
	EXPECT_EQ(status_number(self->pid, "FDSize:") * 8, table->bytes);
}

TEST_F(still, areas_are_those_of_proc)
{
	struct proc_areas areas;

	ASSERT_EQ(0, areas_read(self->pid, &areas));
	for_each_area(area, &areas)
		EXPECT_NE(NULL, objects_find(&self->objects, VMSCOPE_OBJECT_VMA,
					     area->start));
	EXPECT_LT(100, areas.nr);
	EXPECT_EQ(areas.nr, objects_count(&self->objects, VMSCOPE_OBJECT_VMA));
}

TEST_F(still, tables_are_as_many_as_the_census_counts)
{
	__u64 tables[VMSCOPE_NR_LEVELS] = { 0 }, ours;
	struct vmscope_census census;
	unsigned int level;

	ASSERT_EQ(0, census_read(self->fd, &census));
	for_each_object(obj, &self->objects)
		if (obj->type == VMSCOPE_OBJECT_TABLE)
			tables[obj->id]++;
	for (level = 0; level < VMSCOPE_NR_LEVELS; level++)
		EXPECT_EQ(census.tables[level], tables[level]);
	ours = tables[VMSCOPE_LEVEL_PTE] + tables[VMSCOPE_LEVEL_PMD] +
	       tables[VMSCOPE_LEVEL_PUD] + census.deposited;
	EXPECT_EQ(status_number(self->pid, "VmPTE:") * 1024, ours * PAGE_BYTES);
}

/* Table @n of a scan, by its address in the kernel. */
TEST_F(still, tables_are_where_a_scan_finds_them)
{
	struct records recs;
	size_t i = 0;

	ASSERT_EQ(0, records_scan(self->fd, 0, USER_END, VMSCOPE_SCAN_TABLES,
				  &recs));
	for_each_table_record(table, &recs) {
		struct vmscope_walk walk;

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
}

TEST_F(still, process_has_one_of_each)
{
	static const unsigned int types[] = {
		VMSCOPE_OBJECT_SIGNAL,
		VMSCOPE_OBJECT_SIGHAND,
		VMSCOPE_OBJECT_MM,
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		EXPECT_EQ(1, objects_count(&self->objects, types[i]));
		EXPECT_NE(NULL,
			  objects_find(&self->objects, types[i], self->pid));
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

	EXPECT_EQ(2, objects_count(&self->objects, VMSCOPE_OBJECT_FS));
	EXPECT_EQ(2, objects_count(&self->objects, VMSCOPE_OBJECT_FILES));
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		const struct vmscope_object *ours, *theirs;

		ours = objects_find(&self->objects, types[i], self->pid);
		theirs = objects_find(&self->objects, types[i], self->tid);
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

	qsort(all->objs, all->nr, sizeof(all->objs[0]), by_addr);
	for (size_t i = 1; i < all->nr; i++) {
		const struct vmscope_object *a = &all->objs[i - 1];
		const struct vmscope_object *b = &all->objs[i];

		if (a->addr == b->addr && a->type == b->type &&
		    (a->type == VMSCOPE_OBJECT_CRED ||
		     a->type == VMSCOPE_OBJECT_FILE))
			continue;
		about("types %llu and %llu at %llx: ", a->type, b->type,
		      b->addr);
		EXPECT_LE(a->addr + a->bytes, b->addr);
	}
}

TEST_F(still, objects_are_mapped_from_end_to_end)
{
	for_each_object(obj, &self->objects) {
		__u64 at;

		for (at = obj->addr; at < obj->addr + obj->bytes;
		     at = (at & -PAGE_BYTES) + PAGE_BYTES) {
			struct vmscope_walk walk;
			struct leaf leaf;

			ASSERT_EQ(0, walk_at(self->fd, at, &walk));
			leaf = leaf_of(&walk.page);
			about("type %llu at %llx: ", obj->type, at);
			EXPECT_STREQ("kernel", state_name(leaf.state));
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

/* The distance between objects; 0 for a cache that was merged into another. */
static long slab_object(const char *cache)
{
	char line[512], name[64];
	long size, found = 0;

	for_each_line_of(line, "/proc/slabinfo")
		if (sscanf(line, "%63s %*s %*s %ld", name, &size) == 2 &&
		    !strcmp(name, cache))
			found = size;
	return found;
}

/* Some objects are larger than their struct, but never smaller. */
TEST_F(still, sizes_are_those_of_the_caches)
{
	size_t i, nr = 0;

	for (i = 0; i < ARRAY_SIZE(caches); i++) {
		long size = slab_object(caches[i].cache);

		nr += !!size;
		for_each_object(obj, &self->objects) {
			if (!size || obj->type != caches[i].type)
				continue;
			about("%s: ", caches[i].cache);
			EXPECT_GE(size, obj->bytes);
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

/* However the buffer splits the list, it is the same. */
TEST_F(still, any_buffer_gives_the_same)
{
	static const size_t rooms[] = { 1, 2, 3, 7, 64, 126, 127, 128, 129 };

	for (size_t i = 0; i < ARRAY_SIZE(rooms); i++)
		check_same(_metadata, self->fd, rooms[i], &self->objects);
}

/* Nothing is written after the last whole object that fits. */
TEST_F(still, odd_buffer_length_is_taken)
{
	struct vmscope_object buf[3];
	struct vmscope_objects call = {
		.size = sizeof(call),
		.buf = address(buf),
		.buf_bytes = 2 * sizeof(buf[0]) + 8,
	};

	memset(buf, 0x5a, sizeof(buf));
	ASSERT_EQ(0, objects_errno(self->fd, &call));
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

	ASSERT_EQ(0, objects_errno(self->fd, &call));
	EXPECT_EQ(1, call.done);
	EXPECT_EQ(self->objects.nr * sizeof(*buf), call.bytes);
	ASSERT_EQ(0, objects_errno(self->fd, &call));
	EXPECT_EQ(1, call.done);
	EXPECT_EQ(0, call.bytes);
}

TEST_F(still, any_thread_stands_for_its_process)
{
	int fd = device_of(self->tid);

	check_same(_metadata, fd, MANY, &self->objects);
}

/* Whatever the cursor, the answer is one of two, and well formed. */
TEST_F(still, made_up_cursors_do_no_harm)
{
	struct vmscope_object buf[16];

	srandom(1);
	for (int i = 0; i < 20000; i++) {
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
		err = objects_errno(self->fd, &call);
		ASSERT_TRUE(!err || err == EINVAL);
		if (!err) {
			struct objects reported = { buf,
						    call.bytes / sizeof(*buf),
						    1 };

			ASSERT_EQ(NULL, objects_malformed(&reported));
		}
	}
}

TEST_HARNESS_MAIN
