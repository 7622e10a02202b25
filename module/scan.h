/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_SCAN_H
#define _VMSCOPE_SCAN_H

#include <linux/limits.h>
#include <linux/pgtable.h>

#include "../include/uapi/vmscope.h"
#include "area.h"
#include "folio.h"
#include "kind.h"
#include "online.h"
#include "sink.h"
#include "walk.h"

struct vmscope_target;

/* With all the rest of an open descriptor this is under 64 KiB. */
#define VMSCOPE_SCAN_BUF_WORDS (32 * 1024 / sizeof(u64))

/* For queries of our own: all of the user's half, however many records. */
#define VMSCOPE_SCAN_WHOLE .end = U64_MAX, .buf_bytes = S64_MAX

/* What an entry costs with facts, in instructions, if it is cheap. */
#define VMSCOPE_FACTS_COST 28

/* Page tables that a snapshot has room for. */
#define VMSCOPE_MAX_TABLES 16

/* Swapped extents of a file that a snapshot has room for. */
#define VMSCOPE_MAX_FOUND 160

/**
 * struct vmscope_found - empty entries whose pages the page cache has swapped
 * @addr: first address
 * @value: swap slot of the first page
 * @pages: how many
 * @state: enum vmscope_state
 */
struct vmscope_found {
	u64 addr;
	u64 value;
	u32 pages;
	u32 state;
};

/**
 * struct vmscope_scanner - a scan in progress
 * @target: whose memory; the owner of the scanner keeps it
 * @query: what was asked for, checked
 * @sink: where records go
 * @addr: first address that was not emitted yet
 * @prev: an address in the tables that were emitted last, below @addr
 * @prev_valid: @prev is one
 * @whole: (1 << enum vmscope_level): an entry of that level that ends at @addr
 *	was emitted from its first page on
 * @tables_emitted: tables of @addr that were emitted already, from the root down
 * @area_key: vmscope_area_key() of the area that was emitted last, or 0
 * @entries: entries read so far
 * @max_hold_ns: longest time that a lock was held so far
 * @pending: there is a snapshot that is not emitted to its end
 * @tries: how often the table may still be read, if it moves
 * @turns: how often the next hold lets others go first
 * @facts_cost: what an entry is expected to cost with facts, in instructions
 * @online: the stretch of memory that was found last
 *
 * The snapshot, filled in by vmscope_snapshot_take():
 *
 * @area: the current area
 * @from: where its entries begin; the query asks for none before it
 * @until: end of the snapshot; @from if it holds no entries
 * @skips: the query asks for nothing up to @until
 * @plain: no frame was looked at: states follow from the entry and its area
 * @nr_tables: tables to be emitted
 * @next_table: the first of them that was not emitted yet
 * @nr_found: swapped extents of the file
 * @next_found: the first of them that was not emitted yet
 * @name_bytes: length of the area's name; 0 where it has none, or was emitted
 * @name_at: the name
 * @tables: tables that the walks up to @from pass
 * @copy: the current table
 * @found: what the page cache says of the empty ones
 * @kinds: kinds of entry in it
 * @frames: facts of its frames, where they were asked for
 * @name: room for a name
 * @buf: room for records
 *
 * The owner of the scanner serializes access.
 */
struct vmscope_scanner {
	struct vmscope_target *target;
	struct vmscope_scan query;
	struct vmscope_sink sink;
	unsigned long addr;
	unsigned long prev;
	bool prev_valid;
	u8 whole;
	unsigned int tables_emitted;
	u64 area_key;
	u64 entries;
	u64 max_hold_ns;
	bool pending;
	unsigned int tries;
	unsigned int turns;
	int facts_cost;
	struct vmscope_online online;

	struct vmscope_area_facts area;
	unsigned long from;
	unsigned long until;
	bool skips;
	bool plain;
	unsigned int nr_tables;
	unsigned int next_table;
	unsigned int nr_found;
	unsigned int next_found;
	unsigned int name_bytes;
	const char *name_at;
	struct vmscope_table tables[VMSCOPE_MAX_TABLES];
	struct vmscope_table_copy copy;
	struct vmscope_found found[VMSCOPE_MAX_FOUND];
	struct vmscope_entry_kinds kinds;
	struct vmscope_frames frames;
	char name[PATH_MAX];
	u64 buf[VMSCOPE_SCAN_BUF_WORDS];
};

struct vmscope_scanner *vmscope_scanner_create(void);
void vmscope_scanner_destroy(struct vmscope_scanner *scanner);
int vmscope_scan_check(const struct vmscope_scan *query);
void vmscope_scan_begin(struct vmscope_scanner *scanner,
			struct vmscope_target *target,
			const struct vmscope_scan *query, bool redact);
int vmscope_scan_fill(struct vmscope_scanner *scanner);
int vmscope_scan_trace(struct vmscope_scanner *scanner, unsigned long addr,
		       struct vmscope_trace *trace);
void vmscope_scan_result(const struct vmscope_scanner *scanner,
			 struct vmscope_scan *result);

#endif /* _VMSCOPE_SCAN_H */
