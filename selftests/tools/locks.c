// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long the readers of a process's page tables hold its mmap_lock, by the
 * kernel's own trace points. On newer kernels some lock areas one by one, which
 * no trace point shows.
 *
 * usage: locks MIB
 *
 * MIB of memory are mapped, every second page of which is touched; each reader
 * reads them once, and of five times the one with the shortest longest hold
 * counts. A line holds, separated by tabs: the reader, how often it
 * held the lock, the longest and the sum of the holds in ticks of the
 * processor. Each hold includes the trace point itself. The settings of the
 * trace stay.
 */
#include <sys/mount.h>

#include "procfs.h"
#include "readers.h"

#define TRACING "/sys/kernel/tracing/"
/* Each event takes a hundred bytes or so, and none may be lost. */
#define BUFFER_KB "65536"
/* A tick in a hold makes it longer. */
#define RUNS 5

struct holds {
	unsigned long nr;
	unsigned long long longest;
	unsigned long long sum;
};

static bool prepare(void)
{
	mount("none", TRACING, "tracefs", 0, NULL);
	return file_write(TRACING "tracing_on", "0") &&
	       file_write(TRACING "trace_clock", "x86-tsc") &&
	       file_write(TRACING "buffer_size_kb", BUFFER_KB) &&
	       file_write(TRACING "events/mmap_lock/enable", "1");
}

/*
 * An event of process @pid: its name, time and address space. Holds of one are
 * not nested.
 */
static bool event_of(const char *line, pid_t pid, char event[32],
		     unsigned long long *time, char mm[32])
{
	const char *dash = strstr(line, "-");
	int by;

	while (dash && (sscanf(dash, "-%d [%*d] %*s %llu: %31[^:]: mm=%31s",
			       &by, time, event, mm) != 4))
		dash = strstr(dash + 1, "-");
	return dash && by == pid;
}

/* The address space in which this process maps. */
static bool own_mm(char mm[32])
{
	char line[512], event[32], name[32];
	unsigned long long time;

	file_write(TRACING "trace", "");
	file_write(TRACING "tracing_on", "1");
	munmap(mmap(NULL, 1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 1);
	file_write(TRACING "tracing_on", "0");
	mm[0] = '\0';
	for_each_line_of(line, TRACING "trace")
		if (event_of(line, getpid(), event, &time, name))
			memcpy(mm, name, sizeof(name));
	return mm[0];
}

static struct holds holds_of(pid_t pid, const char *target)
{
	unsigned long long time, begun = 0;
	char line[512], event[32], mm[32];
	struct holds holds = { 0 };
	unsigned long kept, written;

	for_each_line_of(line, TRACING "trace") {
		if (sscanf(line, "# entries-in-buffer/entries-written: %lu/%lu",
			   &kept, &written) == 2 &&
		    kept != written) {
			fprintf(stderr, "locks: events were lost\n");
			exit(1);
		}
		if (!event_of(line, pid, event, &time, mm) ||
		    strcmp(mm, target))
			continue;
		if (!strcmp(event, "mmap_lock_acquire_returned") &&
		    strstr(line, "success=true"))
			begun = time;
		if (strcmp(event, "mmap_lock_released") || !begun)
			continue;
		holds.nr++;
		holds.sum += time - begun;
		if (time - begun > holds.longest)
			holds.longest = time - begun;
		begun = 0;
	}
	return holds;
}

/* The first pass finds everything cold. */
static pid_t read_traced(const struct reader *reader,
			 const struct target_range *target)
{
	pid_t pid = fork();
	int status, fd;

	if (pid)
		return waitpid(pid, &status, 0) == pid && !status ? pid : -1;
	fd = reader->open(target);
	if (fd < 0 || reader->pass(fd, target, reader->flags))
		_exit(1);
	file_write(TRACING "trace", "");
	file_write(TRACING "tracing_on", "1");
	reader->pass(fd, target, reader->flags);
	file_write(TRACING "tracing_on", "0");
	_exit(0);
}

int main(int argc, char **argv)
{
	const struct reader *reader;
	struct target_range target;
	char mm[32];

	if (argc != 2 || !atoi(argv[1])) {
		fprintf(stderr, "usage: locks MIB\n");
		return 2;
	}
	if (!target_map(&target, atoi(argv[1]))) {
		perror("locks: memory");
		return 1;
	}
	if (!prepare() || !own_mm(mm)) {
		fprintf(stderr,
			"locks: " TRACING " shows no events of mmap_lock\n");
		return 1;
	}
	for (reader = readers; reader->name; reader++) {
		pid_t pid = read_traced(reader, &target);
		struct holds more, holds = holds_of(pid, mm);

		for (int run = 1; run < RUNS && pid > 0; run++) {
			pid = read_traced(reader, &target);
			more = holds_of(pid, mm);
			if (more.longest < holds.longest)
				holds = more;
		}
		if (pid < 0) {
			fprintf(stderr, "locks: no %s\n", reader->name);
			continue;
		}
		printf("%s\t%lu\t%llu\t%llu\n", reader->name, holds.nr,
		       holds.longest, holds.sum);
	}
	return 0;
}
