// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether a frame is online memory, so that its struct page may be read.
 */
#include "online.h"

#include <linux/align.h>
#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/notifier.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

/* A machine has a handful; what does not fit is asked for again and again. */
#define MAX_STRETCHES 100

/* All stretches, in order, none next to another. */
struct stretches {
	unsigned int nr;
	struct vmscope_online all[MAX_STRETCHES];
};

static struct stretches __rcu *known;
static DEFINE_MUTEX(known_lock);

static void add_chunk(struct stretches *found, unsigned long pfn)
{
	struct vmscope_online *last = found->all + found->nr - 1;

	if (found->nr && pfn == last->start + last->nr)
		last->nr += VMSCOPE_CHUNK_FRAMES;
	else if (found->nr < MAX_STRETCHES)
		found->all[found->nr++] = (struct vmscope_online){
			.start = pfn,
			.nr = VMSCOPE_CHUNK_FRAMES,
		};
}

static void find_all(struct stretches *found)
{
	const unsigned long end = vmscope_last_frame();
	unsigned long pfn = 0;

	while (pfn < end) {
		if (pfn_to_online_page(pfn)) {
			add_chunk(found, pfn);
			pfn += VMSCOPE_CHUNK_FRAMES;
		} else {
			pfn = vmscope_hole_end(pfn);
		}
		cond_resched();
	}
}

/* Without memory for what is known, nothing is. */
static void learn(void)
{
	struct stretches *found, *old;

	mutex_lock(&known_lock);
	found = kzalloc(sizeof(*found), GFP_KERNEL);
	if (found)
		find_all(found);
	old = rcu_replace_pointer(known, found, lockdep_is_held(&known_lock));
	mutex_unlock(&known_lock);
	synchronize_rcu();
	kfree(old);
}

/*
 * Sections are marked offline before MEM_OFFLINE is sent, and their struct
 * pages are freed after it: a reader that found one online is done with it when
 * the grace period has passed.
 * Source: offline_pages(), online_pages() in mm/memory_hotplug.c
 */
static int memory_changed(struct notifier_block *block, unsigned long action,
			  void *data)
{
	if (action == MEM_OFFLINE || action == MEM_ONLINE)
		learn();
	return NOTIFY_OK;
}

static struct notifier_block memory_block = {
	.notifier_call = memory_changed,
};

/**
 * vmscope_online_init - make frames safe to read
 *
 * Context: Process context, may sleep.
 * Return: 0 or a negative errno
 */
int vmscope_online_init(void)
{
	int ret = register_memory_notifier(&memory_block);

	if (!ret)
		learn();
	return ret;
}

/**
 * vmscope_online_exit - undo vmscope_online_init()
 *
 * Context: Process context, may sleep; nobody reads frames any more.
 */
void vmscope_online_exit(void)
{
	unregister_memory_notifier(&memory_block);
	kfree(rcu_dereference_protected(known, true));
}

/**
 * vmscope_online_find - the stretch of online memory that a frame is in
 * @online: filled in
 * @pfn: frame number
 *
 * Memory can have come just now, so the kernel is asked about a frame that is
 * in no stretch.
 *
 * Context: RCU read-side section.
 * Return: false if the frame is not online
 */
bool vmscope_online_find(struct vmscope_online *online, unsigned long pfn)
{
	const struct stretches *all = rcu_dereference(known);
	unsigned int low = 0, high = all ? all->nr : 0;

	while (low < high) {
		const unsigned int middle = (low + high) / 2;
		const struct vmscope_online *one = all->all + middle;

		if (pfn - one->start < one->nr) {
			*online = *one;
			return true;
		}
		if (pfn < one->start)
			high = middle;
		else
			low = middle + 1;
	}
	if (!pfn_to_online_page(pfn))
		return false;
	*online = (struct vmscope_online){
		.start = ALIGN_DOWN(pfn, VMSCOPE_CHUNK_FRAMES),
		.nr = VMSCOPE_CHUNK_FRAMES,
	};
	return true;
}

/**
 * vmscope_hole_end - how far does a hole reach at least
 * @pfn: a frame that is not online
 *
 * Context: Any context.
 * Return: the end, exclusive
 */
unsigned long vmscope_hole_end(unsigned long pfn)
{
	return ALIGN(pfn + 1, compat_offline_frames(pfn));
}

/**
 * vmscope_last_frame - the end of the frames of memory
 *
 * Memory that is plugged in later is not in it.
 *
 * Context: Any context.
 * Return: the end, exclusive
 */
unsigned long vmscope_last_frame(void)
{
	unsigned long end = 0;
	int node;

	for_each_online_node(node)
		end = max(end, pgdat_end_pfn(NODE_DATA(node)));
	return end;
}
