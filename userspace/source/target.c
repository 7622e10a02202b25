// SPDX-License-Identifier: GPL-2.0-or-later
/* A process or the kernel: find, bind, scan. */
#include "source/target.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/array.h"
#include "cli/format.h"
#include "cli/message.h"
#include "source/device.h"

/* Returns an exit status, after an error line if it is not EXIT_OK. */
int target_open_device(struct vmscope **scope)
{
	int ret = device_open(scope);

	return ret ? message_failed(VMSCOPE_OP_OPEN, ret, NULL) : EXIT_OK;
}

/*
 * Describes a bound handle. The name comes from the module, like the memory:
 * the mounted /proc may count PIDs of another namespace.
 */
static void describe(struct target *target, struct vmscope *scope, int pid)
{
	const struct vmscope_attach *attached = vmscope_get_attached(scope);
	char comm[sizeof(attached->comm) + 1] = "";

	target->scope = scope;
	target->info = vmscope_get_info(scope);
	target->kernel = false;
	target->pid = pid;
	memcpy(comm, attached->comm, sizeof(attached->comm));
	snprintf(target->comm, sizeof(target->comm), "%s", *comm ? comm : "?");
}

/*
 * Visits each process of the caller's PID namespace. Returns 0, what @act
 * returned, or a negative errno; -EACCES if the caller may not look at others.
 */
int target_each(target_fn act, void *arg)
{
	struct vmscope *scope;
	struct target target;
	int ret = device_open(&scope), pid = 1, bound;

	if (ret)
		return ret == -EPERM ? -EACCES : ret;
	for (;;) {
		bound = vmscope_attach_next(scope, pid);
		if (bound)
			break;
		pid = vmscope_get_attached(scope)->tgid;
		describe(&target, scope, pid++);
		ret = act(arg, &target);
		if (ret && ret != -ESRCH && ret != -ENODATA)
			break;
	}
	vmscope_close(scope);
	if (!bound)
		return ret;
	if (bound == -ESRCH)
		return 0;
	return bound == -EPERM ? -EACCES : bound;
}

/* What lifts the restriction; the hardest to remove comes first. */
static const struct {
	uint64_t why;
	const char *remedy;
} remedies[] = {
	{ VMSCOPE_WHY_LOCKDOWN, "boot without lockdown=confidentiality" },
	{ VMSCOPE_WHY_CAP_SYSLOG, "use sudo, or grant CAP_SYSLOG" },
	{ VMSCOPE_WHY_KPTR_RESTRICT,
	  "try: sudo sysctl kernel.kptr_restrict=1" },
};

static int kernel_failed(const struct vmscope_info *info, int err)
{
	const struct vmscope_bit *b = vmscope_why_table();
	size_t i = 0;

	while (i < ARRAY_SIZE(remedies) &&
	       !(info->withheld_why & remedies[i].why))
		i++;
	if (err != -EPERM || i == ARRAY_SIZE(remedies))
		return message_failed(VMSCOPE_OP_ATTACH, err, "kernel");
	while (b->name && b->value != remedies[i].why)
		b++;
	message_error("kernel: its addresses are withheld: %s; %s",
		      b->name ? b->help : "no reason is given",
		      remedies[i].remedy);
	return EXIT_FAILED;
}

/* Binds to the kernel's own half; returns an exit status, as target_open(). */
int target_open_kernel(struct target *target)
{
	struct vmscope *scope;
	int ret = target_open_device(&scope);

	if (ret)
		return ret;
	ret = vmscope_attach_kernel(scope);
	if (ret) {
		ret = kernel_failed(vmscope_get_info(scope), ret);
		vmscope_close(scope);
		return ret;
	}
	*target = (struct target){
		.scope = scope,
		.info = vmscope_get_info(scope),
		.kernel = true,
		.comm = "kernel",
	};
	return EXIT_OK;
}

/* Whether a word in place of a PID names the kernel. */
bool is_kernel(const char *word)
{
	return !strcmp(word, "kernel");
}

/* A search for processes by name. */
struct search {
	const char *name;
	unsigned int nr; /* how many were found */
	int pid; /* the first of them */
	char pids[128]; /* all of them as text, as far as there is room */
};

static int compare_name(void *arg, struct target *target)
{
	const struct vmscope_attach *attached =
		vmscope_get_attached(target->scope);
	struct search *search = arg;
	size_t used = strlen(search->pids);

	if (strncmp((const char *)attached->comm, search->name,
		    sizeof(attached->comm)))
		return 0;
	if (!search->nr++)
		search->pid = target->pid;
	snprintf(search->pids + used, sizeof(search->pids) - used, " %d",
		 target->pid);
	return 0;
}

static int find_name(const char *name, int *pid)
{
	struct search search = { .name = name };
	int ret = target_each(compare_name, &search);

	if (ret)
		return message_failed(VMSCOPE_OP_ATTACH, ret, name);
	*pid = search.pid;
	if (search.nr == 1)
		return EXIT_OK;
	if (search.nr)
		message_error(
			"%s: %u processes have this name; name one by its PID:%s",
			name, search.nr, search.pids);
	else
		message_error(
			"\"%s\" is not a PID, and no process has this name; a PID is a number from 1 on",
			name);
	return EXIT_USAGE;
}

/* A number is a PID; "self" is this program; anything else is a name. */
static int find_pid(const char *word, int *pid)
{
	if (!parse_pid(word, pid))
		return EXIT_OK;
	if (!strcmp(word, "self")) {
		*pid = getpid();
		return EXIT_OK;
	}
	if (word[strspn(word, "0123456789")])
		return find_name(word, pid);
	message_error("\"%s\" is not a PID; a PID is 1 to 2147483647", word);
	return EXIT_USAGE;
}

/*
 * Binds to the process that the user names, or to the kernel. Returns an exit
 * status, after an error line if it is not EXIT_OK.
 */
int target_open(struct target *target, const char *pid)
{
	struct vmscope *scope;
	int number, ret;

	if (is_kernel(pid))
		return target_open_kernel(target);
	ret = target_open_device(&scope);
	if (ret)
		return ret;
	ret = find_pid(pid, &number);
	if (ret) {
		vmscope_close(scope);
		return ret;
	}
	ret = vmscope_attach_pid(scope, number);
	if (ret)
		vmscope_close(scope);
	else
		describe(target, scope, number);
	return ret ? message_failed(VMSCOPE_OP_ATTACH, ret, pid) : EXIT_OK;
}

void target_close(struct target *target)
{
	vmscope_close(target->scope);
}

/*
 * Calls @act with each record of a scan, whose cost is added to @cost unless
 * that is NULL. Returns 0, what @act returned, or a negative errno.
 */
int target_scan(const struct target *target, const struct vmscope_query *query,
		struct cost *cost, record_fn act, void *arg)
{
	struct vmscope_record rec;
	struct vmscope_iter *iter;
	int ret = vmscope_iter_create(&iter, target->scope, query);

	if (ret)
		return ret;
	while ((ret = vmscope_iter_next(iter, &rec)) > 0) {
		if (cost && cost->watched)
			cost_progress(cost, vmscope_iter_cost(iter), rec.addr);
		ret = act(arg, &rec);
		if (ret)
			break;
	}
	if (cost)
		cost_add(cost, vmscope_iter_cost(iter));
	vmscope_iter_destroy(iter);
	return ret;
}

/*
 * Those of the facts of frames that can be asked for; a hint names the columns
 * that stay empty.
 */
uint64_t target_facts(const struct target *target, uint64_t facts)
{
	uint64_t known = target->info->facts;

	if (target->kernel && facts) {
		message_hint("facts of frames are known for processes only");
		return 0;
	}
	if (facts & ~known)
		message_hint(
			"this kernel does not know all of: order, node, zone, mapcount, refs, index, memcg, kpageflags");
	return facts & known;
}

/* Reports why frames are not shown, if they are not. */
void target_hint_withheld(const struct target *target)
{
	const struct vmscope_info *info = target->info;

	for (const struct vmscope_bit *b = vmscope_why_table(); b->name; b++) {
		if (!(info->features & VMSCOPE_FEAT_FRAMES) &&
		    info->withheld_why & b->value)
			message_hint("frames and raw entries are withheld: %s",
				     b->help);
	}
}
