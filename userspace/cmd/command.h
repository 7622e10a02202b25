/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _COMMAND_H
#define _COMMAND_H

#include "cli/column.h"
#include "cli/cost.h"
#include "cli/filter.h"
#include "cli/message.h"
#include "cli/options.h"
#include "source/target.h"

struct request;

/**
 * enum command_on - what a command is about
 * @ON_NOTHING: it opens what it needs itself
 * @ON_PROCESS: the process that its first argument names
 * @ON_EITHER: the same, or the kernel
 * @ON_KERNEL: the kernel's own half
 */
enum command_on { ON_NOTHING, ON_PROCESS, ON_EITHER, ON_KERNEL };

/**
 * struct command - a subcommand
 * @name: what is typed; matched exactly
 * @group: the word before it, as in "kernel map", or NULL
 * @alias: another name, or NULL
 * @args: its arguments, for the help
 * @help: what it does, in one line
 * @min_args: fewest arguments
 * @max_args: most arguments, -1 for any number
 * @takes: enum takes
 * @on: what is opened before it runs
 * @op: what fails if @run fails
 * @columns: its columns and which of them are usual
 * @check: refuses arguments before anything is opened: EXIT_OK or, reported,
 *	EXIT_USAGE; or NULL
 * @run: carries it out; returns an exit status, or a negative errno, which is
 *	reported by who called it
 * @subs: the commands that it stands before, NULL at the end; or NULL
 */
struct command {
	const char *name;
	const char *group;
	const char *alias;
	const char *args;
	const char *help;
	int min_args;
	int max_args;
	unsigned int takes;
	enum command_on on;
	enum vmscope_op op;
	const struct column_set *columns;
	int (*check)(const struct request *req);
	int (*run)(struct request *req);
	const struct command *const *subs;
};

extern const struct command cmd_summary, cmd_ps, cmd_areas, cmd_map, cmd_pages;
extern const struct command cmd_walk, cmd_swap, cmd_tables, cmd_audit, cmd_info;
extern const struct command cmd_kernel, cmd_tree, cmd_what;
extern const struct command cmd_kernel_layout, cmd_kernel_map,
	cmd_kernel_vmalloc, cmd_kernel_kmalloc, cmd_kernel_pid;

/**
 * struct request - a command line, understood
 * @cmd: the command
 * @opt: its options
 * @argc: number of arguments
 * @argv: its arguments
 * @cost: what was spent, for the closing line
 * @set: the columns that there are
 * @list: those that are shown
 * @sort: the column of --sort, or NULL
 * @filter: -Q, or NULL
 * @needs: enum column_needs of the columns in @list and @filter
 * @run_flags: enum vmscope_flag of the same
 * @target: what the command is about, unless ON_NOTHING
 */
struct request {
	const struct command *cmd;
	const struct options *opt;
	int argc;
	char **argv;
	struct cost cost;
	struct column_set set;
	struct column_list list;
	const struct column *sort;
	struct filter *filter;
	unsigned int needs;
	uint64_t run_flags;
	struct target target;
};

int tool_main(int argc, char **argv);

bool request_is_for_people(const struct request *req);
bool request_is_for_rows(const struct request *req);
int request_print(struct request *req, void *rows, size_t nr, size_t row_bytes,
		  const void *total);

#endif /* _COMMAND_H */
