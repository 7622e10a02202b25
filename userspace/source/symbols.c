// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of kernel addresses, from /proc/kallsyms and /proc/modules. */
#include "source/symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/array.h"
#include "cli/format.h"
#include "source/proc.h"

/* Nothing with a name is longer; an address further away has no name. */
enum { MAX_SYMBOL_BYTES = 16 << 20 };

/* Offset 0 means no name, so the text begins with an empty one. */
static bool add_text(struct symbols *s, const char *text, size_t len,
		     uint32_t *at)
{
	if (s->text_used + len + 2 > INT32_MAX ||
	    !array_reserve(&s->text, s->text_used + len + 2, &s->text_room, 1))
		return false;
	if (!s->text_used)
		s->text[s->text_used++] = '\0';
	*at = s->text_used;
	memcpy(s->text + s->text_used, text, len);
	s->text[s->text_used + len] = '\0';
	s->text_used += len + 1;
	return true;
}

/* The symbols of a module are adjacent: usually the last name is the same. */
static bool add_module(struct symbols *s, const char *text, uint32_t *at)
{
	size_t len = strcspn(text, "]\n");
	uint32_t last = s->nr ? s->entry[s->nr - 1].module : 0;

	if (last && strlen(s->text + last) == len &&
	    !memcmp(s->text + last, text, len)) {
		*at = last;
		return true;
	}
	return add_text(s, text, len, at);
}

/* "ffffffff81000000 T name", optionally followed by a tab and "[module]". */
static bool add_line(struct symbols *s, char *line)
{
	struct symbol_entry entry = { 0 };
	char *name, *end, *module = strchr(line, '[');
	uint32_t at;

	entry.addr = strtoull(line, &end, 16);
	if (end == line || end[0] != ' ' || !end[1] || end[2] != ' ')
		return true;
	name = end + 3;
	if (module && !add_module(s, module + 1, &entry.module))
		return false;
	if (!add_text(s, name, strcspn(name, "\t\n"), &at) ||
	    !array_reserve(&s->entry, s->nr + 1, &s->room, sizeof(entry)))
		return false;
	entry.name = at;
	entry.is_absolute = (end[1] | 0x20) == 'a';
	s->entry[s->nr++] = entry;
	return true;
}

/* Several names of one address stay in the kernel's order. */
static int compare_symbols(const void *a, const void *b)
{
	const struct symbol_entry *x = a, *y = b;

	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	return (x->name > y->name) - (x->name < y->name);
}

static void read_symbols(struct symbols *s)
{
	FILE *f = proc_open("kallsyms");
	char *line = NULL;
	size_t bytes = 0;

	s->tried = true;
	s->missing = !f;
	if (!f)
		return;
	while (getline(&line, &bytes, f) > 0 && add_line(s, line))
		;
	free(line);
	fclose(f);
	if (s->nr)
		qsort(s->entry, s->nr, sizeof(s->entry[0]), compare_symbols);
	/* Zeros are not addresses: they are withheld. */
	if (s->nr && !s->entry[s->nr - 1].addr)
		s->nr = 0;
}

static size_t count_below(const struct symbols *s, uint64_t addr)
{
	return array_below(s->entry, s->nr, sizeof(s->entry[0]), addr);
}

static void fill_symbol(const struct symbols *s, size_t i, struct symbol *found)
{
	while (i && s->entry[i - 1].addr == s->entry[i].addr)
		i--;
	*found = (struct symbol){
		.addr = s->entry[i].addr,
		.name = s->text + s->entry[i].name,
		.module = s->entry[i].module ? s->text + s->entry[i].module :
					       NULL,
	};
}

/*
 * The symbol that an address belongs to. This function and those below read the
 * symbols in their first call; there are none if the kernel withholds them.
 * Results are valid as long as @symbols.
 */
bool symbol_find(struct symbols *symbols, uint64_t addr, struct symbol *found)
{
	size_t i;

	if (!symbols->tried)
		read_symbols(symbols);
	i = count_below(symbols, addr);
	if (!i || addr - symbols->entry[i - 1].addr >= MAX_SYMBOL_BYTES)
		return false;
	fill_symbol(symbols, i - 1, found);
	return true;
}

/* The address of the first symbol with a name. */
bool symbol_address(struct symbols *symbols, const char *name, uint64_t *addr)
{
	if (!symbols->tried)
		read_symbols(symbols);
	for (size_t i = 0; i < symbols->nr; i++) {
		if (strcmp(symbols->text + symbols->entry[i].name, name))
			continue;
		*addr = symbols->entry[i].addr;
		return true;
	}
	return false;
}

/*
 * Per-CPU data of modules comes next after the kernel's own. There is more room
 * for it where the kernel counts allocations.
 * Source: PERCPU_MODULE_RESERVE in linux/percpu.h
 */
static uint64_t module_room(void)
{
	FILE *f = proc_open("allocinfo");

	if (!f)
		return 8 << 10;
	fclose(f);
	return 8 << 13;
}

/* Where offsets of the kernel's own per-CPU data begin and end. */
static bool percpu_range(struct symbols *symbols, uint64_t *start,
			 uint64_t *end)
{
	if (!symbol_address(symbols, "__per_cpu_start", start))
		*start = 0;
	return symbol_address(symbols, "__per_cpu_end", end);
}

/*
 * Whether an address is an offset of per-CPU data; newer kernels number these
 * from where the data is copied from when the kernel boots.
 * Source: elf_type() in kernel/module/kallsyms.c
 */
bool symbol_is_percpu(struct symbols *symbols, uint64_t addr)
{
	uint64_t start, end;
	size_t i;

	if (!percpu_range(symbols, &start, &end))
		return false;
	if (addr >= start && addr < end)
		return true;
	i = count_below(symbols, addr);
	return i && symbols->entry[i - 1].is_absolute &&
	       symbols->entry[i - 1].module && addr - end < module_room();
}

/*
 * The symbol that an offset of per-CPU data belongs to. What is allocated later
 * lies after the last symbol.
 * Source: pcpu_setup_first_chunk() in mm/percpu.c
 */
bool symbol_of_percpu(struct symbols *symbols, uint64_t offset,
		      struct symbol *found)
{
	const struct symbol_entry *entry;
	uint64_t start, end;
	size_t i;

	if (!percpu_range(symbols, &start, &end) || offset < end)
		return symbol_find(symbols, offset, found);
	if (offset - end >= module_room())
		return false;
	entry = symbols->entry;
	i = count_below(symbols, offset);
	while (i && entry[i - 1].addr >= end &&
	       !(entry[i - 1].is_absolute && entry[i - 1].module))
		i--;
	if (!i || entry[i - 1].addr < end)
		return false;
	fill_symbol(symbols, i - 1, found);
	return true;
}

static bool is_of_name(char c, bool first)
{
	if (c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		return true;
	return !first && (c == '.' || c == '$' || (c >= '0' && c <= '9'));
}

/* Hexadecimal digits up to @end, or to the end of the text. */
static bool parse_part(const char **text, char end, uint64_t *value)
{
	const char *stop = strchrnul(*text, end);
	char digits[24];

	if (stop - *text >= (ptrdiff_t)sizeof(digits))
		return false;
	memcpy(digits, *text, stop - *text);
	digits[stop - *text] = '\0';
	*text = *stop ? stop + 1 : stop;
	return !parse_hex(digits, value);
}

/*
 * Parses "name", "name+0x10" or "name+0x10/0x2f0"; false for any other text.
 * @place points into @text.
 */
bool symbol_parse(const char *text, struct symbol_place *place)
{
	size_t len = 0;

	while (is_of_name(text[len], !len))
		len++;
	*place = (struct symbol_place){ text, len, 0, 0 };
	text += len;
	if (!len || !*text)
		return len;
	if (*text++ != '+' || !parse_part(&text, '/', &place->offset))
		return false;
	return text[-1] == '/' ? parse_part(&text, '\0', &place->size) : !*text;
}

/* Names live as long as all symbols, so that rows can point to them. */
struct symbol_said {
	struct symbol_said *next;
	char text[];
};

static char *keep_text(struct symbols *symbols, const char *text)
{
	size_t bytes = strlen(text) + 1;
	struct symbol_said *said = malloc(sizeof(*said) + bytes);

	if (!said)
		return NULL;
	said->next = symbols->said;
	symbols->said = said;
	return memcpy(said->text, text, bytes);
}

/**
 * symbol_said - the symbol that the module reports for an address
 * @symbols: keep the names; /proc/kallsyms is not read
 * @addr: the address
 * @text: "name+0x10/0x2f0", followed by " [module]" if it is in one
 * @found: filled; lives as long as @symbols
 *
 * Return: false for any other text.
 */
bool symbol_said(struct symbols *symbols, uint64_t addr, char *text,
		 struct symbol *found)
{
	char *kept = keep_text(symbols, text), *module;
	struct symbol_place place;

	if (!kept)
		return false;
	module = strchr(kept, ' ');
	if (module)
		*module = '\0';
	if (!symbol_parse(kept, &place))
		return false;
	kept[place.len] = '\0';
	*found = (struct symbol){ addr - place.offset, kept, NULL };
	if (module && module[1] == '[') {
		found->module = module + 2;
		module[strcspn(module + 2, "]") + 2] = '\0';
	}
	return true;
}

/* As the kernel counts: up to the next symbol at another address. */
static uint64_t size_of(const struct symbols *s, size_t i)
{
	size_t next = count_below(s, s->entry[i].addr);

	return next < s->nr ? s->entry[next].addr - s->entry[i].addr : 0;
}

static bool is_called(const struct symbols *s, size_t i,
		      const struct symbol_place *place)
{
	const char *name = s->text + s->entry[i].name;

	return !strncmp(name, place->name, place->len) && !name[place->len];
}

/*
 * Finds the addresses that a place can be, offset included: returns how many
 * there are, and the first of them in @addr. Several functions can have the
 * same name: its size, if given and @is_size, selects the right one.
 */
unsigned int symbol_locate(struct symbols *symbols,
			   const struct symbol_place *place,
			   uint64_t addr[MAX_NAMESAKES], bool *is_size)
{
	unsigned int nr = 0;

	*is_size = false;
	if (!symbols->tried)
		read_symbols(symbols);
	for (size_t i = 0; i < symbols->nr; i++) {
		uint64_t at = symbols->entry[i].addr + place->offset;

		if (!is_called(symbols, i, place))
			continue;
		if (place->size && place->size == size_of(symbols, i)) {
			addr[0] = at;
			*is_size = true;
			return 1;
		}
		if (nr < MAX_NAMESAKES)
			addr[nr] = at;
		nr++;
	}
	return nr;
}

void symbols_free(struct symbols *symbols)
{
	struct symbol_said *next;

	for (struct symbol_said *said = symbols->said; said; said = next) {
		next = said->next;
		free(said);
	}
	free(symbols->entry);
	free(symbols->text);
}

/* Modules in the order of addresses; empty if addresses are withheld. */
void modules_read(struct module_list *list)
{
	FILE *f = proc_open("modules");
	char line[1024], name[64];
	unsigned long long bytes, start;
	size_t room = 0;

	*list = (struct module_list){ 0 };
	if (!f)
		return;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%63s %llu %*s %*s %*s 0x%llx", name, &bytes,
			   &start) != 3 ||
		    !start)
			continue;
		if (!array_reserve(&list->module, list->nr + 1, &room,
				   sizeof(list->module[0])))
			break;
		snprintf(list->module[list->nr].name,
			 sizeof(list->module[0].name), "%s", name);
		list->module[list->nr].start = start;
		list->module[list->nr++].bytes = bytes;
	}
	fclose(f);
	list->names = malloc(list->nr * sizeof(list->module[0].name));
	if (!list->names)
		list->nr = 0;
	array_sort(list->module, list->nr, sizeof(list->module[0]));
}

/*
 * The names of the modules that begin in [@start, @end), by address, separated
 * by commas; valid until the next call. NULL if there are none.
 */
const char *modules_name(struct module_list *list, uint64_t start, uint64_t end)
{
	char *at = list->names;

	for (size_t i = 0; i < list->nr; i++) {
		const struct module_place *module = &list->module[i];

		if (module->start < start || module->start >= end)
			continue;
		if (at != list->names)
			*at++ = ',';
		at = stpcpy(at, module->name);
	}
	return at == list->names ? NULL : list->names;
}

void modules_free(struct module_list *list)
{
	free(list->module);
	free(list->names);
}
