/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _WORDS_H
#define _WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <vmscope/libvmscope.h>

const struct vmscope_bit *perm_words(void);
const struct vmscope_bit *area_perm_words(void);
const struct vmscope_bit *short_flag_words(void);
const struct vmscope_bit *page_flag_words(void);
const struct vmscope_bit *vma_flag_words(void);
const struct vmscope_bit *area_kind_words(void);
const struct vmscope_bit *region_words(void);

void words_join(struct vmscope_bit *all, size_t room,
		const struct vmscope_bit *more, uint64_t hidden);
const char *word_find(const struct vmscope_bit *words, const char *text);
bool word_contains(const struct vmscope_bit *words, const char *text);
void words_list(const struct vmscope_bit *words, char *buf, size_t bytes);

#endif /* _WORDS_H */
