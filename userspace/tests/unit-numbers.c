// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers, sizes and addresses, read and written. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/format.h"
#include "unit.h"

TEST(sizes_keep_one_digit)
{
	static const struct {
		uint64_t size;
		const char *text;
	} cases[] = {
		{ 0, "0" },
		{ 1, "1B" },
		{ 1023, "1023B" },
		{ 1024, "1K" },
		{ 4096, "4K" },
		{ 1536, "1.5K" },
		{ 1587, "1.5K" },
		{ 1588, "1.6K" },
		{ 2047, "2K" },
		{ (1 << 20) - 1, "1M" },
		{ (1 << 20) - 52, "1023.9K" },
		{ 1ULL << 60 | 1ULL << 59, "1.5E" },
		{ 132 << 10, "132K" },
		{ 2 << 20, "2M" },
		{ 1ULL << 30, "1G" },
		{ 16ULL << 40, "16T" },
		{ UINT64_MAX, "15.9E" },
	};
	char buf[32];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		EXPECT_STR(cases[i].text,
			   format_size(cases[i].size, buf, sizeof(buf)));
}

TEST(numbers_are_grouped)
{
	char buf[32];

	EXPECT_STR("0", format_grouped(0, buf, sizeof(buf)));
	EXPECT_STR("999", format_grouped(999, buf, sizeof(buf)));
	EXPECT_STR("1,000", format_grouped(1000, buf, sizeof(buf)));
	EXPECT_STR("18,446,744,073,709,551,615",
		   format_grouped(UINT64_MAX, buf, sizeof(buf)));
}

TEST(times_have_units)
{
	char buf[32];

	EXPECT_STR("0 ns", format_time(0, buf, sizeof(buf)));
	EXPECT_STR("870 ns", format_time(870, buf, sizeof(buf)));
	EXPECT_STR("14.2 us", format_time(14200, buf, sizeof(buf)));
	EXPECT_STR("3.1 ms", format_time(3100000, buf, sizeof(buf)));
	EXPECT_STR("75.0 s", format_time(75000000000, buf, sizeof(buf)));
}

TEST(addresses_are_hex_with_or_without_0x)
{
	uint64_t v;

	EXPECT(!parse_hex("7f3c8a200123", &v) && v == 0x7f3c8a200123);
	EXPECT(!parse_hex("0x10", &v) && v == 16);
	EXPECT(!parse_hex("0XAbC", &v) && v == 0xabc);
	EXPECT(!parse_hex("ffffffffffffffff", &v) && v == UINT64_MAX);
	EXPECT(parse_hex("10000000000000000", &v) == -ERANGE);
	EXPECT(parse_hex("", &v) == -EINVAL);
	EXPECT(parse_hex("0x", &v) == -EINVAL);
	EXPECT(parse_hex("-1", &v) == -EINVAL);
	EXPECT(parse_hex("12 ", &v) == -EINVAL);
	EXPECT(parse_hex("12g", &v) == -EINVAL);
}

TEST(pids_are_small_positive_decimals)
{
	int pid;

	EXPECT(!parse_pid("1", &pid) && pid == 1);
	EXPECT(!parse_pid("2147483647", &pid) && pid == 2147483647);
	EXPECT(parse_pid("2147483648", &pid) == -EINVAL);
	EXPECT(parse_pid("0", &pid) == -EINVAL);
	EXPECT(parse_pid("-1", &pid) == -EINVAL);
	EXPECT(parse_pid("", &pid) == -EINVAL);
	EXPECT(parse_pid("1a", &pid) == -EINVAL);
	EXPECT(parse_pid(" 1", &pid) == -EINVAL);
}

TEST(sizes_have_suffixes)
{
	uint64_t v;

	EXPECT(!parse_size("4096", &v) && v == 4096);
	EXPECT(!parse_size("0x1000", &v) && v == 4096);
	EXPECT(!parse_size("4K", &v) && v == 4096);
	EXPECT(!parse_size("2m", &v) && v == 2 << 20);
	EXPECT(!parse_size("1GiB", &v) && v == 1 << 30);
	EXPECT(!parse_size("1TB", &v) && v == 1ULL << 40);
	EXPECT(parse_size("16E", &v) == -ERANGE);
	EXPECT(parse_size("4Q", &v) == -EINVAL);
	EXPECT(parse_size("4KK", &v) == -EINVAL);
	EXPECT(parse_size("K", &v) == -EINVAL);
}

TEST(tenths_have_one_digit)
{
	uint64_t v;

	EXPECT(!parse_tenths("12", &v) && v == 120);
	EXPECT(!parse_tenths("12.5", &v) && v == 125);
	EXPECT(parse_tenths("12.", &v) == -EINVAL);
	EXPECT(parse_tenths("12.55", &v) == -EINVAL);
	EXPECT(parse_tenths("x", &v) == -EINVAL);
}

TEST(numbers_are_formatted_by_hand)
{
	static const uint64_t numbers[] = { 0,	   9,	       10,
					    0xf,   0x10,       4096,
					    99999, UINT32_MAX, UINT64_MAX };
	char want[32], got[32];

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		snprintf(want, sizeof(want), "%llu",
			 (unsigned long long)numbers[i]);
		EXPECT(format_decimal(numbers[i], got) == strlen(want));
		EXPECT_STR(want, got);
		snprintf(want, sizeof(want), "%llx",
			 (unsigned long long)numbers[i]);
		EXPECT(format_hex(numbers[i], got) == strlen(want));
		EXPECT_STR(want, got);
	}
}
