// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines on standard error: errors, and hints. */
#include "cli/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/text.h"

/* -q: no hints, progress or closing line. */
bool message_quiet;

/* Writes out what was printed so far, before a line; or NULL. */
int (*message_before)(void);

/* It holds foreign names and what the user typed: no byte is written raw. */
static void print_line(const char *fmt, va_list ap)
{
	char *text, *line;

	if (message_before)
		message_before();
	if (vasprintf(&text, fmt, ap) < 0)
		return;
	line = text_copy(text, TEXT_LINE, 0);
	if (line)
		fprintf(stderr, "vmscope: %s\n", line);
	free(line);
	free(text);
}

/* One line: what went wrong, why, and what to do about it. */
void message_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_line(fmt, ap);
	va_end(ap);
}

/* One line that helps, unless -q. */
void message_hint(const char *fmt, ...)
{
	va_list ap;

	if (message_quiet)
		return;
	va_start(ap, fmt);
	print_line(fmt, ap);
	va_end(ap);
}

/*
 * Reports the negative errno @err of a call of the library; @subject is the
 * PID, address or file that it was tried on, or NULL. Returns the exit status.
 */
int message_failed(enum vmscope_op op, int err, const char *subject)
{
	char why[256];

	vmscope_explain(op, err, why, sizeof(why));
	message_error("%s%s%s", subject ? subject : "", subject ? ": " : "",
		      why);
	return err == -ESRCH ? EXIT_VANISHED : EXIT_FAILED;
}
