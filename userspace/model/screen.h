/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _SCREEN_H
#define _SCREEN_H

#include "model/summary.h"

void screen_print(const struct summary *sum, bool bytes);

#endif /* _SCREEN_H */
