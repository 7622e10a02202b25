// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts of records as the columns of a line; "-" if unknown or not applicable.
 */
#include "columns.h"

#include <linux/minmax.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "../names.h"
#include "view.h"

/* Start, end, size and level. */
void vmscope_print_range(struct seq_file *m, const struct vmscope_page *page)
{
	u64 start = VMSCOPE_WORD_ADDR(page->where);
	u64 bytes = vmscope_record_pages(page) * PAGE_SIZE;

	seq_printf(m, "%llx %llx %llu %s", start, start + bytes, bytes,
		   vmscope_level_names[VMSCOPE_WORD_LEVEL(page->where)]);
}

static void print_perm(struct seq_file *m, u64 word, u64 read, u64 write,
		       u64 exec)
{
	seq_putc(m, ' ');
	seq_putc(m, word & read ? 'r' : '-');
	seq_putc(m, word & write ? 'w' : '-');
	seq_putc(m, word & exec ? 'x' : '-');
}

/* What user mode may do, with all levels combined. */
void vmscope_print_user_perm(struct seq_file *m,
			     const struct vmscope_page *page)
{
	print_perm(m, page->what, VMSCOPE_F_PERM_READ, VMSCOPE_F_PERM_WRITE,
		   VMSCOPE_F_PERM_EXEC);
}

/* What the leaf allows. */
void vmscope_print_leaf_perm(struct seq_file *m,
			     const struct vmscope_page *page)
{
	print_perm(m, page->what, VMSCOPE_F_READ, VMSCOPE_F_WRITE,
		   VMSCOPE_F_EXEC);
}

/* What the area allows. */
void vmscope_print_area_perm(struct seq_file *m,
			     const struct vmscope_view *view)
{
	u64 flags = view->area.vma_flags;

	print_perm(m, flags, VMSCOPE_VMA_READ, VMSCOPE_VMA_WRITE,
		   VMSCOPE_VMA_EXEC);
	seq_putc(m, flags & VMSCOPE_VMA_MAYSHARE ? 's' : 'p');
}

/* What the entry stands for. */
void vmscope_print_state(struct seq_file *m, const struct vmscope_page *page)
{
	seq_printf(m, " %s",
		   vmscope_state_names[VMSCOPE_WORD_STATE(page->what)]);
}

static bool is_slot(const struct vmscope_page *page)
{
	unsigned int state = VMSCOPE_WORD_STATE(page->what);

	return state == VMSCOPE_STATE_SWAP || state == VMSCOPE_STATE_SHMEM_SWAP;
}

static bool has_frame(const struct vmscope_page *page)
{
	if (page->what & VMSCOPE_F_WITHHELD || is_slot(page))
		return false;
	return page->what & VMSCOPE_F_PRESENT || page->value;
}

static void print_number(struct seq_file *m, bool known, u64 number)
{
	if (known)
		seq_printf(m, " %llu", number);
	else
		seq_puts(m, " -");
}

/* The frame, or "-" if there is none or it is withheld. */
void vmscope_print_frame(struct seq_file *m, const struct vmscope_page *page)
{
	print_number(m, has_frame(page), page->value);
}

/* Swap type and offset, or "-" and "-". */
void vmscope_print_slot(struct seq_file *m, const struct vmscope_page *page)
{
	print_number(m, is_slot(page), VMSCOPE_SLOT_TYPE(page->value));
	print_number(m, is_slot(page), VMSCOPE_SLOT_OFFSET(page->value));
}

/* Names of the flags, with commas. */
void vmscope_print_flags(struct seq_file *m, const struct vmscope_page *page)
{
	const char *comma = " ";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(vmscope_flag_names); i++) {
		if (!(page->what & vmscope_flag_names[i].flag))
			continue;
		seq_printf(m, "%s%s", comma, vmscope_flag_names[i].name);
		comma = ",";
	}
	if (*comma == ' ')
		seq_puts(m, " -");
}

/* The entry as it is in memory. */
void vmscope_print_raw(struct seq_file *m, const struct vmscope_page *page)
{
	if (page->what & VMSCOPE_F_WITHHELD)
		seq_puts(m, " -");
	else if (VMSCOPE_WORD_KIND(page->where) == VMSCOPE_KIND_RUN)
		seq_puts(m, " 0");
	else
		seq_printf(m, " %llx", page->raw);
}

static unsigned int lead_bytes(u8 lead)
{
	if (lead < 0x80)
		return 1;
	if (lead < 0xc2 || lead > 0xf4)
		return 0;
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/* Bytes of the UTF-8 character at @text, 0 if it is not valid. */
static unsigned int character_bytes(const u8 *text, size_t bytes)
{
	static const u32 smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned int nr = lead_bytes(text[0]);
	u32 code = text[0] & (0x7f >> nr);
	unsigned int i;

	if (nr > bytes)
		return 0;
	if (nr < 2)
		return nr;
	for (i = 1; i < nr; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}
	if (code < smallest[nr] || code > 0x10ffff ||
	    (code >= 0xd800 && code < 0xe000))
		return 0;
	return nr;
}

/* C0, DEL and C1, which a terminal may interpret. */
static bool is_control(const u8 *text)
{
	return text[0] < 0x20 || text[0] == 0x7f ||
	       (text[0] == 0xc2 && text[1] < 0xa0);
}

/**
 * vmscope_print_text - print a name that somebody else chose
 * @m: where to
 * @text: the name
 * @bytes: its length
 * @also: more characters to escape
 *
 * Backslashes, control characters and bytes that are not UTF-8 become \ooo, so
 * that only text reaches a terminal, and the name can be restored.
 */
void vmscope_print_text(struct seq_file *m, const char *text, size_t bytes,
			const char *also)
{
	const u8 *at = (const u8 *)text, *end = at + bytes;

	while (at < end) {
		unsigned int nr = character_bytes(at, end - at);
		bool plain = nr && !is_control(at) && *at != '\\' &&
			     !(*also && strchr(also, *at));

		for (nr = max(nr, 1U); nr; nr--, at++) {
			if (plain)
				seq_putc(m, *at);
			else
				seq_printf(m, "\\%03o", *at);
		}
	}
}

/* The name of the area, and the end of the line. */
void vmscope_print_name(struct seq_file *m, const struct vmscope_view *view)
{
	u64 kind = view->area.name_kind;

	seq_putc(m, ' ');
	if (kind >= VMSCOPE_NAME_REGION)
		seq_puts(m, vmscope_region_names[kind - VMSCOPE_NAME_REGION]);
	else if (!view->area.name_bytes)
		seq_puts(m, vmscope_area_names[kind]);
	if (view->area.where & VMSCOPE_AREA_NAME_CUT)
		seq_puts(m, ".../");
	vmscope_print_text(m, view->name, view->area.name_bytes, "");
	seq_putc(m, '\n');
}
