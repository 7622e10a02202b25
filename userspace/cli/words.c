// SPDX-License-Identifier: GPL-2.0-or-later
/* The words that columns of a fixed vocabulary can hold. */
#include <stdio.h>
#include <string.h>

#include "cli/tool.h"
#include "cli/words.h"

/**
 * perm_words - what an entry can allow
 *
 * Return: the words.
 */
const struct vmscope_bit *perm_words(void)
{
	static const struct vmscope_bit words[] = {
		{ 0, "---", NULL }, { 0, "r--", NULL }, { 0, "-w-", NULL },
		{ 0, "rw-", NULL }, { 0, "--x", NULL }, { 0, "r-x", NULL },
		{ 0, "-wx", NULL }, { 0, "rwx", NULL }, { 0, NULL, NULL },
	};

	return words;
}

/**
 * area_perm_words - what an area can allow
 *
 * Return: the words.
 */
const struct vmscope_bit *area_perm_words(void)
{
	static const struct vmscope_bit words[] = {
		{ 0, "---p", NULL }, { 0, "r--p", NULL }, { 0, "-w-p", NULL },
		{ 0, "rw-p", NULL }, { 0, "--xp", NULL }, { 0, "r-xp", NULL },
		{ 0, "-wxp", NULL }, { 0, "rwxp", NULL }, { 0, "---s", NULL },
		{ 0, "r--s", NULL }, { 0, "-w-s", NULL }, { 0, "rw-s", NULL },
		{ 0, "--xs", NULL }, { 0, "r-xs", NULL }, { 0, "-wxs", NULL },
		{ 0, "rwxs", NULL }, { 0, NULL, NULL },
	};

	return words;
}

/**
 * short_flag_words - what is out of the ordinary of an entry
 *
 * Return: the words.
 */
const struct vmscope_bit *short_flag_words(void)
{
	static const struct vmscope_bit words[] = {
		{ 0, "W+X", NULL },	 { 0, "wc", NULL },
		{ 0, "uc-", NULL },	 { 0, "uc", NULL },
		{ 0, "wt", NULL },	 { 0, "wp", NULL },
		{ 0, "user", NULL },	 { 0, "global", NULL },
		{ 0, "protnone", NULL }, { 0, "raced", NULL },
		{ 0, NULL, NULL },
	};

	return words;
}

/**
 * words_join - put words behind others
 * @all: an array of words, the rest of it empty
 * @room: its length
 * @more: what comes behind them
 * @hidden: but for those with a value of these bits
 */
void words_join(struct vmscope_bit *all, size_t room,
		const struct vmscope_bit *more, uint64_t hidden)
{
	size_t nr = 0;

	while (all[nr].name)
		nr++;
	for (; more->name && nr + 1 < room; more++) {
		if (!(more->value & hidden))
			all[nr++] = *more;
	}
}

/**
 * page_flag_words - flags of an entry; what it allows has columns of its own
 *
 * Return: the words.
 */
const struct vmscope_bit *page_flag_words(void)
{
	static struct vmscope_bit words[65];

	if (!words[0].name)
		words_join(words, ARRAY_SIZE(words), vmscope_flag_table(),
			   VMSCOPE_F_PERM_READ | VMSCOPE_F_PERM_WRITE |
				   VMSCOPE_F_PERM_EXEC);
	return words;
}

/**
 * vma_flag_words - flags of an area; what it may allow has a column of its own
 *
 * Return: the words.
 */
const struct vmscope_bit *vma_flag_words(void)
{
	static struct vmscope_bit words[65];

	if (!words[0].name)
		words_join(words, ARRAY_SIZE(words), vmscope_vma_table(),
			   VMSCOPE_VMA_MAYREAD | VMSCOPE_VMA_MAYWRITE |
				   VMSCOPE_VMA_MAYEXEC);
	return words;
}

/**
 * area_kind_words - what areas, or regions, are called after
 *
 * Return: the words, by enum vmscope_name_kind.
 */
const struct vmscope_bit *area_kind_words(void)
{
	static struct vmscope_bit words[16] = {
		{ VMSCOPE_NAME_REGION, "region", "a region of the kernel" },
	};

	if (!words[1].name)
		words_join(words, ARRAY_SIZE(words), vmscope_name_kind_table(),
			   0);
	return words;
}

/**
 * region_words - what stretches of the address space are called
 *
 * Return: the words.
 */
const struct vmscope_bit *region_words(void)
{
	static struct vmscope_bit words[40] = {
		{ 0, "user", NULL },	    { 0, "non-canonical", NULL },
		{ 0, "image.text", NULL },  { 0, "image.rodata", NULL },
		{ 0, "image.data", NULL },  { 0, "image.bss", NULL },
		{ 0, "image.other", NULL }, { 0, "image.hole", NULL },
		{ 0, "errors", NULL },
	};

	if (!words[9].name)
		words_join(words, ARRAY_SIZE(words), vmscope_region_table(), 0);
	return words;
}

/**
 * word_find - find a word, whatever the case of its letters
 * @words: where to look
 * @text: the word
 *
 * Return: the word as it is written, or NULL.
 */
const char *word_find(const struct vmscope_bit *words, const char *text)
{
	for (; words->name; words++) {
		if (!strcasecmp(words->name, text))
			return words->name;
	}
	return NULL;
}

/**
 * word_contains - whether any word has a text in it
 * @words: where to look
 * @text: the text, in the words' own case or another
 *
 * Return: true if so.
 */
bool word_contains(const struct vmscope_bit *words, const char *text)
{
	for (; words->name; words++) {
		if (strcasestr(words->name, text))
			return true;
	}
	return false;
}

/**
 * words_list - list words for an error
 * @words: the words
 * @buf: filled, with commas
 * @bytes: length of @buf
 */
void words_list(const struct vmscope_bit *words, char *buf, size_t bytes)
{
	size_t len = 0;

	buf[0] = '\0';
	for (; words->name && len < bytes; words++)
		len += snprintf(buf + len, bytes - len, "%s%s", len ? ", " : "",
				words->name);
}
