// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope kernel: the commands of the kernel's own half. */
#include "model/page.h"
#include "model/stream.h"

/* The same as map of a process, but for the usual columns. */
static int run_map(const struct request *req)
{
	static const struct stream stream = {
		.flags = VMSCOPE_SCAN_RUNS,
		.hides_empty = true,
	};
	char name[] = "kernel";
	char *argv[] = { name, req->argc ? req->argv[0] : NULL };
	struct request of_kernel = *req;

	of_kernel.argc = req->argc + 1;
	of_kernel.argv = argv;
	return stream_run(&of_kernel, &stream);
}

const struct command cmd_kernel_map = {
	.name = "map",
	.group = "kernel",
	.args = "[RANGE]",
	.help = "its page tables: runs that agree",
	.max_args = 1,
	.takes = TAKES_EMPTY,
	.columns = &kernel_map_columns,
	.run = run_map,
};

static const struct command *const subs[] = {
	&cmd_kernel_layout,  &cmd_kernel_map, &cmd_kernel_vmalloc,
	&cmd_kernel_kmalloc, &cmd_kernel_pid, NULL,
};

/* Only the help of this one is ever asked for: a bare "kernel" is refused. */
const struct command cmd_kernel = {
	.name = "kernel",
	.args = "COMMAND",
	.help = "the kernel's own half",
	.min_args = 1,
	.max_args = 1,
	.subs = subs,
};
