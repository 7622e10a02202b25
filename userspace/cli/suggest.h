/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _SUGGEST_H
#define _SUGGEST_H

#include <stddef.h>

/* A search for the word that was meant by a mistyped one. */
struct suggestion {
	const char *word; /* as it was typed */
	size_t len; /* its length */
	/* the nearest word so far, or NULL if none is near */
	const char *best;
	const char *group; /* the group that @best was tried with */
	size_t distance; /* of @best */
};

void suggest_start(struct suggestion *s, const char *word, size_t len);
void suggest_try(struct suggestion *s, const char *name, const char *group);
const char *suggest_say(const struct suggestion *s, char *buf, size_t bytes);

#endif /* _SUGGEST_H */
