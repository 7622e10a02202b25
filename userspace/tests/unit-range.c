// SPDX-License-Identifier: GPL-2.0-or-later
/* Ranges and the names of areas. */
#include <errno.h>

#include "model/range.h"
#include "unit.h"

TEST(ranges_take_three_forms)
{
	struct range r;

	EXPECT(!range_parse("1234", 4096, &r) && r.start == 0x1000 &&
	       r.end == 0x2000);
	EXPECT(!range_parse("0x1000-3000", 4096, &r) && r.start == 0x1000 &&
	       r.end == 0x3000);
	EXPECT(!range_parse("7f00-8001", 4096, &r) && r.start == 0x7000 &&
	       r.end == 0x9000);
	EXPECT(!range_parse("1000+2M", 4096, &r) && r.end == 0x201000);
	EXPECT(!range_parse("1000+0x1", 4096, &r) && r.end == 0x2000);
	EXPECT(!range_parse("0-ffffffffffffffff", 4096, &r) &&
	       r.end == UINT64_MAX);
}

TEST(wrong_ranges_are_distinguished)
{
	struct range r;

	EXPECT(range_parse("2000-1000", 4096, &r) == -EINVAL);
	EXPECT(range_parse("2000-2000", 4096, &r) == -EINVAL);
	EXPECT(range_parse("2000+0", 4096, &r) == -EINVAL);
	EXPECT(range_parse("ffffffffffffffff+2", 4096, &r) == -ERANGE);
	EXPECT(range_parse("ffffffffffffffff", 4096, &r) == -ERANGE);
	EXPECT(range_parse("10000000000000000-1", 4096, &r) == -ERANGE);
	EXPECT(range_parse("[heap]", 4096, &r) == -ENOENT);
	EXPECT(range_parse("/usr/lib/x-y+z.so", 4096, &r) == -ENOENT);
	EXPECT(range_parse("1000-", 4096, &r) == -ENOENT);
	EXPECT(range_parse("-", 4096, &r) == -ENOENT);
}

TEST(areas_go_by_several_names)
{
	EXPECT(range_is_called("[heap]", "[heap]"));
	EXPECT(range_is_called("[heap]", "heap"));
	EXPECT(range_is_called("direct-map", "[direct-map]"));
	EXPECT(range_is_called("[anon:jit]", "[anon:jit]"));
	EXPECT(range_is_called("[anon_shmem:ring]", "[anon_shmem:ring]"));
	EXPECT(range_is_called("[anon_shmem:ring]", "anon_shmem:ring"));
	EXPECT(range_is_called("/usr/bin/bed", "bed"));
	EXPECT(range_is_called("/usr/bin/bed", "/usr/bin/bed"));
	EXPECT(range_is_called("/tmp/x (deleted)", "x"));
	EXPECT(range_is_called("/tmp/x (deleted)", "/tmp/x"));
	EXPECT(range_is_called("/tmp/x (deleted)", "x (deleted)"));
	EXPECT(range_is_called("/memfd:ring (deleted)", "memfd:ring"));
	EXPECT(range_is_called("/tmp/a\nb", "a\\012b"));
	EXPECT(range_is_called("/tmp/a b", "/tmp/a\\040b"));
	EXPECT(range_is_called("/tmp/a\\012b", "a\\012b"));
	EXPECT(!range_is_called("/tmp/a\nb", "a\\12b"));
	EXPECT(!range_is_called("[heap]", "heap\\000x"));
	EXPECT(!range_is_called("/tmp/A", "\\501"));
	EXPECT(!range_is_called("/tmp/heap", "[heap]"));
	EXPECT(!range_is_called("/usr/bin/bedroom", "bed"));
	EXPECT(!range_is_called("/usr/bed/bin", "bed"));
	EXPECT(!range_is_called("[heap]", "hea"));
	EXPECT(!range_is_called("[heap]", "[heap"));
	EXPECT(!range_is_called("[anon:a/b]", "b]"));
	EXPECT(!range_is_called("[]", "["));
	EXPECT(!range_is_called("/tmp/x", ""));
}
