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

/* Threads examined per hold of the RCU read lock. */
#define PIDS_PER_HOLD 256

/*
 * The first of @stacks, which are sorted, that does not begin below @start;
 * NULL if that one is not on a stack that begins there.
 */
static struct vmscope_stack *find_stack(struct vmscope_stack *stacks,
					unsigned int nr, unsigned long start)
{
	unsigned int low = 0, high = nr;

	while (low < high) {
		unsigned int mid = low + (high - low) / 2;

		if (stacks[mid].addr < start)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == nr || stacks[low].addr - start >= THREAD_SIZE)
		return NULL;
	return &stacks[low];
}

/* Return: true if a stack got its thread */
static bool ask(struct task_struct *task, struct vmscope_stack *stacks,
		unsigned int nr)
{
	unsigned long start = (unsigned long)READ_ONCE(task->stack);
	struct vmscope_stack *stack;

	if (!start)
		return false;
	stack = find_stack(stacks, nr, start);
	if (!stack || stack->pid)
		return false;
	stack->start = start;
	stack->pid = task_pid_nr(task);
	strscpy_pad(stack->comm, task->comm, sizeof(stack->comm));
	return true;
}

/* The next PIDs from *@from on; *@from is 0 after the last. */
static unsigned int ask_some(struct vmscope_stack *stacks, unsigned int nr,
			     int *from)
{
	unsigned int left = PIDS_PER_HOLD, found = 0;

	while (left--) {
		struct pid *pid = idr_get_next(&init_pid_ns.idr, from);
		struct task_struct *task;

		if (!pid) {
			*from = 0;
			break;
		}
		task = pid_task(pid, PIDTYPE_PID);
		found += task && ask(task, stacks, nr);
		++*from;
	}
	return found;
}

/**
 * vmscope_stack_owners - find the threads whose kernel stacks hold addresses
 * @stacks: @addr of each, in ascending order, at most one per stack; the other
 *	fields are zero, and are set if a thread was found
 * @nr: length of @stacks
 *
 * Examines every thread of the machine once, some at a time. Each result was
 * true at one moment. Idle threads have no PID and are not found; stacks that
 * are cached for the next thread have no owner.
 *
 * Context: Process context, may sleep. Takes the RCU read lock.
 * Return: number of owners found; fewer if the caller was killed
 * Source: alloc_thread_stack_node() and put_task_stack() in kernel/fork.c,
 * find_ge_pid() in kernel/pid.c
 */
unsigned int vmscope_stack_owners(struct vmscope_stack *stacks, unsigned int nr)
{
	unsigned int found = 0;
	int from = 1;

	while (from && found < nr && !fatal_signal_pending(current)) {
		rcu_read_lock();
		found += ask_some(stacks, nr, &from);
		rcu_read_unlock();
		cond_resched();
	}
	return found;
}
