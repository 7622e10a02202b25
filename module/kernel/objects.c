// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel keeps for a process: addresses and sizes, in stages that can
 * be interrupted and resumed. Pointers are reported, and only followed where a
 * lock makes that safe. Each hold of a lock is short.
 */
#include "objects.h"

#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/idr.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/overflow.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "../compat/compat.h"
#include "../frame.h"
#include "../scan.h"
#include "../target.h"

/* Objects examined per hold of a lock, reported or not. */
#define PIDS_PER_HOLD 256
#define FDS_PER_HOLD 4096

/* Returned by a stage: call it again. 0: it is complete. */
#define HOLD_OVER 1

/* Low bits: @skip; above: the stage; for a scan, an address above both. */
#define CURSOR_SKIP 0xfULL
#define CURSOR_STAGE_SHIFT 4
#define CURSOR_STAGE 0xff0ULL

static_assert(sizeof(struct vmscope_object_list) <= SZ_4K);

static int report(struct vmscope_object_list *list,
		  const struct vmscope_object *object)
{
	if (!object->addr)
		return 0;
	if (list->nr == list->room)
		return -ENOSPC;
	list->buf[list->nr++] = *object;
	return 0;
}

static u64 address(const void *pointer)
{
	return (unsigned long)pointer;
}

/*
 * Objects of a thread. The files of @main count as those of the process. These
 * pointers are not followed, so the locks that guard them are not needed.
 */

static void fill_task(const struct task_struct *main, struct task_struct *task,
		      struct vmscope_object *object)
{
	object->type = VMSCOPE_OBJECT_TASK;
	object->addr = address(task);
	object->bytes = compat_task_bytes();
}

static void fill_stack(const struct task_struct *main, struct task_struct *task,
		       struct vmscope_object *object)
{
	object->type = VMSCOPE_OBJECT_STACK;
	object->addr = address(READ_ONCE(task->stack));
	object->bytes = THREAD_SIZE;
}

static void fill_cred(const struct task_struct *main, struct task_struct *task,
		      struct vmscope_object *object)
{
	object->type = VMSCOPE_OBJECT_CRED;
	object->addr = address(rcu_access_pointer(task->real_cred));
	object->bytes = sizeof(struct cred);
}

static void fill_pid(const struct task_struct *main, struct task_struct *task,
		     struct vmscope_object *object)
{
	const struct pid *pid = READ_ONCE(task->thread_pid);

	object->type = VMSCOPE_OBJECT_PID;
	object->addr = address(pid);
	if (pid)
		object->bytes = struct_size(pid, numbers, pid->level + 1);
}

static void fill_own_fs(const struct task_struct *main,
			struct task_struct *task, struct vmscope_object *object)
{
	const struct fs_struct *fs = READ_ONCE(task->fs);

	object->type = VMSCOPE_OBJECT_FS;
	object->addr = fs == READ_ONCE(main->fs) ? 0 : address(fs);
	object->bytes = sizeof(*fs);
}

static void fill_own_files(const struct task_struct *main,
			   struct task_struct *task,
			   struct vmscope_object *object)
{
	const struct files_struct *files = READ_ONCE(task->files);

	object->type = VMSCOPE_OBJECT_FILES;
	object->addr = files == READ_ONCE(main->files) ? 0 : address(files);
	object->bytes = sizeof(*files);
}

static void (*const of_thread[])(const struct task_struct *main,
				 struct task_struct *task,
				 struct vmscope_object *object) = {
	fill_task, fill_stack, fill_cred, fill_pid, fill_own_fs, fill_own_files,
};

static_assert(ARRAY_SIZE(of_thread) <= CURSOR_SKIP);

static int report_thread(struct vmscope_object_list *list,
			 const struct task_struct *main,
			 struct task_struct *task, struct pid *pid)
{
	int ret;

	for (; list->skip < ARRAY_SIZE(of_thread); list->skip++) {
		struct vmscope_object object = { .id = pid_vnr(pid) };

		of_thread[list->skip](main, task, &object);
		ret = report(list, &object);
		if (ret)
			return ret;
	}
	return HOLD_OVER;
}

/* The next PID of the target's namespace, with its thread if ours. */
static int report_next_pid(struct vmscope_object_list *list,
			   struct task_struct *main)
{
	struct pid_namespace *ns = ns_of_pid(list->target->tgid);
	struct task_struct *task;
	int nr = list->at, ret = HOLD_OVER;
	struct pid *pid = idr_get_next(&ns->idr, &nr);

	if (!pid)
		return 0;
	if (nr != list->at)
		list->skip = 0;
	list->at = nr;
	task = pid_task(pid, PIDTYPE_PID);
	if (task && same_thread_group(task, main))
		ret = report_thread(list, main, task, pid);
	if (ret == HOLD_OVER) {
		list->at++;
		list->skip = 0;
	}
	return ret;
}

/*
 * By PID, so that it can resume whatever threads come and go, unlike in the
 * list of threads. Source: find_ge_pid() in kernel/pid.c
 */
static int report_threads(struct vmscope_object_list *list)
{
	unsigned int left = PIDS_PER_HOLD;
	struct task_struct *main;
	int ret = HOLD_OVER;

	if (list->at > INT_MAX)
		return 0;
	rcu_read_lock();
	main = vmscope_target_task(list->target);
	if (!main)
		ret = -ESRCH;
	while (ret == HOLD_OVER && left--)
		ret = report_next_pid(list, main);
	rcu_read_unlock();
	return ret;
}

/*
 * Objects of the process. The lock of its main thread keeps files and memory,
 * and ensures that they belong to one program.
 */

static void fill_signal(const struct task_struct *main,
			struct vmscope_object *object)
{
	object->type = VMSCOPE_OBJECT_SIGNAL;
	object->addr = address(main->signal);
	object->bytes = sizeof(*main->signal);
}

static void fill_sighand(const struct task_struct *main,
			 struct vmscope_object *object)
{
	object->type = VMSCOPE_OBJECT_SIGHAND;
	object->addr = address(rcu_access_pointer(main->sighand));
	object->bytes = sizeof(struct sighand_struct);
}

static void fill_fs(const struct task_struct *main,
		    struct vmscope_object *object)
{
	object->type = VMSCOPE_OBJECT_FS;
	object->addr = address(main->fs);
	object->bytes = sizeof(*main->fs);
}

static void fill_files(const struct task_struct *main,
		       struct vmscope_object *object)
{
	object->type = VMSCOPE_OBJECT_FILES;
	object->addr = address(main->files);
	object->bytes = sizeof(*main->files);
}

static void fill_fdtable(const struct task_struct *main,
			 struct vmscope_object *object)
{
	const struct fdtable *fdt;

	object->type = VMSCOPE_OBJECT_FDTABLE;
	if (!main->files)
		return;
	fdt = rcu_dereference(main->files->fdt);
	if (fdt != &main->files->fdtab)
		object->addr = address(fdt->fd);
	object->bytes = array_size(fdt->max_fds, sizeof(*fdt->fd));
}

static void fill_mm(const struct task_struct *main,
		    struct vmscope_object *object)
{
	object->type = VMSCOPE_OBJECT_MM;
	object->addr = address(main->mm);
	object->bytes = sizeof(*main->mm);
}

static void (*const of_process[])(const struct task_struct *main,
				  struct vmscope_object *object) = {
	fill_signal, fill_sighand, fill_fs, fill_files, fill_fdtable, fill_mm,
};

static int report_shared(struct vmscope_object_list *list,
			 const struct task_struct *main)
{
	int ret;

	for (; list->at < ARRAY_SIZE(of_process); list->at++) {
		struct vmscope_object object = {
			.id = pid_vnr(list->target->tgid),
		};

		of_process[list->at](main, &object);
		ret = report(list, &object);
		if (ret)
			return ret;
	}
	return 0;
}

static int report_file(struct vmscope_object_list *list,
		       const struct fdtable *fdt, unsigned long fd)
{
	const struct vmscope_object object = {
		.type = VMSCOPE_OBJECT_FILE,
		.addr = address(rcu_access_pointer(fdt->fd[fd])),
		.bytes = sizeof(struct file),
		.id = fd,
	};

	return report(list, &object);
}

/* Source: get_files_struct() and __fget_files() of the kernel's fs/file.c */
static int report_descriptors(struct vmscope_object_list *list,
			      const struct task_struct *main)
{
	const struct fdtable *fdt;
	unsigned long fd, end;
	int ret;

	if (!main->files)
		return 0;
	fdt = rcu_dereference(main->files->fdt);
	if (list->at >= fdt->max_fds)
		return 0;
	end = min_t(u64, fdt->max_fds, list->at + FDS_PER_HOLD);
	while (list->at < end) {
		fd = find_next_bit(fdt->open_fds, end, list->at);
		ret = fd < end ? report_file(list, fdt, fd) : 0;
		if (ret)
			return ret;
		list->at = min(fd + 1, end);
	}
	return HOLD_OVER;
}

/* With the main thread locked, or the one that represents it. */
static int with_main(struct vmscope_object_list *list,
		     int (*fn)(struct vmscope_object_list *list,
			       const struct task_struct *main))
{
	struct task_struct *main;
	int ret = HOLD_OVER;

	rcu_read_lock();
	main = vmscope_target_task(list->target);
	if (main) {
		task_lock(main);
		/* If it exits just now, use another one. */
		if (main->mm == list->target->mm)
			ret = fn(list, main);
		task_unlock(main);
	}
	rcu_read_unlock();
	return main ? ret : -ESRCH;
}

static int report_process(struct vmscope_object_list *list)
{
	return with_main(list, report_shared);
}

static int report_open_files(struct vmscope_object_list *list)
{
	return with_main(list, report_descriptors);
}

static int is_alive(struct vmscope_object_list *list)
{
	bool alive;

	rcu_read_lock();
	alive = vmscope_target_task(list->target);
	rcu_read_unlock();
	return alive ? 0 : -ESRCH;
}

static int report_area(struct vmscope_object_list *list,
		       const struct vm_area_struct *vma)
{
	const struct vmscope_object object = {
		.type = VMSCOPE_OBJECT_VMA,
		.addr = address(vma),
		.bytes = sizeof(*vma),
		.id = vma->vm_start,
	};

	return report(list, &object);
}

/* An area that grew down over the last one reported is not new. */
static int report_areas_locked(struct vmscope_object_list *list)
{
	VMA_ITERATOR(vmi, list->target->mm, list->at);
	struct vm_area_struct *vma;
	int ret;

	while ((vma = vma_next(&vmi)) != NULL) {
		ret = vma->vm_start < list->at ? 0 : report_area(list, vma);
		if (ret)
			return ret;
		list->at = vma->vm_end;
	}
	return 0;
}

/* A hold ends when the list is full. */
static int report_areas(struct vmscope_object_list *list)
{
	struct vmscope_target *target = list->target;
	int ret = vmscope_target_use(target);

	if (ret)
		return ret;
	ret = is_alive(list);
	if (!ret && mmap_read_lock_killable(target->mm)) {
		ret = -EINTR;
	} else if (!ret) {
		ret = report_areas_locked(list);
		mmap_read_unlock(target->mm);
	}
	vmscope_target_unuse(target);
	return ret;
}

/* A scan of no level reports only tables. */
static const struct vmscope_scan tables_query = {
	.flags = VMSCOPE_SCAN_TABLES,
	.levels = 1 << VMSCOPE_LEVEL_NONE,
	VMSCOPE_SCAN_WHOLE,
};

static void take_tables(struct vmscope_object_list *list)
{
	struct vmscope_sink *sink = &list->scanner->sink;
	const struct vmscope_table *table = (const void *)sink->buf;
	const struct vmscope_table *end =
		(const void *)(sink->buf + sink->used);

	for (; table < end; table++) {
		const struct vmscope_object object = {
			.type = VMSCOPE_OBJECT_TABLE,
			.addr = vmscope_frame_alias(PHYS_PFN(table->phys)),
			.bytes = PAGE_SIZE,
			.id = VMSCOPE_WORD_LEVEL(table->where),
		};

		report(list, &object);
	}
}

/* The scan stops when the buffer is full. */
static int report_tables(struct vmscope_object_list *list)
{
	struct vmscope_scan query = tables_query;
	int ret = is_alive(list);

	if (ret)
		return ret;
	query.start = list->at;
	query.cursor[0] = list->skip;
	query.buf_bytes =
		(list->room - list->nr) * sizeof(struct vmscope_table);
	vmscope_scan_begin(list->scanner, list->target, &query, false);
	ret = vmscope_scan_fill(list->scanner);
	if (ret && ret != -ENOSPC)
		return ret;
	take_tables(list);
	vmscope_scan_result(list->scanner, &query);
	list->at = query.next;
	list->skip = query.cursor[0];
	return ret;
}

static int (*const stages[])(struct vmscope_object_list *list) = {
	report_threads, report_process, report_open_files,
	report_areas,	report_tables,
};

enum { LAST_STAGE = ARRAY_SIZE(stages) - 1 };

static unsigned int stage_of(u64 cursor)
{
	return (cursor & CURSOR_STAGE) >> CURSOR_STAGE_SHIFT;
}

/**
 * vmscope_objects_check - validate a query
 * @query: from user space
 *
 * Context: Any context.
 * Return: 0 or -EINVAL
 */
int vmscope_objects_check(const struct vmscope_objects *query)
{
	unsigned int stage = stage_of(query->cursor[0]);

	if (query->flags || query->reserved)
		return -EINVAL;
	if (query->buf % sizeof(u64) ||
	    query->buf_bytes < sizeof(struct vmscope_object))
		return -EINVAL;
	if (stage > LAST_STAGE + 1)
		return -EINVAL;
	/* Only a scan has more state. */
	if (stage != LAST_STAGE)
		return query->cursor[0] & ~(CURSOR_SKIP | CURSOR_STAGE) ?
			       -EINVAL :
			       0;
	return PAGE_ALIGNED(query->cursor[1]) ? 0 : -EINVAL;
}

/**
 * vmscope_objects_begin - begin or resume a list
 * @list: filled in, empty
 * @scanner: its earlier scan is replaced
 * @target: pinned until the list is complete
 * @query: the request, checked by vmscope_objects_check()
 *
 * Context: Any context.
 */
void vmscope_objects_begin(struct vmscope_object_list *list,
			   struct vmscope_scanner *scanner,
			   struct vmscope_target *target,
			   const struct vmscope_objects *query)
{
	list->scanner = scanner;
	list->target = target;
	list->stage = stage_of(query->cursor[0]);
	list->skip = query->cursor[0] & ~CURSOR_STAGE;
	list->at = query->cursor[1];
	list->nr = 0;
	list->room = 0;
}

/**
 * vmscope_objects_fill - list objects until there are no more or it is full
 * @list: from vmscope_objects_begin() or an earlier call
 * @room: objects that fit in the reader's buffer, at least 1
 *
 * Replaces the objects in @list.
 *
 * Context: Process context, may sleep; takes and releases RCU, a task's lock
 * and the target's mmap_lock.
 * Return:
 * * 0       - there are no more
 * * -ENOSPC - copy out the objects, then call again
 * * -ESRCH  - the process has exited or executed another program
 * * -EINTR  - the caller was killed
 */
int vmscope_objects_fill(struct vmscope_object_list *list, u64 room)
{
	list->nr = 0;
	list->room = min_t(u64, room, VMSCOPE_OBJECTS_ROOM);
	while (list->stage <= LAST_STAGE) {
		int ret = stages[list->stage](list);

		if (ret < 0)
			return ret;
		if (!ret) {
			list->stage++;
			list->at = 0;
			list->skip = 0;
		}
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

/**
 * vmscope_objects_result - report the position of a list
 * @list: the list
 * @result: cursor and done are filled in
 *
 * Context: Any context.
 */
void vmscope_objects_result(const struct vmscope_object_list *list,
			    struct vmscope_objects *result)
{
	result->cursor[0] = list->skip |
			    ((u64)list->stage << CURSOR_STAGE_SHIFT);
	result->cursor[1] = list->at;
	result->done = list->stage > LAST_STAGE;
}
