// SPDX-License-Identifier: GPL-2.0-only
/* Memory that is mapped page by page: vmalloc, vmap, ioremap. */
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#ifdef CONFIG_X86_64
#include <asm/fixmap.h>
#endif

#include "plant.h"

static int keep_area(struct plant *plant, void *addr, size_t bytes)
{
	if (!addr)
		return -ENOMEM;
	plant_paged(plant, addr, bytes);
	return 0;
}

static int make_vmalloc(struct plant *plant)
{
	return keep_area(plant, vmalloc(plant->arg), plant->arg);
}

static void drop_vmalloc(struct plant *plant)
{
	vfree(plant->addr);
}

PLANT_KIND(vmalloc, "vmalloc", make_vmalloc, drop_vmalloc);

static int make_huge_vmalloc(struct plant *plant)
{
#ifdef PLANT_HAVE_VMALLOC_HUGE
	return keep_area(plant, vmalloc_huge(plant->arg, GFP_KERNEL),
			 plant->arg);
#else
	return -EOPNOTSUPP;
#endif
}

PLANT_KIND(huge_vmalloc, "huge-vmalloc", make_huge_vmalloc, drop_vmalloc);

/* vmap: pages that are not adjacent, single or in pairs */

static void put_pages(struct page **pages, size_t nr)
{
	while (nr--)
		__free_page(pages[nr]);
	kfree(pages);
}

/*
 * Every second group of a block, from its end: no two are adjacent. @nr is a
 * multiple of @group.
 */
static struct page **scattered_pages(size_t nr, size_t group)
{
	struct page **pages = kcalloc(nr, sizeof(*pages), GFP_KERNEL);
	unsigned int order = get_order(2 * nr * PAGE_SIZE);
	struct page *block = alloc_pages(GFP_KERNEL, order);
	size_t i;

	if (!pages || !block) {
		kfree(pages);
		if (block)
			__free_pages(block, order);
		return NULL;
	}
	split_page(block, order);
	for (i = 0; i < 1UL << order; i++)
		if (i / group % 2 && i / group / 2 < nr / group)
			pages[nr - group * (1 + i / group / 2) + i % group] =
				block + i;
		else
			__free_page(block + i);
	return pages;
}

static int map_groups(struct plant *plant, size_t group)
{
	struct page **pages = scattered_pages(plant->arg, group);
	void *addr;

	if (!pages)
		return -ENOMEM;
	addr = vmap(pages, plant->arg, VM_MAP, PAGE_KERNEL);
	if (!addr) {
		put_pages(pages, plant->arg);
		return -ENOMEM;
	}
	plant->keep = pages;
	return keep_area(plant, addr, plant->arg * PAGE_SIZE);
}

static int make_vmap(struct plant *plant)
{
	return map_groups(plant, 1);
}

static int make_vmap_pairs(struct plant *plant)
{
	return map_groups(plant, 2);
}

static void drop_vmap(struct plant *plant)
{
	vunmap(plant->addr);
	put_pages(plant->keep, plant->arg);
}

PLANT_KIND(vmap, "vmap", make_vmap, drop_vmap);

PLANT_KIND(vmap_pairs, "vmap", make_vmap_pairs, drop_vmap);

/* ioremap: registers of an interrupt controller or timer, which all PCs have */

#define REGISTERS_START 0xfec00000
#define REGISTERS_END 0xfeefffff

static int take_first(struct resource *res, void *arg)
{
	*(resource_size_t *)arg = res->start & PAGE_MASK;
	return 1;
}

static int make_ioremap(struct plant *plant)
{
	resource_size_t phys = 0;
	void __iomem *addr;

	walk_iomem_res_desc(IORES_DESC_NONE, IORESOURCE_MEM, REGISTERS_START,
			    REGISTERS_END, &phys, take_first);
	if (!phys)
		return -ENODEV;
	addr = ioremap(phys, PAGE_SIZE);
	if (!addr)
		return -ENOMEM;
	plant->keep = (__force void *)addr;
	plant_here(plant, (__force void *)addr, PAGE_SIZE);
	plant->pfn = phys >> PAGE_SHIFT;
	plant->pieces = 1;
	return 0;
}

static void drop_ioremap(struct plant *plant)
{
	iounmap((void __iomem *)plant->keep);
}

PLANT_KIND(ioremap, "ioremap", make_ioremap, drop_ioremap);

/* A slot of the fixmap, where the kernel has put something in it */

#ifdef CONFIG_X86_64
/* A slot of the fixmap. */
struct slot {
	const char *name; /* its name in the kernel's header */
	unsigned int index; /* its number */
	unsigned int first; /* number of the first one with this name */
};

static const struct slot slots[] = {
#ifdef CONFIG_X86_LOCAL_APIC
	{ "FIX_APIC_BASE", FIX_APIC_BASE, FIX_APIC_BASE },
#endif
#ifdef CONFIG_X86_IO_APIC
	{ "FIX_IO_APIC_BASE_0", FIX_IO_APIC_BASE_0, FIX_IO_APIC_BASE_0 },
	{ "FIX_IO_APIC_BASE_0", FIX_IO_APIC_BASE_END, FIX_IO_APIC_BASE_0 },
#endif
	{ "FIX_BTMAP_END", FIX_BTMAP_BEGIN, FIX_BTMAP_END },
#ifdef CONFIG_X86_VSYSCALL_EMULATION
	{ "VSYSCALL_PAGE", VSYSCALL_PAGE, VSYSCALL_PAGE },
	/* that page is far from the first, so the ones before it are free */
	{ "-", 0, 0 },
#endif
};

static int make_slot(struct plant *plant)
{
	const struct slot *slot;
	unsigned int level;
	pte_t *pte;

	if (plant->arg >= ARRAY_SIZE(slots))
		return -ENODEV;
	slot = &slots[plant->arg];
	plant_here(plant, (void *)__fix_to_virt(slot->index), PAGE_SIZE);
	pte = lookup_address((unsigned long)plant->addr, &level);
	if (pte && pte_present(*pte))
		plant->pfn = pte_pfn(*pte);
	scnprintf(plant->detail, sizeof(plant->detail),
		  "slot=%u first=%u name=%s", slot->index, slot->first,
		  slot->name);
	return 0;
}
#else
#define make_slot plant_unsupported
#endif /* CONFIG_X86_64 */

PLANT_KIND(slot, "slot", make_slot, NULL);

#ifdef CONFIG_X86_64
/*
 * A page that can be written and executed. The kernel no longer lets modules
 * ask for one, so change the entry of our own page directly. More permissions
 * need no flush.
 */
static int make_wx(struct plant *plant)
{
	int ret = make_vmalloc(plant);
	unsigned int level;
	pte_t *pte;

	if (ret)
		return ret;
	pte = lookup_address((unsigned long)plant->addr, &level);
	if (!pte || level != PG_LEVEL_4K) {
		drop_vmalloc(plant);
		return -EOPNOTSUPP;
	}
	set_pte(pte, pte_mkexec(*pte));
	return 0;
}

static pmd_t *pmd_of(unsigned long addr)
{
	pgd_t *pgd = pgd_offset(current->mm, addr);

	return pmd_offset(pud_offset(p4d_offset(pgd, addr), addr), addr);
}

/*
 * Pages that their own entries make writable, but not the entry above them,
 * whose table has nothing else. Nobody uses them, so nothing is flushed.
 */
static int make_restricted(struct plant *plant)
{
	unsigned long start;
	pmd_t *pmd;

	if (!current->mm)
		return -EOPNOTSUPP;
	plant->keep = vmalloc(2 * PMD_SIZE);
	if (!plant->keep)
		return -ENOMEM;
	start = ALIGN((unsigned long)plant->keep, PMD_SIZE);
	pmd = pmd_of(start);
	if (pmd_leaf(*pmd)) {
		vfree(plant->keep);
		return -EOPNOTSUPP;
	}
	/* first: the kernel warns about such an entry if asked for pages */
	plant_paged(plant, (void *)start, PMD_SIZE);
	set_pmd(pmd, __pmd(pmd_val(*pmd) & ~_PAGE_RW));
	return 0;
}

static void drop_restricted(struct plant *plant)
{
	pmd_t *pmd = pmd_of((unsigned long)plant->addr);

	set_pmd(pmd, __pmd(pmd_val(*pmd) | _PAGE_RW));
	vfree(plant->keep);
}

/* The page table that translates our own page, by the entry's address. */
static int make_table(struct plant *plant)
{
	void *page = vmalloc(PAGE_SIZE);
	unsigned int level;
	pte_t *pte;

	if (!page)
		return -ENOMEM;
	pte = lookup_address((unsigned long)page, &level);
	if (!pte) {
		vfree(page);
		return -EOPNOTSUPP;
	}
	plant->keep = page;
	plant_linear(plant, pte, sizeof(*pte));
	scnprintf(plant->detail, sizeof(plant->detail),
		  "level=%u translates=%#lx", level, (unsigned long)page);
	return 0;
}
#else
#define make_wx plant_unsupported
#define make_table plant_unsupported
#define make_restricted plant_unsupported
#define drop_restricted NULL
#endif /* CONFIG_X86_64 */

static void drop_table(struct plant *plant)
{
	vfree(plant->keep);
}

PLANT_KIND(wx, "wx", make_wx, drop_vmalloc);

PLANT_KIND(restricted, "restricted", make_restricted, drop_restricted);

PLANT_KIND(table, "table", make_table, drop_table);
