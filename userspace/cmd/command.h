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
struct stream;

/* What a command operates on. */
enum command_on {
	ON_NOTHING, /* nothing: it opens what it needs itself */
	ON_PROCESS, /* the process that its first argument names */
	ON_EITHER, /* the same, or the kernel */
	ON_KERNEL, /* the kernel's own half */
};

struct command {
	const char *name; /* what is typed; matched exactly */
	const char *group; /* the word before it, as in "kernel map", or NULL */
	const char *alias; /* another name, or NULL */
	const char *args; /* its arguments: "PID|kernel [RANGE]", "ADDR..." */
	const char *help; /* what it does, in one line */
	unsigned int takes; /* enum takes */
	enum command_on on; /* what is opened before it runs */
	enum vmscope_op op; /* what fails if @run fails */
	/* its columns and which of them are usual */
	const struct column_set *columns;
	const struct column_set *sums; /* the same with --summary, or NULL */
	const struct column_set *sums_by_node; /* with --by node, or NULL */
	bool sums_all; /* --summary is meant if there are no arguments */
	/*
	 * refuses arguments before anything is opened: EXIT_OK or, reported,
	 * EXIT_USAGE; or NULL
	 */
	int (*check)(const struct request *req);
	/*
	 * carries it out; returns an exit status, or a negative errno, which
	 * the caller reports
	 */
	int (*run)(struct request *req);
	/* its subcommands, NULL at the end; or NULL */
	const struct command *const *subs;
	const struct stream *stream; /* of map, pages and swap */
};

extern const struct command cmd_summary, cmd_ps, cmd_areas, cmd_map, cmd_pages;
extern const struct command cmd_walk, cmd_swap, cmd_tables, cmd_audit, cmd_info;
extern const struct command cmd_kernel, cmd_tree, cmd_what, cmd_explain;
extern const struct command cmd_forecast, cmd_frames;
extern const struct command cmd_kernel_layout, cmd_kernel_map,
	cmd_kernel_vmalloc, cmd_kernel_kmalloc, cmd_kernel_pid;

/* A command line, understood. */
struct request {
	const struct command *cmd;
	const struct options *opt;
	int argc; /* number of arguments */
	char **argv;
	struct cost cost; /* cost so far, for the closing line */
	struct column_set set; /* all columns */
	struct column_list list; /* those that are shown */
	const struct column *sort; /* the column of --sort, or NULL */
	struct filter *filter; /* -Q, or NULL */
	/* enum column_needs of the columns in @list and @filter */
	unsigned int needs;
	uint64_t run_flags; /* enum vmscope_flag of the same */
	uint64_t facts; /* enum vmscope_frame_fact of the same */
	bool sums; /* rows are those of --summary */
	struct target target; /* what the command is about, unless ON_NOTHING */
};

int tool_main(int argc, char **argv);

bool request_is_for_people(const struct request *req);
bool request_is_for_rows(const struct request *req);
int request_print(struct request *req, void *rows, size_t nr, size_t row_bytes,
		  const void *total);

#endif /* _COMMAND_H */
