// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether a frame is online memory, so that its struct page may be read.
 */
#include "online.h"

#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/notifier.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

static unsigned long offline_changes;

/*
 * Sections are marked offline before MEM_OFFLINE is sent, and their struct
 * pages are freed after it. A reader that found a section online, now or in
 * struct vmscope_online, is done with it when the grace period has passed; one
 * that begins later sees that memory has changed.
 * Source: offline_pages() in mm/memory_hotplug.c
 */
static int wait_for_readers(struct notifier_block *block, unsigned long action,
			    void *data)
{
	if (action == MEM_OFFLINE) {
		WRITE_ONCE(offline_changes, offline_changes + 1);
		synchronize_rcu();
	}
	return NOTIFY_OK;
}

static struct notifier_block memory_block = {
	.notifier_call = wait_for_readers,
};

/**
 * vmscope_online_init - make frames safe to read
 *
 * Context: Process context, may sleep.
 * Return: 0 or a negative errno
 */
int vmscope_online_init(void)
{
	return register_memory_notifier(&memory_block);
}

/**
 * vmscope_online_exit - undo vmscope_online_init()
 *
 * Context: Process context, may sleep.
 */
void vmscope_online_exit(void)
{
	unregister_memory_notifier(&memory_block);
}

/**
 * vmscope_online_begin - before frames are looked at
 * @online: what is known; forgotten if memory has gone offline since
 *
 * Context: The RCU read lock is held, until the last frame is read.
 */
void vmscope_online_begin(struct vmscope_online *online)
{
	unsigned long changes = READ_ONCE(offline_changes);

	if (online->changes == changes)
		return;
	memset(online, 0, sizeof(*online));
	online->changes = changes;
}

/**
 * vmscope_online_learn - ask the kernel whether a frame is online
 * @online: what is known; that the frame is online is added
 * @pfn: frame number
 *
 * Memory may come at any time: that a block is offline is not kept.
 *
 * Context: RCU read-side section.
 * Return: true if it is
 */
bool vmscope_online_learn(struct vmscope_online *online, unsigned long pfn)
{
	unsigned long group = vmscope_online_group(pfn);
	unsigned int i = group % VMSCOPE_ONLINE_GROUPS;

	if (!pfn_to_online_page(pfn))
		return false;
	if (online->group[i] != group) {
		online->group[i] = group;
		online->blocks[i] = 0;
	}
	online->blocks[i] |= 1ULL << (pfn >> COMPAT_ONLINE_SHIFT & 63);
	return true;
}
