/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _VMSCOPE_INTERNAL_H
#define _VMSCOPE_INTERNAL_H

#include <vmscope/libvmscope.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* A handle. */
struct vmscope {
	const struct vmscope_ops *ops; /* where the answers come from */
	void *ctx; /* for @ops */
	struct vmscope_info info; /* as the module reported it at open */
	/* whose memory it is bound to; all 0 until then */
	struct vmscope_attach attached;
	bool kernel; /* bound to the kernel's half */
};

int vmscope_call(struct vmscope *scope, unsigned long request, void *arg);

#endif /* _VMSCOPE_INTERNAL_H */
