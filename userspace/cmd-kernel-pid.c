// SPDX-License-Identifier: GPL-2.0-or-later
#include "tool.h"
const struct command cmd_kernel_pid;
