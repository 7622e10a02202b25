/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_EMIT_H
#define _VMSCOPE_EMIT_H

struct vmscope_scanner;

int vmscope_emit(struct vmscope_scanner *scanner);

#endif /* _VMSCOPE_EMIT_H */
