// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a process notices of its readers: how long it takes to map 64 KiB, touch
 * a page of it and unmap it again, next to readers that start again and again.
 *
 * usage: latency MIB READERS [ROUNDS]
 *
 * MIB of memory are mapped, every second page of which is touched. A line
 * holds, separated by tabs: the reader, how many of them, the median, the 99th
 * percentile and the worst of the rounds in microseconds, and how many passes
 * the readers completed.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "vmscope.h"

#define BUF_BYTES (1 << 20)
#define ROUND_BYTES (64 << 10)
#define MAX_READERS 16

struct target {
	pid_t pid;
	char *start;
	size_t bytes;
	size_t page;
};

static char buf[BUF_BYTES] __attribute__((aligned(8)));

/* Passes that the readers made; shared with them. */
static unsigned long *passes;

static int open_proc(const struct target *target, const char *file)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", target->pid, file);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static int read_file(int fd)
{
	ssize_t got;

	if (lseek(fd, 0, SEEK_SET))
		return -1;
	do
		got = read(fd, buf, sizeof(buf));
	while (got > 0);
	return got;
}

static int open_smaps(const struct target *target)
{
	return open_proc(target, "smaps");
}

static int open_smaps_rollup(const struct target *target)
{
	return open_proc(target, "smaps_rollup");
}

static int open_pagemap(const struct target *target)
{
	return open_proc(target, "pagemap");
}

static int pass_file(int fd, const struct target *target,
		     unsigned long long flags)
{
	(void)target;
	(void)flags;
	return read_file(fd);
}

static int pass_pagemap(int fd, const struct target *target,
			unsigned long long flags)
{
	off_t at = (uintptr_t)target->start / target->page * 8;
	size_t left = target->bytes / target->page * 8;

	(void)flags;
	while (left) {
		ssize_t got = pread(
			fd, buf, left < sizeof(buf) ? left : sizeof(buf), at);

		if (got <= 0)
			return -1;
		at += got;
		left -= got;
	}
	return 0;
}

#ifdef PAGEMAP_SCAN
static int pass_pagemap_scan(int fd, const struct target *target,
			     unsigned long long flags)
{
	struct pm_scan_arg arg = {
		.size = sizeof(arg),
		.start = (uintptr_t)target->start,
		.end = (uintptr_t)target->start + target->bytes,
		.vec = (uintptr_t)buf,
		.vec_len = sizeof(buf) / sizeof(struct page_region),
		.return_mask = PAGE_IS_PRESENT | PAGE_IS_SWAPPED |
			       PAGE_IS_FILE | PAGE_IS_PFNZERO | PAGE_IS_HUGE,
	};

	(void)flags;
	while (arg.start < arg.end) {
		if (ioctl(fd, PAGEMAP_SCAN, &arg) < 0)
			return -1;
		arg.start = arg.walk_end;
	}
	return 0;
}
#endif

static int open_vmscope(const struct target *target)
{
	struct vmscope_attach attach = {
		.size = sizeof(attach),
		.pid = target->pid,
	};
	int fd = open(VMSCOPE_DEVICE, O_RDWR | O_CLOEXEC);

	return fd < 0 || ioctl(fd, VMSCOPE_IOC_ATTACH, &attach) ? -1 : fd;
}

static int pass_vmscope(int fd, const struct target *target,
			unsigned long long flags)
{
	struct vmscope_scan scan = {
		.size = sizeof(scan),
		.flags = flags,
		.start = (uintptr_t)target->start,
		.end = (uintptr_t)target->start + target->bytes,
		.buf = (uintptr_t)buf,
		.buf_bytes = sizeof(buf),
	};

	for (;;) {
		if (ioctl(fd, VMSCOPE_IOC_SCAN, &scan))
			return -1;
		if (scan.next == scan.end)
			return 0;
		scan.start = scan.next;
	}
}

static const struct reader {
	const char *name;
	int (*open)(const struct target *target);
	int (*pass)(int fd, const struct target *target,
		    unsigned long long flags);
	unsigned long long flags;
} readers[] = {
	{ "vmscope, runs", open_vmscope, pass_vmscope, VMSCOPE_SCAN_RUNS },
	{ "vmscope, pages", open_vmscope, pass_vmscope, 0 },
	{ "pagemap", open_pagemap, pass_pagemap, 0 },
#ifdef PAGEMAP_SCAN
	{ "PAGEMAP_SCAN", open_pagemap, pass_pagemap_scan, 0 },
#endif
	{ "smaps", open_smaps, pass_file, 0 },
	{ "smaps_rollup", open_smaps_rollup, pass_file, 0 },
};

static void read_for_ever(const struct reader *reader,
			  const struct target *target)
{
	int fd = reader->open(target);

	while (fd >= 0 && !reader->pass(fd, target, reader->flags))
		__atomic_fetch_add(passes, 1, __ATOMIC_RELAXED);
	_exit(1);
}

static double now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e6 + ts.tv_nsec / 1e3;
}

static double one_round(void)
{
	double begun = now_us();
	char *at = mmap(NULL, ROUND_BYTES, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	*at = 1;
	munmap(at, ROUND_BYTES);
	return now_us() - begun;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void report(const char *name, unsigned int nr, double *took,
		   size_t rounds)
{
	size_t i;

	for (i = 0; i < rounds; i++)
		took[i] = one_round();
	qsort(took, rounds, sizeof(*took), by_size);
	printf("%s\t%u\t%.1f\t%.1f\t%.1f\t%lu\n", name, nr, took[rounds / 2],
	       took[rounds * 99 / 100], took[rounds - 1],
	       __atomic_load_n(passes, __ATOMIC_RELAXED));
	fflush(stdout);
}

/* Return: false if the kernel does not have what @reader reads */
static bool beside(const struct reader *reader, const struct target *target,
		   unsigned int nr, double *took, size_t rounds)
{
	pid_t pids[MAX_READERS];
	bool works = true;
	unsigned int i;

	*passes = 0;
	for (i = 0; i < nr; i++) {
		pids[i] = fork();
		if (!pids[i])
			read_for_ever(reader, target);
	}
	while (works && !__atomic_load_n(passes, __ATOMIC_RELAXED)) {
		works = waitpid(-1, NULL, WNOHANG) == 0;
		usleep(1000);
	}
	if (works)
		report(reader->name, nr, took, rounds);
	for (i = 0; i < nr; i++)
		kill(pids[i], SIGKILL);
	while (wait(NULL) > 0)
		;
	return works;
}

static size_t number(const char *text, size_t least, size_t most)
{
	char *end;
	unsigned long value = strtoul(text, &end, 0);

	if (*end || end == text || value < least || value > most) {
		fprintf(stderr, "latency: %s is no number from %zu to %zu\n",
			text, least, most);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	struct target target = {
		.pid = getpid(),
		.page = sysconf(_SC_PAGESIZE),
	};
	size_t nr, rounds, i;
	double *took;

	if (argc < 3 || argc > 4) {
		fprintf(stderr, "usage: latency MIB READERS [ROUNDS]\n");
		return 2;
	}
	target.bytes = number(argv[1], 1, 1 << 20) << 20;
	nr = number(argv[2], 1, MAX_READERS);
	rounds = argc > 3 ? number(argv[3], 100, 10000000) : 2000;
	took = calloc(rounds, sizeof(*took));
	passes = mmap(NULL, target.page, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	target.start = mmap(NULL, target.bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (!took || passes == MAP_FAILED || target.start == MAP_FAILED) {
		perror("latency");
		return 1;
	}
	madvise(target.start, target.bytes, MADV_NOHUGEPAGE);
	for (i = 0; i < target.bytes; i += 2 * target.page)
		target.start[i] = 1;
	report("none", 0, took, rounds);
	for (i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (!beside(&readers[i], &target, nr, took, rounds))
			fprintf(stderr, "latency: no %s\n", readers[i].name);
	return 0;
}
