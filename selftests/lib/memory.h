/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory of this process, for a test that cannot do without it. */
#ifndef _VMSCOPE_SELFTEST_MEMORY_H
#define _VMSCOPE_SELFTEST_MEMORY_H

#include <stddef.h>
#include <sys/mman.h>

#define RW (PROT_READ | PROT_WRITE)

void *map_memory(size_t bytes, int flags);
void *map_fd(int fd, size_t bytes, int flags);
void go_on(int signal);
int uffd_register(const void *addr, size_t bytes, unsigned long long features,
		  unsigned long long mode);
char *align_up(const void *addr, size_t bytes);

#endif /* _VMSCOPE_SELFTEST_MEMORY_H */
