// SPDX-License-Identifier: GPL-2.0-only
/*
 * The exercise: find the entry that maps an address. See README.md.
 */
#include <linux/mm.h>
#include <linux/pgtable.h>

#include "ptwalk.h"

/*
 * Prints the leaf entry that maps @addr, if there is one, with print_leaf().
 *
 * Returns where to go on: the first address behind the memory that the entry
 * maps, or would map: if the PMD entry is empty, that is the start of the next
 * 2 MiB. main.c calls this again and again, from the start of each area to its
 * end. Interrupts are disabled here: do not sleep.
 */
unsigned long walk_address(struct seq_file *out, struct mm_struct *mm,
			   unsigned long addr)
{
	/*
	 * Step 1: descend: PGD, P4D, PUD, PMD, PTE. Read each entry once:
	 *
	 *	pgd_t pgd = READ_ONCE(*pgd_offset(mm, addr));
	 *
	 * and go on from this copy: p4d_offset(&pgd, addr), and so on. Where an
	 * entry is not present, nothing below it exists. Print the PTE if it is
	 * present: its page frame and, until step 3, no flags.
	 */

	/*
	 * Step 2: entries of the PUD and the PMD may be leaves. They map 1 GiB
	 * or 2 MiB, with no table below them.
	 */

	/*
	 * Step 3: the flags of each leaf: WRITABLE, USER, ACCESSED, DIRTY and
	 * NO_EXEC, as this entry has them.
	 */

	return addr + PAGE_SIZE;
}
