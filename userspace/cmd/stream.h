/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _STREAM_H
#define _STREAM_H

#include "cmd/command.h"

/* How map, pages and swap differ; their struct command points to it. */
struct stream {
	uint64_t flags; /* enum vmscope_scan_flag */
	uint64_t states; /* the only states, (1 << enum vmscope_state), or 0 */
	bool hides_empty; /* empty entries are wanted only if asked for */
	bool totals; /* hint at swapped bytes by device */
};

int stream_check(const struct request *req);
int stream_run(struct request *req);

#endif /* _STREAM_H */
