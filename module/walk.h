/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_WALK_H
#define _VMSCOPE_WALK_H

#include <linux/limits.h>
#include <linux/pgtable.h>
#include <linux/types.h>

#include "../include/uapi/vmscope.h"

struct vmscope_target;

/* How often a table that changes under us is read before we say so. */
#define VMSCOPE_WALK_TRIES 4

/**
 * struct vmscope_table_copy - part of one page table, copied
 * @target: whose
 * @may_repeat: (1 << enum vmscope_level): the previous entry of that level was
 *	emitted from its first page on, see struct vmscope_scanner, @whole
 * @addr: address that @entries[0] maps
 * @level: enum vmscope_level of the entries
 * @shift: log2 of the bytes that one entry maps
 * @nr: number of entries, at least 1
 * @perm: VMSCOPE_F_PERM_* that the levels above leave to user mode, or of a
 *	target that is the kernel, to the kernel
 * @entries: the entries as they stood in memory, and room for an end mark
 * @state: by entry, filled in by vmscope_frame_states(): enum vmscope_state
 *	of what the frame is, and perhaps VMSCOPE_STATE_RACED
 */
struct vmscope_table_copy {
	const struct vmscope_target *target;
	u8 may_repeat;
	unsigned long addr;
	unsigned int level;
	unsigned int shift;
	unsigned int nr;
	u64 perm;
	u64 entries[PTRS_PER_PTE + 1];
	u8 state[PTRS_PER_PTE];
};

/* The entry changed while its frame was read. */
#define VMSCOPE_STATE_RACED 0x80

/**
 * struct vmscope_trace_level - one level of a walk to one address
 * @level: enum vmscope_level
 * @index: of the entry in its table
 * @table_phys: physical address of the table
 * @raw: the entry
 */
struct vmscope_trace_level {
	unsigned int level;
	unsigned int index;
	u64 table_phys;
	u64 raw;
};

/**
 * struct vmscope_trace - every level of a walk, from the root downwards
 * @nr: levels that were read
 * @raced: there are more, which went away each time they were read
 * @behind: enum vmscope_behind, of user addresses
 * @behind_end: as in struct vmscope_walk
 * @uffd_features: of the userfaultfd of the area, where it is known, or 0
 * @perm: VMSCOPE_F_PERM_* that the levels above the last leave, as for
 *	struct vmscope_table_copy; no more than a guess if @raced
 * @levels: the levels
 */
struct vmscope_trace {
	unsigned int nr;
	bool raced;
	u64 behind;
	unsigned long behind_end;
	u64 uffd_features;
	u64 perm;
	struct vmscope_trace_level levels[5];
};

/**
 * struct vmscope_table_count - what is in one page table
 * @used: entries that are not empty
 * @leaves: entries that map a present page
 * @mixed: chunks whose entries were counted one by one
 */
struct vmscope_table_count {
	unsigned int used;
	unsigned int leaves;
	unsigned int mixed;
};

/* How many entries are counted at a time where they are alike. */
#define VMSCOPE_COUNT_CHUNK 32

/* Behind the last entry of all there are no more addresses. */
static inline unsigned long
vmscope_entry_addr(const struct vmscope_table_copy *copy, unsigned int i)
{
	unsigned long addr = copy->addr + ((unsigned long)i << copy->shift);

	return addr >= copy->addr ? addr : ULONG_MAX;
}

/**
 * vmscope_level_shift - how much one entry maps
 * @level: enum vmscope_level, PTE to PGD
 *
 * Context: Any context.
 * Return: log2 of the bytes that one entry of @level maps, 0 for other levels
 */
static inline unsigned int vmscope_level_shift(unsigned int level)
{
	switch (level) {
	case VMSCOPE_LEVEL_PTE:
		return PAGE_SHIFT;
	case VMSCOPE_LEVEL_PMD:
		return PMD_SHIFT;
	case VMSCOPE_LEVEL_PUD:
		return PUD_SHIFT;
	case VMSCOPE_LEVEL_P4D:
		return P4D_SHIFT;
	case VMSCOPE_LEVEL_PGD:
		return PGDIR_SHIFT;
	default:
		return 0;
	}
}

/**
 * vmscope_level_entries - how many entries a table has
 * @level: enum vmscope_level, PTE to PGD
 *
 * Context: Any context.
 * Return: entries of a table of @level; 1 for a level that is folded away, 0
 * for other levels
 */
static inline unsigned int vmscope_level_entries(unsigned int level)
{
	switch (level) {
	case VMSCOPE_LEVEL_PTE:
		return PTRS_PER_PTE;
	case VMSCOPE_LEVEL_PMD:
		return PTRS_PER_PMD;
	case VMSCOPE_LEVEL_PUD:
		return PTRS_PER_PUD;
	case VMSCOPE_LEVEL_P4D:
		return PTRS_PER_P4D;
	case VMSCOPE_LEVEL_PGD:
		return PTRS_PER_PGD;
	default:
		return 0;
	}
}

/**
 * vmscope_level_in_use - does this machine have the level
 * @level: enum vmscope_level
 *
 * Context: Any context.
 * Return: false for a level that is folded into the one above, and for no level
 */
static inline bool vmscope_level_in_use(unsigned int level)
{
	return vmscope_level_entries(level) > 1;
}

bool vmscope_walk_copy(unsigned long addr, unsigned long end,
		       struct vmscope_table_copy *copy);
bool vmscope_walk_copy_some(unsigned long addr, unsigned long end,
			    unsigned int max, u64 levels,
			    struct vmscope_table_copy *copy);
bool vmscope_walk_differs(struct vmscope_table_copy *copy);
void vmscope_walk_trace(const struct vmscope_target *target, unsigned long addr,
			unsigned int lowest, struct vmscope_trace *trace);
int vmscope_walk_count(const struct vmscope_target *target, unsigned long addr,
		       unsigned int level, unsigned int most, u64 *table_phys,
		       struct vmscope_table_count *count);

#endif /* _VMSCOPE_WALK_H */
