// SPDX-License-Identifier: LGPL-2.1-or-later
/* Errors in words: what the obstacle was, and what to do about it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

enum { ANY_OP = -1 };

struct explanation {
	int op;
	int err;
	const char *text;
};

static const struct explanation explanations[] = {
	{ VMSCOPE_OP_OPEN, ENOENT,
	  "the module is not loaded (no " VMSCOPE_DEVICE
	  "); load it with: sudo modprobe vmscope" },
	{ VMSCOPE_OP_OPEN, EPROTO,
	  "the module is of another version than this program; install both of one version" },
	{ VMSCOPE_OP_OPEN, EMFILE, "too many open files" },
	{ VMSCOPE_OP_ATTACH, ESRCH,
	  "no such process, or a zombie, which has no memory left" },
	{ VMSCOPE_OP_ATTACH, ENODATA,
	  "it has no user memory: a kernel thread" },
	{ VMSCOPE_OP_ATTACH, EPERM,
	  "another process's memory needs CAP_SYS_PTRACE and CAP_SYS_ADMIN; use sudo" },
	{ VMSCOPE_OP_ATTACH, EINVAL, "not a PID; a PID is 1 to 2147483647" },
	{ VMSCOPE_OP_ATTACH, EBADF, "not a pidfd" },
	{ VMSCOPE_OP_WALK, EINVAL,
	  "not a canonical address: this machine has no such address" },
	{ VMSCOPE_OP_WHAT, EINVAL, "not an address of the kernel's half" },
	{ VMSCOPE_OP_WALK, EPERM,
	  "the kernel's addresses are withheld from this caller; \"vmscope info\" says why" },
	{ VMSCOPE_OP_FRAMES, EPERM,
	  "kernel addresses are withheld from this caller; \"vmscope info\" says why" },
	{ VMSCOPE_OP_OBJECTS, EPERM,
	  "kernel addresses are withheld from this caller; \"vmscope info\" says why" },
	{ ANY_OP, ENOTTY,
	  "the module is older than this program and does not know this" },
	{ ANY_OP, ESRCH,
	  "the target is gone: it has exited or executed another program" },
	{ ANY_OP, EPERM,
	  "not allowed; CAP_SYS_ADMIN in the initial user namespace is needed" },
	{ ANY_OP, EACCES,
	  "memory of other processes needs CAP_SYS_PTRACE and CAP_SYS_ADMIN; use sudo" },
	{ ANY_OP, EOPNOTSUPP,
	  "this kernel does not support this; \"vmscope info\" says what it can" },
	{ ANY_OP, EPROTO,
	  "the module's answer makes no sense to this version" },
	{ ANY_OP, ENOMEM, "out of memory" },
	{ ANY_OP, EINTR, "interrupted" },
};

/* If the caller is not allowed, say for which of the three reasons. */
static const char *why_no_access(void)
{
	if (geteuid() != 0)
		return "only root may open " VMSCOPE_DEVICE "; use sudo";
	return "CAP_SYS_ADMIN in the initial user namespace is missing, as in containers";
}

static const char *find(enum vmscope_op op, int err)
{
	if (op == VMSCOPE_OP_OPEN && (err == EACCES || err == EPERM))
		return why_no_access();
	for (size_t i = 0; i < ARRAY_SIZE(explanations); i++) {
		const struct explanation *e = &explanations[i];

		if (e->err == err && (e->op == (int)op || e->op == ANY_OP))
			return e->text;
	}
	return NULL;
}

/**
 * vmscope_explain - explain why a call failed
 * @op: what was tried
 * @err: the negative errno that it returned
 * @buf: filled with one line without a final period or newline
 * @bytes: length of @buf
 *
 * Context: right after the failure; depends on the caller's identity.
 * Return: @buf.
 */
const char *vmscope_explain(enum vmscope_op op, int err, char *buf,
			    size_t bytes)
{
	const char *text = find(op, -err);

	snprintf(buf, bytes, "%s", text ? text : strerror(-err));
	return buf;
}
