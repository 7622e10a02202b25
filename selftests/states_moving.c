// SPDX-License-Identifier: GPL-2.0-only
/*
 * Temporary states: pages that are migrating to another frame, and hints that
 * the kernel leaves for NUMA balancing.
 */
#include "harness.h"

#include <glob.h>

#include "access.h"
#include "kernel.h"
#include "mappings.h"
#include "toolrow.h"

#define R (F(READ) | F(PERM_READ))
#define W (F(WRITE) | F(PERM_WRITE))
#define X (F(EXEC) | F(PERM_EXEC))
#define ABSENT (F(PRESENT) | F(USER) | R | W | X | F(PROTNONE))

/* How many seconds to wait for what the kernel does in its own time. */
#define PATIENCE 60

static bool patience_left(time_t since)
{
	return time(NULL) < since + PATIENCE;
}

/* The first leaf of @addr's range that is in one of @states or has @flags. */
static bool find_leaf(int fd, const char *addr, size_t bytes, __u64 states,
		      __u64 flags, struct leaf *leaf)
{
	struct vmscope_scan scan;
	struct records recs;
	const __u64 *rec;

	scan_init(&scan, address(addr), address(addr) + bytes,
		  VMSCOPE_SCAN_SKIP_EMPTY);
	scan.states = states;
	scan.all_flags = flags;
	if (records_read(fd, &scan, 65536, &recs))
		return false;
	rec = records_next(&recs, NULL);
	if (rec)
		*leaf = leaf_of((const void *)rec);
	records_free(&recs);
	return rec;
}

#define STALL "/sys/module/stall/parameters/"
#define NODE1 "/sys/devices/system/node/node1"

/* Types that pagemap has of entries that migrate; no device has this number. */
#define FIRST_PFN_TYPE 20

static bool stay_on(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return !sched_setaffinity(0, sizeof(set), &set);
}

static const char *stall_missing(void)
{
	if (!test_module_is_there("stall"))
		return "modules/stall.ko is not built here, for want of CONFIG_KPROBES";
	if (access(NODE1, F_OK))
		return "there is one NUMA node";
	if (!stay_on(1))
		return "there is one processor";
	return tool_missing();
}

/* A child that moves a page of ours to another node, and stalls there. */
static pid_t move_and_stall(char *addr)
{
	int node = !page_node(getpid(), address(addr)), status = -1;
	pid_t parent = getpid(), pid = child_fork();

	if (!pid) {
		stay_on(0);
		file_write(STALL "pid", textf("%d", getpid()));
		syscall(SYS_move_pages, parent, 1, &addr, &node, &status, 2);
		_exit(status != node);
	}
	return pid;
}

static bool is_held(void)
{
	char word = 'N';
	int fd = open(STALL "held", O_RDONLY | O_CLOEXEC);

	if (read(fd, &word, 1) != 1)
		word = 'N';
	close(fd);
	return word == 'Y';
}

static bool wait_until_held(void)
{
	time_t start = time(NULL);

	while (!is_held() && patience_left(start))
		usleep(1000);
	return is_held();
}

/* Whether a thread of ours sleeps, and not in a system call. */
static bool one_waits(void)
{
	bool waits = false;
	glob_t found;

	glob("/proc/self/task/[0-9]*/syscall", 0, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		int fd = open(found.gl_pathv[i], O_RDONLY | O_CLOEXEC);
		char word[3];

		waits |= read(fd, word, 3) == 3 && !memcmp(word, "-1 ", 3);
		close(fd);
	}
	globfree(&found);
	return waits;
}

/* Other faults end soon. */
#define LOOKS 30

/* Lets the page go once somebody waits for it. */
static void *release(void *waited)
{
	int looks = 0;

	while (is_held() && looks < LOOKS) {
		looks = one_waits() ? looks + 1 : 0;
		usleep(1000);
	}
	*(bool *)waited = looks == LOOKS;
	file_write(STALL "pid", "0");
	return NULL;
}

/* The page is as pagemap has it, and who touches it waits. */
static void check_stalled(struct __test_metadata *_metadata, const char *kind,
			  char *addr, __u64 before)
{
	__u64 entry = pagemap_self(addr);
	bool waited = false;
	struct leaf leaf;
	pthread_t thread;

	EXPECT_EQ(0, leaf_at(own_device(), addr, &leaf));
	EXPECT_TRUE(entry & PM_SWAP && PM_TYPE(entry) >= FIRST_PFN_TYPE);
	EXPECT_EQ(VMSCOPE_STATE_MIGRATION, leaf.state);
	EXPECT_EQ(0, leaf.flags & ABSENT);
	EXPECT_EQ(before & PM_PFN_MASK, leaf.value);
	EXPECT_EQ(PM_OFFSET(entry), leaf.value);
	ASSERT_EQ(0, pthread_create(&thread, NULL, release, &waited));
	EXPECT_ACCESS(kind, addr, WRITE, "minor: wait for migration");
	pthread_join(thread, NULL);
	EXPECT_TRUE(waited);
}

TEST(migration_is_reported_with_its_frame_and_waited_for)
{
	static const char *const kinds[] = { "anon", "thp" };
	const char *why = stall_missing();

	if (why)
		SKIP(return, "migration: %s", why);
	ASSERT_TRUE(test_module_load("stall"));
	/* one processor does nothing else meanwhile */
	knob_set("/proc/sys/kernel/watchdog_thresh", "60");
	knob_set("/sys/module/rcupdate/parameters/rcu_cpu_stall_timeout", "90");
	access_catch();
	for (size_t i = 0; i < ARRAY_SIZE(kinds) && about("%s: ", kinds[i]);
	     i++) {
		struct mapping map;
		int status = -1;
		__u64 before;
		pid_t mover;

		ASSERT_EQ(NULL, mapping_make(kinds[i], &map));
		madvise(map.base, map.bytes, MADV_DONTFORK);
		before = pagemap_self(map.addr);
		mover = move_and_stall(map.addr);
		EXPECT_TRUE(wait_until_held());
		if (is_held())
			check_stalled(_metadata, kinds[i], map.addr, before);
		waitpid(mover, &status, 0);
		EXPECT_EQ(0, status);
		EXPECT_NE(before, pagemap_self(map.addr));
		mapping_drop(&map);
	}
	EXPECT_TRUE(test_module_unload("stall"));
	knobs_restore();
}

#define BALANCING "/sys/kernel/debug/sched/numa_balancing/"

static void *burn(void *arg)
{
	volatile bool *stop = arg;

	while (!*stop)
		;
	return NULL;
}

#define HINT_BYTES (16UL << 20)

/* Touches the page: the kernel counts the fault of a hint. */
static void check_hint(struct __test_metadata *_metadata, int fd,
		       const struct leaf *leaf)
{
	volatile char *page = (void *)(uintptr_t)leaf->start;
	long faults = vmstat_number("numa_hint_faults");
	struct leaf after;

	EXPECT_EQ(0, leaf->flags & (R | W | X));
	EXPECT_EQ(pagemap_self((void *)(uintptr_t)leaf->start) & PM_PFN_MASK,
		  leaf->value);
	/* no more hints during the check */
	ASSERT_TRUE(file_write("/proc/sys/kernel/numa_balancing", "0"));
	if (tool_missing())
		*page = 2;
	else
		EXPECT_ACCESS("hint", (char *)page, WRITE, "minor: NUMA hint");
	EXPECT_LT(faults, vmstat_number("numa_hint_faults"));
	ASSERT_EQ(0, leaf_at(fd, (void *)page, &after));
	EXPECT_EQ(R | W, after.flags & (R | W | F(PROTNONE)));
}

/*
 * With two threads the kernel leaves its hints even on one node: entries
 * without access in an area that allows it. It counts them, and nobody touches
 * ours.
 */
TEST(numa_hint_is_protnone_in_an_accessible_area)
{
	time_t start = time(NULL);
	volatile bool stop = false;
	struct leaf leaf = { 0 };
	bool found = false;
	pthread_t thread;
	long hints;
	char *addr;
	int fd = own_device();

	hints = vmstat_number("numa_pte_updates");
	if (hints < 0 || !knob_set("/proc/sys/kernel/numa_balancing", "1"))
		SKIP(return, "NUMA hints: the kernel has no NUMA balancing");
	knob_set(BALANCING "scan_delay_ms", "1");
	knob_set(BALANCING "scan_period_min_ms", "50");
	addr = map_memory(HINT_BYTES, MAP_PRIVATE);
	madvise(addr, HINT_BYTES, MADV_NOHUGEPAGE);
	memset(addr, 1, HINT_BYTES);
	ASSERT_EQ(0, pthread_create(&thread, NULL, burn, (void *)&stop));
	while (!found && patience_left(start))
		found = find_leaf(fd, addr, HINT_BYTES, STATE_BIT(ANON),
				  F(PROTNONE), &leaf);
	stop = true;
	pthread_join(thread, NULL);
	hints = vmstat_number("numa_pte_updates") - hints;
	if (found)
		check_hint(_metadata, fd, &leaf);
	knobs_restore();
	if (!found && hints < (long)(HINT_BYTES / PAGE_BYTES))
		SKIP(return, "NUMA hints: the kernel left %ld", hints);
	about("the kernel left %ld hints, and the scan saw none: ", hints);
	EXPECT_TRUE(found);
}

TEST_HARNESS_MAIN
