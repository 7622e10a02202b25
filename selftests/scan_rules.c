// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every field of a scan, by a call that differs from a valid one in one thing:
 * of a process and of the kernel's half. Built for 32-bit callers too.
 */
#include "harness.h"

#define LAST_PAGE (-(__u64)PAGE_BYTES)
/* Where a kernel's image can be; nothing needs to be mapped there. */
#define KERNEL_TEXT 0xffffffff80000000ULL

static __u64 scan_buf[4096];

FIXTURE(field){};

FIXTURE_VARIANT(field)
{
	void (*change)(struct vmscope_scan *scan);
	int err;
};

FIXTURE_SETUP(field)
{
	/* so that no test finds its buffer absent */
	memset(scan_buf, 1, sizeof(scan_buf));
}

NO_TEARDOWN(field)

#define CHANGES(...) \
	FIELD_CHANGES(field, struct vmscope_scan *scan, __VA_ARGS__)
#define RANGE(from, to) (scan->start = (from), scan->end = (to))
#define NAMES (VMSCOPE_SCAN_NAMES | VMSCOPE_SCAN_AREAS)

CHANGES(flags_unknown, EINVAL, scan->flags = VMSCOPE_SCAN_ALL + 1);
CHANGES(flags_top_bit, EINVAL, scan->flags = 1ULL << 63);
CHANGES(flags_names_alone, EINVAL, scan->flags = VMSCOPE_SCAN_NAMES);
CHANGES(flags_names_with_areas, 0, scan->flags = NAMES);
CHANGES(flags_all, 0, scan->flags = VMSCOPE_SCAN_ALL);
CHANGES(start_unaligned, EINVAL, scan->start++);
CHANGES(end_unaligned, EINVAL, scan->end++);
CHANGES(range_reversed, EINVAL, scan->start = scan->end + PAGE_BYTES);
CHANGES(range_empty, 0, scan->end = scan->start);
CHANGES(range_up_to_all_bits, EINVAL, scan->end = -1ULL);
CHANGES(range_up_to_the_last_page, 0, scan->end = LAST_PAGE);
CHANGES(range_of_everything, 0, RANGE(0, LAST_PAGE));
CHANGES(range_of_user_addresses, 0, RANGE(PAGE_BYTES, USER_END - PAGE_BYTES));
CHANGES(range_of_the_kernel, 0, RANGE(1ULL << 63, (1ULL << 63) + PAGE_BYTES));
CHANGES(range_not_canonical, 0, RANGE(1ULL << 60, (1ULL << 60) + PAGE_BYTES));
CHANGES(cursor_unknown, EINVAL, scan->cursor[0] = 0x400);
CHANGES(buf_null, EFAULT, scan->buf = 0);
CHANGES(buf_unaligned, EINVAL, scan->buf += 4);
CHANGES(buf_off_by_one, EINVAL, scan->buf++);
CHANGES(buf_of_the_kernel, EFAULT, scan->buf = LAST_PAGE);
CHANGES(buf_at_the_end, EFAULT, scan->buf = -PAGE_BYTES);
CHANGES(buf_of_the_kernels_text, EFAULT, scan->buf = KERNEL_TEXT);
CHANGES(buf_not_canonical, EFAULT, scan->buf = 1ULL << 62);
CHANGES(buf_beyond_the_end, EFAULT, scan->buf_bytes = -8ULL);
CHANGES(buf_too_small, EINVAL, scan->buf_bytes = VMSCOPE_SCAN_MIN_BYTES - 1);
CHANGES(buf_a_word_short, EINVAL, scan->buf_bytes = VMSCOPE_SCAN_MIN_BYTES - 8);
CHANGES(buf_smallest, 0, scan->buf_bytes = VMSCOPE_SCAN_MIN_BYTES);
CHANGES(buf_too_small_for_names, EINVAL,
	(scan->flags = NAMES,
	 scan->buf_bytes = VMSCOPE_SCAN_MIN_BYTES_NAMES - 1));
CHANGES(buf_smallest_for_names, 0,
	(scan->flags = NAMES, scan->buf_bytes = VMSCOPE_SCAN_MIN_BYTES_NAMES));
CHANGES(all_flags_unknown, EINVAL, scan->all_flags = VMSCOPE_F_ALL + 1);
CHANGES(any_flags_unknown, EINVAL, scan->any_flags = VMSCOPE_F_ALL + 1);
CHANGES(none_flags_unknown, EINVAL, scan->none_flags = VMSCOPE_F_ALL + 1);
CHANGES(run_flags_unknown, EINVAL, scan->run_flags = VMSCOPE_F_ALL + 1);
CHANGES(states_unknown, EINVAL, scan->states = 1ULL << VMSCOPE_NR_STATES);
CHANGES(levels_unknown, EINVAL, scan->levels = 1ULL << VMSCOPE_NR_LEVELS);
CHANGES(masks_full, 0,
	(scan->any_flags = VMSCOPE_F_ALL,
	 scan->states = (1ULL << VMSCOPE_NR_STATES) - 1,
	 scan->levels = (1ULL << VMSCOPE_NR_LEVELS) - 1,
	 scan->run_flags = VMSCOPE_F_ALL));
CHANGES(reserved_set, EINVAL, scan->reserved = 1);
CHANGES(facts_unknown, EINVAL, scan->facts = VMSCOPE_FACT_ALL + 1);
CHANGES(facts_estimate, EINVAL, scan->facts = VMSCOPE_FACT_ESTIMATE);
CHANGES(facts_of_slabs, EINVAL, scan->facts = VMSCOPE_FACT_CACHE);
CHANGES(orders_without_the_fact, EINVAL, scan->orders = 1);
CHANGES(nodes_without_the_fact, EINVAL,
	(scan->nodes = 1, scan->facts = VMSCOPE_FACT_ORDER));

/* A call that is refused leaves the struct as it was. */
static void check_change(struct __test_metadata *_metadata,
			 const FIXTURE_VARIANT(field) * variant, int fd,
			 __u64 start)
{
	struct vmscope_scan scan, before;
	int err;

	ASSERT_LE(0, fd);
	scan_init(&scan, start, start + PAGE_BYTES, 0);
	scan.buf = address(scan_buf);
	scan.buf_bytes = sizeof(scan_buf);
	variant->change(&scan);
	before = scan;
	err = ioctl(fd, VMSCOPE_IOC_SCAN, &scan) ? errno : 0;
	EXPECT_EQ(variant->err, err);
	if (err) {
		EXPECT_EQ(0, memcmp(&before, &scan, sizeof(scan)));
	}
}

TEST_F(field, is_judged)
{
	check_change(_metadata, variant, device_open_pid(getpid()),
		     address(scan_buf) & -PAGE_BYTES);
}

/* No entry of the kernel's half holds its frame still. */
TEST(facts_of_the_kernels_frames_are_refused)
{
	struct vmscope_scan scan;

	if (!kernel_is_readable())
		SKIP(return, "the kernel's half cannot be read here");
	scan_init(&scan, KERNEL_TEXT, KERNEL_TEXT + PAGE_BYTES, 0);
	scan.facts = VMSCOPE_FACT_ORDER;
	EXPECT_EQ(EOPNOTSUPP, errno_of(scan_once(kernel_open(), &scan, scan_buf,
						 sizeof(scan_buf))));
}

/* A buffer that holds a frame and no page would never advance. */
TEST(facts_want_room_for_a_page)
{
	struct vmscope_scan scan;
	int fd = own_device();

	scan_init(&scan, address(scan_buf) & -PAGE_BYTES,
		  (address(scan_buf) & -PAGE_BYTES) + PAGE_BYTES, 0);
	scan.facts = VMSCOPE_FACT_ORDER;
	EXPECT_EQ(EINVAL,
		  errno_of(scan_once(fd, &scan, scan_buf,
				     VMSCOPE_SCAN_MIN_BYTES_FACTS - 8)));
	EXPECT_EQ(0,
		  scan_once(fd, &scan, scan_buf, VMSCOPE_SCAN_MIN_BYTES_FACTS));
	EXPECT_EQ(VMSCOPE_SCAN_MIN_BYTES_FACTS, scan.bytes);
}

TEST_F(field, is_judged_of_the_kernel)
{
	if (!kernel_is_readable())
		SKIP(return, "the kernel's half cannot be read here");
	check_change(_metadata, variant, kernel_open(), KERNEL_TEXT);
}

TEST(nothing_was_logged)
{
	EXPECT_EQ(NULL, kernel_log_complaint());
}

TEST_HARNESS_MAIN
