// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope pages: one line per page table entry. */
#include "cmd/stream.h"
#include "model/page.h"

static int pages_run(struct request *req)
{
	static const struct stream pages = { 0 };

	return stream_run(req, &pages);
}

const struct command cmd_pages = {
	.name = "pages",
	.args = "PID|kernel [RANGE]",
	.help = "one line per page",
	.min_args = 1,
	.max_args = 2,
	.on = ON_EITHER,
	.op = VMSCOPE_OP_SCAN,
	.columns = &pages_columns,
	.check = stream_check,
	.run = pages_run,
};
