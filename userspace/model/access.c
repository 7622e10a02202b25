// SPDX-License-Identifier: GPL-2.0-or-later
/* What the next access of user mode to a page does. */
#include "model/access.h"

#include "cli/array.h"
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

/* By enum outcome; no longer than struct word has room for. */
static const struct {
	const char *name;
	enum fate fate;
} outcomes[NR_OUTCOMES] = {
	[OK] = { "ok", FATE_OK },
	[MINOR_ZERO_PAGE] = { "minor: zero page", FATE_MINOR },
	[MINOR_ZERO_OR_NEW] = { "minor: zero or new page", FATE_MINOR },
	[MINOR_NEW_PAGE] = { "minor: new zeroed page", FATE_MINOR },
	[MINOR_MAP] = { "minor: map from page cache", FATE_MINOR },
	[MINOR_NEW_CACHE] = { "minor: new page-cache page", FATE_MINOR },
	[MINOR_COPY] = { "minor: copy on write", FATE_MINOR },
	[MINOR_REUSE] = { "minor: reuse or copy", FATE_MINOR },
	[MINOR_NOTIFY] = { "minor: write-notify", FATE_MINOR },
	[MINOR_NUMA] = { "minor: NUMA hint", FATE_MINOR },
	[MINOR_MIGRATION] = { "minor: wait for migration", FATE_MINOR },
	[MINOR_SWAP_CACHE] = { "minor: in swap cache", FATE_MINOR },
	[MINOR_DEVICE] = { "minor: back from the device", FATE_MINOR },
	[MINOR_UNPROTECT] = { "minor: userfaultfd, async", FATE_MINOR },
	[MAJOR_SWAP] = { "major: swap in", FATE_SWAP },
	[MAJOR_SWAP_LIKELY] = { "major: swap in (likely)", FATE_SWAP },
	[MAJOR_READ] = { "major: read file", FATE_FILE },
	[MAJOR_READ_COPY] = { "major: read file then copy", FATE_FILE },
	[STACK_GROWS] = { "stack grows", FATE_MINOR },
	[UFFD_MISSING] = { "waits for userfaultfd (missing)", FATE_UFFD },
	[UFFD_MINOR] = { "waits for userfaultfd (minor)", FATE_UFFD },
	[UFFD_WP] = { "waits for userfaultfd (wp)", FATE_UFFD },
	[UFFD_RWP] = { "waits for userfaultfd (rwp)", FATE_UFFD },
	[SEGV_AREA] = { "SIGSEGV (no area)", FATE_SIGNAL },
	[SEGV_PERMISSION] = { "SIGSEGV (no permission)", FATE_SIGNAL },
	[SEGV_GUARD] = { "SIGSEGV (guard region)", FATE_SIGNAL },
	[SEGV_KEY] = { "SIGSEGV (protection key)", FATE_SIGNAL },
	[SEGV_SHADOW_STACK] = { "SIGSEGV (shadow stack)", FATE_SIGNAL },
	[SEGV_KERNEL] = { "SIGSEGV (kernel memory)", FATE_SIGNAL },
	[BUS_END] = { "SIGBUS (past end of file)", FATE_SIGNAL },
	[BUS_HWPOISON] = { "SIGBUS (hwpoison)", FATE_SIGNAL },
	[BUS_POISONED] = { "SIGBUS (poisoned)", FATE_SIGNAL },
	[BUS_HUGE] = { "SIGBUS (no huge page left)", FATE_SIGNAL },
	[BUS_UFFD] = { "SIGBUS (userfaultfd)", FATE_SIGNAL },
	[BUS_NOTHING] = { "SIGBUS (nothing to map)", FATE_SIGNAL },
	[UNSURE_CHANGES] = { "cannot tell (entry changes)", FATE_UNSURE },
	[UNSURE_ENTRY] = { "cannot tell (unknown entry)", FATE_UNSURE },
	[UNSURE_NARROW] = { "cannot tell (entry is narrower)", FATE_UNSURE },
	[UNSURE_KEY] = { "cannot tell (protection key)", FATE_UNSURE },
	[UNSURE_UFFD] = { "cannot tell (userfaultfd)", FATE_UNSURE },
	[UNSURE_CACHE] = { "cannot tell (page cache)", FATE_UNSURE },
	[UNSURE_READ_AHEAD] = { "cannot tell (read-ahead)", FATE_UNSURE },
	[UNSURE_DAX] = { "cannot tell (DAX)", FATE_UNSURE },
	[UNSURE_DRIVER] = { "cannot tell (driver)", FATE_UNSURE },
	[UNSURE_STACK] = { "cannot tell (stack limit)", FATE_UNSURE },
	[UNSURE_HUGE] = { "cannot tell (huge pages)", FATE_UNSURE },
	[UNSURE_SPACE] = { "cannot tell (no space)", FATE_UNSURE },
	[UNSURE_REFUSED] = { "cannot tell (protected file)", FATE_UNSURE },
	[UNSURE_VSYSCALL] = { "cannot tell (vsyscall)", FATE_UNSURE },
};

/* By enum vmscope_behind: what is behind an empty entry. */
/* clang-format off */
static const struct {
	const char *name;
	const char *sentence;
} behinds[VMSCOPE_NR_BEHIND] = {
	[VMSCOPE_BEHIND_UNASKED] = { "unasked",
		"No page is mapped at this address now." },
	[VMSCOPE_BEHIND_NOTHING] = { "nothing",
		"No page is mapped at this address, and an access finds none." },
	[VMSCOPE_BEHIND_ZEROS] = { "zeros",
		"No memory is behind this address now: it was never touched, or what was there has been dropped." },
	[VMSCOPE_BEHIND_CACHED] = { "cached",
		"No page is mapped at this address now, but the page cache holds it: an access maps it without reading the file." },
	[VMSCOPE_BEHIND_NOT_CACHED] = { "not-cached",
		"No page is mapped at this address now, and the page cache does not hold it." },
	[VMSCOPE_BEHIND_SWAPPED] = { "swapped",
		"The page of shared memory was pushed out; the page cache, not the entry, knows its place on a swap device." },
	[VMSCOPE_BEHIND_BEYOND_END] = { "beyond-end",
		"The file ends before this address, so there is nothing to map." },
	[VMSCOPE_BEHIND_DIRECT] = { "direct",
		"No page is mapped at this address now; an access maps the memory of the file system itself." },
	[VMSCOPE_BEHIND_DRIVER] = { "driver",
		"No page is mapped at this address now; what an access finds is up to the driver." },
	[VMSCOPE_BEHIND_STACK] = { "stack",
		"Nothing is mapped here, but the area above grows down when it is used." },
	[VMSCOPE_BEHIND_POISONED] = { "poisoned",
		"No page is mapped at this address now; the page cache holds one, but its memory is broken." },
	[VMSCOPE_BEHIND_READ_AHEAD] = { "read-ahead",
		"No page is mapped at this address now, but the page cache holds it, marked for read-ahead: an access maps it, but may first read what follows in the file, which some kernels count as a major fault." },
};

/* clang-format on */

const char *outcome_name(enum outcome outcome)
{
	return outcomes[outcome].name;
}

enum fate outcome_fate(enum outcome outcome)
{
	return outcomes[outcome].fate;
}

/* The getter of OUTCOME(). */
void outcome_get(const void *at, struct value *v)
{
	value_text(v, outcome_name(*(const enum outcome *)at));
}

const struct vmscope_bit *outcome_table(void)
{
	static struct vmscope_bit table[NR_OUTCOMES + 1];

	for (size_t i = 0; i < NR_OUTCOMES; i++)
		table[i].name = outcomes[i].name;
	return table;
}

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

static enum outcome wait_for_uffd(const struct access_page *page,
				  enum outcome mode)
{
	if (!page->knows_uffd)
		return UNSURE_UFFD;
	return page->uffd_features & FEATURE_SIGBUS ? BUS_UFFD : mode;
}

/* The access itself removes asynchronous protection. */
static enum outcome meet_protection(const struct access_page *page,
				    uint64_t async, enum outcome mode)
{
	if (page->knows_uffd && page->uffd_features & async)
		return MINOR_UNPROTECT;
	return wait_for_uffd(page, mode);
}

/*
 * OK if nothing is protected. The entry has one bit for both modes; the area
 * says which: protected from writes, or from all access.
 */
static enum outcome protected_outcome(enum access access,
				      const struct access_page *page)
{
	const struct vmscope_record *rec = page->rec;
	uint64_t vma = rec->area->vma_flags;

	if (!(rec->flags & VMSCOPE_F_UFFD_WP))
		return OK;
	if (vma & VMSCOPE_VMA_UFFD_RWP)
		return meet_protection(page, FEATURE_RWP_ASYNC, UFFD_RWP);
	if (access == ACCESS_WRITE && vma & VMSCOPE_VMA_UFFD_WP)
		return meet_protection(page, FEATURE_WP_ASYNC, UFFD_WP);
	return OK;
}

/* Whether userfaultfd handles a fault at the empty entry of such a page. */
static bool is_for_uffd(const struct access_page *page, enum outcome *mode)
{
	uint64_t vma = page->rec->area->vma_flags;

	switch (page->behind) {
	case VMSCOPE_BEHIND_CACHED:
	case VMSCOPE_BEHIND_SWAPPED:
		*mode = UFFD_MINOR;
		return vma & VMSCOPE_VMA_UFFD_MINOR;
	case VMSCOPE_BEHIND_POISONED:
		*mode = UFFD_MINOR;
		return vma & VMSCOPE_VMA_UFFD_MINOR &&
		       !(vma & VMSCOPE_VMA_HUGETLB);
	case VMSCOPE_BEHIND_ZEROS:
	case VMSCOPE_BEHIND_NOT_CACHED:
		*mode = UFFD_MISSING;
		return vma & VMSCOPE_VMA_UFFD_MISSING;
	default:
		return false;
	}
}

static enum outcome from_swap(const struct access_page *page)
{
	static const enum outcome by_fact[] = {
		[FACT_UNKNOWN] = MAJOR_SWAP_LIKELY,
		[FACT_NO] = MAJOR_SWAP,
		[FACT_YES] = MINOR_SWAP_CACHE,
	};

	return by_fact[page->swap_cached];
}

/* @outcome needs a free page of the pool. */
static enum outcome from_pool(const struct access_page *page,
			      enum outcome outcome)
{
	if (page->huge_left == FACT_UNKNOWN)
		return UNSURE_HUGE;
	return page->huge_left == FACT_NO ? BUS_HUGE : outcome;
}

/*
 * shmem makes any page that is not cached; another file system has a place for
 * it, cached or not, except for one that is written where the file has a hole.
 */
static bool may_lack_space(enum access access, const struct access_page *page)
{
	const struct vmscope_area *area = page->rec->area;

	if (page->full != FACT_YES)
		return false;
	if (area->name_kind == VMSCOPE_NAME_SHMEM)
		return page->behind == VMSCOPE_BEHIND_NOT_CACHED;
	return access == ACCESS_WRITE && area->vma_flags & VMSCOPE_VMA_SHARED;
}

/* @outcome, if the file system has nothing against it. */
static enum outcome of_file(enum access access, const struct access_page *page,
			    enum outcome outcome)
{
	const struct vmscope_area *area = page->rec->area;

	if (access == ACCESS_WRITE && area->vma_flags & VMSCOPE_VMA_SHARED &&
	    area->where & VMSCOPE_AREA_WRITE_REFUSED)
		return UNSURE_REFUSED;
	return may_lack_space(access, page) ? UNSURE_SPACE : outcome;
}

/* @copies: the page is copied, or made, for this process alone. */
static enum outcome not_cached(const struct access_page *page, bool copies)
{
	if (page->rec->area->name_kind == VMSCOPE_NAME_HUGETLB)
		return from_pool(page, MINOR_NEW_PAGE);
	if (page->rec->area->name_kind == VMSCOPE_NAME_SHMEM)
		return copies ? MINOR_COPY : MINOR_NEW_CACHE;
	return copies ? MAJOR_READ_COPY : MAJOR_READ;
}

static enum outcome cached(const struct access_page *page, bool copies)
{
	if (!copies)
		return MINOR_MAP;
	if (page->rec->area->name_kind == VMSCOPE_NAME_HUGETLB)
		return from_pool(page, MINOR_COPY);
	return MINOR_COPY;
}

/* Anonymous memory that was never touched. */
static enum outcome new_page(enum access access, const struct access_page *page)
{
	if (access == ACCESS_WRITE)
		return MINOR_NEW_PAGE;
	return page->new_by_read ? MINOR_ZERO_OR_NEW : MINOR_ZERO_PAGE;
}

/* In the order in which the kernel's fault handler asks. */
static enum outcome fill(enum access access, const struct access_page *page)
{
	bool copies = access == ACCESS_WRITE &&
		      !(page->rec->area->vma_flags & VMSCOPE_VMA_SHARED);
	enum outcome outcome;

	if (is_for_uffd(page, &outcome))
		return wait_for_uffd(page, outcome);
	if (page->behind == VMSCOPE_BEHIND_BEYOND_END)
		return BUS_END;
	if (page->behind == VMSCOPE_BEHIND_POISONED)
		return BUS_HWPOISON;
	outcome = protected_outcome(access, page);
	if (outcome != OK)
		return outcome;
	switch (page->behind) {
	case VMSCOPE_BEHIND_NOTHING:
		return BUS_NOTHING;
	case VMSCOPE_BEHIND_ZEROS:
		return new_page(access, page);
	case VMSCOPE_BEHIND_CACHED:
		return of_file(access, page, cached(page, copies));
	case VMSCOPE_BEHIND_NOT_CACHED:
		return of_file(access, page, not_cached(page, copies));
	case VMSCOPE_BEHIND_READ_AHEAD:
		return of_file(access, page, UNSURE_READ_AHEAD);
	case VMSCOPE_BEHIND_SWAPPED:
		return from_swap(page);
	case VMSCOPE_BEHIND_DIRECT:
		return UNSURE_DAX;
	case VMSCOPE_BEHIND_DRIVER:
		return UNSURE_DRIVER;
	default:
		return UNSURE_CACHE;
	}
}

/*
 * A private page of hugetlbfs. The one who reserved it takes it from others
 * rather than get SIGBUS, and nobody copies a page that is not shared.
 */
static enum outcome write_huge(const struct access_page *page)
{
	return page->huge_left == FACT_YES ? MINOR_REUSE : UNSURE_HUGE;
}

/* A page that the area allows to write, and the entry does not. */
static enum outcome first_write(const struct access_page *page)
{
	const struct vmscope_record *rec = page->rec;

	if (rec->area->vma_flags & VMSCOPE_VMA_SHARED)
		return of_file(ACCESS_WRITE, page, MINOR_NOTIFY);
	switch (rec->state) {
	case VMSCOPE_STATE_ZERO:
	case VMSCOPE_STATE_HUGEZERO:
		return MINOR_NEW_PAGE;
	case VMSCOPE_STATE_HUGETLB:
		return write_huge(page);
	case VMSCOPE_STATE_ANON:
	case VMSCOPE_STATE_DEVICE:
		return MINOR_REUSE;
	default:
		return MINOR_COPY;
	}
}

static enum outcome present(enum access access, const struct access_page *page)
{
	const struct vmscope_record *rec = page->rec;
	enum outcome outcome = protected_outcome(access, page);

	if (outcome != OK)
		return outcome;
	if (rec->flags & VMSCOPE_F_PROTNONE)
		return MINOR_NUMA;
	return access == ACCESS_WRITE ? first_write(page) : UNSURE_NARROW;
}

/* An absent page; those that come back are protected by userfaultfd as before. */
static enum outcome absent(enum access access, const struct access_page *page)
{
	enum outcome outcome = protected_outcome(access, page);

	switch (page->rec->state) {
	case VMSCOPE_STATE_SWAP:
		return outcome != OK ? outcome : from_swap(page);
	case VMSCOPE_STATE_MIGRATION:
		return outcome != OK ? outcome : MINOR_MIGRATION;
	case VMSCOPE_STATE_DEVICE:
		return MINOR_DEVICE;
	case VMSCOPE_STATE_HWPOISON:
		return BUS_HWPOISON;
	case VMSCOPE_STATE_MARKER_POISON:
		return BUS_POISONED;
	case VMSCOPE_STATE_MARKER_GUARD:
		return SEGV_GUARD;
	case VMSCOPE_STATE_UNKNOWN:
		return UNSURE_ENTRY;
	default:
		return fill(access, page);
	}
}

/* Permissions there are the kernel's; user mode needs those of the leaf. */
static enum outcome kernel_outcome(enum access access,
				   const struct vmscope_record *rec)
{
	static const uint64_t leaf[] = {
		[ACCESS_READ] = VMSCOPE_F_READ,
		[ACCESS_WRITE] = VMSCOPE_F_WRITE,
		[ACCESS_EXEC] = VMSCOPE_F_EXEC,
	};

	if (rec->flags & VMSCOPE_F_USER && rec->flags & leaf[access])
		return OK;
	return SEGV_KERNEL;
}

static enum outcome refused(enum access access, uint64_t vma)
{
	if (!(vma & rights[access].vma))
		return SEGV_PERMISSION;
	if (access == ACCESS_WRITE && vma & VMSCOPE_VMA_SHADOW_STACK)
		return SEGV_SHADOW_STACK;
	return OK;
}

static enum outcome outcome_in_no_area(enum access access,
				       const struct access_page *page)
{
	enum outcome outcome;

	if (page->rec->state == VMSCOPE_STATE_UNKNOWN)
		return UNSURE_CHANGES;
	if (page->behind != VMSCOPE_BEHIND_STACK || page->grows == FACT_NO)
		return SEGV_AREA;
	if (page->grows == FACT_UNKNOWN)
		return UNSURE_STACK;
	outcome = refused(access, page->above);
	return outcome == OK ? STACK_GROWS : outcome;
}

/* An entry that is not there yet gets the key of its area. */
static bool has_key(const struct vmscope_record *rec)
{
	return rec->pkey ||
	       (rec->area && VMSCOPE_VMA_PKEY(rec->area->vma_flags));
}

/*
 * The key that the kernel gives to memory that may only be executed allows no
 * thread anything, and is looked at before the area is.
 */
static bool has_closed_key(const struct vmscope_record *rec)
{
	return rec->area && rec->area->where & VMSCOPE_AREA_EXECUTE_ONLY;
}

static enum outcome allowed_outcome(enum access access,
				    const struct access_page *page)
{
	return page->rec->flags & VMSCOPE_F_PRESENT ? present(access, page) :
						      absent(access, page);
}

/* The page cannot be had, or not before somebody else acts, or may not be. */
static bool is_without_page(enum outcome read)
{
	return outcome_fate(read) == FATE_SIGNAL ||
	       outcome_fate(read) == FATE_UFFD || read == UNSURE_UFFD ||
	       read == UNSURE_HUGE || read == UNSURE_SPACE;
}

/*
 * x86 first looks for the page, as for a read, and refuses to execute it when
 * it is there: if the page cannot be had, that comes first.
 */
static enum outcome refused_fetch(const struct access_page *page)
{
	enum outcome read;

	if (page->rec->flags & VMSCOPE_F_PERM_READ ||
	    refused(ACCESS_READ, page->rec->area->vma_flags) != OK)
		return SEGV_PERMISSION;
	read = allowed_outcome(ACCESS_READ, page);
	return is_without_page(read) ? read : SEGV_PERMISSION;
}

/* What an access to a page does. */
enum outcome access_outcome(enum access access, const struct access_page *page)
{
	const struct vmscope_record *rec = page->rec;
	enum outcome outcome;

	if (page->vsyscall && access == ACCESS_EXEC)
		return UNSURE_VSYSCALL;
	if (rec->state == VMSCOPE_STATE_KERNEL || area_is_region(rec->area) ||
	    rec->addr >> 63)
		return kernel_outcome(access, rec);
	if (rec->state == VMSCOPE_STATE_UNKNOWN && rec->flags & VMSCOPE_F_RACED)
		return UNSURE_CHANGES;
	if (!rec->area && !(rec->flags & rights[access].perm))
		return outcome_in_no_area(access, page);
	if (access != ACCESS_EXEC && has_closed_key(rec))
		return SEGV_KEY;
	if (rec->area) {
		outcome = refused(access, rec->area->vma_flags);
		if (outcome != OK && !(rec->flags & rights[access].perm))
			return access == ACCESS_EXEC ? refused_fetch(page) :
						       outcome;
	}
	/* Only a thread's own registers say which keys it may use. */
	if (has_key(rec) && access != ACCESS_EXEC)
		return UNSURE_KEY;
	if (rec->flags & rights[access].perm)
		return OK;
	return allowed_outcome(access, page);
}

void access_outcomes(const struct access_page *page,
		     enum outcome outcome[NR_ACCESSES])
{
	for (int i = 0; i < NR_ACCESSES; i++)
		outcome[i] = access_outcome(i, page);
}

/* With userfaultfd, pages are huge or base pages: see alloc_anon_folio(). */
static bool has_uffd(const struct vmscope_record *rec)
{
	return rec->area && rec->area->vma_flags & AREA_UFFD;
}

/*
 * Bytes of the largest page that a fault at an empty entry, or at a page of
 * zeros, may make, wherever the page is in its area. A huge one needs an entry
 * of its own.
 */
uint64_t thp_bytes(const struct vmscope_record *rec,
		   const struct thp_sizes *thp, const struct vmscope_info *info)
{
	uint64_t vma = rec->area ? rec->area->vma_flags : 0, bytes;

	if (vma & VMSCOPE_VMA_HUGETLB)
		return rec->area->page_size;
	if (!rec->area || rec->area->where & VMSCOPE_AREA_NO_THP)
		return info->page_size;
	bytes = vma & VMSCOPE_VMA_HUGEPAGE ? thp->advised : thp->always;
	if (rec->level == VMSCOPE_LEVEL_PTE &&
	    bytes >> info->level_shift[VMSCOPE_LEVEL_PMD])
		bytes = 1ULL << (info->level_shift[VMSCOPE_LEVEL_PMD] - 1);
	if (has_uffd(rec) && !(bytes >> info->level_shift[VMSCOPE_LEVEL_PMD]))
		return info->page_size;
	return bytes;
}

/*
 * Whether a read of nothing may make a page: a huge one, where the huge page of
 * zeros is not in use. If none is free, the kernel maps a base page of zeros.
 * Source: do_huge_pmd_anonymous_page() in mm/huge_memory.c
 */
bool thp_by_read(const struct vmscope_record *rec, const struct thp_sizes *thp,
		 const struct vmscope_info *info)
{
	return thp->no_huge_zero &&
	       thp_bytes(rec, thp, info) >>
		       info->level_shift[VMSCOPE_LEVEL_PMD];
}

/* The same for the page at the start of @rec, which has to fit in the area. */
uint64_t thp_bytes_at(const struct vmscope_record *rec,
		      const struct thp_sizes *thp,
		      const struct vmscope_info *info)
{
	uint64_t bytes = thp_bytes(rec, thp, info), start;

	for (; bytes > info->page_size;
	     bytes = has_uffd(rec) ? info->page_size : bytes / 2) {
		start = rec->addr & -bytes;
		if (start >= VMSCOPE_WORD_ADDR(rec->area->where) &&
		    start + bytes <= rec->area->end)
			break;
	}
	return bytes;
}

static const char *const sentences[VMSCOPE_NR_STATES] = {
	[VMSCOPE_STATE_ANON] =
		"The page holds data of the process itself: heap, stack or a private copy.",
	[VMSCOPE_STATE_FILE] =
		"The page is the page cache's copy of a file; other processes may map the same frame.",
	[VMSCOPE_STATE_SHMEM] =
		"The page is shared memory: all who map it see the same frame.",
	[VMSCOPE_STATE_ZERO] =
		"The one page of zeros that everybody shares is mapped here: it was read but never written, or only zeros were found in it.",
	[VMSCOPE_STATE_HUGEZERO] =
		"The one huge page of zeros that everybody shares is mapped here: it was read but never written, or only zeros were found in it.",
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
		"The page of shared memory was pushed out; the page cache, not the entry, knows its place on a swap device.",
	[VMSCOPE_STATE_MIGRATION] =
		"The kernel is moving the page to another frame at this moment.",
	[VMSCOPE_STATE_HWPOISON] =
		"The memory of this page is broken and was taken out of use.",
	[VMSCOPE_STATE_MARKER_UFFD] =
		"No page is mapped at this address now, and userfaultfd wants to hear of the first write.",
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
	if (page->vsyscall)
		return "Old programs call the kernel here: it carries out what the called address stands for.";
	if (rec->flags & VMSCOPE_F_PROTNONE)
		return protnone_sentence(rec);
	if (rec->state == VMSCOPE_STATE_NONE &&
	    page->behind < VMSCOPE_NR_BEHIND)
		return behinds[page->behind].sentence;
	if (rec->state < VMSCOPE_NR_STATES && sentences[rec->state])
		return sentences[rec->state];
	return "The state is of a kind that this version does not know.";
}
