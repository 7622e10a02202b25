// SPDX-License-Identifier: GPL-2.0-only
/* Mappings that exist, or the test fails. */
#include "memory.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

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

/* A handler for signals that end no test, as SIGBUS of a memory error. */
void go_on(int signal)
{
	(void)signal;
}

/*
 * A userfaultfd with these UFFD_FEATURE_*, which is asked about the range by
 * UFFDIO_REGISTER_MODE_*; -1 if this kernel has none.
 */
int uffd_register(const void *addr, size_t bytes, unsigned long long features,
		  unsigned long long mode)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	struct uffdio_register reg = {
		.range = { .start = (uintptr_t)addr, .len = bytes },
		.mode = mode,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (fd >= 0 && !ioctl(fd, UFFDIO_API, &api) &&
	    !ioctl(fd, UFFDIO_REGISTER, &reg))
		return fd;
	close(fd);
	return -1;
}

/* The first multiple of @bytes, a power of two, from @addr on. */
char *align_up(const void *addr, size_t bytes)
{
	return (char *)(((uintptr_t)addr + bytes - 1) & ~(bytes - 1));
}
