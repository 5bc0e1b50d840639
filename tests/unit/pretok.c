/* Tests of tokenizer/pretok.h: cases worked out by hand from the patterns, and what steps do. */
#include "tokenizer/pretok.h"

#include "lib/core/mem.h"
#include "tests/pretok_cut.h"

/* A bar stands between the pieces. */
struct cut_case {
	struct slice pieces;
};

#define CASE(pieces) \
	{ \
		{ \
			pieces, sizeof(pieces) - 1 \
		} \
	}

static void check(const char *name, const struct cut_case *cases, size_t n)
{
	size_t n_steps;
	const struct cut_step *steps = pretok_named(name, &n_steps);
	struct buf text = { 0 }, got = { 0 };

	cr_assert(steps);
	for (size_t i = 0; i < 2 * n; i++) {
		struct pretok_walk w = { 0 };
		struct pretok *p = NULL;
		struct err e = { 0 };
		struct slice want = cases[i / 2].pieces;

		cr_assert_eq(i % 2 ? pretok_new_reference(&p, steps, n_steps, &e)
				   : pretok_new(&p, steps, n_steps, &e),
			0, "%s", e.text);
		text.n = 0;
		for (size_t k = 0; k < want.n; k++)
			if (want.p[k] != '|')
				buf_byte(&text, want.p[k]);
		cut_bars(&w, p, buf_view(&text), &got);
		cr_expect(slice_eq(buf_view(&got), want), "%s, %s: %.*s, not %.*s", name,
			i % 2 ? "reference" : "scanner", (int)got.n, got.p, (int)want.n, want.p);
		pretok_walk_release(&w);
		pretok_free(p);
	}
	buf_release(&text);
	buf_release(&got);
}

Test(pretok, gpt2_cuts_as_its_pattern_says)
{
	static const struct cut_case cases[] = {
		CASE(""),
		CASE("Hello| world"),
		CASE("it|'s| we|'ll| they|'ve| you|'re| I|'m| he|'d| don|'t"),
		CASE("IT|'|S| '|lo| '|v"),
		CASE("a|''|s| '| s| '"),
		CASE("x| | y"),
		CASE("x|  | y"),
		CASE("x|\n|\n|y"),
		CASE("x| \n| y"),
		CASE("x|\t|1"),
		CASE("  "),
		CASE(" "),
		CASE("a| "),
		CASE("a|12345|b|!?|c"),
		CASE(" 12| !?| \u00E9t\u00E9"),
		/* NUL and U+001C are no white space, U+00A0 and U+2028 are, but no space of " ?". */
		CASE("a|\0|b|\x1C"),
		CASE("a|\u00A0|b"),
		CASE("a|\u00A0|\u2028|b"),
		/* U+180E left White_Space in Unicode 6.3. */
		CASE("a| \u180E|b"),
		/* A combining mark is neither letter nor number. */
		CASE("e|\u0301|x"),
		CASE("x|\u00B2\u216B"),
		/* Ill-formed bytes are a piece of their own, and the text before ends there. */
		CASE("a|  |\xFF\xFE| | b"),
		CASE("\xE4\xB8"),
	};

	check("gpt2", cases, ARRAY_LEN(cases));
}

Test(pretok, llama3_cuts_as_its_pattern_says)
{
	static const struct cut_case cases[] = {
		CASE("Hello| world|!"),
		CASE("it|'s| IT|'S| it|'\u017F| I|'Ll| I|'rE| x|'l| '|s|''|s"),
		CASE("x|'s|abc|'d|'t"),
		CASE("a|.b| .|c|..|d|\u201Ce|\u201D"),
		CASE("1|.|234|567|8| |9\u0663\u0664|\u0665\u00B2"),
		CASE("!\n\n| \n|x|\n\n| y|.\r\n\r\n|\t|\tz"),
		CASE("a|\n|  "),
		CASE("a|  "),
		CASE("a|\t|1|\t|!|\t\t|\t|2"),
		CASE("e|\u0301x|!\u0301\u0301|y"),
		CASE("\u4E2D\u6587|\u3002\u4E2D| |\u3000\u6587"),
		CASE("a|  \n|\xFF|\n|b"),
	};

	check("llama3", cases, ARRAY_LEN(cases));
}

Test(pretok, cl100k_keeps_white_space_at_the_end_together)
{
	static const struct cut_case cases[] = {
		CASE("a|\n  "),
		CASE("a| \n| b|!\n|  \n\t"),
		CASE("a|\n  |\xFF|  "),
	};

	check("cl100k", cases, ARRAY_LEN(cases));
}

Test(pretok, qwen2_takes_numbers_one_by_one)
{
	static const struct cut_case cases[] = {
		CASE("a|1|2|3|\u0663| |4| b|'ll"),
	};

	check("qwen2", cases, ARRAY_LEN(cases));
}

Test(pretok, o200k_cuts_as_its_pattern_says)
{
	static const struct cut_case cases[] = {
		CASE("camel|Case|HTTPServer|XML|2|y| A"),
		CASE("it's| IT'S| it's|'s| it'll|abc| we'RE|x|'q"),
		CASE("'s's|'s| '|s"),
		/* Letters without case and marks are in both sets. */
		CASE("\u4E2D\u6587|ABC"),
		CASE("ABC\u4E2D\u6587|D"),
		CASE("\u4E2DABCd|E"),
		CASE("a\u6587|A"),
		CASE("a|A\u6587b"),
		CASE("\u0301|ABC"),
		CASE("e\u0301| \u0301x|!\u0301|A|1|\u0301b|\n|\u0301c"),
		CASE("!!\u0301|a"),
		/* U+01C5 is Lt. */
		CASE("a|\u01C5b"),
		CASE("a|//\n/|b|/c|{\n//|*| d"),
		CASE("123|4"),
		CASE("x| \n\n| y"),
		CASE("x|\n|  "),
	};

	check("o200k", cases, ARRAY_LEN(cases));
}

Test(pretok, tekken_is_o200k_without_contractions_and_groups_of_numbers)
{
	static const struct cut_case cases[] = {
		CASE("it|'s|1|2|HTTPServer|X"),
	};

	check("tekken", cases, ARRAY_LEN(cases));
}

Test(pretok, deepseek3_cuts_as_its_patterns_say)
{
	static const struct cut_case cases[] = {
		CASE("it|'s| !|abc|!!|abc|!abc|\u00E9"),
		CASE("\u201C|abc|\u201D\U0001F600|a| \U0001F600"),
		CASE("\u4E2D\u6587|abc|\u4E2D\u30FC|\u3002|x|\u30A2|\u30FB|\u30A4"),
		/* Of what the first two patterns cut off nothing is seen. */
		CASE("a| |\u4E2D|  |\u4E2D|  |1|  |2| | b"),
		CASE("123|4|a"),
		CASE("e\u0301\u0301|!|\u0301"),
		/* What is not matched is one piece, but for what goes with a letter. */
		CASE("\x01\x02|\x03"
		     "a|\x01|1|\x02| b|\x01\x01"),
		CASE("!!\n\n| x| \n|y|\n|  "),
	};

	check("deepseek3", cases, ARRAY_LEN(cases));
}

/* ---- steps that are no published list ---- */

static struct pretok *of_steps(const struct cut_step *steps, size_t n)
{
	struct pretok *p = NULL;
	struct err e = { 0 };

	cr_assert_eq(pretok_new(&p, steps, n, &e), 0, "%s", e.text);
	cr_expect_null(pretok_scanner_name(p));
	return p;
}

static void expect_cut(const struct cut_step *steps, size_t n, const char *text, const char *want)
{
	struct pretok *p = of_steps(steps, n);
	struct pretok_walk w = { 0 };
	struct buf got = { 0 };
	size_t bytes = strlen(text);
	char *exact = mem_alloc(bytes);

	/* Without the NUL, so that make asan sees what is read behind the end. */
	memcpy(exact, text, bytes);
	cut_bars(&w, p, (struct slice){ exact, bytes }, &got);
	cr_expect_str_eq(buf_cstr(&got), want);
	free(exact);
	buf_release(&got);
	pretok_walk_release(&w);
	pretok_free(p);
}

/* The example of SplitDelimiterBehavior in tokenizers' documentation. */
Test(pretok, behaviours_are_those_of_tokenizers)
{
	static const struct {
		enum cut_behaviour behaviour;
		bool invert;
		const char *want;
	} rows[] = {
		{ CUT_REMOVED, false, "the|final|countdown" },
		{ CUT_ISOLATED, false, "the|-|final|-|-|countdown" },
		{ CUT_MERGED_WITH_PREVIOUS, false, "the-|final-|-|countdown" },
		{ CUT_MERGED_WITH_NEXT, false, "the|-final|-|-countdown" },
		{ CUT_CONTIGUOUS, false, "the|-|final|--|countdown" },
		{ CUT_REMOVED, true, "-|-|-" },
		{ CUT_ISOLATED, true, "the|-|final|-|-|countdown" },
		{ CUT_MERGED_WITH_PREVIOUS, true, "the|-final|-|-countdown" },
		{ CUT_MERGED_WITH_NEXT, true, "the-|final-|-|countdown" },
	};

	for (size_t i = 0; i < 2 * ARRAY_LEN(rows); i++) {
		struct cut_step step = { .pattern = SLICE("-"),
			.behaviour = rows[i / 2].behaviour,
			.literal = i % 2,
			.invert = rows[i / 2].invert };

		expect_cut(&step, 1, "the-final--countdown", rows[i / 2].want);
	}
}

Test(pretok, each_step_cuts_what_the_one_before_left)
{
	const struct cut_step steps[] = {
		{ .pattern = SLICE(" "), .behaviour = CUT_REMOVED, .literal = true },
		{ .pattern = SLICE("^x|b$"), .behaviour = CUT_ISOLATED },
		{ .pattern = SLICE("[0-9]"), .behaviour = CUT_MERGED_WITH_PREVIOUS },
	};

	expect_cut(steps, ARRAY_LEN(steps), "xab xb  1x2x3b", "x|a|b|x|b|1|x2|x3|b");
	expect_cut(steps, ARRAY_LEN(steps), "", "");
	expect_cut(steps, ARRAY_LEN(steps), "  ", "");
}

Test(pretok, an_empty_match_cuts)
{
	const struct cut_step step = { .pattern = SLICE("(?=[A-Z])"), .behaviour = CUT_ISOLATED };

	expect_cut(&step, 1, "aBCd\u00E9E", "a|B|Cd\u00E9|E");
}

Test(pretok, without_steps_a_text_is_one_piece)
{
	expect_cut(NULL, 0, "a b\n c", "a b\n c");
}

Test(pretok, white_space_of_a_pattern_is_that_of_unicode)
{
	const struct {
		struct slice pattern;
		const char *want;
	} rows[] = {
		{ SLICE("\\s"), "a|\u00A0|b\u180Ec|\n|d" },
		{ SLICE("\\S+"), "a|\u00A0|b\u180Ec|\n|d" },
		{ SLICE("[\\s-b]"), "a|\u00A0|b|\u180Ec|\n|d" },
		{ SLICE("[^\\S\\n]"), "a|\u00A0|b\u180Ec\nd" },
		{ SLICE("[]\\s]"), "a|\u00A0|b\u180Ec|\n|d" },
		{ SLICE("[[:alpha:]]"), "a|\u00A0|b|\u180E|c|\n|d" },
		{ SLICE("\\\\s|\\[\\s"), "a\u00A0b\u180Ec\nd" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct cut_step step = { .pattern = rows[i].pattern };

		expect_cut(&step, 1, "a\u00A0b\u180Ec\nd", rows[i].want);
	}
}

Test(pretok, a_pattern_that_cannot_be_used_is_refused_with_its_place)
{
	static const struct {
		const char *pattern, *want;
	} rows[] = {
		{ "\\s+(a", "pattern: missing closing parenthesis at byte 5" },
		{ "\\s[\\s]*(?<x",
			"pattern: syntax error in subpattern name (missing terminator?) "
			"at byte 11" },
		{ "a[\\p{L}&&[^a]]", "pattern: a set within a set at byte 7" },
		{ "[a[b]]", "pattern: a set within a set at byte 2" },
		{ "a\\C", "pattern: using \\C is disabled by the application at byte 3" },
		{ "a\xFF", "pattern: UTF-8 error: illegal byte (0xfe or 0xff) at byte 1" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct cut_step step = { .pattern = slice_str(rows[i].pattern) };
		struct pretok *p = NULL;
		struct err e = { 0 };

		cr_expect_eq(pretok_new(&p, &step, 1, &e), -1);
		cr_expect_eq(e.code, ERR_USAGE);
		cr_expect_str_eq(e.text, rows[i].want);
	}
}

Test(pretok, a_pattern_that_back_tracks_without_end_is_stopped)
{
	const struct cut_step step = { .pattern = SLICE("(?:a|a)+$"), .behaviour = CUT_ISOLATED };
	struct pretok *p = of_steps(&step, 1);
	struct pretok_walk w = { 0 };
	struct slice piece;
	struct err e = { 0 };

	pretok_begin(&w, p, SLICE("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"));
	cr_expect_eq(pretok_next(&w, &piece, &e), -1);
	cr_expect_eq(e.code, ERR_LIMIT);
	pretok_walk_release(&w);
	pretok_free(p);
}

/* More places than the stack of compiled patterns has. */
Test(pretok, a_pattern_may_hold_many_places)
{
	const struct cut_step step = { .pattern = SLICE("(?:ab?)+"), .behaviour = CUT_ISOLATED };
	struct pretok *p = of_steps(&step, 1);
	struct pretok_walk w = { 0 };
	struct slice piece;
	struct err e = { 0 };
	static char text[200000];

	memset(text, 'a', sizeof(text));
	pretok_begin(&w, p, (struct slice){ text, sizeof(text) });
	cr_expect_eq(pretok_next(&w, &piece, &e), 1);
	cr_expect_eq(piece.n, sizeof(text), "%s", e.text);
	pretok_walk_release(&w);
	pretok_free(p);
}

Test(pretok, a_name_that_is_unknown_has_no_steps)
{
	struct pretok *p = NULL;
	struct err e = { 0 };
	size_t n;

	cr_expect_null(pretok_named("gpt5", &n));
	cr_expect_eq(pretok_new_named(&p, "gpt5", &e), -1);
	cr_expect_str_eq(e.text, "no pattern has the name gpt5");
}
