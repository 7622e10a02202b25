// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finds kernel addresses in any text, in constant memory: numbers, and places
 * such as commit_creds+0x10/0x2f0.
 */
#include "model/addresses.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/format.h"

enum {
	DIGITS = 16,
	/* Text from a program comes faster than that. */
	PAUSE_MS = 100,
	/* If it does not stop coming, wait no longer than this. */
	PATIENCE_MS = 1000,
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* How long to wait for more: forever, if nobody waits for an answer. */
static int wait_ms(const struct picker *picker)
{
	int64_t left = picker->since + PATIENCE_MS - now_ms();

	if (picker->nr == picker->reported)
		return -1;
	if (left < 0)
		return 0;
	return left < PAUSE_MS ? left : PAUSE_MS;
}

static bool pauses(const struct picker *picker)
{
	struct pollfd pfd = { .fd = picker->fd, .events = POLLIN };
	int ms = wait_ms(picker), ready;

	do {
		ready = poll(&pfd, 1, ms);
	} while (ready < 0 && errno == EINTR && ms < 0);
	return !ms || (ms > 0 && ready <= 0);
}

/* False if the text ends or pauses. */
static bool read_more(struct picker *picker)
{
	ssize_t got;

	if (picker->ended)
		return false;
	/* Another reader of a descriptor that does not block may be faster. */
	do {
		if (pauses(picker))
			return false;
		got = read(picker->fd, picker->text, sizeof(picker->text));
	} while (got < 0 && (errno == EINTR || errno == EAGAIN));
	if (got < 0)
		picker->error = errno;
	picker->ended = got <= 0;
	picker->at = 0;
	picker->bytes = got > 0 ? got : 0;
	return got > 0;
}

static bool is_of_word(char c)
{
	return isascii((unsigned char)c) &&
	       (isalnum((unsigned char)c) || c == '_');
}

/* What ended with a character, or with the text. */
enum { WORD = 1 << 0, PLACE = 1 << 1 };

static unsigned int finish(unsigned int ended, char *text, size_t *len)
{
	if (!*len)
		return 0;
	text[*len] = '\0';
	*len = 0;
	return ended;
}

/*
 * Words consist of letters, digits and underscores; a place is several of them
 * with the kernel's punctuation between. Longer ones are cut. The end of the
 * text, '\0', ends both.
 */
static unsigned int add_char(struct picker *picker, char c)
{
	unsigned int ended = 0;

	if (!is_of_word(c))
		ended |= finish(WORD, picker->word, &picker->len);
	else if (picker->len + 1 < sizeof(picker->word))
		picker->word[picker->len++] = c;
	if (!is_of_word(c) && !(c && strchr("+/.$", c)))
		ended |= finish(PLACE, picker->place, &picker->place_len);
	else if (picker->place_len + 1 < sizeof(picker->place))
		picker->place[picker->place_len++] = c;
	return ended;
}

/* Reads until something has ended; if the text pauses, nothing has. */
static unsigned int read_on(struct picker *picker)
{
	unsigned int ended = 0;

	while (!ended) {
		if (picker->at == picker->bytes && !read_more(picker))
			return picker->ended ? add_char(picker, '\0') : 0;
		ended = add_char(picker, picker->text[picker->at++]);
	}
	return ended;
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
		picker->ended = true;
		return false;
	}
	if (picker->nr == picker->reported)
		picker->since = now_ms();
	picker->seen[picker->nr++] = addr;
	return true;
}

/*
 * A symbol needs a size, or any sum would be taken for one; an address with a
 * size is not a symbol.
 */
static bool is_symbol(struct picker *picker, uint64_t *addr)
{
	uint64_t found[MAX_NAMESAKES];
	struct symbol_place place;
	struct symbol symbol;
	bool is_size;

	if (!picker->symbols || !symbol_parse(picker->place, &place) ||
	    !place.size ||
	    strspn(picker->place, "0123456789abcdefABCDEF") == DIGITS)
		return false;
	if (symbol_locate(picker->symbols, &place, found, &is_size) != 1) {
		picker->lost++;
		return false;
	}
	/* Nothing here says where the last symbol of a module ends. */
	picker->resized += !is_size &&
			   symbol_find(picker->symbols, found[0], &symbol) &&
			   !symbol.module;
	*addr = found[0];
	return true;
}

/*
 * Finds the next address that did not occur before. Set @fd and @symbols before
 * the first call, and leave the rest of @picker zero. Returns false if the text
 * ends, if there are too many addresses, and if the text pauses after an
 * address or has gone on for long: then @ended is not set, and the next call
 * waits for more text.
 */
bool pick_address(struct picker *picker, uint64_t *addr)
{
	unsigned int ended;

	while (!picker->full && (ended = read_on(picker))) {
		if (((ended & WORD && is_address(picker->word, addr)) ||
		     (ended & PLACE && is_symbol(picker, addr))) &&
		    is_new(picker, *addr))
			return true;
	}
	picker->reported = picker->nr;
	return false;
}
