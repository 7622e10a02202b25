// SPDX-License-Identifier: GPL-2.0-only
/*
 * PID -> a pinned address space, and what the caller may see of it.
 */
#include "target.h"

#include <linux/capability.h>
#include <linux/kernel.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/security.h>

#include "../include/uapi/vmscope.h"
#include "arch/arch.h"
#include "compat/compat.h"

/* PIDs examined per hold of the RCU read lock. */
#define PIDS_PER_HOLD 256

/**
 * vmscope_target_may_open - check whether the current task may use vmscope
 *
 * Context: Process context.
 * Return: true with CAP_SYS_ADMIN in the initial user namespace
 */
bool vmscope_target_may_open(void)
{
	return capable(CAP_SYS_ADMIN);
}

/*
 * A process outlives its main thread as long as other threads exist; they share
 * its PID and address space.
 */
static struct mm_struct *any_thread_mm(struct task_struct *task)
{
	struct mm_struct *mm = get_task_mm(task);
	struct task_struct *thread;

	if (mm || !thread_group_leader(task))
		return mm;
	rcu_read_lock();
	for_each_thread(task, thread) {
		mm = get_task_mm(thread);
		if (mm)
			break;
	}
	rcu_read_unlock();
	return mm;
}

/* A process may always look at itself. */
static int check_mm(const struct mm_struct *mm)
{
	return mm == current->mm || capable(CAP_SYS_PTRACE) ? 0 : -EPERM;
}

/* Pin the mm itself but not its memory, as proc_mem_open() does. */
static int pin(struct vmscope_target *target, struct task_struct *task,
	       struct mm_struct *mm)
{
	struct pid *tgid = get_task_pid(task, PIDTYPE_TGID);
	/* A process that was reaped meanwhile has no PID. */
	int ret = tgid ? check_mm(mm) : -ESRCH;

	if (!ret) {
		mmgrab(mm);
		target->mm = mm;
		target->tgid = get_pid(tgid);
		get_task_comm(target->comm, task);
	}
	put_pid(tgid);
	mmput(mm);
	return ret;
}

static int get_task(struct vmscope_target *target, struct task_struct *task)
{
	struct mm_struct *mm;

	if (task->flags & PF_KTHREAD)
		return -ENODATA;
	mm = any_thread_mm(task);
	return mm ? pin(target, task, mm) : -ESRCH;
}

/**
 * vmscope_target_get_ref - pin the current address space of a process
 * @target: filled in on success
 * @ref: the PID of any of its threads
 *
 * Context: Process context, may sleep.
 * Return:
 * * 0        - the caller must vmscope_target_put() it
 * * -ESRCH   - the process or thread is gone, or a zombie
 * * -ENODATA - a kernel thread
 * * -EPERM   - the caller may not see another process's memory
 */
int vmscope_target_get_ref(struct vmscope_target *target, struct pid *ref)
{
	struct task_struct *task = get_pid_task(ref, PIDTYPE_PID);
	int ret;

	if (!task)
		return -ESRCH;
	ret = get_task(target, task);
	put_task_struct(task);
	return ret;
}

/**
 * vmscope_target_get - pin the address space of a process
 * @target: filled in on success
 * @pid: PID in the caller's namespace
 *
 * Context: Process context, may sleep.
 * Return: as vmscope_target_get_ref(), and -EINVAL if no PID can have this
 * number
 */
int vmscope_target_get(struct vmscope_target *target, u64 pid)
{
	struct pid *ref;
	int ret;

	if (!pid || pid > INT_MAX)
		return -EINVAL;
	ref = find_get_pid(pid);
	ret = vmscope_target_get_ref(target, ref);
	put_pid(ref);
	return ret;
}

/*
 * The process with the lowest PID from *@nr on, if it is among the next PIDs;
 * *@nr is set to the next PID to examine. Return: false if there are no more
 */
static bool next_process(int *nr, struct task_struct **task)
{
	struct pid_namespace *ns = task_active_pid_ns(current);
	unsigned int left = PIDS_PER_HOLD;
	struct pid *pid;

	*task = NULL;
	rcu_read_lock();
	do {
		pid = find_ge_pid(*nr, ns);
		if (!pid)
			break;
		*nr = pid_nr_ns(pid, ns) + 1;
		*task = pid_task(pid, PIDTYPE_TGID);
	} while (!*task && --left);
	if (*task)
		get_task_struct(*task);
	rcu_read_unlock();
	return pid;
}

/**
 * vmscope_target_get_next - pin the address space of the next process
 * @target: filled in on success
 * @pid: lowest PID to consider, in the caller's namespace
 *
 * Skips kernel threads, zombies and processes that exit meanwhile.
 *
 * Context: Process context, may sleep.
 * Return: as vmscope_target_get(), -ESRCH if there are no more, and -EINTR
 * if the caller was killed
 */
int vmscope_target_get_next(struct vmscope_target *target, u64 pid)
{
	struct task_struct *task;
	int nr = pid;
	int ret;

	if (!pid || pid > INT_MAX)
		return -EINVAL;
	while (next_process(&nr, &task)) {
		cond_resched();
		if (fatal_signal_pending(current)) {
			if (task)
				put_task_struct(task);
			return -EINTR;
		}
		if (!task)
			continue;
		ret = get_task(target, task);
		put_task_struct(task);
		if (ret != -ESRCH && ret != -ENODATA)
			return ret;
	}
	return -ESRCH;
}

/**
 * vmscope_target_get_self - pin the address space of the current task
 * @target: filled in on success
 *
 * Context: Process context, may sleep.
 * Return: 0, or -ENODATA for a kernel thread
 */
int vmscope_target_get_self(struct vmscope_target *target)
{
	struct mm_struct *mm = get_task_mm(current);

	return mm ? pin(target, current, mm) : -ENODATA;
}

/**
 * vmscope_target_get_kernel - pin the kernel's half of the address space
 * @target: filled in on success
 *
 * Context: Process context, may sleep.
 * Return: 0, -ENODATA for a kernel thread, or -EOPNOTSUPP where address spaces
 * have no such half
 */
int vmscope_target_get_kernel(struct vmscope_target *target)
{
	int ret = VMSCOPE_ARCH_KERNEL_HALF ? vmscope_target_get_self(target) :
					     -EOPNOTSUPP;

	target->kernel = !ret;
	return ret;
}

/**
 * vmscope_target_put - unpin a target
 * @target: from vmscope_target_get()
 *
 * Context: Process context.
 */
void vmscope_target_put(struct vmscope_target *target)
{
	mmdrop(target->mm);
	put_pid(target->tgid);
	target->mm = NULL;
	target->kernel = false;
	target->tgid = NULL;
}

/**
 * vmscope_target_use - keep the memory of a target during its use
 * @target: a pinned target
 *
 * Context: Process context.
 * Return: 0, then vmscope_target_unuse() must follow; -ESRCH if it is gone
 */
int vmscope_target_use(struct vmscope_target *target)
{
	if (target->kernel)
		return 0;
	if (vmscope_target_is_gone(target) || !mmget_not_zero(target->mm))
		return -ESRCH;
	return 0;
}

/**
 * vmscope_target_unuse - undo vmscope_target_use()
 * @target: the target
 *
 * Context: Process context, no locks held: the last user tears the address
 * space down, which may sleep.
 */
void vmscope_target_unuse(struct vmscope_target *target)
{
	if (!target->kernel)
		mmput(target->mm);
}

/**
 * vmscope_target_task - a task of the process that was attached
 * @target: a pinned target
 *
 * Never a task of another process that has the same PID or address space: the
 * struct pid is pinned, and an exec leaves the address space.
 *
 * Context: RCU read lock, for as long as the task is used.
 * Return: the main thread, or another one that is alive if that has exited;
 * NULL if the process has exited or executed another program
 * Source: pid_task() in kernel/pid.c, exec_mmap() in fs/exec.c
 */
struct task_struct *vmscope_target_task(const struct vmscope_target *target)
{
	struct task_struct *leader = pid_task(target->tgid, PIDTYPE_TGID);
	struct task_struct *thread;

	if (!leader || READ_ONCE(leader->mm) == target->mm)
		return leader;
	for_each_thread(leader, thread) {
		if (READ_ONCE(thread->mm) == target->mm)
			return thread;
	}
	return NULL;
}

static bool is_used_by(const struct mm_struct *mm, struct task_struct *process)
{
	const struct task_struct *thread;

	for_each_thread(process, thread)
		if (READ_ONCE(thread->mm))
			return READ_ONCE(thread->mm) == mm;
	return false;
}

/* The process that was attached, or any other that shares its memory. */
static bool has_tasks(const struct vmscope_target *target)
{
	struct task_struct *process;
	bool found;

	if (IS_ENABLED(CONFIG_MEMCG))
		return compat_has_owner(target->mm);
	rcu_read_lock();
	found = vmscope_target_task(target);
	if (!found) {
		for_each_process(process) {
			found = is_used_by(target->mm, process);
			if (found)
				break;
		}
	}
	rcu_read_unlock();
	return found;
}

/**
 * vmscope_target_is_gone - check whether all tasks left the address space
 * @target: a pinned target
 *
 * The memory of a killed process is freed only when all readers release it, so
 * they check often. They count in mm_users themselves, so that cannot show it:
 * look for tasks.
 *
 * Context: Any context.
 * Return: true if nobody but readers holds the address space
 * Source: mm_update_next_owner() in kernel/exit.c
 */
bool vmscope_target_is_gone(const struct vmscope_target *target)
{
	if (target->kernel)
		return false;
	return !atomic_read(&target->mm->mm_users) || !has_tasks(target);
}

/*
 * kptr_restrict is not exported, but %pK reveals it: it prints zeros to a
 * reader that may not see kernel addresses.
 * Source: restricted_pointer() in lib/vsprintf.c
 */
static bool pointers_are_restricted(void)
{
	char text[2 * sizeof(void *) + 1];

	snprintf(text, sizeof(text), "%pK", &text);
	return !text[strspn(text, "0")];
}

/**
 * vmscope_policy_get - what the current task may see now
 * @policy: filled in
 * @locked: set if an earlier call for this descriptor found lockdown; false
 *	at open
 *
 * Frames and kernel addresses follow the kernel's own rules: lockdown for
 * confidentiality withholds both, kptr_restrict and CAP_SYSLOG withhold kernel
 * addresses.
 *
 * The kernel logs a line each time that lockdown refuses. Lockdown is never
 * lowered, so a refusal is remembered; it can be raised, so it is checked each
 * time before that.
 *
 * Context: Process context.
 * Source: lockdown_is_locked_down() in security/lockdown/lockdown.c
 */
void vmscope_policy_get(struct vmscope_policy *policy, bool *locked)
{
	if (!READ_ONCE(*locked) && security_locked_down(LOCKDOWN_KCORE))
		WRITE_ONCE(*locked, true);
	policy->why = READ_ONCE(*locked) ? VMSCOPE_WHY_LOCKDOWN : 0;
	policy->frames = !policy->why;
	if (!capable(CAP_SYSLOG))
		policy->why |= VMSCOPE_WHY_CAP_SYSLOG;
	if (pointers_are_restricted())
		policy->why |= VMSCOPE_WHY_KPTR_RESTRICT;
	policy->kaddr = !policy->why;
}

/**
 * vmscope_target_check - check whether the current task may see a target
 * @target: a pinned target
 * @policy: of the current task
 *
 * A descriptor can be passed on, so each call and each read checks.
 *
 * Context: Process context.
 * Return: 0; -EPERM without CAP_SYS_PTRACE for another process's memory, or if
 * kernel addresses are withheld for the kernel's
 */
int vmscope_target_check(const struct vmscope_target *target,
			 const struct vmscope_policy *policy)
{
	if (target->kernel)
		return policy->kaddr ? 0 : -EPERM;
	return check_mm(target->mm);
}
