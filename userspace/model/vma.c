// SPDX-License-Identifier: GPL-2.0-or-later
/* Names and permissions of an area or region. */
#include "model/vma.h"

#include <stdio.h>
#include <string.h>

#include "cli/array.h"

/* NULL: there is none; a region has no permissions and no file of its own. */
bool area_is_region(const struct vmscope_area *area)
{
	return area && area->name_kind >= VMSCOPE_NAME_REGION;
}

bool area_has_file(const struct vmscope_area *area)
{
	return area && (area->inode || area->dev);
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

/*
 * The name of an area: as in /proc/PID/maps, or its region; for a path that is
 * too long for the module, its end after ".../". @name is "" if there is none;
 * LABEL_BYTES are enough for @buf.
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
	/* A bracket and the terminator follow. */
	at = mempcpy(at, name, strnlen(name, buf + bytes - at - 2));
	if (marked)
		*at++ = ']';
	*at = '\0';
}

/* The permissions of an area, as in /proc/PID/maps: "rw-p". */
void vma_perm(uint64_t vma_flags, char perm[5])
{
	perm[0] = vma_flags & VMSCOPE_VMA_READ ? 'r' : '-';
	perm[1] = vma_flags & VMSCOPE_VMA_WRITE ? 'w' : '-';
	perm[2] = vma_flags & VMSCOPE_VMA_EXEC ? 'x' : '-';
	perm[3] = vma_flags & VMSCOPE_VMA_MAYSHARE ? 's' : 'p';
	perm[4] = '\0';
}

void value_vperm(struct value *v, const struct vmscope_area *area)
{
	vma_perm(area->vma_flags, v->buf);
	value_text(v, v->buf);
}

/* The permissions that mprotect() may give an area. */
void value_mperm(struct value *v, const struct vmscope_area *area)
{
	value_perm(v, area->vma_flags & VMSCOPE_VMA_MAYREAD,
		   area->vma_flags & VMSCOPE_VMA_MAYWRITE,
		   area->vma_flags & VMSCOPE_VMA_MAYEXEC);
	v->color = NULL;
}

/* Nearly all areas have these, and they have a column of their own. */
#define MAY_FLAGS \
	(VMSCOPE_VMA_MAYREAD | VMSCOPE_VMA_MAYWRITE | VMSCOPE_VMA_MAYEXEC)

const struct words vma_flag_words = {
	.table = vmscope_vma_table,
	.hidden = MAY_FLAGS,
};

/* By their names in smaps. */
void value_vma_flags(struct value *v, const struct vmscope_area *area)
{
	bit_names(vmscope_vma_table(), area->vma_flags & ~MAY_FLAGS, v->buf,
		  sizeof(v->buf));
	value_text(v, v->buf);
}

void value_dev(struct value *v, const struct vmscope_area *area)
{
	snprintf(v->buf, sizeof(v->buf), "%02x:%02x",
		 (unsigned int)(area->dev >> 32), (unsigned int)area->dev);
	value_text(v, v->buf);
}
