// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slots of the fixmap, which depend on the kernel and on its configuration: the
 * lines that compile become COMPAT_SLOTS. Not a part of the module.
 * Source: enum fixed_addresses in arch/x86/include/asm/fixmap.h
 */
#include <linux/kernel.h>
#include <linux/threads.h>
#include <asm/fixmap.h>

#define SLOTS(first, last) int first##_slots[] = { first, last }

SLOTS(VSYSCALL_PAGE, VSYSCALL_PAGE);
SLOTS(FIX_DBGP_BASE, FIX_DBGP_BASE);
SLOTS(FIX_EARLYCON_MEM_BASE, FIX_EARLYCON_MEM_BASE);
SLOTS(FIX_OHCI1394_BASE, FIX_OHCI1394_BASE);
SLOTS(FIX_APIC_BASE, FIX_APIC_BASE);
SLOTS(FIX_IO_APIC_BASE_0, FIX_IO_APIC_BASE_END);
SLOTS(FIX_KMAP_BEGIN, FIX_KMAP_END);
SLOTS(FIX_PCIE_MCFG, FIX_PCIE_MCFG);
SLOTS(FIX_PARAVIRT_BOOTMAP, FIX_PARAVIRT_BOOTMAP);
SLOTS(FIX_APEI_GHES_IRQ, FIX_APEI_GHES_IRQ);
SLOTS(FIX_APEI_GHES_NMI, FIX_APEI_GHES_NMI);
SLOTS(FIX_BTMAP_END, FIX_BTMAP_BEGIN);
SLOTS(FIX_TBOOT_BASE, FIX_TBOOT_BASE);
