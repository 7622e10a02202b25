// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of swap devices. */
#include "source/swapdev.h"
#include "unit.h"

static struct swap_devices devices(unsigned int nr, unsigned int max,
				   uint32_t seen)
{
	static const char *const paths[] = {
		"/dev/zram0", "/dev/sd1", "/dev/sd2", "/dev/sd3",
		"/dev/sd4",   "/dev/sd5", "/dev/sd6",
	};
	static const char *const guesses[] = {
		"/dev/zram0?", "/dev/sd1?", "/dev/sd2?", "/dev/sd3?",
		"/dev/sd4?",   "/dev/sd5?", "/dev/sd6?",
	};
	struct swap_devices d = { .nr = nr, .max_type = max, .seen = seen };

	for (unsigned int i = 0; i < nr; i++) {
		d.line[i].path = paths[i];
		d.line[i].guess = guesses[i];
		d.line[i].zram = !i;
		d.line[i].used = 4096;
	}
	return d;
}

TEST(swap_names_are_certain_or_marked)
{
	static const struct {
		unsigned int nr, max;
		uint32_t seen;
		unsigned int type;
		const char *name;
	} cases[] = {
		/* If there is only one device, it is that. */
		{ 1, 27, 0x1, 0, "/dev/zram0" },
		{ 1, 27, 0x8, 3, "/dev/zram0" },
		/* Nothing is below 0, and nothing fits between 0 and 1. */
		{ 2, 27, 0x1, 0, "/dev/zram0" },
		{ 2, 27, 0x3, 1, "/dev/sd1" },
		/* If one of two was seen, 1 may be the first or the second. */
		{ 2, 27, 0x2, 1, "/dev/sd1?" },
		/* If both were seen, the order decides, gaps or not. */
		{ 2, 27, 0x22, 1, "/dev/zram0" },
		{ 2, 27, 0x22, 5, "/dev/sd1" },
		{ 3, 27, 0x22, 5, "/dev/sd2?" },
		/* The highest number that there is leaves no room above. */
		{ 2, 5, 0x20, 5, "/dev/sd1" },
		/* More numbers than devices: one has just gone. */
		{ 1, 27, 0x3, 1, "" },
		{ 0, 27, 0x1, 0, "" },
		{ 2, 27, 0x1, 40, "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct swap_devices d =
			devices(cases[i].nr, cases[i].max, cases[i].seen);
		const char *name = swap_device_name(&d, cases[i].type);

		EXPECT_STR(cases[i].name, name ? name : "");
	}
}

/* Two devices, apparently numbers 0 and 1: the used one is the one in use. */
TEST(used_bytes_settle_which_device_it_is)
{
	struct swap_devices d = devices(2, 27, 0x2);

	EXPECT_STR("/dev/sd1?", swap_device_name(&d, 1));
	d.line[0].used = 0;
	EXPECT_STR("/dev/sd1", swap_device_name(&d, 1));
	EXPECT(swap_device_kind(&d, 1) == SWAP_DISK);
	d = devices(2, 27, 0x2);
	d.line[1].used = 0;
	EXPECT_STR("/dev/zram0", swap_device_name(&d, 1));
	EXPECT(swap_device_kind(&d, 1) == SWAP_ZRAM);
	/* Swapped out after the lines were read: they decide nothing. */
	d.line[0].used = 0;
	EXPECT_STR("/dev/sd1?", swap_device_name(&d, 1));
}

/* Tries every assignment of numbers to devices against what is claimed. */
TEST(swap_ranks_hold_for_every_layout)
{
	for (uint32_t used = 1; used < 1 << 7; used++) {
		for (uint32_t seen = used; seen; seen = (seen - 1) & used) {
			struct swap_devices d =
				devices(__builtin_popcount(used), 6, seen);

			for (unsigned int t = 0; t < 7; t++) {
				uint32_t below = used & ((1U << t) - 1);
				unsigned int rank = __builtin_popcount(below);
				unsigned int lo, hi;

				if (!(seen >> t & 1))
					continue;
				EXPECT(swap_device_rank(&d, t, &lo, &hi));
				EXPECT(lo <= rank && rank <= hi);
			}
		}
	}
}

TEST(swap_kinds_are_unsure_where_they_differ)
{
	struct swap_devices d = devices(2, 27, 0x2);

	EXPECT(swap_device_kind(&d, 1) == SWAP_UNSURE);
	swap_devices_see(&d, 0);
	EXPECT(swap_device_kind(&d, 0) == SWAP_ZRAM);
	EXPECT(swap_device_kind(&d, 1) == SWAP_DISK);
	d = devices(3, 27, 0x4);
	d.line[0].zram = false;
	EXPECT(swap_device_kind(&d, 2) == SWAP_DISK);
}

TEST(proc_swaps_is_read)
{
	struct swap_devices d;

	swap_devices_read(&d, 27);
	EXPECT(d.nr == 2 && d.max_type == 27 && !d.seen);
	EXPECT_STR("/dev/zram0", d.line[0].path);
	EXPECT(d.line[0].zram && d.line[0].used == 1024 * 1024);
	EXPECT_STR("/swap file", d.line[1].path);
	EXPECT(!d.line[1].zram && !d.line[1].used);
	swap_devices_free(&d);
}
