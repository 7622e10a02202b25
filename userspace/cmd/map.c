// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope map: runs of neighbours that agree. */
#include "model/page.h"
#include "model/stream.h"

static int run(const struct request *req)
{
	static const struct stream stream = {
		.flags = VMSCOPE_SCAN_RUNS,
		.hides_empty = true,
	};

	return stream_run(req, &stream);
}

const struct command cmd_map = {
	.name = "map",
	.args = "PID|kernel [RANGE]",
	.help = "runs of pages that agree",
	.min_args = 1,
	.max_args = 2,
	.takes = TAKES_EMPTY | TAKES_KERNEL,
	.columns = &map_columns,
	.run = run,
};
