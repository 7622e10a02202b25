/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the makers of mappings share. Each makes one in a struct mapping of
 * zeros, and returns NULL or why this machine cannot have it; mapping_drop()
 * frees what was made so far.
 */
#ifndef _VMSCOPE_MAPPING_PARTS_H
#define _VMSCOPE_MAPPING_PARTS_H

#include "mappings.h"
#include "procfs.h"

#define ANON_FLAGS (MAP_PRIVATE | MAP_ANONYMOUS)
#define FEW_BYTES (8 * PAGE_BYTES)
#define THP "/sys/kernel/mm/transparent_hugepage/"

/* A maker that is one expression, of @map. */
#define MAKE_BY(name, expression)                           \
	static const char *make_##name(struct mapping *map) \
	{                                                   \
		return expression;                          \
	}

/* @why, or if that is NULL and @failed, which comes after it, @message. */
#define AFTER(why, failed, message) ((why) ?: (failed) ? (message) : NULL)

/* Each list ends with a kind without a name. */
extern const struct mapping_kind memory_kinds[], file_kinds[], absent_kinds[];
extern const char no_memory[], no_thp[];

const char *map_at(struct mapping *map, size_t bytes, int prot, int flags,
		   int fd, off_t offset);
const char *map_into(struct mapping *map, size_t bytes, int prot, int flags,
		     int fd);
const char *map_small(struct mapping *map);
const char *map_aligned(struct mapping *map);
const char *make_anon(struct mapping *map);
const char *make_thp(struct mapping *map);
const char *make_hugetlb_untouched(struct mapping *map);
const char *make_shared_anon(struct mapping *map);
const char *make_memfd(struct mapping *map);
const char *make_tmpfs(struct mapping *map);

/* These three return NULL, so that "?:" can follow them in a maker. */
const char *patterns_fill(struct mapping *map);
const char *read_pages(const struct mapping *map);
const char *share_by_fork(struct mapping *map);
bool collapse(void *addr);

#endif /* _VMSCOPE_MAPPING_PARTS_H */
