// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope pages: one line per page table entry. */
#include "model/page.h"
#include "model/stream.h"

static int run(const struct request *req)
{
	static const struct stream stream = { 0 };

	return stream_run(req, &stream);
}

const struct command cmd_pages = {
	.name = "pages",
	.args = "PID|kernel [RANGE]",
	.help = "one line per page",
	.min_args = 1,
	.max_args = 2,
	.takes = TAKES_KERNEL,
	.columns = &pages_columns,
	.run = run,
};
