// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every rule of every call, by a call that differs from a valid one in one
 * thing. Built for 32-bit callers too, who must get the same answers.
 */
#include "harness.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "procfs.h"

#define LAST_PAGE (-PAGE_BYTES)
/* Where the kernel's image may begin, at the earliest. */
#define KERNEL_TEXT 0xffffffff80000000ULL

union request {
	__u64 size;
	struct vmscope_info info;
	struct vmscope_attach attach;
	struct vmscope_scan scan;
	struct vmscope_walk walk;
	struct vmscope_census census;
	struct vmscope_objects objects;
	struct vmscope_slabs slabs;
	struct vmscope_what what;
	char bytes[8192];
};

static __u64 scan_buf[4096];

static int call_errno(int fd, unsigned long cmd, void *arg)
{
	return ioctl(fd, cmd, arg) ? errno : 0;
}

static void fill_valid(unsigned int cmd, union request *request)
{
	memset(request, 0, sizeof(*request));
	switch (cmd) {
	case VMSCOPE_IOC_INFO:
		request->size = sizeof(request->info);
		break;
	case VMSCOPE_IOC_ATTACH:
		request->size = sizeof(request->attach);
		request->attach.pid = getpid();
		break;
	case VMSCOPE_IOC_SCAN:
		scan_init(&request->scan, address(scan_buf) & -PAGE_BYTES,
			  (address(scan_buf) & -PAGE_BYTES) + PAGE_BYTES, 0);
		request->scan.buf = address(scan_buf);
		request->scan.buf_bytes = sizeof(scan_buf);
		break;
	case VMSCOPE_IOC_WALK:
		request->size = sizeof(request->walk);
		request->walk.addr = address(scan_buf);
		break;
	case VMSCOPE_IOC_CENSUS:
		request->size = sizeof(request->census);
		break;
	case VMSCOPE_IOC_OBJECTS:
		request->size = sizeof(request->objects);
		request->objects.buf = address(scan_buf);
		request->objects.buf_bytes = sizeof(scan_buf);
		break;
	case VMSCOPE_IOC_SLABS:
		request->size = sizeof(request->slabs);
		request->slabs.buf = address(scan_buf);
		request->slabs.buf_bytes = sizeof(scan_buf);
		break;
	case VMSCOPE_IOC_WHAT:
		request->size = sizeof(request->what);
		request->what.addr = KERNEL_TEXT;
		break;
	}
}

/* Kept over all tests of the program: nothing here may be logged. */
static int kernel_log_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	lseek(fd, 0, SEEK_END);
	return fd;
}

static int kernel_log;

static void __attribute__((constructor)) kernel_log_mark(void)
{
	kernel_log = kernel_log_open();
}

/* Every call alike */

FIXTURE(call)
{
	union request request;
	int fd;
};

FIXTURE_VARIANT(call)
{
	unsigned int cmd;
	bool needs_target;
	bool needs_kernel;
	__u64 sizes[4]; /* every size that its struct ever had */
};

#define CALL(name, NAME, ...)                               \
	FIXTURE_VARIANT_ADD(call, name)                     \
	{                                                   \
		.cmd = VMSCOPE_IOC_##NAME,                  \
		.sizes = { VMSCOPE_##NAME##_SIZE_V1,        \
			   sizeof(struct vmscope_##name) }, \
		__VA_ARGS__                                 \
	}

CALL(info, INFO);
CALL(attach, ATTACH);
CALL(scan, SCAN, .needs_target = true);
CALL(walk, WALK, .needs_target = true);
CALL(census, CENSUS, .needs_target = true);
CALL(objects, OBJECTS, .needs_target = true);
CALL(slabs, SLABS, .needs_target = true, .needs_kernel = true);
CALL(what, WHAT, .needs_target = true, .needs_kernel = true);

FIXTURE_SETUP(call)
{
	fill_valid(variant->cmd, &self->request);
	if (variant->needs_kernel)
		self->fd = kernel_open();
	else
		self->fd = variant->needs_target ? device_open_pid(getpid()) :
						   device_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(call)
{
	close(self->fd);
}

TEST_F(call, valid_is_taken)
{
	EXPECT_EQ(0, call_errno(self->fd, variant->cmd, &self->request));
}

TEST_F(call, size_is_kept)
{
	__u64 size = self->request.size;

	EXPECT_EQ(0, call_errno(self->fd, variant->cmd, &self->request));
	EXPECT_EQ(size, self->request.size);
}

TEST_F(call, size_zero_is_einval)
{
	self->request.size = 0;
	EXPECT_EQ(EINVAL, call_errno(self->fd, variant->cmd, &self->request));
}

TEST_F(call, size_below_the_first_is_einval)
{
	self->request.size = variant->sizes[0] - 8;
	EXPECT_EQ(EINVAL, call_errno(self->fd, variant->cmd, &self->request));
	self->request.size = variant->sizes[0] - 1;
	EXPECT_EQ(EINVAL, call_errno(self->fd, variant->cmd, &self->request));
}

/*
 * A caller of any age gets its answer, and nothing behind its own struct is
 * read or written. A descriptor is bound once, so that each has one of its own.
 */
TEST_F(call, every_historic_size_is_taken)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(variant->sizes) && variant->sizes[i]; i++) {
		__u64 size = variant->sizes[i], behind = size;
		bool binds = variant->cmd == VMSCOPE_IOC_ATTACH;
		int fd = binds ? device_open() : self->fd;

		EXPECT_GE(sizeof(self->request), size);
		fill_valid(variant->cmd, &self->request);
		self->request.size = size;
		memset(self->request.bytes + size, 0x5a,
		       sizeof(self->request) - size);
		EXPECT_EQ(0, call_errno(fd, variant->cmd, &self->request))
		{
			TH_LOG("%llu bytes", size);
		}
		EXPECT_EQ(size, self->request.size);
		while (behind < sizeof(self->request) &&
		       self->request.bytes[behind] == 0x5a)
			behind++;
		EXPECT_EQ(sizeof(self->request), behind);
		if (binds)
			close(fd);
	}
}

/* Between two sizes is one that some header between two releases had. */
TEST_F(call, sizes_only_grow)
{
	size_t i;

	for (i = 1; i < ARRAY_SIZE(variant->sizes) && variant->sizes[i]; i++)
		EXPECT_LE(variant->sizes[i - 1], variant->sizes[i]);
}

TEST_F(call, size_long_with_zeros_is_taken)
{
	self->request.size += 8;
	EXPECT_EQ(0, call_errno(self->fd, variant->cmd, &self->request));
}

TEST_F(call, size_long_with_more_is_e2big)
{
	self->request.bytes[self->request.size + 7] = 1;
	self->request.size += 8;
	EXPECT_EQ(E2BIG, call_errno(self->fd, variant->cmd, &self->request));
}

TEST_F(call, size_of_all_bits_is_e2big)
{
	self->request.size = -1ULL;
	EXPECT_EQ(E2BIG, call_errno(self->fd, variant->cmd, &self->request));
}

TEST_F(call, nothing_behind_the_struct_is_written)
{
	__u64 size = self->request.size;

	memset(self->request.bytes + size, 0x5a, sizeof(self->request) - size);
	EXPECT_EQ(0, call_errno(self->fd, variant->cmd, &self->request));
	EXPECT_EQ(0x5a, self->request.bytes[size]);
	EXPECT_EQ(0x5a, self->request.bytes[sizeof(self->request) - 1]);
}

TEST_F(call, null_is_efault)
{
	EXPECT_EQ(EFAULT, call_errno(self->fd, variant->cmd, NULL));
}

/* Two pages, the second of which nobody may touch. */
static char *map_guarded(void)
{
	char *map = mmap(NULL, 2 * PAGE_BYTES, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	mprotect(map + PAGE_BYTES, PAGE_BYTES, PROT_NONE);
	return map;
}

TEST_F(call, partly_unmapped_is_efault)
{
	char *map = map_guarded();
	char *at = map + PAGE_BYTES - self->request.size + 8;

	memcpy(at, &self->request, self->request.size - 8);
	EXPECT_EQ(EFAULT, call_errno(self->fd, variant->cmd, at));
}

TEST_F(call, read_only_is_efault_where_it_is_written)
{
	char *map = map_guarded();

	memcpy(map, &self->request, self->request.size);
	mprotect(map, PAGE_BYTES, PROT_READ);
	EXPECT_EQ(EFAULT, call_errno(self->fd, variant->cmd, map));
}

TEST_F(call, other_direction_is_enotty)
{
	unsigned int cmd = variant->cmd ^ (_IOC_READ << _IOC_DIRSHIFT);

	EXPECT_EQ(ENOTTY, call_errno(self->fd, cmd, &self->request));
	cmd = variant->cmd ^ (_IOC_WRITE << _IOC_DIRSHIFT);
	EXPECT_EQ(ENOTTY, call_errno(self->fd, cmd, &self->request));
}

TEST_F(call, other_magic_is_enotty)
{
	unsigned int cmd = variant->cmd ^ (1 << _IOC_TYPESHIFT);

	EXPECT_EQ(ENOTTY, call_errno(self->fd, cmd, &self->request));
}

TEST_F(call, unknown_number_is_enotty)
{
	unsigned int cmd = variant->cmd | 0x80;

	EXPECT_EQ(ENOTTY, call_errno(self->fd, cmd, &self->request));
}

TEST_F(call, without_target_is_enotconn)
{
	int fd = device_open();

	EXPECT_EQ(variant->needs_target ? ENOTCONN : 0,
		  call_errno(fd, variant->cmd, &self->request));
	close(fd);
}

TEST_F(call, caller_who_dropped_sys_admin_is_eperm)
{
	cap_drop(CAP_SYS_ADMIN);
	EXPECT_EQ(EPERM, call_errno(self->fd, variant->cmd, &self->request));
}

/* Runs @fn in a child and returns what it says, at most 255. */
static int in_child(int (*fn)(void *arg), void *arg)
{
	pid_t pid = fork();
	int status = -1;

	if (!pid)
		_exit(fn(arg));
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

struct use {
	int fd;
	unsigned int cmd;
	union request *request;
};

static int use_as_nobody(void *arg)
{
	const struct use *use = arg;

	if (setgid(65534) || setuid(65534))
		return 255;
	return call_errno(use->fd, use->cmd, use->request);
}

TEST_F(call, child_without_rights_is_eperm)
{
	struct use use = { self->fd, variant->cmd, &self->request };

	EXPECT_EQ(EPERM, in_child(use_as_nobody, &use));
}

static int use_without_sys_ptrace(void *arg)
{
	const struct use *use = arg;

	cap_drop(CAP_SYS_PTRACE);
	return call_errno(use->fd, use->cmd, use->request);
}

static int use_as_it_is(void *arg)
{
	const struct use *use = arg;

	return call_errno(use->fd, use->cmd, use->request);
}

/* Bound to its own memory, which is another's for who it is handed to. */
TEST_F(call, descriptor_handed_on_is_eperm_without_sys_ptrace)
{
	struct use use = { self->fd, variant->cmd, &self->request };
	bool others = !variant->needs_kernel &&
		      variant->cmd != VMSCOPE_IOC_INFO;

	EXPECT_EQ(others ? EPERM : 0, in_child(use_without_sys_ptrace, &use));
	EXPECT_EQ(0, in_child(use_as_it_is, &use));
}

static int use_in_user_namespace(void *arg)
{
	const struct use *use = arg;

	if (unshare(CLONE_NEWUSER))
		return 255;
	return call_errno(use->fd, use->cmd, use->request);
}

TEST_F(call, root_of_another_user_namespace_is_eperm)
{
	struct use use = { self->fd, variant->cmd, &self->request };
	int err = in_child(use_in_user_namespace, &use);

	if (err == 255)
		SKIP(return, "the kernel has no user namespaces");
	EXPECT_EQ(EPERM, err);
}

/* A scan, field by field */

static void flags_unknown(struct vmscope_scan *scan)
{
	scan->flags = VMSCOPE_SCAN_ALL + 1;
}

static void flags_top_bit(struct vmscope_scan *scan)
{
	scan->flags = 1ULL << 63;
}

static void flags_names_alone(struct vmscope_scan *scan)
{
	scan->flags = VMSCOPE_SCAN_NAMES;
}

static void flags_names_with_areas(struct vmscope_scan *scan)
{
	scan->flags = VMSCOPE_SCAN_NAMES | VMSCOPE_SCAN_AREAS;
}

static void start_unaligned(struct vmscope_scan *scan)
{
	scan->start++;
}

static void end_unaligned(struct vmscope_scan *scan)
{
	scan->end++;
}

static void range_reversed(struct vmscope_scan *scan)
{
	scan->start = scan->end + PAGE_BYTES;
}

static void range_empty(struct vmscope_scan *scan)
{
	scan->end = scan->start;
}

static void range_up_to_all_bits(struct vmscope_scan *scan)
{
	scan->end = -1ULL;
}

static void range_of_everything(struct vmscope_scan *scan)
{
	scan->start = 0;
	scan->end = (__u64)LAST_PAGE;
}

static void range_of_the_kernel(struct vmscope_scan *scan)
{
	scan->start = 1ULL << 63;
	scan->end = scan->start + PAGE_BYTES;
}

static void cursor_unknown(struct vmscope_scan *scan)
{
	scan->cursor[0] = 0x400;
}

static void buf_null(struct vmscope_scan *scan)
{
	scan->buf = 0;
}

static void buf_unaligned(struct vmscope_scan *scan)
{
	scan->buf += 4;
}

static void buf_of_the_kernel(struct vmscope_scan *scan)
{
	scan->buf = (__u64)LAST_PAGE;
}

static void buf_not_canonical(struct vmscope_scan *scan)
{
	scan->buf = 1ULL << 62;
}

static void buf_beyond_the_end(struct vmscope_scan *scan)
{
	scan->buf_bytes = -8ULL;
}

static void buf_too_small(struct vmscope_scan *scan)
{
	scan->buf_bytes = VMSCOPE_SCAN_MIN_BYTES - 1;
}

static void buf_smallest(struct vmscope_scan *scan)
{
	scan->buf_bytes = VMSCOPE_SCAN_MIN_BYTES;
}

static void buf_too_small_for_names(struct vmscope_scan *scan)
{
	scan->flags = VMSCOPE_SCAN_NAMES | VMSCOPE_SCAN_AREAS;
	scan->buf_bytes = VMSCOPE_SCAN_MIN_BYTES_NAMES - 1;
}

static void buf_smallest_for_names(struct vmscope_scan *scan)
{
	scan->flags = VMSCOPE_SCAN_NAMES | VMSCOPE_SCAN_AREAS;
	scan->buf_bytes = VMSCOPE_SCAN_MIN_BYTES_NAMES;
}

static void all_flags_unknown(struct vmscope_scan *scan)
{
	scan->all_flags = VMSCOPE_F_ALL + 1;
}

static void any_flags_unknown(struct vmscope_scan *scan)
{
	scan->any_flags = VMSCOPE_F_ALL + 1;
}

static void none_flags_unknown(struct vmscope_scan *scan)
{
	scan->none_flags = VMSCOPE_F_ALL + 1;
}

static void run_flags_unknown(struct vmscope_scan *scan)
{
	scan->run_flags = VMSCOPE_F_ALL + 1;
}

static void states_unknown(struct vmscope_scan *scan)
{
	scan->states = 1ULL << VMSCOPE_NR_STATES;
}

static void levels_unknown(struct vmscope_scan *scan)
{
	scan->levels = 1ULL << VMSCOPE_NR_LEVELS;
}

static void masks_full(struct vmscope_scan *scan)
{
	scan->any_flags = VMSCOPE_F_ALL;
	scan->states = (1ULL << VMSCOPE_NR_STATES) - 1;
	scan->levels = (1ULL << VMSCOPE_NR_LEVELS) - 1;
	scan->run_flags = VMSCOPE_F_ALL;
}

static void reserved_set(struct vmscope_scan *scan)
{
	scan->reserved = 1;
}

FIXTURE(scan_field)
{
	union request request;
	int fd;
};

FIXTURE_VARIANT(scan_field)
{
	void (*change)(struct vmscope_scan *scan);
	int err;
};

FIXTURE_SETUP(scan_field)
{
	memset(scan_buf, 1, sizeof(scan_buf));
	fill_valid(VMSCOPE_IOC_SCAN, &self->request);
	self->fd = device_open_pid(getpid());
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(scan_field)
{
	close(self->fd);
}

#define SCAN_FIELD(name, error)               \
	FIXTURE_VARIANT_ADD(scan_field, name) \
	{                                     \
		.change = name, .err = error, \
	}

SCAN_FIELD(flags_unknown, EINVAL);
SCAN_FIELD(flags_top_bit, EINVAL);
SCAN_FIELD(flags_names_alone, EINVAL);
SCAN_FIELD(flags_names_with_areas, 0);
SCAN_FIELD(start_unaligned, EINVAL);
SCAN_FIELD(end_unaligned, EINVAL);
SCAN_FIELD(range_reversed, EINVAL);
SCAN_FIELD(range_empty, 0);
SCAN_FIELD(range_up_to_all_bits, EINVAL);
SCAN_FIELD(range_of_everything, 0);
SCAN_FIELD(range_of_the_kernel, 0);
SCAN_FIELD(cursor_unknown, EINVAL);
SCAN_FIELD(buf_null, EFAULT);
SCAN_FIELD(buf_unaligned, EINVAL);
SCAN_FIELD(buf_of_the_kernel, EFAULT);
SCAN_FIELD(buf_not_canonical, EFAULT);
SCAN_FIELD(buf_beyond_the_end, EFAULT);
SCAN_FIELD(buf_too_small, EINVAL);
SCAN_FIELD(buf_smallest, 0);
SCAN_FIELD(buf_too_small_for_names, EINVAL);
SCAN_FIELD(buf_smallest_for_names, 0);
SCAN_FIELD(all_flags_unknown, EINVAL);
SCAN_FIELD(any_flags_unknown, EINVAL);
SCAN_FIELD(none_flags_unknown, EINVAL);
SCAN_FIELD(run_flags_unknown, EINVAL);
SCAN_FIELD(states_unknown, EINVAL);
SCAN_FIELD(levels_unknown, EINVAL);
SCAN_FIELD(masks_full, 0);
SCAN_FIELD(reserved_set, EINVAL);

TEST_F(scan_field, is_judged)
{
	variant->change(&self->request.scan);
	EXPECT_EQ(variant->err,
		  call_errno(self->fd, VMSCOPE_IOC_SCAN, &self->request));
}

/* What a failed call leaves is what was there before. */
TEST_F(scan_field, leaves_the_struct_alone_when_refused)
{
	union request before;

	variant->change(&self->request.scan);
	before = self->request;
	if (call_errno(self->fd, VMSCOPE_IOC_SCAN, &self->request)) {
		EXPECT_EQ(0, memcmp(&before, &self->request, sizeof(before)));
	}
}

/* Buffers of a scan */

static int scan_into(int fd, void *buf, __u64 bytes, struct vmscope_scan *scan)
{
	scan_init(scan, 0, USER_END, VMSCOPE_SCAN_RUNS);
	scan->buf = address(buf);
	scan->buf_bytes = bytes;
	return call_errno(fd, VMSCOPE_IOC_SCAN, scan);
}

FIXTURE(self_scan)
{
	struct vmscope_scan scan;
	int fd;
};

FIXTURE_SETUP(self_scan)
{
	self->fd = device_open_pid(getpid());
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(self_scan)
{
	close(self->fd);
}

TEST_F(self_scan, range_beyond_the_end_is_cut_and_done)
{
	scan_init(&self->scan, (__u64)LAST_PAGE - PAGE_BYTES, (__u64)LAST_PAGE,
		  0);
	EXPECT_EQ(0,
		  scan_once(self->fd, &self->scan, scan_buf, sizeof(scan_buf)));
	EXPECT_EQ((__u64)LAST_PAGE, self->scan.next);
	EXPECT_EQ(0, self->scan.bytes);
}

TEST_F(self_scan, range_of_nothing_is_done)
{
	scan_init(&self->scan, PAGE_BYTES, PAGE_BYTES, 0);
	EXPECT_EQ(0,
		  scan_once(self->fd, &self->scan, scan_buf, sizeof(scan_buf)));
	EXPECT_EQ(PAGE_BYTES, self->scan.next);
	EXPECT_EQ(0, self->scan.bytes);
}

TEST_F(self_scan, read_only_buffer_is_efault)
{
	char *map = map_guarded();

	*map = 1;
	mprotect(map, PAGE_BYTES, PROT_READ);
	EXPECT_EQ(EFAULT, scan_into(self->fd, map, PAGE_BYTES, &self->scan));
}

TEST_F(self_scan, buffer_without_access_is_efault)
{
	char *map = map_guarded();

	EXPECT_EQ(EFAULT, scan_into(self->fd, map + PAGE_BYTES, PAGE_BYTES,
				    &self->scan));
}

TEST_F(self_scan, partly_unmapped_buffer_is_efault)
{
	char *map = map_guarded();

	EXPECT_EQ(EFAULT, scan_into(self->fd, map + PAGE_BYTES - 16, PAGE_BYTES,
				    &self->scan));
}

TEST_F(self_scan, never_touched_buffer_is_filled)
{
	char *map = map_guarded();

	EXPECT_EQ(0, scan_into(self->fd, map, PAGE_BYTES, &self->scan));
	EXPECT_LT(0, self->scan.bytes);
}

TEST_F(self_scan, buffer_inside_of_the_range_is_filled)
{
	size_t bytes = 64 * PAGE_BYTES;
	void *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	scan_init(&self->scan, address(map), address(map) + bytes, 0);
	EXPECT_EQ(0, scan_once(self->fd, &self->scan, map, bytes));
	EXPECT_EQ(self->scan.end, self->scan.next);
}

/* A buffer that is no multiple of eight long is used as far as words go. */
TEST_F(self_scan, odd_buffer_length_is_taken)
{
	memset(scan_buf, 0x5a, sizeof(scan_buf));
	EXPECT_EQ(0, scan_into(self->fd, scan_buf, 333, &self->scan));
	EXPECT_GE(333, self->scan.bytes);
	EXPECT_EQ(0, self->scan.bytes % 8);
	EXPECT_EQ(0x5a, ((char *)scan_buf)[333]);
}

TEST_F(self_scan, attaching_again_is_ebusy)
{
	EXPECT_EQ(-1, device_attach(self->fd, getpid()));
	EXPECT_EQ(EBUSY, errno);
}

TEST_F(self_scan, read_and_write_are_refused)
{
	EXPECT_EQ(-1, read(self->fd, scan_buf, 8));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, write(self->fd, scan_buf, 8));
	EXPECT_EQ(EINVAL, errno);
}

TEST_F(self_scan, mmap_is_refused)
{
	EXPECT_EQ(MAP_FAILED,
		  mmap(NULL, PAGE_BYTES, PROT_READ, MAP_SHARED, self->fd, 0));
	EXPECT_EQ(ENODEV, errno);
}

/* A walk and a census, field by field */

static int walk_errno(int fd, __u64 flags, __u64 addr, __u64 buf, __u64 bytes)
{
	struct vmscope_walk walk = {
		.size = sizeof(walk),
		.flags = flags,
		.addr = addr,
		.name_buf = buf,
		.name_buf_bytes = bytes,
	};

	return call_errno(fd, VMSCOPE_IOC_WALK, &walk);
}

TEST_F(self_scan, walk_flags_unknown_is_einval)
{
	EXPECT_EQ(EINVAL, walk_errno(self->fd, 1, 0, 0, 0));
}

TEST_F(self_scan, walk_not_canonical_is_einval)
{
	EXPECT_EQ(EINVAL, walk_errno(self->fd, 0, 1ULL << 62, 0, 0));
	EXPECT_EQ(EINVAL, walk_errno(self->fd, 0, ~(1ULL << 62), 0, 0));
}

TEST_F(self_scan, walk_unaligned_is_taken)
{
	EXPECT_EQ(0, walk_errno(self->fd, 0, address(scan_buf) + 3, 0, 0));
}

TEST_F(self_scan, walk_of_nothing_is_taken)
{
	EXPECT_EQ(0, walk_errno(self->fd, 0, 0, 0, 0));
}

TEST_F(self_scan, walk_of_all_bits_is_taken)
{
	EXPECT_EQ(0, walk_errno(self->fd, 0, -1ULL, 0, 0));
}

TEST_F(self_scan, walk_length_without_buffer_is_einval)
{
	EXPECT_EQ(EINVAL, walk_errno(self->fd, 0, address(scan_buf), 0, 8));
}

TEST_F(self_scan, walk_bad_name_buffer_is_efault)
{
	EXPECT_EQ(EFAULT, walk_errno(self->fd, 0, address(call_errno),
				     (__u64)LAST_PAGE, 8));
}

TEST_F(self_scan, walk_name_is_cut)
{
	struct vmscope_walk walk = {
		.size = sizeof(walk),
		.addr = address(call_errno),
		.name_buf_bytes = 4,
	};
	char name[8] = "........";

	walk.name_buf = address(name);
	EXPECT_EQ(0, call_errno(self->fd, VMSCOPE_IOC_WALK, &walk));
	EXPECT_EQ('/', name[0]);
	EXPECT_NE('.', name[3]);
	EXPECT_EQ('.', name[4]);
	EXPECT_LT(4, walk.area.name_bytes);
}

TEST_F(self_scan, census_flags_unknown_is_einval)
{
	struct vmscope_census census = { .size = sizeof(census), .flags = 1 };

	EXPECT_EQ(EINVAL, call_errno(self->fd, VMSCOPE_IOC_CENSUS, &census));
}

TEST_F(self_scan, census_reserved_is_einval)
{
	struct vmscope_census census = { .size = sizeof(census),
					 .reserved = 1 };

	EXPECT_EQ(EINVAL, call_errno(self->fd, VMSCOPE_IOC_CENSUS, &census));
}

/* What an attach may name */

static int attach_errno(__u64 flags, __u64 pid)
{
	struct vmscope_attach attach = {
		.size = sizeof(attach),
		.flags = flags,
		.pid = pid,
	};
	int fd = device_open();
	int err = call_errno(fd, VMSCOPE_IOC_ATTACH, &attach);

	close(fd);
	return err;
}

TEST(attach_flags_unknown_is_einval)
{
	EXPECT_EQ(EINVAL, attach_errno(1, getpid()));
}

TEST(attach_pid_zero_is_einval)
{
	EXPECT_EQ(EINVAL, attach_errno(0, 0));
}

TEST(attach_pid_out_of_range_is_einval)
{
	EXPECT_EQ(EINVAL, attach_errno(0, 1ULL << 31));
	EXPECT_EQ(EINVAL, attach_errno(0, 1ULL << 32));
	EXPECT_EQ(EINVAL, attach_errno(0, (1ULL << 32) + getpid()));
	EXPECT_EQ(EINVAL, attach_errno(0, 1ULL << 63));
	EXPECT_EQ(EINVAL, attach_errno(0, -1ULL));
}

TEST(attach_pid_of_nobody_is_esrch)
{
	EXPECT_EQ(ESRCH, attach_errno(0, 0x7fffffff));
}

TEST(attach_dead_is_esrch)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	EXPECT_EQ(ESRCH, attach_errno(0, pid));
}

TEST(attach_zombie_is_esrch)
{
	siginfo_t info;
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	EXPECT_EQ(ESRCH, attach_errno(0, pid));
	waitpid(pid, NULL, 0);
}

TEST(attach_kernel_thread_is_enodata)
{
	EXPECT_EQ(ENODATA, attach_errno(0, 2));
}

TEST(attach_failed_leaves_the_descriptor_unbound)
{
	int fd = device_open();

	EXPECT_EQ(-1, device_attach(fd, 0x7fffffff));
	EXPECT_EQ(0, device_attach(fd, getpid()));
	close(fd);
}

TEST(attach_other_without_sys_ptrace_is_eperm)
{
	pid_t pid = sleeping_child();

	cap_drop(CAP_SYS_PTRACE);
	EXPECT_EQ(EPERM, attach_errno(0, pid));
	EXPECT_EQ(0, attach_errno(0, getpid()));
	kill_child(pid);
}

/* In a PID namespace of its own, 1 is the child, and the parent is nobody. */
static int attach_in_pid_namespace(void *arg)
{
	const pid_t *outside = arg;

	if (getpid() != 1)
		return 255;
	if (attach_errno(0, 1))
		return 1;
	return attach_errno(0, *outside) == ESRCH ? 0 : 2;
}

static int enter_pid_namespace(void *arg)
{
	if (unshare(CLONE_NEWPID))
		return 254;
	return in_child(attach_in_pid_namespace, arg);
}

TEST(attach_counts_pids_as_the_callers_namespace_does)
{
	pid_t self = getpid();
	int ret;

	/* a number that the new namespace cannot have given out */
	while (self < 100)
		self = sleeping_child();
	ret = in_child(enter_pid_namespace, &self);
	if (ret == 254)
		SKIP(return, "the kernel has no PID namespaces");
	EXPECT_EQ(0, ret);
	if (self != getpid())
		kill_child(self);
}

/* What becomes of a descriptor when its target goes */

static int scan_errno(int fd)
{
	struct vmscope_scan scan;

	return scan_into(fd, scan_buf, VMSCOPE_SCAN_MIN_BYTES, &scan);
}

TEST(exit_of_the_target_is_esrch)
{
	pid_t pid = sleeping_child();
	struct vmscope_census census;
	struct vmscope_walk walk;
	int fd = device_open_pid(pid);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, scan_errno(fd));
	kill_child(pid);
	EXPECT_EQ(ESRCH, scan_errno(fd));
	EXPECT_EQ(-1, walk_at(fd, PAGE_BYTES, &walk));
	EXPECT_EQ(ESRCH, errno);
	EXPECT_EQ(-1, census_read(fd, &census));
	EXPECT_EQ(ESRCH, errno);
	EXPECT_EQ(-1, device_attach(fd, getpid()));
	EXPECT_EQ(EBUSY, errno);
	close(fd);
}

TEST(exec_of_the_target_is_esrch)
{
	int go[2], fd;
	char byte = 0;
	pid_t pid;

	ASSERT_EQ(0, pipe2(go, O_CLOEXEC));
	pid = fork();
	if (!pid) {
		close(go[1]);
		if (read(go[0], &byte, 1) == 1)
			execl("/bin/sleep", "sleep", "100", NULL);
		_exit(127);
	}
	close(go[0]);
	fd = device_open_pid(pid);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, scan_errno(fd));
	ASSERT_EQ(1, write(go[1], &byte, 1));
	while (!scan_errno(fd) && !process_exited(pid))
		usleep(1000);
	EXPECT_EQ(ESRCH, scan_errno(fd));
	/* the PID lives on, and so does its new address space */
	EXPECT_EQ(0, attach_errno(0, pid));
	kill_child(pid);
	close(fd);
}

/* A process whose main thread has gone lives on in the others. */
static void *outlive(void *arg)
{
	sleep(TEST_SECONDS);
	return arg;
}

TEST(attach_process_without_its_main_thread_is_taken)
{
	char path[64], state = '?';
	FILE *stat;
	pid_t pid = fork();

	if (!pid) {
		pthread_t thread;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pthread_create(&thread, NULL, outlive, NULL);
		syscall(SYS_exit, 0);
	}
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	while (state != 'Z') {
		stat = fopen(path, "re");
		ASSERT_NE(NULL, stat);
		if (fscanf(stat, "%*d %*s %c", &state) != 1)
			state = '?';
		fclose(stat);
		usleep(1000);
	}
	EXPECT_EQ(0, attach_errno(0, pid));
	kill_child(pid);
}

/* Who may open */

static int open_as_nobody(void *arg)
{
	(void)arg;
	if (setgid(65534) || setuid(65534))
		return 255;
	return device_open() < 0 ? errno : 0;
}

TEST(open_by_nobody_is_eacces)
{
	EXPECT_EQ(EACCES, in_child(open_as_nobody, NULL));
}

static int open_without_sys_admin(void *arg)
{
	(void)arg;
	cap_drop(CAP_SYS_ADMIN);
	return device_open() < 0 ? errno : 0;
}

TEST(open_without_sys_admin_is_eacces)
{
	EXPECT_EQ(EACCES, in_child(open_without_sys_admin, NULL));
}

TEST(node_is_for_root_alone)
{
	struct stat stat;

	ASSERT_EQ(0, fstatat(AT_FDCWD, VMSCOPE_DEVICE, &stat, 0));
	EXPECT_EQ(0600, stat.st_mode & 07777);
	EXPECT_EQ(0, stat.st_uid);
}

/* What the module says of itself and of the machine */

TEST(info_is_as_the_header_promises)
{
	struct vmscope_info info;
	int fd = device_open();

	ASSERT_EQ(0, device_info(fd, &info));
	EXPECT_EQ(VMSCOPE_ABI_VERSION, info.abi);
	EXPECT_EQ(VMSCOPE_ARCH_X86_64, info.arch);
	EXPECT_EQ(PAGE_BYTES, info.page_size);
	EXPECT_EQ(12, info.level_shift[VMSCOPE_LEVEL_PTE]);
	EXPECT_EQ(21, info.level_shift[VMSCOPE_LEVEL_PMD]);
	EXPECT_EQ(30, info.level_shift[VMSCOPE_LEVEL_PUD]);
	EXPECT_EQ(info.nr_levels == 5 ? 39 : 0,
		  info.level_shift[VMSCOPE_LEVEL_P4D]);
	EXPECT_EQ(info.nr_levels == 5 ? 48 : 39,
		  info.level_shift[VMSCOPE_LEVEL_PGD]);
	EXPECT_EQ(512, info.level_entries[VMSCOPE_LEVEL_PTE]);
	EXPECT_EQ(0, info.level_shift[VMSCOPE_LEVEL_NONE]);
	EXPECT_EQ(0, info.user_end % PAGE_BYTES);
	EXPECT_LT(1ULL << 46, info.user_end);
	EXPECT_NE(0, info.features & VMSCOPE_FEAT_FRAMES);
	EXPECT_EQ(0, info.withheld_why & VMSCOPE_WHY_LOCKDOWN);
	EXPECT_LT(0, info.max_slot_type);
	EXPECT_EQ(0, info.module_version[3] >> 56);
	EXPECT_NE(0, info.module_version[0]);
	close(fd);
}

TEST(info_says_why_kernel_addresses_are_withheld)
{
	struct vmscope_info info;
	int fd = device_open();

	ASSERT_EQ(true, knob_set("/proc/sys/kernel/kptr_restrict", "2"));
	EXPECT_EQ(0, device_info(fd, &info));
	knobs_restore();
	EXPECT_EQ(0, info.features & VMSCOPE_FEAT_KADDR);
	EXPECT_EQ(VMSCOPE_WHY_KPTR_RESTRICT, info.withheld_why);
	close(fd);
}

TEST(kernel_alias_is_withheld_without_cap_syslog)
{
	struct vmscope_walk walk;
	int fd = device_open_pid(getpid());

	ASSERT_EQ(0, walk_at(fd, address(scan_buf), &walk));
	cap_drop(CAP_SYSLOG);
	ASSERT_EQ(0, walk_at(fd, address(scan_buf), &walk));
	EXPECT_EQ(0, walk.kernel_alias);
	EXPECT_NE(0, walk.phys);
}

/* The last test: of all before, nothing is in the kernel's log. */
TEST(nothing_was_logged)
{
	char line[8192];
	ssize_t n;

	while ((n = read(kernel_log, line, sizeof(line) - 1)) != -1 ||
	       errno == EPIPE) {
		if (n < 0)
			continue;
		line[n] = '\0';
		EXPECT_EQ(NULL, strstr(line, "vmscope"))
		{
			TH_LOG("%s", line);
		}
		EXPECT_EQ(NULL, strstr(line, "WARNING"));
		EXPECT_EQ(NULL, strstr(line, "BUG"));
	}
	EXPECT_EQ(EAGAIN, errno);
}

TEST_HARNESS_MAIN
