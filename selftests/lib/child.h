/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Children of a test. Each is killed when its parent ends.
 */
#ifndef _VMSCOPE_SELFTEST_CHILD_H
#define _VMSCOPE_SELFTEST_CHILD_H

#include <sys/types.h>

#define CHILD_KILLED 255
/* The kernel has no PID namespaces. */
#define CHILD_MISSING 254

pid_t child_fork(void);
pid_t child_in_group(void);
pid_t child_start(void (*fn)(void *arg), void *arg, int *word);
void child_ready(int word);
__attribute__((noreturn)) void child_pause(void);
pid_t child_with_pid(pid_t pid);
pid_t child_that_execs(int *go);
pid_t zombie_child(void);
pid_t sleeping_child(void);
int threads_start(int nr);
void stop_child(pid_t pid);
void kill_child(pid_t pid);
int in_child(int (*fn)(void *arg), void *arg);
int in_pid_namespace(int (*fn)(void *arg), void *arg);

#endif /* _VMSCOPE_SELFTEST_CHILD_H */
