/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of the numbers in records. The library has the same names for the tool;
 * lint compares the two.
 */
#ifndef _VMSCOPE_NAMES_H
#define _VMSCOPE_NAMES_H

#include <linux/compiler_attributes.h>

#include "../include/uapi/vmscope.h"

/* clang-format off: one name a line */
static const char *const vmscope_level_names[VMSCOPE_NR_LEVELS] __maybe_unused = {
	[VMSCOPE_LEVEL_NONE] = "none", [VMSCOPE_LEVEL_PTE] = "pte",
	[VMSCOPE_LEVEL_PMD] = "pmd",   [VMSCOPE_LEVEL_PUD] = "pud",
	[VMSCOPE_LEVEL_P4D] = "p4d",   [VMSCOPE_LEVEL_PGD] = "pgd",
};

static const char *const vmscope_state_names[32] __maybe_unused = {
	[VMSCOPE_STATE_NONE] = "none",
	[VMSCOPE_STATE_ANON] = "anon",
	[VMSCOPE_STATE_FILE] = "file",
	[VMSCOPE_STATE_SHMEM] = "shmem",
	[VMSCOPE_STATE_ZERO] = "zero",
	[VMSCOPE_STATE_HUGEZERO] = "hugezero",
	[VMSCOPE_STATE_KSM] = "ksm",
	[VMSCOPE_STATE_PFNMAP] = "pfnmap",
	[VMSCOPE_STATE_HUGETLB] = "hugetlb",
	[VMSCOPE_STATE_DEVICE] = "device",
	[VMSCOPE_STATE_SWAP] = "swap",
	[VMSCOPE_STATE_SHMEM_SWAP] = "shmem-swap",
	[VMSCOPE_STATE_MIGRATION] = "migration",
	[VMSCOPE_STATE_HWPOISON] = "hwpoison",
	[VMSCOPE_STATE_MARKER_UFFD] = "marker-uffd",
	[VMSCOPE_STATE_MARKER_POISON] = "marker-poison",
	[VMSCOPE_STATE_MARKER_GUARD] = "marker-guard",
	[VMSCOPE_STATE_UNKNOWN] = "unknown",
	[VMSCOPE_STATE_UNMAPPED] = "unmapped",
	[VMSCOPE_STATE_KERNEL] = "kernel",
	[VMSCOPE_STATE_REPEAT] = "repeat",
	[VMSCOPE_STATE_DRIVER] = "driver",
};

static const struct {
	u64 flag;
	const char *name;
} vmscope_flag_names[] __maybe_unused = {
	{ VMSCOPE_F_PRESENT, "present" },
	{ VMSCOPE_F_USER, "user" },
	{ VMSCOPE_F_ACCESSED, "accessed" },
	{ VMSCOPE_F_DIRTY, "dirty" },
	{ VMSCOPE_F_SOFT_DIRTY, "soft-dirty" },
	{ VMSCOPE_F_UFFD_WP, "uffd-wp" },
	{ VMSCOPE_F_CONTIG, "contiguous" },
	{ VMSCOPE_F_GLOBAL, "global" },
	{ VMSCOPE_F_SPECIAL, "special" },
	{ VMSCOPE_F_PROTNONE, "protnone" },
	{ VMSCOPE_F_EXCLUSIVE, "exclusive" },
	{ VMSCOPE_F_RACED, "raced" },
	{ VMSCOPE_F_WITHHELD, "withheld" },
};

/* For areas without a name. */
static const char *const vmscope_area_names[] __maybe_unused = {
	[VMSCOPE_NAME_ANON] = "[anon]",	  [VMSCOPE_NAME_FILE] = "[file]",
	[VMSCOPE_NAME_SHMEM] = "[shmem]", [VMSCOPE_NAME_HUGETLB] = "[hugetlb]",
	[VMSCOPE_NAME_HEAP] = "[heap]",	  [VMSCOPE_NAME_STACK] = "[stack]",
	[VMSCOPE_NAME_VDSO] = "[vdso]",	  [VMSCOPE_NAME_ANON_NAMED] = "[anon]",
};

static const char
	*const vmscope_region_names[VMSCOPE_NR_REGIONS] __maybe_unused = {
		[VMSCOPE_REGION_HOLE] = "hole",
		[VMSCOPE_REGION_GUARD] = "guard",
		[VMSCOPE_REGION_LDT] = "ldt",
		[VMSCOPE_REGION_DIRECT] = "direct-map",
		[VMSCOPE_REGION_VMALLOC] = "vmalloc",
		[VMSCOPE_REGION_VMEMMAP] = "vmemmap",
		[VMSCOPE_REGION_KASAN] = "kasan",
		[VMSCOPE_REGION_CPU_ENTRY] = "cpu-entry",
		[VMSCOPE_REGION_ESPFIX] = "espfix",
		[VMSCOPE_REGION_EFI] = "efi",
		[VMSCOPE_REGION_IMAGE] = "image",
		[VMSCOPE_REGION_MODULES] = "modules",
		[VMSCOPE_REGION_FIXMAP] = "fixmap",
		[VMSCOPE_REGION_VSYSCALL] = "vsyscall",
	};

static const char
	*const vmscope_frame_names[VMSCOPE_NR_FRAME_KINDS] __maybe_unused = {
		[VMSCOPE_FRAME_UNKNOWN] = "unknown",
		[VMSCOPE_FRAME_FREE] = "free",
		[VMSCOPE_FRAME_SLAB] = "slab",
		[VMSCOPE_FRAME_LARGE_KMALLOC] = "large-kmalloc",
		[VMSCOPE_FRAME_TABLE] = "table",
		[VMSCOPE_FRAME_ANON] = "anon",
		[VMSCOPE_FRAME_CACHE] = "cache",
		[VMSCOPE_FRAME_HUGETLB] = "hugetlb",
		[VMSCOPE_FRAME_RESERVED] = "reserved",
		[VMSCOPE_FRAME_OFFLINE] = "offline",
		[VMSCOPE_FRAME_HWPOISON] = "hwpoison",
		[VMSCOPE_FRAME_COMPOUND] = "compound",
		[VMSCOPE_FRAME_OTHER] = "other",
		[VMSCOPE_FRAME_HOLE] = "hole",
	};

/* clang-format on */

#endif /* _VMSCOPE_NAMES_H */
