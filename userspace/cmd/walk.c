// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope walk: every level of an address, then what the page is. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/filter.h"
#include "cli/format.h"
#include "cli/output.h"
#include "cli/text.h"
#include "cli/words.h"
#include "model/access.h"
#include "model/walk.h"

enum { MAX_LEVELS = 5 };

static const struct walk_row *walk_row(const void *row)
{
	return row;
}

static bool is_withheld(const struct walk_row *row)
{
	return row->rec.flags & VMSCOPE_F_WITHHELD ||
	       !(row->info->features & VMSCOPE_FEAT_FRAMES);
}

static bool is_last(const struct walk_row *row, unsigned int i)
{
	return i + 1 == row->walk.nr_levels;
}

static bool is_leaf(const struct walk_row *row, unsigned int i)
{
	return is_last(row, i) && row->rec.flags & VMSCOPE_F_PRESENT;
}

static void level_flags(const struct walk_row *row, unsigned int i, char *buf,
			size_t bytes)
{
	const struct vmscope_walk_level *l = &row->walk.levels[i];

	if (l->flags & VMSCOPE_F_WITHHELD)
		vmscope_word_flags(row->info, l->level, l->flags,
				   is_leaf(row, i), buf, bytes);
	else
		vmscope_raw_flags(row->info, l->level, row->walk.addr, l->raw,
				  buf, bytes);
}

static const struct vmscope_walk_level *
find_level(const void *row, unsigned int level, unsigned int *at)
{
	const struct vmscope_walk *walk = &walk_row(row)->walk;

	for (*at = 0; *at < walk->nr_levels && *at < MAX_LEVELS; ++*at) {
		if (walk->levels[*at].level == level)
			return &walk->levels[*at];
	}
	return NULL;
}

static void get_index(const void *row, unsigned int level, struct value *v)
{
	unsigned int at;
	const struct vmscope_walk_level *l = find_level(row, level, &at);

	if (l)
		value_number(v, l->index);
}

static void get_entry(const void *row, unsigned int level, struct value *v)
{
	unsigned int at;
	const struct vmscope_walk_level *l = find_level(row, level, &at);

	if (l && l->entry_phys)
		value_number(v, l->entry_phys);
}

static void get_raw(const void *row, unsigned int level, struct value *v)
{
	unsigned int at;
	const struct vmscope_walk_level *l = find_level(row, level, &at);

	if (l && !(l->flags & VMSCOPE_F_WITHHELD))
		value_number(v, l->raw);
}

static void get_flags(const void *row, unsigned int level, struct value *v)
{
	unsigned int at;

	if (!find_level(row, level, &at))
		return;
	level_flags(walk_row(row), at, v->buf, sizeof(v->buf));
	value_text(v, v->buf);
}

#define LEVEL_GETTER(name, level, what)                                   \
	static void get_##name##_##what(const void *row, struct value *v) \
	{                                                                 \
		get_##what(row, level, v);                                \
	}

#define LEVEL_GETTERS(name, level)       \
	LEVEL_GETTER(name, level, index) \
	LEVEL_GETTER(name, level, entry) \
	LEVEL_GETTER(name, level, raw)   \
	LEVEL_GETTER(name, level, flags)

LEVEL_GETTERS(pgd, VMSCOPE_LEVEL_PGD)
LEVEL_GETTERS(p4d, VMSCOPE_LEVEL_P4D)
LEVEL_GETTERS(pud, VMSCOPE_LEVEL_PUD)
LEVEL_GETTERS(pmd, VMSCOPE_LEVEL_PMD)
LEVEL_GETTERS(pte, VMSCOPE_LEVEL_PTE)

static void get_virtual(const void *row, struct value *v)
{
	value_number(v, walk_row(row)->walk.addr);
}

static void get_root(const void *row, struct value *v)
{
	if (walk_row(row)->walk.root_phys)
		value_number(v, walk_row(row)->walk.root_phys);
}

static void get_physical(const void *row, struct value *v)
{
	if (walk_row(row)->walk.phys)
		value_number(v, walk_row(row)->walk.phys);
}

static void get_pfn(const void *row, struct value *v)
{
	if (vmscope_has_frame(&walk_row(row)->rec) && !is_withheld(row))
		value_number(v, walk_row(row)->rec.value);
}

static void get_kernel_alias(const void *row, struct value *v)
{
	if (walk_row(row)->walk.kernel_alias)
		value_number(v, walk_row(row)->walk.kernel_alias);
}

static uint64_t leaf_bytes(const struct walk_row *row)
{
	unsigned int level = row->rec.level;

	return level && level < VMSCOPE_NR_LEVELS ?
		       1ULL << row->info->level_shift[level] :
		       row->info->page_size;
}

static void get_offset(const void *row, struct value *v)
{
	value_number(v, walk_row(row)->walk.addr & (leaf_bytes(row) - 1));
}

static void get_page_size(const void *row, struct value *v)
{
	if (walk_row(row)->rec.flags & VMSCOPE_F_PRESENT)
		value_number(v, leaf_bytes(row));
}

static void get_state(const void *row, struct value *v)
{
	value_number(v, walk_row(row)->rec.state);
	value_text(v, vmscope_state_name(v->number));
	v->color = state_color(v->number);
}

static void get_level(const void *row, struct value *v)
{
	value_number(v, walk_row(row)->rec.level);
	value_text(v, vmscope_level_name(v->number));
}

static void get_perm(const void *row, struct value *v)
{
	uint64_t flags = walk_row(row)->rec.flags;

	if (walk_row(row)->rec.state == VMSCOPE_STATE_UNKNOWN)
		return;
	snprintf(v->buf, sizeof(v->buf), "%c%c%c",
		 flags & VMSCOPE_F_PERM_READ ? 'r' : '-',
		 flags & VMSCOPE_F_PERM_WRITE ? 'w' : '-',
		 flags & VMSCOPE_F_PERM_EXEC ? 'x' : '-');
	value_text(v, v->buf);
}

static void get_vperm(const void *row, struct value *v)
{
	if (!walk_row(row)->rec.area || area_is_region(walk_row(row)->rec.area))
		return;
	vma_perm(walk_row(row)->walk.area.vma_flags, v->buf);
	value_text(v, v->buf);
}

static void get_swap_type(const void *row, struct value *v)
{
	if (vmscope_has_slot(&walk_row(row)->rec))
		value_number(v, VMSCOPE_SLOT_TYPE(walk_row(row)->rec.value));
}

static void get_swap_offset(const void *row, struct value *v)
{
	if (vmscope_has_slot(&walk_row(row)->rec))
		value_number(v, VMSCOPE_SLOT_OFFSET(walk_row(row)->rec.value));
}

static void get_swap_device(const void *row, struct value *v)
{
	const struct walk_row *walk = row;

	if (!vmscope_has_slot(&walk->rec))
		return;
	v->text = swap_device_name(&walk->devices,
				   VMSCOPE_SLOT_TYPE(walk->rec.value));
	v->known = v->text;
}

static struct access_page access_page(const struct walk_row *row)
{
	return (struct access_page){
		.rec = &row->rec,
		.behind = row->walk.behind,
		.knows_uffd = row->info->features & VMSCOPE_FEAT_UFFD_FEATURES,
		.uffd_features = row->walk.uffd_features,
	};
}

static void get_access(const void *row, enum access access, struct value *v)
{
	const struct access_page page = access_page(row);

	value_text(v, access_outcome(access, &page));
}

static void get_behind(const void *row, struct value *v)
{
	if (walk_row(row)->walk.behind)
		value_text(v, behind_name(walk_row(row)->walk.behind));
}

#define ACCESS_GETTER(name, access)                              \
	static void get_##name(const void *row, struct value *v) \
	{                                                        \
		get_access(row, access, v);                      \
	}

ACCESS_GETTER(read, ACCESS_READ)
ACCESS_GETTER(write, ACCESS_WRITE)
ACCESS_GETTER(exec, ACCESS_EXEC)

static void get_area(const void *row, struct value *v)
{
	if (walk_row(row)->rec.area)
		value_text(v, walk_row(row)->label);
}

/* The first is of what was not asked for, and never shown. */
static const struct vmscope_bit *behind_words(void)
{
	static struct vmscope_bit words[VMSCOPE_NR_BEHIND];

	for (uint64_t b = 1; b < VMSCOPE_NR_BEHIND; b++)
		words[b - 1].name = behind_name(b);
	return words;
}

#define LEVEL_COLUMNS(name)                                              \
	COLUMN(name##_index, 9, NUMBER, "index of the " #name " entry"), \
		COLUMN(name##_entry, 12, HEX,                            \
		       "address of the " #name " entry"),                \
		COLUMN(name##_raw, 16, HEX,                              \
		       "the " #name " entry as it stands in memory"),    \
		COLUMN(name##_flags, 19, LIST,                           \
		       "names of the " #name " entry's bits")

/* clang-format off: one column a row */
static const struct column columns[] = {
	COLUMN(virtual, 16, HEX, "the address"),
	COLUMN(physical, 16, HEX, "its physical address"),
	COLUMN(pfn, 8, NUMBER, "its page frame"),
	COLUMN(kernel_alias, 16, HEX, "where the kernel's direct map has it"),
	COLUMN(offset, 8, HEX, "offset in the page"),
	COLUMN(page_size, 9, SIZE, "bytes that the leaf maps"),
	COLUMN_NAMED(level, 5, vmscope_level_table,
		     "level where the walk ends"),
	COLUMN_NAMED(state, 10, vmscope_state_table,
		     "what the entry stands for"),
	COLUMN_WORDS(perm, 4, TEXT, perm_words,
		     "what user mode may do, or the kernel in its half"),
	COLUMN_WORDS(vperm, 5, TEXT, area_perm_words, "what the area allows"),
	COLUMN(swap_type, 9, NUMBER, "number of the swap device"),
	COLUMN(swap_offset, 11, NUMBER, "slot on the swap device"),
	COLUMN(swap_device, 11, TEXT,
	       "name of the swap device; with ? where it is a guess"),
	COLUMN(read, 10, TEXT, "what a read by user mode does"),
	COLUMN(write, 10, TEXT, "what a write by user mode does"),
	COLUMN(exec, 10, TEXT, "what executing by user mode does"),
	COLUMN_WORDS(behind, 10, TEXT, behind_words,
		     "what an access finds where no page is mapped"),
	COLUMN(root, 12, HEX, "physical address of the root table"),
	LEVEL_COLUMNS(pgd),
	LEVEL_COLUMNS(p4d),
	LEVEL_COLUMNS(pud),
	LEVEL_COLUMNS(pmd),
	LEVEL_COLUMNS(pte),
	COLUMN_THAT(area, 12, TEXT, WIDE, 0, "name of the area or region"),
};

/* clang-format on */

static const struct column_set walk_columns = {
	columns,
	ARRAY_SIZE(columns),
	"virtual,physical,level,page_size,state,perm,vperm,area",
};

static const char *root_name(const struct vmscope_info *info)
{
	return info->arch == VMSCOPE_ARCH_X86_64 ? "CR3" : "root";
}

static void print_hex(const char *lead, uint64_t number, bool known)
{
	if (known)
		printf("%s0x%016llx", lead, (unsigned long long)number);
	else
		printf("%s%-18s", lead, "withheld");
}

static void print_virtual(const struct walk_row *row)
{
	char perm[5];

	printf("virtual   0x%016llx", (unsigned long long)row->walk.addr);
	if (area_is_region(row->rec.area)) {
		printf("   region %s\n", row->label);
	} else if (row->rec.area) {
		vma_perm(row->walk.area.vma_flags, perm);
		printf("   area ");
		text_print(row->label);
		printf(" %s\n", perm);
	} else if (row->walk.addr >= row->info->user_end) {
		puts("   kernel's half");
	} else {
		puts("   in no area");
	}
}

static void print_level(const struct walk_row *row, unsigned int i)
{
	const struct vmscope_walk_level *l = &row->walk.levels[i];
	bool known = !(l->flags & VMSCOPE_F_WITHHELD);
	char flags[128], size[16], name[16];

	snprintf(name, sizeof(name), "%s[%llu]", vmscope_level_name(l->level),
		 (unsigned long long)l->index);
	for (char *c = name; *c; c++)
		*c = toupper((unsigned char)*c);
	printf("  %-9s", name);
	print_hex(" ", l->entry_phys, l->entry_phys);
	print_hex(" => ", l->raw, known);
	level_flags(row, i, flags, sizeof(flags));
	if (*flags)
		printf("   %s", flags);
	else if (is_last(row, i))
		printf("   %s", known && !l->raw ? "empty" : "not present");
	if (is_leaf(row, i))
		printf("     %s leaf",
		       format_size(leaf_bytes(row), size, sizeof(size)));
	putchar('\n');
}

static void print_physical(const struct walk_row *row)
{
	uint64_t page = row->info->page_size;

	printf("  %-9s 0x%llx\n", "offset",
	       (unsigned long long)(row->walk.addr & (leaf_bytes(row) - 1)));
	print_hex("physical  ", row->walk.phys, !is_withheld(row));
	if (is_withheld(row)) {
		putchar('\n');
		return;
	}
	printf("   frame 0x%llx", (unsigned long long)(row->walk.phys / page));
	if (row->walk.kernel_alias)
		printf(", kernel alias 0x%llx",
		       (unsigned long long)row->walk.kernel_alias);
	putchar('\n');
}

static const char *huge_words(const struct vmscope_record *rec)
{
	if (rec->level <= VMSCOPE_LEVEL_PTE ||
	    !(rec->flags & VMSCOPE_F_PRESENT))
		return "";
	switch (rec->state) {
	case VMSCOPE_STATE_ANON:
	case VMSCOPE_STATE_FILE:
	case VMSCOPE_STATE_SHMEM:
		return ", transparent huge page";
	default:
		return "";
	}
}

static void print_slot(const struct walk_row *row)
{
	struct value v = { 0 };

	get_swap_device(row, &v);
	printf(", slot %llu of %s (swap type %llu)",
	       (unsigned long long)VMSCOPE_SLOT_OFFSET(row->rec.value),
	       v.known ? v.text : "an unknown device",
	       (unsigned long long)VMSCOPE_SLOT_TYPE(row->rec.value));
}

static void print_page(const struct walk_row *row)
{
	const uint64_t shown = VMSCOPE_F_SOFT_DIRTY | VMSCOPE_F_UFFD_WP |
			       VMSCOPE_F_SPECIAL | VMSCOPE_F_PROTNONE |
			       VMSCOPE_F_EXCLUSIVE | VMSCOPE_F_RACED;
	const struct vmscope_record *rec = &row->rec;

	printf("page      %s%s", vmscope_state_name(rec->state),
	       huge_words(rec));
	if (vmscope_has_slot(rec))
		print_slot(row);
	else if (vmscope_has_frame(rec) && !(rec->flags & VMSCOPE_F_PRESENT))
		printf(", frame 0x%llx", (unsigned long long)rec->value);
	else if (row->walk.behind == VMSCOPE_BEHIND_CACHED)
		printf(", in the page cache");
	for (const struct vmscope_bit *b = vmscope_flag_table(); b->name; b++) {
		if (rec->flags & shown & b->value)
			printf(", %s", b->name);
	}
	if (rec->flags & VMSCOPE_F_PRESENT && rec->cache != VMSCOPE_CACHE_WB)
		printf(", memory type %s", vmscope_cache_name(rec->cache));
	if (rec->pkey)
		printf(", protection key %u", rec->pkey);
	putchar('\n');
}

/* What the kernel itself may do; a fault of its own is an oops. */
static void print_kernel_access(const struct walk_row *row)
{
	struct value v = { 0 };

	if (row->rec.state == VMSCOPE_STATE_UNKNOWN) {
		puts("access    not known");
		return;
	}
	get_perm(row, &v);
	printf("access    the kernel %s, user mode %s\n", v.text,
	       row->rec.flags & VMSCOPE_F_USER ?
		       "too, as far as the leaf allows" :
		       "none");
}

/* Accesses that end alike are named together. */
static void print_access(const struct walk_row *row)
{
	static const char *const names[] = { "read", "write", "exec" };
	const char *dot = utf8_locale() ? " \xc2\xb7 " : "; ";
	const struct access_page page = access_page(row);
	const char *outcome[ARRAY_SIZE(names)];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		outcome[i] = access_outcome(i, &page);
	fputs("access    ", stdout);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		bool more = i + 1 < ARRAY_SIZE(names) &&
			    !strcmp(outcome[i], outcome[i + 1]);

		if (more && strcmp(outcome[i], "ok"))
			printf("%s, ", names[i]);
		else
			printf("%s %s%s", names[i], outcome[i],
			       i + 1 < ARRAY_SIZE(names) ? dot : "\n");
	}
}

/**
 * walk_print - print an address: its levels, its page, and what accesses do
 * @row: the address
 * @sentence: say in words what the page is, too
 */
void walk_print(const struct walk_row *row, bool sentence)
{
	const struct access_page page = access_page(row);

	print_virtual(row);
	printf("  %-15s", root_name(row->info));
	print_hex(" ", row->walk.root_phys, row->walk.root_phys);
	putchar('\n');
	for (unsigned int i = 0; i < row->walk.nr_levels && i < MAX_LEVELS; i++)
		print_level(row, i);
	if (row->rec.flags & VMSCOPE_F_PRESENT)
		print_physical(row);
	print_page(row);
	if (row->kernel)
		print_kernel_access(row);
	else
		print_access(row);
	if (sentence)
		printf("in words  %s\n", state_sentence(&page));
}

/**
 * walk_addr - walk an address and decode its page
 * @target: bound to what has the address
 * @addr: any canonical address
 * @row: filled
 *
 * Return: 0 or a negative errno.
 */
int walk_addr(struct target *target, uint64_t addr, struct walk_row *row)
{
	int ret;

	swap_devices_free(&row->devices);
	memset(row, 0, sizeof(*row));
	row->info = target->info;
	row->kernel = target->kernel;
	ret = vmscope_walk_addr(target->scope, addr, &row->walk, row->name,
				sizeof(row->name));
	if (ret)
		return ret;
	vmscope_page_decode(row->info, &row->walk.page, &row->rec);
	if (row->walk.area.end) {
		row->rec.area = &row->walk.area;
		area_label(&row->walk.area, row->name, row->label,
			   sizeof(row->label));
	}
	if (vmscope_has_slot(&row->rec)) {
		swap_devices_read(&row->devices, row->info->max_slot_type);
		swap_devices_see(&row->devices,
				 VMSCOPE_SLOT_TYPE(row->rec.value));
	}
	return 0;
}

static int walk_one(struct target *target, const char *addr,
		    struct walk_row *row)
{
	uint64_t virt;
	int ret;

	parse_hex(addr, &virt);
	if (target->kernel && virt < target->info->user_end) {
		tool_error("%s: not in the kernel's half; try vmscope walk PID",
			   addr);
		return EXIT_FAILED;
	}
	ret = walk_addr(target, virt, row);
	return ret ? tool_failed(VMSCOPE_OP_WALK, ret, addr) : EXIT_OK;
}

static int walk_as_text(const struct request *req, struct target *target,
			struct walk_row *row)
{
	int ret = EXIT_OK;

	for (int i = 1; i < req->argc && !ret; i++) {
		ret = walk_one(target, req->argv[i], row);
		if (ret)
			break;
		if (i > 1)
			putchar('\n');
		walk_print(row, req->opt->verbose);
	}
	return ret;
}

static int walk_as_table(const struct request *req, struct target *target,
			 struct walk_row *row, const struct column_list *list,
			 const struct filter *filter)
{
	struct output *out = output_start(req->cmd->name, list, req->opt);
	int ret = EXIT_OK;

	if (!out)
		return EXIT_FAILED;
	for (int i = 1; i < req->argc && !ret; i++) {
		ret = walk_one(target, req->argv[i], row);
		if (!ret && filter_match(filter, row))
			output_row(out, row);
	}
	output_end(out);
	return ret;
}

static bool as_table(const struct options *opt)
{
	return opt->columns || opt->output_all || opt->json || opt->raw ||
	       opt->filter;
}

static int check_addrs(const struct request *req)
{
	uint64_t addr;

	for (int i = 1; i < req->argc; i++) {
		if (!parse_hex(req->argv[i], &addr))
			continue;
		tool_error("\"%s\" is not an address, in hex and up to 64 bits",
			   req->argv[i]);
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

static int run_on_target(const struct request *req,
			 const struct column_list *list,
			 const struct filter *filter)
{
	struct walk_row *row = calloc(1, sizeof(*row));
	struct target target;
	int ret;

	if (!row) {
		tool_error("out of memory");
		return EXIT_FAILED;
	}
	ret = target_open(&target, req->argv[0]);
	if (!ret) {
		if (as_table(req->opt))
			ret = walk_as_table(req, &target, row, list, filter);
		else
			ret = walk_as_text(req, &target, row);
		if (!ret)
			hint_withheld(req, target.info);
		target_close(&target);
	}
	swap_devices_free(&row->devices);
	free(row);
	return ret;
}

static int run(const struct request *req)
{
	struct column_list list;
	struct filter *filter = NULL;
	int ret = columns_select(&walk_columns, req->opt, &list);

	if (!ret)
		ret = filter_parse(&filter, &walk_columns, req->opt->filter);
	if (!ret)
		ret = check_addrs(req);
	if (!ret)
		ret = run_on_target(req, &list, filter);
	filter_free(filter);
	return ret;
}

const struct command cmd_walk = {
	.name = "walk",
	.alias = "vtop",
	.args = "PID|kernel ADDR...",
	.help = "every level of an address, then its page",
	.min_args = 2,
	.max_args = -1,
	.takes = TAKES_KERNEL,
	.columns = &walk_columns,
	.run = run,
};
