// SPDX-License-Identifier: GPL-2.0-or-later
/* The columns of a record. */
#include <stdio.h>
#include <string.h>

#include "cli/output.h"
#include "cli/tool.h"
#include "cli/words.h"
#include "model/audit.h"
#include "model/page.h"
#include "source/swapdev.h"

/**
 * area_is_region - whether an area is a region of the kernel's half
 * @area: the area, or NULL
 *
 * Return: true if so: it has no permissions and no file of its own then.
 */
bool area_is_region(const struct vmscope_area *area)
{
	return area && area->name_kind >= VMSCOPE_NAME_REGION;
}

static const char *unnamed_label(unsigned int name_kind)
{
	static const char *const labels[] = {
		[VMSCOPE_NAME_ANON] = "[anon]",
		[VMSCOPE_NAME_FILE] = "[file]",
		[VMSCOPE_NAME_SHMEM] = "[shmem]",
		[VMSCOPE_NAME_HUGETLB] = "[hugetlb]",
		[VMSCOPE_NAME_HEAP] = "[heap]",
		[VMSCOPE_NAME_STACK] = "[stack]",
		[VMSCOPE_NAME_VDSO] = "[vdso]",
		[VMSCOPE_NAME_ANON_NAMED] = "[anon]",
	};

	return name_kind < ARRAY_SIZE(labels) ? labels[name_kind] : "[?]";
}

/**
 * area_label - what an area is called: as in /proc/PID/maps, or its region; of
 * a path that is too long for the module, its end after ".../"
 * @area: the area
 * @name: its name, "" where there is none
 * @buf: filled
 * @bytes: length of @buf; LABEL_BYTES are enough
 */
void area_label(const struct vmscope_area *area, const char *name, char *buf,
		size_t bytes)
{
	bool marked = *name && *name != '[' &&
		      area->name_kind == VMSCOPE_NAME_ANON_NAMED;
	char *at = buf;

	if (area_is_region(area))
		name = vmscope_region_name(area->name_kind -
					   VMSCOPE_NAME_REGION);
	else if (!*name)
		name = unnamed_label(area->name_kind);
	if (marked)
		at = stpcpy(at, "[anon:");
	if (*name && area->where & VMSCOPE_AREA_NAME_CUT)
		at = stpcpy(at, ".../");
	/* Behind it come a bracket and the end. */
	at = mempcpy(at, name, strnlen(name, buf + bytes - at - 2));
	if (marked)
		*at++ = ']';
	*at = '\0';
}

/**
 * vma_perm - what an area allows, as in /proc/PID/maps
 * @vma_flags: enum vmscope_vma
 * @perm: filled, such as "rw-p"
 */
void vma_perm(uint64_t vma_flags, char perm[5])
{
	perm[0] = vma_flags & VMSCOPE_VMA_READ ? 'r' : '-';
	perm[1] = vma_flags & VMSCOPE_VMA_WRITE ? 'w' : '-';
	perm[2] = vma_flags & VMSCOPE_VMA_EXEC ? 'x' : '-';
	perm[3] = vma_flags & VMSCOPE_VMA_MAYSHARE ? 's' : 'p';
	perm[4] = '\0';
}

/**
 * bit_names - names of the bits that are set
 * @table: their names
 * @bits: the bits
 * @buf: filled with the names between blanks
 * @bytes: length of @buf
 */
void bit_names(const struct vmscope_bit *table, uint64_t bits, char *buf,
	       size_t bytes)
{
	char *at = buf, *end = buf + bytes - 1;

	for (; table->name; table++) {
		const char *name = table->name;

		if (!(bits & table->value))
			continue;
		if (at != buf && at < end)
			*at++ = ' ';
		while (*name && at < end)
			*at++ = *name++;
	}
	*at = '\0';
}

/**
 * vma_may_perm - what mprotect() may make of an area
 * @vma_flags: enum vmscope_vma
 * @perm: filled, such as "rwx"
 */
void vma_may_perm(uint64_t vma_flags, char perm[4])
{
	perm[0] = vma_flags & VMSCOPE_VMA_MAYREAD ? 'r' : '-';
	perm[1] = vma_flags & VMSCOPE_VMA_MAYWRITE ? 'w' : '-';
	perm[2] = vma_flags & VMSCOPE_VMA_MAYEXEC ? 'x' : '-';
	perm[3] = '\0';
}

/**
 * vma_flag_names - flags of an area by the names that smaps has for them
 * @vma_flags: enum vmscope_vma
 * @buf: filled; mr, mw and me, which nearly all areas have, are left out
 * @bytes: length of @buf
 */
void vma_flag_names(uint64_t vma_flags, char *buf, size_t bytes)
{
	const uint64_t may = VMSCOPE_VMA_MAYREAD | VMSCOPE_VMA_MAYWRITE |
			     VMSCOPE_VMA_MAYEXEC;

	bit_names(vmscope_vma_table(), vma_flags & ~may, buf, bytes);
}

/**
 * state_color - the colour of a state
 * @state: enum vmscope_state
 *
 * Return: an escape sequence or NULL.
 */
const char *state_color(unsigned int state)
{
	static const char *const colors[VMSCOPE_NR_STATES] = {
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

	return state < VMSCOPE_NR_STATES ? colors[state] : NULL;
}

enum {
	PERM_FLAGS = VMSCOPE_F_PERM_READ | VMSCOPE_F_PERM_WRITE |
		     VMSCOPE_F_PERM_EXEC,
	LEAF_FLAGS = VMSCOPE_F_READ | VMSCOPE_F_WRITE | VMSCOPE_F_EXEC,
	SHORT_FLAGS = VMSCOPE_F_USER | VMSCOPE_F_GLOBAL | VMSCOPE_F_PROTNONE |
		      VMSCOPE_F_RACED,
};

/**
 * is_wx - whether a page may be written and executed
 * @rec: the page
 *
 * Return: true if user mode may, or in the kernel's half the kernel.
 */
bool is_wx(const struct vmscope_record *rec)
{
	const uint64_t wx = VMSCOPE_F_PERM_WRITE | VMSCOPE_F_PERM_EXEC;

	return (rec->flags & wx) == wx;
}

/**
 * page_kind - what the columns FROM_KIND follow from
 * @row: the row
 * @kind: filled
 *
 * A raw entry without its frame is the same for all pages alike; where it is
 * not, that costs time and nothing else. The frame of a leaf that is clipped
 * lies behind the one of its entry.
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

static const struct vmscope_record *record(const void *row)
{
	return ((const struct page_row *)row)->rec;
}

static const struct vmscope_info *info(const void *row)
{
	return ((const struct page_row *)row)->info;
}

static void get_start(const void *row, struct value *v)
{
	value_number(v, record(row)->addr);
}

static void get_end(const void *row, struct value *v)
{
	value_number(v, record(row)->end);
}

static void get_size(const void *row, struct value *v)
{
	value_number(v, record(row)->end - record(row)->addr);
}

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

static void get_raw(const void *row, struct value *v)
{
	if (record(row)->has_raw)
		value_number(v, record(row)->raw);
}

static void get_pte_flags(const void *row, struct value *v)
{
	const struct vmscope_record *rec = record(row);

	if (rec->flags & VMSCOPE_F_PRESENT) {
		vmscope_entry_flags(info(row), rec, v->buf, sizeof(v->buf));
		value_text(v, v->buf);
	}
}

/* What an entry says that could not be read is not known. */
static bool is_readable(const void *row)
{
	return record(row)->state != VMSCOPE_STATE_UNKNOWN;
}

static void put_perm(struct value *v, bool read, bool write, bool exec)
{
	v->buf[0] = read ? 'r' : '-';
	v->buf[1] = write ? 'w' : '-';
	v->buf[2] = exec ? 'x' : '-';
	v->buf[3] = '\0';
	value_text(v, v->buf);
	if (write && exec)
		v->color = COLOR_ALARM;
}

static void get_perm(const void *row, struct value *v)
{
	uint64_t flags = record(row)->flags;

	if (is_readable(row))
		put_perm(v, flags & VMSCOPE_F_PERM_READ,
			 flags & VMSCOPE_F_PERM_WRITE,
			 flags & VMSCOPE_F_PERM_EXEC);
}

static void get_lperm(const void *row, struct value *v)
{
	uint64_t flags = record(row)->flags;

	if (is_readable(row))
		put_perm(v, flags & VMSCOPE_F_READ, flags & VMSCOPE_F_WRITE,
			 flags & VMSCOPE_F_EXEC);
}

static void get_vperm(const void *row, struct value *v)
{
	const struct vmscope_area *area = record(row)->area;

	if (!area || area_is_region(area))
		return;
	vma_perm(area->vma_flags, v->buf);
	value_text(v, v->buf);
}

static void get_mperm(const void *row, struct value *v)
{
	const struct vmscope_area *area = record(row)->area;

	if (!area || area_is_region(area))
		return;
	vma_may_perm(area->vma_flags, v->buf);
	value_text(v, v->buf);
}

static void get_vma_flags(const void *row, struct value *v)
{
	const struct vmscope_area *area = record(row)->area;

	if (!area || area_is_region(area))
		return;
	vma_flag_names(area->vma_flags, v->buf, sizeof(v->buf));
	value_text(v, v->buf);
}

static void get_page_flags(const void *row, struct value *v)
{
	bit_names(vmscope_flag_table(), record(row)->flags & ~PERM_FLAGS,
		  v->buf, sizeof(v->buf));
	value_text(v, v->buf);
}

/* What is out of the ordinary, in the few words that fit a narrow column. */
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

static void get_state(const void *row, struct value *v)
{
	value_number(v, record(row)->state);
	value_text(v, vmscope_state_name(v->number));
	v->color = state_color(record(row)->state);
}

static void get_pfn(const void *row, struct value *v)
{
	if (vmscope_has_frame(record(row)))
		value_number(v, record(row)->value);
}

static void get_phys(const void *row, struct value *v)
{
	if (vmscope_has_frame(record(row)))
		value_number(v, record(row)->value * info(row)->page_size);
}

static void get_swap_type(const void *row, struct value *v)
{
	if (vmscope_has_slot(record(row)))
		value_number(v, VMSCOPE_SLOT_TYPE(record(row)->value));
}

static void get_swap_offset(const void *row, struct value *v)
{
	if (vmscope_has_slot(record(row)))
		value_number(v, VMSCOPE_SLOT_OFFSET(record(row)->value));
}

static void get_swap_device(const void *row, struct value *v)
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

static void get_area_kind(const void *row, struct value *v)
{
	const struct vmscope_area *area = record(row)->area;

	if (!area)
		return;
	if (area_is_region(area)) {
		value_number(v, VMSCOPE_NAME_REGION);
		value_text(v, "region");
	}
	for (const struct vmscope_bit *b = vmscope_name_kind_table(); b->name;
	     b++) {
		if (b->value == area->name_kind) {
			value_number(v, b->value);
			value_text(v, b->name);
		}
	}
}

static void get_area_start(const void *row, struct value *v)
{
	if (record(row)->area)
		value_number(v, VMSCOPE_WORD_ADDR(record(row)->area->where));
}

static void get_area_end(const void *row, struct value *v)
{
	if (record(row)->area)
		value_number(v, record(row)->area->end);
}

static bool has_file(const struct vmscope_area *area)
{
	return area && (area->inode || area->dev);
}

/* Where the row's first byte stands in the file. */
static void get_offset(const void *row, struct value *v)
{
	const struct vmscope_record *rec = record(row);

	if (has_file(rec->area))
		value_number(v, rec->area->offset + rec->addr -
					VMSCOPE_WORD_ADDR(rec->area->where));
}

static void get_inode(const void *row, struct value *v)
{
	if (has_file(record(row)->area))
		value_number(v, record(row)->area->inode);
}

static void get_dev(const void *row, struct value *v)
{
	const struct vmscope_area *area = record(row)->area;

	if (!has_file(area))
		return;
	snprintf(v->buf, sizeof(v->buf), "%02x:%02x",
		 (unsigned int)(area->dev >> 32), (unsigned int)area->dev);
	value_text(v, v->buf);
}

static void get_pkey(const void *row, struct value *v)
{
	if (info(row)->features & VMSCOPE_FEAT_PKEYS &&
	    record(row)->flags & VMSCOPE_F_PRESENT)
		value_number(v, record(row)->pkey);
}

static void get_cache(const void *row, struct value *v)
{
	if (!(record(row)->flags & VMSCOPE_F_PRESENT))
		return;
	value_number(v, record(row)->cache);
	value_text(v, vmscope_cache_name(v->number));
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

/* Where pagemap looks at no entry, it says what the area says. */
static void get_pagemap_soft_dirty(const void *row, struct value *v)
{
	const uint64_t apart = VMSCOPE_VMA_HUGETLB | VMSCOPE_VMA_PFNMAP;
	const struct vmscope_record *rec = record(row);
	uint64_t vma = rec->area ? rec->area->vma_flags : 0;
	bool entry = rec->flags & VMSCOPE_F_SOFT_DIRTY;

	value_number(v,
		     vma & VMSCOPE_VMA_SOFTDIRTY || (entry && !(vma & apart)));
}

static void get_finding(const void *row, struct value *v)
{
	value_text(v, ((const struct page_row *)row)->finding);
	v->color = COLOR_ALARM;
}

static void get_pid(const void *row, struct value *v)
{
	if (((const struct page_row *)row)->pid)
		value_number(v, ((const struct page_row *)row)->pid);
}

static void get_comm(const void *row, struct value *v)
{
	value_text(v, ((const struct page_row *)row)->comm);
}

/* What is on page rows; the first three are known to audits alone. */
enum { AUDIT_COLUMNS = 3 };

#define COLUMN_FLAG(name, width, flag, help)                   \
	COLUMN_THAT(name, width, BOOL, FROM_FLAGS | FROM_KIND, \
		    VMSCOPE_F_##flag, help)

/* clang-format off: one column a row */
static const struct column columns[] = {
	COLUMN(pid, 7, NUMBER, "the process"),
	COLUMN(comm, 15, TEXT, "name of the process"),
	COLUMN_WORDS(finding, 10, TEXT, finding_table, "what is wrong"),
	COLUMN_THAT(start, 12, HEX, ADDRESS, 0, "first address"),
	COLUMN_THAT(end, 12, HEX, ADDRESS, 0, "end, exclusive"),
	COLUMN_THAT(size, 6, SIZE, FROM_LENGTH, 0, "bytes"),
	COLUMN_THAT(pages, 7, NUMBER, FROM_LENGTH, 0, "base pages"),
	COLUMN_NAMED_THAT(level, 5, FROM_KIND, vmscope_level_table,
			  "level of the entry: pte, pmd, pud, p4d, pgd"),
	COLUMN_THAT(page_size, 9, SIZE, FROM_KIND, 0,
		    "bytes that one entry maps"),
	COLUMN_THAT(raw, 18, HEX, NEEDS_ENTRIES, 0,
		    "the entry as it stands in memory"),
	COLUMN_THAT(pte_flags, 19, LIST, FROM_KIND,
		    VMSCOPE_F_ALL & ~VMSCOPE_F_EXCLUSIVE,
		    "names of the entry's hardware bits"),
	COLUMN_WORDS_THAT(
		perm, 4, TEXT, perm_words, FROM_FLAGS | FROM_KIND, PERM_FLAGS,
		"what user mode may do, or the kernel in its half; all levels taken together"),
	COLUMN_WORDS_THAT(lperm, 5, TEXT, perm_words, FROM_FLAGS | FROM_KIND,
			  LEAF_FLAGS, "what the leaf allows"),
	COLUMN_WORDS_THAT(vperm, 5, TEXT, area_perm_words, FROM_AREA, 0,
			  "what the area allows, as in maps"),
	COLUMN_WORDS_THAT(mperm, 5, TEXT, perm_words, FROM_AREA, 0,
			  "what mprotect() may make of the area"),
	COLUMN_WORDS_THAT(
		vma_flags, 20, LIST, vma_flag_words, FROM_AREA, 0,
		"flags of the area, as in smaps; mr, mw, me are in mperm"),
	COLUMN_WORDS_THAT(
		flags, 10, LIST, short_flag_words, FROM_KIND, SHORT_FLAGS,
		"W+X, memory type if not wb, user, global, protnone, raced"),
	COLUMN_WORDS_THAT(page_flags, 30, LIST, page_flag_words, FROM_KIND,
			  VMSCOPE_F_ALL, "flags of the entry, in words"),
	COLUMN_NAMED_THAT(state, 10, FROM_KIND, vmscope_state_table,
			  "what the entry stands for"),
	COLUMN_THAT(pfn, 8, NUMBER, NEEDS_FRAMES, 0,
		    "page frame of the first page"),
	COLUMN_THAT(phys, 12, HEX, NEEDS_FRAMES, 0,
		    "physical address of the first page"),
	COLUMN_THAT(swap_type, 9, NUMBER, NEEDS_FRAMES, 0,
		    "number of the swap device"),
	COLUMN_THAT(swap_offset, 11, NUMBER, NEEDS_FRAMES, 0,
		    "first slot on the swap device"),
	COLUMN_THAT(swap_device, 11, TEXT, NEEDS_FRAMES | NEEDS_SLOTS, 0,
		    "name of the swap device; with ? where it is a guess"),
	COLUMN_FLAG(present, 7, PRESENT,
		    "the kernel counts the page as present"),
	COLUMN_FLAG(accessed, 8, ACCESSED, "used since the bit was cleared"),
	COLUMN_FLAG(dirty, 5, DIRTY, "written since the bit was cleared"),
	COLUMN_FLAG(soft_dirty, 10, SOFT_DIRTY,
		    "the entry's own soft-dirty bit"),
	COLUMN_THAT(pagemap_soft_dirty, 18, BOOL, 0, VMSCOPE_F_SOFT_DIRTY,
		    "as pagemap says it: this, or the area is new"),
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
	COLUMN_THAT(pkey, 4, NUMBER, FROM_KIND, 0, "protection key"),
	COLUMN_NAMED_THAT(cache, 5, FROM_KIND, vmscope_cache_table,
			  "memory type"),
	COLUMN_THAT(area_start, 12, HEX, ADDRESS | FROM_AREA, 0,
		    "start of the area"),
	COLUMN_THAT(area_end, 12, HEX, ADDRESS | FROM_AREA, 0,
		    "end of the area, exclusive"),
	COLUMN_NAMED_THAT(area_kind, 10, FROM_AREA, area_kind_words,
			  "what the area is called after"),
	COLUMN(offset, 10, HEX, "offset in the file"),
	COLUMN_THAT(inode, 10, NUMBER, FROM_AREA, 0,
		    "inode number of the file"),
	COLUMN_THAT(dev, 7, TEXT, FROM_AREA, 0, "device of the file"),
	COLUMN_THAT(area, 12, TEXT, WIDE | FROM_AREA, 0,
		    "name of the area or region"),
};

/* clang-format on */

#define PAGE_COLUMNS \
	columns + AUDIT_COLUMNS, ARRAY_SIZE(columns) - AUDIT_COLUMNS

const struct column_set map_columns = {
	PAGE_COLUMNS,
	"start,end,size,level,perm,vperm,state,area",
};

const struct column_set kernel_map_columns = {
	PAGE_COLUMNS,
	"start,size,level,perm,flags,state,pfn,area",
};

const struct column_set pages_columns = {
	PAGE_COLUMNS,
	"start,size,level,perm,state,pfn,pte_flags,area",
};

const struct column_set swap_columns = {
	PAGE_COLUMNS,
	"start,end,size,state,swap_offset,swap_device,area",
};

const struct column_set audit_columns = {
	columns,
	ARRAY_SIZE(columns),
	"pid,finding,start,end,perm,vperm,state,area",
};

/**
 * page_columns_of - the columns of a target's rows
 * @set: the command's
 * @target: the word in the place of a PID, or NULL
 *
 * Return: @set; of the kernel a copy in which areas are regions, whose names
 * are known beforehand.
 */
const struct column_set *page_columns_of(const struct column_set *set,
					 const char *target)
{
	static struct column copy[ARRAY_SIZE(columns)];
	static struct column_set of_kernel;

	if (!target || !is_kernel(target))
		return set;
	memcpy(copy, columns, sizeof(copy));
	copy[ARRAY_SIZE(columns) - 1].words = vmscope_region_table;
	of_kernel = *set;
	of_kernel.columns = copy + (set->columns - columns);
	return &of_kernel;
}
