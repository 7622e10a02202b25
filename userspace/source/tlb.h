/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _TLB_H
#define _TLB_H

#include <stdbool.h>
#include <stdint.h>

enum tlb_page { TLB_4K, TLB_2M, TLB_1G, NR_TLB_PAGES };

/**
 * struct tlb - what a processor can remember of data addresses
 * @entries: by enum tlb_page: entries of the largest TLB; 0 where not known
 * @shared: the 4K and 2M entries are the same ones
 */
struct tlb {
	unsigned int entries[NR_TLB_PAGES];
	bool shared;
};

/**
 * struct cpuid_regs - answer of one CPUID leaf
 * @eax: as returned
 * @ebx: as returned
 * @ecx: as returned
 * @edx: as returned
 */
struct cpuid_regs {
	uint32_t eax;
	uint32_t ebx;
	uint32_t ecx;
	uint32_t edx;
};

bool tlb_read(struct tlb *tlb);
bool tlb_is_known(const struct tlb *tlb);
void tlb_add_amd(struct tlb *tlb, const struct cpuid_regs *l1,
		 const struct cpuid_regs *l2, const struct cpuid_regs *l1g);
void tlb_add_descriptors(struct tlb *tlb, const struct cpuid_regs *leaf2);
void tlb_add_leaf18(struct tlb *tlb, const struct cpuid_regs *leaf);

#endif /* _TLB_H */
