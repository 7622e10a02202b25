// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmscope frames --pid of a stopped process is what /proc/PID/pagemap and
 * /proc/kpageflags report of it, added up.
 */
#include "harness.h"
#include "target.h"
#include "toolrow.h"

#define TRIES 20
#define LRU_GENERATIONS "/sys/kernel/mm/lru_gen/enabled"

static const char *const kinds[] = {
	"anon",
	"mlocked",
	"thp",
	"zero",
	"ksm",
	"hugetlb-2m-private",
	"hugetlb-2m-shared",
	"text",
	"file-shared",
	"file-read-only",
	"file-copied",
	"memfd",
	"tmpfs",
	"shmem-thp",
	NULL,
};

enum { ANON, KSM, SHMEM, FILES, CODE, HUGETLB, ZERO, OTHER, NR_USES };

/* Uses that pagemap and kpageflags do not distinguish count as other. */
static const char *const uses[NR_USES] = {
	"anon", "ksm", "shmem", "file", "code", "hugetlb", "zero", "other"
};

enum {
	PAGES,
	LRU,
	ACTIVE,
	INACTIVE,
	UNEVICTABLE,
	DIRTY,
	WRITEBACK,
	SWAPCACHE,
	NR_STATES
};

static const char *const states[NR_STATES] = { "size",	      "lru",
					       "active",      "inactive",
					       "unevictable", "dirty",
					       "writeback",   "swapcache" };

typedef __u64 sums[NR_USES][NR_STATES]; /* in bytes */

static bool anon_is_ksm;

static unsigned int use_of(const struct proc_area *area, __u64 entry,
			   __u64 flags)
{
	if (flags & KPF(HUGE))
		return HUGETLB;
	if (flags & KPF(ZERO_PAGE))
		return ZERO;
	if (flags & KPF(KSM) && !anon_is_ksm)
		return KSM;
	if (flags & KPF(ANON))
		return ANON;
	if (flags & (KPF(RESERVED) | KPF(NOPAGE)) || !(entry & PM_FILE))
		return OTHER;
	if (flags & KPF(SWAPBACKED))
		return SHMEM;
	/* Data of the vdso is no page of a file. */
	if (!area->inode)
		return OTHER;
	return area->perms[2] == 'x' ? CODE : FILES;
}

static void add_page(sums to, unsigned int use, __u64 flags)
{
	bool listed = flags & KPF(LRU) && !(flags & KPF(UNEVICTABLE));
	const bool is[NR_STATES] = {
		[PAGES] = true,
		[LRU] = listed,
		[ACTIVE] = listed && flags & KPF(ACTIVE),
		[INACTIVE] = listed && !(flags & KPF(ACTIVE)),
		[UNEVICTABLE] = flags & KPF(UNEVICTABLE),
		[DIRTY] = flags & KPF(DIRTY),
		[WRITEBACK] = flags & KPF(WRITEBACK),
		[SWAPCACHE] = flags & KPF(SWAPCACHE),
	};

	for (unsigned int i = 0; i < NR_STATES; i++)
		to[use][i] += is[i] ? PAGE_BYTES : 0;
}

/* Tail pages are in the state of their folio. */
static __u64 flags_of(__u64 pfn)
{
	static __u64 last, head;
	__u64 flags = page_flags(pfn);
	bool follows = pfn == last + 1;

	last = pfn;
	if (!(flags & KPF(COMPOUND_TAIL)))
		head = flags;
	else if (!follows)
		head = folio_flags(pfn);
	return flags | head;
}

static bool sums_of_proc(pid_t pid, sums to)
{
	struct proc_areas areas = { 0 };
	int fd = pagemap_open(pid);
	bool ok = fd >= 0 && !areas_read(pid, &areas);

	memset(to, 0, sizeof(sums));
	for_each_area(area, &areas) {
		for (__u64 at = area->start; ok && at < area->end;
		     at += PAGE_BYTES) {
			__u64 entry, flags;

			if (is_kernel(at))
				break;
			ok = pagemap_read(fd, at, 1, &entry);
			if (!ok || !(entry & PM_PRESENT))
				continue;
			flags = flags_of(entry & PM_PFN_MASK);
			add_page(to, use_of(area, entry, flags), flags);
		}
	}
	areas_free(&areas);
	close(fd);
	return ok;
}

static unsigned int use_named(const char *name)
{
	unsigned int use = 0;

	while (use < OTHER && strcmp(uses[use], name))
		use++;
	return use == KSM && anon_is_ksm ? ANON : use;
}

/*
 * Adds up the nodes, if there are rows for each. pagemap reports no frame
 * without a page.
 */
static bool sums_of_tool(pid_t pid, const char *options, sums to)
{
	FILE *rows = tool_run(
		"frames --pid %d %s -o use,size,lru,active,inactive,unevictable,dirty,writeback,swapcache",
		pid, options);
	char row[1024];

	memset(to, 0, sizeof(sums));
	while (tool_row(rows, row, sizeof(row))) {
		const char *use = row_text(row, "use");

		if (!strcmp(use, "pfnmap"))
			continue;
		for (unsigned int i = 0; i < NR_STATES; i++)
			to[use_named(use)][i] += row_number(row, states[i]);
	}
	return !tool_end(rows);
}

static void note_differences(sums a, sums b)
{
	for (unsigned int use = 0; use < NR_USES; use++)
		for (unsigned int i = 0; i < NR_STATES; i++)
			if (a[use][i] != b[use][i])
				note("%s %s: %llu, by pagemap %llu\n",
				     uses[use], states[i], a[use][i],
				     b[use][i]);
}

FIXTURE(process)
{
	struct target target;
	sums own;
};

FIXTURE_SETUP(process)
{
	if (tool_missing())
		SKIP(return, "%s", tool_missing());
	anon_is_ksm = all_anon_is_called_ksm();
	/* Generations hide which pages are active. */
	if (!access(LRU_GENERATIONS, W_OK))
		ASSERT_TRUE(knob_set(LRU_GENERATIONS, "0"));
	ASSERT_TRUE(target_start(&self->target, kinds));
	ASSERT_EQ(0, kill(self->target.pid, SIGSTOP));
}

FIXTURE_TEARDOWN(process)
{
	kill(self->target.pid, SIGCONT);
	target_stop(&self->target);
	knobs_restore();
}

/* The kernel writes pages back and merges them meanwhile. */
static bool agrees(pid_t pid, const char *options, sums own)
{
	sums before, after;

	for (int i = 0; i < TRIES; i++) {
		if (!sums_of_proc(pid, before) ||
		    !sums_of_tool(pid, options, own) ||
		    !sums_of_proc(pid, after))
			return false;
		if (!memcmp(before, own, sizeof(sums)))
			return true;
		if (!memcmp(before, after, sizeof(sums)))
			break;
	}
	note_differences(own, after);
	return false;
}

TEST_F(process, adds_up_as_pagemap_and_kpageflags_do)
{
	__u64 state[NR_STATES] = { 0 };

	ASSERT_TRUE(agrees(self->target.pid, "", self->own));
	for (unsigned int use = 0; use < NR_USES; use++) {
		about("%s", uses[use]);
		EXPECT_TRUE(self->own[use][PAGES] ||
			    (use == KSM && anon_is_ksm));
		for (unsigned int i = 0; i < NR_STATES; i++)
			state[i] += self->own[use][i];
	}
	for (unsigned int i = 0; i < WRITEBACK; i++) {
		about("%s", states[i]);
		EXPECT_NE(0, state[i]);
	}
	EXPECT_NE(0, self->own[FILES][DIRTY]);
}

TEST_F(process, nodes_add_up_to_the_same)
{
	EXPECT_TRUE(agrees(self->target.pid, "--by node", self->own));
}

TEST_HARNESS_MAIN
