// SPDX-License-Identifier: GPL-2.0-or-later
/* What the next access of user mode to a page does. */
#include "model/access.h"

#include <string.h>

#include "model/vma.h"

/* Newer than the oldest headers that this is built with. */
enum {
	FEATURE_SIGBUS = 1 << 7,
	FEATURE_WP_ASYNC = 1 << 15,
	FEATURE_RWP_ASYNC = 1 << 18,
};

/*
 * By enum access: what the page must allow; and what the area must allow, any
 * one of these: some processors can read whatever may be written or executed.
 */
static const struct {
	uint64_t perm;
	uint64_t vma;
} rights[] = {
	[ACCESS_READ] = { VMSCOPE_F_PERM_READ, VMSCOPE_VMA_READ |
						       VMSCOPE_VMA_WRITE |
						       VMSCOPE_VMA_EXEC },
	[ACCESS_WRITE] = { VMSCOPE_F_PERM_WRITE, VMSCOPE_VMA_WRITE },
	[ACCESS_EXEC] = { VMSCOPE_F_PERM_EXEC, VMSCOPE_VMA_EXEC },
};

/* By state: the result of an access that the area allows. */
static const char *const absent[VMSCOPE_NR_STATES] = {
	[VMSCOPE_STATE_DEVICE] =
		"ok after a fault (comes back from the device)",
	[VMSCOPE_STATE_SWAP] = "ok after a fault (comes back from swap)",
	[VMSCOPE_STATE_MIGRATION] = "ok after a wait (its page is moving)",
	[VMSCOPE_STATE_HWPOISON] = "SIGBUS (memory error)",
	[VMSCOPE_STATE_MARKER_POISON] = "SIGBUS (poisoned)",
	[VMSCOPE_STATE_MARKER_GUARD] = "SIGSEGV (guard region)",
	[VMSCOPE_STATE_UNKNOWN] = "unknown",
};

/* By enum vmscope_behind: what fills an empty entry. */
/* clang-format off */
static const struct {
	const char *name;
	const char *outcome;
	const char *sentence;
} behinds[VMSCOPE_NR_BEHIND] = {
	[VMSCOPE_BEHIND_UNASKED] = { "unasked", "ok after a fault",
		"No page is mapped at this address now." },
	[VMSCOPE_BEHIND_NOTHING] = { "nothing", "SIGBUS (nothing fills this area)",
		"No page is mapped at this address, and an access finds none." },
	[VMSCOPE_BEHIND_ZEROS] = { "zeros", "ok after a fault (zeros)",
		"No memory is behind this address now: it was never touched, or what was there has been dropped." },
	[VMSCOPE_BEHIND_CACHED] = { "cached", "ok after a fault (the page cache has it)",
		"No page is mapped at this address now, but the page cache holds it: an access maps it without reading the file." },
	[VMSCOPE_BEHIND_NOT_CACHED] = { "not-cached", "ok after a fault (from the file)",
		"No page is mapped at this address now, and the page cache does not hold it." },
	[VMSCOPE_BEHIND_SWAPPED] = { "swapped", "ok after a fault (comes back from swap)",
		"The page of shared memory was pushed out; the entry is empty, but the page cache knows its place on a swap device." },
	[VMSCOPE_BEHIND_BEYOND_END] = { "beyond-end", "SIGBUS (beyond the end of the file)",
		"The file ends before this address, so there is nothing to map." },
	[VMSCOPE_BEHIND_DIRECT] = { "direct", "ok after a fault (from the file; SIGBUS beyond its end)",
		"No page is mapped at this address now; an access maps the memory of the file system itself." },
	[VMSCOPE_BEHIND_DRIVER] = { "driver", "up to the driver (SIGBUS if it has nothing here)",
		"No page is mapped at this address now; what an access finds is up to the driver." },
	[VMSCOPE_BEHIND_STACK] = { "stack", "ok if the stack may grow this far, or else SIGSEGV",
		"Nothing is mapped here, but the area above grows down when it is used." },
};

/* clang-format on */

/* "?" for a number that this version does not know. */
const char *behind_name(uint64_t behind)
{
	return behind < VMSCOPE_NR_BEHIND ? behinds[behind].name : "?";
}

/* The names; number 0 is for what was not asked for, and never shown. */
const struct vmscope_bit *behind_table(void)
{
	static struct vmscope_bit table[VMSCOPE_NR_BEHIND];

	for (uint64_t b = 1; b < VMSCOPE_NR_BEHIND; b++)
		table[b - 1].name = behinds[b].name;
	return table;
}

static bool asked_for(const struct access_page *page, uint64_t feature)
{
	return page->knows_uffd && page->uffd_features & feature;
}

static const char *wait_for_uffd(const struct access_page *page)
{
	if (!page->knows_uffd)
		return "waits for userfaultfd, unless that asked otherwise";
	if (asked_for(page, FEATURE_SIGBUS))
		return "SIGBUS (userfaultfd asked for it)";
	return "waits for userfaultfd";
}

/* The access itself removes asynchronous protection. */
static const char *meet_protection(const struct access_page *page,
				   uint64_t async)
{
	if (asked_for(page, async))
		return "ok after a fault (userfaultfd's protection goes)";
	return wait_for_uffd(page);
}

/*
 * The entry has one bit for both modes; the area says which: protected from
 * writes, or from all access.
 */
static const char *protected_outcome(enum access access,
				     const struct access_page *page)
{
	const struct vmscope_record *rec = page->rec;
	uint64_t vma = rec->area->vma_flags;

	if (!(rec->flags & VMSCOPE_F_UFFD_WP))
		return NULL;
	if (vma & VMSCOPE_VMA_UFFD_RWP)
		return meet_protection(page, FEATURE_RWP_ASYNC);
	if (access == ACCESS_WRITE && vma & VMSCOPE_VMA_UFFD_WP)
		return meet_protection(page, FEATURE_WP_ASYNC);
	return NULL;
}

static const char *new_page(const struct vmscope_area *area)
{
	if (area->name_kind == VMSCOPE_NAME_HUGETLB)
		return "ok after a fault (a huge page; SIGBUS if none is free)";
	if (area->name_kind == VMSCOPE_NAME_SHMEM)
		return "ok after a fault (zeros)";
	return behinds[VMSCOPE_BEHIND_NOT_CACHED].outcome;
}

/* Whether userfaultfd handles a fault at the empty entry of such a page. */
static bool is_for_uffd(const struct access_page *page)
{
	uint64_t vma = page->rec->area->vma_flags;

	switch (page->behind) {
	case VMSCOPE_BEHIND_CACHED:
	case VMSCOPE_BEHIND_SWAPPED:
		return vma & VMSCOPE_VMA_UFFD_MINOR;
	case VMSCOPE_BEHIND_ZEROS:
	case VMSCOPE_BEHIND_NOT_CACHED:
		return vma & VMSCOPE_VMA_UFFD_MISSING;
	default:
		return false;
	}
}

/* In the order in which the kernel's fault handler asks. */
static const char *fill(enum access access, const struct access_page *page)
{
	const char *outcome;

	if (is_for_uffd(page))
		return wait_for_uffd(page);
	if (page->behind == VMSCOPE_BEHIND_BEYOND_END)
		return behinds[page->behind].outcome;
	outcome = protected_outcome(access, page);
	if (outcome)
		return outcome;
	if (page->behind == VMSCOPE_BEHIND_NOT_CACHED)
		return new_page(page->rec->area);
	return page->behind < VMSCOPE_NR_BEHIND ?
		       behinds[page->behind].outcome :
		       behinds[VMSCOPE_BEHIND_UNASKED].outcome;
}

static const char *present(enum access access, const struct access_page *page)
{
	const struct vmscope_record *rec = page->rec;
	const char *outcome = protected_outcome(access, page);

	if (outcome)
		return outcome;
	if (rec->flags & VMSCOPE_F_PROTNONE)
		return "ok after a fault (NUMA hint)";
	if (access != ACCESS_WRITE)
		return "ok after a fault";
	if (rec->area->vma_flags & VMSCOPE_VMA_SHARED)
		return "ok after a fault (the first write is noted)";
	if (rec->state == VMSCOPE_STATE_ANON)
		return "ok after a fault (copied if shared)";
	return "ok after a fault (copied)";
}

/* A page that comes back is write-protected by userfaultfd as before. */
static const char *bring_back(enum access access,
			      const struct access_page *page)
{
	const struct vmscope_record *rec = page->rec;
	const char *outcome = NULL;

	if (rec->state == VMSCOPE_STATE_SWAP ||
	    rec->state == VMSCOPE_STATE_MIGRATION)
		outcome = protected_outcome(access, page);
	return outcome ? outcome : absent[rec->state];
}

/* Permissions there are the kernel's; user mode needs those of the leaf. */
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

/* Only a thread's own registers say which keys it may use. */
static const char *allowed(enum access access, const struct vmscope_record *rec)
{
	return rec->pkey && access != ACCESS_EXEC ?
		       "ok if its protection key allows it" :
		       "ok";
}

static const char *outcome_in_no_area(const struct access_page *page)
{
	if (page->rec->state == VMSCOPE_STATE_UNKNOWN)
		return "not known";
	if (page->behind == VMSCOPE_BEHIND_STACK)
		return behinds[page->behind].outcome;
	return "SIGSEGV (not mapped)";
}

static const char *refused(enum access access, const struct vmscope_record *rec)
{
	uint64_t vma = rec->area->vma_flags;

	if (!(vma & rights[access].vma))
		return "SIGSEGV (no permission)";
	if (access == ACCESS_WRITE && vma & VMSCOPE_VMA_SHADOW_STACK)
		return "SIGSEGV (a shadow stack)";
	return NULL;
}

static const char *allowed_outcome(enum access access,
				   const struct access_page *page)
{
	const struct vmscope_record *rec = page->rec;

	if (rec->flags & VMSCOPE_F_PRESENT)
		return present(access, page);
	if (rec->state < VMSCOPE_NR_STATES && absent[rec->state])
		return bring_back(access, page);
	return fill(access, page);
}

/*
 * x86 first looks for the page, as for a read, and refuses to execute it when
 * it is there: if the page cannot be had, that comes first.
 */
static const char *refused_fetch(const struct access_page *page)
{
	static const char no[] = "SIGSEGV (no permission)";
	const char *read;

	if (page->rec->flags & VMSCOPE_F_PERM_READ ||
	    refused(ACCESS_READ, page->rec))
		return no;
	read = allowed_outcome(ACCESS_READ, page);
	return !strncmp(read, "SIG", 3) || !strncmp(read, "waits", 5) ? read :
									no;
}

/* The result of an access, in a few words. */
const char *access_outcome(enum access access, const struct access_page *page)
{
	const struct vmscope_record *rec = page->rec;
	const char *outcome;

	if (rec->state == VMSCOPE_STATE_KERNEL || area_is_region(rec->area))
		return kernel_outcome(access, rec);
	if (rec->flags & rights[access].perm)
		return allowed(access, rec);
	if (!rec->area)
		return outcome_in_no_area(page);
	outcome = refused(access, rec);
	if (outcome)
		return access == ACCESS_EXEC ? refused_fetch(page) : outcome;
	return allowed_outcome(access, page);
}

static const char *const sentences[VMSCOPE_NR_STATES] = {
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
		"The frame belongs to a device or to the kernel; it is not counted as memory of the process.",
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
	[VMSCOPE_STATE_DRIVER] =
		"A driver or the kernel keeps this page for itself and shows it here: a ring, a map or code of the kernel's own.",
};

static const char *protnone_sentence(const struct vmscope_record *rec)
{
	if (rec->flags & VMSCOPE_F_UFFD_WP && rec->area &&
	    rec->area->vma_flags & VMSCOPE_VMA_UFFD_RWP)
		return "The page is in memory, but userfaultfd protects it from all access.";
	return "The page is in memory, but no access is allowed: PROT_NONE or a NUMA hint.";
}

/* What a page is, in one sentence. */
const char *state_sentence(const struct access_page *page)
{
	const struct vmscope_record *rec = page->rec;

	if (rec->state == VMSCOPE_STATE_UNKNOWN && rec->flags & VMSCOPE_F_RACED)
		return "The page tables changed each time they were read, so nothing is known.";
	if (rec->flags & VMSCOPE_F_PROTNONE)
		return protnone_sentence(rec);
	if (rec->state == VMSCOPE_STATE_NONE &&
	    page->behind < VMSCOPE_NR_BEHIND)
		return behinds[page->behind].sentence;
	if (rec->state < VMSCOPE_NR_STATES && sentences[rec->state])
		return sentences[rec->state];
	return "The state is of a kind that this version does not know.";
}
