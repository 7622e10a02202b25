// SPDX-License-Identifier: GPL-2.0-only
/*
 * With every process of the machine frozen but this one, every page of every
 * area of every process is what the kernel itself reports: /proc/PID/pagemap
 * page by page, smaps by area, VmPTE for the tables. A Redis server, a Python
 * program under memory pressure and a mkmap of every kind are among them.
 *
 * pagemap is read before and after a scan. Entries that are equal in both must
 * be equal in the scan, and all must be equal: no process runs to change one.
 *
 * What a machine does not have is skipped; with VMSCOPE_DEMAND it has all.
 */
#include <kselftest.h>

#include "freezer.h"
#include "procfs.h"
#include "swapdev.h"
#include "target.h"
#include "workload.h"

#define MAX_PROCESSES 4096
#define CHUNK_PAGES 16384UL
#define SWAP_BYTES (256UL << 20)
#define MAX_COMPLAINTS 12
/* of 10 ms each */
#define EXIT_TRIES 500

/* What was compared, with the results. */
static struct {
	size_t processes;
	__u64 entries; /* read from pagemap */
	__u64 moved; /* that differed between its two readings */
	__u64 wrong; /* that differ from pagemap */
	size_t areas;
	size_t wrong_sums;
	size_t wrong_areas;
	size_t wrong_census;
	__u64 deposited;
	__u64 states[VMSCOPE_NR_STATES];
	__u64 soft_dirty_by_area;
	int complaints;
} total;

/* What the current process has, by state. */
static __u64 process_states[VMSCOPE_NR_STATES];

static bool complain(void)
{
	return total.complaints++ < MAX_COMPLAINTS;
}

struct process {
	pid_t pid;
	int device;
	int pagemap;
};

/* The sums of an area in smaps, from the records, in pages. */
struct sums {
	__u64 pages[NR_SMAPS_FIELDS];
	/*
	 * in huge pages without access, which smaps of older kernels skips
	 * (follow_trans_huge_pmd() in 6.1)
	 */
	__u64 huge_protnone;
	__u64 moved; /* pagemap entries of the area that did not hold still */
};

static __u64 before[CHUNK_PAGES], after[CHUNK_PAGES];

/* Does smaps count it as resident? Not zero pages and frames without a page. */
static bool is_resident(const struct leaf *leaf)
{
	switch (leaf->state) {
	case VMSCOPE_STATE_ANON:
	case VMSCOPE_STATE_FILE:
	case VMSCOPE_STATE_SHMEM:
	case VMSCOPE_STATE_KSM:
	case VMSCOPE_STATE_DRIVER:
	case VMSCOPE_STATE_MIGRATION:
	case VMSCOPE_STATE_HWPOISON:
		return true;
	case VMSCOPE_STATE_DEVICE:
		return !(leaf->flags & F(SPECIAL));
	default:
		return false;
	}
}

static void sums_add(struct sums *sums, const struct leaf *leaf)
{
	if (leaf->state == VMSCOPE_STATE_HUGETLB)
		sums->pages[SMAPS_SHARED_HUGETLB] += leaf->pages;
	else if (is_resident(leaf))
		sums->pages[SMAPS_RSS] += leaf->pages;
	if (leaf->state == VMSCOPE_STATE_SWAP ||
	    leaf->state == VMSCOPE_STATE_SHMEM_SWAP)
		sums->pages[SMAPS_SWAP] += leaf->pages;
	if (leaf->level != VMSCOPE_LEVEL_PMD || !(leaf->flags & F(PRESENT)))
		return;
	if (leaf->flags & F(PROTNONE))
		sums->huge_protnone += leaf->pages;
	if (leaf->state == VMSCOPE_STATE_ANON)
		sums->pages[SMAPS_ANON_HUGE] += leaf->pages;
	if (leaf->state == VMSCOPE_STATE_SHMEM)
		sums->pages[SMAPS_SHMEM_HUGE] += leaf->pages;
	if (leaf->state == VMSCOPE_STATE_FILE)
		sums->pages[SMAPS_FILE_HUGE] += leaf->pages;
}

static void compare_entry(const struct process *process,
			  const struct proc_area *area, const struct leaf *leaf,
			  __u64 addr, size_t i, struct sums *sums)
{
	const char *why;

	total.entries++;
	if (before[i] != after[i]) {
		total.moved++;
		sums->moved++;
		return;
	}
	if (area->vma_flags & VMSCOPE_VMA_SOFTDIRTY &&
	    !(leaf->flags & F(SOFT_DIRTY)))
		total.soft_dirty_by_area++;
	why = pagemap_disagrees(leaf, addr, area->vma_flags, before[i]);
	if (!why)
		return;
	total.wrong++;
	if (complain())
		ksft_print_msg(
			"%d %llx in %llx-%llx %s: %s: %s at level %u, flags %llx, raw %llx, value %llx; pagemap %llx\n",
			process->pid, addr, area->start, area->end, area->name,
			why, state_name(leaf->state), leaf->level, leaf->flags,
			leaf->raw, leaf->value, before[i]);
}

/* A missing record is as wrong as a false one. */
static void missing_pages(const struct process *process, __u64 from, __u64 to)
{
	if (from >= to)
		return;
	total.wrong += (to - from) / PAGE_BYTES;
	if (complain())
		ksft_print_msg("%d %llx-%llx: no record\n", process->pid, from,
			       to);
}

static void compare_records(const struct process *process,
			    const struct proc_area *area,
			    const struct records *recs, __u64 start, __u64 end,
			    struct sums *sums)
{
	__u64 at = start;

	for_each_leaf(leaf, recs) {
		missing_pages(process, at, leaf.start);
		sums_add(sums, &leaf);
		process_states[leaf.state] += leaf.pages;
		for (at = leaf.start; at < leaf_end(&leaf); at += PAGE_BYTES)
			compare_entry(process, area, &leaf, at,
				      (at - start) / PAGE_BYTES, sums);
	}
	missing_pages(process, at, end);
}

static void compare_chunk(const struct process *process,
			  const struct proc_area *area, __u64 start, __u64 end,
			  struct sums *sums)
{
	size_t pages = (end - start) / PAGE_BYTES;
	static unsigned int chunks;
	struct vmscope_scan scan;
	struct records recs;

	/* both forms of a page, in turn */
	scan_init(&scan, start, end, chunks++ % 2 ? VMSCOPE_SCAN_BLOCKS : 0);
	if (!pagemap_read(process->pagemap, start, pages, before) ||
	    records_read(process->device, &scan, 1 << 20, &recs)) {
		missing_pages(process, start, end);
		return;
	}
	if (pagemap_read(process->pagemap, start, pages, after))
		compare_records(process, area, &recs, start, end, sums);
	records_free(&recs);
}

/* The tables show an empty terabyte; do not read pagemap for all of it. */
static bool is_empty_by_tables(const struct process *process, __u64 start,
			       __u64 end)
{
	struct records recs;
	__u64 at = start;

	if (records_scan(process->device, start, end, 0, &recs))
		return false;
	for_each_leaf(leaf, &recs) {
		if (leaf.state != VMSCOPE_STATE_NONE || leaf.start != at)
			break;
		at = leaf_end(&leaf);
	}
	records_free(&recs);
	return at == end;
}

static void compare_range(const struct process *process,
			  const struct proc_area *area, __u64 start, __u64 end,
			  struct sums *sums)
{
	__u64 limit = CHUNK_PAGES * PAGE_BYTES;
	__u64 middle = start + ((end - start) / 2 & -PAGE_BYTES);

	if (end - start <= limit) {
		compare_chunk(process, area, start, end, sums);
	} else if (is_empty_by_tables(process, start, end)) {
		compare_chunk(process, area, start, start + limit / 8, sums);
		compare_chunk(process, area, end - limit / 8, end, sums);
	} else {
		compare_range(process, area, start, middle, sums);
		compare_range(process, area, middle, end, sums);
	}
}

static bool sum_agrees(const struct sums *sums, __u64 pages, __u64 kb)
{
	__u64 least =
		pages > sums->huge_protnone ? pages - sums->huge_protnone : 0;

	return kb * 1024 == pages * PAGE_BYTES ||
	       kb * 1024 == least * PAGE_BYTES;
}

static void check_sums(const struct process *process,
		       const struct proc_area *area, const struct sums *sums)
{
	static const struct {
		enum smaps_field field;
		const char *name;
	} fields[] = {
		{ SMAPS_RSS, "Rss" },
		{ SMAPS_SWAP, "Swap" },
		{ SMAPS_ANON_HUGE, "AnonHugePages" },
		{ SMAPS_SHMEM_HUGE, "ShmemPmdMapped" },
		{ SMAPS_FILE_HUGE, "FilePmdMapped" },
		{ SMAPS_SHARED_HUGETLB, "Hugetlb" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		__u64 ours = sums->pages[fields[i].field];
		__u64 theirs = area->sums[fields[i].field];

		if (fields[i].field == SMAPS_SHARED_HUGETLB)
			theirs += area->sums[SMAPS_PRIVATE_HUGETLB];
		if (sum_agrees(sums, ours, theirs))
			continue;
		total.wrong_sums++;
		if (complain())
			ksft_print_msg(
				"%d %llx-%llx %s: %s is %llu kB, smaps says %llu\n",
				process->pid, area->start, area->end,
				area->name, fields[i].name,
				ours * PAGE_BYTES / 1024, theirs);
	}
}

static void compare_area(const struct process *process,
			 const struct proc_area *area)
{
	struct sums sums = { 0 };

	total.areas++;
	compare_range(process, area, area->start, area->end, &sums);
	/* smaps skips areas of frames */
	if (!sums.moved && !(area->vma_flags & VMSCOPE_VMA_PFNMAP))
		check_sums(process, area, &sums);
}

static bool area_agrees(const struct vmscope_area *ours,
			const struct proc_area *theirs)
{
	return VMSCOPE_WORD_ADDR(ours->where) == theirs->start &&
	       ours->end == theirs->end && ours->offset == theirs->offset &&
	       ours->inode == theirs->inode && ours->dev == theirs->dev &&
	       ours->vma_flags == theirs->vma_flags;
}

static void compare_areas(const struct process *process,
			  const struct proc_areas *areas)
{
	struct records recs;
	size_t i = 0;

	if (records_scan(process->device, 0, USER_END,
			 VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_RUNS, &recs)) {
		total.wrong_areas++;
		return;
	}
	for_each_area_record(area, &recs) {
		if (i < areas->nr && area_agrees(area, &areas->areas[i++]))
			continue;
		total.wrong_areas++;
		if (complain())
			ksft_print_msg("%d %llx: area is not as maps has it\n",
				       process->pid,
				       VMSCOPE_WORD_ADDR(area->where));
	}
	total.wrong_areas += areas->nr - i;
	records_free(&recs);
}

/* VmPTE counts the tables below the root, and deposited ones. */
static void compare_census(const struct process *process)
{
	__u64 theirs = status_number(process->pid, "VmPTE:") * 1024;
	struct vmscope_census census;
	__u64 ours;

	if (census_read(process->device, &census)) {
		total.wrong_census++;
		return;
	}
	ours = (census.tables[VMSCOPE_LEVEL_PTE] +
		census.tables[VMSCOPE_LEVEL_PMD] +
		census.tables[VMSCOPE_LEVEL_PUD] + census.deposited) *
	       PAGE_BYTES;
	total.deposited += census.deposited;
	if (ours == theirs && census.pgtables_bytes == theirs &&
	    census.tables[VMSCOPE_LEVEL_PGD] == 1)
		return;
	total.wrong_census++;
	if (complain())
		ksft_print_msg(
			"%d: tables %llu PTE %llu PMD %llu PUD %llu P4D %llu PGD, %llu deposited, kernel's count %llu, VmPTE %llu bytes\n",
			process->pid, census.tables[VMSCOPE_LEVEL_PTE],
			census.tables[VMSCOPE_LEVEL_PMD],
			census.tables[VMSCOPE_LEVEL_PUD],
			census.tables[VMSCOPE_LEVEL_P4D],
			census.tables[VMSCOPE_LEVEL_PGD], census.deposited,
			census.pgtables_bytes, theirs);
}

static void compare_all_of(const struct process *process,
			   const struct proc_areas *areas)
{
	memset(process_states, 0, sizeof(process_states));
	compare_areas(process, areas);
	compare_census(process);
	for_each_area(area, areas)
		compare_area(process, area);
	for (size_t i = 0; i < VMSCOPE_NR_STATES; i++)
		total.states[i] += process_states[i];
	total.processes++;
}

static bool compare_process(pid_t pid)
{
	struct process process = {
		.pid = pid,
		.device = device_open_pid(pid),
		.pagemap = pagemap_open(pid),
	};
	struct proc_areas areas = { 0 };
	bool found = process.device >= 0 && !areas_read(pid, &areas);

	if (found)
		compare_all_of(&process, &areas);
	areas_free(&areas);
	close(process.pagemap);
	close(process.device);
	return found;
}

/* A process that is about to exit does so, frozen or not. */
static bool compare_or_see_it_exit(pid_t pid)
{
	for (int i = 0; i < EXIT_TRIES; i++) {
		if (compare_process(pid) || !process_has_memory(pid))
			return true;
		usleep(10000);
	}
	return false;
}

static struct swap_device swap;
static struct workload redis, python;
static struct target target;

static void report_missing(const char *name, const char *why)
{
	if (getenv("VMSCOPE_DEMAND"))
		ksft_test_result_fail("%s: %s\n", name, why);
	else
		ksft_test_result_skip("%s: %s\n", name, why);
}

/*
 * @lacking: mkmap's name of it, if a kernel may lack it: then mkmap reports
 * that it could not make it
 */
static const struct {
	unsigned int state;
	const char *lacking;
} states[] = {
	{ VMSCOPE_STATE_NONE, NULL },
	{ VMSCOPE_STATE_ANON, NULL },
	{ VMSCOPE_STATE_FILE, NULL },
	{ VMSCOPE_STATE_SHMEM, NULL },
	{ VMSCOPE_STATE_ZERO, NULL },
	{ VMSCOPE_STATE_HUGEZERO, NULL },
	{ VMSCOPE_STATE_KSM, NULL },
	{ VMSCOPE_STATE_PFNMAP, NULL },
	{ VMSCOPE_STATE_DRIVER, NULL },
	{ VMSCOPE_STATE_HUGETLB, NULL },
	{ VMSCOPE_STATE_SWAP, NULL },
	{ VMSCOPE_STATE_SHMEM_SWAP, NULL },
	{ VMSCOPE_STATE_HWPOISON, NULL },
	{ VMSCOPE_STATE_MARKER_UFFD, "uffd-marker-shmem" },
	{ VMSCOPE_STATE_MARKER_POISON, "uffd-poison" },
	{ VMSCOPE_STATE_MARKER_GUARD, "guard" },
};

static void report_state(unsigned int state, const char *lacking)
{
	const char *name = state_name(state);
	__u64 addr;

	if (total.states[state])
		ksft_test_result_pass("%s was compared: %llu pages\n", name,
				      total.states[state]);
	else if (lacking && !target_kind(&target, lacking, &addr))
		ksft_test_result_skip("%s: this kernel has none\n", name);
	else
		report_missing(name, "there was no such page");
}

#define NR_RESULTS 9

/* Each program that ran must have been compared, swapped pages included. */
static void report_workload(const struct workload *workload, const char *name,
			    __u64 anon, __u64 swap)
{
	if (workload->missing)
		report_missing(name, workload->missing);
	else
		ksft_test_result(
			anon > 1000 && swap > 100,
			"%s was compared: %llu anon pages, %llu in swap\n",
			name, anon, swap);
}

static void report(void)
{
	ksft_test_result(total.processes > 3,
			 "every process was compared: %zu\n", total.processes);
	ksft_test_result(
		!total.wrong,
		"pages agree with pagemap: %llu entries, %llu do not\n",
		total.entries, total.wrong);
	ksft_test_result(!total.moved, "entries held still: %llu moved\n",
			 total.moved);
	ksft_test_result(!total.wrong_sums,
			 "sums agree with smaps: %zu areas, %zu sums do not\n",
			 total.areas, total.wrong_sums);
	ksft_test_result(!total.wrong_areas,
			 "areas agree with maps: %zu do not\n",
			 total.wrong_areas);
	ksft_test_result(
		!total.wrong_census,
		"census agrees with VmPTE: %zu do not; %llu tables are deposited\n",
		total.wrong_census, total.deposited);
	if (total.soft_dirty_by_area)
		ksft_test_result_pass(
			"areas make pages soft-dirty for pagemap: %llu\n",
			total.soft_dirty_by_area);
	else if (device_features() & VMSCOPE_FEAT_SOFT_DIRTY)
		report_missing("soft-dirty", "areas make no page so here");
	else
		ksft_test_result_skip("soft-dirty: this kernel has none\n");
	for (size_t i = 0; i < ARRAY_SIZE(states); i++)
		report_state(states[i].state, states[i].lacking);
}

static void compare_all(void)
{
	static pid_t pids[MAX_PROCESSES];
	__u64 of_redis[2] = { 0 }, of_python[2] = { 0 };
	size_t nr = process_list(pids, MAX_PROCESSES), i;

	for (i = 0; i < nr; i++) {
		__u64 *mine = pids[i] == redis.pid  ? of_redis :
			      pids[i] == python.pid ? of_python :
						      NULL;

		if (getpgid(pids[i]) == getpgrp())
			continue;
		if (!compare_or_see_it_exit(pids[i])) {
			ksft_print_msg("%d cannot be read\n", pids[i]);
			total.wrong++;
		}
		if (mine) {
			mine[0] = process_states[VMSCOPE_STATE_ANON];
			mine[1] = process_states[VMSCOPE_STATE_SWAP];
		}
	}
	report();
	report_workload(&redis, "Redis", of_redis[0], of_redis[1]);
	report_workload(&python, "Python under memory pressure", of_python[0],
			of_python[1]);
}

static void stop(void)
{
	freezer_thaw();
	target_stop(&target);
	workload_stop(&python);
	workload_stop(&redis);
	swapdev_remove(&swap);
}

static void start(void)
{
	/* before mkmap's own, which must not be taken for the programs' */
	swapdev_add(&swap, SWAPDEV_ZRAM, SWAP_BYTES);
	redis_start(&redis);
	python_start(&python);
	workload_swap_out(&redis);
	workload_swap_out(&python);
	if (!target_start(&target, all_kinds))
		ksft_exit_fail_msg("mkmap does not start\n");
}

static void compare(void)
{
	ksft_set_plan(NR_RESULTS + ARRAY_SIZE(states));
	compare_all();
	ksft_finished();
}

int main(void)
{
	int ret;

	freezer_begin();
	start();
	fflush(stdout);
	ret = freezer_run(compare);
	stop();
	return ret;
}
