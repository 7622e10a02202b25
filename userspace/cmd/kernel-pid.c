// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope kernel pid: what the kernel keeps for a process. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/array.h"
#include "cli/table.h"
#include "cmd/command.h"
#include "source/device.h"
#include "source/slabmerge.h"

#define NO_PFN UINT64_MAX

/* An object, and what it is. */
struct object_row {
	struct vmscope_object obj; /* as the module reports it */
	uint64_t pfn; /* frame that its first byte is in, or NO_PFN */
	/* its physically contiguous extents, 0 if that is not known */
	uint64_t pieces;
	/* its allocator, NULL if that is not known */
	const char *allocator;
	char cache[64]; /* name of its slab cache, or "" */
	/* bytes that the cache has for it, 0 if that is not known */
	uint64_t object_size;
};

static const struct object_row *object_row(const void *row)
{
	return row;
}

static bool is_vma(const void *row)
{
	return object_row(row)->obj.type == VMSCOPE_OBJECT_VMA;
}

static bool is_file(const void *row)
{
	return object_row(row)->obj.type == VMSCOPE_OBJECT_FILE;
}

static bool is_table(const void *row)
{
	return object_row(row)->obj.type == VMSCOPE_OBJECT_TABLE;
}

static bool is_of_process(const void *row)
{
	return !is_vma(row) && !is_file(row) && !is_table(row);
}

static bool has_pfn(const void *row)
{
	return object_row(row)->pfn != NO_PFN;
}

GET_WHEN(get_level, text, is_table(row),
	 vmscope_level_name(object_row(row)->obj.id))

static void get_id(const void *row, struct value *v)
{
	unsigned long long id = object_row(row)->obj.id;

	value_text(v, v->buf);
	if (is_table(row))
		value_text(v, vmscope_level_name(id));
	else
		snprintf(v->buf, sizeof(v->buf),
			 is_vma(row) ? "0x%llx" : "%llu", id);
}

static const struct column columns[] = {
	COLUMN(type, 7, TEXT, "what it is", FIELD(struct object_row, obj.type),
	       NAMES(vmscope_object_table)),
	COLUMN(id, 14, TEXT, "which one: pid, fd, start or level", GET(get_id)),
	COLUMN(pid, 7, NUMBER, "thread that it belongs to, or process",
	       FIELD(struct object_row, obj.id), .when = is_of_process),
	COLUMN(fd, 5, NUMBER, "descriptor of an open file",
	       FIELD(struct object_row, obj.id), .when = is_file),
	COLUMN(start, 14, HEX, "start of an area",
	       FIELD(struct object_row, obj.id), .when = is_vma),
	COLUMN(level, 5, TEXT, "level of a page table", GET(get_level),
	       WORDS_OF(vmscope_level_table)),
	COLUMN(address, 18, HEX, "its kernel address",
	       FIELD(struct object_row, obj.addr)),
	COLUMN(size, 6, SIZE, "its bytes", FIELD(struct object_row, obj.bytes)),
	COLUMN(pfn, 9, NUMBER, "frame that its first byte is in",
	       FIELD(struct object_row, pfn), .when = has_pfn,
	       .needs = NEEDS_FRAMES),
	COLUMN(pieces, 6, NUMBER, "physically contiguous pieces of it",
	       OPTIONAL(struct object_row, pieces), .needs = NEEDS_FRAMES),
	COLUMN(allocator, 9, TEXT,
	       "kmalloc, cache (one with a name), slab (one or the other), vmalloc, pages or image",
	       FIELD(struct object_row, allocator),
	       WORDS("kmalloc,cache,slab,vmalloc,pages,image")),
	COLUMN(cache, 14, TEXT, "name of its slab cache",
	       OPTIONAL(struct object_row, cache)),
	COLUMN(object_size, 11, SIZE, "bytes that the cache has for it",
	       OPTIONAL(struct object_row, object_size)),
};

static const struct column_set object_columns =
	COLUMN_SET(columns, "type,id,address,size,pieces,allocator,cache");

/* Objects of one kind, added up. */
struct sum_row {
	const char *by; /* what @kind is: "type", "allocator" or "all" */
	const char *kind; /* a type or an allocator */
	uint64_t objects; /* how many were reported */
	/* without those that were reported before */
	uint64_t distinct;
	uint64_t bytes; /* their bytes */
};

static const struct column sum_columns[] = {
	COLUMN(sum, 9, TEXT, "", FIELD(struct sum_row, by)),
	COLUMN(of, 9, TEXT, "", FIELD(struct sum_row, kind)),
	COLUMN(objects, 8, NUMBER, "", FIELD(struct sum_row, objects)),
	COLUMN(distinct, 8, NUMBER, "", FIELD(struct sum_row, distinct)),
	COLUMN(size, 8, SIZE, "", FIELD(struct sum_row, bytes)),
};

/* A list in progress. */
struct job {
	struct request *req;
	/* bound to the kernel, NULL if that adds nothing */
	struct vmscope *kernel;
	int why; /* why @kernel is NULL, as a negative errno */
	bool frames; /* frames are wanted */
	struct object_row *rows;
	size_t nr; /* their number */
	size_t room;
};

/* Page by page through the kernel's own page tables. */
static void find_frames(struct job *job, struct object_row *row)
{
	uint64_t page = job->req->target.info->page_size, last = 0;
	uint64_t end = row->obj.addr + row->obj.bytes;

	for (uint64_t at = row->obj.addr; at < end;
	     at = (at | (page - 1)) + 1) {
		struct vmscope_walk walk;

		if (vmscope_walk_addr(job->req->target.scope, at, &walk, NULL,
				      0) ||
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

static const char *slab_allocator(const struct object_row *row)
{
	if (!*row->cache)
		return "slab";
	return !strncmp(row->cache, "kmalloc-", 8) ||
			       !strncmp(row->cache, "dma-kmalloc-", 12) ?
		       "kmalloc" :
		       "cache";
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
		/* Registers of the FPU and masks of processors follow these. */
		if (!strcmp(row->cache, "task_struct") ||
		    !strcmp(row->cache, "mm_struct"))
			row->obj.bytes = row->object_size;
	}
	row->allocator = allocator_of(row, &what);
}

static int add_object(struct job *job, const struct vmscope_object *obj)
{
	struct object_row *row;

	if (!array_reserve(&job->rows, job->nr + 1, &job->room, sizeof(*row)))
		return -ENOMEM;
	row = &job->rows[job->nr];
	*row = (struct object_row){ .obj = *obj, .pfn = NO_PFN };
	if (job->frames)
		find_frames(job, row);
	find_allocator(job, row);
	if (filter_match(job->req->filter, row))
		job->nr++;
	return 0;
}

static int read_objects(struct job *job)
{
	struct vmscope_object buf[128];
	uint64_t cursor[2] = { 0 };
	size_t nr;
	int ret = 0, more;

	do {
		more = vmscope_read_objects(job->req->target.scope, cursor, buf,
					    ARRAY_SIZE(buf), &nr);
		if (more < 0)
			return more;
		for (size_t i = 0; i < nr && !ret; i++)
			ret = add_object(job, &buf[i]);
	} while (more && !ret);
	return ret;
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
static int print_all_sums(struct job *job)
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

/* A module that is too old does not know the flag that binds to the kernel. */
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

static int print_objects(struct job *job)
{
	struct request *req = job->req;
	struct slab_names names = { 0 };
	char why[256];
	int ret = request_print(req, job->rows, job->nr, sizeof(job->rows[0]),
				NULL);

	if (!ret && request_is_for_people(req))
		ret = print_all_sums(job);
	if (job->why)
		message_hint("allocators and caches are not known: %s",
			     vmscope_explain(VMSCOPE_OP_WHAT, job->why, why,
					     sizeof(why)));
	else
		hint_all_merged(&names);
	slab_names_free(&names);
	return ret;
}

static int objects_run(struct request *req)
{
	struct job job = {
		.req = req,
		.frames = req->needs & NEEDS_FRAMES || req->sort,
	};
	int ret;

	open_kernel(&job);
	ret = read_objects(&job);
	vmscope_close(job.kernel);
	if (!ret)
		ret = print_objects(&job);
	free(job.rows);
	return ret;
}

const struct command cmd_kernel_pid = {
	.name = "pid",
	.group = "kernel",
	.args = "PID",
	.help = "what the kernel keeps for a process",
	.takes = TAKES_SORT,
	.on = ON_PROCESS,
	.op = VMSCOPE_OP_OBJECTS,
	.columns = &object_columns,
	.run = objects_run,
};
