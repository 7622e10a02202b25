/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _TABLE_H
#define _TABLE_H

#include "cli/column.h"

/*
 * Rows that libsmartcols aligns. Each costs it 50,000 instructions and some
 * KiB, and nobody takes in a longer table at a glance.
 */
enum { TABLE_ROWS = 100 };

int table_print(const char *name, const struct column_list *list,
		const struct options *opt, const void *rows, size_t nr,
		size_t row_bytes, const void *total);

#endif /* _TABLE_H */
