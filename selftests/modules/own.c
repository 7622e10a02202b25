// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects of a module and its threads: text and data, per-CPU variables, a
 * stack, a BPF program; and symbols of the kernel's image.
 */
#include <linux/delay.h>
#include <linux/filter.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>

#include "plant.h"

/* How long a stopped thread may take to exit. */
#define THREAD_GONE_MS 5000

/* Symbols */

static unsigned long data_symbol = 1;
static unsigned long bss_symbol;
static const unsigned long rodata_symbol[] = { 2, 3, 5, 7 };

static noinline int text_symbol(const struct plant *plant)
{
	return plant->made;
}

/* An object that exists already. */
struct symbol {
	const char *name; /* its name in the kernel's list of symbols */
	const void *addr; /* where it is */
	size_t bytes; /* its length; 0 if it is not known */
};

#define SYMBOL(name, bytes) { #name, (const void *)&(name), bytes }

/* The last two are the kernel's own. */
static const struct symbol symbols[] = {
	SYMBOL(text_symbol, 0),
	SYMBOL(data_symbol, sizeof(data_symbol)),
	SYMBOL(bss_symbol, sizeof(bss_symbol)),
	SYMBOL(rodata_symbol, sizeof(rodata_symbol)),
	SYMBOL(kfree, 0),
	SYMBOL(init_task, sizeof(init_task)),
};

static int make_symbol(struct plant *plant)
{
	const struct symbol *symbol = &symbols[plant->arg];
	void *addr = (void *)symbol->addr;

	/* in use, so they exist */
	bss_symbol = data_symbol + text_symbol(plant);
	if (is_vmalloc_addr(addr) || virt_addr_valid(addr))
		plant_linear(plant, addr, symbol->bytes);
	else
		plant_here(plant, addr, symbol->bytes);
	scnprintf(plant->detail, sizeof(plant->detail), "symbol=%s",
		  symbol->name);
	return 0;
}

PLANT_KIND(symbol, "symbol", make_symbol, NULL);

/* Per-CPU variables */

static DEFINE_PER_CPU(unsigned long[4], static_percpu);

static void percpu_here(struct plant *plant, void __percpu *var, size_t bytes,
			unsigned int cpu)
{
	plant_here(plant, per_cpu_ptr((char __percpu *)var, cpu), bytes);
	scnprintf(plant->detail, sizeof(plant->detail), "cpu=%u offset=%#lx",
		  cpu, (__force unsigned long)var);
}

/* @arg 0 is the module's own variable, other values are sizes. */
static int make_percpu(struct plant *plant)
{
	unsigned int cpu = cpumask_last(cpu_online_mask);
	void __percpu *var;

	if (!plant->arg) {
		percpu_here(plant, &static_percpu, sizeof(static_percpu), cpu);
		return 0;
	}
	var = __alloc_percpu(plant->arg, 8);
	if (!var)
		return -ENOMEM;
	plant->keep = (void *)(__force unsigned long)var;
	percpu_here(plant, var, plant->arg, cpu);
	return 0;
}

static void drop_percpu(struct plant *plant)
{
	if (plant->arg)
		free_percpu((void __percpu *)(unsigned long)plant->keep);
}

PLANT_KIND(percpu, "percpu", make_percpu, drop_percpu);

/* A parked thread's stack */

static int thread_sleep(void *unused)
{
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static int make_thread(struct plant *plant)
{
	struct task_struct *task =
		kthread_run(thread_sleep, NULL, "vmscope-plant");

	if (IS_ERR(task))
		return PTR_ERR(task);
	get_task_struct(task);
	plant->keep = task;
	if (is_vmalloc_addr(task_stack_page(task)))
		plant_paged(plant, task_stack_page(task), THREAD_SIZE);
	else
		plant_linear(plant, task_stack_page(task), THREAD_SIZE);
	scnprintf(plant->detail, sizeof(plant->detail), "pid=%d task=%#lx",
		  task->pid, (unsigned long)task);
	return 0;
}

/*
 * A stopped thread reports so before it has exited, and until then it may still
 * be found, correctly.
 * Source: mm_release() and exit_notify(), called by do_exit() in kernel/exit.c
 */
static void drop_thread(struct plant *plant)
{
	struct task_struct *task = plant->keep;
	unsigned long until = jiffies + msecs_to_jiffies(THREAD_GONE_MS);

	kthread_stop(task);
	while (pid_alive(task) && time_before(jiffies, until))
		msleep(20);
	if (pid_alive(task))
		pr_notice("vmscope_plant: a stopped thread stays\n");
	put_task_struct(task);
}

PLANT_KIND(thread, "stack", make_thread, drop_thread);

/* A BPF program that rejects all packets, compiled if the kernel can */

#ifdef CONFIG_NET
static int make_bpf(struct plant *plant)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog_kern program = { .len = 1, .filter = &nothing };
	struct bpf_prog *bpf;
	int ret = bpf_prog_create(&bpf, &program);

	if (ret)
		return ret;
	if (!bpf->jited) {
		bpf_prog_destroy(bpf);
		return -EOPNOTSUPP;
	}
	plant->keep = bpf;
	plant_here(plant, bpf->bpf_func, bpf->jited_len);
	return 0;
}

static void drop_bpf(struct plant *plant)
{
	bpf_prog_destroy(plant->keep);
}
#else
#define make_bpf plant_unsupported
#define drop_bpf NULL
#endif /* CONFIG_NET */

PLANT_KIND(bpf, "bpf", make_bpf, drop_bpf);
