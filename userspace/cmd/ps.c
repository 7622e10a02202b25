// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope ps: one row per process. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/column.h"
#include "cli/filter.h"
#include "cli/table.h"
#include "cli/tool.h"
#include "model/swaphint.h"
#include "model/usage.h"

/**
 * struct ps_row - a process
 * @pid: its PID
 * @comm: its name
 * @usage: what it has mapped
 * @tables: bytes of its page tables
 * @kinds: swapped bytes by enum swap_kind
 */
struct ps_row {
	int pid;
	char comm[64];
	struct usage usage;
	uint64_t tables;
	uint64_t kinds[3];
};

static const struct ps_row *ps_row(const void *row)
{
	return row;
}

/* The total has no PID. */
static void get_pid(const void *row, struct value *v)
{
	if (ps_row(row)->pid)
		value_number(v, ps_row(row)->pid);
}

static void get_comm(const void *row, struct value *v)
{
	value_text(v, ps_row(row)->comm);
}

static void get_areas(const void *row, struct value *v)
{
	value_number(v, ps_row(row)->usage.areas);
}

static void get_size(const void *row, struct value *v)
{
	value_number(v, ps_row(row)->usage.mapped);
}

static void get_rss(const void *row, struct value *v)
{
	value_number(v, usage_resident(&ps_row(row)->usage));
}

static void get_anon(const void *row, struct value *v)
{
	const uint64_t *state = ps_row(row)->usage.state;

	value_number(v, state[VMSCOPE_STATE_ANON] + state[VMSCOPE_STATE_KSM]);
}

static void get_file(const void *row, struct value *v)
{
	value_number(v, ps_row(row)->usage.state[VMSCOPE_STATE_FILE]);
}

static void get_shmem(const void *row, struct value *v)
{
	value_number(v, ps_row(row)->usage.state[VMSCOPE_STATE_SHMEM]);
}

static void get_huge(const void *row, struct value *v)
{
	value_number(v, usage_huge(&ps_row(row)->usage));
}

static void get_hugetlb(const void *row, struct value *v)
{
	value_number(v, usage_hugetlb(&ps_row(row)->usage));
}

static void get_locked(const void *row, struct value *v)
{
	value_number(v, ps_row(row)->usage.locked);
}

static void get_swap(const void *row, struct value *v)
{
	value_number(v, usage_swapped(&ps_row(row)->usage));
	if (v->number)
		v->color = COLOR_YELLOW;
}

static void get_zram(const void *row, struct value *v)
{
	value_number(v, ps_row(row)->kinds[SWAP_ZRAM]);
}

static void get_disk(const void *row, struct value *v)
{
	value_number(v, ps_row(row)->kinds[SWAP_DISK]);
}

static void get_unsure(const void *row, struct value *v)
{
	value_number(v, ps_row(row)->kinds[SWAP_UNSURE]);
}

static void get_shmem_swap(const void *row, struct value *v)
{
	value_number(v, ps_row(row)->usage.state[VMSCOPE_STATE_SHMEM_SWAP]);
}

static void get_tables(const void *row, struct value *v)
{
	value_number(v, ps_row(row)->tables);
}

/* clang-format off: one column a row */
static const struct column columns[] = {
	COLUMN(pid, 7, NUMBER, "the process"),
	COLUMN(areas, 6, NUMBER, "number of areas"),
	COLUMN(size, 6, SIZE, "bytes mapped"),
	COLUMN(rss, 6, SIZE, "bytes resident; hugetlb apart"),
	COLUMN(anon, 6, SIZE, "anonymous bytes resident"),
	COLUMN(file, 6, SIZE, "page cache bytes resident"),
	COLUMN(shmem, 6, SIZE, "shared memory bytes resident"),
	COLUMN(huge, 6, SIZE, "bytes in huge pages, hugetlb included"),
	COLUMN(hugetlb, 7, SIZE, "bytes in hugetlb pages"),
	COLUMN(locked, 6, SIZE, "bytes locked in memory"),
	COLUMN(swap, 6, SIZE, "bytes swapped out, shmem included"),
	COLUMN(zram, 6, SIZE, "of these on compressed memory"),
	COLUMN(disk, 6, SIZE, "of these on other devices and files"),
	COLUMN(unsure, 6, SIZE, "of these on one or the other"),
	COLUMN(shmem_swap, 10, SIZE, "shared memory bytes swapped out"),
	COLUMN(tables, 6, SIZE, "bytes of page tables, as VmPTE"),
	COLUMN_THAT(comm, 15, TEXT, WIDE, 0, "name of the process"),
};

/* clang-format on */

static const struct column_set ps_columns = {
	columns,
	ARRAY_SIZE(columns),
	"pid,size,rss,huge,swap,zram,disk,shmem_swap,tables,comm",
};

/**
 * struct list - rows so far
 * @rows: array
 * @nr: used
 * @devices: swap devices, and which numbers occur in any process
 */
struct list {
	struct ps_row *rows;
	size_t nr;
	struct swap_devices devices;
};

/**
 * struct sum - what a scan adds up
 * @usage: where to
 * @info: of the module
 * @what: USAGE_SLOTS and the like
 */
struct sum {
	struct usage *usage;
	const struct vmscope_info *info;
	unsigned int what;
};

static int add_record(void *arg, const struct vmscope_record *rec)
{
	const struct sum *sum = arg;

	usage_add(sum->usage, sum->info, rec, sum->what);
	return 0;
}

static int scan(const struct request *req, struct target *target,
		const struct vmscope_query *query, unsigned int what,
		struct usage *usage)
{
	struct sum sum = { usage, target->info, what };

	return target_scan(target, query, req, add_record, &sum);
}

static int scan_usage(const struct request *req, struct target *target,
		      struct usage *usage)
{
	const struct vmscope_query query = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS |
			 VMSCOPE_SCAN_SKIP_EMPTY,
		.run_flags = VMSCOPE_F_SPECIAL,
	};

	return scan(req, target, &query, 0, usage);
}

/* Slots split runs, so they are asked for where there are any. */
static int scan_slots(const struct request *req, struct target *target,
		      struct list *list, struct usage *usage)
{
	const struct vmscope_query query = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES |
			 VMSCOPE_SCAN_SKIP_EMPTY,
		.states = 1 << VMSCOPE_STATE_SWAP |
			  1 << VMSCOPE_STATE_SHMEM_SWAP,
	};
	struct usage slots = { 0 };
	int ret;

	if (!usage_swapped(usage))
		return 0;
	ret = scan(req, target, &query, USAGE_SLOTS, &slots);
	if (ret)
		return ret;
	memcpy(usage->swap_type, slots.swap_type, sizeof(usage->swap_type));
	for (unsigned int t = 0; t < MAX_SWAP_DEVICES; t++) {
		if (usage->swap_type[t])
			swap_devices_see(&list->devices, t);
	}
	return 0;
}

static int fill_row(const struct request *req, struct target *target,
		    struct list *list, struct ps_row *row)
{
	struct vmscope_census census;
	int ret;

	row->pid = target->pid;
	memcpy(row->comm, target->comm, sizeof(row->comm));
	ret = scan_usage(req, target, &row->usage);
	if (!ret)
		ret = scan_slots(req, target, list, &row->usage);
	if (!ret)
		ret = vmscope_count_tables(target->scope, &census);
	if (!ret)
		row->tables = census.pgtables_bytes;
	return ret;
}

/**
 * struct job - ps at work
 * @req: the request
 * @list: the rows
 */
struct job {
	const struct request *req;
	struct list *list;
};

static int add_process(void *arg, struct target *target)
{
	const struct job *job = arg;
	struct list *list = job->list;
	struct ps_row row = { 0 }, *more;
	int ret;

	if (!list->nr && !list->devices.nr)
		swap_devices_read(&list->devices, target->info->max_slot_type);
	ret = fill_row(job->req, target, list, &row);
	if (ret)
		return ret;
	/* Grows by doubling: the length is a power of two when it is full. */
	if (!(list->nr & (list->nr - 1))) {
		more = realloc(list->rows,
			       (list->nr ? list->nr * 2 : 1) * sizeof(row));
		if (!more)
			return -ENOMEM;
		list->rows = more;
	}
	list->rows[list->nr++] = row;
	return 0;
}

static void keep_wanted(struct list *list, const struct filter *filter)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->nr; i++) {
		usage_swap_kinds(&list->rows[i].usage, &list->devices,
				 list->rows[i].kinds);
		if (filter_match(filter, &list->rows[i]))
			list->rows[kept++] = list->rows[i];
	}
	list->nr = kept;
}

/* A page that processes share counts in each. */
static struct ps_row add_up_rows(const struct list *list)
{
	struct ps_row total = { .comm = "total" };
	uint64_t *sum = (uint64_t *)&total.usage;

	for (size_t i = 0; i < list->nr; i++) {
		const struct ps_row *row = &list->rows[i];
		const uint64_t *one = (const uint64_t *)&row->usage;

		for (size_t k = 0; k < sizeof(struct usage) / sizeof(*sum); k++)
			sum[k] += one[k];
		for (size_t k = 0; k < ARRAY_SIZE(total.kinds); k++)
			total.kinds[k] += row->kinds[k];
		total.tables += row->tables;
	}
	return total;
}

static int show(const struct request *req, struct list *list,
		const struct filter *filter, const struct column_list *cols)
{
	struct ps_row total;
	struct job job = { req, list };
	struct vmscope *scope;
	int ret = tool_open(&scope);

	if (ret)
		return ret;
	vmscope_close(scope);
	ret = target_each(add_process, &job);
	if (ret)
		return tool_failed(VMSCOPE_OP_ATTACH, ret, "ps");
	keep_wanted(list, filter);
	rows_sort(&ps_columns, req->opt->sort, list->rows, list->nr,
		  sizeof(list->rows[0]));
	total = add_up_rows(list);
	ret = table_print(req->cmd->name, cols, req->opt, list->rows, list->nr,
			  sizeof(list->rows[0]), &total);
	cost_close(req);
	hint_swapped(req, &list->devices, total.usage.swap_type,
		     !req->opt->filter);
	return ret ? EXIT_FAILED : EXIT_OK;
}

static int run(const struct request *req)
{
	struct column_list cols;
	struct filter *filter = NULL;
	struct list list = { 0 };
	int ret;

	ret = columns_select(&ps_columns, req->opt, &cols);
	if (!ret)
		ret = filter_parse(&filter, &ps_columns, req->opt->filter);
	if (!ret)
		ret = rows_sort(&ps_columns, req->opt->sort, NULL, 0, 1);
	if (!ret)
		ret = show(req, &list, filter, &cols);
	free(list.rows);
	swap_devices_free(&list.devices);
	filter_free(filter);
	return ret;
}

const struct command cmd_ps = {
	.name = "ps",
	.args = "",
	.help = "one row per process",
	.takes = TAKES_SORT,
	.columns = &ps_columns,
	.run = run,
};
