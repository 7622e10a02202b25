// SPDX-License-Identifier: GPL-2.0-only
/*
 * Converts the kernel's dump of its page tables (arch/x86/mm/dump_pagetables.c)
 * and a scan into the same form.
 *
 * The dump shows the flags of each leaf, as we do. Lines differ in flags that
 * we leave out (accessed, dirty, the kernel's own): they are merged here.
 */

#include "pagedump.h"

static bool spans_add(struct spans *spans, __u64 start, __u64 end,
		      unsigned int attrs)
{
	struct span *last = spans->nr ? &spans->all[spans->nr - 1] : NULL;

	if (last && last->end == start && last->attrs == attrs) {
		last->end = end;
		return true;
	}
	if (!array_room(&spans->all, &spans->room, spans->nr + 1,
			sizeof(*last)))
		return false;
	spans->all[spans->nr++] = (struct span){ start, end, attrs };
	return true;
}

void spans_free(struct spans *spans)
{
	free(spans->all);
	*spans = (struct spans){ 0 };
}

/* The dump */

static const struct {
	const char *word;
	unsigned int attrs;
} words[] = {
	{ " RW ", SPAN_WRITE },
	{ " x ", SPAN_EXEC },
	{ " USR ", SPAN_USER },
	{ " GLB ", SPAN_GLOBAL },
	{ " pte\n", SPAN_LEVEL(VMSCOPE_LEVEL_PTE) },
	{ " pmd\n", SPAN_LEVEL(VMSCOPE_LEVEL_PMD) },
	{ " pud\n", SPAN_LEVEL(VMSCOPE_LEVEL_PUD) },
};

/* As the kernel sets up the PAT, by PWT, PCD and PAT. */
static const unsigned char cache_of[8] = {
	VMSCOPE_CACHE_WB,	VMSCOPE_CACHE_WC, VMSCOPE_CACHE_UC_MINUS,
	VMSCOPE_CACHE_UC,	VMSCOPE_CACHE_WB, VMSCOPE_CACHE_WP,
	VMSCOPE_CACHE_UC_MINUS, VMSCOPE_CACHE_WT,
};

static unsigned int attrs_of_line(const char *line)
{
	unsigned int attrs = 0;
	int pat = 0;

	/* without a word for writing there is no present entry */
	if (!strstr(line, " RW ") && !strstr(line, " ro "))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strstr(line, words[i].word))
			attrs |= words[i].attrs;
	pat |= strstr(line, " PWT ") ? 1 : 0;
	pat |= strstr(line, " PCD ") ? 2 : 0;
	pat |= strstr(line, " PAT ") ? 4 : 0;
	return attrs | SPAN_CACHE(cache_of[pat]);
}

/* The dump has only the first lines of some parts: the rest is a gap. */
static bool add_line(struct spans *spans, const char *line)
{
	__u64 at = spans->nr ? spans->all[spans->nr - 1].end : 0;
	unsigned long long start, end;

	if (sscanf(line, "0x%llx-0x%llx", &start, &end) != 2)
		return true;
	/* the end of the very last line */
	if (!end)
		end = -PAGE_BYTES;
	if (start > at && spans->nr &&
	    !spans_add(spans, at, start, SPAN_UNTOLD))
		return false;
	return end <= start ||
	       spans_add(spans, start, end, attrs_of_line(line));
}

/* False if there is no such dump or no memory; otherwise call spans_free(). */
bool spans_of_dump(const char *path, struct spans *spans)
{
	FILE *dump = fopen(path, "re");
	char line[256];
	bool ok = true;

	*spans = (struct spans){ 0 };
	if (!dump)
		return false;
	while (ok && fgets(line, sizeof(line), dump))
		ok = add_line(spans, line);
	ok = ok && !ferror(dump) && spans->nr;
	fclose(dump);
	if (!ok)
		spans_free(spans);
	return ok;
}

/* Records */

static unsigned int attrs_of_leaf(const struct leaf *leaf)
{
	unsigned int attrs;

	if (leaf->flags & F(RACED) || leaf->state == VMSCOPE_STATE_UNKNOWN)
		return SPAN_UNTOLD;
	if (!(leaf->flags & F(PRESENT)))
		return 0;
	attrs = SPAN_LEVEL(leaf->level) | SPAN_CACHE(leaf->cache);
	attrs |= leaf->flags & F(WRITE) ? SPAN_WRITE : 0;
	attrs |= leaf->flags & F(EXEC) ? SPAN_EXEC : 0;
	attrs |= leaf->flags & F(USER) ? SPAN_USER : 0;
	attrs |= leaf->flags & F(GLOBAL) ? SPAN_GLOBAL : 0;
	return attrs;
}

static size_t first_after(const struct spans *spans, __u64 addr)
{
	size_t i = spans->nr;

	while (i && spans->all[i - 1].end > addr)
		i--;
	return i;
}

/* Repeats what was reported for the @bytes before @to, up to @end at most. */
static bool repeat_once(struct spans *spans, __u64 to, __u64 end, __u64 bytes)
{
	size_t i = first_after(spans, to - bytes), nr = spans->nr;

	for (; i < nr; i++) {
		struct span span = spans->all[i];

		if (span.start < to - bytes)
			span.start = to - bytes;
		span.start += bytes;
		span.end = span.end < to ? span.end + bytes : to + bytes;
		if (span.start >= end)
			break;
		if (!spans_add(spans, span.start,
			       span.end < end ? span.end : end, span.attrs))
			return false;
	}
	return true;
}

/* For uniform terabytes, one span is enough. */
static bool repeat(struct spans *spans, const struct leaf *leaf, __u64 bytes)
{
	struct span *last = spans->nr ? &spans->all[spans->nr - 1] : NULL;
	__u64 at, end = leaf_end(leaf);

	if (!last || last->end != leaf->start)
		return false;
	if (last->start <= leaf->start - bytes) {
		last->end = end;
		return true;
	}
	for (at = leaf->start; at < end; at += bytes)
		if (!repeat_once(spans, at, end, bytes))
			return false;
	return true;
}

/* As spans_of_dump(); a REPEAT is expanded. */
bool spans_of_records(const struct records *recs,
		      const struct vmscope_info *info, struct spans *spans)
{
	bool ok = true;

	*spans = (struct spans){ 0 };
	for_each_leaf(leaf, recs) {
		if (leaf.state == VMSCOPE_STATE_REPEAT)
			ok = repeat(spans, &leaf,
				    1ULL << info->level_shift[leaf.level]);
		else
			ok = spans_add(spans, leaf.start, leaf_end(&leaf),
				       attrs_of_leaf(&leaf));
		if (!ok)
			break;
	}
	if (!ok)
		spans_free(spans);
	return ok;
}
