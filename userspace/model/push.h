/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _PUSH_H
#define _PUSH_H

#include "cli/filter.h"

bool filter_push(struct filter *filter, const struct vmscope_info *info,
		 struct vmscope_query *query);

#endif /* _PUSH_H */
