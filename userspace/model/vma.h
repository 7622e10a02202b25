/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _VMA_H
#define _VMA_H

#include "cli/column.h"

/* The longest name, and what is put around it. */
enum { LABEL_BYTES = VMSCOPE_WALK_NAME_MAX + 32 };

/* Flags of areas of which a userfaultfd asked for anything. */
#define AREA_UFFD                                         \
	(VMSCOPE_VMA_UFFD_MISSING | VMSCOPE_VMA_UFFD_WP | \
	 VMSCOPE_VMA_UFFD_MINOR | VMSCOPE_VMA_UFFD_RWP)

extern const struct words vma_flag_words;

bool area_is_region(const struct vmscope_area *area);
bool area_has_file(const struct vmscope_area *area);
void area_label(const struct vmscope_area *area, const char *name, char *buf,
		size_t bytes);
void vma_perm(uint64_t vma_flags, char perm[5]);

void value_vperm(struct value *v, const struct vmscope_area *area);
void value_mperm(struct value *v, const struct vmscope_area *area);
void value_vma_flags(struct value *v, const struct vmscope_area *area);
void value_dev(struct value *v, const struct vmscope_area *area);

/* A page that may be written and executed stands out. */
static inline void value_perm(struct value *v, bool read, bool write, bool exec)
{
	v->buf[0] = read ? 'r' : '-';
	v->buf[1] = write ? 'w' : '-';
	v->buf[2] = exec ? 'x' : '-';
	v->buf[3] = '\0';
	value_text(v, v->buf);
	if (write && exec)
		v->color = COLOR_ALARM;
}

#endif /* _VMA_H */
