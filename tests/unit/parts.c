/* Lines and paragraphs of texts. */
#include "stages/dedup/parts.h"

#include <criterion/criterion.h>

#include "tests/random.h"

/* The parts as text: each in brackets, inner ones behind a dot. */
static void show(struct buf *out, const char *text, enum part_kind kind, uint64_t min_length)
{
	struct parts u = { 0 };

	parts_split(&u, slice_str(text), kind, min_length);
	for (size_t i = 0; i < u.n; i++) {
		buf_str(out, u.at[i].inner ? ".[" : "[");
		buf_append(out, text + u.at[i].from, u.at[i].to - u.at[i].from);
		buf_byte(out, ']');
	}
	buf_printf(out, " %llu", (unsigned long long)u.content);
	parts_release(&u);
}

Test(parts, splits)
{
	static const struct {
		enum part_kind kind;
		uint64_t min_length;
		const char *text, *want;
	} cases[] = {
		{ PART_LINES, 1, "", " 0" },
		{ PART_LINES, 1, "a", "[a] 1" },
		{ PART_LINES, 1, "a\nb\n", "[a][b] 2" },
		{ PART_LINES, 1, "a\n\n \t\r\nb", "[a][b] 2" },
		{ PART_LINES, 2, "a\nbb\n  c  ", "[bb] 8" },
		{ PART_LINES, 2, "\xc3\xa9\n\xc3\xa9\xc3\xa9", "[\xc3\xa9\xc3\xa9] 6" },
		{ PART_LINES, 1, "\n\n", " 0" },
		{ PART_PARAGRAPHS, 1, "", " 0" },
		{ PART_PARAGRAPHS, 1, "a", "[a] 1" },
		{ PART_PARAGRAPHS, 1, "\n\na\n\n\nb\n", "[a][b] 2" },
		{ PART_PARAGRAPHS, 1, "a\nb\n \nc", "[a\nb].[a].[b][c] 4" },
		{ PART_PARAGRAPHS, 2, "a\nbb\nc", "[a\nbb\nc].[bb] 6" },
		{ PART_PARAGRAPHS, 5, "a\nb\n\ncc", " 5" },
		{ PART_PARAGRAPHS, 1, " \n\t", " 0" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out = { 0 };

		show(&out, cases[i].text, cases[i].kind, cases[i].min_length);
		cr_expect_str_eq(buf_cstr(&out), cases[i].want, "%zu: %s", i, out.p);
		buf_release(&out);
	}
}

Test(parts, cuts)
{
	static const struct {
		enum part_kind kind;
		const char *text, *gone, *want; /* gone: a 1 for each part that goes */
	} cases[] = {
		{ PART_LINES, "a\nb\nc", "000", "a\nb\nc" },
		{ PART_LINES, "a\nb\nc", "100", "b\nc" },
		{ PART_LINES, "a\nb\nc", "010", "a\nc" },
		{ PART_LINES, "a\nb\nc", "001", "a\nb" },
		{ PART_LINES, "a\nb\nc\n", "001", "a\nb\n" },
		{ PART_LINES, "a\n\nc", "01", "a\n" },
		{ PART_LINES, "a\nb\nc\n", "111", "" },
		{ PART_PARAGRAPHS, "a\n\nb\n\n\nc", "100", "b\n\n\nc" },
		{ PART_PARAGRAPHS, "a\n\nb\n\n\nc", "010", "a\n\nc" },
		{ PART_PARAGRAPHS, "a\n\nb\n\n\nc", "001", "a\n\nb" },
		{ PART_PARAGRAPHS, "a\n\nb\n\n\nc\n\n", "001", "a\n\nb\n" },
		{ PART_PARAGRAPHS, "a\nb\n\nc", "0100", "b\n\nc" },
		{ PART_PARAGRAPHS, "a\nb\n\nc", "0010", "a\n\nc" },
		{ PART_PARAGRAPHS, "a\nb\n\nc", "1010", "c" },
		{ PART_PARAGRAPHS, "a\nb", "011", "" },
		{ PART_PARAGRAPHS, "a\nb\n\nc", "0110", "c" },
		{ PART_PARAGRAPHS, "c\n\na\nb\n", "0011", "c\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct slice text = slice_str(cases[i].text);
		struct parts u = { 0 };
		struct buf out = { 0 };
		bool gone[8];

		parts_split(&u, text, cases[i].kind, 1);
		cr_assert_eq(u.n, strlen(cases[i].gone), "%zu", i);
		for (size_t k = 0; k < u.n; k++)
			gone[k] = cases[i].gone[k] == '1';
		parts_cut(&out, text, cases[i].kind, u.at, gone, u.n);
		cr_expect_str_eq(buf_cstr(&out), cases[i].want, "%zu: %s", i, out.p);
		buf_release(&out);
		parts_release(&u);
	}
}

/* What all parts take with them is all that is not blank; what none takes is all. */
Test(parts, content_adds_up_on_random_texts)
{
	uint64_t random = 7;
	struct parts u = { 0 };
	struct buf out = { 0 };

	for (int round = 0; round < 20000; round++) {
		enum part_kind kind = round & 1 ? PART_LINES : PART_PARAGRAPHS;
		char text[24];
		size_t n = random_below(&random, sizeof(text));
		bool gone[64] = { false };
		uint64_t sum = 0;

		for (size_t i = 0; i < n; i++)
			text[i] = "\n\n ab"[random_below(&random, 5)];
		parts_split(&u, (struct slice){ text, n }, kind, 1);
		out.n = 0;
		parts_cut(&out, (struct slice){ text, n }, kind, u.at, gone, u.n);
		cr_assert(slice_eq(buf_view(&out), (struct slice){ text, n }));
		for (size_t i = 0; i < u.n; i++) {
			gone[i] = true;
			sum += u.at[i].inner ? 0 : part_content(&u.at[i]);
		}
		cr_assert_eq(sum, u.content);
		out.n = 0;
		parts_cut(&out, (struct slice){ text, n }, kind, u.at, gone, u.n);
		for (size_t i = 0; i < out.n; i++)
			cr_assert(out.p[i] == ' ' || out.p[i] == '\n');
	}
	parts_release(&u);
	buf_release(&out);
}
