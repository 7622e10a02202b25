// SPDX-License-Identifier: GPL-2.0-or-later
/* Unit tests, which need no process: each prints one TAP line. */
#include <unistd.h>

#include "cli/filter.h"
#include "model/page.h"
#include "unit.h"

bool test_failed;

static struct {
	void (*run)(void);
	const char *name;
} tests[128];

static size_t nr_tests;

/* Called before main(), by every TEST(). */
void test_add(void (*run)(void), const char *name)
{
	if (nr_tests == ARRAY_SIZE(tests))
		_exit(1);
	tests[nr_tests].run = run;
	tests[nr_tests++].name = name;
}

const struct vmscope_info *fake_info(struct vmscope **scope)
{
	EXPECT(!device_open(scope));
	return vmscope_get_info(*scope);
}

/* Rows as text, from all records of the made-up process. */
void scan_rows(const struct vmscope_query *query, struct filter *filter,
	       char *out, size_t bytes)
{
	struct vmscope_record rec;
	struct vmscope_iter *iter;
	struct vmscope *scope;
	size_t len = 0;

	*out = '\0';
	EXPECT(!device_open(&scope));
	EXPECT(!vmscope_attach_pid(scope, 1));
	EXPECT(!vmscope_iter_create(&iter, scope, query));
	while (vmscope_iter_next(iter, &rec) > 0) {
		struct page_row row = {
			.info = vmscope_get_info(scope),
			.rec = &rec,
			.label = "x",
		};

		if (rec.kind == VMSCOPE_KIND_AREA ||
		    !filter_match(filter, &row))
			continue;
		len += snprintf(out + len, bytes - len,
				"%llx-%llx %u %u %llx %llx\n",
				(unsigned long long)rec.addr,
				(unsigned long long)rec.end, rec.level,
				rec.state, (unsigned long long)rec.flags,
				(unsigned long long)rec.value);
	}
	vmscope_iter_destroy(iter);
	vmscope_close(scope);
}

int main(void)
{
	struct vmscope *scope;
	size_t nr_failed = 0;

	/* From here on, /proc and /sys are the made-up ones. */
	fake_info(&scope);
	vmscope_close(scope);
	for (size_t i = 0; i < nr_tests; i++) {
		test_failed = false;
		/* End a test that hangs. */
		alarm(120);
		tests[i].run();
		nr_failed += test_failed;
		printf("%s %zu - %s\n", test_failed ? "not ok" : "ok", i + 1,
		       tests[i].name);
	}
	printf("1..%zu\n", nr_tests);
	return nr_failed ? 1 : 0;
}
