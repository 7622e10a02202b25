// SPDX-License-Identifier: GPL-2.0-or-later
/* What a made-up kernel keeps for the made-up process of fake.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/array.h"
#include "source/device.h"
#include "fake.h"

#define PAGE 4096ULL

static const struct vmscope_object objects[] = {
	{ VMSCOPE_OBJECT_TASK, 0xffff888001000000, 4736, 1 },
	{ VMSCOPE_OBJECT_STACK, 0xffffc90000400000, 16384, 1 },
	{ VMSCOPE_OBJECT_CRED, 0xffff888001002000, 176, 1 },
	{ VMSCOPE_OBJECT_PID, 0xffff888001003000, 144, 1 },
	{ VMSCOPE_OBJECT_TASK, 0xffff888001004000, 4736, 11 },
	{ VMSCOPE_OBJECT_STACK, 0xffffc90000408000, 16384, 11 },
	{ VMSCOPE_OBJECT_CRED, 0xffff888001002000, 176, 11 },
	{ VMSCOPE_OBJECT_PID, 0xffff888001003100, 144, 11 },
	{ VMSCOPE_OBJECT_SIGNAL, 0xffff888001006000, 1040, 1 },
	{ VMSCOPE_OBJECT_FDTABLE, 0xffff888001007000, 2048, 1 },
	{ VMSCOPE_OBJECT_MM, 0xffff888001008000, 1408, 1 },
	{ VMSCOPE_OBJECT_FILE, 0xffff888001009000, 192, 0 },
	{ VMSCOPE_OBJECT_FILE, 0xffff888001009000, 192, 1 },
	{ VMSCOPE_OBJECT_FILE, 0xffff888001009100, 192, 3 },
	{ VMSCOPE_OBJECT_VMA, 0xffff88800100a000, 176, 0x555555554000 },
	{ VMSCOPE_OBJECT_TABLE, 0xffff888001010000, PAGE, VMSCOPE_LEVEL_PGD },
};

/* The cursor is the number of objects written. */
int fake_objects(const struct fake *fake, struct vmscope_objects *q)
{
	size_t left = ARRAY_SIZE(objects) - q->cursor[0];
	size_t room = fake->room ? fake->room : q->buf_bytes;
	size_t nr = (room < q->buf_bytes ? room : q->buf_bytes) /
		    sizeof(objects[0]);

	if (getenv("FAKE_WITHHELD"))
		return -EPERM;
	if (fake->garbage) {
		q->bytes = q->buf_bytes + 8;
		return 0;
	}
	if (fake->pid == 3 && q->cursor[0])
		return -ESRCH;
	nr = nr ? nr : 1;
	nr = nr < left ? nr : left;
	/* PID 3 has one object and is gone. */
	if (fake->pid == 3)
		nr = 1;
	memcpy((void *)(uintptr_t)q->buf, &objects[q->cursor[0]],
	       nr * sizeof(objects[0]));
	q->bytes = nr * sizeof(objects[0]);
	q->cursor[0] += nr;
	q->done = q->cursor[0] == ARRAY_SIZE(objects);
	return 0;
}

/* A slab is reported according to the use of the address above. */
static void fake_slab(const struct vmscope_object *obj,
		      struct vmscope_what *what)
{
	static const char *const names[VMSCOPE_NR_OBJECT_TYPES] = {
		[VMSCOPE_OBJECT_TASK] = "task_struct",
		[VMSCOPE_OBJECT_CRED] = "cred_jar",
		[VMSCOPE_OBJECT_SIGNAL] = "signal_cache",
		[VMSCOPE_OBJECT_FDTABLE] = "kmalloc-cg-2k",
		[VMSCOPE_OBJECT_FILE] = "filp",
		[VMSCOPE_OBJECT_VMA] = "vm_area_struct",
	};

	what->frame_kind = VMSCOPE_FRAME_SLAB;
	if (!names[obj->type])
		return;
	what->known |= VMSCOPE_WHAT_CACHE;
	what->cache.object_size = (obj->bytes + 63) & ~63ULL;
	memcpy(what->cache.name, names[obj->type],
	       strlen(names[obj->type]) + 1);
}

static const struct vmscope_object *find_object(uint64_t addr)
{
	for (size_t i = 0; i < ARRAY_SIZE(objects); i++) {
		if (addr - objects[i].addr < objects[i].bytes)
			return &objects[i];
	}
	return NULL;
}

int fake_objects_what(struct vmscope_what *what)
{
	const struct vmscope_object *obj = find_object(what->addr);

	if (getenv("FAKE_NO_WHAT") || !obj)
		return -ENOTTY;
	what->known = VMSCOPE_WHAT_FRAME;
	what->region = VMSCOPE_REGION_DIRECT;
	if (obj->type == VMSCOPE_OBJECT_STACK)
		what->region = VMSCOPE_REGION_VMALLOC;
	else if (obj->type == VMSCOPE_OBJECT_TABLE)
		what->frame_kind = VMSCOPE_FRAME_TABLE;
	else
		fake_slab(obj, what);
	return 0;
}

/* The direct map, and stacks whose second page is elsewhere. */
bool fake_objects_walk(struct vmscope_walk *walk)
{
	const struct vmscope_object *obj = find_object(walk->addr);

	if (!obj)
		return false;
	walk->phys = 0x1000000 + (walk->addr & 0xffffff);
	if (obj->type != VMSCOPE_OBJECT_STACK)
		return true;
	walk->phys += 0x3f000000;
	if (walk->addr & PAGE)
		walk->phys += 16 * PAGE;
	return true;
}
