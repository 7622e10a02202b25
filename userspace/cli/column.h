/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _COLUMN_H
#define _COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vmscope/libvmscope.h>

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

/**
 * value_number - fill in a number
 * @v: the value
 * @number: the number
 */
static inline void value_number(struct value *v, uint64_t number)
{
	v->known = true;
	v->number = number;
}

/**
 * value_text - fill in a text
 * @v: the value
 * @text: stays where it is
 */
static inline void value_text(struct value *v, const char *text)
{
	v->known = true;
	v->text = text;
}

/**
 * struct column - one column
 * @name: the JSON key; in upper case the heading
 * @width: columns on the screen where rows are not known beforehand
 * @type: enum column_type
 * @needs: enum column_needs
 * @run_flags: enum vmscope_flag that this column shows
 * @help: what it says, in one line
 * @get: takes the value from a row
 * @names: the values that there are, of a column of named values
 * @words: the words that there are, of other columns of text or lists that
 *	have no others
 */
struct column {
	const char *name;
	int width;
	enum column_type type;
	unsigned int needs;
	uint64_t run_flags;
	const char *help;
	void (*get)(const void *row, struct value *value);
	const struct vmscope_bit *(*names)(void);
	const struct vmscope_bit *(*words)(void);
};

/* A column whose getter is called after it. */
#define COLUMN(name, width, type, help) \
	COLUMN_THAT(name, width, type, 0, 0, help)

/* The same with needs and run flags. */
#define COLUMN_THAT(name, width, type, needs, run_flags, help) \
	COLUMN_OF(name, width, TYPE_##type, needs, run_flags, help, NULL, NULL)

/* A column of named values. */
#define COLUMN_NAMED(name, width, names, help) \
	COLUMN_NAMED_THAT(name, width, 0, names, help)

/* The same with needs. */
#define COLUMN_NAMED_THAT(name, width, needs, names, help) \
	COLUMN_OF(name, width, TYPE_TEXT, needs, 0, help, names, NULL)

/* A column of text or lists that holds these words and no others. */
#define COLUMN_WORDS(name, width, type, words, help) \
	COLUMN_OF(name, width, TYPE_##type, 0, 0, help, NULL, words)

/* The same with needs and run flags. */
#define COLUMN_WORDS_THAT(name, width, type, words, needs, run_flags, help) \
	COLUMN_OF(name, width, TYPE_##type, needs, run_flags, help, NULL, words)

/* clang-format off */
#define COLUMN_OF(name, width, type, needs, run_flags, help, names, words) \
	{ #name, width, type, needs, run_flags, help, get_##name, names, words }
/* clang-format on */

/**
 * struct column_set - the columns of a command
 * @columns: all of them
 * @nr: how many
 * @usual: names of those that are shown if nothing else is asked for
 */
struct column_set {
	const struct column *columns;
	size_t nr;
	const char *usual;
};

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

const struct vmscope_bit *column_words(const struct column *col);
const struct column *column_find(const struct column_set *set, const char *name,
				 size_t len);
const char *column_suggest(const struct column_set *set, const char *name,
			   size_t len, char *buf, size_t bytes);
int columns_select(const struct column_set *set, const struct options *opt,
		   struct column_list *list);
void columns_print(const struct column_set *set);

int column_compare(const struct column *col, const void *a, const void *b);
int rows_sort(const struct column_set *set, const char *name, void *rows,
	      size_t nr, size_t row_bytes);

#endif /* _COLUMN_H */
