/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _RANGE_H
#define _RANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct target;

/**
 * struct range - addresses from @start to @end, exclusive
 * @start: first address
 * @end: end; 2^64-1 where it is the last address
 */
struct range {
	uint64_t start;
	uint64_t end;
};

/**
 * struct range_list - ranges in ascending order
 * @range: array, to be freed
 * @nr: how many
 * @room: allocated
 */
struct range_list {
	struct range *range;
	size_t nr;
	size_t room;
};

int range_parse(const char *text, uint64_t page, struct range *range);
bool range_is_called(const char *label, const char *name);
int range_check(const char *text);
int range_find(const char *text, struct target *target,
	       struct range_list *list);
void range_free(struct range_list *list);

#endif /* _RANGE_H */
