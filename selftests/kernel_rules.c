// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every rule of a descriptor that is bound to the kernel's half, by a call that
 * differs from a valid one in one thing.
 *
 * Lockdown has no test here: a kernel that is locked down for confidentiality
 * loads no unsigned module, and so not this one.
 */
#include "harness.h"
#include "kernel.h"

#define KPTR_RESTRICT "/proc/sys/kernel/kptr_restrict"

NEEDS(kernel_missing())

static __u64 scan_buf[8192];

static int attach_errno(int fd, __u64 size, __u64 flags, __u64 pid)
{
	struct vmscope_attach attach[2] = {
		{ .size = size, .flags = flags, .pid = pid }
	};

	return call_errno(fd, VMSCOPE_IOC_ATTACH, attach);
}

#define ATTACH_SIZE sizeof(struct vmscope_attach)

static int kernel_errno(int fd, __u64 pid)
{
	return attach_errno(fd, ATTACH_SIZE, VMSCOPE_ATTACH_KERNEL, pid);
}

FIXTURE(unbound)
{
	int fd;
};

FIXTURE_SETUP(unbound)
{
	self->fd = device_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(unbound)
{
	knobs_restore();
}

TEST_F(unbound, attach_kernel_is_taken)
{
	EXPECT_EQ(0, kernel_errno(self->fd, 0));
}

TEST_F(unbound, attach_kernel_with_a_pid_is_einval)
{
	EXPECT_EQ(EINVAL, kernel_errno(self->fd, getpid()));
	EXPECT_EQ(EINVAL, kernel_errno(self->fd, 1));
	EXPECT_EQ(EINVAL, kernel_errno(self->fd, 1ULL << 63));
}

TEST_F(unbound, attach_kernel_with_an_unknown_flag_is_einval)
{
	int bit;

	for (bit = 1; bit < 64; bit++)
		EXPECT_EQ(EINVAL,
			  attach_errno(self->fd, ATTACH_SIZE,
				       VMSCOPE_ATTACH_KERNEL | 1ULL << bit, 0));
}

TEST_F(unbound, attach_kernel_of_another_size)
{
	EXPECT_EQ(EINVAL, attach_errno(self->fd, VMSCOPE_ATTACH_SIZE_V1 - 8,
				       VMSCOPE_ATTACH_KERNEL, 0));
	EXPECT_EQ(0, attach_errno(self->fd, ATTACH_SIZE + 8,
				  VMSCOPE_ATTACH_KERNEL, 0));
}

TEST_F(unbound, attach_kernel_twice_is_ebusy)
{
	EXPECT_EQ(0, kernel_attach(self->fd));
	EXPECT_EQ(EBUSY, kernel_errno(self->fd, 0));
	EXPECT_EQ(EBUSY, attach_errno(self->fd, ATTACH_SIZE, 0, getpid()));
}

TEST_F(unbound, attach_kernel_after_a_process_is_ebusy)
{
	EXPECT_EQ(0, device_attach(self->fd, getpid()));
	EXPECT_EQ(EBUSY, kernel_errno(self->fd, 0));
}

TEST_F(unbound, attach_next_leaves_the_kernel)
{
	struct vmscope_census census;

	EXPECT_EQ(0, kernel_attach(self->fd));
	EXPECT_EQ(ENODATA, errno_of(census_read(self->fd, &census)));
	EXPECT_EQ(0, attach_errno(self->fd, ATTACH_SIZE, VMSCOPE_ATTACH_NEXT,
				  getpid()));
	EXPECT_EQ(0, census_read(self->fd, &census));
}

TEST_F(unbound, attach_kernel_refused_leaves_it_unbound)
{
	EXPECT_EQ(EINVAL, kernel_errno(self->fd, 1));
	EXPECT_EQ(0, device_attach(self->fd, getpid()));
}

TEST_F(unbound, attach_kernel_with_kptr_restrict_2_is_eperm)
{
	ASSERT_TRUE(knob_set(KPTR_RESTRICT, "2"));
	EXPECT_EQ(EPERM, kernel_errno(self->fd, 0));
	ASSERT_TRUE(knob_set(KPTR_RESTRICT, "1"));
	EXPECT_EQ(0, kernel_errno(self->fd, 0));
}

TEST_F(unbound, attach_kernel_without_cap_syslog_is_eperm)
{
	cap_drop(CAP_SYSLOG);
	EXPECT_EQ(EPERM, kernel_errno(self->fd, 0));
	EXPECT_EQ(0, device_attach(self->fd, getpid()));
}

TEST_F(unbound, attach_kernel_without_cap_sys_admin_is_eperm)
{
	cap_drop(CAP_SYS_ADMIN);
	EXPECT_EQ(EPERM, kernel_errno(self->fd, 0));
}

TEST_F(unbound, info_reports_where_the_kernels_half_starts)
{
	struct vmscope_info info;
	__u64 half;

	ASSERT_EQ(0, device_info(self->fd, &info));
	half = -1ULL << (info.level_shift[VMSCOPE_LEVEL_PGD] + 8);
	EXPECT_EQ(half, info.kernel_start);
}

FIXTURE(bound)
{
	struct regions regions;
	struct vmscope_scan scan;
	__u64 start;
	int fd;
};

FIXTURE_SETUP(bound)
{
	const struct region *image;

	self->fd = own_kernel();
	self->start = kernel_start(self->fd);
	regions_read(self->fd, &self->regions);
	image = region_of(&self->regions, VMSCOPE_REGION_IMAGE);
	ASSERT_NE(NULL, image);
	scan_init(&self->scan, image->start, image->start + PAGE_BYTES, 0);
	self->scan.buf = address(scan_buf);
	self->scan.buf_bytes = sizeof(scan_buf);
	/* so that no test finds its buffer absent */
	memset(scan_buf, 1, sizeof(scan_buf));
}

FIXTURE_TEARDOWN(bound)
{
	knobs_restore();
}

/* Regions: the whole half, in order, without a gap, and never one twice. */
TEST_F(bound, regions_fill_the_half)
{
	ASSERT_LT(4, self->regions.nr);
	EXPECT_EQ(self->start, self->regions.all[0].start);
	EXPECT_EQ(KERNEL_END, self->regions.all[self->regions.nr - 1].end);
	for (size_t i = 0; i < self->regions.nr; i++) {
		EXPECT_LT(self->regions.all[i].start, self->regions.all[i].end);
		EXPECT_GT(VMSCOPE_NR_REGIONS, self->regions.all[i].kind);
		if (!i)
			continue;
		EXPECT_EQ(self->regions.all[i - 1].end,
			  self->regions.all[i].start);
		EXPECT_FALSE(!self->regions.all[i - 1].kind &&
			     !self->regions.all[i].kind);
	}
}

TEST_F(bound, regions_of_each_kind_are_there_once)
{
	static const unsigned int kinds[] = {
		VMSCOPE_REGION_DIRECT,	VMSCOPE_REGION_VMALLOC,
		VMSCOPE_REGION_VMEMMAP, VMSCOPE_REGION_CPU_ENTRY,
		VMSCOPE_REGION_IMAGE,	VMSCOPE_REGION_MODULES,
		VMSCOPE_REGION_FIXMAP,
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		int found = 0;

		for (size_t j = 0; j < self->regions.nr; j++)
			found += self->regions.all[j].kind == kinds[i];
		/* the vsyscall page is in the middle of the fixmap */
		about("region %u: ", kinds[i]);
		EXPECT_LE(1, found);
		EXPECT_GE(kinds[i] == VMSCOPE_REGION_FIXMAP ? 2 : 1, found);
	}
}

TEST_F(bound, areas_are_reported_alike_with_and_without_pages)
{
	size_t nr = 0;
	struct records recs;

	ASSERT_EQ(0, records_scan(self->fd, self->start, KERNEL_END,
				  VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_RUNS |
					  VMSCOPE_SCAN_SKIP_EMPTY,
				  &recs));
	for_each_area_record(area, &recs) {
		ASSERT_LT(nr, self->regions.nr);
		EXPECT_EQ(self->regions.all[nr].start,
			  VMSCOPE_WORD_ADDR(area->where));
		EXPECT_EQ(self->regions.all[nr].end, area->end);
		nr++;
	}
	EXPECT_EQ(self->regions.nr, nr);
}

/* The half has two ends; outside there is nothing to report. */
TEST_F(bound, scan_outside_of_the_half_reports_nothing)
{
	static const struct {
		__u64 start;
		__u64 end;
	} ranges[] = {
		{ PAGE_BYTES, USER_END - PAGE_BYTES },
		{ 1ULL << 60, (1ULL << 60) + PAGE_BYTES }, /* not canonical */
	};

	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++) {
		scan_init(&self->scan, ranges[i].start, ranges[i].end,
			  VMSCOPE_SCAN_AREAS);
		EXPECT_EQ(0, scan_once(self->fd, &self->scan, scan_buf,
				       sizeof(scan_buf)));
		EXPECT_EQ(0, self->scan.bytes);
		EXPECT_EQ(self->scan.end, self->scan.next);
	}
}

TEST_F(bound, walk_fields_are_judged)
{
	__u64 addr = self->scan.start, buf = address(scan_buf);
	struct vmscope_walk walk;

	EXPECT_EQ(0, walk_errno(self->fd, 0, addr, 0, 0, &walk));
	EXPECT_EQ(0, walk_errno(self->fd, 0, addr + 3, 0, 0, &walk));
	EXPECT_EQ(0, walk_errno(self->fd, 0, addr, buf, 8, &walk));
	EXPECT_EQ(EINVAL, walk_errno(self->fd, 1, addr, 0, 0, &walk));
	EXPECT_EQ(EINVAL, walk_errno(self->fd, 0, addr, 0, 8, &walk));
	EXPECT_EQ(EINVAL, walk_errno(self->fd, 0, 1ULL << 62, 0, 0, &walk));
	EXPECT_EQ(EINVAL, walk_errno(self->fd, 0, ~(1ULL << 62), 0, 0, &walk));
}

TEST_F(bound, walk_of_a_hole_finds_no_page)
{
	const struct region *hole =
		region_of(&self->regions, VMSCOPE_REGION_HOLE);
	struct vmscope_walk walk;
	struct leaf leaf;

	ASSERT_NE(NULL, hole);
	ASSERT_EQ(0, walk_errno(self->fd, 0, hole->start + 5, 0, 0, &walk));
	leaf = leaf_of(&walk.page);
	EXPECT_EQ(0, leaf.flags & F(PRESENT));
	EXPECT_EQ(0, walk.phys);
	EXPECT_EQ(hole->end, walk.area.end);
}

/* The page of error pointers: in no range, never mapped, a valid question. */
TEST_F(bound, walk_of_the_last_page_finds_no_page)
{
	struct vmscope_walk walk;

	ASSERT_EQ(0, walk_errno(self->fd, 0, -1ULL, 0, 0, &walk));
	EXPECT_EQ(0, leaf_of(&walk.page).flags & F(PRESENT));
	EXPECT_EQ(0, walk.phys);
}

/* The kernel has no user half: it would not be clear whose. */
TEST_F(bound, walk_of_a_user_address_is_einval)
{
	struct vmscope_walk walk;

	EXPECT_EQ(EINVAL,
		  walk_errno(self->fd, 0, address(scan_buf), 0, 0, &walk));
	EXPECT_EQ(EINVAL, walk_errno(self->fd, 0, 0, 0, 0, &walk));
}

/* The direct map of a frame is the frame's alias. */
TEST_F(bound, walk_of_the_direct_map_is_its_own_alias)
{
	const struct region *direct =
		region_of(&self->regions, VMSCOPE_REGION_DIRECT);
	struct vmscope_walk walk;

	ASSERT_EQ(0, walk_errno(self->fd, 0, direct->start + 0x100123, 0, 0,
				&walk));
	EXPECT_EQ(0x100123, walk.phys);
	EXPECT_EQ(walk.addr, walk.kernel_alias);
}

/* A process's page, through its address and through its alias. */
TEST_F(bound, walk_of_a_user_pages_alias_ends_at_its_frame)
{
	struct vmscope_walk user, kernel;
	int fd = device_open_pid(getpid());

	ASSERT_EQ(0, walk_errno(fd, 0, address(scan_buf), 0, 0, &user));
	ASSERT_NE(0, user.kernel_alias);
	ASSERT_EQ(0, walk_errno(self->fd, 0, user.kernel_alias, 0, 0, &kernel));
	EXPECT_EQ(user.phys, kernel.phys);
	EXPECT_NE(0, leaf_of(&kernel.page).flags & F(PERM_WRITE));
	EXPECT_EQ(0, leaf_of(&kernel.page).flags & F(USER));
}

/* A census counts a process's tables. */
TEST_F(bound, census_is_refused)
{
	struct vmscope_census census = { .size = sizeof(census) };

	EXPECT_EQ(ENODATA, call_errno(self->fd, VMSCOPE_IOC_CENSUS, &census));
}

static int what_errno(int fd, __u64 flags, __u64 addr, __u64 cpu,
		      struct vmscope_what *what)
{
	*what = (struct vmscope_what){
		.size = sizeof(*what),
		.flags = flags,
		.addr = addr,
		.cpu = cpu,
	};
	return call_errno(fd, VMSCOPE_IOC_WHAT, what);
}

TEST_F(bound, what_fields_are_judged)
{
	struct vmscope_what what;
	__u64 addr = self->scan.start;
	int bit;

	EXPECT_EQ(0, what_errno(self->fd, 0, addr, 0, &what));
	EXPECT_EQ(0, what_errno(self->fd, 0, addr + 3, 0, &what));
	EXPECT_EQ(EINVAL, what_errno(self->fd, 0, address(scan_buf), 0, &what));
	EXPECT_EQ(EINVAL, what_errno(self->fd, 0, 1ULL << 62, 0, &what));
	EXPECT_EQ(EINVAL, what_errno(self->fd, 0, ~(1ULL << 62), 0, &what));
	for (bit = 0; bit < 64; bit++)
		if (!(VMSCOPE_ASK_ALL >> bit & 1))
			EXPECT_EQ(EINVAL, what_errno(self->fd, 1ULL << bit,
						     addr, 0, &what));
	what = (struct vmscope_what){
		.size = sizeof(what),
		.addr = addr,
		.reserved = 1,
	};
	EXPECT_EQ(EINVAL, call_errno(self->fd, VMSCOPE_IOC_WHAT, &what));
}

/* An invalid question gets no answer, whatever the caller's struct held. */
TEST_F(bound, what_leaves_nothing_of_the_callers)
{
	struct vmscope_what clean, dirty;

	ASSERT_EQ(0, what_errno(self->fd, 0, self->scan.start, 0, &clean));
	memset(&dirty, 0xff, sizeof(dirty));
	dirty.size = sizeof(dirty);
	dirty.flags = 0;
	dirty.addr = self->scan.start;
	dirty.reserved = 0;
	dirty.symbol_buf = 0;
	dirty.symbol_buf_bytes = 0;
	ASSERT_EQ(0, call_errno(self->fd, VMSCOPE_IOC_WHAT, &dirty));
	EXPECT_EQ(0, memcmp(&clean, &dirty, sizeof(clean)));
}

static void symbol_at(int fd, __u64 flags, __u64 addr, char text[1024],
		      struct vmscope_what *what)
{
	*what = (struct vmscope_what){
		.size = sizeof(*what),
		.flags = flags,
		.addr = addr,
		.symbol_buf = address(text),
		.symbol_buf_bytes = 1023,
	};
	memset(text, 0, 1024);
	if (ioctl(fd, VMSCOPE_IOC_WHAT, what))
		what->known = 0;
}

struct named {
	__u64 addr;
	char module[64];
	char text[600];
	bool found;
};

static void line_matches(const char *line, struct named *named)
{
	size_t len = strcspn(named->text, "+");

	if (!strncmp(line + 19, named->text, len) &&
	    strchr("\t\n", line[19 + len]) &&
	    !strncmp(named->text + len, "+0x0/", 5) &&
	    strstr(named->text + len, named->module))
		named->found = true;
}

/*
 * Functions of the kernel and of its modules, a few hundred of them. If several
 * names have one address, any of them will do.
 */
TEST_F(bound, what_names_the_symbols_of_kallsyms)
{
	static struct named all[400];
	char line[1024], text[1024];
	struct vmscope_what what;
	size_t nr = 0, i;
	int seen = 0;
	__u64 addr;

	for_each_line_of(line, "/proc/kallsyms") {
		struct named *n = &all[nr];

		n->addr = strtoull(line, NULL, 16);
		if (sscanf(line, "%*x %*c %*s %63s", n->module) != 1)
			*n->module = '\0';
		if (nr + 1 == ARRAY_SIZE(all) || !(n->addr >> 63) ||
		    !strchr("tT", line[17]) ||
		    seen++ % (*n->module ? 50 : 1000))
			continue;
		symbol_at(self->fd, 0, n->addr, text, &what);
		EXPECT_TRUE(what.known & VMSCOPE_WHAT_SYMBOL);
		EXPECT_EQ(n->addr, what.symbol_at);
		EXPECT_EQ(strlen(text), what.symbol_bytes);
		snprintf(n->text, sizeof(n->text), "%s", text);
		nr++;
	}
	ASSERT_LT(20, nr);
	for_each_line_of(line, "/proc/kallsyms")
		for (i = 0, addr = strtoull(line, NULL, 16); i < nr; i++)
			if (all[i].addr == addr)
				line_matches(line, &all[i]);
	for (i = 0; i < nr && about("%llx: %s: ", all[i].addr, all[i].text);
	     i++)
		EXPECT_TRUE(all[i].found);
}

/* 0 if there is none. */
static __u64 symbol_addr(const char *name)
{
	const char *end = textf(" %s\n", name);
	char line[256];
	__u64 addr = 0;

	for_each_line_of(line, "/proc/kallsyms")
		if (strstr(line, end))
			addr = strtoull(line, NULL, 16);
	return addr;
}

TEST_F(bound, what_cuts_a_symbol_and_finds_the_next)
{
	char text[1024] = "", whole[1024];
	struct vmscope_what what, next;
	__u64 addr = symbol_addr("commit_creds");

	ASSERT_NE(0, addr);
	symbol_at(self->fd, 0, addr, whole, &what);
	EXPECT_EQ(0, strncmp(whole, "commit_creds+0x0/", 17));
	what.symbol_buf = address(text);
	what.symbol_buf_bytes = 6;
	ASSERT_EQ(0, call_errno(self->fd, VMSCOPE_IOC_WHAT, &what));
	EXPECT_STREQ("commit", text);
	EXPECT_EQ(strlen(whole), what.symbol_bytes);
	symbol_at(self->fd, VMSCOPE_ASK_NEXT_SYMBOL, addr, text, &next);
	EXPECT_EQ(addr, next.symbol_at);
	EXPECT_STREQ(whole, text);
	what.symbol_buf = 0;
	EXPECT_EQ(EINVAL, call_errno(self->fd, VMSCOPE_IOC_WHAT, &what));
	what.symbol_buf = 1;
	EXPECT_EQ(EFAULT, call_errno(self->fd, VMSCOPE_IOC_WHAT, &what));
}

TEST_F(bound, what_of_a_processor_is_judged)
{
	const struct region *direct =
		region_of(&self->regions, VMSCOPE_REGION_DIRECT);
	/* at 0, or among the addresses of the image */
	const __u64 ask = VMSCOPE_ASK_CPU, at = symbol_addr("__per_cpu_start");
	struct vmscope_what what;

	ASSERT_EQ(0, what_errno(self->fd, ask, at, 0, &what));
	EXPECT_LE(direct->start, what.addr);
	EXPECT_GT(direct->end, what.addr);
	EXPECT_EQ(EINVAL, what_errno(self->fd, ask, at, -1, &what));
	EXPECT_EQ(EINVAL, what_errno(self->fd, ask, at, 1 << 20, &what));
	EXPECT_EQ(EINVAL, what_errno(self->fd, ask, at, 1ULL << 32, &what));
	/* in neither half, or in the user's */
	EXPECT_EQ(EINVAL,
		  what_errno(self->fd, ask, at + (1ULL << 62), 0, &what));
	EXPECT_EQ(EINVAL,
		  what_errno(self->fd, ask, at + (1ULL << 63), 0, &what));
}

/* The fixmap is counted downwards from the last page of its two megabytes. */
TEST_F(bound, what_counts_slots_from_the_top)
{
	const __u64 vsyscall = 0xffffffffff600000ULL;
	const __u64 top = vsyscall + (2 << 20) - PAGE_BYTES;
	__u64 slot, last = 0;

	for (slot = 0; slot < 1536; slot++) {
		struct vmscope_what what;

		ASSERT_EQ(0, what_errno(self->fd, 0, top - slot * PAGE_BYTES, 0,
					&what));
		if (!(what.known & VMSCOPE_WHAT_SLOT))
			continue;
		EXPECT_EQ(slot, what.slot);
		EXPECT_LE(what.slot_first, slot);
		/* the slots of each name are adjacent */
		EXPECT_LE(last, what.slot_first);
		last = what.slot_first;
	}
	EXPECT_LT(512, last);
}

/* Who may ask: each call checks again */

static void check_refused(struct __test_metadata *_metadata, int fd,
			  struct vmscope_scan *scan)
{
	struct vmscope_what what;
	struct vmscope_walk walk;

	EXPECT_EQ(EPERM, call_errno(fd, VMSCOPE_IOC_SCAN, scan));
	EXPECT_EQ(EPERM, walk_errno(fd, 0, scan->start, 0, 0, &walk));
	EXPECT_EQ(EPERM, what_errno(fd, 0, scan->start, 0, &what));
	EXPECT_EQ(EPERM, what_errno(fd, VMSCOPE_ASK_CPU, 0, 0, &what));
	EXPECT_EQ(0, what.addr);
	EXPECT_EQ(0, what.known);
	EXPECT_EQ(0, walk.phys);
	EXPECT_EQ(0, walk.nr_levels);
}

TEST_F(bound, calls_with_kptr_restrict_2_are_eperm)
{
	ASSERT_TRUE(knob_set(KPTR_RESTRICT, "2"));
	check_refused(_metadata, self->fd, &self->scan);
	ASSERT_TRUE(knob_set(KPTR_RESTRICT, "0"));
	EXPECT_EQ(0, call_errno(self->fd, VMSCOPE_IOC_SCAN, &self->scan));
}

TEST_F(bound, calls_without_cap_syslog_are_eperm)
{
	cap_drop(CAP_SYSLOG);
	check_refused(_metadata, self->fd, &self->scan);
}

TEST_F(bound, calls_without_cap_sys_admin_are_eperm)
{
	cap_drop(CAP_SYS_ADMIN);
	check_refused(_metadata, self->fd, &self->scan);
}

TEST_HARNESS_MAIN
