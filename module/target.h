/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_TARGET_H
#define _VMSCOPE_TARGET_H

#include <linux/sched.h>
#include <linux/types.h>

struct mm_struct;
struct pid;
struct task_struct;

/**
 * struct vmscope_target - an address space, pinned
 * @mm: pinned by mm_count: it cannot be freed, but its memory can. Each use
 *	takes mm_users with vmscope_target_use().
 * @kernel: the target is the kernel's half. Every root table maps it, so @mm is
 *	the caller's; pinning it keeps its root.
 * @tgid: the PID of the process, pinned. A reused number gets another struct
 *	pid, so its tasks are always those of this process.
 * @comm: name of the task that was asked for, at that moment
 */
struct vmscope_target {
	struct mm_struct *mm;
	bool kernel;
	struct pid *tgid;
	char comm[TASK_COMM_LEN];
};

/**
 * struct vmscope_policy - what the caller may see
 * @frames: frames, raw entries, physical addresses of tables
 * @kaddr: kernel addresses
 * @why: enum vmscope_why: what withholds the rest
 */
struct vmscope_policy {
	bool frames;
	bool kaddr;
	u64 why;
};

bool vmscope_target_may_open(void);
int vmscope_target_get(struct vmscope_target *target, u64 pid);
int vmscope_target_get_next(struct vmscope_target *target, u64 pid);
int vmscope_target_get_ref(struct vmscope_target *target, struct pid *ref);
int vmscope_target_get_self(struct vmscope_target *target);
int vmscope_target_get_kernel(struct vmscope_target *target);
void vmscope_target_put(struct vmscope_target *target);
int vmscope_target_use(struct vmscope_target *target);
void vmscope_target_unuse(struct vmscope_target *target);
bool vmscope_target_is_gone(const struct vmscope_target *target);
struct task_struct *vmscope_target_task(const struct vmscope_target *target);
int vmscope_target_check(const struct vmscope_target *target,
			 const struct vmscope_policy *policy);
void vmscope_policy_get(struct vmscope_policy *policy, bool *locked);

#endif /* _VMSCOPE_TARGET_H */
