/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _MESSAGE_H
#define _MESSAGE_H

#include <stdbool.h>
#include <vmscope/libvmscope.h>

enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_VANISHED = 3,
};

extern bool message_quiet;
extern int (*message_before)(void);

void message_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void message_hint(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int message_failed(enum vmscope_op op, int err, const char *subject);

#endif /* _MESSAGE_H */
