// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the tool forecasts: of every kind of page the same as it explains of the
 * address; of each kind of fault what happens then; of the page cache what
 * mincore() says; of a range as many faults and bytes as the kernel counts.
 */
#include "harness.h"

#include <linux/io_uring.h>
#include <linux/mempolicy.h>
#include <linux/userfaultfd.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/uio.h>

#include "access.h"
#include "freezer.h"
#include "mappings.h"
#include "toolrow.h"

NEEDS(tool_missing())

#define THP "/sys/kernel/mm/transparent_hugepage/"
#define FILE_PAGES 64
#define FILE_BYTES (FILE_PAGES * PAGE_BYTES)

enum { WORDS = 64 };

/* What the tool says of a page. */
struct said {
	char access[NR_ACCESSES][WORDS];
};

static bool said_in(const char *row, struct said *said)
{
	bool ok = true;

	for (int i = 0; i < NR_ACCESSES; i++) {
		snprintf(said->access[i], WORDS, "%s",
			 row_text(row, access_names[i]));
		ok &= said->access[i][0] != '\0';
	}
	return ok;
}

/* Runs the forecast of some pages, and returns how many it has words for. */
static size_t forecast(const char *addr, size_t pages, struct said *said)
{
	char row[4096];
	FILE *rows =
		tool_run("forecast %d %llx+%zu -o start,pages,read,write,exec",
			 getpid(), address(addr), pages * PAGE_BYTES);
	size_t nr = 0;

	while (tool_row(rows, row, sizeof(row))) {
		size_t at =
			(row_number(row, "start") - address(addr)) / PAGE_BYTES;
		__u64 left = row_number(row, "pages");

		for (; left && at < pages && said_in(row, &said[at]); left--) {
			at++;
			nr++;
		}
	}
	tool_end(rows);
	return nr;
}

/* What the tool explains of an address of @pid, in one column. */
static const char *explained(pid_t pid, const char *addr, const char *column)
{
	return tool_text(column, "explain %d %llx -o %s", pid, address(addr),
			 column);
}

static size_t explain(const char *addr, size_t pages, struct said *said)
{
	char args[512], row[4096];
	size_t nr = 0, len;
	FILE *rows;

	len = snprintf(args, sizeof(args), "explain -o read,write,exec %d",
		       getpid());
	for (size_t i = 0; i < pages; i++)
		len += snprintf(args + len, sizeof(args) - len, " %llx",
				address(addr) + i * PAGE_BYTES);
	rows = tool_run("%s", args);
	while (nr < pages && tool_row(rows, row, sizeof(row)))
		nr += said_in(row, &said[nr]);
	tool_end(rows);
	return nr;
}

static size_t differences(const char *kind, const char *addr, size_t pages)
{
	struct said far[8], near[8];
	size_t nr = 0;

	memset(far, 0, sizeof(far));
	memset(near, 0, sizeof(near));
	if (forecast(addr, pages, far) != pages ||
	    explain(addr, pages, near) != pages) {
		note("%s: the tool does not know all pages\n", kind);
		return 1;
	}
	for (size_t i = 0; i < pages * NR_ACCESSES; i++) {
		const char *is = far[i / NR_ACCESSES].access[i % NR_ACCESSES];
		const char *was = near[i / NR_ACCESSES].access[i % NR_ACCESSES];

		if (!strcmp(is, was))
			continue;
		note("%s: page %zu: %s is \"%s\", explained as \"%s\"\n", kind,
		     i / NR_ACCESSES, access_names[i % NR_ACCESSES], is, was);
		nr++;
	}
	return nr;
}

/* access.c does what is explained. */
TEST(every_kind_of_page_is_forecast_as_it_is_explained)
{
	size_t tried = 0, wrong = 0;

	for (size_t i = 0; mapping_kind(i); i++) {
		const char *kind = mapping_kind(i)->name;
		struct mapping map;

		if (!mapping_make(kind, &map)) {
			wrong += differences(kind, map.addr,
					     map.pages > 8 ? 8 : map.pages);
			tried++;
		}
		mapping_drop(&map);
		knobs_restore();
	}
	EXPECT_LT(50, tried);
	EXPECT_EQ(0, wrong);
}

/* A file of code on a disk; nothing of it is in the page cache. */
FIXTURE(disk)
{
	int fd;
	char *shared;
	char *private;
};

FIXTURE_SETUP(disk)
{
	char page[4096];

	memset(page, RET, sizeof(page));
	if (!disk_make())
		SKIP(return, "page cache: cannot mount a file system");
	self->fd = open(DISK "/file", O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	ASSERT_LE(0, self->fd);
	for (int i = 0; i < FILE_PAGES; i++)
		ASSERT_EQ((ssize_t)sizeof(page),
			  write(self->fd, page, sizeof(page)));
	ASSERT_EQ(0, fsync(self->fd));
	posix_fadvise(self->fd, 0, 0, POSIX_FADV_DONTNEED);
	posix_fadvise(self->fd, 0, 0, POSIX_FADV_RANDOM);
	self->shared = map_fd(self->fd, FILE_BYTES, MAP_SHARED);
	self->private = mmap(NULL, FILE_BYTES, RW | PROT_EXEC, MAP_PRIVATE,
			     self->fd, 0);
	ASSERT_NE(MAP_FAILED, self->private);
	/* each page is read by itself */
	madvise(self->shared, FILE_BYTES, MADV_RANDOM);
	madvise(self->private, FILE_BYTES, MADV_RANDOM);
	access_catch();
}

FIXTURE_TEARDOWN(disk)
{
	munmap(self->shared, FILE_BYTES);
	munmap(self->private, FILE_BYTES);
	close(self->fd);
	disk_remove();
}

TEST_F(disk, pages_of_a_file_are_read_mapped_and_copied)
{
	char *shared = self->shared, *private = self->private;

	EXPECT_ACCESS("shared", shared, READ, "major: read file");
	EXPECT_ACCESS("shared", shared, WRITE, "minor: write-notify");
	EXPECT_ACCESS("shared", shared, WRITE, "ok");
	EXPECT_ACCESS("private", private, READ, "minor: map from page cache");
	EXPECT_ACCESS("private", private, CODE, "ok");
	EXPECT_ACCESS("private", private, WRITE, "minor: copy on write");
	shared += 20 * PAGE_BYTES;
	private += 20 * PAGE_BYTES;
	EXPECT_ACCESS("shared", shared, WRITE, "major: read file");
	EXPECT_ACCESS("private", private, CODE, "minor: map from page cache");
	private += 20 * PAGE_BYTES;
	posix_fadvise(self->fd, 0, 0, POSIX_FADV_DONTNEED);
	EXPECT_ACCESS("private", private, WRITE, "major: read file then copy");
	/* newer kernels read code ahead, whatever the advice */
	posix_fadvise(self->fd, 0, 0, POSIX_FADV_DONTNEED);
	private += 20 * PAGE_BYTES;
	EXPECT_ACCESS("private", private, CODE, "major: read file");
}

/* Every third page is cached: our own mapping's mincore() is the oracle. */
TEST_F(disk, page_cache_is_as_mincore_says)
{
	unsigned char cached[FILE_PAGES];
	struct said said[FILE_PAGES];
	size_t nr = 0;
	char byte;

	for (int i = 0; i < FILE_PAGES; i += 3)
		ASSERT_EQ(1, pread(self->fd, &byte, 1, i * PAGE_BYTES));
	ASSERT_EQ(FILE_PAGES, forecast(self->private, FILE_PAGES, said));
	ASSERT_EQ(0, mincore(self->private, FILE_BYTES, cached));
	for (int i = 0; i < FILE_PAGES; i++) {
		about("page %d: ", i);
		EXPECT_STREQ(cached[i] & 1 ? "minor: map from page cache" :
					     "major: read file",
			     said[i].access[READ]);
		EXPECT_STREQ(cached[i] & 1 ? "minor: copy on write" :
					     "major: read file then copy",
			     said[i].access[WRITE]);
		nr += cached[i] & 1;
	}
	EXPECT_LE(FILE_PAGES / 3, nr);
	EXPECT_GT(FILE_PAGES, nr);
}

static bool sums_of(const char *addr, size_t bytes, int access, char *row,
		    size_t room)
{
	return tool_first_row(
		row, room, "forecast %d %llx+%zu --summary -Q 'access == %s'",
		getpid(), address(addr), bytes, access_names[access]);
}

static __u64 bytes_read(void)
{
	unsigned long long bytes = 0;
	char line[128];

	for_each_line_of(line, "/proc/thread-self/io")
		sscanf(line, "read_bytes: %llu", &bytes);
	return bytes;
}

/* Touches all pages, and compares what that cost with the sums. */
static void check_sums(struct __test_metadata *_metadata, char *addr,
		       size_t bytes, int access, bool of_file)
{
	struct rusage before, after;
	char row[4096] = "";
	__u64 read, faults;

	ASSERT_TRUE(sums_of(addr, bytes, access, row, sizeof(row)));
	EXPECT_EQ(bytes / PAGE_BYTES, row_number(row, "pages"));
	read = bytes_read();
	getrusage(RUSAGE_THREAD, &before);
	getrusage(RUSAGE_THREAD, &before);
	for (size_t at = 0; at < bytes; at += PAGE_BYTES) {
		if (access == WRITE)
			((volatile char *)addr)[at] = 1;
		else
			(void)((volatile char *)addr)[at];
	}
	getrusage(RUSAGE_THREAD, &after);
	read = bytes_read() - read;
	after.ru_minflt -= before.ru_minflt;
	after.ru_majflt -= before.ru_majflt;
	faults = after.ru_minflt + after.ru_majflt;
	about("%ld minor, %ld major, %llu bytes; %s: ", after.ru_minflt,
	      after.ru_majflt, read, row);
	EXPECT_LE(faults, row_number(row, "faults"));
	EXPECT_GE(faults, row_number(row, "faults_least"));
	/* what one fault reads ahead from swap, the next one finds */
	EXPECT_LE((__u64)after.ru_majflt,
		  row_number(row, "file") + row_number(row, "swap"));
	if (of_file)
		EXPECT_EQ((__u64)after.ru_majflt, row_number(row, "file"));
	if (of_file)
		EXPECT_EQ(read, row_number(row, "bytes"));
	ASSERT_TRUE(sums_of(addr, bytes, access, row, sizeof(row)));
	EXPECT_EQ(bytes / PAGE_BYTES, row_number(row, "ok"));
}

TEST_F(disk, sums_of_a_file_are_what_its_pages_cost)
{
	char byte;

	for (int i = 0; i < FILE_PAGES; i += 3)
		ASSERT_EQ(1, pread(self->fd, &byte, 1, i * PAGE_BYTES));
	check_sums(_metadata, self->shared, FILE_BYTES, READ, true);
	/* written for the first time: each page once more */
	check_sums(_metadata, self->shared, FILE_BYTES, WRITE, true);
	check_sums(_metadata, self->private, FILE_BYTES, WRITE, true);
}

/* Where the file system has large folios, one fault maps all of one. */
TEST_F(disk, folio_of_a_file_may_take_one_fault)
{
	const size_t bytes = 1 << 20;
	char *data = map_memory(bytes, MAP_PRIVATE), *shared;
	int fd = open(DISK "/folios", O_CREAT | O_RDWR | O_CLOEXEC, 0600);

	ASSERT_EQ((ssize_t)bytes, write(fd, data, bytes));
	ASSERT_EQ(0, fsync(fd));
	shared = map_fd(fd, bytes, MAP_SHARED);
	check_sums(_metadata, shared, bytes, WRITE, false);
	munmap(shared, bytes);
	munmap(data, bytes);
	close(fd);
}

/* The page from which on a file is read ahead: an access to it reads. */
TEST_F(disk, access_that_reads_ahead_is_not_called_minor)
{
	int fd = open(DISK "/file", O_RDONLY | O_CLOEXEC), marked = 0;
	char *addr = mmap(NULL, FILE_BYTES, PROT_READ, MAP_SHARED, fd, 0);

	ASSERT_NE(MAP_FAILED, addr);
	for (size_t at = 0; at < FILE_BYTES / 2; at += PAGE_BYTES) {
		const char *said = access_said(addr + at, READ);
		bool is_marked = !strcmp(said, "cannot tell (read-ahead)");
		bool reads = is_marked || !strcmp(said, "major: read file");
		__u64 read = bytes_read();

		(void)((volatile char *)addr)[at];
		EXPECT_EQ(reads, bytes_read() > read);
		marked += is_marked;
	}
	EXPECT_LT(0, marked);
	munmap(addr, FILE_BYTES);
	close(fd);
}

/* Base pages, huge pages, pages of zeros, and shared memory. */
TEST(sums_of_memory_are_what_its_pages_cost)
{
	for (int kind = 0; kind < 8; kind++) {
		bool huge = kind & 1, shared = kind & 2;
		size_t bytes = 2 * PMD_BYTES;
		char *addr =
			map_memory(bytes, shared ? MAP_SHARED : MAP_PRIVATE);

		madvise(addr, bytes, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
		check_sums(_metadata, addr, bytes, kind & 4 ? READ : WRITE,
			   false);
		munmap(addr, bytes);
	}
}

TEST(sums_of_swapped_memory_are_what_its_pages_cost)
{
	static const char *const kinds[] = { "swap-zram", "memfd-swapped" };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct mapping map;

		ASSERT_EQ(NULL, mapping_make(kinds[i], &map));
		check_sums(_metadata, map.addr, map.pages * PAGE_BYTES, READ,
			   false);
		mapping_drop(&map);
	}
}

/* What a read does, by mincore(). */
static const char *const words[] = { "major: swap in", "minor: in swap cache" };

/* Pages are forecast as mincore() has them, and one of each sort is read. */
static void check_swap_cache(struct __test_metadata *_metadata, char *addr,
			     size_t tried[2])
{
	struct said said[FILE_PAGES];
	unsigned char cached[FILE_PAGES];

	ASSERT_EQ(FILE_PAGES, forecast(addr, FILE_PAGES, said));
	ASSERT_EQ(0, mincore(addr, FILE_BYTES, cached));
	for (int i = 0; i < FILE_PAGES; i++) {
		about("page %d: ", i);
		EXPECT_STREQ(words[cached[i] & 1], said[i].access[READ]);
	}
	for (int sort = 0; sort < 2; sort++) {
		int i = 0;

		while (i < FILE_PAGES && (cached[i] & 1) != sort)
			i++;
		if (i == FILE_PAGES)
			continue;
		tried[sort]++;
		EXPECT_ACCESS("shared", addr + i * PAGE_BYTES, READ,
			      words[sort]);
	}
}

/* A disk is written to slowly, so the swap cache keeps the pages for a while. */
TEST(swap_cache_of_shared_memory_is_known)
{
	static const enum swapdev_kind kinds[] = { SWAPDEV_ZRAM, SWAPDEV_DISK };
	size_t tried[2] = { 0, 0 };

	access_catch();
	for (int kind = 0; kind < 2; kind++) {
		struct swap_device swap;
		char *addr = map_memory(FILE_BYTES, MAP_SHARED);

		if (swapdev_add(&swap, kinds[kind], 16 << 20))
			SKIP(return, "swap: no device");
		for (int i = 0; i < FILE_PAGES; i++)
			pattern_fill(addr + i * PAGE_BYTES, i);
		ASSERT_TRUE(swap_out_shared(addr, FILE_BYTES));
		check_swap_cache(_metadata, addr, tried);
		munmap(addr, FILE_BYTES);
		EXPECT_TRUE(swapdev_remove(&swap));
	}
	about("%zu swapped in, %zu in the cache: ", tried[0], tried[1]);
	EXPECT_LT(0, tried[0]);
	EXPECT_LT(0, tried[1]);
}

/* Pages are swapped out to a device of this test's own. */
FIXTURE(swap)
{
	struct swap_device swap;
	struct mapping map;
};

FIXTURE_SETUP(swap)
{
	self->map = NO_MAPPING;
	if (swapdev_add(&self->swap, SWAPDEV_ZRAM, 16 << 20))
		SKIP(return, "swap: no device");
}

FIXTURE_TEARDOWN(swap)
{
	mapping_drop(&self->map);
	EXPECT_TRUE(swapdev_remove(&self->swap));
}

/* The entry holds a marker, and the slot is in the page cache only. */
TEST_F(swap, shared_memory_swapped_behind_a_marker_is_found)
{
	const char *why, *word;
	unsigned char cached;
	struct said said;

	why = mapping_make("uffd-wp-shmem", &self->map);
	if (why)
		SKIP(return, "uffd-wp-shmem: %s", why);
	access_catch();
	EXPECT_TRUE(swap_out_shared(self->map.addr, PAGE_BYTES));
	EXPECT_EQ(0, pagemap_self(self->map.addr) & PM_PRESENT);
	EXPECT_EQ(0, mincore(self->map.addr, PAGE_BYTES, &cached));
	word = words[cached & 1];
	EXPECT_EQ(1, forecast(self->map.addr, 1, &said));
	EXPECT_STREQ(word, said.access[READ]);
	EXPECT_STREQ(device_features() & VMSCOPE_FEAT_UFFD_FEATURES ?
			     "waits for userfaultfd (wp)" :
			     "cannot tell (userfaultfd)",
		     said.access[WRITE]);
	EXPECT_ACCESS("marker", self->map.addr, READ, word);
}

#define POOL "/sys/kernel/mm/hugepages/hugepages-2048kB/"

/* From now on so many huge pages are free. */
static bool pool_leaves(long pages)
{
	long used = file_number(POOL "nr_hugepages") -
		    file_number(POOL "free_hugepages");

	return knob_set(POOL "nr_overcommit_hugepages", "0") &&
	       knob_set(POOL "nr_hugepages", textf("%ld", used + pages)) &&
	       file_number(POOL "free_hugepages") == pages;
}

/* Without a reservation, and with no page left in the pool. */
TEST(no_huge_page_left_is_sigbus)
{
	char *addr;

	if (!pool_leaves(0))
		SKIP(return, "hugetlb: the kernel has no huge pages");
	addr = map_memory(PMD_BYTES, MAP_PRIVATE | MAP_HUGETLB | MAP_NORESERVE);
	access_catch();
	EXPECT_ACCESS("empty pool", addr, READ, "SIGBUS (no huge page left)");
	EXPECT_ACCESS("empty pool", addr, WRITE, "SIGBUS (no huge page left)");
	knobs_restore();
	EXPECT_ACCESS("full pool", addr, WRITE,
		      file_number(POOL "free_hugepages") > 0 ?
			      "minor: new zeroed page" :
			      "SIGBUS (no huge page left)");
}

/* As access_is(), of the memory of a child. */
static bool child_access_is(const char *kind, char *addr, int access,
			    const char *said)
{
	int status = -1;
	pid_t child = fork();

	if (!child)
		_exit(!access_is(kind, addr, access, said));
	return child > 0 && waitpid(child, &status, 0) == child && !status;
}

/* Its parent has: the kernel takes the page from the child, if need be. */
TEST(child_has_no_part_in_reserved_huge_pages)
{
	const char *said = "cannot tell (huge pages)";
	char *addr;

	if (!pool_leaves(1))
		SKIP(return, "hugetlb: the kernel has no huge pages");
	addr = map_memory(PMD_BYTES, MAP_PRIVATE | MAP_HUGETLB);
	access_catch();
	EXPECT_TRUE(child_access_is("child, reserved", addr, READ, said));
	EXPECT_TRUE(child_access_is("child, reserved", addr, WRITE, said));
	EXPECT_ACCESS("parent, reserved", addr, WRITE, said);
	EXPECT_TRUE(child_access_is("child, shared", addr, READ, "ok"));
	EXPECT_TRUE(child_access_is("child, shared", addr, WRITE, said));
	knobs_restore();
	EXPECT_TRUE(child_access_is("child, pages left", addr, WRITE,
				    "minor: reuse or copy"));
}

/* The private mapping of a page that the page cache has, and may have mapped. */
TEST(copy_of_a_cached_huge_page_needs_a_free_one)
{
	int fd = memfd_create("forecast", MFD_HUGETLB);
	char *addr;

	if (fd < 0 || ftruncate(fd, PMD_BYTES) || !pool_leaves(1))
		SKIP(return, "hugetlb: the kernel has no huge pages");
	addr = map_fd(fd, PMD_BYTES, MAP_SHARED);
	*addr = 1;
	addr = map_fd(fd, PMD_BYTES, MAP_PRIVATE | MAP_NORESERVE);
	access_catch();
	EXPECT_ACCESS("not mapped", addr, WRITE, "SIGBUS (no huge page left)");
	(void)*(volatile char *)addr;
	EXPECT_ACCESS("mapped", addr, WRITE, "cannot tell (huge pages)");
	knobs_restore();
	EXPECT_ACCESS("pages left", addr, WRITE, "minor: reuse or copy");
}

/* Writes a file until the file system is full. */
static bool fill_disk(const char *path)
{
	static const char data[4096] = "full";
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	bool full = false;

	while (fd >= 0 && write(fd, data, sizeof(data)) == sizeof(data))
		full = true;
	close(fd);
	sync();
	return full;
}

/* Three pages of a new file of a full file system. */
static void check_full(struct __test_metadata *_metadata, const char *path,
		       int flags, const char *read, const char *write)
{
	int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	char *addr;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ftruncate(fd, 3 * PAGE_BYTES));
	addr = map_fd(fd, 3 * PAGE_BYTES, flags);
	/* each page is read by itself */
	madvise(addr, 3 * PAGE_BYTES, MADV_RANDOM);
	access_catch();
	EXPECT_EQ(0, differences("full", addr, 3));
	EXPECT_ACCESS("full", addr, WRITE, write);
	EXPECT_ACCESS("full", addr + 2 * PAGE_BYTES, READ, read);
	munmap(addr, 3 * PAGE_BYTES);
	close(fd);
}

TEST(full_tmpfs_has_no_page_for_a_hole)
{
	const char *said = "cannot tell (no space)";
	char dir[] = "/tmp/vmscope-tmpfs", file[] = "/tmp/vmscope-tmpfs/file";

	mkdir(dir, 0700);
	ASSERT_EQ(0, mount("none", dir, "tmpfs", 0, "size=16k"));
	check_full(_metadata, file, MAP_SHARED, "minor: new page-cache page",
		   "minor: new page-cache page");
	ASSERT_EQ(0, truncate(file, 0));
	ASSERT_TRUE(fill_disk("/tmp/vmscope-tmpfs/fill"));
	check_full(_metadata, file, MAP_SHARED, said, said);
	check_full(_metadata, file, MAP_PRIVATE, said, said);
	umount2(dir, MNT_DETACH);
	rmdir(dir);
}

/* Pages that fallocate() made are in the cache, though they are not filled. */
TEST(full_tmpfs_has_the_pages_that_were_set_aside)
{
	char dir[] = "/tmp/vmscope-tmpfs", file[] = "/tmp/vmscope-tmpfs/file";
	int fd;

	mkdir(dir, 0700);
	ASSERT_EQ(0, mount("none", dir, "tmpfs", 0, "size=16k"));
	fd = open(file, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	ASSERT_EQ(0, posix_fallocate(fd, 0, 3 * PAGE_BYTES));
	close(fd);
	ASSERT_TRUE(fill_disk("/tmp/vmscope-tmpfs/fill"));
	check_full(_metadata, file, MAP_SHARED, "minor: map from page cache",
		   "minor: map from page cache");
	umount2(dir, MNT_DETACH);
	rmdir(dir);
}

TEST(full_disk_has_no_place_for_a_hole)
{
	if (!disk_make() || !fill_disk(DISK "/fill")) {
		disk_remove();
		SKIP(return, "page cache: cannot mount a file system");
	}
	check_full(_metadata, DISK "/file", MAP_SHARED, "major: read file",
		   "cannot tell (no space)");
	check_full(_metadata, DISK "/other", MAP_PRIVATE, "major: read file",
		   "major: read file then copy");
	disk_remove();
}

/* The hole was read: the cache has a page for it, the disk has none. */
TEST(full_disk_has_no_place_for_a_hole_that_is_cached)
{
	const char *said = "cannot tell (no space)";
	struct said mapped, cached;
	char *addr;
	int fd;

	if (!disk_make() || !fill_disk(DISK "/fill")) {
		disk_remove();
		SKIP(return, "page cache: cannot mount a file system");
	}
	fd = open(DISK "/file", O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	ASSERT_EQ(0, ftruncate(fd, PAGE_BYTES));
	addr = map_fd(fd, PAGE_BYTES, MAP_SHARED);
	close(fd);
	(void)*(volatile char *)addr;
	access_catch();
	EXPECT_EQ(1, forecast(addr, 1, &mapped));
	EXPECT_STREQ(said, mapped.access[WRITE]);
	EXPECT_ACCESS("mapped", addr, WRITE, said);
	EXPECT_EQ(0, madvise(addr, PAGE_BYTES, MADV_DONTNEED));
	EXPECT_EQ(1, forecast(addr, 1, &cached));
	EXPECT_STREQ("minor: map from page cache", cached.access[READ]);
	EXPECT_STREQ(said, cached.access[WRITE]);
	EXPECT_ACCESS("cached", addr, WRITE, said);
	munmap(addr, PAGE_BYTES);
	disk_remove();
}

/*
 * A write of less than a page to a file system with smaller blocks: the cache
 * has a page of which one block is known. The kernel does not count the fault
 * that reads the others as major.
 */
TEST(page_that_is_not_up_to_date_is_read)
{
	struct rusage before, after;
	struct said said;
	char *addr;
	int fd;

	if (!disk_make() || !fill_disk(DISK "/file")) {
		disk_remove();
		SKIP(return, "page cache: cannot mount a file system");
	}
	fd = open(DISK "/file", O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED));
	ASSERT_EQ(1, pwrite(fd, "x", 1, 0));
	addr = map_fd(fd, PAGE_BYTES, MAP_SHARED);
	close(fd);
	EXPECT_EQ(1, forecast(addr, 1, &said));
	EXPECT_STREQ("major: read file", said.access[READ]);
	EXPECT_STREQ("major: read file", access_said(addr, READ));
	getrusage(RUSAGE_SELF, &before);
	(void)*(volatile char *)addr;
	getrusage(RUSAGE_SELF, &after);
	EXPECT_LT(before.ru_inblock, after.ru_inblock);
	munmap(addr, PAGE_BYTES);
	disk_remove();
}

#define NODE_POOL \
	"/sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages"

/* Bound to the node that has none. */
TEST(huge_page_may_have_to_be_of_one_node)
{
	unsigned long nodes = 1 << 1;
	char *addr =
		mmap(NULL, PMD_BYTES, RW,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_NORESERVE,
		     -1, 0);

	if (addr == MAP_FAILED || !knob_set(NODE_POOL, "0"))
		SKIP(return, "hugetlb: the kernel has none on a second node");
	ASSERT_EQ(0, syscall(SYS_mbind, addr, PMD_BYTES, MPOL_BIND, &nodes, 64,
			     0));
	EXPECT_LT(0, file_number(POOL "free_hugepages"));
	access_catch();
	EXPECT_ACCESS("bound", addr, WRITE, "cannot tell (huge pages)");
	knobs_restore();
	EXPECT_ACCESS("bound", addr, WRITE, "minor: new zeroed page");
}

/* Two pages of a file system that holds one. */
static void check_limited(struct __test_metadata *_metadata, const char *path)
{
	int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	char *addr;

	ASSERT_EQ(0, ftruncate(fd, 2 * PMD_BYTES));
	addr = map_fd(fd, 2 * PMD_BYTES, MAP_SHARED | MAP_NORESERVE);
	access_catch();
	EXPECT_ACCESS("first", addr, WRITE, "minor: new zeroed page");
	EXPECT_ACCESS("second", addr + PMD_BYTES, WRITE,
		      "cannot tell (huge pages)");
	munmap(addr, 2 * PMD_BYTES);
	close(fd);
}

TEST(hugetlbfs_may_have_a_size)
{
	char dir[] = "/tmp/vmscope-hugetlbfs";

	mkdir(dir, 0700);
	if (mount("none", dir, "hugetlbfs", 0, "size=2M"))
		SKIP(return, "hugetlb: the kernel has no huge pages");
	check_limited(_metadata, "/tmp/vmscope-hugetlbfs/file");
	umount2(dir, MNT_DETACH);
	rmdir(dir);
}

/* The kernel's own protection key, where the processor has keys. */
TEST(memory_that_only_runs_refuses_data_by_its_key)
{
	bool keys = device_features() & VMSCOPE_FEAT_PKEYS;
	char *addr = map_memory(PAGE_BYTES, MAP_PRIVATE);

	*addr = (char)RET;
	ASSERT_EQ(0, mprotect(addr, PAGE_BYTES, PROT_EXEC));
	access_catch();
	EXPECT_ACCESS("code", addr, READ,
		      keys ? "SIGSEGV (protection key)" : "ok");
	EXPECT_ACCESS("code", addr, CODE, "ok");
	EXPECT_ACCESS("code", addr, WRITE,
		      keys ? "SIGSEGV (protection key)" :
			     "SIGSEGV (no permission)");
}

/* A key of the process that is open, and closed; touched before or not. */
TEST(key_is_not_asked_where_the_area_allows_nothing)
{
	for (int i = 0; i < 8; i++) {
		const int key = pkey_alloc(0, i & 1 ? PKEY_DISABLE_ACCESS : 0);
		const bool runs = i & 2;
		char *addr = map_memory(PAGE_BYTES, MAP_PRIVATE);

		if (key < 0)
			SKIP(return, "the processor has no protection keys");
		if (i & 4)
			*addr = (char)RET;
		ASSERT_EQ(0, pkey_mprotect(addr, PAGE_BYTES,
					   runs ? PROT_EXEC : PROT_NONE, key));
		access_catch();
		about("case %d: ", i);
		EXPECT_ACCESS("data", addr, READ,
			      runs ? "cannot tell (protection key)" :
				     "SIGSEGV (no permission)");
		EXPECT_ACCESS("data", addr, WRITE, "SIGSEGV (no permission)");
		munmap(addr, PAGE_BYTES);
		pkey_free(key);
	}
}

/* Where nothing is mapped yet, the key is that of the area. */
TEST(untouched_memory_has_the_key_of_its_area)
{
	const bool keys = device_features() & VMSCOPE_FEAT_PKEYS;
	const int key = pkey_alloc(0, PKEY_DISABLE_ACCESS);
	char *code = mmap(NULL, PAGE_BYTES, PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *data = map_memory(PAGE_BYTES, MAP_PRIVATE);

	EXPECT_EQ(keys, key > 0);
	if (!keys)
		SKIP(return, "the processor has no protection keys");
	ASSERT_EQ(0, pkey_mprotect(data, PAGE_BYTES, RW, key));
	access_catch();
	EXPECT_ACCESS("code", code, READ, "SIGSEGV (protection key)");
	EXPECT_ACCESS("code", code, WRITE, "SIGSEGV (protection key)");
	EXPECT_ACCESS("data", data, READ, "cannot tell (protection key)");
	EXPECT_ACCESS("data", data, WRITE, "cannot tell (protection key)");
}

/*
 * Code that was swapped out runs after it is back. The device comes first: to
 * load its module, this process forks, which shares pages.
 */
TEST(code_comes_back_from_swap)
{
	struct swap_device swap;
	struct mapping map;

	ASSERT_EQ(NULL, swapdev_add(&swap, SWAPDEV_ZRAM, 16 << 20));
	ASSERT_EQ(NULL, mapping_make("anon-rwx", &map));
	*map.addr = (char)RET;
	ASSERT_TRUE(swap_out(map.base, map.bytes));
	access_catch();
	EXPECT_ACCESS("code", map.addr, CODE, "major: swap in (likely)");
	mapping_drop(&map);
	EXPECT_TRUE(swapdev_remove(&swap));
}

/* Newer than the headers of the oldest release that this is built on. */
#define THP_EXCEPT_ADVISED (1 << 1)

/* An untouched area that one huge page fills, and that joins no other. */
static char *huge_room(void)
{
	char *map = map_memory(3 * PMD_BYTES, MAP_PRIVATE);
	char *addr = align_up(map + 1, PMD_BYTES);

	mprotect(map, addr - map, PROT_NONE);
	mprotect(addr + PMD_BYTES, map + 2 * PMD_BYTES - addr, PROT_NONE);
	return addr;
}

/* Whether a first write makes a page as large as is said, at most. */
static bool new_size_is(char *addr, size_t bytes)
{
	__u64 made, said = 0;
	char row[4096];

	if (tool_first_row(row, sizeof(row), "explain %d %llx -o new_size",
			   getpid(), address(addr)))
		said = row_number(row, "new_size");
	*addr = 1;
	made = area_sum(addr, SMAPS_RSS) << 10;
	if (said == bytes && made && made <= bytes)
		return true;
	note("said to be %llu bytes, not %zu; made are %llu\n", said, bytes,
	     made);
	return false;
}

/* The size of a new page is the largest that the kernel may take. */
TEST(new_page_is_as_large_as_was_said)
{
	char *small = huge_room(), *large = huge_room();

	if (!knob_set(THP "enabled", "madvise"))
		SKIP(return, "the kernel has no transparent huge pages");
	madvise(small, PMD_BYTES, MADV_NOHUGEPAGE);
	EXPECT_TRUE(new_size_is(small, PAGE_BYTES));
	madvise(large, PMD_BYTES, MADV_HUGEPAGE);
	EXPECT_TRUE(new_size_is(large, PMD_BYTES));
	knobs_restore();
}

TEST(process_without_huge_pages_makes_base_pages)
{
	char *addr = huge_room();

	if (!knob_set(THP "enabled", "always"))
		SKIP(return, "the kernel has no transparent huge pages");
	ASSERT_EQ(0, prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0));
	EXPECT_TRUE(new_size_is(addr, PAGE_BYTES));
	ASSERT_EQ(0, prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0));
	addr = huge_room();
	EXPECT_TRUE(new_size_is(addr, PMD_BYTES));
	/* newer kernels can leave them to those who ask for them */
	if (!prctl(PR_SET_THP_DISABLE, 1, THP_EXCEPT_ADVISED, 0, 0)) {
		addr = huge_room();
		EXPECT_TRUE(new_size_is(addr, PAGE_BYTES));
		addr = huge_room();
		madvise(addr, PMD_BYTES, MADV_HUGEPAGE);
		EXPECT_TRUE(new_size_is(addr, PMD_BYTES));
	}
	knobs_restore();
}

static void stay(void *unused)
{
	(void)unused;
	child_ready(1);
}

/* A private mapping of a huge page of shared memory; NULL without one. */
static char *huge_file(void)
{
	int fd = memfd_create("huge", MFD_CLOEXEC);
	char *shared = huge_room(), *addr = huge_room();

	if (fd < 0 || ftruncate(fd, PMD_BYTES))
		return NULL;
	if (mmap(shared, PMD_BYTES, RW, MAP_SHARED | MAP_FIXED, fd, 0) !=
		    shared ||
	    mmap(addr, PMD_BYTES, RW, MAP_PRIVATE | MAP_FIXED, fd, 0) != addr)
		return NULL;
	close(fd);
	madvise(shared, PMD_BYTES, MADV_HUGEPAGE);
	memset(shared, 1, PMD_BYTES);
	return addr;
}

/* Touch all pages of a huge one, which may be split by it. */
static void check_split(struct __test_metadata *_metadata, char *addr)
{
	ASSERT_NE(NULL, addr);
	EXPECT_STREQ("pmd", explained(getpid(), addr, "level"));
	check_sums(_metadata, addr, PMD_BYTES, WRITE, false);
}

/* Shared by fork, of zeros, of a file: what is not reused is copied by pages. */
TEST(write_that_splits_a_huge_page_costs_its_base_pages)
{
	char *addr = huge_room();
	pid_t child;

	if (!knob_set(THP "shmem_enabled", "advise") ||
	    !knob_set(THP "enabled", "always"))
		SKIP(return, "the kernel has no transparent huge pages");
	memset(addr, 1, PMD_BYTES);
	child = child_start(stay, NULL, NULL);
	ASSERT_LT(0, child);
	check_split(_metadata, addr);
	kill_child(child);
	addr = huge_room();
	check_sums(_metadata, addr, PMD_BYTES, READ, false);
	check_split(_metadata, addr);
	addr = huge_file();
	ASSERT_NE(NULL, addr);
	check_sums(_metadata, addr, PMD_BYTES, READ, false);
	check_split(_metadata, addr);
	knobs_restore();
}

TEST(read_makes_a_huge_page_where_there_is_none_of_zeros)
{
	char *addr = huge_room();

	if (!knob_set(THP "use_zero_page", "0") ||
	    !knob_set(THP "enabled", "always"))
		SKIP(return, "the kernel has no transparent huge pages");
	access_catch();
	EXPECT_ACCESS("untouched", addr, READ, "minor: zero or new page");
	EXPECT_EQ(0, differences("untouched", addr, 4));
	madvise(addr, PMD_BYTES, MADV_DONTNEED);
	*(addr + PMD_BYTES / 2) = 1;
	madvise(addr, PMD_BYTES, MADV_NOHUGEPAGE);
	madvise(addr, PMD_BYTES, MADV_DONTNEED);
	EXPECT_ACCESS("no huge pages", addr, READ, "minor: zero page");
	knobs_restore();
}

/* Pages between base and huge ones are not made where userfaultfd listens. */
TEST(userfaultfd_leaves_base_pages_or_huge_ones)
{
	char *addr = huge_room();
	int uffd = uffd_register(addr, PMD_BYTES, 0, UFFDIO_REGISTER_MODE_WP);

	if (uffd < 0)
		SKIP(return, "userfaultfd: this kernel has none");
	if (!knob_set(THP "hugepages-64kB/enabled", "always") ||
	    !knob_set(THP "enabled", "never"))
		SKIP(return, "the kernel has one size of huge pages");
	EXPECT_TRUE(new_size_is(addr, PAGE_BYTES));
	close(uffd);
	addr = huge_room();
	EXPECT_TRUE(new_size_is(addr, 64 << 10));
	knobs_restore();
}

/* The whole of zram's own list has the block, its state and its age. */
TEST(zram_block_is_as_zram_lists_it)
{
	char row[4096], line[128], letters[16] = "";
	const char *path, *state;
	unsigned long long index, sec, now = 0;
	struct mapping map;
	struct timespec ts;

	ASSERT_EQ(NULL, mapping_make("swap-zram", &map));
	ASSERT_TRUE(tool_first_row(
		row, sizeof(row),
		"explain %d %llx -o swap_offset,zram_age,zram_state", getpid(),
		address(map.addr)));
	clock_gettime(CLOCK_BOOTTIME, &ts);
	path = textf("/sys/kernel/debug/zram/zram%d/block_state",
		     map.swap.zram);
	if (access(path, F_OK))
		SKIP(return, "zram: this kernel does not list blocks");
	for_each_line_of(line, path) {
		if (sscanf(line, "%llu %llu.%*u %15s", &index, &sec, letters) !=
			    3 ||
		    index != row_number(row, "swap_offset"))
			continue;
		now = ts.tv_sec - sec;
		break;
	}
	about("%s, %s, age %llu: ", row, letters, now);
	ASSERT_NE(0, letters[0]);
	state = row_text(row, "zram_state");
	ASSERT_NE(0, state[0]);
	EXPECT_EQ(!!strchr(letters, 'h'), !!strstr(state, "huge"));
	EXPECT_EQ(!!strchr(letters, 's'), !!strstr(state, "same-filled"));
	EXPECT_EQ(!!strchr(letters, 'w'), !!strstr(state, "written-back"));
	EXPECT_EQ(!!strchr(letters, 'i'), !!strstr(state, "idle"));
	EXPECT_GE(now + 1, row_number(row, "zram_age"));
	EXPECT_LE(now, row_number(row, "zram_age") + 1);
	mapping_drop(&map);
}

/* What reclaim makes of a page: the kernel is asked to take it. */
static const struct reclaim_kind {
	const char *mapping;
	const char *said;
	__u64 set; /* bits of pagemap afterwards */
	__u64 clear;
} reclaim_kinds[] = {
	{ "anon", "swapped out", PM_SWAP, PM_PRESENT },
	{ "lazyfree", "dropped", 0, PM_PRESENT | PM_SWAP },
	{ "shared-anon", "swapped out", 0, PM_PRESENT },
	{ "mlocked", "locked", PM_PRESENT, PM_SWAP },
	{ "file-shared", "cannot be reclaimed", PM_PRESENT, PM_SWAP },
	{ "hugetlb-2m-private", "cannot be reclaimed", PM_PRESENT, PM_SWAP },
	{ "zero", "nothing there", 0, PM_SWAP },
	{ "swap-zram", "nothing there", PM_SWAP, PM_PRESENT },
};

static void check_reclaim(struct __test_metadata *_metadata, const char *kind,
			  char *addr, size_t bytes, const char *said)
{
	about("%s: ", kind);
	EXPECT_STREQ(said, explained(getpid(), addr, "reclaim"));
	madvise(addr, bytes, MADV_PAGEOUT);
}

TEST_F(swap, page_is_reclaimed_as_was_said)
{
	for_each_of(kind, reclaim_kinds) {
		struct mapping map;
		__u64 entry = 0;

		if (mapping_make(kind->mapping, &map)) {
			mapping_drop(&map);
			continue;
		}
		/* MADV_FREE waits in a batch of its processor until then */
		file_write("/proc/sys/vm/drop_caches", "1");
		check_reclaim(_metadata, kind->mapping, map.addr,
			      map.pages * PAGE_BYTES, kind->said);
		for (int k = 0; k < 100; k++) {
			entry = pagemap_self(map.addr);
			if ((entry & kind->set) == kind->set &&
			    !(entry & kind->clear))
				break;
			madvise(map.addr, map.pages * PAGE_BYTES, MADV_PAGEOUT);
			usleep(10000);
		}
		EXPECT_EQ(kind->set, entry & (kind->set | kind->clear));
		mapping_drop(&map);
	}
}

TEST_F(swap, memory_written_after_it_was_freed_is_swapped_out)
{
	ASSERT_EQ(NULL, mapping_make("lazyfree", &self->map));
	file_write("/proc/sys/vm/drop_caches", "1");
	*self->map.addr = 7;
	check_reclaim(_metadata, "written", self->map.addr, PAGE_BYTES,
		      "swapped out");
	for (int k = 0; k < 100 && !(pagemap_self(self->map.addr) & PM_SWAP);
	     k++) {
		madvise(self->map.addr, PAGE_BYTES, MADV_PAGEOUT);
		usleep(10000);
	}
	EXPECT_EQ(PM_SWAP,
		  pagemap_self(self->map.addr) & (PM_SWAP | PM_PRESENT));
	EXPECT_EQ(7, *self->map.addr);
}

/* A group without swap, with this process in it. */
static bool enter_group_without_swap(char group[CGROUP_BYTES])
{
	return cgroup_make(group, "without_swap") &&
	       cgroup_set(group, "memory.swap.max", "0") &&
	       cgroup_move(getpid(), group);
}

/*
 * Swap is there, but not for the group that the memory is charged to, nor does
 * it matter that another group has the name of version 1's mount.
 */
TEST_F(swap, memory_of_a_group_without_swap_stays)
{
	char group[CGROUP_BYTES], other[CGROUP_BYTES];

	ASSERT_TRUE(enter_group_without_swap(group));
	ASSERT_TRUE(cgroup_make(other, "memory"));
	ASSERT_EQ(NULL, mapping_make("anon", &self->map));
	file_write("/proc/sys/vm/drop_caches", "1");
	check_reclaim(_metadata, "group", self->map.addr, PAGE_BYTES,
		      "cannot be reclaimed (no swap)");
	EXPECT_EQ(PM_PRESENT,
		  pagemap_self(self->map.addr) & (PM_SWAP | PM_PRESENT));
	EXPECT_EQ(0, rmdir(other));
	EXPECT_TRUE(cgroup_move(getpid(), cgroup_root()));
	EXPECT_EQ(0, rmdir(group));
}

/* Whether a container, which sees its own groups alone, cannot tell. */
static int look_from_container(void *addr)
{
	/* what is mounted already cannot be mounted upon itself */
	if (unshare(CLONE_NEWCGROUP | CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", cgroup_root(), "tmpfs", 0, NULL) ||
	    mount("none", "/sys/fs/cgroup", "cgroup2", 0, NULL))
		return -1;
	return strcmp("cannot tell", explained(getppid(), addr, "reclaim"));
}

TEST_F(swap, limits_of_groups_above_a_container_are_not_known)
{
	char group[CGROUP_BYTES], inner[300];

	ASSERT_TRUE(enter_group_without_swap(group));
	snprintf(inner, sizeof(inner), "%s/inner", group);
	ASSERT_EQ(0, mkdir(inner, 0755));
	EXPECT_TRUE(cgroup_move(getpid(), inner));
	ASSERT_EQ(NULL, mapping_make("anon", &self->map));
	file_write("/proc/sys/vm/drop_caches", "1");
	EXPECT_EQ(0, in_child(look_from_container, self->map.addr));
	madvise(self->map.addr, PAGE_BYTES, MADV_PAGEOUT);
	EXPECT_EQ(PM_PRESENT,
		  pagemap_self(self->map.addr) & (PM_SWAP | PM_PRESENT));
	EXPECT_TRUE(cgroup_move(getpid(), cgroup_root()));
	EXPECT_EQ(0, rmdir(inner));
	EXPECT_EQ(0, rmdir(group));
}

/* Buffers that were registered are pinned. */
TEST_F(swap, pinned_memory_cannot_be_reclaimed)
{
	struct io_uring_params params = { 0 };
	int fd = syscall(SYS_io_uring_setup, 1, &params);
	struct iovec buffer;

	if (fd < 0)
		SKIP(return, "io_uring: this kernel has none");
	ASSERT_EQ(NULL, mapping_make("anon", &self->map));
	buffer = (struct iovec){ self->map.addr, PAGE_BYTES };
	EXPECT_EQ(0, syscall(SYS_io_uring_register, fd, IORING_REGISTER_BUFFERS,
			     &buffer, 1));
	file_write("/proc/sys/vm/drop_caches", "1");
	check_reclaim(_metadata, "pinned", self->map.addr, PAGE_BYTES,
		      "cannot be reclaimed (pinned)");
	EXPECT_EQ(PM_PRESENT,
		  pagemap_self(self->map.addr) & (PM_SWAP | PM_PRESENT));
}

/* Before the page is on any list, where it gets its flag. */
static void check_stays(struct __test_metadata *_metadata, const char *kind,
			volatile char *page)
{
	ASSERT_NE(MAP_FAILED, (void *)page);
	*page = 1;
	check_reclaim(_metadata, kind, (char *)page, PAGE_BYTES,
		      "cannot be reclaimed");
	EXPECT_TRUE(pagemap_self((char *)page) & PM_PRESENT);
}

TEST_F(swap, page_that_has_just_come_stays_where_its_file_stays)
{
	char dir[] = "/tmp/vmscope-ramfs";
	int shm, fd;

	mkdir(dir, 0700);
	ASSERT_EQ(0, mount("none", dir, "ramfs", 0, NULL));
	fd = open("/tmp/vmscope-ramfs/file", O_CREAT | O_RDWR | O_CLOEXEC,
		  0600);
	ASSERT_EQ(0, ftruncate(fd, PAGE_BYTES));
	check_stays(_metadata, "ramfs",
		    mmap(NULL, PAGE_BYTES, RW, MAP_SHARED, fd, 0));
	close(fd);
	umount2(dir, MNT_DETACH);
	rmdir(dir);
	shm = shmget(IPC_PRIVATE, PAGE_BYTES, 0600);
	ASSERT_EQ(0, shmctl(shm, SHM_LOCK, NULL));
	check_stays(_metadata, "locked segment", shmat(shm, NULL, 0));
	shmctl(shm, IPC_RMID, NULL);
}

static void lock_new_page(void *addr)
{
	*(volatile char *)addr = 1;
	mlock(addr, PAGE_BYTES);
	child_ready(1);
}

/* The area that is asked for is not locked itself. */
TEST_F(swap, page_that_another_process_has_just_locked_is_locked)
{
	volatile char *page = map_memory(PAGE_BYTES, MAP_SHARED);
	pid_t child;

	child = child_start(lock_new_page, (void *)page, NULL);
	ASSERT_LT(0, child);
	*page = 2;
	check_reclaim(_metadata, "locked", (char *)page, PAGE_BYTES, "locked");
	kill_child(child);
}

/* A clean page of a file is dropped, a dirty one written first. */
TEST_F(disk, page_of_a_file_is_reclaimed_as_was_said)
{
	volatile char *page = self->shared;
	unsigned char cached = 1;

	(void)*page;
	check_reclaim(_metadata, "clean", self->shared, PAGE_BYTES, "dropped");
	EXPECT_EQ(0, pagemap_self(self->shared) & PM_PRESENT);
	ASSERT_EQ(0, mincore(self->shared, PAGE_BYTES, &cached));
	EXPECT_EQ(0, cached & 1);
	*page = 1;
	check_reclaim(_metadata, "dirty", self->shared, PAGE_BYTES,
		      "written back then dropped");
}

TEST_HARNESS_MAIN
