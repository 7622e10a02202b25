// SPDX-License-Identifier: GPL-2.0-or-later
/* From the command line to a command. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/column.h"
#include "cli/output.h"
#include "cli/suggest.h"
#include "cli/tool.h"

static const struct command *const commands[] = {
	&cmd_summary, &cmd_ps,	 &cmd_areas,  &cmd_map,
	&cmd_pages,   &cmd_walk, &cmd_swap,   &cmd_tables,
	&cmd_audit,   &cmd_info, &cmd_kernel, &cmd_what,
};

static bool is_name(const char *word, const char *name)
{
	return name && !strcmp(word, name);
}

static const struct command *find_sub(const struct command *cmd,
				      const char *word)
{
	for (size_t i = 0; cmd->subs[i]; i++) {
		if (is_name(word, cmd->subs[i]->name))
			return cmd->subs[i];
	}
	return NULL;
}

static const struct command *find(const char *word)
{
	/* The summary has no name of its own: a bare PID asks for it. */
	if (!strcmp(word, "self") ||
	    (*word && strspn(word, "0123456789") == strlen(word)))
		return &cmd_summary;
	for (size_t i = 1; i < ARRAY_SIZE(commands); i++) {
		if (is_name(word, commands[i]->name) ||
		    is_name(word, commands[i]->alias))
			return commands[i];
	}
	return NULL;
}

/* The name as it is typed: "map", or "kernel map"; the summary has none. */
static const char *full_name(const struct command *cmd)
{
	static char name[32];

	if (cmd == &cmd_summary)
		return cmd->args;
	snprintf(name, sizeof(name), "%s%s%s", cmd->group ? cmd->group : "",
		 cmd->group ? " " : "", cmd->name);
	return name;
}

static void print_usage_line(const struct command *cmd)
{
	char line[80];

	if (cmd == &cmd_summary)
		snprintf(line, sizeof(line), "vmscope %s", cmd->args);
	else
		snprintf(line, sizeof(line), "vmscope %s %s", full_name(cmd),
			 cmd->args);
	printf("  %-32s %s\n", line, cmd->help);
}

static void print_usage_lines(const struct command *cmd)
{
	for (size_t i = 0; cmd->subs && cmd->subs[i]; i++)
		print_usage_line(cmd->subs[i]);
	if (!cmd->subs)
		print_usage_line(cmd);
}

static void print_help(void)
{
	puts("Shows what the memory of a process, or of the kernel, really is.\n");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		print_usage_lines(commands[i]);
	puts("\nADDR is hex. RANGE is ADDR, START-END, START+SIZE or an area's name.\n");
	options_print(0);
	puts("\n\"vmscope COMMAND --help\" says more of one; see also vmscope(8).");
}

static void print_command_help(const struct command *cmd)
{
	print_usage_lines(cmd);
	if (cmd->alias)
		printf("  alias: %s\n", cmd->alias);
	putchar('\n');
	options_print(cmd->takes);
	if (cmd->subs)
		return;
	puts("\nColumns:");
	columns_print(cmd->columns);
}

static void print_columns(const struct command *cmd)
{
	if (!cmd->subs) {
		printf("%s:\n", full_name(cmd));
		columns_print(cmd->columns);
		return;
	}
	for (size_t i = 0; cmd->subs[i]; i++) {
		printf("%s%s:\n", i ? "\n" : "", full_name(cmd->subs[i]));
		columns_print(cmd->subs[i]->columns);
	}
}

static void print_all_columns(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (i)
			putchar('\n');
		print_columns(commands[i]);
	}
}

static void print_command(const struct command *cmd)
{
	printf("%s\t%s\n", full_name(cmd), cmd->args);
	if (cmd->alias)
		printf("%s\t%s\n", cmd->alias, cmd->args);
}

/* For programs: the completion of a shell, and tests. */
static void print_commands(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		const struct command *cmd = commands[i];

		if (cmd == &cmd_summary)
			continue;
		for (size_t k = 0; cmd->subs && cmd->subs[k]; k++)
			print_command(cmd->subs[k]);
		if (!cmd->subs)
			print_command(cmd);
	}
}

/* What needs no command, or only its name. */
static bool answer(const struct command *cmd, const struct options *opt)
{
	if (opt->version)
		printf("vmscope %s\n", VMSCOPE_VERSION);
	else if (opt->list_commands)
		print_commands();
	else if (opt->help && cmd)
		print_command_help(cmd);
	else if (opt->help)
		print_help();
	else if (opt->list_columns && cmd && cmd->subs)
		print_columns(cmd);
	else if (opt->list_columns && cmd)
		columns_print(cmd->columns);
	else if (opt->list_columns)
		print_all_columns();
	else
		return false;
	return true;
}

/* The words behind "see vmscope" that show the help of a command. */
static const char *help_of(const struct command *cmd)
{
	return cmd == &cmd_summary ? "" : full_name(cmd);
}

/* "vmscope 182 areas" is a matter of the order alone. */
static bool is_turned_round(const struct request *req)
{
	const struct command *cmd;

	if (req->cmd != &cmd_summary || req->argc < 2)
		return false;
	cmd = find(req->argv[1]);
	if (!cmd || cmd == &cmd_summary)
		return false;
	tool_error("the command comes first: vmscope %s %s", req->argv[1],
		   req->argv[0]);
	return true;
}

/* Not every command that takes a PID makes sense of the kernel's half. */
static bool wants_process(const struct request *req)
{
	return req->argc && is_kernel(req->argv[0]) &&
	       !(req->cmd->takes & TAKES_KERNEL) &&
	       !strncmp(req->cmd->args, "PID", 3);
}

static void no_command(const struct command *group, const char *word)
{
	struct suggestion s;
	char meant[64];

	suggest_start(&s, word, strlen(word));
	for (size_t i = 0; !group && i < ARRAY_SIZE(commands); i++) {
		if (commands[i] == &cmd_summary)
			continue;
		suggest_try(&s, commands[i]->name, NULL);
		suggest_try(&s, commands[i]->alias, NULL);
	}
	for (size_t i = 0; cmd_kernel.subs[i]; i++)
		suggest_try(&s, cmd_kernel.subs[i]->name, cmd_kernel.name);
	suggest_say(&s, meant, sizeof(meant));
	tool_error("no command \"%s%s%s\"%s; see vmscope %s%s--help",
		   group ? group->name : "", group ? " " : "", word, meant,
		   group ? group->name : "", group ? " " : "");
}

static int check_args(const struct request *req)
{
	const struct command *cmd = req->cmd;

	if (wants_process(req)) {
		tool_error(
			"%s is of processes; of the kernel see vmscope kernel --help",
			full_name(cmd));
		return EXIT_USAGE;
	}
	if (req->argc >= cmd->min_args &&
	    (cmd->max_args < 0 || req->argc <= cmd->max_args))
		return EXIT_OK;
	if (req->argc < cmd->min_args && req->opt->all &&
	    cmd->takes & TAKES_ALL)
		return EXIT_OK;
	if (is_turned_round(req))
		return EXIT_USAGE;
	if (cmd == &cmd_summary)
		tool_error("one PID and no more; see vmscope --help");
	else
		tool_error("%s takes %s%s; see vmscope %s --help",
			   full_name(cmd),
			   *cmd->args ? cmd->args : "no argument",
			   *cmd->args && req->argc > cmd->max_args ?
				   " and no more" :
				   "",
			   full_name(cmd));
	return EXIT_USAGE;
}

static int run(const struct command *cmd, const struct options *opt, int argc,
	       char **argv)
{
	struct cost cost;
	struct request req = {
		.cmd = cmd,
		.opt = opt,
		.argc = argc,
		.argv = argv,
		.cost = &cost,
	};
	int ret;

	ret = options_check(opt, full_name(cmd), help_of(cmd), cmd->takes);
	if (!ret)
		ret = check_args(&req);
	if (ret)
		return ret;
	cost_start(&cost);
	return cmd->run(&req);
}

static int finish(int status)
{
	int ret = output_finish();

	if (!ret)
		return status;
	tool_error("cannot write the output: %s", strerror(-ret));
	return EXIT_FAILED;
}

/* Takes the words of the command off the line; NULL after saying why not. */
static const struct command *take_command(int *argc, char ***argv)
{
	const struct command *cmd = find(**argv), *sub;

	if (!cmd) {
		no_command(NULL, **argv);
		return NULL;
	}
	if (cmd != &cmd_summary) {
		--*argc;
		++*argv;
	}
	if (!cmd->subs || !*argc)
		return cmd;
	sub = find_sub(cmd, **argv);
	if (!sub) {
		no_command(cmd, **argv);
		return NULL;
	}
	--*argc;
	++*argv;
	return sub;
}

/**
 * tool_main - the whole tool
 * @argc: number of words
 * @argv: words of the command line
 *
 * Return: the exit status.
 */
int tool_main(int argc, char **argv)
{
	const struct command *cmd = NULL;
	struct options opt;
	int ret;

	signal(SIGPIPE, SIG_IGN);
	ret = options_parse(&opt, argc, argv);
	if (ret)
		return ret;
	argc -= optind;
	argv += optind;
	if (argc > 0) {
		cmd = take_command(&argc, &argv);
		if (!cmd)
			return EXIT_USAGE;
	}
	if (answer(cmd, &opt))
		return finish(EXIT_OK);
	if (!cmd) {
		tool_error("which process? try vmscope PID, or vmscope --help");
		return EXIT_USAGE;
	}
	return finish(run(cmd, &opt, argc, argv));
}
