/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_CENSUS_H
#define _VMSCOPE_CENSUS_H

struct vmscope_census;
struct vmscope_scanner;
struct vmscope_target;

int vmscope_census(struct vmscope_scanner *scanner,
		   struct vmscope_target *target,
		   struct vmscope_census *census);

#endif /* _VMSCOPE_CENSUS_H */
