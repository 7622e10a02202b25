// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finds whose page tables frames are. A table does not say so itself: look
 * through the kernel's, then those of every process, once for all frames.
 */
#include "source/tableowner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/array.h"

/*
 * Adds a frame before the search; @kernel_only: such a frame cannot hold a
 * table of a process. Returns 0 or -ENOMEM.
 */
int table_owners_add(struct table_owners *owners, uint64_t pfn,
		     bool kernel_only)
{
	if (!array_reserve(&owners->owner, owners->nr + 1, &owners->room,
			   sizeof(owners->owner[0])))
		return -ENOMEM;
	owners->owner[owners->nr++] = (struct table_owner){
		.pfn = pfn,
		.kernel_only = kernel_only,
	};
	return 0;
}

/* Several addresses may be in one table. */
static void sort_owners(struct table_owners *owners)
{
	size_t kept = 0;

	array_sort(owners->owner, owners->nr, sizeof(*owners->owner));
	for (size_t i = 0; i < owners->nr; i++) {
		if (!kept ||
		    owners->owner[kept - 1].pfn != owners->owner[i].pfn)
			owners->owner[kept++] = owners->owner[i];
	}
	owners->nr = kept;
}

static struct table_owner *find_owner(const struct table_owners *owners,
				      uint64_t pfn)
{
	size_t below = array_below(owners->owner, owners->nr,
				   sizeof(*owners->owner), pfn);

	return below && owners->owner[below - 1].pfn == pfn ?
		       &owners->owner[below - 1] :
		       NULL;
}

/* A table of the kernel is the kernel's in every process that maps it, too. */
static void claim(struct table_owner *owner, const struct target *target,
		  const struct vmscope_record *rec, bool user_copy)
{
	if (!owner || (owner->level && !owner->pid) ||
	    (owner->kernel_only && !target->kernel))
		return;
	/* If areas change meanwhile, a table may be reported again. */
	owner->processes += target->pid != owner->last;
	owner->last = target->pid;
	if (owner->level && owner->pid < target->pid)
		return;
	owner->level = rec->level;
	owner->addr = rec->addr;
	owner->user_copy = user_copy;
	owner->pid = target->pid;
	memcpy(owner->comm, target->comm, sizeof(owner->comm));
}

/*
 * Page-table isolation allocates roots in pairs: the kernel's, and in the next
 * page the one that user mode runs on.
 * Source: kernel_to_user_pgdp() in arch/x86/include/asm/pgtable.h
 */
static bool has_copy(const struct vmscope_info *info,
		     const struct vmscope_record *rec)
{
	return rec->level == VMSCOPE_LEVEL_PGD &&
	       info->arch == VMSCOPE_ARCH_X86_64 &&
	       info->features & VMSCOPE_FEAT_PTI &&
	       !(rec->table_phys & info->page_size);
}

/* A search for the frames among the tables of targets. */
struct search {
	struct table_owners *owners;
	const struct target *target; /* the current one */
	struct cost *cost; /* of all scans */
};

static int match_table(void *arg, const struct vmscope_record *rec)
{
	const struct search *search = arg;
	const struct table_owners *owners = search->owners;
	const struct target *target = search->target;
	uint64_t pfn = rec->table_phys / target->info->page_size;

	if (rec->kind != VMSCOPE_KIND_TABLE || rec->flags & VMSCOPE_F_WITHHELD)
		return 0;
	/* The kernel is read through the root of the reading process. */
	if (target->kernel && rec->level == VMSCOPE_LEVEL_PGD)
		return 0;
	claim(find_owner(owners, pfn), target, rec, false);
	if (has_copy(target->info, rec))
		claim(find_owner(owners, pfn + 1), target, rec, true);
	return 0;
}

/* Only tables are reported: every entry has a level, hardly any is unknown. */
static int scan_tables(void *arg, struct target *target)
{
	struct vmscope_query query = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_TABLES |
			 VMSCOPE_SCAN_SKIP_EMPTY,
	};
	struct search *search = arg;

	if (target->kernel)
		query.states = 1 << VMSCOPE_STATE_UNKNOWN;
	else
		query.levels = 1 << VMSCOPE_LEVEL_NONE;
	search->target = target;
	return target_scan(target, &query, search->cost, match_table, search);
}

static bool wants_processes(const struct table_owners *owners)
{
	for (size_t i = 0; i < owners->nr; i++) {
		if (!owners->owner[i].level && !owners->owner[i].kernel_only)
			return true;
	}
	return false;
}

/*
 * Finds out whose page tables the frames are. Processes share tables, of
 * hugetlbfs and after vfork(), so look at all of them, even if each frame has
 * been found already. Returns 0 or a negative errno.
 */
int table_owners_find(struct table_owners *owners, struct target *kernel,
		      struct cost *cost)
{
	struct search search = { .owners = owners, .cost = cost };
	int ret;

	if (!owners->nr)
		return 0;
	sort_owners(owners);
	ret = scan_tables(&search, kernel);
	if (ret || !wants_processes(owners))
		return ret;
	ret = target_each(scan_tables, &search);
	if (ret == -EPERM || ret == -EACCES) {
		owners->refused = true;
		ret = 0;
	}
	cost_clear(cost);
	return ret;
}

/* The owner of a frame that was searched for, or NULL if it was not found. */
const struct table_owner *table_owners_at(const struct table_owners *owners,
					  uint64_t pfn)
{
	const struct table_owner *owner = find_owner(owners, pfn);

	return owner && owner->level ? owner : NULL;
}

void table_owners_free(struct table_owners *owners)
{
	free(owners->owner);
}
