/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included by decode.h: literal entries of x86-64, from the manual of the
 * processor.
 */

#define NX BIT_ULL(63)

static const struct vmscope_area_facts device_area __initconst = {
	.pfnmap = true,
	.other_state = VMSCOPE_STATE_DRIVER,
};

static const struct vmscope_area_facts huge_area __initconst = {
	.page_state = VMSCOPE_STATE_HUGETLB,
};

/* An entry without PRESENT holds its frame inverted (L1TF). */
#define INVERTED(pfn) (~((u64)(pfn) << 12) & 0x000ffffffffff000ULL)

static const struct decode_row decode_rows[] __initconst = {
	/* 1: nothing */
	{ &anon_area, 0, PTE, PERM_RWX, 0, STATE(NONE), 0 },
	/* 2: read, write, no execute */
	{ &anon_area, NX | 0x12345067, PTE, PERM_RWX, 0,
	  SEEN | F(WRITE) | F(READ) | F(DIRTY) | F(PERM_READ) | F(PERM_WRITE) |
		  STATE(ANON),
	  0x12345 },
	/* 3: code */
	{ &anon_area, 0x12345025, PTE, PERM_RWX, 0,
	  SEEN | F(READ) | F(EXEC) | F(PERM_READ) | F(PERM_EXEC) | STATE(ANON),
	  0x12345 },
	/* 4: the levels above take away what the leaf allows */
	{ &anon_area, 0x12345067, PTE, F(PERM_READ), 0,
	  SEEN | F(WRITE) | F(READ) | F(EXEC) | F(DIRTY) | F(PERM_READ) |
		  STATE(ANON),
	  0x12345 },
	/* 5: a supervisor entry permits nothing to user mode */
	{ &anon_area, 0x12345063, PTE, PERM_RWX, 0,
	  F(PRESENT) | F(ACCESSED) | F(WRITE) | F(READ) | F(EXEC) | F(DIRTY) |
		  STATE(ANON),
	  0x12345 },
	/* 6: PROT_NONE: PRESENT clear, GLOBAL set, frame inverted */
	{ &anon_area, NX | INVERTED(0x12345) | 0x120, PTE, PERM_RWX, 0,
	  F(PRESENT) | F(ACCESSED) | F(PROTNONE) | STATE(ANON), 0x12345 },
	/* 7: global */
	{ &anon_area, 0x12345125, PTE, PERM_RWX, 0,
	  SEEN | F(READ) | F(EXEC) | F(GLOBAL) | F(PERM_READ) | F(PERM_EXEC) |
		  STATE(ANON),
	  0x12345 },
	/* 8: special: a frame that is not treated as a page */
	{ &device_area, NX | 0xfd000225, PTE, PERM_RWX, 0,
	  SEEN | F(READ) | F(SPECIAL) | F(PERM_READ) | STATE(PFNMAP), 0xfd000 },
	/* 9: the state of the frame overrides that of the area */
	{ &anon_area, NX | 0x12345025, PTE, PERM_RWX, VMSCOPE_STATE_KSM,
	  SEEN | F(READ) | F(PERM_READ) | STATE(KSM), 0x12345 },
	/* 10: 2 MiB; bit 12 is PAT, not frame */
	{ &anon_area, NX | 0x402010e7, PMD, PERM_RWX, VMSCOPE_STATE_ANON,
	  SEEN | F(WRITE) | F(READ) | F(DIRTY) | F(PERM_READ) | F(PERM_WRITE) |
		  STATE(ANON),
	  0x40200 },
	/* 11: 1 GiB of hugetlbfs */
	{ &huge_area, NX | 0x800000e7, PUD, PERM_RWX, 0,
	  SEEN | F(WRITE) | F(READ) | F(DIRTY) | F(PERM_READ) | F(PERM_WRITE) |
		  STATE(HUGETLB),
	  0x80000 },
	/* 12: a huge page while it is split: PSE without PRESENT */
	{ &anon_area, NX | INVERTED(0x40200) | 0xe0, PMD, PERM_RWX,
	  VMSCOPE_STATE_ANON, F(PRESENT) | F(ACCESSED) | F(DIRTY) | STATE(ANON),
	  0x40200 },
	/* 13: the huge zero page, known by its frame */
	{ &anon_area, NX | 0x402000a5, PMD, PERM_RWX, VMSCOPE_STATE_HUGEZERO,
	  SEEN | F(READ) | F(PERM_READ) | STATE(HUGEZERO), 0x40200 },
	/* 14: a huge frame of a device */
	{ &device_area, NX | 0xfd0000a5, PMD, PERM_RWX, 0,
	  SEEN | F(READ) | F(PERM_READ) | STATE(PFNMAP), 0xfd000 },
	/* 15: swap type 1, slot 7: offset inverted from bit 9, type from 59 */
	{ &anon_area, 0x07fffffffffff000ULL | 1ULL << 59, PTE, PERM_RWX, 0,
	  STATE(SWAP), 1ULL << VMSCOPE_SLOT_TYPE_SHIFT | 7 },
	/* 16: the same, of one owner */
	{ &anon_area, 0x07fffffffffff000ULL | 1ULL << 59 | _PAGE_SWP_EXCLUSIVE,
	  PTE, PERM_RWX, 0, STATE(SWAP) | F(EXCLUSIVE),
	  1ULL << VMSCOPE_SLOT_TYPE_SHIFT | 7 },
};
