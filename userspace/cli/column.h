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

/**
 * enum column_type - how a value is written and compared
 * @TYPE_HEX: an address or raw entry; in JSON a string
 * @TYPE_SIZE: bytes; for people 4K, 2M
 * @TYPE_NUMBER: a count, frame or slot
 * @TYPE_TENTHS: a number of tenths, such as a percentage
 * @TYPE_BOOL: yes or no; in JSON true or false
 * @TYPE_TEXT: text, raw bytes
 * @TYPE_LIST: words between blanks; between commas in raw output
 */
enum column_type {
	TYPE_HEX,
	TYPE_SIZE,
	TYPE_NUMBER,
	TYPE_TENTHS,
	TYPE_BOOL,
	TYPE_TEXT,
	TYPE_LIST,
};

/**
 * enum column_needs - what a column wants from a scan
 * @NEEDS_FRAMES: frames and slots follow one another in a run
 * @NEEDS_ENTRIES: one record per entry
 * @NEEDS_SLOTS: names of swap devices
 * @FROM_FLAGS: follows from the run flags of the column and nothing else
 * @WIDE: cut on a terminal that is too narrow; the last column only
 * @ADDRESS: a virtual address, which is longer in the kernel's half
 * @FROM_KIND: follows from struct row_kind alone
 * @FROM_LENGTH: follows from the row's length alone
 * @FROM_AREA: follows from the row's area alone
 */
enum column_needs {
	NEEDS_FRAMES = 1 << 0,
	NEEDS_ENTRIES = 1 << 1,
	NEEDS_SLOTS = 1 << 2,
	FROM_FLAGS = 1 << 3,
	WIDE = 1 << 4,
	ADDRESS = 1 << 5,
	FROM_KIND = 1 << 6,
	FROM_LENGTH = 1 << 7,
	FROM_AREA = 1 << 8,
};

/**
 * struct row_kind - what cells of a row that are FROM_KIND follow from
 * @word: whatever that is; two rows of equal words have equal cells there
 */
struct row_kind {
	uint64_t word[4];
};

/**
 * struct value - what a row says in one column
 * @known: false if unknown or withheld: "-", and null in JSON
 * @number: of types that are numbers; of a column with names the named value
 * @text: of types that are text; points to constants, the row or @buf
 * @color: escape sequence, or NULL
 * @buf: room for @text
 */
struct value {
	bool known;
	uint64_t number;
	const char *text;
	const char *color;
	char buf[256];
};

static inline void value_number(struct value *v, uint64_t number)
{
	v->known = true;
	v->number = number;
}

/* @text stays where it is. */
static inline void value_text(struct value *v, const char *text)
{
	v->known = true;
	v->text = text;
}

/**
 * enum column_holds - what stands at the offset of a column without a getter
 * @HOLDS_NUMBER: a number of @bytes, also that of a column of named values
 * @HOLDS_STRING: a pointer to text; NULL is unknown
 * @HOLDS_CHARS: the text itself
 */
enum column_holds { HOLDS_NUMBER, HOLDS_STRING, HOLDS_CHARS };

/**
 * struct column - one column
 * @name: the JSON key; in upper case the heading
 * @width: columns on the screen where rows are not known beforehand
 * @type: enum column_type
 * @help: what it says, in one line
 * @needs: enum column_needs
 * @run_flags: enum vmscope_flag that this column shows
 * @offset: of the value in a row
 * @holds: what is there
 * @bytes: length of a number
 * @optional: 0 and "" stand for unknown
 * @when: whether the value of a row is known; NULL: always
 * @color: of values but 0 and ""
 * @get: takes the value from what is at the offset instead
 * @named: the value is a number that @words names
 * @words: the words that there are; NULL where there is no end to them
 * @kernel_words: the same where rows are of the kernel's half, if not @words
 */
struct column {
	const char *name;
	int width;
	enum column_type type;
	const char *help;
	unsigned int needs;
	uint64_t run_flags;
	size_t offset;
	enum column_holds holds;
	size_t bytes;
	bool optional;
	bool (*when)(const void *row);
	const char *color;
	void (*get)(const void *at, struct value *value);
	bool named;
	const struct words *words;
	const struct words *kernel_words;
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

/* The same; 0 and "" stand for unknown. */
#define OPTIONAL(row, field) FIELD(row, field), .optional = true

/* A getter is called with the row, or with a field of it. */
#define GET(getter) .get = getter
#define GET_OF(row, field, getter) .offset = offsetof(row, field), .get = getter

/* The words of a table of the library, or these, with commas. */
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

/**
 * struct column_set - the columns of a command
 * @columns: all of them
 * @nr: how many
 * @usual: names of those that are shown if nothing else is asked for; NULL: all
 * @kernel: rows are of the kernel's half
 */
struct column_set {
	const struct column *columns;
	size_t nr;
	const char *usual;
	bool kernel;
};

#define COLUMN_SET(array, usual_) \
	{ .columns = array, .nr = ARRAY_SIZE(array), .usual = usual_ }

enum { MAX_COLUMNS = 80 };

/**
 * struct column_list - the columns that are shown
 * @col: in order
 * @nr: how many
 * @kernel: rows are of the kernel's half
 * @runs: rows are of any length
 */
struct column_list {
	const struct column *col[MAX_COLUMNS];
	size_t nr;
	bool kernel;
	bool runs;
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
