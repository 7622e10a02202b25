// SPDX-License-Identifier: GPL-2.0-only
/*
 * What all frames are used for, and by which slab caches, against
 * /proc/slabinfo and /proc/kpageflags before and after. Memory always changes,
 * so a number that differs is asked for again, and must agree once.
 */
#include "harness.h"
#include "kernel.h"

#define MAX_CACHES 1024
#define PAUSE_US 100000
/* Time limit in seconds: every number must have agreed once. */
#define PATIENCE 120
#define KFENCE_INTERVAL "/sys/module/kfence/parameters/sample_interval"
#define NO_BLOCKS "/sys/kernel/debug/fail_page_alloc"
#define MAKE_IT_FAIL "/proc/self/make-it-fail"

/* More bits of /proc/kpageflags. */
enum {
	KPF_BIT_SLAB = 7,
	KPF_BIT_BUDDY = 10,
	KPF_BIT_OFFLINE = 23,
	KPF_BIT_PGTABLE = 26,
};

/* What a call allocates for itself meanwhile. */
#define OWN_FRAMES 16

/* A line of /proc/slabinfo. */
struct info_row {
	char name[64];
	__u64 objects; /* objects that fit into all slabs */
	__u64 stride; /* the object's size by slabinfo */
	/* objects in a slab of the preferred size */
	__u64 in_slab;
	__u64 pages; /* of such a slab */
	__u64 slabs;
};

struct info {
	struct info_row row[MAX_CACHES];
	size_t nr;
};

/* What the device reports. */
struct reply {
	struct vmscope_slabs slabs;
	struct vmscope_slab_cache cache[MAX_CACHES];
};

static struct info before, after;
static struct reply reply;

static int ask(int fd, struct reply *to)
{
	memset(to, 0, sizeof(*to));
	to->slabs.size = sizeof(to->slabs);
	to->slabs.buf = address(to->cache);
	to->slabs.buf_bytes = sizeof(to->cache);
	return ioctl(fd, VMSCOPE_IOC_SLABS, &to->slabs);
}

static const char *name_of(const struct vmscope_slab_cache *cache)
{
	return (const char *)cache->name;
}

/* Caches of one name count as one, in both. */
static struct info_row *row_of(struct info *info, const char *name)
{
	for (size_t i = 0; i < info->nr; i++)
		if (!strcmp(info->row[i].name, name))
			return &info->row[i];
	return NULL;
}

static void add_row(struct info *info, const struct info_row *row)
{
	struct info_row *same = row_of(info, row->name);

	if (same) {
		same->slabs += row->slabs;
		same->objects += row->objects;
	} else if (info->nr < MAX_CACHES) {
		info->row[info->nr++] = *row;
	}
}

static bool info_read(struct info *info)
{
	char line[512];

	info->nr = 0;
	for_each_line_of(line, "/proc/slabinfo") {
		struct info_row row;

		if (sscanf(line,
			   "%63s %*u %llu %llu %llu %llu : tunables %*u %*u %*u : slabdata %*u %llu",
			   row.name, &row.objects, &row.stride, &row.in_slab,
			   &row.pages, &row.slabs) == 6)
			add_row(info, &row);
	}
	return info->nr;
}

/* Sums over the caches of one name. */
static struct vmscope_slab_cache sum_of(const struct reply *from,
					const char *name)
{
	struct vmscope_slab_cache sum = { 0 };

	for (size_t i = 0; i < from->slabs.nr_caches; i++) {
		const struct vmscope_slab_cache *cache = &from->cache[i];

		if (strcmp(name_of(cache), name))
			continue;
		sum.stride = cache->stride;
		sum.slabs += cache->slabs;
		sum.pages += cache->pages;
		sum.small_slabs += cache->small_slabs;
	}
	return sum;
}

/* A slab that is small because memory has no block of the preferred size. */
static __u64 least_pages(const struct info_row *row)
{
	__u64 pages = 1;

	while (pages * PAGE_BYTES < row->stride)
		pages *= 2;
	return pages;
}

/* A slab of the fewest pages has room for fewer objects: that identifies it. */
static __u64 small_slabs(const struct info_row *row)
{
	__u64 few = least_pages(row) * PAGE_BYTES / row->stride;
	__u64 room = row->slabs * row->in_slab;

	if (row->in_slab <= few || room <= row->objects)
		return 0;
	return (room - row->objects) / (row->in_slab - few);
}

static __u64 pages_of(const struct info_row *row)
{
	return (row->slabs - small_slabs(row)) * row->pages +
	       small_slabs(row) * least_pages(row);
}

/*
 * Only existing slabs are read: if a cache has only small ones, the device
 * cannot know that they are, and reports none.
 */
static bool small_agree(const struct info_row *row, const struct info_row *then,
			const struct vmscope_slab_cache *sum)
{
	if (!sum->small_slabs && small_slabs(row) == row->slabs &&
	    small_slabs(then) == then->slabs)
		return true;
	return is_between(sum->small_slabs, small_slabs(row),
			  small_slabs(then));
}

/*
 * @row, @then: one cache, before and after. If it changes meanwhile, the device
 * may report anything in between.
 */
static bool agrees(const struct info_row *row, const struct info_row *then,
		   const struct vmscope_slab_cache *sum)
{
	if (!is_between(sum->slabs, row->slabs, then->slabs))
		return false;
	if (!sum->slabs)
		return true;
	return sum->stride == row->stride &&
	       is_between(sum->pages, pages_of(row), pages_of(then)) &&
	       small_agree(row, then, sum);
}

/* Caches that have agreed in any round. */
static char agreed[MAX_CACHES][64];
static size_t nr_agreed;

static bool has_agreed(const char *name)
{
	for (size_t i = 0; i < nr_agreed; i++)
		if (!strcmp(agreed[i], name))
			return true;
	return false;
}

static void print_difference(const struct info_row *row,
			     const struct info_row *then,
			     const struct vmscope_slab_cache *sum)
{
	ksft_print_msg(
		"%s: slabs %llu and %llu, reported %llu; small %llu and %llu, reported %llu; pages %llu and %llu, reported %llu; stride %llu, reported %llu\n",
		row->name, row->slabs, then->slabs, sum->slabs,
		small_slabs(row), small_slabs(then), sum->small_slabs,
		pages_of(row), pages_of(then), sum->pages, row->stride,
		sum->stride);
}

/* How many caches have never agreed; new and removed ones do not count. */
static unsigned int compare_rows(bool say)
{
	unsigned int nr = 0;

	for (size_t i = 0; i < before.nr; i++) {
		const struct info_row *row = &before.row[i];
		const struct info_row *then = row_of(&after, row->name);
		struct vmscope_slab_cache sum = sum_of(&reply, row->name);

		if (!then || has_agreed(row->name))
			continue;
		if (agrees(row, then, &sum) && nr_agreed < MAX_CACHES) {
			memcpy(agreed[nr_agreed++], row->name,
			       sizeof(row->name));
			if (row->slabs != then->slabs)
				print_difference(row, then, &sum);
			continue;
		}
		nr++;
		if (say)
			print_difference(row, then, &sum);
	}
	return nr;
}

FIXTURE(kmalloc)
{
	int fd;
	__u64 features;
};

FIXTURE_SETUP(kmalloc)
{
	self->features = device_features();
	self->fd = own_kernel();
}

FIXTURE_TEARDOWN(kmalloc)
{
	knobs_restore();
}

/*
 * Slabs are made and freed all the time, and those of typesafe caches still
 * exist for a while after slabinfo stops counting them. So each cache has to
 * agree once, not all of them in the same round; but each of them has to.
 */
TEST_F(kmalloc, caches_are_those_of_slabinfo)
{
	time_t until = time(NULL) + PATIENCE;
	unsigned int left, rounds = 0;
	bool last;

	if (!(self->features & VMSCOPE_FEAT_SLAB_NAME))
		SKIP(return, "caches have no names here: info says why");
	do {
		if (rounds++)
			usleep(PAUSE_US);
		last = time(NULL) >= until;
		ASSERT_TRUE(info_read(&before));
		ASSERT_EQ(0, ask(self->fd, &reply));
		ASSERT_TRUE(info_read(&after));
		ASSERT_GE(MAX_CACHES, reply.slabs.nr_caches);
		left = compare_rows(last);
	} while (left && !last);
	EXPECT_EQ(0, left);
	EXPECT_LT(50, nr_agreed);
	TH_LOG("%zu caches agreed, in %u rounds", nr_agreed, rounds);
}

/* Slabs of a cache of plant.ko's, as it names them. */
struct own {
	__u64 slabs; /* how many hold an object */
	__u64 pages; /* their pages */
};

static bool is_of(const struct plant *plant, const char *cache)
{
	char word[64];

	return plant->made && plant_word(plant, "cache", word, sizeof(word)) &&
	       !strcmp(word, cache);
}

static bool is_first_of_slab(const struct plants *plants, size_t nr,
			     const char *cache)
{
	__u64 slab = plant_number(&plants->all[nr], "slab");

	for (size_t i = 0; i < nr; i++)
		if (is_of(&plants->all[i], cache) &&
		    plant_number(&plants->all[i], "slab") == slab)
			return false;
	return true;
}

static struct own own_slabs(const struct plants *plants, const char *cache)
{
	struct own own = { 0 };

	for (size_t i = 0; i < plants->nr; i++) {
		if (!is_of(&plants->all[i], cache) ||
		    !is_first_of_slab(plants, i, cache))
			continue;
		own.slabs++;
		own.pages += plant_number(&plants->all[i], "pages");
	}
	return own;
}

/* Nobody else has objects of these: expect exact numbers. */
static void check_own(struct __test_metadata *_metadata,
		      const struct plants *plants, const char *cache)
{
	struct own own = own_slabs(plants, cache);
	struct info_row *row = row_of(&before, cache);
	struct info_row *then = row_of(&after, cache);
	struct vmscope_slab_cache sum = sum_of(&reply, cache);

	ASSERT_NE(NULL, row);
	ASSERT_NE(NULL, then);
	ASSERT_LT(1, own.slabs);
	ASSERT_EQ(row->slabs, then->slabs);
	ASSERT_LE(own.slabs, row->slabs);
	/* the allocator may keep spare slabs */
	EXPECT_EQ(own.pages + (row->slabs - own.slabs) * row->pages, sum.pages);
	EXPECT_EQ(row->slabs, sum.slabs);
	EXPECT_EQ(row->stride, sum.stride);
	TH_LOG("%s: %llu slabs, of them %llu with objects; %llu pages", cache,
	       sum.slabs, own.slabs, sum.pages);
}

TEST_F(kmalloc, caches_that_stand_still_are_exact)
{
	struct plants *plants = calloc(1, sizeof(*plants));

	if (!(self->features & VMSCOPE_FEAT_SLAB_NAME))
		SKIP(return, "caches have no names here: info says why");
	ASSERT_NE(NULL, plants);
	/* objects of KFENCE are in none of the cache's slabs */
	if (!access(KFENCE_INTERVAL, W_OK))
		ASSERT_TRUE(knob_set(KFENCE_INTERVAL, "0"));
	ASSERT_TRUE(test_module_load("plant"));
	ASSERT_TRUE(plants_read(plants));
	EXPECT_TRUE(info_read(&before));
	EXPECT_EQ(0, ask(self->fd, &reply));
	EXPECT_TRUE(info_read(&after));
	test_module_unload("plant");
	check_own(_metadata, plants, "vmscope_plant");
	check_own(_metadata, plants, "vmscope_plant_large");
}

/*
 * From now on, this process gets no block of @order or more. It still gets
 * smaller ones, to open the files that end this.
 */
static bool only_smaller_blocks(unsigned int order)
{
	char min_order[8];
	const struct {
		const char *path;
		const char *value;
	} settings[] = {
		{ NO_BLOCKS "/task-filter", "Y" },
		{ NO_BLOCKS "/ignore-gfp-wait", "N" },
		{ NO_BLOCKS "/min-order", min_order },
		{ NO_BLOCKS "/verbose", "0" },
		{ NO_BLOCKS "/times", "-1" },
		{ NO_BLOCKS "/probability", "100" },
		{ MAKE_IT_FAIL, "1" },
	};

	snprintf(min_order, sizeof(min_order), "%u", order);
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		if (!knob_set(settings[i].path, settings[i].value))
			return false;
	return true;
}

/* Without large blocks of memory, a cache of large slabs gets small ones. */
TEST_F(kmalloc, slabs_of_a_lower_order_are_counted_apart)
{
	const char *cache = "vmscope_plant_large";
	struct vmscope_slab_cache sum;
	struct info_row *row;

	if (!(self->features & VMSCOPE_FEAT_SLAB_NAME))
		SKIP(return, "caches have no names here: info says why");
	if (access(NO_BLOCKS, F_OK))
		SKIP(return, "this kernel has no fault injection for pages");
	ASSERT_TRUE(test_module_load("plant"));
	EXPECT_TRUE(info_read(&before));
	row = row_of(&before, cache);
	ASSERT_NE(NULL, row);
	ASSERT_LT(1, row->pages);
	EXPECT_TRUE(plant_obeys("free large-object*"));
	EXPECT_TRUE(plant_obeys("make large-object-0"));
	EXPECT_TRUE(only_smaller_blocks(__builtin_ctzll(row->pages)));
	EXPECT_TRUE(plant_obeys("make large-object*"));
	knobs_restore();
	EXPECT_TRUE(info_read(&before));
	EXPECT_EQ(0, ask(self->fd, &reply));
	test_module_unload("plant");
	row = row_of(&before, cache);
	ASSERT_NE(NULL, row);
	sum = sum_of(&reply, cache);
	EXPECT_EQ(row->slabs, sum.slabs);
	EXPECT_LT(0, sum.small_slabs);
	EXPECT_LT(sum.small_slabs, sum.slabs);
	EXPECT_EQ((sum.slabs - sum.small_slabs) * row->pages + sum.small_slabs,
		  sum.pages)
	TH_LOG("%llu slabs, %llu of them small, %llu pages", sum.slabs,
	       sum.small_slabs, sum.pages);
}

/* What a frame of kpageflags is counted as; kinds that it cannot show are 0. */
static unsigned int kind_of(__u64 flags)
{
	static const struct {
		__u64 flag;
		unsigned int kind;
	} kinds[] = {
		{ KPF(NOPAGE), VMSCOPE_FRAME_HOLE },
		{ KPF(SLAB), VMSCOPE_FRAME_SLAB },
		{ KPF(BUDDY), VMSCOPE_FRAME_FREE },
		{ KPF(OFFLINE), VMSCOPE_FRAME_OFFLINE },
		{ KPF(PGTABLE), VMSCOPE_FRAME_TABLE },
		{ KPF(HUGE), VMSCOPE_FRAME_HUGETLB },
		{ KPF(RESERVED), VMSCOPE_FRAME_RESERVED },
		{ KPF(HWPOISON), VMSCOPE_FRAME_HWPOISON },
		{ KPF(ANON), VMSCOPE_FRAME_ANON },
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (flags & kinds[i].flag)
			return kinds[i].kind;
	return 0;
}

static const unsigned int compared[] = {
	VMSCOPE_FRAME_HOLE,	VMSCOPE_FRAME_SLAB,	VMSCOPE_FRAME_FREE,
	VMSCOPE_FRAME_OFFLINE,	VMSCOPE_FRAME_TABLE,	VMSCOPE_FRAME_HUGETLB,
	VMSCOPE_FRAME_RESERVED, VMSCOPE_FRAME_HWPOISON, VMSCOPE_FRAME_ANON,
};

#define NR_COMPARED (ARRAY_SIZE(compared))

static bool flags_read(__u64 frames, __u64 *sums)
{
	int fd = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	static __u64 flags[8192];
	__u64 pfn = 0;
	ssize_t i, got = 1;

	memset(sums, 0, VMSCOPE_NR_FRAME_KINDS * sizeof(*sums));
	while (fd >= 0 && got > 0 && pfn < frames) {
		got = pread(fd, flags, sizeof(flags), pfn * sizeof(*flags)) /
		      (ssize_t)sizeof(*flags);
		for (i = 0; i < got && pfn < frames; i++, pfn++)
			sums[kind_of(flags[i])]++;
	}
	close(fd);
	return pfn == frames;
}

static bool is_of_kind(unsigned int kind, __u64 then, __u64 now)
{
	__u64 value = reply.slabs.kinds[kind];

	if (kind == VMSCOPE_FRAME_FREE && value < then && value < now)
		value += now - value > OWN_FRAMES ? OWN_FRAMES : now - value;
	return is_between(value, then, now);
}

/* Counts by kpageflags before and after ours. */
static __u64 kinds_then[VMSCOPE_NR_FRAME_KINDS];
static __u64 kinds_now[VMSCOPE_NR_FRAME_KINDS];

/* Some kernels have no flag for frames that do not exist. */
static bool has_flag(unsigned int kind)
{
	return kind != VMSCOPE_FRAME_HOLE || kinds_then[kind] ||
	       kinds_now[kind];
}

/* Kinds that kpageflags knows and that have not agreed so far. */
static unsigned int compare_kinds(bool as_reported[NR_COMPARED])
{
	unsigned int nr = 0;

	for (size_t i = 0; i < NR_COMPARED; i++) {
		unsigned int kind = compared[i];

		as_reported[i] |=
			is_of_kind(kind, kinds_then[kind], kinds_now[kind]);
		nr += !as_reported[i] && has_flag(kind);
	}
	return nr;
}

static void print_kind(unsigned int kind)
{
	if (has_flag(kind))
		ksft_print_msg("kind %u: %llu and %llu, reported %llu\n", kind,
			       kinds_then[kind], kinds_now[kind],
			       reply.slabs.kinds[kind]);
	else
		ksft_print_msg(
			"kpageflags shows no hole; %llu frames are reported\n",
			reply.slabs.kinds[kind]);
}

/* A number that kpageflags shows before and after must once be ours, too. */
TEST_F(kmalloc, kinds_are_those_of_kpageflags)
{
	time_t until = time(NULL) + PATIENCE;
	bool as_reported[NR_COMPARED] = { false };
	unsigned int left;

	ASSERT_EQ(0, ask(self->fd, &reply));
	do {
		ASSERT_TRUE(flags_read(reply.slabs.frames, kinds_then));
		ASSERT_EQ(0, ask(self->fd, &reply));
		ASSERT_TRUE(flags_read(reply.slabs.frames, kinds_now));
		left = compare_kinds(as_reported);
	} while (left && time(NULL) < until);
	EXPECT_EQ(0, left);
	for (size_t i = 0; i < NR_COMPARED; i++)
		if (!as_reported[i])
			print_kind(compared[i]);
}

/* Each processor keeps a part of the kernel's count to itself until then. */
static long file_pages(void)
{
	file_write("/proc/sys/vm/stat_refresh", "1");
	return vmstat_number("nr_file_pages");
}

TEST_F(kmalloc, page_cache_is_that_of_vmstat)
{
	time_t until = time(NULL) + PATIENCE;
	unsigned int rounds = 0;
	long was, is, ours;
	bool agrees_once;

	if (vmstat_number("nr_swapcached") > 0)
		SKIP(return, "pages in the swap cache count as anonymous");
	do {
		if (rounds++)
			usleep(PAUSE_US);
		was = file_pages();
		ASSERT_EQ(0, ask(self->fd, &reply));
		is = file_pages();
		ours = reply.slabs.kinds[VMSCOPE_FRAME_CACHE];
		agrees_once = is_between(ours, was, is);
	} while (!agrees_once && time(NULL) < until);
	EXPECT_TRUE(agrees_once)
	TH_LOG("%ld and %ld, reported %ld", was, is, ours);
}

TEST_F(kmalloc, sums_add_up)
{
	__u64 frames = 0, pages = 0;

	ASSERT_EQ(0, ask(self->fd, &reply));
	for (size_t i = 0; i < VMSCOPE_NR_FRAME_KINDS; i++)
		frames += reply.slabs.kinds[i];
	EXPECT_EQ(reply.slabs.frames, frames);
	for (size_t i = 0; i < reply.slabs.nr_caches; i++)
		pages += reply.cache[i].pages;
	EXPECT_EQ(reply.slabs.kinds[VMSCOPE_FRAME_SLAB],
		  pages + reply.slabs.unnamed);
	EXPECT_EQ(0, reply.slabs.unnamed);
	EXPECT_LE(reply.slabs.kinds[VMSCOPE_FRAME_UNKNOWN], reply.slabs.raced);
}

/* The size in the name, as in kmalloc-rcl-2k; 0 if there is none. */
static __u64 size_in_name(const char *name)
{
	const char *number = strrchr(name, '-');
	char *end;
	__u64 size;

	if (!number)
		return 0;
	size = strtoull(number + 1, &end, 10);
	return *end == 'k' ? size << 10 : *end == 'M' ? size << 20 : size;
}

TEST_F(kmalloc, kmalloc_caches_come_first)
{
	bool over = false;

	if (!(self->features & VMSCOPE_FEAT_SLAB_CACHE))
		SKIP(return,
			   "caches are not distinguished here: info says why");
	ASSERT_EQ(0, ask(self->fd, &reply));
	ASSERT_LT(0, reply.slabs.nr_caches);
	EXPECT_TRUE(reply.cache[0].known & VMSCOPE_KNOWN_POINTER);
	for (size_t i = 0; i < reply.slabs.nr_caches; i++) {
		const struct vmscope_slab_cache *cache = &reply.cache[i];
		bool kmalloc = cache->known & VMSCOPE_KNOWN_POINTER;

		EXPECT_TRUE(cache->known & VMSCOPE_KNOWN_TYPE);
		EXPECT_FALSE(kmalloc && over);
		over |= !kmalloc;
		if (!kmalloc || !(self->features & VMSCOPE_FEAT_SLAB_NAME))
			continue;
		EXPECT_TRUE(strstr(name_of(cache), "kmalloc-"))
		TH_LOG("%s", name_of(cache));
		EXPECT_EQ(size_in_name(name_of(cache)), cache->object_size);
		EXPECT_LE(cache->object_size, cache->stride);
		EXPECT_NE(0, cache->addr);
	}
}

TEST_HARNESS_MAIN
