// SPDX-License-Identifier: GPL-2.0-or-later
/* What a fault depends on besides page tables and areas. */
#include "source/faultfacts.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "source/proc.h"
#include "source/target.h"

#define HUGEPAGES "hugepages/hugepages-%llukB/"
#define NODES "devices/system/node/"
#define THP "kernel/mm/transparent_hugepage/"

/* The first line of a file below /sys; false if it cannot be read. */
static bool sys_line(const char *path, char *line, int bytes)
{
	char full[256];
	FILE *f;
	bool ok;

	snprintf(full, sizeof(full), "%s/%s", sys_root, path);
	f = fopen(full, "re");
	ok = f && fgets(line, bytes, f);
	if (f)
		fclose(f);
	return ok;
}

/* The word in brackets of a file such as "always [madvise] never", or "". */
static const char *sys_choice(const char *path, char *line, int bytes)
{
	char *word = sys_line(path, line, bytes) ? strchr(line, '[') : NULL;

	if (!word)
		return "";
	word[strcspn(word, "]")] = '\0';
	return word + 1;
}

/*
 * The path of a target's file below /proc. False if the mounted /proc is of
 * another PID namespace, where the number is somebody else's.
 */
bool proc_of_target(const struct target *target, const char *name, char *path,
		    unsigned long bytes)
{
	char self[32] = "";

	snprintf(path, bytes, "%s/self", proc_root);
	if (target->kernel || readlink(path, self, sizeof(self) - 1) < 0 ||
	    atoi(self) != getpid())
		return false;
	snprintf(path, bytes, "%s/%d/%s", proc_root, target->pid, name);
	return true;
}

static void add_size(struct thp_sizes *sizes, const char *choice,
		     uint64_t bytes)
{
	bool always = !strcmp(choice, "always");

	if (always && bytes > sizes->always)
		sizes->always = bytes;
	if ((always || !strcmp(choice, "madvise")) && bytes > sizes->advised)
		sizes->advised = bytes;
}

/*
 * Kernels before 6.8 have one setting, and one size. Newer ones have a setting
 * for each size, which may refer to the common one.
 */
static void thp_settings_read(struct thp_sizes *sizes)
{
	char path[320], line[128], common_line[128];
	const char *common =
		sys_choice(THP "enabled", common_line, sizeof(common_line));
	struct dirent *entry;
	unsigned long long kib;
	bool has_sizes = false;
	uint64_t pmd = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/" THP, sys_root);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		const char *choice;

		if (sscanf(entry->d_name, "hugepages-%llukB", &kib) != 1)
			continue;
		snprintf(path, sizeof(path), THP "%s/enabled", entry->d_name);
		choice = sys_choice(path, line, sizeof(line));
		has_sizes |= *choice != '\0';
		add_size(sizes, strcmp(choice, "inherit") ? choice : common,
			 kib * 1024);
	}
	if (dir)
		closedir(dir);
	if (!has_sizes && file_number(sys_root, THP "hpage_pmd_size", &pmd))
		add_size(sizes, common, pmd);
}

/*
 * The number after @name in a file of the target, UINT64_MAX for "unlimited";
 * false if it is not there.
 */
static bool target_number(const struct target *target, const char *file,
			  const char *name, uint64_t *number)
{
	char path[128], line[256] = "";
	const char *text;
	size_t bytes = strlen(name);
	bool found = false;
	FILE *f = proc_of_target(target, file, path, sizeof(path)) ?
			  fopen(path, "re") :
			  NULL;

	while (f && !found && fgets(line, sizeof(line), f))
		found = !strncmp(line, name, bytes);
	if (f)
		fclose(f);
	if (!found)
		return false;
	text = line + bytes + strspn(line + bytes, " \t");
	*number = *text == 'u' ? UINT64_MAX : strtoull(text, NULL, 10);
	return true;
}

void thp_sizes_read(struct thp_sizes *sizes, uint64_t page_bytes)
{
	uint64_t on;

	*sizes = (struct thp_sizes){ page_bytes, page_bytes, false };
	thp_settings_read(sizes);
	if (file_number(sys_root, THP "use_zero_page", &on))
		sizes->no_huge_zero = !on;
}

/*
 * Whether @bytes more stay below @limit, without what is kept for root and for
 * other processes. The sum of what is in use is not exact.
 */
static bool is_promised(uint64_t limit, uint64_t bytes)
{
	uint64_t root, user, used, total;

	if (!file_number(proc_root, "sys/vm/admin_reserve_kbytes", &root) ||
	    !file_number(proc_root, "sys/vm/user_reserve_kbytes", &user) ||
	    !proc_meminfo("Committed_AS", &used) ||
	    !proc_meminfo("MemTotal", &total))
		return false;
	limit /= 1024;
	used = (used + bytes + total / 128) / 1024;
	return root < limit && user < limit - root &&
	       used < limit - root - user;
}

/*
 * Whether the machine lets a process have so much more.
 * Source: __vm_enough_memory() in mm/util.c
 */
static enum fact machine_leaves(uint64_t bytes)
{
	uint64_t mode, total, swap;

	if (!file_number(proc_root, "sys/vm/overcommit_memory", &mode))
		return FACT_UNKNOWN;
	if (mode == 1)
		return FACT_YES;
	if (mode == 2)
		return proc_meminfo("CommitLimit", &total) &&
				       is_promised(total, bytes) ?
			       FACT_YES :
			       FACT_UNKNOWN;
	if (!proc_meminfo("MemTotal", &total) ||
	    !proc_meminfo("SwapTotal", &swap))
		return FACT_UNKNOWN;
	return bytes <= total + swap ? FACT_YES : FACT_NO;
}

/*
 * Whether there may be no space for another page of an area's file: its file
 * system has none left, or the machine may not have it for shared memory. A file
 * system without a limit counts no blocks.
 * Source: shmem_inode_acct_blocks() in mm/shmem.c
 */
enum fact file_system_full(const struct target *target,
			   const struct vmscope_area *area)
{
	unsigned long long start = VMSCOPE_WORD_ADDR(area->where);
	char name[64], path[128];
	struct statfs fs;

	snprintf(name, sizeof(name), "map_files/%llx-%llx", start,
		 (unsigned long long)area->end);
	if (!proc_of_target(target, name, path, sizeof(path)) ||
	    statfs(path, &fs))
		return FACT_UNKNOWN;
	if (area->name_kind == VMSCOPE_NAME_SHMEM &&
	    machine_leaves(target->info->page_size) != FACT_YES)
		return FACT_YES;
	return fs.f_blocks && !fs.f_bavail ? FACT_YES : FACT_NO;
}

/* What the pool of huge pages of a size counts. */
enum { POOL_FREE, POOL_RESERVED, POOL_OVERCOMMIT, POOL_SURPLUS, NR_POOL };

static bool pool_read(uint64_t page_bytes, uint64_t pages[NR_POOL])
{
	static const char *const names[NR_POOL] = { "free", "resv",
						    "nr_overcommit",
						    "surplus" };
	char path[128];

	for (unsigned int i = 0; i < NR_POOL; i++) {
		snprintf(path, sizeof(path),
			 "kernel/mm/" HUGEPAGES "%s_hugepages",
			 (unsigned long long)page_bytes / 1024, names[i]);
		if (!file_number(sys_root, path, &pages[i]))
			return false;
	}
	return true;
}

/* If one has none, a memory policy or a cpuset may allow only that one. */
static bool every_node_has_huge_pages(uint64_t page_bytes)
{
	char path[320];
	struct dirent *entry;
	uint64_t free;
	unsigned int node;
	bool all = true;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/" NODES, sys_root);
	dir = opendir(path);
	while (dir && all && (entry = readdir(dir))) {
		if (sscanf(entry->d_name, "node%u", &node) != 1)
			continue;
		snprintf(path, sizeof(path),
			 NODES "node%u/" HUGEPAGES "free_hugepages", node,
			 (unsigned long long)page_bytes / 1024);
		all = !file_number(sys_root, path, &free) || free;
	}
	if (dir)
		closedir(dir);
	return all;
}

/*
 * Whether the pool has a page for an untouched page of a hugetlbfs area, or for
 * a copy. If all free pages are reserved, only the kernel knows for whom: a
 * child has no part in what its parent reserved, and a page loses its
 * reservation when a hole is made in its file. Limits of a cgroup are not
 * looked at.
 * Source: alloc_hugetlb_folio() in mm/hugetlb.c
 */
enum fact huge_page_left(const struct target *target,
			 const struct vmscope_area *area)
{
	uint64_t pages[NR_POOL];

	if (!pool_read(area->page_size, pages))
		return FACT_UNKNOWN;
	if (!pages[POOL_FREE])
		return pages[POOL_OVERCOMMIT] > pages[POOL_SURPLUS] ?
			       FACT_UNKNOWN :
			       FACT_NO;
	if (pages[POOL_FREE] > pages[POOL_RESERVED] &&
	    every_node_has_huge_pages(area->page_size) &&
	    file_system_full(target, area) == FACT_NO)
		return FACT_YES;
	return FACT_UNKNOWN;
}

/* The areas around an address in none. */
struct around {
	uint64_t addr;
	/* end of the next area below, if that keeps a stack away, or 0 */
	uint64_t end_below;
	struct vmscope_area above;
};

static int see_area(void *arg, const struct vmscope_record *rec)
{
	const uint64_t access = VMSCOPE_VMA_READ | VMSCOPE_VMA_WRITE |
				VMSCOPE_VMA_EXEC;
	struct around *around = arg;

	if (rec->addr > around->addr) {
		around->above = *rec->area;
		return 1;
	}
	around->end_below = rec->area->vma_flags & access &&
					    !(rec->area->vma_flags &
					      VMSCOPE_VMA_GROWSDOWN) ?
				    rec->end :
				    0;
	return 0;
}

/*
 * Whether limits on all memory of the process leave so much, and those on
 * locked memory, which some may exceed; false if that is not known.
 * Source: acct_stack_growth() in mm/vma.c
 */
static bool limits_leave(const struct target *target, uint64_t bytes,
			 bool locked)
{
	static const struct {
		const char *limit;
		const char *used; /* in KiB */
	} limits[] = { { "Max address space", "VmSize:" },
		       { "Max locked memory", "VmLck:" } };
	uint64_t limit, used;

	for (int i = 0; i <= locked; i++)
		if (!target_number(target, "limits", limits[i].limit, &limit) ||
		    !target_number(target, "status", limits[i].used, &used) ||
		    limit < used * 1024 + bytes)
			return false;
	return true;
}

/*
 * Whether a stack may reach down to @page. A security module may keep more free
 * than the setting says; all that are known keep at most so much.
 * Source: expand_downwards() in mm/mmap.c, security/min_addr.c
 */
static enum fact above_the_lowest(uint64_t page)
{
	const uint64_t most = 64 * 1024;
	uint64_t lowest;

	if (!file_number(proc_root, "sys/vm/mmap_min_addr", &lowest))
		return FACT_UNKNOWN;
	if (page < lowest)
		return FACT_NO;
	return page < most ? FACT_UNKNOWN : FACT_YES;
}

/* Pages that the kernel keeps free below a stack, without stack_guard_gap=. */
enum { GUARD_GAP_PAGES = 256 };

/*
 * Whether the stack above an address in no area may grow to it; its flags go
 * to @vma_flags.
 * Source: expand_downwards(), acct_stack_growth() in mm/mmap.c
 */
enum fact stack_may_grow(const struct target *target, uint64_t addr,
			 uint64_t *vma_flags)
{
	uint64_t page = addr & ~(uint64_t)(target->info->page_size - 1);
	uint64_t gap = GUARD_GAP_PAGES * target->info->page_size;
	uint64_t growth, limit;
	const struct vmscope_query query = {
		.start = page > gap ? page - gap : 0,
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS |
			 VMSCOPE_SCAN_SKIP_EMPTY,
		.levels = 1 << VMSCOPE_LEVEL_NONE,
	};
	struct around around = { .addr = addr };
	enum fact lowest = above_the_lowest(page), machine;

	if (target_scan(target, &query, NULL, see_area, &around) != 1)
		return FACT_UNKNOWN;
	*vma_flags = around.above.vma_flags;
	growth = VMSCOPE_WORD_ADDR(around.above.where) - page;
	machine = machine_leaves(growth);
	if (around.end_below && page - around.end_below < gap)
		return FACT_NO;
	if (lowest == FACT_NO || machine == FACT_NO)
		return FACT_NO;
	if (!target_number(target, "limits", "Max stack size", &limit))
		return FACT_UNKNOWN;
	if (around.above.end - page > limit)
		return FACT_NO;
	return lowest == FACT_YES && machine == FACT_YES &&
			       limits_leave(target, growth,
					    *vma_flags & VMSCOPE_VMA_LOCKED) ?
		       FACT_YES :
		       FACT_UNKNOWN;
}
