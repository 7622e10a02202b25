/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _ZRAM_H
#define _ZRAM_H

#include <stdbool.h>
#include <stdint.h>

/* What zram says of one of its blocks. */
struct zram_block {
	uint64_t age; /* tenths of a second since it was last used */
	char state[80]; /* words with blanks between them */
};

bool zram_block_read(const char *device, uint64_t index,
		     struct zram_block *block);

#endif /* _ZRAM_H */
