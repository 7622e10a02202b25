// SPDX-License-Identifier: GPL-2.0-or-later
/* The cost of a command: the progress line and the closing line. */
#include "cli/cost.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/format.h"
#include "cli/message.h"

/* Progress is for a terminal; rows on the same terminal are progress enough. */
void cost_start(struct cost *cost, bool verbose)
{
	memset(cost, 0, sizeof(*cost));
	cost->watched = !message_quiet && !isatty(STDOUT_FILENO) &&
			isatty(STDERR_FILENO);
	cost->closes = verbose || isatty(STDERR_FILENO);
	clock_gettime(CLOCK_MONOTONIC, &cost->start);
	cost->shown = cost->start;
}

void cost_add(struct cost *cost, const struct vmscope_cost *more)
{
	cost->sum.entries += more->entries;
	cost->sum.raced += more->raced;
	cost->sum.calls += more->calls;
	if (more->max_hold_ns > cost->sum.max_hold_ns)
		cost->sum.max_hold_ns = more->max_hold_ns;
}

static uint64_t ns_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - then->tv_sec) * 1000000000ULL + now.tv_nsec -
	       then->tv_nsec;
}

/*
 * Shows how far the current scan is, if progress is shown; @now is its cost so
 * far.
 */
void cost_progress(struct cost *cost, const struct vmscope_cost *now,
		   uint64_t addr)
{
	char count[32];

	if (cost->calls == now->calls)
		return;
	cost->calls = now->calls;
	if (ns_since(&cost->shown) < 500000000ULL)
		return;
	clock_gettime(CLOCK_MONOTONIC, &cost->shown);
	format_grouped(cost->sum.entries + now->entries, count, sizeof(count));
	fprintf(stderr, "\r%12llx  %s entries\033[K", (unsigned long long)addr,
		count);
}

/* Wipes the progress line. */
void cost_clear(const struct cost *cost)
{
	const struct timespec *a = &cost->start, *b = &cost->shown;

	if (a->tv_sec != b->tv_sec || a->tv_nsec != b->tv_nsec)
		fputs("\r\033[K", stderr);
}

/* The closing line, once, if anything was read. */
void cost_close(struct cost *cost)
{
	const struct vmscope_cost *sum = &cost->sum;
	char entries[32], took[32], hold[32] = "";

	cost_clear(cost);
	if (sum->calls && cost->closes) {
		format_grouped(sum->entries, entries, sizeof(entries));
		format_time(ns_since(&cost->start), took, sizeof(took));
		/* Scans of the kernel's half hold no lock. */
		if (sum->max_hold_ns)
			format_time(sum->max_hold_ns, hold, sizeof(hold));
		message_hint("%s entries read in %s, %s%s, %llu raced%s%s",
			     entries, took,
			     *hold ? "longest lock hold " : "no lock held",
			     hold, (unsigned long long)sum->raced,
			     *cost->note ? ", " : "", cost->note);
	}
	cost->sum.calls = 0;
}
