// SPDX-License-Identifier: GPL-2.0-only
/* Loading and execution: code and data of a program that come on demand. */
#include <stdint.h>

#include "lab.h"

/* 1 MiB of code: 256 pages that can be called each, and return. */
static __attribute__((naked, noinline, aligned(4096))) void code(void)
{
	asm(".rept 256; ret; .balign 4096; .endr");
}

static char data[256 * KIB] __attribute__((aligned(4096))) = { 1 };

static void call(size_t offset)
{
	((void (*)(void))((uintptr_t)code + offset))();
}

int main(void)
{
	step("started", (void *)(uintptr_t)code, 1 * MIB);
	call(512 * KIB);
	step("called", (void *)(uintptr_t)code, 1 * MIB);
	for (size_t i = 0; i < 1 * MIB; i += 4 * KIB)
		call(i);
	step("called-all", (void *)(uintptr_t)code, 1 * MIB);
	look(data, sizeof(data));
	step("data-read", data, sizeof(data));
	touch(data, sizeof(data));
	step("data-written", data, sizeof(data));
	return 0;
}
