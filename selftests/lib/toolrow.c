// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rows of the tool's JSON. The tool writes each row on a line of its own, flat,
 * and this parser understands nothing else.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wordexp.h>

#include "toolrow.h"

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
	char command[512];

	snprintf(command, sizeof(command), "command -v '%s' >/dev/null",
		 tool());
	return system(command) ? "there is no tool: set VMSCOPE to it" : NULL;
}

/*
 * Runs the tool for JSON, without a shell, which costs as much as the tool;
 * quotes mean what they mean to a shell. One at a time; tool_end() ends it.
 */
FILE *tool_run(const char *args)
{
	posix_spawn_file_actions_t actions;
	char command[1024];
	wordexp_t words;
	int ends[2], failed;

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

/* Returns the tool's status, as waitpid() has it; 0 if all is well. */
int tool_end(FILE *rows)
{
	int status;

	fclose(rows);
	return waitpid(running, &status, 0) == running ? status : -1;
}

/* The next row, cut at @bytes. Returns false at the end. */
bool tool_row(FILE *rows, char *row, size_t bytes)
{
	char line[8192];

	while (fgets(line, sizeof(line), rows)) {
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

/* A text without escapes. Returns false if it is unknown. */
bool row_text(const char *row, const char *key, char *text, size_t bytes)
{
	const char *value = value_of(row, key);

	text[0] = '\0';
	if (!value || *value != '"')
		return false;
	snprintf(text, bytes, "%.*s", (int)strcspn(value + 1, "\""), value + 1);
	return true;
}

/* A number, or an address, which is a text. 0 if unknown. */
__u64 row_number(const char *row, const char *key)
{
	const char *value = value_of(row, key);

	if (value && *value == '"')
		value++;
	return value ? strtoull(value, NULL, 0) : 0;
}

/* The first row of the tool's output; false if there is none. */
bool tool_first_row(char *row, size_t bytes, const char *format, ...)
{
	char args[256];
	bool found;
	FILE *rows;
	va_list list;

	va_start(list, format);
	vsnprintf(args, sizeof(args), format, list);
	va_end(list);
	rows = tool_run(args);
	found = rows && tool_row(rows, row, bytes);
	if (rows)
		tool_end(rows);
	return found;
}
