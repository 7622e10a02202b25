// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RANGE: ADDR, START-END, START+SIZE or an area's name.
 *
 * A file can be called "bed", or "1000+4K". If a word can be either, it means
 * the area of that name; with 0x before it, it is an address.
 */
#include "model/range.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/array.h"
#include "cli/format.h"
#include "cli/message.h"
#include "model/layout.h"
#include "model/vma.h"

/* Splits "A-B" or "A+B"; a text of numbers is not long. */
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

/*
 * Parses ADDR, START-END or START+SIZE, in hex except for SIZE; ADDR stands for
 * its page. The range is rounded outwards to pages of @page bytes. Returns 0,
 * -ENOENT if @text is a name, -EINVAL if the range ends before it starts or is
 * empty, -ERANGE above 64 bits.
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

/* Anything else may be the name of an area. */
static bool is_number(const char *text)
{
	return !strncasecmp(text, "0x", 2);
}

static int wrong_number(const char *text, int err)
{
	if (err == -ERANGE)
		message_error("%s: beyond 64 bits", text);
	else
		message_error(
			"%s: the range ends before it starts, or is empty",
			text);
	return EXIT_USAGE;
}

/* Refuses what is wrong on any machine: EXIT_OK or, reported, EXIT_USAGE. */
int range_check(const char *text)
{
	struct range range;
	int ret = is_number(text) ? range_parse(text, 4096, &range) : 0;

	if (!*text) {
		message_error(
			"the range is empty; see RANGE in vmscope --help");
		return EXIT_USAGE;
	}
	return ret && ret != -ENOENT ? wrong_number(text, ret) : EXIT_OK;
}

static bool is_same(const char *have, size_t len, const char *name)
{
	return !strncmp(have, name, len) && !name[len];
}

/* In maps, names in brackets are not files. */
static void strip_brackets(const char **name, size_t *len)
{
	if (**name != '[' || *len < 2 || (*name)[*len - 1] != ']')
		return;
	++*name;
	*len -= 2;
}

static bool is_same_in_brackets(const char *label, const char *name)
{
	size_t len = strlen(label), name_len = strlen(name);

	strip_brackets(&label, &len);
	strip_brackets(&name, &name_len);
	return len == name_len && !memcmp(label, name, len);
}

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* Odd bytes of a name are shown as \ooo; none is 0. */
static bool is_escape(const char *at)
{
	return at[0] == '\\' && at[1] >= '0' && at[1] <= '3' &&
	       is_octal(at[2]) && is_octal(at[3]) && strncmp(at + 1, "000", 3);
}

static void unescape(const char *name, char plain[LABEL_BYTES])
{
	size_t n = 0;

	while (*name && n + 1 < LABEL_BYTES) {
		if (is_escape(name)) {
			plain[n++] = (name[1] - '0') << 6 |
				     (name[2] - '0') << 3 | (name[3] - '0');
			name += 4;
		} else {
			plain[n++] = *name++;
		}
	}
	plain[n] = '\0';
}

static bool is_called(const char *label, const char *name)
{
	static const char deleted[] = " (deleted)";
	size_t len = strlen(label), tail = sizeof(deleted) - 1;
	const char *base = *label == '[' ? NULL : strrchr(label, '/');

	if (!base)
		return is_same_in_brackets(label, name);
	base++;
	if (!strcmp(label, name) || !strcmp(base, name))
		return true;
	if (len < tail || strcmp(label + len - tail, deleted))
		return false;
	len -= tail;
	return is_same(label, len, name) ||
	       is_same(base, len - (base - label), name);
}

/*
 * Whether an area that is called @label has the name @name, as the user typed
 * it: the label, with or without brackets around it, or the last part of a
 * path; a final " (deleted)" may be left out, and bytes may be escaped.
 */
bool range_is_called(const char *label, const char *name)
{
	char plain[LABEL_BYTES];

	if (is_called(label, name))
		return true;
	unescape(name, plain);
	return is_called(label, plain);
}

static int add_range(struct range_list *list, uint64_t start, uint64_t end)
{
	if (list->nr && list->range[list->nr - 1].end == start) {
		list->range[list->nr - 1].end = end;
		return 0;
	}
	if (!array_reserve(&list->range, list->nr + 1, &list->room,
			   sizeof(list->range[0])))
		return -ENOMEM;
	list->range[list->nr++] = (struct range){ start, end };
	return 0;
}

/* A search for areas by name. */
struct search {
	const char *name;
	struct range_list *list; /* those that were found */
};

static int match_area(void *arg, const struct vmscope_record *rec)
{
	const struct search *search = arg;
	char label[LABEL_BYTES];

	if (rec->kind != VMSCOPE_KIND_AREA)
		return 0;
	area_label(rec->area, rec->name, label, sizeof(label));
	if (!range_is_called(label, search->name))
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
		/* Every entry has a level: only areas are reported. */
		.levels = 1 << VMSCOPE_LEVEL_NONE,
	};
	struct search search = { name, list };

	return target_scan(target, &query, NULL, match_area, &search);
}

/* Parts of the image, and the ranges around the regions. */
static int find_in_layout(const char *name, struct target *target,
			  struct range_list *list)
{
	struct layout layout;
	int ret = layout_read(target, NULL, &layout);

	for (size_t i = 0; i < layout.nr && !ret; i++) {
		const struct layout_row *row = &layout.row[i];

		if (is_same_in_brackets(row->name, name))
			ret = add_range(list, row->start, row->end);
	}
	return ret;
}

static int no_such_name(const char *text, const struct target *target)
{
	if (target->kernel)
		message_error(
			"%s: no range, and no region has this name; vmscope kernel layout lists them",
			text);
	else
		message_error("%s: no range, and no area of %d has this name",
			      text, target->pid);
	return EXIT_FAILED;
}

static int check_half(const char *text, const struct target *target,
		      const struct range_list *list)
{
	const struct range *last = &list->range[list->nr - 1];

	if (!target->kernel && list->range[0].start >= target->info->user_end)
		message_error("%s: not in user memory; try vmscope walk", text);
	else if (target->kernel && last->end <= target->info->kernel_start)
		message_error(
			"%s: not in the kernel's half; try vmscope map PID",
			text);
	else
		return EXIT_OK;
	return EXIT_FAILED;
}

/*
 * The addresses that a RANGE stands for; all, if @text is NULL. Returns an exit
 * status, after an error line if it is not EXIT_OK.
 */
int range_find(const char *text, struct target *target, struct range_list *list)
{
	struct range range = { 0, UINT64_MAX };
	int wrong = 0, ret = 0;

	*list = (struct range_list){ 0 };
	if (text)
		wrong = range_parse(text, target->info->page_size, &range);
	if (text && (wrong == -ENOENT || !is_number(text))) {
		ret = find_areas(text, target, list);
		if (!ret && !list->nr && target->kernel)
			ret = find_in_layout(text, target, list);
	}
	if (!ret && !list->nr && wrong == -ENOENT)
		return no_such_name(text, target);
	if (!ret && !list->nr && wrong)
		return wrong_number(text, wrong);
	if (!ret && !list->nr)
		ret = add_range(list, range.start, range.end);
	ret = ret ? message_failed(VMSCOPE_OP_SCAN, ret, text) :
		    check_half(text, target, list);
	if (ret)
		range_free(list);
	return ret;
}

void range_free(struct range_list *list)
{
	free(list->range);
}
