// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope frames: what all of memory is used for, and facts of single frames. */
#include <ctype.h>
#include <errno.h>
#include <linux/kernel-page-flags.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/array.h"
#include "cli/output.h"
#include "cmd/command.h"
#include "model/page.h"
#include "source/proc.h"

#define FLAG(name) (1ULL << KPF_##name)

/* Flags that the sums follow from. */
#define SUM_FLAGS                                                     \
	(FLAG(LRU) | FLAG(ACTIVE) | FLAG(UNEVICTABLE) | FLAG(DIRTY) | \
	 FLAG(WRITEBACK) | FLAG(SWAPBACKED) | FLAG(SWAPCACHE) | FLAG(KSM))

enum { RUNS = 4096 };

/* Frames of one use, on one node or on all. */
struct sum {
	const char *use;
	uint64_t node;
	uint64_t pages;
	uint64_t bytes; /* of all these, and of those with a state */
	uint64_t lru;
	uint64_t active;
	uint64_t inactive;
	uint64_t unevictable;
	uint64_t dirty;
	uint64_t writeback;
	uint64_t swapcache;
	uint64_t of_memory; /* bytes of all rows */
	bool total;
	bool aged; /* by generations, which are neither active nor inactive */
};

static const struct sum *sum_of(const void *row)
{
	return row;
}

GET_WHEN(get_node, number, !sum_of(row)->total, sum_of(row)->node)
GET_WHEN(get_share, number, sum_of(row)->of_memory,
	 sum_of(row)->bytes * 1000 / sum_of(row)->of_memory)

static bool is_sorted(const void *row)
{
	return !sum_of(row)->aged;
}

#define COLUMN_BYTES(name, width, help, ...) \
	COLUMN(name, width, SIZE, help, FIELD(struct sum, name), ##__VA_ARGS__)

static const struct column columns[] = {
	COLUMN(node, 4, NUMBER, "NUMA node; asked for, it splits the rows",
	       GET(get_node), .facts = VMSCOPE_FACT_NODE),
	COLUMN(use, 13, TEXT, "what the frames are used for",
	       FIELD(struct sum, use), WORDS(FRAME_USES ",memory")),
	COLUMN(pages, 8, NUMBER, "frames", FIELD(struct sum, pages)),
	COLUMN(size, 7, SIZE, "bytes of them", FIELD(struct sum, bytes)),
	COLUMN(share, 5, TENTHS, "of memory, in percent", GET(get_share)),
	COLUMN_BYTES(lru, 7, "bytes on the lists for reclaim"),
	COLUMN_BYTES(active, 7, "bytes of these on the active list",
		     .when = is_sorted),
	COLUMN_BYTES(inactive, 8, "bytes of these on the inactive list",
		     .when = is_sorted),
	COLUMN_BYTES(unevictable, 11, "bytes that may not be reclaimed"),
	COLUMN_BYTES(dirty, 7, "bytes that differ from the disk"),
	COLUMN_BYTES(writeback, 9, "bytes that are being written"),
	COLUMN_BYTES(swapcache, 9, "bytes that a swap slot has, too"),
};

#define USUAL_STATES "lru,active,inactive,unevictable,dirty,writeback"

static const struct column_set sum_columns =
	COLUMN_SET(columns, "use,size,share," USUAL_STATES);
static const struct column_set node_columns =
	COLUMN_SET(columns, "node,use,size," USUAL_STATES);

struct job {
	struct request *req;
	struct output *out; /* without sums */
	struct vmscope_frame_run runs[RUNS];
	struct sum *sums; /* by node, then by use */
	size_t nr;
	size_t room;
	uint64_t raced; /* frames that kept changing */
};

/* The names of kinds, where flags do not say more. */
static const char *use_of(const struct vmscope_frame_run *run)
{
	const uint64_t flags = run->frame.flags;

	switch (run->kind) {
	case VMSCOPE_FRAME_ANON:
		return flags & FLAG(KSM) ? "ksm" : "anon";
	case VMSCOPE_FRAME_CACHE:
		return flags & FLAG(SWAPBACKED) ? "shmem" : "file";
	case VMSCOPE_FRAME_COMPOUND:
	case VMSCOPE_FRAME_OTHER:
		if (flags & FLAG(SWAPCACHE))
			return "swapcache";
	}
	return vmscope_frame_kind_name(run->kind);
}

/* The row of this use and node; NULL if memory is short. */
static struct sum *find_sum(struct job *job, const char *use, uint64_t node)
{
	for (size_t i = 0; i < job->nr; i++) {
		if (job->sums[i].node == node && !strcmp(job->sums[i].use, use))
			return &job->sums[i];
	}
	if (!array_reserve(&job->sums, job->nr + 1, &job->room,
			   sizeof(*job->sums)))
		return NULL;
	job->sums[job->nr] = (struct sum){ .use = use, .node = node };
	return &job->sums[job->nr++];
}

static void add_states(struct sum *sum, uint64_t flags, uint64_t bytes)
{
	bool listed = flags & FLAG(LRU) && !(flags & FLAG(UNEVICTABLE));

	sum->bytes += bytes;
	sum->lru += listed ? bytes : 0;
	sum->active += listed && flags & FLAG(ACTIVE) ? bytes : 0;
	sum->inactive += listed && !(flags & FLAG(ACTIVE)) ? bytes : 0;
	sum->unevictable += flags & FLAG(UNEVICTABLE) ? bytes : 0;
	sum->dirty += flags & FLAG(DIRTY) ? bytes : 0;
	sum->writeback += flags & FLAG(WRITEBACK) ? bytes : 0;
	sum->swapcache += flags & FLAG(SWAPCACHE) ? bytes : 0;
}

static int add_run(struct job *job, const struct vmscope_frame_run *run)
{
	uint64_t node = VMSCOPE_PLACE_NODE(run->frame.place);
	struct sum *sum;

	if (run->kind == VMSCOPE_FRAME_HOLE)
		return 0;
	sum = find_sum(job, use_of(run), node);
	if (!sum)
		return -ENOMEM;
	sum->pages += run->frames;
	add_states(sum, run->frame.flags,
		   run->frames * job->req->target.info->page_size);
	return 0;
}

static int print_run(struct job *job, const struct vmscope_frame_run *run)
{
	const struct vmscope_info *info = job->req->target.info;
	const uint64_t pfn = run->frame.where / info->page_size;
	const struct vmscope_record rec = {
		.value = pfn,
		.frame = &run->frame,
	};
	const struct frame_row row = {
		.page = { .info = info, .rec = &rec },
		.use = use_of(run),
		.pfn = pfn,
		.pages = run->frames,
		.bytes = run->frames * info->page_size,
	};

	if (!filter_match(job->req->filter, &row))
		return 0;
	return output_row(job->out, &row);
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
			failed = job->out ? print_run(job, run) :
					    add_run(job, run);
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
		.facts = (req->facts | VMSCOPE_FACT_FLAGS) &
			 req->target.info->facts,
		.page_flags = job->out ? UINT64_MAX : SUM_FLAGS,
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
				"frame %llu is beyond memory, which ends at frame %llu",
				(unsigned long long)start,
				(unsigned long long)list.memory_end);
			return EXIT_FAILED;
		}
	}
	return ret;
}

/* By node, then in the order of the list. */
static int compare_sums(const void *a, const void *b)
{
	const struct sum *x = a, *y = b;

	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	return strstr(FRAME_USES, x->use) < strstr(FRAME_USES, y->use) ? -1 : 1;
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
	struct sum total = { .use = "memory", .total = true };

	for (size_t i = 0; i < job->nr; i++) {
		const struct sum *sum = &job->sums[i];

		total.pages += sum->pages;
		total.bytes += sum->bytes;
		total.lru += sum->lru;
		total.active += sum->active;
		total.inactive += sum->inactive;
		total.unevictable += sum->unevictable;
		total.dirty += sum->dirty;
		total.writeback += sum->writeback;
		total.swapcache += sum->swapcache;
	}
	total.of_memory = total.bytes;
	total.aged = has_generations();
	for (size_t i = 0; i < job->nr; i++) {
		job->sums[i].of_memory = total.bytes;
		job->sums[i].aged = total.aged;
	}
	if (job->nr)
		qsort(job->sums, job->nr, sizeof(total), compare_sums);
	job->nr = rows_filter(req->filter, job->sums, job->nr, sizeof(total));
	return request_print(req, job->sums, job->nr, sizeof(total),
			     req->filter ? NULL : &total);
}

static int list_or_sum(struct job *job)
{
	struct request *req = job->req;
	int ret;

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
	ret = list_or_sum(job);
	free(job->sums);
	free(job);
	return ret;
}

const struct command cmd_frames = {
	.name = "frames",
	.args = "[PFN...]",
	.help = "what memory is used for, or facts of frames",
	.takes = TAKES_SORT | TAKES_SUMMARY | TAKES_BY,
	.on = ON_KERNEL,
	.op = VMSCOPE_OP_FRAMES,
	.columns = &frame_columns,
	.sums = &sum_columns,
	.sums_by_node = &node_columns,
	.sums_all = true,
	.check = frames_check,
	.run = frames_run,
};
