// SPDX-License-Identifier: GPL-2.0-or-later
/* What is wrong with a record, if anything. */
#include "model/audit.h"

#include <string.h>

#include "model/vma.h"

static const struct vmscope_bit findings[NR_FINDINGS + 1] = {
	[FINDING_WX] = { FINDING_WX, "W+X", NULL },
	[FINDING_WX_AREA] = { FINDING_WX_AREA, "W+X-area", NULL },
	[FINDING_WIDER] = { FINDING_WIDER, "wider", NULL },
	[FINDING_DIRTY_CODE] = { FINDING_DIRTY_CODE, "dirty-code", NULL },
	[FINDING_EXEC_ANON] = { FINDING_EXEC_ANON, "exec-anon", NULL },
	[FINDING_SUPERVISOR] = { FINDING_SUPERVISOR, "supervisor", NULL },
	[FINDING_USER] = { FINDING_USER, "user", NULL },
};

/* By enum finding. */
const struct vmscope_bit *finding_table(void)
{
	return findings;
}

static bool has_all(uint64_t word, uint64_t bits)
{
	return (word & bits) == bits;
}

/* Whether user mode, or the kernel in its half, may write and execute it. */
bool is_wx(const struct vmscope_record *rec)
{
	return has_all(rec->flags, VMSCOPE_F_PERM_WRITE | VMSCOPE_F_PERM_EXEC);
}

/*
 * If the hardware has no bit for it, user mode can read whatever it may write
 * or execute: reading counts only if the area allows nothing at all.
 */
static bool is_wider(const struct vmscope_record *rec)
{
	uint64_t vma = rec->area->vma_flags;

	if (rec->flags & VMSCOPE_F_WRITE && !(vma & VMSCOPE_VMA_WRITE))
		return true;
	if (rec->flags & VMSCOPE_F_EXEC && !(vma & VMSCOPE_VMA_EXEC))
		return true;
	return rec->flags & VMSCOPE_F_PERM_READ &&
	       !(vma &
		 (VMSCOPE_VMA_READ | VMSCOPE_VMA_WRITE | VMSCOPE_VMA_EXEC));
}

static bool is_private(const struct vmscope_record *rec)
{
	return !(rec->area->vma_flags & VMSCOPE_VMA_MAYSHARE);
}

/* Only files on a disk or on tmpfs count as files. */
static bool is_of_private_file(const struct vmscope_record *rec)
{
	return is_private(rec) && (rec->area->name_kind == VMSCOPE_NAME_FILE ||
				   rec->area->name_kind == VMSCOPE_NAME_SHMEM);
}

/* A private file page becomes an anonymous one when it is written to. */
static bool is_dirty_code(const struct vmscope_record *rec)
{
	const unsigned int copied = 1 << VMSCOPE_STATE_ANON |
				    1 << VMSCOPE_STATE_KSM |
				    1 << VMSCOPE_STATE_SWAP;

	return is_of_private_file(rec) &&
	       rec->area->vma_flags & VMSCOPE_VMA_EXEC &&
	       copied >> rec->state & 1;
}

/* The kernel's name for the file behind memory of MAP_HUGETLB. */
static bool is_anon_hugetlb(const struct vmscope_record *rec)
{
	return rec->state == VMSCOPE_STATE_HUGETLB && is_private(rec) &&
	       !strncmp(rec->name, "/anon_hugepage", 14);
}

static bool is_exec_anon(const struct vmscope_record *rec)
{
	const unsigned int anonymous =
		1 << VMSCOPE_STATE_ANON | 1 << VMSCOPE_STATE_KSM |
		1 << VMSCOPE_STATE_ZERO | 1 << VMSCOPE_STATE_HUGEZERO;

	return rec->flags & VMSCOPE_F_PERM_EXEC &&
	       ((anonymous >> rec->state & 1 && !is_of_private_file(rec)) ||
		is_anon_hugetlb(rec));
}

/* PROT_NONE entries are inaccessible to user mode on purpose. */
static bool is_supervisor(const struct vmscope_record *rec)
{
	return rec->flags & VMSCOPE_F_PRESENT &&
	       !(rec->flags & (VMSCOPE_F_USER | VMSCOPE_F_PROTNONE));
}

/* The vsyscall page is for user mode on purpose. */
static bool is_user(const struct vmscope_record *rec)
{
	return has_all(rec->flags, VMSCOPE_F_PRESENT | VMSCOPE_F_USER) &&
	       rec->area->name_kind !=
		       VMSCOPE_NAME_REGION + VMSCOPE_REGION_VSYSCALL;
}

/* Regions have no permissions: look at entries only. */
static unsigned int audit_kernel(const struct vmscope_record *rec)
{
	if (rec->kind == VMSCOPE_KIND_AREA)
		return 0;
	return is_wx(rec) << FINDING_WX | is_user(rec) << FINDING_USER;
}

/* Findings of any record of a scan with areas, as (1 << enum finding). */
unsigned int audit_record(const struct vmscope_record *rec)
{
	if (!rec->area)
		return 0;
	if (area_is_region(rec->area))
		return audit_kernel(rec);
	if (rec->kind == VMSCOPE_KIND_AREA)
		return has_all(rec->area->vma_flags,
			       VMSCOPE_VMA_WRITE | VMSCOPE_VMA_EXEC)
		       << FINDING_WX_AREA;
	return is_wx(rec) << FINDING_WX | is_wider(rec) << FINDING_WIDER |
	       is_dirty_code(rec) << FINDING_DIRTY_CODE |
	       is_exec_anon(rec) << FINDING_EXEC_ANON |
	       is_supervisor(rec) << FINDING_SUPERVISOR;
}
