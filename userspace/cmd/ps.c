// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope ps: one row per process. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/array.h"
#include "cmd/command.h"
#include "model/swaphint.h"
#include "model/usage.h"
#include "source/proc.h"

struct ps_row {
	int pid; /* its PID; 0 in the row of totals */
	char comm[64];
	struct usage usage; /* what it has mapped */
	uint64_t tables; /* bytes of its page tables */
	uint64_t kinds[NR_SWAP_KINDS]; /* swapped bytes by enum swap_kind */
};

static void get_anon(const void *row, struct value *v)
{
	const uint64_t *state = ((const struct ps_row *)row)->usage.state;

	value_number(v, state[VMSCOPE_STATE_ANON] + state[VMSCOPE_STATE_KSM]);
}

#define SIZE(name, width, field, help) \
	COLUMN(name, width, SIZE, help, FIELD(struct ps_row, field))

static const struct column columns[] = {
	COLUMN(pid, 7, NUMBER, "the process", OPTIONAL(struct ps_row, pid)),
	COLUMN(areas, 6, NUMBER, "number of areas",
	       FIELD(struct ps_row, usage.areas)),
	SIZE(size, 6, usage.mapped, "bytes mapped"),
	SIZE(rss, 6, usage.resident, "bytes resident; hugetlb apart"),
	COLUMN(anon, 6, SIZE, "anonymous bytes resident", GET(get_anon)),
	SIZE(file, 6, usage.state[VMSCOPE_STATE_FILE],
	     "page cache bytes resident"),
	SIZE(shmem, 6, usage.state[VMSCOPE_STATE_SHMEM],
	     "shared memory bytes resident"),
	SIZE(huge, 6, usage.huge, "bytes in huge pages, hugetlb included"),
	SIZE(hugetlb, 7, usage.all_hugetlb, "bytes in hugetlb pages"),
	SIZE(locked, 6, usage.locked, "bytes locked in memory"),
	COLUMN(swap, 6, SIZE, "bytes swapped out, shmem included",
	       FIELD(struct ps_row, usage.swapped), .color = COLOR_YELLOW),
	SIZE(zram, 6, kinds[SWAP_ZRAM], "of these on compressed memory"),
	SIZE(disk, 6, kinds[SWAP_DISK], "of these on other devices and files"),
	SIZE(unsure, 6, kinds[SWAP_UNSURE], "of these on one or the other"),
	SIZE(shmem_swap, 10, usage.state[VMSCOPE_STATE_SHMEM_SWAP],
	     "shared memory bytes swapped out"),
	SIZE(tables, 6, tables, "bytes of page tables, as VmPTE"),
	COLUMN(comm, 15, TEXT, "name of the process",
	       FIELD(struct ps_row, comm), .needs = WIDE),
};

static const struct column_set ps_columns = COLUMN_SET(
	columns, "pid,size,rss,huge,swap,zram,disk,shmem_swap,tables,comm");

/* The processes that ps has read. */
struct job {
	struct request *req;
	struct ps_row *rows; /* array */
	size_t nr;
	size_t room;
	/* swap devices, and which numbers occur in any process */
	struct swap_devices devices;
};

/* What a scan adds up. */
struct sum {
	struct usage *usage; /* the sums */
	const struct vmscope_info *info; /* of the module */
};

static int add_record(void *arg, const struct vmscope_record *rec)
{
	const struct sum *sum = arg;

	usage_add(sum->usage, sum->info, rec, false);
	return 0;
}

static int add_process(void *arg, struct target *target)
{
	const struct vmscope_query query = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS |
			 VMSCOPE_SCAN_SKIP_EMPTY,
		.run_flags = VMSCOPE_F_SPECIAL,
	};
	struct job *job = arg;
	struct ps_row row = { .pid = target->pid };
	struct sum sum = { &row.usage, target->info };
	int ret;

	if (!job->nr && !job->devices.nr)
		swap_devices_read(&job->devices, target->info->max_slot_type);
	memcpy(row.comm, target->comm, sizeof(row.comm));
	ret = target_scan(target, &query, &job->req->cost, add_record, &sum);
	if (!ret)
		ret = usage_scan_slots(target, &job->req->cost, &row.usage,
				       &job->devices);
	if (!ret)
		ret = vmscope_table_bytes(target->scope, &row.tables);
	if (ret)
		return ret;
	if (!array_reserve(&job->rows, job->nr + 1, &job->room, sizeof(row)))
		return -ENOMEM;
	job->rows[job->nr++] = row;
	return 0;
}

/* A page that processes share counts in each of them. */
static struct ps_row add_up_rows(const struct job *job)
{
	struct ps_row total = { .comm = "total" };

	for (size_t i = 0; i < job->nr; i++) {
		const struct ps_row *row = &job->rows[i];

		usage_sum(&total.usage, &row->usage);
		for (size_t k = 0; k < NR_SWAP_KINDS; k++)
			total.kinds[k] += row->kinds[k];
		total.tables += row->tables;
	}
	return total;
}

static int ps_collect(struct job *job)
{
	struct vmscope *scope;
	int ret = target_open_device(&scope);

	if (ret)
		return ret;
	vmscope_close(scope);
	ret = target_each(add_process, job);
	for (size_t i = 0; i < job->nr; i++)
		usage_swap_kinds(&job->rows[i].usage, &job->devices,
				 job->rows[i].kinds);
	job->nr = rows_filter(job->req->filter, job->rows, job->nr,
			      sizeof(job->rows[0]));
	return ret;
}

static int ps_run(struct request *req)
{
	struct job job = { .req = req };
	int ret = ps_collect(&job);

	if (!ret) {
		const struct ps_row total = add_up_rows(&job);

		ret = request_print(req, job.rows, job.nr, sizeof(job.rows[0]),
				    &total);
		cost_close(&req->cost);
		hint_swapped(&job.devices, total.usage.swap_type,
			     !req->opt->filter && proc_has_everybody());
	}
	free(job.rows);
	swap_devices_free(&job.devices);
	return ret;
}

const struct command cmd_ps = {
	.name = "ps",
	.args = "",
	.help = "one row per process",
	.takes = TAKES_SORT,
	.op = VMSCOPE_OP_ATTACH,
	.columns = &ps_columns,
	.run = ps_run,
};
