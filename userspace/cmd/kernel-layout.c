// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope kernel layout: where everything is, from address 0 to the last. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/filter.h"
#include "cli/table.h"
#include "cli/words.h"
#include "model/layout.h"

static const struct layout_row *layout_row(const void *row)
{
	return row;
}

static void get_start(const void *row, struct value *v)
{
	value_number(v, layout_row(row)->start);
}

static void get_end(const void *row, struct value *v)
{
	value_number(v, layout_row(row)->end);
}

/* The last row ends at 2^64, which no number here can say. */
static void get_size(const void *row, struct value *v)
{
	const struct layout_row *layout = row;

	value_number(v,
		     layout->end - layout->start + (layout->end == UINT64_MAX));
}

/* What no scan sees has no sums: user's halves differ by process. */
#define SUM_GETTER(name, sum)                                    \
	static void get_##name(const void *row, struct value *v) \
	{                                                        \
		if (layout_row(row)->scanned)                    \
			value_number(v, layout_row(row)->sum);   \
	}

SUM_GETTER(mapped, leaf[VMSCOPE_LEVEL_PTE] +
			   layout_row(row)->leaf[VMSCOPE_LEVEL_PMD] +
			   layout_row(row)->leaf[VMSCOPE_LEVEL_PUD])
SUM_GETTER(pte, leaf[VMSCOPE_LEVEL_PTE])
SUM_GETTER(pmd, leaf[VMSCOPE_LEVEL_PMD])
SUM_GETTER(pud, leaf[VMSCOPE_LEVEL_PUD])
SUM_GETTER(repeated, repeated)

static void get_wx(const void *row, struct value *v)
{
	if (!layout_row(row)->scanned)
		return;
	value_number(v, layout_row(row)->wx);
	v->color = v->number ? COLOR_ALARM : NULL;
}

static void get_known(const void *row, struct value *v)
{
	if (layout_row(row)->known)
		value_text(v, layout_row(row)->known);
}

static void get_region(const void *row, struct value *v)
{
	value_text(v, layout_row(row)->name);
	if (strstr(v->text, "hole"))
		v->color = COLOR_DIM;
}

static void get_help(const void *row, struct value *v)
{
	value_text(v, layout_row(row)->help);
}

static const struct vmscope_bit *known_words(void)
{
	static const struct vmscope_bit words[] = {
		{ 0, "iomem", NULL },
		{ 0, "perm", NULL },
		{ 0, NULL, NULL },
	};

	return words;
}

#define LEVEL_COLUMN(name, level, help) \
	{ name, 6, TYPE_SIZE, 0, 0, help, get_##level, NULL, NULL }

/* clang-format off: one column a row */
static const struct column columns[] = {
	COLUMN(start, 16, HEX, "first address"),
	COLUMN(end, 16, HEX,
	       "end, exclusive; ffffffffffffffff is the last address itself"),
	COLUMN(size, 6, SIZE, "bytes of the address space"),
	COLUMN(mapped, 6, SIZE, "of these mapped, repeated tables apart"),
	LEVEL_COLUMN("4k", pte, "bytes mapped in base pages"),
	LEVEL_COLUMN("2m", pmd, "bytes mapped by PMD entries"),
	LEVEL_COLUMN("1g", pud, "bytes mapped by PUD entries"),
	COLUMN(repeated, 8, SIZE, "bytes that repeat the tables before them"),
	COLUMN(wx, 6, SIZE, "bytes that the kernel may write and execute"),
	COLUMN_WORDS(
		known, 6, TEXT, known_words,
		"how a part of the image is known: iomem, or perm (a guess)"),
	COLUMN_WORDS(region, 14, TEXT, region_words, "name of the region"),
	COLUMN_THAT(help, 20, TEXT, WIDE, 0, "what it is for"),
};

/* clang-format on */

static const struct column_set layout_columns = {
	columns,
	ARRAY_SIZE(columns),
	"start,end,size,mapped,4k,2m,1g,region",
};

static size_t wanted(struct layout *layout, const struct filter *filter)
{
	size_t kept = 0;

	for (size_t i = 0; i < layout->nr; i++) {
		if (filter_match(filter, &layout->row[i]))
			layout->row[kept++] = layout->row[i];
	}
	return kept;
}

/* What the usual columns leave out is said where there is any. */
static void hints(const struct request *req, const struct layout *layout)
{
	char size[16];

	if (layout->repeated)
		tool_hint(
			req,
			"%s more are repeated tables; -o +repeated says where",
			format_size(layout->repeated, size, sizeof(size)));
	if (layout->guessed)
		tool_hint(
			req,
			"parts of the image are a guess by permission: /proc/iomem shows no addresses to this caller");
}

static int show(const struct request *req, struct layout *layout,
		const struct filter *filter, const struct column_list *list)
{
	size_t nr = wanted(layout, filter);
	int ret = rows_sort(req->cmd->columns, req->opt->sort, layout->row, nr,
			    sizeof(layout->row[0]));

	if (ret)
		return ret;
	ret = table_print(req->cmd->name, list, req->opt, layout->row, nr,
			  sizeof(layout->row[0]), NULL);
	if (ret == -ENOMEM)
		return tool_failed(VMSCOPE_OP_SCAN, ret, NULL);
	cost_close(req);
	hints(req, layout);
	return EXIT_OK;
}

static int run_on_kernel(const struct request *req, struct target *target,
			 const struct filter *filter,
			 const struct column_list *list)
{
	struct layout layout;
	int ret = layout_read(req, target, &layout);

	if (ret)
		return tool_failed(VMSCOPE_OP_SCAN, ret, "kernel");
	return show(req, &layout, filter, list);
}

static int run(const struct request *req)
{
	struct column_list list;
	struct filter *filter = NULL;
	struct target target;
	int ret = columns_select(req->cmd->columns, req->opt, &list);

	if (!ret)
		ret = filter_parse(&filter, req->cmd->columns,
				   req->opt->filter);
	if (!ret)
		ret = rows_sort(req->cmd->columns, req->opt->sort, NULL, 0, 1);
	if (!ret)
		ret = target_open_kernel(&target);
	if (!ret) {
		ret = run_on_kernel(req, &target, filter, &list);
		target_close(&target);
	}
	filter_free(filter);
	return ret;
}

const struct command cmd_kernel_layout = {
	.name = "layout",
	.group = "kernel",
	.args = "",
	.help = "every region, holes included, and what is mapped",
	.takes = TAKES_SORT,
	.columns = &layout_columns,
	.run = run,
};
