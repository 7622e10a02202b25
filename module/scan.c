// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine: checks a query, keeps the resume cursor, and joins snapshot.c,
 * which looks at the target, with emit.c, which makes records of it.
 *
 * A lock of the target, which is that of an area where modules can take it, is
 * held for one snapshot, then let go: neither a writer nor a killed process
 * waits longer than that. The kernel's half has no lock that we could take, see
 * walk.c. Nothing is copied to user space here.
 */
#include "scan.h"

#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>

#include "arch/arch.h"
#include "compat/compat.h"
#include "emit.h"
#include "kernel/region.h"
#include "snapshot.h"
#include "target.h"

#define CURSOR_VALID 1ULL
#define CURSOR_EMITTED_SHIFT 1
#define CURSOR_EMITTED_MASK 0x7ULL
#define CURSOR_WHOLE_SHIFT 4
#define CURSOR_WHOLE_MASK 0x3fULL
#define CURSOR_UNUSED 0xc00ULL

/* How often a waiter for the lock goes first, and how long we sleep for it. */
#define MAX_TURNS 64
#define TURN_US 50

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
	if (query->flags & VMSCOPE_SCAN_NAMES)
		return VMSCOPE_SCAN_MIN_BYTES_NAMES;
	return query->facts ? VMSCOPE_SCAN_MIN_BYTES_FACTS :
			      VMSCOPE_SCAN_MIN_BYTES;
}

/* The facts that the filters are about. */
static u64 filtered_facts(const struct vmscope_scan *query)
{
	return (query->orders ? VMSCOPE_FACT_ORDER : 0) |
	       (query->nodes ? VMSCOPE_FACT_NODE : 0);
}

static int check_facts(const struct vmscope_scan *query)
{
	if (query->facts & ~(u64)VMSCOPE_FACT_ALL ||
	    filtered_facts(query) & ~query->facts)
		return -EINVAL;
	return query->facts & ~vmscope_folio_known() ? -EOPNOTSUPP : 0;
}

/**
 * vmscope_scan_check - is a query well formed
 * @query: as it came from user space
 *
 * Context: Any context.
 * Return: 0, -EINVAL, or -EOPNOTSUPP for facts that this kernel lacks
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
	return check_facts(query);
}

/**
 * vmscope_scan_begin - begin or resume a scan
 * @scanner: whose earlier scan, if any, is forgotten
 * @target: pinned until the scan is over
 * @query: what is asked for, checked by vmscope_scan_check()
 * @redact: report no frames and no raw entries
 *
 * Context: Any context.
 */
void vmscope_scan_begin(struct vmscope_scanner *scanner,
			struct vmscope_target *target,
			const struct vmscope_scan *query, bool redact)
{
	scanner->target = target;
	scanner->copy.target = target;
	scanner->query = *query;
	scanner->query.end = min(query->end, target_end(target));
	if (filtered_facts(query))
		scanner->query.all_flags |= VMSCOPE_F_PRESENT;
	vmscope_frames_init(&scanner->frames, query->facts);
	scanner->addr =
		clamp(query->start, target_start(target), target_end(target));
	scanner->prev = query->cursor[0] & PAGE_MASK;
	scanner->prev_valid = query->cursor[0] & CURSOR_VALID;
	scanner->tables_emitted = (query->cursor[0] >> CURSOR_EMITTED_SHIFT) &
				  CURSOR_EMITTED_MASK;
	scanner->whole = (query->cursor[0] >> CURSOR_WHOLE_SHIFT) &
			 CURSOR_WHOLE_MASK;
	scanner->area_key = query->cursor[1];
	scanner->entries = 0;
	scanner->max_hold_ns = 0;
	scanner->pending = false;
	scanner->kinds.basis = 0;
	scanner->tries = VMSCOPE_WALK_TRIES;
	scanner->turns = MAX_TURNS;
	scanner->facts_cost = VMSCOPE_FACTS_COST;
	vmscope_sink_init(&scanner->sink, scanner->buf, VMSCOPE_SCAN_BUF_WORDS,
			  &scanner->query, redact);
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
	result->cursor[0] =
		(scanner->prev & PAGE_MASK) |
		((u64)scanner->tables_emitted << CURSOR_EMITTED_SHIFT) |
		((u64)scanner->whole << CURSOR_WHOLE_SHIFT);
	if (scanner->prev_valid)
		result->cursor[0] |= CURSOR_VALID;
	result->cursor[1] = scanner->area_key;
	result->entries = scanner->entries;
	result->raced = scanner->sink.raced;
	result->max_hold_ns = scanner->max_hold_ns;
}

static void note_hold(struct vmscope_scanner *scanner, u64 since)
{
	scanner->max_hold_ns =
		max(scanner->max_hold_ns, ktime_get_ns() - since);
}

/*
 * Let others who wait for the lock go first. Without this, readers overtake a
 * waiting writer for milliseconds. If it stays contended, wait less each time.
 * Source: rwsem_down_read_slowpath(), rwsem_try_write_lock() in
 * kernel/locking/rwsem.c
 */
static void wait_our_turn(struct vmscope_scanner *scanner)
{
	struct vmscope_target *target = scanner->target;
	unsigned int turns = 0;

	while (mmap_lock_is_contended(target->mm) && turns < scanner->turns &&
	       !fatal_signal_pending(current) &&
	       !vmscope_target_is_gone(target)) {
		usleep_range(TURN_US, 2 * TURN_US);
		turns++;
	}
	if (!turns)
		scanner->turns = MAX_TURNS;
	else if (turns == scanner->turns && turns > 1)
		scanner->turns /= 2;
}

static int hold(struct vmscope_scanner *scanner)
{
	struct mm_struct *mm = scanner->target->mm;
	struct vm_area_struct *vma;
	u64 since;

	if (scanner->target->kernel) {
		scanner->pending = vmscope_snapshot_take(scanner, NULL);
		return 0;
	}
	vma = compat_lock_area(mm, scanner->addr);
	if (!vma) {
		wait_our_turn(scanner);
		if (mmap_read_lock_killable(mm))
			return -EINTR;
	}
	since = ktime_get_ns();
	scanner->pending = vmscope_snapshot_take(scanner, vma);
	note_hold(scanner, since);
	if (vma)
		compat_unlock_area(vma);
	else
		mmap_read_unlock(mm);
	return 0;
}

/* What was left of the last snapshot comes before another is taken. */
static int step(struct vmscope_scanner *scanner)
{
	int ret = scanner->pending ? 0 : hold(scanner);

	if (ret || !scanner->pending)
		return ret;
	ret = vmscope_emit(scanner);
	scanner->pending = ret;
	return ret;
}

static int scan(struct vmscope_scanner *scanner)
{
	int ret = 0;

	while (!ret &&
	       (scanner->pending || scanner->addr < scanner->query.end)) {
		if (fatal_signal_pending(current))
			ret = -EINTR;
		else if (vmscope_target_is_gone(scanner->target))
			ret = -ESRCH;
		else
			ret = step(scanner);
		cond_resched();
	}
	return ret;
}

/*
 * Outside of every area, tables may be about to be freed: munmap() removes the
 * areas, then frees the tables with the lock held for reading only. A
 * table whose range overlaps an area stays; the walk stops at an entry that
 * points to any other.
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

static void trace_hole(struct vmscope_scanner *scanner, unsigned long addr,
		       struct vmscope_trace *trace)
{
	struct mm_struct *mm = scanner->target->mm;
	const struct vm_area_struct *above = find_vma(mm, addr);

	vmscope_walk_trace(scanner->target, addr, lowest_level(mm, addr),
			   trace);
	trace->behind = above && above->vm_flags & VM_GROWSDOWN ?
				VMSCOPE_BEHIND_STACK :
				VMSCOPE_BEHIND_NOTHING;
	/* There is nothing to scan. */
	scanner->addr = scanner->query.end;
}

static void trace_area(struct vmscope_scanner *scanner,
		       struct vm_area_struct *vma, unsigned long addr,
		       struct vmscope_trace *trace)
{
	vmscope_walk_trace(scanner->target, addr, VMSCOPE_LEVEL_PTE, trace);
	trace->behind = vmscope_area_behind(vma, addr, &trace->behind_end);
	trace->uffd_features = compat_uffd_features(vma);
	scanner->pending = vmscope_snapshot_take(scanner, vma);
}

static int trace_user(struct vmscope_scanner *scanner, unsigned long addr,
		      struct vmscope_trace *trace)
{
	struct mm_struct *mm = scanner->target->mm;
	struct vm_area_struct *vma;

	wait_our_turn(scanner);
	if (mmap_read_lock_killable(mm))
		return -EINTR;
	vma = vma_lookup(mm, addr);
	if (vma)
		trace_area(scanner, vma, addr, trace);
	else
		trace_hole(scanner, addr, trace);
	mmap_read_unlock(mm);
	return 0;
}

/**
 * vmscope_scan_fill - scan until the range ends or the buffer is full
 * @scanner: as vmscope_scan_begin() left it, or an earlier call
 *
 * Context: Process context, may sleep; takes and leaves the target's mmap_lock
 * or, where modules can, locks of its areas. No lock is held when it returns.
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
	ret = scan(scanner);
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
	/* No lock is of any use in the kernel's half, a process's included. */
	if (vmscope_arch_is_kernel(addr))
		vmscope_walk_trace(scanner->target, addr, VMSCOPE_LEVEL_PTE,
				   trace);
	else
		ret = trace_user(scanner, addr, trace);
	if (!ret)
		ret = scan(scanner);
	vmscope_target_unuse(scanner->target);
	return ret;
}
