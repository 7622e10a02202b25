// SPDX-License-Identifier: GPL-2.0-only
/*
 * The exercise of Documentation/lab/module, solved. The file mistakes lists
 * what the selftest lab.sh changes here, for the grader to find.
 */
#include <linux/mm.h>
#include <linux/pgtable.h>

#include "ptwalk.h"

/* Entries of all levels have these bits in the same places. */
static unsigned int flags_of(pte_t entry)
{
	return (pte_write(entry) ? WRITABLE : 0) |
	       (pte_flags(entry) & _PAGE_USER ? USER : 0) |
	       (pte_young(entry) ? ACCESSED : 0) |
	       (pte_dirty(entry) ? DIRTY : 0) |
	       (pte_flags(entry) & _PAGE_NX ? NO_EXEC : 0);
}

static unsigned long next(unsigned long addr, unsigned long bytes)
{
	return (addr & -bytes) + bytes;
}

unsigned long walk_address(struct seq_file *out, struct mm_struct *mm,
			   unsigned long addr)
{
	pgd_t pgd = READ_ONCE(*pgd_offset(mm, addr));
	p4d_t p4d;
	pud_t pud;
	pmd_t pmd;
	pte_t pte;

	if (!pgd_present(pgd))
		return next(addr, PGDIR_SIZE);
	p4d = READ_ONCE(*p4d_offset(&pgd, addr));
	if (!p4d_present(p4d))
		return next(addr, P4D_SIZE);
	pud = READ_ONCE(*pud_offset(&p4d, addr));
	if (!pud_present(pud))
		return next(addr, PUD_SIZE);
	/* pud_leaf() of Linux 6.1 is false for one with PROT_NONE. */
	if (pud_flags(pud) & _PAGE_PSE) {
		print_leaf(out, addr, pud_pfn(pud), "pud",
			   flags_of(__pte(pud_val(pud))));
		return next(addr, PUD_SIZE);
	}
	pmd = READ_ONCE(*pmd_offset(&pud, addr));
	if (!pmd_present(pmd))
		return next(addr, PMD_SIZE);
	if (pmd_leaf(pmd)) {
		print_leaf(out, addr, pmd_pfn(pmd), "pmd",
			   flags_of(__pte(pmd_val(pmd))));
		return next(addr, PMD_SIZE);
	}
	pte = READ_ONCE(*pte_offset_kernel(&pmd, addr));
	if (pte_present(pte))
		print_leaf(out, addr, pte_pfn(pte), "pte", flags_of(pte));
	return next(addr, PAGE_SIZE);
}
