// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope kernel kmalloc: slab caches, and what else fills memory. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/column.h"
#include "cli/filter.h"
#include "cli/table.h"
#include "cli/tool.h"
#include "source/slabmerge.h"

/* More than the module distinguishes. */
enum { MAX_CACHES = 1024 };

/* The caches, their two totals, unnamed slabs, kinds of frames, their total. */
enum { MAX_ROWS = MAX_CACHES + VMSCOPE_NR_FRAME_KINDS + 4 };

/**
 * struct kmalloc_row - a slab cache, frames of a kind, or a total
 * @kind: which of them
 * @name: of the cache or kind; empty where it is not known
 * @known: enum vmscope_known; 0 of a total
 * @addr: where the cache's struct is; 0 where there is none
 * @object_size: bytes that an object has for its user; 0 where not known
 * @stride: bytes from one object to the next; 0 where not known
 * @has_slabs: @slabs and @small_slabs mean something
 * @slabs: number of slabs
 * @small_slabs: those with fewer pages than the largest
 * @pages: base pages
 * @bytes: their size
 * @of_memory: all pages
 */
struct kmalloc_row {
	const char *kind;
	char name[sizeof(((struct vmscope_slab_cache *)0)->name) + 1];
	uint64_t known;
	uint64_t addr;
	uint64_t object_size;
	uint64_t stride;
	bool has_slabs;
	uint64_t slabs;
	uint64_t small_slabs;
	uint64_t pages;
	uint64_t bytes;
	uint64_t of_memory;
};

static const struct kmalloc_row *kmalloc_row(const void *row)
{
	return row;
}

static void get_kind(const void *row, struct value *v)
{
	value_text(v, kmalloc_row(row)->kind);
}

static void get_name(const void *row, struct value *v)
{
	if (*kmalloc_row(row)->name)
		value_text(v, kmalloc_row(row)->name);
}

/* The strongest evidence is shown. */
static void get_known(const void *row, struct value *v)
{
	static const uint64_t by_strength[] = {
		VMSCOPE_KNOWN_POINTER,
		VMSCOPE_KNOWN_LAYOUT,
		VMSCOPE_KNOWN_TYPE,
	};
	const struct vmscope_bit *b = vmscope_known_table();
	size_t i = 0;

	while (i < ARRAY_SIZE(by_strength) &&
	       !(kmalloc_row(row)->known & by_strength[i]))
		i++;
	if (i == ARRAY_SIZE(by_strength))
		return;
	while (b->name && b->value != by_strength[i])
		b++;
	if (b->name)
		value_text(v, b->name);
}

static void get_addr(const void *row, struct value *v)
{
	if (kmalloc_row(row)->addr)
		value_number(v, kmalloc_row(row)->addr);
}

static void get_object_size(const void *row, struct value *v)
{
	if (kmalloc_row(row)->object_size)
		value_number(v, kmalloc_row(row)->object_size);
}

static void get_stride(const void *row, struct value *v)
{
	if (kmalloc_row(row)->stride)
		value_number(v, kmalloc_row(row)->stride);
}

static void get_slabs(const void *row, struct value *v)
{
	if (kmalloc_row(row)->has_slabs)
		value_number(v, kmalloc_row(row)->slabs);
}

static void get_small_slabs(const void *row, struct value *v)
{
	if (kmalloc_row(row)->has_slabs)
		value_number(v, kmalloc_row(row)->small_slabs);
}

static void get_pages(const void *row, struct value *v)
{
	value_number(v, kmalloc_row(row)->pages);
}

static void get_size(const void *row, struct value *v)
{
	value_number(v, kmalloc_row(row)->bytes);
}

static void get_share(const void *row, struct value *v)
{
	const struct kmalloc_row *r = kmalloc_row(row);

	if (r->of_memory)
		value_number(v, r->pages * 1000 / r->of_memory);
}

static const struct vmscope_bit *kind_words(void)
{
	static const struct vmscope_bit words[] = {
		{ 0, "kmalloc", NULL }, { 0, "cache", NULL },
		{ 0, "frames", NULL },	{ 0, "total", NULL },
		{ 0, NULL, NULL },
	};

	return words;
}

/* clang-format off: one column a row */
static const struct column columns[] = {
	COLUMN_WORDS(kind, 7, TEXT, kind_words,
		     "kmalloc, cache, frames, or a total"),
	COLUMN_WORDS(
		known, 7, TEXT, vmscope_known_table,
		"how: pointer, by an exported one; layout; type of the page"),
	COLUMN_THAT(addr, 16, HEX, 0, 0, "where struct kmem_cache is"),
	COLUMN(object_size, 11, NUMBER, "bytes of an object"),
	COLUMN(stride, 6, NUMBER, "bytes from one object to the next"),
	COLUMN(slabs, 6, NUMBER, "blocks of pages that hold objects"),
	COLUMN(small_slabs, 11, NUMBER, "slabs smaller than the largest"),
	COLUMN(pages, 8, NUMBER, "base pages"),
	COLUMN(size, 7, SIZE, "bytes of all pages"),
	COLUMN(share, 5, TENTHS, "of memory, in percent"),
	COLUMN_THAT(name, 16, TEXT, WIDE, 0, "name of the cache, or the kind"),
};

/* clang-format on */

static const struct column_set kmalloc_columns = {
	columns,
	ARRAY_SIZE(columns),
	"kind,known,object_size,slabs,pages,size,share,name",
};

/**
 * struct table - rows so far
 * @row: the rows
 * @nr: how many
 * @page_size: bytes of a page
 * @memory: all pages
 */
struct table {
	struct kmalloc_row row[MAX_ROWS];
	size_t nr;
	uint64_t page_size;
	uint64_t memory;
};

static struct kmalloc_row *add_row(struct table *table, const char *kind,
				   const char *name, uint64_t pages)
{
	struct kmalloc_row *row = &table->row[table->nr++];

	*row = (struct kmalloc_row){
		.kind = kind,
		.pages = pages,
		.bytes = pages * table->page_size,
		.of_memory = table->memory,
	};
	snprintf(row->name, sizeof(row->name), "%s", name);
	return row;
}

static bool is_kmalloc(const struct vmscope_slab_cache *cache)
{
	return cache->known & VMSCOPE_KNOWN_POINTER;
}

static void add_cache(struct table *table,
		      const struct vmscope_slab_cache *cache)
{
	struct kmalloc_row *row;
	char name[sizeof(cache->name) + 1] = "";

	memcpy(name, cache->name, sizeof(cache->name));
	row = add_row(table, is_kmalloc(cache) ? "kmalloc" : "cache", name,
		      cache->pages);
	row->known = cache->known;
	row->addr = cache->addr;
	row->object_size = cache->object_size;
	row->stride = cache->stride;
	row->has_slabs = true;
	row->slabs = cache->slabs;
	row->small_slabs = cache->small_slabs;
}

/* Adds up the rows before it. */
static void add_total(struct table *table, const char *name)
{
	size_t nr = table->nr;
	struct kmalloc_row *total = add_row(table, "total", name, 0);

	total->has_slabs = true;
	for (size_t i = 0; i < nr; i++) {
		const struct kmalloc_row *row = &table->row[i];

		if (!strcmp(row->kind, "total"))
			continue;
		total->pages += row->pages;
		total->bytes += row->bytes;
		total->slabs += row->slabs;
		total->small_slabs += row->small_slabs;
	}
}

static void add_caches(struct table *table, const struct vmscope_slabs *slabs,
		       const struct vmscope_slab_cache *caches)
{
	size_t nr = slabs->nr_caches < MAX_CACHES ? slabs->nr_caches :
						    MAX_CACHES;
	size_t i = 0;

	while (i < nr && is_kmalloc(&caches[i]))
		add_cache(table, &caches[i++]);
	if (i)
		add_total(table, "kmalloc");
	while (i < nr)
		add_cache(table, &caches[i++]);
	if (slabs->unnamed)
		add_row(table, "cache", "", slabs->unnamed)->known =
			VMSCOPE_KNOWN_TYPE;
	add_total(table, "slab");
	/* How many slabs the unnamed pages are is not known. */
	if (slabs->unnamed)
		table->row[table->nr - 1].has_slabs = false;
}

static void add_frames(struct table *table, const struct vmscope_slabs *slabs)
{
	const struct vmscope_bit *b = vmscope_frame_kind_table();

	for (; b->name; b++) {
		if (b->value == VMSCOPE_FRAME_SLAB ||
		    b->value == VMSCOPE_FRAME_HOLE || !slabs->kinds[b->value])
			continue;
		add_row(table, "frames", b->name, slabs->kinds[b->value])
			->known = VMSCOPE_KNOWN_TYPE;
	}
	add_row(table, "total", "memory", table->memory);
}

static size_t wanted(struct table *table, const struct filter *filter)
{
	size_t kept = 0;

	for (size_t i = 0; i < table->nr; i++) {
		if (filter_match(filter, &table->row[i]))
			table->row[kept++] = table->row[i];
	}
	return kept;
}

static int show(const struct request *req, struct table *table,
		const struct filter *filter, const struct column_list *list)
{
	int ret;

	table->nr = wanted(table, filter);
	ret = rows_sort(&kmalloc_columns, req->opt->sort, table->row, table->nr,
			sizeof(table->row[0]));
	if (ret)
		return ret;
	ret = table_print(req->cmd->name, list, req->opt, table->row, table->nr,
			  sizeof(table->row[0]), NULL);
	if (ret == -ENOMEM)
		return tool_failed(VMSCOPE_OP_SLABS, ret, NULL);
	return EXIT_OK;
}

static void hint_unknown(const struct request *req,
			 const struct vmscope_info *info)
{
	if (!(info->features & VMSCOPE_FEAT_SLAB_CACHE))
		tool_hint(
			req,
			"slab caches are not distinguished; \"vmscope info\" says why");
	else if (!(info->features & VMSCOPE_FEAT_SLAB_NAME))
		tool_hint(
			req,
			"slab caches have no names; \"vmscope info\" says why");
}

static int run_on_kernel(const struct request *req, const struct target *target,
			 const struct filter *filter,
			 const struct column_list *list)
{
	struct vmscope_slab_cache *caches = calloc(MAX_CACHES, sizeof(*caches));
	struct table *table = calloc(1, sizeof(*table));
	struct slab_names names = { 0 };
	struct vmscope_slabs slabs;
	int ret = caches && table ? 0 : -ENOMEM;

	if (!ret)
		ret = vmscope_sum_slabs(target->scope, &slabs, caches,
					MAX_CACHES);
	if (ret) {
		ret = tool_failed(VMSCOPE_OP_SLABS, ret, "kernel");
	} else {
		table->page_size = target->info->page_size;
		table->memory = slabs.frames - slabs.kinds[VMSCOPE_FRAME_HOLE];
		add_caches(table, &slabs, caches);
		add_frames(table, &slabs);
		ret = show(req, table, filter, list);
		hint_unknown(req, target->info);
		hint_all_merged(req, &names);
		slab_names_free(&names);
	}
	free(table);
	free(caches);
	return ret;
}

static int run(const struct request *req)
{
	struct column_list list;
	struct filter *filter = NULL;
	struct target target;
	int ret;

	ret = columns_select(&kmalloc_columns, req->opt, &list);
	if (!ret)
		ret = filter_parse(&filter, &kmalloc_columns, req->opt->filter);
	if (!ret)
		ret = rows_sort(&kmalloc_columns, req->opt->sort, NULL, 0, 1);
	if (!ret)
		ret = target_open_kernel(&target);
	if (!ret) {
		ret = run_on_kernel(req, &target, filter, &list);
		target_close(&target);
	}
	filter_free(filter);
	return ret;
}

const struct command cmd_kernel_kmalloc = {
	.name = "kmalloc",
	.group = "kernel",
	.args = "",
	.help = "slab caches, and what else fills memory",
	.takes = TAKES_SORT,
	.columns = &kmalloc_columns,
	.run = run,
};
