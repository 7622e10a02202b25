// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rows of the tool's JSON. The tool writes each row on a line of its own, flat,
 * and this parser understands nothing else.
 */
#include <spawn.h>
#include <stdarg.h>
#include <wordexp.h>

#include "toolrow.h"
#include "vmscope_test.h"

static pid_t running;

/* A TAP comment; flush it, because older harnesses exit without doing so. */
void note(const char *format, ...)
{
	va_list args;

	fputs("# ", stdout);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	fflush(stdout);
}

static const char *tool(void)
{
	const char *path = getenv("VMSCOPE");

	return path ? path : "vmscope";
}

/* Why no test can use the tool here, or NULL. */
const char *tool_missing(void)
{
	return system(textf("command -v '%s' >/dev/null", tool())) ?
		       "there is no tool: set VMSCOPE to it" :
		       NULL;
}

static FILE *run(const char *format, va_list list)
{
	posix_spawn_file_actions_t actions;
	char args[1024], command[1200];
	wordexp_t words;
	int ends[2], failed;

	vsnprintf(args, sizeof(args), format, list);
	snprintf(command, sizeof(command), "'%s' -q %s -J", tool(), args);
	if (wordexp(command, &words, WRDE_NOCMD))
		return NULL;
	if (pipe2(ends, O_CLOEXEC)) {
		wordfree(&words);
		return NULL;
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	failed = posix_spawnp(&running, words.we_wordv[0], &actions, NULL,
			      words.we_wordv, environ);
	posix_spawn_file_actions_destroy(&actions);
	wordfree(&words);
	close(ends[1]);
	if (!failed)
		return fdopen(ends[0], "r");
	close(ends[0]);
	return NULL;
}

/*
 * Runs the tool for JSON, without a shell, which costs as much as the tool;
 * quotes mean what they mean to a shell. One at a time; tool_end() ends it.
 */
FILE *tool_run(const char *format, ...)
{
	va_list list;
	FILE *rows;

	va_start(list, format);
	rows = run(format, list);
	va_end(list);
	return rows;
}

/* Returns the tool's status, as waitpid() has it; 0 if all is well. */
int tool_end(FILE *rows)
{
	int status;

	if (!rows)
		return -1;
	fclose(rows);
	return waitpid(running, &status, 0) == running ? status : -1;
}

/* The next row, cut at @bytes. False at the end, or if the tool did not run. */
bool tool_row(FILE *rows, char *row, size_t bytes)
{
	char line[8192];

	while (rows && fgets(line, sizeof(line), rows)) {
		const char *brace = strchr(line, '{');

		if (!brace || !strchr(brace, ':') || strchr(brace, '['))
			continue;
		snprintf(row, bytes, "%s", brace);
		return true;
	}
	return false;
}

static const char *value_of(const char *row, const char *key)
{
	char quoted[64];
	const char *at;

	snprintf(quoted, sizeof(quoted), "\"%s\"", key);
	at = strstr(row, quoted);
	if (!at)
		return NULL;
	at += strlen(quoted);
	return at + strspn(at, " :\t");
}

/* A text without escapes, valid as textf(); "" if it is unknown. */
const char *row_text(const char *row, const char *key)
{
	const char *value = value_of(row, key);

	if (!value || *value != '"')
		return "";
	return textf("%.*s", (int)strcspn(value + 1, "\""), value + 1);
}

/* A number, or an address, which is a text. 0 if unknown. */
__u64 row_number(const char *row, const char *key)
{
	const char *value = value_of(row, key);

	if (value && *value == '"')
		value++;
	return value ? strtoull(value, NULL, 0) : 0;
}

static bool first_row(char *row, size_t bytes, FILE *rows)
{
	bool found = tool_row(rows, row, bytes);

	tool_end(rows);
	return found;
}

/* The first row of the tool's output; false if there is none. */
bool tool_first_row(char *row, size_t bytes, const char *format, ...)
{
	va_list list;
	bool found;

	va_start(list, format);
	found = first_row(row, bytes, run(format, list));
	va_end(list);
	return found;
}

/* The text of a column in the first row; "" if there is none. */
const char *tool_text(const char *column, const char *format, ...)
{
	char row[4096];
	va_list list;
	bool found;

	va_start(list, format);
	found = first_row(row, sizeof(row), run(format, list));
	va_end(list);
	return found ? row_text(row, column) : "";
}
