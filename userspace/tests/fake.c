// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A made-up process, reported as the module would: filtered, merged, clipped
 * and cut into buffers. The tool's tests link this in place of device.c.
 *
 * PID 1 and 4 are that process, 2 is a kernel thread, 3 exits half-way. The
 * kernel's own half is in fake-kernel.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/array.h"
#include "source/device.h"
#include "fake.h"
#include "source/proc.h"

#define PAGE 4096ULL
#define MIB 0x100000ULL
#define TIB 0x10000000000ULL

#define P VMSCOPE_F_PRESENT
#define A VMSCOPE_F_ACCESSED
#define D VMSCOPE_F_DIRTY
#define SD VMSCOPE_F_SOFT_DIRTY
#define U VMSCOPE_F_USER
#define R (VMSCOPE_F_READ | VMSCOPE_F_PERM_READ)
#define W (VMSCOPE_F_WRITE | VMSCOPE_F_PERM_WRITE)
#define X (VMSCOPE_F_EXEC | VMSCOPE_F_PERM_EXEC)
#define STATE(s) ((uint64_t)VMSCOPE_STATE_##s << VMSCOPE_STATE_SHIFT)
#define SLOT(t, o) ((uint64_t)(t) << VMSCOPE_SLOT_TYPE_SHIFT | (o))
#define NX 0x8000000000000000ULL
#define PTE VMSCOPE_LEVEL_PTE
#define PMD VMSCOPE_LEVEL_PMD
#define PUD VMSCOPE_LEVEL_PUD

#define RD VMSCOPE_VMA_READ
#define WR VMSCOPE_VMA_WRITE
#define EX VMSCOPE_VMA_EXEC

#define TEXT 0x555555554000ULL
#define DATA 0x555555560000ULL
#define HEAP 0x555556000000ULL
#define BIG 0x100000000000ULL
#define SHM 0x7f0000000000ULL
#define HTLB 0x7f0040000000ULL
#define ODD 0x7f0080000000ULL
#define JIT 0x7f0090000000ULL
#define STACK 0x7ffffffde000ULL

#define AREA(start, bytes, flags, kind, name, ...) \
	{ { .where = start,                        \
	    .end = (start) + (bytes),              \
	    .vma_flags = flags,                    \
	    .name_kind = VMSCOPE_NAME_##kind,      \
	    __VA_ARGS__ },                         \
	  name }
#define ON_DEVICE(major, minor, inode_) \
	.dev = (uint64_t)(major) << 32 | (minor), .inode = inode_

static const struct fake_area areas[] = {
	AREA(BIG, 16 * TIB, 0, ANON, ""),
	AREA(TEXT, 8 * PAGE, RD | EX, FILE, "/usr/bin/demo",
	     ON_DEVICE(8, 1, 4711), .offset = 0x1000),
	AREA(DATA, 4 * PAGE, RD | WR, FILE, "/usr/bin/demo",
	     ON_DEVICE(8, 1, 4711)),
	AREA(HEAP, 6 * MIB, RD | WR, HEAP, ""),
	AREA(SHM, 16 * PAGE,
	     RD | WR | VMSCOPE_VMA_SHARED | VMSCOPE_VMA_MAYSHARE |
		     VMSCOPE_VMA_LOCKED,
	     SHMEM, "/dev/zero (deleted)", ON_DEVICE(0, 1, 7)),
	AREA(HTLB, 4 * MIB, RD | WR | VMSCOPE_VMA_HUGETLB, HUGETLB, "",
	     .page_size = 2 * MIB),
	AREA(ODD, 4 * PAGE, RD, FILE,
	     "/tmp/odd name\nwith \"all\" \xff\xc3\xa9", ON_DEVICE(0, 1, 9)),
	AREA(JIT, 8 * PAGE, RD | WR | EX, ANON_NAMED, "jit"),
	AREA(STACK, 33 * PAGE, RD | WR | VMSCOPE_VMA_GROWSDOWN, STACK, ""),
};

/* In ascending order; every page of every area once. */
/* clang-format off */
const struct fake_entry fake_entries[] = {
	{ BIG, 16 * TIB / PAGE, VMSCOPE_LEVEL_PGD, STATE(NONE), 0, 0 },

	{ TEXT, 1, PTE, P | A | U | R | X | STATE(FILE), 0x1000025, 0x1000 },
	{ TEXT + 1 * PAGE, 1, PTE, P | A | U | R | X | STATE(FILE), 0x1001025, 0x1001 },
	{ TEXT + 2 * PAGE, 1, PTE, P | U | R | X | STATE(FILE), 0x3000005, 0x3000 },
	{ TEXT + 3 * PAGE, 1, PTE, P | A | D | U | R | X | STATE(ANON), 0x4000065, 0x4000 },
	{ TEXT + 4 * PAGE, 4, PTE, STATE(NONE), 0, 0 },

	{ DATA, 1, PTE, P | A | D | SD | U | R | W | STATE(ANON), NX | 0x5000867, 0x5000 },
	{ DATA + 1 * PAGE, 1, PTE, P | A | U | R | STATE(FILE), NX | 0x5001025, 0x5001 },
	{ DATA + 2 * PAGE, 1, PTE, P | A | U | R | STATE(ZERO), NX | 0x9000225, 0x9000 },
	{ DATA + 3 * PAGE, 1, PTE, P | A | U | R | STATE(ZERO), NX | 0x9000225, 0x9000 },

	{ HEAP, 512, PMD, P | A | D | U | R | W | STATE(ANON), NX | 0x123400000 | 0xe7, 0x123400 },
	{ HEAP + 2 * MIB, 512, PMD, P | A | U | R | W | STATE(ANON),
	  NX | 0x123600000 | 0xa7, 0x123600 },
	{ HEAP + 4 * MIB, 1, PTE, STATE(SWAP) | VMSCOPE_F_EXCLUSIVE, 0x7e, SLOT(0, 100) },
	{ HEAP + 4 * MIB + 1 * PAGE, 1, PTE, STATE(SWAP), 0x7c, SLOT(0, 101) },
	{ HEAP + 4 * MIB + 2 * PAGE, 1, PTE, STATE(SWAP), 0x7a, SLOT(0, 200) },
	{ HEAP + 4 * MIB + 3 * PAGE, 1, PTE, STATE(SWAP), 0x78, SLOT(1, 201) },
	{ HEAP + 4 * MIB + 4 * PAGE, 1, PTE, STATE(MIGRATION), 0x76, 0x777 },
	{ HEAP + 4 * MIB + 5 * PAGE, 1, PTE, STATE(HWPOISON), 0x74, 0x778 },
	{ HEAP + 4 * MIB + 6 * PAGE, 1, PTE, STATE(MARKER_GUARD), 0x72, 0 },
	{ HEAP + 4 * MIB + 7 * PAGE, 1, PTE,
	  P | VMSCOPE_F_PROTNONE | A | STATE(ANON), NX | 0x6000120, 0x6000 },
	{ HEAP + 4 * MIB + 8 * PAGE, 504, PTE, STATE(NONE), 0, 0 },

	{ SHM, 1, PTE, P | A | D | U | R | W | STATE(SHMEM), NX | 0x8000067, 0x8000 },
	{ SHM + 1 * PAGE, 1, PTE, STATE(SHMEM_SWAP), 0, SLOT(0, 500) },
	{ SHM + 2 * PAGE, 1, PTE, STATE(SHMEM_SWAP), 0, SLOT(0, 501) },
	{ SHM + 3 * PAGE, 13, PTE, STATE(NONE), 0, 0 },

	{ HTLB, 512, PMD, P | A | D | U | R | W | STATE(HUGETLB), NX | 0x40000000 | 0xe7, 0x40000 },
	{ HTLB + 2 * MIB, 512, PMD, STATE(NONE), 0, 0 },

	{ ODD, 1, PTE, P | A | U | R | VMSCOPE_F_RACED | STATE(FILE), NX | 0xa000025, 0xa000 },
	{ ODD + 1 * PAGE, 3, PTE, STATE(NONE), 0, 0 },

	{ JIT, 1, PTE, P | A | D | U | R | W | X | STATE(ANON), 0xb000067, 0xb000 },
	{ JIT + 1 * PAGE, 1, PTE, P | A | D | U | R | W | X | STATE(ANON), 0xb001067, 0xb001 },
	{ JIT + 2 * PAGE, 1, PTE, P | A | R | STATE(ANON), NX | 0xb002021, 0xb002 },
	{ JIT + 3 * PAGE, 5, PTE, STATE(NONE), 0, 0 },

	{ STACK, 31, PTE, STATE(NONE), 0, 0 },
	{ STACK + 31 * PAGE, 1, PTE, P | A | D | U | R | W | STATE(ANON), NX | 0xc000067, 0xc000 },
	{ STACK + 32 * PAGE, 1, PTE, P | A | U | R | W | STATE(ANON), NX | 0xc005027, 0xc005 },
};

/* clang-format on */

const size_t fake_nr_entries = ARRAY_SIZE(fake_entries);

#define TABLE(addr, level, at)                                \
	{ (addr) | (uint64_t)(level) << VMSCOPE_LEVEL_SHIFT | \
		  VMSCOPE_KIND_TABLE,                         \
	  at, 2, 2, 0 }

/* PID 1 has a root, one of a pair, and shares a table with the others. */
static const struct vmscope_table own_tables[] = {
	TABLE(0, VMSCOPE_LEVEL_PGD, 0x40004000),
	TABLE(TEXT & -(TIB / 2), PUD, 0x40008000),
	TABLE(TEXT & -(1024 * MIB), PMD, 0x40009000),
	TABLE(TEXT & -(2 * MIB), PTE, 0x40002000),
	TABLE(SHM, PMD, 0x40003000),
};

static const struct vmscope_table shared_table[] = {
	TABLE(SHM, PMD, 0x40003000),
};

static const struct fake_world process = {
	areas,	      ARRAY_SIZE(areas),
	fake_entries, ARRAY_SIZE(fake_entries),
	own_tables,   ARRAY_SIZE(own_tables),
};

static const struct fake_world other = {
	areas,	      ARRAY_SIZE(areas),
	fake_entries, ARRAY_SIZE(fake_entries),
	shared_table, ARRAY_SIZE(shared_table),
};

static bool withheld(void)
{
	return getenv("FAKE_WITHHELD");
}

static void fake_info(struct vmscope_info *info)
{
	*info = (struct vmscope_info){
		.size = sizeof(*info),
		.facts = getenv("FAKE_OLD") ? 0 : VMSCOPE_FACT_CACHE,
		.abi = VMSCOPE_ABI_VERSION,
		.features = 0x7ffff & ~(uint64_t)(VMSCOPE_FEAT_GUARD |
						  VMSCOPE_FEAT_DEBUGFS),
		.arch = VMSCOPE_ARCH_X86_64,
		.page_size = PAGE,
		.nr_levels = 4,
		.level_shift = { 0, 12, 21, 30, 0, 39 },
		.level_entries = { 0, 512, 512, 512, 0, 512 },
		.user_end = 0x7ffffffff000,
		.max_slot_type = 27,
		.kernel_start = 0xffff800000000000,
	};
	memcpy(info->module_version, "fake", 5);
	if (withheld()) {
		info->features &=
			~(uint64_t)(VMSCOPE_FEAT_FRAMES | VMSCOPE_FEAT_KADDR);
		info->withheld_why = VMSCOPE_WHY_LOCKDOWN;
	}
	if (getenv("FAKE_WHY")) {
		info->features &= ~(uint64_t)VMSCOPE_FEAT_KADDR;
		info->withheld_why = atoi(getenv("FAKE_WHY"));
	}
	if (getenv("FAKE_ABI"))
		info->abi = atoi(getenv("FAKE_ABI"));
}

/* The names of the processes; 2 is a kernel thread. */
static const char *const comms[] = { "", "demo", "kthread", "shy", "twin" };

static int fake_attach(struct fake *fake, struct vmscope_attach *attach)
{
	bool next = attach->flags & VMSCOPE_ATTACH_NEXT;
	uint64_t pid = attach->pid + (next && attach->pid == 2);

	if (attach->flags & VMSCOPE_ATTACH_KERNEL) {
		if (getenv("FAKE_NO_KERNEL"))
			return -EINVAL;
		fake->world = &fake_kernel;
		return withheld() || getenv("FAKE_WHY") ? -EPERM : 0;
	}
	if (pid > 4)
		return -ESRCH;
	if (pid == 2)
		return -ENODATA;
	if (pid == 4 && getenv("FAKE_REFUSE"))
		return -EPERM;
	fake->world = pid == 1 ? &process : &other;
	fake->pid = pid;
	attach->tgid = pid;
	attach->init_tgid = pid + 1000;
	attach->start_code = TEXT;
	attach->end_code = TEXT + 100;
	attach->start_data = TEXT + 7 * PAGE + 1;
	attach->end_data = DATA + 2;
	attach->start_brk = HEAP;
	attach->brk = HEAP;
	attach->start_stack = STACK + 2 * PAGE;
	attach->arg_start = STACK + 3 * PAGE;
	attach->arg_end = STACK + 3 * PAGE + 7;
	attach->env_start = attach->arg_end;
	attach->env_end = STACK + 4 * PAGE;
	memset(attach->comm, 0, sizeof(attach->comm));
	memcpy(attach->comm, comms[pid], strlen(comms[pid]));
	return 0;
}

/* All records of a query. */
struct records {
	uint64_t word[1 << 14];
	size_t nr; /* words used */
	size_t run; /* word at which the open run begins, or @nr */
	uint64_t raced; /* entries marked VMSCOPE_F_RACED */
};

/* In the kernel's half, an entry that changes during the read is unknown. */
static bool is_lost(const struct fake_entry *e)
{
	const char *addr = getenv("FAKE_RACED");

	return addr && e->addr == strtoull(addr, NULL, 16);
}

static bool slot_of(uint64_t what)
{
	return VMSCOPE_WORD_STATE(what) == VMSCOPE_STATE_SWAP ||
	       VMSCOPE_WORD_STATE(what) == VMSCOPE_STATE_SHMEM_SWAP;
}

static bool wanted(const struct vmscope_scan *q, const struct fake_entry *e)
{
	uint64_t flags = VMSCOPE_WORD_FLAGS(e->what);
	unsigned int state = VMSCOPE_WORD_STATE(e->what);

	if ((flags & q->all_flags) != q->all_flags || flags & q->none_flags)
		return false;
	if (q->any_flags && !(flags & q->any_flags))
		return false;
	if (q->states && !(q->states >> state & 1))
		return false;
	if (q->levels && !(q->levels >> e->level & 1))
		return false;
	return !(q->flags & VMSCOPE_SCAN_SKIP_EMPTY) ||
	       state != VMSCOPE_STATE_NONE;
}

static bool continues(const struct vmscope_scan *q,
		      const struct vmscope_page *run,
		      const struct fake_entry *e)
{
	const uint64_t always = 0x1fULL << VMSCOPE_STATE_SHIFT | 0x7ULL << 24 |
				0xfULL << 20 | P | R | W | X | U |
				VMSCOPE_F_PROTNONE | VMSCOPE_F_RACED |
				VMSCOPE_F_WITHHELD;
	uint64_t step = slot_of(e->what) || e->value ? run->raw : 0;

	if (VMSCOPE_WORD_ADDR(run->where) + run->raw * PAGE != e->addr ||
	    VMSCOPE_WORD_LEVEL(run->where) != e->level)
		return false;
	if ((run->what ^ e->what) & (always | q->run_flags))
		return false;
	return !(q->flags & VMSCOPE_SCAN_FRAMES) ||
	       run->value + step == e->value;
}

static void emit_entry(struct records *recs, const struct vmscope_scan *q,
		       const struct fake_entry *e)
{
	bool run = q->flags & VMSCOPE_SCAN_RUNS || !VMSCOPE_WORD_STATE(e->what);
	struct vmscope_page *open =
		(struct vmscope_page *)&recs->word[recs->run];
	struct vmscope_page page = {
		.where = e->addr | e->level << VMSCOPE_LEVEL_SHIFT,
		.what = e->what,
		.value = e->value,
	};

	recs->raced += !!(e->what & VMSCOPE_F_RACED);
	if (run && recs->run < recs->nr && continues(q, open, e)) {
		open->raw += e->pages;
		return;
	}
	if (run) {
		page.where |= VMSCOPE_KIND_RUN;
		page.raw = e->pages;
		if (!(q->flags & VMSCOPE_SCAN_FRAMES))
			page.value = 0;
	} else {
		page.where |= VMSCOPE_KIND_PAGE;
		page.what |= e->pages << VMSCOPE_PAGES_SHIFT;
		page.raw = e->raw;
	}
	memcpy(&recs->word[recs->nr], &page, sizeof(page));
	recs->run = run ? recs->nr : recs->nr + 4;
	recs->nr += 4;
}

static void offer_entry(struct records *recs, const struct vmscope_scan *q,
			const struct fake_entry *from)
{
	struct fake_entry e = *from;
	uint64_t end = e.addr + e.pages * PAGE;

	if (end <= q->start || e.addr >= q->end)
		return;
	if (is_lost(&e)) {
		e.what = STATE(UNKNOWN) | VMSCOPE_F_RACED;
		e.raw = 0;
		e.value = 0;
	}
	if (withheld() && (e.raw || e.value)) {
		e.raw = 0;
		e.value = slot_of(e.what) ? e.value : 0;
		e.what |= VMSCOPE_F_WITHHELD;
	}
	if (e.addr < q->start) {
		if (e.value)
			e.value += (q->start - e.addr) / PAGE;
		e.addr = q->start;
	}
	if (end > q->end)
		end = q->end;
	e.pages = (end - e.addr) / PAGE;
	if (wanted(q, &e))
		emit_entry(recs, q, &e);
}

/* FAKE_NAME replaces the file's odd name. */
static const char *name_of(const struct fake_area *from)
{
	const char *name = getenv("FAKE_NAME");

	return name && from->area.where == ODD ? name : from->name;
}

/* As the module: of a path that is longer than @most, the end. */
static void cut_name(struct vmscope_area *area, const char **name, size_t most)
{
	if (strlen(*name) > most) {
		*name = strrchr(*name, '/') + 1;
		area->where |= VMSCOPE_AREA_NAME_CUT;
	}
	area->name_bytes = strlen(*name);
}

static void emit_area(struct records *recs, const struct vmscope_scan *q,
		      const struct fake_area *from)
{
	struct vmscope_area area = from->area;
	const char *name = name_of(from);

	if (!(q->flags & VMSCOPE_SCAN_AREAS))
		return;
	/* As if everything that is repeated were in one large area. */
	if (q->cursor[1] && getenv("FAKE_ONE_AREA"))
		return;
	area.where |= VMSCOPE_KIND_AREA;
	cut_name(&area, &name, 4095);
	area.page_size = area.page_size ? area.page_size : PAGE;
	if (!(q->flags & VMSCOPE_SCAN_NAMES))
		area.name_bytes = 0;
	memcpy(&recs->word[recs->nr], &area, sizeof(area));
	recs->nr += sizeof(area) / 8;
	memcpy(&recs->word[recs->nr], name, area.name_bytes);
	recs->nr += (area.name_bytes + 7) / 8;
	recs->run = recs->nr;
}

/* Before the first area that they translate; @i is the next of them. */
static void emit_tables(struct records *recs, const struct vmscope_scan *q,
			const struct fake_world *world,
			const struct vmscope_area *area, size_t *i)
{
	for (; q->flags & VMSCOPE_SCAN_TABLES && *i < world->nr_tables; ++*i) {
		struct vmscope_table table = world->tables[*i];

		if (VMSCOPE_WORD_ADDR(table.where) >= area->end)
			break;
		if (withheld()) {
			table.phys = 0;
			table.flags = VMSCOPE_F_WITHHELD;
		}
		memcpy(&recs->word[recs->nr], &table, sizeof(table));
		recs->nr += sizeof(table) / 8;
	}
}

static void emit_all(struct records *recs, const struct vmscope_scan *q,
		     const struct fake_world *world)
{
	size_t table = 0;

	for (size_t i = 0; i < world->nr_areas; i++) {
		const struct vmscope_area *area = &world->areas[i].area;

		if (area->end <= q->start || area->where >= q->end)
			continue;
		emit_area(recs, q, &world->areas[i]);
		emit_tables(recs, q, world, area, &table);
		/* A run never crosses from one area to the next. */
		recs->run = recs->nr;
		for (size_t k = 0; k < world->nr_entries; k++) {
			if (world->entries[k].addr >= area->where &&
			    world->entries[k].addr < area->end)
				offer_entry(recs, q, &world->entries[k]);
		}
	}
}

static size_t record_words(const uint64_t *at)
{
	const struct vmscope_area *area = (const void *)at;

	if (VMSCOPE_WORD_KIND(*at) == VMSCOPE_KIND_AREA)
		return (sizeof(*area) + area->name_bytes + 7) / 8;
	return VMSCOPE_WORD_KIND(*at) == VMSCOPE_KIND_TABLE ? 5 : 4;
}

/* A process of any size: FAKE_TIMES says how often it is reported. */
static bool again(struct vmscope_scan *q)
{
	const char *times = getenv("FAKE_TIMES");

	if (!times || ++q->cursor[1] >= strtoull(times, NULL, 10))
		return false;
	q->cursor[0] = 0;
	return true;
}

/* The cursor is the number of words written; @next stays until the end. */
static int fake_scan(struct fake *fake, struct vmscope_scan *q)
{
	static struct records recs;
	uint64_t room = fake->room && fake->room < q->buf_bytes ? fake->room :
								  q->buf_bytes;
	size_t from = q->cursor[0], to = from;

	fake->last = *q;
	if (fake->pid == 3 && fake->scans++)
		return -ESRCH;
	recs.nr = 0;
	recs.run = 0;
	recs.raced = 0;
	emit_all(&recs, q, fake->world);
	if (fake->garbage)
		recs.word[0] = 0xf;
	while (to < recs.nr &&
	       (to - from + record_words(&recs.word[to])) * 8 <= room)
		to += record_words(&recs.word[to]);
	/* PID 3 has one record and is gone. */
	if (fake->pid == 3)
		to = from + record_words(&recs.word[from]);
	memcpy((void *)(uintptr_t)q->buf, &recs.word[from], (to - from) * 8);
	q->bytes = fake->too_long ? q->buf_bytes + 8 : (to - from) * 8;
	q->cursor[0] = to;
	q->next = to == recs.nr && !again(q) ? q->end : q->start;
	q->entries = 1000;
	q->raced = from ? 0 : recs.raced;
	q->max_hold_ns = 14200;
	return 0;
}

static const struct fake_entry *find_entry(const struct fake_world *world,
					   uint64_t addr)
{
	for (size_t i = 0; i < world->nr_entries; i++) {
		const struct fake_entry *e = &world->entries[i];

		if (addr >= e->addr && addr - e->addr < e->pages * PAGE)
			return e;
	}
	return NULL;
}

static void walk_levels(struct vmscope_walk *walk, unsigned int last,
			uint64_t raw, uint64_t what)
{
	static const unsigned int levels[] = {
		VMSCOPE_LEVEL_PGD,
		VMSCOPE_LEVEL_PUD,
		VMSCOPE_LEVEL_PMD,
		VMSCOPE_LEVEL_PTE,
	};
	static const unsigned int shifts[] = { 39, 30, 21, 12 };

	for (size_t i = 0; i < 4; i++) {
		struct vmscope_walk_level *l = &walk->levels[i];

		l->level = levels[i];
		l->index = walk->addr >> shifts[i] & 511;
		l->entry_phys = 0x104a3f000 + i * PAGE + l->index * 8;
		l->raw = 0x105b21067 + i * PAGE;
		l->flags = P | A | D | U | R | W | X;
		if (i == 0)
			l->raw |= NX;
		walk->nr_levels = i + 1;
		if (levels[i] != last)
			continue;
		l->raw = raw;
		l->flags = what;
		break;
	}
	for (size_t i = 0; withheld() && i < walk->nr_levels; i++) {
		walk->levels[i].entry_phys = 0;
		walk->levels[i].raw = 0;
		walk->levels[i].flags |= VMSCOPE_F_WITHHELD;
	}
}

static void walk_area(const struct fake_world *world, struct vmscope_walk *walk)
{
	for (size_t i = 0; i < world->nr_areas; i++) {
		const struct fake_area *from = &world->areas[i];
		const char *name = name_of(from);

		if (walk->addr < from->area.where ||
		    walk->addr >= from->area.end)
			continue;
		walk->area = from->area;
		walk->area.where |= VMSCOPE_KIND_AREA;
		cut_name(&walk->area, &name, VMSCOPE_WALK_NAME_MAX);
		if (!walk->name_buf_bytes)
			continue;
		memcpy((void *)(uintptr_t)walk->name_buf, name,
		       walk->area.name_bytes < walk->name_buf_bytes ?
			       walk->area.name_bytes :
			       walk->name_buf_bytes);
	}
}

/* Files are not cached here. */
static uint64_t fake_behind(const struct vmscope_walk *walk, uint64_t state)
{
	if (state == VMSCOPE_STATE_SHMEM_SWAP)
		return VMSCOPE_BEHIND_SWAPPED;
	if (!walk->area.end ||
	    (state != VMSCOPE_STATE_NONE && state != VMSCOPE_STATE_UNMAPPED))
		return VMSCOPE_BEHIND_UNASKED;
	return walk->area.name_kind == VMSCOPE_NAME_ANON ||
			       walk->area.name_kind >= VMSCOPE_NAME_HEAP ?
		       VMSCOPE_BEHIND_ZEROS :
		       VMSCOPE_BEHIND_NOT_CACHED;
}

static int fake_walk(const struct fake_world *world, struct vmscope_walk *walk)
{
	const struct fake_entry *e = find_entry(world, walk->addr);
	uint64_t what = e ? e->what : STATE(UNMAPPED),
		 page = walk->addr & ~(PAGE - 1);
	unsigned int level = e ? e->level : VMSCOPE_LEVEL_PUD;
	bool hide = withheld() && e && e->raw;

	if (walk->addr >> 47 && walk->addr >> 47 != 0x1ffff)
		return -EINVAL;
	if (fake_objects_walk(walk))
		return 0;
	walk->root_phys = withheld() ? 0 : 0x104a3f000;
	walk_levels(walk, level, e ? e->raw : 0, what);
	walk->page.where = page | VMSCOPE_KIND_PAGE |
			   level << VMSCOPE_LEVEL_SHIFT;
	walk->page.what = what | 1ULL << VMSCOPE_PAGES_SHIFT |
			  (hide ? VMSCOPE_F_WITHHELD : 0);
	if (e && (!hide || slot_of(what)))
		walk->page.value =
			e->value + (e->value ? (page - e->addr) / PAGE : 0);
	walk->page.raw = e && !hide ? e->raw : 0;
	if (e && e->what & P && !hide) {
		walk->phys = walk->page.value * PAGE |
			     (walk->addr & (PAGE - 1));
		walk->kernel_alias = 0xffff888000000000 + walk->phys;
		walk->frame.known = VMSCOPE_FACT_MAPCOUNT;
		walk->frame.mapcount = 1;
	}
	walk_area(world, walk);
	walk->behind = fake_behind(walk, VMSCOPE_WORD_STATE(what));
	return 0;
}

static int fake_census(struct vmscope_census *census)
{
	static const uint64_t tables[] = { 0, 6, 6, 3, 0, 1 };
	static const uint64_t used[] = { 0, 30, 9, 6, 0, 3 };

	memcpy(census->tables, tables, sizeof(tables));
	memcpy(census->used, used, sizeof(used));
	census->leaves[VMSCOPE_LEVEL_PTE] = 18;
	census->leaves[VMSCOPE_LEVEL_PMD] = 3;
	census->deposited = 2;
	census->pgtables_bytes = 17 * PAGE;
	census->max_hold_ns = 900;
	return 0;
}

static int fake_ioctl(void *ctx, unsigned long request, void *arg)
{
	struct fake *fake = ctx;

	if (request == VMSCOPE_IOC_INFO) {
		fake_info(arg);
		return 0;
	}
	if (request == VMSCOPE_IOC_ATTACH)
		return fake_attach(fake, arg);
	if (!fake->world)
		return -ENOTCONN;
	if (request == VMSCOPE_IOC_SCAN)
		return fake_scan(fake, arg);
	if (request == VMSCOPE_IOC_WALK)
		return fake_walk(fake->world, arg);
	if (request == VMSCOPE_IOC_WHAT && getenv("FAKE_NO_WHAT"))
		return -ENOTTY;
	if (request == VMSCOPE_IOC_WHAT && getenv("FAKE_NO_SYMBOL") &&
	    ((const struct vmscope_what *)arg)->symbol_buf)
		return -E2BIG;
	if (request == VMSCOPE_IOC_WHAT)
		return fake_objects_what(arg) ? fake_what(arg) : 0;
	if (request == VMSCOPE_IOC_SLABS)
		return fake_slabs(arg);
	if (request == VMSCOPE_IOC_FRAMES)
		return fake_frames(arg);
	if (request == VMSCOPE_IOC_CENSUS)
		return fake_census(arg);
	if (request == VMSCOPE_IOC_OBJECTS)
		return fake_objects(fake, arg);
	return -ENOTTY;
}

const struct vmscope_ops fake_ops = { .ioctl = fake_ioctl, .close = free };

int device_open(struct vmscope **scope)
{
	struct fake *fake = calloc(1, sizeof(*fake));

	if (getenv("FAKE_PROC"))
		proc_root = getenv("FAKE_PROC");
	sys_root = getenv("FAKE_SYS") ? getenv("FAKE_SYS") : "/nonexistent";
	if (getenv("FAKE_ROOM"))
		fake->room = atoi(getenv("FAKE_ROOM"));
	fake->too_long = !!getenv("FAKE_LONG");
	if (getenv("FAKE_GARBAGE"))
		fake->garbage = 1;
	if (getenv("FAKE_OPEN")) {
		free(fake);
		return -atoi(getenv("FAKE_OPEN"));
	}
	return vmscope_open_ops(scope, &fake_ops, fake);
}
