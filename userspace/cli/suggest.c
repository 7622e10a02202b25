// SPDX-License-Identifier: GPL-2.0-or-later
/* "did you mean": the known word that is nearest to a mistyped one. */
#include "cli/suggest.h"

#include <stdio.h>
#include <string.h>

enum { MAX_WORD = 32 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Letters to insert, remove, change, or swap with their neighbours. */
static size_t distance(const char *a, size_t len, const char *b)
{
	size_t d[MAX_WORD + 1][MAX_WORD + 1], width = strlen(b);

	if (len > MAX_WORD || width > MAX_WORD)
		return MAX_WORD;
	for (size_t i = 0; i <= len; i++)
		d[i][0] = i;
	for (size_t k = 0; k <= width; k++)
		d[0][k] = k;
	for (size_t i = 1; i <= len; i++) {
		for (size_t k = 1; k <= width; k++) {
			d[i][k] = least(d[i - 1][k] + 1, d[i][k - 1] + 1);
			d[i][k] = least(d[i][k], d[i - 1][k - 1] + (a[i - 1] !=
								    b[k - 1]));
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] &&
			    a[i - 2] == b[k - 1])
				d[i][k] = least(d[i][k], d[i - 2][k - 2] + 1);
		}
	}
	return d[len][width];
}

void suggest_start(struct suggestion *s, const char *word, size_t len)
{
	/* In a short word, two wrong letters leave too little. */
	*s = (struct suggestion){
		.word = word,
		.len = len,
		.distance = len > 3 ? 3 : 2,
	};
}

/* Checks whether a known word, or NULL, is nearer than the previous ones. */
void suggest_try(struct suggestion *s, const char *name, const char *group)
{
	size_t d;

	if (!name)
		return;
	d = distance(s->word, s->len, name);
	if (s->len > 1 && !strncmp(s->word, name, s->len))
		d = 0;
	if (d >= s->distance)
		return;
	s->distance = d;
	s->best = name;
	s->group = group;
}

/* Fills @buf with what follows an error: nothing if no word is near. */
const char *suggest_say(const struct suggestion *s, char *buf, size_t bytes)
{
	*buf = '\0';
	if (s->best)
		snprintf(buf, bytes, "; did you mean \"%s%s%s\"?",
			 s->group ? s->group : "", s->group ? " " : "",
			 s->best);
	return buf;
}
