/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _CONTENT_H
#define _CONTENT_H

#include "model/walk.h"

const char *content_name(const struct walk_row *row);
const char *content_reclaim(const struct walk_row *row);
const struct vmscope_bit *content_table(void);
const struct vmscope_bit *reclaim_table(void);
uint64_t content_offset(const struct walk_row *row);
void content_slot(const struct walk_row *row, char *buf, size_t bytes);
void content_text(const struct walk_row *row, char *buf, size_t bytes);

#endif /* _CONTENT_H */
