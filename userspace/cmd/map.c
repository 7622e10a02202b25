// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope map: runs of neighbours that agree. */
#include "cmd/stream.h"
#include "model/page.h"

static const struct stream map = {
	.flags = VMSCOPE_SCAN_RUNS,
	.hides_empty = true,
};

static int map_run(struct request *req)
{
	return stream_run(req, &map);
}

const struct command cmd_map = {
	.name = "map",
	.args = "PID|kernel [RANGE]",
	.help = "runs of pages that agree",
	.min_args = 1,
	.max_args = 2,
	.takes = TAKES_EMPTY,
	.on = ON_EITHER,
	.op = VMSCOPE_OP_SCAN,
	.columns = &map_columns,
	.check = stream_check,
	.run = map_run,
};

/* The same of the kernel, but for the usual columns. */
const struct command cmd_kernel_map = {
	.name = "map",
	.group = "kernel",
	.args = "[RANGE]",
	.help = "its page tables: runs that agree",
	.max_args = 1,
	.takes = TAKES_EMPTY,
	.on = ON_KERNEL,
	.op = VMSCOPE_OP_SCAN,
	.columns = &kernel_map_columns,
	.check = stream_check,
	.run = map_run,
};
