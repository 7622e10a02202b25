/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _SUGGEST_H
#define _SUGGEST_H

#include <stddef.h>

/**
 * struct suggestion - a search for what a mistyped word was meant to be
 * @word: as it was typed
 * @len: its length
 * @best: the nearest of those that were tried, or NULL if none is near
 * @group: what @best was tried with
 * @distance: of @best
 */
struct suggestion {
	const char *word;
	size_t len;
	const char *best;
	const char *group;
	size_t distance;
};

void suggest_start(struct suggestion *s, const char *word, size_t len);
void suggest_try(struct suggestion *s, const char *name, const char *group);
const char *suggest_say(const struct suggestion *s, char *buf, size_t bytes);

#endif /* _SUGGEST_H */
