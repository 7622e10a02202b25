// SPDX-License-Identifier: GPL-2.0-or-later
/* The facts of the summary, and its columns. */
#include <stdlib.h>
#include <string.h>

#include "model/summary.h"
#include "source/proc.h"

static uint64_t used_bytes(const struct area_row *row)
{
	return usage_resident(&row->usage) + usage_hugetlb(&row->usage) +
	       usage_swapped(&row->usage);
}

static bool is_larger(const struct area_row *a, const struct area_row *b)
{
	if (used_bytes(a) != used_bytes(b))
		return used_bytes(a) > used_bytes(b);
	return a->usage.mapped > b->usage.mapped;
}

/* The area at hand stands behind the largest ones, and now moves up. */
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

static int begin_area(struct summary *sum, const struct vmscope_record *rec)
{
	rank_area(sum);
	return area_row_start(&sum->largest[sum->nr_largest], sum->info, rec);
}

static int add_record(void *arg, const struct vmscope_record *rec)
{
	struct summary *sum = arg;
	unsigned int findings = audit_record(rec);
	int ret = 0;

	if (rec->kind == VMSCOPE_KIND_AREA)
		ret = begin_area(sum, rec);
	usage_add(&sum->usage, sum->info, rec, USAGE_SLOTS | USAGE_FRAMES);
	usage_add(&sum->largest[sum->nr_largest].usage, sum->info, rec, 0);
	for (unsigned int f = 0; f < NR_FINDINGS; f++) {
		if (findings >> f & 1)
			sum->findings[f] += rec->end - rec->addr;
	}
	return ret;
}

static int scan(const struct request *req, struct target *target,
		struct summary *sum)
{
	const struct vmscope_query query = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS |
			 VMSCOPE_SCAN_NAMES | VMSCOPE_SCAN_FRAMES |
			 VMSCOPE_SCAN_SKIP_EMPTY,
		.run_flags = VMSCOPE_F_SPECIAL,
	};
	int ret = target_scan(target, &query, req, add_record, sum);

	rank_area(sum);
	return ret;
}

static void resolve_swap(struct summary *sum)
{
	swap_devices_read(&sum->devices, sum->info->max_slot_type);
	for (unsigned int t = 0; t < MAX_SWAP_DEVICES; t++) {
		if (sum->usage.swap_type[t])
			swap_devices_see(&sum->devices, t);
	}
	usage_swap_kinds(&sum->usage, &sum->devices, sum->kinds);
}

/**
 * summary_collect - read all that the summary says
 * @req: the request
 * @target: the process
 * @sum: filled; to be freed with summary_free(), on failure too
 *
 * Return: 0 or a negative errno.
 */
int summary_collect(const struct request *req, struct target *target,
		    struct summary *sum)
{
	int ret;

	memset(sum, 0, sizeof(*sum));
	sum->info = target->info;
	sum->pid = target->pid;
	sum->comm = target->comm;
	sum->ram = proc_meminfo("MemTotal");
	tlb_read(&sum->tlb);
	ret = scan(req, target, sum);
	if (!ret)
		ret = vmscope_count_tables(target->scope, &sum->census);
	if (ret)
		return ret;
	resolve_swap(sum);
	return 0;
}

/**
 * summary_free - free what a summary holds
 * @sum: the summary
 */
void summary_free(struct summary *sum)
{
	for (size_t i = 0; i <= sum->nr_largest && i <= NR_LARGEST; i++)
		free(sum->largest[i].label);
	swap_devices_free(&sum->devices);
}

static uint64_t level_bytes(const struct summary *sum, unsigned int level)
{
	return sum->info->level_shift[level] ?
		       1ULL << sum->info->level_shift[level] :
		       0;
}

static const unsigned int tlb_levels[NR_TLB_PAGES] = {
	[TLB_4K] = VMSCOPE_LEVEL_PTE,
	[TLB_2M] = VMSCOPE_LEVEL_PMD,
	[TLB_1G] = VMSCOPE_LEVEL_PUD,
};

/**
 * summary_tlb_need - TLB entries that the resident set takes
 * @sum: the summary
 * @page: of which size
 *
 * Return: entries.
 */
uint64_t summary_tlb_need(const struct summary *sum, enum tlb_page page)
{
	unsigned int level = tlb_levels[page];
	uint64_t one = level_bytes(sum, level);

	if (!one)
		return 0;
	return (sum->usage.leaf[level] + sum->usage.hugetlb[level]) / one;
}

/**
 * summary_fill - how full the lowest page tables are
 * @sum: the summary
 *
 * Return: tenths of a percent.
 */
uint64_t summary_fill(const struct summary *sum)
{
	const struct vmscope_census *census = &sum->census;
	uint64_t used = 0, all = 0;

	for (unsigned int l = VMSCOPE_LEVEL_PTE; l <= VMSCOPE_LEVEL_PUD; l++) {
		used += census->used[l];
		all += census->tables[l] * sum->info->level_entries[l];
	}
	return all ? used * 1000 / all : 0;
}

/**
 * summary_table_bytes - bytes of all page tables, deposited ones included
 * @sum: the summary
 *
 * Return: bytes.
 */
uint64_t summary_table_bytes(const struct summary *sum)
{
	uint64_t tables = sum->census.deposited;

	for (unsigned int l = 0; l < VMSCOPE_NR_LEVELS; l++)
		tables += sum->census.tables[l];
	return tables * sum->info->page_size;
}

static const struct summary *summary(const void *row)
{
	return row;
}

static void get_pid(const void *row, struct value *v)
{
	value_number(v, summary(row)->pid);
}

static void get_comm(const void *row, struct value *v)
{
	value_text(v, summary(row)->comm);
}

static void get_ram(const void *row, struct value *v)
{
	if (summary(row)->ram)
		value_number(v, summary(row)->ram);
}

static void get_rss(const void *row, struct value *v)
{
	value_number(v, usage_resident(&summary(row)->usage));
}

static void get_swap(const void *row, struct value *v)
{
	value_number(v, usage_swapped(&summary(row)->usage));
}

static void get_empty(const void *row, struct value *v)
{
	value_number(v, usage_empty(&summary(row)->usage));
}

static void get_tables(const void *row, struct value *v)
{
	value_number(v, summary_table_bytes(row));
}

static void get_table_fill(const void *row, struct value *v)
{
	value_number(v, summary_fill(row));
}

static bool knows_frames(const void *row)
{
	return summary(row)->info->features & VMSCOPE_FEAT_FRAMES;
}

static void get_frame_runs(const void *row, struct value *v)
{
	if (knows_frames(row))
		value_number(v, summary(row)->usage.runs);
}

static void get_frame_run_size(const void *row, struct value *v)
{
	const struct usage *usage = &summary(row)->usage;

	if (knows_frames(row) && usage->runs)
		value_number(v, usage->run_bytes / usage->runs);
}

#define FIELD_GETTER(name, field)                                \
	static void get_##name(const void *row, struct value *v) \
	{                                                        \
		value_number(v, summary(row)->field);            \
	}

FIELD_GETTER(mapped, usage.mapped)
FIELD_GETTER(areas, usage.areas)
FIELD_GETTER(anon, usage.state[VMSCOPE_STATE_ANON])
FIELD_GETTER(file, usage.state[VMSCOPE_STATE_FILE])
FIELD_GETTER(shmem, usage.state[VMSCOPE_STATE_SHMEM])
FIELD_GETTER(ksm, usage.state[VMSCOPE_STATE_KSM])
FIELD_GETTER(zero, usage.state[VMSCOPE_STATE_ZERO])
FIELD_GETTER(hugezero, usage.state[VMSCOPE_STATE_HUGEZERO])
FIELD_GETTER(pfnmap, usage.state[VMSCOPE_STATE_PFNMAP])
FIELD_GETTER(driver, usage.state[VMSCOPE_STATE_DRIVER])
FIELD_GETTER(device, usage.state[VMSCOPE_STATE_DEVICE])
FIELD_GETTER(shmem_swap, usage.state[VMSCOPE_STATE_SHMEM_SWAP])
FIELD_GETTER(rss_pte, usage.leaf[VMSCOPE_LEVEL_PTE])
FIELD_GETTER(rss_pmd, usage.leaf[VMSCOPE_LEVEL_PMD])
FIELD_GETTER(rss_pud, usage.leaf[VMSCOPE_LEVEL_PUD])
FIELD_GETTER(hugetlb_pte, usage.hugetlb[VMSCOPE_LEVEL_PTE])
FIELD_GETTER(hugetlb_pmd, usage.hugetlb[VMSCOPE_LEVEL_PMD])
FIELD_GETTER(hugetlb_pud, usage.hugetlb[VMSCOPE_LEVEL_PUD])
FIELD_GETTER(locked, usage.locked)
FIELD_GETTER(zram, kinds[SWAP_ZRAM])
FIELD_GETTER(disk, kinds[SWAP_DISK])
FIELD_GETTER(unsure, kinds[SWAP_UNSURE])
FIELD_GETTER(vmpte, census.pgtables_bytes)
FIELD_GETTER(deposited, census.deposited)
FIELD_GETTER(wx, findings[FINDING_WX])
FIELD_GETTER(wx_area, findings[FINDING_WX_AREA])
FIELD_GETTER(wider, findings[FINDING_WIDER])
FIELD_GETTER(dirty_code, findings[FINDING_DIRTY_CODE])
FIELD_GETTER(exec_anon, findings[FINDING_EXEC_ANON])
FIELD_GETTER(supervisor, findings[FINDING_SUPERVISOR])

#define TLB_NEED_GETTER(name, page)                              \
	static void get_##name(const void *row, struct value *v) \
	{                                                        \
		value_number(v, summary_tlb_need(row, page));    \
	}

#define TLB_HAVE_GETTER(name, page)                                       \
	static void get_##name(const void *row, struct value *v)          \
	{                                                                 \
		if (summary(row)->tlb.entries[page])                      \
			value_number(v, summary(row)->tlb.entries[page]); \
	}

TLB_NEED_GETTER(tlb_need_4k, TLB_4K)
TLB_NEED_GETTER(tlb_need_2m, TLB_2M)
TLB_NEED_GETTER(tlb_need_1g, TLB_1G)
TLB_HAVE_GETTER(tlb_have_4k, TLB_4K)
TLB_HAVE_GETTER(tlb_have_2m, TLB_2M)
TLB_HAVE_GETTER(tlb_have_1g, TLB_1G)

/* clang-format off: one column a row */
static const struct column columns[] = {
	COLUMN(pid, 8, NUMBER, "the process"),
	COLUMN(comm, 15, TEXT, "name of the process"),
	COLUMN(ram, 8, SIZE, "memory of the machine"),
	COLUMN(mapped, 8, SIZE, "bytes mapped"),
	COLUMN(areas, 8, NUMBER, "number of areas"),
	COLUMN(rss, 8, SIZE, "bytes resident, as smaps' Rss; hugetlb apart"),
	COLUMN(rss_pte, 8, SIZE, "resident in base pages"),
	COLUMN(rss_pmd, 8, SIZE,
	       "resident in transparent huge pages of PMD size"),
	COLUMN(rss_pud, 8, SIZE,
	       "resident in transparent huge pages of PUD size"),
	COLUMN(hugetlb_pte, 8, SIZE, "hugetlb pages mapped by PTEs"),
	COLUMN(hugetlb_pmd, 8, SIZE, "hugetlb pages of PMD size"),
	COLUMN(hugetlb_pud, 8, SIZE, "hugetlb pages of PUD size"),
	COLUMN(anon, 8, SIZE, "anonymous bytes resident"),
	COLUMN(file, 8, SIZE, "page cache bytes resident"),
	COLUMN(shmem, 8, SIZE, "shared memory bytes resident"),
	COLUMN(ksm, 8, SIZE, "bytes shared by KSM"),
	COLUMN(zero, 8, SIZE, "bytes of the shared zero page"),
	COLUMN(hugezero, 8, SIZE, "bytes of the shared huge zero page"),
	COLUMN(pfnmap, 8, SIZE, "bytes of frames without pages"),
	COLUMN(driver, 8, SIZE, "bytes of pages of drivers and the kernel"),
	COLUMN(device, 8, SIZE, "bytes of memory of devices, DAX included"),
	COLUMN(empty, 8, SIZE, "bytes without an entry"),
	COLUMN(locked, 8, SIZE, "bytes locked in memory"),
	COLUMN(swap, 8, SIZE, "bytes swapped out, shmem included"),
	COLUMN(zram, 8, SIZE, "of these on compressed memory"),
	COLUMN(disk, 8, SIZE, "of these on other devices and files"),
	COLUMN(unsure, 8, SIZE, "of these on one or the other"),
	COLUMN(shmem_swap, 8, SIZE, "shared memory bytes swapped out"),
	COLUMN(tables, 8, SIZE, "bytes of page tables"),
	COLUMN(vmpte, 8, SIZE,
	       "the kernel's own count of these, without the top ones"),
	COLUMN(deposited, 8, NUMBER, "page tables in reserve for huge pages"),
	COLUMN(table_fill, 10, TENTHS,
	       "used entries of page tables in percent"),
	COLUMN(wx, 8, SIZE, "bytes of W+X findings"),
	COLUMN(wx_area, 8, SIZE, "bytes of W+X-area findings"),
	COLUMN(wider, 8, SIZE, "bytes of wider findings"),
	COLUMN(dirty_code, 8, SIZE, "bytes of dirty-code findings"),
	COLUMN(exec_anon, 8, SIZE, "bytes of exec-anon findings"),
	COLUMN(supervisor, 8, SIZE, "bytes of supervisor findings"),
	COLUMN(frame_runs, 8, NUMBER, "runs of frames that follow one another"),
	COLUMN(frame_run_size, 8, SIZE, "bytes of such a run on average"),
	COLUMN(tlb_need_4k, 8, NUMBER,
	       "TLB entries for 4K pages that the resident set takes"),
	COLUMN(tlb_need_2m, 8, NUMBER,
	       "TLB entries for 2M pages that it takes"),
	COLUMN(tlb_need_1g, 8, NUMBER,
	       "TLB entries for 1G pages that it takes"),
	COLUMN(tlb_have_4k, 8, NUMBER,
	       "TLB entries for 4K pages that this processor has"),
	COLUMN(tlb_have_2m, 8, NUMBER, "TLB entries for 2M pages that it has"),
	COLUMN(tlb_have_1g, 8, NUMBER, "TLB entries for 1G pages that it has"),
};

/* clang-format on */

const struct column_set summary_columns = {
	columns,
	ARRAY_SIZE(columns),
	"pid,comm,ram,mapped,areas,rss,rss_pte,rss_pmd,rss_pud,hugetlb_pte,"
	"hugetlb_pmd,hugetlb_pud,anon,file,shmem,ksm,zero,hugezero,pfnmap,"
	"driver,device,"
	"empty,locked,swap,zram,disk,unsure,shmem_swap,tables,vmpte,deposited,"
	"table_fill,wx,wx_area,wider,dirty_code,exec_anon,supervisor,"
	"frame_runs,frame_run_size,tlb_need_4k,tlb_need_2m,tlb_need_1g,"
	"tlb_have_4k,tlb_have_2m,tlb_have_1g",
};
