// SPDX-License-Identifier: GPL-2.0-or-later
/* The facts of the summary, and its columns. */
#include "model/summary.h"

#include <stdlib.h>
#include <string.h>

#include "cli/array.h"
#include "source/proc.h"

static uint64_t used_bytes(const struct area_row *row)
{
	return row->usage.resident + row->usage.all_hugetlb +
	       row->usage.swapped;
}

static bool is_larger(const struct area_row *a, const struct area_row *b)
{
	if (used_bytes(a) != used_bytes(b))
		return used_bytes(a) > used_bytes(b);
	return a->usage.mapped > b->usage.mapped;
}

/* The current area comes after the largest ones, and now moves up. */
static void rank_area(struct summary *sum)
{
	size_t i = sum->nr_largest;
	struct area_row row = sum->largest[i];

	if (!row.label)
		return;
	for (; i && is_larger(&row, &sum->largest[i - 1]); i--)
		sum->largest[i] = sum->largest[i - 1];
	sum->largest[i] = row;
	if (sum->nr_largest < NR_LARGEST)
		sum->nr_largest++;
	else
		free(sum->largest[NR_LARGEST].label);
	memset(&sum->largest[sum->nr_largest], 0, sizeof(row));
}

static int add_record(void *arg, const struct vmscope_record *rec)
{
	struct summary *sum = arg;
	unsigned int findings = audit_record(rec);
	int ret = 0;

	if (rec->kind == VMSCOPE_KIND_AREA) {
		rank_area(sum);
		ret = area_row_start(&sum->largest[sum->nr_largest], sum->info,
				     rec);
	}
	usage_add(&sum->usage, sum->info, rec, sum->frames);
	usage_add(&sum->largest[sum->nr_largest].usage, sum->info, rec, false);
	for (unsigned int f = 0; f < NR_FINDINGS; f++) {
		if (findings >> f & 1)
			sum->findings[f] += rec->end - rec->addr;
	}
	return ret;
}

static int scan_areas(struct target *target, struct cost *cost, uint64_t facts,
		      struct summary *sum)
{
	const struct vmscope_query query = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS |
			 VMSCOPE_SCAN_NAMES | VMSCOPE_SCAN_SKIP_EMPTY |
			 (sum->frames ? VMSCOPE_SCAN_FRAMES : 0),
		.run_flags = VMSCOPE_F_SPECIAL,
		.facts = target_facts(target, facts),
	};
	int ret = target_scan(target, &query, cost, add_record, sum);

	rank_area(sum);
	return ret;
}

static int scan_swapped(struct target *target, struct cost *cost,
			struct summary *sum)
{
	int ret;

	swap_devices_read(&sum->devices, sum->info->max_slot_type);
	ret = usage_scan_slots(target, cost, &sum->usage, &sum->devices);
	usage_swap_kinds(&sum->usage, &sum->devices, sum->kinds);
	return ret;
}

static void add_up_tables(struct summary *sum)
{
	const struct vmscope_census *census = &sum->census;
	uint64_t tables = census->deposited, used = 0, all = 0;

	for (unsigned int l = 0; l < VMSCOPE_NR_LEVELS; l++)
		tables += census->tables[l];
	for (unsigned int l = VMSCOPE_LEVEL_PTE; l <= VMSCOPE_LEVEL_PUD; l++) {
		used += census->used[l];
		all += census->tables[l] * sum->info->level_entries[l];
	}
	sum->table_bytes = tables * sum->info->page_size;
	sum->fill = all ? used * 1000 / all : 0;
}

static void count_tlb_entries(struct summary *sum)
{
	static const unsigned int levels[NR_TLB_PAGES] = {
		[TLB_4K] = VMSCOPE_LEVEL_PTE,
		[TLB_2M] = VMSCOPE_LEVEL_PMD,
		[TLB_1G] = VMSCOPE_LEVEL_PUD,
	};

	for (unsigned int p = 0; p < NR_TLB_PAGES; p++) {
		unsigned int l = levels[p];

		if (sum->info->level_shift[l])
			sum->tlb_need[p] =
				(sum->usage.leaf[l] + sum->usage.hugetlb[l]) >>
				sum->info->level_shift[l];
	}
}

/*
 * Reads the summary: 0 or a negative errno. @frames: with runs of frames and
 * @facts of frames, which cost more than all the rest. @sum is to be freed with
 * summary_free(), on failure too.
 */
int summary_collect(struct target *target, struct cost *cost, bool frames,
		    uint64_t facts, struct summary *sum)
{
	int ret;

	memset(sum, 0, sizeof(*sum));
	sum->info = target->info;
	sum->pid = target->pid;
	sum->comm = target->comm;
	sum->frames = frames;
	proc_meminfo("MemTotal", &sum->ram);
	tlb_read(&sum->tlb);
	ret = scan_areas(target, cost, frames ? facts : 0, sum);
	if (!ret)
		ret = scan_swapped(target, cost, sum);
	if (!ret)
		ret = vmscope_count_tables(target->scope, &sum->census);
	if (ret)
		return ret;
	add_up_tables(sum);
	count_tlb_entries(sum);
	return 0;
}

void summary_free(struct summary *sum)
{
	for (size_t i = 0; i <= sum->nr_largest && i <= NR_LARGEST; i++)
		free(sum->largest[i].label);
	swap_devices_free(&sum->devices);
}

static bool knows_frames(const void *row)
{
	const struct summary *sum = row;

	return sum->info->features & VMSCOPE_FEAT_FRAMES;
}

static void get_frame_run_size(const void *row, struct value *v)
{
	const struct usage *usage = &((const struct summary *)row)->usage;

	if (knows_frames(row) && usage->runs)
		value_number(v, usage->run_bytes / usage->runs);
}

/* Nearly all columns are sizes, as wide as the screen shows them. */
#define SIZE(name, field, help) \
	COLUMN(name, 8, SIZE, help, FIELD(struct summary, field))
#define NUMBER(name, field, help, ...) \
	COLUMN(name, 8, NUMBER, help, FIELD(struct summary, field), __VA_ARGS__)
#define STATE(state_) usage.state[VMSCOPE_STATE_##state_]
#define LEAF(level) usage.leaf[VMSCOPE_LEVEL_##level]
#define HUGETLB(level) usage.hugetlb[VMSCOPE_LEVEL_##level]

static const struct column columns[] = {
	NUMBER(pid, pid, "the process"),
	COLUMN(comm, 15, TEXT, "name of the process",
	       FIELD(struct summary, comm)),
	COLUMN(ram, 8, SIZE, "memory of the machine",
	       OPTIONAL(struct summary, ram)),
	SIZE(mapped, usage.mapped, "bytes mapped"),
	NUMBER(areas, usage.areas, "number of areas"),
	SIZE(rss, usage.resident,
	     "bytes resident, as smaps' Rss; hugetlb apart"),
	SIZE(rss_pte, LEAF(PTE), "resident in base pages"),
	SIZE(rss_pmd, LEAF(PMD),
	     "resident in transparent huge pages of PMD size"),
	SIZE(rss_pud, LEAF(PUD),
	     "resident in transparent huge pages of PUD size"),
	SIZE(hugetlb_pte, HUGETLB(PTE), "hugetlb pages mapped by PTEs"),
	SIZE(hugetlb_pmd, HUGETLB(PMD), "hugetlb pages of PMD size"),
	SIZE(hugetlb_pud, HUGETLB(PUD), "hugetlb pages of PUD size"),
	SIZE(anon, STATE(ANON), "anonymous bytes resident"),
	SIZE(file, STATE(FILE), "page cache bytes resident"),
	SIZE(shmem, STATE(SHMEM), "shared memory bytes resident"),
	SIZE(ksm, STATE(KSM), "bytes shared by KSM"),
	SIZE(zero, STATE(ZERO), "bytes of the shared zero page"),
	SIZE(hugezero, STATE(HUGEZERO), "bytes of the shared huge zero page"),
	SIZE(pfnmap, STATE(PFNMAP), "bytes of frames without pages"),
	SIZE(driver, STATE(DRIVER), "bytes of pages of drivers and the kernel"),
	SIZE(device, STATE(DEVICE), "bytes of memory of devices, DAX included"),
	COLUMN(empty, 8, SIZE, "bytes without an entry",
	       GET_OF(struct summary, usage, get_empty)),
	SIZE(locked, usage.locked, "bytes locked in memory"),
	SIZE(swap, usage.swapped, "bytes swapped out, shmem included"),
	SIZE(zram, kinds[SWAP_ZRAM], "of these on compressed memory"),
	SIZE(disk, kinds[SWAP_DISK], "of these on other devices and files"),
	SIZE(unsure, kinds[SWAP_UNSURE], "of these on one or the other"),
	SIZE(shmem_swap, STATE(SHMEM_SWAP), "shared memory bytes swapped out"),
	SIZE(tables, table_bytes, "bytes of page tables"),
	SIZE(vmpte, census.pgtables_bytes,
	     "the kernel's own count of these, without the top ones"),
	NUMBER(deposited, census.deposited,
	       "page tables in reserve for huge pages"),
	COLUMN(table_fill, 10, TENTHS, "used entries of page tables in percent",
	       FIELD(struct summary, fill)),
	SIZE(wx, findings[FINDING_WX], "bytes of W+X findings"),
	SIZE(wx_area, findings[FINDING_WX_AREA], "bytes of W+X-area findings"),
	SIZE(wider, findings[FINDING_WIDER], "bytes of wider findings"),
	SIZE(dirty_code, findings[FINDING_DIRTY_CODE],
	     "bytes of dirty-code findings"),
	SIZE(exec_anon, findings[FINDING_EXEC_ANON],
	     "bytes of exec-anon findings"),
	SIZE(supervisor, findings[FINDING_SUPERVISOR],
	     "bytes of supervisor findings"),
	NUMBER(frame_runs, usage.runs, "runs of frames that follow one another",
	       .when = knows_frames),
	COLUMN(frame_run_size, 8, SIZE, "bytes of such a run on average",
	       GET(get_frame_run_size)),
	USAGE_FACT_COLUMNS(struct summary),
	NUMBER(tlb_need_4k, tlb_need[TLB_4K],
	       "TLB entries for 4K pages that the resident set takes"),
	NUMBER(tlb_need_2m, tlb_need[TLB_2M],
	       "TLB entries for 2M pages that it takes"),
	NUMBER(tlb_need_1g, tlb_need[TLB_1G],
	       "TLB entries for 1G pages that it takes"),
	NUMBER(tlb_have_4k, tlb.entries[TLB_4K],
	       "TLB entries for 4K pages that this processor has",
	       .optional = true),
	NUMBER(tlb_have_2m, tlb.entries[TLB_2M],
	       "TLB entries for 2M pages that it has", .optional = true),
	NUMBER(tlb_have_1g, tlb.entries[TLB_1G],
	       "TLB entries for 1G pages that it has", .optional = true),
};

/* A summary is one row, and shows all of it. */
const struct column_set summary_columns = COLUMN_SET(columns, NULL);
