// SPDX-License-Identifier: GPL-2.0-or-later
/* The TLB of this processor, as far as CPUID describes it. */
#include "source/tlb.h"

#include <stddef.h>
#include <string.h>

#include "cli/array.h"

enum { BIT_4K = 1 << TLB_4K, BIT_2M = 1 << TLB_2M, BIT_1G = 1 << TLB_1G };

/*
 * Descriptors of leaf 2 that are of data or unified TLBs.
 * Source: Intel SDM, volume 2, CPUID, "Encoding of CPUID Leaf 2 Descriptors"
 */
static const struct {
	uint8_t code;
	uint8_t pages;
	uint16_t entries;
} descriptors[] = {
	{ 0x03, BIT_4K, 64 },
	{ 0x05, BIT_2M, 32 },
	{ 0x56, BIT_2M, 16 },
	{ 0x57, BIT_4K, 16 },
	{ 0x59, BIT_4K, 16 },
	{ 0x5a, BIT_2M, 32 },
	{ 0x5b, BIT_4K | BIT_2M, 64 },
	{ 0x5c, BIT_4K | BIT_2M, 128 },
	{ 0x5d, BIT_4K | BIT_2M, 256 },
	{ 0x63, BIT_2M, 32 },
	{ 0x63, BIT_1G, 4 },
	{ 0x64, BIT_4K, 512 },
	{ 0x6b, BIT_4K, 256 },
	{ 0x6c, BIT_2M, 128 },
	{ 0x6d, BIT_1G, 16 },
	{ 0xa0, BIT_4K, 32 },
	{ 0xb3, BIT_4K, 128 },
	{ 0xb4, BIT_4K, 256 },
	{ 0xba, BIT_4K, 64 },
	{ 0xc0, BIT_4K, 8 },
	{ 0xc1, BIT_4K | BIT_2M, 1024 },
	{ 0xc2, BIT_2M, 16 },
	{ 0xc3, BIT_4K | BIT_2M, 1536 },
	{ 0xc3, BIT_1G, 16 },
	{ 0xc4, BIT_2M, 32 },
	{ 0xca, BIT_4K, 512 },
};

/* The largest TLB of each size counts: misses of smaller ones are cheap. */
static void add_entries(struct tlb *tlb, unsigned int pages,
			unsigned int entries)
{
	const unsigned int both = BIT_4K | BIT_2M;

	if (entries > tlb->entries[TLB_4K] && pages & BIT_4K)
		tlb->shared = (pages & both) == both;
	for (unsigned int i = 0; i < NR_TLB_PAGES; i++) {
		if (pages >> i & 1 && entries > tlb->entries[i])
			tlb->entries[i] = entries;
	}
	if (tlb->entries[TLB_4K] != tlb->entries[TLB_2M])
		tlb->shared = false;
}

/*
 * Adds what Intel's leaf 2 reports; a descriptor of 0xff refers to leaf 0x18,
 * which is asked anyway.
 */
void tlb_add_descriptors(struct tlb *tlb, const struct cpuid_regs *leaf2)
{
	uint32_t regs[] = { leaf2->eax & ~0xffU, leaf2->ebx, leaf2->ecx,
			    leaf2->edx };

	for (size_t r = 0; r < 4; r++) {
		/* If the top bit is set, the register holds no descriptors. */
		for (unsigned int b = 0; b < 4 && !(regs[r] >> 31); b++) {
			uint8_t code = regs[r] >> 8 * b;

			for (size_t i = 0; i < ARRAY_SIZE(descriptors); i++) {
				if (code && descriptors[i].code == code)
					add_entries(tlb, descriptors[i].pages,
						    descriptors[i].entries);
			}
		}
	}
}

/* Adds what one subleaf of Intel's leaf 0x18 reports. */
void tlb_add_leaf18(struct tlb *tlb, const struct cpuid_regs *leaf)
{
	enum { NONE = 0, CODE = 2 };
	unsigned int type = leaf->edx & 0x1f;
	unsigned int sizes = leaf->ebx & 0xf;
	unsigned int pages = 0;

	if (type == NONE || type == CODE)
		return;
	pages |= sizes & 1 ? BIT_4K : 0;
	pages |= sizes & 2 ? BIT_2M : 0;
	pages |= sizes & 8 ? BIT_1G : 0;
	add_entries(tlb, pages, (leaf->ebx >> 16) * leaf->ecx);
}

/* Adds what AMD's leaves 0x80000005, 0x80000006 and 0x80000019 report. */
void tlb_add_amd(struct tlb *tlb, const struct cpuid_regs *l1,
		 const struct cpuid_regs *l2, const struct cpuid_regs *l1g)
{
	add_entries(tlb, BIT_4K, l1->ebx >> 16 & 0xff);
	add_entries(tlb, BIT_2M, l1->eax >> 16 & 0xff);
	add_entries(tlb, BIT_4K, l2->ebx >> 16 & 0xfff);
	add_entries(tlb, BIT_2M, l2->eax >> 16 & 0xfff);
	add_entries(tlb, BIT_1G, l1g->eax >> 16 & 0xfff);
	add_entries(tlb, BIT_1G, l1g->ebx >> 16 & 0xfff);
}

bool tlb_is_known(const struct tlb *tlb)
{
	return tlb->entries[TLB_4K];
}

/* The compiler has this header if the processor has the instruction. */
#if __has_include("cpuid.h")
#include <cpuid.h>

static bool ask(uint32_t leaf, uint32_t sub, struct cpuid_regs *r)
{
	memset(r, 0, sizeof(*r));
	return __get_cpuid_count(leaf, sub, &r->eax, &r->ebx, &r->ecx, &r->edx);
}

static void read_intel(struct tlb *tlb)
{
	struct cpuid_regs r;

	if (ask(2, 0, &r))
		tlb_add_descriptors(tlb, &r);
	if (!ask(0x18, 0, &r))
		return;
	tlb_add_leaf18(tlb, &r);
	for (uint32_t last = r.eax, i = 1; i <= last && i < 64; i++) {
		if (ask(0x18, i, &r))
			tlb_add_leaf18(tlb, &r);
	}
}

static void read_amd(struct tlb *tlb)
{
	struct cpuid_regs l1, l2, l1g;

	ask(0x80000005, 0, &l1);
	ask(0x80000006, 0, &l2);
	ask(0x80000019, 0, &l1g);
	tlb_add_amd(tlb, &l1, &l2, &l1g);
}

/* Asks this processor; false if it does not describe its TLB. */
bool tlb_read(struct tlb *tlb)
{
	struct cpuid_regs r;

	memset(tlb, 0, sizeof(*tlb));
	if (!ask(0, 0, &r))
		return false;
	if (r.ebx == signature_INTEL_ebx)
		read_intel(tlb);
	else
		read_amd(tlb);
	return tlb_is_known(tlb);
}
#else
bool tlb_read(struct tlb *tlb)
{
	memset(tlb, 0, sizeof(*tlb));
	return false;
}
#endif
