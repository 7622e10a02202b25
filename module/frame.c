// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frame number -> what kind of page it is.
 *
 * A frame is looked at without a reference to it, so what is read may
 * belong to the page's next user: the caller compares the entry before and
 * after and drops what changed. The struct page itself stays while it is read:
 * its section is online, and going offline waits for readers, see online.c.
 */
#include "frame.h"

#include <linux/io.h>
#include <linux/memory_hotplug.h>
#include <linux/rcupdate.h>
#include <linux/uaccess.h>

#include "../include/uapi/vmscope.h"
#include "arch/arch.h"
#include "area.h"
#include "compat/compat.h"
#include "online.h"
#include "walk.h"

/**
 * vmscope_frame_alias - where the direct map shows a frame
 * @pfn: frame number
 *
 * Online memory can have been taken out of the direct map (secretmem), so the
 * first byte is read to see; but not of a frame with a memory error, or one
 * that a hypervisor took.
 *
 * Context: Any context. Takes the RCU read lock.
 * Return: the kernel's address of the frame, 0 if it has none
 */
unsigned long vmscope_frame_alias(unsigned long pfn)
{
	unsigned long alias = 0;
	struct page *page;
	char byte;

	rcu_read_lock();
	page = pfn_to_online_page(pfn);
	if (page && !PageHWPoison(page) && !PageOffline(page))
		alias = (unsigned long)phys_to_virt(PFN_PHYS(pfn));
	if (alias && copy_from_kernel_nofault(&byte, (void *)alias, 1))
		alias = 0;
	rcu_read_unlock();
	return alias;
}

/* Memory that was taken offline keeps its struct pages, too. */
static noinline u8 state_if_not_online(unsigned long pfn)
{
	struct dev_pagemap *device = pfn_valid(pfn) ? compat_device_of(pfn) :
						      NULL;

	if (!device)
		return VMSCOPE_STATE_PFNMAP;
	put_dev_pagemap(device);
	return VMSCOPE_STATE_DEVICE;
}

/*
 * Neither anonymous nor of a page cache. In an anonymous or DAX area such a
 * huge page must be the huge zero page, which no exported symbol names.
 */
static noinline u8 other_state(unsigned long mapping,
			       const struct vmscope_area_facts *area,
			       unsigned int level)
{
	if ((mapping & FOLIO_MAPPING_FLAGS) == FOLIO_MAPPING_KSM)
		return VMSCOPE_STATE_KSM;
	if (level > VMSCOPE_LEVEL_PTE && (area->anonymous || area->dax))
		return VMSCOPE_STATE_HUGEZERO;
	return VMSCOPE_STATE_DRIVER;
}

/**
 * vmscope_frame_must_look - do the frames of an area's tables have to be read
 * @area: the area
 * @level: enum vmscope_level of the entries
 *
 * Any anonymous area may map the huge zero page, so huge leaves are looked at.
 *
 * Context: Any context.
 * Return: false if the area alone says what an ordinary page is
 */
bool vmscope_frame_must_look(const struct vmscope_area_facts *area,
			     unsigned int level)
{
	if (!area->page_state)
		return true;
	return area->anonymous && level > VMSCOPE_LEVEL_PTE;
}

/**
 * vmscope_frame_state - what kind of page a frame holds
 * @online: the stretch of memory that was found last
 * @pfn: frame number
 * @area: the area that maps it
 * @level: enum vmscope_level of the entry
 *
 * folio->mapping is read once and not followed; its low bits are facts of
 * their own. Source: "On an anonymous folio mapped into a user virtual memory
 * area" in include/linux/page-flags.h
 *
 * Context: RCU read-side section, after vmscope_online_begin().
 * Return: enum vmscope_state
 */
u8 vmscope_frame_state(struct vmscope_online *online, unsigned long pfn,
		       const struct vmscope_area_facts *area,
		       unsigned int level)
{
	unsigned long mapping;

	if (!vmscope_is_online(online, pfn))
		return state_if_not_online(pfn);
	mapping =
		(unsigned long)READ_ONCE(page_folio(pfn_to_page(pfn))->mapping);
	if ((mapping & FOLIO_MAPPING_FLAGS) == FOLIO_MAPPING_ANON)
		return VMSCOPE_STATE_ANON;
	if (mapping && !(mapping & FOLIO_MAPPING_FLAGS))
		return area->other_state;
	return other_state(mapping, area, level);
}

/**
 * vmscope_frame_has_page - does an entry map a page that the kernel manages
 * @area: the area that maps it
 * @raw: the entry
 * @level: its enum vmscope_level
 *
 * In the order of vm_normal_page() and vm_normal_page_pmd() in mm/memory.c. In
 * an area without VM_PFNMAP and VM_MIXEDMAP, a special huge leaf is the huge
 * zero page.
 *
 * Context: Any context.
 * Return: true if the struct page of its frame says what it is
 */
bool vmscope_frame_has_page(const struct vmscope_area_facts *area, u64 raw,
			    unsigned int level)
{
	if (!vmscope_arch_present(raw, level) ||
	    vmscope_arch_is_table(raw, level))
		return false;
	if (level > VMSCOPE_LEVEL_PTE && !area->pfnmap)
		return true;
	if (level > VMSCOPE_LEVEL_PTE && area->vm_flags & VM_PFNMAP)
		return false;
	return !vmscope_arch_special(raw);
}

/* A frame that an entry keeps without being present counts as well. */
static u8 kernel_state(struct vmscope_online *online, u64 raw,
		       unsigned int level)
{
	unsigned long pfn;

	if (vmscope_arch_none(raw))
		return VMSCOPE_STATE_NONE;
	if (vmscope_arch_is_table(raw, level))
		return VMSCOPE_STATE_REPEAT;
	if (level > VMSCOPE_LEVEL_PUD)
		return VMSCOPE_STATE_UNKNOWN;
	pfn = vmscope_arch_pfn(raw, level);
	if (vmscope_is_online(online, pfn))
		return VMSCOPE_STATE_KERNEL;
	return state_if_not_online(pfn);
}

/**
 * vmscope_frame_kernel_states - what the entries of a kernel's table stand for
 * @online: the stretch of memory that was found last
 * @copy: a table of the kernel's half; @copy->state is filled in
 *
 * Frames are not read: only whether each is online memory counts.
 *
 * Context: Process context. Takes the RCU read lock.
 */
void vmscope_frame_kernel_states(struct vmscope_online *online,
				 struct vmscope_table_copy *copy)
{
	unsigned int i;

	rcu_read_lock();
	vmscope_online_begin(online);
	for (i = 0; i < copy->nr; i++)
		copy->state[i] =
			kernel_state(online, copy->entries[i], copy->level);
	rcu_read_unlock();
}
