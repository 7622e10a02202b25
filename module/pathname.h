/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_PATHNAME_H
#define _VMSCOPE_PATHNAME_H

#include <linux/types.h>

struct vmscope_area_facts;
struct vmscope_target;

/**
 * struct vmscope_pathname - a path of any length
 * @buf: the buffer that holds it, or NULL
 * @name: raw bytes
 * @bytes: its length, without the final zero
 */
struct vmscope_pathname {
	char *buf;
	const char *name;
	size_t bytes;
};

int vmscope_pathname_get(struct vmscope_pathname *path,
			 struct vmscope_target *target,
			 const struct vmscope_area_facts *area);
void vmscope_pathname_put(struct vmscope_pathname *path);

#endif /* _VMSCOPE_PATHNAME_H */
