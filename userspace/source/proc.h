/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _PROC_H
#define _PROC_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

extern const char *proc_root, *sys_root;

FILE *proc_open(const char *path);
uint64_t proc_meminfo(const char *name);

#endif /* _PROC_H */
