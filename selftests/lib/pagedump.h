/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's page tables as spans of addresses with the same mapping: from
 * the kernel's own dump, and from the device's records.
 */
#ifndef _VMSCOPE_SELFTEST_PAGEDUMP_H
#define _VMSCOPE_SELFTEST_PAGEDUMP_H

#include "vmscope_test.h"

/* Neighbouring addresses with the same mapping. */
struct span {
	__u64 start;
	__u64 end;
	/* of the mapping, see SPAN_*; 0 if there is none */
	unsigned int attrs;
};

#define SPAN_LEVEL(level) ((unsigned int)(level))
#define SPAN_WRITE (1 << 4)
#define SPAN_EXEC (1 << 5)
#define SPAN_USER (1 << 6)
#define SPAN_GLOBAL (1 << 7)
#define SPAN_CACHE(cache) ((unsigned int)(cache) << 8)
/* Unknown: the dump left lines out, or the entry kept changing. */
#define SPAN_UNTOLD (1 << 12)

/* In the order of addresses, without gaps. */
struct spans {
	struct span *all;
	size_t nr; /* how many there are */
	size_t room;
};

bool spans_of_dump(const char *path, struct spans *spans);
bool spans_of_records(const struct records *recs,
		      const struct vmscope_info *info, struct spans *spans);
void spans_free(struct spans *spans);

#endif /* _VMSCOPE_SELFTEST_PAGEDUMP_H */
