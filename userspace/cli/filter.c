// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Filters: COL ==|!=|=~|<|<=|>|>= VALUE with &&, ||, ! and parentheses.
 *
 * The parser keeps its own stack of operators and turns the text into postfix
 * order, so that no input makes it recurse.
 */
#include "cli/filter.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/array.h"
#include "cli/format.h"
#include "cli/message.h"
#include "cli/text.h"

enum { MAX_REGEX = 1000 };

/* A text being parsed. */
struct parser {
	const char *text; /* the whole of it */
	const char *pos; /* where the parser is */
	const struct column_set *set;
	struct filter *filter; /* its nodes so far */
	/* operators that wait for their right side: '(', '!', '&', '|' */
	char ops[FILTER_MAX_NODES];
	/* where in @text each of them stands */
	const char *at[FILTER_MAX_NODES];
	unsigned int nr_ops;
};

/* Writes the text, and returns the columns before a place in it. */
static size_t echo(const char *text, const char *where)
{
	char piece[TEXT_PIECE_BYTES];
	unsigned int width;
	size_t before = 0;

	while (*text) {
		bool left = text < where;

		/* As it was typed: patterns often have such characters. */
		if (*text == '\\') {
			width = 1;
			fputc(*text++, stderr);
		} else {
			fwrite(piece, 1,
			       text_piece(&text, TEXT_LINE, piece, &width),
			       stderr);
		}
		before += left ? width : 0;
	}
	return before;
}

/* Reports what is wrong and shows the place below the text. */
static int __attribute__((format(printf, 3, 4)))
fail(const struct parser *p, const char *where, const char *fmt, ...)
{
	char why[2048];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	message_error("filter: %s", why);
	fputs("  ", stderr);
	fprintf(stderr, "\n  %*s^\n", (int)echo(p->text, where), "");
	return EXIT_USAGE;
}

static void skip_blanks(struct parser *p)
{
	while (isspace((unsigned char)*p->pos))
		p->pos++;
}

static struct filter_node *add_node(struct parser *p)
{
	struct filter_node *node = &p->filter->nodes[p->filter->nr];

	if (p->filter->nr == FILTER_MAX_NODES) {
		fail(p, p->pos, "too long: more than %d terms",
		     FILTER_MAX_NODES);
		return NULL;
	}
	node->first = p->filter->nr++;
	return node;
}

static const struct {
	const char *text;
	enum filter_op op;
} operators[] = {
	/* Of two operators with the same beginning, the longer comes first. */
	{ "==", OP_EQ }, { "!=", OP_NE }, { "=~", OP_RE }, { "<=", OP_LE },
	{ ">=", OP_GE }, { "<", OP_LT },  { ">", OP_GT },
};

static int parse_operator(struct parser *p, enum filter_op *op)
{
	skip_blanks(p);
	for (size_t i = 0; i < ARRAY_SIZE(operators); i++) {
		size_t len = strlen(operators[i].text);

		if (strncmp(p->pos, operators[i].text, len))
			continue;
		*op = operators[i].op;
		p->pos += len;
		return 0;
	}
	return fail(p, p->pos, "expected one of == != =~ < <= > >=");
}

/* A value ends at a blank, a parenthesis or && and ||, unless quoted. */
static int parse_word(struct parser *p, char **word)
{
	const char *start = p->pos;
	char quote = *start == '"' || *start == '\'' ? *start : 0;
	const char *end = start + !!quote;

	if (quote) {
		end = strchr(end, quote);
		if (!end)
			return fail(p, start, "the quote is not closed");
		p->pos = end + 1;
		*word = strndup(start + 1, end - start - 1);
		return *word ? 0 : fail(p, start, "out of memory");
	}
	while (*end && !isspace((unsigned char)*end) && !strchr("()", *end) &&
	       strncmp(end, "&&", 2) && strncmp(end, "||", 2))
		end++;
	if (end == start)
		return fail(p, start, "expected a value");
	p->pos = end;
	*word = strndup(start, end - start);
	return *word ? 0 : fail(p, start, "out of memory");
}

static int parse_bool(const char *text, uint64_t *value)
{
	static const char *const words[] = {
		"no", "yes", "false", "true", "0", "1",
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (!strcasecmp(text, words[i])) {
			*value = i % 2;
			return 0;
		}
	}
	return -EINVAL;
}

static const struct {
	int (*parse)(const char *text, uint64_t *value);
	const char *what;
} value_types[] = {
	[TYPE_HEX] = { parse_hex, "a number in hex" },
	[TYPE_SIZE] = { parse_size, "a size such as 4096, 4K or 2M" },
	[TYPE_NUMBER] = { parse_number, "a number" },
	[TYPE_TENTHS] = { parse_tenths, "a number such as 12 or 12.5" },
	[TYPE_BOOL] = { parse_bool, "yes or no" },
	[TYPE_TEXT] = { NULL, NULL },
	[TYPE_LIST] = { NULL, NULL },
};

/* A comparison that cannot match is refused: checks would pass by mistake. */
static int no_such_word(struct parser *p, const struct filter_node *node,
			const char *where)
{
	const char *verb = node->op == OP_RE ? "matches" : "is called";
	char list[1400];

	words_list(column_words(p->set, node->col), list, sizeof(list));
	return fail(p, where, "no %s %s \"%s\"; there are: %s", node->col->name,
		    verb, node->text, list);
}

/* The words of a list are compared one by one; raw output has commas. */
static bool are_words(const struct words *words, char *text)
{
	struct word word;

	while (*text) {
		size_t len = strcspn(text, " ,");
		char end = text[len];

		text[len] = '\0';
		if (len && !words_find(words, text, &word))
			return false;
		if (len)
			memcpy(text, word.text, len);
		text += len;
		if (end)
			*text++ = ' ';
	}
	return true;
}

/* Case does not matter, so the text becomes the column's own spelling. */
static bool set_word(const struct words *words, struct filter_node *node)
{
	struct word word;

	if (node->col->type == TYPE_LIST)
		return are_words(words, node->text);
	if (!words_find(words, node->text, &word))
		return false;
	memcpy(node->text, word.text, strlen(word.text));
	node->number = word.value;
	return true;
}

/* A pattern may span words of a list: only a plain text is certain to fail. */
static bool can_match(const struct words *words, const struct filter_node *node)
{
	bool is_list = node->col->type == TYPE_LIST;
	struct word word = { 0 };

	if (is_list && node->text[strcspn(node->text, "^.[$()|*+?{\\ ")])
		return true;
	while (words_next(words, &word)) {
		if (is_list ? !!strcasestr(word.text, node->text) :
			      !regexec(&node->regex, word.text, 0, NULL, 0))
			return true;
	}
	return false;
}

static int set_regex(struct parser *p, struct filter_node *node,
		     const char *where)
{
	const struct words *words = column_words(p->set, node->col);
	char why[128];
	int ret;

	if (node->col->type < TYPE_TEXT)
		return fail(p, where, "=~ is for text; %s is not",
			    node->col->name);
	/* regcomp() recurses by parentheses. */
	if (strlen(node->text) > MAX_REGEX)
		return fail(p, where,
			    "regular expression: longer than %d bytes",
			    MAX_REGEX);
	ret = regcomp(&node->regex, node->text,
		      REG_EXTENDED | REG_NOSUB | (words ? REG_ICASE : 0));
	if (ret) {
		regerror(ret, &node->regex, why, sizeof(why));
		return fail(p, where, "regular expression: %s", why);
	}
	node->has_regex = true;
	return words && !can_match(words, node) ? no_such_word(p, node, where) :
						  0;
}

static int set_value(struct parser *p, struct filter_node *node,
		     const char *where)
{
	const struct column *col = node->col;
	const struct words *words = column_words(p->set, col);
	int ret;

	if (node->op == OP_RE)
		return set_regex(p, node, where);
	if (words)
		return set_word(words, node) ? 0 : no_such_word(p, node, where);
	if (!value_types[col->type].parse)
		return 0;
	ret = value_types[col->type].parse(node->text, &node->number);
	if (ret == -ERANGE)
		return fail(p, where, "the number is too large");
	if (ret)
		return fail(p, where, "expected %s",
			    value_types[col->type].what);
	return 0;
}

static int parse_comparison(struct parser *p)
{
	const char *start = p->pos, *where;
	struct filter_node *node;
	char meant[64];
	size_t len = 0;
	int ret;

	while (isalnum((unsigned char)start[len]) || start[len] == '_')
		len++;
	if (!len)
		return fail(p, start,
			    *start ?
				    "expected a column" :
				    "the end came where a column was expected");
	node = add_node(p);
	if (!node)
		return EXIT_USAGE;
	node->col = column_find(p->set, start, len);
	if (!node->col)
		return fail(p, start, "no column \"%.*s\"%s; -H lists them",
			    (int)len, start,
			    column_suggest(p->set, start, len, meant,
					   sizeof(meant)));
	p->pos += len;
	ret = parse_operator(p, &node->op);
	skip_blanks(p);
	where = p->pos;
	if (!ret)
		ret = parse_word(p, &node->text);
	return ret ? ret : set_value(p, node, where);
}

static int push_op(struct parser *p, char op, unsigned int len)
{
	if (p->nr_ops == FILTER_MAX_NODES)
		return fail(p, p->pos, "too deep: more than %d levels",
			    FILTER_MAX_NODES);
	p->at[p->nr_ops] = p->pos;
	p->ops[p->nr_ops++] = op;
	p->pos += len;
	return 0;
}

/* Moves the operator on top of the stack behind its operands. */
static int pop_op(struct parser *p)
{
	char op = p->ops[--p->nr_ops];
	struct filter_node *node = add_node(p), *right;

	if (!node)
		return EXIT_USAGE;
	right = node - 1;
	node->kind = op == '!' ? FILTER_NOT :
		     op == '&' ? FILTER_AND :
				 FILTER_OR;
	if (op == '!')
		node->first = right->first;
	else
		node->first = p->filter->nodes[right->first - 1].first;
	return 0;
}

static int rank(char op)
{
	return op == '!' ? 3 : op == '&' ? 2 : op == '|' ? 1 : 0;
}

static int pop_down_to(struct parser *p, int lowest)
{
	int ret = 0;

	while (!ret && p->nr_ops && rank(p->ops[p->nr_ops - 1]) >= lowest)
		ret = pop_op(p);
	return ret;
}

static int parse_operand(struct parser *p)
{
	int ret = 0;

	skip_blanks(p);
	while (!ret && (*p->pos == '!' || *p->pos == '(')) {
		ret = push_op(p, *p->pos, 1);
		skip_blanks(p);
	}
	return ret ? ret : parse_comparison(p);
}

static int close_parens(struct parser *p)
{
	int ret;

	skip_blanks(p);
	while (*p->pos == ')') {
		ret = pop_down_to(p, 1);
		if (ret)
			return ret;
		if (!p->nr_ops)
			return fail(p, p->pos, "no parenthesis to close");
		p->nr_ops--;
		p->pos++;
		skip_blanks(p);
	}
	return 0;
}

/* 1 if another operand follows, 0 at the end; otherwise -EXIT_USAGE. */
static int parse_joint(struct parser *p)
{
	char op = *p->pos;
	int ret;

	if (!op)
		return 0;
	if ((op != '&' && op != '|') || p->pos[1] != op)
		return -fail(p, p->pos, "expected &&, || or the end");
	ret = pop_down_to(p, rank(op));
	if (!ret)
		ret = push_op(p, op, 2);
	return ret ? -ret : 1;
}

static int parse_all(struct parser *p)
{
	int more, ret;

	do {
		ret = parse_operand(p);
		if (!ret)
			ret = close_parens(p);
		if (ret)
			return ret;
		more = parse_joint(p);
	} while (more > 0);
	if (more < 0)
		return -more;
	ret = pop_down_to(p, 1);
	if (!ret && p->nr_ops)
		ret = fail(p, p->at[p->nr_ops - 1],
			   "the parenthesis is not closed");
	return ret;
}

/*
 * Parses an expression over the columns of @set; without one, *@filter is NULL.
 * Returns 0, or EXIT_USAGE after showing what is wrong and where.
 */
int filter_parse(struct filter **filter, const struct column_set *set,
		 const char *text)
{
	struct parser p = { .text = text, .pos = text, .set = set };
	int ret;

	*filter = NULL;
	if (!text)
		return 0;
	p.filter = calloc(1, sizeof(*p.filter));
	if (!p.filter) {
		message_error("filter: out of memory");
		return EXIT_USAGE;
	}
	ret = parse_all(&p);
	if (ret)
		filter_free(p.filter);
	else
		*filter = p.filter;
	return ret;
}

void filter_free(struct filter *filter)
{
	for (unsigned int i = 0; filter && i < filter->nr; i++) {
		struct filter_node *node = &filter->nodes[i];

		if (node->has_regex)
			regfree(&node->regex);
		free(node->text);
	}
	free(filter);
}

static bool holds(enum filter_op op, int order)
{
	switch (op) {
	case OP_EQ:
		return order == 0;
	case OP_NE:
		return order != 0;
	case OP_LT:
		return order < 0;
	case OP_LE:
		return order <= 0;
	case OP_GT:
		return order > 0;
	case OP_GE:
		return order >= 0;
	case OP_RE:
		break;
	}
	return false;
}

/* "libc.so.6" is not the path of any area, though people may mean one. */
static void note_near(struct filter *filter, const struct filter_node *node,
		      const char *text)
{
	const char *base = strrchr(text, '/');

	if (filter->near || !base || strcmp(base + 1, node->text))
		return;
	filter->near = node;
	snprintf(filter->path, sizeof(filter->path), "%s", text);
}

/* A comparison with an unknown or withheld value is never true. */
static bool compare_value(struct filter *filter, const struct filter_node *node,
			  const void *row)
{
	const struct column *col = node->col;
	struct value v;

	column_get(col, row, &v);
	if (!v.known)
		return false;
	if (node->op == OP_RE)
		return !regexec(&node->regex, v.text, 0, NULL, 0);
	if (value_types[col->type].parse || col->named)
		return holds(node->op, (v.number > node->number) -
					       (v.number < node->number));
	if (node->op == OP_EQ && strcmp(v.text, node->text))
		note_near(filter, node, v.text);
	return holds(node->op, strcmp(v.text, node->text));
}

/* Hints at what a failed comparison may have meant; @filter may be NULL. */
void filter_hint(const struct filter *filter)
{
	if (filter && filter->near)
		message_hint(
			"filter: %s has whole paths, such as %s; =~ finds a part of one",
			filter->near->col->name, filter->path);
}

/* Whether the part of an expression whose last node is @last matches a row. */
bool filter_match_part(struct filter *filter, unsigned int last,
		       const void *row)
{
	bool stack[FILTER_MAX_NODES];
	unsigned int nr = 0;

	for (unsigned int i = filter->nodes[last].first; i <= last; i++) {
		const struct filter_node *node = &filter->nodes[i];

		switch (node->kind) {
		case FILTER_COMPARE:
			stack[nr++] = compare_value(filter, node, row);
			break;
		case FILTER_NOT:
			stack[nr - 1] = !stack[nr - 1];
			break;
		case FILTER_AND:
			nr--;
			stack[nr - 1] &= stack[nr];
			break;
		case FILTER_OR:
			nr--;
			stack[nr - 1] |= stack[nr];
			break;
		}
	}
	return stack[0];
}

/* Whether a row is wanted; without a filter, every row is. */
bool filter_match(struct filter *filter, const void *row)
{
	return !filter || filter_match_part(filter, filter->nr - 1, row);
}

/* Keeps the rows that are wanted, and returns how many there are. */
size_t rows_filter(struct filter *filter, void *rows, size_t nr,
		   size_t row_bytes)
{
	char *from = rows, *to = rows;

	for (size_t i = 0; i < nr; i++, from += row_bytes) {
		if (!filter_match(filter, from))
			continue;
		memmove(to, from, row_bytes);
		to += row_bytes;
	}
	return (to - (char *)rows) / row_bytes;
}

/*
 * Whether an expression compares @column with @word, which stands for @value:
 * then rows are searched for that are left out otherwise.
 */
bool filter_asks_for(const struct filter *filter, const char *column,
		     const char *word, uint64_t value)
{
	for (unsigned int i = 0; filter && i < filter->nr; i++) {
		const struct filter_node *node = &filter->nodes[i];

		if (!node->col || strcmp(node->col->name, column))
			continue;
		if (node->op == OP_RE ?
			    !regexec(&node->regex, word, 0, NULL, 0) :
			    node->number == value)
			return true;
	}
	return false;
}

/* Adds what the columns of an expression need from a scan. */
void filter_needs(const struct filter *filter, unsigned int *needs,
		  uint64_t *run_flags, uint64_t *facts)
{
	for (unsigned int i = 0; filter && i < filter->nr; i++) {
		const struct column *col = filter->nodes[i].col;

		*needs |= col ? col->needs : 0;
		*run_flags |= col ? col->run_flags : 0;
		*facts |= col ? col->facts : 0;
	}
}
