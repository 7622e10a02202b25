// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope tree: the page tables as a tree, in constant memory. */
#include <errno.h>

#include "cli/format.h"
#include "cli/output.h"
#include "cmd/stream.h"
#include "model/range.h"
#include "model/tree.h"
#include "model/vma.h"

/**
 * struct job - a tree in progress
 * @req: the request
 * @out: where rows go
 * @depth: levels below the root that are shown
 * @label: name of the current area
 * @path: tables that lead to the current entry, by the level of their entries
 * @leaf: the current row
 */
struct job {
	struct request *req;
	struct output *out;
	uint64_t depth;
	char label[LABEL_BYTES];
	struct tree_row path[VMSCOPE_NR_LEVELS];
	struct tree_row leaf;
};

/* 0 if it is not a depth that any machine has. */
static uint64_t depth_of(const struct request *req)
{
	uint64_t depth = VMSCOPE_LEVEL_PGD;

	if (req->opt->depth && (parse_number(req->opt->depth, &depth) ||
				depth > VMSCOPE_LEVEL_PGD))
		return 0;
	return depth;
}

static int tree_check(const struct request *req)
{
	if (depth_of(req))
		return stream_check(req);
	message_error("--depth %s: not 1 to %d", req->opt->depth,
		      VMSCOPE_LEVEL_PGD);
	return EXIT_USAGE;
}

/* Writes a row that matches, after the tables that lead to it. */
static int write_row(struct job *job, const struct tree_row *row,
		     unsigned int level)
{
	int ret = 0;

	if (!filter_match(job->req->filter, row))
		return 0;
	for (unsigned int l = VMSCOPE_LEVEL_PGD; !ret && l >= level; l--) {
		if (job->path[l].pending && row->start < job->path[l].end)
			ret = output_row(job->out, &job->path[l]);
		job->path[l].pending = false;
	}
	return ret || row != &job->leaf ? ret : output_row(job->out, row);
}

/* Ranges share tables, and those of an area that changes are reported again. */
static int write_table(struct job *job, const struct vmscope_record *rec)
{
	struct tree_row *row = &job->path[rec->level];

	if (row->page.info && row->start == rec->addr)
		return 0;
	row->page.info = job->req->target.info;
	tree_fill(row, rec, request_is_for_people(job->req));
	row->pending = row->depth <= job->depth;
	for (unsigned int l = 0; l < rec->level; l++)
		job->path[l] = (struct tree_row){ 0 };
	return row->pending ? write_row(job, row, rec->level) : 0;
}

static int write_record(void *arg, const struct vmscope_record *rec)
{
	struct job *job = arg;

	if (rec->kind == VMSCOPE_KIND_AREA) {
		area_label(rec->area, rec->name, job->label,
			   sizeof(job->label));
		return 0;
	}
	if (rec->kind == VMSCOPE_KIND_TABLE)
		return write_table(job, rec);
	/* A slot that only the page cache knows is not in the tables. */
	if (rec->state == VMSCOPE_STATE_SHMEM_SWAP &&
	    !(rec->flags & VMSCOPE_F_UFFD_WP))
		return 0;
	tree_fill(&job->leaf, rec, request_is_for_people(job->req));
	return write_row(job, &job->leaf, rec->level);
}

static void make_query(const struct job *job, struct vmscope_query *query)
{
	const struct request *req = job->req;

	*query = (struct vmscope_query){
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_TABLES |
			 VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_NAMES |
			 VMSCOPE_SCAN_SKIP_EMPTY,
		.run_flags = VMSCOPE_F_UFFD_WP,
	};
	if (req->needs & NEEDS_FRAMES)
		query->flags |= VMSCOPE_SCAN_FRAMES;
	for (unsigned int l = VMSCOPE_LEVEL_PGD; l; l--) {
		if (tree_depth(req->target.info, l) <= job->depth)
			query->levels |= 1 << l;
	}
}

static int write_tree(struct job *job, const struct range_list *ranges)
{
	struct request *req = job->req;
	struct vmscope_query query;
	int ret = 0;

	make_query(job, &query);
	job->out = output_start(req->cmd->name, &req->list, req->opt);
	if (!job->out)
		return -ENOMEM;
	for (size_t i = 0; !ret && i < ranges->nr; i++) {
		query.start = ranges->range[i].start;
		query.end = ranges->range[i].end;
		ret = target_scan(&req->target, &query, &req->cost,
				  write_record, job);
	}
	/* Even after a failure, the output is well-formed. */
	output_end(job->out);
	return ret;
}

static int tree_run(struct request *req)
{
	struct job job = { .req = req, .depth = depth_of(req) };
	struct range_list ranges;
	int ret = range_find(req->argc > 1 ? req->argv[1] : NULL, &req->target,
			     &ranges);

	if (ret)
		return ret;
	job.leaf.page.info = req->target.info;
	job.leaf.page.label = job.label;
	ret = write_tree(&job, &ranges);
	range_free(&ranges);
	if (!ret) {
		cost_close(&req->cost);
		target_hint_withheld(&req->target);
	}
	return ret;
}

const struct command cmd_tree = {
	.name = "tree",
	.args = "PID|kernel [RANGE]",
	.help = "page tables, with what they hold",
	.takes = TAKES_DEPTH,
	.on = ON_EITHER,
	.op = VMSCOPE_OP_SCAN,
	.columns = &tree_columns,
	.check = tree_check,
	.run = tree_run,
};
