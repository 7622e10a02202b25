/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_WHAT_H
#define _VMSCOPE_WHAT_H

#include <linux/types.h>

struct vmscope_table_copy;
struct vmscope_target;
struct vmscope_what;

int vmscope_what_resolve(struct vmscope_what *what);
int vmscope_what(struct vmscope_table_copy *copy,
		 const struct vmscope_target *target,
		 struct vmscope_what *what);
int vmscope_what_symbol(struct vmscope_what *what, char *text);

#endif /* _VMSCOPE_WHAT_H */
