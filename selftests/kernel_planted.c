// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects that a module planted, so everything about them is known: where a
 * walk to them ends, how their addresses are reported, and what is reported
 * after they are freed.
 */
#include "harness.h"
#include "kernel.h"

NEEDS(kernel_missing()			?:
	      test_module_load("plant") ? NULL :
					  "modules/plant.ko does not load here")

static void __attribute__((destructor)) unload(void)
{
	test_module_unload("plant");
}

static struct plants plants;

/* Freed large blocks cannot always be allocated again at once. */
static bool make_all(void)
{
	if (plant_obeys("make *"))
		return true;
	file_write("/proc/sys/vm/compact_memory", "1");
	return plant_obeys("make *");
}

FIXTURE(planted)
{
	__u64 features;
	int log;
	int fd;
};

FIXTURE_SETUP(planted)
{
	self->fd = own_kernel();
	self->features = device_features();
	self->log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ASSERT_LE(0, self->log);
	/* an earlier test may have freed some */
	make_all();
	ASSERT_TRUE(plants_read(&plants));
}

FIXTURE_TEARDOWN(planted)
{
	knobs_restore();
}

#define for_each_plant(plant)                                              \
	for (const struct plant *plant = plants.all;                       \
	     plant < plants.all + plants.nr && about("%s: ", plant->name); \
	     plant++)

static bool is(const struct plant *plant, const char *kind)
{
	return !strcmp(plant->kind, kind);
}

static bool starts_with(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

static bool is_linear(const struct plant *plant)
{
	return is(plant, "kmalloc") || is(plant, "object") ||
	       is(plant, "pages") || is(plant, "uncached") ||
	       is(plant, "table");
}

/* Mapped page by page, in an area of its own that is removed with it. */
static bool is_mapped(const struct plant *plant)
{
	return is(plant, "vmalloc") || is(plant, "huge-vmalloc") ||
	       is(plant, "vmap") || is(plant, "ioremap") || is(plant, "wx");
}

static __u64 first_page(const struct plant *plant)
{
	return plant->addr & -PAGE_BYTES;
}

/* Symbols of code have no size here. */
static __u64 nr_pages(const struct plant *plant)
{
	__u64 last = plant->addr + (plant->bytes ? plant->bytes - 1 : 0);

	return ((last & -PAGE_BYTES) - first_page(plant)) / PAGE_BYTES + 1;
}

/* Slots of the fixmap exist even if nothing is in them. */
static bool is_empty(const struct plant *plant)
{
	return is(plant, "slot") && !plant_number(plant, "pfn");
}

TEST_F(planted, walks_end_in_the_frames_that_were_planted)
{
	for_each_plant(plant) {
		__u64 pfn = plant_number(plant, "pfn");
		struct vmscope_walk walk;
		struct leaf leaf;

		ASSERT_EQ(0, walk_at(self->fd, plant->addr, &walk));
		leaf = leaf_of(&walk.page);
		EXPECT_EQ(is_empty(plant), !(leaf.flags & F(PRESENT)));
		EXPECT_EQ(0, leaf.flags & F(USER));
		if (!pfn)
			continue;
		EXPECT_EQ(pfn, leaf.value);
		EXPECT_EQ(pfn * PAGE_BYTES + plant->addr % PAGE_BYTES,
			  walk.phys);
	}
}

TEST_F(planted, walks_end_at_the_level_of_the_kernels_own)
{
	struct vmscope_info info;

	ASSERT_EQ(0, device_info(self->fd, &info));
	for_each_plant(plant) {
		__u64 page = plant_number(plant, "page");
		struct vmscope_walk walk;
		struct leaf leaf;

		ASSERT_EQ(0, walk_at(self->fd, plant->addr, &walk));
		leaf = leaf_of(&walk.page);
		/* its neighbours may have been split since */
		if (!page || (is_linear(plant) && !is(plant, "uncached")))
			continue;
		EXPECT_EQ(page, 1ULL << info.level_shift[leaf.level]);
	}
}

/* Pieces by the walks; 0 if one does not end in a frame. */
static __u64 count_pieces(int fd, const struct plant *plant)
{
	__u64 pieces = 0, last = 0, i;
	struct vmscope_walk walk;
	struct leaf leaf;

	for (i = 0; i < nr_pages(plant); i++) {
		if (walk_at(fd, first_page(plant) + i * PAGE_BYTES, &walk))
			return 0;
		leaf = leaf_of(&walk.page);
		if (!(leaf.flags & F(PRESENT)))
			return 0;
		if (!i || leaf.value != last + 1)
			pieces++;
		last = leaf.value;
	}
	return pieces;
}

TEST_F(planted, pieces_are_as_many_as_were_planted)
{
	for_each_plant(plant) {
		__u64 pieces = plant_number(plant, "pieces");

		if (!pieces)
			continue;
		EXPECT_EQ(pieces, count_pieces(self->fd, plant));
	}
}

#define REGION(name) (1 << VMSCOPE_REGION_##name)

/* The regions that a plant may be in, as bits. */
static unsigned int regions_for(const struct plant *plant)
{
	if (is_linear(plant))
		return REGION(DIRECT);
	if (is_mapped(plant))
		return REGION(VMALLOC);
	if (is(plant, "struct-page"))
		return REGION(VMEMMAP);
	if (is(plant, "bpf"))
		return REGION(MODULES);
	if (is(plant, "symbol"))
		return starts_with(plant->name, "image") ? REGION(IMAGE) :
							   REGION(MODULES);
	if (is(plant, "slot"))
		return REGION(FIXMAP) | REGION(VSYSCALL);
	/* a stack, per-CPU variables: depends on the kernel's configuration */
	return REGION(DIRECT) | REGION(VMALLOC);
}

TEST_F(planted, walks_report_the_region)
{
	for_each_plant(plant) {
		struct vmscope_walk walk;
		unsigned int region;

		ASSERT_EQ(0, walk_at(self->fd, plant->addr, &walk));
		region = walk.area.name_kind - VMSCOPE_NAME_REGION;
		about("%s is in region %u: ", plant->name, region);
		EXPECT_NE(0, regions_for(plant) & 1 << region);
		EXPECT_LE(VMSCOPE_WORD_ADDR(walk.area.where), plant->addr);
		EXPECT_LT(plant->addr, walk.area.end);
	}
}

#define RODATA F(PERM_READ)
#define DATA (RODATA | F(PERM_WRITE))
#define TEXT (RODATA | F(PERM_EXEC))
#define CACHED VMSCOPE_CACHE_WB, VMSCOPE_STATE_KERNEL

/* What the kernel may do there, and with which memory type. */
static const struct {
	const char *name;
	__u64 perms;
	unsigned int cache;
	unsigned int state;
} mapped_as[] = {
	{ "text", TEXT, CACHED },
	{ "data", DATA, CACHED },
	{ "bss", DATA, CACHED },
	{ "rodata", RODATA, CACHED },
	{ "image-text", TEXT, CACHED },
	{ "image-data", DATA, CACHED },
	{ "bpf", TEXT, CACHED },
	{ "wx", DATA | TEXT, CACHED },
	{ "vmalloc-1m", DATA, CACHED },
	{ "kmalloc-kernel-64", DATA, CACHED },
	{ "uncached", DATA, VMSCOPE_CACHE_UC_MINUS, VMSCOPE_STATE_KERNEL },
	{ "write-combined", DATA, VMSCOPE_CACHE_WC, VMSCOPE_STATE_KERNEL },
	{ "restricted", RODATA, CACHED },
	{ "ioremap", DATA, VMSCOPE_CACHE_UC_MINUS, VMSCOPE_STATE_PFNMAP },
};

TEST_F(planted, walks_report_how_it_is_mapped)
{
	for (size_t i = 0; i < ARRAY_SIZE(mapped_as); i++) {
		const struct plant *plant =
			plants_find(&plants, mapped_as[i].name);
		struct vmscope_walk walk;
		struct leaf leaf;

		if (!plant)
			continue;
		about("%s: ", plant->name);
		ASSERT_EQ(0, walk_at(self->fd, plant->addr, &walk));
		leaf = leaf_of(&walk.page);
		EXPECT_EQ(mapped_as[i].perms, leaf.flags & (DATA | TEXT));
		EXPECT_EQ(mapped_as[i].cache, leaf.cache);
		EXPECT_STREQ(state_name(mapped_as[i].state),
			     state_name(leaf.state));
	}
}

/* Others may have got the addresses; then the kernel lists them. */
static bool vmalloc_lists(__u64 addr)
{
	unsigned long long start, end;
	bool found = false;
	char line[1024];

	knob_set("/proc/sys/kernel/kptr_restrict", "1");
	for_each_line_of(line, "/proc/vmallocinfo")
		found |= sscanf(line, "0x%llx-0x%llx", &start, &end) == 2 &&
			 addr >= start && addr < end;
	return found;
}

/* The direct map stays; areas of their own are removed. */
TEST_F(planted, walks_report_what_is_gone)
{
	ASSERT_TRUE(plant_obeys("free *"));
	for_each_plant(plant) {
		__u64 pfn = plant_number(plant, "pfn");
		struct vmscope_walk walk;
		struct leaf leaf;

		ASSERT_EQ(0, walk_at(self->fd, plant->addr, &walk));
		leaf = leaf_of(&walk.page);
		if (is_linear(plant)) {
			EXPECT_EQ(pfn, leaf.value);
			EXPECT_EQ(VMSCOPE_CACHE_WB, leaf.cache);
		}
		if (is_mapped(plant) && leaf.flags & F(PRESENT)) {
			EXPECT_TRUE(vmalloc_lists(plant->addr));
		}
	}
	EXPECT_TRUE(make_all());
}

/* A scan of the object's range reports what the walks report. */
TEST_F(planted, scans_find_the_same_frames)
{
	for_each_plant(plant) {
		__u64 start = first_page(plant);
		__u64 end = start + nr_pages(plant) * PAGE_BYTES, at = start;
		struct records recs;

		ASSERT_EQ(0, records_scan(self->fd, start, end, 0, &recs));
		for_each_leaf(leaf, &recs) {
			struct vmscope_walk walk;

			EXPECT_EQ(at, leaf.start);
			ASSERT_EQ(0, walk_at(self->fd, leaf.start, &walk));
			EXPECT_EQ(leaf_of(&walk.page).value, leaf.value);
			at = leaf_end(&leaf);
		}
		EXPECT_EQ(end, at);
		records_free(&recs);
	}
}

TEST_F(planted, what_reports_region_and_frame)
{
	for_each_plant(plant) {
		__u64 pfn = plant_number(plant, "pfn");
		struct vmscope_what what;

		ASSERT_EQ(0, what_at(self->fd, plant->addr, &what));
		about("%s is in region %llu: ", plant->name, what.region);
		EXPECT_NE(0, regions_for(plant) & 1 << what.region);
		EXPECT_LE(what.region_start, plant->addr);
		EXPECT_LT(plant->addr, what.region_end);
		EXPECT_EQ(0, what.known & VMSCOPE_WHAT_RACED);
		if (!pfn)
			continue;
		EXPECT_NE(0, what.known & VMSCOPE_WHAT_FRAME);
		EXPECT_EQ(pfn, what.pfn);
	}
}

/* What the kernel reports about an address in a slab. */
struct slab_object {
	char cache[64];
	__u64 start;
	__u64 size;
	/* it is in the pool of KFENCE, which is not a usual slab */
	bool kfence;
};

static bool object_parse(const char *line, struct slab_object *object)
{
	unsigned long long start, size;
	const char *at = strstr(line, ": slab");

	/* "slab kmalloc-64 start ...", or "... (kfence) start ..." */
	if (!at || sscanf(at, ": slab %63s", object->cache) != 1)
		return false;
	object->kfence = strstr(at, "kfence");
	at = strstr(at, " start ");
	if (!at || sscanf(at, " start %llx", &start) != 1)
		return false;
	object->start = start;
	at = strstr(at, " size ");
	if (!at || sscanf(at, " size %llu", &size) != 1)
		return false;
	object->size = size;
	return true;
}

/* What the kernel itself prints about a plant; false if it is in no slab. */
static bool kernel_says(int log, const struct plant *plant,
			struct slab_object *object)
{
	const char *wanted = textf("vmscope_plant: %s: slab", plant->name);
	const char *line;
	bool found = false;

	lseek(log, 0, SEEK_END);
	if (!plant_obeys(textf("dump %s", plant->name)))
		return false;
	while ((line = kernel_log_line(log)))
		if (strstr(line, wanted))
			found = object_parse(line, object);
	return found;
}

static const char *cache_name(const struct vmscope_what *what)
{
	return (const char *)what->cache.name;
}

/* The object's offset in its slab, by the frames. */
static __u64 slab_offset(const struct vmscope_what *what)
{
	return (what->pfn - what->frame_head) * PAGE_BYTES +
	       what->addr % PAGE_BYTES - (what->addr - what->object);
}

static void check_object(struct __test_metadata *_metadata,
			 const struct plant *plant,
			 const struct slab_object *object,
			 const struct vmscope_what *what, __u64 features)
{
	__u64 wanted = VMSCOPE_WHAT_CACHE | VMSCOPE_WHAT_OBJECT;

	EXPECT_EQ(VMSCOPE_FRAME_SLAB, what->frame_kind);
	if (!(features & VMSCOPE_FEAT_SLAB_NAME))
		return;
	about("%s: known %llx: ", plant->name, what->known);
	EXPECT_EQ(wanted, what->known & wanted);
	EXPECT_STREQ(object->cache, cache_name(what));
	about("%s at %llx: ", plant->name, plant->addr);
	EXPECT_EQ(plant->addr, what->object);
	/* if an object has a red zone, the kernel reports where that begins */
	EXPECT_LE(object->start, what->object);
	EXPECT_LT(what->object - object->start, what->cache.stride);
	EXPECT_EQ(object->size, what->cache.object_size);
	ASSERT_NE(0, what->cache.stride);
	EXPECT_LE(what->cache.object_size, what->cache.stride);
	EXPECT_EQ(slab_offset(what) / what->cache.stride, what->object_index);
}

TEST_F(planted, what_reports_the_cache_and_object_that_the_kernel_does)
{
	long seen = 0;

	for_each_plant(plant) {
		struct slab_object object = { 0 };
		struct vmscope_what what;

		if (!is(plant, "kmalloc") && !is(plant, "object"))
			continue;
		if (!kernel_says(self->log, plant, &object) || object.kfence)
			continue;
		ASSERT_EQ(0, what_at(self->fd, plant->addr, &what));
		check_object(_metadata, plant, &object, &what, self->features);
		/* any byte of it will do */
		ASSERT_EQ(0, what_at(self->fd, plant->addr + plant->bytes - 1,
				     &what));
		check_object(_metadata, plant, &object, &what, self->features);
		seen++;
	}
	EXPECT_LT(20, seen);
}

TEST_F(planted, what_reports_blocks_of_pages)
{
	for_each_plant(plant) {
		bool large = is(plant, "kmalloc") && plant->bytes > 8192;
		__u64 kind = VMSCOPE_FRAME_OTHER;
		struct vmscope_what what;

		if (!large && !is(plant, "pages"))
			continue;
		if (large && self->features & VMSCOPE_FEAT_LARGE_KMALLOC)
			kind = VMSCOPE_FRAME_LARGE_KMALLOC;
		else if (large || starts_with(plant->name, "compound"))
			kind = VMSCOPE_FRAME_COMPOUND;
		ASSERT_EQ(0, what_at(self->fd, plant->addr + plant->bytes - 1,
				     &what));
		EXPECT_EQ(kind, what.frame_kind);
		if (kind == VMSCOPE_FRAME_OTHER)
			continue;
		EXPECT_EQ(plant_number(plant, "pfn"), what.frame_head);
		EXPECT_LE(nr_pages(plant), 1ULL << what.frame_order);
		EXPECT_GT(2 * nr_pages(plant), 1ULL << what.frame_order);
	}
}

TEST_F(planted, what_reports_runs)
{
	for_each_plant(plant) {
		__u64 start = first_page(plant);
		struct vmscope_what what;

		if (!is_mapped(plant))
			continue;
		ASSERT_EQ(0, what_at(self->fd, plant->addr + plant->bytes / 2,
				     &what));
		EXPECT_NE(0, what.known & VMSCOPE_WHAT_RUN);
		EXPECT_EQ(start, what.run_start);
		EXPECT_EQ(start + nr_pages(plant) * PAGE_BYTES, what.run_end);
		EXPECT_EQ(plant_number(plant, "pieces"), what.run_pieces);
	}
}

TEST_F(planted, what_reports_whose_stack_it_is)
{
	const struct plant *plant = plants_find(&plants, "stack");
	struct vmscope_what what;

	ASSERT_NE(NULL, plant);
	ASSERT_EQ(0,
		  what_at(self->fd, plant->addr + plant->bytes - 100, &what));
	EXPECT_NE(0, what.known & VMSCOPE_WHAT_STACK);
	EXPECT_EQ(plant_number(plant, "pid"), what.pid);
	EXPECT_STREQ("vmscope-plant", (const char *)what.comm);
	EXPECT_EQ(plant->addr, what.run_start);
	EXPECT_EQ(plant->addr + plant->bytes, what.run_end);
}

TEST_F(planted, what_reports_per_cpu_areas)
{
	for_each_plant(plant) {
		struct vmscope_what what;

		if (!is(plant, "percpu"))
			continue;
		ASSERT_EQ(0, what_at(self->fd, plant->addr, &what));
		/* later chunks are in vmalloc, and no module can find them */
		if (what.region == VMSCOPE_REGION_VMALLOC &&
		    !(what.known & VMSCOPE_WHAT_PERCPU)) {
			EXPECT_NE(0, what.known & VMSCOPE_WHAT_RUN);
			continue;
		}
		EXPECT_NE(0, what.known & VMSCOPE_WHAT_PERCPU);
		EXPECT_EQ(plant_number(plant, "cpu"), what.cpu);
		EXPECT_EQ(plant_number(plant, "offset"), what.cpu_offset);
	}
}

/* The same numbers as the module's, calculated from a per-CPU pointer. */
TEST_F(planted, what_finds_per_cpu_data_by_its_offset)
{
	for_each_plant(plant) {
		struct vmscope_what what = {
			.size = sizeof(what),
			.flags = VMSCOPE_ASK_CPU,
			.addr = plant_number(plant, "offset"),
			.cpu = plant_number(plant, "cpu"),
		};
		struct vmscope_what same;

		if (!is(plant, "percpu"))
			continue;
		ASSERT_EQ(0, ioctl(self->fd, VMSCOPE_IOC_WHAT, &what));
		EXPECT_EQ(plant->addr, what.addr);
		ASSERT_EQ(0, what_at(self->fd, plant->addr, &same));
		EXPECT_EQ(same.known, what.known);
		EXPECT_EQ(same.pfn, what.pfn);
		EXPECT_EQ(same.cpu_offset, what.cpu_offset);
	}
}

TEST_F(planted, what_reports_slots_of_the_fixmap)
{
	char name[32];

	for_each_plant(plant) {
		struct vmscope_what what;

		ASSERT_EQ(0, what_at(self->fd, plant->addr + 5, &what));
		EXPECT_EQ(is(plant, "slot"),
			  !!(what.known & VMSCOPE_WHAT_SLOT));
		if (!is(plant, "slot") ||
		    !plant_word(plant, "name", name, sizeof(name)))
			continue;
		EXPECT_EQ(plant_number(plant, "slot"), what.slot);
		EXPECT_EQ(plant_number(plant, "first"), what.slot_first);
		EXPECT_STREQ(strcmp(name, "-") ? name : "",
			     (const char *)what.slot_name);
	}
}

TEST_F(planted, what_reports_the_page_that_a_struct_page_describes)
{
	const struct plant *plant = plants_find(&plants, "struct-page");
	struct vmscope_what what;

	ASSERT_NE(NULL, plant);
	ASSERT_EQ(0, what_at(self->fd, plant->addr + 8, &what));
	EXPECT_NE(0, what.known & VMSCOPE_WHAT_DESCRIBED);
	EXPECT_EQ(plant_number(plant, "describes"), what.described);
}

/* Whatever is there now, it is not the old object. */
TEST_F(planted, what_reports_nothing_false_of_what_is_gone)
{
	ASSERT_TRUE(plant_obeys("free *"));
	for_each_plant(plant) {
		struct vmscope_what what;

		ASSERT_EQ(0, what_at(self->fd, plant->addr, &what));
		EXPECT_NE(0, regions_for(plant) & 1 << what.region);
		if (what.known & VMSCOPE_WHAT_CACHE) {
			EXPECT_EQ(NULL,
				  strstr(cache_name(&what), "vmscope_plant"));
		}
		if (what.known & VMSCOPE_WHAT_STACK) {
			EXPECT_STRNE("vmscope-plant", (const char *)what.comm);
		}
		if (is_mapped(plant) && what.known & VMSCOPE_WHAT_RUN) {
			EXPECT_TRUE(vmalloc_lists(plant->addr));
		}
	}
	EXPECT_TRUE(make_all());
}

TEST_HARNESS_MAIN
