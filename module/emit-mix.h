/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_EMIT_MIX_H
#define _VMSCOPE_EMIT_MIX_H

#include "kind.h"
#include "sink.h"

/* A mix of fewer entries saves nothing over FRAME and RUN records. */
#define VMSCOPE_LEAST_MIX 16U

/**
 * struct vmscope_place - how far a table is emitted
 * @out: where records go
 * @where: first address that was not emitted, and level
 * @i: its entry
 * @kind: of the entry before it; behind a mix, one of those in it
 * @shown: the facts of frames that were put last
 */
struct vmscope_place {
	struct vmscope_out out;
	u64 where;
	unsigned int i;
	struct vmscope_entry_kind *kind;
	const struct vmscope_frame *shown;
};

unsigned int vmscope_emit_mix(struct vmscope_scanner *scanner,
			      struct vmscope_place *at, unsigned int nr);

#endif /* _VMSCOPE_EMIT_MIX_H */
