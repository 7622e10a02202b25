// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a lockdown for confidentiality withholds, also from those who have
 * opened before it. It lasts until the next boot, so it is only done on demand.
 */
#include "harness.h"
#include "debugfs.h"

#include <sys/mount.h>

#define SECURITY "/sys/kernel/security"

static int page_file, map_file, kernel_file, device, kernel_device, log_file;

static bool locked_down(void)
{
	mount("securityfs", SECURITY, "securityfs", 0, NULL);
	return file_write(SECURITY "/lockdown", "confidentiality");
}

static int open_and_read(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char byte;

	return read(fd, &byte, 1) == 1 ? fd : -1;
}

static void __attribute__((constructor)) lock_down(void)
{
	if (!getenv("VMSCOPE_LOCKDOWN"))
		ksft_exit_skip("VMSCOPE_LOCKDOWN=1 is not set: it lasts until "
			       "the machine boots again\n");
	page_file = open_and_read(ROOT "self/pages");
	map_file = open_and_read(ROOT "self/map");
	kernel_file = open_and_read(ROOT "kernel/layout");
	device = device_open_pid(getpid());
	kernel_device = kernel_open();
	if (page_file < 0 || map_file < 0 || kernel_file < 0 || device < 0 ||
	    kernel_device < 0)
		ksft_exit_fail_msg("what is to be locked down does not open\n");
	log_file = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (!locked_down())
		ksft_exit_skip("the kernel cannot be locked down\n");
}

static int read_errno(int fd)
{
	char byte;

	return errno_of(read(fd, &byte, 1));
}

TEST(file_with_frames_that_was_open_before_ends)
{
	EXPECT_EQ(EPERM, read_errno(page_file));
	EXPECT_EQ(EPERM, read_errno(page_file));
}

/* The child's memory is not the opener's, but it may read it. */
TEST(file_without_frames_goes_on)
{
	EXPECT_NE(EPERM, read_errno(map_file));
}

TEST(kernel_files_end)
{
	EXPECT_EQ(EPERM, read_errno(kernel_file));
	EXPECT_EQ(EPERM, errno_of(open(ROOT "kernel/map", O_RDONLY)));
}

TEST(file_opened_anew_withholds_frames)
{
	FILE *text = fopen(ROOT "self/pages", "re");
	char line[4096], frame[32], raw[32];
	size_t nr = 0;

	ASSERT_NE(NULL, text);
	ASSERT_NE(NULL, fgets(line, sizeof(line), text));
	while (fgets(line, sizeof(line), text)) {
		if (sscanf(line,
			   "%*s %*s %*s %*s %*s %*s %*s %*s %*s %31s %*s %*s %31s",
			   frame, raw) != 2)
			continue;
		EXPECT_STREQ("-", frame);
		EXPECT_TRUE(!strcmp(raw, "-") || !strcmp(raw, "0"));
		nr++;
	}
	EXPECT_LT(10, nr);
}

TEST(records_withhold_frames_and_entries)
{
	struct records recs = { 0 };
	unsigned int nr = 0;
	struct vmscope_scan scan;

	scan_init(&scan, 0, 1ULL << 47, 0);
	ASSERT_EQ(0, records_read(device, &scan, 1 << 16, &recs));
	EXPECT_EQ(NULL, records_malformed(&recs, &scan));
	for_each_leaf(leaf, &recs) {
		if (!(leaf.flags & F(PRESENT)))
			continue;
		EXPECT_NE(0, leaf.flags & F(WITHHELD));
		EXPECT_EQ(0, leaf.raw);
		EXPECT_EQ(0, leaf.value);
		nr++;
	}
	EXPECT_LT(10, nr);
}

TEST(descriptor_that_was_open_before_withholds_frames)
{
	struct vmscope_info info;
	struct vmscope_scan scan;
	__u64 buf[512];

	scan_init(&scan, (1ULL << 63), (1ULL << 63) + PAGE_BYTES, 0);
	EXPECT_EQ(EPERM,
		  errno_of(scan_once(kernel_device, &scan, buf, sizeof(buf))));
	EXPECT_EQ(0, device_info(device, &info));
	EXPECT_EQ(0, info.features & VMSCOPE_FEAT_FRAMES);
	EXPECT_NE(0, info.withheld_why & VMSCOPE_WHY_LOCKDOWN);
}

static int notices(void)
{
	const char *line;
	int nr = 0;

	while ((line = kernel_log_line(log_file)))
		nr += !!strstr(line, "Lockdown: lockdown:");
	return nr;
}

/* The kernel logs at most ten such lines in five seconds: stay below that. */
TEST(lockdown_is_asked_once_for_a_descriptor)
{
	struct vmscope_info info;
	int fd = device_open(), i;

	sleep(6);
	notices();
	for (i = 0; i < 100; i++)
		ASSERT_EQ(0, device_info(fd, &info));
	EXPECT_EQ(1, notices());
}

TEST_HARNESS_MAIN
