// SPDX-License-Identifier: GPL-2.0-only
/*
 * race [SECONDS] - scanners of every kind against processes that change their
 * memory all the time. What a scanner reads may be outdated, but it must have
 * been possible; and the machine must survive.
 *
 * 20 seconds without an argument, or VMSCOPE_RACE_SECONDS.
 */
#include <sys/prctl.h>
#include <sys/resource.h>

#include <kselftest.h>

#include "churn.h"
#include "debugfs.h"
#include "objects.h"
#include "procfs.h"
#include "score.h"
#include "swapdev.h"

#define FIRST_ROUND_SECONDS 180
#define MAX_CHURNS 32
#define SWAP_BYTES (128UL << 20)
#define CANNOT 77

/* Looks at a process by its PID, or by a descriptor that is bound to it. */
struct scanner {
	const char *name;
	void (*look_by_fd)(struct score *score, int fd);
	void (*look)(struct score *score, pid_t pid);
};

static struct shared {
	struct slot slots[MAX_CHURNS];
	char missing[MAX_CHURNS][128];
	struct score scores[8];
	volatile bool stop;
} *shared;

/* A target may exit at any time; nothing else may go wrong. */
static bool is_gone(struct score *score, const char *call)
{
	if (errno == ESRCH)
		score->gone++;
	else
		complain(score, "%s: %s", call, strerror(errno));
	return errno == ESRCH;
}

static size_t random_bytes(__u64 flags)
{
	size_t least = flags & VMSCOPE_SCAN_NAMES ?
			       VMSCOPE_SCAN_MIN_BYTES_NAMES :
			       VMSCOPE_SCAN_MIN_BYTES;

	return least + random() % 4 * random() % 65536;
}

static void random_masks(struct vmscope_scan *scan)
{
	if (random() % 4 == 0)
		scan->any_flags = random() & VMSCOPE_F_ALL;
	if (random() % 4 == 0)
		scan->none_flags = random() & random() & VMSCOPE_F_ALL;
	if (random() % 4 == 0)
		scan->states = random() & ((1 << VMSCOPE_NR_STATES) - 1);
	if (random() % 4 == 0)
		scan->levels = random() & ((1 << VMSCOPE_NR_LEVELS) - 1);
	scan->run_flags = random() & random() & VMSCOPE_F_ALL;
	if (random() % 2)
		scan->facts = random() & VMSCOPE_FACT_ALL;
	if (scan->facts & VMSCOPE_FACT_ORDER && random() % 2)
		scan->orders = random() & 0x3ff;
}

static void look_by_scan(struct score *score, int fd)
{
	struct vmscope_scan scan;
	struct records recs;
	const char *why;

	scan_init(&scan, 0, USER_END, random_scan_flags());
	random_masks(&scan);
	/* a frame and its page take more than the smallest buffer */
	if (records_read(fd, &scan,
			 random_bytes(scan.flags) +
				 VMSCOPE_SCAN_MIN_BYTES_FACTS -
				 VMSCOPE_SCAN_MIN_BYTES,
			 &recs)) {
		is_gone(score, "scan");
	} else {
		why = records_malformed(&recs, &scan);
		if (why)
			complain(score, "scan with flags %llx: %s", scan.flags,
				 why);
		score->done++;
		records_free(&recs);
	}
}

/* Where the target's areas are, or have just been. */
static __u64 random_addr(int fd)
{
	struct vmscope_scan scan;
	__u64 words[1024], addr = 0;
	struct records recs = { .words = words };

	scan_init(&scan, random() % (USER_END / PAGE_BYTES) * PAGE_BYTES,
		  USER_END, VMSCOPE_SCAN_RUNS);
	if (random() % 2)
		scan.start = 0;
	if (scan_once(fd, &scan, words, sizeof(words)))
		return 0;
	recs.nr_words = scan.bytes / 8;
	for_each_record(rec, &recs)
		if (!addr || random() % 8 == 0)
			addr = VMSCOPE_WORD_ADDR(*rec) + random() % 4096;
	return addr;
}

static const char *walk_wrong(const struct vmscope_walk *walk)
{
	struct leaf leaf = leaf_of(&walk->page);

	if (!walk->nr_levels || walk->nr_levels > 5)
		return "no level, or too many";
	if (leaf.start != (walk->addr & -PAGE_BYTES) || leaf.pages != 1)
		return "another page";
	if (leaf.state == VMSCOPE_STATE_UNKNOWN ||
	    leaf.state >= VMSCOPE_NR_STATES)
		return "an unknown state";
	if (walk->phys && !(leaf.flags & F(PRESENT)))
		return "an absent page that has a place";
	if (walk->area.end &&
	    (walk->area.end <= walk->addr ||
	     VMSCOPE_WORD_ADDR(walk->area.where) > walk->addr))
		return "another area";
	return NULL;
}

static void look_by_walk(struct score *score, int fd)
{
	__u64 addr;

	addr = random_addr(fd);
	for (int i = 0; i < 64; i++) {
		struct vmscope_walk walk;
		__u64 at = addr + random() % 512 * PAGE_BYTES;
		const char *why;

		/* beyond the highest stack there are no addresses */
		if (walk_at(fd, at < USER_END ? at : addr, &walk)) {
			is_gone(score, "walk");
			break;
		}
		why = walk_wrong(&walk);
		if (why)
			complain(score, "walk to %llx: %s", walk.addr, why);
		score->done++;
	}
}

static void look_by_census(struct score *score, int fd)
{
	struct vmscope_census census;
	unsigned int level;

	if (census_read(fd, &census)) {
		is_gone(score, "census");
	} else {
		for (level = 0; level < VMSCOPE_NR_LEVELS; level++)
			if (census.used[level] > census.tables[level] * 512 ||
			    census.leaves[level] > census.used[level] ||
			    census.empty[level] > census.tables[level])
				complain(score, "census: level %u", level);
		if (census.tables[VMSCOPE_LEVEL_PGD] > 1)
			complain(score, "census: two roots");
		score->done++;
	}
}

static void look_by_objects(struct score *score, int fd)
{
	size_t room = random() % 4 ? 256 : 1 + random() % 32;
	struct objects objects;
	const char *why;

	if (objects_read(fd, room, &objects)) {
		is_gone(score, "objects");
	} else {
		why = objects_malformed(&objects);
		if (why)
			complain(score, "objects: %s", why);
		score->done++;
		objects_free(&objects);
	}
}

static void read_file(struct score *score, const char *path)
{
	char text[8192];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return;
	do
		n = read(fd, text, 1 + random() % sizeof(text));
	while (n > 0 && !shared->stop);
	/* another scanner may have released the target: there is no file */
	if (n < 0 && errno != EIO)
		is_gone(score, path);
	score->done++;
	close(fd);
}

static void look_by_text(struct score *score, pid_t pid)
{
	int err = control("attach", pid);

	if (err && err != ESRCH && err != EEXIST && err != EMFILE)
		complain(score, "attach: %s", strerror(err));
	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		read_file(score, textf(ROOT "%d/%s", pid, views[i]));
	}
	read_file(score, ROOT "attach");
	read_file(score, ROOT "self/pages");
	err = control("detach", pid);
	if (err && err != ENOENT)
		complain(score, "detach: %s", strerror(err));
}

/* Scans of any target, begun and abandoned, on descriptors that stay open. */
static void look_and_keep(struct score *score, pid_t pid)
{
	static int fds[32];
	static bool used[32];
	int i = random() % 32;
	struct vmscope_scan scan;
	__u64 words[512];

	if (used[i])
		close(fds[i]);
	fds[i] = device_open_pid(pid);
	used[i] = fds[i] >= 0;
	if (!used[i]) {
		is_gone(score, "attach");
		return;
	}
	i = random() % 32;
	if (!used[i])
		return;
	scan_init(&scan, 0, USER_END, 0);
	if (scan_once(fds[i], &scan, words, sizeof(words)))
		is_gone(score, "scan");
	score->done++;
}

static const struct scanner scanners[] = {
	{ "scan", look_by_scan, NULL },
	{ "scan, the other", look_by_scan, NULL },
	{ "walk", look_by_walk, NULL },
	{ "census", look_by_census, NULL },
	{ "debugfs", NULL, look_by_text },
	{ "kept descriptors", NULL, look_and_keep },
	{ "objects", look_by_objects, NULL },
};

static void look(const struct scanner *scanner, struct score *score, pid_t pid)
{
	int fd;

	if (scanner->look) {
		scanner->look(score, pid);
		return;
	}
	fd = device_open_pid(pid);
	if (fd < 0) {
		is_gone(score, "attach");
		return;
	}
	scanner->look_by_fd(score, fd);
	close(fd);
}

static pid_t start_scanner(size_t i)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* one look per change, on any number of processors */
	setpriority(PRIO_PROCESS, 0, -3);
	srandom(getpid());
	while (!shared->stop) {
		pid_t target = shared->slots[random() % nr_churns].pid;

		if (target)
			look(&scanners[i], &shared->scores[i], target);
	}
	_exit(0);
}

static pid_t start_churn(size_t i)
{
	struct slot *slot = &shared->slots[i];
	pid_t pid = child_in_group();
	const char *missing;

	if (pid)
		return pid;
	slot->pid = getpid();
	missing = churn_run(&churns[i], slot);
	slot->pid = 0;
	snprintf(shared->missing[i], sizeof(shared->missing[i]), "%s", missing);
	/* before it tries again */
	usleep(500000);
	_exit(CANNOT);
}

/* The process that churns in one way. */
static struct target {
	pid_t pid; /* its PID, 0 if this machine cannot do it */
	int death; /* its status, if it died, and not for want of memory */
} targets[MAX_CHURNS];

static pid_t scanner_pids[ARRAY_SIZE(scanners)];
static long oom_kills_before;

static bool gave_up(int status)
{
	return WIFEXITED(status) && WEXITSTATUS(status) == CANNOT;
}

static bool lacked_memory(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL &&
	       vmstat_number("oom_kill") > oom_kills_before;
}

/* What worked once can work again, when the machine is less busy. */
static void replace_dead(pid_t pid, int status)
{
	for (size_t i = 0; i < nr_churns; i++) {
		if (targets[i].pid != pid)
			continue;
		kill(-pid, SIGKILL);
		if (!gave_up(status) && !lacked_memory(status))
			targets[i].death = status;
		if (gave_up(status) && !shared->slots[i].rounds)
			targets[i].pid = 0;
		else
			targets[i].pid = start_churn(i);
	}
	for (size_t i = 0; i < ARRAY_SIZE(scanners); i++)
		if (scanner_pids[i] == pid)
			complain(&shared->scores[i], "died: status %x", status);
}

/* Has every churn that this machine can do worked at least once? */
static bool all_have_churned(void)
{
	for (size_t i = 0; i < nr_churns; i++)
		if (targets[i].pid && !shared->slots[i].rounds)
			return false;
	return true;
}

/* Longer than @seconds if a churn has not completed its first round. */
static void race_for(int seconds)
{
	time_t end, limit;
	int status;
	pid_t pid;

	oom_kills_before = vmstat_number("oom_kill");
	for (size_t i = 0; i < nr_churns; i++)
		targets[i].pid = start_churn(i);
	for (size_t i = 0; i < ARRAY_SIZE(scanners); i++)
		scanner_pids[i] = start_scanner(i);
	/* a slow kernel needs long for that */
	end = time(NULL) + seconds;
	limit = end + FIRST_ROUND_SECONDS;
	while (time(NULL) < end ||
	       (time(NULL) < limit && !all_have_churned())) {
		usleep(100000);
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
			replace_dead(pid, status);
	}
}

static void end_race(void)
{
	shared->stop = true;
	for (size_t i = 0; i < ARRAY_SIZE(scanners); i++)
		if (scanner_pids[i] > 0)
			waitpid(scanner_pids[i], NULL, 0);
	for (size_t i = 0; i < nr_churns; i++)
		if (targets[i].pid > 0)
			kill(-targets[i].pid, SIGKILL);
	while (wait(NULL) > 0)
		;
}

static void report_target(size_t i)
{
	unsigned long rounds = shared->slots[i].rounds;
	const char *missing = shared->missing[i];

	if (targets[i].death)
		ksft_test_result_fail("target %s: died: status %x\n",
				      churns[i].name, targets[i].death);
	else if (!rounds && missing[0])
		ksft_test_result_skip("target %s: %s\n", churns[i].name,
				      missing);
	else if (!rounds)
		ksft_test_result_skip("target %s: not one round\n",
				      churns[i].name);
	else
		ksft_test_result_pass("target %s: %lu rounds\n", churns[i].name,
				      rounds);
}

static void report(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(scanners); i++) {
		const struct score *score = &shared->scores[i];

		ksft_test_result(score->done && !score->complaint[0],
				 "%s: %lu looks, %lu at what was gone%s%s\n",
				 scanners[i].name, score->done, score->gone,
				 score->complaint[0] ? ": " : "",
				 score->complaint);
	}
	for (size_t i = 0; i < nr_churns; i++)
		report_target(i);
}

int main(int argc, char **argv)
{
	const char *missing = device_missing();
	struct swap_device swap;

	if (argc == 3 && !strcmp(argv[1], "--exec"))
		churn_exec_child(argv[2]);
	ksft_print_header();
	if (missing)
		ksft_exit_skip("%s\n", missing);
	ksft_set_plan(ARRAY_SIZE(scanners) + nr_churns);
	fflush(stdout);
	shared = map_memory(sizeof(*shared), MAP_SHARED);
	swapdev_remember();
	swapdev_add(&swap, SWAPDEV_ZRAM, SWAP_BYTES);
	churn_prepare();
	race_for(race_seconds(argc, argv));
	end_race();
	knobs_restore();
	swapdev_remove_new();
	report();
	ksft_finished();
}
