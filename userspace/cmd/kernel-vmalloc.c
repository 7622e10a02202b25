// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope kernel vmalloc: runs of memory that is mapped page by page. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/array.h"
#include "cli/output.h"
#include "cmd/command.h"
#include "model/regions.h"
#include "source/symbols.h"
#include "source/vmallocinfo.h"

/* What a run is, by evidence. */
enum run_kind {
	RUN_VMALLOC, /* pages of memory that were mapped one by one */
	RUN_VMAP, /* the same, of pages that existed before */
	RUN_EITHER, /* one of the two */
	/* frames that are not memory, or that ioremap() was asked for */
	RUN_IOREMAP,
	RUN_HUGE, /* vmalloc in huge pages */
	RUN_STACK, /* a thread's stack; one without a task waits for the next */
	RUN_MODULE, /* of a module, or of a BPF program */
	RUN_RACED, /* changed each time it was read: it may be mapped */
	RUN_TOTAL, /* not a run: the row of totals */
};

static const struct vmscope_bit kinds[] = {
	{ RUN_VMALLOC, "vmalloc", "" },
	{ RUN_VMAP, "vmap", "" },
	{ RUN_EITHER, "vmalloc/vmap", "" },
	{ RUN_IOREMAP, "ioremap", "" },
	{ RUN_HUGE, "huge", "" },
	{ RUN_STACK, "stack", "" },
	{ RUN_MODULE, "module", "" },
	{ RUN_RACED, "raced", "" },
	{ 0, NULL, NULL },
};

/* Neighbours that are mapped without a hole between them. */
struct run {
	const struct vmscope_info *info; /* of the module */
	unsigned int region; /* enum vmscope_region */
	uint64_t start; /* first address */
	uint64_t end; /* end, exclusive */
	uint64_t bytes; /* mapped */
	/* physically contiguous extents; 0 if frames are withheld */
	uint64_t pieces;
	uint64_t next_pfn; /* frame that would continue the last extent */
	unsigned int level; /* the highest level of its entries */
	uint64_t pfn; /* frame of the first page */
	bool memory; /* its frames are memory */
	bool raced; /* it changed while it was read */
	enum run_kind kind;
	int pid; /* thread whose stack it is, or 0 */
	char comm[24]; /* name of that thread */
	/* names of the modules, while it is written, or NULL */
	const char *module;
	char symbol[96]; /* of a BPF program its name, or "" */
	/* its line of /proc/vmallocinfo, or NULL */
	const struct vmalloc_area *area;
};

static const struct run *run_of(const void *row)
{
	return row;
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
	} else if (run->pid) {
		snprintf(v->buf, sizeof(v->buf), "%s (%d)", run->comm,
			 run->pid);
		value_text(v, v->buf);
	} else if (*run->symbol) {
		value_text(v, run->symbol);
	} else if (run->module) {
		value_text(v, run->module);
	} else {
		get_caller(row, v);
	}
}

static const struct vmscope_bit *run_kinds(void)
{
	return kinds;
}

static const struct column columns[] = {
	COLUMN(start, 12, HEX, "first address", FIELD(struct run, start),
	       .when = is_run, .needs = ADDRESS),
	COLUMN(end, 12, HEX, "end, exclusive", FIELD(struct run, end),
	       .when = is_run, .needs = ADDRESS),
	COLUMN(size, 6, SIZE, "bytes", FIELD(struct run, bytes)),
	COLUMN(pages, 6, NUMBER, "base pages", GET(get_pages)),
	COLUMN(pieces, 6, NUMBER, "physically contiguous pieces",
	       OPTIONAL(struct run, pieces)),
	COLUMN(page_size, 9, SIZE, "bytes that the largest of its entries maps",
	       GET(get_page_size)),
	COLUMN(level, 5, TEXT, "the highest level of its entries",
	       FIELD(struct run, level), .when = is_run,
	       NAMES(vmscope_level_table)),
	COLUMN(kind, 12, TEXT,
	       "vmalloc, vmap, ioremap, huge, stack, module or raced, by evidence",
	       FIELD(struct run, kind), .when = is_run, NAMES(run_kinds)),
	COLUMN(pfn, 8, NUMBER, "page frame of the first page",
	       FIELD(struct run, pfn), .when = has_frame),
	COLUMN(pid, 7, NUMBER, "thread whose stack it is",
	       OPTIONAL(struct run, pid)),
	COLUMN(comm, 15, TEXT, "name of that thread", FIELD(struct run, comm),
	       .when = is_stack),
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
	       FIELD(struct run, raced), .when = is_run),
	COLUMN(owner, 12, TEXT, "thread, module or caller, whichever says most",
	       GET(get_owner), .needs = WIDE),
};

static const struct column_set vmalloc_columns =
	COLUMN_SET(columns, "start,size,pages,pieces,page_size,kind,owner");

/* A listing in progress. */
struct job {
	struct request *req;
	struct vmalloc_info vmallocinfo; /* /proc/vmallocinfo */
	struct module_list modules; /* /proc/modules */
	/* /proc/kallsyms, read once a run has no other name */
	struct symbols symbols;
	struct output *out; /* where rows go */
	unsigned int region; /* enum vmscope_region of what is listed */
	struct run run; /* the current run, if it is open */
	struct run total; /* of the rows written */
	bool open; /* @run is one */
	bool mute; /* the module does not know VMSCOPE_IOC_WHAT */
};

/* A stack is four base pages, or eight if KASAN needs more. */
static bool may_be_stack(const struct run *run)
{
	uint64_t pages = run->bytes / run->info->page_size;

	return run->region == VMSCOPE_REGION_VMALLOC && run->memory &&
	       run->level == VMSCOPE_LEVEL_PTE && (pages == 4 || pages == 8);
}

static void ask_for_task(struct job *job, struct run *run)
{
	struct vmscope_what what;
	int ret;

	if (job->mute || run->raced || !may_be_stack(run))
		return;
	ret = vmscope_what(job->req->target.scope, run->start, &what);
	if (ret == -ENOTTY || ret == -EOPNOTSUPP)
		job->mute = true;
	if (ret || !(what.known & VMSCOPE_WHAT_STACK))
		return;
	run->pid = what.pid;
	memcpy(run->comm, what.comm, sizeof(what.comm));
}

/* The kernel keeps a stack without a task for the next thread. */
static bool forked(const struct run *run)
{
	static const char *const callers[] = {
		"kernel_clone",	    "copy_process", "dup_task_struct",
		"create_io_thread", "fork_idle",    "alloc_thread_stack",
	};

	for (size_t i = 0; run->area && i < ARRAY_SIZE(callers); i++) {
		if (!strncmp(run->area->caller, callers[i], strlen(callers[i])))
			return may_be_stack(run);
	}
	return false;
}

static enum run_kind kind_of(const struct run *run)
{
	const char *info = run->area ? run->area->kind : "";

	if (run->raced)
		return RUN_RACED;
	if (run->region == VMSCOPE_REGION_MODULES)
		return RUN_MODULE;
	/* ioremap() of memory is for tables that firmware left there. */
	if (!run->memory || !strcmp(info, "ioremap"))
		return RUN_IOREMAP;
	if (run->pid || forked(run))
		return RUN_STACK;
	if (run->level > VMSCOPE_LEVEL_PTE)
		return RUN_HUGE;
	if (!strcmp(info, "vmalloc"))
		return RUN_VMALLOC;
	if (!strcmp(info, "vmap") || !strcmp(info, "vm_map_ram"))
		return RUN_VMAP;
	return RUN_EITHER;
}

/*
 * A module has several runs; only the one of its text begins at its address. In
 * newer kernels a large page holds the text of several modules. A BPF program
 * begins somewhere after the start of its run.
 */
static void name_module(struct job *job, struct run *run)
{
	char text[SYMBOL_TEXT_BYTES];
	struct vmscope_what what;
	struct symbol symbol;

	if (run->region != VMSCOPE_REGION_MODULES)
		return;
	run->module = modules_name(&job->modules, run->start, run->end);
	if (run->module ||
	    vmscope_what_symbol(job->req->target.scope, run->start,
				VMSCOPE_ASK_NEXT_SYMBOL, text, sizeof(text),
				&what) ||
	    !(what.known & VMSCOPE_WHAT_SYMBOL) || what.symbol_at >= run->end ||
	    !symbol_said(&job->symbols, what.symbol_at, text, &symbol) ||
	    !symbol.module)
		return;
	run->module = symbol.module;
	if (!strcmp(symbol.module, "bpf"))
		snprintf(run->symbol, sizeof(run->symbol), "%s", symbol.name);
}

static int end_run(struct job *job)
{
	struct run *run = &job->run;

	if (!job->open)
		return 0;
	job->open = false;
	run->area = vmalloc_info_find(&job->vmallocinfo, run->start);
	ask_for_task(job, run);
	name_module(job, run);
	run->kind = kind_of(run);
	if (!filter_match(job->req->filter, run))
		return 0;
	/* Totals of what is mapped leave out what only may be mapped. */
	if (!run->raced) {
		job->total.bytes += run->bytes;
		job->total.pieces += run->pieces;
	}
	return output_row(job->out, run);
}

static bool is_memory(const struct vmscope_record *rec)
{
	return rec->state != VMSCOPE_STATE_PFNMAP &&
	       rec->state != VMSCOPE_STATE_DEVICE;
}

static bool is_raced(const struct vmscope_record *rec)
{
	return rec->flags & VMSCOPE_F_RACED;
}

static void begin_run(struct job *job, const struct vmscope_record *rec)
{
	job->open = true;
	job->run = (struct run){
		.info = job->req->target.info,
		.region = job->region,
		.start = rec->addr,
		.end = rec->addr,
		.pfn = rec->value,
		.memory = is_memory(rec),
		.raced = is_raced(rec),
	};
}

static void carry_on(struct job *job, const struct vmscope_record *rec)
{
	struct run *run = &job->run;

	if (vmscope_has_frame(rec) &&
	    (!run->pieces || rec->value != run->next_pfn))
		run->pieces++;
	run->next_pfn =
		rec->value + (rec->end - rec->addr) / run->info->page_size;
	run->end = rec->end;
	run->bytes += rec->end - rec->addr;
	if (rec->level > run->level)
		run->level = rec->level;
}

static int add_record(void *arg, const struct vmscope_record *rec)
{
	struct job *job = arg;
	int ret = 0;

	if (!(rec->flags & (VMSCOPE_F_PRESENT | VMSCOPE_F_RACED)) ||
	    rec->state == VMSCOPE_STATE_REPEAT)
		return 0;
	if (!job->open || rec->addr != job->run.end ||
	    is_memory(rec) != job->run.memory ||
	    is_raced(rec) != job->run.raced) {
		ret = end_run(job);
		begin_run(job, rec);
	}
	carry_on(job, rec);
	return ret;
}

static int list_region(struct job *job, const struct region *region)
{
	const struct vmscope_query query = {
		.start = region->start,
		.end = region->end,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES |
			 VMSCOPE_SCAN_SKIP_EMPTY,
	};
	int ret, last;

	job->region = region->region;
	ret = target_scan(&job->req->target, &query, &job->req->cost,
			  add_record, job);
	last = end_run(job);
	return ret ? ret : last;
}

static int list_all(struct job *job)
{
	struct request *req = job->req;
	struct region_list regions;
	int ret = regions_read(&req->target, &regions);

	if (ret)
		return ret;
	job->out = output_start(req->cmd->name, &req->list, req->opt);
	if (!job->out)
		return -ENOMEM;
	for (size_t i = 0; i < regions.nr && !ret; i++) {
		unsigned int region = regions.region[i].region;

		if (region == VMSCOPE_REGION_VMALLOC ||
		    region == VMSCOPE_REGION_MODULES)
			ret = list_region(job, &regions.region[i]);
	}
	if (!ret && request_is_for_people(req))
		ret = output_row(job->out, &job->total);
	output_end(job->out);
	return ret;
}

static int vmalloc_run(struct request *req)
{
	struct job job = {
		.req = req,
		.total = { .info = req->target.info, .kind = RUN_TOTAL },
	};
	int ret;

	vmalloc_info_read(&job.vmallocinfo, req->target.info->kernel_start);
	modules_read(&job.modules);
	ret = list_all(&job);
	if (!ret) {
		cost_close(&req->cost);
		if (job.vmallocinfo.why)
			message_hint("callers are not shown: %s",
				     job.vmallocinfo.why);
		if (job.mute)
			message_hint(
				"tasks of stacks are not shown: this module cannot");
	}
	symbols_free(&job.symbols);
	modules_free(&job.modules);
	vmalloc_info_free(&job.vmallocinfo);
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
