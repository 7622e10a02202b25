// SPDX-License-Identifier: GPL-2.0-or-later
/* A walk of an address: every level of it, then what its page is. */
#include "model/walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/array.h"
#include "cli/format.h"
#include "cli/text.h"
#include "model/content.h"
#include "model/usage.h"
#include "source/proc.h"
#include "source/residency.h"

enum { MAX_LEVELS = 5 };

static const struct walk_row *walk_row(const void *row)
{
	return row;
}

static bool is_withheld(const struct walk_row *row)
{
	return row->rec.flags & VMSCOPE_F_WITHHELD ||
	       !(row->page.info->features & VMSCOPE_FEAT_FRAMES);
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
		vmscope_word_flags(row->page.info, l->level, l->flags,
				   is_leaf(row, i), buf, bytes);
	else
		vmscope_raw_flags(row->page.info, l->level, row->walk.addr,
				  l->raw, buf, bytes);
}

static const struct vmscope_walk_level *level_at(const struct walk_level *at)
{
	return at->row ? &at->row->walk.levels[at->i] : NULL;
}

GET_WHEN(get_index, number, level_at(row), level_at(row)->index)
GET_WHEN(get_entry, number, level_at(row) && level_at(row)->entry_phys,
	 level_at(row)->entry_phys)
GET_WHEN(get_raw, number,
	 level_at(row) && !(level_at(row)->flags & VMSCOPE_F_WITHHELD),
	 level_at(row)->raw)

static void get_flags(const void *at, struct value *v)
{
	const struct walk_level *level = at;

	if (!level->row)
		return;
	level_flags(level->row, level->i, v->buf, sizeof(v->buf));
	value_text(v, v->buf);
}

GET_WHEN(get_pfn, number,
	 vmscope_has_frame(&walk_row(row)->rec) && !is_withheld(row),
	 walk_row(row)->rec.value)
GET_WHEN(get_offset, number, true,
	 (walk_row(row)->walk.addr & (walk_row(row)->leaf_bytes - 1)))

static bool is_present(const void *row)
{
	return walk_row(row)->rec.flags & VMSCOPE_F_PRESENT;
}

GET_WHEN(get_behind, text, walk_row(row)->walk.behind,
	 behind_name(walk_row(row)->walk.behind))

static bool has_area(const void *row)
{
	return walk_row(row)->rec.area;
}

static bool has_mapcount(const void *row)
{
	return walk_row(row)->walk.frame.known & VMSCOPE_FACT_MAPCOUNT;
}

static bool has_zram(const void *row)
{
	return walk_row(row)->has_zram;
}

GET_WHEN(get_new_size, number,
	 walk_row(row)->outcome[ACCESS_WRITE] == MINOR_NEW_PAGE,
	 walk_row(row)->new_bytes)
GET_WHEN(get_file_offset, number, area_has_file(walk_row(row)->rec.area),
	 content_offset(row))
GET_WHEN(get_content, text, true, content_name(row))
GET_WHEN(get_reclaim, text, true, content_reclaim(row))

#define LEVEL(level, getter) \
	GET_OF(struct walk_row, levels[VMSCOPE_LEVEL_##level], getter)

#define LEVEL_COLUMNS(name, level)                                      \
	COLUMN(name##_index, 9, NUMBER, "index of the " #name " entry", \
	       LEVEL(level, get_index)),                                \
		COLUMN(name##_entry, 12, HEX,                           \
		       "address of the " #name " entry",                \
		       LEVEL(level, get_entry)),                        \
		COLUMN(name##_raw, 16, HEX,                             \
		       "the " #name " entry as it stands in memory",    \
		       LEVEL(level, get_raw)),                          \
		COLUMN(name##_flags, 19, LIST,                          \
		       "names of the " #name " entry's bits",           \
		       LEVEL(level, get_flags))

#define PAGE(getter) GET_OF(struct walk_row, page, getter)

static const struct column columns[] = {
	COLUMN(virtual, 16, HEX, "the address",
	       FIELD(struct walk_row, walk.addr)),
	COLUMN(physical, 16, HEX, "its physical address",
	       OPTIONAL(struct walk_row, walk.phys)),
	COLUMN(pfn, 8, NUMBER, "its page frame", GET(get_pfn)),
	COLUMN(kernel_alias, 16, HEX, "where the kernel's direct map has it",
	       OPTIONAL(struct walk_row, walk.kernel_alias)),
	COLUMN(offset, 8, HEX, "offset in the page", GET(get_offset)),
	COLUMN(page_size, 9, SIZE, "bytes that the leaf maps",
	       FIELD(struct walk_row, leaf_bytes), .when = is_present),
	COLUMN(level, 5, TEXT, "level where the walk ends",
	       FIELD(struct walk_row, rec.level), NAMES(vmscope_level_table)),
	COLUMN(state, 10, TEXT, "what the entry stands for", PAGE(page_state),
	       NAMES(vmscope_state_table)),
	COLUMN(perm, 4, TEXT,
	       "what user mode may do, or the kernel in its half",
	       PAGE(page_perm), .words = &perm_words),
	COLUMN(vperm, 5, TEXT, "what the area allows", PAGE(page_vperm),
	       .words = &area_perm_words),
	COLUMN(swap_type, 9, NUMBER, "number of the swap device",
	       PAGE(page_swap_type)),
	COLUMN(swap_offset, 11, NUMBER, "slot on the swap device",
	       PAGE(page_swap_offset)),
	COLUMN(swap_device, 11, TEXT,
	       "name of the swap device; with ? where it is a guess",
	       PAGE(page_swap_device)),
	COLUMN(mapcount, 8, NUMBER, "page table entries that map the page",
	       FIELD(struct walk_row, walk.frame.mapcount),
	       .when = has_mapcount),
	COLUMN(content, 10, TEXT, "where its content is", GET(get_content),
	       WORDS_OF(content_table)),
	COLUMN(file_offset, 11, HEX, "its offset in the file of the area",
	       GET(get_file_offset)),
	COLUMN(zram_age, 8, TENTHS,
	       "seconds since zram stored or read its block",
	       FIELD(struct walk_row, zram.age), .when = has_zram),
	COLUMN(zram_state, 12, LIST, "how zram has its block",
	       FIELD(struct walk_row, zram.state), .when = has_zram),
	COLUMN(reclaim, 12, TEXT, "what happens to it if memory runs short",
	       GET(get_reclaim), WORDS_OF(reclaim_table)),
	OUTCOME_COLUMNS(struct walk_row),
	COLUMN(new_size, 8, SIZE, "largest page that a first write makes",
	       GET(get_new_size)),
	COLUMN(behind, 10, TEXT, "what an access finds where no page is mapped",
	       GET(get_behind), WORDS_OF(behind_table)),
	COLUMN(root, 12, HEX, "physical address of the root table",
	       OPTIONAL(struct walk_row, walk.root_phys)),
	LEVEL_COLUMNS(pgd, PGD),
	LEVEL_COLUMNS(p4d, P4D),
	LEVEL_COLUMNS(pud, PUD),
	LEVEL_COLUMNS(pmd, PMD),
	LEVEL_COLUMNS(pte, PTE),
	COLUMN(area, 12, TEXT, "name of the area or region",
	       FIELD(struct walk_row, label), .when = has_area, .needs = WIDE),
};

const struct column_set walk_columns = COLUMN_SET(
	columns, "virtual,physical,level,page_size,state,perm,vperm,area");
const struct column_set explain_columns = COLUMN_SET(
	columns,
	"virtual,level,state,perm,vperm,content,reclaim,read,write,exec,area");

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
	} else if (row->walk.addr >= row->page.info->kernel_start) {
		puts("   kernel's half");
	} else {
		puts("   in no area");
	}
}

/* Which bits of the address are the index. */
static void print_bits(const struct vmscope_info *info, unsigned int level)
{
	unsigned int low = info->level_shift[level];
	unsigned int wide = info->level_shift[VMSCOPE_LEVEL_PMD] -
			    info->level_shift[VMSCOPE_LEVEL_PTE];

	printf("   bits %u-%u", low + wide - 1, low);
}

static void print_level(const struct walk_row *row, unsigned int i, bool bits)
{
	const struct vmscope_walk_level *l = &row->walk.levels[i];
	bool known = !(l->flags & VMSCOPE_F_WITHHELD);
	char flags[128], size[16], name[32];

	page_entry_name(l->level, l->index, l->index, name, sizeof(name));
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
		       format_size(row->leaf_bytes, size, sizeof(size)));
	if (bits)
		print_bits(row->page.info, l->level);
	putchar('\n');
}

static void print_physical(const struct walk_row *row)
{
	uint64_t page = row->page.info->page_size;

	printf("  %-9s 0x%llx\n", "offset",
	       (unsigned long long)(row->walk.addr & (row->leaf_bytes - 1)));
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

static bool is_transparent_huge(const struct vmscope_record *rec)
{
	return rec->level > VMSCOPE_LEVEL_PTE &&
	       rec->flags & VMSCOPE_F_PRESENT &&
	       (rec->state == VMSCOPE_STATE_ANON ||
		rec->state == VMSCOPE_STATE_FILE ||
		rec->state == VMSCOPE_STATE_SHMEM);
}

static void print_page(const struct walk_row *row)
{
	const uint64_t shown = VMSCOPE_F_SOFT_DIRTY | VMSCOPE_F_UFFD_WP |
			       VMSCOPE_F_SPECIAL | VMSCOPE_F_PROTNONE |
			       VMSCOPE_F_EXCLUSIVE | VMSCOPE_F_RACED;
	const struct vmscope_record *rec = &row->rec;
	char slot[LABEL_BYTES];

	printf("page      %s%s", vmscope_state_name(rec->state),
	       is_transparent_huge(rec) ? ", transparent huge page" : "");
	if (vmscope_has_slot(rec)) {
		content_slot(row, slot, sizeof(slot));
		printf(", %s", slot);
	} else if (vmscope_has_frame(rec) &&
		   !(rec->flags & VMSCOPE_F_PRESENT)) {
		printf(", frame 0x%llx", (unsigned long long)rec->value);
	} else if (row->walk.behind == VMSCOPE_BEHIND_CACHED ||
		   row->walk.behind == VMSCOPE_BEHIND_READ_AHEAD) {
		printf(", in the page cache");
	}
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

/* What the kernel itself may do; if it faults there, that is an oops. */
static void print_kernel_access(const struct walk_row *row)
{
	struct value v = { 0 };

	if (row->rec.state == VMSCOPE_STATE_UNKNOWN) {
		puts("access    not known");
		return;
	}
	page_perm(&row->page, &v);
	printf("access    the kernel %s, user mode %s\n", v.text,
	       row->rec.flags & VMSCOPE_F_USER ?
		       "too, as far as the leaf allows" :
		       "none");
}

static void print_outcome(const struct walk_row *row, enum outcome outcome)
{
	char size[16];

	fputs(outcome_name(outcome), stdout);
	if (outcome == MINOR_NEW_PAGE &&
	    row->new_bytes > row->page.info->page_size)
		printf(" (up to %s)",
		       format_size(row->new_bytes, size, sizeof(size)));
}

/* Accesses with the same result are named together. */
static void print_access(const struct walk_row *row)
{
	static const char *const names[] = { "read", "write", "exec" };
	const char *dot = utf8_locale() ? " \xc2\xb7 " : "; ";
	const enum outcome *outcome = row->outcome;

	fputs("access    ", stdout);
	for (int i = 0; i < NR_ACCESSES; i++) {
		printf("%s", names[i]);
		if (i + 1 < NR_ACCESSES && outcome[i] == outcome[i + 1] &&
		    outcome[i] != OK) {
			fputs(", ", stdout);
			continue;
		}
		putchar(' ');
		print_outcome(row, outcome[i]);
		fputs(i + 1 < NR_ACCESSES ? dot : "\n", stdout);
	}
}

static void print_content(const struct walk_row *row)
{
	const struct vmscope_frame *frame = &row->walk.frame;
	char text[2 * LABEL_BYTES];

	content_text(row, text, sizeof(text));
	fputs("content   ", stdout);
	text_print(text);
	if (has_mapcount(row) && frame->mapcount)
		printf("\nsharing   mapped %llu time%s%s",
		       (unsigned long long)frame->mapcount,
		       frame->mapcount == 1 ? "" : "s",
		       frame->known & VMSCOPE_FACT_ESTIMATE ?
			       ", on average over its folio" :
			       "");
	printf("\nreclaim   %s\n", content_reclaim(row));
}

/* An address for people; @story: also its content, and the page in words. */
void walk_print(const struct walk_row *row, bool story)
{
	print_virtual(row);
	printf("  %-15s",
	       row->page.info->arch == VMSCOPE_ARCH_X86_64 ? "CR3" : "root");
	print_hex(" ", row->walk.root_phys, row->walk.root_phys);
	putchar('\n');
	for (unsigned int i = 0; i < row->walk.nr_levels && i < MAX_LEVELS; i++)
		print_level(row, i, story);
	if (row->rec.flags & VMSCOPE_F_PRESENT)
		print_physical(row);
	print_page(row);
	if (story && !row->kernel)
		print_content(row);
	if (row->kernel)
		print_kernel_access(row);
	else
		print_access(row);
	if (story)
		printf("in words  %s\n", state_sentence(&row->access));
}

/* Sets the row's pointers to its own fields. */
static void join(struct walk_row *row, const struct vmscope_info *info)
{
	unsigned int level = row->rec.level;

	row->page.info = info;
	row->page.rec = &row->rec;
	row->page.label = row->label;
	row->page.devices = &row->devices;
	row->leaf_bytes = level && level < VMSCOPE_NR_LEVELS ?
				  1ULL << info->level_shift[level] :
				  info->page_size;
	for (unsigned int i = 0; i < row->walk.nr_levels && i < MAX_LEVELS;
	     i++) {
		level = row->walk.levels[i].level;
		if (level < VMSCOPE_NR_LEVELS)
			row->levels[level] = (struct walk_level){ row, i };
	}
}

/* Whether the swap cache holds a page of shared memory. */
static enum fact is_swap_cached(const struct target *target,
				const struct walk_row *row)
{
	struct residency *res = malloc(sizeof(*res));
	enum fact fact = FACT_UNKNOWN;

	if (res && residency_open(res, target, &row->walk.area))
		fact = residency_of(res, content_offset(row));
	if (res)
		residency_close(res);
	free(res);
	return fact;
}

static void find_slot(const struct target *target, struct walk_row *row)
{
	unsigned int type = VMSCOPE_SLOT_TYPE(row->rec.value);

	/* The devices of an address that was walked before are those of all. */
	if (!row->devices.nr)
		usage_see_devices(target, NULL, &row->devices);
	swap_devices_see(&row->devices, type);
	if (swap_device_kind(&row->devices, type) == SWAP_ZRAM)
		row->has_zram = zram_block_read(
			swap_device_name(&row->devices, type),
			VMSCOPE_SLOT_OFFSET(row->rec.value), &row->zram);
}

/* Where the kernel acts for the page of old system calls, maps lists it. */
static bool is_vsyscall(const struct target *target, uint64_t addr)
{
	const uint64_t page = 0xffffffffff600000, bytes = 4096;
	char path[128], line[8192];
	bool found = false;
	FILE *maps;

	if (addr / bytes != page / bytes)
		return false;
	/* where /proc is another namespace's, take our own for it */
	if (!proc_of_target(target, "maps", path, sizeof(path)))
		snprintf(path, sizeof(path), "%s/self/maps", proc_root);
	maps = fopen(path, "re");
	while (maps && !found && fgets(line, sizeof(line), maps))
		found = strtoull(line, NULL, 16) == page;
	if (maps)
		fclose(maps);
	return found;
}

/* What accesses and the content depend on, besides the walk itself. */
static void find_facts(const struct target *target, struct walk_row *row)
{
	struct access_page *access = &row->access;
	struct thp_sizes thp;

	*access = (struct access_page){
		.rec = &row->rec,
		.behind = row->walk.behind,
		.knows_uffd = target->info->features &
			      VMSCOPE_FEAT_UFFD_FEATURES,
		.uffd_features = row->walk.uffd_features,
		.vsyscall = is_vsyscall(target, row->walk.addr),
	};
	if (access->behind == VMSCOPE_BEHIND_STACK)
		access->grows =
			stack_may_grow(target, row->walk.addr, &access->above);
	if (row->rec.area && row->rec.area->name_kind == VMSCOPE_NAME_HUGETLB)
		access->huge_left = huge_page_left(target, row->rec.area);
	else if (row->rec.area && row->rec.area->inode)
		access->full = file_system_full(target, row->rec.area);
	if (access->behind == VMSCOPE_BEHIND_SWAPPED)
		access->swap_cached = is_swap_cached(target, row);
	if (vmscope_has_slot(&row->rec))
		find_slot(target, row);
	thp_sizes_read(&thp, target->info->page_size);
	access->new_by_read = thp_by_read(&row->rec, &thp, target->info);
	row->new_bytes = thp_bytes_at(&row->rec, &thp, target->info);
	access_outcomes(access, row->outcome);
}

/*
 * Walks any canonical address and decodes its page: 0 or a negative errno. A
 * row may be filled again, for the same target.
 */
int walk_addr(struct target *target, uint64_t addr, struct walk_row *row)
{
	const struct swap_devices devices = row->devices;
	int ret;

	memset(row, 0, sizeof(*row));
	row->devices = devices;
	row->kernel = target->kernel;
	ret = vmscope_walk_addr(target->scope, addr, &row->walk, row->name,
				sizeof(row->name));
	if (ret)
		return ret;
	vmscope_page_decode(target->info, &row->walk.page, &row->rec);
	join(row, target->info);
	if (row->walk.area.end) {
		row->rec.area = &row->walk.area;
		area_label(&row->walk.area, row->name, row->label,
			   sizeof(row->label));
	}
	find_facts(target, row);
	return 0;
}
