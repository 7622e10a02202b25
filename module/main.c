// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmscope: shows page tables, swap entries and frames. Reads, never writes.
 */
#include <linux/module.h>
#include <linux/printk.h>

#include "arch/arch.h"
#include "area.h"
#include "chardev.h"
#include "debugfs/root.h"
#include "folio.h"
#include "online.h"
#include "selftest/selftest.h"
#include "kernel/slab.h"

static bool run_selftest;
module_param_named(selftest, run_selftest, bool, 0);
MODULE_PARM_DESC(selftest,
		 "Test decoding and merging; load only if all is right");

static int __init vmscope_init(void)
{
	int ret = vmscope_arch_supported();

	if (ret)
		return ret;
	vmscope_arch_init();
	if (VMSCOPE_ARCH_KERNEL_HALF)
		vmscope_slab_init();
	if (run_selftest && !vmscope_selftest())
		return -ENOTRECOVERABLE;
	vmscope_area_init();
	vmscope_folio_init();
	ret = vmscope_online_init();
	if (ret)
		return ret;
	ret = vmscope_chardev_init();
	if (ret)
		goto err_frame;
	vmscope_debugfs_init();
	pr_info("vmscope " VMSCOPE_VERSION " loaded\n");
	return 0;

err_frame:
	vmscope_online_exit();
	return ret;
}

static void __exit vmscope_exit(void)
{
	vmscope_debugfs_exit();
	vmscope_chardev_exit();
	vmscope_online_exit();
}

module_init(vmscope_init);
module_exit(vmscope_exit);

MODULE_DESCRIPTION("Shows what a process's memory really is");
MODULE_AUTHOR("The vmscope developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(VMSCOPE_VERSION);
