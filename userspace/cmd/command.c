// SPDX-License-Identifier: GPL-2.0-or-later
/* From the command line to a command. */
#include "cmd/command.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/array.h"
#include "cli/output.h"
#include "cli/suggest.h"
#include "cli/table.h"

static const struct command *const commands[] = {
	&cmd_summary, &cmd_ps,	   &cmd_areas,	 &cmd_map,
	&cmd_pages,   &cmd_walk,   &cmd_explain, &cmd_forecast,
	&cmd_swap,    &cmd_tree,   &cmd_tables,	 &cmd_audit,
	&cmd_info,    &cmd_kernel, &cmd_what,	 &cmd_frames,
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

/* The summary has no name of its own: a bare PID asks for it. */
static const struct command *find_command(const char *word)
{
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

/* The name as it is typed: "map", or "kernel map"; empty for the summary. */
static const char *full_name(const struct command *cmd)
{
	static char name[32];

	if (cmd == &cmd_summary)
		return cmd->args;
	snprintf(name, sizeof(name), "%s%s%s", cmd->group ? cmd->group : "",
		 cmd->group ? " " : "", cmd->name);
	return name;
}

/* The commands that arguments can mean: this one, or its subcommands. */
static const struct command *nth_command(const struct command *cmd, size_t i)
{
	if (cmd->subs)
		return cmd->subs[i];
	return i ? NULL : cmd;
}

static void print_usage_lines(const struct command *cmd)
{
	const struct command *sub;
	char line[80];

	for (size_t i = 0; (sub = nth_command(cmd, i)); i++) {
		snprintf(line, sizeof(line), "vmscope %s%s%s", full_name(sub),
			 sub == &cmd_summary ? "" : " ",
			 sub == &cmd_summary ? "" : sub->args);
		printf("  %-32s %s\n", line, sub->help);
	}
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
	if (cmd->sums) {
		puts("\nColumns with --summary:");
		columns_print(cmd->sums);
	}
}

static void print_columns(const struct command *cmd)
{
	const struct command *sub;

	for (size_t i = 0; (sub = nth_command(cmd, i)); i++) {
		printf("%s%s:\n", i ? "\n" : "", full_name(sub));
		columns_print(sub->columns);
		if (!sub->sums)
			continue;
		printf("\n%s --summary:\n", full_name(sub));
		columns_print(sub->sums);
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

/* For programs: the completion of a shell, and tests. */
static void print_commands(void)
{
	const struct command *sub;

	for (size_t i = 1; i < ARRAY_SIZE(commands); i++) {
		for (size_t k = 0; (sub = nth_command(commands[i], k)); k++) {
			printf("%s\t%s\n", full_name(sub), sub->args);
			if (sub->alias)
				printf("%s\t%s\n", sub->alias, sub->args);
		}
	}
}

/* Options that need no command, or only its name. */
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
		columns_print(opt->summary && cmd->sums ? cmd->sums :
							  cmd->columns);
	else if (opt->list_columns)
		print_all_columns();
	else
		return false;
	return true;
}

/* "vmscope 182 areas" only has the order wrong. */
static bool is_turned_round(const struct request *req)
{
	const struct command *cmd;

	if (req->cmd != &cmd_summary || req->argc < 2)
		return false;
	cmd = find_command(req->argv[1]);
	if (!cmd || cmd == &cmd_summary)
		return false;
	message_error("the command comes first: vmscope %s %s", req->argv[1],
		      req->argv[0]);
	return true;
}

static void no_command(const struct command *group, const char *word)
{
	struct suggestion s;
	char meant[64];

	suggest_start(&s, word, strlen(word));
	for (size_t i = 1; !group && i < ARRAY_SIZE(commands); i++) {
		suggest_try(&s, commands[i]->name, NULL);
		suggest_try(&s, commands[i]->alias, NULL);
	}
	for (size_t i = 0; cmd_kernel.subs[i]; i++)
		suggest_try(&s, cmd_kernel.subs[i]->name, cmd_kernel.name);
	suggest_say(&s, meant, sizeof(meant));
	message_error("no command \"%s%s%s\"%s; see vmscope %s%s--help",
		      group ? group->name : "", group ? " " : "", word, meant,
		      group ? group->name : "", group ? " " : "");
}

static bool is_of_kernel(const struct request *req)
{
	return req->cmd->on == ON_KERNEL ||
	       (req->argc && req->cmd->on != ON_NOTHING &&
		is_kernel(req->argv[0]));
}

/* By the help text: "[WORD]" is optional, "WORD..." is any number. */
static void count_args(const char *args, int *fewest, int *most)
{
	*fewest = 0;
	*most = 0;
	while (*args) {
		size_t len = strcspn(args, " ");

		*fewest += *args != '[';
		++*most;
		if (memmem(args, len, "...", 3))
			*most = INT_MAX;
		args += len + strspn(args + len, " ");
	}
}

static int check_args(const struct request *req)
{
	const struct command *cmd = req->cmd;
	int fewest, most;

	count_args(cmd->args, &fewest, &most);
	if (cmd->on == ON_PROCESS && is_of_kernel(req)) {
		message_error(
			"%s is of processes; of the kernel see vmscope kernel --help",
			full_name(cmd));
		return EXIT_USAGE;
	}
	if (req->opt->all && cmd->takes & TAKES_ALL)
		fewest = 0;
	if (req->argc >= fewest && req->argc <= most)
		return EXIT_OK;
	if (is_turned_round(req))
		return EXIT_USAGE;
	if (cmd == &cmd_summary)
		message_error("one PID and no more; see vmscope --help");
	else
		message_error(
			"%s takes %s%s; see vmscope %s --help", full_name(cmd),
			*cmd->args ? cmd->args : "no argument",
			*cmd->args && req->argc > most ? " and no more" : "",
			full_name(cmd));
	return EXIT_USAGE;
}

static int split_sums(struct request *req)
{
	if (strcmp(req->opt->by, "node")) {
		message_error("sums are of all, or --by node, not by \"%s\"",
			      req->opt->by);
		return EXIT_USAGE;
	}
	if (!req->sums) {
		message_error(
			"--by splits sums; without --summary there are none here");
		return EXIT_USAGE;
	}
	req->set = *req->cmd->sums_by_node;
	req->facts |= VMSCOPE_FACT_NODE;
	return 0;
}

/* Everything that can be wrong with a command line by itself. */
static int prepare(struct request *req)
{
	const struct options *opt = req->opt;
	/* The summary's help is the tool's own. */
	const char *help = req->cmd == &cmd_summary ? "" : full_name(req->cmd);
	int ret =
		options_check(opt, full_name(req->cmd), help, req->cmd->takes);

	if (!ret)
		ret = check_args(req);
	if (ret)
		return ret;
	req->sums = opt->summary || (req->cmd->sums_all && !req->argc);
	req->set = req->sums ? *req->cmd->sums : *req->cmd->columns;
	if (opt->by)
		ret = split_sums(req);
	if (ret)
		return ret;
	req->set.kernel = is_of_kernel(req);
	ret = columns_select(&req->set, opt, &req->list);
	if (!ret)
		ret = filter_parse(&req->filter, &req->set, opt->filter);
	if (!ret)
		ret = columns_find_sort(&req->set, opt->sort, &req->sort);
	if (!ret && req->cmd->check)
		ret = req->cmd->check(req);
	for (size_t i = 0; i < req->list.nr; i++) {
		req->needs |= req->list.col[i]->needs;
		req->run_flags |= req->list.col[i]->run_flags;
		req->facts |= req->list.col[i]->facts;
	}
	filter_needs(req->filter, &req->needs, &req->run_flags, &req->facts);
	return ret;
}

static int run_on_target(struct request *req)
{
	const struct command *cmd = req->cmd;
	bool opens = cmd->on != ON_NOTHING && !req->opt->all;
	int ret = EXIT_OK;

	if (req->opt->pid)
		ret = target_open(&req->target, req->opt->pid);
	else if (cmd->on == ON_KERNEL)
		ret = target_open_kernel(&req->target);
	else if (opens)
		ret = target_open(&req->target, req->argv[0]);
	if (ret)
		return ret;
	ret = cmd->run(req);
	/* Failed output is reported once, at the end of the program. */
	if (ret == -EIO)
		ret = EXIT_OK;
	else if (ret < 0)
		ret = message_failed(cmd->op, ret,
				     req->opt->all	  ? "--all" :
				     cmd->on == ON_KERNEL ? "kernel" :
				     req->argc		  ? req->argv[0] :
							    cmd->name);
	else
		cost_close(&req->cost);
	filter_hint(req->filter);
	if (opens)
		target_close(&req->target);
	return ret;
}

static int run_command(const struct command *cmd, const struct options *opt,
		       int argc, char **argv)
{
	struct request req = {
		.cmd = cmd,
		.opt = opt,
		.argc = argc,
		.argv = argv,
	};
	int ret = prepare(&req);

	cost_start(&req.cost, opt->verbose);
	if (!ret)
		ret = run_on_target(&req);
	filter_free(req.filter);
	return ret;
}

/* Totals and the like are for people; programs can add up themselves. */
bool request_is_for_people(const struct request *req)
{
	return !req->opt->json && !req->opt->raw;
}

/* Whether rows are wanted instead of the block or screen that people see. */
bool request_is_for_rows(const struct request *req)
{
	return req->opt->columns || req->opt->output_all || req->opt->filter ||
	       !request_is_for_people(req);
}

/*
 * Sorts and prints rows that are all known; @total is a last row for people, or
 * NULL. Returns 0 or a negative errno.
 */
int request_print(struct request *req, void *rows, size_t nr, size_t row_bytes,
		  const void *total)
{
	rows_sort(req->sort, rows, nr, row_bytes);
	return table_print(req->cmd->name, &req->list, req->opt, rows, nr,
			   row_bytes, total);
}

static int finish(int status)
{
	int ret = output_finish();

	if (!ret)
		return status;
	message_error("cannot write the output: %s", strerror(-ret));
	return EXIT_FAILED;
}

/* Takes the words of the command off the line; NULL after a report. */
static const struct command *take_command(int *argc, char ***argv)
{
	const struct command *cmd = find_command(**argv), *sub;

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

/* The whole tool; returns the exit status. */
int tool_main(int argc, char **argv)
{
	const struct command *cmd = NULL;
	struct options opt;
	int ret;

	signal(SIGPIPE, SIG_IGN);
	message_before = output_flush;
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
		message_error(
			"which process? try vmscope PID, or vmscope --help");
		return EXIT_USAGE;
	}
	return finish(run_command(cmd, &opt, argc, argv));
}
