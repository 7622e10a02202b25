// SPDX-License-Identifier: GPL-2.0-or-later
/* What the commands share: targets, errors, and the closing line. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/format.h"
#include "cli/output.h"
#include "cli/text.h"
#include "cli/tool.h"

/* Names of others are in it, and what the user typed: no byte goes out raw. */
static void say(const char *fmt, va_list ap)
{
	char *text, *line;

	output_flush();
	if (vasprintf(&text, fmt, ap) < 0)
		return;
	line = text_copy(text, TEXT_LINE, 0);
	if (line)
		fprintf(stderr, "vmscope: %s\n", line);
	free(line);
	free(text);
}

/**
 * tool_error - say on one line of standard error what went wrong
 * @fmt: what, why, and what to do about it
 */
void tool_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

/**
 * tool_hint - say something helpful on standard error, unless -q
 * @req: the request
 * @fmt: the hint
 */
void tool_hint(const struct request *req, const char *fmt, ...)
{
	va_list ap;

	if (req->opt->quiet)
		return;
	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

/**
 * tool_failed - report a failed call of the library
 * @op: what was tried
 * @err: the negative errno that it returned
 * @what: the PID, address or file that it was tried on; or NULL
 *
 * Return: the exit status.
 */
int tool_failed(enum vmscope_op op, int err, const char *what)
{
	char why[256];

	vmscope_explain(op, err, why, sizeof(why));
	tool_error("%s%s%s", what ? what : "", what ? ": " : "", why);
	return err == -ESRCH ? EXIT_VANISHED : EXIT_FAILED;
}

/**
 * tool_open - open the device, or say why not
 * @scope: set on success
 *
 * Return: an exit status.
 */
int tool_open(struct vmscope **scope)
{
	int ret = device_open(scope);

	return ret ? tool_failed(VMSCOPE_OP_OPEN, ret, NULL) : EXIT_OK;
}

/*
 * Takes the handle over: it is closed if the process cannot be had. The name
 * comes from the module, like the memory: the /proc that is mounted may count
 * PIDs of another namespace.
 */
static int bind(struct target *target, struct vmscope *scope, int pid,
		bool next)
{
	int ret = next ? vmscope_attach_next(scope, pid) :
			 vmscope_attach_pid(scope, pid);
	const struct vmscope_attach *attached = vmscope_get_attached(scope);
	char comm[sizeof(attached->comm) + 1] = "";

	if (ret) {
		vmscope_close(scope);
		return ret;
	}
	target->scope = scope;
	target->info = vmscope_get_info(scope);
	target->kernel = false;
	target->pid = next ? (int)attached->tgid : pid;
	memcpy(comm, attached->comm, sizeof(attached->comm));
	snprintf(target->comm, sizeof(target->comm), "%s", *comm ? comm : "?");
	return 0;
}

/**
 * target_try - bind to a process, and say nothing if that fails
 * @target: filled on success; to be closed with target_close()
 * @pid: its PID
 *
 * Return: 0 or a negative errno.
 */
int target_try(struct target *target, int pid)
{
	struct vmscope *scope;
	int ret = device_open(&scope);

	return ret ? ret : bind(target, scope, pid, false);
}

/**
 * target_each - do something with each process of the caller's PID namespace
 * @act: called with each; the target is closed when it returns. -ESRCH and
 *	-ENODATA pass the process over: processes come and go. Any other value
 *	but 0 ends the loop.
 * @arg: for @act
 *
 * Return: 0, what @act returned, or a negative errno.
 */
int target_each(target_fn act, void *arg)
{
	struct vmscope *scope;
	struct target target;
	int pid = 1, ret;

	for (;;) {
		ret = device_open(&scope);
		if (!ret)
			ret = bind(&target, scope, pid, true);
		if (ret)
			return ret == -ESRCH ? 0 : ret;
		pid = target.pid + 1;
		ret = act(arg, &target);
		target_close(&target);
		if (ret && ret != -ESRCH && ret != -ENODATA)
			return ret;
	}
}

/* By enum vmscope_why: what gives kernel addresses back. */
static const struct {
	uint64_t why;
	const char *remedy;
} remedies[] = {
	{ VMSCOPE_WHY_LOCKDOWN, "boot without lockdown=confidentiality" },
	{ VMSCOPE_WHY_CAP_SYSLOG, "use sudo, or grant CAP_SYSLOG" },
	{ VMSCOPE_WHY_KPTR_RESTRICT,
	  "try: sudo sysctl kernel.kptr_restrict=1" },
};

/* One reason is enough: the one that is hardest to remove comes first. */
static int kernel_failed(const struct vmscope_info *info, int err)
{
	const struct vmscope_bit *b = vmscope_why_table();
	size_t i = 0;

	while (i < ARRAY_SIZE(remedies) &&
	       !(info->withheld_why & remedies[i].why))
		i++;
	if (err != -EPERM || i == ARRAY_SIZE(remedies))
		return tool_failed(VMSCOPE_OP_ATTACH, err, "kernel");
	while (b->name && b->value != remedies[i].why)
		b++;
	tool_error("kernel: its addresses are withheld: %s; %s",
		   b->name ? b->help : "no reason is given",
		   remedies[i].remedy);
	return EXIT_FAILED;
}

/**
 * target_open_kernel - bind to the kernel's own half
 * @target: filled on success; to be closed with target_close()
 *
 * Return: an exit status, after an error line if it is not EXIT_OK.
 */
int target_open_kernel(struct target *target)
{
	struct vmscope *scope;
	int ret = tool_open(&scope);

	if (ret)
		return ret;
	ret = vmscope_attach_kernel(scope);
	if (ret) {
		ret = kernel_failed(vmscope_get_info(scope), ret);
		vmscope_close(scope);
		return ret;
	}
	*target = (struct target){
		.scope = scope,
		.info = vmscope_get_info(scope),
		.kernel = true,
		.comm = "kernel",
	};
	return EXIT_OK;
}

/**
 * is_kernel - whether a word in the place of a PID names the kernel
 * @word: as the user typed it
 *
 * Return: true if so.
 */
bool is_kernel(const char *word)
{
	return !strcmp(word, "kernel");
}

/**
 * struct search - for the processes of a name
 * @name: the name
 * @nr: how many were found
 * @pid: the first of them
 * @pids: all of them as text, as far as there is room
 */
struct search {
	const char *name;
	unsigned int nr;
	int pid;
	char pids[128];
};

static int compare_name(void *arg, struct target *target)
{
	const struct vmscope_attach *attached =
		vmscope_get_attached(target->scope);
	struct search *search = arg;
	size_t used = strlen(search->pids);

	if (strncmp((const char *)attached->comm, search->name,
		    sizeof(attached->comm)))
		return 0;
	if (!search->nr++)
		search->pid = target->pid;
	snprintf(search->pids + used, sizeof(search->pids) - used, " %d",
		 target->pid);
	return 0;
}

static int find_name(const char *name, int *pid)
{
	struct search search = { .name = name };
	int ret = target_each(compare_name, &search);

	if (ret)
		return tool_failed(VMSCOPE_OP_ATTACH, ret, name);
	*pid = search.pid;
	if (search.nr == 1)
		return EXIT_OK;
	if (search.nr)
		tool_error(
			"%s: %u processes have this name; name one by its PID:%s",
			name, search.nr, search.pids);
	else
		tool_error(
			"\"%s\" is not a PID, and no process has this name; a PID is a number from 1 on",
			name);
	return EXIT_USAGE;
}

/* A number is a PID; "self" is this program; anything else is a name. */
static int find_pid(const char *word, int *pid)
{
	if (!parse_pid(word, pid))
		return EXIT_OK;
	if (!strcmp(word, "self")) {
		*pid = getpid();
		return EXIT_OK;
	}
	if (word[strspn(word, "0123456789")])
		return find_name(word, pid);
	tool_error("\"%s\" is not a PID; a PID is 1 to 2147483647", word);
	return EXIT_USAGE;
}

/**
 * target_open - bind to the process that the user names, or to the kernel
 * @target: filled on success; to be closed with target_close()
 * @pid: as the user typed it
 *
 * Return: an exit status, after an error line if it is not EXIT_OK.
 */
int target_open(struct target *target, const char *pid)
{
	struct vmscope *scope;
	int number, ret;

	if (is_kernel(pid))
		return target_open_kernel(target);
	ret = tool_open(&scope);
	if (ret)
		return ret;
	ret = find_pid(pid, &number);
	if (ret) {
		vmscope_close(scope);
		return ret;
	}
	ret = bind(target, scope, number, false);
	return ret ? tool_failed(VMSCOPE_OP_ATTACH, ret, pid) : EXIT_OK;
}

/**
 * target_close - let go of a target
 * @target: the target
 */
void target_close(struct target *target)
{
	vmscope_close(target->scope);
}

/**
 * cost_start - begin to count
 * @cost: the account
 */
void cost_start(struct cost *cost)
{
	memset(cost, 0, sizeof(*cost));
	cost->watched = !isatty(STDOUT_FILENO) && isatty(STDERR_FILENO);
	clock_gettime(CLOCK_MONOTONIC, &cost->start);
	cost->shown = cost->start;
}

/**
 * cost_add - add what a scan has cost
 * @cost: the account
 * @more: the scan's
 */
void cost_add(struct cost *cost, const struct vmscope_cost *more)
{
	cost->sum.entries += more->entries;
	cost->sum.raced += more->raced;
	cost->sum.calls += more->calls;
	if (more->max_hold_ns > cost->sum.max_hold_ns)
		cost->sum.max_hold_ns = more->max_hold_ns;
}

static uint64_t ns_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - then->tv_sec) * 1000000000ULL + now.tv_nsec -
	       then->tv_nsec;
}

/* On a terminal; rows on the same one are progress enough. */
static void show_progress(const struct request *req,
			  const struct vmscope_cost *now, uint64_t addr)
{
	struct cost *cost = req->cost;
	char count[32];

	if (cost->calls == now->calls)
		return;
	cost->calls = now->calls;
	if (ns_since(&cost->shown) < 500000000ULL)
		return;
	clock_gettime(CLOCK_MONOTONIC, &cost->shown);
	format_grouped(cost->sum.entries + now->entries, count, sizeof(count));
	fprintf(stderr, "\r%12llx  %s entries\033[K", (unsigned long long)addr,
		count);
}

/**
 * target_scan - do something with each record of a scan
 * @target: the process or the kernel
 * @query: what to report
 * @req: the request that the cost is counted for, or NULL: it is not counted
 * @act: is called with each record; anything but 0 ends the scan
 * @arg: for @act
 *
 * Return: 0, what @act returned, or a negative errno.
 */
int target_scan(const struct target *target, const struct vmscope_query *query,
		const struct request *req, record_fn act, void *arg)
{
	bool watched = req && req->cost->watched && !req->opt->quiet;
	struct vmscope_record rec;
	struct vmscope_iter *iter;
	int ret;

	ret = vmscope_iter_create(&iter, target->scope, query);
	if (ret)
		return ret;
	while ((ret = vmscope_iter_next(iter, &rec)) > 0) {
		if (watched)
			show_progress(req, vmscope_iter_cost(iter), rec.addr);
		ret = act(arg, &rec);
		if (ret)
			break;
	}
	if (req)
		cost_add(req->cost, vmscope_iter_cost(iter));
	vmscope_iter_destroy(iter);
	return ret;
}

/**
 * cost_clear - wipe the progress line
 * @req: the request
 */
void cost_clear(const struct request *req)
{
	const struct timespec *a = &req->cost->start, *b = &req->cost->shown;

	if (a->tv_sec != b->tv_sec || a->tv_nsec != b->tv_nsec)
		fputs("\r\033[K", stderr);
}

/**
 * cost_close - print the closing line, on a terminal or with -v
 * @req: the request
 */
void cost_close(const struct request *req)
{
	const struct vmscope_cost *sum = &req->cost->sum;
	char entries[32], took[32], hold[32];
	/* of the kernel's half there is no lock to be had */
	const char *held = sum->max_hold_ns ? "longest lock hold " :
					      "no lock held";

	cost_clear(req);
	if (!sum->calls || !(req->opt->verbose || isatty(STDERR_FILENO)))
		return;
	format_grouped(sum->entries, entries, sizeof(entries));
	format_time(ns_since(&req->cost->start), took, sizeof(took));
	*hold = '\0';
	if (sum->max_hold_ns)
		format_time(sum->max_hold_ns, hold, sizeof(hold));
	tool_hint(req, "%s entries read in %s, %s%s, %llu raced%s%s", entries,
		  took, held, hold, (unsigned long long)sum->raced,
		  *req->cost->note ? ", " : "", req->cost->note);
}

/**
 * hint_withheld - say why frames or kernel addresses are not shown
 * @req: the request
 * @info: as the module reports it
 */
void hint_withheld(const struct request *req, const struct vmscope_info *info)
{
	if (info->features & VMSCOPE_FEAT_FRAMES)
		return;
	for (const struct vmscope_bit *b = vmscope_why_table(); b->name; b++) {
		if (info->withheld_why & b->value)
			tool_hint(req,
				  "frames and raw entries are withheld: %s",
				  b->help);
	}
}
