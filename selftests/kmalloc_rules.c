// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of the call that sums up frames and slab caches, and the text file
 * with the same contents.
 */
#include "harness.h"

#define KPTR_RESTRICT "/proc/sys/kernel/kptr_restrict"
#define DEBUGFS_FILE "/sys/kernel/debug/vmscope/kernel/kmalloc"

static struct vmscope_slab_cache caches[1024];

FIXTURE(slabs)
{
	int fd;
};

FIXTURE_SETUP(slabs)
{
	self->fd = own_kernel();
}

FIXTURE_TEARDOWN(slabs)
{
	knobs_restore();
}

static int slabs_errno(int fd, struct vmscope_slabs *slabs)
{
	return ioctl(fd, VMSCOPE_IOC_SLABS, slabs) ? errno : 0;
}

static struct vmscope_slabs valid(void)
{
	return (struct vmscope_slabs){
		.size = sizeof(struct vmscope_slabs),
		.buf = address(caches),
		.buf_bytes = sizeof(caches),
	};
}

/* The errno of a request that differs from a valid one in one word. */
static int wrong_errno(int fd, size_t offset, __u64 value)
{
	struct vmscope_slabs wrong = valid();

	memcpy((char *)&wrong + offset, &value, sizeof(value));
	return slabs_errno(fd, &wrong);
}

#define EXPECT_SLABS(error, field, value)                                      \
	EXPECT_EQ(error,                                                       \
		  wrong_errno(self->fd, offsetof(struct vmscope_slabs, field), \
			      value))

TEST_F(slabs, malformed_requests_are_refused)
{
	EXPECT_SLABS(0, flags, 0);
	EXPECT_SLABS(EINVAL, size, 0);
	EXPECT_SLABS(EINVAL, size, sizeof(struct vmscope_slabs) - 8);
	EXPECT_SLABS(E2BIG, size, 4097);
	EXPECT_SLABS(EINVAL, flags, 1);
	EXPECT_SLABS(EINVAL, flags, 1ULL << 63);
	EXPECT_SLABS(EINVAL, reserved, 1);
	EXPECT_SLABS(EINVAL, buf, address(caches) + 4);
	EXPECT_SLABS(EINVAL, buf, 0);
	EXPECT_SLABS(EFAULT, buf, 1ULL << 63);
	EXPECT_SLABS(EFAULT, buf_bytes, 1ULL << 63);
	EXPECT_SLABS(EFAULT, buf, 8);
}

/* A newer caller's struct: the part after ours must be zero. */
TEST_F(slabs, struct_of_a_newer_caller_is_taken)
{
	struct {
		struct vmscope_slabs slabs;
		__u64 more;
	} newer = { valid(), 0 };

	newer.slabs.size = sizeof(newer);
	EXPECT_EQ(0, slabs_errno(self->fd, &newer.slabs));
	EXPECT_EQ(sizeof(newer), newer.slabs.size);
	newer.slabs = valid();
	newer.slabs.size = sizeof(newer);
	newer.more = 1;
	EXPECT_EQ(E2BIG, slabs_errno(self->fd, &newer.slabs));
}

TEST_F(slabs, buffer_is_never_overrun)
{
	struct vmscope_slabs slabs = valid();

	memset(caches, 0xa5, sizeof(caches));
	slabs.buf_bytes = 2 * sizeof(caches[0]) - 8;
	ASSERT_EQ(0, slabs_errno(self->fd, &slabs));
	EXPECT_LE(1, slabs.nr_caches);
	EXPECT_NE(0xa5a5a5a5a5a5a5a5, caches[0].pages);
	EXPECT_EQ(0xa5a5a5a5a5a5a5a5, caches[1].addr);
	slabs = valid();
	slabs.buf = 0;
	slabs.buf_bytes = 0;
	ASSERT_EQ(0, slabs_errno(self->fd, &slabs));
	EXPECT_LE(1, slabs.nr_caches);
}

TEST_F(slabs, only_a_descriptor_of_the_kernel_reports)
{
	struct vmscope_slabs slabs = valid();
	int fd = device_open();

	ASSERT_LE(0, fd);
	EXPECT_EQ(ENOTCONN, slabs_errno(fd, &slabs));
	ASSERT_EQ(0, device_attach(fd, getpid()));
	EXPECT_EQ(ENOTCONN, slabs_errno(fd, &slabs));
}

TEST_F(slabs, withheld_addresses_are_refused)
{
	struct vmscope_slabs slabs = valid();
	char byte;
	int fd;

	ASSERT_TRUE(knob_set(KPTR_RESTRICT, "2"));
	EXPECT_EQ(EPERM, slabs_errno(self->fd, &slabs));
	fd = open(DEBUGFS_FILE, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		EXPECT_EQ(EPERM, errno_of(read(fd, &byte, 1)));
		close(fd);
	}
	knobs_restore();
	EXPECT_EQ(0, slabs_errno(self->fd, &slabs));
}

/* Words of a line of the text file, as its header names them. */
struct text_row {
	char kind[16];
	char known[16];
	char object_size[24];
	char slabs[24];
	__u64 pages;
	__u64 bytes;
	char small_slabs[24];
	char name[128];
};

static bool text_row_read(FILE *f, struct text_row *row)
{
	return fscanf(f, "%15s %15s %23s %23s %llu %llu %23s %127s", row->kind,
		      row->known, row->object_size, row->slabs, &row->pages,
		      &row->bytes, row->small_slabs, row->name) == 8;
}

TEST_F(slabs, text_says_the_same)
{
	__u64 pages = 0, total = 0, frames = 0;
	FILE *f = fopen(DEBUGFS_FILE, "re");
	struct vmscope_slabs slabs = valid();
	struct text_row row;
	char line[256];

	if (!f)
		SKIP(return, "debugfs is not mounted or not built in");
	ASSERT_TRUE(fgets(line, sizeof(line), f));
	EXPECT_STREQ(
		"#kind known object_size slabs pages size small_slabs name\n",
		line);
	while (text_row_read(f, &row)) {
		EXPECT_EQ(row.pages * PAGE_BYTES, row.bytes);
		if (!strcmp(row.kind, "kmalloc"))
			pages += row.pages;
		if (!strcmp(row.kind, "total"))
			total = row.pages;
		else
			frames += row.pages;
	}
	EXPECT_TRUE(feof(f));
	fclose(f);
	EXPECT_EQ(total, pages);
	ASSERT_EQ(0, slabs_errno(self->fd, &slabs));
	EXPECT_EQ(slabs.frames - slabs.kinds[VMSCOPE_FRAME_HOLE], frames);
}

TEST_HARNESS_MAIN
