// SPDX-License-Identifier: GPL-2.0-or-later
/* Picks kernel addresses out of any text, in constant memory. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "oops.h"

/* A word that is longer than an address with its 0x is none. */
enum { DIGITS = 16, WORD_BYTES = DIGITS + 2 + 2 };

/* The next word of letters, digits and underscores; longer ones are cut. */
static bool next_word(FILE *in, char word[WORD_BYTES])
{
	size_t len = 0;
	int c;

	while ((c = getc(in)) != EOF) {
		if (isascii(c) && (isalnum(c) || c == '_')) {
			if (len + 1 < WORD_BYTES)
				word[len++] = c;
		} else if (len) {
			break;
		}
	}
	word[len] = '\0';
	return len;
}

static bool is_address(const char *word, uint64_t *addr)
{
	const char *digits = word;

	if (word[0] == '0' && (word[1] | 0x20) == 'x')
		digits += 2;
	return strlen(digits) == DIGITS && !strncasecmp(digits, "ffff", 4) &&
	       !parse_hex(digits, addr);
}

static bool is_new(struct picker *picker, uint64_t addr)
{
	for (size_t i = 0; i < picker->nr; i++) {
		if (picker->seen[i] == addr)
			return false;
	}
	if (picker->nr == MAX_PICKED) {
		picker->full = true;
		return false;
	}
	picker->seen[picker->nr++] = addr;
	return true;
}

/**
 * pick_address - the next address that was not there before
 * @picker: @in is set and the rest zero before the first call
 * @addr: set
 *
 * Return: false at the end of the text, or when there are too many.
 */
bool pick_address(struct picker *picker, uint64_t *addr)
{
	char word[WORD_BYTES];

	while (!picker->full && next_word(picker->in, word)) {
		if (is_address(word, addr) && is_new(picker, *addr))
			return true;
	}
	return false;
}
