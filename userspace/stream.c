// SPDX-License-Identifier: GPL-2.0-or-later
/* map, pages and swap: records in, rows out, in constant memory. */
#include <errno.h>
#include <stdio.h>

#include "filter.h"
#include "format.h"
#include "output.h"
#include "page.h"
#include "range.h"
#include "stream.h"
#include "swapdev.h"
#include "swaphint.h"

/**
 * struct job - a stream under way
 * @req: the request
 * @stream: its kind
 * @target: the process or the kernel
 * @list: columns
 * @filter: -Q, or NULL
 * @query: of the scans, but for their range
 * @devices: names of swap devices
 * @ranges: what to scan
 * @out: where rows go
 * @needs: enum column_needs of all columns
 * @rows: rows, matching or not
 * @wx: of these in the kernel's half, that may be written and executed
 * @wx_bytes: bytes of these
 * @swap_type: swapped bytes by number of the device, where totals are wanted
 * @area: number of the current area
 * @row: the current row
 * @label: name of its area
 */
struct job {
	const struct request *req;
	const struct stream *stream;
	struct target target;
	struct column_list list;
	struct filter *filter;
	struct vmscope_query query;
	struct swap_devices devices;
	struct range_list ranges;
	struct output *out;
	unsigned int needs;
	uint64_t rows;
	uint64_t wx;
	uint64_t wx_bytes;
	uint64_t swap_type[MAX_SWAP_DEVICES];
	uint64_t area;
	struct page_row row;
	char label[LABEL_BYTES];
};

/* Everything that can be wrong with the command line alone. */
static int prepare(struct job *job)
{
	const struct request *req = job->req;
	const struct column_set *set =
		page_columns_of(req->cmd->columns, req->argv[0]);
	int ret;

	ret = columns_select(set, req->opt, &job->list);
	if (!ret)
		ret = filter_parse(&job->filter, set, req->opt->filter);
	if (!ret && req->argc > 1)
		ret = range_check(req->argv[1]);
	return ret;
}

static void make_query(struct job *job)
{
	struct vmscope_query *q = &job->query;

	q->flags = job->stream->flags | VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_NAMES;
	q->states = job->stream->states;
	for (size_t i = 0; i < job->list.nr; i++) {
		job->needs |= job->list.col[i]->needs;
		q->run_flags |= job->list.col[i]->run_flags;
	}
	if (job->stream->hides_empty && !job->req->opt->empty &&
	    !filter_asks_for_empty(job->filter))
		q->flags |= VMSCOPE_SCAN_SKIP_EMPTY;
	filter_needs(job->filter, &job->needs, &q->run_flags);
	if (job->needs & NEEDS_ENTRIES)
		q->flags &= ~(uint64_t)VMSCOPE_SCAN_RUNS;
	if (!(q->flags & VMSCOPE_SCAN_RUNS))
		q->run_flags = 0;
	else if (job->needs & NEEDS_FRAMES)
		q->flags |= VMSCOPE_SCAN_FRAMES;
}

static int see_device(void *arg, const struct vmscope_record *rec)
{
	struct swap_devices *devices = arg;

	if (vmscope_has_slot(rec))
		swap_devices_see(devices, VMSCOPE_SLOT_TYPE(rec->value));
	return 0;
}

/* Sums of swap, which wants slots anyhow; rows that match count. */
static void add_swapped(struct job *job, const struct vmscope_record *rec)
{
	unsigned int type;

	if (!job->stream->totals || !vmscope_has_slot(rec))
		return;
	type = VMSCOPE_SLOT_TYPE(rec->value);
	if (type < MAX_SWAP_DEVICES)
		job->swap_type[type] += rec->end - rec->addr;
}

/* The numbers of swap devices in use narrow down their names. */
static int see_devices(struct job *job)
{
	const struct vmscope_query query = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES |
			 VMSCOPE_SCAN_SKIP_EMPTY,
		.states = 1 << VMSCOPE_STATE_SWAP |
			  1 << VMSCOPE_STATE_SHMEM_SWAP,
	};

	swap_devices_read(&job->devices, job->target.info->max_slot_type);
	if (job->devices.nr < 2)
		return 0;
	return target_scan(&job->target, &query, job->req, see_device,
			   &job->devices);
}

static int write_record(void *arg, const struct vmscope_record *rec)
{
	struct job *job = arg;
	struct row_kind kind;

	if (rec->kind == VMSCOPE_KIND_AREA) {
		job->area++;
		area_label(rec->area, rec->name, job->label,
			   sizeof(job->label));
		return 0;
	}
	job->rows++;
	job->row.rec = rec;
	if (job->target.kernel && is_wx(rec)) {
		job->wx++;
		job->wx_bytes += rec->end - rec->addr;
	}
	if (job->filter && !filter_match(job->filter, &job->row))
		return 0;
	add_swapped(job, rec);
	page_kind(&job->row, &kind);
	return output_row_of_kind(job->out, &job->row, &kind, job->area);
}

static int scan_range(struct job *job, const struct range *range)
{
	struct vmscope_query query = job->query;

	query.start = range->start;
	query.end = range->end;
	if (!filter_push(job->filter, job->target.info, &query))
		return 0;
	return target_scan(&job->target, &query, job->req, write_record, job);
}

static int scan_ranges(struct job *job)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < job->ranges.nr; i++)
		ret = scan_range(job, &job->ranges.range[i]);
	return ret;
}

/* If a RANGE holds nothing but empty entries, they are the answer. */
static bool is_all_hidden(const struct job *job)
{
	return job->stream->hides_empty && !job->rows && !job->filter &&
	       job->req->argc > 1;
}

static int scan_all(struct job *job)
{
	int ret;

	job->out = output_start(job->req->cmd->name, &job->list, job->req->opt);
	if (!job->out)
		return -ENOMEM;
	ret = scan_ranges(job);
	if (!ret && is_all_hidden(job)) {
		job->query.flags &= ~(uint64_t)VMSCOPE_SCAN_SKIP_EMPTY;
		ret = scan_ranges(job);
	}
	/* Output is well-formed after a failure, too. */
	output_end(job->out);
	return ret;
}

/* Nothing of the kernel's should be; a filter may hide that something is. */
static void note_wx(struct job *job)
{
	char *note = job->req->cost->note, size[16];
	size_t bytes = sizeof(job->req->cost->note);

	if (!job->target.kernel)
		return;
	if (job->wx)
		snprintf(note, bytes, "%llu W+X row%s of %s",
			 (unsigned long long)job->wx, job->wx == 1 ? "" : "s",
			 format_size(job->wx_bytes, size, sizeof(size)));
	else
		snprintf(note, bytes, "no W+X");
}

static int run_on_target(struct job *job)
{
	const struct request *req = job->req;
	int ret;

	ret = range_find(req->argc > 1 ? req->argv[1] : NULL, &job->target,
			 &job->ranges);
	if (ret)
		return ret;
	make_query(job);
	job->row.info = job->target.info;
	job->row.label = job->label;
	job->row.devices = &job->devices;
	job->list.kernel = job->target.kernel;
	job->list.runs = job->query.flags & VMSCOPE_SCAN_RUNS;
	ret = job->needs & NEEDS_SLOTS ? see_devices(job) : 0;
	if (!ret)
		ret = scan_all(job);
	range_free(&job->ranges);
	/* Output that failed is reported once, at the end of the program. */
	if (ret == -EIO)
		return EXIT_OK;
	if (ret)
		return tool_failed(VMSCOPE_OP_SCAN, ret, req->argv[0]);
	note_wx(job);
	cost_close(req);
	filter_hint(job->filter, req);
	if (job->stream->totals) {
		hint_devices(req, &job->devices, job->swap_type);
		hint_swapped(req, &job->devices, job->swap_type, false);
	}
	if (job->needs & (NEEDS_FRAMES | NEEDS_ENTRIES))
		hint_withheld(req, job->target.info);
	if (!job->rows && req->argc > 1 && !req->opt->filter)
		tool_hint(req, "%s: nothing there", req->argv[1]);
	return EXIT_OK;
}

/**
 * stream_run - run map, pages or swap
 * @req: PID and perhaps a range
 * @stream: which of them
 *
 * Return: the exit status.
 */
int stream_run(const struct request *req, const struct stream *stream)
{
	struct job job = { .req = req, .stream = stream };
	int ret;

	ret = prepare(&job);
	if (!ret)
		ret = target_open(&job.target, req->argv[0]);
	if (!ret) {
		ret = run_on_target(&job);
		target_close(&job.target);
	}
	swap_devices_free(&job.devices);
	filter_free(job.filter);
	return ret;
}
