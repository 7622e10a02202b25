// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope swap: swapped pages by device and slot. */
#include "cmd/stream.h"
#include "model/page.h"

static int swap_run(struct request *req)
{
	static const struct stream swap = {
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES |
			 VMSCOPE_SCAN_SKIP_EMPTY,
		.states = 1 << VMSCOPE_STATE_SWAP |
			  1 << VMSCOPE_STATE_SHMEM_SWAP,
		.totals = true,
	};

	return stream_run(req, &swap);
}

const struct command cmd_swap = {
	.name = "swap",
	.args = "PID [RANGE]",
	.help = "swapped pages by device and slot",
	.min_args = 1,
	.max_args = 2,
	.on = ON_PROCESS,
	.op = VMSCOPE_OP_SCAN,
	.columns = &swap_columns,
	.check = stream_check,
	.run = swap_run,
};
