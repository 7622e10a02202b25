/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of addresses, and differences that persist over rounds. Memory always
 * changes, so something looks wrong in nearly every round; a real error does in
 * all of them.
 */
#ifndef _VMSCOPE_SELFTEST_RANGES_H
#define _VMSCOPE_SELFTEST_RANGES_H

#include "vmscope_test.h"

struct range {
	__u64 start;
	__u64 end;
};

/* In address order, not adjacent. */
struct ranges {
	struct range *all;
	size_t nr; /* how many there are */
	size_t room;
};

/* What was wrong in every round so far. */
struct suspects {
	struct ranges ranges;
	unsigned int rounds; /* how many there were */
};

bool ranges_add(struct ranges *ranges, __u64 start, __u64 end);
bool ranges_keep(struct ranges *ranges, const struct ranges *others);
__u64 ranges_bytes(const struct ranges *ranges);
void ranges_free(struct ranges *ranges);

bool suspects_round(struct suspects *suspects, struct ranges *wrong);

#endif /* _VMSCOPE_SELFTEST_RANGES_H */
