// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names of the bits of a raw entry. */
#include <stdio.h>
#include <string.h>

#include "arch-um.h"
#include "arch-x86.h"
#include "internal.h"

static const struct raw_arch *const archs[] = { &x86_arch, &um_arch };

static const struct raw_arch *arch_find(const struct vmscope_info *info)
{
	for (size_t i = 0; i < ARRAY_SIZE(archs); i++) {
		if (archs[i]->arch == info->arch)
			return archs[i];
	}
	return NULL;
}

static void append(char *buf, size_t bytes, size_t *len, const char *word)
{
	size_t at = *len;

	if (at && at++ + 1 < bytes)
		buf[at - 1] = ' ';
	for (; *word; word++, at++) {
		if (at + 1 < bytes)
			buf[at] = *word;
	}
	buf[at < bytes ? at : bytes - 1] = '\0';
	*len = at;
}

/**
 * vmscope_raw_flags - names of the bits that are set in a raw entry
 * @info: as vmscope_get_info()
 * @level: enum vmscope_level of the entry
 * @addr: an address that it translates
 * @raw: the entry
 * @buf: filled with the names, separated by spaces; "" for an entry that is
 *	not present, whose bits have no such meaning
 * @bytes: length of @buf, at least 1
 *
 * Return: length of the whole text, as snprintf().
 */
size_t vmscope_raw_flags(const struct vmscope_info *info, unsigned int level,
			 uint64_t addr, uint64_t raw, char *buf, size_t bytes)
{
	const struct raw_arch *arch = arch_find(info);
	const char *name;
	unsigned int leaf;
	size_t len = 0;

	buf[0] = '\0';
	if (!arch || !arch->is_present(level, raw))
		return 0;
	leaf = arch->is_leaf(level, raw) ? RAW_LEAF : RAW_TABLE;
	for (const struct raw_bit *b = arch->bits; b->name; b++) {
		if (!(b->levels >> level & 1) || !(b->leaf & leaf) ||
		    (raw & b->mask) != b->value)
			continue;
		name = arch->override(info, level, addr, b);
		append(buf, bytes, &len, name ? name : b->name);
	}
	return len;
}

static bool says_so(const struct raw_bit *bit, unsigned int level,
		    uint64_t what, unsigned int leaf)
{
	if (!(bit->levels >> level & 1) || !(bit->leaf & leaf))
		return false;
	if (bit->caches)
		return bit->caches >> VMSCOPE_WORD_CACHE(what) & 1;
	return (what & bit->flags) == bit->flags && !(what & bit->not_flags);
}

/**
 * vmscope_word_flags - names of an entry's hardware bits, without the entry
 * @info: as vmscope_get_info()
 * @level: enum vmscope_level of the entry
 * @what: its flags and memory type, as word 1 of a page record
 * @leaf: whether it maps memory, not a table
 * @buf: filled as by vmscope_raw_flags()
 * @bytes: length of @buf, at least 1
 *
 * Return: length of the whole text, as snprintf().
 */
size_t vmscope_word_flags(const struct vmscope_info *info, unsigned int level,
			  uint64_t what, bool leaf, char *buf, size_t bytes)
{
	const struct raw_arch *arch = arch_find(info);
	size_t len = 0;

	buf[0] = '\0';
	if (!arch || !(what & VMSCOPE_F_PRESENT))
		return 0;
	for (const struct raw_bit *b = arch->bits; b->name; b++) {
		if (says_so(b, level, what, leaf ? RAW_LEAF : RAW_TABLE))
			append(buf, bytes, &len, b->name);
	}
	return len;
}

/**
 * vmscope_entry_flags - names of the hardware bits of a record
 * @info: as vmscope_get_info()
 * @rec: a PAGE or RUN
 * @buf: filled as by vmscope_raw_flags()
 * @bytes: length of @buf, at least 1
 *
 * Where the raw entry is known it is decoded, otherwise the names follow from
 * the flags and the memory type.
 *
 * Return: length of the whole text, as snprintf().
 */
size_t vmscope_entry_flags(const struct vmscope_info *info,
			   const struct vmscope_record *rec, char *buf,
			   size_t bytes)
{
	uint64_t what = rec->flags | (uint64_t)rec->cache
					     << VMSCOPE_CACHE_SHIFT;

	if (rec->has_raw)
		return vmscope_raw_flags(info, rec->level, rec->addr, rec->raw,
					 buf, bytes);
	return vmscope_word_flags(info, rec->level, what, true, buf, bytes);
}
