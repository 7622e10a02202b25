// SPDX-License-Identifier: GPL-2.0-only
/*
 * race_kernel [SECONDS] - scanners of every kind on the kernel's half while the
 * kernel changes it: areas of vmalloc, small and huge, come and go, and so do
 * modules, slab caches, stacks, BPF programs, uncached pages and memory itself.
 * What a scanner reads may be outdated, but it must have been possible, or be
 * marked as raced; and the machine must survive.
 *
 * 20 seconds without an argument, or VMSCOPE_RACE_SECONDS.
 */
#include <kselftest.h>

#include "kernel.h"
#include "procfs.h"
#include "score.h"

#define LAST_SECONDS 60
#define TEXTS "/sys/kernel/debug/vmscope/kernel/"

/* A process that does one thing repeatedly. */
struct worker {
	const char *name; /* its name in the results */
	/* does it once; setting @missing ends it. NULL for replant() */
	void (*work)(struct score *score);
	const char *names; /* of the plants that are replanted */
};

#define MAX_WORKERS 32

/* What all workers see. */
static struct shared {
	struct score scores[MAX_WORKERS];
	/* file of the memory block that was changed; empty for none */
	char offline[128];
	volatile bool stop;
} *shared;

static int kernel_fd;
static struct regions regions;

static void miss(struct score *score, const char *why)
{
	snprintf(score->missing, sizeof(score->missing), "%s", why);
}

static void scan_range(struct score *score, __u64 start, __u64 end, __u64 flags)
{
	size_t bytes = VMSCOPE_SCAN_MIN_BYTES_NAMES + random() % 65536;
	struct vmscope_scan scan;
	struct records recs;
	const char *why;

	scan_init(&scan, start, end, flags);
	scan.run_flags = random() & random() & VMSCOPE_F_ALL;
	if (records_read(kernel_fd, &scan, bytes, &recs)) {
		complain(score, "scan: %s", strerror(errno));
		return;
	}
	why = records_malformed(&recs, &scan);
	if (why)
		complain(score, "scan of %llx with flags %llx: %s", start,
			 flags, why);
	score->done++;
	score->raced += recs.raced;
	records_free(&recs);
}

static void scan_all(struct score *score)
{
	scan_range(score, regions.all[0].start, KERNEL_END,
		   random_scan_flags() | VMSCOPE_SCAN_RUNS);
}

static void scan_kind(struct score *score, unsigned int kind)
{
	const struct region *region = region_of(&regions, kind);

	if (region)
		scan_range(score, region->start, region->end,
			   random_scan_flags());
}

static void scan_vmalloc(struct score *score)
{
	scan_kind(score, VMSCOPE_REGION_VMALLOC);
}

static void scan_others(struct score *score)
{
	static const unsigned int kinds[] = {
		VMSCOPE_REGION_DIRECT,
		VMSCOPE_REGION_VMEMMAP,
		VMSCOPE_REGION_MODULES,
		VMSCOPE_REGION_IMAGE,
	};

	scan_kind(score, kinds[random() % ARRAY_SIZE(kinds)]);
}

/* An address where a planted object is or was, or anywhere in a region. */
static __u64 random_addr(void)
{
	static struct plants plants;
	const struct region *region = &regions.all[random() % regions.nr];
	__u64 span = region->end - region->start;

	if (random() % 64 == 0 || !plants.nr)
		plants_read(&plants);
	if (random() % 4 && plants.nr)
		return plants.all[random() % plants.nr].addr +
		       random() % (64 * PAGE_BYTES);
	return region->start + ((__u64)random() << 31 | random()) % span;
}

/* Near it, so that it is removed while its table is read. */
static void scan_planted(struct score *score)
{
	__u64 start = random_addr() & -PMD_BYTES;

	if (start < KERNEL_END - 2 * PMD_BYTES)
		scan_range(score, start, start + 2 * PMD_BYTES,
			   random_scan_flags());
}

static const char *walk_wrong(const struct vmscope_walk *walk)
{
	struct leaf leaf = leaf_of(&walk->page);

	if (walk->nr_levels > 5)
		return "too many levels";
	if (leaf.start != (walk->addr & -PAGE_BYTES) || leaf.pages != 1)
		return "another page";
	if (walk->phys && !(leaf.flags & F(PRESENT)))
		return "an absent page that has a place";
	if (leaf.state == VMSCOPE_STATE_UNKNOWN && !(leaf.flags & F(RACED)))
		return "an unknown state that is not raced";
	if (walk->area.end <= walk->addr ||
	    VMSCOPE_WORD_ADDR(walk->area.where) > walk->addr)
		return "another region";
	return NULL;
}

static void walk_some(struct score *score)
{
	struct vmscope_walk walk;
	const char *why;

	if (walk_at(kernel_fd, random_addr(), &walk)) {
		complain(score, "walk to %llx: %s", walk.addr, strerror(errno));
		return;
	}
	why = walk_wrong(&walk);
	if (why)
		complain(score, "walk to %llx: %s", walk.addr, why);
	score->done++;
	score->raced += !!(leaf_of(&walk.page).flags & F(RACED));
}

static const char *what_wrong(const struct vmscope_what *what)
{
	__u64 known = what->known;

	if (what->region >= VMSCOPE_NR_REGIONS ||
	    what->region_start > what->addr || what->region_end <= what->addr)
		return "another region";
	if (what->frame_kind >= VMSCOPE_NR_FRAME_KINDS)
		return "an unknown kind of frame";
	if (known & VMSCOPE_WHAT_RUN &&
	    (what->run_start > what->addr || what->run_end <= what->addr))
		return "another run";
	if (known & VMSCOPE_WHAT_OBJECT && what->object > what->addr)
		return "another object";
	if (known & VMSCOPE_WHAT_FRAME && what->frame_head > what->pfn)
		return "another block of frames";
	return NULL;
}

static void what_some(struct score *score)
{
	struct vmscope_what what = {
		.size = sizeof(what),
		.addr = random_addr(),
	};
	const char *why;

	if (ioctl(kernel_fd, VMSCOPE_IOC_WHAT, &what)) {
		complain(score, "what %llx: %s", what.addr, strerror(errno));
		return;
	}
	why = what_wrong(&what);
	if (why)
		complain(score, "what %llx: %s", what.addr, why);
	score->done++;
	score->raced += !!(what.known & VMSCOPE_WHAT_RACED);
}

static void count_slabs(struct score *score)
{
	static __u64 buf[32768];
	struct vmscope_slabs slabs = {
		.size = sizeof(slabs),
		.buf = address(buf),
		.buf_bytes = sizeof(buf),
	};
	__u64 sum = 0;

	if (ioctl(kernel_fd, VMSCOPE_IOC_SLABS, &slabs)) {
		if (errno == EOPNOTSUPP)
			miss(score, "this kernel's slabs cannot be counted");
		else
			complain(score, "slabs: %s", strerror(errno));
		return;
	}
	for (size_t i = 0; i < VMSCOPE_NR_FRAME_KINDS; i++)
		sum += slabs.kinds[i];
	if (sum != slabs.frames)
		complain(score, "slabs: %llu frames, %llu of all kinds",
			 slabs.frames, sum);
	score->done++;
	score->raced += slabs.raced;
}

static void read_texts(struct score *score)
{
	static const char *const files[] = { "layout", "map", "vmalloc",
					     "kmalloc" };
	char path[128], text[8192];
	ssize_t n;

	for (size_t i = 0; i < ARRAY_SIZE(files) && !shared->stop; i++) {
		int fd;

		snprintf(path, sizeof(path), TEXTS "%s", files[i]);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		do
			n = read(fd, text, 1 + random() % sizeof(text));
		while (n > 0 && !shared->stop);
		if (n < 0)
			complain(score, "%s: %s", path, strerror(errno));
		score->done++;
		close(fd);
	}
	if (!score->done)
		miss(score, "there is no " TEXTS);
}

static const struct worker scanners[] = {
	{ "scan of all", scan_all, NULL },
	{ "scan of vmalloc", scan_vmalloc, NULL },
	{ "scan of other regions", scan_others, NULL },
	{ "scan around plants", scan_planted, NULL },
	{ "scan around other plants", scan_planted, NULL },
	{ "walk", walk_some, NULL },
	{ "what", what_some, NULL },
	{ "slabs", count_slabs, NULL },
	{ "debugfs", read_texts, NULL },
};

/* Churns: what the kernel does meanwhile */

/* One of several names that are separated by commas. */
static void replant(struct score *score, const char *names)
{
	const char *other = strchr(names, ',');
	char name[32];

	if (other && random() % 2)
		names = other + 1;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(names, ","), names);

	if (!plant_obeys(textf("free %s", name)) && errno == ENOENT) {
		miss(score, "nothing such was planted");
		return;
	}
	usleep(random() % 2000);
	plant_obeys(textf("make %s", name));
	score->done++;
}

static void churn_module(struct score *score)
{
	if (!test_module_load("chaff")) {
		miss(score, "modules/chaff.ko does not load here");
		return;
	}
	usleep(random() % 5000);
	test_module_unload("chaff");
	score->done++;
}

/* Memory blocks go offline and online; the kernel refuses most. */
static void churn_memory(struct score *score)
{
	static unsigned int highest;
	char path[128];

	if (!highest)
		highest = memory_block_highest();
	if (!highest) {
		miss(score, "memory cannot go offline here");
		return;
	}
	snprintf(path, sizeof(path), MEMORY "/memory%ld/state",
		 highest - random() % (highest < 4 ? highest : 4));
	snprintf(shared->offline, sizeof(shared->offline), "%s", path);
	if (file_write(path, "offline")) {
		usleep(random() % 5000);
		file_write(path, "online");
		score->done++;
	} else {
		usleep(10000);
	}
	shared->offline[0] = '\0';
}

/* A memory module is plugged and unplugged, if the machine has one. */
static void churn_hotplug(struct score *score)
{
	if (system("vm-hotplug plug >/dev/null 2>&1")) {
		miss(score, "there is no slot for memory");
		return;
	}
	usleep(random() % 200000);
	if (system("vm-hotplug unplug >/dev/null 2>&1"))
		miss(score, "the memory module does not come out again");
	score->done++;
}

static const struct worker churns[] = {
	{ "vmalloc", NULL, "vmalloc*" },
	{ "huge vmalloc", NULL, "huge-vmalloc" },
	{ "vmap and ioremap", NULL, "vmap,ioremap" },
	{ "slab caches", NULL, "object*,large-object*" },
	{ "kmalloc", NULL, "kmalloc*" },
	{ "uncached pages", NULL, "uncached" },
	{ "stacks", NULL, "stack" },
	{ "BPF programs", NULL, "bpf" },
	{ "modules", churn_module, NULL },
	{ "memory offline", churn_memory, NULL },
	{ "memory hot-plug", churn_hotplug, NULL },
};

#define NR_WORKERS (ARRAY_SIZE(scanners) + ARRAY_SIZE(churns))

static const struct worker *worker_nr(size_t i)
{
	return i < ARRAY_SIZE(scanners) ? &scanners[i] :
					  &churns[i - ARRAY_SIZE(scanners)];
}

static pid_t start_worker(size_t i)
{
	const struct worker *worker = worker_nr(i);
	struct score *score = &shared->scores[i];
	pid_t pid = child_in_group();

	if (pid)
		return pid;
	while (!shared->stop && !score->missing[0])
		if (worker->work)
			worker->work(score);
		else
			replant(score, worker->names);
	_exit(0);
}

static bool is_churn(size_t i)
{
	return i >= ARRAY_SIZE(scanners);
}

/*
 * The kernel tries to empty a block of memory for as long as one page of it
 * cannot move. A churn that waits for this is killed in the end, which is not
 * our fault.
 */
static void wait_for_worker(pid_t pid, size_t i, time_t until)
{
	bool killed = false;
	int status = 0;

	while (pid > 0 && !waitpid(pid, &status, WNOHANG)) {
		if (is_churn(i) && time(NULL) > until) {
			kill(-pid, SIGKILL);
			killed = true;
		}
		usleep(10000);
	}
	if (status && !killed)
		complain(&shared->scores[i], "died: status %x", status);
}

static void race_for(int seconds)
{
	pid_t pids[MAX_WORKERS];
	time_t until;

	for (size_t i = 0; i < NR_WORKERS; i++)
		pids[i] = start_worker(i);
	sleep(seconds);
	shared->stop = true;
	until = time(NULL) + LAST_SECONDS;
	for (size_t i = 0; i < NR_WORKERS; i++)
		wait_for_worker(pids[i], i, until);
	if (shared->offline[0])
		file_write(shared->offline, "online");
}

static void report(size_t i)
{
	const struct score *score = &shared->scores[i];
	const char *missing = score->missing;

	if (is_churn(i) && !missing[0])
		missing = "not once";
	if (missing[0] && !score->done && !score->complaint[0])
		ksft_test_result_skip("%s: %s\n", worker_nr(i)->name, missing);
	else
		ksft_test_result(score->done && !score->complaint[0],
				 "%s: %lu times, %lu raced%s%s\n",
				 worker_nr(i)->name, score->done, score->raced,
				 score->complaint[0] ? ": " : "",
				 score->complaint);
}

int main(int argc, char **argv)
{
	const char *missing = kernel_missing();

	ksft_print_header();
	if (missing)
		ksft_exit_skip("%s\n", missing);
	if (!test_module_load("plant"))
		ksft_exit_skip("modules/plant.ko does not load here\n");
	kernel_fd = kernel_open();
	if (!regions_read(kernel_fd, &regions))
		ksft_exit_fail_msg("the kernel has no regions\n");
	ksft_set_plan(NR_WORKERS);
	fflush(stdout);
	shared = map_memory(sizeof(*shared), MAP_SHARED);
	race_for(race_seconds(argc, argv));
	for (size_t i = 0; i < NR_WORKERS; i++)
		report(i);
	test_module_unload("plant");
	ksft_finished();
}
