// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope frames: what memory is used for, and facts of single frames. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output.h"
#include "cmd/command.h"
#include "model/framesum.h"
#include "model/frameuse.h"
#include "model/page.h"
#include "source/proc.h"

enum { RUNS = 4096 };

struct job {
	struct request *req;
	struct output *out; /* without sums */
	struct vmscope_frame_run runs[RUNS];
	struct frame_sums sums;
	struct frame_uses uses; /* that frames do not show themselves */
	uint64_t raced; /* frames that kept changing */
};

/* A part of a run, whose frames have the same use. */
static int print_part(struct job *job, const struct vmscope_frame_run *run,
		      const struct slab_use *slab, enum frame_use use,
		      uint64_t pfn, uint64_t pages)
{
	const struct vmscope_info *info = job->req->target.info;
	struct vmscope_frame frame = run->frame;
	const struct vmscope_record rec = { .value = pfn, .frame = &frame };
	const struct frame_row row = {
		.page = { .info = info, .rec = &rec },
		.use = use,
		.pfn = pfn,
		.pages = pages,
		.bytes = pages * info->page_size,
		.cache = slab ? slab->name : "",
	};

	if (frame.known & VMSCOPE_FACT_INDEX)
		frame.index += pfn - frame.where / info->page_size;
	if (!filter_match(job->req->filter, &row))
		return 0;
	return output_row(job->out, &row);
}

static int add_run(struct job *job, const struct vmscope_frame_run *run)
{
	const uint64_t page_size = job->req->target.info->page_size;
	const uint64_t start = run->frame.where / page_size;
	const struct slab_use *slab = frame_uses_slab(&job->uses, run);
	const enum frame_use own = slab ? slab->use : frame_use(run);
	uint64_t pfn, end;
	int ret = 0;

	if (!job->out && run->kind == VMSCOPE_FRAME_HOLE)
		return 0;
	for (pfn = start; pfn < start + run->frames && !ret; pfn = end) {
		enum frame_use use;

		end = start + run->frames;
		use = frame_uses_find(&job->uses, own, pfn, &end);
		ret = job->out ?
			      print_part(job, run, slab, use, pfn, end - pfn) :
			      frame_sums_add(&job->sums, use, &run->frame,
					     end - pfn, page_size);
	}
	return ret;
}

/* In runs, or if @out is NULL, in sums. */
static int read_range(struct job *job, struct vmscope_frame_list *list)
{
	size_t nr;
	int ret, failed = 0;

	do {
		ret = vmscope_read_frames(job->req->target.scope, list,
					  job->runs, RUNS, &nr);
		for (size_t i = 0; i < nr && !failed; i++) {
			const struct vmscope_frame_run *run = &job->runs[i];

			if (run->kind == VMSCOPE_FRAME_UNKNOWN)
				job->raced += run->frames;
			failed = add_run(job, run);
		}
	} while (ret > 0 && !failed);
	return ret < 0 ? ret : failed;
}

/* A frame number, decimal or with 0x in hex; false if it is none. */
static bool parse_pfn(const char *word, const char **end, __u64 *pfn)
{
	int base = word[0] == '0' && tolower(word[1]) == 'x' ? 16 : 10;

	errno = 0;
	*pfn = strtoull(word, (char **)end, base);
	return isdigit(*word) && *end != word && !errno;
}

/* PFN, PFN-PFN or PFN+N; the end is exclusive. Returns an exit status. */
static int parse_range(const char *word, struct vmscope_frame_list *list)
{
	const char *end;
	__u64 more = 1;

	if (!parse_pfn(word, &end, &list->start))
		goto malformed;
	/* No memory has so high a frame, nor the one below. */
	if (list->start == UINT64_MAX)
		list->start--;
	list->end = list->start + 1;
	if (*end == '-' || *end == '+') {
		bool plus = *end == '+';

		if (!parse_pfn(end + 1, &end, &more))
			goto malformed;
		list->end = plus ? list->start + more : more;
	}
	if (*end)
		goto malformed;
	if (list->end > list->start)
		return EXIT_OK;
	message_error("no frame is in \"%s\": its end is not above its start",
		      word);
	return EXIT_USAGE;
malformed:
	message_error(
		"\"%s\" is no frame: PFN, PFN-END or PFN+COUNT, decimal or 0x in hex",
		word);
	return EXIT_USAGE;
}

static int frames_check(const struct request *req)
{
	struct vmscope_frame_list list;
	int ret = EXIT_OK;

	if (req->opt->pid && (req->argc || is_kernel(req->opt->pid))) {
		message_error(
			"--pid is of all frames of a process; without it, %s",
			req->argc ? "frames are named by number" :
				    "frames are those of all memory");
		return EXIT_USAGE;
	}
	for (int i = 0; i < req->argc && !ret; i++)
		ret = parse_range(req->argv[i], &list);
	if (!ret && req->sort && !req->sums) {
		message_error(
			"--sort sorts sums; frames are listed in order, or try --summary");
		return EXIT_USAGE;
	}
	return ret;
}

static int read_args(struct job *job)
{
	const struct request *req = job->req;
	const struct vmscope_frame_list all = {
		.end = UINT64_MAX,
		.facts =
			(req->facts | VMSCOPE_FACT_FLAGS | VMSCOPE_FACT_CACHE) &
			req->target.info->facts,
		.page_flags = job->out ? UINT64_MAX : frame_sum_flags,
	};
	struct vmscope_frame_list list = all;
	int ret = 0;

	if (!req->argc)
		return read_range(job, &list);
	for (int i = 0; i < req->argc && !ret; i++) {
		uint64_t start;

		list = all;
		ret = parse_range(req->argv[i], &list);
		start = list.start;
		if (!ret)
			ret = read_range(job, &list);
		if (!ret && start >= list.memory_end) {
			message_error(
				"frame %s is beyond memory, which ends at frame %llu",
				req->argv[i],
				(unsigned long long)list.memory_end);
			return EXIT_FAILED;
		}
	}
	return ret;
}

/* Then PG_active says nothing, and the generation is in no flag. */
static bool has_generations(void)
{
	char path[300];
	unsigned int enabled = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/kernel/mm/lru_gen/enabled", sys_root);
	f = fopen(path, "re");
	if (!f)
		return false;
	if (fscanf(f, "%x", &enabled) != 1)
		enabled = 0;
	fclose(f);
	return enabled;
}

static int print_sums(struct job *job)
{
	struct request *req = job->req;
	struct frame_sums *sums = &job->sums;
	struct frame_sum total =
		frame_sums_total(sums, req->opt->pid ? USE_MAPPED : USE_MEMORY,
				 has_generations());

	sums->nr = rows_filter(req->filter, sums->sum, sums->nr, sizeof(total));
	return request_print(req, sums->sum, sums->nr, sizeof(total),
			     req->filter ? NULL : &total);
}

/* A page that is mapped twice counts twice, as in Rss. */
static int add_page(void *arg, const struct vmscope_record *rec)
{
	static const struct vmscope_frame nothing;
	struct job *job = arg;
	const uint64_t page_size = job->req->target.info->page_size;

	if (rec->kind == VMSCOPE_KIND_AREA || !(rec->flags & VMSCOPE_F_PRESENT))
		return 0;
	return frame_sums_add(&job->sums, frame_use_of_page(rec),
			      rec->frame ? rec->frame : &nothing,
			      (rec->end - rec->addr) / page_size, page_size);
}

static int sum_process(struct job *job)
{
	struct request *req = job->req;
	const struct vmscope_query query = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS |
			 VMSCOPE_SCAN_SKIP_EMPTY,
		.all_flags = VMSCOPE_F_PRESENT,
		.facts = target_facts(&req->target,
				      req->facts | VMSCOPE_FACT_FLAGS),
	};
	int ret = target_scan(&req->target, &query, &req->cost, add_page, job);

	if (ret)
		return message_failed(VMSCOPE_OP_SCAN, ret, req->opt->pid);
	return print_sums(job);
}

static int list_or_sum(struct job *job)
{
	struct request *req = job->req;
	int ret = frame_uses_read(&job->uses, &req->target, &req->cost);

	if (ret)
		return ret;
	if (!req->sums) {
		job->out = output_start(req->cmd->name, &req->list, req->opt);
		if (!job->out)
			return -ENOMEM;
	}
	ret = read_args(job);
	if (job->out)
		output_end(job->out);
	else if (!ret)
		ret = print_sums(job);
	if (!ret && req->sums &&
	    !(req->target.info->facts & VMSCOPE_FACT_CACHE))
		message_hint(
			"slab caches count as one: the module is older, or did not find their flags in this kernel");
	if (!ret && job->uses.why)
		message_hint("per-CPU memory counts as vmalloc: %s",
			     job->uses.why);
	if (!ret && job->raced)
		message_hint(
			"frames that kept changing while they were read: %llu",
			(unsigned long long)job->raced);
	return ret;
}

static int frames_run(struct request *req)
{
	struct job *job = calloc(1, sizeof(*job));
	int ret = -ENOMEM;

	if (!job)
		return ret;
	job->req = req;
	ret = req->opt->pid ? sum_process(job) : list_or_sum(job);
	frame_uses_free(&job->uses);
	free(job->sums.sum);
	free(job);
	return ret;
}

const struct command cmd_frames = {
	.name = "frames",
	.args = "[PFN...]",
	.help = "what memory is used for, or facts of frames",
	.takes = TAKES_SORT | TAKES_SUMMARY | TAKES_BY | TAKES_PID,
	.on = ON_KERNEL,
	.op = VMSCOPE_OP_FRAMES,
	.columns = &frame_columns,
	.sums = &frame_sum_columns,
	.sums_by_node = &frame_node_columns,
	.sums_all = true,
	.check = frames_check,
	.run = frames_run,
};
