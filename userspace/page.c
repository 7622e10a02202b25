// SPDX-License-Identifier: GPL-2.0-or-later
/* The columns of a record. */
#include <stdio.h>
#include <string.h>

#include "page.h"
#include "swapdev.h"
#include "tool.h"

/**
 * area_label - what an area is called, as in /proc/PID/maps
 * @area: the area
 * @name: its name, "" where there is none
 * @buf: filled
 * @bytes: length of @buf
 */
void area_label(const struct vmscope_area *area, const char *name, char *buf,
		size_t bytes)
{
	static const char *const unnamed[] = {
		[VMSCOPE_NAME_ANON] = "[anon]",
		[VMSCOPE_NAME_FILE] = "[file]",
		[VMSCOPE_NAME_SHMEM] = "[shmem]",
		[VMSCOPE_NAME_HUGETLB] = "[hugetlb]",
		[VMSCOPE_NAME_HEAP] = "[heap]",
		[VMSCOPE_NAME_STACK] = "[stack]",
		[VMSCOPE_NAME_VDSO] = "[vdso]",
		[VMSCOPE_NAME_ANON_NAMED] = "[anon]",
	};

	if (*name && *name != '[' && area->name_kind == VMSCOPE_NAME_ANON_NAMED)
		snprintf(buf, bytes, "[anon:%s]", name);
	else if (*name)
		snprintf(buf, bytes, "%s", name);
	else
		snprintf(buf, bytes, "%s", area->name_kind < ARRAY_SIZE(unnamed) ?
			 unnamed[area->name_kind] : "[?]");
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
	size_t len = 0;

	buf[0] = '\0';
	for (; table->name && len < bytes; table++) {
		if (bits & table->value)
			len += snprintf(buf + len, bytes - len, "%s%s",
					len ? " " : "", table->name);
	}
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
	};

	return state < VMSCOPE_NR_STATES ? colors[state] : NULL;
}

enum {
	PERM_FLAGS = VMSCOPE_F_PERM_READ | VMSCOPE_F_PERM_WRITE | VMSCOPE_F_PERM_EXEC,
	LEAF_FLAGS = VMSCOPE_F_READ | VMSCOPE_F_WRITE | VMSCOPE_F_EXEC,
};

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

static void put_perm(struct value *v, bool read, bool write, bool exec)
{
	snprintf(v->buf, sizeof(v->buf), "%c%c%c", read ? 'r' : '-',
		 write ? 'w' : '-', exec ? 'x' : '-');
	value_text(v, v->buf);
	if (write && exec)
		v->color = COLOR_ALARM;
}

static void get_perm(const void *row, struct value *v)
{
	uint64_t flags = record(row)->flags;

	put_perm(v, flags & VMSCOPE_F_PERM_READ, flags & VMSCOPE_F_PERM_WRITE,
		 flags & VMSCOPE_F_PERM_EXEC);
}

static void get_lperm(const void *row, struct value *v)
{
	uint64_t flags = record(row)->flags;

	put_perm(v, flags & VMSCOPE_F_READ, flags & VMSCOPE_F_WRITE,
		 flags & VMSCOPE_F_EXEC);
}

static void get_vperm(const void *row, struct value *v)
{
	const struct vmscope_area *area = record(row)->area;

	if (!area)
		return;
	vma_perm(area->vma_flags, v->buf);
	value_text(v, v->buf);
}

static void get_vma_flags(const void *row, struct value *v)
{
	const struct vmscope_area *area = record(row)->area;

	if (!area)
		return;
	bit_names(vmscope_vma_table(), area->vma_flags, v->buf, sizeof(v->buf));
	value_text(v, v->buf);
}

static void get_page_flags(const void *row, struct value *v)
{
	bit_names(vmscope_flag_table(), record(row)->flags & ~PERM_FLAGS,
		  v->buf, sizeof(v->buf));
	value_text(v, v->buf);
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
	v->known = swap_device_name(page->devices,
				    VMSCOPE_SLOT_TYPE(page->rec->value),
				    v->buf, sizeof(v->buf));
	v->text = v->buf;
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
	for (const struct vmscope_bit *b = vmscope_name_kind_table(); b->name; b++) {
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

#define FLAG_GETTER(name, flag)						\
static void get_##name(const void *row, struct value *v)		\
{									\
	value_number(v, !!(record(row)->flags & (flag)));		\
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

static void get_finding(const void *row, struct value *v)
{
	value_text(v, ((const struct page_row *)row)->finding);
	v->color = COLOR_ALARM;
}

static void get_pid(const void *row, struct value *v)
{
	value_number(v, ((const struct page_row *)row)->pid);
}

static void get_comm(const void *row, struct value *v)
{
	value_text(v, ((const struct page_row *)row)->comm);
}

/* The rows that these four commands share; a macro as C has no other way. */
#define PAGE_COLUMNS							\
	{ "start", 12, TYPE_HEX, 0, 0, "first address", get_start, NULL }, \
	{ "end", 12, TYPE_HEX, 0, 0, "end, exclusive", get_end, NULL }, \
	{ "size", 6, TYPE_SIZE, 0, 0, "bytes", get_size, NULL }, \
	{ "pages", 7, TYPE_NUMBER, 0, 0, "base pages", get_pages, NULL }, \
	{ "level", 5, TYPE_TEXT, 0, 0, \
	  "level of the entry: pte, pmd, pud, p4d, pgd", get_level, \
	  vmscope_level_table }, \
	{ "page_size", 9, TYPE_SIZE, 0, 0, "bytes that one entry maps", \
	  get_page_size, NULL }, \
	{ "raw", 18, TYPE_HEX, NEEDS_ENTRIES, 0, \
	  "the entry as it stands in memory", get_raw, NULL }, \
	{ "pte_flags", 19, TYPE_LIST, 0, \
	  VMSCOPE_F_ALL & ~VMSCOPE_F_EXCLUSIVE, \
	  "names of the entry's hardware bits", get_pte_flags, NULL }, \
	{ "perm", 4, TYPE_TEXT, FROM_FLAGS, PERM_FLAGS, \
	  "what user mode may do, all levels taken together", get_perm, NULL }, \
	{ "lperm", 5, TYPE_TEXT, FROM_FLAGS, LEAF_FLAGS, \
	  "what the leaf allows", get_lperm, NULL }, \
	{ "vperm", 5, TYPE_TEXT, 0, 0, "what the area allows, as in maps", \
	  get_vperm, NULL }, \
	{ "vma_flags", 20, TYPE_LIST, 0, 0, "flags of the area, as in smaps", \
	  get_vma_flags, NULL }, \
	{ "page_flags", 30, TYPE_LIST, 0, VMSCOPE_F_ALL, \
	  "flags of the entry, in words", get_page_flags, NULL }, \
	{ "state", 10, TYPE_TEXT, 0, 0, "what the entry stands for", \
	  get_state, vmscope_state_table }, \
	{ "pfn", 8, TYPE_NUMBER, NEEDS_FRAMES, 0, "page frame of the first page", \
	  get_pfn, NULL }, \
	{ "phys", 12, TYPE_HEX, NEEDS_FRAMES, 0, \
	  "physical address of the first page", get_phys, NULL }, \
	{ "swap_type", 9, TYPE_NUMBER, NEEDS_FRAMES, 0, \
	  "number of the swap device", get_swap_type, NULL }, \
	{ "swap_offset", 11, TYPE_NUMBER, NEEDS_FRAMES, 0, \
	  "first slot on the swap device", get_swap_offset, NULL }, \
	{ "swap_device", 11, TYPE_TEXT, NEEDS_FRAMES | NEEDS_SLOTS, 0, \
	  "name of the swap device; with ? where it is a guess", \
	  get_swap_device, NULL }, \
	{ "present", 7, TYPE_BOOL, FROM_FLAGS, VMSCOPE_F_PRESENT, \
	  "the kernel counts the page as present", get_present, NULL }, \
	{ "accessed", 8, TYPE_BOOL, FROM_FLAGS, VMSCOPE_F_ACCESSED, \
	  "used since the bit was cleared", get_accessed, NULL }, \
	{ "dirty", 5, TYPE_BOOL, FROM_FLAGS, VMSCOPE_F_DIRTY, \
	  "written since the bit was cleared", get_dirty, NULL }, \
	{ "soft_dirty", 10, TYPE_BOOL, FROM_FLAGS, VMSCOPE_F_SOFT_DIRTY, \
	  "written since clear_refs", get_soft_dirty, NULL }, \
	{ "uffd_wp", 7, TYPE_BOOL, FROM_FLAGS, VMSCOPE_F_UFFD_WP, \
	  "write-protected by userfaultfd", get_uffd_wp, NULL }, \
	{ "user", 4, TYPE_BOOL, FROM_FLAGS, VMSCOPE_F_USER, \
	  "the leaf allows user mode", get_user, NULL }, \
	{ "special", 7, TYPE_BOOL, FROM_FLAGS, VMSCOPE_F_SPECIAL, \
	  "the kernel keeps no page for it", get_special, NULL }, \
	{ "protnone", 8, TYPE_BOOL, FROM_FLAGS, VMSCOPE_F_PROTNONE, \
	  "PROT_NONE or a NUMA hint", get_protnone, NULL }, \
	{ "global", 6, TYPE_BOOL, FROM_FLAGS, VMSCOPE_F_GLOBAL, "stays in the TLB", \
	  get_global, NULL }, \
	{ "exclusive", 9, TYPE_BOOL, FROM_FLAGS, VMSCOPE_F_EXCLUSIVE, \
	  "a swap entry with one owner", get_exclusive, NULL }, \
	{ "raced", 5, TYPE_BOOL, FROM_FLAGS, VMSCOPE_F_RACED, \
	  "the entry would not hold still", get_raced, NULL }, \
	{ "withheld", 8, TYPE_BOOL, FROM_FLAGS, VMSCOPE_F_WITHHELD, \
	  "raw entry and frame may not be told", get_withheld, NULL }, \
	{ "pkey", 4, TYPE_NUMBER, 0, 0, "protection key", get_pkey, NULL }, \
	{ "cache", 5, TYPE_TEXT, 0, 0, "memory type", get_cache, \
	  vmscope_cache_table }, \
	{ "area_start", 12, TYPE_HEX, 0, 0, "start of the area", \
	  get_area_start, NULL }, \
	{ "area_end", 12, TYPE_HEX, 0, 0, "end of the area, exclusive", \
	  get_area_end, NULL }, \
	{ "area_kind", 10, TYPE_TEXT, 0, 0, "what the area is called after", \
	  get_area_kind, vmscope_name_kind_table }, \
	{ "offset", 10, TYPE_HEX, 0, 0, "offset in the file", get_offset, NULL }, \
	{ "inode", 10, TYPE_NUMBER, 0, 0, "inode number of the file", \
	  get_inode, NULL }, \
	{ "dev", 7, TYPE_TEXT, 0, 0, "device of the file", get_dev, NULL }, \
	{ "area", 12, TYPE_TEXT, WIDE, 0, "name of the area", get_area, NULL }

static const struct column page_columns[] = { PAGE_COLUMNS };

static const struct column finding_columns[] = {
	{ "pid", 7, TYPE_NUMBER, 0, 0, "the process", get_pid, NULL },
	{ "comm", 15, TYPE_TEXT, 0, 0, "name of the process", get_comm, NULL },
	{ "finding", 10, TYPE_TEXT, 0, 0, "what is wrong", get_finding, NULL },
	PAGE_COLUMNS,
};

const struct column_set map_columns = {
	page_columns, ARRAY_SIZE(page_columns),
	"start,end,size,level,perm,state,pages,area",
};

const struct column_set pages_columns = {
	page_columns, ARRAY_SIZE(page_columns),
	"start,size,level,perm,state,pfn,pte_flags,area",
};

const struct column_set swap_columns = {
	page_columns, ARRAY_SIZE(page_columns),
	"start,size,state,swap_type,swap_offset,swap_device,area",
};

const struct column_set audit_columns = {
	finding_columns, ARRAY_SIZE(finding_columns),
	"pid,finding,start,size,perm,vperm,state,area",
};
