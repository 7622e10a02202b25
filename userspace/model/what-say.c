// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What an address is, in a few words: the first answer to a chain of questions.
 */
#include "model/what-say.h"

#include <stdio.h>
#include <string.h>

#include "cli/array.h"
#include "cli/format.h"

/* Fills in the text of a row; returns true. */
#define SAY(row, ...) \
	(snprintf((row)->text, sizeof((row)->text), __VA_ARGS__), true)

typedef unsigned long long ull;

/* Whether a row is of a kind; fills in its text if so. */
typedef bool (*question)(struct what_row *row);

static bool has(const struct what_row *row, uint64_t flags)
{
	return (row->what.known & flags) == flags;
}

static bool say_error(struct what_row *row)
{
	int err = -row->addr;
	const char *text;

	if (err <= 0 || err >= 4096)
		return SAY(row, "the last page, which is never mapped");
	text = strerrorname_np(err);
	return SAY(row, "no address but the error -%d%s%s", err,
		   text ? ", " : "", text ? text : "");
}

static bool say_outside(struct what_row *row)
{
	switch (row->place) {
	case PLACE_USER:
		return SAY(row, "%s: vmscope walk PID %llx",
			   "user memory, another in each process",
			   (ull)row->addr);
	case PLACE_NOWHERE:
		return SAY(row, "not canonical: no address of this machine");
	case PLACE_ERRORS:
		return say_error(row);
	default:
		return false;
	}
}

static bool say_hole(struct what_row *row)
{
	if (row->region == VMSCOPE_REGION_HOLE)
		return SAY(row, "in a hole: nothing belongs here");
	if (row->region == VMSCOPE_REGION_GUARD)
		return SAY(row, "kept free for a hypervisor");
	return false;
}

static bool say_stack(struct what_row *row)
{
	const struct vmscope_what *what = &row->what;
	char size[16], comm[sizeof(what->comm) + 1] = "";

	if (!has(row, VMSCOPE_WHAT_STACK))
		return false;
	memcpy(comm, what->comm, sizeof(what->comm));
	return SAY(row, "stack of thread %llu (%s), +0x%llx of %s",
		   (ull)what->pid, comm, (ull)(row->addr - what->run_start),
		   format_size(what->run_end - what->run_start, size,
			       sizeof(size)));
}

static const char *cache_name(const struct vmscope_what *what)
{
	return (const char *)what->cache.name;
}

static bool say_object(struct what_row *row)
{
	const struct vmscope_what *what = &row->what;

	if (!has(row, VMSCOPE_WHAT_CACHE | VMSCOPE_WHAT_OBJECT))
		return false;
	return SAY(row, "%.63s object %llu at %llx, +0x%llx",
		   *cache_name(what) ? cache_name(what) : "slab",
		   (ull)what->object_index, (ull)what->object,
		   (ull)(row->addr - what->object));
}

static bool say_cache(struct what_row *row)
{
	if (!has(row, VMSCOPE_WHAT_CACHE))
		return false;
	if (*cache_name(&row->what))
		return SAY(row, "slab page of %.63s, %s",
			   cache_name(&row->what),
			   has(row, VMSCOPE_WHAT_BETWEEN) ?
				   "between its objects" :
				   "which object is not known");
	return SAY(row, "slab page of a cache whose name is not known");
}

static bool say_described(struct what_row *row)
{
	return has(row, VMSCOPE_WHAT_DESCRIBED) &&
	       SAY(row, "struct page of frame 0x%llx",
		   (ull)row->what.described);
}

/* An offset after the last name belongs to data that was allocated later. */
static bool say_percpu(struct what_row *row)
{
	if (!has(row, VMSCOPE_WHAT_PERCPU))
		return false;
	if (row->has_symbol)
		return SAY(row, "per-CPU data of CPU %llu, %.64s+0x%llx",
			   (ull)row->what.cpu, row->symbol.name,
			   (ull)(row->what.cpu_offset - row->symbol.addr));
	return SAY(row, "per-CPU data of CPU %llu, offset 0x%llx",
		   (ull)row->what.cpu, (ull)row->what.cpu_offset);
}

static const char *frame_help(const struct vmscope_what *what)
{
	const struct vmscope_bit *b =
		bit_find(vmscope_frame_kind_table(), what->frame_kind);

	return b ? b->help : "of a kind that this version does not know";
}

/* The frames of the image are reserved until what only boots is freed. */
static bool is_freed(const struct what_row *row)
{
	const unsigned int others =
		1 << VMSCOPE_FRAME_RESERVED | 1 << VMSCOPE_FRAME_UNKNOWN |
		1 << VMSCOPE_FRAME_OFFLINE | 1 << VMSCOPE_FRAME_HOLE;

	return row->region == VMSCOPE_REGION_IMAGE &&
	       has(row, VMSCOPE_WHAT_FRAME) &&
	       !(others >> row->what.frame_kind & 1);
}

static bool say_symbol(struct what_row *row)
{
	const struct symbol *symbol = &row->symbol;
	ull offset = row->addr - symbol->addr;

	if (!row->has_symbol)
		return false;
	if (is_freed(row))
		return SAY(
			row,
			"frame 0x%llx: %s; %.48s+0x%llx was freed after boot",
			(ull)row->what.pfn, frame_help(&row->what),
			symbol->name, offset);
	return SAY(row, "%.96s+0x%llx%s%.48s%s", symbol->name, offset,
		   symbol->module ? " [" : "",
		   symbol->module ? symbol->module : "",
		   symbol->module ? "]" : "");
}

/* Whose page table it is, for a row with one. */
void what_owner(const struct what_row *row, char *buf, size_t bytes)
{
	const struct table_owner *table = row->table;
	int n;

	if (!table->pid)
		n = snprintf(buf, bytes, "the kernel");
	else
		n = snprintf(buf, bytes, "process %d (%s)", table->pid,
			     table->comm);
	if (table->processes > 1)
		snprintf(buf + n, bytes - n, " and %llu more",
			 (ull)table->processes - 1);
}

static bool say_table(struct what_row *row)
{
	char owner[128];

	if (!row->table)
		return false;
	what_owner(row, owner, sizeof(owner));
	return SAY(row, "page table of %s%s: %s entry %llu, for %llx", owner,
		   row->table->user_copy ? ", copy for user mode" : "",
		   vmscope_level_name(row->table->level), (ull)row->entry,
		   (ull)row->entry_addr);
}

static bool say_chunk(struct what_row *row)
{
	return percpu_is_chunk(row->area) &&
	       SAY(row, "per-CPU data, of which CPU is not certain");
}

static bool say_unmapped(struct what_row *row)
{
	const struct vmscope_record *rec = &row->walk.rec;

	if (rec->flags & VMSCOPE_F_PRESENT ||
	    rec->state == VMSCOPE_STATE_REPEAT)
		return false;
	if (rec->state == VMSCOPE_STATE_KERNEL)
		return SAY(row, "the kernel took this page out of its own map");
	if (rec->state == VMSCOPE_STATE_UNKNOWN)
		return SAY(row, "not known: a page table could not be read");
	return SAY(row, "not mapped: the walk ends at %s",
		   vmscope_level_name(rec->level));
}

/* The name of a slot of the fixmap; "" if it has none. */
void what_slot(const struct vmscope_what *what, char *buf, size_t bytes)
{
	const char *name = (const char *)what->slot_name;

	if (what->slot == what->slot_first || !*name)
		snprintf(buf, bytes, "%.31s", name);
	else
		snprintf(buf, bytes, "%.31s+%llu", name,
			 (ull)(what->slot - what->slot_first));
}

static const char *run_kind(const struct what_row *row)
{
	if (row->area && *row->area->kind)
		return row->area->kind;
	return row->walk.rec.state == VMSCOPE_STATE_KERNEL ?
		       vmscope_region_name(row->region) :
		       "ioremap";
}

static bool say_run(struct what_row *row)
{
	const char *caller = row->area ? row->area->caller : "";
	const struct vmscope_what *what = &row->what;
	char size[16];

	if (!has(row, VMSCOPE_WHAT_RUN))
		return false;
	return SAY(row, "%s run of %s in %llu piece%s, +0x%llx%s%.*s",
		   run_kind(row),
		   format_size(what->run_end - what->run_start, size,
			       sizeof(size)),
		   (ull)what->run_pieces, what->run_pieces == 1 ? "" : "s",
		   (ull)(row->addr - what->run_start), *caller ? ", for " : "",
		   (int)strcspn(caller, "+"), caller);
}

static const char *slot_is_empty(const struct vmscope_record *rec)
{
	if (rec->flags & VMSCOPE_F_PRESENT)
		return "";
	return rec->state == VMSCOPE_STATE_UNKNOWN ?
		       "; what is there is not known" :
		       "; not mapped";
}

/* A number in a range is counted from the first one's name. */
static bool say_slot(struct what_row *row)
{
	char name[64];

	if (!has(row, VMSCOPE_WHAT_SLOT) ||
	    row->region != VMSCOPE_REGION_FIXMAP)
		return false;
	what_slot(&row->what, name, sizeof(name));
	return SAY(row, "fixmap slot %llu%s%s%s", (ull)row->what.slot,
		   *name ? ", " : " has no name", name,
		   slot_is_empty(&row->walk.rec));
}

/* By region: what an address is if nothing more is known. */
static const char *const fixed[VMSCOPE_NR_REGIONS] = {
	[VMSCOPE_REGION_LDT] = "LDT of this process",
	[VMSCOPE_REGION_KASAN] = "shadow of other memory",
	[VMSCOPE_REGION_CPU_ENTRY] = "entry area of a processor",
	[VMSCOPE_REGION_ESPFIX] = "stack for the return to 16-bit code",
	[VMSCOPE_REGION_EFI] = "firmware",
	[VMSCOPE_REGION_FIXMAP] = "fixed address",
	[VMSCOPE_REGION_VSYSCALL] = "page of old system calls",
};

static bool say_fixed(struct what_row *row)
{
	return row->region < VMSCOPE_NR_REGIONS && fixed[row->region] &&
	       SAY(row, "%s", fixed[row->region]);
}

static bool say_frame(struct what_row *row)
{
	return has(row, VMSCOPE_WHAT_FRAME) &&
	       SAY(row, "frame 0x%llx: %s", (ull)row->what.pfn,
		   frame_help(&row->what));
}

static bool say_mapped(struct what_row *row)
{
	return SAY(row, "mapped; this module knows no more");
}

/* Fills in the text of a row; everything else is known. */
void what_say(struct what_row *row)
{
	static const question questions[] = {
		say_outside, say_hole,	    say_stack,	  say_object,
		say_cache,   say_described, say_table,	  say_percpu,
		say_chunk,   say_slot,	    say_unmapped, say_symbol,
		say_run,     say_fixed,	    say_frame,	  say_mapped,
	};
	size_t i = 0, len;

	while (!questions[i](row))
		i++;
	len = strlen(row->text);
	if (has(row, VMSCOPE_WHAT_RACED))
		snprintf(row->text + len, sizeof(row->text) - len,
			 "; read while it changed");
}
