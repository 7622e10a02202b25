// SPDX-License-Identifier: GPL-2.0-or-later
/* The TLB, by CPUID. */
#include <string.h>

#include "source/tlb.h"
#include "unit.h"

TEST(intel_descriptors_count)
{
	/* Skylake: 0x76036301 0x00f0b5ff 0x00000000 0x00c30000 */
	const struct cpuid_regs leaf2 = { 0x76036301, 0x00f0b5ff, 0,
					  0x00c30000 };
	const struct cpuid_regs none = { 0x01, 0x800000c3, 0, 0 };
	struct tlb tlb = { 0 };

	tlb_add_descriptors(&tlb, &leaf2);
	EXPECT(tlb.entries[TLB_4K] == 1536 && tlb.entries[TLB_2M] == 1536);
	EXPECT(tlb.entries[TLB_1G] == 16 && tlb.shared);
	memset(&tlb, 0, sizeof(tlb));
	tlb_add_descriptors(&tlb, &none);
	EXPECT(!tlb_is_known(&tlb));
}

TEST(intel_leaf18_counts)
{
	/* 4K and 2M, 8 ways of 128 sets, unified; then a code TLB */
	const struct cpuid_regs unified = { 0, 8 << 16 | 3, 128, 3 | 2 << 5 };
	const struct cpuid_regs code = { 0, 8 << 16 | 3, 1024, 2 | 1 << 5 };
	const struct cpuid_regs giant = { 0, 4 << 16 | 8, 256, 3 | 2 << 5 };
	struct tlb tlb = { 0 };

	tlb_add_leaf18(&tlb, &unified);
	tlb_add_leaf18(&tlb, &code);
	tlb_add_leaf18(&tlb, &giant);
	EXPECT(tlb.entries[TLB_4K] == 1024 && tlb.entries[TLB_2M] == 1024);
	EXPECT(tlb.entries[TLB_1G] == 1024 && tlb.shared);
}

TEST(amd_leaves_count)
{
	const struct cpuid_regs l1 = { 0xff48ff40, 0xff48ff40, 0, 0 };
	const struct cpuid_regs l2 = { 0x5c002200, 0x6c004200, 0, 0 };
	const struct cpuid_regs l1g = { 0xf048f040, 0xf0400000, 0, 0 };
	struct tlb tlb = { 0 };

	tlb_add_amd(&tlb, &l1, &l2, &l1g);
	EXPECT(tlb.entries[TLB_4K] == 0xc00 && tlb.entries[TLB_2M] == 0xc00);
	EXPECT(tlb.entries[TLB_1G] == 0x48 && !tlb.shared);
}
