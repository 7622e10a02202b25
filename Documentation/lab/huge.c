// SPDX-License-Identifier: GPL-2.0-only
/* Huge pages: one write, 2 MiB; and what splits their mapping. */
#include <stdint.h>

#include "lab.h"

int main(void)
{
	char *p = reserve(4 * MIB, MAP_PRIVATE, MADV_HUGEPAGE);

	p += -(uintptr_t)p & (2 * MIB - 1);
	step("reserved", p, 2 * MIB);
	*p = 1;
	step("written", p, 2 * MIB);
	mprotect(p + 1 * MIB, 4 * KIB, PROT_READ);
	step("protected", p, 2 * MIB);
	return 0;
}
