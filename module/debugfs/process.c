// SPDX-License-Identifier: GPL-2.0-only
/*
 * self/ and PID/: map, pages, swap, tables; summary has a file of its own.
 */
#include "process.h"

#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/mm.h>

#include "../census.h"
#include "../names.h"
#include "../scan.h"
#include "columns.h"
#include "root.h"
#include "summary.h"
#include "view.h"

static void show_map(struct seq_file *m, const struct vmscope_view *view,
		     const struct vmscope_page *page)
{
	vmscope_print_range(m, page);
	vmscope_print_user_perm(m, page);
	vmscope_print_area_perm(m, view);
	vmscope_print_state(m, page);
	vmscope_print_name(m, view);
}

static void show_page(struct seq_file *m, const struct vmscope_view *view,
		      const struct vmscope_page *page)
{
	vmscope_print_range(m, page);
	vmscope_print_user_perm(m, page);
	vmscope_print_leaf_perm(m, page);
	vmscope_print_area_perm(m, view);
	vmscope_print_flags(m, page);
	vmscope_print_state(m, page);
	vmscope_print_frame(m, page);
	vmscope_print_slot(m, page);
	vmscope_print_raw(m, page);
	vmscope_print_name(m, view);
}

static const struct vmscope_view_kind map_kind = {
	.header = "start end size level perm vperm state area",
	.query = { .flags = VMSCOPE_VIEW_NAMED | VMSCOPE_SCAN_RUNS,
		   VMSCOPE_SCAN_WHOLE },
	.show = show_map,
};

#define PAGES_HEADER                                              \
	"start end size level perm lperm vperm page_flags state " \
	"pfn swap_type swap_offset raw area"

static const struct vmscope_view_kind pages_kind = {
	.header = PAGES_HEADER,
	.query = { .flags = VMSCOPE_VIEW_NAMED, VMSCOPE_SCAN_WHOLE },
	.frames = true,
	.show = show_page,
};

static void show_swap(struct seq_file *m, const struct vmscope_view *view,
		      const struct vmscope_page *page)
{
	vmscope_print_range(m, page);
	vmscope_print_state(m, page);
	vmscope_print_slot(m, page);
	vmscope_print_name(m, view);
}

static const struct vmscope_view_kind swap_kind = {
	.header = "start end size level state swap_type swap_offset area",
	.query = {
		.flags = VMSCOPE_VIEW_NAMED | VMSCOPE_SCAN_RUNS |
			 VMSCOPE_SCAN_FRAMES,
		.states = 1 << VMSCOPE_STATE_SWAP |
			  1 << VMSCOPE_STATE_SHMEM_SWAP,
		VMSCOPE_SCAN_WHOLE,
	},
	.show = show_swap,
};

/* Count only the user half of the root table. */
static u64 entries_of(unsigned int level)
{
	unsigned int shift = vmscope_level_shift(level);

	return min_t(u64, vmscope_level_entries(level),
		     ((TASK_SIZE_MAX - 1) >> shift) + 1);
}

static int show_tables(struct seq_file *m, struct vmscope_view *view)
{
	struct vmscope_census census = {};
	unsigned int level;
	int ret = vmscope_census(view->scanner, &view->target, &census);

	if (ret)
		return ret;
	for (level = VMSCOPE_LEVEL_PGD; level; level--) {
		if (!vmscope_level_in_use(level))
			continue;
		seq_printf(m, "%s %llu %llu %llu %llu %llu %llu\n",
			   vmscope_level_names[level], census.tables[level],
			   census.tables[level] * PAGE_SIZE, census.used[level],
			   census.leaves[level], census.empty[level],
			   census.tables[level] * entries_of(level));
	}
	seq_printf(m, "deposited %llu %llu - - - -\n", census.deposited,
		   census.deposited * PAGE_SIZE);
	return 0;
}

static const struct vmscope_view_kind tables_kind = {
	.header = "level tables size used leaves empty entries",
	.query = { VMSCOPE_SCAN_WHOLE },
	.show_all = show_tables,
};

static const struct vmscope_view_kind summary_kind = {
	.header = "key value",
	.query = { .flags = VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_RUNS,
		   VMSCOPE_SCAN_WHOLE },
	.show_all = vmscope_show_summary,
};

VMSCOPE_VIEW_FOPS(map, vmscope_watched_pin);
VMSCOPE_VIEW_FOPS(pages, vmscope_watched_pin);
VMSCOPE_VIEW_FOPS(swap, vmscope_watched_pin);
VMSCOPE_VIEW_FOPS(tables, vmscope_watched_pin);
VMSCOPE_VIEW_FOPS(summary, vmscope_watched_pin);

static const struct {
	const char *name;
	const struct file_operations *fops;
} files[] = {
	{ "map", &map_fops },	      { "pages", &pages_fops },
	{ "swap", &swap_fops },	      { "tables", &tables_fops },
	{ "summary", &summary_fops },
};

/**
 * vmscope_process_files - make the files of a process
 * @dir: its directory
 * @watched: the process, or NULL for the reader
 *
 * Unlike other files of debugfs, their removal does not wait for readers; see
 * vmscope_view_read().
 *
 * Context: Process context, may sleep.
 * Return: 0, or a negative errno if any of them is missing
 */
int vmscope_process_files(struct dentry *dir, struct vmscope_watched *watched)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		const struct dentry *file;

		file = debugfs_create_file_unsafe(files[i].name, 0400, dir,
						  watched, files[i].fops);
		if (IS_ERR(file))
			return PTR_ERR(file);
	}
	return 0;
}
