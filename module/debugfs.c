// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text view of the same records, for cat, awk and people. The only file
 * that prints text.
 *
 *	vmscope/attach, detach		echo PID > attach makes PID/
 *	vmscope/self/, vmscope/PID/	map pages swap tables summary
 *	vmscope/kernel/			layout map; vmalloc kmalloc have files
 *					of their own
 */
#include "debugfs.h"

#include <linux/ctype.h>
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "arch/arch.h"
#include "census.h"
#include "names.h"
#include "scan.h"
#include "target.h"

#define MAX_TARGETS 64

static struct dentry *root;

/**
 * struct watched - a process that has a directory
 * @list: in watched_list
 * @pid: as its writer saw it
 * @target: pinned
 * @dir: the directory
 */
struct watched {
	struct list_head list;
	int pid;
	struct vmscope_target target;
	struct dentry *dir;
};

static LIST_HEAD(watched_list);
static unsigned int nr_watched;
static DEFINE_MUTEX(watched_lock); /* guards both, and the directories */

/**
 * struct view - an open file
 * @kind: which file
 * @target: pinned
 * @scanner: where the records come from
 * @index: which line the record at hand is, from 1
 * @at: word of the scanner's buffer where it begins
 * @ready: words of the buffer that can be shown
 * @done: no records will follow those in the buffer
 * @error: why the scan cannot go on, or 0
 * @area: the area that it is in
 * @name: its name, @area.name_bytes long
 *
 * Guarded by the lock of the seq_file.
 */
struct view {
	const struct view_kind *kind;
	struct vmscope_target target;
	struct vmscope_scanner *scanner;
	loff_t index;
	size_t at;
	size_t ready;
	bool done;
	int error;
	struct vmscope_area area;
	char name[PATH_MAX];
};

/**
 * struct view_kind - a file of each directory
 * @name: its name
 * @header: first line, after "# "
 * @query: what to scan for, if it is a stream of records
 * @show: print a record
 * @show_all: print it all, if it is no stream
 */
struct view_kind {
	const char *name;
	const char *header;
	struct vmscope_scan query;
	void (*show)(struct seq_file *m, const struct view *view,
		     const struct vmscope_page *page);
	int (*show_all)(struct seq_file *m, struct view *view);
};

static const struct vmscope_page *record(const struct view *view)
{
	return (const void *)(view->scanner->buf + view->at);
}

static u64 record_pages(const struct vmscope_page *page)
{
	if (VMSCOPE_WORD_KIND(page->where) == VMSCOPE_KIND_RUN)
		return page->raw;
	return VMSCOPE_WORD_PAGES(page->what);
}

static size_t record_words(const struct view *view)
{
	const struct vmscope_area *area = (const void *)record(view);

	if (VMSCOPE_WORD_KIND(area->where) != VMSCOPE_KIND_AREA)
		return sizeof(struct vmscope_page) / sizeof(u64);
	return (sizeof(*area) + round_up(area->name_bytes, sizeof(u64))) /
	       sizeof(u64);
}

static void enter_area(struct view *view)
{
	const struct vmscope_area *area = (const void *)record(view);

	view->area = *area;
	memcpy(view->name, area + 1, area->name_bytes);
}

static void begin(struct view *view)
{
	struct vmscope_policy policy;

	vmscope_policy_get(&policy);
	vmscope_scan_begin(view->scanner, &view->target, &view->kind->query,
			   !policy.frames);
	view->index = 0;
	view->at = 0;
	view->ready = 0;
	view->done = false;
	view->error = 0;
}

static int refill(struct view *view)
{
	struct vmscope_sink *sink = &view->scanner->sink;
	int ret;

	vmscope_sink_drop(sink, view->ready);
	ret = vmscope_scan_fill(view->scanner);
	if (ret && ret != -ENOSPC)
		return ret;
	view->done = !ret;
	view->at = 0;
	view->ready = vmscope_sink_ready(sink, view->done);
	return 0;
}

/* To the next record that is a line. Return: 1, 0 at the end, or an error. */
static int advance(struct view *view)
{
	int ret;

	if (view->index++)
		view->at += record_words(view);
	for (;;) {
		while (view->at < view->ready) {
			if (VMSCOPE_WORD_KIND(record(view)->where) !=
			    VMSCOPE_KIND_AREA)
				return 1;
			enter_area(view);
			view->at += record_words(view);
		}
		if (view->done)
			return 0;
		ret = refill(view);
		if (ret)
			return ret;
	}
}

/* What went before an error is read first; the error is for the next read. */
static void *stream_step(struct view *view)
{
	int ret = advance(view);

	if (ret < 0) {
		view->error = ret;
		return ERR_PTR(ret);
	}
	return ret ? view : NULL;
}

static int may_read(const struct view *view)
{
	return vmscope_target_is_gone(&view->target) ? -ESRCH : 0;
}

static void *stream_begin(struct view *view)
{
	begin(view);
	return SEQ_START_TOKEN;
}

/* A reader that goes back begins anew; seq_file then skips what was read. */
static void *stream_start(struct seq_file *m, loff_t *pos)
{
	struct view *view = m->private;
	int ret = may_read(view);

	if (ret)
		return ERR_PTR(ret);
	if (!*pos)
		return stream_begin(view);
	if (view->error)
		return ERR_PTR(view->error);
	if (*pos == view->index)
		return view->at < view->ready ? view : NULL;
	if (*pos < view->index)
		begin(view);
	while (view->index < *pos) {
		void *step = stream_step(view);

		if (IS_ERR_OR_NULL(step))
			return step;
	}
	return view;
}

static void *stream_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct view *view = m->private;

	++*pos;
	return stream_step(view);
}

static void stream_stop(struct seq_file *m, void *v)
{
}

static int stream_show(struct seq_file *m, void *v)
{
	const struct view *view = m->private;

	if (v == SEQ_START_TOKEN)
		seq_printf(m, "# %s\n", view->kind->header);
	else
		view->kind->show(m, view, record(view));
	return 0;
}

static const struct seq_operations stream_ops = {
	.start = stream_start,
	.next = stream_next,
	.stop = stream_stop,
	.show = stream_show,
};

static void print_range(struct seq_file *m, const struct vmscope_page *page)
{
	u64 start = VMSCOPE_WORD_ADDR(page->where);
	u64 bytes = record_pages(page) * PAGE_SIZE;

	seq_printf(m, "%llx %llx %llu %s", start, start + bytes, bytes,
		   vmscope_level_names[VMSCOPE_WORD_LEVEL(page->where)]);
}

static void print_perm(struct seq_file *m, u64 word, u64 read, u64 write,
		       u64 exec)
{
	seq_putc(m, ' ');
	seq_putc(m, word & read ? 'r' : '-');
	seq_putc(m, word & write ? 'w' : '-');
	seq_putc(m, word & exec ? 'x' : '-');
}

static void print_user_perm(struct seq_file *m, const struct vmscope_page *page)
{
	print_perm(m, page->what, VMSCOPE_F_PERM_READ, VMSCOPE_F_PERM_WRITE,
		   VMSCOPE_F_PERM_EXEC);
}

static void print_leaf_perm(struct seq_file *m, const struct vmscope_page *page)
{
	print_perm(m, page->what, VMSCOPE_F_READ, VMSCOPE_F_WRITE,
		   VMSCOPE_F_EXEC);
}

static void print_area_perm(struct seq_file *m, const struct view *view)
{
	u64 flags = view->area.vma_flags;

	print_perm(m, flags, VMSCOPE_VMA_READ, VMSCOPE_VMA_WRITE,
		   VMSCOPE_VMA_EXEC);
	seq_putc(m, flags & VMSCOPE_VMA_MAYSHARE ? 's' : 'p');
}

static const char *state_name(const struct vmscope_page *page)
{
	return vmscope_state_names[VMSCOPE_WORD_STATE(page->what)];
}

static bool is_slot(const struct vmscope_page *page)
{
	unsigned int state = VMSCOPE_WORD_STATE(page->what);

	return state == VMSCOPE_STATE_SWAP || state == VMSCOPE_STATE_SHMEM_SWAP;
}

static bool has_frame(const struct vmscope_page *page)
{
	if (page->what & VMSCOPE_F_WITHHELD || is_slot(page))
		return false;
	return page->what & VMSCOPE_F_PRESENT || page->value;
}

static void print_number(struct seq_file *m, bool known, u64 number)
{
	if (known)
		seq_printf(m, " %llu", number);
	else
		seq_puts(m, " -");
}

static void print_slot(struct seq_file *m, const struct vmscope_page *page)
{
	print_number(m, is_slot(page), VMSCOPE_SLOT_TYPE(page->value));
	print_number(m, is_slot(page), VMSCOPE_SLOT_OFFSET(page->value));
}

static void print_flags(struct seq_file *m, const struct vmscope_page *page)
{
	const char *comma = " ";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(vmscope_flag_names); i++) {
		if (!(page->what & vmscope_flag_names[i].flag))
			continue;
		seq_printf(m, "%s%s", comma, vmscope_flag_names[i].name);
		comma = ",";
	}
	if (*comma == ' ')
		seq_puts(m, " -");
}

static void print_raw(struct seq_file *m, const struct vmscope_page *page)
{
	if (page->what & VMSCOPE_F_WITHHELD)
		seq_puts(m, " -");
	else if (VMSCOPE_WORD_KIND(page->where) == VMSCOPE_KIND_RUN)
		seq_puts(m, " 0");
	else
		seq_printf(m, " %llx", page->raw);
}

static void print_name(struct seq_file *m, const struct view *view)
{
	u64 kind = view->area.name_kind;

	seq_putc(m, ' ');
	if (kind >= VMSCOPE_NAME_REGION)
		seq_puts(m, vmscope_region_names[kind - VMSCOPE_NAME_REGION]);
	else if (view->area.name_bytes)
		seq_escape_mem(m, view->name, view->area.name_bytes,
			       ESCAPE_OCTAL, "\n");
	else
		seq_puts(m, vmscope_area_names[kind]);
	seq_putc(m, '\n');
}

static void show_map(struct seq_file *m, const struct view *view,
		     const struct vmscope_page *page)
{
	print_range(m, page);
	print_user_perm(m, page);
	print_area_perm(m, view);
	seq_printf(m, " %s", state_name(page));
	print_name(m, view);
}

static void show_page(struct seq_file *m, const struct view *view,
		      const struct vmscope_page *page)
{
	print_range(m, page);
	print_user_perm(m, page);
	print_leaf_perm(m, page);
	print_area_perm(m, view);
	print_flags(m, page);
	seq_printf(m, " %s", state_name(page));
	print_number(m, has_frame(page), page->value);
	print_slot(m, page);
	print_raw(m, page);
	print_name(m, view);
}

/* Text and data that can be written and executed too is a finding. */
static bool is_wx(const struct vmscope_page *page)
{
	return page->what & VMSCOPE_F_PERM_WRITE &&
	       page->what & VMSCOPE_F_PERM_EXEC;
}

static const char *const cache_names[8] = {
	[VMSCOPE_CACHE_WB] = "wb",	  [VMSCOPE_CACHE_WC] = "wc",
	[VMSCOPE_CACHE_UC_MINUS] = "uc-", [VMSCOPE_CACHE_UC] = "uc",
	[VMSCOPE_CACHE_WT] = "wt",	  [VMSCOPE_CACHE_WP] = "wp",
};

static void show_kernel_map(struct seq_file *m, const struct view *view,
			    const struct vmscope_page *page)
{
	print_range(m, page);
	print_user_perm(m, page);
	print_flags(m, page);
	seq_printf(m, " %s %s",
		   page->what & VMSCOPE_F_PRESENT ?
			   cache_names[VMSCOPE_WORD_CACHE(page->what)] :
			   "-",
		   state_name(page));
	print_number(m, has_frame(page), page->value);
	seq_puts(m, is_wx(page) ? " w+x" : " -");
	print_name(m, view);
}

static void show_swap(struct seq_file *m, const struct view *view,
		      const struct vmscope_page *page)
{
	print_range(m, page);
	seq_printf(m, " %s", state_name(page));
	print_slot(m, page);
	print_name(m, view);
}

static int show_tables(struct seq_file *m, struct view *view)
{
	struct vmscope_census census = {};
	unsigned int level;
	int ret = vmscope_census(view->scanner, &view->target, &census);

	if (ret)
		return ret;
	for (level = VMSCOPE_LEVEL_PGD; level; level--) {
		if (!vmscope_level_in_use(level))
			continue;
		seq_printf(m, "%s %llu %llu %llu %llu %llu %u\n",
			   vmscope_level_names[level], census.tables[level],
			   census.tables[level] * PAGE_SIZE, census.used[level],
			   census.leaves[level], census.empty[level],
			   vmscope_level_entries(level));
	}
	seq_printf(m, "deposited %llu %llu - - - -\n", census.deposited,
		   census.deposited * PAGE_SIZE);
	return 0;
}

/* Bytes by state and level, which is what the summary is made of. */
struct sums {
	u64 bytes[VMSCOPE_NR_STATES][VMSCOPE_NR_LEVELS];
	u64 mapped;
	u64 areas;
	u64 locked;
};

static void sum_record(const struct view *view, struct sums *sums)
{
	const struct vmscope_page *page = record(view);
	u64 bytes = record_pages(page) * PAGE_SIZE;

	sums->bytes[VMSCOPE_WORD_STATE(page->what)]
		   [VMSCOPE_WORD_LEVEL(page->where)] += bytes;
	if (view->area.vma_flags & VMSCOPE_VMA_LOCKED &&
	    page->what & VMSCOPE_F_PRESENT)
		sums->locked += bytes;
}

static int sum_all(struct view *view, struct sums *sums)
{
	u64 last = 0;
	int ret;

	begin(view);
	while ((ret = advance(view)) > 0) {
		sum_record(view, sums);
		if (view->area.end == last)
			continue;
		last = view->area.end;
		sums->mapped += last - VMSCOPE_WORD_ADDR(view->area.where);
		sums->areas++;
	}
	return ret;
}

static void print_sums(struct seq_file *m, const struct sums *sums)
{
	unsigned int state, level;

	seq_printf(m, "areas %llu\nmapped %llu\nlocked %llu\n", sums->areas,
		   sums->mapped, sums->locked);
	for (state = 0; state < VMSCOPE_NR_STATES; state++) {
		for (level = 0; level < VMSCOPE_NR_LEVELS; level++) {
			if (!sums->bytes[state][level])
				continue;
			seq_printf(m, "%s.%s %llu\n",
				   vmscope_state_names[state],
				   vmscope_level_names[level],
				   sums->bytes[state][level]);
		}
	}
}

static int show_summary(struct seq_file *m, struct view *view)
{
	struct sums *sums = kzalloc(sizeof(*sums), GFP_KERNEL);
	int ret;

	if (!sums)
		return -ENOMEM;
	ret = sum_all(view, sums);
	if (!ret)
		print_sums(m, sums);
	kfree(sums);
	return ret;
}

/**
 * struct mapped - a region, or a part of the image, on its way to a line
 * @start: first address
 * @end: end, exclusive
 * @region: the region's first address
 * @name: what it is called
 * @bytes: mapped bytes by enum vmscope_level
 * @repeated: bytes of tables that were told once already
 */
struct mapped {
	u64 start;
	u64 end;
	u64 region;
	const char *name;
	u64 bytes[VMSCOPE_NR_LEVELS];
	u64 repeated;
};

static void print_mapped(struct seq_file *m, const struct mapped *mapped)
{
	const u64 *bytes = mapped->bytes;

	if (!mapped->end)
		return;
	seq_printf(m, "%llx %llx %llu %llu %llu %llu %llu %llu %s\n",
		   mapped->start, mapped->end, mapped->end - mapped->start,
		   bytes[VMSCOPE_LEVEL_PTE] + bytes[VMSCOPE_LEVEL_PMD] +
			   bytes[VMSCOPE_LEVEL_PUD],
		   bytes[VMSCOPE_LEVEL_PTE], bytes[VMSCOPE_LEVEL_PMD],
		   bytes[VMSCOPE_LEVEL_PUD], mapped->repeated, mapped->name);
}

static void add_mapped(const struct vmscope_page *page, struct mapped *mapped)
{
	u64 bytes = record_pages(page) * PAGE_SIZE;

	if (VMSCOPE_WORD_STATE(page->what) == VMSCOPE_STATE_REPEAT)
		mapped->repeated += bytes;
	else if (page->what & VMSCOPE_F_PRESENT)
		mapped->bytes[VMSCOPE_WORD_LEVEL(page->where)] += bytes;
}

static u64 region_of(const struct view *view)
{
	return view->area.name_kind - VMSCOPE_NAME_REGION;
}

/* The image is told by its parts, which differ in what they allow. */
static const char *part_name(const struct view *view)
{
	const struct vmscope_page *page = record(view);

	if (region_of(view) != VMSCOPE_REGION_IMAGE)
		return vmscope_region_names[region_of(view)];
	if (!(page->what & VMSCOPE_F_PRESENT))
		return "image.hole";
	if (page->what & VMSCOPE_F_PERM_EXEC)
		return "image.text";
	return page->what & VMSCOPE_F_PERM_WRITE ? "image.data" :
						   "image.rodata";
}

static void begin_mapped(const struct view *view, const char *name,
			 struct mapped *mapped)
{
	u64 start = VMSCOPE_WORD_ADDR(view->area.where);

	*mapped = (struct mapped){
		.start = start,
		.end = view->area.end,
		.region = start,
		.name = name,
	};
	if (region_of(view) == VMSCOPE_REGION_IMAGE)
		mapped->start = VMSCOPE_WORD_ADDR(record(view)->where);
}

static void sum_mapped(struct seq_file *m, const struct view *view,
		       struct mapped *mapped)
{
	const struct vmscope_page *page = record(view);
	const char *name = part_name(view);

	if (VMSCOPE_WORD_ADDR(view->area.where) != mapped->region ||
	    name != mapped->name) {
		print_mapped(m, mapped);
		begin_mapped(view, name, mapped);
	}
	if (region_of(view) == VMSCOPE_REGION_IMAGE)
		mapped->end = VMSCOPE_WORD_ADDR(page->where) +
			      record_pages(page) * PAGE_SIZE;
	add_mapped(page, mapped);
}

/* Of the half below the kernel's, no table is read: it is each process's own. */
static void print_other_half(struct seq_file *m)
{
	u64 kernel = vmscope_arch_kernel_start();
	u64 user = -kernel;

	seq_printf(m, "0 %llx %llu - - - - - user\n", user, user);
	seq_printf(m, "%llx %llx %llu 0 0 0 0 0 non-canonical\n", user, kernel,
		   kernel - user);
}

static int show_layout(struct seq_file *m, struct view *view)
{
	struct mapped mapped = {};
	int ret;

	print_other_half(m);
	begin(view);
	while ((ret = advance(view)) > 0)
		sum_mapped(m, view, &mapped);
	print_mapped(m, &mapped);
	return ret;
}

static int show_once(struct seq_file *m, void *v)
{
	struct view *view = m->private;
	int ret = may_read(view);

	if (ret)
		return ret;
	seq_printf(m, "# %s\n", view->kind->header);
	return view->kind->show_all(m, view);
}

#define NAMED (VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_NAMES)

#define PAGES_HEADER                                              \
	"start end size level perm lperm vperm page_flags state " \
	"pfn swap_type swap_offset raw area"

static const struct view_kind kinds[] = {
	{
		.name = "map",
		.header = "start end size level perm vperm state area",
		.query = { .flags = NAMED | VMSCOPE_SCAN_RUNS, VMSCOPE_SCAN_WHOLE },
		.show = show_map,
	},
	{
		.name = "pages",
		.header = PAGES_HEADER,
		.query = { .flags = NAMED, VMSCOPE_SCAN_WHOLE },
		.show = show_page,
	},
	{
		.name = "swap",
		.header = "start end size level state swap_type swap_offset area",
		.query = {
			.flags = NAMED | VMSCOPE_SCAN_RUNS |
				 VMSCOPE_SCAN_FRAMES,
			.states = 1 << VMSCOPE_STATE_SWAP |
				  1 << VMSCOPE_STATE_SHMEM_SWAP,
			VMSCOPE_SCAN_WHOLE,
		},
		.show = show_swap,
	},
	{
		.name = "tables",
		.header = "level tables size used leaves empty entries",
		.show_all = show_tables,
	},
	{
		.name = "summary",
		.header = "key value",
		.query = { .flags = VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_RUNS,
			   VMSCOPE_SCAN_WHOLE },
		.show_all = show_summary,
	},
};

#define KERNEL_MAP_HEADER \
	"start end size level perm page_flags cache state pfn finding region"

static const struct view_kind kernel_kinds[] = {
	{
		.name = "layout",
		.header = "start end size mapped 4k 2m 1g repeated region",
		.query = { .flags = VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_RUNS,
			   VMSCOPE_SCAN_WHOLE },
		.show_all = show_layout,
	},
	{
		.name = "map",
		.header = KERNEL_MAP_HEADER,
		.query = { .flags = VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_RUNS |
				    VMSCOPE_SCAN_FRAMES,
			   .run_flags = VMSCOPE_F_GLOBAL,
			   VMSCOPE_SCAN_WHOLE },
		.show = show_kernel_map,
	},
};

static const struct view_kind *kind_of(const struct file *file,
				       const struct view_kind *all, size_t nr)
{
	const char *name = file->f_path.dentry->d_name.name;
	size_t i;

	for (i = 0; i < nr - 1; i++)
		if (!strcmp(all[i].name, name))
			break;
	return &all[i];
}

static int pin_target(struct vmscope_target *target,
		      const struct watched *watched)
{
	if (!watched)
		return vmscope_target_get_self(target);
	mmgrab(watched->target.mm);
	target->mm = watched->target.mm;
	return 0;
}

static void view_destroy(struct view *view)
{
	if (view->target.mm)
		vmscope_target_put(&view->target);
	vmscope_scanner_destroy(view->scanner);
	kvfree(view);
}

static int open_kind(struct file *file, const struct view_kind *kind,
		     int (*pin)(struct vmscope_target *target,
				const struct watched *watched))
{
	const struct watched *watched = file_inode(file)->i_private;
	struct seq_file *m;
	struct view *view;
	int ret;

	if (!vmscope_target_may_open())
		return -EACCES;
	view = kvzalloc(sizeof(*view), GFP_KERNEL_ACCOUNT);
	if (!view)
		return -ENOMEM;
	view->kind = kind;
	view->scanner = vmscope_scanner_create();
	ret = view->scanner ? pin(&view->target, watched) : -ENOMEM;
	if (!ret && view->kind->show_all)
		ret = single_open(file, show_once, view);
	else if (!ret)
		ret = seq_open(file, &stream_ops);
	if (ret) {
		view_destroy(view);
		return ret;
	}
	m = file->private_data;
	m->private = view;
	return 0;
}

/*
 * A descriptor can be handed on, so its reader is asked like its opener, before
 * it gets what may be left of an earlier read.
 */
static ssize_t view_read(struct file *file, char __user *to, size_t bytes,
			 loff_t *pos)
{
	const struct seq_file *m = file->private_data;
	const struct view *view = m->private;
	struct vmscope_policy policy;

	vmscope_policy_get(&policy);
	if (!vmscope_target_may_open() ||
	    (view->target.kernel && !policy.kaddr))
		return -EPERM;
	return seq_read(file, to, bytes, pos);
}

static int view_open(struct inode *inode, struct file *file)
{
	return open_kind(file, kind_of(file, kinds, ARRAY_SIZE(kinds)),
			 pin_target);
}

static int pin_kernel(struct vmscope_target *target,
		      const struct watched *watched)
{
	struct vmscope_policy policy;

	vmscope_policy_get(&policy);
	return policy.kaddr ? vmscope_target_get_kernel(target) : -EPERM;
}

static int kernel_open(struct inode *inode, struct file *file)
{
	return open_kind(file,
			 kind_of(file, kernel_kinds, ARRAY_SIZE(kernel_kinds)),
			 pin_kernel);
}

static int view_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct view *view = m->private;
	bool once = view->kind->show_all;

	view_destroy(view);
	return once ? single_release(inode, file) : seq_release(inode, file);
}

static const struct file_operations view_fops = {
	.owner = THIS_MODULE,
	.open = view_open,
	.read = view_read,
	.llseek = seq_lseek,
	.release = view_release,
};

static const struct file_operations kernel_fops = {
	.owner = THIS_MODULE,
	.open = kernel_open,
	.read = view_read,
	.llseek = seq_lseek,
	.release = view_release,
};

static void make_views(struct dentry *dir, struct watched *watched)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		debugfs_create_file(kinds[i].name, 0400, dir, watched,
				    &view_fops);
}

static void make_kernel_views(struct dentry *dir)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kernel_kinds); i++)
		debugfs_create_file(kernel_kinds[i].name, 0400, dir, NULL,
				    &kernel_fops);
	vmscope_debugfs_vmalloc(dir);
	vmscope_debugfs_kmalloc(dir);
}

static struct watched *find_watched(int pid)
{
	struct watched *watched;

	lockdep_assert_held(&watched_lock);
	list_for_each_entry(watched, &watched_list, list)
		if (watched->pid == pid)
			return watched;
	return NULL;
}

static void forget(struct watched *watched)
{
	lockdep_assert_held(&watched_lock);
	/* Waits for readers that are inside of a file. */
	debugfs_remove(watched->dir);
	list_del(&watched->list);
	nr_watched--;
	vmscope_target_put(&watched->target);
	kfree(watched);
}

static bool is_alive(const struct watched *watched)
{
	return !vmscope_target_is_gone(&watched->target);
}

static int watch(int pid)
{
	struct watched *watched = find_watched(pid);
	char name[16];
	int ret;

	if (watched && is_alive(watched))
		return -EEXIST;
	if (!watched && nr_watched == MAX_TARGETS)
		return -EMFILE;
	if (watched)
		forget(watched);
	watched = kzalloc(sizeof(*watched), GFP_KERNEL_ACCOUNT);
	if (!watched)
		return -ENOMEM;
	ret = vmscope_target_get(&watched->target, pid);
	if (ret) {
		kfree(watched);
		return ret;
	}
	watched->pid = pid;
	snprintf(name, sizeof(name), "%d", pid);
	watched->dir = debugfs_create_dir(name, root);
	make_views(watched->dir, watched);
	list_add_tail(&watched->list, &watched_list);
	nr_watched++;
	return 0;
}

static int unwatch(int pid)
{
	struct watched *watched = find_watched(pid);

	if (!watched)
		return -ENOENT;
	forget(watched);
	return 0;
}

/* A decimal PID and at most one newline: nothing that was not meant. */
static int read_pid(const char __user *from, size_t bytes, int *pid)
{
	char text[16];

	if (!bytes || bytes >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, bytes))
		return -EFAULT;
	text[bytes] = '\0';
	if (!isdigit(text[0]) || strlen(text) != bytes ||
	    kstrtoint(text, 10, pid) || !*pid)
		return -EINVAL;
	return 0;
}

static ssize_t control(const char __user *from, size_t bytes,
		       int (*change)(int pid))
{
	int pid, ret;

	if (!vmscope_target_may_open())
		return -EPERM;
	ret = read_pid(from, bytes, &pid);
	if (ret)
		return ret;
	if (mutex_lock_killable(&watched_lock))
		return -EINTR;
	ret = change(pid);
	mutex_unlock(&watched_lock);
	return ret ? ret : bytes;
}

static ssize_t attach_write(struct file *file, const char __user *from,
			    size_t bytes, loff_t *pos)
{
	return control(from, bytes, watch);
}

static ssize_t detach_write(struct file *file, const char __user *from,
			    size_t bytes, loff_t *pos)
{
	return control(from, bytes, unwatch);
}

static int show_watched(struct seq_file *m, void *v)
{
	const struct watched *watched;

	if (mutex_lock_killable(&watched_lock))
		return -EINTR;
	seq_puts(m, "# pid state\n");
	list_for_each_entry(watched, &watched_list, list)
		seq_printf(m, "%d %s\n", watched->pid,
			   is_alive(watched) ? "alive" : "gone");
	mutex_unlock(&watched_lock);
	return 0;
}

static int attach_open(struct inode *inode, struct file *file)
{
	return single_open(file, show_watched, NULL);
}

static const struct file_operations attach_fops = {
	.owner = THIS_MODULE,
	.open = attach_open,
	.read = seq_read,
	.write = attach_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static const struct file_operations detach_fops = {
	.owner = THIS_MODULE,
	.open = nonseekable_open,
	.write = detach_write,
};

/**
 * vmscope_debugfs_init - make the files
 *
 * Without them the device still works, so errors are not reported, as debugfs
 * wants it.
 *
 * Context: Process context, may sleep.
 */
void vmscope_debugfs_init(void)
{
	root = debugfs_create_dir("vmscope", NULL);
	debugfs_create_file("attach", 0600, root, NULL, &attach_fops);
	debugfs_create_file("detach", 0200, root, NULL, &detach_fops);
	make_views(debugfs_create_dir("self", root), NULL);
	make_kernel_views(debugfs_create_dir("kernel", root));
}

/**
 * vmscope_debugfs_exit - undo vmscope_debugfs_init()
 *
 * Context: Process context, may sleep. No file is open.
 */
void vmscope_debugfs_exit(void)
{
	struct watched *watched, *next;

	mutex_lock(&watched_lock);
	list_for_each_entry_safe(watched, next, &watched_list, list)
		forget(watched);
	mutex_unlock(&watched_lock);
	debugfs_remove(root);
}
