// SPDX-License-Identifier: GPL-2.0-or-later
/* What the next access to each page does, in rows and in sums. */
#include "model/forecast.h"

#include "model/vma.h"

enum {
	PERM = VMSCOPE_F_PERM_READ | VMSCOPE_F_PERM_WRITE | VMSCOPE_F_PERM_EXEC
};

static const struct forecast_row *forecast_row(const void *row)
{
	return row;
}

static uint64_t row_bytes(const struct forecast_row *row)
{
	return row->rec.end - row->rec.addr;
}

GET_WHEN(get_size, number, true, row_bytes(row))
GET_WHEN(get_pages, number, true,
	 (row_bytes(row) / forecast_row(row)->page.info->page_size))

#define PAGE(getter) GET_OF(struct forecast_row, page, getter)

static const struct column columns[] = {
	COLUMN(start, 12, HEX, "first address",
	       FIELD(struct forecast_row, rec.addr), .needs = ADDRESS),
	COLUMN(end, 12, HEX, "end, exclusive",
	       FIELD(struct forecast_row, rec.end), .needs = ADDRESS),
	COLUMN(size, 6, SIZE, "bytes", GET(get_size)),
	COLUMN(pages, 7, NUMBER, "base pages", GET(get_pages)),
	COLUMN(perm, 4, TEXT, "what user mode may do without a fault",
	       PAGE(page_perm), .words = &perm_words),
	COLUMN(vperm, 5, TEXT, "what the area allows", PAGE(page_vperm),
	       .words = &area_perm_words),
	OUTCOME_COLUMNS(struct forecast_row),
	COLUMN(area, 12, TEXT, "name of the area",
	       FIELD(struct forecast_row, page.label), .needs = WIDE),
};

const struct column_set forecast_columns =
	COLUMN_SET(columns, "start,size,read,write,area");

static void get_access(const void *at, struct value *v)
{
	static const char *const names[] = { "read", "write", "exec" };

	value_text(v, names[*(const uint64_t *)at]);
}

#define FATE(name, kind, help)        \
	COLUMN(name, 8, NUMBER, help, \
	       FIELD(struct forecast_sum, fate[FATE_##kind]))

static const struct column sum_columns[] = {
	COLUMN(access, 6, TEXT, "one to each page",
	       GET_OF(struct forecast_sum, access, get_access),
	       WORDS("read,write,exec")),
	COLUMN(pages, 8, NUMBER, "base pages",
	       FIELD(struct forecast_sum, pages)),
	FATE(ok, OK, "pages without a fault"),
	FATE(minor, MINOR, "pages with a fault that reads nothing"),
	FATE(swap, SWAP, "pages that come from a swap device"),
	FATE(file, FILE, "pages that come from a file"),
	FATE(userfaultfd, UFFD, "pages that wait for userfaultfd"),
	FATE(signal, SIGNAL, "pages where it gets a signal"),
	FATE(unsure, UNSURE, "pages whose outcome is not known"),
	COLUMN(faults, 8, NUMBER, "faults, if each page has its own",
	       FIELD(struct forecast_sum, faults)),
	COLUMN(faults_least, 8, NUMBER,
	       "faults, if each maps as much as it can: folios, huge pages",
	       FIELD(struct forecast_sum, faults_least)),
	COLUMN(bytes, 6, SIZE, "bytes read, without read-ahead",
	       FIELD(struct forecast_sum, bytes)),
	COLUMN(bytes_least, 6, SIZE,
	       "the same, if the swap cache has what it may have",
	       FIELD(struct forecast_sum, bytes_least)),
};

const struct column_set forecast_sum_columns = COLUMN_SET(
	sum_columns,
	"access,pages,ok,minor,swap,file,signal,unsure,faults,faults_least,bytes");

/* Whether @next continues @row, so that both can be one. */
bool forecast_row_joins(const struct forecast_row *row,
			const struct forecast_row *next)
{
	for (int i = 0; i < NR_ACCESSES; i++) {
		if (row->outcome[i] != next->outcome[i])
			return false;
	}
	return row->rec.end == next->rec.addr &&
	       !((row->rec.flags ^ next->rec.flags) & PERM);
}

static uint64_t entry_bytes(const struct vmscope_record *rec,
			    const struct vmscope_info *info)
{
	if (rec->area->vma_flags & VMSCOPE_VMA_HUGETLB)
		return rec->area->page_size;
	return rec->flags & VMSCOPE_F_PRESENT ?
		       1ULL << info->level_shift[rec->level] :
		       info->page_size;
}

/*
 * Whether a write may split a huge entry, so that its other pages have faults
 * of their own.
 * Source: wp_huge_pmd() in mm/memory.c, do_huge_pmd_wp_page() in
 * mm/huge_memory.c
 */
static bool may_split(enum access access, const struct vmscope_record *rec)
{
	return access == ACCESS_WRITE && rec->flags & VMSCOPE_F_PRESENT &&
	       rec->level > VMSCOPE_LEVEL_PTE &&
	       !(rec->area->vma_flags & VMSCOPE_VMA_HUGETLB);
}

/* What a fault maps at least. */
static uint64_t fault_bytes(enum access access, const struct forecast_row *row,
			    const struct vmscope_info *info)
{
	return may_split(access, &row->rec) ? info->page_size :
					      entry_bytes(&row->rec, info);
}

/*
 * What a fault maps at most. A whole folio of a file or of shared memory, or
 * one that comes back from swap, may be mapped at once, and its size shows only
 * when it is mapped; fault-around maps no more. A copy of a file's page is a
 * base page.
 */
static uint64_t most_bytes(enum access access, const struct forecast_row *row,
			   const struct forecast_facts *facts)
{
	const struct vmscope_record *rec = &row->rec;
	uint64_t huge = 1ULL << facts->info->level_shift[VMSCOPE_LEVEL_PMD];
	uint64_t entry = entry_bytes(rec, facts->info);
	uint64_t thp = thp_bytes(rec, &facts->thp, facts->info);

	if (rec->area->vma_flags & VMSCOPE_VMA_HUGETLB)
		return entry;
	switch (row->outcome[access]) {
	case MINOR_ZERO_PAGE:
	case MINOR_ZERO_OR_NEW:
		return thp < huge ? entry : huge;
	case MINOR_NEW_PAGE:
		return rec->flags & VMSCOPE_F_PRESENT ? entry : thp;
	case MINOR_COPY:
	case MINOR_UNPROTECT:
		return fault_bytes(access, row, facts->info);
	case MINOR_NUMA:
	case MINOR_SWAP_CACHE:
	case MAJOR_SWAP:
	case MAJOR_SWAP_LIKELY:
		return rec->area->name_kind == VMSCOPE_NAME_SHMEM ||
				       thp > entry ?
			       huge :
			       entry;
	case MINOR_MAP:
	case MINOR_NEW_CACHE:
	case MAJOR_READ:
		return huge;
	default:
		return entry;
	}
}

/* Aligned blocks of @unit bytes that no earlier fault has mapped. */
static void count_blocks(struct forecast_sum *sum, uint64_t *covered,
			 const struct vmscope_record *rec, uint64_t unit)
{
	uint64_t start = rec->addr & -unit, end = (rec->end + unit - 1) & -unit;

	if (start < *covered)
		start = (*covered + unit - 1) & -unit;
	if (start < end)
		sum->faults_least += (end - start) / unit;
	*covered = end;
}

static void count_faults(struct forecast_sum *sum, uint64_t *covered,
			 const struct forecast_row *row,
			 const struct forecast_facts *facts)
{
	uint64_t least = fault_bytes(sum->access, row, facts->info);
	uint64_t most = most_bytes(sum->access, row, facts);
	uint64_t faults = (row_bytes(row) + least - 1) / least;

	sum->faults += faults;
	if (most > least)
		count_blocks(sum, covered, &row->rec, most);
	else
		sum->faults_least += faults;
}

/*
 * Adds the pages of a row, which are entries of one level and one state, in
 * address order. Up to @covered, 0 at the start of an area, nothing needs a
 * fault any more if each maps as much as it can.
 */
void forecast_count(struct forecast_sum sums[NR_ACCESSES],
		    uint64_t covered[NR_ACCESSES],
		    const struct forecast_row *row,
		    const struct forecast_facts *facts)
{
	uint64_t bytes = row_bytes(row);

	for (int i = 0; i < NR_ACCESSES; i++) {
		enum fate fate = outcome_fate(row->outcome[i]);
		struct forecast_sum *sum = &sums[i];

		sum->access = i;
		sum->pages += bytes / facts->info->page_size;
		sum->fate[fate] += bytes / facts->info->page_size;
		if (fate != FATE_MINOR && fate != FATE_SWAP &&
		    fate != FATE_FILE)
			continue;
		count_faults(sum, &covered[i], row, facts);
		if (fate == FATE_MINOR)
			continue;
		sum->bytes += bytes;
		if (row->outcome[i] != MAJOR_SWAP_LIKELY)
			sum->bytes_least += bytes;
	}
}

void forecast_add(struct forecast_sum to[NR_ACCESSES],
		  const struct forecast_sum from[NR_ACCESSES])
{
	for (int i = 0; i < NR_ACCESSES; i++) {
		to[i].access = i;
		to[i].pages += from[i].pages;
		for (int k = 0; k < NR_FATES; k++)
			to[i].fate[k] += from[i].fate[k];
		to[i].faults += from[i].faults;
		to[i].faults_least += from[i].faults_least;
		to[i].bytes += from[i].bytes;
		to[i].bytes_least += from[i].bytes_least;
	}
}
