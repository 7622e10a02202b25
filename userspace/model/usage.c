// SPDX-License-Identifier: GPL-2.0-or-later
/* Adding records up. */
#include "model/usage.h"

/*
 * What smaps counts as resident: pages that are mapped, and entries that hold
 * on to a page meanwhile.
 */
static bool is_resident(const struct vmscope_record *rec)
{
	const unsigned int pages =
		1 << VMSCOPE_STATE_ANON | 1 << VMSCOPE_STATE_FILE |
		1 << VMSCOPE_STATE_SHMEM | 1 << VMSCOPE_STATE_KSM |
		1 << VMSCOPE_STATE_DRIVER | 1 << VMSCOPE_STATE_MIGRATION |
		1 << VMSCOPE_STATE_HWPOISON;

	if (rec->state == VMSCOPE_STATE_DEVICE)
		return !(rec->flags & VMSCOPE_F_SPECIAL);
	return pages >> rec->state & 1;
}

/* A huge page that moves or has a memory error still counts as one. */
static bool is_hugetlb(const struct vmscope_record *rec)
{
	return rec->state == VMSCOPE_STATE_HUGETLB ||
	       (rec->area && rec->area->vma_flags & VMSCOPE_VMA_HUGETLB &&
		is_resident(rec));
}

static void add_present(struct usage *usage, const struct vmscope_record *rec,
			uint64_t bytes)
{
	bool hugetlb = is_hugetlb(rec);

	if (!hugetlb && !is_resident(rec))
		return;
	if (hugetlb)
		usage->hugetlb[rec->level] += bytes;
	else
		usage->leaf[rec->level] += bytes;
	if (rec->area && rec->area->vma_flags & VMSCOPE_VMA_LOCKED)
		usage->locked += bytes;
}

/* A device's frame counts neither here nor there: it is no memory of ours. */
static void add_frames(struct usage *usage, const struct vmscope_info *info,
		       const struct vmscope_record *rec, uint64_t bytes)
{
	if (!vmscope_has_frame(rec) || (!is_resident(rec) && !is_hugetlb(rec)))
		return;
	if (!usage->runs || rec->value != usage->next_pfn)
		usage->runs++;
	usage->run_bytes += bytes;
	usage->next_pfn = rec->value + bytes / info->page_size;
}

static void add_slots(struct usage *usage, const struct vmscope_record *rec,
		      uint64_t bytes)
{
	unsigned int type;

	if (!vmscope_has_slot(rec))
		return;
	type = VMSCOPE_SLOT_TYPE(rec->value);
	if (type < MAX_SWAP_DEVICES)
		usage->swap_type[type] += bytes;
}

/**
 * usage_add - add a record
 * @usage: the sums
 * @info: of the module
 * @rec: any record
 * @what: USAGE_SLOTS, USAGE_FRAMES: the record's value was asked for
 */
void usage_add(struct usage *usage, const struct vmscope_info *info,
	       const struct vmscope_record *rec, unsigned int what)
{
	uint64_t bytes = rec->end - rec->addr;

	if (rec->kind == VMSCOPE_KIND_AREA) {
		usage->mapped += bytes;
		usage->areas++;
		return;
	}
	if (rec->kind == VMSCOPE_KIND_TABLE || rec->level >= VMSCOPE_NR_LEVELS)
		return;
	if (rec->state < VMSCOPE_NR_STATES)
		usage->state[rec->state] += bytes;
	add_present(usage, rec, bytes);
	if (what & USAGE_SLOTS)
		add_slots(usage, rec, bytes);
	if (what & USAGE_FRAMES)
		add_frames(usage, info, rec, bytes);
}

/**
 * usage_resident - bytes that are resident, as smaps' Rss: without hugetlb
 * @usage: the sums
 *
 * Return: bytes.
 */
uint64_t usage_resident(const struct usage *usage)
{
	uint64_t bytes = 0;

	for (unsigned int l = 0; l < VMSCOPE_NR_LEVELS; l++)
		bytes += usage->leaf[l];
	return bytes;
}

/**
 * usage_hugetlb - bytes of hugetlb pages
 * @usage: the sums
 *
 * Return: bytes.
 */
uint64_t usage_hugetlb(const struct usage *usage)
{
	uint64_t bytes = 0;

	for (unsigned int l = 0; l < VMSCOPE_NR_LEVELS; l++)
		bytes += usage->hugetlb[l];
	return bytes;
}

/**
 * usage_huge - bytes that huge leaves map, transparent or hugetlb
 * @usage: the sums
 *
 * Return: bytes.
 */
uint64_t usage_huge(const struct usage *usage)
{
	uint64_t bytes = usage_hugetlb(usage);

	for (unsigned int l = VMSCOPE_LEVEL_PMD; l < VMSCOPE_NR_LEVELS; l++)
		bytes += usage->leaf[l];
	return bytes;
}

/**
 * usage_swapped - bytes that are swapped out, of shmem too
 * @usage: the sums
 *
 * Return: bytes.
 */
uint64_t usage_swapped(const struct usage *usage)
{
	return usage->state[VMSCOPE_STATE_SWAP] +
	       usage->state[VMSCOPE_STATE_SHMEM_SWAP];
}

/**
 * usage_empty - bytes that are mapped and have no entry
 * @usage: the sums, of a scan of whole areas
 *
 * Return: bytes; what other records of the scan leave of its areas.
 */
uint64_t usage_empty(const struct usage *usage)
{
	uint64_t known = 0;

	for (unsigned int s = 1; s < VMSCOPE_NR_STATES; s++)
		known += usage->state[s];
	return usage->mapped > known ? usage->mapped - known : 0;
}

/**
 * usage_swap_kinds - swapped bytes by kind of device
 * @usage: the sums of a scan that asked for slots
 * @devices: the devices; numbers that occur must have been seen
 * @kinds: filled, by enum swap_kind
 */
void usage_swap_kinds(const struct usage *usage,
		      const struct swap_devices *devices, uint64_t kinds[3])
{
	kinds[SWAP_UNSURE] = 0;
	kinds[SWAP_ZRAM] = 0;
	kinds[SWAP_DISK] = 0;
	for (unsigned int t = 0; t < MAX_SWAP_DEVICES; t++) {
		if (usage->swap_type[t])
			kinds[swap_device_kind(devices, t)] +=
				usage->swap_type[t];
	}
}
