// SPDX-License-Identifier: GPL-2.0-only
/*
 * What this kernel and this machine can report.
 */
#include "info.h"

#include <linux/kconfig.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "../include/uapi/vmscope.h"
#include "arch/arch.h"
#include "compat/compat.h"
#include "folio.h"
#include "kernel/slab.h"
#include "swap.h"
#include "target.h"
#include "walk.h"

static const struct {
	bool on;
	u64 feature;
} built_in[] = {
	{ IS_ENABLED(CONFIG_MEM_SOFT_DIRTY), VMSCOPE_FEAT_SOFT_DIRTY },
	{ IS_ENABLED(CONFIG_HAVE_ARCH_USERFAULTFD_WP) &&
		  IS_ENABLED(CONFIG_USERFAULTFD),
	  VMSCOPE_FEAT_UFFD_WP },
	{ IS_ENABLED(CONFIG_SWAP), VMSCOPE_FEAT_SWAP },
	{ IS_ENABLED(CONFIG_SWAP) && IS_ENABLED(CONFIG_SHMEM),
	  VMSCOPE_FEAT_SHMEM_SWAP },
	{ IS_ENABLED(CONFIG_KSM), VMSCOPE_FEAT_KSM },
	{ IS_ENABLED(CONFIG_HUGETLB_PAGE), VMSCOPE_FEAT_HUGETLB },
	{ IS_ENABLED(CONFIG_TRANSPARENT_HUGEPAGE), VMSCOPE_FEAT_THP },
	{ COMPAT_MARKER_GUARD, VMSCOPE_FEAT_GUARD },
	{ COMPAT_MARKER_POISON, VMSCOPE_FEAT_POISON_MARKER },
	{ IS_ENABLED(CONFIG_DEVICE_PRIVATE), VMSCOPE_FEAT_DEVICE_PRIVATE },
	{ IS_ENABLED(CONFIG_ANON_VMA_NAME), VMSCOPE_FEAT_ANON_NAMES },
	{ IS_ENABLED(CONFIG_DEBUG_FS), VMSCOPE_FEAT_DEBUGFS },
	{ COMPAT_KNOWS_UFFD_FEATURES, VMSCOPE_FEAT_UFFD_FEATURES },
	{ VMSCOPE_ARCH_KERNEL_HALF, VMSCOPE_FEAT_KERNEL },
	{ true, VMSCOPE_FEAT_BLOCKS },
	{ true, VMSCOPE_FEAT_FACTS },
	{ true, VMSCOPE_FEAT_MIXES },
	{ VMSCOPE_ARCH_KERNEL_HALF, VMSCOPE_FEAT_FRAME_LIST },
};

static u64 features(const struct vmscope_policy *policy)
{
	u64 features = vmscope_arch_features() | vmscope_slab_features();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(built_in); i++)
		if (built_in[i].on)
			features |= built_in[i].feature;
	if (policy->frames)
		features |= VMSCOPE_FEAT_FRAMES;
	if (policy->kaddr)
		features |= VMSCOPE_FEAT_KADDR;
	return features;
}

static void fill_levels(struct vmscope_info *info)
{
	unsigned int level;

	for (level = VMSCOPE_LEVEL_PTE; level < VMSCOPE_NR_LEVELS; level++) {
		if (!vmscope_level_in_use(level))
			continue;
		info->nr_levels++;
		info->level_shift[level] = vmscope_level_shift(level);
		info->level_entries[level] = vmscope_level_entries(level);
	}
}

/**
 * vmscope_info_fill - describe what can be reported
 * @policy: what the caller may see
 * @info: zeroed except @info->size; the out fields are filled in
 *
 * Context: Process context.
 */
void vmscope_info_fill(const struct vmscope_policy *policy,
		       struct vmscope_info *info)
{
	info->abi = VMSCOPE_ABI_VERSION;
	info->features = features(policy);
	info->arch = VMSCOPE_ARCH_ID;
	info->page_size = PAGE_SIZE;
	fill_levels(info);
	info->user_end = TASK_SIZE_MAX;
	info->kernel_start = vmscope_arch_kernel_start();
	info->withheld_why = policy->why;
	info->max_slot_type = vmscope_swap_max_type();
	info->facts = vmscope_folio_known() | vmscope_slab_facts();
	info->page_flags = vmscope_folio_page_flags();
	strscpy((char *)info->module_version, VMSCOPE_VERSION,
		sizeof(info->module_version));
}
