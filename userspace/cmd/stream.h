/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _STREAM_H
#define _STREAM_H

#include "cmd/command.h"

/**
 * struct stream - how map, pages and swap differ
 * @flags: enum vmscope_scan_flag
 * @states: the only states, (1 << enum vmscope_state), or 0
 * @hides_empty: empty entries are wanted only if asked for
 * @totals: swapped bytes by device are worth a hint
 */
struct stream {
	uint64_t flags;
	uint64_t states;
	bool hides_empty;
	bool totals;
};

int stream_check(const struct request *req);
int stream_run(struct request *req, const struct stream *stream);

#endif /* _STREAM_H */
