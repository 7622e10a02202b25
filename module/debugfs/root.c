// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text view of the same records, for cat, awk and people:
 *
 *	vmscope/attach, detach		echo PID > attach makes PID/
 *	vmscope/self/, vmscope/PID/	process.c, summary.c
 *	vmscope/kernel/			kernel.c, vmalloc.c, kmalloc.c
 *
 * Here are the directories, and who has one.
 */
#include "root.h"

#include <linux/ctype.h>
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "../target.h"
#include "kernel.h"
#include "process.h"

#define MAX_TARGETS 64

static struct dentry *root;

/**
 * struct vmscope_watched - a process that has a directory
 * @list: in watched_list
 * @pid: as its writer saw it
 * @target: pinned
 * @dir: the directory
 */
struct vmscope_watched {
	struct list_head list;
	int pid;
	struct vmscope_target target;
	struct dentry *dir;
};

static LIST_HEAD(watched_list);
static unsigned int nr_watched;
static DEFINE_MUTEX(watched_lock); /* guards both, and the directories */

/**
 * vmscope_watched_pin - pin whom a directory is of
 * @target: filled in on success
 * @owner: its struct vmscope_watched, or NULL for the current task
 *
 * Context: Process context. The directory is not removed meanwhile.
 * Return: 0, or an error of vmscope_target_get_self()
 */
int vmscope_watched_pin(struct vmscope_target *target, void *owner)
{
	const struct vmscope_watched *watched = owner;

	if (!watched)
		return vmscope_target_get_self(target);
	mmgrab(watched->target.mm);
	target->mm = watched->target.mm;
	return 0;
}

static struct vmscope_watched *find_watched(int pid)
{
	struct vmscope_watched *watched;

	lockdep_assert_held(&watched_lock);
	list_for_each_entry(watched, &watched_list, list)
		if (watched->pid == pid)
			return watched;
	return NULL;
}

static void forget(struct vmscope_watched *watched)
{
	lockdep_assert_held(&watched_lock);
	/* Waits for readers that are inside of a file. */
	debugfs_remove(watched->dir);
	list_del(&watched->list);
	nr_watched--;
	vmscope_target_put(&watched->target);
	kfree(watched);
}

static bool is_alive(const struct vmscope_watched *watched)
{
	return !vmscope_target_is_gone(&watched->target);
}

static int watch(int pid)
{
	struct vmscope_watched *watched = find_watched(pid);
	char name[16];
	int ret;

	if (watched && is_alive(watched))
		return -EEXIST;
	if (!watched && nr_watched == MAX_TARGETS)
		return -EMFILE;
	if (watched)
		forget(watched);
	watched = kzalloc(sizeof(*watched), GFP_KERNEL_ACCOUNT);
	if (!watched)
		return -ENOMEM;
	ret = vmscope_target_get(&watched->target, pid);
	if (ret) {
		kfree(watched);
		return ret;
	}
	watched->pid = pid;
	snprintf(name, sizeof(name), "%d", pid);
	watched->dir = debugfs_create_dir(name, root);
	vmscope_process_files(watched->dir, watched);
	list_add_tail(&watched->list, &watched_list);
	nr_watched++;
	return 0;
}

static int unwatch(int pid)
{
	struct vmscope_watched *watched = find_watched(pid);

	if (!watched)
		return -ENOENT;
	forget(watched);
	return 0;
}

/* A decimal PID and at most one newline: nothing that was not meant. */
static int read_pid(const char __user *from, size_t bytes, int *pid)
{
	char text[16];

	if (!bytes || bytes >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, bytes))
		return -EFAULT;
	text[bytes] = '\0';
	if (!isdigit(text[0]) || strlen(text) != bytes ||
	    kstrtoint(text, 10, pid) || !*pid)
		return -EINVAL;
	return 0;
}

static ssize_t control(const char __user *from, size_t bytes,
		       int (*change)(int pid))
{
	int pid, ret;

	if (!vmscope_target_may_open())
		return -EPERM;
	ret = read_pid(from, bytes, &pid);
	if (ret)
		return ret;
	if (mutex_lock_killable(&watched_lock))
		return -EINTR;
	ret = change(pid);
	mutex_unlock(&watched_lock);
	return ret ? ret : bytes;
}

static ssize_t attach_write(struct file *file, const char __user *from,
			    size_t bytes, loff_t *pos)
{
	return control(from, bytes, watch);
}

static ssize_t detach_write(struct file *file, const char __user *from,
			    size_t bytes, loff_t *pos)
{
	return control(from, bytes, unwatch);
}

static int show_watched(struct seq_file *m, void *v)
{
	const struct vmscope_watched *watched;

	if (mutex_lock_killable(&watched_lock))
		return -EINTR;
	seq_puts(m, "# pid state\n");
	list_for_each_entry(watched, &watched_list, list)
		seq_printf(m, "%d %s\n", watched->pid,
			   is_alive(watched) ? "alive" : "gone");
	mutex_unlock(&watched_lock);
	return 0;
}

static int attach_open(struct inode *inode, struct file *file)
{
	return single_open(file, show_watched, NULL);
}

static const struct file_operations attach_fops = {
	.owner = THIS_MODULE,
	.open = attach_open,
	.read = seq_read,
	.write = attach_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static const struct file_operations detach_fops = {
	.owner = THIS_MODULE,
	.open = nonseekable_open,
	.write = detach_write,
};

/**
 * vmscope_debugfs_init - make the files
 *
 * Without them the device still works, so errors are not reported, as debugfs
 * wants it.
 *
 * Context: Process context, may sleep.
 */
void vmscope_debugfs_init(void)
{
	root = debugfs_create_dir("vmscope", NULL);
	debugfs_create_file("attach", 0600, root, NULL, &attach_fops);
	debugfs_create_file("detach", 0200, root, NULL, &detach_fops);
	vmscope_process_files(debugfs_create_dir("self", root), NULL);
	vmscope_kernel_files(debugfs_create_dir("kernel", root));
}

/**
 * vmscope_debugfs_exit - undo vmscope_debugfs_init()
 *
 * Context: Process context, may sleep. No file is open.
 */
void vmscope_debugfs_exit(void)
{
	struct vmscope_watched *watched, *next;

	mutex_lock(&watched_lock);
	list_for_each_entry_safe(watched, next, &watched_list, list)
		forget(watched);
	mutex_unlock(&watched_lock);
	debugfs_remove(root);
}
