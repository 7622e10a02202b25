// SPDX-License-Identifier: GPL-2.0-only
/* Swap: private memory and shared memory are paged out differently. */
#include "lab.h"

int main(int argc, char **argv)
{
	int flags = argc > 1 && argv[1][0] == 's' ? MAP_SHARED : MAP_PRIVATE;
	char *p = reserve(4 * MIB, flags, MADV_NOHUGEPAGE);

	touch(p, 4 * MIB);
	step("written", p, 4 * MIB);
	madvise(p, 4 * MIB, MADV_PAGEOUT);
	step("paged-out", p, 4 * MIB);
	look(p, 4 * MIB);
	step("read", p, 4 * MIB);
	return 0;
}
