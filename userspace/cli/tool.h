/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _TOOL_H
#define _TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <vmscope/libvmscope.h>

#include "cli/options.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_VANISHED = 3,
};

struct column_set;
struct request;

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
 * @columns: its columns and which of them are usual
 * @run: carries it out and returns the exit status
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
	const struct column_set *columns;
	int (*run)(const struct request *req);
	const struct command *const *subs;
};

extern const struct command cmd_summary, cmd_ps, cmd_areas, cmd_map, cmd_pages;
extern const struct command cmd_walk, cmd_swap, cmd_tables, cmd_audit, cmd_info;
extern const struct command cmd_kernel, cmd_what;
extern const struct command cmd_kernel_layout, cmd_kernel_map,
	cmd_kernel_vmalloc, cmd_kernel_kmalloc, cmd_kernel_pid;

/**
 * struct request - a command line, understood
 * @cmd: the command
 * @opt: its options
 * @argc: number of arguments
 * @argv: its arguments
 * @cost: what was spent, for the closing line
 */
struct request {
	const struct command *cmd;
	const struct options *opt;
	int argc;
	char **argv;
	struct cost *cost;
};

/**
 * struct cost - what a command has cost
 * @sum: of the scans
 * @start: when it began
 * @shown: when progress was last shown
 * @watched: progress is to be shown
 * @calls: calls of the device when it was last thought of
 * @note: more to say at the end of the closing line, or ""
 */
struct cost {
	struct vmscope_cost sum;
	struct timespec start;
	struct timespec shown;
	bool watched;
	uint64_t calls;
	char note[64];
};

/**
 * struct target - a process, or the kernel, that is looked at
 * @scope: bound handle
 * @info: of @scope
 * @kernel: it is the kernel's own half
 * @pid: its PID; 0 of the kernel
 * @comm: its name
 */
struct target {
	struct vmscope *scope;
	const struct vmscope_info *info;
	bool kernel;
	int pid;
	char comm[64];
};

/* What is done with each record: anything but 0 ends the scan. */
typedef int (*record_fn)(void *arg, const struct vmscope_record *rec);

/* What is done with each process: see target_each(). */
typedef int (*target_fn)(void *arg, struct target *target);

int tool_main(int argc, char **argv);
int device_open(struct vmscope **scope);

void tool_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void tool_hint(const struct request *req, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int tool_failed(enum vmscope_op op, int err, const char *what);

int target_try(struct target *target, int pid);
int target_each(target_fn act, void *arg);
int target_open(struct target *target, const char *pid);
int target_open_kernel(struct target *target);
bool is_kernel(const char *word);
void target_close(struct target *target);
int target_scan(const struct target *target, const struct vmscope_query *query,
		const struct request *req, record_fn act, void *arg);
int tool_open(struct vmscope **scope);

void cost_start(struct cost *cost);
void cost_add(struct cost *cost, const struct vmscope_cost *more);
void cost_close(const struct request *req);
void cost_clear(const struct request *req);
void hint_withheld(const struct request *req, const struct vmscope_info *info);

#endif /* _TOOL_H */
