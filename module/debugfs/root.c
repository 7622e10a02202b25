// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text view of the same records, for cat, awk and people:
 *
 *	vmscope/attach, detach		echo PID > attach makes PID/
 *	vmscope/self/, vmscope/PID/	process.c, summary.c
 *	vmscope/kernel/			kernel.c, vmalloc.c, kmalloc.c
 *
 * This file keeps the directories and their targets.
 */
#include "root.h"

#include <linux/capability.h>
#include <linux/completion.h>
#include <linux/ctype.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include "../target.h"
#include "columns.h"
#include "kernel.h"
#include "process.h"

#define MAX_TARGETS 64

static struct dentry *root;

/**
 * struct vmscope_watched - a process that has a directory
 * @list: in watched_list
 * @ref: the process, also after it is gone, until its PID is attached again
 * @nr: its PID in the initial namespace, which names the directory
 * @busy: the directory is being made or removed
 * @error: why it could not be made, or 0
 * @dir: the directory
 * @work: makes or removes it
 * @made: @work has made it, or failed
 * @removed: @work has removed it
 * @users: the list, @work, and each waiter
 *
 * Making and removing a directory waits for readers that list it, which may
 * sleep without limit. So a worker does it, with no lock of ours held, and its
 * callers wait killably.
 */
struct vmscope_watched {
	struct list_head list;
	struct pid *ref;
	int nr;
	bool busy;
	int error;
	struct dentry *dir;
	struct work_struct work;
	struct completion made;
	struct completion removed;
	struct kref users;
};

static LIST_HEAD(watched_list);
static unsigned int nr_watched;
/* Guards both, and ref, busy and error of each. */
static DEFINE_MUTEX(watched_lock);
static struct workqueue_struct *workers;

static void watched_free(struct kref *users)
{
	struct vmscope_watched *watched =
		container_of(users, struct vmscope_watched, users);

	put_pid(watched->ref);
	kfree(watched);
}

static void watched_put(struct vmscope_watched *watched)
{
	kref_put(&watched->users, watched_free);
}

/**
 * vmscope_watched_pin - pin the current memory of a directory's process
 * @target: filled in on success
 * @owner: its struct vmscope_watched, or NULL for the current task
 *
 * Context: Process context, may sleep. The directory is not removed meanwhile.
 * Return: 0, -EINTR, or an error of vmscope_target_get_ref()
 */
int vmscope_watched_pin(struct vmscope_target *target, void *owner)
{
	struct vmscope_watched *watched = owner;
	struct pid *ref;
	int ret;

	if (!watched)
		return vmscope_target_get_self(target);
	if (mutex_lock_killable(&watched_lock))
		return -EINTR;
	ref = get_pid(watched->ref);
	mutex_unlock(&watched_lock);
	ret = vmscope_target_get_ref(target, ref);
	put_pid(ref);
	return ret;
}

/* Does the process have memory, and what is its name? */
static bool is_alive(const struct vmscope_watched *watched,
		     char comm[TASK_COMM_LEN])
{
	const struct task_struct *task, *thread;
	bool alive = false;

	comm[0] = '\0';
	rcu_read_lock();
	task = pid_task(watched->ref, PIDTYPE_PID);
	if (task) {
		strscpy(comm, task->comm, TASK_COMM_LEN);
		for_each_thread(task, thread) {
			alive = READ_ONCE(thread->mm);
			if (alive)
				break;
		}
	}
	rcu_read_unlock();
	return alive;
}

static bool is_gone(const struct vmscope_watched *watched)
{
	char comm[TASK_COMM_LEN];

	return !is_alive(watched, comm);
}

/* Find by PID in a namespace; prefer one that is alive. */
static struct vmscope_watched *find_watched(int nr, struct pid_namespace *ns)
{
	struct vmscope_watched *watched, *found = NULL;

	lockdep_assert_held(&watched_lock);
	list_for_each_entry(watched, &watched_list, list)
		if (pid_nr_ns(watched->ref, ns) == nr &&
		    (!found || is_gone(found)))
			found = watched;
	return found;
}

static void unlist(struct vmscope_watched *watched)
{
	lockdep_assert_held(&watched_lock);
	list_del(&watched->list);
	nr_watched--;
	watched_put(watched);
}

static void make_dir(struct work_struct *work)
{
	struct vmscope_watched *watched =
		container_of(work, struct vmscope_watched, work);
	char name[16];
	int ret;

	snprintf(name, sizeof(name), "%d", watched->nr);
	watched->dir = debugfs_create_dir(name, root);
	ret = PTR_ERR_OR_ZERO(watched->dir);
	if (!ret)
		ret = vmscope_process_files(watched->dir, watched);
	if (ret)
		debugfs_remove(watched->dir);
	mutex_lock(&watched_lock);
	watched->error = ret;
	watched->busy = false;
	if (ret)
		unlist(watched);
	mutex_unlock(&watched_lock);
	complete_all(&watched->made);
	watched_put(watched);
}

static void remove_dir(struct work_struct *work)
{
	struct vmscope_watched *watched =
		container_of(work, struct vmscope_watched, work);

	debugfs_remove(watched->dir);
	mutex_lock(&watched_lock);
	unlist(watched);
	mutex_unlock(&watched_lock);
	complete_all(&watched->removed);
	watched_put(watched);
}

/* The caller gets its own reference, to wait with. */
static void begin_work(struct vmscope_watched *watched, work_func_t work)
{
	lockdep_assert_held(&watched_lock);
	watched->busy = true;
	kref_get(&watched->users);
	kref_get(&watched->users);
	INIT_WORK(&watched->work, work);
	queue_work(workers, &watched->work);
}

static int wait_and_put(struct vmscope_watched *watched,
			struct completion *done)
{
	int ret = wait_for_completion_killable(done) ? -EINTR : 0;

	if (!ret)
		ret = watched->error;
	watched_put(watched);
	return ret;
}

/*
 * Begin to remove the directories of processes that are gone. Return: one of
 * them to wait for, or NULL
 */
static struct vmscope_watched *begin_reaping(void)
{
	struct vmscope_watched *watched, *found = NULL;

	lockdep_assert_held(&watched_lock);
	list_for_each_entry(watched, &watched_list, list) {
		if (watched->busy || !is_gone(watched))
			continue;
		begin_work(watched, remove_dir);
		if (found)
			watched_put(watched);
		else
			found = watched;
	}
	return found;
}

/* The directory stays: it shows the process that has the PID now. */
static int renew(struct vmscope_watched *watched, struct pid *ref)
{
	lockdep_assert_held(&watched_lock);
	if (watched->busy)
		return -EBUSY;
	if (!is_gone(watched))
		return -EEXIST;
	put_pid(watched->ref);
	watched->ref = get_pid(ref);
	return 0;
}

static struct vmscope_watched *enlist(struct pid *ref)
{
	struct vmscope_watched *watched;

	lockdep_assert_held(&watched_lock);
	watched = kzalloc(sizeof(*watched), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!watched)
		return ERR_PTR(-ENOMEM);
	watched->ref = get_pid(ref);
	watched->nr = pid_nr(ref);
	init_completion(&watched->made);
	init_completion(&watched->removed);
	kref_init(&watched->users);
	list_add_tail(&watched->list, &watched_list);
	nr_watched++;
	begin_work(watched, make_dir);
	return watched;
}

/* Return: 0, an error, or -EAGAIN after room was made */
static int try_watch(struct pid *ref)
{
	struct vmscope_watched *watched, *reaped = NULL;
	int ret = 0;

	if (mutex_lock_killable(&watched_lock))
		return -EINTR;
	watched = find_watched(pid_nr(ref), &init_pid_ns);
	if (watched) {
		ret = renew(watched, ref);
		watched = NULL;
	} else if (nr_watched == MAX_TARGETS) {
		reaped = begin_reaping();
		ret = reaped ? -EAGAIN : -EMFILE;
	} else {
		watched = enlist(ref);
		ret = PTR_ERR_OR_ZERO(watched);
	}
	mutex_unlock(&watched_lock);
	if (reaped && wait_and_put(reaped, &reaped->removed))
		ret = -EINTR;
	if (watched && !ret)
		ret = wait_and_put(watched, &watched->made);
	return ret;
}

static int watch(int pid)
{
	struct vmscope_target target = {};
	struct pid *ref = find_get_pid(pid);
	int ret = vmscope_target_get_ref(&target, ref);

	if (!ret) {
		vmscope_target_put(&target);
		do {
			ret = try_watch(ref);
		} while (ret == -EAGAIN);
	}
	put_pid(ref);
	return ret;
}

static int unwatch(int pid)
{
	struct vmscope_watched *watched;
	int ret = 0;

	if (mutex_lock_killable(&watched_lock))
		return -EINTR;
	watched = find_watched(pid, task_active_pid_ns(current));
	if (!watched)
		ret = -ENOENT;
	else if (watched->busy)
		ret = -EBUSY;
	else
		begin_work(watched, remove_dir);
	mutex_unlock(&watched_lock);
	return ret ? ret : wait_and_put(watched, &watched->removed);
}

/* Accept only a decimal PID, with spaces around it. */
static int read_pid(const char __user *from, size_t bytes, int *pid)
{
	char text[32], *digits;

	if (!bytes || bytes >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, bytes))
		return -EFAULT;
	text[bytes] = '\0';
	if (strlen(text) != bytes)
		return -EINVAL;
	digits = strim(text);
	if (!isdigit(digits[0]) || kstrtoint(digits, 10, pid) || !*pid)
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
	if (!ret)
		ret = change(pid);
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

static void show_one(struct seq_file *m, const struct vmscope_watched *watched)
{
	int here = pid_nr_ns(watched->ref, task_active_pid_ns(current));
	char comm[TASK_COMM_LEN];
	bool alive = is_alive(watched, comm);

	seq_printf(m, "%d %s ", watched->nr, alive ? "alive" : "gone");
	if (here)
		seq_printf(m, "%d ", here);
	else
		seq_puts(m, "- ");
	if (comm[0])
		vmscope_print_text(m, comm, strlen(comm), "");
	else
		seq_putc(m, '-');
	seq_putc(m, '\n');
}

static int show_watched(struct seq_file *m, void *v)
{
	const struct vmscope_watched *watched;

	if (mutex_lock_killable(&watched_lock))
		return -EINTR;
	seq_puts(m, "#pid state pid_here comm\n");
	list_for_each_entry(watched, &watched_list, list)
		show_one(m, watched);
	mutex_unlock(&watched_lock);
	return 0;
}

/* The list shows other processes, so it needs the same rights. */
static int attach_open(struct inode *inode, struct file *file)
{
	if (file->f_mode & FMODE_READ) {
		if (!vmscope_target_may_open())
			return -EACCES;
		if (!capable(CAP_SYS_PTRACE))
			return -EPERM;
	}
	return single_open(file, show_watched, NULL);
}

static ssize_t attach_read(struct file *file, char __user *to, size_t bytes,
			   loff_t *pos)
{
	if (!vmscope_target_may_open() || !capable(CAP_SYS_PTRACE))
		return -EPERM;
	return seq_read(file, to, bytes, pos);
}

static const struct file_operations attach_fops = {
	.owner = THIS_MODULE,
	.open = attach_open,
	.read = attach_read,
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
 * The device works without them, so errors are ignored, as debugfs recommends.
 *
 * Context: Process context, may sleep.
 */
void vmscope_debugfs_init(void)
{
	workers = alloc_workqueue("vmscope", WQ_UNBOUND, 0);
	if (!workers)
		return;
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

	if (!workers)
		return;
	destroy_workqueue(workers);
	debugfs_remove(root);
	mutex_lock(&watched_lock);
	list_for_each_entry_safe(watched, next, &watched_list, list)
		unlist(watched);
	mutex_unlock(&watched_lock);
}
