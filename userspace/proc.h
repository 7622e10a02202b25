/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _PROC_H
#define _PROC_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

extern const char *proc_root;

FILE *proc_open(const char *path);
void proc_comm(int pid, char *buf, size_t bytes);
uint64_t proc_ram_bytes(void);
int proc_pids(int **pids, size_t *nr);

#endif /* _PROC_H */
