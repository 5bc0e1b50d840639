/* Plain-text books as Markdown. */
#include "stages/extract/book_markdown.h"

#include <criterion/criterion.h>

Test(book_markdown, chapters_lines_and_italics)
{
	static const struct {
		const char *given, *want;
	} rows[] = {
		{ "CHAPTER I.\n\nIt was late.", "## CHAPTER I.\n\nIt was late." },
		{ "Chapter 12: The Road", "## Chapter 12: The Road" },
		{ "Kapitel III", "## Kapitel III" },
		{ "PREFACE", "## PREFACE" },
		{ "Preface to all that follows", "Preface to all that follows" },
		{ "chapter one of his life was over", "chapter one of his life was over" },
		{ "Part of the way he went", "Part of the way he went" },
		{ "Roses\n  Violets\n\nSugar", "Roses\\\nViolets\n\nSugar" },
		{ "_Hamlet_, by _W. S._", "*Hamlet*, by *W. S.*" },
		{ "a_b and _ c", "a_b and _ c" },
		{ "1. One * two", "1\\. One * two" },
		{ "# no heading", "\\# no heading" },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out = { 0 };

		book_markdown(slice_str(rows[i].given), &out);
		cr_expect_str_eq(buf_cstr(&out), rows[i].want);
		buf_release(&out);
	}
}

Test(book_markdown, what_a_footer_leaves_goes)
{
	static const struct {
		const char *given, *want;
	} rows[] = {
		{ "---\n\ntext\n\n---\n\n```", "text" },
		{ "```\n\ntext", "text" },
		{ "text\n--", "text\n--" },
		{ "---\n```\n", "" },
		{ "text", "text" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct slice got = book_markdown_trim(slice_str(rows[i].given));

		cr_expect(slice_eq(got, slice_str(rows[i].want)), "<%.*s>", (int)got.n, got.p);
	}
}
