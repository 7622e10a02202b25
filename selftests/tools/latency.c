// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a process notices of its readers: how long it takes to map 64 KiB, touch
 * a page of it and unmap it again, next to readers that start again and again.
 *
 * usage: latency MIB READERS [ROUNDS]
 *
 * MIB of memory are mapped, every second page of which is touched. A line
 * holds, separated by tabs: the reader, how many of them, the median, the 99th
 * percentile and the worst of the rounds in microseconds, and how many passes
 * the readers completed.
 */
#include "readers.h"
#include "vmscope_test.h"

#define ROUND_BYTES (64 << 10)
#define MAX_READERS 16

/* Passes that the readers made; shared with them. */
static unsigned long *passes;

static void read_for_ever(const struct reader *reader,
			  const struct target_range *target)
{
	int fd = reader->open(target);

	while (fd >= 0 && !reader->pass(fd, target, reader->flags))
		__atomic_fetch_add(passes, 1, __ATOMIC_RELAXED);
	_exit(1);
}

static double now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e6 + ts.tv_nsec / 1e3;
}

static double one_round(void)
{
	double begun = now_us();
	char *at = map_memory(ROUND_BYTES, MAP_PRIVATE);

	*at = 1;
	munmap(at, ROUND_BYTES);
	return now_us() - begun;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void report(const char *name, unsigned int nr, double *took,
		   size_t rounds)
{
	for (size_t i = 0; i < rounds; i++)
		took[i] = one_round();
	qsort(took, rounds, sizeof(*took), by_size);
	printf("%s\t%u\t%.1f\t%.1f\t%.1f\t%lu\n", name, nr, took[rounds / 2],
	       took[rounds * 99 / 100], took[rounds - 1],
	       __atomic_load_n(passes, __ATOMIC_RELAXED));
	fflush(stdout);
}

/* Return: false if the kernel does not have what @reader reads */
static bool beside(const struct reader *reader,
		   const struct target_range *target, unsigned int nr,
		   double *took, size_t rounds)
{
	pid_t pids[MAX_READERS];
	bool works = true;

	*passes = 0;
	for (unsigned int i = 0; i < nr; i++) {
		pids[i] = fork();
		if (!pids[i])
			read_for_ever(reader, target);
	}
	while (works && !__atomic_load_n(passes, __ATOMIC_RELAXED)) {
		works = waitpid(-1, NULL, WNOHANG) == 0;
		usleep(1000);
	}
	if (works)
		report(reader->name, nr, took, rounds);
	for (unsigned int i = 0; i < nr; i++)
		kill(pids[i], SIGKILL);
	while (wait(NULL) > 0)
		;
	return works;
}

static size_t number(const char *text, size_t least, size_t most)
{
	char *end;
	unsigned long value = strtoul(text, &end, 0);

	if (*end || end == text || value < least || value > most) {
		fprintf(stderr, "latency: %s is no number from %zu to %zu\n",
			text, least, most);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	struct target_range target;
	const struct reader *reader;
	size_t nr, rounds, mib;
	double *took;

	if (argc < 3 || argc > 4) {
		fprintf(stderr, "usage: latency MIB READERS [ROUNDS]\n");
		return 2;
	}
	mib = number(argv[1], 1, 1 << 20);
	nr = number(argv[2], 1, MAX_READERS);
	rounds = argc > 3 ? number(argv[3], 100, 10000000) : 2000;
	took = calloc(rounds, sizeof(*took));
	passes = map_memory(sizeof(*passes), MAP_SHARED);
	if (!took || !target_map(&target, mib)) {
		perror("latency");
		return 1;
	}
	report("none", 0, took, rounds);
	for (reader = readers; reader->name; reader++)
		if (!beside(reader, &target, nr, took, rounds))
			fprintf(stderr, "latency: no %s\n", reader->name);
	return 0;
}
