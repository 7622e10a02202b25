/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_DEBUGFS_VIEW_H
#define _VMSCOPE_DEBUGFS_VIEW_H

#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#include "../../include/uapi/vmscope.h"
#include "../target.h"

struct vmscope_scanner;
struct vmscope_view;

/**
 * struct vmscope_view_kind - a file of a directory
 * @header: first line, without "#"
 * @query: the scan; all 0 if no page table is read
 * @frames: it shows frames or raw entries
 * @room: bytes of text to begin with, or 0
 * @show: print a record, if the file is a stream of records
 * @show_all: print everything, if it is not a stream
 */
struct vmscope_view_kind {
	const char *header;
	struct vmscope_scan query;
	bool frames;
	size_t room;
	void (*show)(struct seq_file *m, const struct vmscope_view *view,
		     const struct vmscope_page *page);
	int (*show_all)(struct seq_file *m, struct vmscope_view *view);
};

/**
 * struct vmscope_view - an open file
 * @kind: which file
 * @target: pinned
 * @locked: see vmscope_policy_get()
 * @frames: the text since vmscope_view_begin() contains frames
 * @scanner: where the records come from, NULL if no page table is read
 * @index: line number of the current record, from 1
 * @at: word of the scanner's buffer where that record begins
 * @ready: words of the buffer that may be shown
 * @done: no records will follow those in the buffer
 * @error: why the scan cannot go on, or 0
 * @area: the area of the current record
 * @name: its name, @area.name_bytes long
 *
 * Guarded by the lock of the seq_file.
 */
struct vmscope_view {
	const struct vmscope_view_kind *kind;
	struct vmscope_target target;
	bool locked;
	bool frames;
	struct vmscope_scanner *scanner;
	loff_t index;
	size_t at;
	size_t ready;
	bool done;
	int error;
	struct vmscope_area area;
	char name[PATH_MAX];
};

/* view.c APIs: */
const struct vmscope_page *vmscope_view_record(const struct vmscope_view *view);
void vmscope_view_begin(struct vmscope_view *view);
int vmscope_view_advance(struct vmscope_view *view);
int vmscope_view_open(struct inode *inode, struct file *file,
		      const struct vmscope_view_kind *kind,
		      int (*pin)(struct vmscope_target *target, void *owner));
ssize_t vmscope_view_read(struct file *file, char __user *to, size_t bytes,
			  loff_t *pos);
int vmscope_view_release(struct inode *inode, struct file *file);

/**
 * vmscope_record_pages - length of a record
 * @page: a PAGE or RUN
 *
 * Return: its length in base pages
 */
static inline u64 vmscope_record_pages(const struct vmscope_page *page)
{
	if (VMSCOPE_WORD_KIND(page->where) == VMSCOPE_KIND_RUN)
		return page->raw;
	return VMSCOPE_WORD_PAGES(page->what);
}

/* Area records with names. */
#define VMSCOPE_VIEW_NAMED (VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_NAMES)

/* Define NAME_fops, which show NAME_kind of the target that @pin pins. */
#define VMSCOPE_VIEW_FOPS(name, pin)                                      \
	static int name##_open(struct inode *inode, struct file *file)    \
	{                                                                 \
		return vmscope_view_open(inode, file, &name##_kind, pin); \
	}                                                                 \
	static const struct file_operations name##_fops = {               \
		.owner = THIS_MODULE,                                     \
		.open = name##_open,                                      \
		.read = vmscope_view_read,                                \
		.llseek = seq_lseek,                                      \
		.release = vmscope_view_release,                          \
	}

#endif /* _VMSCOPE_DEBUGFS_VIEW_H */
