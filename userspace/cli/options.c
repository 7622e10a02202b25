// SPDX-License-Identifier: GPL-2.0-or-later
/* The one place where options are parsed. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/options.h"
#include "cli/tool.h"

enum {
	OPT_OUTPUT_ALL = 256,
	OPT_SORT,
	OPT_COLOR,
	OPT_VERSION,
	OPT_LIST_COMMANDS,
	OPT_ALL,
	OPT_EMPTY,
	OPT_CHECK
};

static const struct option long_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "output-all", no_argument, NULL, OPT_OUTPUT_ALL },
	{ "json", no_argument, NULL, 'J' },
	{ "raw", no_argument, NULL, 'r' },
	{ "noheadings", no_argument, NULL, 'n' },
	{ "bytes", no_argument, NULL, 'b' },
	{ "filter", required_argument, NULL, 'Q' },
	{ "sort", required_argument, NULL, OPT_SORT },
	{ "color", optional_argument, NULL, OPT_COLOR },
	{ "quiet", no_argument, NULL, 'q' },
	{ "list-columns", no_argument, NULL, 'H' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "all", no_argument, NULL, OPT_ALL },
	{ "empty", no_argument, NULL, OPT_EMPTY },
	{ "check", no_argument, NULL, OPT_CHECK },
	{ "list-commands", no_argument, NULL, OPT_LIST_COMMANDS },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

/* In the order of --help; @takes is 0 where every command takes it. */
static const struct {
	unsigned int takes;
	const char *text;
} option_help[] = {
	{ TAKES_ALL, "    --all           every process" },
	{ TAKES_EMPTY, "    --empty         empty entries, too" },
	{ TAKES_CHECK,
	  "    --check         exit with 1 if there is a finding" },
	{ 0,
	  "-o, --output LIST   columns to show; +LIST adds to the usual ones" },
	{ 0, "    --output-all    all columns" },
	{ 0,
	  "-Q, --filter EXPR   only rows that match: COL ==|!=|=~|<|<=|>|>= VALUE," },
	{ 0, "                    joined by &&, ||, ! and parentheses" },
	{ TAKES_SORT,
	  "    --sort COL      sort by a column; numbers from the largest" },
	{ 0, "-J, --json          JSON" },
	{ 0, "-r, --raw           one space between columns, none within" },
	{ 0, "-n, --noheadings    no headings" },
	{ 0, "-b, --bytes         sizes in bytes, as -r has them" },
	{ 0, "    --color[=WHEN]  auto, always or never" },
	{ 0,
	  "-v, --verbose       what it cost, and more words where there are any" },
	{ 0, "-q, --quiet         no closing line, progress or hints" },
	{ 0, "-H, --list-columns  list the columns" },
	{ 0, "    --list-commands list the commands and what they take" },
	{ 0, "-h, --help          this help" },
	{ 0, "    --version       the version" },
};

/**
 * options_print - print the help of the options
 * @takes: enum takes of the command
 */
void options_print(unsigned int takes)
{
	for (size_t i = 0; i < ARRAY_SIZE(option_help); i++) {
		if ((option_help[i].takes & takes) == option_help[i].takes)
			printf("  %s\n", option_help[i].text);
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
	tool_error("--color=%s: not auto, always or never", when);
	return EXIT_USAGE;
}

static int parse_one(struct options *opt, int c)
{
	switch (c) {
	case 'o':
		opt->columns = optarg;
		return 0;
	case 'Q':
		opt->filter = optarg;
		return 0;
	case OPT_SORT:
		opt->sort = optarg;
		return 0;
	case OPT_COLOR:
		return parse_color(opt, optarg);
	case OPT_OUTPUT_ALL:
		opt->output_all = true;
		return 0;
	case 'J':
		opt->json = true;
		return 0;
	case 'r':
		opt->raw = true;
		return 0;
	case 'n':
		opt->no_headings = true;
		return 0;
	case 'b':
		opt->bytes = true;
		return 0;
	case 'q':
		opt->quiet = true;
		return 0;
	case 'H':
		opt->list_columns = true;
		return 0;
	case 'v':
		opt->verbose = true;
		return 0;
	case OPT_ALL:
		opt->all = true;
		return 0;
	case OPT_EMPTY:
		opt->empty = true;
		return 0;
	case OPT_CHECK:
		opt->check = true;
		return 0;
	case OPT_LIST_COMMANDS:
		opt->list_commands = true;
		return 0;
	case 'h':
		opt->help = true;
		return 0;
	case OPT_VERSION:
		opt->version = true;
		return 0;
	}
	return EXIT_USAGE;
}

static void complain(int c, char **argv)
{
	const char *word = argv[optind - 1];

	if (c == ':')
		tool_error("option %s wants an argument; see vmscope --help",
			   word);
	else if (optopt && optopt < OPT_OUTPUT_ALL)
		tool_error("no option -%c; see vmscope --help", optopt);
	else
		tool_error("no option %s; see vmscope --help", word);
}

/**
 * options_parse - parse all options of a command line
 * @opt: filled
 * @argc: number of words
 * @argv: words; what is no option is moved to the end, from optind on
 *
 * Return: 0 or EXIT_USAGE after saying why.
 */
int options_parse(struct options *opt, int argc, char **argv)
{
	int c, ret;

	opterr = 0;
	memset(opt, 0, sizeof(*opt));
	while ((c = getopt_long(argc, argv, ":o:JrnbQ:qHvh", long_options,
				NULL)) != -1) {
		if (c == '?' || c == ':') {
			complain(c, argv);
			return EXIT_USAGE;
		}
		ret = parse_one(opt, c);
		if (ret)
			return ret;
	}
	opt->bytes |= opt->raw;
	/* A program that reads JSON may well read both in one: 2>&1 | jq */
	if (opt->json && !opt->verbose && !isatty(STDERR_FILENO))
		opt->quiet = true;
	return 0;
}

/**
 * options_check - refuse options that do not go with the command or together
 * @opt: the options
 * @command: name of the command
 * @help: the words that are typed before --help to learn more
 * @takes: enum takes of the command
 *
 * Return: 0 or EXIT_USAGE after saying why.
 */
int options_check(const struct options *opt, const char *command,
		  const char *help, unsigned int takes)
{
	const struct {
		bool given;
		unsigned int takes;
		const char *name;
	} limited[] = {
		{ opt->sort, TAKES_SORT, "--sort" },
		{ opt->all, TAKES_ALL, "--all" },
		{ opt->empty, TAKES_EMPTY, "--empty" },
		{ opt->check, TAKES_CHECK, "--check" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(limited); i++) {
		if (!limited[i].given || takes & limited[i].takes)
			continue;
		tool_error("%s does not take %s; see vmscope %s%s--help",
			   command, limited[i].name, help, *help ? " " : "");
		return EXIT_USAGE;
	}
	if (opt->json && opt->raw) {
		tool_error("-J and -r exclude each other");
		return EXIT_USAGE;
	}
	if (opt->columns && opt->output_all) {
		tool_error("-o and --output-all exclude each other");
		return EXIT_USAGE;
	}
	return 0;
}

/**
 * options_color - whether the output is to be coloured
 * @opt: the options
 *
 * Return: true if so; never for JSON and raw output.
 */
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
