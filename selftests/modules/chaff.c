// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module to load and unload, with a little of everything that modules have.
 */
#include <linux/module.h>

static unsigned long data[512] = { 1 };
static unsigned long bss[512];
static const unsigned long rodata[512] = { 2 };

static int __init chaff_init(void)
{
	bss[0] = data[0] + rodata[0];
	return 0;
}

static void __exit chaff_exit(void)
{
	data[0] = bss[0];
}

module_init(chaff_init);
module_exit(chaff_exit);

MODULE_DESCRIPTION("vmscope selftests: something to load and unload");
MODULE_LICENSE("GPL");
