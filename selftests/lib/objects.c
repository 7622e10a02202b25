// SPDX-License-Identifier: GPL-2.0-only
/* Readers of a process's objects, and checks of them. */
#include <dirent.h>

#include "objects.h"

/* The errno of one call, 0 if it succeeds. */
int objects_errno(int fd, void *arg)
{
	return ioctl(fd, VMSCOPE_IOC_OBJECTS, arg) ? errno : 0;
}

static bool objects_append(struct objects *objects,
			   const struct vmscope_object *from, size_t nr)
{
	if (!array_room(&objects->objs, &objects->room, objects->nr + nr,
			sizeof(*from)))
		return false;
	memcpy(objects->objs + objects->nr, from, nr * sizeof(*from));
	objects->nr += nr;
	objects->calls++;
	return true;
}

/* A call must make progress: it is done, or has written as many as it could. */
static bool objects_moved(const struct vmscope_objects *before,
			  const struct vmscope_objects *after)
{
	if (after->bytes > before->buf_bytes || after->done > 1 ||
	    after->bytes % sizeof(struct vmscope_object))
		return false;
	return after->done || after->bytes == before->buf_bytes;
}

static int objects_fill(int fd, struct vmscope_object *buf, size_t room,
			struct objects *objects)
{
	struct vmscope_objects call = {
		.size = sizeof(call),
		.buf = address(buf),
		.buf_bytes = room * sizeof(*buf),
	};
	struct vmscope_objects before;

	do {
		before = call;
		if (ioctl(fd, VMSCOPE_IOC_OBJECTS, &call))
			return -1;
		if (!objects_moved(&before, &call)) {
			errno = EPROTO;
			return -1;
		}
		if (call.bytes &&
		    !objects_append(objects, buf, call.bytes / sizeof(*buf))) {
			errno = ENOMEM;
			return -1;
		}
	} while (!call.done);
	return 0;
}

/*
 * What the kernel keeps for the target, through a buffer for @room objects.
 * Returns -1 with errno; otherwise call objects_free().
 */
int objects_read(int fd, size_t room, struct objects *objects)
{
	struct vmscope_object *buf = malloc(room * sizeof(*buf));
	int ret = -1;
	int err;

	*objects = (struct objects){ 0 };
	if (buf)
		ret = objects_fill(fd, buf, room, objects);
	err = errno;
	free(buf);
	if (ret)
		objects_free(objects);
	errno = err;
	return ret;
}

void objects_free(struct objects *objects)
{
	free(objects->objs);
	*objects = (struct objects){ 0 };
}

#define OBJECT_BIT(name) (1U << VMSCOPE_OBJECT_##name)
#define ONE_A_PROCESS \
	(OBJECT_BIT(SIGNAL) | OBJECT_BIT(SIGHAND) | OBJECT_BIT(MM))
#define IN_ORDER                                                 \
	(OBJECT_BIT(TASK) | OBJECT_BIT(PID) | OBJECT_BIT(FILE) | \
	 OBJECT_BIT(VMA))

static const char *object_wrong(const struct vmscope_object *obj)
{
	if (obj->type >= VMSCOPE_NR_OBJECT_TYPES)
		return "an unknown type";
	if (obj->addr >> 47 != 0x1ffff && obj->addr >> 56 != 0xff)
		return "an address outside of the kernel's half";
	if (obj->addr % 8 || !obj->bytes || obj->addr + obj->bytes < obj->addr)
		return "an address or size that cannot be";
	if (obj->type == VMSCOPE_OBJECT_STACK && obj->addr % obj->bytes)
		return "a stack that is not aligned";
	if (obj->type == VMSCOPE_OBJECT_TABLE &&
	    (obj->addr % PAGE_BYTES || obj->bytes != PAGE_BYTES ||
	     obj->id < VMSCOPE_LEVEL_PTE || obj->id > VMSCOPE_LEVEL_PGD))
		return "a table that cannot be";
	if (obj->type == VMSCOPE_OBJECT_VMA && obj->id >= USER_END)
		return "an area outside of the user's half";
	return NULL;
}

/* What is wrong with the objects of a target, whatever it did meanwhile. */
const char *objects_malformed(const struct objects *objects)
{
	__u64 next[VMSCOPE_NR_OBJECT_TYPES] = { 0 };
	unsigned int seen = 0;

	for_each_object(obj, objects) {
		const char *why = object_wrong(obj);

		if (why)
			return why;
		if (seen & ONE_A_PROCESS & 1U << obj->type)
			return "two of what a process has one of";
		if (IN_ORDER >> obj->type & 1 && obj->id < next[obj->type])
			return "an object that is not behind the last one";
		seen |= 1U << obj->type;
		next[obj->type] = obj->id + 1;
	}
	return NULL;
}

/* How many there are of a type. */
size_t objects_count(const struct objects *objects, unsigned int type)
{
	size_t nr = 0;

	for_each_object(obj, objects)
		nr += obj->type == type;
	return nr;
}

/* The first of a type with this id; NULL if there is none. */
const struct vmscope_object *objects_find(const struct objects *objects,
					  unsigned int type, __u64 id)
{
	for_each_object(obj, objects)
		if (obj->type == type && obj->id == id)
			return obj;
	return NULL;
}

/*
 * How the objects of @type differ from the numbers that name the entries of a
 * directory in /proc/PID: one for each, and no others; NULL if not.
 */
const char *objects_unlike_directory(const struct objects *objects,
				     unsigned int type, pid_t pid,
				     const char *name)
{
	struct dirent *entry;
	bool missing = false;
	size_t nr = 0;
	DIR *dir;

	dir = opendir(textf("/proc/%d/%s", pid, name));
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		nr++;
		missing |= !objects_find(objects, type, atoi(entry->d_name));
	}
	if (dir)
		closedir(dir);
	if (!nr)
		return "the directory is empty";
	if (missing)
		return "an entry of the directory has no object";
	return nr == objects_count(objects, type) ?
		       NULL :
		       "an object is not in the directory";
}
