// SPDX-License-Identifier: GPL-2.0-only
/*
 * Readers of a process's page tables: vmscope and the kernel's own files.
 */
#include "readers.h"

#include <linux/fs.h>

#include "vmscope_test.h"

#define BUF_BYTES (1 << 20)
/* Facts of frames, above the flags of a scan. */
#define FACTS_SHIFT 32
#define FACTS \
	((VMSCOPE_FACT_FLAGS | VMSCOPE_FACT_MAPCOUNT | 0ULL) << FACTS_SHIFT)

static char buf[BUF_BYTES] __attribute__((aligned(8)));

static int open_proc(const struct target_range *target, const char *file)
{
	return open(textf("/proc/%d/%s", target->pid, file),
		    O_RDONLY | O_CLOEXEC);
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

static int open_smaps(const struct target_range *target)
{
	return open_proc(target, "smaps");
}

static int open_smaps_rollup(const struct target_range *target)
{
	return open_proc(target, "smaps_rollup");
}

static int open_pagemap(const struct target_range *target)
{
	return open_proc(target, "pagemap");
}

static int pass_file(int fd, const struct target_range *target,
		     unsigned long long flags)
{
	(void)target;
	(void)flags;
	return read_file(fd);
}

static int pass_pagemap(int fd, const struct target_range *target,
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
static int pass_pagemap_scan(int fd, const struct target_range *target,
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

static int open_vmscope(const struct target_range *target)
{
	struct vmscope_attach attach = {
		.size = sizeof(attach),
		.pid = target->pid,
	};
	int fd = open(VMSCOPE_DEVICE, O_RDWR | O_CLOEXEC);

	return fd < 0 || ioctl(fd, VMSCOPE_IOC_ATTACH, &attach) ? -1 : fd;
}

static int pass_vmscope(int fd, const struct target_range *target,
			unsigned long long flags)
{
	struct vmscope_scan scan = {
		.size = sizeof(scan),
		.flags = (__u32)flags,
		.facts = flags >> FACTS_SHIFT,
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

const struct reader readers[] = {
	{ "vmscope, runs", open_vmscope, pass_vmscope, VMSCOPE_SCAN_RUNS },
	{ "vmscope, pages", open_vmscope, pass_vmscope, 0 },
	{ "vmscope, facts", open_vmscope, pass_vmscope,
	  VMSCOPE_SCAN_RUNS | FACTS },
	{ "pagemap", open_pagemap, pass_pagemap, 0 },
#ifdef PAGEMAP_SCAN
	{ "PAGEMAP_SCAN", open_pagemap, pass_pagemap_scan, 0 },
#endif
	{ "smaps", open_smaps, pass_file, 0 },
	{ "smaps_rollup", open_smaps_rollup, pass_file, 0 },
	{ NULL, NULL, NULL, 0 },
};

/* Maps the range of the target, this process, and touches every second page. */
bool target_map(struct target_range *target, size_t mib)
{
	target->pid = getpid();
	target->page = sysconf(_SC_PAGESIZE);
	target->bytes = mib << 20;
	target->start = mmap(NULL, target->bytes, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
			     0);
	if (target->start == MAP_FAILED)
		return false;
	madvise(target->start, target->bytes, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < target->bytes; i += 2 * target->page)
		target->start[i] = 1;
	return true;
}
