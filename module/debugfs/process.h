/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_DEBUGFS_PROCESS_H
#define _VMSCOPE_DEBUGFS_PROCESS_H

struct dentry;
struct vmscope_watched;

int vmscope_process_files(struct dentry *dir, struct vmscope_watched *watched);

#endif /* _VMSCOPE_DEBUGFS_PROCESS_H */
