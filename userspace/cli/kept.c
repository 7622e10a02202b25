// SPDX-License-Identifier: GPL-2.0-or-later
/* Cells that later rows repeat are kept as they were written. */
#include "cli/kept.h"

/* The cell at which a line is cut depends on the whole row. */
static enum group_by follows_from(const struct cells *cells,
				  const struct cell *cell, bool runs)
{
	unsigned int needs = cell->col->needs;

	if (cells->screen && needs & WIDE)
		return BY_ROW;
	if (needs & FROM_AREA)
		return BY_AREA;
	if (needs & FROM_KIND || (needs & FROM_LENGTH && !runs))
		return BY_KIND;
	return BY_ROW;
}

/* Divides columns into groups; @kept is all 0 before, @runs: of any length. */
void kept_init(struct kept_cells *kept, const struct cells *cells, bool runs)
{
	struct group *group = NULL;

	for (size_t i = 0; i < cells->nr; i++) {
		enum group_by by = follows_from(cells, &cells->cell[i], runs);

		/* The last group takes all columns that are left. */
		if (kept->nr == MAX_GROUPS && group->by != by) {
			group->by = BY_ROW;
			by = BY_ROW;
		}
		if (!group || group->by != by) {
			group = &kept->group[kept->nr++];
			group->by = by;
			group->start = i;
		}
		group->end = i + 1;
	}
}

/* Makes room for cells of another kind. */
void kept_clear(struct kept *kept, const struct row_kind *kind)
{
	kept->kind = *kind;
	kept->bytes = 0;
	memset(kept->part, 0, sizeof(kept->part));
}

/* Keeps the cells of a group, @width columns on the screen, if there is room. */
void kept_add(struct kept *kept, size_t group, const char *text, size_t bytes,
	      size_t width)
{
	if (kept->bytes + bytes > KEPT_BYTES)
		return;
	memcpy(kept->text + kept->bytes, text, bytes);
	kept->part[group] = (struct part){
		.at = kept->bytes,
		.bytes = bytes,
		.width = width,
	};
	kept->bytes += bytes;
}
