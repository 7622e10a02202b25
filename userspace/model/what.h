/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _WHAT_H
#define _WHAT_H

#include "model/regions.h"
#include "model/walk.h"
#include "source/percpu.h"
#include "source/symbols.h"
#include "source/tableowner.h"
#include "source/vmallocinfo.h"

/* Where an address is, known without asking anyone. */
enum place {
	PLACE_USER, /* in the user's half */
	PLACE_NOWHERE, /* between the halves */
	PLACE_ERRORS, /* in the very last page, which holds error pointers */
	PLACE_KERNEL, /* in the kernel's half */
};

/* Other sources than the module, and their answers. */
struct what_sources {
	struct target target; /* the kernel */
	/* of the kernel's half, read once an address of it is asked for */
	struct region_list regions;
	bool regions_tried; /* they were read, whether that worked or not */
	struct symbols symbols; /* /proc/kallsyms, read once a name is needed */
	struct table_owners owners; /* whose page tables frames are */
	/* /proc/vmallocinfo, read once an address is mapped page by page */
	struct vmalloc_info vmalloc;
	bool vmalloc_tried; /* it was read, whether that worked or not */
	/* of the parts of per-CPU chunks, read once an address lies in one */
	struct percpu_layout percpu;
	/* addresses in page tables whose owner was not found */
	uint64_t nr_lost;
};

/* An address, and everything that is known about it. */
struct what_row {
	const struct vmscope_info *info; /* of the module */
	uint64_t addr;
	enum place place;
	struct walk_row walk; /* every level of it, of a @PLACE_KERNEL */
	/*
	 * as the module reports it, with processor and offset of later per-CPU
	 * chunks added; all 0 where it cannot be asked
	 */
	struct vmscope_what what;
	unsigned int region; /* enum vmscope_region, of a @PLACE_KERNEL */
	bool has_symbol; /* @symbol is known */
	/* the symbol that it belongs to; for per-CPU data that of the offset */
	struct symbol symbol;
	/* line of /proc/vmallocinfo of a run without another name, or NULL */
	const struct vmalloc_area *area;
	/* whose page table it is in, or NULL if it is in none or not known */
	const struct table_owner *table;
	uint64_t entry; /* of that table: which entry it is in */
	uint64_t entry_addr; /* first address that this entry translates */
	uint64_t entry_end; /* end of these, exclusive, except UINT64_MAX */
	/* the same of the table; 0 for a root, which has all of them */
	uint64_t table_end;
	char text[192]; /* all this in a few words */
};

int what_expect(struct what_sources *from, uint64_t addr);
int what_read(struct what_sources *from, uint64_t addr, struct what_row *row);
void what_sources_free(struct what_sources *from);
void what_sources_renew(struct what_sources *from);

#endif /* _WHAT_H */
