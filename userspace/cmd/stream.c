// SPDX-License-Identifier: GPL-2.0-or-later
/* map, pages and swap: records in, rows out, in constant memory. */
#include "cmd/stream.h"

#include <errno.h>
#include <stdio.h>

#include "cli/format.h"
#include "cli/output.h"
#include "model/audit.h"
#include "model/page.h"
#include "model/push.h"
#include "model/range.h"
#include "model/swaphint.h"
#include "model/usage.h"
#include "model/vma.h"
#include "source/swapdev.h"

/* A stream in progress. */
struct job {
	struct request *req;
	struct vmscope_query query; /* for the scans, without their range */
	struct swap_devices devices; /* names of swap devices */
	struct output *out; /* where rows go */
	uint64_t rows; /* rows, matching or not */
	/* of these in the kernel's half, that may be written and executed */
	uint64_t wx;
	uint64_t wx_bytes; /* bytes of these rows */
	/* swapped bytes by number of the device, if totals are wanted */
	uint64_t swap_type[MAX_SWAP_DEVICES];
	uint64_t area; /* number of the current area */
	struct page_row row; /* the current row */
	char label[LABEL_BYTES]; /* name of its area */
};

/* The RANGE that was given, or NULL. */
static const char *range_of(const struct request *req)
{
	int i = req->cmd->on == ON_KERNEL ? 0 : 1;

	return i < req->argc ? req->argv[i] : NULL;
}

int stream_check(const struct request *req)
{
	return range_of(req) ? range_check(range_of(req)) : EXIT_OK;
}

static void make_query(struct job *job)
{
	const struct request *req = job->req;
	struct vmscope_query *q = &job->query;

	q->flags = job->req->cmd->stream->flags | VMSCOPE_SCAN_AREAS |
		   VMSCOPE_SCAN_NAMES;
	q->states = job->req->cmd->stream->states;
	if (job->req->cmd->stream->hides_empty && !req->opt->empty &&
	    !filter_asks_for(req->filter, "state",
			     vmscope_state_name(VMSCOPE_STATE_NONE),
			     VMSCOPE_STATE_NONE))
		q->flags |= VMSCOPE_SCAN_SKIP_EMPTY;
	q->facts = target_facts(&req->target, req->facts);
	if (req->needs & NEEDS_ENTRIES)
		q->flags &= ~(uint64_t)VMSCOPE_SCAN_RUNS;
	if (!(q->flags & VMSCOPE_SCAN_RUNS))
		return;
	q->run_flags = req->run_flags;
	if (req->needs & NEEDS_FRAMES)
		q->flags |= VMSCOPE_SCAN_FRAMES;
}

/* Swapped bytes by device: rows that match count. Slots are known anyhow. */
static void add_swapped(struct job *job, const struct vmscope_record *rec)
{
	unsigned int type;

	if (!job->req->cmd->stream->totals || !vmscope_has_slot(rec))
		return;
	type = VMSCOPE_SLOT_TYPE(rec->value);
	if (type < MAX_SWAP_DEVICES)
		job->swap_type[type] += rec->end - rec->addr;
}

static int write_record(void *arg, const struct vmscope_record *rec)
{
	struct job *job = arg;
	const struct request *req = job->req;
	struct row_kind kind;

	if (rec->kind == VMSCOPE_KIND_AREA) {
		job->area++;
		area_label(rec->area, rec->name, job->label,
			   sizeof(job->label));
		return 0;
	}
	job->rows++;
	job->row.rec = rec;
	if (req->target.kernel && is_wx(rec)) {
		job->wx++;
		job->wx_bytes += rec->end - rec->addr;
	}
	if (req->filter && !filter_match(req->filter, &job->row))
		return 0;
	add_swapped(job, rec);
	page_kind(&job->row, &kind);
	return output_row_of_kind(job->out, &job->row, &kind, job->area);
}

static int scan_ranges(struct job *job, const struct range_list *ranges)
{
	struct request *req = job->req;
	int ret = 0;

	for (size_t i = 0; !ret && i < ranges->nr; i++) {
		struct vmscope_query query = job->query;

		query.start = ranges->range[i].start;
		query.end = ranges->range[i].end;
		if (filter_push(req->filter, req->target.info, &query))
			ret = target_scan(&req->target, &query, &req->cost,
					  write_record, job);
	}
	return ret;
}

/* If a RANGE holds only empty entries, they are the answer. */
static int scan_all(struct job *job, const struct range_list *ranges)
{
	struct request *req = job->req;
	int ret;

	job->out = output_start(req->cmd->name, &req->list, req->opt);
	if (!job->out)
		return -ENOMEM;
	ret = scan_ranges(job, ranges);
	if (!ret && job->req->cmd->stream->hides_empty && !job->rows &&
	    !req->filter && range_of(req) &&
	    job->query.flags & VMSCOPE_SCAN_SKIP_EMPTY) {
		job->query.flags &= ~(uint64_t)VMSCOPE_SCAN_SKIP_EMPTY;
		ret = scan_ranges(job, ranges);
	}
	/* Even after a failure, the output is well-formed. */
	output_end(job->out);
	return ret;
}

/* The kernel's half should have none; a filter may hide that it does. */
static void note_wx(struct job *job)
{
	char *note = job->req->cost.note, size[16];
	size_t bytes = sizeof(job->req->cost.note);

	if (!job->req->target.kernel)
		return;
	if (job->wx)
		snprintf(note, bytes, "%llu W+X row%s of %s",
			 (unsigned long long)job->wx, job->wx == 1 ? "" : "s",
			 format_size(job->wx_bytes, size, sizeof(size)));
	else
		snprintf(note, bytes, "no W+X");
}

static void hint_stream(const struct job *job)
{
	const struct request *req = job->req;

	if (job->req->cmd->stream->totals) {
		hint_devices(&job->devices, job->swap_type);
		hint_swapped(&job->devices, job->swap_type, false);
	}
	if (req->needs & (NEEDS_FRAMES | NEEDS_ENTRIES))
		target_hint_withheld(&req->target);
	if (!job->rows && range_of(req) && !req->opt->filter)
		message_hint("%s: nothing there", range_of(req));
}

/* Runs map, pages or swap; the handler of their struct command. */
int stream_run(struct request *req)
{
	struct job job = { .req = req };
	struct range_list ranges;
	int ret = range_find(range_of(req), &req->target, &ranges);

	if (ret)
		return ret;
	make_query(&job);
	job.row.info = req->target.info;
	job.row.label = job.label;
	job.row.devices = &job.devices;
	req->list.runs = job.query.flags & VMSCOPE_SCAN_RUNS;
	if (req->needs & NEEDS_SLOTS)
		ret = usage_see_devices(&req->target, &req->cost, &job.devices);
	if (!ret)
		ret = scan_all(&job, &ranges);
	range_free(&ranges);
	if (!ret) {
		note_wx(&job);
		cost_close(&req->cost);
		hint_stream(&job);
	}
	swap_devices_free(&job.devices);
	return ret;
}
