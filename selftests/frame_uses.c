// SPDX-License-Identifier: GPL-2.0-only
/*
 * Uses that frames do not show themselves: vmscope frames finds them by what
 * maps the frames, and /proc/meminfo counts them, too.
 */
#include <sys/sysinfo.h>

#include "freezer.h"
#include "harness.h"
#include "toolrow.h"

#define TRIES 20
#define STACK_BYTES (4 * PAGE_BYTES)
#define THREADS 200
#define GROUPS 200
/* Stacks of processes that come and go meanwhile, those of the tool too. */
#define STRAY_STACKS 12

static __u64 meminfo(const char *name)
{
	char line[128], word[64];
	unsigned long long kb, found = 0;

	for_each_line_of(line, "/proc/meminfo")
		if (sscanf(line, "%63[^:]: %llu", word, &kb) == 2 &&
		    !strcmp(word, name))
			found = kb * 1024;
	return found;
}

struct uses {
	__u64 stack;
	__u64 vmalloc;
	__u64 percpu;
	__u64 module;
};

static bool read_uses(struct uses *to)
{
	const struct {
		const char *name;
		__u64 *bytes;
	} words[] = { { "stack", &to->stack },
		      { "vmalloc", &to->vmalloc },
		      { "percpu", &to->percpu },
		      { "module", &to->module } };
	FILE *rows = tool_run("frames -o use,size");
	char row[512], use[32];

	memset(to, 0, sizeof(*to));
	while (rows && tool_row(rows, row, sizeof(row))) {
		row_text(row, "use", use, sizeof(use));
		for (size_t i = 0; i < 4; i++)
			if (!strcmp(use, words[i].name))
				*words[i].bytes = row_number(row, "size");
	}
	return rows && !pclose(rows);
}

/* A read of the tool between two reads of a line of meminfo. */
struct between {
	__u64 least;
	__u64 most;
	struct uses uses;
};

static bool read_between(const char *line, struct between *b)
{
	__u64 before = meminfo(line), after;
	bool ok = read_uses(&b->uses);

	after = meminfo(line);
	b->least = before < after ? before : after;
	b->most = before < after ? after : before;
	return ok && b->least;
}

/* Each processor keeps two stacks for the next threads. */
static __u64 spare_stacks(void)
{
	return (STRAY_STACKS + 2 * get_nprocs_conf()) * STACK_BYTES;
}

FIXTURE(machine){};

FIXTURE_SETUP(machine)
{
	if (tool_missing())
		SKIP(return, "%s", tool_missing());
	ASSERT_TRUE(knob_set("/proc/sys/kernel/kptr_restrict", "1"));
}

FIXTURE_TEARDOWN(machine)
{
	knobs_restore();
}

TEST_F_TIMEOUT(machine, stacks_are_those_that_meminfo_counts, TEST_SECONDS)
{
	struct between few, many;

	ASSERT_TRUE(read_between("KernelStack", &few));
	note("stacks: %llu, meminfo %llu to %llu\n", few.uses.stack, few.least,
	     few.most);
	EXPECT_LE(few.least, few.uses.stack + STRAY_STACKS * STACK_BYTES);
	EXPECT_LE(few.uses.stack, few.most + spare_stacks());
	ASSERT_EQ(THREADS, threads_start(THREADS));
	ASSERT_TRUE(read_between("KernelStack", &many));
	note("%d threads later: %llu, meminfo %llu to %llu\n", THREADS,
	     many.uses.stack, many.least, many.most);
	EXPECT_LE(few.least + THREADS * STACK_BYTES,
		  many.most + STRAY_STACKS * STACK_BYTES);
	EXPECT_LE(many.least, many.uses.stack + STRAY_STACKS * STACK_BYTES);
	EXPECT_LE(many.uses.stack, many.most + spare_stacks());
}

/* Without the callers, the stacks of threads are still found. */
TEST_F_TIMEOUT(machine, hashed_addresses_hide_the_spare_stacks_only,
	       TEST_SECONDS)
{
	struct between b;

	ASSERT_TRUE(knob_set("/proc/sys/kernel/kptr_restrict", "0"));
	ASSERT_TRUE(read_between("KernelStack", &b));
	note("stacks: %llu, meminfo %llu to %llu\n", b.uses.stack, b.least,
	     b.most);
	EXPECT_LE(b.least, b.uses.stack + spare_stacks());
	EXPECT_LE(b.uses.stack, b.most + STRAY_STACKS * STACK_BYTES);
	EXPECT_EQ(0, b.uses.percpu);
}

/* Bytes of areas that map pages which vmalloc did not allocate. */
static __u64 vmap_bytes(void)
{
	unsigned long long bytes, sum = 0;
	char line[512];

	for_each_line_of(line, "/proc/vmallocinfo")
		if ((strstr(line, " vmap") || strstr(line, "vm_map_ram")) &&
		    sscanf(line, "%*s %llu", &bytes) == 1)
			sum += bytes;
	return sum;
}

TEST_F_TIMEOUT(machine, vmalloc_is_what_meminfo_counts, TEST_SECONDS)
{
	struct between b;
	__u64 sum;

	ASSERT_TRUE(read_between("VmallocUsed", &b));
	sum = b.uses.stack + b.uses.vmalloc + b.uses.module;
	note("stacks %llu, vmalloc %llu, modules %llu, meminfo %llu to %llu, vmap %llu\n",
	     b.uses.stack, b.uses.vmalloc, b.uses.module, b.least, b.most,
	     vmap_bytes());
	EXPECT_LE(b.least, sum + STRAY_STACKS * STACK_BYTES);
	EXPECT_LE(sum, b.most + vmap_bytes() + STRAY_STACKS * STACK_BYTES);
}

TEST_F_TIMEOUT(machine, modules_take_what_they_say, TEST_SECONDS)
{
	unsigned long long bytes, sum = 0;
	struct uses uses;
	char line[1024];

	for_each_line_of(line, "/proc/modules")
		if (sscanf(line, "%*s %llu", &bytes) == 1)
			sum += bytes;
	ASSERT_TRUE(read_uses(&uses));
	EXPECT_NE(0, sum);
	EXPECT_LE(sum, uses.module);
}

/* Per-CPU memory beyond vmalloc: the first chunk, which never changes. */
static bool first_chunk(__u64 *bytes, __u64 *percpu)
{
	struct between b;

	for (int i = 0; i < TRIES; i++) {
		if (!read_between("Percpu", &b))
			return false;
		if (b.least != b.most)
			continue;
		*percpu = b.least;
		*bytes = b.least - b.uses.percpu;
		return true;
	}
	return false;
}

/* Each memory cgroup has counters per processor. */
static bool groups(bool make)
{
	char path[256];
	bool ok = cgroup_root();

	if (ok && make) {
		snprintf(path, sizeof(path), "%s/cgroup.subtree_control",
			 cgroup_root());
		ok = file_write(path, "+memory");
	}
	for (int i = 0; ok && i < GROUPS; i++) {
		snprintf(path, sizeof(path), "%s/frame_uses%d", cgroup_root(),
			 i);
		ok = make ? !mkdir(path, 0755) : !rmdir(path);
	}
	return ok;
}

TEST_F_TIMEOUT(machine, per_cpu_memory_grows_as_meminfo_counts, TEST_SECONDS)
{
	__u64 few, many, first, still;

	ASSERT_TRUE(first_chunk(&first, &few));
	ASSERT_TRUE(groups(true));
	EXPECT_TRUE(first_chunk(&still, &many));
	groups(false);
	note("per-CPU memory: %llu, then %llu; %llu and %llu not in vmalloc\n",
	     few, many, first, still);
	EXPECT_LT(few, many);
	EXPECT_LT(0, first);
	EXPECT_EQ(first, still);
	EXPECT_EQ(0, first % (get_nprocs_conf() * PAGE_BYTES));
}

/* A page of a file, which is on tmpfs in some guests. */
static bool use_is(const void *page, const char *wanted)
{
	__u64 pfn = pagemap_self(page) & PM_PFN_MASK;
	char row[512], use[32] = "";

	if (page_flags(pfn) & KPF(SWAPBACKED) && strcmp(wanted, "anon"))
		wanted = "shmem";
	tool_first_row(row, sizeof(row), "frames %llu -o use", pfn);
	row_text(row, "use", use, sizeof(use));
	if (strcmp(use, wanted))
		note("%p is %s, not %s\n", page, use, wanted);
	return !strcmp(use, wanted);
}

TEST_F_TIMEOUT(machine, only_what_can_be_executed_is_code, TEST_SECONDS)
{
	const void *code = (const void *)getppid;
	const struct proc_area *libc;
	struct proc_areas areas = { 0 };
	volatile char first;
	char *data;

	ASSERT_EQ(0, areas_read(getpid(), &areas));
	libc = areas_find(&areas, address(code));
	ASSERT_NE(NULL, libc);
	data = mmap(NULL, PAGE_BYTES, PROT_READ, MAP_PRIVATE,
		    open(libc->name, O_RDONLY | O_CLOEXEC), 0);
	ASSERT_NE(MAP_FAILED, data);
	first = *data;
	(void)first;
	getppid();
	EXPECT_TRUE(use_is(code, "code"));
	EXPECT_TRUE(use_is(data, "file"));
	EXPECT_TRUE(use_is(&areas, "anon"));
	areas_free(&areas);
}

TEST_HARNESS_MAIN
