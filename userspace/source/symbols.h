/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _SYMBOLS_H
#define _SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct symbol - a symbol that was found
 * @addr: its address
 * @name: its name
 * @module: the module that it is in, or "bpf"; NULL of the kernel's image
 */
struct symbol {
	uint64_t addr;
	const char *name;
	const char *module;
};

/**
 * struct symbol_entry - a symbol, kept small: there are hundreds of thousands
 * @addr: its address
 * @name: where its name begins in the text
 * @module: where the name of its module begins, 0 without one
 */
struct symbol_entry {
	uint64_t addr;
	uint32_t name;
	uint32_t module;
};

/**
 * struct symbols - /proc/kallsyms, read when it is first needed
 * @entry: in the order of addresses
 * @nr: how many; 0 where addresses are withheld
 * @room: allocated
 * @text: names
 * @text_used: bytes of them
 * @text_room: allocated
 * @tried: it was read, whether that worked or not
 * @said: names that the module reported
 */
struct symbols {
	struct symbol_entry *entry;
	size_t nr;
	size_t room;
	char *text;
	size_t text_used;
	size_t text_room;
	bool tried;
	struct symbol_said *said;
};

enum {
	/* The kernel's own limit, KSYM_NAME_LEN, and what is behind a name. */
	SYMBOL_PLACE_BYTES = 512 + 2 * (1 + 2 + 16) + 1,
	/* And the name of a module, MODULE_NAME_LEN, in brackets. */
	SYMBOL_TEXT_BYTES = SYMBOL_PLACE_BYTES + 64,
	MAX_NAMESAKES = 8,
};

/**
 * struct symbol_place - a place as the kernel prints it: "name+0x10/0x2f0"
 * @name: name of the symbol, not zero-terminated
 * @len: its length
 * @offset: from the symbol
 * @size: of the symbol; 0 where it is not said
 */
struct symbol_place {
	const char *name;
	size_t len;
	uint64_t offset;
	uint64_t size;
};

/**
 * struct module_place - the text of a module, as in /proc/modules
 * @start: first address
 * @name: of the module
 * @bytes: how long it is, data included
 */
struct module_place {
	uint64_t start;
	char name[64];
	uint64_t bytes;
};

/**
 * struct module_list - /proc/modules
 * @module: array, by address
 * @nr: how many
 * @names: room for the names of all of them
 */
struct module_list {
	struct module_place *module;
	size_t nr;
	char *names;
};

bool symbol_find(struct symbols *symbols, uint64_t addr, struct symbol *found);
bool symbol_after(struct symbols *symbols, uint64_t addr, struct symbol *found);
bool symbol_address(struct symbols *symbols, const char *name, uint64_t *addr);
bool symbol_said(struct symbols *symbols, uint64_t addr, char *text,
		 struct symbol *found);
bool symbol_parse(const char *text, struct symbol_place *place);
unsigned int symbol_locate(struct symbols *symbols,
			   const struct symbol_place *place,
			   uint64_t addr[MAX_NAMESAKES], bool *is_size);
void symbols_free(struct symbols *symbols);

void modules_read(struct module_list *list);
const char *modules_name(struct module_list *list, uint64_t start,
			 uint64_t end);
void modules_free(struct module_list *list);

#endif /* _SYMBOLS_H */
