// SPDX-License-Identifier: GPL-2.0-only
/* Names of areas equal those in /proc/PID/maps, however long they are. */
#include "harness.h"

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#define PR_SET_VMA_ANON_NAME 0
#endif

enum { NAME_ROOM = 1 << 18, PART_BYTES = 200, ROOM = 100 };

/* The name in smaps of the area that begins at @start. */
static bool maps_name(__u64 start, char *name, size_t room)
{
	const struct proc_area *area = NULL;
	struct proc_areas areas;
	bool found;

	if (!areas_read(getpid(), &areas))
		area = areas_find(&areas, start);
	found = area && area->start == start;
	if (found)
		snprintf(name, room, "%s", area->name);
	areas_free(&areas);
	return found;
}

static bool is_cut(const struct vmscope_area *area)
{
	return area->where & VMSCOPE_AREA_NAME_CUT;
}

static bool ends_with(const char *name, const char *end, size_t bytes)
{
	size_t len = strlen(name);

	return bytes && bytes < len && !memcmp(name + len - bytes, end, bytes);
}

/**
 * struct deep - a file at the bottom of many nested directories
 * @top: where the tree begins
 * @file: one page of it
 * @fd: device, bound to this process
 * @want: its path, as in maps
 * @got: room for the device's answer
 */
FIXTURE(deep)
{
	char top[32];
	char *file;
	int fd;
	char *want;
	char *got;
};

FIXTURE_VARIANT(deep)
{
	unsigned int parts;
	bool whole;
};

FIXTURE_VARIANT_ADD(deep, longer_than_a_record){ .parts = 22, .whole = true };
FIXTURE_VARIANT_ADD(deep, just_within_the_limit){ .parts = 325, .whole = true };
FIXTURE_VARIANT_ADD(deep, longer_than_the_limit){ .parts = 330 };

static void *map_deep_file(const char *top, unsigned int parts)
{
	char part[PART_BYTES + 1];
	void *file;
	int fd;

	memset(part, '\n', PART_BYTES);
	part[PART_BYTES] = '\0';
	if (chdir(top))
		return MAP_FAILED;
	while (parts--)
		if (mkdir(part, 0700) || chdir(part))
			return MAP_FAILED;
	fd = open("file", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (ftruncate(fd, PAGE_BYTES))
		return MAP_FAILED;
	file = mmap(NULL, PAGE_BYTES, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	return file;
}

FIXTURE_SETUP(deep)
{
	snprintf(self->top, sizeof(self->top), "/tmp/vmscope-names-XXXXXX");
	self->want = malloc(NAME_ROOM);
	self->got = malloc(NAME_ROOM);
	ASSERT_NE(NULL, self->want);
	ASSERT_NE(NULL, self->got);
	ASSERT_NE(NULL, mkdtemp(self->top));
	self->file = map_deep_file(self->top, variant->parts);
	ASSERT_NE(MAP_FAILED, self->file);
	self->fd = own_device();
	ASSERT_TRUE(maps_name(address(self->file), self->want, NAME_ROOM));
	ASSERT_EQ(variant->whole, strlen(self->want) <= VMSCOPE_WALK_NAME_MAX);
}

FIXTURE_TEARDOWN(deep)
{
	EXPECT_EQ(0, chdir("/"));
	EXPECT_EQ(0, system(textf("rm -rf %s", self->top)));
}

TEST_F(deep, path_is_whole_by_walk)
{
	size_t bytes = strlen(self->want);
	struct vmscope_walk walk;

	memset(self->got, 0, NAME_ROOM);
	ASSERT_EQ(0, walk_named(self->fd, address(self->file) + 5, &walk,
				self->got, NAME_ROOM));
	EXPECT_EQ(!variant->whole, is_cut(&walk.area));
	if (variant->whole) {
		EXPECT_EQ(bytes, walk.area.name_bytes);
		EXPECT_STREQ(self->want, self->got);
	} else {
		EXPECT_TRUE(
			ends_with(self->want, self->got, walk.area.name_bytes));
	}
}

TEST_F(deep, path_is_cut_to_the_callers_room)
{
	struct vmscope_walk walk;

	/* without room for a name, nobody composes it */
	ASSERT_EQ(0, walk_named(self->fd, address(self->file), &walk, NULL, 0));
	EXPECT_TRUE(is_cut(&walk.area));
	memset(self->got, 0, NAME_ROOM);
	ASSERT_EQ(0, walk_named(self->fd, address(self->file), &walk, self->got,
				ROOM));
	EXPECT_EQ(ROOM, strlen(self->got));
	EXPECT_EQ(!variant->whole, is_cut(&walk.area));
	if (variant->whole) {
		EXPECT_EQ(strlen(self->want), walk.area.name_bytes);
		EXPECT_EQ(0, strncmp(self->want, self->got, ROOM));
	}
}

TEST_F(deep, record_has_the_end_of_the_path_and_says_so)
{
	struct records recs = {};
	const struct vmscope_area *area;
	struct vmscope_scan scan;

	scan_init(&scan, address(self->file), address(self->file) + PAGE_BYTES,
		  VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_NAMES);
	ASSERT_EQ(0, records_read(self->fd, &scan, 1 << 16, &recs));
	EXPECT_EQ(NULL, records_malformed(&recs, &scan));
	area = (const void *)records_next(&recs, NULL);
	ASSERT_NE(NULL, area);
	ASSERT_EQ(VMSCOPE_KIND_AREA, VMSCOPE_WORD_KIND(area->where));
	EXPECT_EQ(address(self->file), VMSCOPE_WORD_ADDR(area->where));
	EXPECT_TRUE(is_cut(area));
	EXPECT_TRUE(ends_with(self->want, (const char *)(area + 1),
			      area->name_bytes));
}

/* Kernels without such names report the same as maps. */
TEST(shared_memory_goes_by_the_name_that_it_was_given)
{
	int fd = own_device();
	char want[256], got[256] = "";
	struct vmscope_walk walk;
	void *addr;

	addr = mmap(NULL, 4 * PAGE_BYTES, PROT_READ, MAP_SHARED | MAP_ANONYMOUS,
		    -1, 0);
	ASSERT_NE(MAP_FAILED, addr);
	prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, addr, 4 * PAGE_BYTES, "ring");
	ASSERT_TRUE(maps_name(address(addr), want, sizeof(want)));
	ASSERT_EQ(0,
		  walk_named(fd, address(addr), &walk, got, sizeof(got) - 1));
	EXPECT_STREQ(want, got);
}

TEST_HARNESS_MAIN
