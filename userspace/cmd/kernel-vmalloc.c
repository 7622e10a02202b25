// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope kernel vmalloc: runs of memory that is mapped page by page. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/output.h"
#include "cmd/command.h"
#include "model/vmallocrun.h"
#include "source/symbols.h"

/* A row: a run, or the total. */
struct run {
	struct vmalloc_run run;
	/* names of the modules, while it is written, or NULL */
	const char *module;
	char symbol[96]; /* of a BPF program its name, or "" */
};

static const struct vmalloc_run *run_of(const void *row)
{
	return &((const struct run *)row)->run;
}

static bool is_run(const void *row)
{
	return run_of(row)->kind != RUN_TOTAL;
}

static bool is_stack(const void *row)
{
	return run_of(row)->pid;
}

static bool has_frame(const void *row)
{
	return is_run(row) && run_of(row)->pieces;
}

GET_WHEN(get_pages, number, true,
	 run_of(row)->bytes / run_of(row)->info->page_size)
GET_WHEN(get_page_size, number, is_run(row),
	 1ULL << run_of(row)->info->level_shift[run_of(row)->level])
GET_WHEN(get_caller, text, run_of(row)->area && *run_of(row)->area->caller,
	 run_of(row)->area->caller)
GET_WHEN(get_info, text, run_of(row)->area && *run_of(row)->area->kind,
	 run_of(row)->area->kind)
GET_WHEN(get_region, text, is_run(row),
	 vmscope_region_name(run_of(row)->region))

/* Whose it is, in the most specific words. */
static void get_owner(const void *row, struct value *v)
{
	const struct run *run = row;

	if (!is_run(row)) {
		value_text(v, "total");
	} else if (run->run.pid) {
		snprintf(v->buf, sizeof(v->buf), "%s (%d)", run->run.comm,
			 run->run.pid);
		value_text(v, v->buf);
	} else if (*run->symbol) {
		value_text(v, run->symbol);
	} else if (run->module) {
		value_text(v, run->module);
	} else {
		get_caller(row, v);
	}
}

static const struct column columns[] = {
	COLUMN(start, 12, HEX, "first address", FIELD(struct run, run.start),
	       .when = is_run, .needs = ADDRESS),
	COLUMN(end, 12, HEX, "end, exclusive", FIELD(struct run, run.end),
	       .when = is_run, .needs = ADDRESS),
	COLUMN(size, 6, SIZE, "bytes", FIELD(struct run, run.bytes)),
	COLUMN(pages, 6, NUMBER, "base pages", GET(get_pages)),
	COLUMN(pieces, 6, NUMBER, "physically contiguous pieces",
	       OPTIONAL(struct run, run.pieces)),
	COLUMN(page_size, 9, SIZE, "bytes that the largest of its entries maps",
	       GET(get_page_size)),
	COLUMN(level, 5, TEXT, "the highest level of its entries",
	       FIELD(struct run, run.level), .when = is_run,
	       NAMES(vmscope_level_table)),
	COLUMN(kind, 12, TEXT,
	       "vmalloc, vmap, ioremap, huge, stack, module or raced, by evidence",
	       FIELD(struct run, run.kind), .when = is_run, NAMES(run_kinds)),
	COLUMN(pfn, 8, NUMBER, "page frame of the first page",
	       FIELD(struct run, run.pfn), .when = has_frame),
	COLUMN(pid, 7, NUMBER, "thread whose stack it is",
	       OPTIONAL(struct run, run.pid)),
	COLUMN(comm, 15, TEXT, "name of that thread",
	       FIELD(struct run, run.comm), .when = is_stack),
	COLUMN(module, 15, TEXT,
	       "modules whose text it is, with commas, or that it is of; bpf of a BPF program",
	       FIELD(struct run, module)),
	COLUMN(caller, 24, TEXT,
	       "who asked for it, as /proc/vmallocinfo has it",
	       GET(get_caller)),
	COLUMN(info, 12, TEXT, "what /proc/vmallocinfo calls it",
	       GET(get_info)),
	COLUMN(region, 8, TEXT, "vmalloc or modules", GET(get_region),
	       WORDS_OF(vmscope_region_table)),
	COLUMN(raced, 5, BOOL, "it changed while it was read",
	       FIELD(struct run, run.raced), .when = is_run),
	COLUMN(owner, 12, TEXT, "thread, module or caller, whichever says most",
	       GET(get_owner), .needs = WIDE),
};

static const struct column_set vmalloc_columns =
	COLUMN_SET(columns, "start,size,pages,pieces,page_size,kind,owner");

/* A listing in progress. */
struct job {
	struct request *req;
	struct module_list modules; /* /proc/modules */
	/* /proc/kallsyms, read once a run has no other name */
	struct symbols symbols;
	struct output *out; /* where rows go */
	struct run total; /* of the rows written */
};

/*
 * A module has several runs; only the one of its text begins at its address. In
 * newer kernels a large page holds the text of several modules. A BPF program
 * begins somewhere after the start of its run.
 */
static void name_module(struct job *job, struct run *row)
{
	const struct vmalloc_run *run = &row->run;
	char text[SYMBOL_TEXT_BYTES];
	struct vmscope_what what;
	struct symbol symbol;

	if (run->region != VMSCOPE_REGION_MODULES)
		return;
	row->module = modules_name(&job->modules, run->start, run->end);
	if (row->module ||
	    vmscope_what_symbol(job->req->target.scope, run->start,
				VMSCOPE_ASK_NEXT_SYMBOL, text, sizeof(text),
				&what) ||
	    !(what.known & VMSCOPE_WHAT_SYMBOL) || what.symbol_at >= run->end ||
	    !symbol_said(&job->symbols, what.symbol_at, text, &symbol) ||
	    !symbol.module)
		return;
	row->module = symbol.module;
	if (!strcmp(symbol.module, "bpf"))
		snprintf(row->symbol, sizeof(row->symbol), "%s", symbol.name);
}

static int write_run(void *arg, const struct vmalloc_run *run)
{
	struct job *job = arg;
	struct run row = { .run = *run };

	name_module(job, &row);
	if (!filter_match(job->req->filter, &row))
		return 0;
	/* Totals of what is mapped leave out what only may be mapped. */
	if (!run->raced) {
		job->total.run.bytes += run->bytes;
		job->total.run.pieces += run->pieces;
	}
	return output_row(job->out, &row);
}

static int list_all(struct job *job, struct vmalloc_runs *runs)
{
	struct request *req = job->req;
	int ret;

	job->out = output_start(req->cmd->name, &req->list, req->opt);
	if (!job->out)
		return -ENOMEM;
	ret = vmalloc_runs_read(runs);
	if (!ret && request_is_for_people(req))
		ret = output_row(job->out, &job->total);
	output_end(job->out);
	return ret;
}

static int vmalloc_run(struct request *req)
{
	struct job job = {
		.req = req,
		.total.run = { .info = req->target.info, .kind = RUN_TOTAL },
	};
	struct vmalloc_runs runs = {
		.target = &req->target,
		.cost = &req->cost,
		.end = write_run,
		.arg = &job,
	};
	int ret;

	modules_read(&job.modules);
	ret = list_all(&job, &runs);
	if (!ret) {
		cost_close(&req->cost);
		if (runs.vmallocinfo.why)
			message_hint("callers are not shown: %s",
				     runs.vmallocinfo.why);
		if (runs.mute)
			message_hint(
				"tasks of stacks are not shown: this module cannot");
	}
	symbols_free(&job.symbols);
	modules_free(&job.modules);
	vmalloc_runs_free(&runs);
	return ret;
}

const struct command cmd_kernel_vmalloc = {
	.name = "vmalloc",
	.group = "kernel",
	.args = "",
	.help = "what is mapped page by page, and for whom",
	.on = ON_KERNEL,
	.op = VMSCOPE_OP_SCAN,
	.columns = &vmalloc_columns,
	.run = vmalloc_run,
};
