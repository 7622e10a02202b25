// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of columns with a fixed vocabulary, and names of values and bits. */
#include "cli/words.h"

#include <stdio.h>
#include <string.h>

const struct words perm_words = { .own = "---,r--,-w-,rw-,--x,r-x,-wx,rwx" };

const struct words area_perm_words = {
	.own = "---p,r--p,-w-p,rw-p,--xp,r-xp,-wxp,rwxp,"
	       "---s,r--s,-w-s,rw-s,--xs,r-xs,-wxs,rwxs",
};

/* Advances to the next word; false after the last. */
bool words_next(const struct words *words, struct word *word)
{
	const char *own = words->own ? words->own : "";
	const struct vmscope_bit *b = words->table ? words->table() : NULL;
	size_t at = word->nr++;

	for (; at && *own; at--)
		own += strcspn(own, ",") + !!own[strcspn(own, ",")];
	if (*own) {
		word->value = words->value;
		snprintf(word->text, sizeof(word->text), "%.*s",
			 (int)strcspn(own, ","), own);
		return true;
	}
	for (; b && b->name; b++) {
		if (b->value & words->hidden || at--)
			continue;
		word->value = b->value;
		snprintf(word->text, sizeof(word->text), "%s", b->name);
		return true;
	}
	return false;
}

/* Finds a word, in upper or lower case. */
bool words_find(const struct words *words, const char *text, struct word *word)
{
	*word = (struct word){ 0 };
	while (words_next(words, word)) {
		if (!strcasecmp(word->text, text))
			return true;
	}
	return false;
}

/* All words, separated by commas. */
void words_list(const struct words *words, char *buf, size_t bytes)
{
	struct word word = { 0 };
	size_t len = 0;

	buf[0] = '\0';
	while (len < bytes && words_next(words, &word))
		len += snprintf(buf + len, bytes - len, "%s%s", len ? ", " : "",
				word.text);
}

/* NULL if the table does not have the value. */
const struct vmscope_bit *bit_find(const struct vmscope_bit *table,
				   uint64_t value)
{
	while (table->name && table->value != value)
		table++;
	return table->name ? table : NULL;
}

/* "?" for a value that this version does not know. */
const char *bit_name(const struct vmscope_bit *table, uint64_t value)
{
	const struct vmscope_bit *b = bit_find(table, value);

	return b ? b->name : "?";
}

/* The names of the bits that are set, separated by blanks. */
void bit_names(const struct vmscope_bit *table, uint64_t bits, char *buf,
	       size_t bytes)
{
	char *at = buf, *end = buf + bytes - 1;

	for (; table->name; table++) {
		const char *name = table->name;

		if (!(bits & table->value))
			continue;
		if (at != buf && at < end)
			*at++ = ' ';
		while (*name && at < end)
			*at++ = *name++;
	}
	*at = '\0';
}
