/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _TEXT_H
#define _TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* The longest output of one byte or character, and a terminator. */
enum { TEXT_PIECE_BYTES = 16 };

/* How text is written. */
enum text_form {
	/* for people: what could leave the line becomes \ooo */
	TEXT_LINE = 1 << 0,
	TEXT_WORD = 1 << 1, /* the same, blanks included */
	/* words between blanks, which become commas */
	TEXT_LIST = 1 << 2,
	TEXT_JSON = 1 << 3, /* inside of a JSON string */
};

/*
 * By byte: the forms in which it must be escaped, or is not one character of
 * one column.
 */
extern const unsigned char text_special[256];

size_t utf8_length(const char *text);
bool utf8_locale(void);
void text_locale(void);

size_t text_piece(const char **text, enum text_form form,
		  char piece[TEXT_PIECE_BYTES], unsigned int *width);
void text_print(const char *text);
char *text_copy(const char *text, enum text_form form, size_t width);
size_t text_plain(const char *text, enum text_form form);
size_t text_width(const char *text, enum text_form form);
const char *text_tail(const char *text, enum text_form form, size_t width);
const char *text_dots(void);

#endif /* _TEXT_H */
