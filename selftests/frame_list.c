// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of frames is what the kernel reports of all memory: with every
 * process but this one frozen, use and facts of each frame are compared with
 * /proc/kpageflags, kpagecount and kpagecgroup, and sums over frames with
 * /proc/meminfo and that of each node.
 *
 * The kernel itself is not frozen. A frame that differs is read again, between
 * two reads of the kernel's own files, until those agree. A sum is right if it
 * is not outside what meminfo said before and after; the counters that meminfo
 * keeps per processor are folded before each read, by vm.stat_refresh.
 */
#include <linux/kernel-page-flags.h>

#include <kselftest.h>

#include "freezer.h"
#include "procfs.h"
#include "swapdev.h"
#include "target.h"

#define TRIES 50
#define MAX_COMPLAINTS 12
#define MAX_RUNS 4096
#define KPTR_RESTRICT "/proc/sys/kernel/kptr_restrict"
#define BIT_OF(bit) (1ULL << (bit))
/* A frame in the hole below 4 GiB that every PC has: the local APIC's. */
#define HOLE 0xfee00

static struct vmscope_info info;
static struct vmscope_frame_run runs[MAX_RUNS];
static struct target target;
static int fd, complaints;
static bool all_anon_is_ksm, holes_are_marked;

/* What is asked for, if not everything. */
static __u64 asked_facts = VMSCOPE_FACT_ALL, asked_flags = ~0ULL;

static struct vmscope_frame_list valid(void)
{
	return (struct vmscope_frame_list){
		.size = sizeof(struct vmscope_frame_list),
		.end = ~0ULL,
		.facts = info.facts & asked_facts,
		.page_flags = asked_flags,
		.buf = address(runs),
		.buf_bytes = sizeof(runs),
	};
}

static int list_errno(int on, struct vmscope_frame_list *list)
{
	return ioctl(on, VMSCOPE_IOC_FRAMES, list) ? errno : 0;
}

/* A request that differs from a valid one in one word. */
static bool wrong_gives(int error, size_t offset, __u64 value)
{
	struct vmscope_frame_list wrong = valid();

	memcpy((char *)&wrong + offset, &value, sizeof(value));
	return list_errno(fd, &wrong) == error;
}

/* Of slabs alone, the index of a frame is the address of its cache. */
static bool only_slabs_have_caches(void)
{
	struct vmscope_frame_list list = valid();
	size_t i, slabs = 0;

	list.facts = VMSCOPE_FACT_CACHE;
	if (list_errno(fd, &list))
		return false;
	for (i = 0; i < list.bytes / sizeof(runs[0]); i++) {
		bool is_slab = runs[i].kind == VMSCOPE_FRAME_SLAB;
		__u64 known = runs[i].frame.known;

		slabs += known == VMSCOPE_FACT_CACHE;
		if (known & ~(__u64)(is_slab ? VMSCOPE_FACT_CACHE : 0) ||
		    !known != !runs[i].frame.index)
			return false;
	}
	return slabs;
}

#define GIVES(error, field, value) \
	wrong_gives(error, offsetof(struct vmscope_frame_list, field), value)

static void test_rules(void)
{
	struct vmscope_frame_list list = valid();
	int unbound = device_open();
	bool refused;

	ksft_test_result(
		GIVES(0, flags, 0) && GIVES(EINVAL, flags, 1) &&
			GIVES(EINVAL, reserved, 1) && GIVES(EINVAL, end, 0) &&
			GIVES(EINVAL, start, ~0ULL) &&
			GIVES(EINVAL, facts, VMSCOPE_FACT_ALL + 1) &&
			GIVES(EINVAL, facts, VMSCOPE_FACT_CACHE << 1) &&
			GIVES(EINVAL, buf, 0) &&
			GIVES(EINVAL, buf, address(runs) + 4) &&
			GIVES(EINVAL, buf_bytes, sizeof(runs[0]) - 1),
		"malformed requests are refused\n");
	ksft_test_result(info.facts & VMSCOPE_FACT_CACHE ?
				 only_slabs_have_caches() :
				 GIVES(EOPNOTSUPP, facts, VMSCOPE_FACT_CACHE),
			 "caches are those of slabs, or refused\n");
	ksft_test_result(GIVES(EFAULT, buf, 8) &&
				 GIVES(EFAULT, buf, 1ULL << 63) &&
				 GIVES(EFAULT, buf_bytes, 1ULL << 63),
			 "bad buffers are refused\n");
	ksft_test_result(list_errno(unbound, &list) == ENOTCONN &&
				 !device_attach(unbound, getpid()) &&
				 list_errno(unbound, &list) == ENOTCONN,
			 "only a descriptor of the kernel reports\n");
	close(unbound);
	refused = knob_set(KPTR_RESTRICT, "2") &&
		  list_errno(fd, &list) == EPERM;
	knobs_restore();
	ksft_test_result(refused, "withheld addresses are refused\n");
	list.start = 1ULL << 60;
	ksft_test_result(!list_errno(fd, &list) && !list.bytes &&
				 list.next == list.end,
			 "beyond memory nothing is reported\n");
	list = valid();
	list.buf_bytes = 2 * sizeof(runs[0]) - 8;
	memset(runs, 0xa5, sizeof(runs));
	ksft_test_result(!list_errno(fd, &list) &&
				 list.bytes == sizeof(runs[0]) &&
				 list.next == runs[0].frames &&
				 runs[1].kind == 0xa5a5a5a5a5a5a5a5,
			 "a buffer is never overrun\n");
}

enum { KPAGEFLAGS, KPAGECOUNT, KPAGECGROUP, NR_WORDS };

static int proc_fd[NR_WORDS];

static void proc_open(void)
{
	static const char *const paths[NR_WORDS] = { "/proc/kpageflags",
						     "/proc/kpagecount",
						     "/proc/kpagecgroup" };

	for (unsigned int i = 0; i < NR_WORDS; i++)
		proc_fd[i] = open(paths[i], O_RDONLY | O_CLOEXEC);
}

/* 0 beyond memory, and of a file that this kernel does not have. */
static __u64 proc_word(unsigned int file, __u64 pfn)
{
	static __u64 word[NR_WORDS][1024], first[NR_WORDS], nr[NR_WORDS];
	ssize_t bytes;

	if (pfn - first[file] >= nr[file]) {
		bytes = pread(proc_fd[file], word[file], sizeof(word[file]),
			      pfn * 8);
		first[file] = pfn;
		nr[file] = bytes < 0 ? 0 : bytes / 8;
	}
	return pfn - first[file] < nr[file] ? word[file][pfn - first[file]] : 0;
}

static __u64 proc_word_now(unsigned int file, __u64 pfn)
{
	__u64 word = 0;

	return pread(proc_fd[file], &word, 8, pfn * 8) == 8 ? word : 0;
}

typedef __u64 word_fn(unsigned int file, __u64 pfn);

/* Older kernels report of a tail page what stands in its own struct page. */
static __u64 flags_of(word_fn *word, const struct vmscope_frame *frame,
		      __u64 pfn)
{
	__u64 flags = word(KPAGEFLAGS, pfn);
	__u64 head = pfn >> VMSCOPE_PLACE_ORDER(frame->place)
				    << VMSCOPE_PLACE_ORDER(frame->place);

	if (flags & KPF(COMPOUND_TAIL))
		flags = (proc_word_now(KPAGEFLAGS, head) &
			 ~BIT_OF(KPF_COMPOUND_HEAD)) |
			KPF(COMPOUND_TAIL) | (flags & KPF(HWPOISON));
	return all_anon_is_ksm ? flags & ~KPF(KSM) : flags;
}

/* What the kernel calls the frame, in the order in which a use is decided. */
static bool is_of_kind(unsigned int kind, __u64 flags)
{
	static const struct {
		unsigned int bit;
		unsigned int kind;
	} marks[] = {
		{ KPF_NOPAGE, VMSCOPE_FRAME_HOLE },
		{ KPF_SLAB, VMSCOPE_FRAME_SLAB },
		{ KPF_BUDDY, VMSCOPE_FRAME_FREE },
		{ KPF_PGTABLE, VMSCOPE_FRAME_TABLE },
		{ KPF_OFFLINE, VMSCOPE_FRAME_OFFLINE },
		{ KPF_HUGE, VMSCOPE_FRAME_HUGETLB },
		{ KPF_BIT_HWPOISON, VMSCOPE_FRAME_HWPOISON },
		{ 32 /* reserved */, VMSCOPE_FRAME_RESERVED },
		{ KPF_ANON, VMSCOPE_FRAME_ANON },
	};

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (flags & BIT_OF(marks[i].bit) || kind == marks[i].kind)
			return flags & BIT_OF(marks[i].bit) &&
			       kind == marks[i].kind;
	return kind != VMSCOPE_FRAME_UNKNOWN;
}

enum { USE, FLAGS, MAPCOUNT, MEMCG, NR_COMPARED };

static unsigned int disagreement(word_fn *word,
				 const struct vmscope_frame_run *run, __u64 pfn)
{
	const struct vmscope_frame *frame = &run->frame;
	__u64 flags = flags_of(word, frame, pfn), own = frame->flags;
	unsigned int bad = 0;

	if (all_anon_is_ksm)
		own &= ~KPF(KSM);
	/* Nothing in its struct page distinguishes the huge zero page. */
	if (run->kind == VMSCOPE_FRAME_COMPOUND && flags & KPF(ZERO_PAGE))
		own |= KPF(ZERO_PAGE) | (flags & KPF(THP));
	if (run->kind == VMSCOPE_FRAME_HOLE && !holes_are_marked)
		bad |= !!flags << USE;
	else if (!is_of_kind(run->kind, flags))
		bad |= 1 << USE;
	if (run->kind == VMSCOPE_FRAME_HOLE)
		return bad;
	if ((own ^ flags) & asked_flags)
		bad |= 1 << FLAGS;
	if (asked_facts & VMSCOPE_FACT_MAPCOUNT &&
	    frame->mapcount != word(KPAGECOUNT, pfn))
		bad |= 1 << MAPCOUNT;
	if (frame->known & VMSCOPE_FACT_MEMCG &&
	    frame->memcg != word(KPAGECGROUP, pfn) &&
	    !(flags & KPF(COMPOUND_TAIL)))
		bad |= 1 << MEMCG;
	return bad;
}

static __u64 compared, wrong[NR_COMPARED], unsettled;
static __u64 uses[VMSCOPE_MAX_FRAME_KINDS];

static void complain(const struct vmscope_frame_run *run, __u64 pfn)
{
	if (complaints++ < MAX_COMPLAINTS)
		ksft_print_msg(
			"%llx: use %llu flags %llx count %llu memcg %llu place %llx, the kernel %llx %llu %llu\n",
			pfn, run->kind, run->frame.flags, run->frame.mapcount,
			run->frame.memcg, run->frame.place,
			proc_word_now(KPAGEFLAGS, pfn),
			proc_word_now(KPAGECOUNT, pfn),
			proc_word_now(KPAGECGROUP, pfn));
}

/*
 * The run of a frame, listed with two frames before it, of whose run it may be:
 * the first of a call takes the long way.
 */
static bool list_frame(__u64 pfn, struct vmscope_frame_run *run)
{
	struct vmscope_frame_run some[3];
	struct vmscope_frame_list list = valid();

	list.start = pfn < 2 ? 0 : pfn - 2;
	list.end = pfn + 1;
	list.buf = address(some);
	list.buf_bytes = sizeof(some);
	if (list_errno(fd, &list) || !list.bytes || list.next != list.end)
		return false;
	*run = some[list.bytes / sizeof(some[0]) - 1];
	return true;
}

/* Until the kernel's own files are the same before and after. */
static void compare_again(__u64 pfn)
{
	struct vmscope_frame_run run = {};
	unsigned int before = 0, after;

	for (int i = 0; i < TRIES; i++) {
		if (!list_frame(pfn, &run))
			continue;
		before = disagreement(proc_word_now, &run, pfn);
		if (!before)
			return;
		after = disagreement(proc_word_now, &run, pfn);
		before &= after;
	}
	if (!before)
		unsettled++;
	for (unsigned int i = 0; i < NR_COMPARED; i++)
		wrong[i] += before >> i & 1;
	complain(&run, pfn);
}

/* Whether each frame is listed once. */
static bool compare_all(void)
{
	struct vmscope_frame_list list = valid();
	__u64 next = 0;
	bool gaps = false;

	compared = 0;
	memset(wrong, 0, sizeof(wrong));
	while (list.start < list.end && !list_errno(fd, &list)) {
		for (size_t i = 0; i < list.bytes / sizeof(runs[0]); i++) {
			__u64 pfn = runs[i].frame.where / PAGE_BYTES;

			gaps |= pfn != next;
			next = pfn + runs[i].frames;
			uses[runs[i].kind] += runs[i].frames;
			for (; pfn < next; pfn++, compared++)
				if (disagreement(proc_word, &runs[i], pfn))
					compare_again(pfn);
		}
		list.start = list.next;
	}
	return list.start == list.end && !gaps && next == list.memory_end &&
	       !unsettled;
}

/* A request for few facts takes a shorter path. */
static void compare_states(void)
{
	bool once;

	asked_facts = VMSCOPE_FACT_FLAGS | VMSCOPE_FACT_ORDER |
		      VMSCOPE_FACT_NODE;
	asked_flags = BIT_OF(KPF_LRU) | BIT_OF(KPF_ACTIVE) |
		      BIT_OF(KPF_UNEVICTABLE) | BIT_OF(KPF_DIRTY) |
		      BIT_OF(KPF_WRITEBACK) | BIT_OF(KPF_SWAPBACKED) |
		      BIT_OF(KPF_SWAPCACHE) | KPF(ANON) | KPF(KSM);
	once = compare_all();
	asked_facts = VMSCOPE_FACT_ALL;
	asked_flags = ~0ULL;
	ksft_test_result(
		once && compared && !wrong[USE] && !wrong[FLAGS],
		"without other facts, too: %llu frames, uses of %llu and states of %llu do not\n",
		compared, wrong[USE], wrong[FLAGS]);
}

static void compare_frames(void)
{
	static const char *const oracle[NR_COMPARED] = {
		"uses agree with kpageflags", "flags agree with kpageflags",
		"map counts agree with kpagecount",
		"cgroups agree with kpagecgroup"
	};
	static const unsigned int wanted[] = {
		VMSCOPE_FRAME_FREE,	VMSCOPE_FRAME_SLAB,
		VMSCOPE_FRAME_TABLE,	VMSCOPE_FRAME_ANON,
		VMSCOPE_FRAME_CACHE,	VMSCOPE_FRAME_HUGETLB,
		VMSCOPE_FRAME_RESERVED, VMSCOPE_FRAME_OTHER,
	};
	bool once = compare_all();

	ksft_test_result(
		once, "all %llu frames are listed once: %llu kept changing\n",
		compared, unsettled);
	for (unsigned int i = 0; i < NR_COMPARED; i++)
		ksft_test_result(compared && !wrong[i],
				 "%s: %llu frames, %llu do not\n", oracle[i],
				 compared, wrong[i]);
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		ksft_test_result(uses[wanted[i]], "use %u: %llu frames\n",
				 wanted[i], uses[wanted[i]]);
}

/* Lines of meminfo, and the frames that they count. */
struct sum {
	const char *plus[3]; /* lines to add; one of a node may have its own */
	const char *minus[2]; /* lines to subtract */
	unsigned int kind; /* of these, or of any with UNKNOWN */
	__u64 all; /* that have all of these flags */
	__u64 none; /* and none of these */
	bool mapped; /* and are mapped */
	bool large; /* and large kmalloc, where the kernel marks it */
};

#define LRU BIT_OF(KPF_LRU)
#define BACKED BIT_OF(KPF_SWAPBACKED)
#define LOCKED_IN BIT_OF(KPF_UNEVICTABLE)

/* Generations of pages are in no flag, so active and inactive count as one. */
static const struct sum sums[] = {
	{ { "MemFree" }, {}, VMSCOPE_FRAME_FREE },
	{ { "PageTables" }, {}, VMSCOPE_FRAME_TABLE },
	{ { "AnonPages" }, {}, VMSCOPE_FRAME_ANON, .mapped = true },
	{ { "Shmem" }, {}, VMSCOPE_FRAME_CACHE, BACKED },
	{ { "Cached", "Buffers", "FilePages" },
	  { "Shmem", "SwapCached" },
	  VMSCOPE_FRAME_CACHE,
	  .none = BACKED },
	{ { "Dirty" },
	  {},
	  VMSCOPE_FRAME_CACHE,
	  BIT_OF(KPF_DIRTY),
	  BACKED | LOCKED_IN },
	{ { "SReclaimable", "SUnreclaim" },
	  {},
	  VMSCOPE_FRAME_SLAB,
	  .large = true },
	{ { "Active(anon)", "Inactive(anon)" }, {}, 0, LRU | BACKED, LOCKED_IN },
	{ { "Active(file)", "Inactive(file)" }, {}, 0, LRU, LOCKED_IN | BACKED },
	{ { "Unevictable" }, {}, 0, LRU | LOCKED_IN },
	{ { "Writeback" }, {}, 0, BIT_OF(KPF_WRITEBACK) },
};

#define MAX_NODES 2

typedef __u64 totals[MAX_NODES + 1][ARRAY_SIZE(sums)];

static bool counts(const struct sum *sum, const struct vmscope_frame_run *run)
{
	const struct vmscope_frame *frame = &run->frame;

	return (!sum->kind || sum->kind == run->kind ||
		(sum->large && run->kind == VMSCOPE_FRAME_LARGE_KMALLOC)) &&
	       (frame->flags & sum->all) == sum->all &&
	       !(frame->flags & sum->none) && (!sum->mapped || frame->mapcount);
}

static bool add_up(totals to)
{
	struct vmscope_frame_list list = valid();

	memset(to, 0, sizeof(totals));
	while (list.start < list.end) {
		if (list_errno(fd, &list))
			return false;
		for (size_t i = 0; i < list.bytes / sizeof(runs[0]); i++) {
			__u64 node = VMSCOPE_PLACE_NODE(runs[i].frame.place);

			for (size_t k = 0; k < ARRAY_SIZE(sums); k++) {
				if (!counts(&sums[k], &runs[i]))
					continue;
				to[0][k] += runs[i].frames;
				if (node < MAX_NODES)
					to[1 + node][k] += runs[i].frames;
			}
		}
		list.start = list.next;
	}
	return true;
}

static bool names(const char *const *names, size_t nr, const char *name)
{
	for (size_t i = 0; i < nr; i++)
		if (names[i] && !strcmp(names[i], name))
			return true;
	return false;
}

static void read_meminfo(const char *path, __u64 *to)
{
	char line[256], name[64];
	unsigned long long kb;

	for_each_line_of(line, path) {
		bool node = !strncmp(line, "Node ", 5);
		const char *from = node ? strchr(line + 5, ' ') : line;

		if (!from || sscanf(from, " %63[^:]: %llu", name, &kb) != 2)
			continue;
		/* Only the pages of files of a node include these. */
		if (!node && !strcmp(name, "SwapCached"))
			continue;
		for (size_t k = 0; k < ARRAY_SIZE(sums); k++) {
			if (names(sums[k].plus, 3, name))
				to[k] += kb * 1024 / PAGE_BYTES;
			if (names(sums[k].minus, 2, name))
				to[k] -= kb * 1024 / PAGE_BYTES;
		}
	}
}

static void read_counters(totals to)
{
	memset(to, 0, sizeof(totals));
	file_write("/proc/sys/vm/stat_refresh", "1");
	read_meminfo("/proc/meminfo", to[0]);
	for (int node = 0; node < MAX_NODES; node++) {
		read_meminfo(textf("/sys/devices/system/node/node%d/meminfo",
				   node),
			     to[1 + node]);
	}
}

/* Large kmalloc counts as slab, and not every kernel marks it. */
static bool is_right(const struct sum *sum, __u64 value, __u64 a, __u64 b)
{
	bool part = sum->large && !(info.features & VMSCOPE_FEAT_LARGE_KMALLOC);
	__u64 least = a < b ? a : b, most = a < b ? b : a;

	return value <= most && (value >= least || part);
}

#define DIRTY_BYTES (1 << 20)

/*
 * Of a device, whose buffers are dirty then: ramfs, the other dirty pages of
 * files here, is never written back, so that its pages do not count.
 */
static bool make_dirty(int device)
{
	static char data[DIRTY_BYTES];

	return pwrite(device, data, sizeof(data), 0) == sizeof(data);
}

static void compare_sums(void)
{
	static totals before, after, own;
	static bool agreed[MAX_NODES + 1][ARRAY_SIZE(sums)];
	bool done = false, dirty = true;
	int zram, device;

	zram_add(&zram, 16 << 20);
	device = open(textf("/dev/zram%d", zram), O_RDWR | O_CLOEXEC);
	for (int try = 0; try < TRIES && !done; try++) {
		dirty &= make_dirty(device);
		read_counters(before);
		if (!add_up(own))
			continue;
		read_counters(after);
		done = true;
		for (size_t n = 0; n <= MAX_NODES; n++) {
			for (size_t k = 0; k < ARRAY_SIZE(sums); k++) {
				agreed[n][k] |= is_right(&sums[k], own[n][k],
							 before[n][k],
							 after[n][k]);
				done &= agreed[n][k];
			}
		}
	}
	close(device);
	zram_remove(zram);
	ksft_test_result(dirty, "pages of a device became dirty\n");
	for (size_t k = 0; k < ARRAY_SIZE(sums); k++)
		ksft_test_result(
			agreed[0][k] && agreed[1][k] && agreed[2][k],
			"%s: %llu, meminfo %llu and %llu; on node 0: %llu, %llu and %llu\n",
			sums[k].plus[0], own[0][k], before[0][k], after[0][k],
			own[1][k], before[1][k], after[1][k]);
}

#define FILE_PAGES 256

/* Neighbours in memory are mostly no neighbours in the file. */
static char *map_every_other_page(void)
{
	int file = memfd_create("frame_list", MFD_CLOEXEC);
	char *map = map_fd(file, FILE_PAGES * PAGE_BYTES, MAP_SHARED);

	if (ftruncate(file, FILE_PAGES * PAGE_BYTES))
		return map;
	for (size_t i = 0; i < FILE_PAGES; i++)
		map[(2 * i % FILE_PAGES + 2 * i / FILE_PAGES) * PAGE_BYTES] = 1;
	close(file);
	return map;
}

static bool has_index(__u64 pfn, __u64 index)
{
	struct vmscope_frame_run run;

	return list_frame(pfn, &run) && run.frame.known & VMSCOPE_FACT_INDEX &&
	       run.frame.index + pfn - run.frame.where / PAGE_BYTES == index;
}

static void compare_index(void)
{
	char *map = map_every_other_page();
	unsigned int right = 0;

	for (size_t i = 0; i < FILE_PAGES; i++) {
		bool good = false;

		for (int try = 0; try < TRIES && !good; try++)
			good = has_index(pagemap_self(map + i * PAGE_BYTES) &
						 PM_PFN_MASK,
					 i);
		right += good;
	}
	ksft_test_result(
		right == FILE_PAGES,
		"indices agree with the offsets of a file: %u of %u pages\n",
		right, FILE_PAGES);
	munmap(map, FILE_PAGES * PAGE_BYTES);
}

static void compare(void)
{
	ksft_set_plan(7 + 1 + NR_COMPARED + 8 + 3 + ARRAY_SIZE(sums));
	test_rules();
	compare_frames();
	compare_states();
	compare_index();
	compare_sums();
	ksft_finished();
}

int main(void)
{
	int ret;

	freezer_begin();
	all_anon_is_ksm = all_anon_is_called_ksm();
	proc_open();
	/* Newer kernels report no flag at all where there is no memory. */
	holes_are_marked = proc_word_now(KPAGEFLAGS, HOLE) & KPF(NOPAGE);
	fd = kernel_open();
	if (fd < 0)
		ksft_exit_fail_msg("cannot attach to the kernel\n");
	device_info(fd, &info);
	if (!target_start(&target, all_kinds))
		ksft_exit_fail_msg("mkmap does not start\n");
	fflush(stdout);
	ret = freezer_run(compare);
	target_stop(&target);
	return ret;
}
