// SPDX-License-Identifier: GPL-2.0-or-later
/* The summary for people: a few lines, the label first. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/format.h"
#include "cli/text.h"
#include "model/summary.h"

/**
 * struct screen - a line being put together
 * @bytes: sizes in bytes
 * @parts: parts so far, after the headline number
 */
struct screen {
	bool bytes;
	unsigned int parts;
};

static const char *dot(void)
{
	return utf8_locale() ? " \xc2\xb7 " : ", ";
}

static const char *size_text(const struct screen *screen, uint64_t size,
			     char *buf, size_t bytes)
{
	if (screen->bytes)
		snprintf(buf, bytes, "%llu", (unsigned long long)size);
	else
		format_size(size, buf, bytes);
	return buf;
}

static void begin(struct screen *screen, const char *label, uint64_t size)
{
	char text[32];

	screen->parts = 0;
	printf("%-10s%8s", label, size_text(screen, size, text, sizeof(text)));
}

static void __attribute__((format(printf, 2, 3))) part(struct screen *screen,
						       const char *fmt, ...)
{
	va_list ap;

	fputs(screen->parts++ ? dot() : "  ", stdout);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
}

static void name_part(struct screen *screen, const char *name)
{
	part(screen, "%s", "");
	text_print(name);
}

static void size_part(struct screen *screen, const char *what, uint64_t size)
{
	char text[32];

	if (size)
		part(screen, "%s %s", what,
		     size_text(screen, size, text, sizeof(text)));
}

static void end(void)
{
	putchar('\n');
}

static void print_mapped(struct screen *screen, const struct summary *sum)
{
	char tenths[32], ram[32];

	begin(screen, "mapped", sum->usage.mapped);
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
	char what[48], page[16];

	for (unsigned int l = VMSCOPE_LEVEL_PTE; l < VMSCOPE_NR_LEVELS; l++) {
		if (!leaf[l])
			continue;
		format_size(1ULL << sum->info->level_shift[l], page,
			    sizeof(page));
		snprintf(what, sizeof(what), "%s pages", page);
		size_part(screen, what, leaf[l]);
	}
}

static void print_resident(struct screen *screen, const struct summary *sum)
{
	const struct usage *usage = &sum->usage;

	begin(screen, "resident", usage_resident(usage));
	print_leaves(screen, sum, usage->leaf);
	end();
	printf("%-18s", "");
	screen->parts = 0;
	size_part(screen, "anon", usage->state[VMSCOPE_STATE_ANON]);
	size_part(screen, "file", usage->state[VMSCOPE_STATE_FILE]);
	size_part(screen, "shmem", usage->state[VMSCOPE_STATE_SHMEM]);
	size_part(screen, "ksm", usage->state[VMSCOPE_STATE_KSM]);
	end();
	begin(screen, "hugetlb", usage_hugetlb(usage));
	print_leaves(screen, sum, usage->hugetlb);
	end();
}

static void print_nothing(struct screen *screen, const struct summary *sum)
{
	const uint64_t *state = sum->usage.state;

	begin(screen, "zero pages",
	      state[VMSCOPE_STATE_ZERO] + state[VMSCOPE_STATE_HUGEZERO]);
	size_part(screen, "small", state[VMSCOPE_STATE_ZERO]);
	size_part(screen, "huge", state[VMSCOPE_STATE_HUGEZERO]);
	end();
	begin(screen, "empty", usage_empty(&sum->usage));
	part(screen, "mapped, but nothing is behind it now");
	end();
	begin(screen, "locked", sum->usage.locked);
	end();
}

static void print_swapped(struct screen *screen, const struct summary *sum)
{
	const char *name;
	char what[32];

	begin(screen, "swapped", usage_swapped(&sum->usage));
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
		snprintf(what, sizeof(what), "  type %u", t);
		begin(screen, what, sum->usage.swap_type[t]);
		name_part(screen, name ? name : "unknown device");
		end();
	}
}

static void print_tables(struct screen *screen, const struct summary *sum)
{
	char fill[32], vmpte[32];

	begin(screen, "tables", summary_table_bytes(sum));
	part(screen, "%s%% of their entries used",
	     format_tenths(summary_fill(sum), fill, sizeof(fill)));
	part(screen, "%llu levels", (unsigned long long)sum->info->nr_levels);
	part(screen, "VmPTE %s",
	     size_text(screen, sum->census.pgtables_bytes, vmpte,
		       sizeof(vmpte)));
	end();
}

static void print_audit(struct screen *screen, const struct summary *sum)
{
	screen->parts = 0;
	printf("%-10s", "audit");
	for (unsigned int f = 0; f < NR_FINDINGS; f++)
		size_part(screen, finding_name(f), sum->findings[f]);
	if (screen->parts)
		end();
	else
		printf("%8s\n", "clean");
}

static void print_frames(struct screen *screen, const struct summary *sum)
{
	const struct usage *usage = &sum->usage;
	char average[32];

	if (!(sum->info->features & VMSCOPE_FEAT_FRAMES)) {
		printf("%-10s%8s\n", "frames", "withheld");
		return;
	}
	screen->parts = 0;
	printf("%-10s%8llu", "frames", (unsigned long long)usage->runs);
	part(screen, "runs of frames that follow one another");
	if (usage->runs)
		part(screen, "%s on average",
		     size_text(screen, usage->run_bytes / usage->runs, average,
			       sizeof(average)));
	end();
}

static const char *const page_names[NR_TLB_PAGES] = {
	[TLB_4K] = "4K",
	[TLB_2M] = "2M",
	[TLB_1G] = "1G",
};

static void print_tlb_wanted(struct screen *screen, const struct summary *sum)
{
	screen->parts = 0;
	printf("%-10s%8llu", "TLB wants",
	       (unsigned long long)summary_tlb_need(sum, TLB_4K));
	part(screen, "of 4K");
	for (unsigned int p = TLB_2M; p < NR_TLB_PAGES; p++) {
		uint64_t need = summary_tlb_need(sum, p);

		if (need)
			part(screen, "%llu of %s", (unsigned long long)need,
			     page_names[p]);
	}
	end();
}

static void print_tlb_there(struct screen *screen, const struct tlb *tlb)
{
	screen->parts = 0;
	if (!tlb_is_known(tlb)) {
		printf("%-10s%8s  not known of this CPU\n", "TLB has",
		       "unknown");
		return;
	}
	printf("%-10s%8u", "TLB has", tlb->entries[TLB_4K]);
	part(screen, tlb->shared ? "of 4K or 2M" : "of 4K");
	if (!tlb->shared && tlb->entries[TLB_2M])
		part(screen, "%u of 2M", tlb->entries[TLB_2M]);
	if (tlb->entries[TLB_1G])
		part(screen, "%u of 1G", tlb->entries[TLB_1G]);
	end();
}

/**
 * summary_print - print the summary for people
 * @sum: the summary
 * @bytes: sizes in bytes
 */
void summary_print(const struct summary *sum, bool bytes)
{
	struct screen screen = { .bytes = bytes };

	printf("%-10s%8d  ", "process", sum->pid);
	text_print(sum->comm);
	end();
	print_mapped(&screen, sum);
	print_resident(&screen, sum);
	print_nothing(&screen, sum);
	print_swapped(&screen, sum);
	print_tables(&screen, sum);
	print_audit(&screen, sum);
	print_frames(&screen, sum);
	print_tlb_wanted(&screen, sum);
	print_tlb_there(&screen, &sum->tlb);
}
