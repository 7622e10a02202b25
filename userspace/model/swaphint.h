/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _SWAPHINT_H
#define _SWAPHINT_H

#include <stdbool.h>
#include <stdint.h>

struct swap_devices;

void hint_swapped(const struct swap_devices *devices, const uint64_t *swap_type,
		  bool everybody);
void hint_devices(const struct swap_devices *devices,
		  const uint64_t *swap_type);

#endif /* _SWAPHINT_H */
