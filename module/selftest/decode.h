/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included at the end of decode.c: literal entries and their meaning.
 */

#include <linux/kernel.h>
#include <linux/printk.h>

#include "selftest.h"

#define PTE VMSCOPE_LEVEL_PTE
#define PMD VMSCOPE_LEVEL_PMD
#define PUD VMSCOPE_LEVEL_PUD
#define STATE(name) ((u64)VMSCOPE_STATE_##name << VMSCOPE_STATE_SHIFT)
#define F(name) VMSCOPE_F_##name
#define SEEN (F(PRESENT) | F(USER) | F(ACCESSED))
#define PERM_RWX (F(PERM_READ) | F(PERM_WRITE) | F(PERM_EXEC))
#define KNOWN_BITS \
	((u64)(F(ALL) & ~F(SOFT_DIRTY)) | 0x1fULL << VMSCOPE_STATE_SHIFT)

static const struct vmscope_area_facts anon_area __initconst = {
	.anonymous = true,
	.page_state = VMSCOPE_STATE_ANON,
	.other_state = VMSCOPE_STATE_DRIVER,
};

struct decode_row {
	const struct vmscope_area_facts *area;
	u64 raw;
	unsigned int level;
	u64 perm;
	u8 frame;
	u64 what;
	u64 value;
};

#ifdef CONFIG_UML
#include "decode-um.h"
#else
#include "decode-x86.h"
#endif

bool __init vmscope_decode_selftest(void)
{
	bool pass = true;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(decode_rows); i++) {
		const struct decode_row *row = &decode_rows[i];
		struct vmscope_fact fact;

		vmscope_decode(row->area, row->raw, row->level,
			       vmscope_decode_leaf(row->raw, row->level,
						   row->perm),
			       row->frame, &fact);
		if ((fact.what & KNOWN_BITS) == row->what &&
		    fact.value == row->value)
			continue;
		pr_err("vmscope: selftest decode row %zu: %llx %llx, not %llx %llx\n",
		       i + 1, fact.what & KNOWN_BITS, fact.value, row->what,
		       row->value);
		pass = false;
	}
	pr_info("vmscope: selftest decode: %s, %zu rows\n",
		pass ? "pass" : "FAIL", ARRAY_SIZE(decode_rows));
	return pass;
}
