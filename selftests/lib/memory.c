// SPDX-License-Identifier: GPL-2.0-only
/* Mappings that exist, or the test fails. */
#include "memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The start of @fd, to be read and written; a failure ends the test. */
void *map_fd(int fd, size_t bytes, int flags)
{
	void *addr = mmap(NULL, bytes, RW, flags, fd, 0);

	if (addr == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	return addr;
}

/* The same without a file; @flags: MAP_PRIVATE or MAP_SHARED, and others. */
void *map_memory(size_t bytes, int flags)
{
	return map_fd(-1, bytes, flags | MAP_ANONYMOUS);
}

/* The first multiple of @bytes, a power of two, from @addr on. */
char *align_up(const void *addr, size_t bytes)
{
	return (char *)(((uintptr_t)addr + bytes - 1) & ~(bytes - 1));
}
