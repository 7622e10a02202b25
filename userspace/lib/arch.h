/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _VMSCOPE_ARCH_H
#define _VMSCOPE_ARCH_H

#include <vmscope/libvmscope.h>

/* One named bit of an entry. */
struct raw_bit {
	uint64_t mask; /* bits of the raw entry to look at */
	uint64_t value; /* what they must be */
	unsigned int levels; /* on which levels, (1 << enum vmscope_level) */
	unsigned int leaf; /* RAW_LEAF, RAW_TABLE or both: of which entries */
	/* enum vmscope_flag that say the same where the raw entry is unknown */
	uint64_t flags;
	uint64_t not_flags; /* enum vmscope_flag that say the opposite */
	/* memory types that say the same, (1 << enum vmscope_cache) */
	unsigned int caches;
	const char *name; /* as shown */
};

enum { RAW_LEAF = 1, RAW_TABLE = 2, RAW_ANY = 3 };

/*
 * The raw entries of one architecture. A new architecture is one header with
 * such a table and its line in arch.c.
 */
struct raw_arch {
	unsigned int arch; /* enum vmscope_arch */
	/* in the order shown; a NULL name ends it */
	const struct raw_bit *bits;
	/* whether the kernel counts the entry as present */
	bool (*is_present)(unsigned int level, uint64_t raw);
	/* whether a present entry maps memory instead of pointing to a table */
	bool (*is_leaf)(unsigned int level, uint64_t raw);
	/* another name for @bit, such as NX(pti), or NULL */
	const char *(*override)(const struct vmscope_info *info,
				unsigned int level, uint64_t addr,
				const struct raw_bit *bit);
};

#endif /* _VMSCOPE_ARCH_H */
