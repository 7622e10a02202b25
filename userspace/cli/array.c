// SPDX-License-Identifier: GPL-2.0-or-later
/* Arrays that grow. */
#include "cli/array.h"

#include <stdlib.h>

/*
 * Makes room for @want elements of @bytes. @array is the address of the pointer
 * to them, @room how many there is room for; the room doubles. Without memory
 * it returns false and all stays as it was.
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
