// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Foreign text: names are bytes, chosen by whoever made the file or process.
 * This file decides what is shown of them, for every kind of output.
 */
#include "cli/text.h"

#include <langinfo.h>
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "cli/array.h"

enum {
	SHOWN = TEXT_LINE | TEXT_WORD | TEXT_LIST,
	ALL = SHOWN | TEXT_JSON,
	BLANK = TEXT_WORD | TEXT_LIST,
};

const unsigned char text_special[256] = {
	[0 ... 0x1f] = ALL, [' '] = BLANK,	   [0x22] = TEXT_JSON,
	['\\'] = ALL,	    [0x7f ... 0xff] = ALL,
};

static bool utf8;

/*
 * Takes over the locale of the environment, for characters only, when a text
 * first needs it; plain ASCII does not. If the locale has no UTF-8, widths are
 * taken from one that has: names are always written as they are.
 */
void text_locale(void)
{
	static bool done;

	if (done)
		return;
	done = true;
	setlocale(LC_CTYPE, "");
	utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	if (!utf8)
		setlocale(LC_CTYPE, "C.UTF-8");
}

bool utf8_locale(void)
{
	text_locale();
	return utf8;
}

/*
 * Bytes of the UTF-8 character at the start of a text, 1 to 4; 0 if there is no
 * well-formed one: overlong forms, surrogates and codes above U+10FFFF are not.
 */
size_t utf8_length(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	static const struct {
		unsigned char first, last, low, high, length;
	} forms[] = {
		{ 0x01, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		if (p[0] < forms[i].first || p[0] > forms[i].last)
			continue;
		if (forms[i].length == 1)
			return 1;
		if (p[1] < forms[i].low || p[1] > forms[i].high)
			return 0;
		for (size_t k = 2; k < forms[i].length; k++) {
			if ((p[k] & 0xc0) != 0x80)
				return 0;
		}
		return forms[i].length;
	}
	return 0;
}

static uint32_t code_point(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;
	uint32_t c = len == 1 ? p[0] : p[0] & (0x7f >> len);

	for (size_t i = 1; i < len; i++)
		c = c << 6 | (p[i] & 0x3f);
	return c;
}

/*
 * Characters that a terminal obeys instead of showing, that end a line, or that
 * turn the direction of what follows, which could disguise a name.
 */
static bool is_control(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} controls[] = {
		{ 0x00, 0x1f },	    { 0x7f, 0x9f },	{ 0x061c, 0x061c },
		{ 0x200e, 0x200f }, { 0x2028, 0x202e }, { 0x2066, 0x206f },
	};

	for (size_t i = 0; i < ARRAY_SIZE(controls); i++) {
		if (c >= controls[i].first && c <= controls[i].last)
			return true;
	}
	return false;
}

/* A byte as the kernel writes it in /proc. */
static size_t octal_piece(unsigned char byte, char piece[TEXT_PIECE_BYTES])
{
	piece[0] = '\\';
	piece[1] = '0' + (byte >> 6);
	piece[2] = '0' + (byte >> 3 & 7);
	piece[3] = '0' + (byte & 7);
	return 4;
}

static size_t json_piece(uint32_t c, size_t len, const char *text,
			 char piece[TEXT_PIECE_BYTES])
{
	static const char special[] = "\"\\\b\f\n\r\t";
	static const char letter[] = "\"\\bfnrt";
	const char *found = c < 0x80 ? strchr(special, (int)c) : NULL;

	if (!len)
		return sprintf(piece, "\\\\x%02x", (unsigned char)*text);
	if (found)
		return sprintf(piece, "\\%c", letter[found - special]);
	if (is_control(c))
		return sprintf(piece, "\\u%04x", c);
	memcpy(piece, text, len);
	return len;
}

/* Columns on a terminal; -1 for a character that the C library cannot place. */
static int columns_of(uint32_t c)
{
	if (c < 0x80)
		return 1;
	text_locale();
	return wcwidth((wchar_t)c);
}

/*
 * The next character or byte of @text, which advances, as it may be written;
 * @width is set to its columns on a terminal. Returns the bytes of @piece.
 *
 * Only this function decides what reaches a terminal or a file unchanged. Not
 * controls (C0, DEL and C1), line ends and turns of direction, nor characters
 * that the C library does not know and bytes that are not UTF-8: these become
 * \ooo as in /proc, and so does the backslash, to be unambiguous. In JSON,
 * where @width means nothing, a control is escaped as \uXXXX, and a byte of no
 * character becomes the four characters \xNN.
 */
size_t text_piece(const char **text, enum text_form form,
		  char piece[TEXT_PIECE_BYTES], unsigned int *width)
{
	const char *at = *text;
	size_t len = utf8_length(at);
	uint32_t c = code_point(at, len ? len : 1);
	int columns;

	if (form == TEXT_JSON) {
		*text += len ? len : 1;
		return json_piece(c, len, at, piece);
	}
	columns = len && !is_control(c) ? columns_of(c) : -1;
	if (columns >= 0 && c != '\\' && (c != ' ' || form == TEXT_LINE)) {
		*text += len;
		*width = columns;
		memcpy(piece, at, len);
		return len;
	}
	++*text;
	if (c == ' ' && form == TEXT_LIST) {
		*width = 1;
		piece[0] = ',';
		return 1;
	}
	*width = 4;
	return octal_piece(*at, piece);
}

/* To standard output, for people. */
void text_print(const char *text)
{
	char piece[TEXT_PIECE_BYTES];
	unsigned int width;

	while (*text)
		fwrite(piece, 1, text_piece(&text, TEXT_LINE, piece, &width),
		       stdout);
}

/* Bytes, each a character of one column, before a special one or the end. */
size_t text_plain(const char *text, enum text_form form)
{
	const char *at = text;

	while (!(text_special[(unsigned char)*at] & form))
		at++;
	return at - text;
}

/* Columns on a terminal; two for each wide character. */
size_t text_width(const char *text, enum text_form form)
{
	char piece[TEXT_PIECE_BYTES];
	unsigned int width;
	size_t sum = 0;

	while (*text) {
		size_t plain = text_plain(text, form);

		text += plain;
		sum += plain;
		if (!*text)
			break;
		text_piece(&text, form, piece, &width);
		sum += width;
	}
	return sum;
}

/* Stands for a part of a text that is left out: one or two columns. */
const char *text_dots(void)
{
	return utf8_locale() ? "\xe2\x80\xa6" : "..";
}

/*
 * @text if it fits in @width columns; otherwise the end of it, the most useful
 * part of a path, that leaves room for text_dots() before it.
 */
const char *text_tail(const char *text, enum text_form form, size_t width)
{
	size_t have = text_width(text, form), keep;
	char piece[TEXT_PIECE_BYTES];
	unsigned int columns;

	if (have <= width)
		return text;
	keep = utf8_locale() ? 1 : 2;
	keep = width > keep ? width - keep : 0;
	while (*text && have > keep) {
		text_piece(&text, form, piece, &columns);
		have -= columns;
	}
	return text;
}

/*
 * A text as it may be written, except in JSON, cut as by text_tail() unless
 * @width is 0. The caller frees it; NULL without memory.
 */
char *text_copy(const char *text, enum text_form form, size_t width)
{
	const char *tail = width ? text_tail(text, form, width) : text;
	const char *dots = tail == text ? "" : text_dots();
	char *copy = malloc(strlen(dots) + 4 * strlen(tail) + 1);
	unsigned int columns;
	char *at;

	if (!copy)
		return NULL;
	at = stpcpy(copy, dots);
	while (*tail)
		at += text_piece(&tail, form, at, &columns);
	*at = '\0';
	return copy;
}
