// SPDX-License-Identifier: GPL-2.0-only
/*
 * peak FILE COMMAND [ARG...] - runs it, and writes its peak memory in kB to
 * FILE. Exits as it does.
 *
 * The kernel counts what a process had before exec() as well. Whatever starts
 * the command must therefore be small itself; an interpreter is not.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct rusage usage;
	int status;
	FILE *out;
	pid_t pid;

	if (argc < 3) {
		fputs("usage: peak FILE COMMAND [ARG...]\n", stderr);
		return 2;
	}
	pid = fork();
	if (!pid) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return 1;
	out = fopen(argv[1], "we");
	if (!out || fprintf(out, "%ld\n", usage.ru_maxrss) < 0 || fclose(out))
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
