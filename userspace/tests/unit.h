/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _UNIT_H
#define _UNIT_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/array.h"
#include "cli/message.h"
#include "source/device.h"
#include "source/target.h"

struct filter;

extern bool test_failed;

void test_add(void (*run)(void), const char *name);
const struct vmscope_info *fake_info(struct vmscope **scope);
void scan_rows(const struct vmscope_query *query, struct filter *filter,
	       char *buf, size_t bytes);

#define TEST(test)                                                \
	static void test(void);                                   \
	static void __attribute__((constructor)) add_##test(void) \
	{                                                         \
		test_add(test, #test);                            \
	}                                                         \
	static void test(void)

#define EXPECT(cond)                                                        \
	do {                                                                \
		if (!(cond)) {                                              \
			printf("# %s:%d: %s\n", __FILE__, __LINE__, #cond); \
			test_failed = true;                                 \
		}                                                           \
	} while (0)

#define EXPECT_STR(want, got)                                             \
	do {                                                              \
		const char *got_ = (got);                                 \
		if (strcmp(want, got_)) {                                 \
			printf("# %s:%d: \"%s\", not \"%s\"\n", __FILE__, \
			       __LINE__, got_, want);                     \
			test_failed = true;                               \
		}                                                         \
	} while (0)

#endif /* _UNIT_H */
