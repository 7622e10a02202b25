/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_LOOKUP_H
#define _VMSCOPE_LOOKUP_H

struct vmscope_policy;
struct vmscope_scanner;
struct vmscope_target;
struct vmscope_walk;

int vmscope_lookup(struct vmscope_scanner *scanner,
		   struct vmscope_target *target,
		   const struct vmscope_policy *policy,
		   struct vmscope_walk *walk, const char **name);

#endif /* _VMSCOPE_LOOKUP_H */
