/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _ACCESS_H
#define _ACCESS_H

#include "cli/column.h"
#include "source/faultfacts.h"

enum access { ACCESS_READ, ACCESS_WRITE, ACCESS_EXEC, NR_ACCESSES };

/* What an access does; outcome_name() has the words. */
enum outcome {
	OK,
	MINOR_ZERO_PAGE,
	MINOR_ZERO_OR_NEW, /* a new one if there is a huge one */
	MINOR_NEW_PAGE,
	MINOR_MAP,
	MINOR_NEW_CACHE, /* shmem makes the page */
	MINOR_COPY,
	MINOR_REUSE,
	MINOR_NOTIFY, /* the file system hears of the first write */
	MINOR_NUMA,
	MINOR_MIGRATION,
	MINOR_SWAP_CACHE,
	MINOR_DEVICE,
	MINOR_UNPROTECT, /* userfaultfd's protection is asynchronous */
	MAJOR_SWAP,
	MAJOR_SWAP_LIKELY, /* unless the swap cache has it */
	MAJOR_READ,
	MAJOR_READ_COPY,
	STACK_GROWS,
	UFFD_MISSING,
	UFFD_MINOR,
	UFFD_WP,
	UFFD_RWP,
	SEGV_AREA,
	SEGV_PERMISSION,
	SEGV_GUARD,
	SEGV_KEY,
	SEGV_SHADOW_STACK,
	SEGV_KERNEL,
	BUS_END,
	BUS_HWPOISON,
	BUS_POISONED,
	BUS_HUGE,
	BUS_UFFD,
	BUS_NOTHING,
	UNSURE_CHANGES,
	UNSURE_ENTRY,
	UNSURE_NARROW, /* than its area */
	UNSURE_KEY,
	UNSURE_UFFD, /* this kernel does not show what it asked for */
	UNSURE_CACHE,
	UNSURE_READ_AHEAD, /* the kernel counts it as minor or as major */
	UNSURE_DAX,
	UNSURE_DRIVER,
	UNSURE_STACK,
	UNSURE_HUGE,
	UNSURE_SPACE, /* the file system is full */
	UNSURE_REFUSED, /* the file may not be written */
	UNSURE_VSYSCALL,
	NR_OUTCOMES,
};

/* What outcomes have in common. */
enum fate {
	FATE_OK, /* no fault */
	FATE_MINOR, /* a fault that reads nothing */
	FATE_SWAP, /* a fault that reads from a swap device */
	FATE_FILE, /* a fault that reads from a file */
	FATE_UFFD, /* it waits for the userfaultfd */
	FATE_SIGNAL,
	FATE_UNSURE,
	NR_FATES,
};

/* A page, and the other facts that an access depends on. */
struct access_page {
	/* the page, and its area if it has one */
	const struct vmscope_record *rec;
	uint64_t behind; /* enum vmscope_behind */
	bool knows_uffd; /* @uffd_features are known */
	/*
	 * what the userfaultfd of the area asked for: UFFD_FEATURE_* of
	 * linux/userfaultfd.h
	 */
	uint64_t uffd_features;
	enum fact swap_cached; /* the swap cache holds the swapped page */
	enum fact huge_left; /* hugetlbfs has a page left for the area */
	enum fact full; /* the file system of the file that is mapped */
	bool new_by_read; /* a read may make a huge page */
	bool vsyscall; /* the kernel acts for calls of this page */
	enum fact grows; /* below a stack: it may grow this far */
	uint64_t above; /* enum vmscope_vma of that stack */
};

/* Of a column that shows the outcome of an access in the array @outcome. */
#define OUTCOME(row, access) \
	GET_OF(row, outcome[access], outcome_get), WORDS_OF(outcome_table)

/* The columns of all three; @row holds them in its array @outcome. */
#define OUTCOME_COLUMNS(row)                                               \
	COLUMN(read, 26, TEXT, "what a read by user mode does",            \
	       OUTCOME(row, ACCESS_READ)),                                 \
		COLUMN(write, 26, TEXT, "what a write by user mode does",  \
		       OUTCOME(row, ACCESS_WRITE)),                        \
		COLUMN(exec, 26, TEXT, "what executing by user mode does", \
		       OUTCOME(row, ACCESS_EXEC))

void outcome_get(const void *at, struct value *v);
const char *outcome_name(enum outcome outcome);
enum fate outcome_fate(enum outcome outcome);
const struct vmscope_bit *outcome_table(void);
enum outcome access_outcome(enum access access, const struct access_page *page);
void access_outcomes(const struct access_page *page,
		     enum outcome outcome[NR_ACCESSES]);
uint64_t thp_bytes(const struct vmscope_record *rec,
		   const struct thp_sizes *thp,
		   const struct vmscope_info *info);
bool thp_by_read(const struct vmscope_record *rec, const struct thp_sizes *thp,
		 const struct vmscope_info *info);
uint64_t thp_bytes_at(const struct vmscope_record *rec,
		      const struct thp_sizes *thp,
		      const struct vmscope_info *info);
const char *state_sentence(const struct access_page *page);
const char *behind_name(uint64_t behind);
const struct vmscope_bit *behind_table(void);

#endif /* _ACCESS_H */
