/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_DEBUGFS_SUMMARY_H
#define _VMSCOPE_DEBUGFS_SUMMARY_H

struct seq_file;
struct vmscope_view;

int vmscope_show_summary(struct seq_file *m, struct vmscope_view *view);

#endif /* _VMSCOPE_DEBUGFS_SUMMARY_H */
