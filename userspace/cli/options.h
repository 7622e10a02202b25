/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OPTIONS_H
#define _OPTIONS_H

#include <stdbool.h>

enum color_mode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* What the command line asked for. */
struct options {
	const char *columns; /* -o LIST or +LIST, NULL for the command's own */
	const char *filter; /* -Q EXPR or NULL */
	const char *sort; /* --sort COL or NULL */
	const char *depth; /* --depth N or NULL */
	enum color_mode color; /* --color */
	bool output_all; /* --output-all */
	bool json; /* -J */
	bool raw; /* -r */
	bool no_headings; /* -n */
	bool bytes; /* -b */
	bool quiet; /* -q */
	bool list_columns; /* -H */
	bool list_commands; /* --list-commands */
	bool help; /* --help */
	bool version; /* --version */
	bool verbose; /* -v */
	bool all; /* --all */
	bool empty; /* --empty */
	bool check; /* --check */
	bool summary; /* --summary */
	const char *by; /* --by, NULL for one sum of all */
	const char *pid; /* --pid, NULL for all memory */
	unsigned int given; /* enum takes of the options that were given */
};

/* Options that not every command takes, for struct command. */
enum takes {
	TAKES_SORT = 1 << 0,
	TAKES_ALL = 1 << 1,
	TAKES_CHECK = 1 << 2,
	TAKES_EMPTY = 1 << 3,
	TAKES_DEPTH = 1 << 4,
	TAKES_SUMMARY = 1 << 5,
	TAKES_BY = 1 << 6,
	TAKES_PID = 1 << 7,
};

int options_parse(struct options *opt, int argc, char **argv);
int options_check(const struct options *opt, const char *command,
		  const char *help, unsigned int takes);
void options_print(unsigned int takes);
bool options_color(const struct options *opt);

#endif /* _OPTIONS_H */
