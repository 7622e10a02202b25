/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _FORMAT_H
#define _FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

int parse_pid(const char *text, int *pid);
int parse_hex(const char *text, uint64_t *value);
int parse_number(const char *text, uint64_t *value);
int parse_size(const char *text, uint64_t *value);
int parse_tenths(const char *text, uint64_t *value);

const char *format_size(uint64_t size, char *buf, size_t bytes);
const char *format_grouped(uint64_t number, char *buf, size_t bytes);
const char *format_tenths(uint64_t tenths, char *buf, size_t bytes);
const char *format_time(uint64_t ns, char *buf, size_t bytes);

void print_json_string(FILE *out, const char *text);
size_t escape_text(const char *text, bool blanks, char *buf, size_t bytes);
size_t text_width(const char *text);
const char *text_tail(const char *text, size_t width, char *buf, size_t bytes);
bool utf8_locale(void);
size_t utf8_length(const char *text);

#endif /* _FORMAT_H */
