/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every selftest needs: the system's headers, the device by raw ioctls,
 * and its records. libvmscope is not used on purpose: its bugs must not hide
 * the kernel's.
 */
#ifndef _VMSCOPE_TEST_H
#define _VMSCOPE_TEST_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <vmscope.h>

#include "child.h"
#include "memory.h"

/* If the kernel is emulated, every variable part of a test runs longer. */
#define TEST_SECONDS 600

/* For x86-64; level_shift of struct vmscope_info is checked against these. */
#define PAGE_BYTES 4096UL
#define PMD_BYTES (2UL << 20)
#define PUD_BYTES (1UL << 30)
#define PGD_BYTES (1ULL << 39)
#define USER_END (1ULL << 47)

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif

/* @item points to each element in turn. */
#define for_each_of(item, array)                     \
	for (__typeof__(&(array)[0]) item = (array); \
	     item < (array) + ARRAY_SIZE(array); item++)

#define F(name) ((__u64)VMSCOPE_F_##name)
#define STATE_BIT(name) (1ULL << VMSCOPE_STATE_##name)

/* A PAGE or RUN record, decoded. */
struct leaf {
	__u64 start; /* address of the first byte */
	__u64 pages; /* length in base pages */
	unsigned int level;
	unsigned int state;
	unsigned int pkey;
	unsigned int cache;
	__u64 flags;
	__u64 raw; /* of a PAGE the entry; 0 for a RUN */
	__u64 value;
	bool run;
	struct vmscope_frame facts; /* those in force, see leaf_frame() */
};

/* All records of a scan, however many calls it took. */
struct records {
	/*
	 * the records as the kernel wrote them, one after the other, except
	 * that blocks and mixes are unfolded to what they stand for
	 */
	__u64 *words;
	size_t nr_words; /* how many 64-bit words they take */
	size_t room; /* how many words @words has room for */
	size_t calls; /* calls that it took */
	size_t blocks; /* how many blocks there were */
	size_t mixes; /* and mixes */
	/* sum over the calls, as is @raced; @max_hold_ns: the largest */
	__u64 entries;
	__u64 raced;
	__u64 max_hold_ns;
};

static inline __u64 address(const void *pointer)
{
	return (uintptr_t)pointer;
}

static inline bool is_between(__u64 value, __u64 a, __u64 b)
{
	return (a <= value && value <= b) || (b <= value && value <= a);
}

static inline bool is_kernel(__u64 addr)
{
	return addr >> 63;
}

static inline __u64 leaf_end(const struct leaf *leaf)
{
	return leaf->start + leaf->pages * PAGE_BYTES;
}

const char *device_missing(void);
int device_open(void);
int device_open_pid(pid_t pid);
int device_of(pid_t pid);
int own_device(void);
int device_attach(int fd, __u64 pid);
int kernel_open(void);
int own_kernel(void);
int kernel_attach(int fd);
bool kernel_is_readable(void);
void cap_drop(int cap);
int device_info(int fd, struct vmscope_info *info);
__u64 device_features(void);

/* The errno of a call that returns a number below 0 if it fails; otherwise 0. */
#define errno_of(call) ((call) < 0 ? errno : 0)

int call_errno(int fd, unsigned long cmd, void *arg);

const char *textf(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
bool array_room(void *array, size_t *room, size_t want, size_t bytes);

void scan_init(struct vmscope_scan *scan, __u64 start, __u64 end, __u64 flags);
int scan_once(int fd, struct vmscope_scan *scan, void *buf, size_t bytes);
int records_read(int fd, const struct vmscope_scan *scan, size_t buf_bytes,
		 struct records *recs);
int records_scan(int fd, __u64 start, __u64 end, __u64 flags,
		 struct records *recs);
void records_free(struct records *recs);
size_t record_words(const __u64 *rec);
const __u64 *records_next(const struct records *recs, const __u64 *rec);
const void *records_of(const struct records *recs, const void *rec,
		       unsigned int kind);
const char *records_malformed(const struct records *recs,
			      const struct vmscope_scan *scan);

#define for_each_record(rec, recs)                             \
	for (const __u64 *rec = records_next(recs, NULL); rec; \
	     rec = records_next(recs, rec))

/* Only its TABLE records, and only its AREA records. */
#define for_each_table_record(table, recs)                       \
	for (const struct vmscope_table *table =                 \
		     records_of(recs, NULL, VMSCOPE_KIND_TABLE); \
	     table; table = records_of(recs, table, VMSCOPE_KIND_TABLE))
#define for_each_area_record(area, recs)                        \
	for (const struct vmscope_area *area =                  \
		     records_of(recs, NULL, VMSCOPE_KIND_AREA); \
	     area; area = records_of(recs, area, VMSCOPE_KIND_AREA))

/* Only its PAGE and RUN records, each decoded in a struct leaf called @name. */
#define for_each_leaf(name, recs)                                            \
	for (struct leaf name, *once_ = &name; once_; once_ = NULL)          \
		for (const __u64 *rec_ = leaf_next(recs, NULL, &name); rec_; \
		     rec_ = leaf_next(recs, rec_, &name))

bool record_is_leaf(const __u64 *rec);
const __u64 *leaf_next(const struct records *recs, const __u64 *rec,
		       struct leaf *leaf);
struct vmscope_frame leaf_frame(const struct leaf *leaf, __u64 addr);
struct leaf leaf_of(const struct vmscope_page *page);
int leaf_at(int fd, const void *addr, struct leaf *leaf);
const char *state_name(unsigned int state);

const char *kernel_log_line(int fd);
const char *kernel_log_complaint(void);

int walk_at(int fd, __u64 addr, struct vmscope_walk *walk);
int walk_errno(int fd, __u64 flags, __u64 addr, __u64 buf, __u64 bytes,
	       struct vmscope_walk *walk);
int walk_named(int fd, __u64 addr, struct vmscope_walk *walk, char *name,
	       size_t room);
int census_read(int fd, struct vmscope_census *census);

#endif /* _VMSCOPE_TEST_H */
