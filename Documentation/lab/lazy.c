// SPDX-License-Identifier: GPL-2.0-only
/* Lazy allocation: memory that is promised, used and given back. */
#include "lab.h"

int main(void)
{
	char *p = reserve(16 * MIB, MAP_PRIVATE, MADV_NOHUGEPAGE);

	step("reserved", p, 16 * MIB);
	touch(p, 4 * MIB);
	step("touched", p, 16 * MIB);
	madvise(p, 4 * MIB, MADV_DONTNEED);
	step("given-back", p, 16 * MIB);
	return look(p, 4 * MIB);
}
