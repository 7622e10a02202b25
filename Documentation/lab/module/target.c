// SPDX-License-Identifier: GPL-2.0-only
/* What the grader looks at: a process with pages of many kinds. */
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>

#include "../lab.h"

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

/* Tables, and entries above them, that are empty inside an area. */
static void scatter(void)
{
	const size_t gib = 1024UL * MIB;
	char *p =
		reserve(3 * gib, MAP_PRIVATE | MAP_NORESERVE, MADV_NOHUGEPAGE);

	p += -(size_t)p % gib;
	touch(p, 4 * KIB);
	touch(p + 5 * MIB, 8 * KIB);
	touch(p + gib + 700 * MIB, 4 * KIB);
}

/* Accessed bits are cleared, and set again by what is used after that. */
static void clear_accessed(void)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY);

	if (write(fd, "1", 1) != 1)
		exit(1);
	close(fd);
}

static void huge(void)
{
	char *p = reserve(4 * MIB, MAP_PRIVATE, MADV_HUGEPAGE);
	size_t before = -(size_t)p % (2 * MIB);

	touch(p + before, 2 * MIB);
	munmap(p + before + 2 * MIB, 2 * MIB - before);
	if (before)
		munmap(p, before);
}

int main(void)
{
	char *plain = reserve(64 * KIB, MAP_PRIVATE, MADV_NOHUGEPAGE);
	char *copied = reserve(64 * KIB, MAP_PRIVATE, MADV_NOHUGEPAGE);
	char *swapped = reserve(256 * KIB, MAP_PRIVATE, MADV_NOHUGEPAGE);

	touch(plain, 32 * KIB);
	mprotect(plain + 8 * KIB, 8 * KIB, PROT_NONE);
	mprotect(plain + 16 * KIB, 8 * KIB, PROT_READ | PROT_EXEC);
	look(plain + 40 * KIB, 16 * KIB);
	madvise(plain + 48 * KIB, 4 * KIB, MADV_GUARD_INSTALL);
	touch(copied, 32 * KIB);
	touch(swapped, 256 * KIB);
	madvise(swapped, 256 * KIB, MADV_PAGEOUT);
	clear_accessed();
	scatter();
	huge();
	if (!fork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pause();
	}
	/* The parent gets new frames; the rest stays shared, and read-only. */
	touch(copied, 8 * KIB);
	step("ready", copied, 64 * KIB);
	return 0;
}
