// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope areas: one row per area, with a total. */
#include <errno.h>
#include <stdlib.h>

#include "cli/array.h"
#include "cli/output.h"
#include "cmd/command.h"
#include "model/areas.h"

/* Rows that wait for the others, so that columns are as wide as all need. */
enum { WAITING_ROWS = 4096 };

/* Areas so far. */
struct list {
	struct request *req;
	struct area_row *rows; /* array; the last one is incomplete */
	size_t nr;
	size_t room;
	/* where rows go once there are too many to wait, or NULL */
	struct output *out;
	struct area_row total; /* sums of the rows that are shown */
};

static void list_clear(struct list *list)
{
	while (list->nr)
		free(list->rows[--list->nr].label);
}

static int write_rows(struct list *list)
{
	const struct request *req = list->req;
	int ret = 0;

	if (!list->out)
		list->out = output_start_fitting(req->cmd->name, &req->list,
						 req->opt, list->rows, list->nr,
						 sizeof(list->rows[0]));
	if (!list->out)
		return -ENOMEM;
	for (size_t i = 0; !ret && i < list->nr; i++)
		ret = output_row(list->out, &list->rows[i]);
	list_clear(list);
	return ret;
}

/* The last area is complete: drop, keep or write it. */
static int finish_area(struct list *list)
{
	const struct request *req = list->req;
	struct area_row *last;

	if (!list->nr)
		return 0;
	last = &list->rows[list->nr - 1];
	if (!filter_match(req->filter, last)) {
		free(last->label);
		list->nr--;
		return 0;
	}
	usage_sum(&list->total.usage, &last->usage);
	/* Sorting needs all rows; otherwise they only wait for their widths. */
	if (req->sort || (!list->out && request_is_for_people(req) &&
			  list->nr <= WAITING_ROWS))
		return 0;
	return write_rows(list);
}

static int add_record(void *arg, const struct vmscope_record *rec)
{
	struct list *list = arg;
	const struct vmscope_info *info = list->req->target.info;
	int ret = 0;

	if (rec->kind == VMSCOPE_KIND_AREA) {
		ret = finish_area(list);
		if (!ret && !array_reserve(&list->rows, list->nr + 1,
					   &list->room, sizeof(list->rows[0])))
			ret = -ENOMEM;
		if (!ret)
			ret = area_row_start(&list->rows[list->nr++], info,
					     rec);
		if (!ret)
			area_row_segments(
				&list->rows[list->nr - 1],
				vmscope_get_attached(list->req->target.scope));
	}
	if (!ret && list->nr)
		usage_add(&list->rows[list->nr - 1].usage, info, rec, false);
	return ret;
}

/* Even after a failure, the output is well-formed. */
static int end_stream(struct list *list, int ret)
{
	int end;

	if (!ret && request_is_for_people(list->req))
		output_row(list->out, &list->total);
	end = output_end(list->out);
	return ret ? ret : end;
}

static int areas_run(struct request *req)
{
	const struct vmscope_query query = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS |
			 VMSCOPE_SCAN_NAMES | VMSCOPE_SCAN_SKIP_EMPTY,
		.run_flags = VMSCOPE_F_SPECIAL,
		.facts = target_facts(&req->target, req->facts),
	};
	char label[] = "total";
	struct list list = { .req = req, .total.label = label };
	int ret = target_scan(&req->target, &query, &req->cost, add_record,
			      &list);

	if (!ret)
		ret = finish_area(&list);
	if (list.out)
		ret = end_stream(&list, ret);
	else if (!ret)
		ret = request_print(req, list.rows, list.nr,
				    sizeof(list.rows[0]), &list.total);
	list_clear(&list);
	free(list.rows);
	return ret;
}

const struct command cmd_areas = {
	.name = "areas",
	.args = "PID",
	.help = "one row per area, with a total",
	.takes = TAKES_SORT,
	.on = ON_PROCESS,
	.op = VMSCOPE_OP_SCAN,
	.columns = &area_columns,
	.run = areas_run,
};
