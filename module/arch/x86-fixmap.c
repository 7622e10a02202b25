// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fixmap of x86-64: pages whose addresses are fixed when the kernel is
 * built, counted downwards from the last.
 */
#include "arch.h"

#include <linux/kernel.h>
#include <linux/threads.h>
#include <asm/fixmap.h>

#define SLOTS(first, last) { first, last, #first }

/*
 * Slots that the header lists (COMPAT_HAVE_).
 * Source: enum fixed_addresses in arch/x86/include/asm/fixmap.h
 */
static const struct vmscope_slot_range named[] = {
#if defined(CONFIG_X86_VSYSCALL_EMULATION) && defined(COMPAT_HAVE_VSYSCALL_PAGE)
	SLOTS(VSYSCALL_PAGE, VSYSCALL_PAGE),
#endif
#ifdef COMPAT_HAVE_FIX_DBGP_BASE
	SLOTS(FIX_DBGP_BASE, FIX_DBGP_BASE),
#endif
#ifdef COMPAT_HAVE_FIX_EARLYCON_MEM_BASE
	SLOTS(FIX_EARLYCON_MEM_BASE, FIX_EARLYCON_MEM_BASE),
#endif
#if defined(CONFIG_PROVIDE_OHCI1394_DMA_INIT) && \
	defined(COMPAT_HAVE_FIX_OHCI1394_BASE)
	SLOTS(FIX_OHCI1394_BASE, FIX_OHCI1394_BASE),
#endif
#if defined(CONFIG_X86_LOCAL_APIC) && defined(COMPAT_HAVE_FIX_APIC_BASE)
	SLOTS(FIX_APIC_BASE, FIX_APIC_BASE),
#endif
#if defined(CONFIG_X86_IO_APIC) && defined(COMPAT_HAVE_FIX_IO_APIC_BASE_0) && \
	defined(COMPAT_HAVE_FIX_IO_APIC_BASE_END)
	SLOTS(FIX_IO_APIC_BASE_0, FIX_IO_APIC_BASE_END),
#endif
#if defined(CONFIG_KMAP_LOCAL) && defined(COMPAT_HAVE_FIX_KMAP_BEGIN) && \
	defined(COMPAT_HAVE_FIX_KMAP_END)
	SLOTS(FIX_KMAP_BEGIN, FIX_KMAP_END),
#endif
#if defined(CONFIG_KMAP_LOCAL) && defined(CONFIG_PCI_MMCONFIG) && \
	defined(COMPAT_HAVE_FIX_PCIE_MCFG)
	SLOTS(FIX_PCIE_MCFG, FIX_PCIE_MCFG),
#endif
#if defined(CONFIG_PARAVIRT_XXL) && defined(COMPAT_HAVE_FIX_PARAVIRT_BOOTMAP)
	SLOTS(FIX_PARAVIRT_BOOTMAP, FIX_PARAVIRT_BOOTMAP),
#endif
#if defined(CONFIG_ACPI_APEI_GHES) && defined(COMPAT_HAVE_FIX_APEI_GHES_IRQ)
	SLOTS(FIX_APEI_GHES_IRQ, FIX_APEI_GHES_IRQ),
#endif
#if defined(CONFIG_ACPI_APEI_GHES) && defined(COMPAT_HAVE_FIX_APEI_GHES_NMI)
	SLOTS(FIX_APEI_GHES_NMI, FIX_APEI_GHES_NMI),
#endif
#if defined(COMPAT_HAVE_FIX_BTMAP_BEGIN) && defined(COMPAT_HAVE_FIX_BTMAP_END)
	SLOTS(FIX_BTMAP_END, FIX_BTMAP_BEGIN),
#endif
#if defined(CONFIG_INTEL_TXT) && defined(COMPAT_HAVE_FIX_TBOOT_BASE)
	SLOTS(FIX_TBOOT_BASE, FIX_TBOOT_BASE),
#endif
};

/**
 * vmscope_arch_slot - the slot of the fixmap that contains an address
 * @addr: an address of the fixmap, which includes the vsyscall page
 * @slots: filled in: all slots that share its name, or this one
 *
 * Context: Any context.
 * Return: its index
 * Source: __virt_to_fix() in include/asm-generic/fixmap.h
 */
u64 vmscope_arch_slot(u64 addr, struct vmscope_slot_range *slots)
{
	u64 slot = (FIXADDR_TOP - (addr & PAGE_MASK)) >> PAGE_SHIFT;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(named); i++) {
		if (slot < named[i].first || slot > named[i].last)
			continue;
		*slots = named[i];
		return slot;
	}
	*slots = (struct vmscope_slot_range){ .first = slot, .last = slot };
	return slot;
}
