/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _COLUMN_H
#define _COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vmscope/libvmscope.h>

#include "cli/array.h"
#include "cli/words.h"

struct options;

/* How a value is written and compared. */
enum column_type {
	TYPE_HEX, /* an address or raw entry; in JSON a string */
	TYPE_SIZE, /* bytes; for people 4K, 2M */
	TYPE_NUMBER, /* a count, frame or slot */
	TYPE_TENTHS, /* a number of tenths, such as a percentage */
	TYPE_BOOL, /* yes or no; in JSON true or false */
	TYPE_TEXT, /* text, raw bytes */
	TYPE_LIST, /* words between blanks; between commas in raw output */
};

/* What a column needs from a scan. */
enum column_needs {
	/* frames and slots follow one another in a run */
	NEEDS_FRAMES = 1 << 0,
	NEEDS_ENTRIES = 1 << 1, /* one record per entry */
	NEEDS_SLOTS = 1 << 2, /* names of swap devices */
	/* follows from the run flags of the column only */
	FROM_FLAGS = 1 << 3,
	/* cut on a terminal that is too narrow; the last column only */
	WIDE = 1 << 4,
	/* a virtual address, which is longer in the kernel's half */
	ADDRESS = 1 << 5,
	FROM_KIND = 1 << 6, /* follows from struct row_kind only */
	FROM_LENGTH = 1 << 7, /* follows from the row's length only */
	FROM_AREA = 1 << 8, /* follows from the row's area only */
};

/* What the FROM_KIND cells of a row follow from. */
struct row_kind {
	/* any value; two rows of equal words have equal cells there */
	uint64_t word[4];
};

/* The value of a row in one column. */
struct value {
	bool known; /* false if unknown or withheld: "-", and null in JSON */
	/* of types that are numbers; of a column with names the named value */
	uint64_t number;
	/* of types that are text; points to constants, the row or @buf */
	const char *text;
	const char *color; /* escape sequence, or NULL */
	char buf[256]; /* room for @text */
};

static inline void value_number(struct value *v, uint64_t number)
{
	v->known = true;
	v->number = number;
}

/* @text is not copied. */
static inline void value_text(struct value *v, const char *text)
{
	v->known = true;
	v->text = text;
}

/*
 * A getter of one expression over @row: value_number(), value_text() or the
 * like is called with it if @condition holds; otherwise the value is unknown.
 */
#define GET_WHEN(name, kind, condition, expression)        \
	static void name(const void *row, struct value *v) \
	{                                                  \
		if (condition)                             \
			value_##kind(v, expression);       \
	}

/* The type at the offset of a column without a getter. */
enum column_holds {
	/* a number of @bytes, also that of a column of named values */
	HOLDS_NUMBER,
	HOLDS_STRING, /* a pointer to text; NULL is unknown */
	HOLDS_CHARS, /* the text itself */
};

struct column {
	const char *name; /* the JSON key; in upper case the heading */
	int width; /* on the screen, if rows are not known beforehand */
	enum column_type type;
	const char *help; /* what it shows, in one line */
	unsigned int needs; /* enum column_needs */
	uint64_t run_flags; /* enum vmscope_flag that this column shows */
	uint64_t facts; /* enum vmscope_frame_fact that this column shows */
	size_t offset; /* of the value in a row */
	enum column_holds holds; /* type at the offset */
	size_t bytes; /* length of a number */
	bool optional; /* 0 and "" mean unknown */
	bool (*when)(const void *row); /* value is known; NULL: always */
	const char *color; /* of values but 0 and "" */
	/* takes the value from the field at the offset instead */
	void (*get)(const void *at, struct value *value);
	bool named; /* the value is a number that @words names */
	const struct words *words; /* all that there are; NULL: any */
	const struct words *kernel_words; /* in the kernel's half, or NULL */
};

/* The rest are designators of struct column, most of them by the macros below. */
#define COLUMN(name_, width_, type_, help_, ...) \
	{ .name = #name_,                        \
	  .width = width_,                       \
	  .type = TYPE_##type_,                  \
	  .help = help_,                         \
	  __VA_ARGS__ }

#define IS_TYPE(row, field, type) \
	__builtin_types_compatible_p(__typeof__(((row *)0)->field), type)

/* The value is a field of the row: a number, a pointer to text, or text. */
#define FIELD(row, field)                                                     \
	.offset = offsetof(row, field), .bytes = sizeof(((row *)0)->field),   \
	.holds = IS_TYPE(row, field, const char *) ||                         \
				 IS_TYPE(row, field, char *) ?                \
			 HOLDS_STRING :                                       \
		 sizeof(((row *)0)->field) > sizeof(uint64_t) ? HOLDS_CHARS : \
								HOLDS_NUMBER

/* The same; 0 and "" mean unknown. */
#define OPTIONAL(row, field) FIELD(row, field), .optional = true

/* A getter is called with the row, or with one of its fields. */
#define GET(getter) .get = getter
#define GET_OF(row, field, getter) .offset = offsetof(row, field), .get = getter

/* The words of a table of the library, or these, separated by commas. */
#define NAMES(table_) \
	.words = &(const struct words){ .table = table_ }, .named = true
#define WORDS(own_)                    \
	.words = &(const struct words) \
	{                              \
		.own = own_            \
	}
#define WORDS_OF(table_)               \
	.words = &(const struct words) \
	{                              \
		.table = table_        \
	}

/* The columns of a command. */
struct column_set {
	const struct column *columns; /* all */
	size_t nr;
	const char *usual; /* names of those shown by default; NULL: all */
	bool kernel; /* rows are of the kernel's half */
};

#define COLUMN_SET(array, usual_) \
	{ .columns = array, .nr = ARRAY_SIZE(array), .usual = usual_ }

enum { MAX_COLUMNS = 80 };

/* The columns that are shown. */
struct column_list {
	const struct column *col[MAX_COLUMNS]; /* in order */
	size_t nr;
	bool kernel; /* rows are of the kernel's half */
	bool runs; /* rows are of any length */
};

#define COLOR_RED "\033[31m"
#define COLOR_ALARM "\033[1;31m"
#define COLOR_GREEN "\033[32m"
#define COLOR_YELLOW "\033[33m"
#define COLOR_BLUE "\033[34m"
#define COLOR_MAGENTA "\033[35m"
#define COLOR_CYAN "\033[36m"
#define COLOR_DIM "\033[2m"
#define COLOR_BOLD "\033[1m"
#define COLOR_RESET "\033[0m"

const struct words *column_words(const struct column_set *set,
				 const struct column *col);
const struct column *column_find(const struct column_set *set, const char *name,
				 size_t len);
const char *column_suggest(const struct column_set *set, const char *name,
			   size_t len, char *buf, size_t bytes);
int columns_select(const struct column_set *set, const struct options *opt,
		   struct column_list *list);
int columns_find_sort(const struct column_set *set, const char *name,
		      const struct column **col);
void columns_print(const struct column_set *set);

void column_field(const struct column *col, const void *row, struct value *v);
void rows_sort(const struct column *col, void *rows, size_t nr,
	       size_t row_bytes);

/* The value of a row in a column. */
static inline void column_get(const struct column *col, const void *row,
			      struct value *v)
{
	v->known = false;
	v->color = NULL;
	if (col->get)
		col->get((const char *)row + col->offset, v);
	else
		column_field(col, row, v);
}

#endif /* _COLUMN_H */
