// SPDX-License-Identifier: GPL-2.0-or-later
/* What an access would do, and what an audit finds. */
#include <stdio.h>
#include <string.h>

#include "cli/words.h"
#include "model/access.h"
#include "model/audit.h"
#include "unit.h"

static unsigned int findings(uint64_t flags, unsigned int state, uint64_t vma,
			     unsigned int kind)
{
	const struct vmscope_area area = { .vma_flags = vma,
					   .name_kind = kind };
	const struct vmscope_record rec = {
		.kind = VMSCOPE_KIND_RUN,
		.state = state,
		.flags = flags,
		.area = &area,
		.name = kind == VMSCOPE_NAME_HUGETLB ?
				"/anon_hugepage (deleted)" :
				"",
	};

	return audit_record(&rec);
}

TEST(audit_finds_what_it_should)
{
	const uint64_t pr = VMSCOPE_F_PRESENT | VMSCOPE_F_USER |
			    VMSCOPE_F_READ | VMSCOPE_F_PERM_READ;
	const uint64_t w = VMSCOPE_F_WRITE | VMSCOPE_F_PERM_WRITE;
	const uint64_t x = VMSCOPE_F_EXEC | VMSCOPE_F_PERM_EXEC;
	const uint64_t rd = VMSCOPE_VMA_READ, wr = VMSCOPE_VMA_WRITE,
		       ex = VMSCOPE_VMA_EXEC;

	EXPECT(!findings(pr | w, VMSCOPE_STATE_ANON, rd | wr,
			 VMSCOPE_NAME_HEAP));
	EXPECT(!findings(pr | x, VMSCOPE_STATE_FILE, rd | ex,
			 VMSCOPE_NAME_FILE));
	EXPECT(findings(pr | w | x, VMSCOPE_STATE_ANON, rd | wr | ex,
			VMSCOPE_NAME_ANON) ==
	       (1 << FINDING_WX | 1 << FINDING_EXEC_ANON));
	EXPECT(findings(pr | w, VMSCOPE_STATE_ANON, rd, VMSCOPE_NAME_ANON) ==
	       1 << FINDING_WIDER);
	EXPECT(findings(pr | x, VMSCOPE_STATE_FILE, rd, VMSCOPE_NAME_FILE) ==
	       1 << FINDING_WIDER);
	EXPECT(findings(pr, VMSCOPE_STATE_ANON, 0, VMSCOPE_NAME_ANON) ==
	       1 << FINDING_WIDER);
	/* x86 has no "write only" and "execute only": reading is no finding. */
	EXPECT(!findings(pr | w, VMSCOPE_STATE_ANON, wr, VMSCOPE_NAME_ANON));
	EXPECT(findings(pr | x, VMSCOPE_STATE_ANON, rd | ex,
			VMSCOPE_NAME_FILE) == 1 << FINDING_DIRTY_CODE);
	EXPECT(findings(0, VMSCOPE_STATE_SWAP, rd | ex, VMSCOPE_NAME_FILE) ==
	       1 << FINDING_DIRTY_CODE);
	/* A file on tmpfs is a file; shared memory does not run. */
	EXPECT(findings(pr | x, VMSCOPE_STATE_ANON, rd | ex,
			VMSCOPE_NAME_SHMEM) == 1 << FINDING_DIRTY_CODE);
	EXPECT(!findings(pr | x, VMSCOPE_STATE_SHMEM, rd | ex,
			 VMSCOPE_NAME_SHMEM));
	/* Memory of MAP_HUGETLB has a file, which is nobody's. */
	EXPECT(findings(pr | x, VMSCOPE_STATE_HUGETLB, rd | ex,
			VMSCOPE_NAME_HUGETLB) == 1 << FINDING_EXEC_ANON);
	EXPECT(!findings(pr | x, VMSCOPE_STATE_HUGETLB,
			 rd | ex | VMSCOPE_VMA_MAYSHARE, VMSCOPE_NAME_HUGETLB));
	EXPECT(findings(pr & ~(uint64_t)VMSCOPE_F_USER, VMSCOPE_STATE_ANON, rd,
			VMSCOPE_NAME_ANON) == 1 << FINDING_SUPERVISOR);
	EXPECT(!findings(VMSCOPE_F_PRESENT | VMSCOPE_F_PROTNONE,
			 VMSCOPE_STATE_ANON, 0, VMSCOPE_NAME_ANON));
}

static unsigned int kernel_findings(uint64_t flags, unsigned int region)
{
	return findings(flags, VMSCOPE_STATE_KERNEL, 0,
			VMSCOPE_NAME_REGION + region);
}

TEST(audit_finds_what_the_kernel_should_not_have)
{
	const uint64_t pr = VMSCOPE_F_PRESENT | VMSCOPE_F_READ |
			    VMSCOPE_F_PERM_READ;
	const uint64_t w = VMSCOPE_F_WRITE | VMSCOPE_F_PERM_WRITE;
	const uint64_t x = VMSCOPE_F_EXEC | VMSCOPE_F_PERM_EXEC;
	const uint64_t user = VMSCOPE_F_USER;

	EXPECT(!kernel_findings(pr | w, VMSCOPE_REGION_DIRECT));
	EXPECT(!kernel_findings(pr | x, VMSCOPE_REGION_IMAGE));
	EXPECT(kernel_findings(pr | w | x, VMSCOPE_REGION_MODULES) ==
	       1 << FINDING_WX);
	EXPECT(kernel_findings(pr | user, VMSCOPE_REGION_DIRECT) ==
	       1 << FINDING_USER);
	EXPECT(!kernel_findings(user, VMSCOPE_REGION_DIRECT));
	EXPECT(!kernel_findings(pr | user, VMSCOPE_REGION_VSYSCALL));
	EXPECT(kernel_findings(pr | user | w | x, VMSCOPE_REGION_VSYSCALL) ==
	       1 << FINDING_WX);
}

static enum outcome outcome_behind(enum access access,
				   const struct vmscope_record *rec,
				   uint64_t behind, uint64_t uffd_features)
{
	const struct access_page page = {
		.rec = rec,
		.behind = behind,
		.knows_uffd = true,
		.uffd_features = uffd_features,
	};

	return access_outcome(access, &page);
}

static enum outcome outcome(enum access access, uint64_t flags,
			    unsigned int state, uint64_t vma)
{
	const struct vmscope_area area = { .vma_flags = vma };
	const struct vmscope_record rec = { .flags = flags,
					    .state = state,
					    .area = &area };

	return outcome_behind(access, &rec, VMSCOPE_BEHIND_ZEROS, 0);
}

TEST(accesses_end_as_they_do)
{
	const uint64_t rw = VMSCOPE_VMA_READ | VMSCOPE_VMA_WRITE;
	const uint64_t ro = VMSCOPE_F_PRESENT | VMSCOPE_F_PERM_READ;
	const struct vmscope_record nowhere = {
		.state = VMSCOPE_STATE_UNMAPPED
	};

	EXPECT(outcome(ACCESS_READ, ro, VMSCOPE_STATE_ANON, rw) == OK);
	EXPECT(outcome(ACCESS_WRITE, ro, VMSCOPE_STATE_ZERO, rw) ==
	       MINOR_NEW_PAGE);
	EXPECT(outcome(ACCESS_WRITE, ro, VMSCOPE_STATE_FILE, rw) == MINOR_COPY);
	EXPECT(outcome(ACCESS_WRITE, ro, VMSCOPE_STATE_FILE,
		       rw | VMSCOPE_VMA_SHARED) == MINOR_NOTIFY);
	EXPECT(outcome(ACCESS_WRITE, ro, VMSCOPE_STATE_FILE,
		       VMSCOPE_VMA_READ) == SEGV_PERMISSION);
	EXPECT(outcome(ACCESS_EXEC, ro, VMSCOPE_STATE_ANON, rw) ==
	       SEGV_PERMISSION);
	EXPECT(outcome(ACCESS_READ, 0, VMSCOPE_STATE_SWAP, rw) ==
	       MAJOR_SWAP_LIKELY);
	EXPECT(outcome(ACCESS_READ, 0, VMSCOPE_STATE_HWPOISON, rw) ==
	       BUS_HWPOISON);
	EXPECT(outcome(ACCESS_READ, 0, VMSCOPE_STATE_MARKER_GUARD, rw) ==
	       SEGV_GUARD);
	EXPECT(outcome(ACCESS_READ, 0, VMSCOPE_STATE_NONE, rw) ==
	       MINOR_ZERO_PAGE);
	EXPECT(outcome_behind(ACCESS_READ, &nowhere, VMSCOPE_BEHIND_NOTHING,
			      0) == SEGV_AREA);
	EXPECT(outcome_behind(ACCESS_WRITE, &nowhere, VMSCOPE_BEHIND_STACK,
			      0) == UNSURE_STACK);
	EXPECT(outcome(ACCESS_EXEC, 0, VMSCOPE_STATE_HWPOISON, rw) ==
	       BUS_HWPOISON);
	EXPECT(outcome(ACCESS_EXEC, 0, VMSCOPE_STATE_NONE,
		       rw | VMSCOPE_VMA_UFFD_MISSING) == UFFD_MISSING);
	EXPECT(outcome(ACCESS_EXEC, 0, VMSCOPE_STATE_HWPOISON, 0) ==
	       SEGV_PERMISSION);
	EXPECT(outcome(ACCESS_READ, 0, VMSCOPE_STATE_NONE, VMSCOPE_VMA_WRITE) ==
	       MINOR_ZERO_PAGE);
	EXPECT(outcome(ACCESS_WRITE, ro, VMSCOPE_STATE_ANON,
		       rw | VMSCOPE_VMA_SHADOW_STACK) == SEGV_SHADOW_STACK);
}

/* The key says nothing of itself, not even of memory that only runs. */
TEST(protection_keys_are_those_of_a_thread)
{
	const uint64_t key = 1ULL << VMSCOPE_VMA_PKEY_SHIFT;

	EXPECT(outcome(ACCESS_READ, 0, VMSCOPE_STATE_NONE, key) ==
	       SEGV_PERMISSION);
	EXPECT(outcome(ACCESS_READ, 0, VMSCOPE_STATE_NONE,
		       VMSCOPE_VMA_EXEC | key) == UNSURE_KEY);
	EXPECT(outcome(ACCESS_WRITE, 0, VMSCOPE_STATE_NONE,
		       VMSCOPE_VMA_EXEC | key) == SEGV_PERMISSION);
	EXPECT(outcome(ACCESS_READ, 0, VMSCOPE_STATE_NONE,
		       VMSCOPE_VMA_READ | key) == UNSURE_KEY);
}

/* The words of a column have an end, and none is cut. */
TEST(every_outcome_has_a_word_of_its_own)
{
	for (int i = 0; i < NR_OUTCOMES; i++) {
		const char *name = outcome_name(i);

		EXPECT(name && strlen(name) < sizeof(((struct word *)0)->text));
		for (int k = 0; name && k < i; k++)
			EXPECT(strcmp(name, outcome_name(k)));
	}
}

/*
 * @flags: of the entry
 * @how: its protection is meant for which access
 * @waits: a read, a write waits
 */
static const struct uffd_row {
	unsigned int state;
	uint64_t flags;
	uint64_t vma;
	uint64_t behind;
	uint64_t features;
	enum outcome read;
	enum outcome write;
} uffd_rows[] = {
#define PROTECTED (VMSCOPE_F_PRESENT | VMSCOPE_F_UFFD_WP)
	/* anonymous memory that is missing */
	{ VMSCOPE_STATE_NONE, 0, VMSCOPE_VMA_UFFD_MISSING, VMSCOPE_BEHIND_ZEROS,
	  0, UFFD_MISSING, UFFD_MISSING },
	{ VMSCOPE_STATE_NONE, 0, VMSCOPE_VMA_UFFD_MISSING, VMSCOPE_BEHIND_ZEROS,
	  1 << 7, BUS_UFFD, BUS_UFFD },
	/* what the page cache holds is not missing; minor waits for it */
	{ VMSCOPE_STATE_NONE, 0, VMSCOPE_VMA_UFFD_MISSING,
	  VMSCOPE_BEHIND_CACHED, 0, MINOR_MAP, MINOR_COPY },
	{ VMSCOPE_STATE_NONE, 0, 0, VMSCOPE_BEHIND_READ_AHEAD, 0,
	  UNSURE_READ_AHEAD, UNSURE_READ_AHEAD },
	{ VMSCOPE_STATE_NONE, 0, VMSCOPE_VMA_UFFD_MINOR, VMSCOPE_BEHIND_CACHED,
	  0, UFFD_MINOR, UFFD_MINOR },
	{ VMSCOPE_STATE_NONE, 0, VMSCOPE_VMA_UFFD_MINOR,
	  VMSCOPE_BEHIND_NOT_CACHED, 0, MINOR_NEW_CACHE, MINOR_COPY },
	{ VMSCOPE_STATE_SHMEM_SWAP, 0, VMSCOPE_VMA_UFFD_MINOR,
	  VMSCOPE_BEHIND_SWAPPED, 0, UFFD_MINOR, UFFD_MINOR },
	{ VMSCOPE_STATE_SHMEM_SWAP, 0, VMSCOPE_VMA_UFFD_MISSING,
	  VMSCOPE_BEHIND_SWAPPED, 0, MAJOR_SWAP_LIKELY, MAJOR_SWAP_LIKELY },
	/* the end of the file comes before both */
	{ VMSCOPE_STATE_NONE, 0, VMSCOPE_VMA_UFFD_MISSING,
	  VMSCOPE_BEHIND_BEYOND_END, 0, BUS_END, BUS_END },
	/* a memory error does not keep a userfaultfd from being asked */
	{ VMSCOPE_STATE_NONE, 0, VMSCOPE_VMA_UFFD_MISSING,
	  VMSCOPE_BEHIND_POISONED, 0, BUS_HWPOISON, BUS_HWPOISON },
	{ VMSCOPE_STATE_NONE, 0, VMSCOPE_VMA_UFFD_MINOR,
	  VMSCOPE_BEHIND_POISONED, 0, UFFD_MINOR, UFFD_MINOR },
	{ VMSCOPE_STATE_NONE, 0, VMSCOPE_VMA_UFFD_MINOR | VMSCOPE_VMA_HUGETLB,
	  VMSCOPE_BEHIND_POISONED, 0, BUS_HWPOISON, BUS_HWPOISON },
	/* write protection: of a page, of nothing, of a swapped page */
	{ VMSCOPE_STATE_ANON, PROTECTED | VMSCOPE_F_PERM_READ,
	  VMSCOPE_VMA_UFFD_WP, 0, 0, OK, UFFD_WP },
	{ VMSCOPE_STATE_ANON, PROTECTED | VMSCOPE_F_PERM_READ,
	  VMSCOPE_VMA_UFFD_WP, 0, 1 << 15, OK, MINOR_UNPROTECT },
	{ VMSCOPE_STATE_MARKER_UFFD, VMSCOPE_F_UFFD_WP, VMSCOPE_VMA_UFFD_WP,
	  VMSCOPE_BEHIND_ZEROS, 0, MINOR_ZERO_PAGE, UFFD_WP },
	{ VMSCOPE_STATE_MARKER_UFFD, VMSCOPE_F_UFFD_WP, VMSCOPE_VMA_UFFD_WP,
	  VMSCOPE_BEHIND_ZEROS, 1 << 15, MINOR_ZERO_PAGE, MINOR_UNPROTECT },
	{ VMSCOPE_STATE_SWAP, VMSCOPE_F_UFFD_WP, VMSCOPE_VMA_UFFD_WP, 0, 0,
	  MAJOR_SWAP_LIKELY, UFFD_WP },
	/* left over from an area that is no longer registered */
	{ VMSCOPE_STATE_MARKER_UFFD, VMSCOPE_F_UFFD_WP, 0, VMSCOPE_BEHIND_ZEROS,
	  0, MINOR_ZERO_PAGE, MINOR_NEW_PAGE },
	/* protection from all access */
	{ VMSCOPE_STATE_ANON, PROTECTED | VMSCOPE_F_PROTNONE,
	  VMSCOPE_VMA_UFFD_RWP, 0, 0, UFFD_RWP, UFFD_RWP },
	{ VMSCOPE_STATE_ANON, PROTECTED | VMSCOPE_F_PROTNONE,
	  VMSCOPE_VMA_UFFD_RWP, 0, 1 << 18, MINOR_UNPROTECT, MINOR_UNPROTECT },
	{ VMSCOPE_STATE_ANON, VMSCOPE_F_PRESENT | VMSCOPE_F_PROTNONE,
	  VMSCOPE_VMA_UFFD_RWP, 0, 0, MINOR_NUMA, MINOR_NUMA },
};

TEST(accesses_wait_for_userfaultfd_as_they_do)
{
	for (size_t i = 0; i < ARRAY_SIZE(uffd_rows); i++) {
		const struct uffd_row *row = &uffd_rows[i];
		const struct vmscope_area area = {
			.vma_flags = row->vma | VMSCOPE_VMA_READ |
				     VMSCOPE_VMA_WRITE,
			.name_kind = VMSCOPE_NAME_SHMEM,
		};
		const struct vmscope_record rec = { .flags = row->flags,
						    .state = row->state,
						    .area = &area };

		EXPECT(outcome_behind(ACCESS_READ, &rec, row->behind,
				      row->features) == row->read);
		EXPECT(outcome_behind(ACCESS_WRITE, &rec, row->behind,
				      row->features) == row->write);
	}
}

/* Permissions in the kernel's half are the kernel's. */
TEST(user_mode_has_no_access_to_the_kernel)
{
	const uint64_t all = VMSCOPE_F_PRESENT | VMSCOPE_F_READ |
			     VMSCOPE_F_WRITE | VMSCOPE_F_PERM_READ |
			     VMSCOPE_F_PERM_WRITE | VMSCOPE_F_PERM_EXEC;
	struct vmscope_area area = {
		.name_kind = VMSCOPE_NAME_REGION + VMSCOPE_REGION_DIRECT,
	};
	struct vmscope_record rec = {
		.flags = all,
		.state = VMSCOPE_STATE_PFNMAP,
		.area = &area,
	};

	EXPECT(outcome_behind(ACCESS_READ, &rec, 0, 0) == SEGV_KERNEL);
	rec.state = VMSCOPE_STATE_NONE;
	rec.flags = 0;
	EXPECT(outcome_behind(ACCESS_WRITE, &rec, 0, 0) == SEGV_KERNEL);
	area.name_kind = VMSCOPE_NAME_REGION + VMSCOPE_REGION_VSYSCALL;
	rec.flags = all | VMSCOPE_F_USER;
	EXPECT(outcome_behind(ACCESS_READ, &rec, 0, 0) == OK);
	EXPECT(outcome_behind(ACCESS_EXEC, &rec, 0, 0) == SEGV_KERNEL);
}

/* Whatever the table says: with vsyscall=xonly, the page is not mapped. */
TEST(vsyscall_is_carried_out_by_the_kernel)
{
	const struct vmscope_record rec = { .state = VMSCOPE_STATE_UNMAPPED };
	struct access_page page = { .rec = &rec };

	EXPECT(access_outcome(ACCESS_EXEC, &page) == SEGV_AREA);
	page.vsyscall = true;
	EXPECT(access_outcome(ACCESS_EXEC, &page) == UNSURE_VSYSCALL);
	EXPECT(access_outcome(ACCESS_READ, &page) == SEGV_AREA);
}
