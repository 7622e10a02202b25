// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope PID: a screen of facts, then the areas that use most. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/filter.h"
#include "cli/table.h"
#include "model/summary.h"
#include "model/swaphint.h"

static bool as_table(const struct options *opt)
{
	return opt->columns || opt->output_all || opt->json || opt->raw ||
	       opt->filter;
}

static int print_table(const struct request *req, const struct summary *sum,
		       const struct column_list *list,
		       const struct filter *filter)
{
	return table_print(req->cmd->name, list, req->opt, sum,
			   filter_match(filter, sum), sizeof(*sum), NULL);
}

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
	summary_print(sum, req->opt->bytes);
	printf("\nThe %zu areas that use most:\n", sum->nr_largest);
	return table_print("areas", &list, req->opt, sum->largest,
			   sum->nr_largest, sizeof(sum->largest[0]), NULL);
}

static void hint_findings(const struct request *req, const struct summary *sum)
{
	for (unsigned int f = 0; f < NR_FINDINGS; f++) {
		if (!sum->findings[f])
			continue;
		tool_hint(req, "\"vmscope audit %d\" lists the findings",
			  sum->pid);
		return;
	}
}

static int show(const struct request *req, struct target *target,
		const struct column_list *list, const struct filter *filter)
{
	struct summary *sum = malloc(sizeof(*sum));
	int ret = -ENOMEM;

	if (sum) {
		ret = summary_collect(req, target, sum);
		if (!ret && as_table(req->opt))
			ret = print_table(req, sum, list, filter);
		else if (!ret)
			ret = print_screen(req, sum);
		if (!ret)
			hint_findings(req, sum);
		if (!ret)
			hint_swapped(req, &sum->devices, sum->usage.swap_type,
				     false);
		summary_free(sum);
	}
	free(sum);
	/* Output that failed is reported once, at the end of the program. */
	if (ret && ret != -EIO)
		return tool_failed(VMSCOPE_OP_SCAN, ret, req->argv[0]);
	cost_close(req);
	hint_withheld(req, target->info);
	return EXIT_OK;
}

static int run(const struct request *req)
{
	struct column_list list;
	struct filter *filter = NULL;
	struct target target;
	int ret;

	ret = columns_select(&summary_columns, req->opt, &list);
	if (!ret)
		ret = filter_parse(&filter, &summary_columns, req->opt->filter);
	if (!ret)
		ret = target_open(&target, req->argv[0]);
	if (!ret) {
		ret = show(req, &target, &list, filter);
		target_close(&target);
	}
	filter_free(filter);
	return ret;
}

const struct command cmd_summary = {
	.name = "summary",
	.args = "PID",
	.help = "a summary, and the largest areas",
	.min_args = 1,
	.max_args = 1,
	.columns = &summary_columns,
	.run = run,
};
