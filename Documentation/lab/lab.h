/* SPDX-License-Identifier: GPL-2.0-only */
/* What the programs of the lab share. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { KIB = 1024, MIB = 1024 * KIB };

/* Says what was done and to which memory, then waits for a line. */
static inline void step(const char *done, const void *addr, size_t bytes)
{
	printf("%s %d %p+%zuK\n", done, getpid(), addr, bytes / KIB);
	fflush(stdout);
	if (getchar() == EOF)
		exit(0);
}

/* Memory in pages of the usual size, or in huge pages if there are any. */
static inline char *reserve(size_t bytes, int flags, int advice)
{
	char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		       flags | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	madvise(p, bytes, advice);
	return p;
}

/* Writes to each page. */
static inline void touch(char *p, size_t bytes)
{
	for (size_t i = 0; i < bytes; i += 4 * KIB)
		p[i] = 1 + i / (4 * KIB) % 100;
}

/* Reads each page; the sum keeps the compiler from leaving that out. */
static inline int look(const volatile char *p, size_t bytes)
{
	int sum = 0;

	for (size_t i = 0; i < bytes; i += 4 * KIB)
		sum += p[i];
	return sum;
}
