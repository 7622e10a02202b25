/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_EMIT_ENTRIES_H
#define _VMSCOPE_EMIT_ENTRIES_H

struct vmscope_scanner;

int vmscope_emit_entries(struct vmscope_scanner *scanner);

#endif /* _VMSCOPE_EMIT_ENTRIES_H */
