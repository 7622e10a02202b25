// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope areas: one row per area, with a total. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "areas.h"
#include "filter.h"
#include "output.h"
#include "page.h"
#include "tool.h"

/**
 * struct list - rows so far
 * @info: of the module
 * @rows: array
 * @nr: used
 * @room: allocated
 */
struct list {
	const struct vmscope_info *info;
	struct area_row *rows;
	size_t nr;
	size_t room;
};

static void list_free(struct list *list)
{
	for (size_t i = 0; i < list->nr; i++)
		free(list->rows[i].label);
	free(list->rows);
}

static int add_area(struct list *list, const struct vmscope_record *rec)
{
	char label[LABEL_BYTES];
	struct area_row *more;

	if (list->nr == list->room) {
		size_t room = list->room ? 2 * list->room : 64;

		more = realloc(list->rows, room * sizeof(*more));
		if (!more)
			return -ENOMEM;
		list->rows = more;
		list->room = room;
	}
	area_label(rec->area, rec->name, label, sizeof(label));
	list->rows[list->nr] = (struct area_row){
		.info = list->info,
		.area = *rec->area,
		.label = strdup(label),
	};
	return list->rows[list->nr++].label ? 0 : -ENOMEM;
}

static int add_record(void *arg, const struct vmscope_record *rec)
{
	struct list *list = arg;
	int ret = 0;

	if (rec->kind == VMSCOPE_KIND_AREA)
		ret = add_area(list, rec);
	if (!ret && list->nr)
		usage_add(&list->rows[list->nr - 1].usage, list->info, rec, 0);
	return ret;
}

static int collect(const struct request *req, struct target *target,
		   struct list *list)
{
	const struct vmscope_query query = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS |
			 VMSCOPE_SCAN_NAMES | VMSCOPE_SCAN_SKIP_EMPTY,
		.run_flags = VMSCOPE_F_SPECIAL,
	};

	return target_scan(target, &query, req, add_record, list);
}

static void drop_unwanted(struct list *list, const struct filter *filter)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->nr; i++) {
		if (filter_match(filter, &list->rows[i]))
			list->rows[kept++] = list->rows[i];
		else
			free(list->rows[i].label);
	}
	list->nr = kept;
}

static void add_up(const struct list *list, struct area_row *total)
{
	uint64_t *sum = (uint64_t *)&total->usage;

	memset(total, 0, sizeof(*total));
	for (size_t i = 0; i < list->nr; i++) {
		const uint64_t *one = (const uint64_t *)&list->rows[i].usage;

		for (size_t k = 0; k < sizeof(struct usage) / sizeof(*sum); k++)
			sum[k] += one[k];
	}
}

static int show(const struct request *req, struct list *list,
		const struct column_list *columns)
{
	struct area_row total;
	int ret;

	ret = rows_sort(req->cmd->columns, req->opt->sort, list->rows, list->nr,
			sizeof(list->rows[0]));
	if (ret)
		return ret;
	add_up(list, &total);
	ret = output_table(req->cmd->name, columns, req->opt, list->rows,
			   list->nr, sizeof(list->rows[0]), &total);
	if (ret == -ENOMEM)
		return tool_failed(VMSCOPE_OP_SCAN, ret, NULL);
	cost_close(req);
	return EXIT_OK;
}

static int run_on_target(const struct request *req, const struct filter *filter,
			 const struct column_list *columns,
			 struct target *target)
{
	struct list list = { .info = target->info };
	int ret = collect(req, target, &list);

	if (ret) {
		ret = tool_failed(VMSCOPE_OP_SCAN, ret, req->argv[0]);
	} else {
		drop_unwanted(&list, filter);
		ret = show(req, &list, columns);
	}
	list_free(&list);
	return ret;
}

static int run(const struct request *req)
{
	struct column_list columns;
	struct filter *filter = NULL;
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
		ret = run_on_target(req, filter, &columns, &target);
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
