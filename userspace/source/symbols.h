/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _SYMBOLS_H
#define _SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A symbol that was found. */
struct symbol {
	uint64_t addr; /* its address */
	const char *name;
	/* the module that it is in, or "bpf"; NULL for the kernel's image */
	const char *module;
};

/* A symbol, kept small: there are hundreds of thousands. */
struct symbol_entry {
	uint64_t addr; /* its address */
	uint32_t name : 31; /* where its name begins in the text */
	/* no address: a number, or an offset of per-CPU data */
	uint32_t is_absolute : 1;
	/* where the name of its module begins, 0 without one */
	uint32_t module;
};

/* /proc/kallsyms, read when it is first needed. */
struct symbols {
	struct symbol_entry *entry; /* in the order of addresses */
	size_t nr; /* how many; 0 if addresses are withheld */
	size_t room;
	char *text; /* names */
	size_t text_used; /* bytes of them */
	size_t text_room;
	bool tried; /* it was read, whether that worked or not */
	bool missing; /* there is no /proc/kallsyms */
	struct symbol_said *said; /* names that the module reported */
};

enum {
	/* The kernel's own limit, KSYM_NAME_LEN, and what follows a name. */
	SYMBOL_PLACE_BYTES = 512 + 2 * (1 + 2 + 16) + 1,
	/* The name of a module, MODULE_NAME_LEN, in brackets. */
	SYMBOL_TEXT_BYTES = SYMBOL_PLACE_BYTES + 64,
	MAX_NAMESAKES = 8,
};

/* A place as the kernel prints it: "name+0x10/0x2f0". */
struct symbol_place {
	const char *name; /* name of the symbol, not zero-terminated */
	size_t len; /* its length */
	uint64_t offset; /* from the symbol */
	uint64_t size; /* of the symbol; 0 if it is not given */
};

/* The text of a module, as in /proc/modules. */
struct module_place {
	uint64_t start; /* first address */
	char name[64]; /* of the module */
	uint64_t bytes; /* how long it is, data included */
};

/* /proc/modules. */
struct module_list {
	struct module_place *module; /* array, by address */
	size_t nr;
	char *names; /* room for the names of all of them */
};

bool symbol_find(struct symbols *symbols, uint64_t addr, struct symbol *found);
bool symbol_address(struct symbols *symbols, const char *name, uint64_t *addr);
bool symbol_is_percpu(struct symbols *symbols, uint64_t addr);
bool symbol_of_percpu(struct symbols *symbols, uint64_t offset,
		      struct symbol *found);
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
