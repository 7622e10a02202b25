// SPDX-License-Identifier: GPL-2.0-only
/* The cost of a scan is bounded, however large or odd its target is. */
#include "harness.h"

#include "freezer.h"
#include "mappings.h"

#define TIB (1ULL << 40)
#define RESERVED (16 * TIB)
#define DESCRIPTORS 64
#define DESCRIPTOR_KB 64

/* Sixteen empty terabytes cost what their few tables cost. */
TEST(empty_reservation_costs_its_tables)
{
	int fd = device_open_pid(getpid());
	struct records recs;
	char *map = mmap(NULL, RESERVED, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (map == MAP_FAILED)
		SKIP(return, "the kernel reserves no 16 TiB");
	ASSERT_EQ(0, records_scan(fd, address(map), address(map) + RESERVED, 0,
				  &recs));
	EXPECT_GT(4096, recs.entries);
	EXPECT_GT(16, recs.nr_words / 4);
	EXPECT_LE(recs.calls, 2);
}

/* A page in each terabyte: a few more tables, and no page is missed. */
TEST(sparse_reservation_costs_its_tables)
{
	int fd = device_open_pid(getpid());
	struct records recs;
	char *map = mmap(NULL, RESERVED, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (map == MAP_FAILED)
		SKIP(return, "the kernel reserves no 16 TiB");
	madvise(map, RESERVED, MADV_NOHUGEPAGE);
	for (__u64 i = 0; i < RESERVED; i += TIB)
		map[i] = 1;
	ASSERT_EQ(0, records_scan(fd, address(map), address(map) + RESERVED,
				  VMSCOPE_SCAN_SKIP_EMPTY, &recs));
	EXPECT_EQ(16 * 4, recs.nr_words);
	EXPECT_GT(16 * 4096, recs.entries);
}

/*
 * As many as a process may have; but a kernel that checks its maple trees, as
 * those do that have kmemleak, looks at all areas each time that one is made.
 */
static size_t max_areas(void)
{
	return access("/sys/kernel/debug/kmemleak", F_OK) ? 65000 : 8000;
}

static void map_many_areas(void *unused)
{
	size_t bytes = max_areas() * PAGE_BYTES, i;
	char *map = mmap(NULL, bytes, PROT_READ,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	(void)unused;
	for (i = 0; i < bytes; i += 2 * PAGE_BYTES)
		mprotect(map + i, PAGE_BYTES, PROT_NONE);
	child_ready(1);
}

static size_t nr_maps_lines(pid_t pid)
{
	char line[4300];
	size_t nr = 0;

	for_each_line_of(line, textf("/proc/%d/maps", pid))
		nr += !strstr(line, "[vsyscall]");
	return nr;
}

TEST(as_many_areas_as_can_be_are_reported)
{
	pid_t pid = child_start(map_many_areas, NULL, NULL);
	struct vmscope_scan scan;
	struct records recs;
	size_t nr = 0;
	int fd = device_of(pid);

	scan_init(&scan, 0, USER_END,
		  VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_NAMES | VMSCOPE_SCAN_RUNS);
	ASSERT_EQ(0, records_read(fd, &scan, 1 << 20, &recs));
	EXPECT_EQ(NULL, records_malformed(&recs, &scan));
	for_each_area_record(area, &recs)
		nr++;
	EXPECT_LT(max_areas(), nr);
	EXPECT_EQ(nr_maps_lines(pid), nr);
	records_free(&recs);
	close(fd);
	kill_child(pid);
}

/* Kernel memory of a group, in kB; -1 if nobody counts it. */
static long group_kernel_kb(const char *group)
{
	char line[128];
	long bytes = -1;

	for_each_line_of(line, textf("%s/memory.stat", group))
		sscanf(line, "kernel %ld", &bytes);
	return bytes < 0 ? -1 : bytes >> 10;
}

TEST(descriptor_takes_little_kernel_memory)
{
	int fds[DESCRIPTORS], i;
	char group[CGROUP_BYTES];
	long before, after;
	struct records recs;

	if (!cgroup_root())
		SKIP(return, "cgroup v2 is not mounted");
	cgroup_make(group, "vmscope-counted");
	before = group_kernel_kb(group);
	if (before < 0 || !cgroup_move(getpid(), group)) {
		rmdir(group);
		SKIP(return, "no cgroup counts kernel memory here");
	}
	before = group_kernel_kb(group);
	for (i = 0; i < DESCRIPTORS; i++) {
		fds[i] = device_open_pid(getpid());
		ASSERT_EQ(0, records_scan(fds[i], PAGE_BYTES,
					  PAGE_BYTES + USER_END / 2, 0, &recs));
		records_free(&recs);
	}
	after = group_kernel_kb(group);
	about("%ld kB each: ", (after - before) / DESCRIPTORS);
	EXPECT_GE(DESCRIPTORS * DESCRIPTOR_KB, after - before);
	for (i = 0; i < DESCRIPTORS; i++)
		close(fds[i]);
	cgroup_move(getpid(), cgroup_root());
	rmdir(group);
}

static bool still_there(pid_t pid, int ms)
{
	while (ms-- && !waitpid(pid, NULL, WNOHANG))
		usleep(1000);
	return ms < 0;
}

/* More than the records of all areas. */
#define TOLD_WORDS (2UL << 20)

static void scan_into(pid_t pid, __u64 *words)
{
	int fd = device_open_pid(pid);
	struct vmscope_scan scan;

	/* a fault that a kill interrupts must not end the scan */
	for (size_t i = 0; i < TOLD_WORDS; i += PAGE_BYTES / 8)
		*(volatile __u64 *)&words[i] = 0;
	scan_init(&scan, 0, USER_END, VMSCOPE_SCAN_AREAS);
	_exit(scan_once(fd, &scan, words, TOLD_WORDS * 8) ||
	      scan.next != USER_END);
}

static size_t written_words(const __u64 *words)
{
	size_t nr = TOLD_WORDS;

	while (nr && !words[nr - 1])
		nr--;
	return nr;
}

static pid_t start_scan(pid_t areas, __u64 *words)
{
	pid_t pid;

	memset(words, 0, TOLD_WORDS * 8);
	pid = fork();
	if (!pid)
		scan_into(areas, words);
	return pid;
}

/* Waits until the scan has reported something; false if it ended first. */
static bool wait_for_word(pid_t pid, volatile __u64 *words)
{
	while (!words[0]) {
		if (waitpid(pid, NULL, WNOHANG))
			return false;
		sched_yield();
	}
	return true;
}

/*
 * The time of a scan proves little on a slow machine; but its records are in
 * memory that outlives it, and show how far it got. If the kill comes too late,
 * it proves nothing: begin another scan.
 */
TEST(scan_is_ended_by_a_kill)
{
	__u64 *words = map_memory(TOLD_WORDS * 8, MAP_SHARED);
	pid_t areas = child_start(map_many_areas, NULL, NULL), pid;
	size_t all, written;
	int status, i;

	ASSERT_LT(0, areas);
	pid = start_scan(areas, words);
	waitpid(pid, &status, 0);
	ASSERT_EQ(0, status);
	written = written_words(words);
	all = written;
	ASSERT_LT(max_areas(), all);
	for (i = 0; i < 20 && written >= all; i++) {
		pid = start_scan(areas, words);
		ASSERT_LT(0, pid);
		if (!wait_for_word(pid, words))
			continue;
		kill(pid, SIGKILL);
		ASSERT_FALSE(still_there(pid, 60000));
		written = written_words(words);
	}
	EXPECT_LT(written, all);
	TH_LOG("killed in scan %d, behind %zu of %zu words", i, written, all);
	kill_child(areas);
}

/* One descriptor, many threads: calls take turns, and each gets its answer. */
struct crowd {
	int fd;
	int wrong;
};

static void *scan_often(void *arg)
{
	struct crowd *crowd = arg;
	__u64 buf[512];

	for (int i = 0; i < 200; i++) {
		struct vmscope_walk walk;
		struct vmscope_scan scan;
		struct records recs;

		scan_init(&scan, 0, USER_END, i % 2 ? VMSCOPE_SCAN_RUNS : 0);
		if (scan_once(crowd->fd, &scan, buf, sizeof(buf)) ||
		    walk_at(crowd->fd, address(buf), &walk) || !walk.phys) {
			__sync_fetch_and_add(&crowd->wrong, 1);
			continue;
		}
		scan.end = scan.next;
		scan.start = 0;
		recs = (struct records){ .words = buf,
					 .nr_words = scan.bytes / 8 };
		if (records_malformed(&recs, &scan))
			__sync_fetch_and_add(&crowd->wrong, 1);
	}
	return NULL;
}

TEST(threads_share_a_descriptor)
{
	struct crowd crowd = { .fd = device_open_pid(getpid()) };
	pthread_t threads[4];

	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, scan_often,
					    &crowd));
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		pthread_join(threads[i], NULL);
	EXPECT_EQ(0, crowd.wrong);
}

static void make_threads(void *nr)
{
	child_ready(threads_start(*(int *)nr));
}

/* Lines of kernel/vmalloc for a process's threads. */
static int stacks_shown(pid_t pid)
{
	char line[256], kind[16];
	int tid, found = 0;

	for_each_line_of(line, "/sys/kernel/debug/vmscope/kernel/vmalloc") {
		if (sscanf(line, "%*x %*x %*u %*u %*u %*s %15s %d", kind,
			   &tid) != 2 ||
		    strcmp(kind, "stack"))
			continue;
		found += !access(textf("/proc/%d/task/%d", pid, tid), F_OK);
	}
	return found;
}

/* What a thread costs there, bench counts. */
TEST(each_of_many_threads_has_its_stack)
{
	int threads = 300, made;
	pid_t pid;

	if (access("/sys/kernel/debug/vmscope/kernel/vmalloc", F_OK))
		SKIP(return, "debugfs is not mounted or not built in");
	pid = child_start(make_threads, &threads, &made);
	ASSERT_EQ(threads, made);
	EXPECT_EQ(made + 1, stacks_shown(pid));
	kill_child(pid);
}

/* Planted, and found by what the kernel enforces, not by the area's flags. */
TEST(writable_code_is_found_by_its_permissions)
{
	struct vmscope_scan scan;
	struct mapping map;
	struct records recs;
	__u64 pages = 0;
	int fd = device_open_pid(getpid());

	ASSERT_EQ(NULL, mapping_make("anon-rwx", &map));
	scan_init(&scan, 0, USER_END, 0);
	scan.all_flags = F(PERM_WRITE) | F(PERM_EXEC);
	ASSERT_EQ(0, records_read(fd, &scan, 4096, &recs));
	for_each_leaf(leaf, &recs) {
		EXPECT_LE(address(map.addr), leaf.start);
		EXPECT_GE(address(map.addr) + map.bytes, leaf_end(&leaf));
		pages += leaf.pages;
	}
	EXPECT_EQ(map.pages, pages);
	records_free(&recs);
	mapping_drop(&map);
}

TEST_HARNESS_MAIN
