// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel/: layout and map; vmalloc and kmalloc have files of their own.
 */
#include "kernel.h"

#include <linux/debugfs.h>

#include "../arch/arch.h"
#include "../names.h"
#include "../scan.h"
#include "columns.h"
#include "view.h"

/* Memory that is both writable and executable is a finding. */
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

static void show_kernel_map(struct seq_file *m, const struct vmscope_view *view,
			    const struct vmscope_page *page)
{
	vmscope_print_range(m, page);
	vmscope_print_user_perm(m, page);
	vmscope_print_flags(m, page);
	seq_printf(m, " %s",
		   page->what & VMSCOPE_F_PRESENT ?
			   cache_names[VMSCOPE_WORD_CACHE(page->what)] :
			   "-");
	vmscope_print_state(m, page);
	vmscope_print_frame(m, page);
	seq_puts(m, is_wx(page) ? " W+X" : " -");
	vmscope_print_name(m, view);
}

/**
 * struct mapped - a line in the making: a region, or a part of the image
 * @start: first address
 * @end: end, exclusive
 * @region: the region's first address
 * @name: its name
 * @bytes: mapped bytes by enum vmscope_level
 * @repeated: bytes of tables that were counted before
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
	u64 bytes = vmscope_record_pages(page) * PAGE_SIZE;

	if (VMSCOPE_WORD_STATE(page->what) == VMSCOPE_STATE_REPEAT)
		mapped->repeated += bytes;
	else if (page->what & VMSCOPE_F_PRESENT)
		mapped->bytes[VMSCOPE_WORD_LEVEL(page->where)] += bytes;
}

static u64 region_of(const struct vmscope_view *view)
{
	return view->area.name_kind - VMSCOPE_NAME_REGION;
}

/* One line per part of the image; parts differ in permissions. */
static const char *part_name(const struct vmscope_view *view)
{
	const struct vmscope_page *page = vmscope_view_record(view);

	if (region_of(view) != VMSCOPE_REGION_IMAGE)
		return vmscope_region_names[region_of(view)];
	if (!(page->what & VMSCOPE_F_PRESENT))
		return "image.hole";
	if (page->what & VMSCOPE_F_PERM_EXEC)
		return "image.text";
	return page->what & VMSCOPE_F_PERM_WRITE ? "image.data" :
						   "image.rodata";
}

static void begin_mapped(const struct vmscope_view *view, const char *name,
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
		mapped->start =
			VMSCOPE_WORD_ADDR(vmscope_view_record(view)->where);
}

static void sum_mapped(struct seq_file *m, const struct vmscope_view *view,
		       struct mapped *mapped)
{
	const struct vmscope_page *page = vmscope_view_record(view);
	const char *name = part_name(view);

	if (VMSCOPE_WORD_ADDR(view->area.where) != mapped->region ||
	    name != mapped->name) {
		print_mapped(m, mapped);
		begin_mapped(view, name, mapped);
	}
	if (region_of(view) == VMSCOPE_REGION_IMAGE)
		mapped->end = VMSCOPE_WORD_ADDR(page->where) +
			      vmscope_record_pages(page) * PAGE_SIZE;
	add_mapped(page, mapped);
}

/* The user half differs by process: its tables are not read. */
static void print_other_half(struct seq_file *m)
{
	u64 kernel = vmscope_arch_kernel_start();
	u64 user = -kernel;

	seq_printf(m, "0 %llx %llu - - - - - user\n", user, user);
	seq_printf(m, "%llx %llx %llu 0 0 0 0 0 non-canonical\n", user, kernel,
		   kernel - user);
}

static int show_layout(struct seq_file *m, struct vmscope_view *view)
{
	struct mapped mapped = {};
	int ret;

	print_other_half(m);
	vmscope_view_begin(view);
	while ((ret = vmscope_view_advance(view)) > 0)
		sum_mapped(m, view, &mapped);
	print_mapped(m, &mapped);
	return ret;
}

static const struct vmscope_view_kind layout_kind = {
	.header = "start end size mapped 4k 2m 1g repeated region",
	.query = { .flags = VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_RUNS,
		   VMSCOPE_SCAN_WHOLE },
	.show_all = show_layout,
};

#define MAP_HEADER \
	"start end size level perm page_flags cache state pfn finding region"

static const struct vmscope_view_kind map_kind = {
	.header = MAP_HEADER,
	.query = { .flags = VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_RUNS |
			    VMSCOPE_SCAN_FRAMES,
		   .run_flags = VMSCOPE_F_GLOBAL,
		   VMSCOPE_SCAN_WHOLE },
	.show = show_kernel_map,
};

/* The pin function of all these files. */
int vmscope_kernel_pin(struct vmscope_target *target, void *owner)
{
	return vmscope_target_get_kernel(target);
}

VMSCOPE_VIEW_FOPS(layout, vmscope_kernel_pin);
VMSCOPE_VIEW_FOPS(map, vmscope_kernel_pin);

/**
 * vmscope_kernel_files - make the files of the kernel's own half
 * @dir: their directory
 *
 * Context: Process context, may sleep.
 */
void vmscope_kernel_files(struct dentry *dir)
{
	debugfs_create_file("layout", 0400, dir, NULL, &layout_fops);
	debugfs_create_file("map", 0400, dir, NULL, &map_fops);
	vmscope_vmalloc_file(dir);
	vmscope_kmalloc_file(dir);
}
