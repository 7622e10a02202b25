// SPDX-License-Identifier: GPL-2.0-or-later
/* Arrays that grow. */
#include "cli/array.h"

#include <stdlib.h>
#include <string.h>

/*
 * Makes room for @want elements of @bytes. @array is the address of the pointer
 * to them, @room how many there is room for; the room doubles. Without memory
 * it returns false and changes nothing.
 */
bool array_reserve(void *array, size_t want, size_t *room, size_t bytes)
{
	size_t more = *room ? *room : 16;
	void **at = array, *bigger;

	if (want <= *room)
		return true;
	while (more < want)
		more *= 2;
	bigger = reallocarray(*at, more, bytes);
	if (!bigger)
		return false;
	*at = bigger;
	*room = more;
	return true;
}

static int compare_keys(const void *a, const void *b)
{
	uint64_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

void array_sort(void *array, size_t nr, size_t bytes)
{
	if (nr)
		qsort(array, nr, bytes, compare_keys);
}

/* How many of the elements, in ascending order, are at or below @key. */
size_t array_below(const void *array, size_t nr, size_t bytes, uint64_t key)
{
	size_t low = 0, high = nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare_keys((const char *)array + mid * bytes, &key) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}
