/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel itself reports about a process, to compare the device's
 * records with; and the kernel's settings, restored after a test.
 */
#ifndef _VMSCOPE_PROCFS_H
#define _VMSCOPE_PROCFS_H

#include "vmscope_test.h"

#define PM_TYPE(entry) ((entry) & 0x1f)
#define PM_OFFSET(entry) (((entry) & PM_PFN_MASK) >> 5)
#define PM_PFN_MASK ((1ULL << 55) - 1)
#define PM_SOFT_DIRTY (1ULL << 55)
#define PM_UFFD_WP (1ULL << 57)
#define PM_GUARD (1ULL << 58)
#define PM_FILE (1ULL << 61)
#define PM_SWAP (1ULL << 62)
#define PM_PRESENT (1ULL << 63)

/* Bits of /proc/kpageflags, as in linux/kernel-page-flags.h */
#define KPF(bit) (1ULL << KPF_BIT_##bit)
enum {
	KPF_BIT_DIRTY = 4,
	KPF_BIT_LRU = 5,
	KPF_BIT_ACTIVE = 6,
	KPF_BIT_WRITEBACK = 8,
	KPF_BIT_MMAP = 11,
	KPF_BIT_ANON = 12,
	KPF_BIT_SWAPCACHE = 13,
	KPF_BIT_SWAPBACKED = 14,
	KPF_BIT_COMPOUND_TAIL = 16,
	KPF_BIT_HUGE = 17,
	KPF_BIT_UNEVICTABLE = 18,
	KPF_BIT_HWPOISON = 19,
	KPF_BIT_NOPAGE = 20,
	KPF_BIT_KSM = 21,
	KPF_BIT_THP = 22,
	KPF_BIT_ZERO_PAGE = 24,
	KPF_BIT_RESERVED = 32,
};

/* Sums of an area in smaps, in kB. */
enum smaps_field {
	SMAPS_RSS,
	SMAPS_SWAP,
	SMAPS_ANON_HUGE,
	SMAPS_SHMEM_HUGE,
	SMAPS_FILE_HUGE,
	SMAPS_SHARED_HUGETLB,
	SMAPS_PRIVATE_HUGETLB,
	SMAPS_LOCKED,
	SMAPS_PROTECTION_KEY,
	NR_SMAPS_FIELDS,
};

/* An area as /proc/PID/smaps reports it. */
struct proc_area {
	__u64 start;
	__u64 end;
	__u64 offset;
	__u64 inode;
	__u64 dev; /* (major << 32) | minor */
	__u64 vma_flags; /* of VmFlags and ProtectionKey, as in vmscope_area */
	__u64 sums[NR_SMAPS_FIELDS];
	char perms[8]; /* the four letters, as "rw-p" */
	char *name; /* as in the file, escapes decoded */
};

struct proc_areas {
	struct proc_area *areas;
	size_t nr;
	size_t room;
};

#define for_each_area(area, list)                          \
	for (const struct proc_area *area = (list)->areas; \
	     area < (list)->areas + (list)->nr; area++)

int areas_read(pid_t pid, struct proc_areas *areas);
void areas_free(struct proc_areas *areas);
const struct proc_area *areas_find(const struct proc_areas *areas, __u64 addr);

char *area_named(const char *name);
__u64 area_sum(const void *addr, enum smaps_field field);
__u64 vma_flag_of(const char *word);

int pagemap_open(pid_t pid);
bool pagemap_read(int fd, __u64 addr, size_t pages, __u64 *entries);
__u64 pagemap_self(const void *addr);
const char *pagemap_disagrees(const struct leaf *leaf, __u64 addr,
			      __u64 vma_flags, __u64 entry);

__u64 page_flags(__u64 pfn);
__u64 folio_flags(__u64 pfn);
bool all_anon_is_called_ksm(void);
long vmstat_number(const char *name);
__u64 meminfo_bytes(const char *field);
long status_number(pid_t pid, const char *field);
bool process_exited(pid_t pid);

/* For each line of a file, in the array @line; leave with break, not return. */
#define for_each_line_of(line, path)                 \
	for (FILE *file_ = fopen(path, "re"); file_; \
	     file_ = (fclose(file_), NULL))          \
		while (fgets(line, sizeof(line), file_))

int page_node(pid_t pid, __u64 addr);
long file_number(const char *path);
bool file_write(const char *path, const char *text);
bool knob_set(const char *path, const char *value);
void knobs_restore(void);
void load_module(const char *name);

#endif /* _VMSCOPE_PROCFS_H */
