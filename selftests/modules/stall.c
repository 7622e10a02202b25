// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stalls a process that copies a page to another frame: until then nothing maps
 * the page but migration entries.
 *
 *	/sys/module/stall/parameters/pid	whom; anything else lets it go
 *	/sys/module/stall/parameters/held	Y while it is stalled
 *
 * Only for tests: its processor does nothing else meanwhile, perhaps not even
 * with interrupts on, for at most LONGEST_NS.
 * Source: migrate_folio_move() in mm/migrate.c
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>

#define LONGEST_NS (60ULL * NSEC_PER_SEC)

static int pid;
module_param(pid, int, 0600);

static bool held;
module_param(held, bool, 0400);

static int stall(struct kprobe *probe, struct pt_regs *regs)
{
	const u64 end = ktime_get_mono_fast_ns() + LONGEST_NS;

	/* Others copy pages, too, and must not say that it goes on. */
	if (READ_ONCE(pid) != current->pid)
		return 0;
	WRITE_ONCE(held, true);
	while (READ_ONCE(pid) == current->pid && ktime_get_mono_fast_ns() < end)
		cpu_relax();
	WRITE_ONCE(held, false);
	return 0;
}

/* Kernels have one of these, or both; migration calls the first. */
static struct kprobe probes[] = {
	{ .symbol_name = "folio_mc_copy", .pre_handler = stall },
	{ .symbol_name = "folio_copy", .pre_handler = stall },
};

static int __init stall_init(void)
{
	int first = register_kprobe(&probes[0]);
	int second = register_kprobe(&probes[1]);

	return first && second ? first : 0;
}

/* One that was not registered is ignored. */
static void __exit stall_exit(void)
{
	unregister_kprobe(&probes[0]);
	unregister_kprobe(&probes[1]);
}

module_init(stall_init);
module_exit(stall_exit);

MODULE_DESCRIPTION("vmscope selftests: a migration that stalls");
MODULE_LICENSE("GPL");
