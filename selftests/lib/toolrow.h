/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows of the tool's JSON, for tests that compare them with the kernel. */
#ifndef _VMSCOPE_TOOLROW_H
#define _VMSCOPE_TOOLROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <linux/types.h>

void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
const char *tool_missing(void);
FILE *tool_run(const char *format, ...) __attribute__((format(printf, 1, 2)));
int tool_end(FILE *rows);
bool tool_row(FILE *rows, char *row, size_t bytes);
bool tool_first_row(char *row, size_t bytes, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
const char *row_text(const char *row, const char *key);
const char *tool_text(const char *column, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
__u64 row_number(const char *row, const char *key);

#endif /* _VMSCOPE_TOOLROW_H */
