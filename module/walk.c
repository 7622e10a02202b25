// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descends the tree of page tables and copies one table at a time. Knows
 * levels, not meanings.
 *
 * User half: the caller holds the mmap_lock or the lock of the area in which
 * the address is, so all tables above the PTE table stay. Even so, khugepaged
 * may remove a PTE table, madvise() an empty one, and hugetlbfs may stop
 * sharing a PMD table: they wait for an RCU grace period, or interrupt every
 * CPU first. Interrupts are off here from the root to the last entry that is
 * copied. Outside of every area only those tables stay whose range reaches into
 * one: munmap() frees the others with the lock held for reading.
 * Source: retract_page_tables() in mm/khugepaged.c, try_to_free_pte() in
 * mm/pt_reclaim.c, huge_pmd_unshare() in mm/hugetlb.c, free_pgd_range() in
 * mm/memory.c
 *
 * Kernel half: no lock that a module could take guards its tables, and some are
 * freed without delay. Each read is of memory that is online, and may fault. An
 * entry is valid only if every entry above still leads to it after the read;
 * otherwise the page may have been reused, and the entry is marked raced. When
 * memory is unplugged, and only then, a table is freed before its entry is
 * cleared: the check misses that, and the copy may hold the next owner's data.
 * Source: pud_free_pmd_page() in arch/x86/mm/pgtable.c, free_pte_table() in
 * arch/x86/mm/init_64.c, in newer kernels cpa_collapse_large_pages() in
 * arch/x86/mm/pat/set_memory.c
 */
#include "walk.h"

#include <linux/io.h>
#include <linux/irqflags.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "arch/arch.h"
#include "target.h"

#define PERM_ALL                                            \
	((u64)(VMSCOPE_F_PERM_READ | VMSCOPE_F_PERM_WRITE | \
	       VMSCOPE_F_PERM_EXEC))

static_assert(sizeof(pgd_t) == sizeof(u64) && sizeof(pte_t) == sizeof(u64));
static_assert(PTRS_PER_PMD <= PTRS_PER_PTE && PTRS_PER_PUD <= PTRS_PER_PTE);

/* An entry that pointed to a lower table when it was read. */
struct pointer {
	const u64 *entry;
	u64 raw;
};

/* Where a descent stands: an entry, and what the levels above say. */
struct position {
	const struct vmscope_target *target;
	struct pointer ancestors[VMSCOPE_LEVEL_PGD];
	unsigned int depth;
	u64 *table;
	unsigned int level;
	unsigned int index;
	u64 raw;
	u64 perm;
};

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
 * A frame with a memory error, or one that a hypervisor took, is not touched.
 * No virt_to_phys(): an entry of a table that was freed may point anywhere, and
 * CONFIG_DEBUG_VIRTUAL makes that a bug.
 */
static bool may_read(void *addr)
{
	unsigned long pfn = PHYS_PFN((unsigned long)addr - PAGE_OFFSET);
	struct page *page = pfn_to_online_page(pfn);

	return page && !PageHWPoison(page) && !PageOffline(page);
}

static bool read_kernel_entries(const u64 *from, unsigned int nr, u64 *to)
{
	return may_read((void *)from) &&
	       !copy_from_kernel_nofault(to, from, nr * sizeof(*to));
}

static bool read_entry(unsigned long addr, const u64 *entry, u64 *raw)
{
	if (vmscope_arch_is_kernel(addr))
		return read_kernel_entries(entry, 1, raw);
	*raw = READ_ONCE(*entry);
	return true;
}

static bool enter(struct position *at, unsigned long addr)
{
	at->index = entry_index(addr, at->level);
	return read_entry(addr, at->table + at->index, &at->raw);
}

static bool start(struct position *at, const struct vmscope_target *target,
		  unsigned long addr)
{
	lockdep_assert_irqs_disabled();
	at->target = target;
	at->depth = 0;
	at->table = vmscope_arch_root(target->mm);
	at->level = VMSCOPE_LEVEL_PGD;
	at->perm = PERM_ALL;
	return enter(at, addr);
}

static bool can_descend(const struct position *at)
{
	return vmscope_arch_is_table(at->raw, at->level);
}

static u64 table_perm(const struct position *at)
{
	return at->target->kernel ? vmscope_arch_kernel_perm(at->raw) :
				    vmscope_arch_table_perm(at->raw, at->level);
}

static bool descend(struct position *at, unsigned long addr)
{
	at->perm &= table_perm(at);
	at->ancestors[at->depth++] = (struct pointer){
		.entry = at->table + at->index,
		.raw = at->raw,
	};
	at->table = phys_to_virt(vmscope_arch_table_phys(at->raw));
	at->level = level_below(at->level);
	return enter(at, addr);
}

/*
 * In the user's half, where every table can be read: to the entry of @lowest,
 * or of the level at which the walk ends. Unrolled, for levels are constants
 * then.
 */
static noinline void descend_user(struct position *at,
				  const struct vmscope_target *target,
				  unsigned long addr, unsigned int lowest)
{
	unsigned int level;

	lockdep_assert_irqs_disabled();
	at->target = target;
	at->table = vmscope_arch_root(target->mm);
	at->perm = PERM_ALL;
#pragma GCC unroll 5
	for (level = VMSCOPE_LEVEL_PGD; level; level--) {
		if (!vmscope_level_in_use(level))
			continue;
		at->level = level;
		at->index = entry_index(addr, level);
		at->raw = READ_ONCE(at->table[at->index]);
		if (level <= lowest || !vmscope_arch_is_table(at->raw, level))
			break;
		at->perm &= vmscope_arch_table_perm(at->raw, level);
		at->table = phys_to_virt(vmscope_arch_table_phys(at->raw));
	}
}

static unsigned int entries_until(const struct position *at, unsigned long addr,
				  unsigned long end)
{
	unsigned int shift = vmscope_level_shift(at->level);
	unsigned long wanted = ((end - 1) >> shift) - (addr >> shift) + 1;

	return min_t(unsigned long, wanted,
		     vmscope_level_entries(at->level) - at->index);
}

static void copy_until_table(const struct position *at,
			     struct vmscope_table_copy *to)
{
	const u64 *from = at->table + at->index;
	unsigned int i;

	to->entries[0] = at->raw;
	for (i = 1; i < to->nr; i++) {
		to->entries[i] = READ_ONCE(from[i]);
		if (vmscope_arch_is_table(to->entries[i], at->level))
			break;
	}
	to->nr = i;
}

static void copy_user(struct position *at, unsigned long addr,
		      unsigned long end, unsigned int max, u64 levels,
		      struct vmscope_table_copy *copy)
{
	descend_user(at, copy->target, addr, VMSCOPE_LEVEL_PTE);
	copy->nr = entries_until(at, addr, end);
	if (at->level > VMSCOPE_LEVEL_PTE) {
		copy->nr = min(copy->nr, max);
		copy_until_table(at, copy);
	} else if (levels >> VMSCOPE_LEVEL_PTE & 1) {
		copy->nr = min(copy->nr, max);
		vmscope_arch_copy(copy->entries, at->table + at->index,
				  copy->nr);
	}
}

static bool same_table(u64 a, u64 b, unsigned int level)
{
	return vmscope_arch_is_table(a, level) &&
	       vmscope_arch_is_table(b, level) &&
	       vmscope_arch_table_phys(a) == vmscope_arch_table_phys(b);
}

/*
 * KASAN maps one table of its shadow over and over, at each level. An entry
 * that points where the one before it does is not entered: one
 * record stands for terabytes.
 */
static bool repeats(const struct position *at, unsigned long addr)
{
	u64 before;

	if (addr & ((1UL << vmscope_level_shift(at->level)) - 1) || !at->index)
		return false;
	return read_kernel_entries(at->table + at->index - 1, 1, &before) &&
	       same_table(before, at->raw, at->level);
}

static bool descend_in_kernel(struct position *at, unsigned long addr,
			      u8 may_repeat)
{
	while (can_descend(at)) {
		if (may_repeat >> at->level & 1 && repeats(at, addr))
			break;
		if (!descend(at, addr))
			return false;
	}
	return true;
}

/* How many entries, from the first on, point to no table or all to the same. */
static unsigned int entries_uniform(const u64 *entries, unsigned int nr,
				    unsigned int level)
{
	bool tables = vmscope_arch_is_table(entries[0], level);
	unsigned int i;

	for (i = 1; i < nr; i++)
		if (tables ? !same_table(entries[0], entries[i], level) :
			     vmscope_arch_is_table(entries[i], level))
			break;
	return i;
}

static bool is_same(const struct pointer *pointer)
{
	u64 now;

	return read_kernel_entries(pointer->entry, 1, &now) &&
	       vmscope_arch_same_page(now, pointer->raw);
}

/*
 * How many ancestors still point here. A table that was freed says nothing
 * about those below it, so the count ends at the first that differs.
 */
static unsigned int depth_held(const struct position *at)
{
	unsigned int i;

	for (i = 0; i < at->depth; i++)
		if (!is_same(&at->ancestors[i]))
			break;
	return i;
}

static bool ancestors_held(const struct position *at)
{
	return depth_held(at) == at->depth;
}

/* Mark a level that cannot be read: its contents are unknown. */
static bool copy_kernel(struct position *at, unsigned long addr,
			unsigned long end, struct vmscope_table_copy *copy)
{
	unsigned int nr;

	copy->nr = 1;
	copy->entries[0] = 0;
	if (!start(at, copy->target, addr) ||
	    !descend_in_kernel(at, addr, copy->may_repeat))
		return false;
	nr = entries_until(at, addr, end);
	if (!read_kernel_entries(at->table + at->index, nr, copy->entries))
		return false;
	copy->nr = entries_uniform(copy->entries, nr, at->level);
	return ancestors_held(at) &&
	       vmscope_arch_same_page(at->raw, copy->entries[0]);
}

/**
 * vmscope_walk_copy_some - copy the entries that map a range, up to one table
 * @addr: first address; canonical, and of the half that is the target's
 * @end: end of the range, exclusive, above @addr, in the same half
 * @max: how many entries to copy at most, in the user's half
 * @levels: (1 << enum vmscope_level): without VMSCOPE_LEVEL_PTE, entries of
 *	that level in the user's half are counted in @copy->nr, but not copied
 * @copy: @copy->target and @copy->may_repeat are read; the rest is filled in:
 *	the entry in which the walk to @addr ends, and those that follow it in
 *	the same table, up to @end, and short of one that points to a lower
 *	table. In the kernel's half, at a level in @copy->may_repeat, the walk
 *	does not descend into a table that the previous entry points to as well.
 *
 * Context: Any context. Takes no locks, does not sleep, keeps interrupts off
 * for as long as it takes to copy one table. The caller holds a reference to
 * the mm_users of a target that is a process, and its mmap_lock or the lock of
 * the area.
 * Return: false if a table of the kernel's half went away meanwhile: what was
 * read may be anything
 */
bool vmscope_walk_copy_some(unsigned long addr, unsigned long end,
			    unsigned int max, u64 levels,
			    struct vmscope_table_copy *copy)
{
	struct position at;
	unsigned long flags;
	bool held = true;

	local_irq_save(flags);
	if (vmscope_arch_is_kernel(addr))
		held = copy_kernel(&at, addr, end, copy);
	else
		copy_user(&at, addr, end, max, levels, copy);
	local_irq_restore(flags);

	copy->level = at.level;
	copy->shift = vmscope_level_shift(at.level);
	copy->addr = addr & ~((1UL << copy->shift) - 1);
	copy->perm = at.perm;
	return held;
}

/**
 * vmscope_walk_copy - vmscope_walk_copy_some() of all that there is
 * @addr: as there
 * @end: as there
 * @copy: as there
 *
 * Context: as there.
 * Return: as there
 */
bool vmscope_walk_copy(unsigned long addr, unsigned long end,
		       struct vmscope_table_copy *copy)
{
	return vmscope_walk_copy_some(addr, end, PTRS_PER_PTE, ~0ULL, copy);
}

/* Return: the bits in which some entry is of another page than its copy */
static u64 moved_bits(const u64 *now, const struct vmscope_table_copy *copy)
{
	const u64 *then = copy->entries;
	u64 moved = 0;
	unsigned int i;

#pragma GCC unroll 8
	for (i = 0; i < copy->nr; i++)
		moved |= READ_ONCE(now[i]) ^ then[i];
	return moved & vmscope_arch_page_bits();
}

/**
 * vmscope_walk_differs - mark the entries that map another page than when copied
 * @copy: what vmscope_walk_copy() copied of the user's half; their states get
 *	VMSCOPE_STATE_RACED
 *
 * Context: Any context. Takes no locks, does not sleep, keeps interrupts off
 * for as long as it takes to read one table.
 * Return: true if any entry differs
 */
bool vmscope_walk_differs(struct vmscope_table_copy *copy)
{
	struct position at;
	const u64 *now;
	unsigned long flags;
	unsigned int i;
	bool any;

	local_irq_save(flags);
	descend_user(&at, copy->target, copy->addr, VMSCOPE_LEVEL_PTE);
	now = at.table + at.index;
	any = at.level != copy->level || moved_bits(now, copy);
	for (i = 0; any && i < copy->nr; i++)
		if (at.level != copy->level ||
		    !vmscope_arch_same_page(READ_ONCE(now[i]),
					    copy->entries[i]))
			copy->state[i] |= VMSCOPE_STATE_RACED;
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

static void trace_levels(const struct vmscope_target *target,
			 unsigned long addr, unsigned int lowest,
			 struct position *at, struct vmscope_trace *trace)
{
	bool read = start(at, target, addr);

	memset(trace, 0, sizeof(*trace));
	while (read) {
		trace_level(trace, at);
		if (at->level <= lowest || !can_descend(at))
			break;
		read = descend(at, addr);
	}
}

/* An entry is valid even if the table that it points to was freed since. */
static void check_trace(const struct position *at, struct vmscope_trace *trace)
{
	unsigned int held = depth_held(at);

	trace->raced = held < at->depth;
	if (trace->raced)
		trace->nr = held + 1;
}

/**
 * vmscope_walk_trace - every level of the walk to one address
 * @target: whose; as for vmscope_walk_copy()
 * @addr: any canonical address, the kernel's half included
 * @lowest: enum vmscope_level: tables of lower levels are not read
 * @trace: filled in
 *
 * In the kernel's half a level that cannot be read safely ends the walk above
 * it, and so does one that went away each time it was read.
 *
 * Context: Any context. Takes no locks, does not sleep.
 */
void vmscope_walk_trace(const struct vmscope_target *target, unsigned long addr,
			unsigned int lowest, struct vmscope_trace *trace)
{
	unsigned int tries = VMSCOPE_WALK_TRIES;
	struct position at;
	unsigned long flags;

	do {
		local_irq_save(flags);
		trace_levels(target, addr, lowest, &at, trace);
		if (vmscope_arch_is_kernel(addr))
			check_trace(&at, trace);
		local_irq_restore(flags);
	} while (trace->raced && --tries);
}

/* The root maps both halves: count the target's only. */
static unsigned int first_entry(const struct position *at)
{
	if (at->level != VMSCOPE_LEVEL_PGD || !at->target->kernel)
		return 0;
	return entry_index(vmscope_arch_kernel_start(), at->level);
}

static unsigned int end_entry(const struct position *at)
{
	unsigned int nr = vmscope_level_entries(at->level);

	if (at->target->kernel)
		return nr;
	return min_t(unsigned long, nr,
		     ((TASK_SIZE_MAX - 1) >> vmscope_level_shift(at->level)) +
			     1);
}

static __always_inline void count_each(const u64 *chunk, unsigned int nr,
				       const unsigned int level,
				       struct vmscope_table_count *count)
{
	unsigned int used = 0, leaves = 0, i;

#pragma GCC unroll 8
	for (i = 0; i < nr; i++) {
		const u64 raw = READ_ONCE(chunk[i]);

		used += !vmscope_arch_none(raw);
		leaves += !vmscope_arch_is_table(raw, level) &&
			  vmscope_arch_present(raw, level);
	}
	count->used += used;
	count->leaves += leaves;
	count->mixed++;
}

/* Most entries stand among empty or present ones: an instruction for each. */
static __always_inline unsigned int
empty_until(const u64 *entries, unsigned int i, unsigned int end)
{
	unsigned int j;

	for (; i + VMSCOPE_COUNT_CHUNK <= end; i += VMSCOPE_COUNT_CHUNK) {
		u64 any = 0;

#pragma GCC unroll 32
		for (j = 0; j < VMSCOPE_COUNT_CHUNK; j++)
			vmscope_arch_or(&any, entries + i + j);
		if (!vmscope_arch_none(any))
			break;
	}
	return i;
}

static __always_inline unsigned int
present_until(const u64 *entries, unsigned int i, unsigned int end)
{
	unsigned int j;

	for (; i + VMSCOPE_COUNT_CHUNK <= end; i += VMSCOPE_COUNT_CHUNK) {
		u64 all = ~0ULL;

#pragma GCC unroll 32
		for (j = 0; j < VMSCOPE_COUNT_CHUNK; j++)
			vmscope_arch_and(&all, entries + i + j);
		if (!vmscope_arch_present(all, VMSCOPE_LEVEL_PTE))
			break;
	}
	return i;
}

static __always_inline void count_some(const u64 *entries, unsigned int i,
				       unsigned int end,
				       const unsigned int level,
				       unsigned int most,
				       struct vmscope_table_count *count)
{
	unsigned int next;

	for (; i < end && count->mixed <= most; i = next) {
		next = i;
		if (vmscope_arch_none(READ_ONCE(entries[i]))) {
			next = empty_until(entries, i, end);
		} else if (level == VMSCOPE_LEVEL_PTE) {
			next = present_until(entries, i, end);
			count->used += next - i;
			count->leaves += next - i;
		}
		if (next > i)
			continue;
		next = min(i + VMSCOPE_COUNT_CHUNK, end);
		count_each(entries + i, next - i, level, count);
	}
}

static bool count_kernel(const struct position *at, unsigned int end,
			 struct vmscope_table_count *count)
{
	u64 copy[VMSCOPE_COUNT_CHUNK];
	unsigned int i, nr;

	for (i = first_entry(at); i < end; i += nr) {
		nr = min_t(unsigned int, end - i, VMSCOPE_COUNT_CHUNK);
		if (!read_kernel_entries(at->table + i, nr, copy))
			return false;
		count_some(copy, 0, nr, at->level, PTRS_PER_PTE, count);
	}
	return true;
}

static bool count_entries(const struct position *at, unsigned int most,
			  struct vmscope_table_count *count)
{
	const unsigned int end = end_entry(at);

	if (at->target->kernel)
		return count_kernel(at, end, count);
	if (at->level == VMSCOPE_LEVEL_PTE)
		count_some(at->table, 0, end, VMSCOPE_LEVEL_PTE, most, count);
	else
		count_some(at->table, 0, end, at->level, most, count);
	return true;
}

static bool count_once(struct position *at, unsigned long addr,
		       unsigned int level, unsigned int most,
		       struct vmscope_table_count *count)
{
	bool found = true;

	memset(count, 0, sizeof(*count));
	if (at->target->kernel) {
		found = start(at, at->target, addr);
		while (found && at->level > level && can_descend(at))
			found = descend(at, addr);
	} else {
		descend_user(at, at->target, addr, level);
	}
	return found && at->level == level && count_entries(at, most, count);
}

/**
 * vmscope_walk_count - find and count one page table
 * @target: whose; as for vmscope_walk_copy()
 * @addr: an address that the table translates
 * @level: enum vmscope_level of the table's entries, one that is in use
 * @most: how many chunks may be counted entry by entry
 * @table_phys: filled in: physical address of the table
 * @count: filled in
 *
 * Context: Any context. Takes no locks, does not sleep, keeps interrupts off
 * for as long as it takes to read one table.
 * Return:
 * * 0       - the table is counted
 * * -EAGAIN - it has more chunks than @most whose entries are not alike
 * * -ENOENT - the walk to @addr ends above @level, or a table of the kernel's
 *   half went away each time it was read
 */
int vmscope_walk_count(const struct vmscope_target *target, unsigned long addr,
		       unsigned int level, unsigned int most, u64 *table_phys,
		       struct vmscope_table_count *count)
{
	struct position at = { .target = target };
	unsigned int tries = VMSCOPE_WALK_TRIES;
	unsigned long flags;
	bool found, held;

	do {
		local_irq_save(flags);
		found = count_once(&at, addr, level, most, count);
		held = !target->kernel || ancestors_held(&at);
		local_irq_restore(flags);
	} while (!held && --tries);
	if (!found || !held)
		return -ENOENT;
	*table_phys = virt_to_phys(at.table);
	return count->mixed > most ? -EAGAIN : 0;
}
