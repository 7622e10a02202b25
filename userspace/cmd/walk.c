// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope walk and explain: every level of an address, then what the page is. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/format.h"
#include "cli/output.h"
#include "cmd/command.h"
#include "model/walk.h"

static int walk_check(const struct request *req)
{
	uint64_t addr;

	for (int i = 1; i < req->argc; i++) {
		if (!parse_hex(req->argv[i], &addr))
			continue;
		message_error(
			"\"%s\" is not an address, in hex and up to 64 bits",
			req->argv[i]);
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

static int walk_one(struct target *target, const char *addr,
		    struct walk_row *row)
{
	uint64_t virt;
	int ret;

	parse_hex(addr, &virt);
	if (target->kernel && virt < -target->info->kernel_start) {
		message_error(
			"%s: not in the kernel's half; try vmscope walk PID",
			addr);
		return EXIT_FAILED;
	}
	ret = walk_addr(target, virt, row);
	return ret ? message_failed(VMSCOPE_OP_WALK, ret, addr) : EXIT_OK;
}

/* @out is where rows go; NULL for blocks. */
static int walk_all(struct request *req, struct walk_row *row,
		    struct output *out)
{
	int ret = EXIT_OK;

	for (int i = 1; i < req->argc && !ret; i++) {
		ret = walk_one(&req->target, req->argv[i], row);
		if (ret)
			break;
		if (out) {
			if (filter_match(req->filter, row))
				output_row(out, row);
			continue;
		}
		if (i > 1)
			putchar('\n');
		walk_print(row, req->opt->verbose || req->cmd == &cmd_explain);
	}
	return ret;
}

static int walk_run(struct request *req)
{
	struct walk_row *row = calloc(1, sizeof(*row));
	struct output *out = NULL;
	int ret = -ENOMEM;

	if (row && request_is_for_rows(req))
		out = output_start(req->cmd->name, &req->list, req->opt);
	if (row && (out || !request_is_for_rows(req)))
		ret = walk_all(req, row, out);
	if (out)
		output_end(out);
	if (!ret)
		target_hint_withheld(&req->target);
	if (row)
		swap_devices_free(&row->devices);
	free(row);
	return ret;
}

const struct command cmd_walk = {
	.name = "walk",
	.alias = "vtop",
	.args = "PID|kernel ADDR...",
	.help = "every level of an address, then its page",
	.on = ON_EITHER,
	.op = VMSCOPE_OP_WALK,
	.columns = &walk_columns,
	.check = walk_check,
	.run = walk_run,
};

/* The same as walk -v. */
const struct command cmd_explain = {
	.name = "explain",
	.args = "PID|kernel ADDR...",
	.help = "the same, and what the next access does",
	.on = ON_EITHER,
	.op = VMSCOPE_OP_WALK,
	.columns = &explain_columns,
	.check = walk_check,
	.run = walk_run,
};
