// SPDX-License-Identifier: GPL-2.0-or-later
/* Filters: parsed, matched, and pushed into the scan. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/column.h"
#include "model/page.h"
#include "model/push.h"
#include "unit.h"

static bool parses(const char *text)
{
	struct filter *filter;

	if (filter_parse(&filter, &map_columns, text))
		return false;
	filter_free(filter);
	return true;
}

TEST(good_filters_parse)
{
	static const char *const good[] = {
		"state == anon",
		"state==anon",
		"  ( state == swap ) ",
		"!(level == pmd) && size >= 2M || pfn < 0x100",
		"area =~ \"lib(c|m)\\.so\"",
		"area == '[heap]'",
		"dirty == yes",
		"! ! ! dirty == no",
		"((((state != none))))",
		"start >= 7f0000000000 && end <= 0x7fffffffffff",
		"pte_flags =~ ^P",
		"area==/usr/bin/x&&dirty==1",
		"STATE == anon",
	};

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		if (!parses(good[i]))
			printf("# %s\n", good[i]);
		EXPECT(parses(good[i]));
	}
}

TEST(bad_filters_are_refused)
{
	static const char *const bad[] = {
		"",
		" ",
		"state",
		"state ==",
		"== anon",
		"state = anon",
		"state == anno",
		"stat == anon",
		"state == anon &&",
		"&& state == anon",
		"(state == anon",
		"state == anon)",
		"()",
		"state == anon state == swap",
		"state == anon & dirty == 1",
		"pfn == x",
		"pfn == 99999999999999999999",
		"pfn =~ 1",
		"size == 4Q",
		"dirty == maybe",
		"area =~ \"(\"",
		"area == \"open",
		"!",
		"! && dirty == 1",
		"start == 0xg",
		"state <=> anon",
		"a\nb",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		if (parses(bad[i]))
			printf("# %s\n", bad[i]);
		EXPECT(!parses(bad[i]));
	}
}

/* No depth makes the parser recurse; too many operators are refused. */
TEST(deep_filters_are_bounded)
{
	enum { DEEP = 100000 };
	char *text = malloc(2 * DEEP + 64);

	memset(text, '(', DEEP);
	memcpy(text + DEEP, "dirty == 1", 11);
	memset(text + strlen(text), ')', DEEP);
	text[2 * DEEP + 10] = '\0';
	EXPECT(!parses(text));
	memset(text, '!', DEEP);
	memcpy(text + DEEP, "dirty == 1", 11);
	EXPECT(!parses(text));
	memset(text, '!', 200);
	memcpy(text + 200, "dirty == 1", 11);
	EXPECT(parses(text));
	*text = '\0';
	for (int i = 0; i < 1000; i++)
		sprintf(text + strlen(text), "%sdirty==1", i ? "||" : "");
	EXPECT(!parses(text));
	free(text);
}

/* The place is below the character that is wrong. */
TEST(filter_errors_show_the_place)
{
	char buf[512] = "";
	struct filter *filter;
	FILE *keep = stderr;

	stderr = fmemopen(buf, sizeof(buf), "w");
	EXPECT(filter_parse(&filter, &map_columns,
			    "dirty == 1 && stat == anon") == EXIT_USAGE);
	fclose(stderr);
	stderr = keep;
	EXPECT_STR(
		"vmscope: filter: no column \"stat\"; did you mean \"state\"?; -H lists them\n"
		"  dirty == 1 && stat == anon\n"
		"                ^\n",
		buf);
}

static bool matches(const char *text, const struct vmscope_record *rec)
{
	struct vmscope *scope;
	struct page_row row = { .info = fake_info(&scope),
				.rec = rec,
				.label = "[heap]" };
	struct filter *filter;
	bool ret;

	EXPECT(!filter_parse(&filter, &map_columns, text));
	ret = filter_match(filter, &row);
	filter_free(filter);
	vmscope_close(scope);
	return ret;
}

TEST(filters_match_rows)
{
	const struct vmscope_record rec = {
		.kind = VMSCOPE_KIND_PAGE,
		.level = VMSCOPE_LEVEL_PMD,
		.state = VMSCOPE_STATE_ANON,
		.addr = 0x200000,
		.end = 0x400000,
		.flags = VMSCOPE_F_PRESENT | VMSCOPE_F_DIRTY |
			 VMSCOPE_F_PERM_READ,
		.value = 512,
		.name = "",
	};

	EXPECT(matches("state == anon", &rec));
	EXPECT(!matches("state != anon", &rec));
	EXPECT(matches("level > pte", &rec));
	EXPECT(matches("size == 2M && pages == 512", &rec));
	EXPECT(matches("start == 200000", &rec));
	EXPECT(matches("dirty == yes && accessed == no", &rec));
	EXPECT(matches("perm == r-- && area =~ heap", &rec));
	EXPECT(matches("pfn >= 512 && pfn <= 0x200", &rec));
	EXPECT(matches("state == swap || level == pmd", &rec));
	EXPECT(matches("!(state == swap) && !dirty == no", &rec));
	EXPECT(matches("state == swap && dirty == no || level == pmd", &rec));
	EXPECT(!matches("state == swap && (dirty == no || level == pmd)",
			&rec));
	EXPECT(matches("page_flags =~ dirty", &rec));
}

/* A comparison with an unknown value is never true; its negation is. */
TEST(unknown_matches_nothing)
{
	const struct vmscope_record rec = {
		.kind = VMSCOPE_KIND_PAGE,
		.level = VMSCOPE_LEVEL_PTE,
		.state = VMSCOPE_STATE_SWAP,
		.end = 4096,
		.name = "",
	};

	EXPECT(!matches("pfn == 0", &rec));
	EXPECT(!matches("pfn != 0", &rec));
	EXPECT(!matches("pfn >= 0", &rec));
	EXPECT(matches("!(pfn == 0)", &rec));
	EXPECT(!matches("cache != wb", &rec));
}

static const char *const pushed[] = {
	"state == anon",
	"state != none",
	"state =~ swap",
	"level == pmd",
	"level >= pmd && state == anon",
	"dirty == yes",
	"dirty == no",
	"present == yes && accessed == no",
	"perm == r-x",
	"perm =~ w",
	"perm != rw-",
	"lperm == rwx",
	"!(state == anon || state == file)",
	"state == swap || level == pmd",
	"start >= 555556400000",
	"start == 555556000000",
	"start > 555556000000 && end < 7f0000002000",
	"end <= 555556400000",
	"end == 555555562000",
	"end < 1000",
	"start >= 555556201000",
	"end <= 555556201000",
	"start == 0",
	"end <= ffffffffffffffff",
	"start >= ffffffffffffffff",
	"state == anon && state == file",
	"state == swap && level == pte && dirty == no",
	"user == no && present == yes",
	"(dirty == yes || accessed == yes) && perm == rw-",
	"protnone == yes",
	"raced == yes",
	"exclusive == yes && state == swap",
	"size >= 2M && state != none",
	"area =~ x && state == anon",
	"uffd_wp == no",
	"order >= 4",
	"node != 0 && state == anon",
};

static void push_keeps_rows(uint64_t flags)
{
	static char plain[1 << 16], narrowed[1 << 16];

	for (size_t i = 0; i < ARRAY_SIZE(pushed); i++) {
		struct vmscope_query query = { .end = UINT64_MAX,
					       .flags = flags };
		struct filter *filter;
		struct vmscope *scope;
		unsigned int needs = 0;
		bool any;

		EXPECT(!filter_parse(&filter, &map_columns, pushed[i]));
		filter_needs(filter, &needs, &query.run_flags, &query.facts);
		scan_rows(&query, filter, plain, sizeof(plain));
		any = filter_push(filter, fake_info(&scope), &query);
		vmscope_close(scope);
		*narrowed = '\0';
		if (any)
			scan_rows(&query, filter, narrowed, sizeof(narrowed));
		filter_free(filter);
		if (strcmp(plain, narrowed))
			printf("# %s\n%s# became\n%s", pushed[i], plain,
			       narrowed);
		EXPECT(!strcmp(plain, narrowed));
	}
}

TEST(pushed_filters_keep_the_rows_of_map)
{
	push_keeps_rows(VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS);
	push_keeps_rows(VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS |
			VMSCOPE_SCAN_FRAMES);
}

TEST(pushed_filters_keep_the_rows_of_pages)
{
	push_keeps_rows(VMSCOPE_SCAN_AREAS);
}

static void push(const char *text, struct vmscope_query *query)
{
	struct filter *filter;
	struct vmscope *scope;

	*query = (struct vmscope_query){ .end = UINT64_MAX,
					 .facts = VMSCOPE_FACT_ALL };
	EXPECT(!filter_parse(&filter, &map_columns, text));
	EXPECT(filter_push(filter, fake_info(&scope), query));
	filter_free(filter);
	vmscope_close(scope);
}

TEST(filters_become_masks)
{
	struct vmscope_query q;

	push("state == anon && level != pte && dirty == yes && perm == r--",
	     &q);
	EXPECT(q.states == 1 << VMSCOPE_STATE_ANON);
	EXPECT(q.levels == (0x3f & ~(1 << VMSCOPE_LEVEL_PTE)));
	EXPECT(q.all_flags == (VMSCOPE_F_DIRTY | VMSCOPE_F_PERM_READ));
	EXPECT(q.none_flags == (VMSCOPE_F_PERM_WRITE | VMSCOPE_F_PERM_EXEC));
	push("start >= 5000 && end <= 9000", &q);
	EXPECT(q.start == 0x4000 && q.end == 0xb000);
	push("state == anon || dirty == yes", &q);
	EXPECT(!q.states && !q.all_flags);
	push("size > 4K", &q);
	EXPECT(!q.states && !q.levels && !q.all_flags && !q.none_flags);
	push("order >= 4 && node != 0", &q);
	EXPECT(q.orders == UINT64_MAX << 4 && q.nodes == UINT64_MAX << 1);
	push("order != 0 || node == 1", &q);
	EXPECT(!q.orders && !q.nodes);
}

TEST(states_of_the_kernel_are_pushed)
{
	struct vmscope_query q;

	push("state == repeat", &q);
	EXPECT(q.states == 1 << VMSCOPE_STATE_REPEAT);
	push("state != none", &q);
	EXPECT(q.states >> VMSCOPE_STATE_KERNEL & 1);
	EXPECT(!(q.states >> VMSCOPE_STATE_UNMAPPED & 1));
}
