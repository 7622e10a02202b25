// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each function changes memory in one way until it is killed. None checks the
 * result of a call: only the kernel's activity matters.
 */
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>

#include "churn.h"
#include "procfs.h"
#include "swapdev.h"

#ifndef MADV_COLD
#define MADV_COLD 20
#define MADV_PAGEOUT 21
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#define MADV_GUARD_REMOVE 103
#endif
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif
#ifndef UFFD_FEATURE_WP_HUGETLBFS_SHMEM
#define UFFD_FEATURE_WP_HUGETLBFS_SHMEM (1 << 12)
#endif

#define MIB (1UL << 20)
#define THP "/sys/kernel/mm/transparent_hugepage/"
#define KSM "/sys/kernel/mm/ksm/"

static const char no_memory[] = "cannot map memory";

static char *region(size_t bytes)
{
	char *map = mmap(NULL, bytes + PMD_BYTES, RW,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (map == MAP_FAILED)
		return NULL;
	return align_up(map, PMD_BYTES);
}

/* Maps a file in place of a region. Returns its descriptor, or -1. */
static int share(char *at, size_t bytes)
{
	int fd = memfd_create("shared", MFD_CLOEXEC);

	return fd < 0 || ftruncate(fd, bytes) ||
			       mmap(at, bytes, RW, MAP_SHARED | MAP_FIXED, fd,
				    0) != at ?
		       -1 :
		       fd;
}

/* Maps new memory, whatever was there. */
static void renew(char *at, size_t bytes)
{
	mmap(at, bytes, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

static void touch(char *at, size_t bytes)
{
	for (size_t i = 0; i < bytes; i += PAGE_BYTES)
		at[i] = i >> 12;
}

static size_t random_page(size_t bytes)
{
	return random() % (bytes / PAGE_BYTES) * PAGE_BYTES;
}

/* A part of a region: its start and length. */
static size_t random_part(size_t bytes, size_t *start)
{
	*start = random_page(bytes);
	return PAGE_BYTES + random_page(bytes - *start);
}

/* If there is no room for one more process, wait for it. */
static pid_t fork_tied(void)
{
	pid_t pid;

	while ((pid = fork()) < 0)
		usleep(1000);
	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

/* Lives: exit, kill, exec, fork, threads */

static const char *churn_exit(struct slot *slot, char *at)
{
	for (;; slot->rounds++) {
		pid_t pid = fork_tied();

		if (!pid) {
			touch(at, 4 * MIB);
			usleep(random() % 20000);
			_exit(0);
		}
		slot->pid = pid;
		if (random() % 2) {
			usleep(random() % 20000);
			kill(pid, SIGKILL);
		}
		waitpid(pid, NULL, 0);
	}
}

/* The program that --exec runs. */
void churn_exec_child(const char *left)
{
	char *at = region(MIB), number[16];
	int n = atoi(left);

	if (at)
		touch(at, MIB);
	usleep(random() % 5000);
	snprintf(number, sizeof(number), "%d", n - 1);
	if (n > 0)
		execl("/proc/self/exe", "race", "--exec", number, NULL);
	_exit(0);
}

static const char *churn_exec(struct slot *slot, char *unused)
{
	(void)unused;
	for (;; slot->rounds++) {
		pid_t pid = fork_tied();

		if (!pid) {
			execl("/proc/self/exe", "race", "--exec", "3", NULL);
			_exit(127);
		}
		slot->pid = pid;
		waitpid(pid, NULL, 0);
	}
}

static const char *churn_fork(struct slot *slot, char *at)
{
	touch(at, 8 * MIB);
	for (;; slot->rounds++) {
		pid_t pid = fork_tied();

		if (!pid) {
			touch(at, 4 * MIB);
			_exit(0);
		}
		if (random() % 2)
			slot->pid = pid;
		touch(at + 2 * MIB, 4 * MIB);
		waitpid(pid, NULL, 0);
		slot->pid = getpid();
	}
}

static int sleep_and_exit(void *arg)
{
	touch(arg, MIB);
	return 0;
}

/* Two processes in one address space, and a main thread that exits first. */
static const char *churn_clone_vm(struct slot *slot, char *at)
{
	static char stack[65536] __attribute__((aligned(16)));

	for (;; slot->rounds++) {
		pid_t pid = clone(sleep_and_exit, stack + sizeof(stack),
				  CLONE_VM | SIGCHLD, at);

		if (pid < 0)
			continue;
		slot->pid = pid;
		madvise(at, 4 * MIB, MADV_DONTNEED);
		waitpid(pid, NULL, 0);
		slot->pid = getpid();
	}
	return NULL;
}

/* Areas: mmap, munmap, brk, mremap, mprotect */

#define MAP_BYTES (32 * MIB)

static void *map_and_unmap(void *arg)
{
	char *at = arg;

	for (;;) {
		size_t start, bytes = random_part(MAP_BYTES, &start);

		if (random() % 2) {
			munmap(at + start, bytes);
			continue;
		}
		renew(at + start, bytes);
		madvise(at + start, bytes < MIB ? bytes : MIB,
			MADV_POPULATE_WRITE);
	}
	return NULL;
}

static const char *churn_mmap(struct slot *slot, char *at)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, map_and_unmap, at))
		return no_memory;
	for (;; slot->rounds++) {
		size_t start, bytes = random_part(MAP_BYTES, &start);
		char *heap = sbrk(256 * PAGE_BYTES);

		if (heap != (void *)-1)
			touch(heap, 256 * PAGE_BYTES);
		munmap(at + start, bytes);
		renew(at + start, bytes);
		sbrk(-256 * (intptr_t)PAGE_BYTES);
	}
}

static const char *churn_mremap(struct slot *slot, char *a)
{
	char *b = region(4 * MIB);

	if (!b)
		return no_memory;
	for (;; slot->rounds++) {
		char *swap = a;

		madvise(a, 4 * MIB,
			random() % 2 ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
		touch(a, 4 * MIB);
		mremap(a + MIB, MIB, MIB, MREMAP_MAYMOVE | MREMAP_FIXED,
		       b + MIB);
		mremap(a, 4 * MIB, 4 * MIB,
		       MREMAP_MAYMOVE | MREMAP_FIXED |
			       (random() % 2 ? MREMAP_DONTUNMAP : 0),
		       b);
		mremap(b, 4 * MIB, 2 * MIB, 0);
		mremap(b, 2 * MIB, 4 * MIB, 0);
		renew(b, 4 * MIB);
		renew(a, 4 * MIB);
		a = b;
		b = swap;
	}
}

static const char *churn_mprotect(struct slot *slot, char *at)
{
	static const int prots[] = {
		PROT_NONE, PROT_READ, RW, RW | PROT_EXEC, PROT_READ | PROT_EXEC,
	};

	madvise(at, 4 * MIB, MADV_HUGEPAGE);
	touch(at, 8 * MIB);
	for (;; slot->rounds++) {
		size_t start, bytes = random_part(8 * MIB, &start);

		mprotect(at + start, bytes, prots[random() % 5]);
		if (random() % 64)
			continue;
		mprotect(at, 8 * MIB, RW);
		madvise(at, 8 * MIB, MADV_DONTNEED);
		touch(at, 8 * MIB);
	}
	return NULL;
}

/* Pages: advice, huge pages, hugetlb, shmem, files */

static const char *churn_madvise(struct slot *slot, char *at)
{
	static const int advices[] = {
		MADV_DONTNEED,	    MADV_FREE,		 MADV_COLD,
		MADV_PAGEOUT,	    MADV_POPULATE_WRITE, MADV_POPULATE_READ,
		MADV_COLLAPSE,	    MADV_HUGEPAGE,	 MADV_NOHUGEPAGE,
		MADV_GUARD_INSTALL, MADV_GUARD_REMOVE,
	};

	for (;; slot->rounds++) {
		size_t start, bytes = random_part(8 * MIB, &start);

		madvise(at + start, bytes,
			advices[random() % (ARRAY_SIZE(advices))]);
	}
	return NULL;
}

static void split(const char *at, size_t bytes)
{
	file_write("/sys/kernel/debug/split_huge_pages",
		   textf("%d,0x%llx,0x%llx", getpid(), address(at),
			 address(at) + bytes));
}

static const char *churn_huge(struct slot *slot, char *at)
{
	if (access(THP "enabled", F_OK))
		return "the kernel has no transparent huge pages";
	madvise(at, 8 * MIB, MADV_HUGEPAGE);
	for (;; slot->rounds++) {
		touch(at, 8 * MIB);
		split(at, 4 * MIB);
		madvise(at, 4 * MIB, MADV_COLLAPSE);
		madvise(at + 5 * MIB, PAGE_BYTES, MADV_DONTNEED);
		if (random() % 4 == 0)
			madvise(at, 8 * MIB, MADV_DONTNEED);
	}
}

#define HUGE_BYTES (8 * MIB)

/* In private and in shared memory that others map too, with holes punched. */
static void hugetlb_round(int fd, char *at)
{
	pid_t pid;

	mmap(at, HUGE_BYTES, RW, MAP_SHARED | MAP_FIXED, fd, 0);
	madvise(at, HUGE_BYTES, MADV_POPULATE_WRITE);
	pid = fork_tied();
	if (!pid) {
		madvise(at, HUGE_BYTES, MADV_POPULATE_WRITE);
		_exit(0);
	}
	fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, PMD_BYTES,
		  PMD_BYTES);
	mprotect(at, PMD_BYTES, PROT_READ);
	waitpid(pid, NULL, 0);
	mmap(at, HUGE_BYTES, RW, MAP_PRIVATE | MAP_FIXED, fd, 0);
	madvise(at, HUGE_BYTES, MADV_POPULATE_WRITE);
	renew(at, HUGE_BYTES);
	if (!ftruncate(fd, 0) && ftruncate(fd, HUGE_BYTES))
		return;
}

static const char *churn_hugetlb(struct slot *slot, char *at)
{
	int fd = memfd_create("huge", MFD_HUGETLB | MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, HUGE_BYTES) ||
	    file_number("/proc/sys/vm/nr_hugepages") < 4)
		return "no huge pages of hugetlbfs are to be had";
	for (;; slot->rounds++)
		hugetlb_round(fd, at);
}

/* A gigabyte of one file, so that processes share its page table. */
static const char *churn_hugetlb_shared_table(struct slot *slot, char *at)
{
	int fd = memfd_create("huge", MFD_HUGETLB | MFD_CLOEXEC);

	at = align_up(at, PUD_BYTES);
	if (fd < 0 || ftruncate(fd, PUD_BYTES) ||
	    file_number("/proc/sys/vm/nr_hugepages") < 4)
		return "no huge pages of hugetlbfs are to be had";
	for (;; slot->rounds++) {
		pid_t pid;

		mmap(at, PUD_BYTES, RW, MAP_SHARED | MAP_FIXED | MAP_NORESERVE,
		     fd, 0);
		madvise(at, 2 * PMD_BYTES, MADV_POPULATE_WRITE);
		pid = fork_tied();
		if (!pid) {
			madvise(at, 2 * PMD_BYTES, MADV_POPULATE_WRITE);
			mprotect(at, PMD_BYTES, PROT_READ);
			munmap(at, PUD_BYTES / 2);
			_exit(0);
		}
		slot->pid = random() % 2 ? pid : getpid();
		waitpid(pid, NULL, 0);
		slot->pid = getpid();
		mmap(at, PUD_BYTES, PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED,
		     -1, 0);
	}
}

/* Mapped twice: if it is collapsed at one address, the other is retracted. */
static const char *churn_shmem_huge(struct slot *slot, char *at)
{
	int fd = share(at, 8 * MIB);
	char *other = region(8 * MIB);

	if (fd < 0 || !other)
		return no_memory;
	for (;; slot->rounds++) {
		mmap(other, 8 * MIB, RW, MAP_SHARED | MAP_FIXED, fd, 0);
		madvise(at, 8 * MIB,
			random() % 2 ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
		touch(at, 8 * MIB);
		madvise(other, 8 * MIB, MADV_POPULATE_READ);
		madvise(at, 4 * MIB, MADV_COLLAPSE);
		fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, MIB,
			  PAGE_BYTES * (1 + random() % 600));
		split(at, 8 * MIB);
		munmap(other, 8 * MIB);
		if (random() % 4 == 0 && !ftruncate(fd, 0) &&
		    ftruncate(fd, 8 * MIB))
			return no_memory;
	}
}

static const char *churn_truncate(struct slot *slot, char *at)
{
	int fd = share(at, 4 * MIB);
	char *copy;

	if (fd < 0)
		return no_memory;
	copy = mmap(NULL, 4 * MIB, RW, MAP_PRIVATE, fd, 0);
	for (;; slot->rounds++) {
		madvise(at, 4 * MIB, MADV_POPULATE_WRITE);
		madvise(copy, 2 * MIB, MADV_POPULATE_WRITE);
		madvise(copy + 2 * MIB, 2 * MIB, MADV_POPULATE_READ);
		if (ftruncate(fd, MIB) || ftruncate(fd, 4 * MIB))
			return no_memory;
		fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			  random_page(2 * MIB), random_page(MIB) + PAGE_BYTES);
	}
}

/* What the kernel does itself: KSM, swap, migration, hints, write protection */

static const char *churn_ksm(struct slot *slot, char *at)
{
	if (file_number(KSM "run") != 1)
		return "the kernel has no KSM";
	madvise(at, 2 * MIB, MADV_NOHUGEPAGE);
	for (;; slot->rounds++) {
		memset(at, 0xeb, 2 * MIB);
		madvise(at, 2 * MIB, MADV_MERGEABLE);
		usleep(50000 + random() % 200000);
		touch(at, MIB);
		if (random() % 2)
			madvise(at, 2 * MIB, MADV_UNMERGEABLE);
	}
}

static const char *churn_swap(struct slot *slot, char *at)
{
	char *shared = region(4 * MIB);

	if (!shared || share(shared, 4 * MIB) < 0)
		return no_memory;
	if (random() % 2)
		madvise(at, 4 * MIB, MADV_HUGEPAGE);
	for (;; slot->rounds++) {
		size_t start, bytes = random_part(8 * MIB, &start);

		touch(at, 8 * MIB);
		touch(shared, 4 * MIB);
		madvise(at + start, bytes, MADV_PAGEOUT);
		madvise(shared, 2 * MIB, MADV_PAGEOUT);
		if (random() % 8 == 0 && !fork_tied())
			_exit(0);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
}

/* Devices come and go, with everything that was on them. */
static const char *churn_swapoff(struct slot *slot, char *at)
{
	struct swap_device dev;
	const char *why;

	for (;; slot->rounds++) {
		why = swapdev_add(&dev, SWAPDEV_ZRAM, 32 * MIB);
		if (why)
			return why;
		touch(at, 2 * MIB);
		madvise(at, 2 * MIB, MADV_PAGEOUT);
		usleep(random() % 100000);
		while (!swapdev_remove(&dev))
			;
	}
}

static const char *churn_migrate(struct slot *slot, char *at)
{
	size_t pages = 4 * MIB / PAGE_BYTES, i;
	void **addrs = calloc(pages, sizeof(*addrs));
	int *nodes = calloc(pages, sizeof(*nodes));
	int *status = calloc(pages, sizeof(*status));

	if (!addrs || !nodes || !status)
		return no_memory;
	if (access("/sys/devices/system/node/node1", F_OK))
		return "there is one NUMA node";
	for (i = 0; i < pages; i++)
		addrs[i] = at + i * PAGE_BYTES;
	for (;; slot->rounds++) {
		touch(at, 4 * MIB);
		for (i = 0; i < pages; i++)
			nodes[i] = slot->rounds & 1;
		syscall(SYS_move_pages, 0, pages, addrs, nodes, status, 2);
	}
}

static void *touch_for_ever(void *arg)
{
	for (;;)
		touch(arg, 4 * MIB);
	return NULL;
}

/* Its own hints, and soft-dirty bits that are cleared meanwhile. */
static const char *churn_hints(struct slot *slot, char *at)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, touch_for_ever, at))
		return no_memory;
	for (;; slot->rounds++) {
		file_write("/proc/self/clear_refs", random() % 2 ? "4" : "1");
		usleep(1000);
	}
}

static void uffd_protect(int fd, char *at, size_t bytes, bool on)
{
	struct uffdio_writeprotect protect = {
		.range = { .start = address(at), .len = bytes },
		.mode = on ? UFFDIO_WRITEPROTECT_MODE_WP : 0,
	};

	ioctl(fd, UFFDIO_WRITEPROTECT, &protect);
}

static const char *churn_uffd(struct slot *slot, char *at)
{
	int fd;

	if (share(at, 4 * MIB) < 0)
		return no_memory;
	fd = uffd_register(at, 4 * MIB, UFFD_FEATURE_WP_HUGETLBFS_SHMEM,
			   UFFDIO_REGISTER_MODE_WP);
	if (fd < 0)
		return "no userfaultfd that protects shmem";
	for (;; slot->rounds++) {
		size_t start, bytes = random_part(4 * MIB, &start);

		uffd_protect(fd, at + start, bytes, true);
		madvise(at, 4 * MIB,
			random() % 2 ? MADV_DONTNEED : MADV_PAGEOUT);
		madvise(at, 4 * MIB, MADV_POPULATE_READ);
		uffd_protect(fd, at, 4 * MIB, false);
		touch(at, 4 * MIB);
	}
}

/* Settings that the others need; call knobs_restore() afterwards. */
void churn_prepare(void)
{
	knob_set("/proc/sys/vm/nr_hugepages", "16");
	knob_set(THP "enabled", "madvise");
	knob_set(THP "shmem_enabled", "advise");
	knob_set(THP "khugepaged/scan_sleep_millisecs", "10");
	knob_set(KSM "pages_to_scan", "1000");
	knob_set(KSM "sleep_millisecs", "1");
	knob_set(KSM "run", "1");
	knob_set("/proc/sys/kernel/numa_balancing", "1");
	knob_set("/sys/kernel/debug/sched/numa_balancing/scan_period_min_ms",
		 "50");
}

const struct churn churns[] = {
	{ "exit", churn_exit, 4 * MIB },
	{ "exec", churn_exec, 0 },
	{ "fork", churn_fork, 8 * MIB },
	{ "clone-vm", churn_clone_vm, 4 * MIB },
	{ "mmap", churn_mmap, MAP_BYTES },
	{ "mremap", churn_mremap, 4 * MIB },
	{ "mprotect", churn_mprotect, 8 * MIB },
	{ "madvise", churn_madvise, 8 * MIB },
	{ "huge", churn_huge, 8 * MIB },
	{ "hugetlb", churn_hugetlb, HUGE_BYTES },
	{ "hugetlb-shared-table", churn_hugetlb_shared_table, 2 * PUD_BYTES },
	{ "shmem-huge", churn_shmem_huge, 8 * MIB },
	{ "truncate", churn_truncate, 4 * MIB },
	{ "ksm", churn_ksm, 2 * MIB },
	{ "swap", churn_swap, 8 * MIB },
	{ "swapoff", churn_swapoff, 2 * MIB },
	{ "migrate", churn_migrate, 4 * MIB },
	{ "hints", churn_hints, 4 * MIB },
	{ "uffd", churn_uffd, 4 * MIB },
};

const size_t nr_churns = ARRAY_SIZE(churns);

/* Runs until it is killed. Returns why this machine cannot do it at present. */
const char *churn_run(const struct churn *churn, struct slot *slot)
{
	char *at = region(churn->bytes);

	return at ? churn->run(slot, at) : no_memory;
}
