// SPDX-License-Identifier: GPL-2.0-or-later
/* The library: records, scans, errors and names. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fake.h"
#include "model/access.h"
#include "unit.h"

TEST(records_are_decoded)
{
	const struct vmscope_page page = {
		.where = 0x7f0000000000 | VMSCOPE_LEVEL_PMD << 4 |
			 VMSCOPE_KIND_PAGE,
		.what = VMSCOPE_F_PRESENT | VMSCOPE_F_DIRTY | 5ULL << 20 |
			3ULL << 24 | (uint64_t)VMSCOPE_STATE_SHMEM << 32 |
			512ULL << 40,
		.raw = 0x80000000000000e7,
		.value = 0x1234,
	};
	struct vmscope_record rec;
	struct vmscope *scope;

	vmscope_page_decode(fake_info(&scope), &page, &rec);
	EXPECT(rec.kind == VMSCOPE_KIND_PAGE && rec.level == VMSCOPE_LEVEL_PMD);
	EXPECT(rec.addr == 0x7f0000000000 && rec.end == 0x7f0000200000);
	EXPECT(rec.state == VMSCOPE_STATE_SHMEM && rec.pkey == 5);
	EXPECT(rec.cache == VMSCOPE_CACHE_UC);
	EXPECT(rec.flags == (VMSCOPE_F_PRESENT | VMSCOPE_F_DIRTY));
	EXPECT(rec.has_raw && rec.raw == 0x80000000000000e7 &&
	       rec.value == 0x1234);
	EXPECT(vmscope_has_frame(&rec) && !vmscope_has_slot(&rec));
	vmscope_close(scope);
}

TEST(runs_are_decoded)
{
	const struct vmscope_page page = {
		.where = 0x1000 | VMSCOPE_LEVEL_PTE << 4 | VMSCOPE_KIND_RUN,
		.what = (uint64_t)VMSCOPE_STATE_SWAP << 32,
		.raw = 1ULL << 35,
		.value = 3ULL << 56 | 77,
	};
	struct vmscope_record rec;
	struct vmscope *scope;

	vmscope_page_decode(fake_info(&scope), &page, &rec);
	EXPECT(rec.kind == VMSCOPE_KIND_RUN && !rec.has_raw);
	EXPECT(rec.end - rec.addr == 1ULL << 47);
	EXPECT(vmscope_has_slot(&rec) && !vmscope_has_frame(&rec));
	EXPECT(VMSCOPE_SLOT_TYPE(rec.value) == 3 &&
	       VMSCOPE_SLOT_OFFSET(rec.value) == 77);
	vmscope_close(scope);
}

/* However little a call returns, the records are the same. */
TEST(buffers_of_any_size_give_the_same)
{
	static const char *const rooms[] = { "128", "160", "200", "1000",
					     "4096" };
	const struct vmscope_query query = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_NAMES,
	};
	static char whole[1 << 16], cut[1 << 16];

	scan_rows(&query, NULL, whole, sizeof(whole));
	for (size_t i = 0; i < ARRAY_SIZE(rooms); i++) {
		setenv("FAKE_ROOM", rooms[i], 1);
		scan_rows(&query, NULL, cut, sizeof(cut));
		EXPECT(!strcmp(whole, cut));
	}
	unsetenv("FAKE_ROOM");
}

static int first_record(const char *env)
{
	const struct vmscope_query query = { .end = UINT64_MAX };
	struct vmscope_record rec;
	struct vmscope_iter *iter;
	struct vmscope *scope;
	int ret;

	setenv(env, "8", 1);
	EXPECT(!device_open(&scope));
	EXPECT(!vmscope_attach_pid(scope, 1));
	EXPECT(!vmscope_iter_create(&iter, scope, &query));
	ret = vmscope_iter_next(iter, &rec);
	vmscope_iter_destroy(iter);
	vmscope_close(scope);
	unsetenv(env);
	return ret;
}

TEST(nonsense_from_the_device_is_an_error)
{
	EXPECT(first_record("FAKE_GARBAGE") == -EPROTO);
	EXPECT(first_record("FAKE_LONG") == -EPROTO);
	/* No record fits: without a record or progress, it would never end. */
	EXPECT(first_record("FAKE_ROOM") == -EPROTO);
}

/* Two blocks: of frames, and of slots, which x86 keeps inverted. */
static const uint64_t two_blocks[] = {
	0x1000 | VMSCOPE_LEVEL_PTE << 4 | VMSCOPE_KIND_BLOCK,
	1ULL << VMSCOPE_PAGES_SHIFT | VMSCOPE_F_PRESENT,
	3,
	0x12,
	4096,
	0x12067,
	0x13067,
	0x7067,
	0x4000 | VMSCOPE_LEVEL_PTE << 4 | VMSCOPE_KIND_BLOCK,
	1ULL << VMSCOPE_PAGES_SHIFT,
	2,
	5,
	(uint64_t)-(1LL << 14),
	~(5ULL << 14),
	~(4ULL << 14),
};

struct answer {
	const uint64_t *words;
	size_t bytes;
};

static int words_ioctl(void *ctx, unsigned long request, void *arg)
{
	const struct answer *answer = ctx;
	struct vmscope_info *info = arg;
	struct vmscope_scan *scan = arg;

	if (request == VMSCOPE_IOC_INFO) {
		info->abi = VMSCOPE_ABI_VERSION;
		info->features = VMSCOPE_FEAT_BLOCKS | VMSCOPE_FEAT_MIXES;
		info->page_size = 4096;
		info->user_end = 0x7ffffffff000;
	} else if (request == VMSCOPE_IOC_SCAN) {
		EXPECT(scan->flags & VMSCOPE_SCAN_BLOCKS &&
		       scan->flags & VMSCOPE_SCAN_MIXES);
		memcpy((void *)(uintptr_t)scan->buf, answer->words,
		       answer->bytes);
		scan->bytes = answer->bytes;
		scan->next = scan->end;
	}
	return 0;
}

TEST(blocks_are_unfolded)
{
	static const uint64_t values[] = { 0x12, 0x13, 0x7, 5, 4 };
	static const struct vmscope_ops ops = { .ioctl = words_ioctl };
	const struct vmscope_query query = { .end = UINT64_MAX };
	struct answer answer = { two_blocks, sizeof(two_blocks) };
	size_t i = 0;
	struct vmscope_record rec;
	struct vmscope_iter *iter;
	struct vmscope *scope;

	EXPECT(!vmscope_open_ops(&scope, &ops, &answer));
	EXPECT(!vmscope_iter_create(&iter, scope, &query));
	while (vmscope_iter_next(iter, &rec) > 0 && i < ARRAY_SIZE(values)) {
		EXPECT(rec.kind == VMSCOPE_KIND_PAGE && rec.has_raw);
		EXPECT(rec.addr == (i + 1) * 4096 && rec.end == (i + 2) * 4096);
		EXPECT(rec.value == values[i]);
		EXPECT(rec.raw == two_blocks[i < 3 ? 5 + i : 10 + i]);
		i++;
	}
	EXPECT(i == ARRAY_SIZE(values));
	vmscope_iter_destroy(iter);
	/* Without its last entry, the second is nonsense. */
	answer.bytes -= sizeof(uint64_t);
	EXPECT(!vmscope_iter_create(&iter, scope, &query));
	for (i = 0; i < 3; i++)
		EXPECT(vmscope_iter_next(iter, &rec) == 1);
	EXPECT(vmscope_iter_next(iter, &rec) == -EPROTO);
	vmscope_iter_destroy(iter);
	vmscope_close(scope);
}

/* A page, a mix of two kinds of frame and of holes, and a page. */
static const uint64_t page_mix_page[] = {
	0x1000 | VMSCOPE_KIND_FRAME,
	VMSCOPE_FACT_MAPCOUNT,
	0,
	7,
	0,
	0,
	0,
	0,
	0x1000 | VMSCOPE_LEVEL_PTE << 4 | VMSCOPE_KIND_RUN,
	VMSCOPE_F_PRESENT,
	1,
	0,
	0x2000 | VMSCOPE_LEVEL_PTE << 4 | VMSCOPE_KIND_MIX,
	10 | 3ULL << 32,
	0x0001000001020100,
	0x0202,
	VMSCOPE_F_PRESENT,
	0x2000,
	VMSCOPE_FACT_MAPCOUNT,
	0,
	1,
	0,
	0,
	0,
	0,
	VMSCOPE_F_PRESENT | VMSCOPE_F_WRITE,
	0x3000,
	VMSCOPE_FACT_MAPCOUNT | VMSCOPE_FACT_INDEX,
	0,
	2,
	0,
	0,
	0,
	100,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0xc000 | VMSCOPE_LEVEL_PTE << 4 | VMSCOPE_KIND_RUN,
	VMSCOPE_F_PRESENT,
	1,
	0,
};

TEST(mixes_are_unfolded)
{
	static const struct {
		unsigned int pages, count, index;
	} runs[] = {
		{ 1, 7, 0 },   { 1, 1, 0 }, { 1, 2, 100 }, { 1, 0, 0 },
		{ 1, 2, 102 }, { 2, 1, 0 }, { 1, 2, 105 }, { 1, 1, 0 },
		{ 2, 0, 0 },   { 1, 0, 0 },
	};
	static const struct vmscope_ops ops = { .ioctl = words_ioctl };
	const struct vmscope_query query = { .end = UINT64_MAX };
	struct answer answer = { page_mix_page, sizeof(page_mix_page) };
	struct vmscope_record rec;
	struct vmscope_iter *iter;
	struct vmscope *scope;
	uint64_t addr = 0x1000;
	size_t i;

	EXPECT(!vmscope_open_ops(&scope, &ops, &answer));
	EXPECT(!vmscope_iter_create(&iter, scope, &query));
	for (i = 0; i < ARRAY_SIZE(runs); i++) {
		EXPECT(vmscope_iter_next(iter, &rec) == 1);
		EXPECT(rec.kind == VMSCOPE_KIND_RUN && rec.addr == addr);
		addr += runs[i].pages * 4096;
		EXPECT(rec.end == addr && !rec.frame == !runs[i].count);
		EXPECT(!rec.frame ||
		       (rec.frame->where == (rec.addr | VMSCOPE_KIND_FRAME) &&
			rec.frame->mapcount == runs[i].count &&
			rec.frame->index == runs[i].index));
	}
	EXPECT(!vmscope_iter_next(iter, &rec));
	vmscope_iter_destroy(iter);
	/* cut off */
	answer.bytes = 24 * sizeof(uint64_t);
	EXPECT(!vmscope_iter_create(&iter, scope, &query));
	EXPECT(vmscope_iter_next(iter, &rec) == 1);
	EXPECT(vmscope_iter_next(iter, &rec) == -EPROTO);
	vmscope_iter_destroy(iter);
	vmscope_close(scope);
}

TEST(a_mix_has_no_numbers_without_a_kind)
{
	static const struct vmscope_ops ops = { .ioctl = words_ioctl };
	const struct vmscope_query query = { .end = UINT64_MAX };
	uint64_t mix[12] = { 0x1000 | VMSCOPE_LEVEL_PTE << 4 | VMSCOPE_KIND_MIX,
			     2 | 1ULL << 32, 0x0100 };
	struct answer answer = { mix, sizeof(mix) };
	struct vmscope_record rec;
	struct vmscope_iter *iter;
	struct vmscope *scope;

	EXPECT(!vmscope_open_ops(&scope, &ops, &answer));
	EXPECT(!vmscope_iter_create(&iter, scope, &query));
	EXPECT(vmscope_iter_next(iter, &rec) == -EPROTO);
	vmscope_iter_destroy(iter);
	mix[1] = UINT32_MAX | 1ULL << 32;
	EXPECT(!vmscope_iter_create(&iter, scope, &query));
	EXPECT(vmscope_iter_next(iter, &rec) == -EPROTO);
	vmscope_iter_destroy(iter);
	vmscope_close(scope);
}

static int fail_at_once(void *arg, const struct vmscope_record *rec)
{
	(void)arg;
	(void)rec;
	return -EIO;
}

static int stop_at_third(void *arg, const struct vmscope_record *rec)
{
	unsigned int *nr = arg;

	(void)rec;
	return ++*nr == 3 ? 7 : 0;
}

TEST(scans_go_on_until_the_callback_stops_them)
{
	const struct vmscope_query query = { .end = UINT64_MAX };
	struct cost cost = { 0 };
	struct target target;
	unsigned int nr = 0;

	EXPECT(target_open(&target, "1") == 0);
	EXPECT(target_scan(&target, &query, &cost, stop_at_third, &nr) == 7);
	EXPECT(nr == 3 && cost.sum.calls == 1);
	EXPECT(!target_scan(&target, &query, &cost, stop_at_third, &nr));
	EXPECT(nr > fake_nr_entries && cost.sum.calls == 2);
	EXPECT(!target_scan(&target, &query, NULL, stop_at_third, &nr));
	EXPECT(cost.sum.calls == 2);
	EXPECT(target_scan(&target, &query, NULL, fail_at_once, NULL) == -EIO);
	target_close(&target);
}

TEST(other_versions_are_refused)
{
	struct vmscope *scope;
	char why[256];

	setenv("FAKE_ABI", "2", 1);
	EXPECT(device_open(&scope) == -EPROTO);
	unsetenv("FAKE_ABI");
	vmscope_explain(VMSCOPE_OP_OPEN, -EPROTO, why, sizeof(why));
	EXPECT(strstr(why, "version"));
}

TEST(every_error_is_explained)
{
	char why[256];

	vmscope_explain(VMSCOPE_OP_OPEN, -ENOENT, why, sizeof(why));
	EXPECT(strstr(why, "not loaded"));
	vmscope_explain(VMSCOPE_OP_OPEN, -EACCES, why, sizeof(why));
	EXPECT(strstr(why, "root") || strstr(why, "CAP_SYS_ADMIN"));
	vmscope_explain(VMSCOPE_OP_ATTACH, -ESRCH, why, sizeof(why));
	EXPECT(strstr(why, "no such process"));
	vmscope_explain(VMSCOPE_OP_SCAN, -ESRCH, why, sizeof(why));
	EXPECT(strstr(why, "gone"));
	vmscope_explain(VMSCOPE_OP_SCAN, -EXDEV, why, sizeof(why));
	EXPECT(*why);
}

TEST(pidfds_that_are_none_are_refused)
{
	struct vmscope *scope;
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	EXPECT(!device_open(&scope));
	EXPECT(vmscope_attach_pidfd(scope, fd) == -EBADF);
	EXPECT(vmscope_attach_pidfd(scope, -1) == -EBADF);
	close(fd);
	vmscope_close(scope);
}

TEST(raw_bits_have_names)
{
	static const struct {
		unsigned int level;
		uint64_t raw;
		const char *names;
	} cases[] = {
		{ VMSCOPE_LEVEL_PGD, 0x105b21067, "P RW US A D" },
		{ VMSCOPE_LEVEL_PMD, 0x80000001234000e7, "P RW US A D PS NX" },
		{ VMSCOPE_LEVEL_PTE, 0x8000000000000163, "P RW A D G NX" },
		{ VMSCOPE_LEVEL_PTE, 0x80000000000000a7, "P RW US A PAT NX" },
		{ VMSCOPE_LEVEL_PMD, 0x10e7, "P RW US A D PS PAT" },
		{ VMSCOPE_LEVEL_PTE, 0x8000000000000120, "PROTNONE A NX" },
		{ VMSCOPE_LEVEL_PTE, 0x1f, "P RW US PWT PCD" },
		{ VMSCOPE_LEVEL_PTE, 0xe05, "P US SPECIAL UFFD SD" },
		{ VMSCOPE_LEVEL_PTE, 0x7e, "" },
		{ VMSCOPE_LEVEL_PTE, 0, "" },
		{ VMSCOPE_LEVEL_PUD, 0x8000000105b22067, "P RW US A D NX" },
	};
	struct vmscope *scope;
	const struct vmscope_info *info = fake_info(&scope);
	char buf[128];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		vmscope_raw_flags(info, cases[i].level, 0x1000, cases[i].raw,
				  buf, sizeof(buf));
		EXPECT_STR(cases[i].names, buf);
	}
	vmscope_close(scope);
}

TEST(pti_nx_is_not_ours)
{
	const uint64_t raw = 0x8000000105b21067;
	struct vmscope_info off;
	struct vmscope *scope;
	const struct vmscope_info *info = fake_info(&scope);
	char buf[128];

	vmscope_raw_flags(info, VMSCOPE_LEVEL_PGD, 0x1000, raw, buf,
			  sizeof(buf));
	EXPECT_STR("P RW US A D NX(pti)", buf);
	vmscope_raw_flags(info, VMSCOPE_LEVEL_PGD, 0xffff888000000000, raw, buf,
			  sizeof(buf));
	EXPECT_STR("P RW US A D NX", buf);
	off = *info;
	off.features &= ~(uint64_t)VMSCOPE_FEAT_PTI;
	vmscope_raw_flags(&off, VMSCOPE_LEVEL_PGD, 0x1000, raw, buf,
			  sizeof(buf));
	EXPECT_STR("P RW US A D NX", buf);
	vmscope_close(scope);
}

/* If the raw entry is not known, the flags name the same bits. */
TEST(flags_name_the_same_bits)
{
	struct vmscope *scope;
	const struct vmscope_info *info = fake_info(&scope);
	char raw[128], word[128];

	for (size_t i = 0; i < fake_nr_entries; i++) {
		const struct fake_entry *e = &fake_entries[i];

		/* Its entry is special, which the made-up flags omit. */
		if (VMSCOPE_WORD_STATE(e->what) == VMSCOPE_STATE_ZERO)
			continue;
		vmscope_raw_flags(info, e->level, e->addr, e->raw, raw,
				  sizeof(raw));
		vmscope_word_flags(info, e->level, e->what, true, word,
				   sizeof(word));
		if (e->what & VMSCOPE_F_PRESENT)
			EXPECT_STR(raw, word);
	}
	vmscope_close(scope);
}

/* Counts the rows of a kernel scan, and where they lie. */
static size_t kernel_rows(const struct vmscope_query *query, uint64_t *first,
			  uint64_t *last)
{
	struct vmscope_record rec;
	struct vmscope_iter *iter;
	struct vmscope *scope;
	size_t nr = 0;

	*first = UINT64_MAX;
	*last = 0;
	EXPECT(!device_open(&scope));
	EXPECT(!vmscope_attach_kernel(scope));
	EXPECT(!vmscope_iter_create(&iter, scope, query));
	while (vmscope_iter_next(iter, &rec) > 0) {
		if (rec.addr < *first)
			*first = rec.addr;
		if (rec.end > *last)
			*last = rec.end;
		nr++;
	}
	vmscope_iter_destroy(iter);
	vmscope_close(scope);
	return nr;
}

TEST(the_kernels_half_is_scanned_and_no_more)
{
	struct vmscope_query query = { .end = UINT64_MAX,
				       .flags = VMSCOPE_SCAN_AREAS };
	uint64_t first, last;

	EXPECT(kernel_rows(&query, &first, &last) > 20);
	EXPECT(first == 0xffff800000000000 && last == 0xfffffffffffff000);
	query.end = 0x7ffffffff000;
	EXPECT(!kernel_rows(&query, &first, &last));
	query.start = 0xfffffffffffff000;
	query.end = UINT64_MAX;
	EXPECT(!kernel_rows(&query, &first, &last));
	query.start = 0xffffffffff600123;
	query.end = 0xffffffffff600124;
	EXPECT(kernel_rows(&query, &first, &last) == 2);
}

TEST(every_number_has_a_name)
{
	for (unsigned int r = 0; r < VMSCOPE_NR_REGIONS; r++)
		EXPECT(strcmp(vmscope_region_name(r), "?"));
	for (unsigned int k = 0; k < VMSCOPE_NR_FRAME_KINDS; k++)
		EXPECT(strcmp(vmscope_frame_kind_name(k), "?"));
	EXPECT_STR("?", vmscope_region_name(99));
	for (unsigned int s = 0; s < VMSCOPE_NR_STATES; s++)
		EXPECT(strcmp(vmscope_state_name(s), "?"));
	for (unsigned int l = 0; l < VMSCOPE_NR_LEVELS; l++)
		EXPECT(strcmp(vmscope_level_name(l), "?"));
	EXPECT_STR("?", vmscope_state_name(31));
	for (unsigned int s = 0; s < VMSCOPE_NR_STATES; s++) {
		const struct vmscope_record rec = { .state = s };
		const struct access_page page = { .rec = &rec };

		EXPECT(!strstr(state_sentence(&page), "does not know") ||
		       s == VMSCOPE_STATE_UNKNOWN);
	}
	for (unsigned int b = 0; b < VMSCOPE_NR_BEHIND; b++)
		EXPECT(behind_name(b) && strcmp(behind_name(b), "?"));
	EXPECT_STR("?", behind_name(VMSCOPE_NR_BEHIND));
}
