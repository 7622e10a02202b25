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

/* Where disk_make() mounts a file system that writes its pages back. */
#define DISK "/tmp/vmscope-disk"

extern const char *const access_names[];
extern char access_words[256];

void access_catch(void);
const char *access_said(const char *addr, int access);
int access_check(const char *kind, char *addr, int access, int *uffd);
bool access_is(const char *kind, char *addr, int access, const char *said);
/* The tool says @said of an access, and it is so. */
#define EXPECT_ACCESS(kind, addr, access, said) \
	EXPECT_TRUE(access_is(kind, addr, access, said))

bool disk_make(void);
void disk_remove(void);

#endif /* _VMSCOPE_SELFTEST_ACCESS_H */
