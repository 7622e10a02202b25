/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included by decode.h: literal entries of user-mode Linux, from the comments
 * of arch/um/include/asm/pgtable.h.
 */

static const struct decode_row decode_rows[] __initconst = {
	/* 1: nothing */
	{ &anon_area, 0, PTE, PERM_RWX, 0, STATE(NONE), 0 },
	/* 2: nothing; the host may not know yet */
	{ &anon_area, 0x2, PTE, PERM_RWX, 0, STATE(NONE), 0 },
	/* 3: read, write, execute */
	{ &anon_area, 0x123451e1, PTE, PERM_RWX, 0,
	  SEEN | F(WRITE) | F(READ) | F(EXEC) | F(DIRTY) | PERM_RWX |
		  STATE(ANON),
	  0x12345 },
	/* 4: the same without write, which the host does not have yet */
	{ &anon_area, 0x123450c7, PTE, PERM_RWX, 0,
	  SEEN | F(READ) | F(EXEC) | F(PERM_READ) | F(PERM_EXEC) | STATE(ANON),
	  0x12345 },
	/* 5: PROT_NONE: PRESENT clear */
	{ &anon_area, 0x12345090, PTE, PERM_RWX, 0,
	  F(PRESENT) | F(ACCESSED) | F(PROTNONE) | STATE(ANON), 0x12345 },
	/* 6: the state of the frame overrides that of the area */
	{ &anon_area, 0x123450c1, PTE, PERM_RWX, VMSCOPE_STATE_KSM,
	  SEEN | F(READ) | F(EXEC) | F(PERM_READ) | F(PERM_EXEC) | STATE(KSM),
	  0x12345 },
	/* 7: swap type 1, slot 7: type from bit 5, offset from 11 */
	{ &anon_area, 0x3822, PTE, PERM_RWX, 0, STATE(SWAP),
	  1ULL << VMSCOPE_SLOT_TYPE_SHIFT | 7 },
	/* 8: the same, of one owner */
	{ &anon_area, 0x3c22, PTE, PERM_RWX, 0, STATE(SWAP) | F(EXCLUSIVE),
	  1ULL << VMSCOPE_SLOT_TYPE_SHIFT | 7 },
};
