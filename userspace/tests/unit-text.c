// SPDX-License-Identifier: GPL-2.0-or-later
/* Foreign text, escaped and cut. */
#include "cli/column.h"
#include "cli/text.h"
#include "unit.h"

TEST(utf8_is_checked)
{
	EXPECT(utf8_length("a") == 1);
	EXPECT(utf8_length("\xc3\xa9") == 2);
	EXPECT(utf8_length("\xe2\x82\xac") == 3);
	EXPECT(utf8_length("\xf0\x9f\x98\x80") == 4);
	/* overlong, surrogate, beyond, cut, stray */
	EXPECT(utf8_length("\xc0\x80") == 0);
	EXPECT(utf8_length("\xe0\x80\x80") == 0);
	EXPECT(utf8_length("\xed\xa0\x80") == 0);
	EXPECT(utf8_length("\xf4\x90\x80\x80") == 0);
	EXPECT(utf8_length("\xe2\x82") == 0);
	EXPECT(utf8_length("\x80") == 0);
	EXPECT(utf8_length("\xff") == 0);
}

static const char *shown(const char *text, enum text_form form)
{
	static char buf[256];
	unsigned int width;
	char *at = buf;

	while (*text)
		at += text_piece(&text, form, at, &width);
	*at = '\0';
	return buf;
}

TEST(json_strings_are_escaped)
{
	EXPECT_STR("plain", shown("plain", TEXT_JSON));
	EXPECT_STR("a\\\"b\\\\c", shown("a\"b\\c", TEXT_JSON));
	EXPECT_STR("\\n\\t\\u0001\\u007f", shown("\n\t\x01\x7f", TEXT_JSON));
	EXPECT_STR("\xc3\xa9", shown("\xc3\xa9", TEXT_JSON));
	EXPECT_STR("\\\\xff\\\\xc3x", shown("\xff\xc3x", TEXT_JSON));
}

TEST(text_is_escaped_as_in_maps)
{
	EXPECT_STR("a b\\012c\\033", shown("a b\nc\x1b", TEXT_LINE));
	EXPECT_STR("a\\040b", shown("a b", TEXT_WORD));
}

TEST(c1_controls_are_escaped)
{
	EXPECT_STR("c\\302\\23331mx", shown("c\302\23331mx", TEXT_LINE));
	EXPECT_STR("\\302\\200\\302\\237",
		   shown("\xc2\x80\xc2\x9f", TEXT_WORD));
	EXPECT_STR("c\\u009b31mx", shown("c\302\23331mx", TEXT_JSON));
	EXPECT_STR("\xc2\xa0", shown("\xc2\xa0", TEXT_LINE));
}

TEST(bytes_that_are_no_utf8_are_escaped)
{
	EXPECT_STR("r\\23331m", shown("r\23331m", TEXT_LINE));
	EXPECT_STR("\\377\\303x", shown("\xff\xc3x", TEXT_LINE));
	EXPECT_STR("\\355\\240\\200", shown("\xed\xa0\x80", TEXT_WORD));
}

TEST(turns_of_direction_and_line_ends_are_escaped)
{
	EXPECT_STR("\\342\\200\\256x", shown("\xe2\x80\xaex", TEXT_LINE));
	EXPECT_STR("\\342\\200\\250", shown("\xe2\x80\xa8", TEXT_LINE));
	EXPECT_STR("\\u2067", shown("\xe2\x81\xa7", TEXT_JSON));
	EXPECT_STR("\\342\\200\\217", shown("\xe2\x80\x8f", TEXT_LINE));
}

/* The width of such a character is unknown. */
TEST(unassigned_characters_are_escaped)
{
	EXPECT_STR("\\363\\240\\200\\200",
		   shown("\xf3\xa0\x80\x80", TEXT_LINE));
	EXPECT_STR("\xf3\xa0\x80\x80", shown("\xf3\xa0\x80\x80", TEXT_JSON));
}

TEST(a_backslash_of_a_name_is_no_escape)
{
	EXPECT_STR("b\\134012c", shown("b\\012c", TEXT_LINE));
	EXPECT_STR("b\\\\012c", shown("b\\012c", TEXT_JSON));
}

TEST(wide_characters_are_two_columns)
{
	EXPECT(text_width("a\xe4\xb8\xad", TEXT_LINE) == 3);
	EXPECT(text_width("e\xcc\x81", TEXT_LINE) == 1);
	EXPECT(text_width("\xc3\xa9", TEXT_LINE) == 1);
	EXPECT(text_width("\n", TEXT_LINE) == 4);
	EXPECT_STR("\xe4\xb8\xad", text_tail("abc\xe4\xb8\xad", TEXT_LINE, 4));
	EXPECT_STR("\xe4\xb8\xad",
		   text_tail("\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad", TEXT_LINE,
			     5));
}

TEST(long_text_keeps_its_end)
{
	EXPECT_STR("/a/b", text_tail("/a/b", TEXT_LINE, 4));
	EXPECT_STR("b.so", text_tail("/usr/lib/b.so", TEXT_LINE, 6));
	EXPECT_STR("..", text_dots());
}
