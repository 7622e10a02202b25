/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_DEBUGFS_H
#define _VMSCOPE_DEBUGFS_H

struct dentry;

#ifdef CONFIG_DEBUG_FS
void vmscope_debugfs_init(void);
void vmscope_debugfs_exit(void);
void vmscope_debugfs_kmalloc(struct dentry *dir);
void vmscope_debugfs_vmalloc(struct dentry *dir);
#else
static inline void vmscope_debugfs_init(void)
{
}

static inline void vmscope_debugfs_exit(void)
{
}
#endif

#endif /* _VMSCOPE_DEBUGFS_H */
