// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope kernel: the commands of the kernel's own half. */
#include "cmd/command.h"

static const struct command *const subs[] = {
	&cmd_kernel_layout,  &cmd_kernel_map, &cmd_kernel_vmalloc,
	&cmd_kernel_kmalloc, &cmd_kernel_pid, NULL,
};

/* Only the help of this one is ever asked for: a bare "kernel" is refused. */
const struct command cmd_kernel = {
	.name = "kernel",
	.args = "COMMAND",
	.help = "the kernel's own half",
	.subs = subs,
};
