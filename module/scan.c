// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine: locks, chunks and the resume cursor; joins walk, decode, frame
 * and sink.
 *
 * A lock of the target is held for the work on one page table, then let go:
 * neither a writer nor a killed process waits longer than that. The kernel's
 * half has no lock that we could take, see walk.c. Nothing is copied to user
 * space here.
 */
#include "scan.h"

#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>

#include "arch/arch.h"
#include "compat/compat.h"
#include "frame.h"
#include "region.h"
#include "shmem.h"
#include "target.h"

/* What one hold of the lock may cost, in entries. */
#define HOLD_BUDGET ((int)PTRS_PER_PTE)
#define AREA_COST 16
#define NAME_COST 48

/* Returned inside of this file: enough for one hold of the lock. */
#define HOLD_OVER 1

#define CURSOR_VALID 1ULL
#define CURSOR_TOLD_SHIFT 1
#define CURSOR_TOLD_MASK 0x7ULL
#define CURSOR_UNUSED 0xff0ULL

static_assert(sizeof(struct vmscope_scanner) <= 56 * 1024);

/**
 * vmscope_scanner_create - room for one scan at a time
 *
 * Context: Process context, may sleep.
 * Return: the scanner, or NULL without memory
 */
struct vmscope_scanner *vmscope_scanner_create(void)
{
	/* Whole pages: kmalloc would round up to twice as much. */
	return __vmalloc(sizeof(struct vmscope_scanner),
			 GFP_KERNEL_ACCOUNT | __GFP_ZERO | __GFP_NOWARN);
}

/**
 * vmscope_scanner_destroy - undo vmscope_scanner_create()
 * @scanner: a scanner or NULL
 *
 * Context: Process context, may sleep.
 */
void vmscope_scanner_destroy(struct vmscope_scanner *scanner)
{
	vfree(scanner);
}

static u64 target_start(const struct vmscope_target *target)
{
	return target->kernel ? vmscope_arch_kernel_start() : 0;
}

static u64 target_end(const struct vmscope_target *target)
{
	return target->kernel ? VMSCOPE_KERNEL_END : TASK_SIZE_MAX;
}

static u64 known_bits(unsigned int nr)
{
	return (1ULL << nr) - 1;
}

static bool masks_are_known(const struct vmscope_scan *query)
{
	u64 flags = query->all_flags | query->any_flags | query->none_flags |
		    query->run_flags;

	if (query->flags & ~(u64)VMSCOPE_SCAN_ALL)
		return false;
	if (flags & ~(u64)VMSCOPE_F_ALL)
		return false;
	if (query->states & ~known_bits(VMSCOPE_NR_STATES))
		return false;
	return !(query->levels & ~known_bits(VMSCOPE_NR_LEVELS));
}

static u64 min_bytes(const struct vmscope_scan *query)
{
	return query->flags & VMSCOPE_SCAN_NAMES ?
		       VMSCOPE_SCAN_MIN_BYTES_NAMES :
		       VMSCOPE_SCAN_MIN_BYTES;
}

/**
 * vmscope_scan_check - is a query well formed
 * @query: as it came from user space
 *
 * Context: Any context.
 * Return: 0 or -EINVAL
 */
int vmscope_scan_check(const struct vmscope_scan *query)
{
	if (!masks_are_known(query))
		return -EINVAL;
	if ((query->flags & VMSCOPE_SCAN_NAMES) &&
	    !(query->flags & VMSCOPE_SCAN_AREAS))
		return -EINVAL;
	if (!PAGE_ALIGNED(query->start) || !PAGE_ALIGNED(query->end) ||
	    query->start > query->end)
		return -EINVAL;
	if (query->buf % sizeof(u64) || query->buf_bytes < min_bytes(query))
		return -EINVAL;
	if ((query->cursor[0] & CURSOR_UNUSED) || query->reserved)
		return -EINVAL;
	return 0;
}

/**
 * vmscope_scan_begin - begin or resume a scan
 * @scanner: whose earlier scan, if any, is forgotten
 * @target: pinned until the scan is over
 * @query: what is asked for, checked by vmscope_scan_check()
 * @hide_frames: withhold frames and raw entries
 *
 * Context: Any context.
 */
void vmscope_scan_begin(struct vmscope_scanner *scanner,
			struct vmscope_target *target,
			const struct vmscope_scan *query, bool hide_frames)
{
	scanner->target = target;
	scanner->copy.target = target;
	scanner->query = *query;
	scanner->query.end = min(query->end, target_end(target));
	scanner->addr =
		clamp(query->start, target_start(target), target_end(target));
	scanner->prev = query->cursor[0] & PAGE_MASK;
	scanner->prev_valid = query->cursor[0] & CURSOR_VALID;
	scanner->tables_told = (query->cursor[0] >> CURSOR_TOLD_SHIFT) &
			       CURSOR_TOLD_MASK;
	scanner->area_key = query->cursor[1];
	scanner->entries = 0;
	scanner->max_hold_ns = 0;
	vmscope_sink_init(&scanner->sink, scanner->buf, VMSCOPE_SCAN_BUF_WORDS,
			  &scanner->query, hide_frames);
}

/**
 * vmscope_scan_result - where a scan stands
 * @scanner: the scan
 * @result: next, cursor and costs are filled in
 *
 * Context: Any context.
 */
void vmscope_scan_result(const struct vmscope_scanner *scanner,
			 struct vmscope_scan *result)
{
	bool done = scanner->addr >= scanner->query.end;

	result->next = done ? result->end : scanner->addr;
	result->cursor[0] = (scanner->prev & PAGE_MASK) |
			    ((u64)scanner->tables_told << CURSOR_TOLD_SHIFT);
	if (scanner->prev_valid)
		result->cursor[0] |= CURSOR_VALID;
	result->cursor[1] = scanner->area_key;
	result->entries = scanner->entries;
	result->raced = scanner->sink.raced;
	result->max_hold_ns = scanner->max_hold_ns;
}

static u64 find_name(struct vmscope_scanner *scanner,
		     struct vm_area_struct *vma, const char **name, int *budget)
{
	*name = NULL;
	if (!vma || !(scanner->query.flags & VMSCOPE_SCAN_NAMES))
		return 0;
	*budget -= NAME_COST;
	return vmscope_area_name(vma, scanner->name, sizeof(scanner->name),
				 name);
}

static int tell_area(struct vmscope_scanner *scanner,
		     struct vm_area_struct *vma, int *budget)
{
	const struct vmscope_area_facts *area = &scanner->area;
	u64 key = vmscope_area_key(area);
	struct vmscope_area record = {
		.where = area->start | VMSCOPE_KIND_AREA,
		.end = area->end,
		.vma_flags = area->vma_flags,
		.offset = area->offset,
		.inode = area->inode,
		.dev = area->dev,
		.name_kind = area->name_kind,
		.page_size = area->page_size,
	};
	const char *name;
	int ret;

	if (!(scanner->query.flags & VMSCOPE_SCAN_AREAS) ||
	    scanner->area_key == key)
		return 0;
	record.name_bytes = find_name(scanner, vma, &name, budget);
	ret = vmscope_sink_area(&scanner->sink, &record, name);
	if (!ret)
		scanner->area_key = key;
	return ret;
}

static unsigned long table_of(unsigned long addr, unsigned int level)
{
	unsigned int shift = vmscope_level_shift(level);

	return (addr >> shift) / vmscope_level_entries(level);
}

static int tell_table(struct vmscope_scanner *scanner, unsigned int level,
		      int *budget)
{
	unsigned int shift = vmscope_level_shift(level);
	struct vmscope_table_count count;
	struct vmscope_table table = {};
	unsigned long base;

	if (!vmscope_walk_count(scanner->target, scanner->addr, level,
				&table.phys, &count))
		return -ENOENT;
	*budget -= vmscope_level_entries(level);
	base = table_of(scanner->addr, level) * vmscope_level_entries(level);
	table.where = max_t(u64, base << shift, target_start(scanner->target)) |
		      VMSCOPE_KIND_TABLE | ((u64)level << VMSCOPE_LEVEL_SHIFT);
	table.used = count.used;
	table.leaves = count.leaves;
	return vmscope_sink_table(&scanner->sink, &table);
}

/*
 * The tables on the way to the address at hand that the last one did not have.
 * They are the lower levels of the walk, so counting those that were told is
 * enough to go on after a full buffer.
 */
static int tell_tables(struct vmscope_scanner *scanner, int *budget)
{
	unsigned int level, nr = 0;
	int ret = 0;

	if (!(scanner->query.flags & VMSCOPE_SCAN_TABLES))
		return 0;
	for (level = VMSCOPE_LEVEL_PGD; level && !ret; level--) {
		if (!vmscope_level_in_use(level))
			continue;
		if (*budget <= 0)
			return HOLD_OVER;
		if (scanner->prev_valid &&
		    table_of(scanner->prev, level) ==
			    table_of(scanner->addr, level))
			continue;
		if (nr++ < scanner->tables_told)
			continue;
		ret = tell_table(scanner, level, budget);
		if (!ret)
			scanner->tables_told++;
	}
	if (ret && ret != -ENOENT)
		return ret;
	scanner->prev = scanner->addr;
	scanner->prev_valid = true;
	scanner->tables_told = 0;
	return 0;
}

static bool level_is_wanted(const struct vmscope_scanner *scanner)
{
	return !scanner->query.levels ||
	       (scanner->query.levels >> scanner->copy.level & 1);
}

/*
 * What a frame said counts only if the entry was the same before and after it
 * was read; else the table is read again, and in the end what changed every
 * time is marked.
 */
static void copy_table(struct vmscope_scanner *scanner, unsigned long end)
{
	unsigned int tries = VMSCOPE_WALK_TRIES;

	scanner->raced = false;
	do {
		vmscope_walk_copy(scanner->addr, end, &scanner->copy);
		scanner->entries += scanner->copy.nr;
		if (!level_is_wanted(scanner) ||
		    !vmscope_frame_states(&scanner->area, &scanner->copy))
			return;
		scanner->raced =
			vmscope_walk_differs(&scanner->copy, scanner->differs);
	} while (scanner->raced && --tries);
}

/* Of a table that goes away each time it is read, nothing is believed. */
static void copy_kernel_table(struct vmscope_scanner *scanner,
			      unsigned long end)
{
	struct vmscope_table_copy *copy = &scanner->copy;
	unsigned int tries = VMSCOPE_WALK_TRIES;
	bool held;

	copy->may_repeat = scanner->prev_valid;
	do {
		held = vmscope_walk_copy(scanner->addr, end, copy);
		scanner->entries += copy->nr;
	} while (!held && --tries);
	scanner->raced = !held;
	if (held) {
		if (level_is_wanted(scanner))
			vmscope_frame_kernel_states(copy);
		return;
	}
	copy->nr = 1;
	copy->entries[0] = 0;
	copy->state[0] = VMSCOPE_STATE_UNKNOWN;
	__set_bit(0, scanner->differs);
}

static void move_to(struct vmscope_scanner *scanner, unsigned long addr)
{
	scanner->addr = addr;
	if (scanner->target->kernel)
		scanner->prev_valid = true;
	if (scanner->prev_valid)
		scanner->prev = addr - PAGE_SIZE;
}

/* Tell a piece that begins at the address at hand, and move behind it. */
static int tell_piece(struct vmscope_scanner *scanner, unsigned long end,
		      const struct vmscope_fact *fact, u64 raw)
{
	const struct vmscope_piece piece = {
		.addr = scanner->addr,
		.pages = (end - scanner->addr) >> PAGE_SHIFT,
		.level = scanner->copy.level,
		.what = fact->what,
		.raw = raw,
		.value = fact->value,
	};
	int ret = vmscope_sink_piece(&scanner->sink, &piece);

	if (!ret)
		move_to(scanner, end);
	return ret;
}

static unsigned long area_index(const struct vmscope_area_facts *area,
				unsigned long addr)
{
	return area->first_index + ((addr - area->start) >> PAGE_SHIFT);
}

static int tell_found(struct vmscope_scanner *scanner,
		      const struct vmscope_shmem_find *find)
{
	struct vmscope_fact fact = {
		.what = find->state << VMSCOPE_STATE_SHIFT,
		.value = find->value,
	};
	unsigned long i;
	int ret = 0;

	for (i = 0; i < find->pages && !ret; i++) {
		ret = tell_piece(scanner, scanner->addr + PAGE_SIZE, &fact, 0);
		if (find->state == VMSCOPE_STATE_SHMEM_SWAP)
			fact.value++;
	}
	return ret;
}

/* Empty entries of shmem: the page cache knows which pages are swapped. */
static int tell_shmem(struct vmscope_scanner *scanner, unsigned long end,
		      int *budget)
{
	const struct vmscope_area_facts *area = &scanner->area;
	const struct vmscope_fact none = {};
	struct vmscope_shmem_find find;
	unsigned long until;
	int ret;

	while (scanner->addr < end) {
		find.index = area_index(area, scanner->addr);
		find.end = area_index(area, end);
		vmscope_shmem_next(area->shmem, &find);
		until = area->start +
			((find.index - area->first_index) << PAGE_SHIFT);
		ret = 0;
		if (until > scanner->addr)
			ret = tell_piece(scanner, until, &none, 0);
		if (!ret && find.pages)
			ret = tell_found(scanner, &find);
		if (ret)
			return ret;
		*budget -= find.visits + find.pages;
		/* Not sooner: each hold must come further than the last. */
		if (*budget <= 0 && scanner->addr < end)
			return HOLD_OVER;
	}
	return 0;
}

static int tell_empty(struct vmscope_scanner *scanner, unsigned long end,
		      int *budget)
{
	const struct vmscope_fact none = {};

	if (scanner->area.shmem)
		return tell_shmem(scanner, end, budget);
	return tell_piece(scanner, end, &none, 0);
}

/* Behind the last entry of all there are no more addresses. */
static unsigned long entry_addr(const struct vmscope_table_copy *copy,
				unsigned int i)
{
	unsigned long addr = copy->addr + ((unsigned long)i << copy->shift);

	return addr >= copy->addr ? addr : ULONG_MAX;
}

static unsigned int skip_empty(const struct vmscope_table_copy *copy,
			       unsigned int i)
{
	while (i < copy->nr && vmscope_arch_none(copy->entries[i]))
		i++;
	return i;
}

static u64 flags_of(const struct vmscope_scanner *scanner, unsigned int i)
{
	if (scanner->raced && test_bit(i, scanner->differs))
		return VMSCOPE_F_RACED;
	return 0;
}

static void decode(const struct vmscope_scanner *scanner, unsigned int i,
		   struct vmscope_fact *fact)
{
	const struct vmscope_table_copy *copy = &scanner->copy;
	u64 raw = copy->entries[i];

	if (scanner->target->kernel) {
		vmscope_decode_kernel(raw, copy->level, copy->perm,
				      copy->state[i], fact);
		fact->what |= flags_of(scanner, i);
		return;
	}
	vmscope_decode(&scanner->area, raw, copy->level,
		       vmscope_decode_leaf(raw, copy->level, copy->perm),
		       copy->state[i], fact);
	fact->what |= flags_of(scanner, i);
}

/* A huge leaf that the range clips begins some pages later. */
static int tell_entry(struct vmscope_scanner *scanner, unsigned int i,
		      unsigned long end, struct vmscope_fact *fact)
{
	const struct vmscope_table_copy *copy = &scanner->copy;

	if (fact->value &&
	    !vmscope_arch_is_table(copy->entries[i], copy->level))
		fact->value += (scanner->addr - entry_addr(copy, i)) >>
			       PAGE_SHIFT;
	return tell_piece(scanner, min(end, entry_addr(copy, i + 1)), fact,
			  copy->entries[i]);
}

/*
 * The entries from @i on that are told alike but for their frames. Special ones
 * are not looked at together: whether such a frame is the zero page is a
 * question to each.
 */
static unsigned int alike_until(const struct vmscope_scanner *scanner,
				unsigned int i, u64 what)
{
	const struct vmscope_table_copy *copy = &scanner->copy;
	u64 attr = vmscope_arch_attr(copy->entries[i], VMSCOPE_LEVEL_PTE);
	unsigned int j = i + 1;

	if (copy->level != VMSCOPE_LEVEL_PTE || scanner->raced ||
	    !(what & VMSCOPE_F_PRESENT) || (what & VMSCOPE_F_SPECIAL))
		return j;
	while (j < copy->nr && copy->state[j] == copy->state[i] &&
	       vmscope_arch_attr(copy->entries[j], VMSCOPE_LEVEL_PTE) == attr)
		j++;
	return j;
}

static u64 *read_frames(struct vmscope_scanner *scanner, unsigned int i,
			unsigned int until)
{
	const struct vmscope_table_copy *copy = &scanner->copy;
	unsigned int j;

	for (j = i; j < until; j++)
		scanner->values[j] =
			vmscope_arch_pfn(copy->entries[j], VMSCOPE_LEVEL_PTE);
	return scanner->values + i;
}

static int tell_pages(struct vmscope_scanner *scanner, unsigned int i,
		      unsigned int until, const struct vmscope_fact *fact)
{
	const u64 *values = read_frames(scanner, i, until);
	const struct vmscope_piece first = {
		.addr = scanner->addr,
		.pages = 1,
		.level = VMSCOPE_LEVEL_PTE,
		.what = fact->what,
		.raw = scanner->copy.entries[i],
		.value = fact->value,
	};
	unsigned int nr = vmscope_sink_pages(&scanner->sink, &first,
					     scanner->copy.entries + i, values,
					     until - i);

	if (nr)
		move_to(scanner, scanner->addr + nr * PAGE_SIZE);
	return nr == until - i ? 0 : -ENOSPC;
}

/* Runs whose frames follow one another. */
static int tell_frames(struct vmscope_scanner *scanner, unsigned int i,
		       unsigned int until, struct vmscope_fact *fact)
{
	const u64 *values = read_frames(scanner, i, until);
	unsigned int nr = until - i;
	unsigned int first, next;
	int ret = 0;

	for (first = 0; first < nr && !ret; first = next) {
		next = first + 1;
		while (next < nr && values[next] == values[next - 1] + 1)
			next++;
		fact->value = values[first];
		ret = tell_piece(scanner,
				 scanner->addr + (next - first) * PAGE_SIZE,
				 fact, scanner->copy.entries[i + first]);
	}
	return ret;
}

static int tell_alike(struct vmscope_scanner *scanner, unsigned int i,
		      unsigned int until, struct vmscope_fact *fact)
{
	u64 flags = scanner->query.flags;

	if (!(flags & VMSCOPE_SCAN_RUNS))
		return tell_pages(scanner, i, until, fact);
	if (flags & VMSCOPE_SCAN_FRAMES)
		return tell_frames(scanner, i, until, fact);
	return tell_piece(scanner, entry_addr(&scanner->copy, until), fact,
			  scanner->copy.entries[i]);
}

static int tell_used(struct vmscope_scanner *scanner, unsigned int *i,
		     unsigned long end)
{
	struct vmscope_fact fact;
	unsigned int first = *i;

	decode(scanner, first, &fact);
	*i = alike_until(scanner, first, fact.what);
	if (*i == first + 1)
		return tell_entry(scanner, first, end, &fact);
	return tell_alike(scanner, first, *i, &fact);
}

static int tell_entries(struct vmscope_scanner *scanner, unsigned long end,
			int *budget)
{
	const struct vmscope_table_copy *copy = &scanner->copy;
	unsigned int i = 0;
	int ret = 0;

	/* That nothing is known is not that nothing is there. */
	if (scanner->target->kernel && scanner->raced)
		return tell_used(scanner, &i, end);
	while (i < copy->nr && !ret) {
		unsigned int next = skip_empty(copy, i);

		if (next == i) {
			ret = tell_used(scanner, &i, end);
			continue;
		}
		i = next;
		ret = tell_empty(scanner, min(end, entry_addr(copy, next)),
				 budget);
	}
	return ret;
}

static void skip_table(struct vmscope_scanner *scanner, unsigned long end)
{
	const struct vmscope_table_copy *copy = &scanner->copy;

	move_to(scanner, min(end, entry_addr(copy, copy->nr)));
}

/* At most one table of one area, from the address at hand on. */
static int scan_table(struct vmscope_scanner *scanner, unsigned long end,
		      int *budget)
{
	int ret = tell_tables(scanner, budget);

	if (ret)
		return ret;
	if (scanner->target->kernel)
		copy_kernel_table(scanner, end);
	else
		copy_table(scanner, end);
	*budget -= scanner->copy.nr;
	if (level_is_wanted(scanner))
		return tell_entries(scanner, end, budget);
	skip_table(scanner, end);
	return 0;
}

/* No run crosses the border of an area. */
static void enter_area(struct vmscope_scanner *scanner, unsigned long start)
{
	if (scanner->addr > start)
		return;
	vmscope_sink_close(&scanner->sink);
	if (scanner->addr < start)
		scanner->tables_told = 0;
	scanner->addr = start;
}

/* No entry is of no level, so none has to be read. */
static bool areas_only(const struct vmscope_scan *query)
{
	return query->levels == 1 << VMSCOPE_LEVEL_NONE &&
	       !(query->flags & VMSCOPE_SCAN_TABLES);
}

/* @vma: the area at hand, NULL for a region of the kernel */
static int scan_area(struct vmscope_scanner *scanner,
		     struct vm_area_struct *vma, int *budget)
{
	unsigned long end = min_t(u64, scanner->area.end, scanner->query.end);
	int ret;

	*budget -= AREA_COST;
	enter_area(scanner, scanner->area.start);
	ret = tell_area(scanner, vma, budget);
	if (!ret && areas_only(&scanner->query))
		scanner->addr = end;
	while (!ret && scanner->addr < end) {
		ret = scan_table(scanner, end, budget);
		if (!ret && *budget <= 0)
			ret = HOLD_OVER;
	}
	return ret;
}

/* What one hold of the lock does: areas until the budget is used up. */
static int scan_areas(struct vmscope_scanner *scanner)
{
	VMA_ITERATOR(vmi, scanner->target->mm, scanner->addr);
	int budget = HOLD_BUDGET;
	int ret = 0;

	while (!ret && budget > 0) {
		struct vm_area_struct *vma = vma_next(&vmi);

		if (!vma || vma->vm_start >= scanner->query.end) {
			scanner->addr = scanner->query.end;
			return 0;
		}
		vmscope_area_describe(vma, &scanner->area);
		ret = scan_area(scanner, vma, &budget);
	}
	return ret == HOLD_OVER ? 0 : ret;
}

/* As scan_areas(), of the kernel's regions, which fill its half. */
static int scan_regions(struct vmscope_scanner *scanner)
{
	int budget = HOLD_BUDGET;
	int ret = 0;

	while (!ret && budget > 0 && scanner->addr < scanner->query.end) {
		vmscope_region_describe(scanner->addr, &scanner->area);
		ret = scan_area(scanner, NULL, &budget);
	}
	return ret == HOLD_OVER ? 0 : ret;
}

static void note_hold(struct vmscope_scanner *scanner, u64 since)
{
	scanner->max_hold_ns =
		max(scanner->max_hold_ns, ktime_get_ns() - since);
}

static int hold(struct vmscope_scanner *scanner)
{
	struct mm_struct *mm = scanner->target->mm;
	u64 since;
	int ret;

	if (scanner->target->kernel)
		return scan_regions(scanner);
	if (mmap_read_lock_killable(mm))
		return -EINTR;
	since = ktime_get_ns();
	ret = scan_areas(scanner);
	note_hold(scanner, since);
	mmap_read_unlock(mm);
	return ret;
}

static int trace_kernel(struct vmscope_scanner *scanner, unsigned long addr,
			struct vmscope_trace *trace)
{
	vmscope_walk_trace(scanner->target, addr, VMSCOPE_LEVEL_PTE, trace);
	return scan_regions(scanner);
}

/*
 * Outside of every area, tables may be on their way out: munmap() takes the
 * areas away, then frees the tables with the lock held for reading only. Those
 * whose range reaches into an area stay, as they do for the area itself; an
 * entry that leads to another is as far as the walk may go.
 * Source: vms_complete_munmap_vmas() in mm/vma.c, free_pgd_range() in
 * mm/memory.c
 */
static unsigned int lowest_level(struct mm_struct *mm, unsigned long addr)
{
	unsigned int level = VMSCOPE_LEVEL_PGD;

	for (; level > VMSCOPE_LEVEL_PTE; level--) {
		unsigned long rest = (1UL << vmscope_level_shift(level)) - 1;
		const struct vm_area_struct *vma = find_vma(mm, addr & ~rest);

		if (!vma || vma->vm_start > (addr | rest))
			break;
	}
	return level;
}

static int trace_hole(struct vmscope_scanner *scanner, unsigned long addr,
		      struct vmscope_trace *trace)
{
	struct mm_struct *mm = scanner->target->mm;
	const struct vm_area_struct *above = find_vma(mm, addr);

	vmscope_walk_trace(scanner->target, addr, lowest_level(mm, addr),
			   trace);
	trace->behind = above && above->vm_flags & VM_GROWSDOWN ?
				VMSCOPE_BEHIND_STACK :
				VMSCOPE_BEHIND_NOTHING;
	return 0;
}

static int trace_area(struct vmscope_scanner *scanner,
		      struct vm_area_struct *vma, unsigned long addr,
		      struct vmscope_trace *trace)
{
	vmscope_walk_trace(scanner->target, addr, VMSCOPE_LEVEL_PTE, trace);
	trace->behind = vmscope_area_behind(vma, addr);
	trace->uffd_features = compat_uffd_features(vma);
	return scan_areas(scanner);
}

static int trace_user(struct vmscope_scanner *scanner, unsigned long addr,
		      struct vmscope_trace *trace)
{
	struct mm_struct *mm = scanner->target->mm;
	struct vm_area_struct *vma;
	int ret;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	vma = vma_lookup(mm, addr);
	if (vma)
		ret = trace_area(scanner, vma, addr, trace);
	else
		ret = trace_hole(scanner, addr, trace);
	mmap_read_unlock(mm);
	return ret;
}

/* The kernel's half of a process: no lock is of any use there. */
static int trace_other_half(struct vmscope_scanner *scanner, unsigned long addr,
			    struct vmscope_trace *trace)
{
	vmscope_walk_trace(scanner->target, addr, VMSCOPE_LEVEL_PTE, trace);
	return 0;
}

/**
 * vmscope_scan_fill - scan until the range ends or the buffer is full
 * @scanner: as vmscope_scan_begin() left it, or an earlier call
 *
 * Context: Process context, may sleep; takes and leaves the target's
 * mmap_lock. No lock is held when it returns.
 * Return:
 * * 0       - the scan is complete
 * * -ENOSPC - hand out what is ready in the sink, then call again
 * * -ESRCH  - the address space is gone
 * * -EINTR  - the caller was killed
 */
int vmscope_scan_fill(struct vmscope_scanner *scanner)
{
	int ret = vmscope_target_use(scanner->target);

	if (ret)
		return ret;
	while (!ret && scanner->addr < scanner->query.end) {
		if (fatal_signal_pending(current))
			ret = -EINTR;
		else if (vmscope_target_is_gone(scanner->target))
			ret = -ESRCH;
		else
			ret = hold(scanner);
		cond_resched();
	}
	vmscope_target_unuse(scanner->target);
	return ret;
}

/**
 * vmscope_scan_trace - scan one page, and trace the walk to it at once
 * @scanner: as vmscope_scan_begin() left it, with a range of one page, or of
 *	none where @addr is no user address
 * @addr: any canonical address
 * @trace: filled in
 *
 * Context: Process context, may sleep; takes and leaves the target's
 * mmap_lock, for reading.
 * Return: 0, -ESRCH or -EINTR, as vmscope_scan_fill()
 */
int vmscope_scan_trace(struct vmscope_scanner *scanner, unsigned long addr,
		       struct vmscope_trace *trace)
{
	int ret = vmscope_target_use(scanner->target);

	if (ret)
		return ret;
	if (scanner->target->kernel)
		ret = trace_kernel(scanner, addr, trace);
	else if (vmscope_arch_is_kernel(addr))
		ret = trace_other_half(scanner, addr, trace);
	else
		ret = trace_user(scanner, addr, trace);
	if (vmscope_target_is_gone(scanner->target))
		ret = -ESRCH;
	else if (fatal_signal_pending(current))
		ret = -EINTR;
	vmscope_target_unuse(scanner->target);
	return ret;
}
