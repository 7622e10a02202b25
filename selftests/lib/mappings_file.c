// SPDX-License-Identifier: GPL-2.0-only
/* Files, shared memory, and what drivers and the kernel itself map. */
#include <dirent.h>
#include <sys/mount.h>
#include <sys/shm.h>

#include "mapping_parts.h"

/* A new file that exists nowhere else; on ramfs, its pages are not shmem. */
static int file_of(const char *type, const char *name)
{
	char dir[] = "/tmp/vmscope-XXXXXX", path[64];
	int fd = -1;

	if (!mkdtemp(dir))
		return -1;
	if (!mount(type, dir, type, 0, NULL)) {
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

	if (fd < 0)
		return "cannot make the file";
	map->fd = fd;
	for (size_t i = 0; i < FEW_BYTES / PAGE_BYTES; i++) {
		pattern_fill(page, i);
		if (write(fd, page, PAGE_BYTES) != (ssize_t)PAGE_BYTES)
			return "cannot write to the file";
	}
	return map_into(map, FEW_BYTES, prot, flags, fd);
}

static const char *file_read(struct mapping *map, int fd, int flags)
{
	return map_file(map, fd, RW, flags) ?: read_pages(map);
}

static const char *file_written(struct mapping *map, int fd, int flags)
{
	return map_file(map, fd, RW, flags) ?: patterns_fill(map);
}

MAKE_BY(file_private, file_read(map, file_of("ramfs", "private"), MAP_PRIVATE))
MAKE_BY(file_shared, file_written(map, file_of("ramfs", "shared"), MAP_SHARED))
MAKE_BY(file_copied, file_written(map, file_of("ramfs", "copied"), MAP_PRIVATE))
MAKE_BY(file_copied_protnone,
	AFTER(make_file_copied(map), mprotect(map->base, map->bytes, PROT_NONE),
	      "mprotect() refuses"))
MAKE_BY(file_read_only,
	map_file(map, file_of("ramfs", "read only"), PROT_READ, MAP_SHARED) ?:
		read_pages(map))

/* Shmem in all its forms. */

static int memfd(const char *name)
{
	return memfd_create(name, MFD_CLOEXEC);
}

const char *make_shared_anon(struct mapping *map)
{
	return map_into(map, FEW_BYTES, RW, MAP_SHARED | MAP_ANONYMOUS, -1) ?:
		       patterns_fill(map);
}

const char *make_memfd(struct mapping *map)
{
	return file_written(map, memfd("shared"), MAP_SHARED);
}

const char *make_tmpfs(struct mapping *map)
{
	return file_written(map, file_of("tmpfs", "file"), MAP_SHARED);
}

MAKE_BY(memfd_private, file_read(map, memfd("private"), MAP_PRIVATE))
MAKE_BY(memfd_copied, file_written(map, memfd("copied"), MAP_PRIVATE))

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
	return patterns_fill(map);
}

/* At an aligned address, so that the file's first page can be a huge one. */
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
 * Files other than shmem: huge pages are made if the file system reads ahead in
 * large folios, which some do, and otherwise for programs, if the kernel was
 * built with that option.
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
	int fd = file_of("ramfs", "program");
	bool found;
	size_t i;

	for (i = 0; i < PMD_BYTES / PAGE_BYTES; i++)
		if (write(fd, page, PAGE_BYTES) != (ssize_t)PAGE_BYTES)
			break;
	/* opened again, for reading: a program cannot be written to */
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

	if (why)
		return why;
	knob_set(THP "enabled", "madvise");
	for (size_t i = 0; i < ARRAY_SIZE(large_files); i++)
		if (huge_file(map, large_files[i]))
			return NULL;
	return huge_ramfs_file(map) ? NULL :
				      "the kernel makes no huge pages of files";
}

/* What the kernel maps by itself, and frames without pages. */
static const char *find_area(struct mapping *map, const char *name)
{
	map->addr = area_named(name);
	map->pages = 1;
	return map->addr ? NULL : "the kernel maps no such area";
}

MAKE_BY(vdso, find_area(map, "[vdso]") ?: read_pages(map))

/* Read by the vdso itself; the page after it may belong to a missing clock. */
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
	if (map_at(map, PAGE_BYTES, PROT_READ, MAP_SHARED, fd, BIOS_PHYS))
		return "the kernel refuses to map /dev/mem";
	map->pfn = BIOS_PHYS / PAGE_BYTES;
	return NULL;
}

static __u64 pci_bar_phys(const char *device, int bar)
{
	unsigned long long start = 0;
	FILE *file;

	file = fopen(textf("/sys/bus/pci/devices/%s/resource", device), "re");
	for (int line = 0; file && line <= bar; line++)
		if (fscanf(file, "%llx %*x %*x", &start) != 1)
			start = 0;
	if (file)
		fclose(file);
	return start;
}

static bool map_pci_bar(struct mapping *map, const char *device, int bar,
			const char *suffix)
{
	map->fd = open(textf("/sys/bus/pci/devices/%s/resource%d%s", device,
			     bar, suffix),
		       O_RDWR | O_CLOEXEC);
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

	while (dir && !found && (entry = readdir(dir)))
		for (int bar = 0; bar < 6 && !found && entry->d_name[0] != '.';
		     bar++)
			found = map_pci_bar(map, entry->d_name, bar, suffix);
	if (dir)
		closedir(dir);
	return found ? NULL : "no PCI device has such memory to map";
}

MAKE_BY(pci, map_pci(map, ""))

/* The file exists if the kernel uses PAT; without PAT everything is UC-. */
MAKE_BY(pci_wc, access("/sys/kernel/debug/x86/pat_memtype_list", F_OK) ?
			"the kernel does without PAT" :
			map_pci(map, "_wc"))

const struct mapping_kind file_kinds[] = {
	{ "file-private", make_file_private },
	{ "file-copied-protnone", make_file_copied_protnone },
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
	{ NULL, NULL },
};
