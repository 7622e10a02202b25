// SPDX-License-Identifier: GPL-2.0-only
/* What the workers of a race report, and their random choices. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <vmscope.h>

#include "score.h"

/* Keeps the first complaint. */
void complain(struct score *score, const char *format, ...)
{
	va_list args;

	if (score->complaint[0])
		return;
	va_start(args, format);
	vsnprintf(score->complaint, sizeof(score->complaint), format, args);
	va_end(args);
}

/* A combination of VMSCOPE_SCAN_* that is valid. */
__u64 random_scan_flags(void)
{
	__u64 flags = random() & VMSCOPE_SCAN_ALL;

	return flags & VMSCOPE_SCAN_NAMES ? flags | VMSCOPE_SCAN_AREAS : flags;
}

/* From the first argument, VMSCOPE_RACE_SECONDS, or RACE_SECONDS. */
int race_seconds(int argc, char **argv)
{
	const char *env = getenv("VMSCOPE_RACE_SECONDS");
	int seconds = argc > 1 ? atoi(argv[1]) : env ? atoi(env) : 0;

	return seconds > 0 ? seconds : RACE_SECONDS;
}
