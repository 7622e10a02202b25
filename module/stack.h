/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_STACK_H
#define _VMSCOPE_STACK_H

#include <linux/sched.h>
#include <linux/types.h>

bool vmscope_stack_owner(unsigned long addr, pid_t *pid,
			 char comm[TASK_COMM_LEN], unsigned long *start);

#endif /* _VMSCOPE_STACK_H */
