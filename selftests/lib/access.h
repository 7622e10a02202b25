/* SPDX-License-Identifier: GPL-2.0-only */
/* An access to memory of this process: what the tool says of it, and does it. */
#ifndef _VMSCOPE_SELFTEST_ACCESS_H
#define _VMSCOPE_SELFTEST_ACCESS_H

#include <stdbool.h>
#include <stddef.h>

/* CODE is EXEC of memory that is known to begin with RET. */
enum { READ, WRITE, EXEC, NR_ACCESSES, CODE = NR_ACCESSES };

#define RET 0xc3

/* How an access ends: a signal, or one of these. */
enum { GOES_ON = 0, WAITS = -1, NOT_AS_SAID = -2 };

extern const char *const access_names[];

void access_catch(void);
bool access_said(const char *addr, int access, char *words, size_t bytes);
int access_check(const char *kind, char *addr, int access, int *uffd);

#endif /* _VMSCOPE_SELFTEST_ACCESS_H */
