// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope what: what kernel addresses are. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "filter.h"
#include "format.h"
#include "oops.h"
#include "output.h"
#include "what.h"

/**
 * struct job - addresses under way
 * @req: the request
 * @target: the kernel
 * @list: columns
 * @filter: -Q, or NULL
 * @symbols: /proc/kallsyms, once a name is needed
 * @out: where rows go; NULL for blocks
 * @nr: addresses so far
 * @row: the address at hand
 * @picker: where addresses come from that are no arguments
 */
struct job {
	const struct request *req;
	struct target target;
	struct column_list list;
	struct filter *filter;
	struct symbols symbols;
	struct output *out;
	uint64_t nr;
	struct what_row row;
	struct picker picker;
};

static bool from_text(const struct request *req)
{
	return !req->argc || !strcmp(req->argv[0], "-");
}

/* Many addresses get a line each, few of them a block, unless -v or columns. */
static bool as_rows(const struct request *req)
{
	const struct options *opt = req->opt;

	return opt->columns || opt->output_all || opt->json || opt->raw ||
	       opt->filter || (from_text(req) && !opt->verbose);
}

static int check_addrs(const struct request *req)
{
	uint64_t addr;

	if (from_text(req) && req->argc > 1) {
		tool_error("what takes addresses or -, not both");
		return EXIT_USAGE;
	}
	for (int i = 0; !from_text(req) && i < req->argc; i++) {
		if (!parse_hex(req->argv[i], &addr))
			continue;
		tool_error("\"%s\" is not an address, in hex and up to 64 bits",
			   req->argv[i]);
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

static int tell(struct job *job, uint64_t addr)
{
	int ret = what_read(&job->target, &job->symbols, addr, &job->row);
	char text[24];

	if (ret) {
		snprintf(text, sizeof(text), "%llx", (unsigned long long)addr);
		return tool_failed(VMSCOPE_OP_WHAT, ret, text);
	}
	if (!job->out) {
		if (job->nr++)
			putchar('\n');
		what_print(&job->row, job->req->opt->verbose);
		return EXIT_OK;
	}
	job->nr++;
	/* Output that failed is reported once, at the end of the program. */
	if (filter_match(job->filter, &job->row))
		output_row(job->out, &job->row);
	return EXIT_OK;
}

static int tell_arguments(struct job *job)
{
	uint64_t addr = 0;
	int ret = EXIT_OK;

	for (int i = 0; i < job->req->argc && !ret; i++) {
		parse_hex(job->req->argv[i], &addr);
		ret = tell(job, addr);
	}
	return ret;
}

static int tell_text(struct job *job)
{
	uint64_t addr;
	int ret = EXIT_OK;

	job->picker.in = stdin;
	if (isatty(STDIN_FILENO))
		tool_hint(job->req, "paste the text, then press Ctrl-D");
	while (!ret && pick_address(&job->picker, &addr))
		ret = tell(job, addr);
	if (!ret && job->picker.full)
		tool_hint(job->req, "only the first %d addresses are told",
			  MAX_PICKED);
	if (!ret && !job->nr)
		tool_hint(
			job->req,
			"no kernel address in this text: none of 16 digits that begins with ffff");
	return ret;
}

static int tell_all(struct job *job)
{
	int ret;

	if (as_rows(job->req)) {
		job->out = output_start(job->req->cmd->name, &job->list,
					job->req->opt);
		if (!job->out)
			return EXIT_FAILED;
	}
	ret = from_text(job->req) ? tell_text(job) : tell_arguments(job);
	if (job->out)
		output_end(job->out);
	if (!ret && job->symbols.tried && !job->symbols.nr)
		tool_hint(
			job->req,
			"symbols are not told: /proc/kallsyms shows no addresses to this caller");
	return ret;
}

static int run(const struct request *req)
{
	struct job *job = calloc(1, sizeof(*job));
	int ret;

	if (!job) {
		tool_error("out of memory");
		return EXIT_FAILED;
	}
	job->req = req;
	ret = columns_select(req->cmd->columns, req->opt, &job->list);
	if (!ret)
		ret = filter_parse(&job->filter, req->cmd->columns,
				   req->opt->filter);
	if (!ret)
		ret = check_addrs(req);
	if (!ret)
		ret = target_open_kernel(&job->target);
	if (!ret) {
		ret = tell_all(job);
		target_close(&job->target);
	}
	symbols_free(&job->symbols);
	filter_free(job->filter);
	free(job);
	return ret;
}

const struct command cmd_what = {
	.name = "what",
	.args = "[ADDR...|-]",
	.help = "what kernel addresses are; - picks them out of text",
	.max_args = -1,
	.takes = TAKES_VERBOSE,
	.columns = &what_columns,
	.run = run,
};
