// SPDX-License-Identifier: GPL-2.0-or-later
/* What a fault depends on besides page tables and areas. */
#include "source/faultfacts.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source/proc.h"
#include "source/target.h"

#define HUGEPAGES "kernel/mm/hugepages/hugepages-%llukB/"
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

static bool sys_number(const char *path, uint64_t *number)
{
	char line[64];

	if (!sys_line(path, line, sizeof(line)))
		return false;
	*number = strtoull(line, NULL, 10);
	return true;
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
void thp_sizes_read(struct thp_sizes *sizes, uint64_t page_bytes)
{
	char path[320], line[128], common_line[128];
	const char *common =
		sys_choice(THP "enabled", common_line, sizeof(common_line));
	struct dirent *entry;
	unsigned long long kib;
	bool has_sizes = false;
	uint64_t pmd = 0;
	DIR *dir;

	*sizes = (struct thp_sizes){ page_bytes, page_bytes };
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
	if (!has_sizes && sys_number(THP "hpage_pmd_size", &pmd))
		add_size(sizes, common, pmd);
}

/* How much of a cached file a read fault maps at most, an aligned range. */
uint64_t fault_around_bytes(uint64_t page_bytes)
{
	uint64_t bytes;

	if (!sys_number("kernel/debug/fault_around_bytes", &bytes))
		bytes = 64 * 1024;
	return bytes > page_bytes ? bytes : page_bytes;
}

/*
 * Whether the pool has a page for an untouched page of a hugetlbfs area. An
 * area has its pages reserved when it is made, unless MAP_NORESERVE.
 */
enum fact huge_page_left(const struct vmscope_area *area)
{
	static const char *const names[] = { "free", "resv", "nr_overcommit",
					     "surplus" };
	uint64_t pages[4];
	char path[128];

	for (unsigned int i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), HUGEPAGES "%s_hugepages",
			 (unsigned long long)area->page_size / 1024, names[i]);
		if (!sys_number(path, &pages[i]))
			return FACT_UNKNOWN;
	}
	if (pages[0] > pages[1])
		return FACT_YES;
	if (!(area->vma_flags & VMSCOPE_VMA_NORESERVE))
		return pages[0] ? FACT_YES : FACT_UNKNOWN;
	return pages[2] > pages[3] ? FACT_UNKNOWN : FACT_NO;
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

/* The soft limit of a stack, UINT64_MAX for none; false if it is unknown. */
static bool stack_limit(const struct target *target, uint64_t *limit)
{
	char path[128], line[128], soft[32];
	bool found = false;
	FILE *f = proc_of_target(target, "limits", path, sizeof(path)) ?
			  fopen(path, "re") :
			  NULL;

	while (f && !found && fgets(line, sizeof(line), f))
		found = sscanf(line, "Max stack size %31s", soft) == 1;
	if (f)
		fclose(f);
	*limit = !found || *soft == 'u' ? UINT64_MAX : strtoull(soft, NULL, 10);
	return found;
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

/* Pages that the kernel keeps free below a stack, without stack_guard_gap=. */
enum { GUARD_GAP_PAGES = 256 };

/*
 * Whether the stack above an address in no area may grow to it; its flags go
 * to @vma_flags. Limits on all memory of the process are not looked at.
 * Source: expand_downwards(), acct_stack_growth() in mm/mmap.c
 */
enum fact stack_may_grow(const struct target *target, uint64_t addr,
			 uint64_t *vma_flags)
{
	uint64_t page = addr & ~(uint64_t)(target->info->page_size - 1);
	uint64_t gap = GUARD_GAP_PAGES * target->info->page_size, limit;
	const struct vmscope_query query = {
		.start = page > gap ? page - gap : 0,
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS |
			 VMSCOPE_SCAN_SKIP_EMPTY,
		.levels = 1 << VMSCOPE_LEVEL_NONE,
	};
	struct around around = { .addr = addr };

	if (target_scan(target, &query, NULL, see_area, &around) != 1)
		return FACT_UNKNOWN;
	*vma_flags = around.above.vma_flags;
	if (around.end_below && page - around.end_below < gap)
		return FACT_NO;
	if (!stack_limit(target, &limit))
		return FACT_UNKNOWN;
	return around.above.end - page > limit ? FACT_NO : FACT_YES;
}
