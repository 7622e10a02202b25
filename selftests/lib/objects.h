/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel keeps for a process, as the device reports it.
 */
#ifndef _VMSCOPE_SELFTEST_OBJECTS_H
#define _VMSCOPE_SELFTEST_OBJECTS_H

#include "vmscope_test.h"

/* Everything that the kernel keeps for a process. */
struct objects {
	/* as the kernel wrote them, one after the other */
	struct vmscope_object *objs;
	size_t nr; /* how many there are */
	size_t calls; /* number of calls */
	size_t room;
};

#define for_each_object(obj, list)                            \
	for (const struct vmscope_object *obj = (list)->objs; \
	     obj < (list)->objs + (list)->nr; obj++)

int objects_errno(int fd, void *arg);
int objects_read(int fd, size_t room, struct objects *objects);
void objects_free(struct objects *objects);
const char *objects_malformed(const struct objects *objects);
size_t objects_count(const struct objects *objects, unsigned int type);
const struct vmscope_object *objects_find(const struct objects *objects,
					  unsigned int type, __u64 id);
const char *objects_unlike_directory(const struct objects *objects,
				     unsigned int type, pid_t pid,
				     const char *name);

#endif /* _VMSCOPE_SELFTEST_OBJECTS_H */
