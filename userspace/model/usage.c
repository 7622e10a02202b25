// SPDX-License-Identifier: GPL-2.0-or-later
/* Adding records up. */
#include "model/usage.h"

#include <stdio.h>
#include <string.h>

#include "cli/format.h"

/* Runs of swapped pages with their slots; slots split runs. */
static const struct vmscope_query slots_query = {
	.end = UINT64_MAX,
	.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES |
		 VMSCOPE_SCAN_SKIP_EMPTY,
	.states = 1 << VMSCOPE_STATE_SWAP | 1 << VMSCOPE_STATE_SHMEM_SWAP,
};

static int see_device(void *arg, const struct vmscope_record *rec)
{
	struct swap_devices *devices = arg;

	if (vmscope_has_slot(rec))
		swap_devices_see(devices, VMSCOPE_SLOT_TYPE(rec->value));
	return 0;
}

/*
 * Reads the names of swap devices. Of several, the numbers that a process's
 * entries hold narrow down which is which: they are scanned, at a cost that is
 * added to @cost unless that is NULL. Returns 0 or a negative errno.
 */
int usage_see_devices(const struct target *target, struct cost *cost,
		      struct swap_devices *devices)
{
	swap_devices_read(devices, target->info->max_slot_type);
	if (devices->nr < 2)
		return 0;
	return target_scan(target, &slots_query, cost, see_device, devices);
}

/*
 * What smaps counts as resident: pages that are mapped, and entries that hold
 * on to a page for a while.
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

/* A huge page that is migrating or has a memory error still counts as one. */
static bool is_hugetlb(const struct vmscope_record *rec)
{
	return rec->state == VMSCOPE_STATE_HUGETLB ||
	       (rec->area && rec->area->vma_flags & VMSCOPE_VMA_HUGETLB &&
		is_resident(rec));
}

static void add_facts(struct usage *usage, const struct vmscope_info *info,
		      const struct vmscope_frame *frame, uint64_t bytes)
{
	uint64_t size =
		(info->page_size << VMSCOPE_PLACE_ORDER(frame->place)) >>
		USAGE_FOLIO_SHIFT;
	uint64_t node = VMSCOPE_PLACE_NODE(frame->place);

	if (frame->known & VMSCOPE_FACT_ORDER && size &&
	    size < 1 << USAGE_FOLIOS)
		usage->folio[__builtin_ctzll(size)] += bytes;
	if (frame->known & VMSCOPE_FACT_NODE)
		usage->node[node < USAGE_NODES ? node : USAGE_NODES - 1] +=
			bytes;
}

static void add_present(struct usage *usage, const struct vmscope_info *info,
			const struct vmscope_record *rec, uint64_t bytes)
{
	bool hugetlb = is_hugetlb(rec), large = rec->level >= VMSCOPE_LEVEL_PMD;

	if (!hugetlb && !is_resident(rec))
		return;
	if (hugetlb) {
		usage->hugetlb[rec->level] += bytes;
		usage->all_hugetlb += bytes;
	} else {
		usage->leaf[rec->level] += bytes;
		usage->resident += bytes;
		usage->thp += large ? bytes : 0;
	}
	usage->huge += hugetlb || large ? bytes : 0;
	if (rec->frame)
		add_facts(usage, info, rec->frame, bytes);
	if (rec->area && rec->area->vma_flags & VMSCOPE_VMA_LOCKED)
		usage->locked += bytes;
}

/* A device's frame is neither resident nor swapped: it is not our memory. */
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

/* Adds any record; @frames: its value is that of its frames. */
void usage_add(struct usage *usage, const struct vmscope_info *info,
	       const struct vmscope_record *rec, bool frames)
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
	if (rec->state == VMSCOPE_STATE_SWAP ||
	    rec->state == VMSCOPE_STATE_SHMEM_SWAP)
		usage->swapped += bytes;
	add_present(usage, info, rec, bytes);
	if (frames)
		add_frames(usage, info, rec, bytes);
}

static int add_slots(void *arg, const struct vmscope_record *rec)
{
	struct usage *usage = arg;
	unsigned int type = VMSCOPE_SLOT_TYPE(rec->value);

	if (vmscope_has_slot(rec) && type < MAX_SWAP_DEVICES)
		usage->swap_type[type] += rec->end - rec->addr;
	return 0;
}

/*
 * Adds up by device what a process has swapped, and notes the devices' numbers.
 * Only swapped pages are scanned with their slots, if there are any: with a
 * value, hardly any two pages are one run. Returns 0 or a negative errno.
 */
int usage_scan_slots(const struct target *target, struct cost *cost,
		     struct usage *usage, struct swap_devices *devices)
{
	int ret;

	if (!usage->swapped)
		return 0;
	ret = target_scan(target, &slots_query, cost, add_slots, usage);
	for (unsigned int t = 0; t < MAX_SWAP_DEVICES; t++) {
		if (usage->swap_type[t])
			swap_devices_see(devices, t);
	}
	return ret;
}

void usage_sum(struct usage *sum, const struct usage *usage)
{
	const uint64_t *one = (const uint64_t *)usage;
	uint64_t *all = (uint64_t *)sum;

	for (size_t i = 0; i < sizeof(*usage) / sizeof(*one); i++)
		all[i] += one[i];
}

/* Bytes without an entry: whole areas, less all other records. */
uint64_t usage_empty(const struct usage *usage)
{
	uint64_t known = 0;

	for (unsigned int s = 1; s < VMSCOPE_NR_STATES; s++)
		known += usage->state[s];
	return usage->mapped > known ? usage->mapped - known : 0;
}

/* "4K:12M 64K:3M": what is resident, by the size of its folio. */
void get_folios(const void *usage, struct value *v)
{
	const uint64_t *folio = ((const struct usage *)usage)->folio;
	size_t len = 0;
	char size[16], bytes[24];

	for (unsigned int i = 0; i < USAGE_FOLIOS; i++) {
		if (!folio[i])
			continue;
		format_size(1ULL << (USAGE_FOLIO_SHIFT + i), size,
			    sizeof(size));
		format_amount(folio[i], bytes, sizeof(bytes));
		/* What does not fit is left out. */
		if (len + strlen(size) + strlen(bytes) + 3 > sizeof(v->buf))
			break;
		len += snprintf(v->buf + len, sizeof(v->buf) - len, "%s%s:%s",
				len ? " " : "", size, bytes);
	}
	if (len)
		value_text(v, v->buf);
}

/* "0:12M 1:3M": what is resident, by node. */
void get_nodes(const void *usage, struct value *v)
{
	const uint64_t *node = ((const struct usage *)usage)->node;
	size_t len = 0;
	char bytes[24];

	for (unsigned int n = 0; n < USAGE_NODES; n++) {
		if (node[n] && len < sizeof(v->buf))
			len += snprintf(v->buf + len, sizeof(v->buf) - len,
					"%s%u%s:%s", len ? " " : "", n,
					n == USAGE_NODES - 1 ? "+" : "",
					format_amount(node[n], bytes,
						      sizeof(bytes)));
	}
	if (len)
		value_text(v, v->buf);
}

void get_empty(const void *usage, struct value *v)
{
	value_number(v, usage_empty(usage));
}

/* The scan asked for slots, so the numbers of the devices have been noted. */
void usage_swap_kinds(const struct usage *usage,
		      const struct swap_devices *devices,
		      uint64_t kinds[NR_SWAP_KINDS])
{
	memset(kinds, 0, NR_SWAP_KINDS * sizeof(kinds[0]));
	for (unsigned int t = 0; t < MAX_SWAP_DEVICES; t++)
		kinds[swap_device_kind(devices, t)] += usage->swap_type[t];
}
