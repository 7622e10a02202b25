// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables themselves: walks from the root, TABLE records and the census
 * report of the same tree.
 */
#include "harness.h"
#include "target.h"

/* Where an entry of x86-64 holds the address of what it points to. */
#define ENTRY_PHYS 0x000ffffffffff000ULL
#define ENTRIES 512

ALL_TESTS_SHARE_TARGET(target)

FIXTURE(tree)
{
	int fd;
	struct vmscope_info info;
	struct records recs;
};

FIXTURE_SETUP(tree)
{
	self->fd = device_of(target.pid);
	ASSERT_EQ(0, device_info(self->fd, &self->info));
	ASSERT_EQ(0, records_scan(self->fd, 0, USER_END, VMSCOPE_SCAN_TABLES,
				  &self->recs));
}

NO_TEARDOWN(tree)

static __u64 table_bytes(const struct vmscope_info *info, unsigned int level)
{
	return (__u64)ENTRIES << info->level_shift[level];
}

/* The entry of a walk at a level; NULL if the walk ended above. */
static const struct vmscope_walk_level *walked(const struct vmscope_walk *walk,
					       unsigned int level)
{
	for (unsigned int i = 0; i < walk->nr_levels; i++)
		if (walk->levels[i].level == level)
			return &walk->levels[i];
	return NULL;
}

/* Each table is reported once, in address order, higher levels first. */
TEST_F(tree, tables_are_reported_once)
{
	__u64 last[VMSCOPE_NR_LEVELS] = { 0 };

	for_each_table_record(table, &self->recs) {
		unsigned int level;
		__u64 start;

		level = VMSCOPE_WORD_LEVEL(table->where);
		start = VMSCOPE_WORD_ADDR(table->where);
		EXPECT_EQ(0, start % table_bytes(&self->info, level));
		EXPECT_LE(last[level], start);
		EXPECT_NE(0, table->phys);
		EXPECT_EQ(0, table->flags);
		EXPECT_LE(table->leaves, table->used);
		last[level] = start + 1;
	}
}

TEST_F(tree, tables_are_where_walks_find_them)
{
	for_each_table_record(table, &self->recs) {
		const struct vmscope_walk_level *level;
		struct vmscope_walk walk;

		ASSERT_EQ(0, walk_at(self->fd, VMSCOPE_WORD_ADDR(table->where),
				     &walk));
		level = walked(&walk, VMSCOPE_WORD_LEVEL(table->where));
		ASSERT_NE(NULL, level);
		EXPECT_EQ(table->phys, level->entry_phys);
	}
}

/* Entries that records reported of one table: pages, and tables below. */
static void count_entries(const struct records *recs,
			  const struct vmscope_info *info,
			  const struct vmscope_table *table, __u64 *used,
			  __u64 *leaves)
{
	unsigned int level = VMSCOPE_WORD_LEVEL(table->where);
	__u64 start = VMSCOPE_WORD_ADDR(table->where);
	__u64 end = start + table_bytes(info, level);

	*used = 0;
	*leaves = 0;
	for_each_record(rec, recs) {
		__u64 addr = VMSCOPE_WORD_ADDR(*rec);
		struct leaf leaf;

		if (addr < start || addr >= end)
			continue;
		if (VMSCOPE_WORD_KIND(*rec) == VMSCOPE_KIND_TABLE) {
			unsigned int below = VMSCOPE_WORD_LEVEL(*rec) + 1;

			if (below < level && !info->level_shift[below])
				below++;
			*used += below == level;
			continue;
		}
		leaf = leaf_of((const void *)rec);
		if (leaf.level != level || leaf.state == VMSCOPE_STATE_NONE ||
		    (leaf.state == VMSCOPE_STATE_SHMEM_SWAP &&
		     !(leaf.flags & F(UFFD_WP))))
			continue;
		*used += 1;
		*leaves += !!(leaf.flags & F(PRESENT));
	}
}

TEST_F(tree, tables_use_the_entries_that_are_reported)
{
	for_each_table_record(table, &self->recs) {
		__u64 used, leaves;

		count_entries(&self->recs, &self->info, table, &used, &leaves);
		about("table %llx: ", table->where);
		EXPECT_EQ(used, table->used);
		EXPECT_EQ(leaves, table->leaves);
	}
}

TEST_F(tree, census_is_the_sum_of_the_tables)
{
	struct vmscope_census sum = { 0 }, census;
	unsigned int level;

	ASSERT_EQ(0, census_read(self->fd, &census));
	for_each_table_record(table, &self->recs) {
		level = VMSCOPE_WORD_LEVEL(table->where);
		sum.tables[level]++;
		sum.used[level] += table->used;
		sum.leaves[level] += table->leaves;
		sum.empty[level] += !table->used;
	}
	for (level = 0; level < VMSCOPE_NR_LEVELS; level++) {
		EXPECT_EQ(sum.tables[level], census.tables[level]);
		EXPECT_EQ(sum.used[level], census.used[level]);
		EXPECT_EQ(sum.leaves[level], census.leaves[level]);
		EXPECT_EQ(sum.empty[level], census.empty[level]);
	}
	EXPECT_EQ(1, census.tables[VMSCOPE_LEVEL_PGD]);
}

/* A huge page has a spare table, which VmPTE counts but the tree lacks. */
TEST_F(tree, census_counts_deposited_tables)
{
	struct vmscope_census census;
	__u64 huge = 0, ours;

	for_each_leaf(leaf, &self->recs) {
		if (leaf.level == VMSCOPE_LEVEL_PMD &&
		    (leaf.state == VMSCOPE_STATE_ANON ||
		     leaf.state == VMSCOPE_STATE_HUGEZERO))
			huge++;
	}
	ASSERT_EQ(0, census_read(self->fd, &census));
	EXPECT_EQ(huge, census.deposited);
	ours = census.tables[VMSCOPE_LEVEL_PTE] +
	       census.tables[VMSCOPE_LEVEL_PMD] +
	       census.tables[VMSCOPE_LEVEL_PUD] + census.deposited;
	EXPECT_EQ(status_number(target.pid, "VmPTE:") * 1024,
		  ours * PAGE_BYTES);
	EXPECT_EQ(ours * PAGE_BYTES, census.pgtables_bytes);
}

static void check_chain(struct __test_metadata *_metadata,
			const struct vmscope_info *info,
			const struct vmscope_walk *walk)
{
	__u64 table = walk->root_phys;
	unsigned int i;

	ASSERT_LE(1, walk->nr_levels);
	ASSERT_GE(info->nr_levels, walk->nr_levels);
	EXPECT_EQ(VMSCOPE_LEVEL_PGD, walk->levels[0].level);
	for (i = 0; i < walk->nr_levels; i++) {
		const struct vmscope_walk_level *level = &walk->levels[i];
		unsigned int shift = info->level_shift[level->level];

		EXPECT_EQ(walk->addr >> shift & (ENTRIES - 1), level->index);
		EXPECT_EQ(table + level->index * 8, level->entry_phys);
		if (i + 1 < walk->nr_levels) {
			EXPECT_EQ(F(PRESENT), level->flags & F(PRESENT));
		}
		table = level->raw & ENTRY_PHYS;
	}
	for (; i < ARRAY_SIZE(walk->levels); i++)
		EXPECT_EQ(VMSCOPE_LEVEL_NONE, walk->levels[i].level);
}

TEST_F(tree, walk_follows_the_entries_from_the_root)
{
	for_each_leaf(leaf, &self->recs) {
		struct vmscope_walk walk;

		ASSERT_EQ(0, walk_at(self->fd, leaf.start, &walk));
		check_chain(_metadata, &self->info, &walk);
		EXPECT_EQ(leaf.level, walk.levels[walk.nr_levels - 1].level);
		if (leaf.run)
			continue;
		/* The kernel may have moved or aged the page since then. */
		if (leaf.raw != walk.levels[walk.nr_levels - 1].raw)
			ASSERT_EQ(0, leaf_at(self->fd,
					     (void *)(uintptr_t)leaf.start,
					     &leaf));
		EXPECT_EQ(leaf.raw, walk.levels[walk.nr_levels - 1].raw);
	}
}

TEST_F(tree, walk_reports_the_area)
{
	struct proc_areas areas;

	ASSERT_EQ(0, areas_read(target.pid, &areas));
	for_each_area(area, &areas) {
		struct vmscope_walk walk;
		char name[4200] = "";

		ASSERT_EQ(0, walk_named(self->fd, area->end - 1, &walk, name,
					sizeof(name) - 1));
		EXPECT_EQ(area->start, VMSCOPE_WORD_ADDR(walk.area.where));
		EXPECT_EQ(area->end, walk.area.end);
		EXPECT_EQ(area->vma_flags, walk.area.vma_flags);
		EXPECT_EQ(area->inode, walk.area.inode);
		if (area->name[0] == '/') {
			EXPECT_STREQ(area->name, name);
		}
		EXPECT_EQ(strlen(name), walk.area.name_bytes);
	}
}

TEST_F(tree, walk_outside_of_every_area_is_unmapped)
{
	static const __u64 nowhere[] = { 0, PAGE_BYTES, USER_END - 1 };

	for (size_t i = 0; i < ARRAY_SIZE(nowhere); i++) {
		struct vmscope_walk walk;
		struct leaf leaf;

		ASSERT_EQ(0, walk_at(self->fd, nowhere[i], &walk));
		leaf = leaf_of(&walk.page);
		EXPECT_STREQ("unmapped", state_name(leaf.state));
		EXPECT_EQ(nowhere[i] & -PAGE_BYTES, leaf.start);
		EXPECT_EQ(1, leaf.pages);
		EXPECT_EQ(0, leaf.flags & F(PRESENT));
		EXPECT_EQ(0, walk.phys);
		EXPECT_EQ(0, walk.area.where);
		EXPECT_EQ(0, walk.area.end);
		check_chain(_metadata, &self->info, &walk);
	}
}

/* The kernel maps each frame of memory a second time: walk to that alias. */
TEST_F(tree, walk_of_the_kernels_alias_ends_at_the_same_frame)
{
	struct vmscope_walk user, kernel;
	struct leaf leaf;
	char *page = map_memory(PAGE_BYTES, MAP_PRIVATE | MAP_POPULATE);
	int fd = device_open_pid(getpid());

	ASSERT_EQ(0, walk_at(fd, address(page) + 0x321, &user));
	EXPECT_NE(0, user.phys);
	if (!user.kernel_alias)
		SKIP(return, "kernel addresses are withheld here");
	ASSERT_EQ(0, walk_at(fd, user.kernel_alias, &kernel));
	leaf = leaf_of(&kernel.page);
	EXPECT_STREQ("kernel", state_name(leaf.state));
	EXPECT_EQ(user.phys, kernel.phys);
	EXPECT_EQ(0,
		  leaf.flags & (F(PERM_READ) | F(PERM_WRITE) | F(PERM_EXEC)));
	EXPECT_EQ(0, kernel.area.end);
	check_chain(_metadata, &self->info, &kernel);
}

TEST_HARNESS_MAIN
