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

/* All stretches, in order. */
struct stretches {
	struct rcu_head rcu;
	unsigned int nr;
	struct vmscope_online all[MAX_STRETCHES];
};

static struct stretches __rcu *known;
static DEFINE_MUTEX(known_lock);

/* Frames that are online, if any, behind those that were added before. */
static void add_frames(struct stretches *to, unsigned long pfn,
		       unsigned long end)
{
	struct vmscope_online *last = to->all + to->nr - 1;

	if (pfn >= end)
		return;
	if (to->nr && pfn == last->start + last->nr &&
	    pfn_to_page(pfn) == pfn_to_page(last->start) + last->nr)
		last->nr += end - pfn;
	else if (to->nr < MAX_STRETCHES)
		to->all[to->nr++] = (struct vmscope_online){
			.start = pfn,
			.nr = end - pfn,
		};
}

static void add_online(struct stretches *found, unsigned long pfn,
		       unsigned long end)
{
	while (pfn < end) {
		if (pfn_to_online_page(pfn)) {
			add_frames(found, pfn, pfn + VMSCOPE_CHUNK_FRAMES);
			pfn += VMSCOPE_CHUNK_FRAMES;
		} else {
			pfn = vmscope_hole_end(pfn);
		}
		cond_resched();
	}
}

/* What is outside of some frames, and what the kernel says of them now. */
static void look_again(struct stretches *found, const struct stretches *before,
		       unsigned long pfn, unsigned long end)
{
	const unsigned int nr = before ? before->nr : 0;
	const struct vmscope_online *one;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		one = before->all + i;
		add_frames(found, one->start, min(one->start + one->nr, pfn));
	}
	add_online(found, pfn, end);
	for (i = 0; i < nr; i++) {
		one = before->all + i;
		add_frames(found, max(one->start, end), one->start + one->nr);
	}
}

/*
 * Without memory for what is known, nothing is. Return: what was known before,
 * which others may still read
 */
static struct stretches *learn_stretches(unsigned long pfn, unsigned long end)
{
	struct stretches *found, *before;

	mutex_lock(&known_lock);
	before = rcu_dereference_protected(known, lockdep_is_held(&known_lock));
	found = kzalloc(sizeof(*found), GFP_KERNEL);
	if (found)
		look_again(found, before, pfn, end);
	rcu_assign_pointer(known, found);
	mutex_unlock(&known_lock);
	return before;
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
	const struct memory_notify *what = data;
	struct stretches *before;

	if (action != MEM_OFFLINE && action != MEM_ONLINE)
		return NOTIFY_OK;
	before = learn_stretches(what->start_pfn,
				 what->start_pfn + what->nr_pages);
	if (action == MEM_OFFLINE) {
		synchronize_rcu();
		kfree(before);
	} else if (before) {
		kfree_rcu(before, rcu);
	}
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
	struct stretches *before;

	if (ret)
		return ret;
	before = learn_stretches(0, vmscope_last_frame());
	if (before)
		kfree_rcu(before, rcu);
	return 0;
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
