// SPDX-License-Identifier: GPL-2.0-only
/* A shared library: the same frames at another address, in each process. */
#include <stdint.h>

#include "lab.h"

int main(void)
{
	step("loaded", (void *)(uintptr_t)puts, 4 * KIB);
	return 0;
}
