// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope kernel pid: what the kernel keeps for a process. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/column.h"
#include "cli/filter.h"
#include "cli/table.h"
#include "cli/tool.h"

#define NO_PFN UINT64_MAX

/**
 * struct object_row - an object, and what it is
 * @obj: as the module reports it
 * @pfn: frame that its first byte is in, or NO_PFN
 * @pieces: physically contiguous pieces of it, 0 where that is not known
 * @allocator: where it comes from, NULL where that is not known
 * @cache: name of its slab cache, or ""
 * @object_size: bytes that the cache has for it, 0 where that is not known
 */
struct object_row {
	struct vmscope_object obj;
	uint64_t pfn;
	uint64_t pieces;
	const char *allocator;
	char cache[64];
	uint64_t object_size;
};

static const struct object_row *object_row(const void *row)
{
	return row;
}

static void get_type(const void *row, struct value *v)
{
	v->known = true;
	v->number = object_row(row)->obj.type;
	v->text = vmscope_object_name(v->number);
}

static bool is_of_process(const struct vmscope_object *obj)
{
	return obj->type != VMSCOPE_OBJECT_VMA &&
	       obj->type != VMSCOPE_OBJECT_FILE &&
	       obj->type != VMSCOPE_OBJECT_TABLE;
}

static void get_pid(const void *row, struct value *v)
{
	if (is_of_process(&object_row(row)->obj))
		value_number(v, object_row(row)->obj.id);
}

static void get_fd(const void *row, struct value *v)
{
	if (object_row(row)->obj.type == VMSCOPE_OBJECT_FILE)
		value_number(v, object_row(row)->obj.id);
}

static void get_start(const void *row, struct value *v)
{
	if (object_row(row)->obj.type == VMSCOPE_OBJECT_VMA)
		value_number(v, object_row(row)->obj.id);
}

static void get_level(const void *row, struct value *v)
{
	if (object_row(row)->obj.type == VMSCOPE_OBJECT_TABLE)
		value_text(v, vmscope_level_name(object_row(row)->obj.id));
}

static void get_id(const void *row, struct value *v)
{
	const struct vmscope_object *obj = &object_row(row)->obj;

	value_text(v, v->buf);
	if (obj->type == VMSCOPE_OBJECT_TABLE)
		value_text(v, vmscope_level_name(obj->id));
	else if (obj->type == VMSCOPE_OBJECT_VMA)
		snprintf(v->buf, sizeof(v->buf), "0x%llx",
			 (unsigned long long)obj->id);
	else
		snprintf(v->buf, sizeof(v->buf), "%llu",
			 (unsigned long long)obj->id);
}

static void get_address(const void *row, struct value *v)
{
	value_number(v, object_row(row)->obj.addr);
}

static void get_size(const void *row, struct value *v)
{
	value_number(v, object_row(row)->obj.bytes);
}

static void get_pfn(const void *row, struct value *v)
{
	if (object_row(row)->pfn != NO_PFN)
		value_number(v, object_row(row)->pfn);
}

static void get_pieces(const void *row, struct value *v)
{
	if (object_row(row)->pieces)
		value_number(v, object_row(row)->pieces);
}

static void get_allocator(const void *row, struct value *v)
{
	if (object_row(row)->allocator)
		value_text(v, object_row(row)->allocator);
}

static void get_cache(const void *row, struct value *v)
{
	if (*object_row(row)->cache)
		value_text(v, object_row(row)->cache);
}

static void get_object_size(const void *row, struct value *v)
{
	if (object_row(row)->object_size)
		value_number(v, object_row(row)->object_size);
}

static const struct vmscope_bit *allocator_words(void)
{
	static const struct vmscope_bit words[] = {
		{ 0, "kmalloc", NULL }, { 0, "cache", NULL },
		{ 0, "slab", NULL },	{ 0, "vmalloc", NULL },
		{ 0, "pages", NULL },	{ 0, "image", NULL },
		{ 0, NULL, NULL },
	};

	return words;
}

/* clang-format off: one column a row */
static const struct column columns[] = {
	COLUMN_NAMED(type, 7, vmscope_object_table, "what it is"),
	COLUMN(id, 14, TEXT, "which one: pid, fd, start or level"),
	COLUMN(pid, 7, NUMBER, "thread that it belongs to, or process"),
	COLUMN(fd, 5, NUMBER, "descriptor of an open file"),
	COLUMN(start, 14, HEX, "start of an area"),
	COLUMN_WORDS(level, 5, TEXT, vmscope_level_table,
		     "level of a page table"),
	COLUMN(address, 18, HEX, "its kernel address"),
	COLUMN(size, 6, SIZE, "its bytes"),
	COLUMN_THAT(pfn, 9, NUMBER, NEEDS_FRAMES, 0,
		    "frame that its first byte is in"),
	COLUMN_THAT(pieces, 6, NUMBER, NEEDS_FRAMES, 0,
		    "physically contiguous pieces of it"),
	COLUMN_WORDS(
		allocator, 9, TEXT, allocator_words,
		"kmalloc, cache (one with a name), slab (one or the other), vmalloc, pages or image"),
	COLUMN(cache, 14, TEXT, "name of its slab cache"),
	COLUMN(object_size, 11, SIZE, "bytes that the cache has for it"),
};

/* clang-format on */

static const struct column_set object_columns = {
	columns,
	ARRAY_SIZE(columns),
	"type,id,address,size,pieces,allocator,cache",
};

/**
 * struct sum_row - objects of one kind, added up
 * @by: what @kind is: "type", "allocator" or "all"
 * @kind: a type or an allocator
 * @objects: how many were reported
 * @distinct: how many of them are not one that was reported before
 * @bytes: of those
 */
struct sum_row {
	const char *by;
	const char *kind;
	uint64_t objects;
	uint64_t distinct;
	uint64_t bytes;
};

static const struct sum_row *sum_row(const void *row)
{
	return row;
}

static void get_by(const void *row, struct value *v)
{
	value_text(v, sum_row(row)->by);
}

static void get_kind(const void *row, struct value *v)
{
	value_text(v, sum_row(row)->kind);
}

static void get_objects(const void *row, struct value *v)
{
	value_number(v, sum_row(row)->objects);
}

static void get_distinct(const void *row, struct value *v)
{
	value_number(v, sum_row(row)->distinct);
}

static void get_bytes(const void *row, struct value *v)
{
	value_number(v, sum_row(row)->bytes);
}

/* clang-format off: one column a row */
static const struct column sum_columns[] = {
	{ "sum", 9, TYPE_TEXT, 0, 0, "", get_by, NULL, NULL },
	{ "of", 9, TYPE_TEXT, 0, 0, "", get_kind, NULL, NULL },
	{ "objects", 8, TYPE_NUMBER, 0, 0, "", get_objects, NULL, NULL },
	{ "distinct", 8, TYPE_NUMBER, 0, 0, "", get_distinct, NULL, NULL },
	{ "size", 8, TYPE_SIZE, 0, 0, "", get_bytes, NULL, NULL },
};

/* clang-format on */

/**
 * struct job - a list under way
 * @req: the request
 * @target: the process
 * @kernel: bound to the kernel, NULL where that adds nothing
 * @why: why @kernel is NULL, as a negative errno
 * @filter: -Q, or NULL
 * @list: columns
 * @frames: frames are asked for
 * @rows: the objects
 * @nr: how many they are
 * @room: how many @rows has room for
 */
struct job {
	const struct request *req;
	struct target target;
	struct vmscope *kernel;
	int why;
	struct filter *filter;
	struct column_list list;
	bool frames;
	struct object_row *rows;
	size_t nr;
	size_t room;
};

/* Page by page through the kernel's own tables. */
static void find_frames(struct job *job, struct object_row *row)
{
	uint64_t page = job->target.info->page_size, last = 0;
	uint64_t end = row->obj.addr + row->obj.bytes;

	for (uint64_t at = row->obj.addr; at < end;
	     at = (at | (page - 1)) + 1) {
		struct vmscope_walk walk;

		if (vmscope_walk_addr(job->target.scope, at, &walk, NULL, 0) ||
		    !walk.phys) {
			row->pieces = 0;
			return;
		}
		if (at == row->obj.addr)
			row->pfn = walk.phys / page;
		if (at == row->obj.addr || walk.phys != last + page)
			row->pieces++;
		last = walk.phys & ~(page - 1);
	}
}

static bool is_kmalloc(const char *cache)
{
	return !strncmp(cache, "kmalloc-", 8) ||
	       !strncmp(cache, "dma-kmalloc-", 12);
}

static const char *slab_allocator(const struct object_row *row)
{
	if (!*row->cache)
		return "slab";
	return is_kmalloc(row->cache) ? "kmalloc" : "cache";
}

static const char *frame_allocator(const struct vmscope_what *what)
{
	switch (what->frame_kind) {
	case VMSCOPE_FRAME_SLAB:
		return "slab";
	case VMSCOPE_FRAME_LARGE_KMALLOC:
		return "kmalloc";
	case VMSCOPE_FRAME_TABLE:
	case VMSCOPE_FRAME_COMPOUND:
	case VMSCOPE_FRAME_OTHER:
		return "pages";
	default:
		return NULL;
	}
}

static const char *allocator_of(const struct object_row *row,
				const struct vmscope_what *what)
{
	if (what->region == VMSCOPE_REGION_VMALLOC)
		return "vmalloc";
	if (what->region == VMSCOPE_REGION_IMAGE)
		return "image";
	if (what->known & VMSCOPE_WHAT_CACHE)
		return slab_allocator(row);
	return what->known & VMSCOPE_WHAT_FRAME ? frame_allocator(what) : NULL;
}

static void find_allocator(struct job *job, struct object_row *row)
{
	struct vmscope_what what;
	int ret;

	if (!job->kernel)
		return;
	ret = vmscope_what(job->kernel, row->obj.addr, &what);
	if (ret == -ENOTTY || ret == -EOPNOTSUPP) {
		vmscope_close(job->kernel);
		job->kernel = NULL;
		job->why = ret;
	}
	if (ret || what.known & VMSCOPE_WHAT_RACED)
		return;
	if (what.known & VMSCOPE_WHAT_CACHE) {
		snprintf(row->cache, sizeof(row->cache), "%.63s",
			 (const char *)what.cache.name);
		row->object_size = what.cache.object_size;
	}
	row->allocator = allocator_of(row, &what);
}

static int make_room(struct job *job)
{
	size_t room = job->room ? job->room * 2 : 256;
	struct object_row *bigger;

	if (job->nr < job->room)
		return 0;
	bigger = reallocarray(job->rows, room, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	job->rows = bigger;
	job->room = room;
	return 0;
}

static int add_object(struct job *job, const struct vmscope_object *obj)
{
	struct object_row *row;

	if (make_room(job))
		return -ENOMEM;
	row = &job->rows[job->nr];
	*row = (struct object_row){ .obj = *obj, .pfn = NO_PFN };
	if (job->frames)
		find_frames(job, row);
	find_allocator(job, row);
	if (filter_match(job->filter, row))
		job->nr++;
	return 0;
}

static int read_objects(struct job *job)
{
	struct vmscope_object buf[128];
	uint64_t cursor[2] = { 0 };
	size_t nr;
	int ret, more;

	do {
		more = vmscope_read_objects(job->target.scope, cursor, buf,
					    ARRAY_SIZE(buf), &nr);
		if (more < 0)
			return more;
		for (size_t i = 0; i < nr; i++) {
			ret = add_object(job, &buf[i]);
			if (ret)
				return ret;
		}
	} while (more);
	return 0;
}

static int by_address(const void *a, const void *b)
{
	const struct object_row *x = a, *y = b;

	if (x->obj.addr != y->obj.addr)
		return x->obj.addr < y->obj.addr ? -1 : 1;
	return (x->obj.type > y->obj.type) - (x->obj.type < y->obj.type);
}

static void add_to_sum(struct sum_row *sum, const struct object_row *row,
		       bool first)
{
	sum->objects++;
	if (!first)
		return;
	sum->distinct++;
	sum->bytes += row->obj.bytes;
}

static struct sum_row *find_allocator_sum(struct sum_row *sums, size_t *nr,
					  const char *allocator)
{
	for (size_t i = 0; i < *nr; i++) {
		if (!strcmp(sums[i].kind, allocator))
			return &sums[i];
	}
	sums[*nr] = (struct sum_row){ .by = "allocator", .kind = allocator };
	return &sums[(*nr)++];
}

/* As many as allocator_of() knows. */
enum { MAX_ALLOCATORS = 8 };

static int print_sums(const struct job *job, struct sum_row *rows, size_t nr,
		      const struct sum_row *total)
{
	struct column_list list = { .nr = ARRAY_SIZE(sum_columns) };

	for (size_t i = 0; i < list.nr; i++)
		list.col[i] = &sum_columns[i];
	putchar('\n');
	return table_print("sums", &list, job->req->opt, rows, nr,
			   sizeof(rows[0]), total);
}

/* For people: programs can add up themselves. Sorts the rows by address. */
static int add_up(struct job *job)
{
	struct sum_row types[VMSCOPE_NR_OBJECT_TYPES] = { 0 };
	struct sum_row sums[VMSCOPE_NR_OBJECT_TYPES + MAX_ALLOCATORS];
	struct sum_row from[MAX_ALLOCATORS],
		total = { "all", "total", 0, 0, 0 };
	size_t nr = 0, nr_from = 0;

	qsort(job->rows, job->nr, sizeof(job->rows[0]), by_address);
	for (size_t i = 0; i < job->nr; i++) {
		const struct object_row *row = &job->rows[i];
		bool first = !i || by_address(row - 1, row);

		if (row->obj.type < VMSCOPE_NR_OBJECT_TYPES)
			add_to_sum(&types[row->obj.type], row, first);
		if (row->allocator)
			add_to_sum(find_allocator_sum(from, &nr_from,
						      row->allocator),
				   row, first);
		add_to_sum(&total, row, first);
	}
	for (size_t t = 0; t < VMSCOPE_NR_OBJECT_TYPES; t++) {
		types[t].by = "type";
		types[t].kind = vmscope_object_name(t);
		if (types[t].objects)
			sums[nr++] = types[t];
	}
	memcpy(&sums[nr], from, nr_from * sizeof(from[0]));
	return print_sums(job, sums, nr + nr_from, &total);
}

static int write_out(struct job *job)
{
	const struct options *opt = job->req->opt;
	int ret;

	ret = rows_sort(&object_columns, opt->sort, job->rows, job->nr,
			sizeof(job->rows[0]));
	if (ret)
		return ret;
	ret = table_print(job->req->cmd->name, &job->list, opt, job->rows,
			  job->nr, sizeof(job->rows[0]), NULL);
	if (!ret && !opt->json && !opt->raw)
		ret = add_up(job);
	return ret == -ENOMEM ? EXIT_FAILED : EXIT_OK;
}

static void hint_allocators(const struct job *job)
{
	char why[256];

	if (job->why)
		tool_hint(job->req, "allocators and caches are not known: %s",
			  vmscope_explain(VMSCOPE_OP_WHAT, job->why, why,
					  sizeof(why)));
}

/* A module that is too old knows no flag of the binding. */
static void open_kernel(struct job *job)
{
	job->why = device_open(&job->kernel);
	if (job->why) {
		job->kernel = NULL;
		return;
	}
	job->why = vmscope_attach_kernel(job->kernel);
	if (!job->why)
		return;
	if (job->why == -EINVAL)
		job->why = -ENOTTY;
	vmscope_close(job->kernel);
	job->kernel = NULL;
}

static int show(struct job *job)
{
	int ret;

	open_kernel(job);
	ret = read_objects(job);
	vmscope_close(job->kernel);
	if (ret)
		return tool_failed(VMSCOPE_OP_OBJECTS, ret, job->req->argv[0]);
	ret = write_out(job);
	if (!ret)
		hint_allocators(job);
	return ret;
}

static void find_needs(struct job *job)
{
	unsigned int needs = 0;
	uint64_t run_flags = 0;

	for (size_t i = 0; i < job->list.nr; i++)
		needs |= job->list.col[i]->needs;
	filter_needs(job->filter, &needs, &run_flags);
	job->frames = needs & NEEDS_FRAMES || job->req->opt->sort;
}

static int run(const struct request *req)
{
	struct job job = { .req = req };
	int ret;

	ret = columns_select(&object_columns, req->opt, &job.list);
	if (!ret)
		ret = filter_parse(&job.filter, &object_columns,
				   req->opt->filter);
	if (!ret)
		ret = rows_sort(&object_columns, req->opt->sort, NULL, 0, 1);
	if (!ret)
		ret = target_open(&job.target, req->argv[0]);
	if (!ret) {
		find_needs(&job);
		ret = show(&job);
		target_close(&job.target);
	}
	free(job.rows);
	filter_free(job.filter);
	return ret;
}

const struct command cmd_kernel_pid = {
	.name = "pid",
	.group = "kernel",
	.args = "PID",
	.help = "what the kernel keeps for a process",
	.min_args = 1,
	.max_args = 1,
	.takes = TAKES_SORT,
	.columns = &object_columns,
	.run = run,
};
