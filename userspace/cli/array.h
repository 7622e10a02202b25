/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _ARRAY_H
#define _ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

bool array_reserve(void *array, size_t want, size_t *room, size_t bytes);

/* For elements of @bytes that begin with their key, a uint64_t. */
void array_sort(void *array, size_t nr, size_t bytes);
size_t array_below(const void *array, size_t nr, size_t bytes, uint64_t key);

#endif /* _ARRAY_H */
