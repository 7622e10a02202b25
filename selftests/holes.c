// SPDX-License-Identifier: GPL-2.0-only
/*
 * A walk to an address in no area reads tables that areas around it keep, and
 * no others, and never blocks a process that wants to map or unmap.
 */
#include "harness.h"

#define TRACING "/sys/kernel/tracing/"
#define EVENT TRACING "events/mmap_lock/mmap_lock_acquire_returned/"

static char *map(size_t bytes)
{
	return map_memory(bytes, MAP_PRIVATE | MAP_NORESERVE);
}

static unsigned int last_level(const struct vmscope_walk *walk)
{
	return walk->levels[walk->nr_levels - 1].level;
}

TEST(beside_an_area_the_walk_reaches_the_empty_entry)
{
	struct vmscope_walk walk;
	char *addr = map(2 * PMD_BYTES);
	int fd = own_device();

	madvise(addr, 2 * PMD_BYTES, MADV_NOHUGEPAGE);
	addr = align_up(addr, PMD_BYTES);
	*addr = 1;
	munmap(addr + PAGE_BYTES, PAGE_BYTES);
	ASSERT_EQ(0, walk_at(fd, address(addr) + PAGE_BYTES, &walk));
	EXPECT_EQ(VMSCOPE_STATE_UNMAPPED, VMSCOPE_WORD_STATE(walk.page.what));
	EXPECT_EQ(VMSCOPE_LEVEL_PTE, last_level(&walk));
	EXPECT_EQ(0, walk.levels[walk.nr_levels - 1].raw);
	EXPECT_EQ(0, walk.area.end);
	EXPECT_EQ(VMSCOPE_BEHIND_NOTHING, walk.behind);
}

TEST(far_from_every_area_the_walk_ends_above)
{
	struct vmscope_walk walk;
	char *addr = map(4 * PUD_BYTES);
	char *middle = addr + 2 * PUD_BYTES;
	int fd = own_device();

	*middle = 1;
	munmap(addr + PAGE_BYTES, 4 * PUD_BYTES - 2 * PAGE_BYTES);
	ASSERT_EQ(0, walk_at(fd, address(middle), &walk));
	EXPECT_EQ(VMSCOPE_STATE_UNMAPPED, VMSCOPE_WORD_STATE(walk.page.what));
	EXPECT_LE(VMSCOPE_LEVEL_PMD, last_level(&walk));
}

static size_t count_lines(const char *path, const char *with)
{
	char line[512];
	size_t nr = 0;

	for_each_line_of(line, path)
		nr += strstr(line, with) != NULL;
	return nr;
}

/* As a writer, each walk would wait for all readers, and they for the walk. */
TEST(walk_of_a_hole_never_takes_the_lock_for_writing)
{
	struct vmscope_walk walk;
	char *addr = map(3 * PAGE_BYTES);
	int fd = own_device(), i;

	*addr = 1;
	munmap(addr + PAGE_BYTES, PAGE_BYTES);
	if (!file_write(EVENT "filter", textf("common_pid == %d", getpid())) ||
	    !file_write(EVENT "enable", "1"))
		SKIP(return, "mmap_lock: this kernel traces it not");
	file_write(TRACING "trace", "");
	for (i = 0; i < 64; i++)
		walk_at(fd, address(addr) + PAGE_BYTES, &walk);
	file_write(EVENT "enable", "0");
	file_write(EVENT "filter", "0");
	EXPECT_LE(64, count_lines(TRACING "trace", textf("-%d ", getpid())));
	EXPECT_GT(8, count_lines(TRACING "trace", "write=true"));
}

struct churner {
	volatile bool stop;
	size_t rounds;
};

/* Tables come and go: touch and unmap a gigabyte. */
static void *churn(void *arg)
{
	struct churner *churner = arg;

	while (!churner->stop) {
		char *addr = mmap((void *)(0x10ULL << 40), PUD_BYTES, RW,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
					  MAP_FIXED,
				  -1, 0);

		for (size_t i = 0; i < PUD_BYTES; i += 32 * PMD_BYTES)
			addr[i] = 1;
		munmap(addr, PUD_BYTES);
		churner->rounds++;
	}
	return NULL;
}

TEST(tables_that_are_freed_under_a_walk_do_no_harm)
{
	struct churner churner = { 0 };
	struct vmscope_walk walk;
	pthread_t thread;
	int fd = own_device(), i;

	ASSERT_EQ(0, pthread_create(&thread, NULL, churn, &churner));
	for (i = 0; i < 5000; i++)
		ASSERT_EQ(0,
			  walk_at(fd, (0x10ULL << 40) + i % 64 * 8 * PMD_BYTES,
				  &walk));
	churner.stop = true;
	pthread_join(thread, NULL);
	EXPECT_LT(0, churner.rounds);
}

TEST_HARNESS_MAIN
