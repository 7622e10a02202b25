// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope audit: findings only. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/output.h"
#include "cmd/command.h"
#include "model/audit.h"
#include "model/page.h"
#include "model/vma.h"
#include "source/swapdev.h"

/* An audit in progress. */
struct job {
	struct request *req;
	struct swap_devices devices; /* names of swap devices */
	struct output *out; /* where findings go */
	/* the process or the kernel that is audited */
	const struct target *target;
	uint64_t processes; /* processes that were audited */
	uint64_t findings; /* rows written */
	uint64_t hidden; /* findings that the filter left out */
	char label[LABEL_BYTES]; /* name of the current area */
};

static int audit_check(const struct request *req)
{
	if (!req->opt->all || !req->argc)
		return EXIT_OK;
	message_error("audit takes a PID or --all, not both");
	return EXIT_USAGE;
}

static int audit_one(void *arg, const struct vmscope_record *rec)
{
	struct job *job = arg;
	struct page_row row = {
		.info = job->target->info,
		.rec = rec,
		.label = job->label,
		.devices = &job->devices,
		.pid = job->target->pid,
		.comm = job->target->comm,
	};
	unsigned int findings = audit_record(rec);
	int ret = 0;

	if (rec->kind == VMSCOPE_KIND_AREA)
		area_label(rec->area, rec->name, job->label,
			   sizeof(job->label));
	for (unsigned int f = 0; f < NR_FINDINGS && !ret; f++) {
		if (!(findings >> f & 1))
			continue;
		row.finding = finding_table()[f].name;
		if (!filter_match(job->req->filter, &row)) {
			job->hidden++;
			continue;
		}
		job->findings++;
		ret = output_row(job->out, &row);
	}
	return ret;
}

static int audit_target(void *arg, struct target *target)
{
	struct job *job = arg;
	struct request *req = job->req;
	struct vmscope_query query = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS |
			 VMSCOPE_SCAN_NAMES | VMSCOPE_SCAN_SKIP_EMPTY,
		.run_flags = req->run_flags,
	};

	if (req->needs & NEEDS_ENTRIES)
		query.flags &= ~(uint64_t)VMSCOPE_SCAN_RUNS;
	else if (req->needs & NEEDS_FRAMES)
		query.flags |= VMSCOPE_SCAN_FRAMES;
	job->target = target;
	job->processes++;
	return target_scan(target, &query, &req->cost, audit_one, job);
}

/* In the kernel's half, raced entries are not judged; in a process they are. */
static void say_raced(const struct job *job, uint64_t raced, char *buf,
		      size_t bytes)
{
	*buf = '\0';
	if (raced)
		snprintf(buf, bytes,
			 "%llu entr%s changed while read%s: run it again",
			 (unsigned long long)raced, raced == 1 ? "y" : "ies",
			 job->req->set.kernel ? ", not judged" : "");
}

static void hint_findings(const struct job *job, uint64_t nr_raced)
{
	char raced[96], where[48] = "the kernel";
	const char *but;

	say_raced(job, nr_raced, raced, sizeof(raced));
	if (!job->req->set.kernel)
		snprintf(where, sizeof(where), "%llu process%s",
			 (unsigned long long)job->processes,
			 job->processes == 1 ? "" : "es");
	but = *raced ? ", but " : "";
	if (!job->findings && job->hidden)
		message_hint(
			"no findings match the filter, which hides %llu in %s%s%s",
			(unsigned long long)job->hidden, where, but, raced);
	else if (!job->findings)
		message_hint("no findings in %s%s%s", where, but, raced);
	else if (*raced)
		message_hint("%s", raced);
}

static int audit_all(struct job *job)
{
	struct vmscope *scope;
	int ret = target_open_device(&scope);

	if (ret)
		return ret;
	swap_devices_read(&job->devices,
			  vmscope_get_info(scope)->max_slot_type);
	vmscope_close(scope);
	job->out = output_start(job->req->cmd->name, &job->req->list,
				job->req->opt);
	return job->out ? target_each(audit_target, job) : -ENOMEM;
}

static int audit_given(struct job *job)
{
	swap_devices_read(&job->devices, job->req->target.info->max_slot_type);
	job->out = output_start(job->req->cmd->name, &job->req->list,
				job->req->opt);
	return job->out ? audit_target(job, &job->req->target) : -ENOMEM;
}

static int audit_run(struct request *req)
{
	struct job job = { .req = req };
	int ret = req->opt->all ? audit_all(&job) : audit_given(&job);

	if (job.out)
		output_end(job.out);
	if (!ret || ret == -EIO) {
		uint64_t raced = req->cost.sum.raced;

		cost_close(&req->cost);
		hint_findings(&job, raced);
		ret = req->opt->check && job.findings ? EXIT_FAILED : EXIT_OK;
	}
	swap_devices_free(&job.devices);
	return ret;
}

const struct command cmd_audit = {
	.name = "audit",
	.args = "PID|kernel|--all",
	.help = "findings only: W+X and the like",
	.takes = TAKES_ALL | TAKES_CHECK,
	.on = ON_EITHER,
	.op = VMSCOPE_OP_SCAN,
	.columns = &audit_columns,
	.check = audit_check,
	.run = audit_run,
};
