// SPDX-License-Identifier: GPL-2.0-or-later
/* The columns of an address, and the same as a block. */
#include <stdio.h>
#include <string.h>

#include "cli/format.h"
#include "cli/text.h"
#include "cli/words.h"
#include "model/what.h"

typedef unsigned long long ull;

static const struct what_row *what_row(const void *row)
{
	return row;
}

static bool has(const void *row, uint64_t flags)
{
	return what_row(row)->known && what_row(row)->what.known & flags;
}

static const struct vmscope_record *page_of(const void *row)
{
	return what_row(row)->place == PLACE_KERNEL ? &what_row(row)->walk.rec :
						      NULL;
}

static void get_address(const void *row, struct value *v)
{
	value_number(v, what_row(row)->addr);
}

static void get_region(const void *row, struct value *v)
{
	static const char *const places[] = {
		[PLACE_USER] = "user",
		[PLACE_NOWHERE] = "non-canonical",
		[PLACE_ERRORS] = "errors",
	};

	if (what_row(row)->place == PLACE_KERNEL)
		value_text(v, vmscope_region_name(what_row(row)->region));
	else
		value_text(v, places[what_row(row)->place]);
}

static void get_level(const void *row, struct value *v)
{
	if (!page_of(row))
		return;
	value_number(v, page_of(row)->level);
	value_text(v, vmscope_level_name(v->number));
}

static void get_state(const void *row, struct value *v)
{
	if (!page_of(row))
		return;
	value_number(v, page_of(row)->state);
	value_text(v, vmscope_state_name(v->number));
}

static void get_perm(const void *row, struct value *v)
{
	if (!page_of(row) || page_of(row)->state == VMSCOPE_STATE_UNKNOWN)
		return;
	snprintf(v->buf, sizeof(v->buf), "%c%c%c",
		 page_of(row)->flags & VMSCOPE_F_PERM_READ ? 'r' : '-',
		 page_of(row)->flags & VMSCOPE_F_PERM_WRITE ? 'w' : '-',
		 page_of(row)->flags & VMSCOPE_F_PERM_EXEC ? 'x' : '-');
	value_text(v, v->buf);
	if (is_wx(page_of(row)))
		v->color = COLOR_ALARM;
}

static void get_physical(const void *row, struct value *v)
{
	if (page_of(row) && what_row(row)->walk.walk.phys)
		value_number(v, what_row(row)->walk.walk.phys);
}

static void get_frame_kind(const void *row, struct value *v)
{
	if (!has(row, VMSCOPE_WHAT_FRAME))
		return;
	value_number(v, what_row(row)->what.frame_kind);
	value_text(v, vmscope_frame_kind_name(v->number));
}

static void get_cache(const void *row, struct value *v)
{
	const char *name = (const char *)what_row(row)->what.cache.name;

	if (!has(row, VMSCOPE_WHAT_CACHE) || !*name)
		return;
	snprintf(v->buf, sizeof(v->buf), "%.63s", name);
	value_text(v, v->buf);
}

static void get_known(const void *row, struct value *v)
{
	if (!has(row, VMSCOPE_WHAT_CACHE))
		return;
	bit_names(vmscope_known_table(), what_row(row)->what.cache.known,
		  v->buf, sizeof(v->buf));
	value_text(v, v->buf);
}

/* A number that the module reports, and a flag that says so. */
#define REPORTED_GETTER(name, flag, field)                          \
	static void get_##name(const void *row, struct value *v)    \
	{                                                           \
		if (has(row, VMSCOPE_WHAT_##flag))                  \
			value_number(v, what_row(row)->what.field); \
	}

REPORTED_GETTER(pfn, FRAME, pfn)
REPORTED_GETTER(frame_head, FRAME, frame_head)
REPORTED_GETTER(frame_order, FRAME, frame_order)
REPORTED_GETTER(object, OBJECT, object)
REPORTED_GETTER(object_index, OBJECT, object_index)
REPORTED_GETTER(described, DESCRIBED, described)
REPORTED_GETTER(cpu, PERCPU, cpu)
REPORTED_GETTER(cpu_offset, PERCPU, cpu_offset)
REPORTED_GETTER(slot, SLOT, slot)
REPORTED_GETTER(raced, FRAME | VMSCOPE_WHAT_RACED,
		known &VMSCOPE_WHAT_RACED ? 1 : 0)

static void get_cache_address(const void *row, struct value *v)
{
	if (has(row, VMSCOPE_WHAT_CACHE) && what_row(row)->what.cache.addr)
		value_number(v, what_row(row)->what.cache.addr);
}

static void get_object_size(const void *row, struct value *v)
{
	uint64_t bytes = what_row(row)->what.cache.object_size;

	if (has(row, VMSCOPE_WHAT_CACHE) && bytes)
		value_number(v, bytes);
}

static void get_object_offset(const void *row, struct value *v)
{
	if (has(row, VMSCOPE_WHAT_OBJECT))
		value_number(v,
			     what_row(row)->addr - what_row(row)->what.object);
}

static bool has_run(const void *row)
{
	return has(row, VMSCOPE_WHAT_RUN | VMSCOPE_WHAT_STACK);
}

static void get_run_start(const void *row, struct value *v)
{
	if (has_run(row))
		value_number(v, what_row(row)->what.run_start);
}

static void get_run_end(const void *row, struct value *v)
{
	if (has_run(row))
		value_number(v, what_row(row)->what.run_end);
}

static void get_run_pieces(const void *row, struct value *v)
{
	if (has(row, VMSCOPE_WHAT_RUN))
		value_number(v, what_row(row)->what.run_pieces);
}

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
	const struct table_owner *table = what_row(row)->table;

	if (table && table->pid)
		value_text(v, table->comm);
	if (!has(row, VMSCOPE_WHAT_STACK))
		return;
	memcpy(v->buf, what_row(row)->what.comm,
	       sizeof(what_row(row)->what.comm));
	v->buf[sizeof(what_row(row)->what.comm)] = '\0';
	value_text(v, v->buf);
}

static void get_caller(const void *row, struct value *v)
{
	if (what_row(row)->area && *what_row(row)->area->caller)
		value_text(v, what_row(row)->area->caller);
}

static void get_info(const void *row, struct value *v)
{
	if (what_row(row)->area && *what_row(row)->area->kind)
		value_text(v, what_row(row)->area->kind);
}

static void get_slot_name(const void *row, struct value *v)
{
	if (!has(row, VMSCOPE_WHAT_SLOT))
		return;
	what_slot(&what_row(row)->what, v->buf, sizeof(v->buf));
	if (*v->buf)
		value_text(v, v->buf);
}

static void get_symbol(const void *row, struct value *v)
{
	if (what_row(row)->has_symbol)
		value_text(v, what_row(row)->symbol.name);
}

static void get_symbol_offset(const void *row, struct value *v)
{
	const struct what_row *what = row;
	uint64_t at = has(row, VMSCOPE_WHAT_PERCPU) ? what->what.cpu_offset :
						      what->addr;

	if (what->has_symbol)
		value_number(v, at - what->symbol.addr);
}

static void get_module(const void *row, struct value *v)
{
	if (what_row(row)->has_symbol && what_row(row)->symbol.module)
		value_text(v, what_row(row)->symbol.module);
}

static void get_table_level(const void *row, struct value *v)
{
	if (!what_row(row)->table)
		return;
	value_number(v, what_row(row)->table->level);
	value_text(v, vmscope_level_name(v->number));
}

static void get_table_address(const void *row, struct value *v)
{
	if (what_row(row)->table)
		value_number(v, what_row(row)->table->addr);
}

static void get_table_end(const void *row, struct value *v)
{
	const struct table_owner *table = what_row(row)->table;

	if (table && table->level != VMSCOPE_LEVEL_PGD)
		value_number(v, what_table_end(row));
}

static void get_table_entry(const void *row, struct value *v)
{
	if (what_row(row)->table)
		value_number(v, what_entry(row));
}

static void get_entry_address(const void *row, struct value *v)
{
	if (what_row(row)->table)
		value_number(v, what_entry_addr(row));
}

static void get_processes(const void *row, struct value *v)
{
	if (what_row(row)->table && what_row(row)->table->pid)
		value_number(v, what_row(row)->table->processes);
}

static void get_what(const void *row, struct value *v)
{
	value_text(v, what_row(row)->text);
}

/* clang-format off: one column a row */
static const struct column columns[] = {
	COLUMN(address, 16, HEX, "the address"),
	COLUMN_WORDS(region, 10, TEXT, region_words,
		     "region of the address space"),
	COLUMN_NAMED(level, 5, vmscope_level_table,
		     "level where the walk ends"),
	COLUMN_NAMED(state, 10, vmscope_state_table,
		     "what the entry stands for"),
	COLUMN_WORDS(perm, 4, TEXT, perm_words, "what the kernel may do"),
	COLUMN(physical, 12, HEX, "its physical address"),
	COLUMN(pfn, 8, NUMBER, "its page frame"),
	COLUMN_NAMED(frame_kind, 13, vmscope_frame_kind_table,
		     "what the frame is used for"),
	COLUMN(frame_head, 10, NUMBER, "first frame of the block it is in"),
	COLUMN(frame_order, 11, NUMBER, "log2 of the frames of that block"),
	COLUMN(cache, 20, TEXT, "slab cache"),
	COLUMN(cache_address, 16, HEX, "where its struct kmem_cache is"),
	COLUMN_WORDS(known, 7, LIST, vmscope_known_table,
		     "how the cache is known: type, pointer, layout"),
	COLUMN(object, 16, HEX, "address of the object"),
	COLUMN(object_index, 12, NUMBER, "which object of its slab"),
	COLUMN(object_offset, 13, NUMBER, "offset in the object"),
	COLUMN(object_size, 11, SIZE, "bytes of an object"),
	COLUMN(run_start, 16, HEX, "first address of the mapped run or stack"),
	COLUMN(run_end, 16, HEX, "its end, exclusive"),
	COLUMN(run_pieces, 10, NUMBER, "physically contiguous pieces of it"),
	COLUMN(caller, 24, TEXT,
	       "who asked for it, as /proc/vmallocinfo has it"),
	COLUMN(info, 12, TEXT, "what /proc/vmallocinfo calls it"),
	COLUMN(pid, 7, NUMBER,
	       "thread whose stack, or process whose page table it is"),
	COLUMN(comm, 15, TEXT, "name of that thread or process"),
	COLUMN(symbol, 24, TEXT, "symbol that it belongs to"),
	COLUMN(symbol_offset, 13, NUMBER, "offset from the symbol"),
	COLUMN(module, 12, TEXT, "module of the symbol; bpf of a BPF program"),
	COLUMN(described, 9, NUMBER, "frame whose struct page it is in"),
	COLUMN(cpu, 4, NUMBER, "processor whose per-CPU area it is in"),
	COLUMN(cpu_offset, 12, HEX, "offset in that area"),
	COLUMN_NAMED(table_level, 11, vmscope_level_table,
		     "level of the entries, if it is in a page table"),
	COLUMN(table_address, 16, HEX,
	       "first address that the table translates"),
	COLUMN(table_end, 16, HEX,
	       "end of these, exclusive but at the very top; none of a root"),
	COLUMN(table_entry, 11, NUMBER, "which entry of the table it is in"),
	COLUMN(entry_address, 16, HEX,
	       "first address that this entry translates"),
	COLUMN(processes, 9, NUMBER, "processes that have this table"),
	COLUMN(slot, 5, NUMBER, "which slot of the fixmap it is"),
	COLUMN(slot_name, 22, TEXT, "what the kernel calls that slot"),
	COLUMN(raced, 5, BOOL, "it changed while it was read"),
	COLUMN_THAT(what, 12, TEXT, WIDE, 0, "all this in a few words"),
};

/* clang-format on */

const struct column_set what_columns = {
	columns,
	ARRAY_SIZE(columns),
	"address,region,what",
};

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
		       (ull)what_table_end(row));
	else
		printf(", the root%s\n",
		       row->table->user_copy ? " on which user mode runs" : "");
	printf("entry     %llu, 0x%llx-0x%llx\n", (ull)what_entry(row),
	       (ull)what_entry_addr(row), (ull)what_entry_end(row));
}

static void print_slot(const struct vmscope_what *what)
{
	char name[64];

	what_slot(what, name, sizeof(name));
	printf("slot      %llu of the fixmap%s%s\n", (ull)what->slot,
	       *name ? ", " : "", name);
}

/**
 * what_print - print a block of an address: walk, frame, object
 * @row: the address
 * @sentence: say in words what the page is, too
 */
void what_print(const struct what_row *row, bool sentence)
{
	if (row->place != PLACE_KERNEL)
		printf("virtual   0x%016llx\n", (ull)row->addr);
	else
		walk_print(&row->walk, sentence);
	if (has(row, VMSCOPE_WHAT_FRAME))
		print_frame(&row->what);
	if (has(row, VMSCOPE_WHAT_CACHE))
		print_cache(&row->what);
	if (has_run(row))
		print_run(&row->what);
	if (row->area)
		print_caller(row->area);
	if (row->table)
		print_table(row);
	if (has(row, VMSCOPE_WHAT_SLOT))
		print_slot(&row->what);
	printf("what      ");
	text_print(row->text);
	putchar('\n');
}
