/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _ACCESS_H
#define _ACCESS_H

#include <vmscope/libvmscope.h>

enum access { ACCESS_READ, ACCESS_WRITE, ACCESS_EXEC };

const char *access_outcome(enum access access,
			   const struct vmscope_record *rec);
const char *state_sentence(const struct vmscope_record *rec);

#endif /* _ACCESS_H */
