// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel stack -> the thread that runs on it.
 */
#include "stack.h"

#include <linux/idr.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/string.h>

/* What one hold of the RCU read lock looks at. */
#define PIDS_PER_HOLD 256

static bool is_on_stack(const struct task_struct *task, unsigned long addr,
			unsigned long *start)
{
	*start = (unsigned long)READ_ONCE(task->stack);
	return *start && addr - *start < THREAD_SIZE;
}

/* The thread among the next PIDs from @nr on; @nr is 0 behind the last. */
static struct task_struct *find_owner(unsigned long addr, int *nr,
				      unsigned long *start)
{
	unsigned int left = PIDS_PER_HOLD;

	while (left--) {
		struct pid *pid = idr_get_next(&init_pid_ns.idr, nr);
		struct task_struct *task;

		if (!pid) {
			*nr = 0;
			return NULL;
		}
		task = pid_task(pid, PIDTYPE_PID);
		if (task && is_on_stack(task, addr, start))
			return task;
		++*nr;
	}
	return NULL;
}

/**
 * vmscope_stack_owner - whose kernel stack is this address on
 * @addr: any kernel address; it is not read
 * @pid: set to the thread's PID, as the initial PID namespace counts
 * @comm: set to its name
 * @start: set to the first address of the stack, which is THREAD_SIZE long
 *
 * Every thread of the machine is asked, some at a time. What is set was true at
 * one moment. The idle threads have no PID and are not found, nor do stacks
 * that are kept for the next thread have an owner.
 *
 * Context: Process context, may sleep. Takes the RCU read lock.
 * Return: true if a thread was found; false too if the caller was killed
 * Source: alloc_thread_stack_node() and put_task_stack() in kernel/fork.c,
 * find_ge_pid() in kernel/pid.c
 */
bool vmscope_stack_owner(unsigned long addr, pid_t *pid,
			 char comm[TASK_COMM_LEN], unsigned long *start)
{
	struct task_struct *task;
	int nr = 1;

	do {
		rcu_read_lock();
		task = find_owner(addr, &nr, start);
		if (task) {
			*pid = task_pid_nr(task);
			strscpy_pad(comm, task->comm, TASK_COMM_LEN);
		}
		rcu_read_unlock();
		cond_resched();
	} while (!task && nr && !fatal_signal_pending(current));
	return task;
}
