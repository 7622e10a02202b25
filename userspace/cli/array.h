/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _ARRAY_H
#define _ARRAY_H

#include <stdbool.h>
#include <stddef.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

bool array_reserve(void *array, size_t want, size_t *room, size_t bytes);

#endif /* _ARRAY_H */
