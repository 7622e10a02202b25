// SPDX-License-Identifier: GPL-2.0-only
/* Sets of addresses, and differences that persist. */

#include "ranges.h"

/* After all existing ranges. */
bool ranges_add(struct ranges *ranges, __u64 start, __u64 end)
{
	struct range *last = ranges->nr ? &ranges->all[ranges->nr - 1] : NULL;

	if (last && last->end == start) {
		last->end = end;
		return true;
	}
	if (!array_room(&ranges->all, &ranges->room, ranges->nr + 1,
			sizeof(*last)))
		return false;
	ranges->all[ranges->nr++] = (struct range){ start, end };
	return true;
}

/* Removes from @ranges what is not in @others. */
bool ranges_keep(struct ranges *ranges, const struct ranges *others)
{
	struct ranges both = { 0 };
	size_t i = 0, j = 0;

	while (i < ranges->nr && j < others->nr) {
		const struct range *a = &ranges->all[i], *b = &others->all[j];
		__u64 start = a->start > b->start ? a->start : b->start;
		__u64 end = a->end < b->end ? a->end : b->end;

		if (start < end && !ranges_add(&both, start, end)) {
			ranges_free(&both);
			return false;
		}
		if (a->end == end)
			i++;
		else
			j++;
	}
	ranges_free(ranges);
	*ranges = both;
	return true;
}

/* The sum of their lengths. */
__u64 ranges_bytes(const struct ranges *ranges)
{
	__u64 bytes = 0;

	for (size_t i = 0; i < ranges->nr; i++)
		bytes += ranges->all[i].end - ranges->all[i].start;
	return bytes;
}

void ranges_free(struct ranges *ranges)
{
	free(ranges->all);
	*ranges = (struct ranges){ 0 };
}

/* One more round, in which @wrong was wrong; frees @wrong. */
bool suspects_round(struct suspects *suspects, struct ranges *wrong)
{
	bool ok = true;

	if (!suspects->rounds++) {
		suspects->ranges = *wrong;
		return true;
	}
	ok = ranges_keep(&suspects->ranges, wrong);
	ranges_free(wrong);
	return ok;
}
