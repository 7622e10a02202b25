/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of the module in debugfs.
 */
#ifndef _VMSCOPE_SELFTEST_DEBUGFS_H
#define _VMSCOPE_SELFTEST_DEBUGFS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define ROOT "/sys/kernel/debug/vmscope/"

/* The files of each process. */
#define NR_VIEWS 5
extern const char *const views[NR_VIEWS];

const char *debugfs_missing(void);
const char *view_path(pid_t pid, const char *view);
int view_open(pid_t pid, const char *view);
char *read_text(int fd, size_t step);
char *read_view(pid_t pid, const char *view, size_t step);
bool view_has(pid_t pid, const char *view, const char *text);
int write_control(const char *file, const char *text, size_t bytes);
int control(const char *file, pid_t pid);

#endif /* _VMSCOPE_SELFTEST_DEBUGFS_H */
