// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device by raw ioctls, and checks that its records pass whatever the
 * target does meanwhile.
 */
#include <linux/capability.h>
#include <stdarg.h>

#include "vmscope_test.h"

static const char *const state_names[VMSCOPE_NR_STATES] = {
	"none",		 "anon",	 "file",      "shmem",	  "zero",
	"hugezero",	 "ksm",		 "pfnmap",    "hugetlb",  "device",
	"swap",		 "shmem-swap",	 "migration", "hwpoison", "marker-uffd",
	"marker-poison", "marker-guard", "unknown",   "unmapped", "kernel",
	"repeat",	 "driver",
};

/* The name in debugfs and in the tool. */
const char *state_name(unsigned int state)
{
	return state < VMSCOPE_NR_STATES ? state_names[state] : "no state";
}

/* Why no test can run here, or NULL. */
const char *device_missing(void)
{
	if (geteuid())
		return "needs root";
	if (access(VMSCOPE_DEVICE, F_OK))
		return "there is no " VMSCOPE_DEVICE ": load the module first";
	return NULL;
}

/* A descriptor, or -1 with errno; the same for the other opens. */
int device_open(void)
{
	return open(VMSCOPE_DEVICE, O_RDWR | O_CLOEXEC);
}

/* 0, or -1 with errno; the same for the calls below. */
int device_attach(int fd, __u64 pid)
{
	struct vmscope_attach attach = { .size = sizeof(attach), .pid = pid };

	return ioctl(fd, VMSCOPE_IOC_ATTACH, &attach);
}

int kernel_attach(int fd)
{
	struct vmscope_attach attach = {
		.size = sizeof(attach),
		.flags = VMSCOPE_ATTACH_KERNEL,
	};

	return ioctl(fd, VMSCOPE_IOC_ATTACH, &attach);
}

bool kernel_is_readable(void)
{
	const __u64 needs = VMSCOPE_FEAT_KERNEL | VMSCOPE_FEAT_KADDR;

	return (device_features() & needs) == needs;
}

/* @fd, or -1 with errno if the attach failed. */
static int attached_or_closed(int fd, int failed)
{
	int err = errno;

	if (!failed)
		return fd;
	close(fd);
	errno = err;
	return -1;
}

int device_open_pid(pid_t pid)
{
	int fd = device_open();

	return fd < 0 ? fd : attached_or_closed(fd, device_attach(fd, pid));
}

int kernel_open(void)
{
	int fd = device_open();

	return fd < 0 ? fd : attached_or_closed(fd, kernel_attach(fd));
}

static int opened(int fd)
{
	if (fd < 0) {
		perror(VMSCOPE_DEVICE);
		exit(1);
	}
	return fd;
}

/* Bound to a process; the test fails and ends if that cannot be. */
int device_of(pid_t pid)
{
	return opened(device_open_pid(pid));
}

/* The same, bound to this process. */
int own_device(void)
{
	return device_of(getpid());
}

/* The same, bound to the kernel's half. */
int own_kernel(void)
{
	return opened(kernel_open());
}

/* For this process, permanently. */
void cap_drop(int cap)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	syscall(SYS_capget, &header, data);
	data[cap / 32].effective &= ~(1U << (cap % 32));
	data[cap / 32].permitted &= ~(1U << (cap % 32));
	syscall(SYS_capset, &header, data);
}

int device_info(int fd, struct vmscope_info *info)
{
	*info = (struct vmscope_info){ .size = sizeof(*info) };
	return ioctl(fd, VMSCOPE_IOC_INFO, info);
}

/* VMSCOPE_FEAT_*; 0 if the device does not answer. */
__u64 device_features(void)
{
	struct vmscope_info info = { 0 };
	int fd = device_open();

	if (fd >= 0) {
		device_info(fd, &info);
		close(fd);
	}
	return info.features;
}

/* A scan of [@start, @end) without masks, buffer or cursor. */
void scan_init(struct vmscope_scan *scan, __u64 start, __u64 end, __u64 flags)
{
	*scan = (struct vmscope_scan){
		.size = sizeof(*scan),
		.flags = flags,
		.start = start,
		.end = end,
	};
}

/* One call, which uses @buf. */
int scan_once(int fd, struct vmscope_scan *scan, void *buf, size_t bytes)
{
	scan->buf = address(buf);
	scan->buf_bytes = bytes;
	return ioctl(fd, VMSCOPE_IOC_SCAN, scan);
}

/* The errno of a call, 0 if it succeeds. */
int call_errno(int fd, unsigned long cmd, void *arg)
{
	return errno_of(ioctl(fd, cmd, arg));
}

/* Text as by printf(), valid until the fourth call after this one. */
const char *textf(const char *format, ...)
{
	static __thread char texts[4][512];
	static __thread unsigned int nr;
	char *text = texts[nr++ % ARRAY_SIZE(texts)];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(texts[0]), format, args);
	va_end(args);
	return text;
}

/*
 * Makes room for @want elements of @bytes. @array is the address of the pointer
 * to them, @room how many there is room for. Without memory it returns false
 * and changes nothing.
 */
bool array_room(void *array, size_t *room, size_t want, size_t bytes)
{
	size_t more = *room ? *room : 64;
	void **at = array, *bigger;

	if (want <= *room)
		return true;
	while (more < want)
		more *= 2;
	bigger = reallocarray(*at, more, bytes);
	if (!bigger)
		return false;
	*at = bigger;
	*room = more;
	return true;
}

static bool records_room(struct records *recs, size_t words)
{
	return array_room(&recs->words, &recs->room, recs->nr_words + words,
			  sizeof(*recs->words));
}

/* Unfolds a block to the pages that it stands for, each with its value. */
static bool append_block(struct records *recs, const __u64 *rec)
{
	const struct vmscope_page_block *block = (const void *)rec;
	const __u64 *entries = (const __u64 *)(block + 1);
	const int shift = block->unit ? __builtin_ctzll(block->unit) : 0;
	struct vmscope_page *page;

	if (!records_room(recs, block->nr * sizeof(*page) / 8))
		return false;
	page = (struct vmscope_page *)(recs->words + recs->nr_words);
	for (__u64 i = 0; i < block->nr; i++) {
		__u64 steps =
			(__u64)((__s64)(entries[i] - entries[0]) >> shift);

		page[i].where = (block->where & ~0xfULL) + i * PAGE_BYTES +
				VMSCOPE_KIND_PAGE;
		page[i].what = block->what;
		page[i].raw = entries[i];
		page[i].value = block->value;
		if (block->unit)
			page[i].value += block->unit < 0 ? -steps : steps;
	}
	recs->nr_words += block->nr * sizeof(*page) / 8;
	recs->blocks++;
	return true;
}

static bool append_words(struct records *recs, const void *from, size_t bytes)
{
	if (!records_room(recs, bytes / 8))
		return false;
	memcpy(recs->words + recs->nr_words, from, bytes);
	recs->nr_words += bytes / 8;
	return true;
}

/* Facts hold to the end of a buffer: at the next, none are known. */
static bool append_no_facts(struct records *recs)
{
	static const struct vmscope_frame none = {
		.where = VMSCOPE_KIND_FRAME,
	};

	return append_words(recs, &none, sizeof(none));
}

static bool mix_is_sound(const struct vmscope_mix *mix)
{
	const __u8 *number = (const __u8 *)(mix + 1);

	for (__u32 i = 0; i < mix->nr; i++)
		if (number[i] >= mix->kinds)
			return false;
	return mix->nr;
}

/* As the RUNs that it stands for, each behind its FRAME. */
static bool append_mix(struct records *recs, const struct vmscope_mix *mix)
{
	const __u8 *number = (const __u8 *)(mix + 1);
	const struct vmscope_mix_kind *kinds =
		(const void *)(number + ((size_t)mix->nr + 7) / 8 * 8);
	__u32 i, first;

	for (first = 0; first < mix->nr; first = i) {
		const struct vmscope_mix_kind *kind = &kinds[number[first]];
		struct vmscope_frame frame = kind->frame;
		struct vmscope_page run = {
			.where = (mix->where & ~0xfULL) + first * PAGE_BYTES +
				 VMSCOPE_KIND_RUN,
			.what = kind->what,
		};

		for (i = first; i < mix->nr && number[i] == number[first]; i++)
			run.raw++;
		frame.where |= VMSCOPE_KIND_FRAME;
		if (!append_words(recs, &frame, sizeof(frame)) ||
		    !append_words(recs, &run, sizeof(run)))
			return false;
	}
	recs->mixes++;
	return append_no_facts(recs);
}

/* Keeps invalid records too, for records_malformed(). */
static bool records_append(struct records *recs, const __u64 *rec,
			   const struct vmscope_scan *scan)
{
	size_t left = scan->bytes / 8, words;

	if (scan->facts && !append_no_facts(recs))
		return false;
	for (; left; rec += words, left -= words) {
		words = record_words(rec);
		if (words && words <= left &&
		    VMSCOPE_WORD_KIND(*rec) == VMSCOPE_KIND_BLOCK) {
			if (!append_block(recs, rec))
				return false;
			continue;
		}
		if (words && words <= left &&
		    VMSCOPE_WORD_KIND(*rec) == VMSCOPE_KIND_MIX &&
		    mix_is_sound((const void *)rec)) {
			if (!append_mix(recs, (const void *)rec))
				return false;
			continue;
		}
		if (!words || words > left)
			words = left;
		if (!append_words(recs, rec, words * 8))
			return false;
	}
	recs->entries += scan->entries;
	recs->raced += scan->raced;
	if (scan->max_hold_ns > recs->max_hold_ns)
		recs->max_hold_ns = scan->max_hold_ns;
	recs->calls++;
	return true;
}

/*
 * A call must make progress: it advances @next or the cursor, or has written
 * records. EPROTO means that the kernel gave an invalid answer.
 */
static bool scan_moved(const struct vmscope_scan *before,
		       const struct vmscope_scan *after)
{
	if (after->next < before->start || after->next > before->end ||
	    after->bytes > before->buf_bytes || after->bytes % 8)
		return false;
	return after->bytes || after->next != before->start ||
	       memcmp(after->cursor, before->cursor, sizeof(after->cursor));
}

static int records_fill(int fd, const struct vmscope_scan *scan, void *buf,
			size_t buf_bytes, struct records *recs)
{
	struct vmscope_scan call = *scan;

	while (call.start < scan->end) {
		struct vmscope_scan before = call;

		before.buf_bytes = buf_bytes;
		if (scan_once(fd, &call, buf, buf_bytes))
			return -1;
		if (!scan_moved(&before, &call)) {
			errno = EPROTO;
			return -1;
		}
		if (!records_append(recs, buf, &call)) {
			errno = ENOMEM;
			return -1;
		}
		call.start = call.next;
	}
	return 0;
}

/*
 * All records of the range of @scan, through a buffer of @buf_bytes. Returns -1
 * with errno, EPROTO for an invalid answer; otherwise call records_free().
 */
int records_read(int fd, const struct vmscope_scan *scan, size_t buf_bytes,
		 struct records *recs)
{
	void *buf = malloc(buf_bytes);
	int ret = -1;
	int err;

	*recs = (struct records){ 0 };
	if (buf)
		ret = records_fill(fd, scan, buf, buf_bytes, recs);
	err = errno;
	free(buf);
	if (ret)
		records_free(recs);
	errno = err;
	return ret;
}

/* The same for a range and flags only, through a large buffer. */
int records_scan(int fd, __u64 start, __u64 end, __u64 flags,
		 struct records *recs)
{
	struct vmscope_scan scan;

	scan_init(&scan, start, end, flags);
	return records_read(fd, &scan, 1 << 20, recs);
}

void records_free(struct records *recs)
{
	free(recs->words);
	*recs = (struct records){ 0 };
}

bool record_is_leaf(const __u64 *rec)
{
	return VMSCOPE_WORD_KIND(*rec) == VMSCOPE_KIND_PAGE ||
	       VMSCOPE_WORD_KIND(*rec) == VMSCOPE_KIND_RUN;
}

/* Length of a record in words, 0 for an unknown kind. */
size_t record_words(const __u64 *rec)
{
	const struct vmscope_area *area = (const void *)rec;
	const struct vmscope_mix *mix = (const void *)rec;

	switch (VMSCOPE_WORD_KIND(*rec)) {
	case VMSCOPE_KIND_PAGE:
	case VMSCOPE_KIND_RUN:
		return sizeof(struct vmscope_page) / 8;
	case VMSCOPE_KIND_TABLE:
		return sizeof(struct vmscope_table) / 8;
	case VMSCOPE_KIND_FRAME:
		return sizeof(struct vmscope_frame) / 8;
	case VMSCOPE_KIND_AREA:
		return sizeof(*area) / 8 + (area->name_bytes + 7) / 8;
	case VMSCOPE_KIND_BLOCK:
		return sizeof(struct vmscope_page_block) / 8 + rec[2];
	case VMSCOPE_KIND_MIX:
		return sizeof(*mix) / 8 + ((size_t)mix->nr + 7) / 8 +
		       (size_t)mix->kinds * sizeof(struct vmscope_mix_kind) / 8;
	default:
		return 0;
	}
}

/* The record after @rec, the first after NULL, NULL after the last. */
const __u64 *records_next(const struct records *recs, const __u64 *rec)
{
	const __u64 *end = recs->words + recs->nr_words;
	const __u64 *next = rec ? rec + record_words(rec) : recs->words;

	return next == rec || next >= end ? NULL : next;
}

/* The same, of the records of one kind. */
const void *records_of(const struct records *recs, const void *rec,
		       unsigned int kind)
{
	const __u64 *next = rec;

	do
		next = records_next(recs, next);
	while (next && VMSCOPE_WORD_KIND(*next) != kind);
	return next;
}

/* @page is a PAGE or a RUN. */
struct leaf leaf_of(const struct vmscope_page *page)
{
	bool run = VMSCOPE_WORD_KIND(page->where) == VMSCOPE_KIND_RUN;

	return (struct leaf){
		.start = VMSCOPE_WORD_ADDR(page->where),
		.pages = run ? page->raw : VMSCOPE_WORD_PAGES(page->what),
		.level = VMSCOPE_WORD_LEVEL(page->where),
		.state = VMSCOPE_WORD_STATE(page->what),
		.pkey = VMSCOPE_WORD_PKEY(page->what),
		.cache = VMSCOPE_WORD_CACHE(page->what),
		.flags = VMSCOPE_WORD_FLAGS(page->what),
		.raw = run ? 0 : page->raw,
		.value = page->value,
		.run = run,
	};
}

/* Facts of the frame at @addr, in the leaf; @known is 0 if there are none. */
struct vmscope_frame leaf_frame(const struct leaf *leaf, __u64 addr)
{
	struct vmscope_frame frame = leaf->facts;

	if (!(leaf->flags & F(PRESENT)))
		return (struct vmscope_frame){ 0 };
	if (frame.known & VMSCOPE_FACT_INDEX)
		frame.index +=
			(addr - VMSCOPE_WORD_ADDR(frame.where)) / PAGE_BYTES;
	frame.where = addr;
	return frame;
}

/* The leaf after @rec, as records_next(); @leaf keeps the facts in force. */
const __u64 *leaf_next(const struct records *recs, const __u64 *rec,
		       struct leaf *leaf)
{
	struct vmscope_frame facts = { 0 };

	if (rec)
		facts = leaf->facts;
	while ((rec = records_next(recs, rec)) && !record_is_leaf(rec))
		if (VMSCOPE_WORD_KIND(*rec) == VMSCOPE_KIND_FRAME)
			memcpy(&facts, rec, sizeof(facts));
	if (!rec)
		return NULL;
	*leaf = leaf_of((const void *)rec);
	leaf->facts = facts;
	return rec;
}

/* The page at @addr of the descriptor's target, clipped to the base page. */
int leaf_at(int fd, const void *addr, struct leaf *leaf)
{
	__u64 start = address(addr) & ~(PAGE_BYTES - 1);
	struct vmscope_page page;
	struct vmscope_scan scan;

	scan_init(&scan, start, start + PAGE_BYTES, 0);
	scan.buf_bytes = VMSCOPE_SCAN_MIN_BYTES;
	do {
		__u64 buf[VMSCOPE_SCAN_MIN_BYTES / 8];

		if (scan_once(fd, &scan, buf, sizeof(buf)))
			return -1;
		memcpy(&page, buf, sizeof(page));
	} while (!scan.bytes && scan.next < scan.end);
	if (scan.bytes != sizeof(page)) {
		errno = scan.bytes ? EPROTO : ENOENT;
		return -1;
	}
	*leaf = leaf_of(&page);
	return 0;
}

int walk_at(int fd, __u64 addr, struct vmscope_walk *walk)
{
	return walk_named(fd, addr, walk, NULL, 0);
}

/* The area's name, of at most @room bytes, is not terminated. */
int walk_named(int fd, __u64 addr, struct vmscope_walk *walk, char *name,
	       size_t room)
{
	return walk_errno(fd, 0, addr, address(name), room, walk) ? -1 : 0;
}

/* With every field of the call; the errno, 0 if it succeeds. */
int walk_errno(int fd, __u64 flags, __u64 addr, __u64 buf, __u64 bytes,
	       struct vmscope_walk *walk)
{
	*walk = (struct vmscope_walk){
		.size = sizeof(*walk),
		.flags = flags,
		.addr = addr,
		.name_buf = buf,
		.name_buf_bytes = bytes,
	};
	return call_errno(fd, VMSCOPE_IOC_WALK, walk);
}

int census_read(int fd, struct vmscope_census *census)
{
	*census = (struct vmscope_census){ .size = sizeof(*census) };
	return ioctl(fd, VMSCOPE_IOC_CENSUS, census);
}

#define LEAF_PERMS (F(READ) | F(WRITE) | F(EXEC))
#define PRESENT_STATES                                            \
	(STATE_BIT(ANON) | STATE_BIT(FILE) | STATE_BIT(SHMEM) |   \
	 STATE_BIT(ZERO) | STATE_BIT(HUGEZERO) | STATE_BIT(KSM) | \
	 STATE_BIT(PFNMAP) | STATE_BIT(HUGETLB) | STATE_BIT(DRIVER))
#define SWAP_STATES (STATE_BIT(SWAP) | STATE_BIT(SHMEM_SWAP))
#define PFN_STATES \
	(STATE_BIT(MIGRATION) | STATE_BIT(HWPOISON) | STATE_BIT(DEVICE))

static const char *leaf_flags_wrong(const struct leaf *leaf)
{
	__u64 perms = leaf->flags & LEAF_PERMS;

	if (leaf->flags & ~F(ALL))
		return "an unknown flag";
	if (!(leaf->flags & F(PRESENT)) && leaf->flags & (LEAF_PERMS | F(USER)))
		return "an absent page that allows an access";
	if (leaf->flags & F(PROTNONE) && (perms || !(leaf->flags & F(PRESENT))))
		return "PROT_NONE that allows an access or is absent";
	if ((leaf->flags & F(PERM_READ) && !(perms & F(READ))) ||
	    (leaf->flags & F(PERM_WRITE) && !(perms & F(WRITE))) ||
	    (leaf->flags & F(PERM_EXEC) && !(perms & F(EXEC))))
		return "more allowed by all levels than by the leaf";
	if (leaf->flags & F(WITHHELD) && (leaf->raw || leaf->value))
		return "a withheld value that is reported";
	return NULL;
}

#define KERNEL_STATES                                              \
	(STATE_BIT(NONE) | STATE_BIT(KERNEL) | STATE_BIT(PFNMAP) | \
	 STATE_BIT(DEVICE) | STATE_BIT(ZERO) | STATE_BIT(REPEAT))

/* In the kernel's half, an impossible entry was read too late. */
static const char *kernel_state_wrong(const struct leaf *leaf)
{
	bool present = leaf->flags & F(PRESENT);

	if (!(1ULL << leaf->state & KERNEL_STATES) && !(leaf->flags & F(RACED)))
		return "an impossible state of the kernel's that is not raced";
	if (leaf->state == VMSCOPE_STATE_NONE &&
	    (present || leaf->raw || leaf->value))
		return "an empty entry that holds something";
	if (leaf->state == VMSCOPE_STATE_REPEAT && present)
		return "a table that is present as a page";
	if (leaf->value >> 40)
		return "a frame beyond all memory";
	return NULL;
}

static const char *leaf_state_wrong(const struct leaf *leaf)
{
	__u64 state = 1ULL << leaf->state;
	bool present = leaf->flags & F(PRESENT);

	if (leaf->state >= VMSCOPE_STATE_UNKNOWN &&
	    leaf->state != VMSCOPE_STATE_DRIVER)
		return "a state that no scan may report";
	if (state & PRESENT_STATES && !present)
		return "a present state of an absent entry";
	if (state & ~PRESENT_STATES && present &&
	    leaf->state != VMSCOPE_STATE_DEVICE)
		return "an absent state of a present entry";
	if (leaf->state == VMSCOPE_STATE_NONE && (leaf->raw || leaf->value))
		return "an empty entry that holds something";
	if (state & ~(PRESENT_STATES | SWAP_STATES | PFN_STATES) && leaf->value)
		return "a value of a state that has none";
	if (leaf->state == VMSCOPE_STATE_HUGETLB &&
	    leaf->level == VMSCOPE_LEVEL_NONE)
		return "a hugetlb page of no level";
	return NULL;
}

static __u64 level_bytes(unsigned int level)
{
	static const unsigned char shift[VMSCOPE_NR_LEVELS] = { 0,  12, 21,
								30, 39, 48 };

	return 1ULL << shift[level];
}

static const char *leaf_place_wrong(const struct leaf *leaf)
{
	__u64 bytes;

	if (leaf->level < VMSCOPE_LEVEL_PTE || leaf->level > VMSCOPE_LEVEL_PGD)
		return "a level that does not exist";
	if (leaf->flags & F(PRESENT) && leaf->level > VMSCOPE_LEVEL_PUD)
		return "a page at a level that holds tables alone";
	if (!leaf->pages)
		return "a record of no length";
	bytes = level_bytes(leaf->level);
	if (!leaf->run && (leaf->start & ~(bytes - 1)) !=
				  ((leaf_end(leaf) - 1) & ~(bytes - 1)))
		return "a single entry that is longer than its level";
	if (!leaf->run && leaf->state == VMSCOPE_STATE_NONE)
		return "an empty entry that is no run";
	return NULL;
}

static const char *leaf_wrong(const struct leaf *leaf)
{
	const char *why = leaf_place_wrong(leaf);

	if (!why)
		why = leaf_flags_wrong(leaf);
	if (why)
		return why;
	return is_kernel(leaf->start) ? kernel_state_wrong(leaf) :
					leaf_state_wrong(leaf);
}

/* State of a check of records. */
struct check {
	const struct vmscope_scan *scan;
	__u64 at; /* no later leaf may start below */
	__u64 area_start;
	__u64 area_end; /* 0 before the first AREA */
};

static const char *check_leaf(struct check *check, const __u64 *rec)
{
	struct leaf leaf = leaf_of((const void *)rec);
	const char *why = leaf_wrong(&leaf);

	if (why)
		return why;
	if (leaf.start < check->at)
		return "a record that is not behind the last one";
	if (leaf_end(&leaf) > check->scan->end)
		return "a record beyond the range";
	/* ranges of terabytes always come as a run */
	if (leaf.run && !(check->scan->flags & VMSCOPE_SCAN_RUNS) &&
	    leaf.state != VMSCOPE_STATE_NONE &&
	    leaf.state != VMSCOPE_STATE_REPEAT)
		return "a run that was not asked for";
	if (check->scan->flags & VMSCOPE_SCAN_SKIP_EMPTY &&
	    leaf.state == VMSCOPE_STATE_NONE)
		return "an empty entry that was not asked for";
	if (check->scan->flags & VMSCOPE_SCAN_AREAS &&
	    (leaf.start < check->area_start ||
	     leaf_end(&leaf) > check->area_end))
		return "a record outside of its area";
	check->at = leaf_end(&leaf);
	return NULL;
}

static __u64 last_name_kind(__u64 start)
{
	return is_kernel(start) ? VMSCOPE_NAME_REGION + VMSCOPE_NR_REGIONS - 1 :
				  VMSCOPE_NAME_ANON_NAMED;
}

static const char *check_area(struct check *check, const __u64 *rec)
{
	const struct vmscope_area *area = (const void *)rec;
	__u64 start = VMSCOPE_WORD_ADDR(area->where);

	if (!(check->scan->flags & VMSCOPE_SCAN_AREAS))
		return "an area that was not asked for";
	if (area->name_bytes && !(check->scan->flags & VMSCOPE_SCAN_NAMES))
		return "a name that was not asked for";
	if (area->end <= start || start >= check->scan->end ||
	    area->end <= check->scan->start)
		return "an area outside of the range";
	if (check->at > area->end)
		return "an area that is not behind the last one";
	if (area->name_kind > last_name_kind(start) || !area->page_size)
		return "an area of an unknown kind";
	check->area_start = start;
	check->area_end = area->end;
	return NULL;
}

static const char *check_table(const struct check *check, const __u64 *rec)
{
	const struct vmscope_table *table = (const void *)rec;
	unsigned int level = VMSCOPE_WORD_LEVEL(table->where);

	if (!(check->scan->flags & VMSCOPE_SCAN_TABLES))
		return "a table that was not asked for";
	if (level < VMSCOPE_LEVEL_PTE || level > VMSCOPE_LEVEL_PGD)
		return "a table of a level that does not exist";
	if (table->phys % PAGE_BYTES || table->used > 512)
		return "a table that cannot be";
	if (table->flags & ~F(WITHHELD))
		return "unknown flags of a table";
	return NULL;
}

static const char *check_frame(const struct check *check, const __u64 *rec)
{
	const struct vmscope_frame *frame = (const void *)rec;

	if (!check->scan->facts)
		return "a frame that was not asked for";
	if (frame->known & ~(check->scan->facts | (__u64)VMSCOPE_FACT_ESTIMATE))
		return "facts that were not asked for";
	if (VMSCOPE_WORD_ADDR(frame->where) >= check->scan->end)
		return "a frame beyond the range";
	if (VMSCOPE_PLACE_ORDER(frame->place) > 18 ||
	    VMSCOPE_PLACE_ZONE(frame->place) > VMSCOPE_ZONE_MOVABLE ||
	    VMSCOPE_PLACE_NODE(frame->place) > 1023)
		return "a frame in a place that cannot be";
	return NULL;
}

static const char *check_record(struct check *check, const __u64 *rec)
{
	switch (VMSCOPE_WORD_KIND(*rec)) {
	case VMSCOPE_KIND_PAGE:
	case VMSCOPE_KIND_RUN:
		return check_leaf(check, rec);
	case VMSCOPE_KIND_AREA:
		return check_area(check, rec);
	case VMSCOPE_KIND_FRAME:
		return check_frame(check, rec);
	case VMSCOPE_KIND_BLOCK:
	case VMSCOPE_KIND_MIX:
		return "a block or mix of no length, cut off, or of no such kind";
	default:
		return check_table(check, rec);
	}
}

/*
 * What is wrong with the records of a finished @scan, whatever its target did
 * meanwhile; NULL if nothing is.
 */
const char *records_malformed(const struct records *recs,
			      const struct vmscope_scan *scan)
{
	const __u64 *end = recs->words + recs->nr_words;
	struct check check = { .scan = scan, .at = scan->start };
	const __u64 *rec = recs->words;

	while (rec < end) {
		size_t words = record_words(rec);
		const char *why;

		if (!words || words > (size_t)(end - rec))
			return "a record of an unknown kind, or cut off";
		why = check_record(&check, rec);
		if (why)
			return why;
		rec += words;
	}
	return NULL;
}

static int kernel_log = -1;

/* Read before any test of a program, whose effects come later. */
static void __attribute__((constructor)) kernel_log_mark(void)
{
	kernel_log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	lseek(kernel_log, 0, SEEK_END);
}

/*
 * The next line of @fd, /dev/kmsg that does not block, until the next call; the
 * kernel may have dropped some. NULL with errno EAGAIN after the last.
 */
const char *kernel_log_line(int fd)
{
	static char line[8192];
	ssize_t n;

	do
		n = read(fd, line, sizeof(line) - 1);
	while (n < 0 && errno == EPIPE);
	if (n < 0)
		return NULL;
	line[n] = '\0';
	return line;
}

/* A line that the kernel logged meanwhile, from the module or about a fault. */
const char *kernel_log_complaint(void)
{
	const char *line;

	while ((line = kernel_log_line(kernel_log)))
		if (strstr(line, "vmscope") || strstr(line, "WARNING") ||
		    strstr(line, "BUG"))
			return line;
	return errno == EAGAIN ? NULL : "the kernel's log cannot be read";
}
