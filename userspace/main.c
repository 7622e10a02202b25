// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope: what a process's memory really is. */
#include "tool.h"

int main(int argc, char **argv)
{
	return tool_main(argc, argv);
}
