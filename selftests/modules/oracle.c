// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own dump of its page tables, as CONFIG_PTDUMP_DEBUGFS provides
 * it in /sys/kernel/debug/page_tables/kernel, for kernels built without it.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/pgtable.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

static struct dentry *dir;

static int ptdump_show(struct seq_file *m, void *unused)
{
	if (!current->mm)
		return -EINVAL;
	ptdump_walk_pgd_level_debugfs(m, current->mm, false);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(ptdump);

static int __init oracle_init(void)
{
	dir = debugfs_create_dir("vmscope_oracle", NULL);
	if (IS_ERR(dir))
		return PTR_ERR(dir);
	debugfs_create_file("ptdump", 0400, dir, NULL, &ptdump_fops);
	return 0;
}

static void __exit oracle_exit(void)
{
	debugfs_remove(dir);
}

module_init(oracle_init);
module_exit(oracle_exit);

MODULE_DESCRIPTION("vmscope selftests: the kernel's dump of its page tables");
MODULE_LICENSE("GPL");
