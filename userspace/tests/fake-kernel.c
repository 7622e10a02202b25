// SPDX-License-Identifier: GPL-2.0-or-later
/* A made-up kernel's own half, reported as by fake.c. */
#include <errno.h>
#include <linux/kernel-page-flags.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/array.h"
#include "source/device.h"
#include "fake.h"

#define PAGE 4096ULL
#define MIB 0x100000ULL
#define GIB 0x40000000ULL

#define P (VMSCOPE_F_PRESENT | VMSCOPE_F_ACCESSED | VMSCOPE_F_GLOBAL)
#define R (VMSCOPE_F_READ | VMSCOPE_F_PERM_READ)
#define W (VMSCOPE_F_WRITE | VMSCOPE_F_PERM_WRITE | VMSCOPE_F_DIRTY)
#define X (VMSCOPE_F_EXEC | VMSCOPE_F_PERM_EXEC)
#define STATE(s) ((uint64_t)VMSCOPE_STATE_##s << VMSCOPE_STATE_SHIFT)
#define UC ((uint64_t)VMSCOPE_CACHE_UC_MINUS << VMSCOPE_CACHE_SHIFT)
#define NX 0x8000000000000000ULL
#define PTE VMSCOPE_LEVEL_PTE
#define PMD VMSCOPE_LEVEL_PMD
#define PUD VMSCOPE_LEVEL_PUD
#define PGD VMSCOPE_LEVEL_PGD

#define DIRECT 0xffff888000000000ULL
#define VMALLOC 0xffffc90000000000ULL
#define VMEMMAP 0xffffea0000000000ULL
#define KASAN 0xffffec0000000000ULL
#define IMAGE 0xffffffff80000000ULL
#define TEXT 0xffffffff81000000ULL
#define MODULES 0xffffffffc0000000ULL
#define FIXMAP 0xffffffffff579000ULL
#define VSYSCALL 0xffffffffff600000ULL
#define LAST 0xfffffffffffff000ULL

#define REGION(from, to, is)                                          \
	{ { .where = (from),                                          \
	    .end = (to),                                              \
	    .name_kind = VMSCOPE_NAME_REGION + VMSCOPE_REGION_##is }, \
	  "" }

static const struct fake_area regions[] = {
	REGION(0xffff800000000000, 0xffff880000000000, GUARD),
	REGION(0xffff880000000000, DIRECT, LDT),
	REGION(DIRECT, DIRECT + 2 * GIB, DIRECT),
	REGION(DIRECT + 2 * GIB, VMALLOC, HOLE),
	REGION(VMALLOC, 0xffffe90000000000, VMALLOC),
	REGION(0xffffe90000000000, VMEMMAP, HOLE),
	REGION(VMEMMAP, VMEMMAP + 32 * MIB, VMEMMAP),
	REGION(VMEMMAP + 32 * MIB, KASAN, HOLE),
	REGION(KASAN, 0xfffffc0000000000, KASAN),
	REGION(0xfffffc0000000000, 0xfffffe0000000000, HOLE),
	REGION(0xfffffe0000000000, 0xfffffe8000000000, CPU_ENTRY),
	REGION(0xfffffe8000000000, IMAGE, HOLE),
	REGION(IMAGE, MODULES, IMAGE),
	REGION(MODULES, 0xffffffffff000000, MODULES),
	REGION(0xffffffffff000000, FIXMAP, HOLE),
	REGION(FIXMAP, VSYSCALL, FIXMAP),
	REGION(VSYSCALL, VSYSCALL + PAGE, VSYSCALL),
	REGION(VSYSCALL + PAGE, LAST, HOLE),
};

#define RAM(addr, prot, pfn) \
	{ (addr), 1, PTE, P | (prot) | STATE(KERNEL), (pfn) << 12 | 0x163, pfn }
#define HUGE(addr, prot, pfn)               \
	{                                   \
		(addr),                     \
		512,                        \
		PMD,                        \
		P | (prot) | STATE(KERNEL), \
		(pfn) << 12 | 0x1e3,        \
		pfn                         \
	}

static const struct fake_entry entries[] = {
	RAM(DIRECT, R | W, 0),
	RAM(DIRECT + PAGE, R | W, 1ULL),
	{ DIRECT + 2 * PAGE, 510, PTE, STATE(NONE), 0, 0 },
	HUGE(DIRECT + 2 * MIB, R | W, 512ULL),
	HUGE(DIRECT + 4 * MIB, R | W, 1024ULL),
	{ DIRECT + 6 * MIB, 509 * 512, PMD, STATE(NONE), 0, 0 },
	{ DIRECT + GIB, 512 * 512, PUD, P | R | W | STATE(KERNEL),
	  NX | GIB | 0x1e3, 512 * 512 },

	/* A stack in three extents. */
	RAM(VMALLOC, R | W, 0x2000ULL),
	RAM(VMALLOC + 1 * PAGE, R | W, 0x2005ULL),
	RAM(VMALLOC + 2 * PAGE, R | W, 0x2006ULL),
	RAM(VMALLOC + 3 * PAGE, R | W, 0x2100ULL),
	{ VMALLOC + 4 * PAGE, 4, PTE, STATE(NONE), 0, 0 },
	/* A stack without a task, in one extent. */
	RAM(VMALLOC + 8 * PAGE, R | W, 0x2200ULL),
	RAM(VMALLOC + 9 * PAGE, R | W, 0x2201ULL),
	RAM(VMALLOC + 10 * PAGE, R | W, 0x2202ULL),
	RAM(VMALLOC + 11 * PAGE, R | W, 0x2203ULL),
	{ VMALLOC + 12 * PAGE, 4, PTE, STATE(NONE), 0, 0 },
	/* vmalloc */
	RAM(VMALLOC + 16 * PAGE, R | W, 0x2303ULL),
	RAM(VMALLOC + 17 * PAGE, R | W, 0x2302ULL),
	RAM(VMALLOC + 18 * PAGE, R | W, 0x2301ULL),
	{ VMALLOC + 19 * PAGE, 13, PTE, STATE(NONE), 0, 0 },
	/* ioremap */
	{ VMALLOC + 32 * PAGE, 1, PTE, P | R | W | UC | STATE(PFNMAP),
	  NX | 0xfed00173, 0xfed00 },
	{ VMALLOC + 33 * PAGE, 7, PTE, STATE(NONE), 0, 0 },
	/* Per-CPU memory, of two processors and of unknown ones. */
	RAM(VMALLOC + 40 * PAGE, R | W, 0x2400ULL),
	RAM(VMALLOC + 41 * PAGE, R | W, 0x2402ULL),
	{ VMALLOC + 42 * PAGE, 2, PTE, STATE(NONE), 0, 0 },
	RAM(VMALLOC + 44 * PAGE, R | W, 0x2404ULL),
	{ VMALLOC + 45 * PAGE, 467, PTE, STATE(NONE), 0, 0 },
	HUGE(VMALLOC + 2 * MIB, R | W, 0x10000ULL),
	HUGE(VMALLOC + 4 * MIB, R | W, 0x10200ULL),

	HUGE(VMEMMAP, R | W, 0x11000ULL),

	{ KASAN, 512 * 512 * 512, PGD, P | R | STATE(KERNEL), 0, 0x3000 },
	{ KASAN + 512 * GIB, 3 * 512 * 512 * 512, PGD, STATE(REPEAT), 0x3063,
	  0x3 },

	{ IMAGE, 8 * 512, PMD, STATE(NONE), 0, 0 },
	HUGE(TEXT, R | X, 0x1000ULL),
	HUGE(TEXT + 2 * MIB, R | X, 0x1200ULL),
	{ TEXT + 4 * MIB, 512, PMD, STATE(NONE), 0, 0 },
	HUGE(TEXT + 6 * MIB, R, 0x1600ULL),
	RAM(TEXT + 8 * MIB, R | W, 0x1800ULL),
	RAM(TEXT + 8 * MIB + PAGE, R | W, 0x1801ULL),
	{ TEXT + 8 * MIB + 2 * PAGE, 510, PTE, STATE(NONE), 0, 0 },
	HUGE(TEXT + 10 * MIB, R | W, 0x1a00ULL),

	RAM(MODULES, R | X, 0x4000ULL),
	RAM(MODULES + 1 * PAGE, R | X, 0x4001ULL),
	RAM(MODULES + 2 * PAGE, R, 0x4100ULL),
	RAM(MODULES + 3 * PAGE, R | W, 0x4200ULL),
	{ MODULES + 4 * PAGE, 4, PTE, STATE(NONE), 0, 0 },
	RAM(MODULES + 8 * PAGE, R | W | X, 0x4300ULL),
	{ MODULES + 9 * PAGE, 503, PTE, STATE(NONE), 0, 0 },

	{ FIXMAP, 1, PTE, P | R | W | UC | STATE(PFNMAP), NX | 0xfee00173,
	  0xfee00 },
	{ VSYSCALL, 1, PTE, P | R | VMSCOPE_F_USER | STATE(KERNEL),
	  NX | 0x1a05125, 0x1a05 },
};

#define TABLE(addr, level, at)                                                 \
	{ (addr) | (level) << VMSCOPE_LEVEL_SHIFT | VMSCOPE_KIND_TABLE, at, 2, \
	  2, 0 }

static const struct vmscope_table tables[] = {
	TABLE(0xffff800000000000, PGD, 0x1c0a000),
	TABLE(DIRECT, PUD, 0x2200000),
	TABLE(DIRECT, PMD, 0x2201000),
	TABLE(DIRECT, PTE, 0x40001000),
};

const struct fake_world fake_kernel = {
	regions, ARRAY_SIZE(regions), entries, ARRAY_SIZE(entries),
	tables,	 ARRAY_SIZE(tables),
};

/* An object of the made-up kernel. */
struct known {
	uint64_t start; /* its first address */
	uint64_t bytes; /* its length */
	uint64_t known; /* enum vmscope_what_flag */
	unsigned int kind; /* of its frame */
	const char *cache; /* name of its slab cache */
};

#define FRAME VMSCOPE_WHAT_FRAME
#define RUN (FRAME | VMSCOPE_WHAT_RUN)

static const struct known known[] = {
	{ DIRECT + 2 * MIB, PAGE,
	  FRAME | VMSCOPE_WHAT_CACHE | VMSCOPE_WHAT_OBJECT, VMSCOPE_FRAME_SLAB,
	  "kmalloc-64" },
	{ DIRECT + 2 * MIB + PAGE, PAGE, FRAME | VMSCOPE_WHAT_CACHE,
	  VMSCOPE_FRAME_SLAB, "" },
	{ DIRECT + 4 * MIB, PAGE, FRAME, VMSCOPE_FRAME_ANON, NULL },
	{ DIRECT + 4 * MIB + PAGE, PAGE, FRAME | VMSCOPE_WHAT_RACED,
	  VMSCOPE_FRAME_UNKNOWN, NULL },
	{ DIRECT + GIB, PAGE, FRAME | VMSCOPE_WHAT_PERCPU, VMSCOPE_FRAME_OTHER,
	  NULL },
	{ DIRECT + GIB + PAGE, PAGE, FRAME, VMSCOPE_FRAME_TABLE, NULL },
	{ DIRECT + GIB + 2 * PAGE, PAGE, FRAME, VMSCOPE_FRAME_TABLE, NULL },
	{ DIRECT + GIB + 3 * PAGE, 4 * PAGE, FRAME, VMSCOPE_FRAME_OTHER, NULL },
	{ DIRECT + GIB + 7 * PAGE, PAGE, FRAME, VMSCOPE_FRAME_TABLE, NULL },
	{ VMALLOC, 4 * PAGE, RUN | VMSCOPE_WHAT_STACK, VMSCOPE_FRAME_OTHER,
	  NULL },
	{ VMALLOC + 8 * PAGE, 4 * PAGE, RUN, VMSCOPE_FRAME_OTHER, NULL },
	{ VMALLOC + 16 * PAGE, 3 * PAGE, RUN, VMSCOPE_FRAME_OTHER, NULL },
	{ VMALLOC + 32 * PAGE, PAGE, RUN, VMSCOPE_FRAME_HOLE, NULL },
	{ VMALLOC + 40 * PAGE, 2 * PAGE, RUN, VMSCOPE_FRAME_OTHER, NULL },
	{ VMALLOC + 44 * PAGE, PAGE, RUN, VMSCOPE_FRAME_OTHER, NULL },
	{ VMEMMAP, 2 * MIB, FRAME | VMSCOPE_WHAT_DESCRIBED, VMSCOPE_FRAME_OTHER,
	  NULL },
};

static const struct fake_entry *find_entry(uint64_t addr)
{
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++) {
		if (addr >= entries[i].addr &&
		    addr - entries[i].addr < entries[i].pages * PAGE)
			return &entries[i];
	}
	return NULL;
}

static void add_known(const struct known *k, struct vmscope_what *what)
{
	what->known |= k->known;
	what->frame_kind = k->kind;
	what->frame_head = what->pfn;
	if (k->cache) {
		what->cache.addr = DIRECT + MIB;
		what->cache.known = VMSCOPE_KNOWN_POINTER;
		memcpy(what->cache.name, k->cache, strlen(k->cache) + 1);
	}
	if (k->known & VMSCOPE_WHAT_OBJECT) {
		what->cache.object_size = 64;
		what->cache.stride = 64;
		what->object_index = (what->addr - k->start) / 64;
		what->object = k->start + what->object_index * 64;
	}
	if (k->known & VMSCOPE_WHAT_RUN) {
		what->run_start = k->start;
		what->run_end = k->start + k->bytes;
		what->run_pieces = 3;
	}
	if (k->known & VMSCOPE_WHAT_STACK) {
		what->pid = 42;
		memcpy(what->comm, "worker 1", 9);
	}
	what->described = (what->addr - VMEMMAP) / 64;
	what->cpu = 1;
	what->cpu_offset = 0x1f2c8;
}

/* Two processors, with a page of per-CPU data each. */
static int resolve(struct vmscope_what *what)
{
	if (!(what->flags & VMSCOPE_ASK_CPU))
		return 0;
	if (what->cpu > 1)
		return -EINVAL;
	what->addr += DIRECT + GIB + (16 + what->cpu) * PAGE;
	return 0;
}

/* All slots but one have a name together. */
static void add_slot(struct vmscope_what *what)
{
	const uint64_t top = VSYSCALL + 2 * MIB - PAGE;

	if (what->region != VMSCOPE_REGION_FIXMAP)
		return;
	what->slot = (top - what->addr) / PAGE + !!((top - what->addr) % PAGE);
	what->slot_first = what->slot;
	what->known |= VMSCOPE_WHAT_SLOT;
	if (what->slot == 512)
		return;
	what->slot_first = 513;
	memcpy(what->slot_name, "FIX_DEMO_0", 11);
}

/* What the made-up kallsyms know about a symbol. */
struct fake_symbol {
	unsigned long long start, end;
	char name[256];
	char module[80];
};

/* Per-CPU symbols are offsets, and withheld ones are 0: neither is found. */
static void find_symbol(FILE *f, const struct vmscope_what *what,
			struct fake_symbol *found)
{
	const bool next = what->flags & VMSCOPE_ASK_NEXT_SYMBOL;
	struct fake_symbol s = { 0 };
	char line[512];

	while (fgets(line, sizeof(line), f)) {
		*s.module = '\0';
		if (sscanf(line, "%llx %*c %255s %79s", &s.start, s.name,
			   s.module) < 2 ||
		    !(s.start >> 63) || s.start == found->start)
			continue;
		/* Neither the image nor a module extends that far. */
		if (s.start + (*s.module ? 0x4000 : GIB / 4) <= what->addr)
			continue;
		if (s.start > what->addr &&
		    (found->start || !next || s.start - what->addr >= 64)) {
			found->end = s.start;
			return;
		}
		*found = s;
	}
}

static void add_symbol(struct vmscope_what *what)
{
	struct fake_symbol s = { 0 };
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/kallsyms", getenv("FAKE_PROC"));
	f = what->symbol_buf ? fopen(path, "r") : NULL;
	if (!f)
		return;
	find_symbol(f, what, &s);
	fclose(f);
	if (!s.start)
		return;
	what->symbol_at = s.start > what->addr ? s.start : what->addr;
	what->symbol_bytes = snprintf(
		(void *)(uintptr_t)what->symbol_buf, what->symbol_buf_bytes,
		"%s+0x%llx/0x%llx%s%s", s.name, what->symbol_at - s.start,
		s.end - s.start, *s.module ? " " : "", s.module);
	what->known |= VMSCOPE_WHAT_SYMBOL;
}

/**
 * fake_what - answer VMSCOPE_IOC_WHAT
 * @what: the question and the answer
 *
 * Return: 0 or a negative errno.
 */
int fake_what(struct vmscope_what *what)
{
	const struct fake_entry *e;

	if (getenv("FAKE_OLD"))
		return -ENOTTY;
	if (resolve(what))
		return -EINVAL;
	e = find_entry(what->addr);
	if (what->addr < regions[0].area.where)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(regions); i++) {
		if (what->addr < regions[i].area.where ||
		    what->addr >= regions[i].area.end)
			continue;
		what->region = regions[i].area.name_kind - VMSCOPE_NAME_REGION;
		what->region_start = regions[i].area.where;
		what->region_end = regions[i].area.end;
	}
	add_slot(what);
	add_symbol(what);
	if (!e || !(e->what & VMSCOPE_F_PRESENT))
		return 0;
	what->pfn = e->value + (what->addr - e->addr) / PAGE;
	what->frame_head = what->pfn;
	what->frame_kind = VMSCOPE_FRAME_RESERVED;
	what->known |= FRAME;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (what->addr >= known[i].start &&
		    what->addr - known[i].start < known[i].bytes)
			add_known(&known[i], what);
	}
	return 0;
}

/**
 * fake_slabs - answer VMSCOPE_IOC_SLABS
 * @slabs: the question and the answer
 *
 * Return: 0.
 */
int fake_slabs(struct vmscope_slabs *slabs)
{
	static const struct vmscope_slab_cache caches[] = {
		{ .addr = DIRECT + MIB,
		  .object_size = 64,
		  .stride = 64,
		  .slabs = 3,
		  .pages = 3,
		  .known = VMSCOPE_KNOWN_TYPE | VMSCOPE_KNOWN_POINTER },
		{ .addr = DIRECT + MIB + 256,
		  .object_size = 600,
		  .stride = 640,
		  .slabs = 2,
		  .pages = 7,
		  .small_slabs = 1,
		  .known = VMSCOPE_KNOWN_TYPE | VMSCOPE_KNOWN_LAYOUT },
	};
	static const char *const names[] = { "kmalloc-64", "inode_cache" };
	struct vmscope_slab_cache *out = (void *)(uintptr_t)slabs->buf;

	slabs->nr_caches = ARRAY_SIZE(caches);
	for (size_t i = 0; i < ARRAY_SIZE(caches); i++) {
		if ((i + 1) * sizeof(*out) > slabs->buf_bytes)
			break;
		out[i] = caches[i];
		memcpy(out[i].name, names[i], strlen(names[i]) + 1);
	}
	slabs->frames = 1000;
	slabs->unnamed = 1;
	slabs->kinds[VMSCOPE_FRAME_SLAB] = 11;
	slabs->kinds[VMSCOPE_FRAME_FREE] = 889;
	slabs->kinds[VMSCOPE_FRAME_HOLE] = 100;
	return 0;
}

/*
 * fake_frames - answer VMSCOPE_IOC_FRAMES: memory of 920 frames on two nodes
 * @list: the question and the answer
 *
 * Return: 0, or -EINVAL for a range with nothing in it
 */
int fake_frames(struct vmscope_frame_list *list)
{
	static const struct {
		uint64_t pfn, kind, flags, place;
	} parts[] = {
		{ 0, VMSCOPE_FRAME_RESERVED, 0, 0 },
		{ 100, VMSCOPE_FRAME_HOLE, 0, 0 },
		{ 200, VMSCOPE_FRAME_ANON, 1 << KPF_LRU | 1 << KPF_ACTIVE, 0 },
		{ 264, VMSCOPE_FRAME_CACHE,
		  1 << KPF_LRU | 1 << KPF_SWAPBACKED | 1 << KPF_DIRTY, 3 },
		{ 272, VMSCOPE_FRAME_CACHE, 1 << KPF_LRU, 0 },
		{ 280, VMSCOPE_FRAME_OTHER, 1 << KPF_SWAPCACHE, 0 },
		{ 281, VMSCOPE_FRAME_UNKNOWN, 0, 0 },
		{ 282, VMSCOPE_FRAME_FREE, 1 << KPF_BUDDY,
		  1ULL << VMSCOPE_NODE_SHIFT },
		/* of a cache, and of one that it left meanwhile */
		{ 512, VMSCOPE_FRAME_SLAB, 1 << KPF_SLAB, 0 },
		{ 513, VMSCOPE_FRAME_SLAB, 1 << KPF_SLAB, 0 },
		{ 514, VMSCOPE_FRAME_FREE, 1 << KPF_BUDDY,
		  1ULL << VMSCOPE_NODE_SHIFT },
		{ 1000, VMSCOPE_FRAME_HOLE, 0, 0 },
		/* of files; two of them are code of every process */
		{ 4094, VMSCOPE_FRAME_CACHE, 1 << KPF_LRU, 0 },
		{ 4100, VMSCOPE_FRAME_HOLE, 0, 0 },
		/* three of them are a stack, of the rest three per-CPU memory */
		{ 0x2000, VMSCOPE_FRAME_OTHER, 0, 0 },
		{ 0x2008, VMSCOPE_FRAME_HOLE, 0, 0 },
		{ 0x2400, VMSCOPE_FRAME_OTHER, 0, 0 },
		{ 0x2406, 0, 0, 0 },
	};
	struct vmscope_frame_run *out = (void *)(uintptr_t)list->buf;
	size_t nr = 0;

	if (list->start >= list->end)
		return -EINVAL;
	for (size_t i = 0; i + 1 < ARRAY_SIZE(parts); i++) {
		uint64_t start = parts[i].pfn > list->start ? parts[i].pfn :
							      list->start;
		uint64_t end = parts[i + 1].pfn < list->end ? parts[i + 1].pfn :
							      list->end;

		if (start >= end)
			continue;
		out[nr++] = (struct vmscope_frame_run){
			.kind = parts[i].kind,
			.frames = end - start,
			.frame = { .where = start * PAGE,
				   .known = VMSCOPE_FACT_ALL,
				   .flags = parts[i].flags & list->page_flags,
				   .place = parts[i].place },
		};
		if (parts[i].kind == VMSCOPE_FRAME_HOLE)
			out[nr - 1].frame.known = 0;
		if (parts[i].kind == VMSCOPE_FRAME_SLAB &&
		    list->facts & VMSCOPE_FACT_CACHE) {
			out[nr - 1].frame.known |= VMSCOPE_FACT_CACHE;
			out[nr - 1].frame.index =
				DIRECT + (start == 512 ? MIB : 0);
		}
	}
	list->bytes = nr * sizeof(*out);
	list->next = list->end;
	list->memory_end = 0x2406;
	return 0;
}
