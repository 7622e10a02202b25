// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope info: versions, and what this kernel can show. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "cli/array.h"
#include "cli/format.h"
#include "cmd/command.h"

enum { MAX_ITEMS = 48 };

struct item {
	const char *name; /* of the fact */
	char value[128]; /* its value */
	const char *why; /* for people: why it is off, or NULL */
};

struct items {
	struct item item[MAX_ITEMS];
	size_t nr;
};

static void get_value(const void *row, struct value *v)
{
	value_text(v, ((const struct item *)row)->value);
	if (!strcmp(v->text, "off"))
		v->color = COLOR_YELLOW;
}

static const struct column columns[] = {
	COLUMN(name, 16, TEXT, "what it is", FIELD(struct item, name),
	       .words =
		       &(const struct words){
			       .own = "module,tool,abi,kernel,arch,page size,levels,"
				      "entry maps,user end,kernel start,memcg,mapcount",
			       .table = vmscope_feature_table }),
	COLUMN(value, 12, TEXT, "how it is here", GET(get_value)),
	COLUMN(why, 12, TEXT, "why a feature is off", FIELD(struct item, why),
	       .needs = WIDE),
};

static const struct column_set info_columns = COLUMN_SET(columns, NULL);

static struct item *__attribute__((format(printf, 3, 4)))
add_item(struct items *items, const char *name, const char *fmt, ...)
{
	struct item *it = &items->item[items->nr++];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(it->value, sizeof(it->value), fmt, ap);
	va_end(ap);
	it->name = name;
	it->why = NULL;
	return it;
}

static void add_versions(struct items *items, const struct vmscope_info *info)
{
	const struct vmscope_bit *arch =
		bit_find(vmscope_arch_names(), info->arch);
	struct utsname uts;

	add_item(items, "module", "%.*s", (int)sizeof(info->module_version),
		 (const char *)info->module_version);
	add_item(items, "tool", "%s", VMSCOPE_VERSION);
	add_item(items, "abi", "%llu", (unsigned long long)info->abi);
	if (!uname(&uts))
		add_item(items, "kernel", "%s", uts.release);
	if (arch)
		add_item(items, "arch", "%s", arch->name);
}

static void add_geometry(struct items *items, const struct vmscope_info *info)
{
	char text[128] = "", size[32];
	size_t len = 0;

	add_item(items, "page size", "%s",
		 format_size(info->page_size, size, sizeof(size)));
	add_item(items, "levels", "%llu", (unsigned long long)info->nr_levels);
	for (int l = VMSCOPE_LEVEL_PGD; l >= VMSCOPE_LEVEL_PTE; l--) {
		if (!info->level_shift[l])
			continue;
		len += snprintf(text + len, sizeof(text) - len, "%s%s %s",
				len ? ", " : "", vmscope_level_name(l),
				format_size(1ULL << info->level_shift[l], size,
					    sizeof(size)));
	}
	add_item(items, "entry maps", "%s", text);
	add_item(items, "user end", "0x%llx",
		 (unsigned long long)info->user_end);
	add_item(items, "kernel start", "0x%llx",
		 (unsigned long long)info->kernel_start);
}

/* Facts of frames that are not known on every kernel. */
static void add_facts(struct items *items, const struct vmscope_info *info)
{
	bool memcg = info->facts & VMSCOPE_FACT_MEMCG;
	bool exact = !(info->facts & VMSCOPE_FACT_ESTIMATE);

	if (!(info->features & VMSCOPE_FEAT_FACTS))
		return;
	add_item(items, "memcg", memcg ? "on" : "off")->why =
		memcg ? NULL : "the kernel is built without CONFIG_MEMCG";
	add_item(items, "mapcount", exact ? "exact" : "estimate")->why =
		exact ? NULL :
			"CONFIG_NO_PAGE_MAPCOUNT: the average over a folio";
}

/* Some features are off by a policy, not because the kernel lacks them. */
static const char *why_off(const struct vmscope_info *info,
			   const struct vmscope_bit *feature)
{
	const struct vmscope_bit *why = vmscope_why_table();

	if (feature->value != VMSCOPE_FEAT_FRAMES &&
	    feature->value != VMSCOPE_FEAT_KADDR)
		return feature->help;
	while (why->name && !(info->withheld_why & why->value))
		why++;
	return why->name ? why->help : feature->help;
}

static int info_run(struct request *req)
{
	const struct vmscope_bit *b = vmscope_feature_table();
	struct items items = { .nr = 0 };
	const struct vmscope_info *info;
	struct vmscope *scope;
	int ret = target_open_device(&scope);

	if (ret)
		return ret;
	info = vmscope_get_info(scope);
	add_versions(&items, info);
	add_geometry(&items, info);
	for (; b->name; b++) {
		if (info->features & b->value)
			add_item(&items, b->name, "on");
		else
			add_item(&items, b->name, "off")->why =
				why_off(info, b);
	}
	add_facts(&items, info);
	vmscope_close(scope);
	items.nr = rows_filter(req->filter, items.item, items.nr,
			       sizeof(items.item[0]));
	return request_print(req, items.item, items.nr, sizeof(items.item[0]),
			     NULL);
}

const struct command cmd_info = {
	.name = "info",
	.args = "",
	.help = "versions, and what this kernel can show",
	.columns = &info_columns,
	.run = info_run,
};
