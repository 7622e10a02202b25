// SPDX-License-Identifier: GPL-2.0-only
/*
 * The part of the exercise that is ready: the file /sys/kernel/debug/ptwalk. A
 * PID is written to it; each read walks the page tables of that process, area
 * by area, with walk_address().
 */
#include <linux/debugfs.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "ptwalk.h"

static struct dentry *ptwalk;
static int ptwalk_pid;

/* One line of the file. @level is pte, pmd or pud. */
void print_leaf(struct seq_file *out, unsigned long addr, unsigned long pfn,
		const char *level, unsigned int flags)
{
	seq_printf(out, "%lx %lx %s %c%c%c%c%c\n", addr, pfn, level,
		   flags & WRITABLE ? 'w' : '-', flags & USER ? 'u' : '-',
		   flags & ACCESSED ? 'a' : '-', flags & DIRTY ? 'd' : '-',
		   flags & NO_EXEC ? 'n' : '-');
}

/*
 * A page table that is freed although the mmap_lock is held stays until all
 * processors have had their interrupts enabled, so one that is found with
 * interrupts disabled can be read until they are enabled again.
 */
static int walk_area(struct seq_file *out, struct vm_area_struct *vma)
{
	unsigned long addr = vma->vm_start, next;

	while (addr < vma->vm_end && !seq_has_overflowed(out)) {
		if (fatal_signal_pending(current))
			return -EINTR;
		local_irq_disable();
		next = walk_address(out, vma->vm_mm, addr);
		local_irq_enable();
		if (next <= addr) {
			pr_err("ptwalk: walk_address(%lx) returns %lx, not an address behind it\n",
			       addr, next);
			return -EIO;
		}
		addr = next;
		cond_resched();
	}
	return 0;
}

static int walk_areas(struct seq_file *out, struct mm_struct *mm)
{
	struct vm_area_struct *vma;
	int ret = mmap_read_lock_killable(mm);

	if (ret)
		return ret;
	for (vma = find_vma(mm, 0); vma && !ret;
	     vma = find_vma(mm, vma->vm_end))
		ret = walk_area(out, vma);
	mmap_read_unlock(mm);
	return ret;
}

/* NULL if there is no such process, or if it has exited or is the kernel's. */
static struct mm_struct *find_mm(int nr)
{
	struct pid *pid = find_get_pid(nr);
	struct task_struct *task = get_pid_task(pid, PIDTYPE_PID);
	struct mm_struct *mm = NULL;

	put_pid(pid);
	if (task) {
		mm = get_task_mm(task);
		put_task_struct(task);
	}
	return mm;
}

static int ptwalk_show(struct seq_file *out, void *unused)
{
	struct mm_struct *mm = find_mm(READ_ONCE(ptwalk_pid));
	int ret;

	if (!mm)
		return -ESRCH;
	ret = walk_areas(out, mm);
	mmput(mm);
	return ret;
}

static int ptwalk_open(struct inode *inode, struct file *file)
{
	return single_open(file, ptwalk_show, NULL);
}

static ssize_t ptwalk_write(struct file *file, const char __user *from,
			    size_t bytes, loff_t *pos)
{
	int ret, pid;

	ret = kstrtoint_from_user(from, bytes, 10, &pid);
	if (ret)
		return ret;
	WRITE_ONCE(ptwalk_pid, pid);
	return bytes;
}

static const struct file_operations ptwalk_fops = {
	.owner = THIS_MODULE,
	.open = ptwalk_open,
	.read = seq_read,
	.write = ptwalk_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static int __init ptwalk_init(void)
{
	ptwalk = debugfs_create_file("ptwalk", 0600, NULL, NULL, &ptwalk_fops);
	return PTR_ERR_OR_ZERO(ptwalk);
}

static void __exit ptwalk_exit(void)
{
	debugfs_remove(ptwalk);
}

module_init(ptwalk_init);
module_exit(ptwalk_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Exercise: prints the page table of a process");
