// SPDX-License-Identifier: GPL-2.0-only
/* The zero page: memory that is read before it is written. */
#include "lab.h"

int main(void)
{
	char *p = reserve(1 * MIB, MAP_PRIVATE, MADV_NOHUGEPAGE);

	if (look(p, 1 * MIB))
		return 1;
	step("read", p, 1 * MIB);
	p[5 * 4 * KIB] = 1;
	step("written", p, 1 * MIB);
	return 0;
}
