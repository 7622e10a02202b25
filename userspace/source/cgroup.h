/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _CGROUP_H
#define _CGROUP_H

#include <stddef.h>
#include <stdint.h>

#include "source/faultfacts.h"

const char *cgroup_path(uint64_t inode, char *buf, size_t bytes);
enum fact cgroup_may_swap(uint64_t inode);

#endif /* _CGROUP_H */
