/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_OBJECTS_H
#define _VMSCOPE_OBJECTS_H

#include <linux/sizes.h>

#include "../../include/uapi/vmscope.h"

struct vmscope_scanner;
struct vmscope_target;

/* With the list's own fields, no more than a page. */
#define VMSCOPE_OBJECTS_ROOM \
	((SZ_4K - 8 * sizeof(u64)) / sizeof(struct vmscope_object))

/**
 * struct vmscope_object_list - objects on their way out
 * @scanner: finds page tables; replaces its earlier scan
 * @target: whose objects
 * @stage: the current kind
 * @skip: objects of the current thread that were reported already; for page
 *	tables, the cursor of the scan
 * @at: the next PID, number, descriptor or address
 * @nr: objects in @buf
 * @room: objects that @buf may take
 * @buf: the objects
 *
 * Guarded by the lock of its owner.
 */
struct vmscope_object_list {
	struct vmscope_scanner *scanner;
	struct vmscope_target *target;
	unsigned int stage;
	u64 skip;
	u64 at;
	unsigned int nr;
	unsigned int room;
	struct vmscope_object buf[VMSCOPE_OBJECTS_ROOM];
};

int vmscope_objects_check(const struct vmscope_objects *query);
void vmscope_objects_begin(struct vmscope_object_list *list,
			   struct vmscope_scanner *scanner,
			   struct vmscope_target *target,
			   const struct vmscope_objects *query);
int vmscope_objects_fill(struct vmscope_object_list *list, u64 room);
void vmscope_objects_result(const struct vmscope_object_list *list,
			    struct vmscope_objects *result);

#endif /* _VMSCOPE_OBJECTS_H */
