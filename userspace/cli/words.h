/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _WORDS_H
#define _WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <vmscope/libvmscope.h>

/* The values of a column of a fixed vocabulary. */
struct words {
	const char *own; /* words separated by commas, or NULL */
	/* value of the first of them, for a column of named values */
	uint64_t value;
	const struct vmscope_bit *(*table)(void); /* more words, or NULL */
	uint64_t hidden; /* words with a value of these bits are left out */
};

/* One of them; all 0 before the first. */
struct word {
	char text[32];
	uint64_t value; /* its value */
	size_t nr; /* where the next one is */
};

extern const struct words perm_words, area_perm_words;

bool words_next(const struct words *words, struct word *word);
bool words_find(const struct words *words, const char *text, struct word *word);
void words_list(const struct words *words, char *buf, size_t bytes);

const struct vmscope_bit *bit_find(const struct vmscope_bit *table,
				   uint64_t value);
const char *bit_name(const struct vmscope_bit *table, uint64_t value);
void bit_names(const struct vmscope_bit *table, uint64_t bits, char *buf,
	       size_t bytes);

#endif /* _WORDS_H */
