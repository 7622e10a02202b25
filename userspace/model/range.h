/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _RANGE_H
#define _RANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct target;

/* Addresses from @start to @end, exclusive. */
struct range {
	uint64_t start; /* first address */
	uint64_t end; /* end; 2^64-1 if it is the last address */
};

/* Ranges in ascending order. */
struct range_list {
	struct range *range; /* array, to be freed */
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
