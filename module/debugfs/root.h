/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_DEBUGFS_ROOT_H
#define _VMSCOPE_DEBUGFS_ROOT_H

struct vmscope_target;

#ifdef CONFIG_DEBUG_FS
void vmscope_debugfs_init(void);
void vmscope_debugfs_exit(void);
int vmscope_watched_pin(struct vmscope_target *target, void *owner);
#else
static inline void vmscope_debugfs_init(void)
{
}

static inline void vmscope_debugfs_exit(void)
{
}
#endif

#endif /* _VMSCOPE_DEBUGFS_ROOT_H */
