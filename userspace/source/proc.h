/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _PROC_H
#define _PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

extern const char *proc_root, *sys_root;

FILE *proc_open(const char *path);
bool file_number(const char *dir, const char *name, uint64_t *number);
bool proc_meminfo(const char *name, uint64_t *bytes);
bool proc_has_everybody(void);

#endif /* _PROC_H */
