// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flags of areas equal all of those in smaps, in areas of every kind;
 * soft-dirty is reported as in the entry and in pagemap.
 */
#include "harness.h"

#include <linux/userfaultfd.h>

#include "toolrow.h"

#define BYTES (16 * PAGE_BYTES)

#ifndef MLOCK_ONFAULT
#define MLOCK_ONFAULT 1
#endif
#define ADVICE_GUARD 102
#define MAP_DROPS_PAGES 0x08
#define CALL_MSEAL 462
#define CALL_SHADOW_STACK 453

/* With a gap on both sides, so that areas do not merge. */
static char *area(int prot, int flags)
{
	char *addr = mmap(NULL, 3 * BYTES, prot, flags | MAP_ANONYMOUS, -1, 0);

	if (addr == MAP_FAILED)
		return NULL;
	munmap(addr, BYTES);
	munmap(addr + 2 * BYTES, BYTES);
	if (prot & PROT_WRITE)
		addr[BYTES] = 1;
	return addr + BYTES;
}

static void advise_all(void)
{
	static const int advice[] = {
		MADV_DONTFORK,	 MADV_WIPEONFORK, MADV_DONTDUMP,
		MADV_SEQUENTIAL, MADV_RANDOM,	  MADV_HUGEPAGE,
		MADV_NOHUGEPAGE, MADV_MERGEABLE,  ADVICE_GUARD,
	};

	for (size_t i = 0; i < ARRAY_SIZE(advice); i++)
		madvise(area(RW, MAP_PRIVATE), BYTES, advice[i]);
}

/* All that a process can ask for; those that this kernel lacks are skipped. */
static void make_areas(void)
{
	int zero = open("/dev/zero", O_RDWR | O_CLOEXEC);
	int mem = open("/dev/mem", O_RDONLY | O_CLOEXEC);

	advise_all();
	area(PROT_NONE, MAP_PRIVATE);
	area(PROT_READ | PROT_EXEC, MAP_PRIVATE);
	area(RW, MAP_SHARED);
	area(RW, MAP_PRIVATE | MAP_NORESERVE);
	area(RW, MAP_PRIVATE | MAP_GROWSDOWN);
	area(RW, MAP_DROPS_PAGES);
	mlock(area(RW, MAP_PRIVATE), BYTES);
	syscall(SYS_mlock2, area(RW, MAP_PRIVATE), BYTES, MLOCK_ONFAULT);
	syscall(CALL_MSEAL, area(RW, MAP_PRIVATE), BYTES, 0);
	syscall(CALL_SHADOW_STACK, 0, BYTES, 0);
	mmap(NULL, PMD_BYTES, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB, -1,
	     0);
	mmap(NULL, BYTES, RW, MAP_PRIVATE, zero, 0);
	mmap(NULL, PAGE_BYTES, PROT_READ, MAP_SHARED, mem, 0xf0000);
	pkey_mprotect(area(RW, MAP_PRIVATE), BYTES, RW, pkey_alloc(0, 0));
	uffd_register(area(RW, MAP_PRIVATE), BYTES, 0,
		      UFFDIO_REGISTER_MODE_MISSING);
	uffd_register(area(RW, MAP_PRIVATE), BYTES, 0, UFFDIO_REGISTER_MODE_WP);
	uffd_register(area(RW, MAP_SHARED), BYTES, 1 << 10, 1 << 2);
	uffd_register(area(RW, MAP_PRIVATE), BYTES, 1 << 17, 1 << 3);
}

/*
 * The area that begins at @start, from the device; smaps is still valid,
 * because the process does not run.
 */
static __u64 flags_at(int fd, __u64 start)
{
	struct vmscope_walk walk;

	return walk_at(fd, start, &walk) ? 0 : walk.area.vma_flags;
}

/*
 * Older kernels have no word for one flag and print two question marks; the
 * tool has a word for it.
 */
#define UNNAMED VMSCOPE_VMA_LOCKONFAULT

/* The words of a line, as flags. */
static __u64 parse_flags(char *line, size_t *wrong)
{
	__u64 flags = 0;
	char *word;

	for (word = strtok(line, " "); word; word = strtok(NULL, " ")) {
		if (!strcmp(word, "??")) {
			flags |= UNNAMED;
		} else if (!vma_flag_of(word)) {
			note("smaps says %s\n", word);
			++*wrong;
		}
		flags |= vma_flag_of(word);
	}
	return flags;
}

/* Returns the flags of all areas together, and counts those that differ. */
static __u64 compare_smaps(int fd, size_t *areas, size_t *wrong)
{
	FILE *file = fopen("/proc/self/smaps", "re");
	static char text[1 << 20];
	char *line, *next;
	__u64 start = 0, all = 0;
	unsigned long long s, e;
	unsigned int key = 0;
	size_t len;

	/* read everything first: the areas must not change meanwhile */
	len = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
	text[len] = '\0';
	if (file)
		fclose(file);
	for (line = text; *line; line = next) {
		__u64 ours, theirs;

		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		if (sscanf(line, "%llx-%llx ", &s, &e) == 2) {
			start = s;
			key = 0;
		}
		sscanf(line, "ProtectionKey: %u", &key);
		if (strncmp(line, "VmFlags:", 8) || start >> 63)
			continue;
		theirs = parse_flags(line + 8, wrong) |
			 (__u64)key << VMSCOPE_VMA_PKEY_SHIFT;
		ours = flags_at(fd, start);
		all |= theirs;
		++*areas;
		if (ours == theirs)
			continue;
		note("%llx: flags %llx, smaps %llx\n", start, ours, theirs);
		++*wrong;
	}
	return all;
}

TEST(flags_of_every_area_are_those_of_smaps)
{
	size_t areas = 0, wrong = 0;
	int fd = own_device();
	__u64 all;

	make_areas();
	all = compare_smaps(fd, &areas, &wrong);
	EXPECT_LT(20, areas);
	EXPECT_EQ(0, wrong);
	/* flags that every kernel has were compared */
	EXPECT_NE(0, all & VMSCOPE_VMA_LOCKONFAULT);
	EXPECT_NE(0, all & VMSCOPE_VMA_UFFD_MINOR);
	EXPECT_NE(0, all & VMSCOPE_VMA_MAYEXEC);
	EXPECT_NE(0, all & VMSCOPE_VMA_PFNMAP);
	EXPECT_EQ(!!(device_features() & VMSCOPE_FEAT_PKEYS),
		  !!VMSCOPE_VMA_PKEY(all));
}

/* The column's words are those of smaps; mr, mw and me are in mperm. */
TEST(column_of_flags_has_the_words_of_smaps)
{
	char *addr = area(RW, MAP_PRIVATE);
	char row[4096];

	if (tool_missing())
		SKIP(return, "%s", tool_missing());
	syscall(SYS_mlock2, addr, BYTES, MLOCK_ONFAULT);
	ASSERT_TRUE(tool_first_row(row, sizeof(row),
				   "pages %d %llx+1000 -o vma_flags,mperm",
				   getpid(), address(addr)));
	EXPECT_NE(NULL, strstr(row_text(row, "vma_flags"), "lf"));
	EXPECT_EQ(NULL, strstr(row_text(row, "vma_flags"), "mr"));
	EXPECT_STREQ("rwx", row_text(row, "mperm"));
}

static bool pagemap_bit(const char *addr)
{
	return pagemap_self(addr) & PM_SOFT_DIRTY;
}

/* The values of two columns for a page; -1 if the tool shows none. */
static int soft_dirty(const char *addr, const char *column)
{
	char row[4096];

	if (!tool_first_row(row, sizeof(row), "pages %d %llx+1000 -o %s",
			    getpid(), address(addr), column))
		return -1;
	return strstr(row, "true") ? 1 : strstr(row, "false") ? 0 : -1;
}

TEST(soft_dirty_is_the_entrys_and_pagemaps)
{
	char *old = area(RW, MAP_PRIVATE), *new;

	if (tool_missing())
		SKIP(return, "%s", tool_missing());
	if (!(device_features() & VMSCOPE_FEAT_SOFT_DIRTY))
		SKIP(return, "soft-dirty: this kernel has no such bits");
	ASSERT_NE(NULL, old);
	ASSERT_TRUE(file_write("/proc/self/clear_refs", "4"));
	EXPECT_EQ(0, soft_dirty(old, "soft_dirty"));
	EXPECT_EQ(pagemap_bit(old), soft_dirty(old, "pagemap_soft_dirty"));
	*old = 2;
	EXPECT_EQ(1, soft_dirty(old, "soft_dirty"));
	EXPECT_EQ(pagemap_bit(old), soft_dirty(old, "pagemap_soft_dirty"));
	/* only read: the entry is clean, the area is new */
	new = area(PROT_READ, MAP_PRIVATE);
	ASSERT_NE(NULL, new);
	(void)*(volatile char *)new;
	EXPECT_TRUE(pagemap_bit(new));
	EXPECT_EQ(1, soft_dirty(new, "pagemap_soft_dirty"));
	EXPECT_EQ(0, soft_dirty(new, "soft_dirty"));
}

TEST_HARNESS_MAIN
