// SPDX-License-Identifier: GPL-2.0-only
/*
 * Temporary states: pages that are migrating to another frame, and hints that
 * the kernel leaves for NUMA balancing.
 */
#include "harness.h"

#include "access.h"
#include "toolrow.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

#define R (F(READ) | F(PERM_READ))
#define W (F(WRITE) | F(PERM_WRITE))
#define X (F(EXEC) | F(PERM_EXEC))
#define ABSENT (F(PRESENT) | F(USER) | R | W | X | F(PROTNONE))

/* How many seconds to wait for a state that only races produce. */
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

struct mover {
	char *addr;
	size_t bytes;
	volatile bool stop;
};

/* Splits a huge page and collapses it again: it is frozen in between. */
static void split_and_collapse(const struct mover *mover)
{
	char command[64];

	madvise(mover->addr, mover->bytes, MADV_COLLAPSE);
	snprintf(command, sizeof(command), "%d,0x%llx,0x%llx", getpid(),
		 address(mover->addr), address(mover->addr) + mover->bytes);
	file_write("/sys/kernel/debug/split_huge_pages", command);
}

/* Moves the pages between nodes, or splits them if there is only one. */
static void *move_around(void *arg)
{
	struct mover *mover = arg;
	size_t pages = mover->bytes / PAGE_BYTES;
	void **addrs = calloc(pages, sizeof(*addrs));
	int *nodes = calloc(pages, sizeof(*nodes));
	int *status = calloc(pages, sizeof(*status));
	size_t i;
	int node;

	for (i = 0; i < pages; i++)
		addrs[i] = mover->addr + i * PAGE_BYTES;
	for (node = 0; !mover->stop; node = !node) {
		for (i = 0; i < pages; i++)
			nodes[i] = node;
		if (syscall(SYS_move_pages, 0, pages, addrs, nodes, status, 2))
			split_and_collapse(mover);
	}
	free(addrs);
	free(nodes);
	free(status);
	return NULL;
}

#define MOVED_BYTES (4UL << 20)
#define MOVED_PAGES (MOVED_BYTES / PAGE_BYTES)
/* Lower types of swap entries are devices', and no device has this number. */
#define FIRST_PFN_TYPE 20
/* With so many seen by pagemap, a scan that sees none is wrong. */
#define ENOUGH 20

/* What pagemap says about a frame in memory or migrating. */
static __u64 pagemap_frame(__u64 entry)
{
	return entry & PM_PRESENT ? entry & PM_PFN_MASK : PM_OFFSET(entry);
}

static bool pagemap_migrates(__u64 entry)
{
	return entry & PM_SWAP && PM_TYPE(entry) >= FIRST_PFN_TYPE;
}

/* What two reads of pagemap and a scan between them saw. */
struct moves {
	size_t theirs; /* entries that migrate, by pagemap */
	size_t ours; /* the same by the scan */
	/* of those, with the frame that pagemap shows before or after */
	size_t agreed;
};

static bool moves_count(int fd, int pagemap, const char *addr,
			struct moves *moves)
{
	static __u64 then[MOVED_PAGES], now[MOVED_PAGES];
	struct vmscope_scan scan;
	struct records recs;
	struct leaf leaf;
	size_t i;

	scan_init(&scan, address(addr), address(addr) + MOVED_BYTES, 0);
	if (!pagemap_read(pagemap, address(addr), MOVED_PAGES, then) ||
	    records_read(fd, &scan, 65536, &recs))
		return false;
	for (i = 0; i < MOVED_PAGES; i++)
		moves->theirs += pagemap_migrates(then[i]);
	pagemap_read(pagemap, address(addr), MOVED_PAGES, now);
	for_each_leaf(&leaf, &recs) {
		if (leaf.state != VMSCOPE_STATE_MIGRATION)
			continue;
		i = (leaf.start - address(addr)) / PAGE_BYTES;
		moves->ours++;
		moves->agreed += !(leaf.flags & ABSENT) && leaf.value &&
				 (leaf.value == pagemap_frame(then[i]) ||
				  leaf.value == pagemap_frame(now[i]));
	}
	records_free(&recs);
	return true;
}

/* An entry lives for microseconds: pagemap shows that there are some. */
TEST(migration_is_reported_with_its_frame)
{
	struct mover mover = { .bytes = MOVED_BYTES };
	int fd = own_device(), pagemap = pagemap_open(getpid());
	time_t start = time(NULL);
	struct moves moves = { 0 };
	pthread_t thread;

	ASSERT_LE(0, pagemap);
	mover.addr = mmap(NULL, 2 * MOVED_BYTES, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, mover.addr);
	mover.addr =
		(char *)((address(mover.addr) + PMD_BYTES) & ~(PMD_BYTES - 1));
	memset(mover.addr, 1, MOVED_BYTES);
	ASSERT_EQ(0, pthread_create(&thread, NULL, move_around, &mover));
	do {
		if (!moves_count(fd, pagemap, mover.addr, &moves))
			break;
	} while (!moves.agreed && moves.theirs < 100 * ENOUGH &&
		 (moves.theirs < ENOUGH || patience_left(start)) &&
		 time(NULL) < start + 4 * PATIENCE);
	mover.stop = true;
	pthread_join(thread, NULL);
	if (!moves.ours && moves.theirs < ENOUGH)
		SKIP(return, "migration: pagemap saw %zu pages on their way",
			   moves.theirs);
	about("pagemap saw %zu pages on their way, the scan %zu: ",
	      moves.theirs, moves.ours);
	EXPECT_LT(0, moves.agreed);
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
		EXPECT_TRUE(access_is("hint", (char *)page, WRITE,
				      "minor: NUMA hint"));
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
	addr = mmap(NULL, HINT_BYTES, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, addr);
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
