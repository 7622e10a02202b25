// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descends the tree of page tables and copies one table at a time. Knows
 * levels, not meanings.
 *
 * Why a table of user space that is read here cannot be freed meanwhile: the
 * caller holds the mmap_lock, and the address is in an area. Then all tables
 * above the PTE table stay. The PTE table may be taken away even so, by
 * khugepaged, or by madvise() where it is empty, and a PMD table of hugetlbfs
 * may stop being shared: those wait for an RCU grace period, or interrupt every
 * CPU first, and interrupts are off here from the root to the last entry that
 * is copied. Outside of every area the caller must hold the lock for writing.
 * Source: retract_page_tables() in mm/khugepaged.c, try_to_free_pte() in
 * mm/pt_reclaim.c, huge_pmd_unshare() in mm/hugetlb.c
 */
#include "walk.h"

#include <linux/io.h>
#include <linux/irqflags.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "arch/arch.h"

#define PERM_ALL                                            \
	((u64)(VMSCOPE_F_PERM_READ | VMSCOPE_F_PERM_WRITE | \
	       VMSCOPE_F_PERM_EXEC))

static_assert(sizeof(pgd_t) == sizeof(u64) && sizeof(pte_t) == sizeof(u64));
static_assert(PTRS_PER_PMD <= PTRS_PER_PTE && PTRS_PER_PUD <= PTRS_PER_PTE);

/* Where a descent stands: an entry, and what the way down told. */
struct position {
	u64 *table;
	unsigned int level;
	unsigned int index;
	u64 raw;
	u64 perm;
};

/**
 * vmscope_level_shift - how much one entry maps
 * @level: enum vmscope_level, PTE to PGD
 *
 * Context: Any context.
 * Return: log2 of the bytes that one entry of @level maps, 0 for other levels
 */
unsigned int vmscope_level_shift(unsigned int level)
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
unsigned int vmscope_level_entries(unsigned int level)
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
bool vmscope_level_in_use(unsigned int level)
{
	return vmscope_level_entries(level) > 1;
}

static unsigned int level_below(unsigned int level)
{
	do
		level--;
	while (!vmscope_level_in_use(level));
	return level;
}

static unsigned int entry_index(unsigned long addr, unsigned int level)
{
	return (addr >> vmscope_level_shift(level)) &
	       (vmscope_level_entries(level) - 1);
}

/*
 * Tables of the kernel's half are freed without RCU, and after a hot-remove
 * what an entry points to may be gone: read only what is online memory, and
 * let a fault be an answer.
 */
static bool read_kernel_entry(const u64 *entry, u64 *raw)
{
	if (!pfn_to_online_page(PHYS_PFN(virt_to_phys((void *)entry))))
		return false;
	return !copy_from_kernel_nofault(raw, entry, sizeof(*raw));
}

static bool read_entry(unsigned long addr, const u64 *entry, u64 *raw)
{
	if (addr >= TASK_SIZE_MAX)
		return read_kernel_entry(entry, raw);
	*raw = READ_ONCE(*entry);
	return true;
}

static bool enter(struct position *at, unsigned long addr)
{
	at->index = entry_index(addr, at->level);
	return read_entry(addr, at->table + at->index, &at->raw);
}

static bool start(struct position *at, struct mm_struct *mm, unsigned long addr)
{
	lockdep_assert_irqs_disabled();
	at->table = vmscope_arch_root(mm);
	at->level = VMSCOPE_LEVEL_PGD;
	at->perm = PERM_ALL;
	return enter(at, addr);
}

static bool can_descend(const struct position *at)
{
	return vmscope_arch_is_table(at->raw, at->level);
}

static bool descend(struct position *at, unsigned long addr)
{
	at->perm &= vmscope_arch_table_perm(at->raw, at->level);
	at->table = phys_to_virt(vmscope_arch_table_phys(at->raw));
	at->level = level_below(at->level);
	return enter(at, addr);
}

/* To the entry that maps @addr or says that nothing does. */
static void descend_to_end(struct position *at, struct mm_struct *mm,
			   unsigned long addr)
{
	start(at, mm, addr);
	while (can_descend(at))
		descend(at, addr);
}

static unsigned int entries_until(const struct position *at, unsigned long addr,
				  unsigned long end)
{
	unsigned int shift = vmscope_level_shift(at->level);
	unsigned long wanted = ((end - 1) >> shift) - (addr >> shift) + 1;

	return min_t(unsigned long, wanted,
		     vmscope_level_entries(at->level) - at->index);
}

static unsigned int copy_entries(const struct position *at, unsigned int nr,
				 u64 *to)
{
	const u64 *from = at->table + at->index;
	unsigned int i;

	to[0] = at->raw;
	if (at->level == VMSCOPE_LEVEL_PTE) {
		for (i = 1; i < nr; i++)
			to[i] = READ_ONCE(from[i]);
		return nr;
	}
	for (i = 1; i < nr; i++) {
		to[i] = READ_ONCE(from[i]);
		if (vmscope_arch_is_table(to[i], at->level))
			break;
	}
	return i;
}

/**
 * vmscope_walk_copy - copy the entries that map a range, up to one table
 * @mm: address space; the caller holds a reference to its mm_users
 * @addr: first address, a user address
 * @end: end of the range, exclusive, above @addr, at most TASK_SIZE_MAX
 * @copy: filled in: the entry in which the walk to @addr ends, and those that
 *	follow it in the same table, up to @end, and short of one that points
 *	to a lower table
 *
 * Context: Any context. Takes no locks, does not sleep, keeps interrupts off
 * for as long as it takes to copy one table.
 */
void vmscope_walk_copy(struct mm_struct *mm, unsigned long addr,
		       unsigned long end, struct vmscope_table_copy *copy)
{
	struct position at;
	unsigned long flags;

	local_irq_save(flags);
	descend_to_end(&at, mm, addr);
	copy->nr =
		copy_entries(&at, entries_until(&at, addr, end), copy->entries);
	local_irq_restore(flags);

	copy->level = at.level;
	copy->shift = vmscope_level_shift(at.level);
	copy->addr = addr & ~((1UL << copy->shift) - 1);
	copy->perm = at.perm;
}

/**
 * vmscope_walk_differs - which entries map another page than when copied
 * @mm: address space, as for vmscope_walk_copy()
 * @copy: what vmscope_walk_copy() copied
 * @differs: bitmap of PTRS_PER_PTE bits, filled in
 *
 * Context: Any context. Takes no locks, does not sleep, keeps interrupts off
 * for as long as it takes to read one table.
 * Return: true if any entry differs
 */
bool vmscope_walk_differs(struct mm_struct *mm,
			  const struct vmscope_table_copy *copy,
			  unsigned long *differs)
{
	struct position at;
	unsigned long flags;
	const u64 *now;
	bool any;
	unsigned int i;

	bitmap_zero(differs, PTRS_PER_PTE);
	local_irq_save(flags);
	descend_to_end(&at, mm, copy->addr);
	any = at.level != copy->level;
	if (any)
		bitmap_set(differs, 0, copy->nr);
	now = at.table + at.index;
	for (i = 0; at.level == copy->level && i < copy->nr; i++) {
		if (vmscope_arch_same_page(READ_ONCE(now[i]), copy->entries[i]))
			continue;
		__set_bit(i, differs);
		any = true;
	}
	local_irq_restore(flags);
	return any;
}

static void trace_level(struct vmscope_trace *trace, const struct position *at)
{
	trace->levels[trace->nr++] = (struct vmscope_trace_level){
		.level = at->level,
		.index = at->index,
		.table_phys = virt_to_phys(at->table),
		.raw = at->raw,
	};
	trace->perm = at->perm;
}

/**
 * vmscope_walk_trace - every level of the walk to one address
 * @mm: address space; the caller holds a reference to its mm_users
 * @addr: any canonical address, the kernel's half included
 * @trace: filled in
 *
 * In the kernel's half a level that cannot be read safely ends the walk above
 * it.
 *
 * Context: Any context. Takes no locks, does not sleep.
 */
void vmscope_walk_trace(struct mm_struct *mm, unsigned long addr,
			struct vmscope_trace *trace)
{
	struct position at;
	unsigned long flags;
	bool read;

	memset(trace, 0, sizeof(*trace));
	local_irq_save(flags);
	read = start(&at, mm, addr);
	while (read) {
		trace_level(trace, &at);
		if (!can_descend(&at))
			break;
		read = descend(&at, addr);
	}
	local_irq_restore(flags);
}

/* The root holds the kernel's half too, which is no process's own. */
static unsigned int user_entries(unsigned int level)
{
	unsigned int shift = vmscope_level_shift(level);

	return min_t(unsigned long, vmscope_level_entries(level),
		     ((TASK_SIZE_MAX - 1) >> shift) + 1);
}

static void count_entries(const struct position *at,
			  struct vmscope_table_count *count)
{
	unsigned int nr = user_entries(at->level);
	unsigned int i;

	for (i = 0; i < nr; i++) {
		u64 raw = READ_ONCE(at->table[i]);

		if (vmscope_arch_none(raw))
			continue;
		count->used++;
		if (!vmscope_arch_is_table(raw, at->level) &&
		    vmscope_arch_present(raw, at->level))
			count->leaves++;
	}
}

/**
 * vmscope_walk_count - find and count one page table
 * @mm: address space, as for vmscope_walk_copy()
 * @addr: an address that the table translates
 * @level: enum vmscope_level of the table's entries, one that is in use
 * @table_phys: filled in: physical address of the table
 * @count: filled in
 *
 * Context: Any context. Takes no locks, does not sleep, keeps interrupts off
 * for as long as it takes to read one table.
 * Return: false if the walk to @addr ends above @level
 */
bool vmscope_walk_count(struct mm_struct *mm, unsigned long addr,
			unsigned int level, u64 *table_phys,
			struct vmscope_table_count *count)
{
	struct position at;
	unsigned long flags;

	memset(count, 0, sizeof(*count));
	local_irq_save(flags);
	start(&at, mm, addr);
	while (at.level > level && can_descend(&at))
		descend(&at, addr);
	if (at.level == level) {
		*table_phys = virt_to_phys(at.table);
		count_entries(&at, count);
	}
	local_irq_restore(flags);
	return at.level == level;
}
