// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every kind of mapping and of absent page is reported correctly: level, state,
 * flags, permissions, frame or slot; and as the kernel reports it itself, if it
 * does.
 */
#include "harness.h"
#include "mappings.h"

#define LEAF (F(PRESENT) | F(USER))
#define R (F(READ) | F(PERM_READ))
#define W (F(WRITE) | F(PERM_WRITE))
#define X (F(EXEC) | F(PERM_EXEC))

#define ABSENT (LEAF | R | W | X | F(PROTNONE))
#define NEVER (X | F(PROTNONE) | F(UFFD_WP))

FIXTURE(kind)
{
	int fd;
	const char *missing;
	struct mapping map;
};

/*
 * @make: the mapping, as mappings.c calls it
 * @level: where its page is reported, LEVEL_NONE for any level
 * @state: expected
 * @set, @clear: flags that the page has, and has not
 * @flags, @no_flags: of the frame, in /proc/kpageflags
 * @vma: flags that the area has
 * @name: what the area is called after
 */
FIXTURE_VARIANT(kind)
{
	const char *make;
	unsigned int level;
	unsigned int state;
	__u64 set;
	__u64 clear;
	__u64 flags;
	__u64 no_flags;
	__u64 vma;
	unsigned int name;
};

FIXTURE_SETUP(kind)
{
	self->missing = mapping_make(variant->make, &self->map);
	self->fd = device_open_pid(getpid());
}

FIXTURE_TEARDOWN(kind)
{
	mapping_drop(&self->map);
	knobs_restore();
}

/* What the rows below have in common. */
#define FLAGS(has, lacks) .set = has, .clear = lacks
#define CLEAR(lacks) .clear = lacks
#define WRITTEN FLAGS(LEAF | R | W | F(ACCESSED) | F(DIRTY), NEVER)
#define READ_ONLY FLAGS(LEAF | R, W | X)
#define NO_ACCESS FLAGS(F(PRESENT) | F(PROTNONE), R | W | X)
#define ANON_FRAME .flags = KPF(ANON) | KPF(SWAPBACKED)
#define THP_FRAME .flags = KPF(ANON) | KPF(SWAPBACKED) | KPF(THP)
#define FILE_FRAME .no_flags = KPF(ANON)
#define SHMEM_FRAME .flags = KPF(SWAPBACKED), .no_flags = KPF(ANON)
#define DEVICE_AREA .vma = VMSCOPE_VMA_PFNMAP | VMSCOPE_VMA_IO
#define VMA(flag) .vma = VMSCOPE_VMA_##flag
#define CALLED(kind) .name = VMSCOPE_NAME_##kind

#define MAPPING(test, how, at, is, ...)                   \
	FIXTURE_VARIANT_ADD(kind, test)                   \
	{                                                 \
		.make = how, .level = VMSCOPE_LEVEL_##at, \
		.state = VMSCOPE_STATE_##is, __VA_ARGS__  \
	}

MAPPING(anon_is_a_written_pte_leaf, "anon", PTE, ANON, WRITTEN,
	.flags = KPF(ANON) | KPF(SWAPBACKED), .no_flags = KPF(THP));
MAPPING(anon_read_only_lacks_write, "anon-read-only", PTE, ANON, READ_ONLY,
	ANON_FRAME);
MAPPING(anon_rwx_is_executable, "anon-rwx", PTE, ANON,
	FLAGS(LEAF | R | W | X, 0), ANON_FRAME, VMA(EXEC));
MAPPING(anon_shared_by_fork_lacks_write_in_a_writable_area,
	"anon-shared-by-fork", PTE, ANON, FLAGS(LEAF | R, W), ANON_FRAME,
	VMA(WRITE));
MAPPING(anon_named_has_its_name, "anon-named", PTE, ANON, WRITTEN, ANON_FRAME,
	CALLED(ANON_NAMED));
MAPPING(lazyfree_is_clean_anon, "lazyfree", PTE, ANON,
	FLAGS(LEAF | R, F(DIRTY) | X), .flags = KPF(ANON));
MAPPING(mlocked_is_in_a_locked_area, "mlocked", PTE, ANON, WRITTEN, ANON_FRAME,
	VMA(LOCKED));
MAPPING(growsdown_is_in_a_growing_area, "growsdown", PTE, ANON, WRITTEN,
	ANON_FRAME, VMA(GROWSDOWN));
MAPPING(heap_is_called_heap, "heap", PTE, ANON, WRITTEN, ANON_FRAME,
	CALLED(HEAP));
MAPPING(stack_is_called_stack, "stack", PTE, ANON, WRITTEN, ANON_FRAME,
	VMA(GROWSDOWN), CALLED(STACK));
MAPPING(pkey_is_in_the_entry, "pkey", PTE, ANON, WRITTEN, ANON_FRAME);
MAPPING(protnone_is_present_without_access, "protnone", PTE, ANON, NO_ACCESS,
	ANON_FRAME);
MAPPING(zero_page_is_no_memory_of_its_own, "zero", PTE, ZERO,
	FLAGS(LEAF | R, W | X | F(DIRTY)), .flags = KPF(ZERO_PAGE),
	.no_flags = KPF(ANON));
MAPPING(thp_is_one_pmd_leaf, "thp", PMD, ANON, WRITTEN, THP_FRAME);
MAPPING(thp_protnone_is_one_pmd_leaf_without_access, "thp-protnone", PMD, ANON,
	NO_ACCESS, THP_FRAME);
MAPPING(thp_mapped_by_pages_is_pte_leaves, "thp-mapped-by-pages", PTE, ANON,
	FLAGS(LEAF | R | W, NEVER), THP_FRAME);
MAPPING(thp_partly_unmapped_is_pte_leaves, "thp-partly-unmapped", PTE, ANON,
	FLAGS(LEAF | R | W, NEVER), THP_FRAME);
MAPPING(hugezero_is_one_pmd_leaf, "hugezero", PMD, HUGEZERO, READ_ONLY,
	.flags = KPF(THP), .no_flags = KPF(ANON));
MAPPING(hugetlb_2m_private_is_one_pmd_leaf, "hugetlb-2m-private", PMD, HUGETLB,
	WRITTEN, .flags = KPF(HUGE) | KPF(ANON), VMA(HUGETLB), CALLED(HUGETLB));
MAPPING(hugetlb_2m_shared_is_one_pmd_leaf, "hugetlb-2m-shared", PMD, HUGETLB,
	WRITTEN, .flags = KPF(HUGE), .no_flags = KPF(ANON),
	.vma = VMSCOPE_VMA_HUGETLB | VMSCOPE_VMA_SHARED, CALLED(HUGETLB));
MAPPING(hugetlb_1g_private_is_one_pud_leaf, "hugetlb-1g-private", PUD, HUGETLB,
	WRITTEN, .flags = KPF(HUGE) | KPF(ANON), VMA(HUGETLB), CALLED(HUGETLB));
MAPPING(hugetlb_1g_shared_is_one_pud_leaf, "hugetlb-1g-shared", PUD, HUGETLB,
	WRITTEN, .flags = KPF(HUGE), .no_flags = KPF(ANON),
	.vma = VMSCOPE_VMA_HUGETLB | VMSCOPE_VMA_SHARED, CALLED(HUGETLB));
MAPPING(hugetlb_untouched_is_empty_pmd, "hugetlb-untouched", PMD, NONE,
	CLEAR(ABSENT), VMA(HUGETLB), CALLED(HUGETLB));
MAPPING(ksm_is_shared_by_merging, "ksm", PTE, KSM, READ_ONLY,
	.flags = KPF(ANON) | KPF(KSM), VMA(MERGEABLE));
MAPPING(file_private_is_file_without_write, "file-private", PTE, FILE,
	READ_ONLY, FILE_FRAME, CALLED(FILE));
MAPPING(file_shared_is_written_file, "file-shared", PTE, FILE, WRITTEN,
	FILE_FRAME, .vma = VMSCOPE_VMA_SHARED | VMSCOPE_VMA_MAYSHARE,
	CALLED(FILE));
MAPPING(file_copied_is_anon, "file-copied", PTE, ANON, WRITTEN, ANON_FRAME,
	CALLED(FILE));
MAPPING(file_copied_protnone_is_anon_without_access, "file-copied-protnone",
	PTE, ANON, NO_ACCESS, ANON_FRAME, CALLED(FILE));
MAPPING(file_read_only_is_file_without_write, "file-read-only", PTE, FILE,
	READ_ONLY, FILE_FRAME, CALLED(FILE));
MAPPING(file_thp_is_one_executable_pmd_leaf, "file-thp", PMD, FILE,
	FLAGS(LEAF | R | X, W), .flags = KPF(THP), .no_flags = KPF(ANON),
	CALLED(FILE));
MAPPING(shared_anon_is_shmem, "shared-anon", PTE, SHMEM, WRITTEN, SHMEM_FRAME,
	VMA(SHARED), CALLED(SHMEM));
MAPPING(memfd_is_shmem, "memfd", PTE, SHMEM, WRITTEN, SHMEM_FRAME,
	CALLED(SHMEM));
MAPPING(memfd_private_is_shmem_until_written, "memfd-private", PTE, SHMEM,
	READ_ONLY, SHMEM_FRAME, CALLED(SHMEM));
MAPPING(memfd_copied_is_anon, "memfd-copied", PTE, ANON, WRITTEN, ANON_FRAME,
	CALLED(SHMEM));
MAPPING(tmpfs_is_shmem, "tmpfs", PTE, SHMEM, WRITTEN, SHMEM_FRAME,
	CALLED(SHMEM));
MAPPING(sysv_is_shmem, "sysv", PTE, SHMEM, WRITTEN, SHMEM_FRAME, CALLED(SHMEM));
MAPPING(shmem_thp_is_one_pmd_leaf, "shmem-thp", PMD, SHMEM, FLAGS(LEAF | R, X),
	.flags = KPF(SWAPBACKED) | KPF(THP), .no_flags = KPF(ANON),
	CALLED(SHMEM));
MAPPING(vdso_is_an_executable_page_of_the_kernel, "vdso", PTE, DRIVER,
	FLAGS(LEAF | R | X, W), CALLED(VDSO));
MAPPING(vvar_is_a_frame_or_a_page_of_the_kernel, "vvar", PTE, PFNMAP, READ_ONLY,
	CALLED(VDSO));
MAPPING(devmem_is_the_frame_asked_for, "devmem", PTE, PFNMAP,
	FLAGS(LEAF | R | F(SPECIAL), W | X), DEVICE_AREA, CALLED(FILE));
MAPPING(pci_registers_have_the_type_that_was_reserved, "pci", PTE, PFNMAP,
	FLAGS(LEAF | R | W | F(SPECIAL), X), DEVICE_AREA, CALLED(FILE));
MAPPING(pci_wc_has_the_type_that_was_reserved, "pci-wc", PTE, PFNMAP,
	FLAGS(LEAF | R | W | F(SPECIAL), X), DEVICE_AREA, CALLED(FILE));
MAPPING(none_beside_a_page_is_empty_pte, "none-pte", PTE, NONE, CLEAR(F(ALL)));
MAPPING(none_of_a_table_is_empty_pmd, "none-pmd", PMD, NONE, CLEAR(F(ALL)));
MAPPING(none_of_a_gigabyte_is_empty_pud, "none-pud", PUD, NONE, CLEAR(F(ALL)));
MAPPING(none_of_the_root_is_empty_at_the_top, "none-top", PGD, NONE,
	CLEAR(F(ALL)));
MAPPING(swap_zram_is_the_slot_with_the_page, "swap-zram", PTE, SWAP,
	FLAGS(F(EXCLUSIVE), ABSENT));
MAPPING(swap_disk_is_the_slot_with_the_page, "swap-disk", PTE, SWAP,
	FLAGS(F(EXCLUSIVE), ABSENT));
MAPPING(swap_shared_by_fork_is_not_exclusive, "swap-shared-by-fork", PTE, SWAP,
	CLEAR(ABSENT | F(EXCLUSIVE)));
MAPPING(swap_of_a_thp_is_slots_of_pages, "swap-of-thp", PTE, SWAP,
	CLEAR(ABSENT));
MAPPING(shared_anon_swapped_is_found_in_the_page_cache, "shared-anon-swapped",
	PTE, SHMEM_SWAP, CLEAR(ABSENT), CALLED(SHMEM));
MAPPING(memfd_swapped_is_found_in_the_page_cache, "memfd-swapped", PTE,
	SHMEM_SWAP, CLEAR(ABSENT), CALLED(SHMEM));
MAPPING(memfd_swapped_shows_through_a_private_view, "memfd-swapped-private",
	NONE, SHMEM_SWAP, CLEAR(ABSENT), CALLED(SHMEM));
MAPPING(tmpfs_swapped_is_found_in_the_page_cache, "tmpfs-swapped", PTE,
	SHMEM_SWAP, CLEAR(ABSENT), CALLED(SHMEM));
MAPPING(hwpoison_is_the_lost_frame, "hwpoison", PTE, HWPOISON, CLEAR(ABSENT),
	.flags = KPF(HWPOISON));
MAPPING(uffd_wp_lacks_write, "uffd-wp", PTE, ANON,
	FLAGS(LEAF | R | F(UFFD_WP), W), ANON_FRAME, VMA(UFFD_WP));
MAPPING(uffd_wp_shmem_lacks_write, "uffd-wp-shmem", PTE, SHMEM,
	FLAGS(LEAF | R | F(UFFD_WP), W), VMA(UFFD_WP), CALLED(SHMEM));
MAPPING(uffd_wp_swapped_keeps_the_bit, "uffd-wp-swapped", PTE, SWAP,
	FLAGS(F(UFFD_WP), ABSENT), VMA(UFFD_WP));
MAPPING(uffd_wp_shmem_swapped_is_found_behind_its_marker,
	"uffd-wp-shmem-swapped", PTE, SHMEM_SWAP, FLAGS(F(UFFD_WP), ABSENT),
	VMA(UFFD_WP), CALLED(SHMEM));
MAPPING(uffd_marker_of_shmem_is_protected_nothing, "uffd-marker-shmem", PTE,
	MARKER_UFFD, FLAGS(F(UFFD_WP), ABSENT), VMA(UFFD_WP), CALLED(SHMEM));
MAPPING(uffd_marker_of_anon_is_protected_nothing, "uffd-marker-anon", PTE,
	MARKER_UFFD, FLAGS(F(UFFD_WP), ABSENT), VMA(UFFD_WP));
MAPPING(uffd_marker_of_hugetlb_is_protected_nothing, "uffd-marker-hugetlb", PMD,
	MARKER_UFFD, FLAGS(F(UFFD_WP), ABSENT), VMA(HUGETLB), CALLED(HUGETLB));
MAPPING(uffd_poison_is_a_marker, "uffd-poison", PTE, MARKER_POISON,
	CLEAR(ABSENT));
MAPPING(guard_is_a_marker, "guard", PTE, MARKER_GUARD, CLEAR(ABSENT));
MAPPING(soft_clean_lacks_soft_dirty, "soft-clean", PTE, ANON,
	FLAGS(LEAF | R, F(SOFT_DIRTY)), ANON_FRAME);
MAPPING(soft_dirty_is_set_by_a_write, "soft-dirty", PTE, ANON,
	FLAGS(LEAF | R | F(SOFT_DIRTY), 0), ANON_FRAME);
MAPPING(device_memory_is_absent_with_its_frame, "device", PTE, DEVICE,
	CLEAR(ABSENT));

/* The area that holds @addr, as the device reports it. */
static bool area_at(int fd, const void *addr, struct vmscope_area *area)
{
	__u64 start = address(addr) & ~(PAGE_BYTES - 1);
	struct records recs;
	bool found = false;

	if (records_scan(fd, start, start + PAGE_BYTES, VMSCOPE_SCAN_AREAS,
			 &recs))
		return false;
	for_each_area_record(rec, &recs) {
		*area = *rec;
		found = true;
	}
	records_free(&recs);
	return found;
}

/* The leaf that holds @addr, not clipped: reads the range of one PUD entry. */
static __u64 whole_leaf_pages(int fd, const void *addr, __u64 bytes)
{
	__u64 start = address(addr) & ~(bytes - 1);
	struct records recs;
	__u64 pages = 0;

	if (records_scan(fd, start, start + bytes, VMSCOPE_SCAN_SKIP_EMPTY,
			 &recs))
		return 0;
	for_each_leaf(leaf, &recs) {
		if (leaf.start <= address(addr) &&
		    address(addr) < leaf_end(&leaf))
			pages = leaf.pages;
	}
	records_free(&recs);
	return pages;
}

static bool has_slot(const struct leaf *leaf)
{
	return leaf->state == VMSCOPE_STATE_SWAP ||
	       leaf->state == VMSCOPE_STATE_SHMEM_SWAP;
}

/* The slot on the device holds the words that were in page @index. */
static bool slot_holds_page(const struct mapping *map, const struct leaf *leaf,
			    size_t index)
{
	char page[4096];

	/* writes of a loop device may be under way */
	for (int i = 0; i < 3000; i++) {
		if (swapdev_slot_read(&map->swap,
				      VMSCOPE_SLOT_OFFSET(leaf->value), page) &&
		    pattern_is(page, index))
			return true;
		usleep(10000);
	}
	return false;
}

/* The highest level whose table has more than one entry in use. */
static unsigned int top_level(int fd)
{
	struct vmscope_info info;

	return !device_info(fd, &info) && info.nr_levels == 5 ?
		       VMSCOPE_LEVEL_P4D :
		       VMSCOPE_LEVEL_PGD;
}

/* The memory type that the kernel has reserved for a frame; WB if none. */
static unsigned int memtype_of(__u64 pfn)
{
	static const struct {
		const char *name;
		unsigned int cache;
	} types[] = {
		{ "write-combining", VMSCOPE_CACHE_WC },
		{ "uncached-minus", VMSCOPE_CACHE_UC_MINUS },
		{ "uncached", VMSCOPE_CACHE_UC },
		{ "write-through", VMSCOPE_CACHE_WT },
		{ "write-protected", VMSCOPE_CACHE_WP },
	};
	unsigned int cache = VMSCOPE_CACHE_WB;
	unsigned long long start, end;
	char line[128], name[32];

	for_each_line_of(line, "/sys/kernel/debug/x86/pat_memtype_list") {
		if (sscanf(line, "PAT: [mem 0x%llx-0x%llx] %31s", &start, &end,
			   name) != 3 ||
		    pfn * PAGE_BYTES < start || pfn * PAGE_BYTES >= end)
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(types); i++)
			if (!strcmp(name, types[i].name))
				cache = types[i].cache;
	}
	return cache;
}

/* Newer kernels map pages in vvar, older ones frames. */
static unsigned int state_in(const FIXTURE_VARIANT(kind) * variant,
			     __u64 vma_flags)
{
	return !strcmp(variant->make, "vvar") &&
			       vma_flags & VMSCOPE_VMA_MIXEDMAP ?
		       VMSCOPE_STATE_DRIVER :
		       variant->state;
}

static void check_record(struct __test_metadata *_metadata,
			 const FIXTURE_DATA(kind) * self,
			 const FIXTURE_VARIANT(kind) * variant,
			 const struct proc_area *proc, const struct leaf *leaf)
{
	unsigned int level = variant->level;

	if (level == VMSCOPE_LEVEL_PGD)
		level = top_level(self->fd);
	EXPECT_EQ(1, leaf->pages);
	EXPECT_STREQ(state_name(state_in(variant, proc->vma_flags)),
		     state_name(leaf->state));
	if (level) {
		EXPECT_EQ(level, leaf->level);
	}
	about("flags are %llx: ", leaf->flags);
	EXPECT_EQ(variant->set, leaf->flags & variant->set);
	about("flags are %llx: ", leaf->flags);
	EXPECT_EQ(0, leaf->flags & variant->clear);
	EXPECT_EQ(0, leaf->flags & F(WITHHELD));
	EXPECT_EQ(self->map.pfn && leaf->state == VMSCOPE_STATE_PFNMAP ?
			  memtype_of(self->map.pfn) :
			  VMSCOPE_CACHE_WB,
		  leaf->cache);
	EXPECT_EQ(self->map.pkey, leaf->pkey);
	if (variant->flags) {
		EXPECT_EQ(variant->flags,
			  folio_flags(leaf->value) & variant->flags);
	}
	if (variant->no_flags) {
		EXPECT_EQ(0, folio_flags(leaf->value) & variant->no_flags);
	}
}

/* A walk to the page reports the same as a scan; the processor may set bits. */
static void check_walk(struct __test_metadata *_metadata, int fd,
		       const struct leaf *leaf)
{
	__u64 busy = F(ACCESSED) | F(DIRTY) | F(SOFT_DIRTY);
	struct vmscope_walk walk;
	struct leaf walked;

	ASSERT_EQ(0, walk_at(fd, leaf->start + 0x123, &walk));
	walked = leaf_of(&walk.page);
	EXPECT_EQ(leaf->start, walked.start);
	EXPECT_EQ(leaf->level, walked.level);
	EXPECT_STREQ(state_name(leaf->state), state_name(walked.state));
	EXPECT_EQ(leaf->value, walked.value);
	EXPECT_EQ(0, (leaf->flags ^ walked.flags) & ~busy);
	EXPECT_EQ(leaf->flags & F(PRESENT) ? leaf->value * PAGE_BYTES + 0x123 :
					     0,
		  walk.phys);
}

static void check_area(struct __test_metadata *_metadata,
		       const FIXTURE_DATA(kind) * self,
		       const FIXTURE_VARIANT(kind) * variant,
		       const struct proc_area *proc)
{
	struct vmscope_area area;

	ASSERT_TRUE(area_at(self->fd, self->map.addr, &area));
	EXPECT_EQ(proc->start, VMSCOPE_WORD_ADDR(area.where));
	EXPECT_EQ(proc->end, area.end);
	EXPECT_EQ(proc->vma_flags, area.vma_flags);
	EXPECT_EQ(variant->vma, area.vma_flags & variant->vma);
	EXPECT_EQ(variant->name, area.name_kind);
}

static void check_page(struct __test_metadata *_metadata,
		       const FIXTURE_DATA(kind) * self,
		       const FIXTURE_VARIANT(kind) * variant,
		       const struct proc_area *proc, size_t index)
{
	char *addr = self->map.addr + index * PAGE_BYTES;
	struct leaf leaf;

	ASSERT_EQ(0, leaf_at(self->fd, addr, &leaf));
	ASSERT_EQ(address(addr), leaf.start);
	check_record(_metadata, self, variant, proc, &leaf);
	check_walk(_metadata, self->fd, &leaf);
	if (self->map.pfn) {
		EXPECT_EQ(self->map.pfn + index, leaf.value);
	}
	about("pagemap %llx, raw %llx, flags %llx: ", pagemap_self(addr),
	      leaf.raw, leaf.flags);
	EXPECT_FINE(pagemap_disagrees(&leaf, leaf.start, proc->vma_flags,
				      pagemap_self(addr)));
	if (has_slot(&leaf)) {
		EXPECT_TRUE(slot_holds_page(&self->map, &leaf, index));
	}
}

/* Base pages of the whole leaf; 0 if there is no leaf, or on any level. */
static __u64 whole_pages(const FIXTURE_VARIANT(kind) * variant)
{
	if (variant->state == VMSCOPE_STATE_NONE || !variant->level)
		return 0;
	return 1ULL << 9 * (variant->level - VMSCOPE_LEVEL_PTE);
}

TEST_F(kind, is_reported)
{
	const struct proc_area *proc;
	struct proc_areas areas;
	__u64 whole;

	if (self->missing)
		SKIP(return, "%s: %s", variant->make, self->missing);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, areas_read(getpid(), &areas));
	proc = areas_find(&areas, address(self->map.addr));
	ASSERT_NE(NULL, proc);
	check_area(_metadata, self, variant, proc);
	for (size_t i = 0; i < self->map.pages && i < 8; i++)
		check_page(_metadata, self, variant, proc, i);
	whole = whole_pages(variant);
	if (whole) {
		EXPECT_EQ(whole, whole_leaf_pages(self->fd, self->map.addr,
						  whole * PAGE_BYTES));
	}
}

/* Under page-table isolation too, where the kernel's root has NX set. */
TEST(program_text_is_executable)
{
	struct leaf leaf;
	int fd = own_device();

	ASSERT_EQ(0, leaf_at(fd, (void *)(uintptr_t)device_open, &leaf));
	EXPECT_EQ(LEAF | R | X, leaf.flags & (LEAF | R | W | X));
	EXPECT_STREQ(folio_flags(leaf.value) & KPF(SWAPBACKED) ? "shmem" :
								 "file",
		     state_name(leaf.state));
}

/* Several devices at once: each has a type of its own. */
TEST(two_swap_devices_have_two_types)
{
	struct mapping zram, disk;
	const char *missing;
	struct leaf a, b;
	int fd = own_device();

	missing = mapping_make("swap-zram", &zram);
	if (!missing)
		missing = mapping_make("swap-disk", &disk);
	if (missing)
		SKIP(return, "two swap devices: %s", missing);
	ASSERT_EQ(0, leaf_at(fd, zram.addr, &a));
	ASSERT_EQ(0, leaf_at(fd, disk.addr, &b));
	EXPECT_EQ(VMSCOPE_STATE_SWAP, a.state);
	EXPECT_EQ(VMSCOPE_STATE_SWAP, b.state);
	EXPECT_NE(VMSCOPE_SLOT_TYPE(a.value), VMSCOPE_SLOT_TYPE(b.value));
	EXPECT_TRUE(slot_holds_page(&zram, &a, 0));
	EXPECT_TRUE(slot_holds_page(&disk, &b, 0));
	mapping_drop(&disk);
	mapping_drop(&zram);
}

/*
 * The barest entry of swap has no bit outside of its slot: of the first device,
 * shared by fork(), and cleaned by clear_refs. Nor has an empty one beside it.
 */
TEST(bare_swap_entry_is_not_like_an_empty_one)
{
	static const __u64 flags[] = {
		0,
		VMSCOPE_SCAN_RUNS,
		VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES,
	};
	int fd = own_device();
	struct mapping map;
	const char *missing = mapping_make("swap-shared-by-fork", &map);
	struct records recs;
	__u64 bytes;

	if (missing)
		SKIP(return, "%s", missing);
	bytes = map.pages * PAGE_BYTES;
	ASSERT_LE(8, map.pages);
	ASSERT_TRUE(file_write("/proc/self/clear_refs", "4"));
	for (size_t i = 1; i < map.pages; i += 2)
		ASSERT_EQ(0, madvise(map.addr + i * PAGE_BYTES, PAGE_BYTES,
				     MADV_DONTNEED));
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		__u64 addr = address(map.addr);

		ASSERT_EQ(0, records_scan(fd, addr, addr + bytes, flags[i],
					  &recs));
		for_each_leaf(leaf, &recs) {
			bool empty = (leaf.start - addr) / PAGE_BYTES % 2;

			EXPECT_EQ(1, leaf.pages);
			EXPECT_STREQ(empty ? "none" : "swap",
				     state_name(leaf.state));
		}
		records_free(&recs);
	}
	mapping_drop(&map);
}

TEST_HARNESS_MAIN
