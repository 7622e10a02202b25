/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_INFO_H
#define _VMSCOPE_INFO_H

struct vmscope_info;
struct vmscope_policy;

void vmscope_info_fill(const struct vmscope_policy *policy,
		       struct vmscope_info *info);

#endif /* _VMSCOPE_INFO_H */
