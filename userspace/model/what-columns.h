/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _WHAT_COLUMNS_H
#define _WHAT_COLUMNS_H

#include "model/what.h"

extern const struct column_set what_columns;

void what_print(const struct what_row *row, bool sentence);

#endif /* _WHAT_COLUMNS_H */
