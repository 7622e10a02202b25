// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope info: versions, and what this kernel can show. */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "cli/column.h"
#include "cli/filter.h"
#include "cli/format.h"
#include "cli/table.h"
#include "cli/tool.h"
#include "cli/words.h"

enum { MAX_ITEMS = 48 };

/**
 * struct item - a row
 * @name: what it is
 * @value: how it is here
 * @why: for people: what it means
 */
struct item {
	char name[32];
	char value[128];
	const char *why;
};

static const struct item *item(const void *row)
{
	return row;
}

static void get_name(const void *row, struct value *v)
{
	value_text(v, item(row)->name);
}

static void get_value(const void *row, struct value *v)
{
	value_text(v, item(row)->value);
	if (!strcmp(v->text, "off"))
		v->color = COLOR_YELLOW;
}

static void get_why(const void *row, struct value *v)
{
	if (item(row)->why)
		value_text(v, item(row)->why);
}

static const struct vmscope_bit *name_words(void)
{
	static struct vmscope_bit words[MAX_ITEMS + 1] = {
		{ 0, "module", NULL },	 { 0, "tool", NULL },
		{ 0, "abi", NULL },	 { 0, "kernel", NULL },
		{ 0, "arch", NULL },	 { 0, "page size", NULL },
		{ 0, "levels", NULL },	 { 0, "entry maps", NULL },
		{ 0, "user end", NULL }, { 0, "kernel start", NULL },
	};

	if (!words[10].name)
		words_join(words, ARRAY_SIZE(words), vmscope_feature_table(),
			   0);
	return words;
}

/* clang-format off: one column a row */
static const struct column columns[] = {
	COLUMN_WORDS(name, 16, TEXT, name_words, "what it is"),
	COLUMN(value, 12, TEXT, "how it is here"),
	COLUMN_THAT(why, 12, TEXT, WIDE, 0, "why a feature is off"),
};

/* clang-format on */

static const struct column_set info_columns = {
	columns,
	ARRAY_SIZE(columns),
	"name,value,why",
};

/**
 * struct items - rows so far
 * @item: the rows
 * @nr: how many
 */
struct items {
	struct item item[MAX_ITEMS];
	size_t nr;
};

static struct item *add(struct items *items, const char *name,
			const char *value)
{
	struct item *it = &items->item[items->nr++];

	snprintf(it->name, sizeof(it->name), "%s", name);
	snprintf(it->value, sizeof(it->value), "%s", value);
	it->why = NULL;
	return it;
}

static void add_versions(struct items *items, const struct vmscope_info *info)
{
	char text[128], module[sizeof(info->module_version) + 1] = "";
	struct utsname uts;

	memcpy(module, info->module_version, sizeof(info->module_version));
	add(items, "module", module);
	add(items, "tool", VMSCOPE_VERSION);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)info->abi);
	add(items, "abi", text);
	if (!uname(&uts))
		add(items, "kernel", uts.release);
	for (const struct vmscope_bit *b = vmscope_arch_names(); b->name; b++) {
		if (b->value == info->arch)
			add(items, "arch", b->name);
	}
}

static void add_geometry(struct items *items, const struct vmscope_info *info)
{
	char text[128], size[32];
	size_t len = 0;

	add(items, "page size",
	    format_size(info->page_size, size, sizeof(size)));
	snprintf(text, sizeof(text), "%llu",
		 (unsigned long long)info->nr_levels);
	add(items, "levels", text);
	for (int l = VMSCOPE_LEVEL_PGD; l >= VMSCOPE_LEVEL_PTE; l--) {
		if (!info->level_shift[l])
			continue;
		len += snprintf(text + len, sizeof(text) - len, "%s%s %s",
				len ? ", " : "", vmscope_level_name(l),
				format_size(1ULL << info->level_shift[l], size,
					    sizeof(size)));
	}
	add(items, "entry maps", text);
	snprintf(text, sizeof(text), "0x%llx",
		 (unsigned long long)info->user_end);
	add(items, "user end", text);
	snprintf(text, sizeof(text), "0x%llx",
		 (unsigned long long)info->kernel_start);
	add(items, "kernel start", text);
}

/* The features that a policy, not the kernel's make, turns off. */
static const char *why_off(const struct vmscope_info *info,
			   const struct vmscope_bit *feature)
{
	if (feature->value != VMSCOPE_FEAT_FRAMES &&
	    feature->value != VMSCOPE_FEAT_KADDR)
		return feature->help;
	for (const struct vmscope_bit *b = vmscope_why_table(); b->name; b++) {
		if (info->withheld_why & b->value)
			return b->help;
	}
	return feature->help;
}

static void add_features(struct items *items, const struct vmscope_info *info)
{
	for (const struct vmscope_bit *b = vmscope_feature_table(); b->name;
	     b++) {
		bool on = info->features & b->value;
		struct item *it = add(items, b->name, on ? "on" : "off");

		if (!on)
			it->why = why_off(info, b);
	}
}

static size_t wanted(struct items *items, const struct filter *filter)
{
	size_t kept = 0;

	for (size_t i = 0; i < items->nr; i++) {
		if (filter_match(filter, &items->item[i]))
			items->item[kept++] = items->item[i];
	}
	return kept;
}

static int show(const struct request *req, const struct filter *filter,
		const struct column_list *list)
{
	struct items items = { .nr = 0 };
	struct vmscope *scope;
	int ret = tool_open(&scope);

	if (ret)
		return ret;
	add_versions(&items, vmscope_get_info(scope));
	add_geometry(&items, vmscope_get_info(scope));
	add_features(&items, vmscope_get_info(scope));
	vmscope_close(scope);
	items.nr = wanted(&items, filter);
	ret = table_print(req->cmd->name, list, req->opt, items.item, items.nr,
			  sizeof(items.item[0]), NULL);
	return ret ? EXIT_FAILED : EXIT_OK;
}

static int run(const struct request *req)
{
	struct column_list list;
	struct filter *filter = NULL;
	int ret = columns_select(&info_columns, req->opt, &list);

	if (!ret)
		ret = filter_parse(&filter, &info_columns, req->opt->filter);
	if (!ret)
		ret = show(req, filter, &list);
	filter_free(filter);
	return ret;
}

const struct command cmd_info = {
	.name = "info",
	.args = "",
	.help = "versions, and what this kernel can show",
	.columns = &info_columns,
	.run = run,
};
