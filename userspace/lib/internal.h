/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _VMSCOPE_INTERNAL_H
#define _VMSCOPE_INTERNAL_H

#include <vmscope/libvmscope.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/**
 * struct vmscope - a handle
 * @ops: where the answers come from
 * @ctx: for @ops
 * @info: as the module reported it at open
 * @attached: whose memory it is bound to; all 0 until then
 * @kernel: bound to the kernel's half
 */
struct vmscope {
	const struct vmscope_ops *ops;
	void *ctx;
	struct vmscope_info info;
	struct vmscope_attach attached;
	bool kernel;
};

int vmscope_call(struct vmscope *scope, unsigned long request, void *arg);

#endif /* _VMSCOPE_INTERNAL_H */
