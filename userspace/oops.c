// SPDX-License-Identifier: GPL-2.0-or-later
/* Picks kernel addresses out of any text, in constant memory. */
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "format.h"
#include "oops.h"

enum {
	DIGITS = 16,
	/* A text that comes from a program comes faster than that. */
	PAUSE_MS = 100,
	/* And if it does not stop coming, this is the longest to wait. */
	PATIENCE_MS = 1000,
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* How long to wait for more: for ever, if nobody waits for an answer. */
static int wait_ms(const struct picker *picker)
{
	int64_t left = picker->since + PATIENCE_MS - now_ms();

	if (picker->nr == picker->told)
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

/* False where the text ends or pauses. */
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

/* Whether the word at hand has ended, as the last one does with the text. */
static bool finish_word(struct picker *picker)
{
	if (!picker->len)
		return false;
	picker->word[picker->len] = '\0';
	picker->len = 0;
	return true;
}

/* The next word of letters, digits and underscores; longer ones are cut. */
static bool next_word(struct picker *picker)
{
	for (;;) {
		char c;

		if (picker->at == picker->bytes && !read_more(picker))
			return picker->ended && finish_word(picker);
		c = picker->text[picker->at++];
		if (!is_of_word(c) && finish_word(picker))
			return true;
		if (is_of_word(c) && picker->len + 1 < WORD_BYTES)
			picker->word[picker->len++] = c;
	}
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
	if (picker->nr == picker->told)
		picker->since = now_ms();
	picker->seen[picker->nr++] = addr;
	return true;
}

/**
 * pick_address - the next address that was not there before
 * @picker: @fd is set and the rest zero before the first call
 * @addr: set
 *
 * Return: false where the text ends, when there are too many, and where it
 * pauses after an address, or has gone on for long: then @ended is not set, and
 * the next call waits for more of it.
 */
bool pick_address(struct picker *picker, uint64_t *addr)
{
	while (!picker->full && next_word(picker)) {
		if (is_address(picker->word, addr) && is_new(picker, *addr))
			return true;
	}
	picker->told = picker->nr;
	return false;
}
