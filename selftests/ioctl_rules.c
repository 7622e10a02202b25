// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every rule of every call, by a call that differs from a valid one in one
 * thing. Built for 32-bit callers too, who must get the same answers.
 */
#include "harness.h"

#define LAST_PAGE (-PAGE_BYTES)
/* The lowest address at which the kernel's image may begin. */
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
	struct vmscope_frame_list frames;
	char bytes[8192];
};

static __u64 scan_buf[4096];

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
	case VMSCOPE_IOC_FRAMES:
		request->size = sizeof(request->frames);
		request->frames.end = 1;
		request->frames.buf = address(scan_buf);
		request->frames.buf_bytes = sizeof(scan_buf);
		break;
	case VMSCOPE_IOC_WHAT:
		request->size = sizeof(request->what);
		request->what.addr = KERNEL_TEXT;
		break;
	}
}

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
	__u64 sizes[4]; /* every size that its struct has had */
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
CALL(frame_list, FRAMES, .needs_target = true, .needs_kernel = true);

FIXTURE_SETUP(call)
{
	fill_valid(variant->cmd, &self->request);
	if (variant->needs_kernel && !kernel_is_readable())
		SKIP(return, "the kernel's half cannot be read here");
	if (variant->needs_kernel)
		self->fd = kernel_open();
	else
		self->fd = variant->needs_target ? device_open_pid(getpid()) :
						   device_open();
	ASSERT_LE(0, self->fd);
}

NO_TEARDOWN(call)

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

TEST_F(call, size_below_the_first_is_einval)
{
	const __u64 sizes[] = { 0, variant->sizes[0] - 8,
				variant->sizes[0] - 1 };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		self->request.size = sizes[i];
		EXPECT_EQ(EINVAL,
			  call_errno(self->fd, variant->cmd, &self->request));
	}
}

/*
 * A caller of any age gets its answer, and nothing after its own struct is read
 * or written. A descriptor is bound once, so each caller has its own.
 */
TEST_F(call, every_historic_size_is_taken)
{
	for (size_t i = 0; i < ARRAY_SIZE(variant->sizes) && variant->sizes[i];
	     i++) {
		__u64 size = variant->sizes[i], behind = size;
		bool binds = variant->cmd == VMSCOPE_IOC_ATTACH;
		int fd = binds ? device_open() : self->fd;

		EXPECT_GE(sizeof(self->request), size);
		fill_valid(variant->cmd, &self->request);
		self->request.size = size;
		memset(self->request.bytes + size, 0x5a,
		       sizeof(self->request) - size);
		about("%llu bytes: ", size);
		EXPECT_EQ(0, call_errno(fd, variant->cmd, &self->request));
		EXPECT_EQ(size, self->request.size);
		while (behind < sizeof(self->request) &&
		       self->request.bytes[behind] == 0x5a)
			behind++;
		EXPECT_EQ(sizeof(self->request), behind);
		if (binds)
			close(fd);
	}
}

/* A size between two known ones belongs to a header between two releases. */
TEST_F(call, sizes_only_grow)
{
	for (size_t i = 1; i < ARRAY_SIZE(variant->sizes) && variant->sizes[i];
	     i++)
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

/* Two pages; the second cannot be accessed. */
static char *map_guarded(void)
{
	char *map = map_memory(2 * PAGE_BYTES, MAP_PRIVATE);

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
}

TEST_F(call, caller_who_dropped_sys_admin_is_eperm)
{
	cap_drop(CAP_SYS_ADMIN);
	EXPECT_EQ(EPERM, call_errno(self->fd, variant->cmd, &self->request));
}

/* A call by a child after @first, which returns 0 if it can do its part. */
struct use {
	int fd;
	unsigned int cmd;
	union request *request;
	int (*first)(void);
};

static int use_by_child(void *arg)
{
	const struct use *use = arg;

	if (use->first())
		return CHILD_KILLED;
	return call_errno(use->fd, use->cmd, use->request);
}

static int do_nothing(void)
{
	return 0;
}

static int become_nobody(void)
{
	return setgid(65534) || setuid(65534);
}

static int drop_sys_ptrace(void)
{
	cap_drop(CAP_SYS_PTRACE);
	return 0;
}

static int enter_user_namespace(void)
{
	return unshare(CLONE_NEWUSER);
}

#define USE(first)                                                    \
	in_child(use_by_child, &(struct use){ self->fd, variant->cmd, \
					      &self->request, first })

TEST_F(call, child_without_rights_is_eperm)
{
	EXPECT_EQ(EPERM, USE(become_nobody));
}

/* Bound to its own memory, which is another process's for the recipient. */
TEST_F(call, descriptor_handed_on_is_eperm_without_sys_ptrace)
{
	bool others = !variant->needs_kernel &&
		      variant->cmd != VMSCOPE_IOC_INFO;

	EXPECT_EQ(others ? EPERM : 0, USE(drop_sys_ptrace));
	EXPECT_EQ(0, USE(do_nothing));
}

TEST_F(call, root_of_another_user_namespace_is_eperm)
{
	int err = USE(enter_user_namespace);

	if (err == CHILD_KILLED)
		SKIP(return, "the kernel has no user namespaces");
	EXPECT_EQ(EPERM, err);
}

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
	self->fd = own_device();
}

NO_TEARDOWN(self_scan)

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
	void *map = map_memory(bytes, MAP_PRIVATE);

	scan_init(&self->scan, address(map), address(map) + bytes, 0);
	EXPECT_EQ(0, scan_once(self->fd, &self->scan, map, bytes));
	EXPECT_EQ(self->scan.end, self->scan.next);
}

/* Of a buffer whose length is not a multiple of eight, whole words are used. */
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
	EXPECT_EQ(EBUSY, errno_of(device_attach(self->fd, getpid())));
}

TEST_F(self_scan, read_and_write_are_refused)
{
	EXPECT_EQ(EINVAL, errno_of(read(self->fd, scan_buf, 8)));
	EXPECT_EQ(EINVAL, errno_of(write(self->fd, scan_buf, 8)));
}

TEST_F(self_scan, mmap_is_refused)
{
	EXPECT_EQ(MAP_FAILED,
		  mmap(NULL, PAGE_BYTES, PROT_READ, MAP_SHARED, self->fd, 0));
	EXPECT_EQ(ENODEV, errno);
}

/* A walk and a census, field by field */

TEST_F(self_scan, walk_fields_are_judged)
{
	__u64 addr = address(scan_buf);
	struct vmscope_walk walk;

	EXPECT_EQ(0, walk_errno(self->fd, 0, addr + 3, 0, 0, &walk));
	EXPECT_EQ(0, walk_errno(self->fd, 0, 0, 0, 0, &walk));
	EXPECT_EQ(kernel_is_readable() ? 0 : EINVAL,
		  walk_errno(self->fd, 0, -1ULL, 0, 0, &walk));
	EXPECT_EQ(EINVAL, walk_errno(self->fd, 1, 0, 0, 0, &walk));
	EXPECT_EQ(EINVAL, walk_errno(self->fd, 0, 1ULL << 62, 0, 0, &walk));
	EXPECT_EQ(EINVAL, walk_errno(self->fd, 0, ~(1ULL << 62), 0, 0, &walk));
	EXPECT_EQ(EINVAL, walk_errno(self->fd, 0, addr, 0, 8, &walk));
	EXPECT_EQ(EFAULT, walk_errno(self->fd, 0, address(call_errno),
				     (__u64)LAST_PAGE, 8, &walk));
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

TEST_F(self_scan, census_fields_are_judged)
{
	struct vmscope_census flags = {
		.size = sizeof(flags),
		.flags = VMSCOPE_CENSUS_ALL + 1,
	};
	struct vmscope_census other = { .size = sizeof(other), .reserved = 1 };

	EXPECT_EQ(EINVAL, call_errno(self->fd, VMSCOPE_IOC_CENSUS, &flags));
	EXPECT_EQ(EINVAL, call_errno(self->fd, VMSCOPE_IOC_CENSUS, &other));
}

TEST_F(self_scan, census_of_bytes_alone_has_the_same_bytes)
{
	struct vmscope_census all = { .size = sizeof(all) };
	struct vmscope_census bytes = {
		.size = sizeof(bytes),
		.flags = VMSCOPE_CENSUS_BYTES,
	};

	EXPECT_EQ(0, call_errno(self->fd, VMSCOPE_IOC_CENSUS, &all));
	EXPECT_EQ(0, call_errno(self->fd, VMSCOPE_IOC_CENSUS, &bytes));
	EXPECT_NE(0, bytes.pgtables_bytes);
	EXPECT_EQ(all.pgtables_bytes, bytes.pgtables_bytes);
	EXPECT_EQ(0, bytes.tables[VMSCOPE_LEVEL_PTE]);
	EXPECT_EQ(0, bytes.max_hold_ns);
}

/* What the module reports about itself and the machine */

TEST(info_is_as_the_header_promises)
{
	struct vmscope_info info;
	int fd = device_open();

	ASSERT_EQ(0, device_info(fd, &info));
	if (info.arch == VMSCOPE_ARCH_UM)
		SKIP(return, "these are the figures of x86-64");
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
}

TEST(kernel_is_bound_where_it_is_a_feature)
{
	const __u64 features = device_features();
	int want = features & VMSCOPE_FEAT_KERNEL ? 0 : EOPNOTSUPP;

	if (!want && !(features & VMSCOPE_FEAT_KADDR))
		SKIP(return, "kernel addresses are withheld here");
	EXPECT_EQ(want, kernel_attach(device_open()) ? errno : 0);
}

TEST(info_says_why_kernel_addresses_are_withheld)
{
	struct vmscope_info info;
	int fd = device_open();

	ASSERT_TRUE(knob_set("/proc/sys/kernel/kptr_restrict", "2"));
	EXPECT_EQ(0, device_info(fd, &info));
	knobs_restore();
	EXPECT_EQ(0, info.features & VMSCOPE_FEAT_KADDR);
	EXPECT_EQ(VMSCOPE_WHY_KPTR_RESTRICT, info.withheld_why);
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

/* The last test: the others have logged nothing to the kernel's log. */
TEST(nothing_was_logged)
{
	EXPECT_EQ(NULL, kernel_log_complaint());
}

TEST_HARNESS_MAIN
