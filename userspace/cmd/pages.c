// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope pages: one line per page table entry. */
#include "cmd/stream.h"
#include "model/page.h"

static const struct stream pages;

const struct command cmd_pages = {
	.name = "pages",
	.args = "PID|kernel [RANGE]",
	.help = "one line per page",
	.on = ON_EITHER,
	.op = VMSCOPE_OP_SCAN,
	.columns = &pages_columns,
	.check = stream_check,
	.run = stream_run,
	.stream = &pages,
};
