// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cost of a page: ours and the kernel's own readers, over the same memory.
 *
 *	bench MIB [swap]	in a guest whose clock counts instructions: a
 *				nanosecond is one, and results repeat
 *	bench MIB time		elsewhere: medians of runs that take turns, of
 *				the memory of processes only
 *
 * A line holds, separated by tabs: the memory, the reader, the cost of an
 * entry, what an entry is, the longest hold of the lock or -.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/kernel-page-flags.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "vmscope.h"

#define BUF_BYTES (1 << 20)
#define RUNS 3
/* Holds may take no longer. A part of memory is read between two ticks. */
#define HOLD_GOAL 10000
#define MOST_OF_A_TICK 4000
#define PART_BYTES (4 << 20)
/* Of a clock that other work disturbs. */
#define TIMED_RUNS 15

/* A result of a reader besides its time: set to 0 before each run. */
static uint64_t longest_hold;

struct memory {
	char *start;
	size_t bytes;
	size_t page;
	int pagemap;
	int vmscope;
	int kernel;
	void *buf;
	bool swap;
	bool timed;
};

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static void __attribute__((noreturn)) die(const char *what)
{
	perror(what);
	exit(1);
}

static char *map(size_t bytes, int fd, int flags)
{
	char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (at == MAP_FAILED)
		die("mmap");
	madvise(at, bytes, MADV_NOHUGEPAGE);
	return at;
}

static int read_pagemap(const struct memory *m, unsigned long long flags)
{
	off_t at = (uintptr_t)m->start / m->page * 8;
	size_t left = m->bytes / m->page * 8;

	(void)flags;
	while (left) {
		size_t want = left < BUF_BYTES ? left : BUF_BYTES;
		ssize_t got = pread(m->pagemap, m->buf, want, at);

		if (got <= 0)
			return -1;
		at += got;
		left -= got;
	}
	return 0;
}

/* The least that a reader does: read as many bytes as the tables have. */
static int copy_tables(const struct memory *m, unsigned long long flags)
{
	const size_t bytes = m->bytes / m->page * sizeof(uint64_t);
	static char table[4096];
	size_t at;

	(void)flags;
	for (at = 0; at < bytes; at += sizeof(table)) {
		memcpy(table, m->buf + at % BUF_BYTES, sizeof(table));
		__asm__ volatile("" : : "r"(table) : "memory");
	}
	return 0;
}

/* Facts of frames, above the flags of a scan. */
#define FACTS_SHIFT 32
#define FACTS(facts) ((unsigned long long)(facts) << FACTS_SHIFT)

static int scan(const struct memory *m, unsigned long long flags)
{
	struct vmscope_scan scan = {
		.size = sizeof(scan),
		.flags = flags & (FACTS(1) - 1),
		.facts = flags >> FACTS_SHIFT,
		.start = (uintptr_t)m->start,
		.end = (uintptr_t)m->start + m->bytes,
		.buf = (uintptr_t)m->buf,
		.buf_bytes = BUF_BYTES,
	};

	for (;;) {
		if (ioctl(m->vmscope, VMSCOPE_IOC_SCAN, &scan))
			return -1;
		if (scan.max_hold_ns > longest_hold)
			longest_hold = scan.max_hold_ns;
		if (scan.next == scan.end)
			return 0;
		scan.start = scan.next;
	}
}

#ifdef PAGEMAP_SCAN
/* Runs of equal categories: all of them, as our merged runs. */
static int scan_pagemap(const struct memory *m, unsigned long long flags)
{
	struct pm_scan_arg arg = {
		.size = sizeof(arg),
		.start = (uintptr_t)m->start,
		.end = (uintptr_t)m->start + m->bytes,
		.vec = (uintptr_t)m->buf,
		.vec_len = BUF_BYTES / sizeof(struct page_region),
		.return_mask = PAGE_IS_WPALLOWED | PAGE_IS_WRITTEN |
			       PAGE_IS_FILE | PAGE_IS_PRESENT |
			       PAGE_IS_SWAPPED | PAGE_IS_PFNZERO | PAGE_IS_HUGE,
	};

	(void)flags;
	while (arg.start < arg.end) {
		if (ioctl(m->pagemap, PAGEMAP_SCAN, &arg) < 0)
			return errno == ENOTTY ? 1 : -1;
		arg.start = arg.walk_end;
	}
	return 0;
}
#endif

static int census(const struct memory *m, unsigned long long flags)
{
	struct vmscope_census census = { .size = sizeof(census) };

	(void)flags;
	if (ioctl(m->vmscope, VMSCOPE_IOC_CENSUS, &census))
		return -1;
	longest_hold = census.max_hold_ns;
	return 0;
}

static const struct {
	const char *name;
	int (*run)(const struct memory *m, unsigned long long flags);
	unsigned long long flags;
} readers[] = {
	{ "copied tables", copy_tables, 0 },
	{ "pagemap", read_pagemap, 0 },
#ifdef PAGEMAP_SCAN
	{ "PAGEMAP_SCAN", scan_pagemap, 0 },
#endif
	{ "one record a page", scan, 0 },
	{ "blocks of pages", scan, VMSCOPE_SCAN_BLOCKS },
	{ "merged runs", scan, VMSCOPE_SCAN_RUNS },
	{ "runs of frames", scan, VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES },
	{ "runs, flags, counts", scan,
	  VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_MIXES |
		  FACTS(VMSCOPE_FACT_FLAGS | VMSCOPE_FACT_MAPCOUNT) },
	{ "runs, all facts", scan,
	  VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_MIXES | FACTS(VMSCOPE_FACT_ALL) },
	{ "census", census, 0 },
};

#define NR_READERS (sizeof(readers) / sizeof(readers[0]))

/* The kernel's own half: the unit of cost, and how many there were. */

static int scan_kernel(const struct memory *m, unsigned long long flags,
		       uint64_t *units)
{
	struct vmscope_scan scan = {
		.size = sizeof(scan),
		.flags = flags,
		.end = -(uint64_t)m->page,
		.buf = (uintptr_t)m->buf,
		.buf_bytes = BUF_BYTES,
	};

	*units = 1;
	do {
		if (ioctl(m->kernel, VMSCOPE_IOC_SCAN, &scan))
			return -1;
		scan.start = scan.next;
	} while (scan.next != scan.end);
	return 0;
}

static int sum_frames(const struct memory *m, unsigned long long flags,
		      uint64_t *units)
{
	struct vmscope_slabs slabs = {
		.size = sizeof(slabs),
		.buf = (uintptr_t)m->buf,
		.buf_bytes = BUF_BYTES,
	};

	(void)flags;
	if (ioctl(m->kernel, VMSCOPE_IOC_SLABS, &slabs))
		return -1;
	*units = slabs.frames;
	return 0;
}

/* As vmscope frames reads them. */
static int list_frames(const struct memory *m, unsigned long long flags,
		       uint64_t *units)
{
	struct vmscope_frame_list list = {
		.size = sizeof(list),
		.end = UINT64_MAX,
		.facts = VMSCOPE_FACT_FLAGS | VMSCOPE_FACT_CACHE,
		.page_flags = flags,
		.buf = (uintptr_t)m->buf,
		.buf_bytes = BUF_BYTES,
	};

	do {
		if (ioctl(m->kernel, VMSCOPE_IOC_FRAMES, &list))
			return -1;
		list.start = list.next;
	} while (list.next != list.end);
	*units = list.memory_end;
	return 0;
}

#define KPF(name) (1ULL << KPF_##name)
/* Flags in which the pages of a folio do not differ. */
#define STATES                                                    \
	(KPF(LRU) | KPF(ACTIVE) | KPF(UNEVICTABLE) | KPF(DIRTY) | \
	 KPF(WRITEBACK) | KPF(SWAPBACKED) | KPF(SWAPCACHE) | KPF(KSM))

static const struct {
	const char *name;
	const char *per;
	int (*run)(const struct memory *m, unsigned long long flags,
		   uint64_t *units);
	unsigned long long flags;
} kernel_readers[] = {
	{ "full map, merged runs", "map", scan_kernel, VMSCOPE_SCAN_RUNS },
	{ "full map, runs of frames", "map", scan_kernel,
	  VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES },
	{ "all frames, by kind and cache", "frame", sum_frames, 0 },
	{ "all frames, use and states", "frame", list_frames, STATES },
};

static void measure_kernel(const struct memory *m)
{
	size_t i;
	int run;

	for (i = 0; i < sizeof(kernel_readers) / sizeof(kernel_readers[0]);
	     i++) {
		uint64_t best = UINT64_MAX, units;

		for (run = 0; run < RUNS; run++) {
			uint64_t begun = now();

			if (kernel_readers[i].run(m, kernel_readers[i].flags,
						  &units))
				die(kernel_readers[i].name);
			best = least(best, now() - begun);
		}
		printf("kernel\t%s\t%.1f\t%s\t-\n", kernel_readers[i].name,
		       (double)best / units, kernel_readers[i].per);
	}
}

/* Messages of this length fill kmalloc's slabs of one page, eight to each. */
#define MESSAGE_BYTES 464
#define MESSAGES_A_PAGE 8

/* The worst case for frames: returns the queue whose end frees them. */
static int fill_with_slabs(size_t pages)
{
	struct {
		long type;
		char text[MESSAGE_BYTES];
	} message = { .type = 1 };
	struct msqid_ds limits;
	int queue = msgget(IPC_PRIVATE, 0600);
	size_t i;

	if (queue < 0 || msgctl(queue, IPC_STAT, &limits))
		return -1;
	limits.msg_qbytes = pages * MESSAGES_A_PAGE * MESSAGE_BYTES;
	if (msgctl(queue, IPC_SET, &limits))
		return -1;
	for (i = 0; i < pages * MESSAGES_A_PAGE; i++)
		if (msgsnd(queue, &message, MESSAGE_BYTES, IPC_NOWAIT))
			return -1;
	return queue;
}

/* The additional cost of a page that is a slab of its own. */
static void measure_slabs(const struct memory *m)
{
	size_t pages = m->bytes / m->page;
	uint64_t best[2] = { UINT64_MAX, UINT64_MAX };
	uint64_t units;
	int queue = -1;
	int full, run;

	for (full = 0; full < 2; full++) {
		if (full)
			queue = fill_with_slabs(pages);
		if (full && queue < 0)
			die("messages");
		for (run = 0; run < RUNS; run++) {
			uint64_t begun = now();

			if (sum_frames(m, 0, &units))
				die("frames");
			best[full] = least(best[full], now() - begun);
		}
	}
	msgctl(queue, IPC_RMID, NULL);
	printf("kernel\tslabs of one page, above free\t%.1f\tpage\t-\n",
	       ((double)best[1] - best[0]) / pages);
}

/* The additional cost of a frame whose neighbours have another use. */
static void measure_alternating(struct memory *m, int fd)
{
	const size_t bytes = m->bytes / 2;
	uint64_t best[2] = { UINT64_MAX, UINT64_MAX };
	uint64_t units;
	char *anon = map(bytes, -1, MAP_PRIVATE | MAP_ANONYMOUS);
	char *shared = map(bytes, fd, MAP_SHARED);
	size_t at;
	int full, run;

	if (ftruncate(fd, 0) || ftruncate(fd, m->bytes))
		die("ftruncate");
	for (full = 0; full < 2; full++) {
		for (at = 0; full && at < bytes; at += m->page) {
			anon[at] = 1;
			shared[at] = 1;
		}
		for (run = 0; run < RUNS; run++) {
			uint64_t begun = now();

			if (list_frames(m, STATES, &units))
				die("frames");
			best[full] = least(best[full], now() - begun);
		}
	}
	munmap(anon, bytes);
	munmap(shared, bytes);
	printf("kernel\tframes of alternating use, above free\t%.1f\tframe\t-\n",
	       ((double)best[1] - best[0]) / (2 * bytes / m->page));
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void measure_time(const struct memory *m, const char *what)
{
	uint64_t times[NR_READERS][TIMED_RUNS] = {};
	int run, ret;
	size_t i;

	for (run = 0; run < TIMED_RUNS; run++) {
		for (i = 0; i < NR_READERS; i++) {
			uint64_t begun = now();

			ret = readers[i].run(m, readers[i].flags);
			if (ret < 0)
				die(readers[i].name);
			/* Above 0: this kernel does not have it. */
			times[i][run] = ret ? 0 : now() - begun;
		}
	}
	for (i = 0; i < NR_READERS; i++) {
		qsort(times[i], TIMED_RUNS, sizeof(times[i][0]), compare);
		if (times[i][0])
			printf("%s\t%s\t%.2f\tpage\t-\n", what, readers[i].name,
			       (double)times[i][TIMED_RUNS / 2] * m->page /
				       m->bytes);
	}
	fflush(stdout);
}

/* The longest hold of all parts, each in the run that no tick disturbed. */
static uint64_t hold_of_parts(const struct memory *m, size_t reader)
{
	struct memory part = *m;
	uint64_t longest = 0;
	size_t at;

	for (at = 0; at < m->bytes; at += PART_BYTES) {
		uint64_t hold = UINT64_MAX;
		int run;

		part.start = m->start + at;
		part.bytes = least(PART_BYTES, m->bytes - at);
		for (run = 0; run < RUNS; run++) {
			longest_hold = 0;
			if (readers[reader].run(&part, readers[reader].flags))
				die(readers[reader].name);
			hold = least(hold, longest_hold);
		}
		longest = hold > longest ? hold : longest;
	}
	return longest;
}

static void measure(const struct memory *m, const char *what)
{
	size_t pages = m->bytes / m->page;
	size_t i;

	if (m->timed) {
		measure_time(m, what);
		return;
	}
	for (i = 0; i < NR_READERS; i++) {
		uint64_t best = UINT64_MAX, hold = UINT64_MAX;
		int run, ret = 0;

		if (readers[i].run == copy_tables)
			continue;
		/* The run that was disturbed least: a tick costs thousands. */
		for (run = 0; run < RUNS && !ret; run++) {
			uint64_t begun = now();

			longest_hold = 0;
			ret = readers[i].run(m, readers[i].flags);
			best = least(best, now() - begun);
			hold = least(hold, longest_hold);
		}
		if (ret < 0)
			die(readers[i].name);
		/* Above 0: this kernel does not have it. */
		if (ret)
			continue;
		if (hold > HOLD_GOAL && hold < HOLD_GOAL + MOST_OF_A_TICK &&
		    readers[i].run == scan)
			hold = hold_of_parts(m, i);
		printf("%s\t%s\t%.1f\tpage\t", what, readers[i].name,
		       (double)best / pages);
		if (hold)
			printf("%llu\n", (unsigned long long)hold);
		else
			printf("-\n");
	}
}

static int attach(unsigned long long pid, unsigned long long flags)
{
	struct vmscope_attach attach = {
		.size = sizeof(attach),
		.flags = flags,
		.pid = pid,
	};
	int fd = open(VMSCOPE_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, VMSCOPE_IOC_ATTACH, &attach))
		die(VMSCOPE_DEVICE);
	return fd;
}

static void touch(const struct memory *m, size_t step)
{
	size_t at;

	for (at = 0; at < m->bytes; at += step)
		m->start[at] = 1;
}

static void look(const struct memory *m)
{
	volatile char sum = 0;
	size_t at;

	for (at = 0; at < m->bytes; at += m->page)
		sum += m->start[at];
}

/* In an order in which neighbours do not get neighbouring frames. */
static void touch_scattered(const struct memory *m)
{
	size_t pages = m->bytes / m->page;
	size_t i, at = 0;

	for (i = 0; i < pages; i++) {
		m->start[at * m->page] = 1;
		at = (at + 40503) % pages;
	}
}

/*
 * Shared pages are write-protected; those written after fork() are not, and
 * have a map count of one.
 */
static void measure_alternating_pages(const struct memory *m)
{
	pid_t child;

	touch(m, m->page);
	child = fork();
	if (child < 0)
		die("fork");
	if (!child) {
		pause();
		_exit(0);
	}
	touch(m, 2 * m->page);
	measure(m, "half shared by fork");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	measure(m, "permission alternates");
}

/* Of each eight pages, four are mapped twice: each change costs. */
static void measure_short_runs(const struct memory *m, int fd)
{
	char *other = map(m->bytes, fd, MAP_SHARED);
	size_t at;

	for (at = 0; at < m->bytes; at += m->page) {
		if (at / m->page & 4)
			other[at] = 1;
	}
	measure(m, "four and four alike");
	munmap(other, m->bytes);
}

static void measure_shapes(struct memory *m, int fd)
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

	m->start = map(m->bytes, -1, flags);
	touch(m, 2 * m->page);
	measure(m, "every second page");
	munmap(m->start, m->bytes);

	m->start = map(m->bytes, -1, flags);
	measure_alternating_pages(m);
	munmap(m->start, m->bytes);

	m->start = map(m->bytes, -1, flags);
	touch_scattered(m);
	measure(m, "scattered frames");
	if (m->swap && !madvise(m->start, m->bytes, MADV_PAGEOUT))
		measure(m, "swapped out");
	munmap(m->start, m->bytes);

	m->start = map(m->bytes, -1, flags);
	look(m);
	measure(m, "zero page");
	munmap(m->start, m->bytes);

	m->start = map(m->bytes, fd, MAP_SHARED);
	touch(m, m->page);
	measure(m, "shared file");
	munmap(m->start, m->bytes);

	m->start = map(m->bytes, fd, MAP_PRIVATE);
	look(m);
	measure(m, "private file, read");
	munmap(m->start, m->bytes);

	m->start = map(m->bytes, fd, MAP_SHARED);
	touch(m, m->page);
	measure_short_runs(m, fd);
	munmap(m->start, m->bytes);
}

/* Memory whose pages do not decide its cost, by readers that skip holes. */
static void measure_whole(const struct memory *m, const char *what)
{
	size_t i;
	int run;

	for (i = 0; i < NR_READERS; i++) {
		uint64_t best = UINT64_MAX;

		if (readers[i].run != scan || readers[i].flags == 0)
			continue;
		for (run = 0; run < RUNS; run++) {
			uint64_t begun = now();

			if (scan(m, readers[i].flags))
				die(readers[i].name);
			best = least(best, now() - begun);
		}
		printf("%s\t%s\t%.1f\tall\t-\n", what, readers[i].name,
		       (double)best);
	}
}

#define RESERVED (16ULL << 40)
#define RESERVED_PAGES 1000
#define AREAS 60000

static void measure_sparse(struct memory *m)
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
	const size_t bytes = m->bytes;
	size_t i;

	m->bytes = RESERVED;
	m->start = map(m->bytes, -1, flags);
	touch(m, RESERVED / RESERVED_PAGES / m->page * m->page);
	measure_whole(m, "16 TiB, 1000 pages");
	munmap(m->start, m->bytes);

	m->bytes = AREAS * m->page;
	m->start = map(m->bytes, -1, flags);
	touch(m, m->page);
	for (i = 0; i < AREAS; i += 2)
		if (mprotect(m->start + i * m->page, m->page, PROT_READ))
			die("mprotect");
	measure_whole(m, "60000 areas of a page");
	munmap(m->start, m->bytes);
	m->bytes = bytes;
}

/* Not by fork(), which copies our page tables. */
static void run_command(char *const *argv)
{
	posix_spawn_file_actions_t actions;
	int status;
	pid_t child;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null",
					 O_WRONLY, 0);
	if (posix_spawnp(&child, argv[0], &actions, NULL, argv, environ) ||
	    waitpid(child, &status, 0) != child || status) {
		fprintf(stderr, "bench: %s %s failed\n", argv[0], argv[1]);
		exit(1);
	}
	posix_spawn_file_actions_destroy(&actions);
}

/* Whole commands, until they exit. */
static void measure_commands(void)
{
	char pid[16], smaps[32];
	char *const commands[][5] = {
		{ "cat", smaps },
		{ "vmscope", pid },
		{ "vmscope", "ps" },
		{ "vmscope", "what", "0xffffffff81000000" },
		{ "vmscope", "kernel", "vmalloc" },
		{ "vmscope", "frames" },
	};
	size_t i;
	int run;

	snprintf(pid, sizeof(pid), "%d", getpid());
	snprintf(smaps, sizeof(smaps), "/proc/%d/smaps", getpid());
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		uint64_t best = UINT64_MAX;

		for (run = 0; run < RUNS; run++) {
			uint64_t begun = now();

			run_command(commands[i]);
			best = least(best, now() - begun);
		}
		printf("command\t%s %s %s\t%.1f\tall\t-\n", commands[i][0],
		       commands[i][1] == pid   ? "PID" :
		       commands[i][1] == smaps ? "/proc/PID/smaps" :
						 commands[i][1],
		       commands[i][2] && !strcmp(commands[i][1], "kernel") ?
			       commands[i][2] :
			       "",
		       (double)best);
	}
}

#define PROCESSES 200
#define LIBRARY_BYTES (8 << 20)

static pid_t many[PROCESSES];

/* Each has all of the library in its page tables. */
static void start_many(int fd)
{
	volatile char *library = map(LIBRARY_BYTES, fd, MAP_PRIVATE);
	size_t i, at;

	for (i = 0; i < PROCESSES; i++) {
		many[i] = fork();
		if (many[i] < 0)
			die("fork");
		if (many[i])
			continue;
		for (at = 0; at < LIBRARY_BYTES; at += 4096)
			(void)library[at];
		raise(SIGSTOP);
		_exit(0);
	}
	for (i = 0; i < PROCESSES; i++)
		waitpid(many[i], NULL, WUNTRACED);
	munmap((void *)library, LIBRARY_BYTES);
}

static void end_many(void)
{
	size_t i;

	for (i = 0; i < PROCESSES; i++) {
		kill(many[i], SIGKILL);
		waitpid(many[i], NULL, 0);
	}
}

static void read_rollup(const struct memory *m, pid_t pid,
			unsigned long long flags)
{
	char path[48];
	int fd;

	(void)flags;
	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (read(fd, m->buf, BUF_BYTES) <= 0)
		die(path);
	close(fd);
}

static void scan_process(const struct memory *m, pid_t pid,
			 unsigned long long flags)
{
	struct memory all = { .bytes = 1ULL << 47, .buf = m->buf };

	all.vmscope = attach(pid, 0);
	if (scan(&all, flags))
		die("scan");
	close(all.vmscope);
}

/* Processes that share a library, all of them, one after the other. */
static void measure_many(const struct memory *m, int fd)
{
	static const struct {
		const char *name;
		void (*run)(const struct memory *m, pid_t pid,
			    unsigned long long flags);
		unsigned long long flags;
	} of_each[] = {
		{ "smaps_rollup", read_rollup, 0 },
		{ "merged runs", scan_process, VMSCOPE_SCAN_RUNS },
		{ "runs, flags, counts", scan_process,
		  VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_MIXES |
			  FACTS(VMSCOPE_FACT_FLAGS | VMSCOPE_FACT_MAPCOUNT) },
		{ "vmscope ps", NULL, 0 },
	};
	char *const ps[] = { "vmscope", "ps", NULL };
	size_t i, j;
	int run;

	start_many(fd);
	for (i = 0; i < sizeof(of_each) / sizeof(of_each[0]); i++) {
		uint64_t best = UINT64_MAX;

		for (run = 0; run < RUNS; run++) {
			uint64_t begun = now();

			for (j = 0; of_each[i].run && j < PROCESSES; j++)
				of_each[i].run(m, many[j], of_each[i].flags);
			if (!of_each[i].run)
				run_command(ps);
			best = least(best, now() - begun);
		}
		printf("200 processes\t%s\t%.1f\tproc.\t-\n", of_each[i].name,
		       (double)best / PROCESSES);
	}
	end_many();
}

#define STACKS "/sys/kernel/debug/vmscope/kernel/vmalloc"
#define THREADS 1000

static void *wait_for_ever(void *unused)
{
	(void)unused;
	pause();
	return NULL;
}

/* They live on. */
static void start_threads(void)
{
	pthread_attr_t attr;
	pthread_t thread;
	int i;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 64 << 10);
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&thread, &attr, wait_for_ever, NULL))
			die("pthread_create");
}

/* The cost of another thread, whose stack has to find its owner. */
static void measure_stacks(const struct memory *m)
{
	uint64_t best[2] = { UINT64_MAX, UINT64_MAX };
	int full, run, fd = open(STACKS, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	for (full = 0; full < 2; full++) {
		if (full)
			start_threads();
		for (run = 0; run < RUNS; run++) {
			uint64_t begun = now();

			lseek(fd, 0, SEEK_SET);
			do
				got = read(fd, m->buf, BUF_BYTES);
			while (got > 0);
			if (got)
				die(STACKS);
			best[full] = least(best[full], now() - begun);
		}
	}
	printf("kernel\tdebugfs, stacks of threads\t%.1f\tthread\t-\n",
	       ((double)best[1] - best[0]) / THREADS);
}

int main(int argc, char **argv)
{
	size_t mib = argc > 1 ? strtoul(argv[1], NULL, 10) : 256;
	struct memory m = { .page = getpagesize(), .bytes = mib << 20 };
	int fd = memfd_create("bench", MFD_CLOEXEC);

	m.buf = aligned_alloc(m.page, BUF_BYTES);
	m.pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (!m.buf || m.pagemap < 0 || fd < 0 || ftruncate(fd, m.bytes)) {
		perror("bench");
		return 1;
	}
	memset(m.buf, 1, BUF_BYTES);
	m.swap = argc > 2 && !strcmp(argv[2], "swap");
	m.timed = argc > 2 && !strcmp(argv[2], "time");
	m.vmscope = attach(getpid(), 0);
	m.kernel = m.timed ? -1 : attach(0, VMSCOPE_ATTACH_KERNEL);

	m.start = map(m.bytes, -1, MAP_PRIVATE | MAP_ANONYMOUS);
	memset(m.start, 1, m.bytes);
	measure(&m, "anonymous");
	if (!m.timed) {
		measure_kernel(&m);
		measure_commands();
	}
	munmap(m.start, m.bytes);
	if (m.timed) {
		measure_shapes(&m, fd);
		return 0;
	}

	m.start = map(m.bytes, -1, MAP_PRIVATE | MAP_ANONYMOUS);
	madvise(m.start, m.bytes, MADV_HUGEPAGE);
	memset(m.start, 1, m.bytes);
	measure(&m, "huge pages");
	munmap(m.start, m.bytes);
	measure_sparse(&m);
	measure_many(&m, fd);

	m.start = map(m.bytes, fd, MAP_PRIVATE);
	memset(m.start, 1, m.bytes);
	measure(&m, "private copies");
	munmap(m.start, m.bytes);

	m.start = map(m.bytes, -1, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE);
	measure(&m, "empty");
	munmap(m.start, m.bytes);
	measure_shapes(&m, fd);
	m.start = map(m.bytes, -1, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE);
	measure_slabs(&m);
	measure_alternating(&m, fd);
	measure_stacks(&m);
	return 0;
}
