/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _TLB_H
#define _TLB_H

#include <stdbool.h>
#include <stdint.h>

enum tlb_page { TLB_4K, TLB_2M, TLB_1G, NR_TLB_PAGES };

/* How many data addresses a processor can remember. */
struct tlb {
	/* by enum tlb_page: entries of the largest TLB; 0 where not known */
	unsigned int entries[NR_TLB_PAGES];
	bool shared; /* the 4K and 2M entries are the same ones */
};

/* Answer of one CPUID leaf. */
struct cpuid_regs {
	uint32_t eax; /* as returned */
	uint32_t ebx; /* as returned */
	uint32_t ecx; /* as returned */
	uint32_t edx; /* as returned */
};

bool tlb_read(struct tlb *tlb);
bool tlb_is_known(const struct tlb *tlb);
void tlb_add_amd(struct tlb *tlb, const struct cpuid_regs *l1,
		 const struct cpuid_regs *l2, const struct cpuid_regs *l1g);
void tlb_add_descriptors(struct tlb *tlb, const struct cpuid_regs *leaf2);
void tlb_add_leaf18(struct tlb *tlb, const struct cpuid_regs *leaf);

#endif /* _TLB_H */
