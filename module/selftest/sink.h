/* SPDX-License-Identifier: GPL-2.0-only */
/* Included at the end of sink.c. */

#include <linux/printk.h>

#include "selftest.h"

#define SINK_WORDS 32
#define ANON ((u64)VMSCOPE_STATE_ANON << VMSCOPE_STATE_SHIFT)
#define SLOT ((u64)VMSCOPE_STATE_SWAP << VMSCOPE_STATE_SHIFT)

/* Entries offered in turn, and how many records they make. */
struct sink_row {
	const char *name;
	struct vmscope_scan query;
	struct vmscope_extent extents[3];
	bool hide;
	size_t records;
	u64 last_length;
};

static const struct sink_row sink_rows[] __initconst = {
	{ "neighbours merge",
	  { .flags = VMSCOPE_SCAN_RUNS },
	  { { 0x1000, 1, 1, ANON, 0, 7 },
	    { 0x2000, 1, 1, ANON, 0, 90 },
	    { 0x3000, 2, 1, ANON, 0, 5 } },
	  false,
	  1,
	  4 },
	{ "a gap splits",
	  { .flags = VMSCOPE_SCAN_RUNS },
	  { { 0x1000, 1, 1, ANON },
	    { 0x2000, 1, 1, ANON },
	    { 0x4000, 1, 1, ANON } },
	  false,
	  2,
	  1 },
	{ "a level splits",
	  { .flags = VMSCOPE_SCAN_RUNS },
	  { { 0x1000, 1, 1, ANON },
	    { 0x2000, 1, 2, ANON },
	    { 0x3000, 1, 2, ANON } },
	  false,
	  2,
	  2 },
	{ "a state splits",
	  { .flags = VMSCOPE_SCAN_RUNS },
	  { { 0x1000, 1, 1, ANON },
	    { 0x2000, 1, 1, SLOT },
	    { 0x3000, 1, 1, ANON } },
	  false,
	  3,
	  1 },
	{ "dirty does not split unless asked",
	  { .flags = VMSCOPE_SCAN_RUNS },
	  { { 0x1000, 1, 1, ANON },
	    { 0x2000, 1, 1, ANON | VMSCOPE_F_DIRTY },
	    { 0x3000, 1, 1, ANON } },
	  false,
	  1,
	  3 },
	{ "dirty splits when asked",
	  { .flags = VMSCOPE_SCAN_RUNS, .run_flags = VMSCOPE_F_DIRTY },
	  { { 0x1000, 1, 1, ANON },
	    { 0x2000, 1, 1, ANON | VMSCOPE_F_DIRTY },
	    { 0x3000, 1, 1, ANON } },
	  false,
	  3,
	  1 },
	{ "frames must follow when asked",
	  { .flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES },
	  { { 0x1000, 1, 1, ANON | 1, 0, 7 },
	    { 0x2000, 1, 1, ANON | 1, 0, 8 },
	    { 0x3000, 1, 1, ANON | 1, 0, 5 } },
	  false,
	  2,
	  1 },
	{ "withheld frames do not show by their runs",
	  { .flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES },
	  { { 0x1000, 1, 1, ANON | 1, 9, 7 },
	    { 0x2000, 1, 1, ANON | 1, 9, 8 },
	    { 0x3000, 1, 1, ANON | 1, 9, 5 } },
	  true,
	  1,
	  3 },
	{ "slots follow though frames are withheld",
	  { .flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES },
	  { { 0x1000, 1, 1, SLOT, 9, 7 },
	    { 0x2000, 1, 1, SLOT, 9, 8 },
	    { 0x3000, 1, 1, SLOT, 9, 5 } },
	  true,
	  2,
	  1 },
	{ "empty entries merge among pages",
	  {},
	  { { 0x1000, 1, 1, ANON | 1, 9, 7 },
	    { 0x2000, 9, 1, 0 },
	    { 0xb000, 3, 1, 0 } },
	  false,
	  2,
	  12 },
	{ "empty entries can be left out",
	  { .flags = VMSCOPE_SCAN_SKIP_EMPTY | VMSCOPE_SCAN_RUNS },
	  { { 0x1000, 1, 1, ANON },
	    { 0x2000, 9, 1, 0 },
	    { 0xb000, 3, 1, ANON } },
	  false,
	  2,
	  3 },
	{ "all of all_flags",
	  { .flags = VMSCOPE_SCAN_RUNS, .all_flags = 3 },
	  { { 0x1000, 1, 1, ANON | 1 },
	    { 0x2000, 1, 1, ANON | 2 },
	    { 0x3000, 1, 1, ANON | 3 } },
	  false,
	  1,
	  1 },
	{ "any of any_flags",
	  { .flags = VMSCOPE_SCAN_RUNS, .any_flags = 0x60 },
	  { { 0x1000, 1, 1, ANON | 0x20 },
	    { 0x2000, 1, 1, ANON | 0x40 },
	    { 0x3000, 1, 1, ANON } },
	  false,
	  1,
	  2 },
	{ "none of none_flags",
	  { .flags = VMSCOPE_SCAN_RUNS, .none_flags = 0x60 },
	  { { 0x1000, 1, 1, ANON | 0x20 },
	    { 0x2000, 1, 1, ANON | 0x40 },
	    { 0x3000, 1, 1, ANON } },
	  false,
	  1,
	  1 },
	{ "states and levels",
	  { .flags = VMSCOPE_SCAN_RUNS,
	    .states = 1 << VMSCOPE_STATE_ANON,
	    .levels = 1 << VMSCOPE_LEVEL_PMD },
	  { { 0x1000, 1, 1, ANON },
	    { 0x2000, 1, 2, ANON },
	    { 0x3000, 1, 2, SLOT } },
	  false,
	  1,
	  1 },
};

static size_t __init sink_records(const struct vmscope_sink *sink,
				  u64 *last_length)
{
	const struct vmscope_page *page = (const void *)sink->buf;
	size_t nr = sink->used / VMSCOPE_PAGE_WORDS;

	if (nr)
		*last_length = VMSCOPE_WORD_KIND(page[nr - 1].where) ==
					       VMSCOPE_KIND_RUN ?
				       page[nr - 1].raw :
				       VMSCOPE_WORD_PAGES(page[nr - 1].what);
	return nr;
}

static bool __init sink_row_passes(size_t i)
{
	struct vmscope_scan query = sink_rows[i].query;
	u64 buf[SINK_WORDS], length = 0;
	struct vmscope_sink sink;
	size_t j, records;

	query.buf_bytes = sizeof(buf);
	vmscope_sink_init(&sink, buf, SINK_WORDS, &query, sink_rows[i].hide);
	for (j = 0; j < ARRAY_SIZE(sink_rows[i].extents); j++)
		if (vmscope_sink_extent(&sink, &sink_rows[i].extents[j]))
			return false;
	records = sink_records(&sink, &length);
	return records == sink_rows[i].records &&
	       length == sink_rows[i].last_length;
}

/* A full buffer takes no record but still lets the last run grow. */
static bool __init full_sink_grows(void)
{
	const struct vmscope_scan query = { .flags = VMSCOPE_SCAN_RUNS,
					    .buf_bytes = 4 * sizeof(u64) };
	const struct vmscope_extent one = { 0x1000, 1, 1, ANON };
	const struct vmscope_extent next = { 0x2000, 1, 1, ANON };
	const struct vmscope_extent other = { 0x3000, 1, 1, SLOT };
	struct vmscope_sink sink;
	u64 buf[4];

	vmscope_sink_init(&sink, buf, 4, &query, false);
	return !vmscope_sink_extent(&sink, &one) &&
	       !vmscope_sink_extent(&sink, &next) &&
	       vmscope_sink_extent(&sink, &other) == -ENOSPC && buf[2] == 2 &&
	       !vmscope_sink_ready(&sink, false) &&
	       vmscope_sink_ready(&sink, true) == 4;
}

bool __init vmscope_sink_selftest(void)
{
	bool pass = full_sink_grows();
	size_t i;

	if (!pass)
		pr_err("vmscope: selftest sink: a full sink does not grow\n");
	for (i = 0; i < ARRAY_SIZE(sink_rows); i++) {
		if (sink_row_passes(i))
			continue;
		pr_err("vmscope: selftest sink: %s: failed\n",
		       sink_rows[i].name);
		pass = false;
	}
	pr_info("vmscope: selftest sink: %s, %zu rows\n",
		pass ? "pass" : "FAIL", ARRAY_SIZE(sink_rows));
	return pass;
}
