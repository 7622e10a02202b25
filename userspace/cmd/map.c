// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope map: runs of neighbours that agree. */
#include "cmd/stream.h"
#include "model/page.h"

static const struct stream map = {
	.flags = VMSCOPE_SCAN_RUNS,
	.hides_empty = true,
};

const struct command cmd_map = {
	.name = "map",
	.args = "PID|kernel [RANGE]",
	.help = "runs of pages that agree",
	.takes = TAKES_EMPTY,
	.on = ON_EITHER,
	.op = VMSCOPE_OP_SCAN,
	.columns = &map_columns,
	.check = stream_check,
	.run = stream_run,
	.stream = &map,
};

/* The same for the kernel, with other usual columns. */
const struct command cmd_kernel_map = {
	.name = "map",
	.group = "kernel",
	.args = "[RANGE]",
	.help = "its page tables: runs that agree",
	.takes = TAKES_EMPTY,
	.on = ON_KERNEL,
	.op = VMSCOPE_OP_SCAN,
	.columns = &kernel_map_columns,
	.check = stream_check,
	.run = stream_run,
	.stream = &map,
};
