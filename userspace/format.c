// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers and text, to and from what people read. */
#include <ctype.h>
#include <errno.h>
#include <langinfo.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "tool.h"

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : INT_MAX;
}

/* Digits up to the first other character; -EINVAL if none, -ERANGE beyond. */
static int digits(const char **text, int base, uint64_t *value)
{
	const char *p = *text;
	uint64_t v = 0;

	for (; digit(*p) < base; p++) {
		if (v > (UINT64_MAX - digit(*p)) / base)
			return -ERANGE;
		v = v * base + digit(*p);
	}
	if (p == *text)
		return -EINVAL;
	*text = p;
	*value = v;
	return 0;
}

static bool skip_0x(const char **text)
{
	if ((*text)[0] != '0' || ((*text)[1] | 0x20) != 'x')
		return false;
	*text += 2;
	return true;
}

/**
 * parse_pid - a PID in decimal
 * @text: the whole of it
 * @pid: set on success
 *
 * Return: 0 or -EINVAL.
 */
int parse_pid(const char *text, int *pid)
{
	uint64_t v;

	if (digits(&text, 10, &v) || *text || v == 0 || v > INT_MAX)
		return -EINVAL;
	*pid = v;
	return 0;
}

/**
 * parse_hex - an address in hex, with or without 0x
 * @text: the whole of it
 * @value: set on success
 *
 * Return: 0, -EINVAL, or -ERANGE if it has more than 64 bits.
 */
int parse_hex(const char *text, uint64_t *value)
{
	int ret;

	skip_0x(&text);
	ret = digits(&text, 16, value);
	return ret ? ret : *text ? -EINVAL : 0;
}

/**
 * parse_number - a number in decimal, or hex after 0x
 * @text: the whole of it
 * @value: set on success
 *
 * Return: 0, -EINVAL, or -ERANGE if it has more than 64 bits.
 */
int parse_number(const char *text, uint64_t *value)
{
	int base = skip_0x(&text) ? 16 : 10;
	int ret = digits(&text, base, value);

	return ret ? ret : *text ? -EINVAL : 0;
}

/**
 * parse_size - a number of bytes, in decimal or hex, with K, M, G, T or P
 * @text: the whole of it; K is 1024, and "KiB" is the same
 * @value: set on success
 *
 * Return: 0, -EINVAL, or -ERANGE if it has more than 64 bits.
 */
int parse_size(const char *text, uint64_t *value)
{
	static const char units[] = "KMGTPE";
	int base = skip_0x(&text) ? 16 : 10;
	int ret = digits(&text, base, value);
	const char *unit;
	int shift;

	if (ret || !*text)
		return ret;
	unit = strchr(units, toupper((unsigned char)*text));
	if (!unit)
		return -EINVAL;
	if (text[1] && strcasecmp(text + 1, "B") && strcasecmp(text + 1, "iB"))
		return -EINVAL;
	shift = 10 * (unit - units + 1);
	if (*value > UINT64_MAX >> shift)
		return -ERANGE;
	*value <<= shift;
	return 0;
}

/**
 * parse_tenths - a number with at most one digit behind the point
 * @text: the whole of it
 * @value: set on success, in tenths
 *
 * Return: 0, -EINVAL, or -ERANGE.
 */
int parse_tenths(const char *text, uint64_t *value)
{
	int ret = digits(&text, 10, value);

	if (ret)
		return ret;
	if (*value > UINT64_MAX / 10 - 1)
		return -ERANGE;
	*value *= 10;
	if (!*text)
		return 0;
	if (text[0] != '.' || digit(text[1]) > 9 || text[2])
		return -EINVAL;
	*value += digit(text[1]);
	return 0;
}

/*
 * The number of bytes that is nearest and has no more than one digit behind the
 * point of its unit. At the end of 64 bits there is no larger one to round to.
 */
static uint64_t round_to_tenth(uint64_t size)
{
	unsigned int shift = 0;
	uint64_t tenths, units;

	while (shift < 60 && size >> shift >= 1024)
		shift += 10;
	if (!shift)
		return size;
	tenths = ((__uint128_t)size * 10 + (1ULL << (shift - 1))) >> shift;
	units = (tenths * 1024 + 9) / 10;
	if (units > UINT64_MAX >> (shift - 10))
		return size;
	return units << (shift - 10);
}

/**
 * format_size - a number of bytes in the largest unit that keeps it above one
 * @size: bytes
 * @buf: filled, such as "4K" or "1.5M"; one digit behind the point, rounded
 * @bytes: length of @buf
 *
 * Return: @buf.
 */
const char *format_size(uint64_t size, char *buf, size_t bytes)
{
	static const char units[] = "BKMGTPE";
	unsigned int tenths, shift = 0;

	size = round_to_tenth(size);
	while (shift < 60 && size >> shift >= 1024)
		shift += 10;
	tenths = shift ? ((size >> (shift - 10)) & 1023) * 10 / 1024 : 0;
	if (tenths)
		snprintf(buf, bytes, "%u.%u%c", (unsigned int)(size >> shift),
			 tenths, units[shift / 10]);
	else if (shift || !size)
		snprintf(buf, bytes, "%u%.1s", (unsigned int)(size >> shift),
			 size ? &units[shift / 10] : "");
	else
		snprintf(buf, bytes, "%uB", (unsigned int)size);
	return buf;
}

/**
 * format_grouped - a number with commas between its thousands
 * @number: the number
 * @buf: filled
 * @bytes: length of @buf; 27 is enough for any
 *
 * Return: @buf.
 */
const char *format_grouped(uint64_t number, char *buf, size_t bytes)
{
	char plain[24];
	int len = snprintf(plain, sizeof(plain), "%llu",
			   (unsigned long long)number);
	size_t at = 0;

	for (int i = 0; i < len && at + 2 < bytes; i++) {
		if (i && (len - i) % 3 == 0)
			buf[at++] = ',';
		buf[at++] = plain[i];
	}
	buf[at] = '\0';
	return buf;
}

/**
 * format_tenths - a number with one digit behind the point
 * @tenths: the number times ten
 * @buf: filled
 * @bytes: length of @buf
 *
 * Return: @buf.
 */
const char *format_tenths(uint64_t tenths, char *buf, size_t bytes)
{
	snprintf(buf, bytes, "%llu.%llu", (unsigned long long)(tenths / 10),
		 (unsigned long long)(tenths % 10));
	return buf;
}

/**
 * format_time - a duration
 * @ns: nanoseconds
 * @buf: filled, such as "870 ns", "14.2 us", "3.1 ms" or "2.0 s"
 * @bytes: length of @buf
 *
 * Return: @buf.
 */
const char *format_time(uint64_t ns, char *buf, size_t bytes)
{
	static const char *const units[] = { "us", "ms", "s" };
	uint64_t scale = 1000;
	size_t i = 0;

	if (ns < 1000) {
		snprintf(buf, bytes, "%u ns", (unsigned int)ns);
		return buf;
	}
	while (i < 2 && ns / scale >= 1000) {
		scale *= 1000;
		i++;
	}
	snprintf(buf, bytes, "%llu.%u %s", (unsigned long long)(ns / scale),
		 (unsigned int)(ns % scale * 10 / scale), units[i]);
	return buf;
}

/**
 * utf8_length - bytes of the UTF-8 character at the start of a text
 * @text: raw bytes, zero-terminated
 *
 * Return: 1 to 4, or 0 if no well-formed character stands there: overlong
 * forms, surrogates and what lies beyond U+10FFFF are not.
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

static void print_json_char(FILE *out, unsigned char c)
{
	static const char special[] = "\"\\\b\f\n\r\t";
	static const char letter[] = "\"\\bfnrt";
	const char *found = strchr(special, c);

	if (found)
		fprintf(out, "\\%c", letter[found - special]);
	else if (c < 0x20 || c == 0x7f)
		fprintf(out, "\\u%04x", c);
	else
		putc(c, out);
}

/**
 * print_json_string - print a text as a JSON string
 * @out: where to
 * @text: raw bytes; one that is not of well-formed UTF-8 becomes the four
 *	characters \xNN
 */
void print_json_string(FILE *out, const char *text)
{
	putc('"', out);
	while (*text) {
		size_t len = utf8_length(text);

		if (!len)
			fprintf(out, "\\\\x%02x", (unsigned char)*text);
		else if (len == 1)
			print_json_char(out, *text);
		else
			fwrite(text, 1, len, out);
		text += len ? len : 1;
	}
	putc('"', out);
}

/**
 * escape_text - make a text fit one line, as /proc/PID/maps does
 * @text: raw bytes
 * @blanks: escape blanks, too
 * @buf: filled; control characters are written as \012
 * @bytes: length of @buf; four times the text and one are enough
 *
 * Return: length of what was written; the text is cut if @buf is too short.
 */
size_t escape_text(const char *text, bool blanks, char *buf, size_t bytes)
{
	size_t at = 0;

	for (; *text && at + 5 <= bytes; text++) {
		unsigned char c = *text;

		if (c < 0x20 || c == 0x7f || (c == ' ' && blanks))
			at += snprintf(buf + at, bytes - at, "\\%03o", c);
		else
			buf[at++] = c;
	}
	buf[at] = '\0';
	return at;
}

/**
 * text_width - columns that a text takes
 * @text: raw bytes
 *
 * Return: its characters; wide ones are counted as one.
 */
size_t text_width(const char *text)
{
	size_t width = 0;

	while (*text) {
		size_t len = utf8_length(text);

		text += len ? len : 1;
		width++;
	}
	return width;
}

/**
 * utf8_locale - whether the terminal is told to understand UTF-8
 *
 * Return: true if so.
 */
bool utf8_locale(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

/**
 * text_tail - the end of a text, where a path says most
 * @text: raw bytes
 * @width: columns that there are
 * @buf: filled if the text is cut
 * @bytes: length of @buf
 *
 * Return: @text if it fits, else @buf with an ellipsis and the end.
 */
const char *text_tail(const char *text, size_t width, char *buf, size_t bytes)
{
	const char *dots = utf8_locale() ? "\xe2\x80\xa6" : "..";
	size_t have = text_width(text), keep = text_width(dots);

	if (have <= width)
		return text;
	keep = width > keep ? width - keep : 0;
	for (; have > keep; have--) {
		size_t len = utf8_length(text);

		text += len ? len : 1;
	}
	snprintf(buf, bytes, "%s%s", dots, text);
	return buf;
}
