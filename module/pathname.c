// SPDX-License-Identifier: GPL-2.0-only
/*
 * The path of a file that is too long for the record of its area. The file is
 * pinned while the area is held; the path is put together when it is not, so
 * nobody waits for that.
 */
#include "pathname.h"

#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>

#include "../include/uapi/vmscope.h"
#include "area.h"
#include "compat/compat.h"
#include "target.h"

static struct file *file_of(struct mm_struct *mm,
			    const struct vmscope_area_facts *area)
{
	struct vm_area_struct *vma = vma_lookup(mm, area->start);
	struct vmscope_area_facts now;

	if (!vma || !vma->vm_file)
		return NULL;
	vmscope_area_describe(vma, &now);
	if (vmscope_area_key(&now) != vmscope_area_key(area))
		return NULL;
	return get_file(vma->vm_file);
}

static struct file *get_area_file(struct vmscope_target *target,
				  const struct vmscope_area_facts *area)
{
	struct file *file;
	int ret = vmscope_target_use(target);

	if (ret)
		return ERR_PTR(ret);
	if (mmap_read_lock_killable(target->mm)) {
		file = ERR_PTR(-EINTR);
	} else {
		file = file_of(target->mm, area);
		mmap_read_unlock(target->mm);
	}
	vmscope_target_unuse(target);
	return file ? file : ERR_PTR(-ENOENT);
}

static int read_path(struct vmscope_pathname *path, const struct path *from)
{
	const size_t most = VMSCOPE_WALK_NAME_MAX + 1;
	size_t bytes = PATH_MAX;
	char *name;

	do {
		bytes = min_t(size_t, 4 * bytes, most);
		kvfree(path->buf);
		path->buf = kvmalloc(bytes, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
		if (!path->buf)
			return -ENOMEM;
		name = d_path(from, path->buf, bytes);
	} while (PTR_ERR_OR_ZERO(name) == -ENAMETOOLONG && bytes < most);
	if (IS_ERR(name))
		return PTR_ERR(name);
	path->name = name;
	path->bytes = strlen(name);
	return 0;
}

/**
 * vmscope_pathname_get - the whole path of the file that an area maps
 * @path: filled in; to be freed with vmscope_pathname_put(), whatever is
 *	returned
 * @target: a process
 * @area: the area, as it was a moment ago
 *
 * Context: Process context, may sleep; takes and leaves the target's mmap_lock.
 * Return:
 * * 0 - found
 * * -ENOENT - the area has changed, or has no file
 * * -ENAMETOOLONG - it has more than VMSCOPE_WALK_NAME_MAX bytes
 * * -ENOMEM, -ESRCH the address space is gone, -EINTR the caller was killed
 */
int vmscope_pathname_get(struct vmscope_pathname *path,
			 struct vmscope_target *target,
			 const struct vmscope_area_facts *area)
{
	struct file *file = get_area_file(target, area);
	int ret;

	*path = (struct vmscope_pathname){};
	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = read_path(path, compat_file_path(file));
	fput(file);
	return ret;
}

/**
 * vmscope_pathname_put - free a path
 * @path: as vmscope_pathname_get() left it
 *
 * Context: Process context.
 */
void vmscope_pathname_put(struct vmscope_pathname *path)
{
	kvfree(path->buf);
}
