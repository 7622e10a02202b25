/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _WHAT_SAY_H
#define _WHAT_SAY_H

#include "model/what.h"

void what_say(struct what_row *row);
void what_owner(const struct what_row *row, char *buf, size_t bytes);
void what_slot(const struct vmscope_what *what, char *buf, size_t bytes);

#endif /* _WHAT_SAY_H */
