/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_SINK_H
#define _VMSCOPE_SINK_H

#include <linux/types.h>

#include "../include/uapi/vmscope.h"

/**
 * struct vmscope_sink - records on their way out
 * @buf: where records are put, in 64-bit words
 * @words: length of @buf
 * @used: words of @buf that hold records
 * @room: words that the reader has room for, those in @buf included
 * @open: word of @buf where a RUN begins that may still grow; @used if none
 * @query: what was asked for; masks and flags are read
 * @agree: bits of word 1 that the entries of a run agree in
 * @hide_frames: frames and raw entries are withheld
 * @raced: records marked VMSCOPE_F_RACED so far
 *
 * Guarded by the lock of whoever owns the buffer.
 */
struct vmscope_sink {
	u64 *buf;
	size_t words;
	size_t used;
	size_t room;
	size_t open;
	const struct vmscope_scan *query;
	u64 agree;
	bool hide_frames;
	u64 raced;
};

/**
 * struct vmscope_piece - one entry, or equal neighbours, offered to a sink
 * @addr: first address
 * @pages: length in base pages, at least 1
 * @level: enum vmscope_level
 * @what: word 1 of a record, without length
 * @raw: the entry
 * @value: as in struct vmscope_page
 */
struct vmscope_piece {
	u64 addr;
	u64 pages;
	unsigned int level;
	u64 what;
	u64 raw;
	u64 value;
};

void vmscope_sink_init(struct vmscope_sink *sink, u64 *buf, size_t words,
		       const struct vmscope_scan *query, bool hide_frames);
int vmscope_sink_piece(struct vmscope_sink *sink,
		       const struct vmscope_piece *piece);
unsigned int vmscope_sink_pages(struct vmscope_sink *sink,
				const struct vmscope_piece *first,
				const u64 *raws, const u64 *values,
				unsigned int nr);
int vmscope_sink_area(struct vmscope_sink *sink,
		      const struct vmscope_area *area, const char *name);
int vmscope_sink_table(struct vmscope_sink *sink,
		       const struct vmscope_table *table);
size_t vmscope_sink_ready(const struct vmscope_sink *sink, bool last);
void vmscope_sink_drop(struct vmscope_sink *sink, size_t words);
void vmscope_sink_close(struct vmscope_sink *sink);

#endif /* _VMSCOPE_SINK_H */
