// SPDX-License-Identifier: LGPL-2.1-or-later
/* Opening, binding and the calls that return one answer. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "internal.h"

static_assert(sizeof(struct vmscope_page) == 32, "page record");
static_assert(sizeof(struct vmscope_table) == 40, "table record");
static_assert(sizeof(struct vmscope_area) == VMSCOPE_SCAN_MIN_BYTES,
	      "area record");
static_assert(sizeof(struct vmscope_scan) == 23 * 8, "scan");
static_assert(sizeof(struct vmscope_frame) == 64, "frame record");
static_assert(sizeof(struct vmscope_walk_level) == 40, "walk level");
static_assert(sizeof(struct vmscope_object) == 32, "object");

/* The source behind vmscope_open(). */
struct device {
	int fd; /* descriptor of VMSCOPE_DEVICE */
};

static int device_ioctl(void *ctx, unsigned long request, void *arg)
{
	struct device *dev = ctx;

	return ioctl(dev->fd, request, arg) < 0 ? -errno : 0;
}

static void device_close(void *ctx)
{
	struct device *dev = ctx;

	close(dev->fd);
	free(dev);
}

static const struct vmscope_ops device_ops = {
	.ioctl = device_ioctl,
	.close = device_close,
};

int vmscope_call(struct vmscope *scope, unsigned long request, void *arg)
{
	return scope->ops->ioctl(scope->ctx, request, arg);
}

static int read_info(struct vmscope *scope)
{
	int ret;

	scope->info.size = sizeof(scope->info);
	ret = vmscope_call(scope, VMSCOPE_IOC_INFO, &scope->info);
	/* A device that does not know the first call has another ABI. */
	if (ret == -ENOTTY || ret == -E2BIG)
		return -EPROTO;
	if (ret)
		return ret;
	/* Sizes are computed with the page's. */
	if (scope->info.abi != VMSCOPE_ABI_VERSION ||
	    scope->info.page_size < 4096 ||
	    scope->info.page_size & (scope->info.page_size - 1))
		return -EPROTO;
	return 0;
}

/**
 * vmscope_open_ops - open a handle on the caller's own source
 * @scope: set on success; to be closed with vmscope_close()
 * @ops: the source; must outlive the handle
 * @ctx: passed to @ops; closed with the handle, and on failure too
 *
 * Return: 0, -EPROTO if the source has another ABI version, -ENOMEM, or the
 * error of the source's first call.
 */
int vmscope_open_ops(struct vmscope **scope, const struct vmscope_ops *ops,
		     void *ctx)
{
	struct vmscope *s = calloc(1, sizeof(*s));
	int ret = -ENOMEM;

	if (s) {
		s->ops = ops;
		s->ctx = ctx;
		ret = read_info(s);
		if (!ret) {
			*scope = s;
			return 0;
		}
	}
	if (ops->close)
		ops->close(ctx);
	free(s);
	return ret;
}

/**
 * vmscope_open - open the device and compare versions
 * @scope: set on success; to be closed with vmscope_close()
 *
 * Return:
 * * 0        - @scope is open, and bound to nothing yet
 * * -ENOENT  - the module is not loaded
 * * -EACCES  - the caller is not root in the initial namespaces
 * * -EPROTO  - module and library have different ABI versions
 * * -ENOMEM and others as open(2)
 */
int vmscope_open(struct vmscope **scope)
{
	struct device *dev = malloc(sizeof(*dev));
	int ret;

	if (!dev)
		return -ENOMEM;
	dev->fd = open(VMSCOPE_DEVICE, O_RDWR | O_CLOEXEC);
	if (dev->fd >= 0)
		return vmscope_open_ops(scope, &device_ops, dev);
	ret = errno == ENXIO || errno == ENODEV ? -ENOENT : -errno;
	free(dev);
	return ret;
}

/**
 * vmscope_close - close a handle
 * @scope: the handle, or NULL; its iterators must be gone
 */
void vmscope_close(struct vmscope *scope)
{
	if (!scope)
		return;
	if (scope->ops->close)
		scope->ops->close(scope->ctx);
	free(scope);
}

/**
 * vmscope_get_info - what the module reported when the handle was opened
 * @scope: the handle
 *
 * Return: the info; lives as long as the handle.
 */
const struct vmscope_info *vmscope_get_info(const struct vmscope *scope)
{
	return &scope->info;
}

static int attach(struct vmscope *scope, uint64_t flags, uint64_t pid)
{
	struct vmscope_attach request = {
		.size = sizeof(request),
		.flags = flags,
		.pid = pid,
	};
	int ret = vmscope_call(scope, VMSCOPE_IOC_ATTACH, &request);

	if (!ret)
		scope->attached = request;
	return ret;
}

/**
 * vmscope_attach_pid - bind a handle to a process
 * @scope: the handle; not bound yet
 * @pid: process or thread, in the caller's PID namespace
 *
 * Return: 0, -ESRCH no such process, -ENODATA a kernel thread, -EPERM,
 * -EINVAL not a PID, -EBUSY bound already.
 */
int vmscope_attach_pid(struct vmscope *scope, int pid)
{
	return pid > 0 ? attach(scope, 0, pid) : -EINVAL;
}

/**
 * vmscope_attach_next - bind a handle to the next process
 * @scope: the handle; if it is bound already, its iterators must be gone
 * @pid: lowest PID to consider, in the caller's PID namespace
 *
 * The handle leaves what it is bound to. Kernel threads and zombies are
 * skipped. To visit every process, begin with 1 and continue from
 * vmscope_get_attached()->tgid + 1.
 *
 * Return: 0, -ESRCH there are no more, -EPERM, -EINVAL not a PID, -EBUSY a
 * module that binds a handle only once; the handle is bound as before after an
 * error.
 */
int vmscope_attach_next(struct vmscope *scope, int pid)
{
	int ret = pid > 0 ? attach(scope, VMSCOPE_ATTACH_NEXT, pid) : -EINVAL;

	if (!ret)
		scope->kernel = false;
	return ret;
}

/**
 * vmscope_get_attached - the process that a handle is bound to
 * @scope: the handle
 *
 * Return: PIDs, name and segments as the module reported them when it was
 * bound last, all 0 before; lives as long as the handle.
 */
const struct vmscope_attach *vmscope_get_attached(const struct vmscope *scope)
{
	return &scope->attached;
}

/* The "Pid:" line: -1 for a process that is gone, 0 for another namespace. */
static int pidfd_pid(int pidfd)
{
	char path[64], line[128];
	int pid = -EBADF;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
	f = fopen(path, "re");
	if (!f)
		return -EBADF;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "Pid: %d", &pid) == 1) {
			pid = pid > 0 ? pid : -ESRCH;
			break;
		}
	}
	fclose(f);
	return pid;
}

static bool pidfd_alive(int pidfd)
{
	struct pollfd pfd = { .fd = pidfd, .events = POLLIN };

	return poll(&pfd, 1, 0) == 0;
}

/**
 * vmscope_attach_pidfd - bind a handle to the process behind a pidfd
 * @scope: the handle; not bound yet
 * @pidfd: as returned by pidfd_open(2)
 *
 * The PID is read first and the pidfd is polled after the binding: if the
 * process is still alive then, its PID cannot have been reused.
 *
 * Return: as vmscope_attach_pid(), and -EBADF if @pidfd is not a pidfd. After
 * -ESRCH the handle may be bound to another process: close it.
 */
int vmscope_attach_pidfd(struct vmscope *scope, int pidfd)
{
	int pid = pidfd_pid(pidfd);
	int ret;

	if (pid < 0)
		return pid;
	ret = vmscope_attach_pid(scope, pid);
	if (!ret && !pidfd_alive(pidfd))
		ret = -ESRCH;
	return ret;
}

/**
 * vmscope_attach_kernel - bind a handle to the kernel's own half
 * @scope: the handle; not bound yet
 *
 * Return: 0, -EPERM where kernel addresses are withheld from this caller,
 * -EOPNOTSUPP where the kernel's half cannot be read, -EBUSY bound already.
 */
int vmscope_attach_kernel(struct vmscope *scope)
{
	int ret = attach(scope, VMSCOPE_ATTACH_KERNEL, 0);

	if (!ret)
		scope->kernel = true;
	return ret;
}

/**
 * vmscope_walk_addr - every level of one address
 * @scope: a bound handle
 * @addr: any canonical address, any alignment
 * @walk: filled
 * @name: the area's name, zero-terminated and cut at @name_bytes; may be NULL
 * @name_bytes: length of @name
 *
 * Return: 0, or as the device: -EINVAL not canonical, -EPERM the kernel's half
 * is not for this caller, -ESRCH the address space is gone.
 */
int vmscope_walk_addr(struct vmscope *scope, uint64_t addr,
		      struct vmscope_walk *walk, char *name, size_t name_bytes)
{
	size_t len;
	int ret;

	memset(walk, 0, sizeof(*walk));
	walk->size = sizeof(*walk);
	walk->addr = addr;
	if (name && name_bytes > 1) {
		walk->name_buf = (uintptr_t)name;
		walk->name_buf_bytes = name_bytes - 1;
	}
	ret = vmscope_call(scope, VMSCOPE_IOC_WALK, walk);
	if (!name || !name_bytes)
		return ret;
	len = ret ? 0 : walk->area.name_bytes;
	name[len < name_bytes ? len : name_bytes - 1] = '\0';
	return ret;
}

/**
 * vmscope_table_bytes - the kernel's own count of page tables
 * @scope: a bound handle
 * @bytes: filled: what VmPTE shows
 *
 * Return: 0, or as the device.
 */
int vmscope_table_bytes(struct vmscope *scope, uint64_t *bytes)
{
	struct vmscope_census census = {
		.size = sizeof(census),
		.flags = VMSCOPE_CENSUS_BYTES,
	};
	int ret = vmscope_call(scope, VMSCOPE_IOC_CENSUS, &census);

	if (!ret)
		*bytes = census.pgtables_bytes;
	return ret;
}

/**
 * vmscope_count_tables - count page tables and entries
 * @scope: a bound handle
 * @census: filled
 *
 * Return: 0, or as the device.
 */
int vmscope_count_tables(struct vmscope *scope, struct vmscope_census *census)
{
	memset(census, 0, sizeof(*census));
	census->size = sizeof(*census);
	return vmscope_call(scope, VMSCOPE_IOC_CENSUS, census);
}

/**
 * vmscope_what - what one kernel address is
 * @scope: a handle that is bound to the kernel
 * @addr: a canonical address of the kernel's half, any alignment
 * @what: filled
 *
 * Return: 0, or as the device: -EINVAL not such an address, -EPERM kernel
 * addresses are withheld, -ENOTTY the module does not know this call.
 */
int vmscope_what(struct vmscope *scope, uint64_t addr,
		 struct vmscope_what *what)
{
	return vmscope_what_symbol(scope, addr, 0, NULL, 0, what);
}

/**
 * vmscope_what_symbol - what one kernel address is, and its symbol
 * @scope: a handle that is bound to the kernel
 * @addr: a canonical address of the kernel's half, any alignment
 * @flags: enum vmscope_ask_flag, without VMSCOPE_ASK_CPU
 * @text: filled with the symbol, zero-terminated: "name+0x10/0x2f0", then
 *	" [module]" if it is in one; empty without VMSCOPE_WHAT_SYMBOL
 * @bytes: room in @text; 0 asks for no symbol
 * @what: filled
 *
 * Return: 0, or as vmscope_what().
 */
int vmscope_what_symbol(struct vmscope *scope, uint64_t addr, uint64_t flags,
			char *text, size_t bytes, struct vmscope_what *what)
{
	int ret;

	memset(what, 0, sizeof(*what));
	what->size = sizeof(*what);
	what->flags = flags;
	what->addr = addr;
	if (bytes > 1) {
		memset(text, 0, bytes);
		what->symbol_buf = (uintptr_t)text;
		what->symbol_buf_bytes = bytes - 1;
	}
	ret = vmscope_call(scope, VMSCOPE_IOC_WHAT, what);
	what->symbol_buf = 0;
	/* An older module has no room for the question. */
	if (ret == -E2BIG && bytes > 1)
		return vmscope_what(scope, addr, what);
	return ret;
}

/**
 * vmscope_what_of_cpu - what a processor's own per-CPU data is
 * @scope: a handle that is bound to the kernel
 * @cpu: the processor, from 0 on
 * @offset: of the data, such as the value of a per-CPU symbol
 * @what: filled; its @addr is the address of the data
 *
 * Return: 0, or as the device: -EINVAL no such processor, or a module that
 * does not know this question; otherwise as vmscope_what().
 */
int vmscope_what_of_cpu(struct vmscope *scope, unsigned int cpu,
			uint64_t offset, struct vmscope_what *what)
{
	memset(what, 0, sizeof(*what));
	what->size = sizeof(*what);
	what->flags = VMSCOPE_ASK_CPU;
	what->addr = offset;
	what->cpu = cpu;
	return vmscope_call(scope, VMSCOPE_IOC_WHAT, what);
}

/**
 * vmscope_sum_slabs - what all frames of memory are used for
 * @scope: a handle that is bound to the kernel
 * @slabs: filled; its @nr_caches can be more than @nr
 * @caches: array that is filled with the slab caches, kmalloc's first
 * @nr: length of @caches
 *
 * Return: 0, or as the device: -EPERM kernel addresses are withheld,
 * -ENOTCONN the handle is not bound to the kernel, -ENOTTY the module does not
 * know this call.
 */
int vmscope_sum_slabs(struct vmscope *scope, struct vmscope_slabs *slabs,
		      struct vmscope_slab_cache *caches, size_t nr)
{
	memset(slabs, 0, sizeof(*slabs));
	slabs->size = sizeof(*slabs);
	slabs->buf = (uintptr_t)caches;
	slabs->buf_bytes = nr * sizeof(*caches);
	return vmscope_call(scope, VMSCOPE_IOC_SLABS, slabs);
}

/**
 * vmscope_read_frames - facts of a range of frames, in several calls
 * @scope: a handle that is bound to the kernel
 * @list: the caller sets @start, @end, @facts and @page_flags before the first
 *	call; @start is moved on
 * @runs: array, filled
 * @room: how many it has room for, at least 1
 * @nr: set to how many were written
 *
 * Return: 1 if there are more, 0 if these were the last, or as the device:
 * -EPERM kernel addresses are withheld, -ENOTCONN the handle is not bound to
 *the kernel, -EINVAL an empty range, -EOPNOTSUPP a fact that this kernel does
 *not have, -ENOTTY the module does not know this call.
 */
int vmscope_read_frames(struct vmscope *scope, struct vmscope_frame_list *list,
			struct vmscope_frame_run *runs, size_t room, size_t *nr)
{
	int ret;

	list->size = sizeof(*list);
	list->buf = (uintptr_t)runs;
	list->buf_bytes = room * sizeof(*runs);
	ret = vmscope_call(scope, VMSCOPE_IOC_FRAMES, list);
	*nr = ret ? 0 : list->bytes / sizeof(*runs);
	if (ret)
		return ret;
	list->start = list->next;
	return list->start < list->end;
}

/**
 * vmscope_read_objects - what the kernel keeps for a process, in several calls
 * @scope: a handle that is bound to a process
 * @cursor: zeros in the first call, then left alone
 * @objects: array, filled
 * @room: how many it has room for, at least 1
 * @nr: set to how many were written
 *
 * Return: 1 if there are more, 0 if these were the last, or as the device:
 * -EPERM kernel addresses are withheld, -ESRCH the process is gone, -ENOTTY the
 * module does not know this call.
 */
int vmscope_read_objects(struct vmscope *scope, uint64_t cursor[2],
			 struct vmscope_object *objects, size_t room,
			 size_t *nr)
{
	struct vmscope_objects call = {
		.size = sizeof(call),
		.buf = (uintptr_t)objects,
		.buf_bytes = room * sizeof(*objects),
		.cursor = { cursor[0], cursor[1] },
	};
	int ret = vmscope_call(scope, VMSCOPE_IOC_OBJECTS, &call);

	*nr = 0;
	if (ret)
		return ret;
	if (call.bytes > call.buf_bytes || (!call.bytes && !call.done))
		return -EPROTO;
	*nr = call.bytes / sizeof(*objects);
	cursor[0] = call.cursor[0];
	cursor[1] = call.cursor[1];
	return !call.done;
}
