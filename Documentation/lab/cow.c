// SPDX-License-Identifier: GPL-2.0-only
/* Copy on write: what parent and child share after fork(). */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "lab.h"

int main(void)
{
	char *p = reserve(64 * KIB, MAP_PRIVATE, MADV_NOHUGEPAGE);
	pid_t child;

	touch(p, 64 * KIB);
	step("written", p, 64 * KIB);
	child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pause();
	}
	step("forked", p, 64 * KIB);
	touch(p, 16 * KIB);
	step("written-again", p, 64 * KIB);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	touch(p + 16 * KIB, 16 * KIB);
	step("alone", p, 64 * KIB);
	return 0;
}
