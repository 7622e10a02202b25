// SPDX-License-Identifier: GPL-2.0-or-later
/* RANGE: ADDR, START-END, START+SIZE or an area's name. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "page.h"
#include "range.h"
#include "tool.h"

/* Splits "A-B" or "A+B"; the text is not long if it is of numbers. */
static char separate(const char *text, char left[32], const char **right)
{
	size_t len = strcspn(text, "-+");

	*right = text[len] ? text + len + 1 : "";
	if (len > 31)
		return 'n';
	memcpy(left, text, len);
	left[len] = '\0';
	return text[len];
}

/**
 * range_parse - parse a range of numbers
 * @text: ADDR, START-END or START+SIZE; ADDR, START and END are hex
 * @page: bytes of a page: ADDR stands for its page
 * @range: set on success, rounded outwards to pages
 *
 * Return: 0, -ENOENT if @text is a name, -EINVAL if the range ends before it
 * starts or is empty, -ERANGE beyond 64 bits.
 */
int range_parse(const char *text, uint64_t page, struct range *range)
{
	const char *right;
	char left[32];
	char how = separate(text, left, &right);
	uint64_t size = 1;
	int ret;

	if (how == 'n')
		return -ENOENT;
	ret = parse_hex(left, &range->start);
	if (!ret && how == '-')
		ret = parse_hex(right, &range->end);
	if (!ret && how == '+')
		ret = parse_size(right, &size);
	if (ret)
		return ret == -EINVAL ? -ENOENT : ret;
	if (how != '-') {
		range->end = range->start + size;
		if (range->end < range->start)
			return -ERANGE;
	}
	if (range->end <= range->start)
		return -EINVAL;
	range->start &= ~(page - 1);
	if (range->end <= UINT64_MAX - page)
		range->end = (range->end + page - 1) & ~(page - 1);
	return 0;
}

/**
 * range_check - refuse what is wrong on any machine, before anything is opened
 * @text: as the user typed it
 *
 * Return: 0 or EXIT_USAGE after saying why.
 */
int range_check(const char *text)
{
	struct range range;
	int ret = range_parse(text, 4096, &range);

	if (!*text)
		tool_error("the range is empty; see RANGE in vmscope --help");
	else if (ret == -EINVAL)
		tool_error("%s: the range ends before it starts, or is empty",
			   text);
	else if (ret == -ERANGE)
		tool_error("%s: beyond 64 bits", text);
	else
		return 0;
	return EXIT_USAGE;
}

static bool is_called(const char *label, const char *name)
{
	size_t len = strlen(name);
	const char *base = strrchr(label, '/');

	if (!strcmp(label, name))
		return true;
	if (!base || *label != '/')
		return false;
	return !strncmp(base + 1, name, len) &&
	       (!base[1 + len] || !strcmp(base + 1 + len, " (deleted)"));
}

static int add_range(struct range_list *list, uint64_t start, uint64_t end)
{
	struct range *more;

	if (list->nr && list->range[list->nr - 1].end == start) {
		list->range[list->nr - 1].end = end;
		return 0;
	}
	/* Grows by doubling: the length is a power of two when it is full. */
	if (!(list->nr & (list->nr - 1))) {
		more = realloc(list->range,
			       (list->nr ? list->nr * 2 : 1) * sizeof(*more));
		if (!more)
			return -ENOMEM;
		list->range = more;
	}
	list->range[list->nr++] = (struct range){ start, end };
	return 0;
}

/**
 * struct search - for areas of a name
 * @name: the name
 * @list: those that were found
 */
struct search {
	const char *name;
	struct range_list *list;
};

static int look_at(void *arg, const struct vmscope_record *rec)
{
	const struct search *search = arg;
	char label[LABEL_BYTES];

	if (rec->kind != VMSCOPE_KIND_AREA)
		return 0;
	area_label(rec->area, rec->name, label, sizeof(label));
	if (!is_called(label, search->name))
		return 0;
	return add_range(search->list, rec->addr, rec->end);
}

static int find_areas(const char *name, struct target *target,
		      struct range_list *list)
{
	const struct vmscope_query query = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS |
			 VMSCOPE_SCAN_NAMES | VMSCOPE_SCAN_SKIP_EMPTY,
		/* No entry is at no level: areas alone are told. */
		.levels = 1 << VMSCOPE_LEVEL_NONE,
	};
	struct search search = { name, list };

	return target_scan(target, &query, NULL, look_at, &search);
}

static void name_failed(const char *text, const struct target *target)
{
	if (target->kernel)
		tool_error(
			"%s: no range, and no region has this name; vmscope kernel layout lists them",
			text);
	else
		tool_error("%s: no range, and no area of %d has this name",
			   text, target->pid);
}

/**
 * range_find - the addresses that a RANGE stands for
 * @text: as the user typed it, NULL for all
 * @target: the process
 * @list: filled; to be freed with range_free()
 *
 * Return: an exit status, after an error line if it is not EXIT_OK.
 */
int range_find(const char *text, struct target *target, struct range_list *list)
{
	struct range range = { 0, UINT64_MAX };
	int ret = 0;

	*list = (struct range_list){ 0 };
	if (text)
		ret = range_parse(text, target->info->page_size, &range);
	if (ret == -ENOENT) {
		ret = find_areas(text, target, list);
		if (ret)
			return tool_failed(VMSCOPE_OP_SCAN, ret, text);
		if (list->nr)
			return EXIT_OK;
		name_failed(text, target);
		return EXIT_FAILED;
	}
	if (!target->kernel && range.start >= target->info->user_end) {
		tool_error("%s: not in user memory; try vmscope walk", text);
		return EXIT_FAILED;
	}
	if (target->kernel && range.end <= target->info->kernel_start) {
		tool_error("%s: not in the kernel's half; try vmscope map PID",
			   text);
		return EXIT_FAILED;
	}
	ret = add_range(list, range.start, range.end);
	return ret ? tool_failed(VMSCOPE_OP_SCAN, ret, text) : EXIT_OK;
}

/**
 * range_free - free ranges
 * @list: the ranges
 */
void range_free(struct range_list *list)
{
	free(list->range);
}
