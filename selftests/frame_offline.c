// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that goes offline and comes back: its frames are holes meanwhile.
 * Needs a slot for memory, which vm-hotplug fills.
 */
#include "harness.h"
#include "kernel.h"
#include "toolrow.h"

FIXTURE(memory)
{
	int fd;
	__u64 frames; /* of a block */
	unsigned int block; /* the highest but one; the highest follows */
	__u64 start; /* its first frame */
};

static __u64 block_frames(void)
{
	unsigned long long bytes = 0;
	char line[64];

	for_each_line_of(line, MEMORY "/block_size_bytes")
		sscanf(line, "%llx", &bytes);
	return bytes / PAGE_BYTES;
}

static bool block_set(unsigned int block, const char *state)
{
	return file_write(textf(MEMORY "/memory%u/state", block), state);
}

FIXTURE_SETUP(memory)
{
	unsigned int highest = memory_block_highest();

	self->fd = own_kernel();
	/* Only memory without pages of the kernel goes offline again. */
	ASSERT_TRUE(knob_set(MEMORY "/auto_online_blocks", "online_movable"));
	if (system("vm-hotplug plug >/dev/null 2>&1"))
		SKIP(return, "there is no slot for memory");
	self->block = memory_block_highest() - 1;
	ASSERT_LT(highest, self->block);
	self->frames = block_frames();
	self->start = self->block * self->frames;
}

FIXTURE_TEARDOWN(memory)
{
	if (self->block)
		system("vm-hotplug unplug >/dev/null 2>&1");
	knobs_restore();
}

/* How many frames from @start on are listed, and are holes or are not. */
static __u64 count(int fd, __u64 start, __u64 frames, bool holes)
{
	static struct vmscope_frame_run runs[256];
	struct vmscope_frame_list list = {
		.size = sizeof(list),
		.start = start,
		.end = start + frames,
		.buf = address(runs),
		.buf_bytes = sizeof(runs),
	};
	__u64 found = 0;

	while (list.start < list.end) {
		if (ioctl(fd, VMSCOPE_IOC_FRAMES, &list))
			return ~0ULL;
		for (size_t i = 0; i < list.bytes / sizeof(runs[0]); i++) {
			bool hole = runs[i].kind == VMSCOPE_FRAME_HOLE;

			found += hole == holes ? runs[i].frames : 0;
		}
		list.start = list.next;
	}
	return found;
}

/* Whether the tool calls this frame a hole, of which nothing is known. */
static bool tool_says_hole(__u64 pfn)
{
	char row[512];

	return tool_first_row(row, sizeof(row), "frames %llu -o use,order",
			      (unsigned long long)pfn) &&
	       !strcmp(row_text(row, "use"), "hole") && strstr(row, "null");
}

TEST_F(memory, an_offline_block_is_a_hole)
{
	__u64 all = count(self->fd, 0, ~0ULL, false);

	EXPECT_EQ(self->frames,
		  count(self->fd, self->start, self->frames, false));
	ASSERT_TRUE(block_set(self->block, "offline"));
	EXPECT_EQ(self->frames,
		  count(self->fd, self->start, self->frames, true));
	EXPECT_EQ(0, count(self->fd, self->start, self->frames, false));
	EXPECT_EQ(all - self->frames, count(self->fd, 0, ~0ULL, false));
	if (!tool_missing()) {
		EXPECT_TRUE(tool_says_hole(self->start));
		EXPECT_TRUE(tool_says_hole(self->start + self->frames - 1));
		EXPECT_FALSE(tool_says_hole(self->start + self->frames));
	}
	ASSERT_TRUE(block_set(self->block, "online_movable"));
	EXPECT_EQ(0, count(self->fd, self->start, self->frames, true));
	EXPECT_EQ(all, count(self->fd, 0, ~0ULL, false));
	if (!tool_missing())
		EXPECT_FALSE(tool_says_hole(self->start));
}

TEST_F(memory, memory_ends_where_the_rest_is_offline)
{
	__u64 last = self->start + self->frames;
	char row[512];

	EXPECT_EQ(self->frames, count(self->fd, last, self->frames, false));
	ASSERT_TRUE(block_set(self->block + 1, "offline"));
	EXPECT_EQ(0, count(self->fd, last, self->frames, true));
	EXPECT_EQ(0, count(self->fd, last, self->frames, false));
	if (!tool_missing())
		EXPECT_FALSE(tool_first_row(row, sizeof(row), "frames %llu",
					    (unsigned long long)last));
	ASSERT_TRUE(block_set(self->block + 1, "online_movable"));
	EXPECT_EQ(self->frames, count(self->fd, last, self->frames, false));
}

TEST_HARNESS_MAIN
