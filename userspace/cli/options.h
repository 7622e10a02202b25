/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _OPTIONS_H
#define _OPTIONS_H

#include <stdbool.h>

enum color_mode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/**
 * struct options - what the command line asked for
 * @columns: -o LIST or +LIST, NULL for the command's own
 * @filter: -Q EXPR or NULL
 * @sort: --sort COL or NULL
 * @color: --color
 * @output_all: --output-all
 * @json: -J
 * @raw: -r
 * @no_headings: -n
 * @bytes: -b
 * @quiet: -q
 * @list_columns: -H
 * @list_commands: --list-commands
 * @help: --help
 * @version: --version
 * @verbose: -v
 * @all: --all
 * @empty: --empty
 * @check: --check
 * @depth: --depth N or NULL
 * @given: enum takes of those that were given
 */
struct options {
	const char *columns;
	const char *filter;
	const char *sort;
	const char *depth;
	enum color_mode color;
	bool output_all;
	bool json;
	bool raw;
	bool no_headings;
	bool bytes;
	bool quiet;
	bool list_columns;
	bool list_commands;
	bool help;
	bool version;
	bool verbose;
	bool all;
	bool empty;
	bool check;
	unsigned int given;
};

/* Options that not every command takes, for struct command. */
enum takes {
	TAKES_SORT = 1 << 0,
	TAKES_ALL = 1 << 1,
	TAKES_CHECK = 1 << 2,
	TAKES_EMPTY = 1 << 3,
	TAKES_DEPTH = 1 << 4,
};

int options_parse(struct options *opt, int argc, char **argv);
int options_check(const struct options *opt, const char *command,
		  const char *help, unsigned int takes);
void options_print(unsigned int takes);
bool options_color(const struct options *opt);

#endif /* _OPTIONS_H */
