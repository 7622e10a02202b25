// SPDX-License-Identifier: GPL-2.0-only
/*
 * A text file: records of a scan as the lines of a seq_file, or one text made
 * at once.
 */
#include "view.h"

#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../scan.h"

/**
 * vmscope_view_record - the current record
 * @view: vmscope_view_advance() returned 1
 *
 * Return: the record; until the next vmscope_view_advance()
 */
const struct vmscope_page *vmscope_view_record(const struct vmscope_view *view)
{
	return (const void *)(view->scanner->buf + view->at);
}

static size_t record_words(const struct vmscope_view *view)
{
	const struct vmscope_area *area =
		(const void *)vmscope_view_record(view);

	if (VMSCOPE_WORD_KIND(area->where) != VMSCOPE_KIND_AREA)
		return VMSCOPE_PAGE_WORDS;
	return (sizeof(*area) + round_up(area->name_bytes, sizeof(u64))) /
	       sizeof(u64);
}

static void enter_area(struct vmscope_view *view)
{
	const struct vmscope_area *area =
		(const void *)vmscope_view_record(view);

	view->area = *area;
	view->area.name_bytes =
		min_t(u64, area->name_bytes, sizeof(view->name));
	memcpy(view->name, area + 1, view->area.name_bytes);
}

/**
 * vmscope_view_begin - go back to before the first record
 * @view: an open file
 *
 * Context: Process context, the seq_file is locked.
 */
void vmscope_view_begin(struct vmscope_view *view)
{
	struct vmscope_policy policy;

	vmscope_policy_get(&policy, &view->locked);
	view->frames = policy.frames;
	vmscope_scan_begin(view->scanner, &view->target, &view->kind->query,
			   !policy.frames);
	view->index = 0;
	view->at = 0;
	view->ready = 0;
	view->done = false;
	view->error = 0;
}

static int refill(struct vmscope_view *view)
{
	struct vmscope_sink *sink = &view->scanner->sink;
	int ret;

	vmscope_sink_drop(sink, view->ready);
	ret = vmscope_scan_fill(view->scanner);
	if (ret && ret != -ENOSPC)
		return ret;
	view->done = !ret;
	view->at = 0;
	view->ready = vmscope_sink_ready(sink, view->done);
	return 0;
}

/**
 * vmscope_view_advance - go to the next record that is a line
 * @view: vmscope_view_begin() was called
 *
 * Context: Process context, may sleep; the seq_file is locked.
 * Return: 1, 0 at the end, or an error of vmscope_scan_fill()
 */
int vmscope_view_advance(struct vmscope_view *view)
{
	int ret;

	if (view->index++)
		view->at += record_words(view);
	for (;;) {
		while (view->at < view->ready) {
			const struct vmscope_page *page =
				vmscope_view_record(view);

			if (VMSCOPE_WORD_KIND(page->where) != VMSCOPE_KIND_AREA)
				return 1;
			enter_area(view);
			view->at += record_words(view);
		}
		if (view->done)
			return 0;
		ret = refill(view);
		if (ret)
			return ret;
	}
}

/* Text before an error is read first; the next read gets the error. */
static void *stream_step(struct vmscope_view *view)
{
	int ret = vmscope_view_advance(view);

	if (ret < 0) {
		/* That a reader was killed does not concern the next one. */
		view->error = ret == -EINTR ? 0 : ret;
		return ERR_PTR(ret);
	}
	return ret ? view : NULL;
}

static int check_alive(const struct vmscope_view *view)
{
	return vmscope_target_is_gone(&view->target) ? -ESRCH : 0;
}

/* A reader that goes back restarts; seq_file skips what was read. */
static void *stream_start(struct seq_file *m, loff_t *pos)
{
	struct vmscope_view *view = m->private;
	int ret = check_alive(view);

	if (ret)
		return ERR_PTR(ret);
	if (!*pos) {
		vmscope_view_begin(view);
		return SEQ_START_TOKEN;
	}
	if (view->error)
		return ERR_PTR(view->error);
	if (*pos == view->index)
		return view->at < view->ready ? view : NULL;
	if (*pos < view->index)
		vmscope_view_begin(view);
	while (view->index < *pos) {
		void *step = stream_step(view);

		if (IS_ERR_OR_NULL(step))
			return step;
	}
	return view;
}

static void *stream_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct vmscope_view *view = m->private;

	++*pos;
	return stream_step(view);
}

static void stream_stop(struct seq_file *m, void *v)
{
}

static int stream_show(struct seq_file *m, void *v)
{
	const struct vmscope_view *view = m->private;

	if (v == SEQ_START_TOKEN)
		seq_printf(m, "#%s\n", view->kind->header);
	else
		view->kind->show(m, view, vmscope_view_record(view));
	return 0;
}

static const struct seq_operations stream_ops = {
	.start = stream_start,
	.next = stream_next,
	.stop = stream_stop,
	.show = stream_show,
};

static int show_once(struct seq_file *m, void *v)
{
	struct vmscope_view *view = m->private;
	int ret = check_alive(view);

	if (ret)
		return ret;
	seq_printf(m, "#%s\n", view->kind->header);
	return view->kind->show_all(m, view);
}

static void view_destroy(struct vmscope_view *view)
{
	if (view->target.mm)
		vmscope_target_put(&view->target);
	if (view->scanner)
		vmscope_scanner_destroy(view->scanner);
	kvfree(view);
}

static int pin_and_check(struct vmscope_view *view, void *owner,
			 int (*pin)(struct vmscope_target *target, void *owner))
{
	struct vmscope_policy policy;
	int ret = pin(&view->target, owner);

	if (ret)
		return ret;
	vmscope_policy_get(&policy, &view->locked);
	return vmscope_target_check(&view->target, &policy);
}

static int open_seq(struct file *file, struct vmscope_view *view)
{
	struct seq_file *m;
	int ret;

	if (!view->kind->show_all)
		ret = seq_open(file, &stream_ops);
	else if (view->kind->room)
		ret = single_open_size(file, show_once, view, view->kind->room);
	else
		ret = single_open(file, show_once, view);
	if (ret)
		return ret;
	m = file->private_data;
	m->private = view;
	return 0;
}

/**
 * vmscope_view_open - open a file
 * @inode: its i_private is the owner
 * @file: the file
 * @kind: what it shows
 * @pin: pins the target, given the owner
 *
 * Context: Process context, may sleep.
 * Return: 0, -EACCES, -EPERM, -ENOMEM, or what @pin returned
 */
int vmscope_view_open(struct inode *inode, struct file *file,
		      const struct vmscope_view_kind *kind,
		      int (*pin)(struct vmscope_target *target, void *owner))
{
	struct vmscope_view *view;
	int ret;

	if (!vmscope_target_may_open())
		return -EACCES;
	view = kvzalloc(sizeof(*view), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!view)
		return -ENOMEM;
	view->kind = kind;
	ret = pin_and_check(view, inode->i_private, pin);
	if (!ret && kind->query.buf_bytes) {
		view->scanner = vmscope_scanner_create();
		if (!view->scanner)
			ret = -ENOMEM;
	}
	if (!ret)
		ret = open_seq(file, view);
	if (ret)
		view_destroy(view);
	return ret;
}

/*
 * Text left from an earlier read contains frames: if they are withheld by now,
 * the file ends here. Opened again, it shows the rest.
 */
static int check_read(struct vmscope_view *view)
{
	struct vmscope_policy policy;

	if (!vmscope_target_may_open())
		return -EPERM;
	vmscope_policy_get(&policy, &view->locked);
	if (view->kind->frames && view->frames && !policy.frames)
		return -EPERM;
	return vmscope_target_check(&view->target, &policy);
}

/**
 * vmscope_view_read - read a file
 * @file: the file
 * @to: the reader's buffer
 * @bytes: its length
 * @pos: position in the text
 *
 * A descriptor can be passed on, so its reader is checked like its opener,
 * before it gets text that is left from an earlier read.
 *
 * The directory may be removed meanwhile. Removal does not wait, because a
 * reader whose buffer is handled by userfaultfd may sleep without limit. The
 * open file pins everything that is read.
 *
 * Context: Process context, may sleep.
 * Return: bytes read, or a negative errno; -EIO if the file is removed
 */
ssize_t vmscope_view_read(struct file *file, char __user *to, size_t bytes,
			  loff_t *pos)
{
	const struct seq_file *m = file->private_data;
	int ret = d_unlinked(file->f_path.dentry) ? -EIO :
						    check_read(m->private);

	return ret ? ret : seq_read(file, to, bytes, pos);
}

/**
 * vmscope_view_release - release a file
 * @inode: its inode
 * @file: the file
 *
 * Context: Process context, may sleep.
 * Return: 0
 */
int vmscope_view_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct vmscope_view *view = m->private;
	bool once = view->kind->show_all;

	view_destroy(view);
	return once ? single_release(inode, file) : seq_release(inode, file);
}
