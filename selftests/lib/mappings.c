// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every kind of mapping and of absent page, made on demand. What a kind must
 * look like stands in states.c, not here.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "mappings.h"
#include "procfs.h"

/* Newer than the headers of the oldest release that this is built on. */
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif
#ifndef MAP_HUGE_2MB
#define MAP_HUGE_2MB (21 << 26)
#endif
#ifndef MAP_HUGE_1GB
#define MAP_HUGE_1GB (30 << 26)
#endif
#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#define PR_SET_VMA_ANON_NAME 0
#endif
#ifndef UFFD_FEATURE_WP_HUGETLBFS_SHMEM
#define UFFD_FEATURE_WP_HUGETLBFS_SHMEM (1 << 12)
#endif
#ifndef UFFD_FEATURE_WP_UNPOPULATED
#define UFFD_FEATURE_WP_UNPOPULATED (1 << 13)
#endif
#ifndef UFFD_FEATURE_POISON
#define UFFD_FEATURE_POISON (1 << 14)
#endif
#ifndef _UFFDIO_POISON
#define _UFFDIO_POISON 0x08
struct uffdio_poison {
	struct uffdio_range range;
	__u64 mode;
	__s64 updated;
};

#define UFFDIO_POISON _IOWR(UFFDIO, _UFFDIO_POISON, struct uffdio_poison)
#endif

#define RW (PROT_READ | PROT_WRITE)
#define SWAP_BYTES (16UL << 20)
#define THP "/sys/kernel/mm/transparent_hugepage/"
#define KSM "/sys/kernel/mm/ksm/"

static const char no_memory[] = "cannot map memory";
static const char no_thp[] = "no transparent huge page is to be had";
static const char no_swap_out[] = "the kernel would not swap the page out";
static const char no_uffd[] = "no userfaultfd that can do this";

/* Words that no zero, no other page and no compressor makes equal. */
void pattern_fill(void *page, __u64 seed)
{
	__u64 *word = page;
	size_t i;

	for (i = 0; i < PAGE_BYTES / sizeof(*word); i++)
		word[i] = (seed + i) * 0x9e3779b97f4a7c15ULL;
}

bool pattern_is(const void *page, __u64 seed)
{
	__u64 want[4096 / sizeof(__u64)];

	pattern_fill(want, seed);
	return !memcmp(page, want, sizeof(want));
}

static void patterns_fill(struct mapping *map)
{
	size_t i;

	for (i = 0; i < map->pages; i++)
		pattern_fill(map->addr + i * PAGE_BYTES, i);
}

static const char *map_into(struct mapping *map, size_t bytes, int prot,
			    int flags, int fd)
{
	map->base = mmap(NULL, bytes, prot, flags, fd, 0);
	if (map->base == MAP_FAILED) {
		map->base = NULL;
		return no_memory;
	}
	map->bytes = bytes;
	map->addr = map->base;
	map->pages = bytes / PAGE_BYTES;
	return NULL;
}

#define ANON_FLAGS (MAP_PRIVATE | MAP_ANONYMOUS)
#define FEW_BYTES (8 * PAGE_BYTES)

/* A few pages of base size, whatever the machine does by itself. */
static const char *map_small(struct mapping *map)
{
	const char *why = map_into(map, FEW_BYTES, RW, ANON_FLAGS, -1);

	if (!why)
		madvise(map->base, map->bytes, MADV_NOHUGEPAGE);
	return why;
}

static const char *make_anon(struct mapping *map)
{
	const char *why = map_small(map);

	if (!why)
		patterns_fill(map);
	return why;
}

static const char *anon_protect(struct mapping *map, int prot)
{
	const char *why = make_anon(map);

	if (!why && mprotect(map->base, map->bytes, prot))
		why = "mprotect() refuses";
	return why;
}

static const char *make_anon_read_only(struct mapping *map)
{
	return anon_protect(map, PROT_READ);
}

static const char *make_anon_rwx(struct mapping *map)
{
	return anon_protect(map, RW | PROT_EXEC);
}

static const char *make_protnone(struct mapping *map)
{
	return anon_protect(map, PROT_NONE);
}

/* Writable memory whose pages a forked child shares until someone writes. */
static const char *make_anon_shared_by_fork(struct mapping *map)
{
	const char *why = make_anon(map);

	if (!why)
		map->child = sleeping_child();
	return why;
}

static const char *make_zero(struct mapping *map)
{
	const char *why = map_small(map);
	volatile char byte;
	size_t i;

	for (i = 0; !why && i < map->pages; i++)
		byte = map->addr[i * PAGE_BYTES];
	(void)byte;
	return why;
}

static const char *make_lazyfree(struct mapping *map)
{
	const char *why = make_anon(map);

	if (!why && madvise(map->base, map->bytes, MADV_FREE))
		why = "MADV_FREE refused";
	return why;
}

static const char *make_mlocked(struct mapping *map)
{
	const char *why = make_anon(map);

	if (!why && mlock(map->base, map->bytes))
		why = "mlock() refuses";
	return why;
}

static const char *make_anon_named(struct mapping *map)
{
	const char *why = make_anon(map);

	if (!why && prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, map->base,
			  map->bytes, "a name"))
		why = "the kernel has no names for anonymous memory";
	return why;
}

static const char *make_growsdown(struct mapping *map)
{
	const char *why =
		map_into(map, FEW_BYTES, RW, ANON_FLAGS | MAP_GROWSDOWN, -1);

	if (!why)
		patterns_fill(map);
	return why;
}

static const char *make_heap(struct mapping *map)
{
	char *old = sbrk(2 * PAGE_BYTES);

	if (old == (void *)-1)
		return no_memory;
	map->addr =
		(char *)((address(old) + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1));
	map->pages = 1;
	patterns_fill(map);
	return NULL;
}

static const char *make_stack(struct mapping *map)
{
	map->addr = (char *)(address(__builtin_frame_address(0)) &
			     ~(PAGE_BYTES - 1));
	map->pages = 1;
	return NULL;
}

static const char *make_text(struct mapping *map)
{
	map->addr = (char *)(address(mapping_make) & ~(PAGE_BYTES - 1));
	map->pages = 1;
	return NULL;
}

static const char *make_pkey(struct mapping *map)
{
	const char *why = make_anon(map);

	if (why)
		return why;
	map->pkey = pkey_alloc(0, 0);
	if (map->pkey < 0)
		return "this processor has no protection keys";
	if (pkey_mprotect(map->base, map->bytes, RW, map->pkey))
		return "pkey_mprotect() refuses";
	return NULL;
}

/* Huge pages: an area of two of them holds an aligned one. */
static const char *map_aligned(struct mapping *map)
{
	const char *why = map_into(map, 2 * PMD_BYTES, RW, ANON_FLAGS, -1);

	if (why)
		return why;
	map->addr = (char *)((address(map->base) + PMD_BYTES - 1) &
			     ~(PMD_BYTES - 1));
	map->pages = PMD_BYTES / PAGE_BYTES;
	return NULL;
}

static __u64 area_sum(const void *addr, enum smaps_field field)
{
	const struct proc_area *area;
	struct proc_areas areas;
	__u64 sum = 0;

	if (areas_read(getpid(), &areas))
		return 0;
	area = areas_find(&areas, address(addr));
	if (area)
		sum = area->sums[field];
	areas_free(&areas);
	return sum;
}

static bool collapse(void *addr)
{
	int i;

	for (i = 0; i < 10; i++) {
		if (!madvise(addr, PMD_BYTES, MADV_COLLAPSE))
			return true;
		usleep(20000);
	}
	return false;
}

/*
 * Written once through a huge mapping where the kernel gives one by itself,
 * else collapsed.
 */
static const char *make_thp(struct mapping *map)
{
	const char *why = map_aligned(map);

	if (why)
		return why;
	if (!knob_set(THP "enabled", "madvise"))
		return no_thp;
	madvise(map->addr, PMD_BYTES, MADV_HUGEPAGE);
	patterns_fill(map);
	if (area_sum(map->addr, SMAPS_ANON_HUGE) < PMD_BYTES >> 10 &&
	    !collapse(map->addr))
		return no_thp;
	return area_sum(map->addr, SMAPS_ANON_HUGE) ? NULL : no_thp;
}

static const char *make_thp_protnone(struct mapping *map)
{
	const char *why = make_thp(map);

	if (!why && mprotect(map->addr, PMD_BYTES, PROT_NONE))
		why = "mprotect() refuses";
	return why;
}

/* Still one huge page, mapped by base pages since a part differs. */
static const char *make_thp_mapped_by_pages(struct mapping *map)
{
	const char *why = make_thp(map);

	if (!why && mprotect(map->addr + PMD_BYTES / 2, PAGE_BYTES, PROT_READ))
		why = "mprotect() refuses";
	map->pages = 8;
	return why;
}

static const char *make_hugezero(struct mapping *map)
{
	const char *why = map_aligned(map);
	volatile char byte;

	if (why)
		return why;
	if (!knob_set(THP "enabled", "madvise") ||
	    !knob_set(THP "use_zero_page", "1"))
		return "the kernel has no huge zero page";
	madvise(map->addr, PMD_BYTES, MADV_HUGEPAGE);
	byte = *map->addr;
	(void)byte;
	if (!(page_flags(pagemap_self(map->addr) & PM_PFN_MASK) & KPF(THP)))
		return "the kernel gave no huge zero page";
	return NULL;
}

/* Hugetlb: the pool grows by what is needed, if it can. */
static bool hugetlb_reserve(size_t bytes)
{
	char dir[64], path[128], number[24];
	long have, left;

	snprintf(dir, sizeof(dir), "/sys/kernel/mm/hugepages/hugepages-%zukB",
		 bytes >> 10);
	snprintf(path, sizeof(path), "%s/free_hugepages", dir);
	left = file_number(path);
	if (left < 0)
		return false;
	if (left > 0)
		return true;
	snprintf(path, sizeof(path), "%s/nr_hugepages", dir);
	have = file_number(path);
	snprintf(number, sizeof(number), "%ld", have + 1);
	return knob_set(path, number) && file_number(path) > have;
}

static const char *map_hugetlb(struct mapping *map, size_t bytes, int flags)
{
	int size = bytes == PUD_BYTES ? MAP_HUGE_1GB : MAP_HUGE_2MB;
	const char *why;

	if (!hugetlb_reserve(bytes))
		return bytes == PUD_BYTES ? "no 1 GiB huge page is free" :
					    "no 2 MiB huge page is free";
	why = map_into(map, bytes, RW,
		       flags | MAP_ANONYMOUS | MAP_HUGETLB | size, -1);
	return why;
}

static const char *make_hugetlb(struct mapping *map, size_t bytes, int flags)
{
	const char *why = map_hugetlb(map, bytes, flags);

	if (!why)
		*map->addr = 1;
	return why;
}

static const char *make_hugetlb_2m_private(struct mapping *map)
{
	return make_hugetlb(map, PMD_BYTES, MAP_PRIVATE);
}

static const char *make_hugetlb_2m_shared(struct mapping *map)
{
	return make_hugetlb(map, PMD_BYTES, MAP_SHARED);
}

static const char *make_hugetlb_1g_private(struct mapping *map)
{
	return make_hugetlb(map, PUD_BYTES, MAP_PRIVATE);
}

static const char *make_hugetlb_1g_shared(struct mapping *map)
{
	return make_hugetlb(map, PUD_BYTES, MAP_SHARED);
}

static const char *make_hugetlb_untouched(struct mapping *map)
{
	return map_hugetlb(map, PMD_BYTES, MAP_SHARED);
}

static bool same_frame(const void *a, const void *b)
{
	__u64 entry = pagemap_self(a);

	return entry & PM_PRESENT && !((entry ^ pagemap_self(b)) & PM_PFN_MASK);
}

/* KSM: two pages with the same words, until the kernel has merged them. */
static const char *make_ksm(struct mapping *map)
{
	const char *why = map_small(map);
	int i;

	if (why)
		return why;
	if (!knob_set(KSM "pages_to_scan", "2000") ||
	    !knob_set(KSM "sleep_millisecs", "10") || !knob_set(KSM "run", "1"))
		return "the kernel has no KSM";
	for (i = 0; i < 2; i++)
		pattern_fill(map->addr + i * PAGE_BYTES, 0xeb);
	map->pages = 2;
	madvise(map->base, map->bytes, MADV_MERGEABLE);
	for (i = 0; i < 1000; i++) {
		if (same_frame(map->addr, map->addr + PAGE_BYTES))
			return NULL;
		usleep(10000);
	}
	return "KSM did not merge the pages";
}

/* A file system whose page cache is no shmem, whatever the machine runs on. */
static int ramfs_file(const char *name)
{
	char dir[] = "/tmp/vmscope-XXXXXX", path[64];
	int fd = -1;

	if (!mkdtemp(dir))
		return -1;
	if (!mount("ramfs", dir, "ramfs", 0, NULL)) {
		snprintf(path, sizeof(path), "%s/%s", dir, name);
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		umount2(dir, MNT_DETACH);
	}
	rmdir(dir);
	return fd;
}

static int tmpfs_file(const char *name)
{
	char dir[] = "/tmp/vmscope-XXXXXX", path[64];
	int fd = -1;

	if (!mkdtemp(dir))
		return -1;
	if (!mount("tmpfs", dir, "tmpfs", 0, NULL)) {
		snprintf(path, sizeof(path), "%s/%s", dir, name);
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		umount2(dir, MNT_DETACH);
	}
	rmdir(dir);
	return fd;
}

/* @fd with a few pages of pattern in its page cache, mapped but not touched. */
static const char *map_file(struct mapping *map, int fd, int prot, int flags)
{
	char page[4096];
	const char *why;
	size_t i;

	if (fd < 0)
		return "cannot make the file";
	map->fd = fd;
	for (i = 0; i < FEW_BYTES / PAGE_BYTES; i++) {
		pattern_fill(page, i);
		if (write(fd, page, PAGE_BYTES) != (ssize_t)PAGE_BYTES)
			return "cannot write to the file";
	}
	why = map_into(map, FEW_BYTES, prot, flags, fd);
	return why;
}

static void read_pages(struct mapping *map)
{
	volatile char byte;
	size_t i;

	for (i = 0; i < map->pages; i++)
		byte = map->addr[i * PAGE_BYTES];
	(void)byte;
}

static const char *file_read(struct mapping *map, int fd, int flags)
{
	const char *why = map_file(map, fd, RW, flags);

	if (!why)
		read_pages(map);
	return why;
}

static const char *file_written(struct mapping *map, int fd, int flags)
{
	const char *why = map_file(map, fd, RW, flags);

	if (!why)
		patterns_fill(map);
	return why;
}

static const char *make_file_private(struct mapping *map)
{
	return file_read(map, ramfs_file("private"), MAP_PRIVATE);
}

static const char *make_file_shared(struct mapping *map)
{
	return file_written(map, ramfs_file("shared"), MAP_SHARED);
}

static const char *make_file_copied(struct mapping *map)
{
	return file_written(map, ramfs_file("copied"), MAP_PRIVATE);
}

static const char *make_file_read_only(struct mapping *map)
{
	const char *why =
		map_file(map, ramfs_file("read only"), PROT_READ, MAP_SHARED);

	if (!why)
		read_pages(map);
	return why;
}

/* Shmem in all its forms. */
static int memfd(const char *name)
{
	return memfd_create(name, MFD_CLOEXEC);
}

static const char *make_shared_anon(struct mapping *map)
{
	const char *why =
		map_into(map, FEW_BYTES, RW, MAP_SHARED | MAP_ANONYMOUS, -1);

	if (!why)
		patterns_fill(map);
	return why;
}

static const char *make_memfd(struct mapping *map)
{
	return file_written(map, memfd("shared"), MAP_SHARED);
}

static const char *make_memfd_private(struct mapping *map)
{
	return file_read(map, memfd("private"), MAP_PRIVATE);
}

static const char *make_memfd_copied(struct mapping *map)
{
	return file_written(map, memfd("copied"), MAP_PRIVATE);
}

static const char *make_tmpfs(struct mapping *map)
{
	return file_written(map, tmpfs_file("file"), MAP_SHARED);
}

static const char *make_sysv(struct mapping *map)
{
	int id = shmget(IPC_PRIVATE, FEW_BYTES, IPC_CREAT | 0600);

	if (id < 0)
		return "no System V shared memory";
	map->base = shmat(id, NULL, 0);
	shmctl(id, IPC_RMID, NULL);
	if (map->base == (void *)-1) {
		map->base = NULL;
		return no_memory;
	}
	map->bytes = FEW_BYTES;
	map->addr = map->base;
	map->pages = FEW_BYTES / PAGE_BYTES;
	patterns_fill(map);
	return NULL;
}

/* Over an aligned hole, so that the file's first huge page can be one. */
static const char *make_shmem_thp(struct mapping *map)
{
	const char *why = map_aligned(map);
	void *at = map->addr;

	if (why)
		return why;
	if (!knob_set(THP "shmem_enabled", "advise"))
		return no_thp;
	map->fd = memfd("huge");
	if (map->fd < 0 || ftruncate(map->fd, PMD_BYTES) ||
	    mmap(at, PMD_BYTES, RW, MAP_SHARED | MAP_FIXED, map->fd, 0) != at)
		return no_memory;
	madvise(at, PMD_BYTES, MADV_HUGEPAGE);
	patterns_fill(map);
	if (!area_sum(at, SMAPS_SHMEM_HUGE))
		collapse(at);
	read_pages(map);
	return area_sum(at, SMAPS_SHMEM_HUGE) ? NULL : no_thp;
}

/*
 * Files other than shmem: huge pages come where the file system reads ahead in
 * large folios, which some do, and else of programs, if the kernel was built
 * so.
 */
static bool huge_file(struct mapping *map, const char *path)
{
	map->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (map->fd < 0)
		return false;
	posix_fadvise(map->fd, 0, 0, POSIX_FADV_DONTNEED);
	if (mmap(map->addr, PMD_BYTES, PROT_READ | PROT_EXEC,
		 MAP_PRIVATE | MAP_FIXED, map->fd, 0) == map->addr) {
		madvise(map->addr, PMD_BYTES, MADV_HUGEPAGE);
		read_pages(map);
		if (!area_sum(map->addr, SMAPS_FILE_HUGE) &&
		    collapse(map->addr))
			read_pages(map);
		if (area_sum(map->addr, SMAPS_FILE_HUGE))
			return true;
	}
	close(map->fd);
	map->fd = -1;
	return false;
}

static bool huge_ramfs_file(struct mapping *map)
{
	char page[4096] = "text", path[64];
	int fd = ramfs_file("program");
	bool found;
	size_t i;

	for (i = 0; i < PMD_BYTES / PAGE_BYTES; i++)
		if (write(fd, page, PAGE_BYTES) != (ssize_t)PAGE_BYTES)
			break;
	/* once more, for reading: a program is not written to */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	i = open(path, O_RDONLY | O_CLOEXEC);
	close(fd);
	snprintf(path, sizeof(path), "/proc/self/fd/%zd", i);
	found = huge_file(map, path);
	close(i);
	return found;
}

static const char *make_file_thp(struct mapping *map)
{
	static const char *const large_files[] = {
		"/usr/bin/python3",
		"/usr/bin/gdb",
		"/usr/bin/perl",
	};
	const char *why = map_aligned(map);
	size_t i;

	if (why)
		return why;
	knob_set(THP "enabled", "madvise");
	for (i = 0; i < sizeof(large_files) / sizeof(large_files[0]); i++)
		if (huge_file(map, large_files[i]))
			return NULL;
	return huge_ramfs_file(map) ? NULL :
				      "the kernel makes no huge pages of files";
}

/* What the kernel maps by itself, and frames without pages. */
static const char *find_area(struct mapping *map, const char *name)
{
	struct proc_areas areas;
	size_t i;

	if (areas_read(getpid(), &areas))
		return "cannot read /proc/self/smaps";
	for (i = 0; i < areas.nr && !map->addr; i++)
		if (!strcmp(areas.areas[i].name, name))
			map->addr = (char *)(uintptr_t)areas.areas[i].start;
	areas_free(&areas);
	map->pages = 1;
	return map->addr ? NULL : "the kernel maps no such area";
}

static const char *make_vdso(struct mapping *map)
{
	const char *why = find_area(map, "[vdso]");

	if (!why)
		read_pages(map);
	return why;
}

/* Read by the vdso itself; the page behind may be of a clock we lack. */
static const char *make_vvar(struct mapping *map)
{
	const char *why = find_area(map, "[vvar]");
	struct timespec now;

	if (why)
		return why;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!(pagemap_self(map->addr) & PM_PRESENT))
		read_pages(map);
	return NULL;
}

#define BIOS_PHYS 0xf0000

static const char *make_devmem(struct mapping *map)
{
	int fd = open("/dev/mem", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return "there is no /dev/mem, or the kernel is locked down";
	map->fd = fd;
	map->base =
		mmap(NULL, PAGE_BYTES, PROT_READ, MAP_SHARED, fd, BIOS_PHYS);
	if (map->base == MAP_FAILED) {
		map->base = NULL;
		return "the kernel refuses to map /dev/mem";
	}
	map->bytes = PAGE_BYTES;
	map->addr = map->base;
	map->pages = 1;
	map->pfn = BIOS_PHYS / PAGE_BYTES;
	return NULL;
}

static __u64 pci_bar_phys(const char *device, int bar)
{
	unsigned long long start = 0;
	char path[320];
	FILE *file;
	int line;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource",
		 device);
	file = fopen(path, "re");
	for (line = 0; file && line <= bar; line++)
		if (fscanf(file, "%llx %*x %*x", &start) != 1)
			start = 0;
	if (file)
		fclose(file);
	return start;
}

static bool map_pci_bar(struct mapping *map, const char *device, int bar,
			const char *suffix)
{
	char path[320];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource%d%s",
		 device, bar, suffix);
	map->fd = open(path, O_RDWR | O_CLOEXEC);
	if (map->fd < 0)
		return false;
	map->pfn = pci_bar_phys(device, bar) / PAGE_BYTES;
	if (map->pfn && !map_into(map, PAGE_BYTES, RW, MAP_SHARED, map->fd))
		return true;
	close(map->fd);
	map->fd = -1;
	return false;
}

/* Some device's registers: mapped, and never touched. */
static const char *map_pci(struct mapping *map, const char *suffix)
{
	DIR *dir = opendir("/sys/bus/pci/devices");
	struct dirent *entry;
	bool found = false;
	int bar;

	while (dir && !found && (entry = readdir(dir)))
		for (bar = 0; bar < 6 && !found && entry->d_name[0] != '.';
		     bar++)
			found = map_pci_bar(map, entry->d_name, bar, suffix);
	if (dir)
		closedir(dir);
	return found ? NULL : "no PCI device has such memory to map";
}

static const char *make_pci(struct mapping *map)
{
	return map_pci(map, "");
}

static const char *make_pci_wc(struct mapping *map)
{
	/* The file is there when the kernel uses PAT, without which all is UC-.
	 */
	if (access("/sys/kernel/debug/x86/pat_memtype_list", F_OK))
		return "the kernel does without PAT";
	return map_pci(map, "_wc");
}

/*
 * Nothing, at every level. A page is touched as far away as makes the table
 * above exist.
 */
static const char *map_hole(struct mapping *map, __u64 bytes, __u64 align)
{
	const char *why;

	if (bytes > SIZE_MAX)
		return "no such addresses";
	why = map_into(map, bytes, RW, ANON_FLAGS | MAP_NORESERVE, -1);
	if (why)
		return why;
	madvise(map->base, bytes, MADV_NOHUGEPAGE);
	map->addr = (char *)(uintptr_t)((address(map->base) + align - 1) &
					~(align - 1));
	map->pages = 1;
	return NULL;
}

static const char *make_none_pte(struct mapping *map)
{
	const char *why = map_hole(map, 2 * PMD_BYTES, PMD_BYTES);

	if (why)
		return why;
	*map->addr = 1;
	map->addr += 16 * PAGE_BYTES;
	return NULL;
}

static const char *make_none_pmd(struct mapping *map)
{
	const char *why = map_hole(map, 2 * PUD_BYTES, PUD_BYTES);

	if (why)
		return why;
	*map->addr = 1;
	map->addr += 16 * PMD_BYTES;
	return NULL;
}

static const char *make_none_pud(struct mapping *map)
{
	const char *why = map_hole(map, 2 * PGD_BYTES, PGD_BYTES);

	if (why)
		return why;
	*map->addr = 1;
	map->addr += 16 * PUD_BYTES;
	return NULL;
}

static const char *make_none_top(struct mapping *map)
{
	return map_hole(map, 2 * PGD_BYTES, PGD_BYTES);
}

/* Swap. */
/* The device comes first: loading its module forks, which shares pages. */
static const char *anon_swapped(struct mapping *map, enum swapdev_kind kind)
{
	const char *why = swapdev_add(&map->swap, kind, SWAP_BYTES);

	if (!why)
		why = make_anon(map);
	if (!why && !swap_out(map->base, map->bytes))
		why = no_swap_out;
	return why;
}

static const char *make_swap_zram(struct mapping *map)
{
	return anon_swapped(map, SWAPDEV_ZRAM);
}

static const char *make_swap_disk(struct mapping *map)
{
	return anon_swapped(map, SWAPDEV_DISK);
}

/* Two owners of one slot: the entry is exclusive no more. */
static const char *make_swap_shared_by_fork(struct mapping *map)
{
	const char *why = anon_swapped(map, SWAPDEV_ZRAM);

	if (!why)
		map->child = sleeping_child();
	return why;
}

static const char *make_swap_of_thp(struct mapping *map)
{
	const char *why = make_thp(map);

	if (!why)
		why = swapdev_add(&map->swap, SWAPDEV_ZRAM, SWAP_BYTES);
	if (!why && !swap_out(map->addr, PMD_BYTES))
		why = no_swap_out;
	return why;
}

static const char *shared_swapped(struct mapping *map, const char *why)
{
	if (!why)
		why = swapdev_add(&map->swap, SWAPDEV_ZRAM, SWAP_BYTES);
	if (!why && !swap_out_shared(map->addr, map->pages * PAGE_BYTES))
		why = no_swap_out;
	return why;
}

static const char *make_shared_anon_swapped(struct mapping *map)
{
	return shared_swapped(map, make_shared_anon(map));
}

static const char *make_memfd_swapped(struct mapping *map)
{
	return shared_swapped(map, make_memfd(map));
}

static const char *make_tmpfs_swapped(struct mapping *map)
{
	return shared_swapped(map, make_tmpfs(map));
}

/*
 * A private view of a swapped file: swapped pages show through where nothing
 * was written yet.
 */
static const char *make_memfd_swapped_private(struct mapping *map)
{
	const char *why = make_memfd_swapped(map);
	void *view;

	if (why)
		return why;
	view = mmap(NULL, map->bytes, RW, MAP_PRIVATE, map->fd, 0);
	if (view == MAP_FAILED)
		return no_memory;
	munmap(map->base, map->bytes);
	map->base = view;
	map->addr = view;
	return NULL;
}

static void ignore_signal(int sig)
{
	(void)sig;
}

/* The owner of the page is notified of its loss. */
static const char *make_hwpoison(struct mapping *map)
{
	const char *why = make_anon(map);

	if (why)
		return why;
	signal(SIGBUS, ignore_signal);
	map->pages = 1;
	map->pfn = pagemap_self(map->addr) & PM_PFN_MASK;
	if (madvise(map->addr, PAGE_BYTES, MADV_HWPOISON))
		return "the kernel takes no simulated memory errors";
	return NULL;
}

/* userfaultfd */
static const char *uffd_open(struct mapping *map, __u64 features, __u64 mode)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	struct uffdio_register reg = {
		.range = { .start = address(map->base), .len = map->bytes },
		.mode = mode,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return no_uffd;
	if (map->fd >= 0)
		close(map->fd);
	map->fd = fd;
	if (ioctl(fd, UFFDIO_API, &api) || ioctl(fd, UFFDIO_REGISTER, &reg))
		return no_uffd;
	return NULL;
}

static const char *uffd_protect(struct mapping *map)
{
	struct uffdio_writeprotect protect = {
		.range = { .start = address(map->base), .len = map->bytes },
		.mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};

	if (ioctl(map->fd, UFFDIO_WRITEPROTECT, &protect))
		return no_uffd;
	return NULL;
}

static const char *uffd_wp(struct mapping *map, const char *why, __u64 features)
{
	if (!why)
		why = uffd_open(map, features, UFFDIO_REGISTER_MODE_WP);
	return why ? why : uffd_protect(map);
}

static const char *make_uffd_wp(struct mapping *map)
{
	return uffd_wp(map, make_anon(map), 0);
}

static const char *make_uffd_wp_shmem(struct mapping *map)
{
	return uffd_wp(map, make_memfd(map), UFFD_FEATURE_WP_HUGETLBFS_SHMEM);
}

static const char *make_uffd_marker_shmem(struct mapping *map)
{
	return uffd_wp(map,
		       map_into(map, FEW_BYTES, RW, MAP_SHARED | MAP_ANONYMOUS,
				-1),
		       UFFD_FEATURE_WP_HUGETLBFS_SHMEM);
}

static const char *make_uffd_marker_anon(struct mapping *map)
{
	return uffd_wp(map, map_small(map), UFFD_FEATURE_WP_UNPOPULATED);
}

static const char *make_uffd_marker_hugetlb(struct mapping *map)
{
	return uffd_wp(map, make_hugetlb_untouched(map),
		       UFFD_FEATURE_WP_HUGETLBFS_SHMEM);
}

static const char *make_uffd_wp_swapped(struct mapping *map)
{
	const char *why = make_uffd_wp(map);

	if (!why)
		why = swapdev_add(&map->swap, SWAPDEV_ZRAM, SWAP_BYTES);
	if (!why && !swap_out(map->base, map->bytes))
		why = no_swap_out;
	return why;
}

static const char *make_uffd_poison(struct mapping *map)
{
	struct uffdio_poison poison;
	const char *why = map_small(map);

	if (!why)
		why = uffd_open(map, UFFD_FEATURE_POISON,
				UFFDIO_REGISTER_MODE_MISSING);
	if (why)
		return why;
	poison = (struct uffdio_poison){
		.range = { .start = address(map->base), .len = map->bytes },
	};
	if (ioctl(map->fd, UFFDIO_POISON, &poison))
		return no_uffd;
	return NULL;
}

static const char *make_guard(struct mapping *map)
{
	const char *why = map_small(map);

	if (!why && madvise(map->base, map->bytes, MADV_GUARD_INSTALL))
		why = "the kernel has no guard regions";
	return why;
}

/* Soft-dirty: cleared for the whole process, then set by a write. */
static const char *make_soft_clean(struct mapping *map)
{
	const char *why = make_anon(map);

	if (!why && !(device_features() & VMSCOPE_FEAT_SOFT_DIRTY))
		why = "the kernel has no soft-dirty bits";
	if (!why && !file_write("/proc/self/clear_refs", "4"))
		why = "the kernel does not clear soft-dirty bits";
	return why;
}

static const char *make_soft_dirty(struct mapping *map)
{
	const char *why = make_soft_clean(map);

	if (!why)
		patterns_fill(map);
	return why;
}

/* Of lib/test_hmm.c, which has its own header in the kernel's source alone. */
struct hmm_command {
	__u64 addr;
	__u64 ptr;
	__u64 npages;
	__u64 cpages;
	__u64 faults;
};

#define HMM_MIGRATE_TO_DEV _IOWR('H', 0x02, struct hmm_command)

static const char *make_device(struct mapping *map)
{
	static char mirror[FEW_BYTES];
	struct hmm_command command;
	const char *why = make_anon(map);

	if (why)
		return why;
	load_module("test_hmm");
	map->fd = open("/dev/hmm_dmirror0", O_RDWR | O_CLOEXEC);
	if (map->fd < 0)
		return "the kernel has no test_hmm, so no device memory";
	command = (struct hmm_command){
		.addr = address(map->base),
		.ptr = address(mirror),
		.npages = map->pages,
	};
	if (ioctl(map->fd, HMM_MIGRATE_TO_DEV, &command) ||
	    command.cpages != map->pages)
		return "test_hmm does not take the pages";
	return NULL;
}

const struct mapping_kind mapping_kinds[] = {
	{ "anon", make_anon },
	{ "anon-read-only", make_anon_read_only },
	{ "anon-rwx", make_anon_rwx },
	{ "anon-shared-by-fork", make_anon_shared_by_fork },
	{ "anon-named", make_anon_named },
	{ "lazyfree", make_lazyfree },
	{ "mlocked", make_mlocked },
	{ "growsdown", make_growsdown },
	{ "heap", make_heap },
	{ "stack", make_stack },
	{ "text", make_text },
	{ "pkey", make_pkey },
	{ "protnone", make_protnone },
	{ "zero", make_zero },
	{ "thp", make_thp },
	{ "thp-protnone", make_thp_protnone },
	{ "thp-mapped-by-pages", make_thp_mapped_by_pages },
	{ "hugezero", make_hugezero },
	{ "hugetlb-2m-private", make_hugetlb_2m_private },
	{ "hugetlb-2m-shared", make_hugetlb_2m_shared },
	{ "hugetlb-1g-private", make_hugetlb_1g_private },
	{ "hugetlb-1g-shared", make_hugetlb_1g_shared },
	{ "hugetlb-untouched", make_hugetlb_untouched },
	{ "ksm", make_ksm },
	{ "file-private", make_file_private },
	{ "file-shared", make_file_shared },
	{ "file-copied", make_file_copied },
	{ "file-read-only", make_file_read_only },
	{ "file-thp", make_file_thp },
	{ "shared-anon", make_shared_anon },
	{ "memfd", make_memfd },
	{ "memfd-private", make_memfd_private },
	{ "memfd-copied", make_memfd_copied },
	{ "tmpfs", make_tmpfs },
	{ "sysv", make_sysv },
	{ "shmem-thp", make_shmem_thp },
	{ "vdso", make_vdso },
	{ "vvar", make_vvar },
	{ "devmem", make_devmem },
	{ "pci", make_pci },
	{ "pci-wc", make_pci_wc },
	{ "none-pte", make_none_pte },
	{ "none-pmd", make_none_pmd },
	{ "none-pud", make_none_pud },
	{ "none-top", make_none_top },
	{ "swap-zram", make_swap_zram },
	{ "swap-disk", make_swap_disk },
	{ "swap-shared-by-fork", make_swap_shared_by_fork },
	{ "swap-of-thp", make_swap_of_thp },
	{ "shared-anon-swapped", make_shared_anon_swapped },
	{ "memfd-swapped", make_memfd_swapped },
	{ "memfd-swapped-private", make_memfd_swapped_private },
	{ "tmpfs-swapped", make_tmpfs_swapped },
	{ "hwpoison", make_hwpoison },
	{ "uffd-wp", make_uffd_wp },
	{ "uffd-wp-shmem", make_uffd_wp_shmem },
	{ "uffd-wp-swapped", make_uffd_wp_swapped },
	{ "uffd-marker-shmem", make_uffd_marker_shmem },
	{ "uffd-marker-anon", make_uffd_marker_anon },
	{ "uffd-marker-hugetlb", make_uffd_marker_hugetlb },
	{ "uffd-poison", make_uffd_poison },
	{ "guard", make_guard },
	{ "soft-clean", make_soft_clean },
	{ "soft-dirty", make_soft_dirty },
	{ "device", make_device },
};

const size_t nr_mapping_kinds =
	sizeof(mapping_kinds) / sizeof(mapping_kinds[0]);

/*
 * Makes a mapping of the kind that is called @name. Returns NULL, or why it
 * cannot be had; mapping_drop() is due in both cases.
 */
const char *mapping_make(const char *name, struct mapping *map)
{
	size_t i;

	*map = (struct mapping){ .fd = -1, .swap = { .zram = -1, .fd = -1 } };
	for (i = 0; i < nr_mapping_kinds; i++)
		if (!strcmp(mapping_kinds[i].name, name))
			return mapping_kinds[i].make(map);
	return "there is no such kind of mapping";
}

void mapping_drop(struct mapping *map)
{
	kill_child(map->child);
	if (map->base)
		munmap(map->base, map->bytes);
	if (map->fd >= 0)
		close(map->fd);
	if (map->pkey > 0)
		pkey_free(map->pkey);
	swapdev_remove(&map->swap);
}
