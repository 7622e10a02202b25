// SPDX-License-Identifier: GPL-2.0-or-later
/* The summary for people: a few lines, the label first. */
#include "model/screen.h"

#include <stdarg.h>
#include <stdio.h>

#include "cli/format.h"
#include "cli/text.h"

/* A line being put together. */
struct screen {
	bool bytes; /* sizes in bytes */
	unsigned int parts; /* parts so far, after the headline number */
};

static const char *size_text(const struct screen *screen, uint64_t size,
			     char *buf, size_t bytes)
{
	if (!screen->bytes)
		return format_size(size, buf, bytes);
	snprintf(buf, bytes, "%llu", (unsigned long long)size);
	return buf;
}

static void begin(struct screen *screen, const char *label, const char *text)
{
	screen->parts = 0;
	printf("%-10s%8s", label, text);
}

static void begin_size(struct screen *screen, const char *label, uint64_t size)
{
	char text[32];

	begin(screen, label, size_text(screen, size, text, sizeof(text)));
}

static void begin_number(struct screen *screen, const char *label,
			 uint64_t number)
{
	char text[32];

	format_decimal(number, text);
	begin(screen, label, text);
}

static void __attribute__((format(printf, 2, 3))) part(struct screen *screen,
						       const char *fmt, ...)
{
	const char *dot = utf8_locale() ? " \xc2\xb7 " : ", ";
	va_list ap;

	fputs(screen->parts++ ? dot : "  ", stdout);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
}

static void size_part(struct screen *screen, const char *label, uint64_t size)
{
	char text[32];

	if (size)
		part(screen, "%s %s", label,
		     size_text(screen, size, text, sizeof(text)));
}

static void end(void)
{
	putchar('\n');
}

static void print_mapped(struct screen *screen, const struct summary *sum)
{
	char tenths[32], ram[32];

	begin_size(screen, "mapped", sum->usage.mapped);
	part(screen, "in %llu areas", (unsigned long long)sum->usage.areas);
	size_text(screen, sum->ram, ram, sizeof(ram));
	if (sum->ram && sum->usage.mapped >= sum->ram)
		part(screen, "%s times the machine's memory of %s",
		     format_tenths(sum->usage.mapped / (sum->ram / 10), tenths,
				   sizeof(tenths)),
		     ram);
	else if (sum->ram)
		part(screen, "%s%% of the machine's memory of %s",
		     format_tenths(sum->usage.mapped / (sum->ram / 1000),
				   tenths, sizeof(tenths)),
		     ram);
	end();
}

static void print_leaves(struct screen *screen, const struct summary *sum,
			 const uint64_t *leaf)
{
	char label[48], page[16];

	for (unsigned int l = VMSCOPE_LEVEL_PTE; l < VMSCOPE_NR_LEVELS; l++) {
		if (!leaf[l])
			continue;
		format_size(1ULL << sum->info->level_shift[l], page,
			    sizeof(page));
		snprintf(label, sizeof(label), "%s pages", page);
		size_part(screen, label, leaf[l]);
	}
	end();
}

static void print_resident(struct screen *screen, const struct summary *sum)
{
	const struct usage *usage = &sum->usage;

	begin_size(screen, "resident", usage->resident);
	print_leaves(screen, sum, usage->leaf);
	begin(screen, "", "");
	size_part(screen, "anon", usage->state[VMSCOPE_STATE_ANON]);
	size_part(screen, "file", usage->state[VMSCOPE_STATE_FILE]);
	size_part(screen, "shmem", usage->state[VMSCOPE_STATE_SHMEM]);
	size_part(screen, "ksm", usage->state[VMSCOPE_STATE_KSM]);
	end();
	begin_size(screen, "hugetlb", usage->all_hugetlb);
	print_leaves(screen, sum, usage->hugetlb);
}

static void print_nothing(struct screen *screen, const struct summary *sum)
{
	const uint64_t *state = sum->usage.state;

	begin_size(screen, "zero pages",
		   state[VMSCOPE_STATE_ZERO] + state[VMSCOPE_STATE_HUGEZERO]);
	size_part(screen, "small", state[VMSCOPE_STATE_ZERO]);
	size_part(screen, "huge", state[VMSCOPE_STATE_HUGEZERO]);
	end();
	begin_size(screen, "empty", usage_empty(&sum->usage));
	part(screen, "mapped, but nothing is behind it now");
	end();
	begin_size(screen, "locked", sum->usage.locked);
	end();
}

static void print_swapped(struct screen *screen, const struct summary *sum)
{
	const char *name;
	char label[32];

	begin_size(screen, "swapped", sum->usage.swapped);
	size_part(screen, "zram", sum->kinds[SWAP_ZRAM]);
	size_part(screen, "disk", sum->kinds[SWAP_DISK]);
	size_part(screen, "on an unknown device", sum->kinds[SWAP_UNSURE]);
	size_part(screen, "of it shmem",
		  sum->usage.state[VMSCOPE_STATE_SHMEM_SWAP]);
	end();
	for (unsigned int t = 0; t < MAX_SWAP_DEVICES; t++) {
		if (!sum->usage.swap_type[t])
			continue;
		name = swap_device_name(&sum->devices, t);
		snprintf(label, sizeof(label), "  type %u", t);
		begin_size(screen, label, sum->usage.swap_type[t]);
		part(screen, "%s", "");
		text_print(name ? name : "unknown device");
		end();
	}
}

static void print_tables(struct screen *screen, const struct summary *sum)
{
	char fill[32], vmpte[32];

	begin_size(screen, "tables", sum->table_bytes);
	part(screen, "%s%% of their entries used",
	     format_tenths(sum->fill, fill, sizeof(fill)));
	part(screen, "%llu levels", (unsigned long long)sum->info->nr_levels);
	part(screen, "VmPTE %s",
	     size_text(screen, sum->census.pgtables_bytes, vmpte,
		       sizeof(vmpte)));
	end();
}

static void print_audit(struct screen *screen, const struct summary *sum)
{
	const struct vmscope_bit *names = finding_table();

	screen->parts = 0;
	printf("%-10s", "audit");
	for (unsigned int f = 0; f < NR_FINDINGS; f++)
		size_part(screen, names[f].name, sum->findings[f]);
	if (!screen->parts)
		printf("%8s", "clean");
	end();
}

static void print_frames(struct screen *screen, const struct summary *sum)
{
	const struct usage *usage = &sum->usage;
	char average[32];

	if (!sum->frames)
		return;
	if (!(sum->info->features & VMSCOPE_FEAT_FRAMES)) {
		begin(screen, "frames", "withheld");
		end();
		return;
	}
	begin_number(screen, "frames", usage->runs);
	part(screen, "runs of frames that follow one another");
	if (usage->runs)
		part(screen, "%s on average",
		     size_text(screen, usage->run_bytes / usage->runs, average,
			       sizeof(average)));
	end();
}

enum { PARTS_OF_A_LINE = 5 };

/* Continues on another line where this one is full. */
static void wrapped_part(struct screen *screen, const char *label,
			 uint64_t size)
{
	if (size && screen->parts == PARTS_OF_A_LINE) {
		end();
		begin(screen, "", "");
	}
	size_part(screen, label, size);
}

static bool any(const uint64_t *sums, size_t nr)
{
	while (nr && !*sums) {
		sums++;
		nr--;
	}
	return nr;
}

/* Of no interest while all are of one page. */
static void print_folios(struct screen *screen, const struct summary *sum)
{
	const uint64_t *folio = sum->usage.folio;
	char size[16];

	if (!any(folio + 1, USAGE_FOLIOS - 1))
		return;
	begin(screen, "folios", "");
	for (unsigned int i = 0; i < USAGE_FOLIOS; i++) {
		format_size(1ULL << (USAGE_FOLIO_SHIFT + i), size,
			    sizeof(size));
		wrapped_part(screen, size, folio[i]);
	}
	end();
}

static void print_nodes(struct screen *screen, const struct summary *sum)
{
	const uint64_t *node = sum->usage.node;
	char label[32];

	if (!any(node + 1, USAGE_NODES - 1))
		return;
	begin(screen, "nodes", "");
	for (unsigned int n = 0; n < USAGE_NODES; n++) {
		snprintf(label, sizeof(label), "%u%s:", n,
			 n == USAGE_NODES - 1 ? "+" : "");
		wrapped_part(screen, label, node[n]);
	}
	end();
}

static void print_tlb(struct screen *screen, const struct summary *sum)
{
	const struct tlb *tlb = &sum->tlb;

	begin_number(screen, "TLB wants", sum->tlb_need[TLB_4K]);
	part(screen, "of 4K");
	if (sum->tlb_need[TLB_2M])
		part(screen, "%llu of 2M",
		     (unsigned long long)sum->tlb_need[TLB_2M]);
	if (sum->tlb_need[TLB_1G])
		part(screen, "%llu of 1G",
		     (unsigned long long)sum->tlb_need[TLB_1G]);
	end();
	if (!tlb_is_known(tlb)) {
		begin(screen, "TLB has", "unknown");
		part(screen, "not known of this CPU");
		end();
		return;
	}
	begin_number(screen, "TLB has", tlb->entries[TLB_4K]);
	part(screen, tlb->shared ? "of 4K or 2M" : "of 4K");
	if (!tlb->shared && tlb->entries[TLB_2M])
		part(screen, "%u of 2M", tlb->entries[TLB_2M]);
	if (tlb->entries[TLB_1G])
		part(screen, "%u of 1G", tlb->entries[TLB_1G]);
	end();
}

/* The summary for people; @bytes: sizes in bytes. */
void screen_print(const struct summary *sum, bool bytes)
{
	struct screen screen = { .bytes = bytes };

	begin_number(&screen, "process", sum->pid);
	part(&screen, "%s", "");
	text_print(sum->comm);
	end();
	print_mapped(&screen, sum);
	print_resident(&screen, sum);
	print_nothing(&screen, sum);
	print_swapped(&screen, sum);
	print_tables(&screen, sum);
	print_audit(&screen, sum);
	print_frames(&screen, sum);
	print_folios(&screen, sum);
	print_nodes(&screen, sum);
	print_tlb(&screen, sum);
}
