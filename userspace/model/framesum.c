// SPDX-License-Identifier: GPL-2.0-or-later
/* What frames are used for, and how many there are of each use. */
#include "model/framesum.h"

#include <errno.h>
#include <linux/kernel-page-flags.h>
#include <string.h>

#include "cli/format.h"

#define FLAG(name) (1ULL << KPF_##name)

const uint64_t frame_sum_flags = FLAG(LRU) | FLAG(ACTIVE) | FLAG(UNEVICTABLE) |
				 FLAG(DIRTY) | FLAG(WRITEBACK) |
				 FLAG(SWAPBACKED) | FLAG(SWAPCACHE) | FLAG(KSM);

/* clang-format off */
static const struct vmscope_bit uses[] = {
	{ USE_ANON, "anon", "anonymous memory of processes" },
	{ USE_KSM, "ksm", "the same, shared by KSM" },
	{ USE_SHMEM, "shmem", "shared memory, tmpfs or a memfd" },
	{ USE_FILE, "file", "page cache of files" },
	{ USE_CODE, "code", "page cache that a process may execute" },
	{ USE_SWAPCACHE, "swapcache", "in the swap cache, of no process and file" },
	{ USE_HUGETLB, "hugetlb", "pages of hugetlbfs" },
	{ USE_ZERO, "zero", "the shared zero pages, large or not" },
	{ USE_DEVICE, "device", "memory of a device" },
	{ USE_PFNMAP, "pfnmap", "frames without a page behind them" },
	{ USE_TABLE, "table", "page tables" },
	{ USE_SLAB_RECLAIM, "slab-reclaim", "slab caches that shrink if memory is short" },
	{ USE_SLAB_KMALLOC, "slab-kmalloc", "kmalloc's other slab caches" },
	{ USE_SLAB_OTHER, "slab-other", "slab caches of other objects" },
	{ USE_SLAB, "slab", "slab pages whose cache is not known" },
	{ USE_LARGE_KMALLOC, "large-kmalloc", "kmalloc beyond slab caches" },
	{ USE_STACK, "stack", "stacks of threads in the kernel" },
	{ USE_VMALLOC, "vmalloc", "other memory that is mapped in vmalloc" },
	{ USE_PERCPU, "percpu", "per-CPU memory that is mapped in vmalloc" },
	{ USE_MODULE, "module", "code and data of modules and BPF programs" },
	{ USE_COMPOUND, "compound", "allocated as one block, not marked" },
	{ USE_OTHER, "other", "allocated, not marked" },
	{ USE_RESERVED, "reserved", "never given to the page allocator" },
	{ USE_OFFLINE, "offline", "given back to a hypervisor" },
	{ USE_HWPOISON, "hwpoison", "with a memory error" },
	{ USE_UNKNOWN, "unknown", "kept changing" },
	{ USE_HOLE, "hole", "no memory" },
	{ USE_FREE, "free", "free" },
	{ USE_MEMORY, "memory", "all memory" },
	{ USE_MAPPED, "mapped", "all that the process maps" },
	{ 0, NULL, NULL },
};

/* clang-format on */

const struct vmscope_bit *frame_use_table(void)
{
	return uses;
}

static const struct frame_sum *sum_of(const void *row)
{
	return row;
}

GET_WHEN(get_node, number, sum_of(row)->use < USE_TOTALS, sum_of(row)->node)
GET_WHEN(get_share, number, sum_of(row)->of_total,
	 round_share(sum_of(row)->bytes, sum_of(row)->of_total))

static bool is_sorted(const void *row)
{
	return !sum_of(row)->aged;
}

#define COLUMN_BYTES(name, width, help, ...)                           \
	COLUMN(name, width, SIZE, help, FIELD(struct frame_sum, name), \
	       ##__VA_ARGS__)

static const struct column columns[] = {
	COLUMN(node, 4, NUMBER, "NUMA node; asked for, it splits the rows",
	       GET(get_node), .facts = VMSCOPE_FACT_NODE),
	COLUMN(use, 13, TEXT, "what the frames are used for",
	       FIELD(struct frame_sum, use), NAMES(frame_use_table)),
	COLUMN(pages, 8, NUMBER, "frames", FIELD(struct frame_sum, pages)),
	COLUMN(size, 7, SIZE, "bytes of them", FIELD(struct frame_sum, bytes)),
	COLUMN(share, 5, TENTHS, "of the total, in percent", GET(get_share)),
	COLUMN_BYTES(lru, 7, "bytes on the lists for reclaim"),
	COLUMN_BYTES(active, 7, "bytes of these on the active list",
		     .when = is_sorted),
	COLUMN_BYTES(inactive, 8, "bytes of these on the inactive list",
		     .when = is_sorted),
	COLUMN_BYTES(unevictable, 11, "bytes that may not be reclaimed"),
	COLUMN_BYTES(dirty, 7, "bytes that differ from the disk"),
	COLUMN_BYTES(writeback, 9, "bytes that are being written"),
	COLUMN_BYTES(swapcache, 9, "bytes that a swap slot has, too"),
};

#define USUAL_STATES "lru,active,inactive,unevictable,dirty,writeback"

const struct column_set frame_sum_columns =
	COLUMN_SET(columns, "use,size,share," USUAL_STATES);
const struct column_set frame_node_columns =
	COLUMN_SET(columns, "node,use,size," USUAL_STATES);

/* Flags say more than the kind of a frame does. */
enum frame_use frame_use(const struct vmscope_frame_run *run)
{
	static const enum frame_use of_kind[] = {
		[VMSCOPE_FRAME_UNKNOWN] = USE_UNKNOWN,
		[VMSCOPE_FRAME_FREE] = USE_FREE,
		[VMSCOPE_FRAME_SLAB] = USE_SLAB,
		[VMSCOPE_FRAME_LARGE_KMALLOC] = USE_LARGE_KMALLOC,
		[VMSCOPE_FRAME_TABLE] = USE_TABLE,
		[VMSCOPE_FRAME_ANON] = USE_ANON,
		[VMSCOPE_FRAME_CACHE] = USE_FILE,
		[VMSCOPE_FRAME_HUGETLB] = USE_HUGETLB,
		[VMSCOPE_FRAME_RESERVED] = USE_RESERVED,
		[VMSCOPE_FRAME_OFFLINE] = USE_OFFLINE,
		[VMSCOPE_FRAME_HWPOISON] = USE_HWPOISON,
		[VMSCOPE_FRAME_COMPOUND] = USE_COMPOUND,
		[VMSCOPE_FRAME_OTHER] = USE_OTHER,
		[VMSCOPE_FRAME_HOLE] = USE_HOLE,
	};
	const uint64_t flags = run->frame.flags;
	enum frame_use use = run->kind < ARRAY_SIZE(of_kind) ?
				     of_kind[run->kind] :
				     USE_UNKNOWN;

	if (use == USE_ANON && flags & FLAG(KSM))
		return USE_KSM;
	if (use == USE_FILE && flags & FLAG(SWAPBACKED))
		return USE_SHMEM;
	if ((use == USE_COMPOUND || use == USE_OTHER) &&
	    flags & FLAG(SWAPCACHE))
		return USE_SWAPCACHE;
	return use;
}

/* The use of what a present entry of a process maps. */
enum frame_use frame_use_of_page(const struct vmscope_record *rec)
{
	switch (rec->state) {
	case VMSCOPE_STATE_ANON:
		return USE_ANON;
	case VMSCOPE_STATE_KSM:
		return USE_KSM;
	case VMSCOPE_STATE_SHMEM:
		return USE_SHMEM;
	case VMSCOPE_STATE_FILE:
		return rec->area && rec->area->vma_flags & VMSCOPE_VMA_EXEC ?
			       USE_CODE :
			       USE_FILE;
	case VMSCOPE_STATE_HUGETLB:
		return USE_HUGETLB;
	case VMSCOPE_STATE_ZERO:
	case VMSCOPE_STATE_HUGEZERO:
		return USE_ZERO;
	case VMSCOPE_STATE_DEVICE:
		return USE_DEVICE;
	case VMSCOPE_STATE_PFNMAP:
		return USE_PFNMAP;
	}
	return USE_OTHER;
}

/* Makes room for the sums of a node. */
static bool reserve(struct frame_sums *sums, uint64_t node)
{
	size_t nr = (node + 1) * NR_FRAME_USES;

	if (nr <= sums->nr)
		return true;
	if (!array_reserve(&sums->sum, nr, &sums->room, sizeof(*sums->sum)))
		return false;
	for (; sums->nr < nr; sums->nr++)
		sums->sum[sums->nr] = (struct frame_sum){
			.node = sums->nr / NR_FRAME_USES,
			.use = sums->nr % NR_FRAME_USES,
		};
	return true;
}

/* @frame has what is known of these @pages: 0 or a negative errno. */
int frame_sums_add(struct frame_sums *sums, enum frame_use use,
		   const struct vmscope_frame *frame, uint64_t pages,
		   uint64_t page_size)
{
	const uint64_t node = VMSCOPE_PLACE_NODE(frame->place);
	const uint64_t flags = frame->flags, bytes = pages * page_size;
	bool listed = flags & FLAG(LRU) && !(flags & FLAG(UNEVICTABLE));
	struct frame_sum *sum;

	if (!reserve(sums, node))
		return -ENOMEM;
	sum = &sums->sum[node * NR_FRAME_USES + use];
	sum->pages += pages;
	sum->bytes += bytes;
	sum->lru += listed ? bytes : 0;
	sum->active += listed && flags & FLAG(ACTIVE) ? bytes : 0;
	sum->inactive += listed && !(flags & FLAG(ACTIVE)) ? bytes : 0;
	sum->unevictable += flags & FLAG(UNEVICTABLE) ? bytes : 0;
	sum->dirty += flags & FLAG(DIRTY) ? bytes : 0;
	sum->writeback += flags & FLAG(WRITEBACK) ? bytes : 0;
	sum->swapcache += flags & FLAG(SWAPCACHE) ? bytes : 0;
	return 0;
}

/*
 * Drops the sums of nothing and returns the total of the others, which nothing
 * may be added to after that. @use: what the total is of; @aged: no flag says
 * on which list a frame is.
 */
struct frame_sum frame_sums_total(struct frame_sums *sums, enum frame_use use,
				  bool aged)
{
	struct frame_sum total = { .use = use, .aged = aged };
	size_t nr = 0;

	for (size_t i = 0; i < sums->nr; i++) {
		const struct frame_sum *sum = &sums->sum[i];

		total.pages += sum->pages;
		total.bytes += sum->bytes;
		total.lru += sum->lru;
		total.active += sum->active;
		total.inactive += sum->inactive;
		total.unevictable += sum->unevictable;
		total.dirty += sum->dirty;
		total.writeback += sum->writeback;
		total.swapcache += sum->swapcache;
		if (sum->pages)
			sums->sum[nr++] = *sum;
	}
	sums->nr = nr;
	total.of_total = total.bytes;
	for (size_t i = 0; i < nr; i++) {
		sums->sum[i].of_total = total.bytes;
		sums->sum[i].aged = aged;
	}
	return total;
}
