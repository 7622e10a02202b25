// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope: what a process's memory really is. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/command.h"

/*
 * If a standard descriptor is closed, the next file that is opened would get
 * its number, and output would go there. A descriptor that takes its place
 * fails in the same way.
 */
static void keep_standard_descriptors(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		if (open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
			_exit(EXIT_FAILURE);
	}
}

int main(int argc, char **argv)
{
	keep_standard_descriptors();
	return tool_main(argc, argv);
}
