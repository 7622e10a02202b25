// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope swap: swapped pages by device and slot. */
#include "cmd/stream.h"
#include "model/page.h"

static const struct stream swap = {
	.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES |
		 VMSCOPE_SCAN_SKIP_EMPTY,
	.states = 1 << VMSCOPE_STATE_SWAP | 1 << VMSCOPE_STATE_SHMEM_SWAP,
	.totals = true,
};

const struct command cmd_swap = {
	.name = "swap",
	.args = "PID [RANGE]",
	.help = "swapped pages by device and slot",
	.on = ON_PROCESS,
	.op = VMSCOPE_OP_SCAN,
	.columns = &swap_columns,
	.check = stream_check,
	.run = stream_run,
	.stream = &swap,
};
