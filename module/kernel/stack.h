/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_STACK_H
#define _VMSCOPE_STACK_H

#include <linux/sched.h>
#include <linux/types.h>

/**
 * struct vmscope_stack - an address, and the thread whose kernel stack has it
 * @addr: any kernel address; it is not read
 * @start: the first address of the stack, which is THREAD_SIZE long
 * @pid: the thread's PID in the initial PID namespace; 0 if it is not known to
 *	be a stack
 * @comm: the thread's name
 */
struct vmscope_stack {
	unsigned long addr;
	unsigned long start;
	pid_t pid;
	char comm[TASK_COMM_LEN];
};

unsigned int vmscope_stack_owners(struct vmscope_stack *stacks,
				  unsigned int nr);

#endif /* _VMSCOPE_STACK_H */
