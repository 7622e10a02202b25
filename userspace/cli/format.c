// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers and text, read from people and written for them. */

#include "cli/format.h"

#include <ctype.h>
#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : INT_MAX;
}

/* Digits up to another character; -EINVAL if none, -ERANGE if too large. */
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

/* A PID in decimal: 0 or -EINVAL, as below; -ERANGE above 64 bits. */
int parse_pid(const char *text, int *pid)
{
	uint64_t v;

	if (digits(&text, 10, &v) || *text || v == 0 || v > INT_MAX)
		return -EINVAL;
	*pid = v;
	return 0;
}

/* An address in hex, with or without 0x. */
int parse_hex(const char *text, uint64_t *value)
{
	int ret;

	skip_0x(&text);
	ret = digits(&text, 16, value);
	return ret ? ret : *text ? -EINVAL : 0;
}

/* A number in decimal, or hex after 0x. */
int parse_number(const char *text, uint64_t *value)
{
	int base = skip_0x(&text) ? 16 : 10;
	int ret = digits(&text, base, value);

	return ret ? ret : *text ? -EINVAL : 0;
}

/*
 * Bytes in decimal or hex, with K, M, G, T, P or E: powers of 1024; "KiB" is
 * the same.
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

/* A number with at most one digit after the point, in tenths. */
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

enum { EIGHT_DIGITS = 100000000 };

/* For numbers below 10^8: one digit a byte, the first of them in the lowest. */
static inline uint64_t decimal_digits(uint64_t number)
{
	uint64_t tens, v = number / 10000 | number % 10000 << 32;

	tens = (v * 10486 >> 20) & 0x7f0000007fULL;
	v = tens | (v - 100 * tens) << 16;
	tens = (v * 103 >> 10) & 0xf000f000f000fULL;
	return tens | (v - 10 * tens) << 8;
}

static inline void store_digits(char *at, uint64_t digits)
{
	digits = htole64(digits);
	memcpy(at, &digits, sizeof(digits));
}

/* Returns the digits; 21 bytes of @buf are enough. */
size_t format_decimal(uint64_t number, char *buf)
{
	const uint64_t zeros = 0x3030303030303030;
	uint64_t block[3], digits;
	size_t nr = 0, len;

	for (; number >= EIGHT_DIGITS; number /= EIGHT_DIGITS)
		block[nr++] = number % EIGHT_DIGITS;
	digits = decimal_digits(number);
	/* Zero has one digit. */
	len = 8 - __builtin_ctzll(digits | 1ULL << 56) / 8;
	store_digits(buf, (digits | zeros) >> (64 - 8 * len));
	while (nr) {
		store_digits(buf + len, decimal_digits(block[--nr]) | zeros);
		len += 8;
	}
	buf[len] = '\0';
	return len;
}

/* Two digits for each byte, filled when first needed. */
static char hex_pairs[512];

static void fill_hex_pairs(void)
{
	static const char digit_of[] = "0123456789abcdef";

	for (int i = 0; i < 256; i++) {
		hex_pairs[2 * i] = digit_of[i >> 4];
		hex_pairs[2 * i + 1] = digit_of[i & 15];
	}
}

/* Without 0x. Returns the digits; 17 bytes of @buf are enough. */
size_t format_hex(uint64_t number, char *buf)
{
	size_t len = (67 - __builtin_clzll(number | 1)) / 4;
	char text[32];

	if (!*hex_pairs)
		fill_hex_pairs();
#pragma GCC unroll 8
	for (int i = 0; i < 8; i++)
		memcpy(text + 14 - 2 * i,
		       hex_pairs + 2 * (number >> 8 * i & 0xff), 2);
	memcpy(buf, text + 16 - len, 16);
	buf[len] = '\0';
	return len;
}

/*
 * The nearest number of bytes with no more than one digit after the point of
 * its unit. At the end of 64 bits there is no larger one to round to.
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

/* "4K" or "1.5M", rounded to one digit after the point; 8 bytes are enough. */
const char *format_size(uint64_t size, char *buf, size_t bytes)
{
	static const char units[] = "BKMGTPE";
	unsigned int tenths, shift = 0;
	char text[32];
	size_t len;

	size = round_to_tenth(size);
	while (shift < 60 && size >> shift >= 1024)
		shift += 10;
	tenths = shift ? ((size >> (shift - 10)) & 1023) * 10 / 1024 : 0;
	len = format_decimal(size >> shift, text);
	if (tenths) {
		text[len++] = '.';
		text[len++] = '0' + tenths;
	}
	if (size)
		text[len++] = units[shift / 10];
	if (len >= bytes)
		len = bytes - 1;
	memcpy(buf, text, len);
	buf[len] = '\0';
	return buf;
}

/* Sizes that are a part of a text have no unit either. */
bool format_in_bytes;

/* As format_size(), or in bytes if that was asked for. */
const char *format_amount(uint64_t size, char *buf, size_t bytes)
{
	char text[32];

	if (!format_in_bytes)
		return format_size(size, buf, bytes);
	text[format_decimal(size, text)] = '\0';
	snprintf(buf, bytes, "%s", text);
	return buf;
}

/* With commas between thousands; 27 bytes are enough. */
const char *format_grouped(uint64_t number, char *buf, size_t bytes)
{
	char plain[24];
	int len = format_decimal(number, plain);
	size_t at = 0;

	for (int i = 0; i < len && at + 2 < bytes; i++) {
		if (i && (len - i) % 3 == 0)
			buf[at++] = ',';
		buf[at++] = plain[i];
	}
	buf[at] = '\0';
	return buf;
}

const char *format_tenths(uint64_t tenths, char *buf, size_t bytes)
{
	snprintf(buf, bytes, "%llu.%llu", (unsigned long long)(tenths / 10),
		 (unsigned long long)(tenths % 10));
	return buf;
}

/* "870 ns", "14.2 us", "3.1 ms" or "2.0 s". */
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
