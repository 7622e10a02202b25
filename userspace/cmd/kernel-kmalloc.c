// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope kernel kmalloc: slab caches, and what other frames are used for. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/array.h"
#include "cli/format.h"
#include "cmd/command.h"
#include "source/slabmerge.h"

/* More than the module distinguishes. */
enum { MAX_CACHES = 1024 };

/* The caches, their two totals, unnamed slabs, kinds of frames, their total. */
enum { MAX_ROWS = MAX_CACHES + VMSCOPE_NR_FRAME_KINDS + 4 };

/* A slab cache, frames of a kind, or a total. */
struct kmalloc_row {
	const char *kind; /* which of them */
	char name[64]; /* of the cache or kind; empty if it is not known */
	/* the cache; for other rows @known, @pages and sums of slabs */
	struct vmscope_slab_cache cache;
	bool has_slabs; /* numbers of slabs mean something */
	uint64_t bytes; /* of all pages */
	uint64_t of_memory; /* all pages of memory */
};

static const struct kmalloc_row *kmalloc_row(const void *row)
{
	return row;
}

static bool has_slabs(const void *row)
{
	return kmalloc_row(row)->has_slabs;
}

/* The strongest evidence is shown. */
static void get_known(const void *row, struct value *v)
{
	static const uint64_t by_strength[] = {
		VMSCOPE_KNOWN_POINTER,
		VMSCOPE_KNOWN_LAYOUT,
		VMSCOPE_KNOWN_TYPE,
	};

	for (size_t i = 0; i < ARRAY_SIZE(by_strength); i++) {
		if (!(kmalloc_row(row)->cache.known & by_strength[i]))
			continue;
		value_text(v, bit_name(vmscope_known_table(), by_strength[i]));
		return;
	}
}

static void get_share(const void *row, struct value *v)
{
	const struct kmalloc_row *r = kmalloc_row(row);

	if (r->of_memory)
		value_number(v, round_share(r->cache.pages, r->of_memory));
}

static const struct column columns[] = {
	COLUMN(kind, 7, TEXT, "kmalloc, cache, frames, or a total",
	       FIELD(struct kmalloc_row, kind),
	       WORDS("kmalloc,cache,frames,total")),
	COLUMN(known, 7, TEXT,
	       "how: pointer, by an exported one; layout; type of the page",
	       GET(get_known), WORDS_OF(vmscope_known_table)),
	COLUMN(addr, 16, HEX, "where struct kmem_cache is",
	       OPTIONAL(struct kmalloc_row, cache.addr)),
	COLUMN(object_size, 11, NUMBER, "bytes of an object",
	       OPTIONAL(struct kmalloc_row, cache.object_size)),
	COLUMN(stride, 6, NUMBER, "bytes from one object to the next",
	       OPTIONAL(struct kmalloc_row, cache.stride)),
	COLUMN(slabs, 6, NUMBER, "blocks of pages that hold objects",
	       FIELD(struct kmalloc_row, cache.slabs), .when = has_slabs),
	COLUMN(small_slabs, 11, NUMBER, "slabs smaller than the largest",
	       FIELD(struct kmalloc_row, cache.small_slabs), .when = has_slabs),
	COLUMN(pages, 8, NUMBER, "base pages",
	       FIELD(struct kmalloc_row, cache.pages)),
	COLUMN(size, 7, SIZE, "bytes of all pages",
	       FIELD(struct kmalloc_row, bytes)),
	COLUMN(share, 5, TENTHS, "of memory, in percent", GET(get_share)),
	COLUMN(name, 16, TEXT, "name of the cache, or the kind",
	       OPTIONAL(struct kmalloc_row, name), .needs = WIDE),
};

static const struct column_set kmalloc_columns = COLUMN_SET(
	columns, "kind,known,object_size,slabs,pages,size,share,name");

/* Rows so far. */
struct table {
	struct kmalloc_row row[MAX_ROWS];
	size_t nr;
	uint64_t page_size; /* bytes of a page */
	uint64_t memory; /* all pages */
};

static struct kmalloc_row *add_row(struct table *table, const char *kind,
				   const char *name, uint64_t pages)
{
	struct kmalloc_row *row = &table->row[table->nr++];

	*row = (struct kmalloc_row){
		.kind = kind,
		.cache.pages = pages,
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
	struct kmalloc_row *row =
		add_row(table, is_kmalloc(cache) ? "kmalloc" : "cache",
			(const char *)cache->name, cache->pages);

	row->cache = *cache;
	row->has_slabs = true;
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
		total->cache.pages += row->cache.pages;
		total->bytes += row->bytes;
		total->cache.slabs += row->cache.slabs;
		total->cache.small_slabs += row->cache.small_slabs;
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
		add_row(table, "cache", "", slabs->unnamed)->cache.known =
			VMSCOPE_KNOWN_TYPE;
	add_total(table, "slab");
	/* How many slabs the unnamed pages make up is not known. */
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
			->cache.known = VMSCOPE_KNOWN_TYPE;
	}
	add_row(table, "total", "memory", table->memory);
}

static void hint_unknown(const struct vmscope_info *info)
{
	if (!(info->features & VMSCOPE_FEAT_SLAB_CACHE))
		message_hint(
			"slab caches are not distinguished; \"vmscope info\" says why");
	else if (!(info->features & VMSCOPE_FEAT_SLAB_NAME))
		message_hint(
			"slab caches have no names; \"vmscope info\" says why");
}

static int print_memory(struct request *req, struct table *table,
			struct vmscope_slab_cache *caches)
{
	struct slab_names names = { 0 };
	struct vmscope_slabs slabs;
	int ret = vmscope_sum_slabs(req->target.scope, &slabs, caches,
				    MAX_CACHES);

	if (ret)
		return ret;
	table->page_size = req->target.info->page_size;
	table->memory = slabs.frames - slabs.kinds[VMSCOPE_FRAME_HOLE];
	add_caches(table, &slabs, caches);
	add_frames(table, &slabs);
	table->nr = rows_filter(req->filter, table->row, table->nr,
				sizeof(table->row[0]));
	ret = request_print(req, table->row, table->nr, sizeof(table->row[0]),
			    NULL);
	hint_unknown(req->target.info);
	hint_all_merged(&names);
	slab_names_free(&names);
	return ret;
}

static int kmalloc_run(struct request *req)
{
	struct vmscope_slab_cache *caches = calloc(MAX_CACHES, sizeof(*caches));
	struct table *table = calloc(1, sizeof(*table));
	int ret = -ENOMEM;

	if (caches && table)
		ret = print_memory(req, table, caches);
	free(table);
	free(caches);
	return ret;
}

const struct command cmd_kernel_kmalloc = {
	.name = "kmalloc",
	.group = "kernel",
	.args = "",
	.help = "slab caches, and what else fills memory",
	.takes = TAKES_SORT,
	.on = ON_KERNEL,
	.op = VMSCOPE_OP_SLABS,
	.columns = &kmalloc_columns,
	.run = kmalloc_run,
};
