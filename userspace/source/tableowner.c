// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frames -> whose page tables they are. No table says so itself: the kernel's
 * are looked through, then those of every process, once for all frames.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "source/tableowner.h"

/**
 * table_owners_add - ask for a frame
 * @owners: zero at first; nothing was looked for yet
 * @pfn: the frame
 * @kernel_only: no table of a process lies in such a frame
 *
 * Return: 0 or -ENOMEM.
 */
int table_owners_add(struct table_owners *owners, uint64_t pfn,
		     bool kernel_only)
{
	struct table_owner *more;

	if (owners->nr == owners->room) {
		size_t room = owners->room ? 2 * owners->room : 16;

		more = realloc(owners->owner, room * sizeof(*more));
		if (!more)
			return -ENOMEM;
		owners->owner = more;
		owners->room = room;
	}
	owners->owner[owners->nr++] = (struct table_owner){
		.pfn = pfn,
		.kernel_only = kernel_only,
	};
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct table_owner *x = a, *y = b;

	return (x->pfn > y->pfn) - (x->pfn < y->pfn);
}

/* Several addresses may be in one table. */
static void sort(struct table_owners *owners)
{
	size_t kept = 0;

	qsort(owners->owner, owners->nr, sizeof(*owners->owner), compare);
	for (size_t i = 0; i < owners->nr; i++) {
		if (!kept ||
		    owners->owner[kept - 1].pfn != owners->owner[i].pfn)
			owners->owner[kept++] = owners->owner[i];
	}
	owners->nr = kept;
}

static struct table_owner *find(const struct table_owners *owners, uint64_t pfn)
{
	const struct table_owner key = { .pfn = pfn };

	if (!owners->nr)
		return NULL;
	return bsearch(&key, owners->owner, owners->nr, sizeof(key), compare);
}

/* What the kernel has is the kernel's in every process that shows it, too. */
static void claim(struct table_owner *owner, const struct target *target,
		  const struct vmscope_record *rec, bool user_copy)
{
	if (!owner || (owner->level && !owner->pid) ||
	    (owner->kernel_only && !target->kernel))
		return;
	/* One whose areas change meanwhile may report a table again. */
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
 * Page-table isolation allocates roots as pairs: the kernel's, and in the next
 * page the one on which user mode runs.
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

/* The kernel is read by the root of whoever reads it, which is not its own. */
static bool is_borrowed(const struct target *target,
			const struct vmscope_record *rec)
{
	return target->kernel && rec->level == VMSCOPE_LEVEL_PGD;
}

/**
 * struct search - for the frames among the tables of a target
 * @owners: the frames
 * @target: the target
 */
struct search {
	struct table_owners *owners;
	const struct target *target;
};

static int look_at(void *arg, const struct vmscope_record *rec)
{
	const struct search *search = arg;
	const struct table_owners *owners = search->owners;
	const struct target *target = search->target;
	uint64_t pfn = rec->table_phys / target->info->page_size;

	if (rec->kind != VMSCOPE_KIND_TABLE ||
	    rec->flags & VMSCOPE_F_WITHHELD || is_borrowed(target, rec))
		return 0;
	claim(find(owners, pfn), target, rec, false);
	if (has_copy(target->info, rec))
		claim(find(owners, pfn + 1), target, rec, true);
	return 0;
}

static int scan(struct table_owners *owners, struct target *target,
		const struct vmscope_query *query, const struct request *req)
{
	struct search search = { owners, target };

	return target_scan(target, query, req, look_at, &search);
}

static int scan_kernel(struct table_owners *owners, struct target *kernel,
		       const struct request *req)
{
	const struct vmscope_query query = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_TABLES |
			 VMSCOPE_SCAN_SKIP_EMPTY,
		/* Hardly ever one: tables alone are wanted. */
		.states = 1 << VMSCOPE_STATE_UNKNOWN,
	};

	return scan(owners, kernel, &query, req);
}

/**
 * struct job - the search in all processes
 * @owners: the frames
 * @req: the request
 */
struct job {
	struct table_owners *owners;
	const struct request *req;
};

static int scan_process(void *arg, struct target *target)
{
	const struct vmscope_query query = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_TABLES |
			 VMSCOPE_SCAN_SKIP_EMPTY,
		/* No entry is at no level: only tables are reported. */
		.levels = 1 << VMSCOPE_LEVEL_NONE,
	};
	const struct job *job = arg;

	return scan(job->owners, target, &query, job->req);
}

static bool wants_processes(const struct table_owners *owners)
{
	for (size_t i = 0; i < owners->nr; i++) {
		if (!owners->owner[i].level && !owners->owner[i].kernel_only)
			return true;
	}
	return false;
}

/**
 * table_owners_find - find out whose page tables the frames are
 * @owners: the frames
 * @kernel: the kernel
 * @req: the request
 *
 * Processes share tables, of hugetlbfs and after vfork(), so that all of them
 * are looked at, even if each frame has been found in one.
 *
 * Return: 0 or a negative errno.
 */
int table_owners_find(struct table_owners *owners, struct target *kernel,
		      const struct request *req)
{
	struct job job = { owners, req };
	int ret;

	if (!owners->nr)
		return 0;
	sort(owners);
	ret = scan_kernel(owners, kernel, req);
	if (ret || !wants_processes(owners))
		return ret;
	ret = target_each(scan_process, &job);
	if (ret == -EPERM || ret == -EACCES) {
		owners->refused = true;
		ret = 0;
	}
	cost_clear(req);
	return ret;
}

/**
 * table_owners_at - whose page table a frame is
 * @owners: after table_owners_find()
 * @pfn: the frame
 *
 * Return: the owner, or NULL where none was found.
 */
const struct table_owner *table_owners_at(const struct table_owners *owners,
					  uint64_t pfn)
{
	const struct table_owner *owner = find(owners, pfn);

	return owner && owner->level ? owner : NULL;
}

/**
 * table_owners_free - free the list
 * @owners: the frames
 */
void table_owners_free(struct table_owners *owners)
{
	free(owners->owner);
}
