// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs of memory that is mapped page by page, and what each of them is. */
#include "model/vmallocrun.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/array.h"

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

const struct vmscope_bit *run_kinds(void)
{
	return kinds;
}

/* A stack is four base pages, or eight if KASAN needs more. */
static bool may_be_stack(const struct vmalloc_run *run)
{
	uint64_t pages = run->bytes / run->info->page_size;

	return run->region == VMSCOPE_REGION_VMALLOC && run->memory &&
	       run->level == VMSCOPE_LEVEL_PTE && (pages == 4 || pages == 8);
}

static void ask_for_task(struct vmalloc_runs *runs, struct vmalloc_run *run)
{
	struct vmscope_what what;
	int ret;

	if (runs->mute || run->raced || !may_be_stack(run))
		return;
	ret = vmscope_what(runs->target->scope, run->start, &what);
	if (ret == -ENOTTY || ret == -EOPNOTSUPP)
		runs->mute = true;
	if (ret || !(what.known & VMSCOPE_WHAT_STACK))
		return;
	run->pid = what.pid;
	memcpy(run->comm, what.comm, sizeof(what.comm));
}

/* The kernel keeps a stack without a task for the next thread. */
static bool forked(const struct vmalloc_run *run)
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

static enum run_kind kind_of(const struct vmalloc_run *run)
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

static int end_run(struct vmalloc_runs *runs)
{
	struct vmalloc_run *run = &runs->run;

	if (!runs->open)
		return 0;
	runs->open = false;
	run->area = vmalloc_info_find(&runs->vmallocinfo, run->start);
	ask_for_task(runs, run);
	run->kind = kind_of(run);
	return runs->end(runs->arg, run);
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

static void begin_run(struct vmalloc_runs *runs,
		      const struct vmscope_record *rec)
{
	runs->open = true;
	runs->run = (struct vmalloc_run){
		.info = runs->target->info,
		.region = runs->region,
		.start = rec->addr,
		.end = rec->addr,
		.pfn = rec->value,
		.memory = is_memory(rec),
		.raced = is_raced(rec),
	};
}

static void carry_on(struct vmalloc_runs *runs,
		     const struct vmscope_record *rec)
{
	struct vmalloc_run *run = &runs->run;

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
	struct vmalloc_runs *runs = arg;
	int ret = 0;

	if (!(rec->flags & (VMSCOPE_F_PRESENT | VMSCOPE_F_RACED)) ||
	    rec->state == VMSCOPE_STATE_REPEAT)
		return 0;
	if (!runs->open || rec->addr != runs->run.end ||
	    is_memory(rec) != runs->run.memory ||
	    is_raced(rec) != runs->run.raced) {
		ret = end_run(runs);
		begin_run(runs, rec);
	}
	carry_on(runs, rec);
	return !ret && runs->add ? runs->add(runs->arg, rec) : ret;
}

static int list_region(struct vmalloc_runs *runs, const struct region *region)
{
	const struct vmscope_query query = {
		.start = region->start,
		.end = region->end,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES |
			 VMSCOPE_SCAN_SKIP_EMPTY,
	};
	int ret, last;

	runs->region = region->region;
	ret = target_scan(runs->target, &query, runs->cost, add_record, runs);
	last = end_run(runs);
	return ret ? ret : last;
}

/* Reads the runs of vmalloc and of modules: 0 or a negative errno. */
int vmalloc_runs_read(struct vmalloc_runs *runs)
{
	const struct region_list *regions = &runs->regions;
	int ret = regions_read(runs->target, &runs->regions);

	vmalloc_info_read(&runs->vmallocinfo, runs->target->info->kernel_start);
	for (size_t i = 0; i < regions->nr && !ret; i++) {
		unsigned int region = regions->region[i].region;

		if (region == VMSCOPE_REGION_VMALLOC ||
		    region == VMSCOPE_REGION_MODULES)
			ret = list_region(runs, &regions->region[i]);
	}
	return ret;
}

void vmalloc_runs_free(struct vmalloc_runs *runs)
{
	vmalloc_info_free(&runs->vmallocinfo);
}
