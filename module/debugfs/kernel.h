/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_DEBUGFS_KERNEL_H
#define _VMSCOPE_DEBUGFS_KERNEL_H

struct dentry;
struct vmscope_target;

/* kernel.c APIs: */
void vmscope_kernel_files(struct dentry *dir);
int vmscope_kernel_pin(struct vmscope_target *target, void *owner);

/* vmalloc.c and kmalloc.c APIs: */
void vmscope_vmalloc_file(struct dentry *dir);
void vmscope_kmalloc_file(struct dentry *dir);

#endif /* _VMSCOPE_DEBUGFS_KERNEL_H */
