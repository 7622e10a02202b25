/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine at rest: every process but ours frozen, and what the kernel does to
 * memory by itself switched off.
 */
#ifndef _VMSCOPE_FREEZER_H
#define _VMSCOPE_FREEZER_H

#include <stdbool.h>
#include <sys/types.h>

void freezer_begin(void);
const char *freezer_freeze(void);
void freezer_thaw(void);
int freezer_run(void (*work)(void));
bool process_has_memory(pid_t pid);
size_t process_list(pid_t *pids, size_t room);

#define CGROUP_BYTES 256

const char *cgroup_root(void);
bool cgroup_make(char group[CGROUP_BYTES], const char *name);
bool cgroup_set(const char *group, const char *file, const char *value);
bool cgroup_move(pid_t pid, const char *group);

#endif /* _VMSCOPE_FREEZER_H */
