// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts of frames are what the kernel reports of them: with every process but
 * this one frozen, every page of a mkmap of all kinds and of a program under
 * memory pressure is compared with /proc/kpageflags, kpagecount and
 * kpagecgroup, with its node by move_pages(), its zone by /proc/zoneinfo, the
 * order of its folio by the neighbours in kpageflags, and its index by
 * /proc/PID/maps; and the folios of each size of new memory with the kernel's
 * counters of that size.
 *
 * The kernel itself is not frozen. A frame whose facts are not as reported is
 * read again, by a scan of its page, until two scans around the kernel's own
 * files agree.
 */
#include <linux/kernel-page-flags.h>

#include <kselftest.h>

#include "freezer.h"
#include "procfs.h"
#include "swapdev.h"
#include "target.h"
#include "workload.h"

#define MAX_COMPLAINTS 12
#define TRIES 50
#define SWAP_BYTES (256UL << 20)
#define BUF_BYTES (1 << 20)
#define MTHP_FOLIOS 4
#define MTHP_ORDER_MIN 2
#define MTHP_ORDER_MAX 9

/* The facts that are compared, by what. */
enum { FLAGS, MAPCOUNT, REFS, ORDER, NODE, ZONE, MEMCG, INDEX, NR_FACTS };

static const char *const oracle[NR_FACTS] = {
	[FLAGS] = "flags agree with kpageflags",
	[MAPCOUNT] = "map counts agree with kpagecount",
	[REFS] = "a folio has a reference for each mapping",
	[ORDER] = "orders agree with heads and tails in kpageflags",
	[NODE] = "nodes agree with move_pages()",
	[ZONE] = "zones agree with zoneinfo",
	[MEMCG] = "cgroups agree with kpagecgroup",
	[INDEX] = "indices agree with the offsets of maps",
};

static __u64 compared[NR_FACTS], wrong[NR_FACTS];
static __u64 states[VMSCOPE_NR_STATES], nodes[2], large;
static __u64 unsettled, differing_runs, differing_pieces, differing_few;
static __u64 mixes, differing_mixes;
static __u64 filtered, filtered_wrong, runs;
static int complaints;
static struct vmscope_info info;
static struct swap_device swap;
static struct workload python;
static struct target target;

/* A zone of a node, from /proc/zoneinfo. */
static struct zone {
	unsigned int node;
	unsigned int zone;
	__u64 first;
	__u64 end;
} zones[32];
static size_t nr_zones;

static void read_zones(void)
{
	static const char *const names[] = { "DMA", "DMA32", "Normal",
					     "Movable" };
	struct zone *zone = NULL;
	char line[256], name[32];
	unsigned long long number;
	unsigned int node;

	for_each_line_of(line, "/proc/zoneinfo") {
		if (sscanf(line, "Node %u, zone %31s", &node, name) == 2) {
			zone = &zones[nr_zones];
			zone->node = node;
			for (zone->zone = 0; zone->zone < ARRAY_SIZE(names);
			     zone->zone++)
				if (!strcmp(name, names[zone->zone]))
					break;
		} else if (zone &&
			   sscanf(line, " spanned %llu", &number) == 1) {
			zone->end = number;
		} else if (zone &&
			   sscanf(line, " start_pfn: %llu", &number) == 1) {
			zone->first = number;
			zone->end += number;
			nr_zones++;
			zone = NULL;
		}
	}
}

/* The number of its zone; -1 if there is none. */
static long zone_of(__u64 pfn, unsigned int node)
{
	for (size_t i = 0; i < nr_zones; i++)
		if (zones[i].node == node && pfn >= zones[i].first &&
		    pfn < zones[i].end)
			return zones[i].zone;
	return -1;
}

enum { KPAGECOUNT, KPAGECGROUP, NR_WORDS };

/* All bits set if it cannot be read. */
static __u64 proc_word(unsigned int file, __u64 pfn)
{
	static const char *const paths[NR_WORDS] = { "/proc/kpagecount",
						     "/proc/kpagecgroup" };
	static int fds[NR_WORDS];
	__u64 word = 0;

	if (!fds[file])
		fds[file] = open(paths[file], O_RDONLY | O_CLOEXEC);
	return pread(fds[file], &word, 8, pfn * 8) == 8 ? word : ~0ULL;
}

/* Some kernels call every anonymous page KSM in kpageflags. */
static bool all_anon_is_ksm;

/* Pages come in order, so that of the last one is mostly that of the next. */
static __u64 head_of(__u64 pfn)
{
	static __u64 last, head;
	bool tail = page_flags(pfn) & KPF(COMPOUND_TAIL);

	if (!tail || pfn < last || pfn > last + 1) {
		for (head = pfn; page_flags(head) & KPF(COMPOUND_TAIL);)
			head--;
	}
	last = pfn;
	return head;
}

/* Older kernels report of a tail page what stands in its own struct page. */
static __u64 flags_of_folio(__u64 pfn, unsigned int state)
{
	__u64 flags = page_flags(pfn);

	if (flags & KPF(COMPOUND_TAIL))
		flags = (page_flags(head_of(pfn)) &
			 ~(1ULL << KPF_COMPOUND_HEAD)) |
			KPF(COMPOUND_TAIL) | (flags & KPF(HWPOISON));
	if (all_anon_is_ksm && state != VMSCOPE_STATE_KSM)
		flags &= ~KPF(KSM);
	return flags;
}

static unsigned int order_of(__u64 pfn)
{
	unsigned int order = 0;
	__u64 pages = 1;

	pfn = head_of(pfn);
	if (!(page_flags(pfn) & 1ULL << KPF_COMPOUND_HEAD))
		return 0;
	while (page_flags(pfn + pages) & KPF(COMPOUND_TAIL))
		pages++;
	while (1ULL << order < pages)
		order++;
	return order;
}

/* What is wrong with the facts: a bit for each. */
static unsigned int disagreement(pid_t pid, const struct proc_area *area,
				 const struct leaf *leaf,
				 const struct vmscope_frame *frame)
{
	__u64 pfn = leaf->value, index;
	int node = page_node(pid, leaf->start);
	unsigned int bad = 0;

	if (frame->flags != flags_of_folio(pfn, leaf->state))
		bad |= 1 << FLAGS;
	if (frame->mapcount != proc_word(KPAGECOUNT, pfn))
		bad |= 1 << MAPCOUNT;
	if (frame->refs < frame->mapcount)
		bad |= 1 << REFS;
	if (VMSCOPE_PLACE_ORDER(frame->place) != order_of(pfn))
		bad |= 1 << ORDER;
	if (node >= 0 && (int)VMSCOPE_PLACE_NODE(frame->place) != node)
		bad |= 1 << NODE;
	if ((long)VMSCOPE_PLACE_ZONE(frame->place) !=
	    zone_of(pfn, VMSCOPE_PLACE_NODE(frame->place)))
		bad |= 1 << ZONE;
	if (frame->memcg != proc_word(KPAGECGROUP, head_of(pfn)))
		bad |= 1 << MEMCG;
	index = (area->offset + leaf->start - area->start) / PAGE_BYTES;
	if (frame->known & VMSCOPE_FACT_INDEX && frame->index != index)
		bad |= 1 << INDEX;
	return bad;
}

static void complain(pid_t pid, const struct leaf *leaf,
		     const struct vmscope_frame *frame, const char *why)
{
	if (complaints++ >= MAX_COMPLAINTS)
		return;
	ksft_print_msg(
		"%d %llx %s, PFN %llx: %s: known %llx flags %llx mapcount %llu refs %llu place %llx memcg %llu index %llu; kpageflags %llx kpagecount %llu kpagecgroup %llu order %u node %d\n",
		pid, leaf->start, state_name(leaf->state), leaf->value, why,
		frame->known, frame->flags, frame->mapcount, frame->refs,
		frame->place, frame->memcg, frame->index,
		flags_of_folio(leaf->value, leaf->state),
		proc_word(KPAGECOUNT, leaf->value),
		proc_word(KPAGECGROUP, head_of(leaf->value)),
		order_of(leaf->value), page_node(pid, leaf->start));
}

/* The leaf that begins at @addr, by a scan from @start to behind its page. */
static bool scan_from(int fd, __u64 start, __u64 addr, struct leaf *leaf)
{
	struct vmscope_scan scan;
	struct records recs;
	bool found = false;

	scan_init(&scan, start, addr + PAGE_BYTES, 0);
	scan.facts = info.facts & VMSCOPE_FACT_ALL;
	if (records_read(fd, &scan, 4096, &recs))
		return false;
	for_each_leaf(each, &recs) {
		*leaf = each;
		found = each.start == addr;
	}
	records_free(&recs);
	return found;
}

#define BYTES_BEFORE (8 * PAGE_BYTES)

/* With some pages before it: its facts may come from theirs. */
static bool scan_page(int fd, const struct proc_area *area, __u64 addr,
		      struct leaf *leaf)
{
	__u64 start = addr - area->start < BYTES_BEFORE ? area->start :
							  addr - BYTES_BEFORE;

	/* A page that is in a huge one by now begins in a scan of its own. */
	return scan_from(fd, start, addr, leaf) ||
	       scan_from(fd, addr, addr, leaf);
}

static bool same_frame(const struct vmscope_frame *a,
		       const struct vmscope_frame *b)
{
	return !memcmp(&a->known, &b->known,
		       sizeof(*a) - offsetof(struct vmscope_frame, known));
}

/* Until two scans around the kernel's own files agree. */
static unsigned int settle(int fd, pid_t pid, const struct proc_area *area,
			   struct leaf *leaf, struct vmscope_frame *frame)
{
	const __u64 addr = leaf->start;
	unsigned int bad = disagreement(pid, area, leaf, frame);

	for (int i = 0; bad && i < TRIES; i++) {
		struct vmscope_frame again;
		struct leaf after;

		if (!scan_page(fd, area, addr, leaf))
			return bad;
		*frame = leaf_frame(leaf, addr);
		bad = disagreement(pid, area, leaf, frame);
		if (!scan_page(fd, area, addr, &after))
			return bad;
		again = leaf_frame(&after, addr);
		if (same_frame(&again, frame) && i > TRIES / 2)
			return bad;
	}
	return bad;
}

static void compare_leaf(int fd, pid_t pid, const struct proc_area *area,
			 struct leaf *leaf)
{
	struct vmscope_frame frame = leaf_frame(leaf, leaf->start);
	unsigned int bad;

	if (!frame.known)
		return;
	bad = settle(fd, pid, area, leaf, &frame);
	states[leaf->state]++;
	large += VMSCOPE_PLACE_ORDER(frame.place) > 0;
	if (VMSCOPE_PLACE_NODE(frame.place) < ARRAY_SIZE(nodes))
		nodes[VMSCOPE_PLACE_NODE(frame.place)]++;
	for (unsigned int i = 0; i < NR_FACTS; i++) {
		compared[i] += i != INDEX || frame.known & VMSCOPE_FACT_INDEX;
		wrong[i] += bad >> i & 1;
		if (bad >> i & 1)
			complain(pid, leaf, &frame, oracle[i]);
	}
}

/* Only the facts in @facts: all, or the map count, with or without flags. */
static struct vmscope_frame reduced(const struct vmscope_frame *frame,
				    __u64 facts)
{
	if (facts == VMSCOPE_FACT_ALL)
		return *frame;
	return (struct vmscope_frame){
		.known = frame->known & (facts | VMSCOPE_FACT_ESTIMATE),
		.flags = facts & VMSCOPE_FACT_FLAGS ? frame->flags : 0,
		.mapcount = frame->mapcount,
	};
}

/* Are pages the same, in both scans, that were read at different times? */
static bool same_facts(const struct leaf *a, const struct leaf *b, __u64 addr,
		       __u64 facts)
{
	struct vmscope_frame all = leaf_frame(a, addr);
	struct vmscope_frame of_a = reduced(&all, facts);
	struct vmscope_frame of_b = leaf_frame(b, addr);

	return a->state == b->state && same_frame(&of_a, &of_b);
}

/*
 * Each page of @pages must be in @other, for which @facts were asked, with the
 * same facts; counts others.
 */
static __u64 differences(const struct records *pages,
			 const struct records *other, __u64 facts)
{
	struct leaf in = { 0 };
	const __u64 *rec = leaf_next(other, NULL, &in);
	__u64 nr = 0;

	for_each_leaf(leaf, pages) {
		while (rec && leaf_end(&in) <= leaf.start)
			rec = leaf_next(other, rec, &in);
		if (!(leaf.flags & F(PRESENT)))
			continue;
		nr += !rec || in.start > leaf.start ||
		      !same_facts(&leaf, &in, leaf.start, facts);
	}
	return nr;
}

static bool read_area(int fd, const struct proc_area *area, __u64 flags,
		      __u64 facts, size_t bytes, struct records *recs)
{
	struct vmscope_scan scan;

	scan_init(&scan, area->start, area->end, flags);
	scan.facts = info.facts & facts;
	return !records_read(fd, &scan, bytes, recs) &&
	       !records_malformed(recs, &scan);
}

/* In another form: with the kernel at work, some try shows no difference. */
static bool differs_as(int fd, const struct proc_area *area, __u64 flags,
		       __u64 facts, size_t bytes)
{
	__u64 nr = 1;

	for (int i = 0; nr && i < TRIES; i++) {
		struct records pages = { 0 }, other = { 0 };

		if (!read_area(fd, area, 0, VMSCOPE_FACT_ALL, BUF_BYTES,
			       &pages) ||
		    !read_area(fd, area, flags, facts, bytes, &other))
			return true;
		nr = differences(&pages, &other, facts);
		records_free(&pages);
		records_free(&other);
	}
	return nr;
}

/* Record by record, the same runs. */
static bool same_runs(const struct records *runs, const struct records *mixed)
{
	struct leaf a = { 0 }, b = { 0 };
	const __u64 *of_a = leaf_next(runs, NULL, &a);
	const __u64 *of_b = leaf_next(mixed, NULL, &b);

	while (of_a && of_b && a.start == b.start && a.pages == b.pages &&
	       a.level == b.level && a.flags == b.flags && a.pkey == b.pkey &&
	       a.cache == b.cache && a.value == b.value &&
	       same_facts(&a, &b, a.start, VMSCOPE_FACT_ALL)) {
		of_a = leaf_next(runs, of_a, &a);
		of_b = leaf_next(mixed, of_b, &b);
	}
	return !of_a && !of_b;
}

/* With mixes, runs are the same. With the kernel at work, some try shows it. */
static void compare_mixes(int fd, const struct proc_area *area, __u64 facts,
			  size_t bytes)
{
	bool same = false;

	for (int i = 0; !same && i < TRIES; i++) {
		struct records runs = { 0 }, mixed = { 0 };

		if (!read_area(fd, area, VMSCOPE_SCAN_RUNS, facts, BUF_BYTES,
			       &runs) ||
		    !read_area(fd, area, VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_MIXES,
			       facts, bytes, &mixed))
			break;
		same = same_runs(&runs, &mixed);
		mixes += mixed.mixes;
		records_free(&runs);
		records_free(&mixed);
	}
	if (!same)
		ksft_print_msg("%llx-%llx: runs differ with mixes\n",
			       (unsigned long long)area->start,
			       (unsigned long long)area->end);
	differing_mixes += !same;
}

/* Does a scan for these orders, and these nodes, report the page? 0: any */
static bool passes(const struct leaf *leaf, __u64 orders, __u64 only)
{
	__u64 order = VMSCOPE_PLACE_ORDER(leaf->facts.place);
	__u64 node = VMSCOPE_PLACE_NODE(leaf->facts.place);

	return leaf_frame(leaf, leaf->start).known &&
	       (!orders || orders >> order & 1) && (!only || only >> node & 1);
}

/* A scan for some orders, or a node, reports the pages of those only. */
static void compare_filter(int fd, const struct proc_area *area, __u64 orders,
			   __u64 only)
{
	__u64 want, have = 0, bad = 1;
	struct vmscope_scan scan;
	struct records recs;

	scan_init(&scan, area->start, area->end, 0);
	scan.facts = VMSCOPE_FACT_ORDER | VMSCOPE_FACT_NODE;
	scan.orders = orders;
	scan.nodes = only;
	for (int i = 0; bad && i < TRIES; i++) {
		if (!read_area(fd, area, 0, VMSCOPE_FACT_ALL, BUF_BYTES, &recs))
			return;
		want = 0;
		for_each_leaf(leaf, &recs)
			want += passes(&leaf, orders, only);
		records_free(&recs);
		if (records_read(fd, &scan, BUF_BYTES, &recs))
			return;
		have = 0;
		bad = 0;
		for_each_leaf(leaf, &recs) {
			have++;
			bad += !passes(&leaf, orders, only);
		}
		records_free(&recs);
		bad += have != want;
	}
	filtered += have;
	filtered_wrong += !!bad;
}

static void compare_area(int fd, pid_t pid, const struct proc_area *area)
{
	struct records recs;

	if (!read_area(fd, area, 0, VMSCOPE_FACT_ALL, BUF_BYTES, &recs)) {
		unsettled++;
		return;
	}
	for_each_leaf(leaf, &recs)
		compare_leaf(fd, pid, area, &leaf);
	records_free(&recs);
	runs++;
	differing_runs += differs_as(fd, area, VMSCOPE_SCAN_RUNS,
				     VMSCOPE_FACT_ALL, BUF_BYTES);
	differing_runs += differs_as(fd, area,
				     VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES,
				     VMSCOPE_FACT_ALL, BUF_BYTES);
	differing_runs += differs_as(fd, area, VMSCOPE_SCAN_BLOCKS,
				     VMSCOPE_FACT_ALL, BUF_BYTES);
	differing_pieces += differs_as(fd, area, 0, VMSCOPE_FACT_ALL,
				       VMSCOPE_SCAN_MIN_BYTES_FACTS);
	differing_few += differs_as(fd, area, 0,
				    VMSCOPE_FACT_FLAGS | VMSCOPE_FACT_MAPCOUNT,
				    BUF_BYTES);
	differing_few +=
		differs_as(fd, area, 0, VMSCOPE_FACT_MAPCOUNT, BUF_BYTES);
	compare_mixes(fd, area, VMSCOPE_FACT_ALL, BUF_BYTES);
	compare_mixes(fd, area, VMSCOPE_FACT_MAPCOUNT, 1000);
	compare_filter(fd, area, 1 << 0, 0);
	compare_filter(fd, area, ~1ULL, 0);
	compare_filter(fd, area, 0, 1 << 1);
	compare_filter(fd, area, ~1ULL, 1 << 0);
}

static void compare_process(pid_t pid)
{
	int fd = device_open_pid(pid);
	struct proc_areas areas;

	if (fd < 0 || areas_read(pid, &areas)) {
		unsettled++;
		return;
	}
	for_each_area(area, &areas)
		/* terabytes of nothing are for others to compare */
		if (area->end - area->start <= 64 * PUD_BYTES)
			compare_area(fd, pid, area);
	areas_free(&areas);
	close(fd);
}

/* Shared with the parent, but for every third page of the second half. */
static pid_t fork_and_drop(char *map, size_t bytes)
{
	pid_t child = child_fork();
	int status;

	if (child) {
		waitpid(child, &status, WUNTRACED);
		return child;
	}
	for (size_t at = bytes / 2; at < bytes; at += 3 * PAGE_BYTES)
		madvise(map + at, PAGE_BYTES, MADV_DONTNEED);
	raise(SIGSTOP);
	_exit(0);
}

static void compare_own_area(const char *map)
{
	int fd = device_open_pid(getpid());
	struct proc_areas areas = {};
	const struct proc_area *area;

	if (fd < 0 || areas_read(getpid(), &areas))
		unsettled++;
	area = areas_find(&areas, address(map));
	if (area)
		compare_area(fd, getpid(), area);
	areas_free(&areas);
	close(fd);
}

/*
 * Neighbours that differ in map count, permission and origin; and in map count
 * only, with holes between them; readable, and not, where the processor may
 * hold frames inverted.
 */
static void compare_half_shared(void)
{
	const size_t bytes = 256 * PAGE_BYTES;
	char *map = map_memory(bytes, MAP_PRIVATE);
	pid_t child;

	madvise(map, bytes, MADV_NOHUGEPAGE);
	memset(map, 1, bytes);
	child = fork_and_drop(map, bytes);
	for (size_t at = 0; at < bytes / 2; at += 2 * PAGE_BYTES)
		map[at] = 2;
	for (size_t at = bytes / 2; at < bytes; at += 5 * PAGE_BYTES)
		madvise(map + at, PAGE_BYTES, MADV_DONTNEED);
	if (child < 0)
		unsettled++;
	compare_own_area(map);
	mprotect(map, bytes, PROT_NONE);
	compare_own_area(map);
	kill_child(child);
	munmap(map, bytes);
}

static const char *mthp_file(unsigned int order, const char *name)
{
	return textf("/sys/kernel/mm/transparent_hugepage/hugepages-%lukB/%s",
		     PAGE_BYTES >> 10 << order, name);
}

/* From now on, large folios of anonymous memory are of this order. */
static bool mthp_allow(unsigned int order)
{
	for (unsigned int i = MTHP_ORDER_MIN; i <= MTHP_ORDER_MAX; i++)
		knob_set(mthp_file(i, "enabled"), "never");
	return knob_set(mthp_file(order, "enabled"), "madvise") &&
	       file_number(mthp_file(order, "stats/nr_anon")) >= 0;
}

static long pages_of_order(int fd, const char *start, size_t bytes,
			   unsigned int order)
{
	const __u64 addr = (uintptr_t)start;
	struct vmscope_scan scan;
	struct records recs;
	long pages = 0;

	scan_init(&scan, addr, addr + bytes, 0);
	scan.facts = VMSCOPE_FACT_ORDER;
	if (records_read(fd, &scan, BUF_BYTES, &recs))
		return -1;
	for_each_leaf(leaf, &recs)
		if (VMSCOPE_PLACE_ORDER(leaf.facts.place) == order)
			pages += leaf.pages;
	records_free(&recs);
	return pages;
}

/* How many folios of an order new memory has; 0 if the counters disagree. */
static long compare_mthp(int fd, unsigned int order)
{
	const size_t folio = PAGE_BYTES << order;
	const size_t bytes = (MTHP_FOLIOS + 1) * folio;
	char *map = map_memory(bytes, MAP_PRIVATE);
	long faults = file_number(mthp_file(order, "stats/anon_fault_alloc"));
	long folios = file_number(mthp_file(order, "stats/nr_anon"));
	long pages;

	madvise(map, bytes, MADV_HUGEPAGE);
	memset(map, 1, bytes);
	faults = file_number(mthp_file(order, "stats/anon_fault_alloc")) -
		 faults;
	folios = file_number(mthp_file(order, "stats/nr_anon")) - folios;
	pages = pages_of_order(fd, map, bytes, order);
	munmap(map, bytes);
	if (faults == folios && pages == folios << order)
		return folios;
	ksft_print_msg(
		"order %u: %ld pages; nr_anon %ld, anon_fault_alloc %ld\n",
		order, pages, folios, faults);
	return 0;
}

static void compare_mthps(void)
{
	const int fd = device_open_pid(getpid());
	unsigned int sizes = 0, agree = 0;
	long folios = 0;

	for (unsigned int i = MTHP_ORDER_MIN; i <= MTHP_ORDER_MAX; i++) {
		long nr;

		if (!mthp_allow(i))
			continue;
		nr = compare_mthp(fd, i);
		sizes++;
		agree += nr >= MTHP_FOLIOS;
		folios += nr;
	}
	close(fd);
	knobs_restore();
	if (!sizes)
		ksft_test_result_skip(
			"orders and counters of mTHP: the kernel has none\n");
	else
		ksft_test_result(
			sizes > 1 && agree == sizes,
			"orders agree with the counters of mTHP: %ld folios, %u of %u sizes\n",
			folios, agree, sizes);
}

static const unsigned int wanted_states[] = {
	VMSCOPE_STATE_ANON,    VMSCOPE_STATE_FILE,   VMSCOPE_STATE_SHMEM,
	VMSCOPE_STATE_ZERO,    VMSCOPE_STATE_KSM,    VMSCOPE_STATE_HUGEZERO,
	VMSCOPE_STATE_HUGETLB, VMSCOPE_STATE_DRIVER,
};

static void compare(void)
{
	ksft_set_plan(NR_FACTS + ARRAY_SIZE(wanted_states) + 9);
	compare_process(target.pid);
	if (!python.missing)
		compare_process(python.pid);
	compare_half_shared();
	for (unsigned int i = 0; i < NR_FACTS; i++)
		ksft_test_result(compared[i] && !wrong[i],
				 "%s: %llu pages, %llu do not\n", oracle[i],
				 compared[i], wrong[i]);
	for (size_t i = 0; i < ARRAY_SIZE(wanted_states); i++)
		ksft_test_result(states[wanted_states[i]],
				 "%s was compared: %llu pages\n",
				 state_name(wanted_states[i]),
				 states[wanted_states[i]]);
	ksft_test_result(large, "large folios were compared: %llu pages\n",
			 large);
	ksft_test_result(nodes[0] && nodes[1],
			 "both nodes were compared: %llu and %llu pages\n",
			 nodes[0], nodes[1]);
	ksft_test_result(!unsettled, "all was read: %llu were not\n",
			 unsettled);
	ksft_test_result(
		!differing_runs,
		"runs and blocks have the facts of pages: %llu areas, %llu do not\n",
		runs, differing_runs);
	ksft_test_result(
		mixes && !differing_mixes,
		"mixes are the same runs: %llu mixes, %llu areas differ\n",
		mixes, differing_mixes);
	ksft_test_result(
		!differing_pieces,
		"the smallest buffer has the same facts: %llu areas do not\n",
		differing_pieces);
	ksft_test_result(!differing_few,
			 "few facts are those of all: %llu areas do not\n",
			 differing_few);
	ksft_test_result(
		filtered && !filtered_wrong,
		"filters by order and node: %llu entries, %llu scans are wrong\n",
		filtered, filtered_wrong);
	compare_mthps();
	ksft_finished();
}

int main(void)
{
	int fd, ret;

	freezer_begin();
	all_anon_is_ksm = all_anon_is_called_ksm();
	read_zones();
	fd = device_open();
	device_info(fd, &info);
	close(fd);
	swapdev_add(&swap, SWAPDEV_ZRAM, SWAP_BYTES);
	python_start(&python);
	if (!target_start(&target, all_kinds))
		ksft_exit_fail_msg("mkmap does not start\n");
	fflush(stdout);
	ret = freezer_run(compare);
	target_stop(&target);
	workload_stop(&python);
	swapdev_remove(&swap);
	return ret;
}
