// SPDX-License-Identifier: GPL-2.0-only
/*
 * The work of one hold of the target's lock: describe an area, copy one of its
 * tables, read the state of the frames, and compare the table again. Everything
 * else is left to emit.c.
 *
 * A hold has a budget, in instructions. Each step checks its worst cost first,
 * and the table is copied as far as the rest allows. Tables that are counted
 * only, with no entry asked for, follow one another until it is used up.
 */
#include "snapshot.h"

#include <linux/mm.h>
#include <linux/mmap_lock.h>

#include "arch/arch.h"
#include "compat/compat.h"
#include "frame-facts.h"
#include "frame-states.h"
#include "frame.h"
#include "kernel/region.h"
#include "scan.h"
#include "shmem.h"
#include "swap.h"
#include "target.h"

/* A hold, and what is done in it: as measured, rounded up. */
#define HOLD_BUDGET 8100
#define AREA_COST 700
#define NAME_COST 2500
#define COUNT_COST 1100
#define MIXED_COST (10 * VMSCOPE_COUNT_CHUNK)
#define WALK_COST 500
#define COPY_COST 6
#define LOOK_COST 22
#define VISIT_COST 30
#define DECODE_COST 25

/* So many that those that cost more than the others hardly count. */
#define MANY_ENTRIES 64

/* Every hold advances by these, whatever they cost. */
#define LEAST_ENTRIES 16
#define LEAST_BYTES (LEAST_ENTRIES * PAGE_SIZE)

/* A waiter for the lock waits for the current step only. */
static bool may_go_on(const struct vmscope_scanner *scanner, int left)
{
	return left > 0 && (scanner->target->kernel ||
			    !mmap_lock_is_contended(scanner->target->mm));
}

/* A name outside of our buffer may go away with the area: copy it. */
static int take_name(struct vmscope_scanner *scanner,
		     struct vm_area_struct *vma)
{
	const size_t room = sizeof(scanner->name);
	const char *name;
	unsigned int bytes;

	if (!vma || !(scanner->query.flags & VMSCOPE_SCAN_NAMES) ||
	    scanner->area_key == vmscope_area_key(&scanner->area))
		return 0;
	bytes = vmscope_area_name(vma, scanner->name, room, &name,
				  &scanner->area.name_cut);
	if (bytes && (name < scanner->name || name >= scanner->name + room)) {
		bytes = min_t(unsigned int, bytes, room);
		memcpy(scanner->name, name, bytes);
		name = scanner->name;
	}
	scanner->name_bytes = bytes;
	scanner->name_at = name;
	return NAME_COST;
}

/* Return: as vmscope_walk_count() */
static int take_table(struct vmscope_scanner *scanner, unsigned int level,
		      int *left)
{
	struct vmscope_table *table = &scanner->tables[scanner->nr_tables];
	const u64 bytes = (u64)vmscope_level_entries(level)
			  << vmscope_level_shift(level);
	u64 base = scanner->from & -bytes;
	unsigned int most = scanner->nr_tables ?
				    max(*left - COUNT_COST, 0) / MIXED_COST :
				    PTRS_PER_PTE;
	struct vmscope_table_count count;
	int ret;

	*table = (struct vmscope_table){};
	ret = vmscope_walk_count(scanner->target, scanner->from, level, most,
				 &table->phys, &count);
	*left -= COUNT_COST + (int)count.mixed * MIXED_COST;
	if (ret)
		return ret;
	if (scanner->target->kernel)
		base = max_t(u64, base, vmscope_arch_kernel_start());
	table->where = base | VMSCOPE_KIND_TABLE |
		       ((u64)level << VMSCOPE_LEVEL_SHIFT);
	table->used = count.used;
	table->leaves = count.leaves;
	scanner->nr_tables++;
	return 0;
}

/* Does the walk to where entries begin pass a table that none before it did? */
static bool is_new_table(const struct vmscope_scanner *scanner,
			 unsigned int level)
{
	unsigned long prev = scanner->prev;

	if (scanner->from > scanner->addr)
		prev = scanner->from - PAGE_SIZE;
	else if (!scanner->prev_valid)
		return true;
	return (prev ^ scanner->from) >> vmscope_level_shift(level) >=
	       vmscope_level_entries(level);
}

/*
 * Count the tables that the previous walk did not pass. These are the lowest
 * levels, so the number of tables that were emitted is enough to resume after a
 * full buffer. @last: filled in: level of the last of them, 0 without any.
 * Return: false if some are left for the next hold
 */
static bool take_tables(struct vmscope_scanner *scanner, unsigned int *last,
			int *left)
{
	unsigned int emitted =
		scanner->from > scanner->addr ? 0 : scanner->tables_emitted;
	unsigned int level;
	int ret;

	*last = 0;
	if (!(scanner->query.flags & VMSCOPE_SCAN_TABLES))
		return true;
	for (level = VMSCOPE_LEVEL_PGD; level; level--) {
		if (!vmscope_level_in_use(level) ||
		    !is_new_table(scanner, level))
			continue;
		if (emitted) {
			emitted--;
			continue;
		}
		if (scanner->nr_tables &&
		    !may_go_on(scanner, *left - COUNT_COST))
			return false;
		ret = take_table(scanner, level, left);
		if (ret)
			return ret == -ENOENT;
		*last = level;
	}
	return true;
}

static u64 wanted_levels(const struct vmscope_scanner *scanner)
{
	return scanner->query.levels ? scanner->query.levels : ~0ULL;
}

static bool level_is_wanted(const struct vmscope_scanner *scanner,
			    unsigned int level)
{
	return wanted_levels(scanner) >> level & 1;
}

static unsigned long area_index(const struct vmscope_area_facts *area,
				unsigned long addr)
{
	return area->first_index + ((addr - area->start) >> PAGE_SHIFT);
}

static void note_found(struct vmscope_scanner *scanner,
		       const struct vmscope_shmem_find *find)
{
	const struct vmscope_area_facts *area = &scanner->area;

	scanner->found[scanner->nr_found++] = (struct vmscope_found){
		.addr = area->start +
			((find->index - area->first_index) << PAGE_SHIFT),
		.value = find->value,
		.pages = find->pages,
		.state = find->state,
	};
}

/*
 * Hollow entries of shmem: the page cache knows which pages are swapped.
 * Return: false if the snapshot has to end before @end, at scanner->until
 */
static bool search(struct vmscope_scanner *scanner, unsigned long addr,
		   unsigned long end, int *left)
{
	const struct vmscope_area_facts *area = &scanner->area;
	struct vmscope_shmem_find find;

	for (; addr < end;
	     addr = area->start + ((find.index + find.pages - area->first_index)
				   << PAGE_SHIFT)) {
		if (scanner->nr_found == VMSCOPE_MAX_FOUND ||
		    (addr >= scanner->from + LEAST_BYTES &&
		     !may_go_on(scanner, *left))) {
			scanner->until = addr;
			return false;
		}
		find.index = area_index(area, addr);
		find.end = area_index(area, end);
		vmscope_shmem_next(area->shmem, &find);
		*left -= find.visits * VISIT_COST;
		if (find.pages)
			note_found(scanner, &find);
	}
	return true;
}

/* Entries that leave it to the page cache what the page is. */
static bool is_hollow(const struct vmscope_table_copy *copy, unsigned int i,
		      int *left)
{
	const u64 raw = copy->entries[i];
	u64 value;

	if (vmscope_arch_none(raw))
		return true;
	if (vmscope_arch_present(raw, copy->level))
		return false;
	*left -= DECODE_COST;
	return vmscope_swap_decode(compat_swp_entry(raw), &value) ==
	       VMSCOPE_STATE_MARKER_UFFD;
}

static void take_swapped(struct vmscope_scanner *scanner, int *left)
{
	const struct vmscope_table_copy *copy = &scanner->copy;
	unsigned int i, next;

	/* WALK, which asks for one page, finds poison as well. */
	if (!scanner->area.shmem ||
	    (copy->nr > 1 && !vmscope_shmem_has_swapped(scanner->area.shmem)))
		return;
	for (i = 0; i < copy->nr; i = next) {
		const unsigned long addr = vmscope_entry_addr(copy, i);

		next = i + 1;
		if (vmscope_arch_present(copy->entries[i], copy->level))
			continue;
		if (*left <= 0 && addr >= scanner->from + LEAST_BYTES) {
			scanner->until = min(scanner->until, addr);
			return;
		}
		if (!is_hollow(copy, i, left))
			continue;
		while (next < copy->nr &&
		       (copy->entries[next] == copy->entries[i] ||
			(*left > 0 && is_hollow(copy, next, left))))
			next++;
		if (!search(scanner, max(scanner->from, addr),
			    min(scanner->until, vmscope_entry_addr(copy, next)),
			    left))
			return;
	}
}

/* What many entries of this table cost, those of the next will. */
static void read_facts(struct vmscope_scanner *scanner, int *left)
{
	struct vmscope_table_copy *copy = &scanner->copy;
	const int had = *left;
	int cost;

	vmscope_frame_facts(&scanner->online, &scanner->area, copy,
			    &scanner->frames, left);
	if (copy->level > VMSCOPE_LEVEL_PTE || copy->nr < MANY_ENTRIES)
		return;
	cost = COPY_COST + (had - *left) / (int)copy->nr;
	scanner->facts_cost = max(cost, VMSCOPE_FACTS_COST);
}

/*
 * The state of a frame counts only if the entry was the same before and after.
 * Otherwise the next hold reads the table again; what changes each time is
 * marked raced. Return: false if the table is to be read again
 */
static bool look_at_frames(struct vmscope_scanner *scanner, int *left)
{
	struct vmscope_area_facts *area = &scanner->area;
	struct vmscope_table_copy *copy = &scanner->copy;
	u8 all = VMSCOPE_STATE_UNKNOWN;
	bool moved;

	if (scanner->query.facts)
		read_facts(scanner, left);
	else
		all = vmscope_frame_states(&scanner->online, area, copy, left);
	scanner->entries += copy->nr;
	moved = all && vmscope_walk_differs(copy);
	if (moved && --scanner->tries)
		return false;
	/* Now the area says what its pages are, for this table. */
	if (!moved && all == VMSCOPE_STATE_ANON)
		area->page_state = all;
	scanner->plain = !moved && !vmscope_frame_must_look(area, copy->level);
	scanner->tries = VMSCOPE_WALK_TRIES;
	return true;
}

static void take_entries(struct vmscope_scanner *scanner,
			 struct vm_area_struct *vma, unsigned long end,
			 int *left)
{
	struct vmscope_area_facts *area = &scanner->area;
	struct vmscope_table_copy *copy = &scanner->copy;
	bool is_cache = !area->page_state &&
			vmscope_area_is_all_cache(vma, area);
	bool looks = !is_cache &&
		     vmscope_frame_must_look(area, VMSCOPE_LEVEL_PTE);
	const int cost = scanner->query.facts ? scanner->facts_cost :
			 looks		      ? LOOK_COST :
						COPY_COST;

	vmscope_walk_copy_some(scanner->from, end,
			       max(*left / cost, LEAST_ENTRIES),
			       wanted_levels(scanner), copy);
	scanner->skips = !level_is_wanted(scanner, copy->level);
	scanner->until = min(end, vmscope_entry_addr(copy, copy->nr));
	if (scanner->skips) {
		*left -= WALK_COST;
		if (copy->level > VMSCOPE_LEVEL_PTE)
			*left -= copy->nr * COPY_COST;
		return;
	}
	*left -= copy->nr * COPY_COST;
	/* Ask again after the copy: is it still all page cache? */
	smp_rmb();
	if (is_cache && vmscope_area_is_all_cache(vma, area))
		area->page_state = area->other_state;
	if (!look_at_frames(scanner, left)) {
		scanner->until = scanner->from;
		return;
	}
	scanner->until = min(end, vmscope_entry_addr(copy, copy->nr));
	take_swapped(scanner, left);
}

/* A table that goes away each time it is read is reported as raced. */
static void take_kernel_entries(struct vmscope_scanner *scanner,
				unsigned long end)
{
	struct vmscope_table_copy *copy = &scanner->copy;
	unsigned int tries = VMSCOPE_WALK_TRIES;
	bool held;

	copy->may_repeat = scanner->whole;
	do {
		held = vmscope_walk_copy(scanner->from, end, copy);
		scanner->entries += copy->nr;
	} while (!held && --tries);
	scanner->plain = false;
	scanner->skips = !level_is_wanted(scanner, copy->level);
	if (held && !scanner->skips)
		vmscope_frame_kernel_states(&scanner->online, copy);
	if (!held) {
		copy->nr = 1;
		copy->entries[0] = 0;
		copy->state[0] = VMSCOPE_STATE_UNKNOWN | VMSCOPE_STATE_RACED;
	}
	scanner->until = min(end, vmscope_entry_addr(copy, copy->nr));
}

/* Without levels, no entry has to be read. */
static bool areas_only(const struct vmscope_scan *query)
{
	return query->levels == 1 << VMSCOPE_LEVEL_NONE &&
	       !(query->flags & VMSCOPE_SCAN_TABLES);
}

static void begin(struct vmscope_scanner *scanner)
{
	if (scanner->addr < scanner->area.start) {
		scanner->addr = scanner->area.start;
		scanner->tables_emitted = 0;
	}
	scanner->from = scanner->addr;
	scanner->until = scanner->addr;
	scanner->skips = false;
	scanner->nr_tables = 0;
	scanner->next_table = 0;
	scanner->nr_found = 0;
	scanner->next_found = 0;
	scanner->name_bytes = 0;
	scanner->name_at = scanner->name;
}

/* Entries of a table that was counted just now need no walk to be skipped. */
static bool skip_table(struct vmscope_scanner *scanner, unsigned int level,
		       unsigned long end)
{
	const unsigned long bytes = PAGE_SIZE * PTRS_PER_PTE;

	if (level != VMSCOPE_LEVEL_PTE || level_is_wanted(scanner, level))
		return false;
	scanner->skips = true;
	scanner->until = min(end, (scanner->from & -bytes) + bytes);
	return true;
}

/*
 * Tables one after another, as long as no entry of theirs is asked for. @vma:
 * the current area, NULL for a region of the kernel
 */
static void take(struct vmscope_scanner *scanner, struct vm_area_struct *vma)
{
	unsigned long end = min_t(u64, scanner->area.end, scanner->query.end);
	int left = HOLD_BUDGET - AREA_COST;
	unsigned int level;

	begin(scanner);
	left -= take_name(scanner, vma);
	if (areas_only(&scanner->query)) {
		scanner->skips = true;
		scanner->until = end;
		return;
	}
	do {
		scanner->from = scanner->until;
		if (!take_tables(scanner, &level, &left) ||
		    (scanner->nr_tables && left <= 0))
			return;
		if (!vma)
			take_kernel_entries(scanner, end);
		else if (!skip_table(scanner, level, end))
			take_entries(scanner, vma, end, &left);
	} while (vma && scanner->skips && scanner->until < end &&
		 scanner->nr_tables + VMSCOPE_NR_LEVELS <= VMSCOPE_MAX_TABLES &&
		 may_go_on(scanner, left));
}

/**
 * vmscope_snapshot_take - copy what one hold of the lock allows
 * @scanner: a scan whose last snapshot is emitted to its end
 * @vma: the area at its cursor, if the caller holds that area's lock; with
 *	NULL the area is looked up
 *
 * Context: Process context. The caller holds the lock of @vma, or the mmap_lock
 * of a target that is a process, and may release it when this returns.
 * Return: false if there is no area any more, and the scan is complete
 */
bool vmscope_snapshot_take(struct vmscope_scanner *scanner,
			   struct vm_area_struct *vma)
{
	if (scanner->target->kernel) {
		vmscope_region_describe(scanner->addr, &scanner->area);
		take(scanner, NULL);
		return true;
	}
	if (!vma)
		vma = find_vma(scanner->target->mm, scanner->addr);
	if (!vma || vma->vm_start >= scanner->query.end) {
		scanner->addr = scanner->query.end;
		return false;
	}
	vmscope_area_describe(vma, &scanner->area);
	take(scanner, vma);
	return true;
}
