// SPDX-License-Identifier: GPL-2.0-only
/*
 * summary: whose memory it is, and its bytes by state and level.
 */
#include "summary.h"

#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../names.h"
#include "columns.h"
#include "view.h"

/* Bytes by state and level, from which the summary is made. */
struct sums {
	u64 bytes[VMSCOPE_NR_STATES][VMSCOPE_NR_LEVELS];
	u64 mapped;
	u64 areas;
	u64 locked;
};

static void sum_record(const struct vmscope_view *view, struct sums *sums)
{
	const struct vmscope_page *page = vmscope_view_record(view);
	u64 bytes = vmscope_record_pages(page) * PAGE_SIZE;

	sums->bytes[VMSCOPE_WORD_STATE(page->what)]
		   [VMSCOPE_WORD_LEVEL(page->where)] += bytes;
	if (view->area.vma_flags & VMSCOPE_VMA_LOCKED &&
	    page->what & VMSCOPE_F_PRESENT)
		sums->locked += bytes;
}

static int sum_all(struct vmscope_view *view, struct sums *sums)
{
	u64 last = 0;
	int ret;

	vmscope_view_begin(view);
	while ((ret = vmscope_view_advance(view)) > 0) {
		sum_record(view, sums);
		if (view->area.end == last)
			continue;
		last = view->area.end;
		sums->mapped += last - VMSCOPE_WORD_ADDR(view->area.where);
		sums->areas++;
	}
	return ret;
}

/* The owner; the PID is that of the initial namespace. */
static void print_process(struct seq_file *m,
			  const struct vmscope_target *target)
{
	const struct task_struct *task;
	char comm[TASK_COMM_LEN] = "";

	rcu_read_lock();
	task = vmscope_target_task(target);
	if (task)
		strscpy(comm, task->group_leader->comm, sizeof(comm));
	rcu_read_unlock();
	seq_printf(m, "pid %d\ncomm ", pid_nr(target->tgid));
	vmscope_print_text(m, comm, strlen(comm), "");
	seq_putc(m, '\n');
}

static void print_sums(struct seq_file *m, const struct sums *sums)
{
	unsigned int state, level;

	seq_printf(m, "areas %llu\nmapped %llu\nlocked %llu\n", sums->areas,
		   sums->mapped, sums->locked);
	for (state = 0; state < VMSCOPE_NR_STATES; state++) {
		for (level = 0; level < VMSCOPE_NR_LEVELS; level++) {
			if (!sums->bytes[state][level])
				continue;
			seq_printf(m, "%s.%s %llu\n",
				   vmscope_state_names[state],
				   vmscope_level_names[level],
				   sums->bytes[state][level]);
		}
	}
}

/**
 * vmscope_show_summary - print sums of all records
 * @m: where to
 * @view: an open file
 *
 * Context: Process context, may sleep.
 * Return: 0, -ENOMEM, or an error of the scan
 */
int vmscope_show_summary(struct seq_file *m, struct vmscope_view *view)
{
	struct sums *sums = kzalloc(sizeof(*sums), GFP_KERNEL | __GFP_NOWARN);
	int ret;

	if (!sums)
		return -ENOMEM;
	ret = sum_all(view, sums);
	if (!ret) {
		print_process(m, &view->target);
		print_sums(m, sums);
	}
	kfree(sums);
	return ret;
}
