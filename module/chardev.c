// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/vmscope: copy in, validate, run, copy out. Only this file and debugfs/
 * access user memory, and never under a lock of the target.
 */
#include "chardev.h"

#include <linux/build_bug.h>
#include <linux/compat.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kallsyms.h>
#include <linux/math64.h>
#include <linux/miscdevice.h>
#include <linux/mm_types.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/nospec.h>
#include <linux/pid.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "census.h"
#include "info.h"
#include "lookup.h"
#include "kernel/objects.h"
#include "pathname.h"
#include "scan.h"
#include "kernel/frame-count.h"
#include "kernel/frame-list.h"
#include "target.h"
#include "kernel/what.h"

/**
 * struct session - an open descriptor
 * @lock: guards the other fields
 * @target: what it is bound to; its mm is NULL before that
 * @scanner: created by the first call that needs it
 * @locked: see vmscope_policy_get()
 */
struct session {
	struct mutex lock; /* held for a whole call */
	struct vmscope_target target;
	struct vmscope_scanner *scanner;
	bool locked;
};

/* The structs of all calls; each begins with its size. */
union request {
	struct vmscope_info info;
	struct vmscope_attach attach;
	struct vmscope_scan scan;
	struct vmscope_walk walk;
	struct vmscope_census census;
	struct vmscope_slabs slabs;
	struct vmscope_what what;
	struct vmscope_objects objects;
	struct vmscope_frame_list frames;
};

static int session_open(struct inode *inode, struct file *file)
{
	struct session *session;

	if (!vmscope_target_may_open())
		return -EACCES;
	session = kzalloc(sizeof(*session), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!session)
		return -ENOMEM;
	mutex_init(&session->lock);
	file->private_data = session;
	return nonseekable_open(inode, file);
}

static int session_release(struct inode *inode, struct file *file)
{
	struct session *session = file->private_data;

	if (session->target.mm)
		vmscope_target_put(&session->target);
	vmscope_scanner_destroy(session->scanner);
	mutex_destroy(&session->lock);
	kfree(session);
	return 0;
}

static int run_info(struct session *session, union request *request,
		    const struct vmscope_policy *policy)
{
	u64 size = request->info.size;

	memset(&request->info, 0, sizeof(request->info));
	request->info.size = size;
	vmscope_info_fill(policy, &request->info);
	return 0;
}

static void report_segments(struct mm_struct *mm, struct vmscope_attach *attach)
{
	spin_lock(&mm->arg_lock);
	attach->start_code = mm->start_code;
	attach->end_code = mm->end_code;
	attach->start_data = mm->start_data;
	attach->end_data = mm->end_data;
	attach->start_brk = mm->start_brk;
	attach->brk = READ_ONCE(mm->brk);
	attach->start_stack = mm->start_stack;
	attach->arg_start = mm->arg_start;
	attach->arg_end = mm->arg_end;
	attach->env_start = mm->env_start;
	attach->env_end = mm->env_end;
	spin_unlock(&mm->arg_lock);
}

/* The PID may be reused before the caller reads /proc: report the owner here. */
static void report_attached(const struct vmscope_target *target,
			    struct vmscope_attach *attach)
{
	BUILD_BUG_ON(sizeof(target->comm) > sizeof(attach->comm));
	memset_startat(attach, 0, tgid);
	if (target->kernel)
		return;
	attach->tgid = pid_vnr(target->tgid);
	attach->init_tgid = pid_nr(target->tgid);
	memcpy(attach->comm, target->comm, sizeof(target->comm));
	report_segments(target->mm, attach);
}

static int run_attach(struct session *session, union request *request,
		      const struct vmscope_policy *policy)
{
	struct vmscope_attach *attach = &request->attach;
	bool kernel = attach->flags & VMSCOPE_ATTACH_KERNEL;
	bool next = attach->flags & VMSCOPE_ATTACH_NEXT;
	struct vmscope_target target = {};
	int ret;

	if (attach->flags & ~(u64)VMSCOPE_ATTACH_ALL ||
	    (kernel && (next || attach->pid)))
		return -EINVAL;
	if (session->target.mm && !next)
		return -EBUSY;
	if (kernel && !policy->kaddr)
		return -EPERM;
	if (kernel)
		ret = vmscope_target_get_kernel(&target);
	else if (next)
		ret = vmscope_target_get_next(&target, attach->pid);
	else
		ret = vmscope_target_get(&target, attach->pid);
	if (ret)
		return ret;
	if (session->target.mm)
		vmscope_target_put(&session->target);
	session->target = target;
	report_attached(&session->target, attach);
	return 0;
}

/* The caller and its rights may change while the descriptor is open. */
static int need_scanner(struct session *session,
			const struct vmscope_policy *policy)
{
	int ret;

	if (!session->target.mm)
		return -ENOTCONN;
	ret = vmscope_target_check(&session->target, policy);
	if (ret)
		return ret;
	if (!session->scanner)
		session->scanner = vmscope_scanner_create();
	return session->scanner ? 0 : -ENOMEM;
}

static int hand_out(struct vmscope_sink *sink, u64 __user *to, size_t words)
{
	if (copy_to_user(to, sink->buf, words * sizeof(u64)))
		return -EFAULT;
	vmscope_sink_drop(sink, words);
	return 0;
}

/* Fill the buffer and copy it out, until the range or the room ends. */
static int run_scan_loop(struct vmscope_scanner *scanner,
			 struct vmscope_scan *scan)
{
	u64 __user *to = u64_to_user_ptr(scan->buf);
	size_t words, done = 0;
	bool full;
	int ret;

	do {
		ret = vmscope_scan_fill(scanner);
		if (ret && ret != -ENOSPC)
			return ret;
		words = vmscope_sink_ready(&scanner->sink, !ret);
		full = ret && !words;
		if (full)
			words = vmscope_sink_ready(&scanner->sink, true);
		if (hand_out(&scanner->sink, to + done, words))
			return -EFAULT;
		done += words;
	} while (ret && !full);
	scan->bytes = done * sizeof(u64);
	return 0;
}

static int run_scan(struct session *session, union request *request,
		    const struct vmscope_policy *policy)
{
	struct vmscope_scan *scan = &request->scan;
	int ret = vmscope_scan_check(scan);

	if (!ret)
		ret = need_scanner(session, policy);
	if (!ret && scan->facts && session->target.kernel)
		ret = -EOPNOTSUPP;
	if (ret)
		return ret;
	if (!access_ok(u64_to_user_ptr(scan->buf), scan->buf_bytes))
		return -EFAULT;
	vmscope_scan_begin(session->scanner, &session->target, scan,
			   !policy->frames);
	ret = run_scan_loop(session->scanner, scan);
	if (!ret)
		vmscope_scan_result(session->scanner, scan);
	return ret;
}

static void clear_walk(struct vmscope_walk *walk)
{
	const size_t in = offsetof(struct vmscope_walk, root_phys);

	memset((char *)walk + in, 0, sizeof(*walk) - in);
}

static int hand_out_name(struct vmscope_walk *walk, const char *name,
			 size_t name_bytes)
{
	size_t bytes = min_t(u64, walk->name_buf_bytes, name_bytes);

	walk->area.name_bytes = name_bytes;
	if (copy_to_user(u64_to_user_ptr(walk->name_buf), name, bytes))
		return -EFAULT;
	return 0;
}

/* If the whole path cannot be read, report its end. */
static int hand_out_path(struct session *session, struct vmscope_walk *walk,
			 const char *end)
{
	struct vmscope_pathname path;
	int ret = vmscope_pathname_get(&path, &session->target,
				       &session->scanner->area);

	if (!ret) {
		walk->area.where &= ~(u64)VMSCOPE_AREA_NAME_CUT;
		ret = hand_out_name(walk, path.name, path.bytes);
	} else if (ret == -ENOENT || ret == -ENAMETOOLONG) {
		ret = hand_out_name(walk, end, walk->area.name_bytes);
	}
	vmscope_pathname_put(&path);
	return ret;
}

static int run_walk(struct session *session, union request *request,
		    const struct vmscope_policy *policy)
{
	struct vmscope_walk *walk = &request->walk;
	const char *name;
	int ret;

	if (walk->flags || (!walk->name_buf && walk->name_buf_bytes))
		return -EINVAL;
	ret = need_scanner(session, policy);
	if (ret)
		return ret;
	clear_walk(walk);
	ret = vmscope_lookup(session->scanner, &session->target, policy, walk,
			     &name);
	if (ret)
		return ret;
	if (walk->area.where & VMSCOPE_AREA_NAME_CUT && walk->name_buf_bytes)
		return hand_out_path(session, walk, name);
	return hand_out_name(walk, name, walk->area.name_bytes);
}

static int run_census(struct session *session, union request *request,
		      const struct vmscope_policy *policy)
{
	const u64 flags = request->census.flags;
	u64 size = request->census.size;
	int ret;

	if (flags & ~(u64)VMSCOPE_CENSUS_ALL || request->census.reserved)
		return -EINVAL;
	ret = need_scanner(session, policy);
	if (!ret && session->target.kernel)
		ret = -ENODATA;
	if (ret)
		return ret;
	memset(&request->census, 0, sizeof(request->census));
	request->census.size = size;
	request->census.flags = flags;
	return vmscope_census(session->scanner, &session->target,
			      &request->census);
}

static int need_kernel(const struct session *session,
		       const struct vmscope_policy *policy)
{
	if (!session->target.kernel)
		return -ENOTCONN;
	return policy->kaddr ? 0 : -EPERM;
}

static int check_slabs(const struct vmscope_slabs *slabs)
{
	if (slabs->flags || slabs->reserved || slabs->buf % sizeof(u64) ||
	    (!slabs->buf && slabs->buf_bytes))
		return -EINVAL;
	if (!access_ok(u64_to_user_ptr(slabs->buf), slabs->buf_bytes))
		return -EFAULT;
	return 0;
}

static int hand_out_caches(const struct vmscope_slab_sums *sums,
			   const struct vmscope_slabs *slabs)
{
	u64 room = div_u64(slabs->buf_bytes, sizeof(struct vmscope_slab_cache));
	struct vmscope_slab_cache __user *to = u64_to_user_ptr(slabs->buf);
	struct vmscope_slab_cache cache;
	unsigned int i;

	for (i = 0; i < room && vmscope_slabs_cache(sums, i, &cache); i++)
		if (copy_to_user(to + i, &cache, sizeof(cache)))
			return -EFAULT;
	return 0;
}

static int run_slabs(struct session *session, union request *request,
		     const struct vmscope_policy *policy)
{
	struct vmscope_slabs *slabs = &request->slabs;
	struct vmscope_slab_sums *sums;
	int ret = check_slabs(slabs);

	if (!ret)
		ret = need_kernel(session, policy);
	if (ret)
		return ret;
	/* Both at once would exceed the limit of a descriptor. */
	vmscope_scanner_destroy(session->scanner);
	session->scanner = NULL;
	sums = vmscope_slabs_sum();
	if (IS_ERR(sums))
		return PTR_ERR(sums);
	ret = hand_out_caches(sums, slabs);
	vmscope_slabs_result(sums, slabs);
	vmscope_slabs_free(sums);
	return ret;
}

static int hand_out_symbol(struct vmscope_what *what)
{
	char *text;
	int ret;

	text = kmalloc(KSYM_SYMBOL_LEN, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!text)
		return -ENOMEM;
	ret = vmscope_what_symbol(what, text);
	if (!ret && what->known & VMSCOPE_WHAT_SYMBOL &&
	    copy_to_user(u64_to_user_ptr(what->symbol_buf), text,
			 min(what->symbol_bytes, what->symbol_buf_bytes)))
		ret = -EFAULT;
	kfree(text);
	return ret;
}

static void clear_what(struct vmscope_what *what)
{
	const size_t first = offsetof(struct vmscope_what, known);
	const size_t end = offsetof(struct vmscope_what, symbol_buf);

	memset((char *)what + first, 0, end - first);
	what->symbol_bytes = 0;
	what->symbol_at = 0;
}

static int run_what(struct session *session, union request *request,
		    const struct vmscope_policy *policy)
{
	struct vmscope_what *what = &request->what;
	int ret;

	if (what->flags & ~(u64)VMSCOPE_ASK_ALL || what->reserved ||
	    (!what->symbol_buf && what->symbol_buf_bytes))
		return -EINVAL;
	ret = need_kernel(session, policy);
	if (!ret)
		ret = vmscope_what_resolve(what);
	if (!ret)
		ret = need_scanner(session, policy);
	if (ret)
		return ret;
	clear_what(what);
	ret = vmscope_what(&session->scanner->copy, &session->target, what);
	if (ret || !what->symbol_buf)
		return ret;
	return hand_out_symbol(what);
}

/* Fill the list and copy it out, until it or the room ends. */
static int run_objects_loop(struct vmscope_object_list *list,
			    struct vmscope_objects *objects)
{
	u64 room = objects->buf_bytes / sizeof(struct vmscope_object);
	struct vmscope_object __user *to = u64_to_user_ptr(objects->buf);
	int ret;

	objects->bytes = 0;
	do {
		ret = vmscope_objects_fill(list, room);
		if (ret && ret != -ENOSPC)
			return ret;
		if (copy_to_user(to, list->buf, list->nr * sizeof(*to)))
			return -EFAULT;
		to += list->nr;
		room -= list->nr;
		objects->bytes += list->nr * sizeof(*to);
	} while (ret && room);
	vmscope_objects_result(list, objects);
	return 0;
}

static int run_objects(struct session *session, union request *request,
		       const struct vmscope_policy *policy)
{
	struct vmscope_objects *objects = &request->objects;
	struct vmscope_object_list *list;
	int ret = vmscope_objects_check(objects);

	if (!ret)
		ret = need_scanner(session, policy);
	if (ret)
		return ret;
	if (session->target.kernel)
		return -ENODATA;
	if (!policy->kaddr)
		return -EPERM;
	if (!access_ok(u64_to_user_ptr(objects->buf), objects->buf_bytes))
		return -EFAULT;
	list = kmalloc(sizeof(*list), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!list)
		return -ENOMEM;
	vmscope_objects_begin(list, session->scanner, &session->target,
			      objects);
	ret = run_objects_loop(list, objects);
	kfree(list);
	return ret;
}

/* Fill the runs and copy them out, until the range or the room ends. */
static int run_frames_loop(struct vmscope_frame_walk *walk,
			   struct vmscope_frame_list *list)
{
	u64 room = div_u64(list->buf_bytes, sizeof(walk->run[0]));
	struct vmscope_frame_run __user *to = u64_to_user_ptr(list->buf);
	int ret;

	list->bytes = 0;
	do {
		ret = vmscope_frame_walk_fill(walk, room);
		if (ret < 0)
			return ret;
		if (copy_to_user(to, walk->run, walk->nr * sizeof(*to)))
			return -EFAULT;
		to += walk->nr;
		room -= walk->nr;
		list->bytes += walk->nr * sizeof(*to);
	} while (ret && room);
	list->next = ret ? walk->pfn : list->end;
	return 0;
}

static int run_frames(struct session *session, union request *request,
		      const struct vmscope_policy *policy)
{
	struct vmscope_frame_list *list = &request->frames;
	struct vmscope_frame_walk *walk;
	int ret = vmscope_frame_list_check(list);

	if (!ret)
		ret = need_kernel(session, policy);
	if (ret)
		return ret;
	if (!access_ok(u64_to_user_ptr(list->buf), list->buf_bytes))
		return -EFAULT;
	walk = kmalloc(sizeof(*walk), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!walk)
		return -ENOMEM;
	vmscope_frame_walk_begin(walk, list);
	ret = run_frames_loop(walk, list);
	kfree(walk);
	return ret;
}

/*
 * By number of the call: @min is the smallest size that its struct ever had and
 * never changes; @size is the current size.
 */
#define CALL(name, type, fn)                                         \
	[_IOC_NR(VMSCOPE_IOC_##name)] = {                            \
		.dir = _IOC_DIR(VMSCOPE_IOC_##name),                 \
		.min = VMSCOPE_##name##_SIZE_V1,                     \
		.size = sizeof(struct type) +                        \
			BUILD_BUG_ON_ZERO(VMSCOPE_##name##_SIZE_V1 > \
					  sizeof(struct type)),      \
		.run = fn,                                           \
	}

static const struct {
	unsigned int dir;
	size_t min;
	size_t size;
	int (*run)(struct session *session, union request *request,
		   const struct vmscope_policy *policy);
} calls[] = {
	CALL(INFO, vmscope_info, run_info),
	CALL(ATTACH, vmscope_attach, run_attach),
	CALL(SCAN, vmscope_scan, run_scan),
	CALL(WALK, vmscope_walk, run_walk),
	CALL(CENSUS, vmscope_census, run_census),
	CALL(SLABS, vmscope_slabs, run_slabs),
	CALL(WHAT, vmscope_what, run_what),
	CALL(OBJECTS, vmscope_objects, run_objects),
	CALL(FRAMES, vmscope_frame_list, run_frames),
};

/*
 * A caller's struct may have any size that it ever had: missing fields of an
 * older one are read as zero, and additional fields of a newer one must be
 * zero. The size in @cmd only identifies the caller's version.
 */
static int copy_in(union request *request, unsigned int nr, void __user *from)
{
	u64 bytes;
	int ret;

	if (get_user(bytes, (u64 __user *)from))
		return -EFAULT;
	if (bytes < calls[nr].min)
		return -EINVAL;
	if (bytes > PAGE_SIZE)
		return -E2BIG;
	ret = copy_struct_from_user(request, calls[nr].size, from, bytes);
	if (!ret)
		request->info.size = bytes;
	return ret;
}

/* Copy out no more than the caller has room for. */
static int copy_out(void __user *to, const union request *request,
		    unsigned int nr)
{
	size_t bytes = min_t(u64, request->info.size, calls[nr].size);

	return copy_to_user(to, request, bytes) ? -EFAULT : 0;
}

static long session_ioctl(struct file *file, unsigned int cmd,
			  unsigned long arg)
{
	struct session *session = file->private_data;
	unsigned int nr = _IOC_NR(cmd);
	struct vmscope_policy policy;
	union request request;
	int ret;

	if (_IOC_TYPE(cmd) != VMSCOPE_IOC_MAGIC || nr >= ARRAY_SIZE(calls) ||
	    _IOC_DIR(cmd) != calls[nr].dir)
		return -ENOTTY;
	nr = array_index_nospec(nr, ARRAY_SIZE(calls));
	if (!vmscope_target_may_open())
		return -EPERM;
	ret = copy_in(&request, nr, (void __user *)arg);
	if (ret)
		return ret;
	if (mutex_lock_killable(&session->lock))
		return -EINTR;
	vmscope_policy_get(&policy, &session->locked);
	ret = calls[nr].run(session, &request, &policy);
	mutex_unlock(&session->lock);
	if (ret || !(calls[nr].dir & _IOC_READ))
		return ret;
	return copy_out((void __user *)arg, &request, nr);
}

static const struct file_operations session_fops = {
	.owner = THIS_MODULE,
	.open = session_open,
	.release = session_release,
	.unlocked_ioctl = session_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vmscope",
	.mode = 0600,
	.fops = &session_fops,
};

/**
 * vmscope_chardev_init - make /dev/vmscope
 *
 * Context: Process context, may sleep.
 * Return: 0 or a negative errno
 */
int vmscope_chardev_init(void)
{
	return misc_register(&device);
}

/**
 * vmscope_chardev_exit - undo vmscope_chardev_init()
 *
 * Context: Process context, may sleep. No descriptor is open.
 */
void vmscope_chardev_exit(void)
{
	misc_deregister(&device);
}
