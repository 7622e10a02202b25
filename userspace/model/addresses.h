/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _ADDRESSES_H
#define _ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source/symbols.h"

enum {
	/* A text with more addresses is not an oops; the rest is not read. */
	MAX_PICKED = 4096,
	/* An address, its 0x, one digit too many, and the end. */
	WORD_BYTES = 16 + 2 + 1 + 1,
};

/* Kernel addresses found in a text. */
struct picker {
	int fd; /* where the text comes from */
	char text[4096]; /* what was read last */
	size_t at; /* how much of it was looked at */
	size_t bytes; /* its length */
	/* the current word, cut if it is too long for an address */
	char word[WORD_BYTES];
	size_t len; /* its length */
	/* the current symbol and offset, cut if too long for one */
	char place[SYMBOL_PLACE_BYTES + 1];
	size_t place_len; /* its length */
	/* where symbols are looked up; NULL if they are not */
	struct symbols *symbols;
	/* places with a symbol that is unknown here, or of several functions */
	uint64_t lost;
	/* places in the kernel's image whose symbol has another size here */
	uint64_t resized;
	uint64_t seen[MAX_PICKED]; /* addresses that were picked */
	size_t nr;
	size_t reported; /* how many there were when the text last paused */
	/* when the first one after that was found, in ms of CLOCK_MONOTONIC */
	int64_t since;
	bool full; /* there were more */
	bool ended; /* the text has ended */
	int error; /* the errno that ended the text too early, or 0 */
};

bool pick_address(struct picker *picker, uint64_t *addr);

#endif /* _ADDRESSES_H */
