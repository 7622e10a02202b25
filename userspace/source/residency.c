// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whether the swap cache holds pages of shared memory that are swapped out.
 * mincore() says so of a mapping of our own.
 */
#include "source/residency.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/target.h"

/*
 * Opens the file of an area, without a trace in its access time; false if that
 * is not possible. Only regular files are opened: opening others can have any
 * effect. To be closed in any case.
 */
bool residency_open(struct residency *res, const struct target *target,
		    const struct vmscope_area *area)
{
	unsigned long long start = VMSCOPE_WORD_ADDR(area->where);
	char name[64], path[128];
	struct stat st;

	res->fd = -1;
	res->nr = 0;
	res->page_bytes = target->info->page_size;
	snprintf(name, sizeof(name), "map_files/%llx-%llx", start,
		 (unsigned long long)area->end);
	if (!proc_of_target(target, name, path, sizeof(path)) ||
	    stat(path, &st) || !S_ISREG(st.st_mode) || st.st_ino != area->inode)
		return false;
	res->fd = open(path, O_RDONLY | O_NOATIME | O_NONBLOCK | O_CLOEXEC);
	return res->fd >= 0;
}

static bool move_window(struct residency *res, uint64_t index)
{
	uint64_t file_pages;
	size_t bytes;
	struct stat st;
	void *window;
	int ret;

	if (fstat(res->fd, &st))
		return false;
	file_pages = (st.st_size + res->page_bytes - 1) / res->page_bytes;
	res->first = index;
	res->nr = RESIDENCY_PAGES;
	if (index >= file_pages)
		return false;
	if (res->nr > file_pages - index)
		res->nr = file_pages - index;
	bytes = res->nr * res->page_bytes;
	window = mmap(NULL, bytes, PROT_READ, MAP_SHARED | MAP_NORESERVE,
		      res->fd, index * res->page_bytes);
	if (window == MAP_FAILED)
		return false;
	ret = mincore(window, bytes, res->cached);
	munmap(window, bytes);
	return !ret;
}

/* Whether the page at an offset of the file is in memory. */
enum fact residency_of(struct residency *res, uint64_t offset)
{
	uint64_t index = offset / res->page_bytes;

	if (res->fd < 0)
		return FACT_UNKNOWN;
	if (index - res->first >= res->nr && !move_window(res, index)) {
		res->nr = 0;
		return FACT_UNKNOWN;
	}
	return res->cached[index - res->first] & 1 ? FACT_YES : FACT_NO;
}

void residency_close(struct residency *res)
{
	if (res->fd >= 0)
		close(res->fd);
	res->fd = -1;
}
