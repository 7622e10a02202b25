/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _VMSCOPE_ARCH_H
#define _VMSCOPE_ARCH_H

#include <vmscope/libvmscope.h>

/**
 * struct raw_bit - one named bit of an entry
 * @mask: bits of the raw entry to look at
 * @value: what they must be
 * @levels: on which levels, (1 << enum vmscope_level)
 * @leaf: RAW_LEAF, RAW_TABLE or both: of which entries
 * @flags: enum vmscope_flag that say the same where the raw entry is unknown
 * @not_flags: enum vmscope_flag that say the opposite
 * @caches: memory types that say the same, (1 << enum vmscope_cache)
 * @name: as shown
 */
struct raw_bit {
	uint64_t mask;
	uint64_t value;
	unsigned int levels;
	unsigned int leaf;
	uint64_t flags;
	uint64_t not_flags;
	unsigned int caches;
	const char *name;
};

enum { RAW_LEAF = 1, RAW_TABLE = 2, RAW_ANY = 3 };

/**
 * struct raw_arch - the raw entries of one architecture
 * @arch: enum vmscope_arch
 * @bits: in the order shown; a NULL name ends it
 * @is_present: whether the kernel counts the entry as present
 * @is_leaf: whether a present entry maps memory, not a table
 * @override: another name for @bit, such as NX(pti), or NULL
 *
 * A new architecture is one header with such a table and its line in arch.c.
 */
struct raw_arch {
	unsigned int arch;
	const struct raw_bit *bits;
	bool (*is_present)(unsigned int level, uint64_t raw);
	bool (*is_leaf)(unsigned int level, uint64_t raw);
	const char *(*override)(const struct vmscope_info *info,
				unsigned int level, uint64_t addr,
				const struct raw_bit *bit);
};

#endif /* _VMSCOPE_ARCH_H */
