/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_SCAN_H
#define _VMSCOPE_SCAN_H

#include <linux/bitmap.h>
#include <linux/limits.h>
#include <linux/pgtable.h>

#include "../include/uapi/vmscope.h"
#include "area.h"
#include "decode.h"
#include "sink.h"
#include "walk.h"

struct vmscope_policy;
struct vmscope_target;

/* With all the rest of an open descriptor this is under 64 KiB. */
#define VMSCOPE_SCAN_BUF_WORDS (32 * 1024 / sizeof(u64))

/* For queries of our own: all of the user's half, however many records. */
#define VMSCOPE_SCAN_WHOLE .end = U64_MAX, .buf_bytes = S64_MAX

/**
 * struct vmscope_scanner - a scan on its way
 * @target: whose memory; the owner of the scanner keeps it
 * @query: what was asked for, checked
 * @sink: where records go
 * @addr: first address that was not told yet
 * @prev: an address in the tables that were told last
 * @prev_valid: @prev is one
 * @tables_told: tables of @addr that were told already, from the root down
 * @area_key: vmscope_area_key() of the area that was told last, or 0
 * @entries: entries read so far
 * @max_hold_ns: longest time that a lock was held so far
 * @area: the area at hand
 * @copy: the table at hand
 * @differs: its entries that did not hold still
 * @raced: some entry did not
 * @values: the frames of the table at hand
 * @name: room for a name
 * @buf: room for records
 *
 * Guarded by the lock of whoever owns the scanner.
 */
struct vmscope_scanner {
	struct vmscope_target *target;
	struct vmscope_scan query;
	struct vmscope_sink sink;
	unsigned long addr;
	unsigned long prev;
	bool prev_valid;
	unsigned int tables_told;
	u64 area_key;
	u64 entries;
	u64 max_hold_ns;
	struct vmscope_area_facts area;
	struct vmscope_table_copy copy;
	DECLARE_BITMAP(differs, PTRS_PER_PTE);
	bool raced;
	u64 values[PTRS_PER_PTE];
	char name[PATH_MAX];
	u64 buf[VMSCOPE_SCAN_BUF_WORDS];
};

struct vmscope_scanner *vmscope_scanner_create(void);
void vmscope_scanner_destroy(struct vmscope_scanner *scanner);
int vmscope_scan_check(const struct vmscope_scan *query);
void vmscope_scan_begin(struct vmscope_scanner *scanner,
			struct vmscope_target *target,
			const struct vmscope_scan *query, bool hide_frames);
int vmscope_scan_fill(struct vmscope_scanner *scanner);
int vmscope_scan_trace(struct vmscope_scanner *scanner, unsigned long addr,
		       struct vmscope_trace *trace);
void vmscope_scan_result(const struct vmscope_scanner *scanner,
			 struct vmscope_scan *result);

#endif /* _VMSCOPE_SCAN_H */
