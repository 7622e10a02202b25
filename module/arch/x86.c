// SPDX-License-Identifier: GPL-2.0-only
/*
 * What only the running machine knows of x86.
 */
#include "arch.h"

u8 vmscope_x86_cache[8];
