// SPDX-License-Identifier: GPL-2.0-or-later
/* The one place where options are parsed. */
#include "cli/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/array.h"
#include "cli/format.h"
#include "cli/message.h"

/* Where the value of an option is stored. */
#define FLAG(field) offsetof(struct options, field), no_argument
#define TEXT(field) offsetof(struct options, field), required_argument

static const struct option_row {
	int letter; /* its short form, or 0 */
	const char *name; /* its long form */
	size_t offset; /* of its value in struct options */
	int has_arg; /* as of getopt_long() */
	/* enum takes of the commands that take it; 0: every command does */
	unsigned int takes;
	const char *help; /* its lines of --help */
} rows[] = {
	{ 0, "all", FLAG(all), TAKES_ALL, "    --all           every process" },
	{ 0, "empty", FLAG(empty), TAKES_EMPTY,
	  "    --empty         empty entries, too" },
	{ 0, "check", FLAG(check), TAKES_CHECK,
	  "    --check         exit with 1 if there is a finding" },
	{ 0, "summary", FLAG(summary), TAKES_SUMMARY,
	  "    --summary       only the sums, one row per kind" },
	{ 0, "by", TEXT(by), TAKES_BY,
	  "    --by node       sums of each NUMA node" },
	{ 0, "pid", TEXT(pid), TAKES_PID,
	  "    --pid PID       only frames that this process maps" },
	{ 0, "depth", TEXT(depth), TAKES_DEPTH,
	  "    --depth N       no further than N levels below the root" },
	{ 'o', "output", TEXT(columns), 0,
	  "-o, --output LIST   columns to show; +LIST adds to the usual ones" },
	{ 0, "output-all", FLAG(output_all), 0,
	  "    --output-all    all columns" },
	{ 'Q', "filter", TEXT(filter), 0,
	  "-Q, --filter EXPR   only rows that match: COL ==|!=|=~|<|<=|>|>= VALUE,\n"
	  "                      joined by &&, ||, ! and parentheses" },
	{ 0, "sort", TEXT(sort), TAKES_SORT,
	  "    --sort COL      sort by a column; numbers from the largest" },
	{ 'J', "json", FLAG(json), 0, "-J, --json          JSON" },
	{ 'r', "raw", FLAG(raw), 0,
	  "-r, --raw           one space between columns, none within" },
	{ 'n', "noheadings", FLAG(no_headings), 0,
	  "-n, --noheadings    no headings" },
	{ 'b', "bytes", FLAG(bytes), 0,
	  "-b, --bytes         sizes in bytes, as -r has them" },
	{ 0, "color", offsetof(struct options, color), optional_argument, 0,
	  "    --color[=WHEN]  auto, always or never" },
	{ 'v', "verbose", FLAG(verbose), 0,
	  "-v, --verbose       what it cost, and more words where there are any" },
	{ 'q', "quiet", FLAG(quiet), 0,
	  "-q, --quiet         no closing line, progress or hints" },
	{ 'H', "list-columns", FLAG(list_columns), 0,
	  "-H, --list-columns  list the columns" },
	{ 0, "list-commands", FLAG(list_commands), 0,
	  "    --list-commands list the commands and what they take" },
	{ 'h', "help", FLAG(help), 0, "-h, --help          this help" },
	{ 0, "version", FLAG(version), 0, "    --version       the version" },
};

/* What getopt_long() returns for options without a letter: this, and the row. */
enum { LONG_ONLY = 256 };

/* Prints the help of the options that a command takes. */
void options_print(unsigned int takes)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if ((rows[i].takes & takes) == rows[i].takes)
			printf("  %s\n", rows[i].help);
	}
}

static int parse_color(struct options *opt, const char *when)
{
	static const char *const modes[] = {
		[COLOR_AUTO] = "auto",
		[COLOR_ALWAYS] = "always",
		[COLOR_NEVER] = "never",
	};

	if (!when)
		when = "always";
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		if (!strcmp(when, modes[i])) {
			opt->color = i;
			return 0;
		}
	}
	message_error("--color=%s: not auto, always or never", when);
	return EXIT_USAGE;
}

static int set_option(struct options *opt, const struct option_row *row)
{
	void *at = (char *)opt + row->offset;

	opt->given |= row->takes;
	if (row->has_arg == no_argument)
		*(bool *)at = true;
	else if (row->has_arg == required_argument)
		*(const char **)at = optarg;
	else
		return parse_color(opt, optarg);
	return 0;
}

static int complain(int c, char **argv)
{
	const char *word = argv[optind - 1];

	if (c == ':')
		message_error("option %s wants an argument; see vmscope --help",
			      word);
	else if (optopt && optopt < LONG_ONLY)
		message_error("no option -%c; see vmscope --help", optopt);
	else
		message_error("no option %s; see vmscope --help", word);
	return EXIT_USAGE;
}

static int value_of(size_t row)
{
	return rows[row].letter ? rows[row].letter : LONG_ONLY + (int)row;
}

/* The rows as getopt_long() wants them. */
static void fill_options(struct option *options, char *letters)
{
	*letters++ = ':';
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		options[i] = (struct option){ rows[i].name, rows[i].has_arg,
					      NULL, value_of(i) };
		if (!rows[i].letter)
			continue;
		*letters++ = rows[i].letter;
		if (rows[i].has_arg == required_argument)
			*letters++ = ':';
	}
}

/*
 * Parses all options of a command line, and moves the other arguments to its
 * end, from optind on. Returns 0, or EXIT_USAGE after a report.
 */
int options_parse(struct options *opt, int argc, char **argv)
{
	struct option options[ARRAY_SIZE(rows) + 1] = { 0 };
	char letters[2 * ARRAY_SIZE(rows) + 2] = "";
	int c, ret = 0;

	fill_options(options, letters);
	opterr = 0;
	memset(opt, 0, sizeof(*opt));
	while (!ret &&
	       (c = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		size_t i = 0;

		if (c == '?' || c == ':')
			return complain(c, argv);
		while (value_of(i) != c)
			i++;
		ret = set_option(opt, &rows[i]);
	}
	opt->bytes |= opt->raw;
	format_in_bytes = opt->bytes || opt->json;
	/* A program that reads JSON may read both streams as one: 2>&1 | jq */
	if (opt->json && !opt->verbose && !isatty(STDERR_FILENO))
		opt->quiet = true;
	message_quiet = opt->quiet;
	return ret;
}

/*
 * Refuses options that do not go with the command or together. @command is its
 * name, @help the words that are typed before --help. Returns 0, or EXIT_USAGE
 * after a report.
 */
int options_check(const struct options *opt, const char *command,
		  const char *help, unsigned int takes)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!(opt->given & rows[i].takes & ~takes))
			continue;
		message_error("%s does not take --%s; see vmscope %s%s--help",
			      command, rows[i].name, help, *help ? " " : "");
		return EXIT_USAGE;
	}
	if (opt->json && opt->raw) {
		message_error("-J and -r exclude each other");
		return EXIT_USAGE;
	}
	if (opt->columns && opt->output_all) {
		message_error("-o and --output-all exclude each other");
		return EXIT_USAGE;
	}
	return 0;
}

/* Never for JSON and raw output. */
bool options_color(const struct options *opt)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");

	if (opt->json || opt->raw || opt->color == COLOR_NEVER)
		return false;
	if (opt->color == COLOR_ALWAYS)
		return true;
	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term &&
	       strcmp(term, "dumb");
}
