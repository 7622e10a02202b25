// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tool reports what a read, a write and an execution at an address would
 * do. Do each, in memory of every kind and mode, and expect that result.
 */
#include "harness.h"

#include <linux/userfaultfd.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>

#include "access.h"
#include "mappings.h"
#include "toolrow.h"

/* Newer than the headers of the oldest release that this is built on. */
#define FEATURE_SIGBUS (1 << 7)
#define FEATURE_MINOR_HUGETLBFS (1 << 9)
#define FEATURE_MINOR_SHMEM (1 << 10)
#define FEATURE_WP_SHMEM (1 << 12)
#define FEATURE_WP_UNPOPULATED (1 << 13)
#define FEATURE_WP_ASYNC (1 << 15)
#define FEATURE_RWP (1 << 17)
#define FEATURE_RWP_ASYNC (1 << 18)
#define MODE_MISSING (1ULL << 0)
#define MODE_WP (1ULL << 1)
#define MODE_MINOR (1ULL << 2)
#define MODE_RWP (1ULL << 3)
#define IOCTL_RWPROTECT _IOWR(UFFDIO, 9, struct uffdio_writeprotect)

NEEDS(tool_missing())

TEST(every_kind_of_mapping_is_accessed_as_was_said)
{
	size_t i, wrong = 0, tried = 0;
	int access;

	for (i = 0; mapping_kind(i); i++) {
		const char *kind = mapping_kind(i)->name;
		struct mapping map;

		/* using registers of a device can have any effect */
		if (!strncmp(kind, "pci", 3))
			continue;
		if (mapping_make(kind, &map)) {
			mapping_drop(&map);
			continue;
		}
		/* after the access: a memory error catches SIGBUS itself */
		access_catch();
		for (access = 0; access < NR_ACCESSES; access++) {
			size_t page = map.pages > 2 ? access : 0;

			wrong += access_check(kind,
					      map.addr + page * PAGE_BYTES,
					      access, &map.fd) == NOT_AS_SAID;
			tried++;
		}
		mapping_drop(&map);
		knobs_restore();
	}
	EXPECT_LT(90, tried);
	EXPECT_EQ(0, wrong);
}

/* Memory registered with userfaultfd, two base or two huge pages. */
enum memory { ANON, SHM, SHM_CACHED, SHM_SWAPPED, HUGE, HUGE_CACHED };

static const struct uffd_kind {
	const char *name;
	enum memory memory;
	bool touched;
	__u64 features;
	__u64 mode;
	unsigned long protect;
	int read;
	int write;
} uffd_kinds[] = {
	{ "missing-anon", ANON, false, 0, MODE_MISSING, 0, WAITS, WAITS },
	{ "missing-anon-sigbus", ANON, false, FEATURE_SIGBUS, MODE_MISSING, 0,
	  SIGBUS, SIGBUS },
	{ "missing-shm", SHM, false, 0, MODE_MISSING, 0, WAITS, WAITS },
	{ "missing-shm-cached", SHM_CACHED, false, 0, MODE_MISSING, 0, GOES_ON,
	  GOES_ON },
	{ "missing-shm-swapped", SHM_SWAPPED, false, 0, MODE_MISSING, 0,
	  GOES_ON, GOES_ON },
	{ "missing-hugetlb", HUGE, false, 0, MODE_MISSING, 0, WAITS, WAITS },
	{ "missing-hugetlb-cached", HUGE_CACHED, false, 0, MODE_MISSING, 0,
	  GOES_ON, GOES_ON },
	{ "minor-shm", SHM, false, FEATURE_MINOR_SHMEM, MODE_MINOR, 0, GOES_ON,
	  GOES_ON },
	{ "minor-shm-cached", SHM_CACHED, false, FEATURE_MINOR_SHMEM,
	  MODE_MINOR, 0, WAITS, WAITS },
	{ "minor-shm-swapped", SHM_SWAPPED, false, FEATURE_MINOR_SHMEM,
	  MODE_MINOR, 0, WAITS, WAITS },
	{ "minor-hugetlb-cached", HUGE_CACHED, false, FEATURE_MINOR_HUGETLBFS,
	  MODE_MINOR, 0, WAITS, WAITS },
	{ "both-shm-cached", SHM_CACHED, false, FEATURE_MINOR_SHMEM,
	  MODE_MINOR | MODE_MISSING, 0, WAITS, WAITS },
	{ "wp-anon", ANON, true, 0, MODE_WP, UFFDIO_WRITEPROTECT, GOES_ON,
	  WAITS },
	{ "wp-anon-async", ANON, true, FEATURE_WP_ASYNC, MODE_WP,
	  UFFDIO_WRITEPROTECT, GOES_ON, GOES_ON },
	{ "wp-anon-untouched", ANON, false, FEATURE_WP_UNPOPULATED, MODE_WP,
	  UFFDIO_WRITEPROTECT, GOES_ON, WAITS },
	{ "wp-anon-untouched-async", ANON, false, FEATURE_WP_ASYNC, MODE_WP,
	  UFFDIO_WRITEPROTECT, GOES_ON, GOES_ON },
	{ "wp-anon-unprotected", ANON, false, 0, MODE_WP, 0, GOES_ON, GOES_ON },
	{ "wp-shm", SHM, true, FEATURE_WP_SHMEM, MODE_WP, UFFDIO_WRITEPROTECT,
	  GOES_ON, WAITS },
	{ "wp-shm-untouched", SHM_CACHED, false, FEATURE_WP_SHMEM, MODE_WP,
	  UFFDIO_WRITEPROTECT, GOES_ON, WAITS },
	{ "wp-hugetlb", HUGE, true, FEATURE_WP_SHMEM, MODE_WP,
	  UFFDIO_WRITEPROTECT, GOES_ON, WAITS },
	{ "rwp-anon", ANON, true, FEATURE_RWP, MODE_RWP, IOCTL_RWPROTECT, WAITS,
	  WAITS },
	{ "rwp-anon-async", ANON, true, FEATURE_RWP | FEATURE_RWP_ASYNC,
	  MODE_RWP, IOCTL_RWPROTECT, GOES_ON, GOES_ON },
};

static size_t page_bytes(enum memory memory)
{
	return memory == HUGE || memory == HUGE_CACHED ? PMD_BYTES : PAGE_BYTES;
}

static const char *make_file_memory(struct mapping *map, enum memory memory)
{
	bool huge = page_bytes(memory) == PMD_BYTES;
	size_t bytes = 2 * page_bytes(memory);
	bool fill = memory == SHM_CACHED || memory == HUGE_CACHED;
	int fd = memfd_create("access", huge ? MFD_HUGETLB : 0);
	char *other;

	if (fd < 0 || ftruncate(fd, bytes))
		return "no memfd of this kind";
	other = map_fd(fd, bytes, MAP_SHARED);
	map->base = map_fd(fd, bytes, MAP_SHARED);
	close(fd);
	if (fill) {
		other[0] = 1;
		other[page_bytes(memory)] = 1;
	}
	munmap(other, bytes);
	map->addr = map->base;
	map->bytes = bytes;
	return NULL;
}

static const char *make_memory(struct mapping *map, enum memory memory)
{
	if (memory == SHM_SWAPPED)
		return mapping_make("memfd-swapped", map);
	*map = NO_MAPPING;
	if (memory != ANON)
		return make_file_memory(map, memory);
	map->bytes = 2 * PAGE_BYTES;
	map->base = map_memory(map->bytes, MAP_PRIVATE);
	map->addr = map->base;
	return NULL;
}

static const char *listen_to(struct mapping *map, const struct uffd_kind *kind)
{
	struct uffdio_writeprotect protect = {
		.range = { .start = address(map->base), .len = map->bytes },
		.mode = 1,
	};

	if (map->fd >= 0)
		close(map->fd);
	map->fd = uffd_register(map->base, map->bytes, kind->features,
				kind->mode);
	if (map->fd < 0)
		return "this userfaultfd cannot do it";
	if (kind->protect && ioctl(map->fd, kind->protect, &protect))
		return "this userfaultfd cannot protect it";
	return NULL;
}

/* Made anew for each access: one that waits takes the userfaultfd with it. */
static const char *make_uffd(struct mapping *map, const struct uffd_kind *kind)
{
	const char *why = make_memory(map, kind->memory);
	size_t step = page_bytes(kind->memory);

	if (!why && kind->touched) {
		map->addr[0] = 1;
		map->addr[step] = 1;
	}
	return why ? why : listen_to(map, kind);
}

enum { NOT_MADE = -3 };

static int check_uffd(const struct uffd_kind *kind, int access)
{
	struct mapping map;
	const char *why = make_uffd(&map, kind);
	int outcome = NOT_MADE;

	if (why)
		note("%s: %s\n", kind->name, why);
	else
		outcome = access_check(kind->name, map.addr, access, &map.fd);
	mapping_drop(&map);
	return outcome;
}

TEST(userfaultfd_makes_wait_whom_the_words_say)
{
	size_t wrong = 0, tried = 0;

	access_catch();
	for_each_of(kind, uffd_kinds) {
		int read = check_uffd(kind, READ);
		int write = check_uffd(kind, WRITE);

		if (read == NOT_MADE)
			continue;
		tried++;
		if (read == kind->read && write == kind->write)
			continue;
		note("%s: a read ends with %d, a write with %d\n", kind->name,
		     read, write);
		wrong++;
	}
	EXPECT_LT(11, tried);
	EXPECT_EQ(0, wrong);
}

/* If the kernel allows it to be read, the words name only one result. */
TEST(what_a_userfaultfd_asked_for_is_known_where_it_can_be)
{
	const struct uffd_kind kind = { .memory = ANON, .mode = MODE_MISSING };
	struct mapping map;

	if (make_uffd(&map, &kind))
		SKIP(return, "userfaultfd: this kernel has none");
	EXPECT_STREQ(device_features() & VMSCOPE_FEAT_UFFD_FEATURES ?
			     "waits for userfaultfd (missing)" :
			     "cannot tell (userfaultfd)",
		     access_said(map.addr, READ));
	mapping_drop(&map);
}

/* Files: what is behind an empty entry, reported and accessed. */
enum { CACHED = 1, BEYOND = 2 };

static const struct file_kind {
	const char *name;
	int where;
	int flags;
	const char *read;
	const char *write;
	int outcome;
} file_kinds[] = {
	{ "cached-shared", CACHED, MAP_SHARED, "minor: map from page cache",
	  "minor: map from page cache", GOES_ON },
	{ "cached-private", CACHED, MAP_PRIVATE, "minor: map from page cache",
	  "minor: copy on write", GOES_ON },
	{ "not-cached-shared", 0, MAP_SHARED, "minor: new page-cache page",
	  "minor: new page-cache page", GOES_ON },
	{ "not-cached-private", 0, MAP_PRIVATE, "minor: new page-cache page",
	  "minor: copy on write", GOES_ON },
	{ "beyond-end-shared", CACHED | BEYOND, MAP_SHARED,
	  "SIGBUS (past end of file)", "SIGBUS (past end of file)", SIGBUS },
	{ "beyond-end-private", CACHED | BEYOND, MAP_PRIVATE,
	  "SIGBUS (past end of file)", "SIGBUS (past end of file)", SIGBUS },
};

static bool check_file(const struct file_kind *kind, int access,
		       const char *said)
{
	int fd = memfd_create("access", 0), outcome;
	char *map, *addr;

	if (ftruncate(fd, PAGE_BYTES) ||
	    (kind->where & CACHED && pwrite(fd, "x", 1, 0) != 1))
		return false;
	map = map_fd(fd, 2 * PAGE_BYTES, kind->flags);
	close(fd);
	addr = kind->where & BEYOND ? map + PAGE_BYTES : map;
	outcome = access_check(kind->name, addr, access, NULL);
	munmap(map, 2 * PAGE_BYTES);
	if (!strcmp(access_words, said) && outcome == kind->outcome)
		return true;
	note("%s: %s says \"%s\", ends with %d\n", kind->name,
	     access_names[access], access_words, outcome);
	return false;
}

/* Bytes from @addr on behind which an access finds @behind. */
static __u64 behind_bytes(const char *addr, __u64 behind)
{
	struct vmscope_walk walk;
	int fd = device_open_pid(getpid());
	int ret = walk_at(fd, address(addr), &walk);

	close(fd);
	return ret || walk.behind != behind ? 0 :
					      walk.behind_end - address(addr);
}

/* Of a file: two pages cached, eight not, two cached, two not; the end. */
TEST(what_is_behind_reaches_up_to_what_differs)
{
	int fd = memfd_create("behind", 0);
	char *addr;

	ASSERT_EQ(0, ftruncate(fd, 14 * PAGE_BYTES));
	ASSERT_EQ(0, posix_fallocate(fd, 0, 2 * PAGE_BYTES));
	ASSERT_EQ(0, posix_fallocate(fd, 10 * PAGE_BYTES, 2 * PAGE_BYTES));
	addr = map_fd(fd, 20 * PAGE_BYTES, MAP_SHARED);
	close(fd);
	EXPECT_EQ(2 * PAGE_BYTES, behind_bytes(addr, VMSCOPE_BEHIND_CACHED));
	EXPECT_EQ(7 * PAGE_BYTES, behind_bytes(addr + 3 * PAGE_BYTES,
					       VMSCOPE_BEHIND_NOT_CACHED));
	EXPECT_EQ(PAGE_BYTES,
		  behind_bytes(addr + 11 * PAGE_BYTES, VMSCOPE_BEHIND_CACHED));
	EXPECT_EQ(2 * PAGE_BYTES, behind_bytes(addr + 12 * PAGE_BYTES,
					       VMSCOPE_BEHIND_NOT_CACHED));
	EXPECT_EQ(5 * PAGE_BYTES, behind_bytes(addr + 15 * PAGE_BYTES,
					       VMSCOPE_BEHIND_BEYOND_END));
}

TEST(page_cache_is_asked_what_is_behind_an_empty_entry)
{
	access_catch();
	for_each_of(kind, file_kinds) {
		EXPECT_TRUE(check_file(kind, READ, kind->read));
		EXPECT_TRUE(check_file(kind, WRITE, kind->write));
	}
}

/* A file on a disk: dropped from the page cache, read again. */
static void check_dropped(struct __test_metadata *_metadata, int fd)
{
	char page[4096] = "x";
	char *addr;

	ASSERT_LE(0, fd);
	ASSERT_EQ((ssize_t)sizeof(page), write(fd, page, sizeof(page)));
	addr = map_fd(fd, PAGE_BYTES, MAP_SHARED);
	access_catch();
	EXPECT_STREQ("minor: map from page cache", access_said(addr, READ));
	EXPECT_EQ(0, fsync(fd));
	EXPECT_EQ(0, posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED));
	EXPECT_STREQ("major: read file", access_said(addr, READ));
	EXPECT_EQ(GOES_ON, access_check("dropped", addr, READ, NULL));
	munmap(addr, PAGE_BYTES);
}

TEST(file_that_left_the_page_cache_is_not_cached)
{
	int fd;

	if (!disk_make())
		SKIP(return, "page cache: cannot mount a file system");
	fd = open(DISK "/file", O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	check_dropped(_metadata, fd);
	close(fd);
	disk_remove();
}

/* A file that is mapped, and then kept from being written. */
static void check_protected(struct __test_metadata *_metadata,
			    const char *protect)
{
	const char *said = "cannot tell (protected file)";
	int fd = open(DISK "/file", O_RDWR | O_CLOEXEC);
	char *addr;

	addr = map_fd(fd, PAGE_BYTES, MAP_SHARED);
	(void)*(volatile char *)addr;
	EXPECT_STREQ("minor: write-notify", access_said(addr, WRITE));
	EXPECT_EQ(0, system(protect));
	access_catch();
	EXPECT_EQ(SIGBUS, access_check("mapped", addr, WRITE, NULL));
	EXPECT_STREQ(said, access_words);
	EXPECT_EQ(0, madvise(addr, PAGE_BYTES, MADV_DONTNEED));
	EXPECT_EQ(SIGBUS, access_check("cached", addr, WRITE, NULL));
	EXPECT_STREQ(said, access_words);
	/* an emulator may have read the page before it wrote */
	EXPECT_EQ(0, madvise(addr, PAGE_BYTES, MADV_DONTNEED));
	EXPECT_ACCESS("read", addr, READ, "minor: map from page cache");
	munmap(addr, PAGE_BYTES);
	close(fd);
}

TEST(file_that_became_swap_or_immutable_is_not_sure_to_be_written)
{
	if (!disk_make())
		SKIP(return, "page cache: cannot mount a file system");
	ASSERT_EQ(0, system("head -c 1M /dev/zero >" DISK "/file && sync"));
	check_protected(_metadata, "chattr +i " DISK "/file");
	EXPECT_EQ(0, system("chattr -i " DISK "/file"));
	check_protected(_metadata, "{ mkswap " DISK "/file && swapon " DISK
				   "/file; } >/dev/null 2>&1");
	EXPECT_EQ(0, system("swapoff " DISK "/file"));
	disk_remove();
}

TEST(private_mapping_of_dev_zero_is_anonymous)
{
	int fd = open("/dev/zero", O_RDWR | O_CLOEXEC), access;
	char *addr = map_fd(fd, 4 * PAGE_BYTES, MAP_PRIVATE);

	access_catch();
	EXPECT_STREQ("minor: zero page", access_said(addr, READ));
	for (access = 0; access < NR_ACCESSES; access++)
		EXPECT_NE(NOT_AS_SAID,
			  access_check("dev-zero", addr + access * PAGE_BYTES,
				       access, NULL));
}

/* Every combination of permissions, touched before or not. */
TEST(rights_are_those_of_the_processor)
{
	int prot, touched, access;

	access_catch();
	for (prot = 0; prot < 16; prot++) {
		char *addr = map_memory(4 * PAGE_BYTES, MAP_PRIVATE);

		touched = prot & 8;
		for (access = 0; touched && access < NR_ACCESSES; access++)
			addr[access * PAGE_BYTES] = (char)RET;
		/* the processor may use a protection key if it only runs */
		if (mprotect(addr, 4 * PAGE_BYTES, prot & 7) ||
		    (prot & 7) == PROT_EXEC)
			continue;
		for (access = 0; access < NR_ACCESSES; access++) {
			if (access == EXEC && !touched && prot & PROT_EXEC)
				continue;
			about("rights %d, touched %d: ", prot & 7, touched);
			EXPECT_NE(NOT_AS_SAID,
				  access_check("rights",
					       addr + access * PAGE_BYTES,
					       access, NULL));
		}
		munmap(addr, 4 * PAGE_BYTES);
	}
}

TEST(address_in_no_area_is_not_mapped)
{
	char *addr = map_memory(3 * PAGE_BYTES, MAP_PRIVATE);

	*addr = 1;
	munmap(addr + PAGE_BYTES, PAGE_BYTES);
	access_catch();
	EXPECT_EQ(SIGSEGV, access_check("hole", addr + PAGE_BYTES, READ, NULL));
	EXPECT_EQ(SIGSEGV, access_check("kernel", (char *)(-PAGE_BYTES * 512),
					READ, NULL));
}

/*
 * The lowest page of a stack of four, above a hole of one; @below: permissions
 * of what is below the hole. NULL without memory.
 */
static char *stack_over(int below)
{
	char *low = mmap(NULL, 8 * PAGE_BYTES, below,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *addr = low + 4 * PAGE_BYTES;

	if (low == MAP_FAILED ||
	    mmap(addr, 4 * PAGE_BYTES, RW,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED, -1,
		 0) != addr)
		return NULL;
	munmap(addr - PAGE_BYTES, PAGE_BYTES);
	return addr;
}

/*
 * An access just below makes a stack grow, unless memory that may be used is
 * near. @below: permissions of what is there.
 */
static void check_growth(struct __test_metadata *_metadata, int below,
			 int access, const char *said, int outcome)
{
	char *addr = stack_over(below);

	ASSERT_NE(NULL, addr);
	*addr = 1;
	access_catch();
	addr -= 8;
	EXPECT_STREQ(said, access_said(addr, access));
	EXPECT_EQ(outcome, access_check("stack", addr, access, NULL));
}

TEST(below_a_stack_an_access_may_make_it_grow)
{
	check_growth(_metadata, PROT_NONE, READ, "stack grows", GOES_ON);
	check_growth(_metadata, PROT_NONE, WRITE, "stack grows", GOES_ON);
	check_growth(_metadata, PROT_NONE, EXEC, "SIGSEGV (no permission)",
		     SIGSEGV);
	check_growth(_metadata, RW, WRITE, "SIGSEGV (no area)", SIGSEGV);
}

/* A child stops when it has the limit, and goes on into its locked stack. */
static pid_t fork_limited(char *addr, int resource)
{
	const struct rlimit few = { PAGE_BYTES, RLIM_INFINITY };
	pid_t child = child_fork();

	if (child)
		return child;
	if (mlock(addr, 4 * PAGE_BYTES) || setrlimit(resource, &few))
		_exit(99);
	raise(SIGSTOP);
	*(volatile char *)(addr - 8) = 1;
	_exit(0);
}

static void check_limit(struct __test_metadata *_metadata, int resource)
{
	char *addr = stack_over(PROT_NONE);
	int status = 0;
	pid_t child;

	ASSERT_NE(NULL, addr);
	child = fork_limited(addr, resource);
	ASSERT_EQ(child, waitpid(child, &status, WUNTRACED));
	EXPECT_TRUE(WIFSTOPPED(status));
	EXPECT_STREQ("cannot tell (stack limit)",
		     tool_text("write", "explain %d %llx -o state,write", child,
			       address(addr) - 8));
	kill(child, SIGCONT);
	ASSERT_EQ(child, waitpid(child, &status, 0));
	/* some may lock as much as they like */
	EXPECT_TRUE((resource == RLIMIT_MEMLOCK && !status) ||
		    (WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV));
}

TEST(stack_grows_within_all_limits_of_its_process)
{
	check_limit(_metadata, RLIMIT_AS);
	check_limit(_metadata, RLIMIT_MEMLOCK);
}

/* A growing page as low as one may be, and an access that must not reach it. */
TEST(no_stack_grows_below_the_lowest_address)
{
	char *lowest = (char *)65536, *addr = lowest + 2 * PAGE_BYTES;

	ASSERT_TRUE(knob_set("/proc/sys/vm/mmap_min_addr", "65536"));
	ASSERT_EQ(addr,
		  mmap(addr, PAGE_BYTES, RW,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED,
		       -1, 0));
	*addr = 1;
	access_catch();
	EXPECT_ACCESS("lowest", lowest - 8, WRITE, "SIGSEGV (no area)");
	knobs_restore();
}

static pid_t fork_write(char *addr)
{
	pid_t child = child_fork();

	if (child)
		return child;
	signal(SIGSEGV, SIG_DFL);
	*(volatile char *)addr = 1;
	_exit(0);
}

/* A stack that would have to grow by more memory than the machine has. */
TEST(stack_may_not_grow_to_more_than_there_is)
{
	const struct rlimit any = { RLIM_INFINITY, RLIM_INFINITY };
	struct sysinfo machine;
	char *low, *stack;
	size_t more;
	int status;
	pid_t child;

	ASSERT_TRUE(knob_set("/proc/sys/vm/overcommit_memory", "0"));
	ASSERT_EQ(0, sysinfo(&machine));
	more = machine.totalram + machine.totalswap + (1 << 30);
	more &= ~(PAGE_BYTES - 1);
	ASSERT_EQ(0, setrlimit(RLIMIT_STACK, &any));
	low = mmap(NULL, more + 4 * PMD_BYTES, PROT_NONE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	ASSERT_NE(MAP_FAILED, low);
	munmap(low, more + 4 * PMD_BYTES);
	stack = low + more + 3 * PMD_BYTES;
	ASSERT_EQ(stack,
		  mmap(stack, PAGE_BYTES, RW,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED,
		       -1, 0));
	EXPECT_STREQ("SIGSEGV (no area)", access_said(stack - more, WRITE));
	child = fork_write(stack - more);
	ASSERT_LT(0, child);
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	knobs_restore();
}

#define VM "/proc/sys/vm/"

/* The machine promises no more than is in use, and @more bytes. */
static bool commit_limit(long more)
{
	long swap = meminfo_bytes("SwapTotal:"), all, percent;

	if (!knob_set(VM "overcommit_ratio", "100") ||
	    !knob_set(VM "overcommit_memory", "2"))
		return false;
	all = meminfo_bytes("CommitLimit:") - swap;
	percent =
		(meminfo_bytes("Committed_AS:") + more - swap) * 100 / all + 1;
	return knob_set(VM "overcommit_ratio", textf("%ld", percent));
}

/* Less is left than what is kept for other processes; then nothing. */
TEST(where_nothing_is_overcommitted_no_page_is_promised)
{
	char *stack = stack_over(PROT_NONE), *addr;
	int status, fd = memfd_create("promised", MFD_CLOEXEC);
	pid_t child;

	ASSERT_NE(NULL, stack);
	*stack = 1;
	ASSERT_EQ(0, ftruncate(fd, PAGE_BYTES));
	addr = map_fd(fd, PAGE_BYTES, MAP_SHARED);
	child = child_fork();
	if (!child) {
		raise(SIGSTOP);
		*(volatile char *)addr = 1;
		_exit(0);
	}
	ASSERT_EQ(child, waitpid(child, &status, WUNTRACED));
	ASSERT_TRUE(knob_set(VM "user_reserve_kbytes", "131072"));
	ASSERT_TRUE(commit_limit(64 << 20));
	EXPECT_STREQ("cannot tell (no space)", access_said(addr, WRITE));
	EXPECT_STREQ("cannot tell (stack limit)",
		     access_said(stack - 8, WRITE));
	EXPECT_TRUE(knob_set(VM "overcommit_ratio", "0"));
	kill(child, SIGCONT);
	EXPECT_EQ(child, waitpid(child, &status, 0));
	knobs_restore();
	EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
	EXPECT_STREQ("minor: new page-cache page", access_said(addr, WRITE));
}

/* A page that was lost to a memory error, and that its file still holds. */
static void check_poisoned(struct __test_metadata *_metadata, const char *kind,
			   unsigned int flags, size_t bytes)
{
	int fd = memfd_create("poisoned", MFD_CLOEXEC | flags);
	char *addr;

	signal(SIGBUS, go_on);
	ASSERT_EQ(0, ftruncate(fd, bytes));
	addr = map_fd(fd, bytes, MAP_SHARED);
	*addr = 1;
	ASSERT_EQ(0, madvise(addr, bytes, MADV_HWPOISON));
	munmap(addr, bytes);
	access_catch();
	for (int access = READ; access <= WRITE; access++) {
		addr = map_fd(fd, bytes, MAP_SHARED);
		EXPECT_ACCESS(kind, addr, access, "SIGBUS (hwpoison)");
		munmap(addr, bytes);
		addr = map_fd(fd, bytes, MAP_PRIVATE);
		EXPECT_ACCESS(kind, addr, access, "SIGBUS (hwpoison)");
		munmap(addr, bytes);
	}
	close(fd);
}

TEST(page_cache_with_a_memory_error_is_sigbus)
{
	check_poisoned(_metadata, "shmem", 0, PAGE_BYTES);
	check_poisoned(_metadata, "hugetlb", MFD_HUGETLB, PMD_BYTES);
}

/* Patched as by a debugger, in a file on tmpfs, which holds programs too. */
TEST(code_on_tmpfs_that_was_patched_is_changed_code)
{
	int fd = memfd_create("code", 0);
	int mem = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	char row[4096], code = (char)RET;
	size_t changed = 0, other = 0;
	char *addr;
	FILE *rows;

	ASSERT_EQ(1, pwrite(fd, &code, 1, 0));
	addr = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd,
		    0);
	ASSERT_NE(MAP_FAILED, addr);
	if (pwrite(mem, &code, 1, (off_t)address(addr)) != 1)
		SKIP(return, "/proc/self/mem: this kernel lets nobody patch");
	rows = tool_run("audit %d -o finding,start", getpid());
	ASSERT_NE(NULL, rows);
	while (tool_row(rows, row, sizeof(row))) {
		if (row_number(row, "start") != address(addr))
			continue;
		if (!strcmp(row_text(row, "finding"), "dirty-code"))
			changed++;
		else
			other++;
	}
	tool_end(rows);
	EXPECT_EQ(1, changed);
	EXPECT_EQ(0, other);
}

TEST_HARNESS_MAIN
