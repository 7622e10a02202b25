// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope kernel layout: the whole address space, from the first address on. */
#include <string.h>

#include "cli/array.h"
#include "cli/format.h"
#include "cmd/command.h"
#include "model/layout.h"
#include "model/regions.h"

static const struct layout_row *layout_row(const void *row)
{
	return row;
}

/* No sums for rows that no scan covers: user halves differ by process. */
static bool is_scanned(const void *row)
{
	return layout_row(row)->scanned;
}

/* The last row ends at 2^64, which does not fit into a number here. */
GET_WHEN(get_size, number, true,
	 layout_row(row)->end - layout_row(row)->start +
		 (layout_row(row)->end == UINT64_MAX))

static void get_mapped(const void *row, struct value *v)
{
	const uint64_t *leaf = layout_row(row)->leaf;

	if (is_scanned(row))
		value_number(v, leaf[VMSCOPE_LEVEL_PTE] +
					leaf[VMSCOPE_LEVEL_PMD] +
					leaf[VMSCOPE_LEVEL_PUD]);
}

static void get_region(const void *row, struct value *v)
{
	value_text(v, layout_row(row)->name);
	if (strstr(v->text, "hole"))
		v->color = COLOR_DIM;
}

#define SUM(name, width, help, field, ...)                               \
	COLUMN(name, width, SIZE, help, FIELD(struct layout_row, field), \
	       .when = is_scanned, __VA_ARGS__)

static const struct column columns[] = {
	COLUMN(start, 16, HEX, "first address",
	       FIELD(struct layout_row, start)),
	COLUMN(end, 16, HEX,
	       "end, exclusive; ffffffffffffffff is the last address itself",
	       FIELD(struct layout_row, end)),
	COLUMN(size, 6, SIZE, "bytes of the address space", GET(get_size)),
	COLUMN(mapped, 6, SIZE, "of these mapped, repeated tables apart",
	       GET(get_mapped)),
	SUM(4k, 6, "bytes mapped in base pages", leaf[VMSCOPE_LEVEL_PTE]),
	SUM(2m, 6, "bytes mapped by PMD entries", leaf[VMSCOPE_LEVEL_PMD]),
	SUM(1g, 6, "bytes mapped by PUD entries", leaf[VMSCOPE_LEVEL_PUD]),
	SUM(repeated, 8, "bytes that repeat the tables before them", repeated),
	SUM(wx, 6, "bytes that the kernel may write and execute", wx,
	    .color = COLOR_ALARM),
	COLUMN(known, 6, TEXT,
	       "how a part of the image is known: iomem, or perm (a guess)",
	       FIELD(struct layout_row, known), WORDS("iomem,perm")),
	COLUMN(region, 14, TEXT, "name of the region", GET(get_region),
	       .words = &stretch_words),
	COLUMN(help, 20, TEXT, "what it is for", FIELD(struct layout_row, help),
	       .needs = WIDE),
};

static const struct column_set layout_columns =
	COLUMN_SET(columns, "start,end,size,mapped,4k,2m,1g,region");

/* Mention what the usual columns leave out, if there is any. */
static void hint_layout(const struct layout *layout)
{
	char size[16];

	if (layout->repeated)
		message_hint(
			"%s more are repeated tables; -o +repeated says where",
			format_size(layout->repeated, size, sizeof(size)));
	if (layout->guessed)
		message_hint(
			"parts of the image are a guess by permission: /proc/iomem shows no addresses to this caller");
}

static int layout_run(struct request *req)
{
	struct layout layout;
	int ret = layout_read(&req->target, &req->cost, &layout);

	if (ret)
		return ret;
	layout.nr = rows_filter(req->filter, layout.row, layout.nr,
				sizeof(layout.row[0]));
	ret = request_print(req, layout.row, layout.nr, sizeof(layout.row[0]),
			    NULL);
	cost_close(&req->cost);
	hint_layout(&layout);
	return ret;
}

const struct command cmd_kernel_layout = {
	.name = "layout",
	.group = "kernel",
	.args = "",
	.help = "every region, holes included, and what is mapped",
	.takes = TAKES_SORT,
	.on = ON_KERNEL,
	.op = VMSCOPE_OP_SCAN,
	.columns = &layout_columns,
	.run = layout_run,
};
