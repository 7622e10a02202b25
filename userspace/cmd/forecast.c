// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope forecast: what the next access to each page does. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/format.h"
#include "cli/output.h"
#include "cmd/command.h"
#include "model/forecast.h"
#include "model/range.h"
#include "model/vma.h"
#include "source/residency.h"

/* A forecast in progress. */
struct job {
	struct request *req;
	struct forecast_facts facts;
	struct output *out; /* where rows go, NULL for sums only */
	struct vmscope_area area; /* the current area */
	struct access_page page; /* what is known of its pages */
	bool asked; /* a walk has answered for the area */
	bool by_page; /* what is behind its empty entries differs */
	uint64_t behind_end; /* up to here, @page has what is behind them */
	uint64_t covered[NR_ACCESSES]; /* as of forecast_count() */
	struct forecast_row row; /* not written: the next may join */
	bool has_row; /* @row is valid */
	struct forecast_sum row_sums[NR_ACCESSES]; /* of @row */
	struct forecast_sum sums[NR_ACCESSES]; /* of the rows before */
	char label[LABEL_BYTES]; /* name of the area */
	struct residency res; /* its file */
};

static int flush_row(struct job *job)
{
	int ret = 0;

	if (job->has_row && (job->req->opt->summary || !job->req->filter ||
			     filter_match(job->req->filter, &job->row))) {
		forecast_add(job->sums, job->row_sums);
		ret = job->out ? output_row(job->out, &job->row) : 0;
	}
	job->has_row = false;
	memset(job->row_sums, 0, sizeof(job->row_sums));
	return ret;
}

/* Pages of one record of which the same is known. */
static int add_pages(struct job *job, const struct vmscope_record *rec,
		     struct access_page page, uint64_t start, uint64_t end)
{
	struct forecast_row next = { .rec = *rec };
	int ret = 0;

	next.rec.addr = start;
	next.rec.end = end;
	next.rec.area = &job->area;
	page.rec = &next.rec;
	page.new_by_read =
		thp_by_read(&next.rec, &job->facts.thp, job->facts.info);
	access_outcomes(&page, next.outcome);
	if (job->has_row && !forecast_row_joins(&job->row, &next))
		ret = flush_row(job);
	forecast_count(job->row_sums, job->covered, &next, &job->facts);
	if (job->has_row) {
		job->row.rec.end = end;
		return ret;
	}
	job->has_row = true;
	job->row = next;
	job->row.page = (struct page_row){
		.info = job->facts.info,
		.rec = &job->row.rec,
		.label = job->label,
	};
	return ret;
}

/* Asks the module about one address: 0 or a negative errno. */
static int ask(struct job *job, uint64_t addr)
{
	struct vmscope_walk walk;
	int ret =
		vmscope_walk_addr(job->req->target.scope, addr, &walk, NULL, 0);

	if (ret)
		return ret;
	job->page.uffd_features = walk.uffd_features;
	job->page.behind = walk.behind;
	job->behind_end = walk.behind_end;
	return 0;
}

/* Where the page cache is asked, its answer differs from page to page. */
static int ask_area(struct job *job, uint64_t addr)
{
	const struct target *target = &job->req->target;
	int ret = ask(job, addr);

	job->asked = true;
	job->by_page = job->page.behind == VMSCOPE_BEHIND_CACHED ||
		       job->page.behind == VMSCOPE_BEHIND_READ_AHEAD ||
		       job->page.behind == VMSCOPE_BEHIND_NOT_CACHED ||
		       job->page.behind == VMSCOPE_BEHIND_SWAPPED ||
		       job->page.behind == VMSCOPE_BEHIND_POISONED ||
		       job->page.behind == VMSCOPE_BEHIND_BEYOND_END;
	if (job->area.name_kind == VMSCOPE_NAME_HUGETLB) {
		job->page.huge_left = huge_page_left(target, &job->area);
	} else if (job->area.inode) {
		residency_close(&job->res);
		if (job->area.name_kind == VMSCOPE_NAME_SHMEM)
			residency_open(&job->res, target, &job->area);
		job->page.full = file_system_full(target, &job->area);
	}
	return ret;
}

/* What is behind an empty entry, and behind those before @behind_end. */
static int find_behind(struct job *job, const struct vmscope_record *rec,
		       uint64_t addr)
{
	const struct vmscope_area *area = &job->area;
	int ret = 0;

	if (rec->state == VMSCOPE_STATE_SHMEM_SWAP) {
		job->page.behind = VMSCOPE_BEHIND_SWAPPED;
		job->behind_end = rec->end;
	} else if (addr >= job->behind_end) {
		ret = ask(job, addr);
	}
	job->page.swap_cached = FACT_UNKNOWN;
	if (job->page.behind != VMSCOPE_BEHIND_SWAPPED)
		return ret;
	job->page.swap_cached =
		residency_of(&job->res, area->offset + addr -
						VMSCOPE_WORD_ADDR(area->where));
	return ret;
}

/* Where an empty entry may have something else behind it. */
static uint64_t next_behind(const struct job *job,
			    const struct vmscope_record *rec, uint64_t addr)
{
	uint64_t next = (addr & -job->area.page_size) + job->area.page_size;

	if (job->page.behind != VMSCOPE_BEHIND_SWAPPED &&
	    job->behind_end > next)
		next = job->behind_end;
	return next < rec->end ? next : rec->end;
}

/* Empty entries; those with the same behind them together. */
static int add_empty(struct job *job, const struct vmscope_record *rec)
{
	uint64_t start = rec->addr, addr = start;
	int ret = find_behind(job, rec, addr);

	while (!ret && start < rec->end) {
		struct access_page page = job->page;

		do {
			addr = next_behind(job, rec, addr);
			if (addr < rec->end)
				ret = find_behind(job, rec, addr);
		} while (!ret && addr < rec->end &&
			 job->page.behind == page.behind &&
			 job->page.swap_cached == page.swap_cached);
		if (!ret)
			ret = add_pages(job, rec, page, start, addr);
		start = addr;
	}
	return ret;
}

static int add_area(struct job *job, const struct vmscope_record *rec)
{
	int ret = flush_row(job);

	residency_close(&job->res);
	job->area = *rec->area;
	area_label(rec->area, rec->name, job->label, sizeof(job->label));
	job->asked = false;
	job->by_page = false;
	job->behind_end = 0;
	memset(job->covered, 0, sizeof(job->covered));
	job->page = (struct access_page){
		.knows_uffd = job->facts.info->features &
			      VMSCOPE_FEAT_UFFD_FEATURES,
	};
	return ret;
}

static bool is_empty(const struct vmscope_record *rec)
{
	return rec->state == VMSCOPE_STATE_NONE ||
	       rec->state == VMSCOPE_STATE_SHMEM_SWAP ||
	       rec->state == VMSCOPE_STATE_MARKER_UFFD;
}

static int add_record(void *arg, const struct vmscope_record *rec)
{
	const uint64_t asks = AREA_UFFD | VMSCOPE_VMA_HUGETLB |
			      VMSCOPE_VMA_SHARED;
	const uint64_t any = VMSCOPE_VMA_READ | VMSCOPE_VMA_WRITE |
			     VMSCOPE_VMA_EXEC;
	struct job *job = arg;
	struct access_page page;
	int ret = 0;

	if (rec->kind == VMSCOPE_KIND_AREA)
		return add_area(job, rec);
	if (is_empty(rec) ? !job->asked || !job->page.behind :
			    !job->asked && rec->area->vma_flags & asks)
		ret = ask_area(job, rec->addr);
	if (ret)
		return ret;
	if (is_empty(rec) && job->by_page && rec->area->vma_flags & any)
		return add_empty(job, rec);
	page = job->page;
	page.swap_cached = FACT_UNKNOWN;
	if (!is_empty(rec))
		page.behind = VMSCOPE_BEHIND_UNASKED;
	return add_pages(job, rec, page, rec->addr, rec->end);
}

static int scan_ranges(struct job *job, const struct range_list *ranges)
{
	struct vmscope_query query = {
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS |
			 VMSCOPE_SCAN_NAMES,
		.run_flags = VMSCOPE_F_PERM_READ | VMSCOPE_F_PERM_WRITE |
			     VMSCOPE_F_PERM_EXEC | VMSCOPE_F_PRESENT |
			     VMSCOPE_F_UFFD_WP | VMSCOPE_F_PROTNONE |
			     VMSCOPE_F_RACED,
	};
	int ret = 0;

	for (size_t i = 0; !ret && i < ranges->nr; i++) {
		query.start = ranges->range[i].start;
		query.end = ranges->range[i].end;
		ret = target_scan(&job->req->target, &query, &job->req->cost,
				  add_record, job);
		if (!ret)
			ret = flush_row(job);
	}
	return ret;
}

static void hint_sum(const struct forecast_sum *sum, const char *access)
{
	char bytes[16], least[16];

	if (!sum->faults)
		return;
	message_hint(
		"a %s of each page: %llu faults, at least %llu; %llu pages from swap, %llu from files: %s read, at least %s",
		access, (unsigned long long)sum->faults,
		(unsigned long long)sum->faults_least,
		(unsigned long long)sum->fate[FATE_SWAP],
		(unsigned long long)sum->fate[FATE_FILE],
		format_size(sum->bytes, bytes, sizeof(bytes)),
		format_size(sum->bytes_least, least, sizeof(least)));
}

static int print_sums(struct request *req, struct job *job)
{
	size_t nr = rows_filter(req->filter, job->sums, NR_ACCESSES,
				sizeof(job->sums[0]));

	return request_print(req, job->sums, nr, sizeof(job->sums[0]), NULL);
}

static int forecast_ranges(struct request *req, struct job *job,
			   const struct range_list *ranges)
{
	int ret;

	if (!req->opt->summary) {
		job->out = output_start(req->cmd->name, &req->list, req->opt);
		if (!job->out)
			return -ENOMEM;
	}
	ret = scan_ranges(job, ranges);
	if (job->out)
		output_end(job->out);
	residency_close(&job->res);
	if (ret)
		return ret;
	if (!job->out)
		return print_sums(req, job);
	cost_close(&req->cost);
	hint_sum(&job->sums[ACCESS_READ], "read");
	hint_sum(&job->sums[ACCESS_WRITE], "write");
	return 0;
}

static int forecast_run(struct request *req)
{
	const struct vmscope_info *info = req->target.info;
	struct job *job = calloc(1, sizeof(*job));
	struct range_list ranges;
	int ret;

	if (!job)
		return -ENOMEM;
	job->req = req;
	job->res.fd = -1;
	job->facts.info = info;
	thp_sizes_read(&job->facts.thp, req->target.info->page_size);
	ret = range_find(req->argc > 1 ? req->argv[1] : NULL, &req->target,
			 &ranges);
	if (!ret) {
		ret = forecast_ranges(req, job, &ranges);
		range_free(&ranges);
	}
	free(job);
	return ret;
}

static int forecast_check(const struct request *req)
{
	return req->argc > 1 ? range_check(req->argv[1]) : EXIT_OK;
}

const struct command cmd_forecast = {
	.name = "forecast",
	.args = "PID [RANGE]",
	.help = "what the next access to each page does",
	.takes = TAKES_SUMMARY,
	.on = ON_PROCESS,
	.op = VMSCOPE_OP_SCAN,
	.columns = &forecast_columns,
	.sums = &forecast_sum_columns,
	.check = forecast_check,
	.run = forecast_run,
};
