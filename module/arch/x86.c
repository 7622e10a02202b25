// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts about x86 that are only known at run time.
 */
#include "arch.h"

#include <linux/build_bug.h>
#include <linux/kasan.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <asm/cpu_entry_area.h>
#include <asm/fixmap.h>
#include <asm/vsyscall.h>

u8 vmscope_x86_cache[8];

/* Bytes of the struct pages of all possible frames. */
#define VMEMMAP_MAX \
	((1ULL << (MAX_PHYSMEM_BITS - PAGE_SHIFT)) * sizeof(struct page))

/**
 * vmscope_arch_regions - the regions of the kernel's half
 * @regions: room for VMSCOPE_ARCH_MAX_REGIONS, filled in, by address; if two
 *	overlap, the later one counts
 *
 * The end of the direct map moves when memory is plugged in.
 *
 * Context: Any context.
 * Return: their number
 * Source: Documentation/arch/x86/x86_64/mm.rst, kernel_randomize_memory() in
 * arch/x86/mm/kaslr.c
 */
unsigned int vmscope_arch_regions(struct vmscope_region_range *regions)
{
	const struct vmscope_region_range all[] = {
		{ GUARD_HOLE_BASE_ADDR, GUARD_HOLE_END_ADDR,
		  VMSCOPE_REGION_GUARD },
		{ LDT_BASE_ADDR, LDT_END_ADDR, VMSCOPE_REGION_LDT },
		{ PAGE_OFFSET, (u64)high_memory, VMSCOPE_REGION_DIRECT },
		{ VMALLOC_START, VMALLOC_END + 1, VMSCOPE_REGION_VMALLOC },
		{ VMEMMAP_START, VMEMMAP_START + VMEMMAP_MAX,
		  VMSCOPE_REGION_VMEMMAP },
#ifdef CONFIG_KASAN
		{ KASAN_SHADOW_START, KASAN_SHADOW_END, VMSCOPE_REGION_KASAN },
#endif
		{ CPU_ENTRY_AREA_BASE,
		  CPU_ENTRY_AREA_BASE + CPU_ENTRY_AREA_MAP_SIZE,
		  VMSCOPE_REGION_CPU_ENTRY },
		{ ESPFIX_BASE_ADDR, ESPFIX_BASE_ADDR + P4D_SIZE,
		  VMSCOPE_REGION_ESPFIX },
		{ EFI_VA_END, EFI_VA_START, VMSCOPE_REGION_EFI },
		{ __START_KERNEL_map, __START_KERNEL_map + KERNEL_IMAGE_SIZE,
		  VMSCOPE_REGION_IMAGE },
		{ MODULES_VADDR, MODULES_END, VMSCOPE_REGION_MODULES },
		{ FIXADDR_TOT_START, VSYSCALL_ADDR, VMSCOPE_REGION_FIXMAP },
		{ VSYSCALL_ADDR, VSYSCALL_ADDR + PAGE_SIZE,
		  VMSCOPE_REGION_VSYSCALL },
		{ VSYSCALL_ADDR + PAGE_SIZE, FIXADDR_TOP + PAGE_SIZE,
		  VMSCOPE_REGION_FIXMAP },
	};

	BUILD_BUG_ON(ARRAY_SIZE(all) > VMSCOPE_ARCH_MAX_REGIONS);
	memcpy(regions, all, sizeof(all));
	return ARRAY_SIZE(all);
}
