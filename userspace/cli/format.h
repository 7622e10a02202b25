/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _FORMAT_H
#define _FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int parse_pid(const char *text, int *pid);
int parse_hex(const char *text, uint64_t *value);
int parse_number(const char *text, uint64_t *value);
int parse_size(const char *text, uint64_t *value);
int parse_tenths(const char *text, uint64_t *value);

size_t format_decimal(uint64_t number, char *buf);
size_t format_hex(uint64_t number, char *buf);
extern bool format_in_bytes;
const char *format_size(uint64_t size, char *buf, size_t bytes);
const char *format_amount(uint64_t size, char *buf, size_t bytes);
const char *format_grouped(uint64_t number, char *buf, size_t bytes);
const char *format_tenths(uint64_t tenths, char *buf, size_t bytes);
const char *format_time(uint64_t ns, char *buf, size_t bytes);

/* A part of a whole, not 0, in tenths of a percent, to the nearest. */
static inline uint64_t round_share(uint64_t part, uint64_t whole)
{
	return (part * 1000 + whole / 2) / whole;
}

#endif /* _FORMAT_H */
