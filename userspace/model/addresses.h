/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _ADDRESSES_H
#define _ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source/symbols.h"

enum {
	/* More different ones than that are no oops; the rest is not read. */
	MAX_PICKED = 4096,
	/* An address, its 0x, what makes it too long, and the end. */
	WORD_BYTES = 16 + 2 + 1 + 1,
};

/**
 * struct picker - kernel addresses, picked out of a text
 * @fd: where the text comes from
 * @text: what was read last
 * @at: what of it was looked at
 * @bytes: how much it is
 * @word: the word at hand, cut where it is too long for an address
 * @len: its length
 * @place: the symbol and offset at hand, cut where it is too long for one
 * @place_len: its length
 * @symbols: where symbols are looked up; NULL if they are not
 * @lost: places whose symbol is not known here, or is of several functions
 * @resized: places in the kernel's image whose symbol has another size here
 * @seen: addresses that were picked
 * @nr: how many
 * @reported: how many there were when the text last paused
 * @since: when the first of the others was picked, in ms of CLOCK_MONOTONIC
 * @full: there were more
 * @ended: there is no more to come
 * @error: why the text could not be read to its end, as an errno; otherwise 0
 */
struct picker {
	int fd;
	char text[4096];
	size_t at;
	size_t bytes;
	char word[WORD_BYTES];
	size_t len;
	char place[SYMBOL_PLACE_BYTES + 1];
	size_t place_len;
	struct symbols *symbols;
	uint64_t lost;
	uint64_t resized;
	uint64_t seen[MAX_PICKED];
	size_t nr;
	size_t reported;
	int64_t since;
	bool full;
	bool ended;
	int error;
};

bool pick_address(struct picker *picker, uint64_t *addr);

#endif /* _ADDRESSES_H */
