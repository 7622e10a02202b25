/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _WHAT_H
#define _WHAT_H

#include "model/regions.h"
#include "model/walk.h"
#include "source/percpu.h"
#include "source/symbols.h"
#include "source/tableowner.h"
#include "source/vmallocinfo.h"

/**
 * enum place - where an address is, before anybody is asked
 * @PLACE_USER: in the user's half
 * @PLACE_NOWHERE: between the halves
 * @PLACE_ERRORS: in the last page of all, where error pointers lie
 * @PLACE_KERNEL: in the kernel's half
 */
enum place { PLACE_USER, PLACE_NOWHERE, PLACE_ERRORS, PLACE_KERNEL };

/**
 * struct what_sources - what is asked besides the module, and its answers
 * @target: the kernel
 * @regions: of the kernel's half, once an address of it is asked for
 * @regions_tried: they were read, whether that worked or not
 * @symbols: /proc/kallsyms, once a name is needed
 * @owners: whose page tables frames are
 * @vmalloc: /proc/vmallocinfo, once an address is mapped page by page
 * @vmalloc_tried: it was read, whether that worked or not
 * @percpu: of the parts of per-CPU chunks, once an address lies in one
 * @nr_lost: addresses in page tables of nobody that was found
 */
struct what_sources {
	struct target target;
	struct region_list regions;
	bool regions_tried;
	struct symbols symbols;
	struct table_owners owners;
	struct vmalloc_info vmalloc;
	bool vmalloc_tried;
	struct percpu_layout percpu;
	uint64_t nr_lost;
};

/**
 * struct what_row - an address, and all that is known of it
 * @info: of the module
 * @addr: the address
 * @place: enum place
 * @walk: every level of it, of a @PLACE_KERNEL
 * @what: as the module reports it; all 0 where it cannot be asked. Of later
 *	chunks of per-CPU memory, processor and offset are added
 * @region: enum vmscope_region, of a @PLACE_KERNEL
 * @has_symbol: @symbol is known
 * @symbol: the symbol that it belongs to; of per-CPU data that of the offset
 * @area: line of /proc/vmallocinfo of a run that nothing else names, or NULL
 * @table: whose page table it is in, or NULL if it is in none or not known
 * @entry: of that table: which entry it is in
 * @entry_addr: first address that this entry translates
 * @entry_end: end of these, exclusive, but for UINT64_MAX
 * @table_end: the same of the table; 0 of a root, which translates all there is
 * @text: all this in a few words
 */
struct what_row {
	const struct vmscope_info *info;
	uint64_t addr;
	enum place place;
	struct walk_row walk;
	struct vmscope_what what;
	unsigned int region;
	bool has_symbol;
	struct symbol symbol;
	const struct vmalloc_area *area;
	const struct table_owner *table;
	uint64_t entry;
	uint64_t entry_addr;
	uint64_t entry_end;
	uint64_t table_end;
	char text[192];
};

int what_expect(struct what_sources *from, uint64_t addr);
int what_read(struct what_sources *from, uint64_t addr, struct what_row *row);
void what_sources_free(struct what_sources *from);
void what_sources_renew(struct what_sources *from);

#endif /* _WHAT_H */
