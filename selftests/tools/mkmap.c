// SPDX-License-Identifier: GPL-2.0-only
/*
 * mkmap KIND...|all|list - makes memory of each kind, reports its address, and
 * waits to be killed: a process to try a tool on.
 *
 * One line for each kind: its name, the address of its first page and the
 * number of such pages; or its name, "-", and why this machine has none. Then
 * "ready" and the PID.
 */
#include <sys/prctl.h>

#include "mappings.h"
#include "procfs.h"

#define MAX_KINDS 128

static struct mapping *maps;
static size_t nr_maps;

static void make(const char *name)
{
	struct mapping *map = &maps[nr_maps++];
	const char *missing = mapping_make(name, map);

	if (missing)
		printf("%s - %s\n", name, missing);
	else
		printf("%s %p %zu\n", name, map->addr, map->pages);
	fflush(stdout);
}

static bool kind_exists(const char *name)
{
	size_t i = 0;

	while (mapping_kind(i) && strcmp(mapping_kind(i)->name, name))
		i++;
	return mapping_kind(i);
}

static void wait_for_the_end(void)
{
	sigset_t set;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	printf("ready %d\n", getpid());
	fflush(stdout);
	sigwait(&set, &sig);
}

static int usage(void)
{
	fputs("usage: mkmap KIND...|all|list\n", stderr);
	return 2;
}

/* Soft-dirty bits are cleared for all mappings: kinds that do so go first. */
static void make_all(void)
{
	make("soft-clean");
	make("soft-dirty");
	for (size_t i = 0; mapping_kind(i); i++)
		if (strncmp(mapping_kind(i)->name, "soft-", 5))
			make(mapping_kind(i)->name);
}

int main(int argc, char **argv)
{
	int arg;

	if (argc < 2)
		return usage();
	if (!strcmp(argv[1], "list")) {
		for (size_t i = 0; mapping_kind(i); i++)
			puts(mapping_kind(i)->name);
		return 0;
	}
	maps = calloc(argc * MAX_KINDS, sizeof(*maps));
	if (!maps)
		return 1;
	for (arg = 1; arg < argc; arg++) {
		if (!strcmp(argv[arg], "all"))
			make_all();
		else if (kind_exists(argv[arg]))
			make(argv[arg]);
		else
			return usage();
	}
	wait_for_the_end();
	while (nr_maps)
		mapping_drop(&maps[--nr_maps]);
	knobs_restore();
	return 0;
}
