// SPDX-License-Identifier: GPL-2.0-only
/*
 * Uses that frames do not show themselves: vmscope frames finds them by what
 * maps the frames or by their slab cache, and /proc/meminfo and /proc/slabinfo
 * count them, too.
 */
#include <sys/sysinfo.h>

#include "freezer.h"
#include "harness.h"
#include "kernel.h"
#include "mappings.h"
#include "toolrow.h"

#define TRIES 20
#define KFENCE_INTERVAL "/sys/module/kfence/parameters/sample_interval"
#define STACK_BYTES (4 * PAGE_BYTES)
#define THREADS 200
#define MOST_GROUPS 3000
#define MORE_PERCPU (64 << 10)
/* Stacks of processes that come and go meanwhile, those of the tool too. */
#define STRAY_STACKS 12

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
	char row[512];

	memset(to, 0, sizeof(*to));
	while (tool_row(rows, row, sizeof(row))) {
		const char *use = row_text(row, "use");

		for (size_t i = 0; i < 4; i++)
			if (!strcmp(use, words[i].name))
				*words[i].bytes = row_number(row, "size");
	}
	return !tool_end(rows);
}

/* A read of the tool between two reads of a line of meminfo. */
struct between {
	__u64 least;
	__u64 most;
	struct uses uses;
};

static bool read_between(const char *line, struct between *b)
{
	__u64 before = meminfo_bytes(line), after;
	bool ok = read_uses(&b->uses);

	after = meminfo_bytes(line);
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

TEST_F(machine, stacks_are_those_that_meminfo_counts)
{
	struct between few, many;

	ASSERT_TRUE(read_between("KernelStack:", &few));
	note("stacks: %llu, meminfo %llu to %llu\n", few.uses.stack, few.least,
	     few.most);
	EXPECT_LE(few.least, few.uses.stack + STRAY_STACKS * STACK_BYTES);
	EXPECT_LE(few.uses.stack, few.most + spare_stacks());
	ASSERT_EQ(THREADS, threads_start(THREADS));
	ASSERT_TRUE(read_between("KernelStack:", &many));
	note("%d threads later: %llu, meminfo %llu to %llu\n", THREADS,
	     many.uses.stack, many.least, many.most);
	EXPECT_LE(few.least + THREADS * STACK_BYTES,
		  many.most + STRAY_STACKS * STACK_BYTES);
	EXPECT_LE(many.least, many.uses.stack + STRAY_STACKS * STACK_BYTES);
	EXPECT_LE(many.uses.stack, many.most + spare_stacks());
}

/* Without the callers, the stacks of threads are still found. */
TEST_F(machine, hashed_addresses_hide_the_spare_stacks_only)
{
	struct between b;

	ASSERT_TRUE(knob_set("/proc/sys/kernel/kptr_restrict", "0"));
	ASSERT_TRUE(read_between("KernelStack:", &b));
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

TEST_F(machine, vmalloc_is_what_meminfo_counts)
{
	struct between b;
	__u64 sum;

	ASSERT_TRUE(read_between("VmallocUsed:", &b));
	sum = b.uses.stack + b.uses.vmalloc + b.uses.module;
	note("stacks %llu, vmalloc %llu, modules %llu, meminfo %llu to %llu, vmap %llu\n",
	     b.uses.stack, b.uses.vmalloc, b.uses.module, b.least, b.most,
	     vmap_bytes());
	EXPECT_LE(b.least, sum + STRAY_STACKS * STACK_BYTES);
	EXPECT_LE(sum, b.most + vmap_bytes() + STRAY_STACKS * STACK_BYTES);
}

TEST_F(machine, modules_take_what_they_say)
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
		if (!read_between("Percpu:", &b))
			return false;
		if (b.least != b.most)
			continue;
		*percpu = b.least;
		*bytes = b.least - b.uses.percpu;
		return true;
	}
	return false;
}

/*
 * Makes memory cgroups, which have counters per processor, until these take
 * more than @few bytes, and some: those of groups that have gone may be free.
 * Returns how many.
 */
static int groups_make(__u64 few)
{
	char group[CGROUP_BYTES];
	int nr = 0;

	while (nr < MOST_GROUPS &&
	       meminfo_bytes("Percpu:") < few + MORE_PERCPU &&
	       cgroup_make(group, textf("frame_uses%d", nr)))
		nr++;
	return nr;
}

static void groups_remove(int nr)
{
	while (nr)
		rmdir(textf("%s/frame_uses%d", cgroup_root(), --nr));
}

TEST_F(machine, per_cpu_memory_grows_as_meminfo_counts)
{
	__u64 few, many, first, still;
	int nr;

	ASSERT_TRUE(first_chunk(&first, &few));
	nr = groups_make(few);
	EXPECT_TRUE(first_chunk(&still, &many));
	groups_remove(nr);
	note("per-CPU memory: %llu, with %d groups %llu; %llu and %llu not in vmalloc\n",
	     few, nr, many, first, still);
	EXPECT_LT(few, many);
	EXPECT_LT(0, first);
	EXPECT_EQ(first, still);
	EXPECT_EQ(0, first % (get_nprocs_conf() * PAGE_BYTES));
}

enum { RECLAIM, KMALLOC, OTHER, LARGE, COMPOUND, NR_SLABS };

static const char *const slab_uses[NR_SLABS] = {
	"slab-reclaim",	 "slab-kmalloc", "slab-other",
	"large-kmalloc", "compound",
};

#define MAX_NODES 2

/* Bytes by kind, on each node and then on all. */
typedef __u64 slabs[MAX_NODES + 1][NR_SLABS];

static bool slabs_read(slabs to)
{
	FILE *rows = tool_run("frames --by node -o node,use,size");
	char row[512];

	memset(to, 0, sizeof(slabs));
	while (tool_row(rows, row, sizeof(row))) {
		const char *use = row_text(row, "use");
		__u64 node = row_number(row, "node");

		for (size_t i = 0; i < NR_SLABS; i++) {
			if (strcmp(use, slab_uses[i]))
				continue;
			if (node < MAX_NODES)
				to[node][i] = row_number(row, "size");
			to[MAX_NODES][i] += row_number(row, "size");
		}
	}
	return !tool_end(rows);
}

static unsigned int kind_of_cache(const char *name)
{
	if (file_number(textf("/sys/kernel/slab/%s/reclaim_account", name)) > 0)
		return RECLAIM;
	return strstr(name, "kmalloc-") ? KMALLOC : OTHER;
}

static void slabinfo_read(__u64 to[NR_SLABS])
{
	unsigned long long pages, nr;
	char line[512], name[64];

	memset(to, 0, NR_SLABS * sizeof(to[0]));
	for_each_line_of(line, "/proc/slabinfo")
		if (sscanf(line,
			   "%63s %*u %*u %*u %*u %llu : tunables %*u %*u %*u : slabdata %*u %llu",
			   name, &pages, &nr) == 3)
			to[kind_of_cache(name)] += nr * pages * PAGE_BYTES;
}

/* Slabs are made and freed all the time: each kind has to agree once. */
TEST_F(machine, slabs_are_those_of_slabinfo_by_kind)
{
	__u64 before[NR_SLABS], after[NR_SLABS];
	bool agreed[LARGE] = { false };
	slabs own;

	for (int try = 0; try < TRIES; try++) {
		slabinfo_read(before);
		ASSERT_TRUE(slabs_read(own));
		slabinfo_read(after);
		for (size_t i = 0; i < LARGE; i++)
			agreed[i] |= is_between(own[MAX_NODES][i], before[i],
						after[i]);
	}
	for (size_t i = 0; i < LARGE; i++) {
		note("%s: %llu, slabinfo %llu to %llu\n", slab_uses[i],
		     own[MAX_NODES][i], before[i], after[i]);
		about("%s: ", slab_uses[i]);
		EXPECT_TRUE(agreed[i]);
		EXPECT_LT(1 << 18, own[MAX_NODES][i]);
	}
}

/* SReclaimable and SUnreclaim of a node, or of all. */
static void slab_counters(size_t node, __u64 to[2])
{
	char line[128];
	const char *at;

	memset(to, 0, 2 * sizeof(to[0]));
	for_each_line_of(
		line, node < MAX_NODES ?
			      textf("/sys/devices/system/node/node%zu/meminfo",
				    node) :
			      "/proc/meminfo") {
		at = strstr(line, "SReclaimable:");
		if (at)
			to[0] = strtoull(at + 13, NULL, 10) * 1024;
		at = strstr(line, "SUnreclaim:");
		if (at)
			to[1] = strtoull(at + 11, NULL, 10) * 1024;
	}
}

static void all_slab_counters(__u64 to[MAX_NODES + 1][2])
{
	file_write("/proc/sys/vm/stat_refresh", "1");
	for (size_t node = 0; node <= MAX_NODES; node++)
		slab_counters(node, to[node]);
}

/*
 * The kernel counts large kmalloc as slabs. Where it does not mark it, large
 * kmalloc is among the blocks of several frames.
 */
TEST_F(machine, slabs_are_those_that_meminfo_counts)
{
	__u64 before[MAX_NODES + 1][2], after[MAX_NODES + 1][2];
	bool all = device_features() & VMSCOPE_FEAT_LARGE_KMALLOC;
	bool agreed[MAX_NODES + 1][2] = { 0 };
	slabs own;

	for (int try = 0; try < TRIES; try++) {
		all_slab_counters(before);
		ASSERT_TRUE(slabs_read(own));
		all_slab_counters(after);
		for (size_t i = 0; i <= MAX_NODES; i++) {
			__u64 rest =
				own[i][KMALLOC] + own[i][OTHER] + own[i][LARGE];

			agreed[i][0] |= is_between(own[i][RECLAIM],
						   before[i][0], after[i][0]);
			agreed[i][1] |=
				is_between(rest, before[i][1], after[i][1]) ||
				(!all && rest < before[i][1] &&
				 before[i][1] <= rest + own[i][COMPOUND]);
		}
	}
	for (size_t i = 0; i <= MAX_NODES; i++) {
		note("reclaimable: %llu, meminfo %llu to %llu; others %llu, meminfo %llu to %llu\n",
		     own[i][RECLAIM], before[i][0], after[i][0],
		     own[i][KMALLOC] + own[i][OTHER] + own[i][LARGE],
		     before[i][1], after[i][1]);
		EXPECT_TRUE(agreed[i][0]);
		EXPECT_TRUE(agreed[i][1]);
	}
}

#define MAX_ASKED 64

/* An object of kmalloc that is in a slab, or of a cache that a module names. */
static bool is_in_slab(const struct plant *plant, char *name, size_t room)
{
	snprintf(name, room, "kmalloc-");
	return plant_word(plant, "cache", name, room) ||
	       (!strcmp(plant->kind, "kmalloc") &&
		plant->bytes <= 2 * PAGE_BYTES);
}

/* The least object of such a cache is not smaller than half of its own. */
static bool is_cache_for(const char *cache, unsigned int bytes)
{
	const char *size = strrchr(cache, '-');
	char *unit;
	unsigned long of_cache = size ? strtoul(size + 1, &unit, 10) : 0;

	if (size && *unit == 'k')
		of_cache *= 1024;
	return bytes <= of_cache && of_cache <= 2UL * bytes + 64;
}

static unsigned int kind_of_plant(const struct plant *plant)
{
	if (!strncmp(plant->name, "kmalloc-rcl-", 12))
		return RECLAIM;
	return strcmp(plant->kind, "kmalloc") ? OTHER : KMALLOC;
}

TEST_F(machine, slabs_have_the_name_of_their_cache)
{
	static struct plants plants;
	const struct plant *asked[MAX_ASKED];
	char args[900] = "frames -o use,cache", row[512];
	char names[MAX_ASKED][64];
	unsigned int nr[NR_SLABS] = { 0 };
	size_t nr_asked = 0;
	FILE *rows;

	if (!access(KFENCE_INTERVAL, W_OK))
		ASSERT_TRUE(knob_set(KFENCE_INTERVAL, "0"));
	ASSERT_TRUE(test_module_load("plant"));
	EXPECT_TRUE(plants_read(&plants));
	for (size_t i = 0; i < plants.nr && nr_asked < MAX_ASKED; i++) {
		size_t used = strlen(args);

		if (!is_in_slab(&plants.all[i], names[nr_asked],
				sizeof(names[0])))
			continue;
		snprintf(args + used, sizeof(args) - used, " %llu",
			 plant_number(&plants.all[i], "pfn"));
		asked[nr_asked++] = &plants.all[i];
	}
	rows = tool_run("%s", args);
	for (size_t i = 0; rows && i < nr_asked; i++) {
		unsigned int kind = kind_of_plant(asked[i]);
		const char *cache;

		about("%s: ", asked[i]->name);
		EXPECT_TRUE(tool_row(rows, row, sizeof(row)));
		cache = row_text(row, "cache");
		EXPECT_STREQ(slab_uses[kind], row_text(row, "use"));
		EXPECT_NE(NULL, strstr(cache, names[i]));
		if (strstr(cache, "kmalloc-"))
			EXPECT_TRUE(is_cache_for(cache, asked[i]->bytes));
		nr[kind]++;
	}
	EXPECT_EQ(0, tool_end(rows));
	test_module_unload("plant");
	for (size_t i = 0; i < LARGE; i++)
		EXPECT_LT(1, nr[i]);
}

/* A page of a file, which is on tmpfs in some guests. */
static bool use_is(const void *page, const char *wanted)
{
	__u64 pfn = pagemap_self(page) & PM_PFN_MASK;
	const char *use;

	if (page_flags(pfn) & KPF(SWAPBACKED) && strcmp(wanted, "anon"))
		wanted = "shmem";
	use = tool_text("use", "frames %llu -o use", pfn);
	if (strcmp(use, wanted))
		note("%p is %s, not %s\n", page, use, wanted);
	return !strcmp(use, wanted);
}

TEST_F(machine, only_what_can_be_executed_is_code)
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
}

/* Of each page of a folio the kernel says whether any page of it is mapped. */
TEST_F(machine, unmapped_page_of_a_mapped_folio_has_the_flags_of_the_folio)
{
	char row[1024];
	struct mapping map;
	__u64 pfn, wanted;

	if (mapping_make("thp-partly-unmapped", &map)) {
		mapping_drop(&map);
		knobs_restore();
		SKIP(return, "huge pages: there is none");
	}
	pfn = (pagemap_self(map.addr) & PM_PFN_MASK) +
	      PMD_BYTES / 2 / PAGE_BYTES;
	wanted = page_flags(pfn);
	EXPECT_TRUE(wanted & KPF(MMAP));
	EXPECT_TRUE(wanted & KPF(COMPOUND_TAIL));
	ASSERT_TRUE(tool_first_row(row, sizeof(row),
				   "frames %llu -o mapcount,kpageflags", pfn));
	EXPECT_EQ(0, row_number(row, "mapcount"));
	EXPECT_NE(NULL, strstr(row_text(row, "kpageflags"), "mmap"));
	mapping_drop(&map);
	knobs_restore();
}

TEST_HARNESS_MAIN
