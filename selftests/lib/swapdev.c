// SPDX-License-Identifier: GPL-2.0-only
/*
 * Swap devices of our own: zram, and a loop device in place of a disk. The
 * kernel prefers a later device, so after swapdev_add(), pages are swapped out
 * to its device.
 */
#include <linux/loop.h>
#include <sched.h>
#include <sys/swap.h>

#include "procfs.h"
#include "swapdev.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

/* The first page of a swap device, as in linux/swap.h */
struct swap_header {
	char boot[1024];
	__u32 version;
	__u32 last_page;
	__u32 nr_badpages;
	char rest[4096 - 1024 - 12 - 10];
	char magic[10];
} __attribute__((packed));

static bool header_write(const char *path, size_t bytes)
{
	struct swap_header header = {
		.version = 1,
		.last_page = bytes / PAGE_BYTES - 1,
	};
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return false;
	memcpy(header.magic, "SWAPSPACE2", sizeof(header.magic));
	ok = write(fd, &header, sizeof(header)) == sizeof(header) && !fsync(fd);
	close(fd);
	return ok;
}

/* Above every device in use: priorities only grow. */
static int priority_next(void)
{
	int highest = 0;
	char line[256];
	int priority;

	for_each_line_of(line, "/proc/swaps")
		if (sscanf(line, "%*s %*s %*d %*d %d", &priority) == 1 &&
		    priority > highest)
			highest = priority;
	return highest + 1;
}

/*
 * Makes a zram device, and stores its number, -1 if there is none. Returns NULL
 * or what is missing; call zram_remove() in both cases.
 */
const char *zram_add(int *number, size_t bytes)
{
	load_module("zram");
	*number = file_number("/sys/class/zram-control/hot_add");
	if (*number < 0)
		return "the kernel has no zram";
	if (!file_write(textf("/sys/block/zram%d/disksize", *number),
			textf("%zu", bytes)))
		return "zram does not take its size";
	return NULL;
}

/* False with errno. */
bool zram_remove(int number)
{
	if (number < 0)
		return true;
	file_write(textf("/sys/block/zram%d/reset", number), "1");
	return file_write("/sys/class/zram-control/hot_remove",
			  textf("%d", number));
}

static const char *zram_make(struct swap_device *dev, size_t bytes)
{
	const char *why = zram_add(&dev->zram, bytes);

	if (!why)
		snprintf(dev->path, sizeof(dev->path), "/dev/zram%d",
			 dev->zram);
	return why;
}

static const char *loop_make(struct swap_device *dev, size_t bytes)
{
	int control, file, number;

	load_module("loop");
	control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	if (control < 0)
		return "the kernel has no loop devices";
	number = ioctl(control, LOOP_CTL_GET_FREE);
	close(control);
	snprintf(dev->path, sizeof(dev->path), "/dev/loop%d", number);
	dev->fd = open(dev->path, O_RDWR | O_CLOEXEC);
	file = memfd_create("swap", MFD_CLOEXEC);
	if (dev->fd < 0 || file < 0 || ftruncate(file, bytes) ||
	    ioctl(dev->fd, LOOP_SET_FD, file))
		return "cannot set up a loop device";
	close(file);
	return NULL;
}

/* More than the slots that a processor reserves on the device it used last. */
#define KEPT_BYTES (4UL << 20)

static void use_up_kept_slots(void)
{
	char *filler = map_memory(KEPT_BYTES, MAP_PRIVATE);

	madvise(filler, KEPT_BYTES, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < KEPT_BYTES; i += PAGE_BYTES)
		memcpy(filler + i, &i, sizeof(i));
	filler[0] = 1;
	madvise(filler, KEPT_BYTES, MADV_PAGEOUT);
	munmap(filler, KEPT_BYTES);
}

/* Use up the slots that the kernel reserves for each processor. */
static void stay_on_this_processor(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static bool switch_on(const char *path)
{
	if (swapon(path, SWAP_FLAG_PREFER | priority_next()))
		return false;
	stay_on_this_processor();
	use_up_kept_slots();
	return true;
}

/*
 * Makes and activates a device. Returns NULL, or the reason why there is none,
 * and then leaves nothing behind.
 */
const char *swapdev_add(struct swap_device *dev, enum swapdev_kind kind,
			size_t bytes)
{
	const char *why;

	*dev = NO_SWAP;
	why = kind == SWAPDEV_ZRAM ? zram_make(dev, bytes) :
				     loop_make(dev, bytes);
	if (!why && !header_write(dev->path, bytes))
		why = "cannot write to the swap device";
	if (!why && !switch_on(dev->path))
		why = "the kernel has no swap";
	if (why)
		swapdev_remove(dev);
	return why;
}

/* Everything that is read back must fit: memory may be short at the moment. */
static bool is_off(const struct swap_device *dev)
{
	return !dev->path[0] || !swapoff(dev->path) ||
	       (errno != ENOMEM && errno != EINTR && errno != EBUSY);
}

/* Programs that examine each new device keep it busy for a moment. */
static bool zram_is_gone(const struct swap_device *dev)
{
	return zram_remove(dev->zram) || errno != EBUSY;
}

/* of 10 ms each */
#define REMOVE_TRIES 100

static bool insist(bool (*try)(const struct swap_device *dev),
		   const struct swap_device *dev)
{
	for (int i = 0; i < REMOVE_TRIES; i++) {
		if (try(dev))
			return true;
		usleep(10000);
	}
	return false;
}

/*
 * Returns false if the kernel does not release the device yet; call it again
 * then.
 */
bool swapdev_remove(struct swap_device *dev)
{
	if (!insist(is_off, dev) || !insist(zram_is_gone, dev))
		return false;
	if (dev->fd >= 0) {
		ioctl(dev->fd, LOOP_CLR_FD, 0);
		close(dev->fd);
	}
	*dev = NO_SWAP;
	return true;
}

static char known[16][64];

static size_t swaps_read(char paths[][64], size_t room)
{
	char line[256];
	size_t nr = 0;

	for_each_line_of(line, "/proc/swaps")
		nr += nr < room && sscanf(line, "%63s", paths[nr]) == 1;
	return nr;
}

/* Devices active now are not touched by swapdev_remove_new(). */
void swapdev_remember(void)
{
	memset(known, 0, sizeof(known));
	swaps_read(known, ARRAY_SIZE(known));
}

static bool is_known(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(known[i], path))
			return true;
	return false;
}

/* Removes zram devices of a process that was killed. */
void swapdev_remove_new(void)
{
	char paths[16][64];
	size_t nr = swaps_read(paths, 16), i;

	for (i = 0; i < nr; i++) {
		struct swap_device dev = { .fd = -1 };

		if (is_known(paths[i]) ||
		    sscanf(paths[i], "/dev/zram%d", &dev.zram) != 1)
			continue;
		snprintf(dev.path, sizeof(dev.path), "%.*s",
			 (int)sizeof(dev.path) - 1, paths[i]);
		swapdev_remove(&dev);
	}
}

/* The contents of a slot on the device, without caches. */
bool swapdev_slot_read(const struct swap_device *dev, __u64 offset, void *page)
{
	void *aligned = NULL;
	bool ok = false;
	int fd = open(dev->path, O_RDONLY | O_DIRECT | O_CLOEXEC);

	if (fd >= 0 && !posix_memalign(&aligned, PAGE_BYTES, PAGE_BYTES)) {
		ok = pread(fd, aligned, PAGE_BYTES, offset * PAGE_BYTES) ==
		     (ssize_t)PAGE_BYTES;
		if (ok)
			memcpy(page, aligned, PAGE_BYTES);
		free(aligned);
	}
	if (fd >= 0)
		close(fd);
	return ok;
}

/* A page that is being written or is on a list stays: try again. */
#define PAGEOUT_TRIES 500

static bool push_out(void *addr, size_t bytes,
		     bool (*is_out)(const char *addr, size_t bytes))
{
	for (int i = 0; i < PAGEOUT_TRIES; i++) {
		madvise(addr, bytes, MADV_PAGEOUT);
		if (is_out(addr, bytes))
			return true;
		usleep(10000);
	}
	return false;
}

static bool pagemap_says_swap(const char *addr, size_t bytes)
{
	for (size_t at = 0; at < bytes; at += PAGE_BYTES)
		if (!(pagemap_self(addr + at) & PM_SWAP))
			return false;
	return true;
}

static bool smaps_says_swap(const char *addr, size_t bytes)
{
	return area_sum(addr, SMAPS_SWAP) * 1024 == bytes;
}

/* Private memory: until pagemap shows each page as swapped. */
bool swap_out(void *addr, size_t bytes)
{
	return push_out(addr, bytes, pagemap_says_swap);
}

/*
 * Shared memory, for which pagemap shows nothing: until smaps counts its whole
 * area as swapped.
 */
bool swap_out_shared(void *addr, size_t bytes)
{
	return push_out(addr, bytes, smaps_says_swap);
}
