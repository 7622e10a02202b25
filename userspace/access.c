// SPDX-License-Identifier: GPL-2.0-or-later
/* What the next access of user mode to a page does. */
#include "access.h"
#include "page.h"
#include "tool.h"

/* By enum access: what the page must allow, what the area must. */
static const struct {
	uint64_t perm;
	uint64_t vma;
} rights[] = {
	[ACCESS_READ] = { VMSCOPE_F_PERM_READ, VMSCOPE_VMA_READ },
	[ACCESS_WRITE] = { VMSCOPE_F_PERM_WRITE, VMSCOPE_VMA_WRITE },
	[ACCESS_EXEC] = { VMSCOPE_F_PERM_EXEC, VMSCOPE_VMA_EXEC },
};

/* By state: what becomes of an access that the area allows. */
static const char *const absent[VMSCOPE_NR_STATES] = {
	[VMSCOPE_STATE_DEVICE] =
		"ok after a fault (comes back from the device)",
	[VMSCOPE_STATE_SWAP] = "ok after a fault (comes back from swap)",
	[VMSCOPE_STATE_SHMEM_SWAP] = "ok after a fault (comes back from swap)",
	[VMSCOPE_STATE_MIGRATION] = "ok after a wait (its page is moving)",
	[VMSCOPE_STATE_HWPOISON] = "SIGBUS (memory error)",
	[VMSCOPE_STATE_MARKER_POISON] = "SIGBUS (poisoned)",
	[VMSCOPE_STATE_MARKER_GUARD] = "SIGSEGV (guard region)",
	[VMSCOPE_STATE_UNKNOWN] = "unknown",
};

/* By enum vmscope_name: what fills an empty entry when it is read. */
static const char *const filled[] = {
	[VMSCOPE_NAME_ANON] = "ok after a fault (zeros)",
	[VMSCOPE_NAME_FILE] =
		"ok after a fault (from the file; SIGBUS beyond its end)",
	[VMSCOPE_NAME_SHMEM] = "ok after a fault (zeros or shared data)",
	[VMSCOPE_NAME_HUGETLB] =
		"ok after a fault (a huge page; SIGBUS if none is free)",
	[VMSCOPE_NAME_HEAP] = "ok after a fault (zeros)",
	[VMSCOPE_NAME_STACK] = "ok after a fault (zeros)",
	[VMSCOPE_NAME_VDSO] = "ok after a fault (from the kernel)",
	[VMSCOPE_NAME_ANON_NAMED] = "ok after a fault (zeros)",
};

static const char *fill(const struct vmscope_area *area)
{
	if (area->vma_flags & VMSCOPE_VMA_UFFD_MISSING)
		return "waits for userfaultfd";
	if (area->name_kind >= ARRAY_SIZE(filled))
		return "ok after a fault";
	return filled[area->name_kind];
}

static const char *present(enum access access, const struct vmscope_record *rec)
{
	if (rec->flags & VMSCOPE_F_PROTNONE)
		return "ok after a fault (NUMA hint)";
	if (access != ACCESS_WRITE)
		return "ok after a fault";
	if (rec->flags & VMSCOPE_F_UFFD_WP)
		return "waits for userfaultfd";
	if (rec->area->vma_flags & VMSCOPE_VMA_SHARED)
		return "ok after a fault (the first write is noted)";
	if (rec->state == VMSCOPE_STATE_ANON)
		return "ok after a fault (copied if shared)";
	return "ok after a fault (copied)";
}

/* Permissions are the kernel's own there; user mode needs the leaf's word. */
static const char *kernel_outcome(enum access access,
				  const struct vmscope_record *rec)
{
	static const uint64_t leaf[] = {
		[ACCESS_READ] = VMSCOPE_F_READ,
		[ACCESS_WRITE] = VMSCOPE_F_WRITE,
		[ACCESS_EXEC] = VMSCOPE_F_EXEC,
	};

	if (access == ACCESS_EXEC && rec->area &&
	    rec->area->name_kind ==
		    VMSCOPE_NAME_REGION + VMSCOPE_REGION_VSYSCALL)
		return "emulated by the kernel, if at all";
	if (rec->flags & VMSCOPE_F_USER && rec->flags & leaf[access])
		return "ok";
	return "SIGSEGV (kernel memory)";
}

/**
 * access_outcome - what an access does
 * @access: read, write or execute
 * @rec: the page, and its area where it has one
 *
 * Return: a few words.
 */
const char *access_outcome(enum access access, const struct vmscope_record *rec)
{
	if (rec->state == VMSCOPE_STATE_KERNEL || area_is_region(rec->area))
		return kernel_outcome(access, rec);
	if (rec->flags & rights[access].perm)
		return "ok";
	if (!rec->area)
		return rec->state == VMSCOPE_STATE_UNKNOWN ?
			       "not known" :
			       "SIGSEGV (not mapped)";
	if (!(rec->area->vma_flags & rights[access].vma))
		return "SIGSEGV (no permission)";
	if (rec->flags & VMSCOPE_F_PRESENT)
		return present(access, rec);
	if (rec->state == VMSCOPE_STATE_MARKER_UFFD && access == ACCESS_WRITE)
		return "waits for userfaultfd";
	if (rec->state < VMSCOPE_NR_STATES && absent[rec->state])
		return absent[rec->state];
	return fill(rec->area);
}

static const char *const sentences[VMSCOPE_NR_STATES] = {
	[VMSCOPE_STATE_NONE] =
		"No memory is behind this address now: it was never touched, or what was there has been dropped.",
	[VMSCOPE_STATE_ANON] =
		"The page holds data of the process itself: heap, stack or a private copy.",
	[VMSCOPE_STATE_FILE] =
		"The page is the page cache's copy of a file; other processes may map the same frame.",
	[VMSCOPE_STATE_SHMEM] =
		"The page is shared memory: all who map it see the same frame.",
	[VMSCOPE_STATE_ZERO] =
		"It was read but never written: the one page of zeros that everybody shares is mapped here.",
	[VMSCOPE_STATE_HUGEZERO] =
		"It was read but never written: the one huge page of zeros that everybody shares is mapped here.",
	[VMSCOPE_STATE_KSM] =
		"The kernel found other pages with the same contents and shares one frame among them until one is written.",
	[VMSCOPE_STATE_PFNMAP] =
		"The frame belongs to a device or to the kernel; no page of ordinary memory is accounted for it.",
	[VMSCOPE_STATE_HUGETLB] =
		"The page comes from the pool of huge pages that was set aside.",
	[VMSCOPE_STATE_DEVICE] =
		"The memory is on a device, or a device uses it alone.",
	[VMSCOPE_STATE_SWAP] =
		"The page was pushed out of memory; its contents are on a swap device.",
	[VMSCOPE_STATE_SHMEM_SWAP] =
		"The page of shared memory was pushed out; the entry is empty, but the page cache knows its place on a swap device.",
	[VMSCOPE_STATE_MIGRATION] =
		"The kernel is moving the page to another frame at this moment.",
	[VMSCOPE_STATE_HWPOISON] =
		"The memory of this page is broken and was taken out of use.",
	[VMSCOPE_STATE_MARKER_UFFD] =
		"Nothing is behind this address, and userfaultfd wants to hear of the first write.",
	[VMSCOPE_STATE_MARKER_POISON] = "The address was poisoned on purpose.",
	[VMSCOPE_STATE_MARKER_GUARD] =
		"The address is part of a guard region, which is there to catch stray accesses.",
	[VMSCOPE_STATE_UNKNOWN] =
		"The entry is of a kind that this version does not know.",
	[VMSCOPE_STATE_UNMAPPED] = "The process has nothing mapped here.",
	[VMSCOPE_STATE_KERNEL] =
		"The address is in the kernel's half, which every process has and no process may use.",
	[VMSCOPE_STATE_REPEAT] =
		"The entry leads to the same table as the one before it: what is there is mapped over and over, as shadow memory is.",
};

/**
 * state_sentence - say in words what a page is
 * @rec: the page
 *
 * Return: one sentence.
 */
const char *state_sentence(const struct vmscope_record *rec)
{
	if (rec->state == VMSCOPE_STATE_UNKNOWN && rec->flags & VMSCOPE_F_RACED)
		return "The page tables changed each time they were read, so nothing is known.";
	if (rec->flags & VMSCOPE_F_PROTNONE)
		return "The page is in memory, but no access is allowed: PROT_NONE or a NUMA hint.";
	if (rec->state < VMSCOPE_NR_STATES && sentences[rec->state])
		return sentences[rec->state];
	return "The state is of a kind that this version does not know.";
}
