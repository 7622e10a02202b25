// SPDX-License-Identifier: GPL-2.0-or-later
/* The columns of an address, and the same as a block. */
#include "model/what-columns.h"

#include <stdio.h>
#include <string.h>

#include "cli/array.h"
#include "cli/format.h"
#include "cli/text.h"
#include "model/what-say.h"

typedef unsigned long long ull;

static const struct what_row *what_row(const void *row)
{
	return row;
}

static bool has(const void *row, uint64_t flags)
{
	return what_row(row)->what.known & flags;
}

/* When a field that the module reports is known. */
#define WHEN(name, flags)                              \
	static bool has_##name(const void *row)        \
	{                                              \
		return has(row, VMSCOPE_WHAT_##flags); \
	}

WHEN(frame, FRAME)
WHEN(cache, CACHE)
WHEN(object, OBJECT)
WHEN(run, RUN)
WHEN(extent, RUN | VMSCOPE_WHAT_STACK)
WHEN(described, DESCRIBED)
WHEN(percpu, PERCPU)
WHEN(slot, SLOT)

static bool has_page(const void *row)
{
	return what_row(row)->place == PLACE_KERNEL;
}

static bool has_symbol(const void *row)
{
	return what_row(row)->has_symbol;
}

static bool has_table(const void *row)
{
	return what_row(row)->table;
}

static void get_region(const void *row, struct value *v)
{
	static const char *const places[] = {
		[PLACE_USER] = "user",
		[PLACE_NOWHERE] = "non-canonical",
		[PLACE_ERRORS] = "errors",
	};

	if (has_page(row))
		value_text(v, vmscope_region_name(what_row(row)->region));
	else
		value_text(v, places[what_row(row)->place]);
}

static void get_perm(const void *row, struct value *v)
{
	if (has_page(row))
		page_perm(&what_row(row)->walk.page, v);
}

static void get_known(const void *row, struct value *v)
{
	if (!has_cache(row))
		return;
	bit_names(vmscope_known_table(), what_row(row)->what.cache.known,
		  v->buf, sizeof(v->buf));
	value_text(v, v->buf);
}

GET_WHEN(get_raced, number, has(row, VMSCOPE_WHAT_FRAME | VMSCOPE_WHAT_RACED),
	 has(row, VMSCOPE_WHAT_RACED))
GET_WHEN(get_object_offset, number, has_object(row),
	 what_row(row)->addr - what_row(row)->what.object)

static void get_pid(const void *row, struct value *v)
{
	const struct table_owner *table = what_row(row)->table;

	if (has(row, VMSCOPE_WHAT_STACK))
		value_number(v, what_row(row)->what.pid);
	else if (table && table->pid)
		value_number(v, table->pid);
}

static void get_comm(const void *row, struct value *v)
{
	const struct vmscope_what *what = &what_row(row)->what;
	const struct table_owner *table = what_row(row)->table;

	if (table && table->pid)
		value_text(v, table->comm);
	if (!has(row, VMSCOPE_WHAT_STACK))
		return;
	snprintf(v->buf, sizeof(v->buf), "%.*s", (int)sizeof(what->comm),
		 (const char *)what->comm);
	value_text(v, v->buf);
}

GET_WHEN(get_caller, text, what_row(row)->area && *what_row(row)->area->caller,
	 what_row(row)->area->caller)
GET_WHEN(get_info, text, what_row(row)->area && *what_row(row)->area->kind,
	 what_row(row)->area->kind)

static void get_slot_name(const void *row, struct value *v)
{
	if (!has_slot(row))
		return;
	what_slot(&what_row(row)->what, v->buf, sizeof(v->buf));
	if (*v->buf)
		value_text(v, v->buf);
}

static void get_symbol_offset(const void *row, struct value *v)
{
	const struct what_row *what = row;
	uint64_t at = has_percpu(row) ? what->what.cpu_offset : what->addr;

	if (what->has_symbol)
		value_number(v, at - what->symbol.addr);
}

static void get_table_level(const void *row, struct value *v)
{
	if (!has_table(row))
		return;
	value_number(v, what_row(row)->table->level);
	value_text(v, vmscope_level_name(v->number));
}

GET_WHEN(get_table_address, number, has_table(row), what_row(row)->table->addr)
GET_WHEN(get_processes, number, has_table(row) && what_row(row)->table->pid,
	 what_row(row)->table->processes)

/* A number that the module reports, and when. */
#define REPORTED(name, width, type, help, field, when_)                \
	COLUMN(name, width, type, help, FIELD(struct what_row, field), \
	       .when = when_)

static const struct column columns[] = {
	COLUMN(address, 16, HEX, "the address", FIELD(struct what_row, addr)),
	COLUMN(region, 10, TEXT, "region of the address space", GET(get_region),
	       .words = &stretch_words),
	COLUMN(level, 5, TEXT, "level where the walk ends",
	       FIELD(struct what_row, walk.rec.level), .when = has_page,
	       NAMES(vmscope_level_table)),
	COLUMN(state, 10, TEXT, "what the entry stands for",
	       FIELD(struct what_row, walk.rec.state), .when = has_page,
	       NAMES(vmscope_state_table)),
	COLUMN(perm, 4, TEXT, "what the kernel may do", GET(get_perm),
	       .words = &perm_words),
	COLUMN(physical, 12, HEX, "its physical address",
	       OPTIONAL(struct what_row, walk.walk.phys)),
	REPORTED(pfn, 8, NUMBER, "its page frame", what.pfn, has_frame),
	COLUMN(frame_kind, 13, TEXT, "what the frame is used for",
	       FIELD(struct what_row, what.frame_kind), .when = has_frame,
	       NAMES(vmscope_frame_kind_table)),
	REPORTED(frame_head, 10, NUMBER, "first frame of the block it is in",
		 what.frame_head, has_frame),
	REPORTED(frame_order, 11, NUMBER, "log2 of the frames of that block",
		 what.frame_order, has_frame),
	COLUMN(cache, 20, TEXT, "slab cache",
	       OPTIONAL(struct what_row, what.cache.name), .when = has_cache),
	COLUMN(cache_address, 16, HEX, "where its struct kmem_cache is",
	       OPTIONAL(struct what_row, what.cache.addr), .when = has_cache),
	COLUMN(known, 7, LIST, "how the cache is known: type, pointer, layout",
	       GET(get_known), WORDS_OF(vmscope_known_table)),
	REPORTED(object, 16, HEX, "address of the object", what.object,
		 has_object),
	REPORTED(object_index, 12, NUMBER, "which object of its slab",
		 what.object_index, has_object),
	COLUMN(object_offset, 13, NUMBER, "offset in the object",
	       GET(get_object_offset)),
	COLUMN(object_size, 11, SIZE, "bytes of an object",
	       OPTIONAL(struct what_row, what.cache.object_size),
	       .when = has_cache),
	REPORTED(run_start, 16, HEX, "first address of the mapped run or stack",
		 what.run_start, has_extent),
	REPORTED(run_end, 16, HEX, "its end, exclusive", what.run_end,
		 has_extent),
	REPORTED(run_pieces, 10, NUMBER, "physically contiguous pieces of it",
		 what.run_pieces, has_run),
	COLUMN(caller, 24, TEXT,
	       "who asked for it, as /proc/vmallocinfo has it",
	       GET(get_caller)),
	COLUMN(info, 12, TEXT, "what /proc/vmallocinfo calls it",
	       GET(get_info)),
	COLUMN(pid, 7, NUMBER,
	       "thread whose stack, or process whose page table it is",
	       GET(get_pid)),
	COLUMN(comm, 15, TEXT, "name of that thread or process", GET(get_comm)),
	COLUMN(symbol, 24, TEXT, "symbol that it belongs to",
	       FIELD(struct what_row, symbol.name), .when = has_symbol),
	COLUMN(symbol_offset, 13, NUMBER, "offset from the symbol",
	       GET(get_symbol_offset)),
	COLUMN(module, 12, TEXT, "module of the symbol; bpf of a BPF program",
	       FIELD(struct what_row, symbol.module), .when = has_symbol),
	REPORTED(described, 9, NUMBER, "frame whose struct page it is in",
		 what.described, has_described),
	REPORTED(cpu, 4, NUMBER, "processor whose per-CPU area it is in",
		 what.cpu, has_percpu),
	REPORTED(cpu_offset, 12, HEX, "offset in that area", what.cpu_offset,
		 has_percpu),
	COLUMN(table_level, 11, TEXT,
	       "level of the entries, if it is in a page table",
	       GET(get_table_level), NAMES(vmscope_level_table)),
	COLUMN(table_address, 16, HEX,
	       "first address that the table translates",
	       GET(get_table_address)),
	COLUMN(table_end, 16, HEX,
	       "end of these, exclusive but at the very top; none of a root",
	       OPTIONAL(struct what_row, table_end)),
	REPORTED(table_entry, 11, NUMBER, "which entry of the table it is in",
		 entry, has_table),
	REPORTED(entry_address, 16, HEX,
		 "first address that this entry translates", entry_addr,
		 has_table),
	COLUMN(processes, 9, NUMBER, "processes that have this table",
	       GET(get_processes)),
	REPORTED(slot, 5, NUMBER, "which slot of the fixmap it is", what.slot,
		 has_slot),
	COLUMN(slot_name, 22, TEXT, "what the kernel calls that slot",
	       GET(get_slot_name)),
	COLUMN(raced, 5, BOOL, "it changed while it was read", GET(get_raced)),
	COLUMN(what, 12, TEXT, "all this in a few words",
	       FIELD(struct what_row, text), .needs = WIDE),
};

const struct column_set what_columns =
	COLUMN_SET(columns, "address,region,what");

static void print_frame(const struct vmscope_what *what)
{
	printf("frame     0x%llx is %s", (ull)what->pfn,
	       vmscope_frame_kind_name(what->frame_kind));
	if (what->frame_order)
		printf(", in a block of %llu from 0x%llx on",
		       1ULL << (what->frame_order & 63), (ull)what->frame_head);
	putchar('\n');
}

static void print_cache(const struct vmscope_what *what)
{
	char known[64];

	bit_names(vmscope_known_table(), what->cache.known, known,
		  sizeof(known));
	printf("cache     %.63s", *(const char *)what->cache.name ?
					  (const char *)what->cache.name :
					  "name not known");
	if (what->cache.addr)
		printf(" at 0x%llx", (ull)what->cache.addr);
	if (what->cache.object_size)
		printf(", objects of %llu bytes", (ull)what->cache.object_size);
	if (what->cache.stride)
		printf(" every %llu", (ull)what->cache.stride);
	printf(", known by %s\n", *known ? known : "type");
}

static void print_run(const struct vmscope_what *what)
{
	char size[16];

	printf("run       0x%llx-0x%llx, %s", (ull)what->run_start,
	       (ull)what->run_end,
	       format_size(what->run_end - what->run_start, size,
			   sizeof(size)));
	if (what->known & VMSCOPE_WHAT_RUN)
		printf(", frames in %llu piece%s", (ull)what->run_pieces,
		       what->run_pieces == 1 ? "" : "s");
	putchar('\n');
}

static void print_caller(const struct vmalloc_area *area)
{
	printf("caller    %s%s%s\n", *area->caller ? area->caller : "not known",
	       *area->kind ? ", " : "", area->kind);
}

static void print_table(const struct what_row *row)
{
	const char *level = vmscope_level_name(row->table->level);
	char owner[128];

	what_owner(row, owner, sizeof(owner));
	printf("table     %s entries of ", level);
	text_print(owner);
	if (row->table->level != VMSCOPE_LEVEL_PGD)
		printf(", 0x%llx-0x%llx\n", (ull)row->table->addr,
		       (ull)row->table_end);
	else
		printf(", the root%s\n",
		       row->table->user_copy ? " on which user mode runs" : "");
	printf("entry     %llu, 0x%llx-0x%llx\n", (ull)row->entry,
	       (ull)row->entry_addr, (ull)row->entry_end);
}

static void print_slot(const struct vmscope_what *what)
{
	char name[64];

	what_slot(what, name, sizeof(name));
	printf("slot      %llu of the fixmap%s%s\n", (ull)what->slot,
	       *name ? ", " : "", name);
}

/* A block: walk, frame, object; @sentence as for walk_print(). */
void what_print(const struct what_row *row, bool sentence)
{
	if (row->place != PLACE_KERNEL)
		printf("virtual   0x%016llx\n", (ull)row->addr);
	else
		walk_print(&row->walk, sentence);
	if (has_frame(row))
		print_frame(&row->what);
	if (has_cache(row))
		print_cache(&row->what);
	if (has_extent(row))
		print_run(&row->what);
	if (row->area)
		print_caller(row->area);
	if (row->table)
		print_table(row);
	if (has_slot(row))
		print_slot(&row->what);
	printf("what      ");
	text_print(row->text);
	putchar('\n');
}
