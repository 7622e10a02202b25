// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope areas: one row per area, with a total. */
#include <errno.h>
#include <stdlib.h>

#include "cli/filter.h"
#include "cli/output.h"
#include "cli/table.h"
#include "cli/tool.h"
#include "model/areas.h"

/**
 * struct list - areas so far
 * @req: the request
 * @filter: -Q, or NULL
 * @columns: the columns
 * @info: of the module
 * @rows: array; the last one is still being added to
 * @nr: used
 * @room: allocated
 * @out: where rows go once there are too many to align them, or NULL
 * @total: sums of the rows that are shown
 */
struct list {
	const struct request *req;
	const struct filter *filter;
	const struct column_list *columns;
	const struct vmscope_info *info;
	struct area_row *rows;
	size_t nr;
	size_t room;
	struct output *out;
	struct area_row total;
};

static void list_clear(struct list *list)
{
	while (list->nr)
		free(list->rows[--list->nr].label);
}

static void list_free(struct list *list)
{
	list_clear(list);
	free(list->rows);
}

static void add_up(struct usage *total, const struct usage *usage)
{
	const uint64_t *one = (const uint64_t *)usage;
	uint64_t *sum = (uint64_t *)total;

	for (size_t i = 0; i < sizeof(*usage) / sizeof(*one); i++)
		sum[i] += one[i];
}

/* Rows to be sorted must all be there; others wait for their widths alone. */
static bool is_full(const struct list *list)
{
	const struct options *opt = list->req->opt;

	if (opt->sort)
		return false;
	return list->out || opt->json || opt->raw || list->nr > TABLE_ROWS;
}

static int write_out(struct list *list)
{
	const struct request *req = list->req;
	int ret = 0;

	if (!list->out)
		list->out = output_start_fitting(req->cmd->name, list->columns,
						 req->opt, list->rows, list->nr,
						 sizeof(list->rows[0]));
	if (!list->out)
		return -ENOMEM;
	for (size_t i = 0; !ret && i < list->nr; i++)
		ret = output_row(list->out, &list->rows[i]);
	list_clear(list);
	return ret;
}

/* The last area is complete: it is dropped, kept or written. */
static int finish_area(struct list *list)
{
	struct area_row *last;

	if (!list->nr)
		return 0;
	last = &list->rows[list->nr - 1];
	if (!filter_match(list->filter, last)) {
		free(last->label);
		list->nr--;
		return 0;
	}
	add_up(&list->total.usage, &last->usage);
	return is_full(list) ? write_out(list) : 0;
}

static int add_area(struct list *list, const struct vmscope_record *rec)
{
	struct area_row *more;

	if (list->nr == list->room) {
		size_t room = list->room ? 2 * list->room : 64;

		more = realloc(list->rows, room * sizeof(*more));
		if (!more)
			return -ENOMEM;
		list->rows = more;
		list->room = room;
	}
	return area_row_start(&list->rows[list->nr++], list->info, rec);
}

static int add_record(void *arg, const struct vmscope_record *rec)
{
	struct list *list = arg;
	int ret = 0;

	if (rec->kind == VMSCOPE_KIND_AREA) {
		ret = finish_area(list);
		if (!ret)
			ret = add_area(list, rec);
	}
	if (!ret && list->nr)
		usage_add(&list->rows[list->nr - 1].usage, list->info, rec, 0);
	return ret;
}

static int collect(struct target *target, struct list *list)
{
	const struct vmscope_query query = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS |
			 VMSCOPE_SCAN_NAMES | VMSCOPE_SCAN_SKIP_EMPTY,
		.run_flags = VMSCOPE_F_SPECIAL,
	};
	int ret = target_scan(target, &query, list->req, add_record, list);

	return ret ? ret : finish_area(list);
}

static int end_stream(struct list *list)
{
	const struct options *opt = list->req->opt;

	if (!opt->json && !opt->raw)
		output_row(list->out, &list->total);
	return output_end(list->out);
}

static int show_table(struct list *list)
{
	const struct request *req = list->req;
	int ret;

	ret = rows_sort(req->cmd->columns, req->opt->sort, list->rows, list->nr,
			sizeof(list->rows[0]));
	if (ret)
		return ret;
	return table_print(req->cmd->name, list->columns, req->opt, list->rows,
			   list->nr, sizeof(list->rows[0]), &list->total);
}

static int run_on_target(struct list *list, struct target *target)
{
	const struct request *req = list->req;
	int ret;

	list->info = target->info;
	ret = collect(target, list);
	if (list->out) {
		/* What was written before a failure ends well-formed. */
		int end = ret ? output_end(list->out) : end_stream(list);

		ret = ret ? ret : end;
	} else if (!ret) {
		ret = show_table(list);
	}
	/* Output that failed is reported once, at the end of the program. */
	if (ret && ret != -EIO)
		return tool_failed(VMSCOPE_OP_SCAN, ret, req->argv[0]);
	if (!ret)
		cost_close(req);
	filter_hint(list->filter, req);
	return EXIT_OK;
}

static int run(const struct request *req)
{
	struct column_list columns;
	struct filter *filter = NULL;
	struct list list = { .req = req, .columns = &columns };
	struct target target;
	int ret;

	ret = columns_select(req->cmd->columns, req->opt, &columns);
	if (!ret)
		ret = filter_parse(&filter, req->cmd->columns,
				   req->opt->filter);
	if (!ret)
		ret = rows_sort(req->cmd->columns, req->opt->sort, NULL, 0, 1);
	if (!ret)
		ret = target_open(&target, req->argv[0]);
	if (!ret) {
		list.filter = filter;
		ret = run_on_target(&list, &target);
		list_free(&list);
		target_close(&target);
	}
	filter_free(filter);
	return ret;
}

const struct command cmd_areas = {
	.name = "areas",
	.args = "PID",
	.help = "one row per area, with a total",
	.min_args = 1,
	.max_args = 1,
	.takes = TAKES_SORT,
	.columns = &area_columns,
	.run = run,
};
