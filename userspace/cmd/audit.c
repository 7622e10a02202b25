// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope audit: findings only. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/filter.h"
#include "cli/output.h"
#include "cli/tool.h"
#include "model/audit.h"
#include "model/page.h"
#include "source/swapdev.h"

/**
 * struct job - an audit under way
 * @req: the request
 * @list: columns
 * @filter: -Q, or NULL
 * @query: of every scan
 * @devices: names of swap devices
 * @out: where findings go
 * @target: the process or the kernel that is audited
 * @processes: processes that were audited
 * @findings: rows written
 * @hidden: findings that the filter left out
 * @label: name of the current area
 */
struct job {
	const struct request *req;
	struct column_list list;
	struct filter *filter;
	struct vmscope_query query;
	struct swap_devices devices;
	struct output *out;
	struct target target;
	uint64_t processes;
	uint64_t findings;
	uint64_t hidden;
	char label[LABEL_BYTES];
};

static void make_query(struct job *job)
{
	unsigned int needs = 0;

	job->query = (struct vmscope_query){
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS |
			 VMSCOPE_SCAN_NAMES | VMSCOPE_SCAN_SKIP_EMPTY,
	};
	for (size_t i = 0; i < job->list.nr; i++) {
		needs |= job->list.col[i]->needs;
		job->query.run_flags |= job->list.col[i]->run_flags;
	}
	filter_needs(job->filter, &needs, &job->query.run_flags);
	if (needs & NEEDS_ENTRIES)
		job->query.flags &= ~(uint64_t)VMSCOPE_SCAN_RUNS;
	else if (needs & NEEDS_FRAMES)
		job->query.flags |= VMSCOPE_SCAN_FRAMES;
}

static int write_findings(struct job *job, struct page_row *row,
			  unsigned int findings)
{
	int ret = 0;

	for (unsigned int f = 0; f < NR_FINDINGS && !ret; f++) {
		if (!(findings >> f & 1))
			continue;
		row->finding = finding_name(f);
		if (!filter_match(job->filter, row)) {
			job->hidden++;
			continue;
		}
		job->findings++;
		ret = output_row(job->out, row);
	}
	return ret;
}

static int audit_one(void *arg, const struct vmscope_record *rec)
{
	struct job *job = arg;
	struct page_row row = {
		.info = job->target.info,
		.rec = rec,
		.label = job->label,
		.devices = &job->devices,
		.pid = job->target.pid,
		.comm = job->target.comm,
	};

	if (rec->kind == VMSCOPE_KIND_AREA)
		area_label(rec->area, rec->name, job->label,
			   sizeof(job->label));
	return write_findings(job, &row, audit_record(rec));
}

static int audit_target(struct job *job)
{
	job->processes++;
	return target_scan(&job->target, &job->query, job->req, audit_one, job);
}

static int audit_process(void *arg, struct target *target)
{
	struct job *job = arg;

	job->target = *target;
	return audit_target(job);
}

/* Nothing is known of one of the kernel's; of a process it is what was read. */
static void say_raced(const struct job *job, char *buf, size_t bytes)
{
	uint64_t raced = job->req->cost->sum.raced;

	*buf = '\0';
	if (raced)
		snprintf(buf, bytes,
			 "%llu entr%s changed while read%s: run it again",
			 (unsigned long long)raced, raced == 1 ? "y" : "ies",
			 job->list.kernel ? ", not judged" : "");
}

static void say_where(const struct job *job, char *buf, size_t bytes)
{
	if (job->list.kernel)
		snprintf(buf, bytes, "the kernel");
	else
		snprintf(buf, bytes, "%llu process%s",
			 (unsigned long long)job->processes,
			 job->processes == 1 ? "" : "es");
}

static void hint_findings(const struct job *job)
{
	char raced[96], where[48];
	const char *but;

	say_raced(job, raced, sizeof(raced));
	say_where(job, where, sizeof(where));
	but = *raced ? ", but " : "";
	if (!job->findings && job->hidden)
		tool_hint(
			job->req,
			"no findings match the filter, which hides %llu in %s%s%s",
			(unsigned long long)job->hidden, where, but, raced);
	else if (!job->findings)
		tool_hint(job->req, "no findings in %s%s%s", where, but, raced);
	else if (*raced)
		tool_hint(job->req, "%s", raced);
}

static int finish(struct job *job, int ret, const char *what)
{
	output_end(job->out);
	if (ret && ret != -EIO)
		return tool_failed(VMSCOPE_OP_SCAN, ret, what);
	cost_close(job->req);
	filter_hint(job->filter, job->req);
	hint_findings(job);
	return job->req->opt->check && job->findings ? EXIT_FAILED : EXIT_OK;
}

static int run_all(struct job *job)
{
	struct vmscope *scope;
	int ret = tool_open(&scope);

	if (ret)
		return ret;
	swap_devices_read(&job->devices,
			  vmscope_get_info(scope)->max_slot_type);
	vmscope_close(scope);
	job->out = output_start(job->req->cmd->name, &job->list, job->req->opt);
	if (!job->out)
		return EXIT_FAILED;
	return finish(job, target_each(audit_process, job), "--all");
}

static int run_one(struct job *job)
{
	int ret = target_open(&job->target, job->req->argv[0]);

	if (ret)
		return ret;
	swap_devices_read(&job->devices, job->target.info->max_slot_type);
	job->list.kernel = job->target.kernel;
	job->out = output_start(job->req->cmd->name, &job->list, job->req->opt);
	if (job->out)
		ret = finish(job, audit_target(job), job->req->argv[0]);
	else
		ret = EXIT_FAILED;
	target_close(&job->target);
	return ret;
}

static int run(const struct request *req)
{
	const struct column_set *set = page_columns_of(
		&audit_columns, req->argc ? req->argv[0] : NULL);
	struct job job = { .req = req };
	int ret;

	if (req->opt->all && req->argc) {
		tool_error("audit takes a PID or --all, not both");
		return EXIT_USAGE;
	}
	ret = columns_select(set, req->opt, &job.list);
	if (!ret)
		ret = filter_parse(&job.filter, set, req->opt->filter);
	if (!ret) {
		make_query(&job);
		ret = req->opt->all ? run_all(&job) : run_one(&job);
	}
	swap_devices_free(&job.devices);
	filter_free(job.filter);
	return ret;
}

const struct command cmd_audit = {
	.name = "audit",
	.args = "PID|kernel|--all",
	.help = "findings only: W+X and the like",
	.min_args = 1,
	.max_args = 1,
	.takes = TAKES_ALL | TAKES_CHECK | TAKES_KERNEL,
	.columns = &audit_columns,
	.run = run,
};
