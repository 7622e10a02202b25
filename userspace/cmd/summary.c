// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope PID: a screen of facts, then the areas that use most. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/table.h"
#include "cmd/command.h"
#include "model/screen.h"
#include "model/swaphint.h"

static int print_screen(const struct request *req, const struct summary *sum)
{
	const struct options usual = {
		.color = req->opt->color,
		.bytes = req->opt->bytes,
	};
	struct column_list list;
	int ret = columns_select(&area_columns, &usual, &list);

	if (ret)
		return ret;
	screen_print(sum, req->opt->bytes);
	printf("\nThe %zu areas that use most:\n", sum->nr_largest);
	return table_print("areas", &list, req->opt, sum->largest,
			   sum->nr_largest, sizeof(sum->largest[0]), NULL);
}

static void hint_summary(const struct summary *sum)
{
	uint64_t found = 0;

	for (unsigned int f = 0; f < NR_FINDINGS; f++)
		found |= sum->findings[f];
	if (found)
		message_hint("\"vmscope audit %d\" lists the findings",
			     sum->pid);
	hint_swapped(&sum->devices, sum->usage.swap_type, false);
}

static int summary_run(struct request *req)
{
	struct summary *sum = malloc(sizeof(*sum));
	bool frames = request_is_for_rows(req) || req->opt->verbose;
	int ret;

	if (!sum)
		return -ENOMEM;
	ret = summary_collect(&req->target, &req->cost, frames, req->facts,
			      sum);
	if (!ret && request_is_for_rows(req))
		ret = request_print(req, sum, filter_match(req->filter, sum),
				    sizeof(*sum), NULL);
	else if (!ret)
		ret = print_screen(req, sum);
	if (!ret)
		hint_summary(sum);
	summary_free(sum);
	free(sum);
	if (!ret || ret == -EIO) {
		cost_close(&req->cost);
		target_hint_withheld(&req->target);
	}
	return ret;
}

const struct command cmd_summary = {
	.name = "summary",
	.args = "PID",
	.help = "a summary, and the largest areas",
	.on = ON_PROCESS,
	.op = VMSCOPE_OP_SCAN,
	.columns = &summary_columns,
	.run = summary_run,
};
