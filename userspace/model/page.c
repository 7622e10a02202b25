// SPDX-License-Identifier: GPL-2.0-or-later
/* The columns of a record. */
#include "model/page.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/array.h"
#include "model/audit.h"
#include "model/framesum.h"
#include "model/vma.h"
#include "source/cgroup.h"
#include "source/swapdev.h"

enum {
	PERM_FLAGS = VMSCOPE_F_PERM_READ | VMSCOPE_F_PERM_WRITE |
		     VMSCOPE_F_PERM_EXEC,
	LEAF_FLAGS = VMSCOPE_F_READ | VMSCOPE_F_WRITE | VMSCOPE_F_EXEC,
	SHORT_FLAGS = VMSCOPE_F_USER | VMSCOPE_F_GLOBAL | VMSCOPE_F_PROTNONE |
		      VMSCOPE_F_RACED,
};

static const char *const state_colors[VMSCOPE_NR_STATES] = {
	[VMSCOPE_STATE_NONE] = COLOR_DIM,
	[VMSCOPE_STATE_ANON] = COLOR_GREEN,
	[VMSCOPE_STATE_FILE] = COLOR_BLUE,
	[VMSCOPE_STATE_SHMEM] = COLOR_CYAN,
	[VMSCOPE_STATE_KSM] = COLOR_GREEN,
	[VMSCOPE_STATE_HUGETLB] = COLOR_MAGENTA,
	[VMSCOPE_STATE_SWAP] = COLOR_YELLOW,
	[VMSCOPE_STATE_SHMEM_SWAP] = COLOR_YELLOW,
	[VMSCOPE_STATE_HWPOISON] = COLOR_ALARM,
	[VMSCOPE_STATE_REPEAT] = COLOR_DIM,
};

/*
 * What the FROM_KIND columns follow from. Without its frame, the raw entry is
 * usually the same for all pages; if it is not, that only costs time. The frame
 * of a clipped leaf lies after the one of its entry.
 */
void page_kind(const struct page_row *row, struct row_kind *kind)
{
	const struct vmscope_record *rec = row->rec;
	uint64_t leaf;

	kind->word[0] = rec->state | rec->level << 8 | rec->pkey << 16 |
			rec->cache << 24;
	kind->word[1] = rec->flags;
	kind->word[2] = rec->end - rec->addr;
	kind->word[3] = 0;
	if (!(rec->flags & VMSCOPE_F_PRESENT) || !rec->has_raw)
		return;
	kind->word[3] = rec->raw;
	if (rec->level >= VMSCOPE_NR_LEVELS)
		return;
	leaf = 1ULL << row->info->level_shift[rec->level];
	kind->word[3] ^= rec->value * row->info->page_size & -leaf;
}

/* "PTE[3]", or "PTE[3-7]" for neighbours. */
void page_entry_name(unsigned int level, uint64_t index, uint64_t last,
		     char *buf, size_t bytes)
{
	int len = snprintf(buf, bytes, "%s[%llu", vmscope_level_name(level),
			   (unsigned long long)index);

	if (last != index)
		len += snprintf(buf + len, bytes - len, "-%llu",
				(unsigned long long)last);
	snprintf(buf + len, bytes - len, "]");
	for (char *c = buf; *c; c++)
		*c = toupper((unsigned char)*c);
}

static const struct vmscope_record *record(const void *row)
{
	return ((const struct page_row *)row)->rec;
}

static const struct vmscope_info *info(const void *row)
{
	return ((const struct page_row *)row)->info;
}

GET_WHEN(get_start, number, true, record(row)->addr)
GET_WHEN(get_end, number, true, record(row)->end)
GET_WHEN(get_size, number, true, record(row)->end - record(row)->addr)

static void get_pages(const void *row, struct value *v)
{
	const struct vmscope_record *rec = record(row);

	value_number(v, (rec->end - rec->addr) / info(row)->page_size);
}

static void get_level(const void *row, struct value *v)
{
	value_number(v, record(row)->level);
	value_text(v, vmscope_level_name(v->number));
	if (record(row)->level > VMSCOPE_LEVEL_PTE &&
	    record(row)->flags & VMSCOPE_F_PRESENT)
		v->color = COLOR_BOLD;
}

static void get_page_size(const void *row, struct value *v)
{
	const struct vmscope_record *rec = record(row);

	if (rec->level && rec->level < VMSCOPE_NR_LEVELS)
		value_number(v, 1ULL << info(row)->level_shift[rec->level]);
}

GET_WHEN(get_raw, number, record(row)->has_raw, record(row)->raw)

static void get_pte_flags(const void *row, struct value *v)
{
	const struct vmscope_record *rec = record(row);

	if (rec->flags & VMSCOPE_F_PRESENT) {
		vmscope_entry_flags(info(row), rec, v->buf, sizeof(v->buf));
		value_text(v, v->buf);
	}
}

/* The contents of an entry that could not be read are unknown. */
static bool is_readable(const void *row)
{
	return record(row)->state != VMSCOPE_STATE_UNKNOWN;
}

void page_perm(const void *row, struct value *v)
{
	uint64_t flags = record(row)->flags;

	if (is_readable(row))
		value_perm(v, flags & VMSCOPE_F_PERM_READ,
			   flags & VMSCOPE_F_PERM_WRITE,
			   flags & VMSCOPE_F_PERM_EXEC);
}

static void get_lperm(const void *row, struct value *v)
{
	uint64_t flags = record(row)->flags;

	if (is_readable(row))
		value_perm(v, flags & VMSCOPE_F_READ, flags & VMSCOPE_F_WRITE,
			   flags & VMSCOPE_F_EXEC);
}

/* The row's area; NULL if it has none or a region. */
static const struct vmscope_area *vma(const void *row)
{
	const struct vmscope_area *area = record(row)->area;

	return area_is_region(area) ? NULL : area;
}

void page_vperm(const void *row, struct value *v)
{
	if (vma(row))
		value_vperm(v, vma(row));
}

GET_WHEN(get_mperm, mperm, vma(row), vma(row))
GET_WHEN(get_vma_flags, vma_flags, vma(row), vma(row))

static void get_page_flags(const void *row, struct value *v)
{
	bit_names(vmscope_flag_table(), record(row)->flags & ~PERM_FLAGS,
		  v->buf, sizeof(v->buf));
	value_text(v, v->buf);
}

/* What is unusual, in the few words that fit into a narrow column. */
static void get_flags(const void *row, struct value *v)
{
	const struct vmscope_record *rec = record(row);
	bool wx = is_wx(rec);
	size_t len = 0;

	if (!(rec->flags & (VMSCOPE_F_PRESENT | VMSCOPE_F_RACED)))
		return;
	v->buf[0] = '\0';
	if (wx)
		len = snprintf(v->buf, sizeof(v->buf), "W+X ");
	if (rec->flags & VMSCOPE_F_PRESENT && rec->cache != VMSCOPE_CACHE_WB)
		len += snprintf(v->buf + len, sizeof(v->buf) - len, "%s ",
				vmscope_cache_name(rec->cache));
	bit_names(vmscope_flag_table(), rec->flags & SHORT_FLAGS, v->buf + len,
		  sizeof(v->buf) - len);
	len = strlen(v->buf);
	if (len && v->buf[len - 1] == ' ')
		v->buf[len - 1] = '\0';
	value_text(v, v->buf);
	v->color = wx ? COLOR_ALARM : NULL;
}

void page_state(const void *row, struct value *v)
{
	value_number(v, record(row)->state);
	value_text(v, vmscope_state_name(v->number));
	if (v->number < VMSCOPE_NR_STATES)
		v->color = state_colors[v->number];
}

GET_WHEN(get_pfn, number, vmscope_has_frame(record(row)), record(row)->value)
GET_WHEN(get_phys, number, vmscope_has_frame(record(row)),
	 (record(row)->value * info(row)->page_size))

void page_swap_type(const void *row, struct value *v)
{
	if (vmscope_has_slot(record(row)))
		value_number(v, VMSCOPE_SLOT_TYPE(record(row)->value));
}

void page_swap_offset(const void *row, struct value *v)
{
	if (vmscope_has_slot(record(row)))
		value_number(v, VMSCOPE_SLOT_OFFSET(record(row)->value));
}

void page_swap_device(const void *row, struct value *v)
{
	const struct page_row *page = row;

	if (!page->devices || !vmscope_has_slot(page->rec))
		return;
	v->text = swap_device_name(page->devices,
				   VMSCOPE_SLOT_TYPE(page->rec->value));
	v->known = v->text;
}

static void get_area(const void *row, struct value *v)
{
	const struct page_row *page = row;

	if (page->label)
		value_text(v, page->label);
}

/* Regions share one name. */
static void get_area_kind(const void *row, struct value *v)
{
	const struct vmscope_area *area = record(row)->area;
	const struct vmscope_bit *b;

	if (area_is_region(area)) {
		value_number(v, VMSCOPE_NAME_REGION);
		value_text(v, "region");
		return;
	}
	b = area ? bit_find(vmscope_name_kind_table(), area->name_kind) : NULL;
	if (b) {
		value_number(v, b->value);
		value_text(v, b->name);
	}
}

GET_WHEN(get_area_start, number, record(row)->area,
	 VMSCOPE_WORD_ADDR(record(row)->area->where))
GET_WHEN(get_area_end, number, record(row)->area, record(row)->area->end)

/* The offset of the row's first byte in the file. */
static void get_offset(const void *row, struct value *v)
{
	const struct vmscope_record *rec = record(row);

	if (area_has_file(rec->area))
		value_number(v, rec->area->offset + rec->addr -
					VMSCOPE_WORD_ADDR(rec->area->where));
}

GET_WHEN(get_inode, number, area_has_file(record(row)->area),
	 record(row)->area->inode)
GET_WHEN(get_dev, dev, area_has_file(record(row)->area), record(row)->area)
GET_WHEN(get_pkey, number,
	 (info(row)->features & VMSCOPE_FEAT_PKEYS &&
	  record(row)->flags & VMSCOPE_F_PRESENT),
	 record(row)->pkey)

static void get_cache(const void *row, struct value *v)
{
	if (!(record(row)->flags & VMSCOPE_F_PRESENT))
		return;
	value_number(v, record(row)->cache);
	value_text(v, vmscope_cache_name(v->number));
}

/* The facts of the row's frame, if this one is known. */
static const struct vmscope_frame *knows(const void *row, uint64_t fact)
{
	const struct vmscope_frame *frame = record(row)->frame;

	return frame && frame->known & fact ? frame : NULL;
}

#define FACT_GETTER(name, fact, expression)                           \
	GET_WHEN(get_##name, number, knows(row, VMSCOPE_FACT_##fact), \
		 expression)

FACT_GETTER(order, ORDER, VMSCOPE_PLACE_ORDER(record(row)->frame->place))
FACT_GETTER(folio_size, ORDER,
	    (info(row)->page_size
	     << VMSCOPE_PLACE_ORDER(record(row)->frame->place)))
FACT_GETTER(node, NODE, VMSCOPE_PLACE_NODE(record(row)->frame->place))
FACT_GETTER(mapcount, MAPCOUNT, record(row)->frame->mapcount)
FACT_GETTER(refs, REFS, record(row)->frame->refs)
FACT_GETTER(index, INDEX, record(row)->frame->index)
FACT_GETTER(memcg_inode, MEMCG, record(row)->frame->memcg)

static void get_zone(const void *row, struct value *v)
{
	const struct vmscope_frame *frame = knows(row, VMSCOPE_FACT_ZONE);

	if (!frame)
		return;
	value_number(v, VMSCOPE_PLACE_ZONE(frame->place));
	value_text(v, bit_name(vmscope_zone_table(), v->number));
}

static void get_memcg(const void *row, struct value *v)
{
	const struct vmscope_frame *frame = knows(row, VMSCOPE_FACT_MEMCG);

	if (frame && frame->memcg)
		value_text(v,
			   cgroup_path(frame->memcg, v->buf, sizeof(v->buf)));
}

static void get_kpageflags(const void *row, struct value *v)
{
	const struct vmscope_frame *frame = knows(row, VMSCOPE_FACT_FLAGS);

	if (!frame)
		return;
	bit_names(vmscope_page_flag_table(), frame->flags, v->buf,
		  sizeof(v->buf));
	value_text(v, v->buf);
}

/* As page-types -r prints them: the help text begins with the letter. */
static void get_kpageletters(const void *row, struct value *v)
{
	const struct vmscope_frame *frame = knows(row, VMSCOPE_FACT_FLAGS);
	const struct vmscope_bit *b = vmscope_page_flag_table();
	size_t len = 0;

	if (!frame)
		return;
	for (; b->name && len < sizeof(v->buf) - 1; b++)
		v->buf[len++] = frame->flags & b->value ? b->help[0] : '_';
	v->buf[len] = '\0';
	value_text(v, v->buf);
}

#define FLAG_GETTER(name, flag)                                   \
	static void get_##name(const void *row, struct value *v)  \
	{                                                         \
		value_number(v, !!(record(row)->flags & (flag))); \
	}

FLAG_GETTER(present, VMSCOPE_F_PRESENT)
FLAG_GETTER(accessed, VMSCOPE_F_ACCESSED)
FLAG_GETTER(dirty, VMSCOPE_F_DIRTY)
FLAG_GETTER(soft_dirty, VMSCOPE_F_SOFT_DIRTY)
FLAG_GETTER(uffd_wp, VMSCOPE_F_UFFD_WP)
FLAG_GETTER(user, VMSCOPE_F_USER)
FLAG_GETTER(special, VMSCOPE_F_SPECIAL)
FLAG_GETTER(protnone, VMSCOPE_F_PROTNONE)
FLAG_GETTER(global, VMSCOPE_F_GLOBAL)
FLAG_GETTER(exclusive, VMSCOPE_F_EXCLUSIVE)
FLAG_GETTER(raced, VMSCOPE_F_RACED)
FLAG_GETTER(withheld, VMSCOPE_F_WITHHELD)

/* Where pagemap looks at no entry, it reports the bit of the area. */
static void get_pagemap_soft_dirty(const void *row, struct value *v)
{
	const uint64_t apart = VMSCOPE_VMA_HUGETLB | VMSCOPE_VMA_PFNMAP;
	const struct vmscope_record *rec = record(row);
	uint64_t vma = rec->area ? rec->area->vma_flags : 0;
	bool entry = rec->flags & VMSCOPE_F_SOFT_DIRTY;

	value_number(v,
		     vma & VMSCOPE_VMA_SOFTDIRTY || (entry && !(vma & apart)));
}

/* The columns of page rows; the first three are for audits only. */
enum { AUDIT_COLUMNS = 3 };

#define COLUMN_FLAG(name, width, flag, help)             \
	COLUMN(name, width, BOOL, help, GET(get_##name), \
	       .needs = FROM_FLAGS | FROM_KIND, .run_flags = VMSCOPE_F_##flag)

#define COLUMN_FACT(name, width, type, fact, help, ...)  \
	COLUMN(name, width, type, help, GET(get_##name), \
	       .facts = VMSCOPE_FACT_##fact, ##__VA_ARGS__)

/* Columns of facts of a frame. */
#define FACT_COLUMNS                                                           \
	COLUMN_FACT(order, 5, NUMBER, ORDER,                                   \
		    "log2 of the pages of its folio"),                         \
		COLUMN_FACT(folio_size, 10, SIZE, ORDER,                       \
			    "bytes of its folio"),                             \
		COLUMN_FACT(node, 4, NUMBER, NODE, "NUMA node"),               \
		COLUMN_FACT(zone, 7, TEXT, ZONE, "zone of memory",             \
			    NAMES(vmscope_zone_table)),                        \
		COLUMN_FACT(mapcount, 8, NUMBER, MAPCOUNT,                     \
			    "page table entries that map the page"),           \
		COLUMN_FACT(refs, 5, NUMBER, REFS, "references to its folio"), \
		COLUMN_FACT(index, 10, NUMBER, INDEX,                          \
			    "index of the page in the page cache"),            \
		COLUMN_FACT(memcg, 20, TEXT, MEMCG,                            \
			    "memory cgroup that the page is charged to"),      \
		COLUMN_FACT(memcg_inode, 11, NUMBER, MEMCG,                    \
			    "inode number of that cgroup's directory"),        \
		COLUMN_FACT(kpageflags, 40, LIST, FLAGS,                       \
			    "flags of the page, by the names of page-types",   \
			    WORDS_OF(vmscope_page_flag_table)),                \
		COLUMN_FACT(kpageletters, 36, TEXT, FLAGS,                     \
			    "the same as page-types -r prints them")

static void get_frame_head(const void *row, struct value *v)
{
	const struct vmscope_frame *frame = knows(row, VMSCOPE_FACT_ORDER);
	const uint64_t pfn = record(row)->value;

	if (frame)
		value_number(v, pfn >> VMSCOPE_PLACE_ORDER(frame->place)
						<< VMSCOPE_PLACE_ORDER(
							   frame->place));
}

static const struct column of_frames[] = {
	COLUMN(pfn, 8, NUMBER, "page frame, the first of the row",
	       FIELD(struct frame_row, pfn)),
	COLUMN(use, 13, TEXT, "what the frames are used for",
	       FIELD(struct frame_row, use), .named = true,
	       .words = &(const struct words){ .table = frame_use_table,
					       .hidden = USE_TOTALS }),
	COLUMN(pages, 6, NUMBER, "frames", FIELD(struct frame_row, pages)),
	COLUMN(size, 6, SIZE, "bytes of them", FIELD(struct frame_row, bytes)),
	COLUMN(head, 8, NUMBER, "first frame of the block that it belongs to",
	       GET(get_frame_head), .facts = VMSCOPE_FACT_ORDER),
	COLUMN(cache, 16, TEXT, "name of their slab cache",
	       OPTIONAL(struct frame_row, cache)),
	FACT_COLUMNS,
};

const struct column_set frame_columns = COLUMN_SET(
	of_frames, "pfn,use,pages,order,node,mapcount,refs,cache,kpageflags");

static const struct column columns[] = {
	COLUMN(pid, 7, NUMBER, "the process", OPTIONAL(struct page_row, pid)),
	COLUMN(comm, 15, TEXT, "name of the process",
	       FIELD(struct page_row, comm)),
	COLUMN(finding, 10, TEXT, "what is wrong",
	       FIELD(struct page_row, finding), .color = COLOR_ALARM,
	       WORDS_OF(finding_table)),
	COLUMN(start, 12, HEX, "first address", GET(get_start),
	       .needs = ADDRESS),
	COLUMN(end, 12, HEX, "end, exclusive", GET(get_end), .needs = ADDRESS),
	COLUMN(size, 6, SIZE, "bytes", GET(get_size), .needs = FROM_LENGTH),
	COLUMN(pages, 7, NUMBER, "base pages", GET(get_pages),
	       .needs = FROM_LENGTH),
	COLUMN(level, 5, TEXT, "level of the entry: pte, pmd, pud, p4d, pgd",
	       GET(get_level), NAMES(vmscope_level_table), .needs = FROM_KIND),
	COLUMN(page_size, 9, SIZE, "bytes that one entry maps",
	       GET(get_page_size), .needs = FROM_KIND),
	COLUMN(raw, 18, HEX, "the entry as it stands in memory", GET(get_raw),
	       .needs = NEEDS_ENTRIES),
	COLUMN(pte_flags, 19, LIST, "names of the entry's hardware bits",
	       GET(get_pte_flags), .needs = FROM_KIND,
	       .run_flags = VMSCOPE_F_ALL & ~VMSCOPE_F_EXCLUSIVE),
	COLUMN(perm, 4, TEXT,
	       "what user mode may do, or the kernel in its half; all levels taken together",
	       GET(page_perm), .words = &perm_words,
	       .needs = FROM_FLAGS | FROM_KIND, .run_flags = PERM_FLAGS),
	COLUMN(lperm, 5, TEXT, "what the leaf allows", GET(get_lperm),
	       .words = &perm_words, .needs = FROM_FLAGS | FROM_KIND,
	       .run_flags = LEAF_FLAGS),
	COLUMN(vperm, 5, TEXT, "what the area allows, as in maps",
	       GET(page_vperm), .words = &area_perm_words, .needs = FROM_AREA),
	COLUMN(mperm, 5, TEXT, "what mprotect() may make of the area",
	       GET(get_mperm), .words = &perm_words, .needs = FROM_AREA),
	COLUMN(vma_flags, 20, LIST,
	       "flags of the area, as in smaps; mr, mw, me are in mperm",
	       GET(get_vma_flags), .words = &vma_flag_words,
	       .needs = FROM_AREA),
	COLUMN(flags, 10, LIST,
	       "W+X, memory type if not wb, user, global, protnone, raced",
	       GET(get_flags), .needs = FROM_KIND, .run_flags = SHORT_FLAGS,
	       WORDS("W+X,wc,uc-,uc,wt,wp,user,global,protnone,raced")),
	COLUMN(page_flags, 30, LIST, "flags of the entry, in words",
	       GET(get_page_flags), .needs = FROM_KIND,
	       .run_flags = VMSCOPE_F_ALL,
	       .words = &(const struct words){ .table = vmscope_flag_table,
					       .hidden = PERM_FLAGS }),
	COLUMN(state, 10, TEXT, "what the entry stands for", GET(page_state),
	       NAMES(vmscope_state_table), .needs = FROM_KIND),
	COLUMN(pfn, 8, NUMBER, "page frame of the first page", GET(get_pfn),
	       .needs = NEEDS_FRAMES),
	COLUMN(phys, 12, HEX, "physical address of the first page",
	       GET(get_phys), .needs = NEEDS_FRAMES),
	COLUMN(swap_type, 9, NUMBER, "number of the swap device",
	       GET(page_swap_type), .needs = NEEDS_FRAMES),
	COLUMN(swap_offset, 11, NUMBER, "first slot on the swap device",
	       GET(page_swap_offset), .needs = NEEDS_FRAMES),
	COLUMN(swap_device, 11, TEXT,
	       "name of the swap device; with ? where it is a guess",
	       GET(page_swap_device), .needs = NEEDS_FRAMES | NEEDS_SLOTS),
	COLUMN_FLAG(present, 7, PRESENT,
		    "the kernel counts the page as present"),
	COLUMN_FLAG(accessed, 8, ACCESSED, "used since the bit was cleared"),
	COLUMN_FLAG(dirty, 5, DIRTY, "written since the bit was cleared"),
	COLUMN_FLAG(soft_dirty, 10, SOFT_DIRTY,
		    "the entry's own soft-dirty bit"),
	COLUMN(pagemap_soft_dirty, 18, BOOL,
	       "as pagemap says it: this, or the area is new",
	       GET(get_pagemap_soft_dirty), .run_flags = VMSCOPE_F_SOFT_DIRTY),
	COLUMN_FLAG(
		uffd_wp, 7, UFFD_WP,
		"protected by userfaultfd from writes, in ur areas from all"),
	COLUMN_FLAG(user, 4, USER, "the leaf allows user mode"),
	COLUMN_FLAG(special, 7, SPECIAL, "the kernel keeps no page for it"),
	COLUMN_FLAG(protnone, 8, PROTNONE,
		    "PROT_NONE, a NUMA hint, or uffd_wp in ur areas"),
	COLUMN_FLAG(global, 6, GLOBAL, "stays in the TLB"),
	COLUMN_FLAG(exclusive, 9, EXCLUSIVE, "a swap entry with one owner"),
	COLUMN_FLAG(raced, 5, RACED, "the entry changed while it was read"),
	COLUMN_FLAG(withheld, 8, WITHHELD,
		    "raw entry and frame may not be shown"),
	COLUMN(pkey, 4, NUMBER, "protection key", GET(get_pkey),
	       .needs = FROM_KIND),
	COLUMN(cache, 5, TEXT, "memory type", GET(get_cache),
	       NAMES(vmscope_cache_table), .needs = FROM_KIND),
	FACT_COLUMNS,
	COLUMN(area_start, 12, HEX, "start of the area", GET(get_area_start),
	       .needs = ADDRESS | FROM_AREA),
	COLUMN(area_end, 12, HEX, "end of the area, exclusive",
	       GET(get_area_end), .needs = ADDRESS | FROM_AREA),
	COLUMN(area_kind, 10, TEXT, "what the area is called after",
	       GET(get_area_kind), .named = true, .needs = FROM_AREA,
	       .words = &(
		       const struct words){ .own = "region",
					    .value = VMSCOPE_NAME_REGION,
					    .table = vmscope_name_kind_table }),
	COLUMN(offset, 10, HEX, "offset in the file", GET(get_offset)),
	COLUMN(inode, 10, NUMBER, "inode number of the file", GET(get_inode),
	       .needs = FROM_AREA),
	COLUMN(dev, 7, TEXT, "device of the file", GET(get_dev),
	       .needs = FROM_AREA),
	COLUMN(area, 12, TEXT, "name of the area or region", GET(get_area),
	       .needs = WIDE | FROM_AREA,
	       .kernel_words =
		       &(const struct words){ .table = vmscope_region_table }),
};

#define PAGE_COLUMNS(usual_)                         \
	{ .columns = columns + AUDIT_COLUMNS,        \
	  .nr = ARRAY_SIZE(columns) - AUDIT_COLUMNS, \
	  .usual = usual_ }

const struct column_set map_columns =
	PAGE_COLUMNS("start,end,size,level,perm,vperm,state,area");
const struct column_set kernel_map_columns =
	PAGE_COLUMNS("start,size,level,perm,flags,state,pfn,area");
const struct column_set pages_columns =
	PAGE_COLUMNS("start,size,level,perm,state,pfn,pte_flags,area");
const struct column_set swap_columns =
	PAGE_COLUMNS("start,end,size,state,swap_offset,swap_device,area");
const struct column_set audit_columns =
	COLUMN_SET(columns, "pid,finding,start,end,perm,vperm,state,area");
