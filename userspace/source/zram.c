// SPDX-License-Identifier: GPL-2.0-or-later
/* Blocks of zram, which has a file about them in debugfs. */
#include "source/zram.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "cli/array.h"
#include "source/proc.h"

/* By the kernel's letter, see Documentation/admin-guide/blockdev/zram.rst. */
static const struct {
	char letter;
	const char *word;
} states[] = {
	{ 's', "same-filled" },	 { 'w', "written-back" },
	{ 'h', "huge" },	 { 'i', "idle" },
	{ 'r', "recompressed" }, { 'n', "incompressible" },
};

static void add_states(const char *letters, struct zram_block *block)
{
	char *at = block->state;

	*at = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		if (strchr(letters, states[i].letter))
			at += sprintf(at, "%s%s", *block->state ? " " : "",
				      states[i].word);
	}
	if (!*block->state)
		sprintf(at, "compressed");
}

/*
 * The position in the file is the number of a block; blocks without contents
 * have no line. Returns false if nothing is known of the block, as of a file on
 * zram.
 * Source: read_block_state() in drivers/block/zram/zram_drv.c
 */
bool zram_block_read(const char *device, uint64_t index,
		     struct zram_block *block)
{
	unsigned long long number, sec, usec, now;
	char path[128], line[128], letters[16];
	struct timespec ts;
	struct stat st;
	ssize_t len;
	int fd;

	if (stat(device, &st) || !S_ISBLK(st.st_mode))
		return false;
	snprintf(path, sizeof(path), "%s/kernel/debug/zram/zram%u/block_state",
		 sys_root, minor(st.st_rdev));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	len = pread(fd, line, sizeof(line) - 1, index);
	close(fd);
	line[len > 0 ? len : 0] = '\0';
	if (sscanf(line, "%llu %llu.%llu %15s", &number, &sec, &usec,
		   letters) != 4 ||
	    number != index)
		return false;
	clock_gettime(CLOCK_BOOTTIME, &ts);
	now = ts.tv_sec * 10ULL + ts.tv_nsec / 100000000;
	sec = sec * 10 + usec / 100000;
	block->age = now > sec ? now - sec : 0;
	add_states(letters, block);
	return true;
}
