/* A text cut around n-grams: a table by hand, and many texts beside the rules written another
 * way. */
#include "stages/dedup/excerpt.h"

#include "lib/text/utf8.h"
#include "tests/random.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* Cuts around each n-gram that begins at a token "x"; the pieces, joined by "|". */
static void cut_at_x(
	struct excerpt *c, const struct excerpt_rules *rules, struct slice text, struct buf *joined)
{
	struct tokens t = { 0 };
	struct gram_hits hits = { 0 };

	cr_assert(tokens_split(&t, text));
	hits.at = malloc((t.n + 1) * sizeof(*hits.at));
	for (size_t i = 0; i + rules->ngram <= t.n; i++)
		if (text.p[t.at[i].from] == 'x')
			hits.at[hits.n++] = (struct gram_hit){ 0, (uint32_t)i };
	excerpt_cut(c, rules, text, &t, &hits);
	joined->n = 0;
	for (size_t i = 0; i < c->n; i++) {
		if (i)
			buf_byte(joined, '|');
		buf_slice(joined, c->at[i].text);
		cr_expect_eq(c->at[i].characters, utf8_length(c->at[i].text));
	}
	buf_cstr(joined);
	tokens_release(&t);
	free(hits.at);
}

Test(excerpt, table)
{
	static const struct {
		struct excerpt_rules rules; /* ngram, window, min_piece, max_pieces */
		const char *text, *want;
		uint64_t pieces;
	} cases[] = {
		{ { 1, 0, 1, 10 }, "one x two", "one|two", 2 },
		{ { 1, 0, 1, 10 }, "x", "", 0 },
		{ { 1, 0, 1, 10 }, "x one", "one", 1 },
		{ { 1, 0, 1, 10 }, "one. x.", "one.|.", 2 },
		{ { 2, 0, 1, 10 }, "one x two three", "one|three", 2 },
		/* The second begins within the first. */
		{ { 3, 0, 1, 10 }, "one x x two three four", "one|four", 2 },
		/* The window goes into "seven", and all of it goes. */
		{ { 1, 3, 1, 10 }, "six seven x eight nine", "six|nine", 2 },
		{ { 1, 1, 1, 10 }, "six seven x eight nine", "six seven|eight nine", 2 },
		{ { 1, 2, 1, 10 }, "six seven x eight nine", "six|nine", 2 },
		/* Windows that meet, and that nearly do. */
		{ { 1, 2, 1, 10 }, "x 1234 x", "", 0 },
		{ { 1, 1, 1, 10 }, "x 1234 x", "1234", 1 },
		{ { 1, 3, 1, 10 }, "x  -- ---  x", "- --", 1 },
		{ { 1, 9, 1, 10 }, "one x two x three x four", "", 0 },
		/* Short pieces go, but count as pieces. */
		{ { 1, 0, 4, 10 }, "one x three x six", "three", 3 },
		/* Characters, not bytes: two letters of two bytes each. */
		{ { 1, 3, 2, 10 }, "a \xc3\xa9\xc3\xa9 x \xc3\xa9\xc3\xa9 a", "", 2 },
		{ { 1, 3, 1, 10 }, "a \xc3\xa9\xc3\xa9 x \xc3\xa9\xc3\xa9 a", "a|a", 2 },
		{ { 1, 2, 1, 10 }, "a \xc3\xa9! x \xc3\xa9\xc3\xa9 a", "a \xc3\xa9|a", 2 },
		{ { 1, UINT64_MAX - 1, 1, 10 }, "one x two x three", "", 0 },
	};
	struct excerpt c = { 0 };
	struct buf got = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cut_at_x(&c, &cases[i].rules, slice_str(cases[i].text), &got);
		cr_expect_str_eq(got.p, cases[i].want, "case %zu: %s", i, cases[i].text);
		cr_expect_eq(c.all, cases[i].pieces, "case %zu: %s", i, cases[i].text);
		cr_expect_eq(c.characters, utf8_length(slice_str(cases[i].text)));
	}
	excerpt_release(&c);
	buf_release(&got);
}

/* The rules a character at a time, for ASCII, where a character is a byte: marks what goes. */
static void mark(char *gone, const struct excerpt_rules *rules, struct slice text)
{
	struct tokens t = { 0 };

	cr_assert(tokens_split(&t, text));
	memset(gone, 0, text.n);
	for (size_t i = 0; i + rules->ngram <= t.n; i++) {
		size_t from = t.at[i].from, to = t.at[i + rules->ngram - 1].to;

		if (text.p[from] != 'x')
			continue;
		from -= MIN(from, rules->window);
		to += MIN(text.n - to, rules->window);
		memset(gone + from, 1, to - from);
	}
	for (size_t i = 0; i < t.n; i++) {
		size_t n = t.at[i].to - t.at[i].from;

		if (memchr(gone + t.at[i].from, 1, n))
			memset(gone + t.at[i].from, 1, n);
	}
	tokens_release(&t);
}

static void mark_pieces(struct buf *joined, const struct excerpt_rules *rules, struct slice text)
{
	char *gone = malloc(text.n + 1);
	size_t from = 0;

	mark(gone, rules, text);
	joined->n = 0;
	for (size_t to = 0; to <= text.n; to++) {
		struct slice piece;

		if (to < text.n && !gone[to])
			continue;
		piece = slice_trim((struct slice){ text.p + from, to - from }, " ");
		from = to + 1;
		if (!piece.n || piece.n < rules->min_piece)
			continue;
		if (joined->n)
			buf_byte(joined, '|');
		buf_slice(joined, piece);
	}
	buf_cstr(joined);
	free(gone);
}

Test(excerpt, are_those_of_the_rules_character_by_character)
{
	struct excerpt c = { 0 };
	struct buf got = { 0 }, want = { 0 };
	uint64_t seed = 3;

	for (int round = 0; round < 20000; round++) {
		struct excerpt_rules rules = { 1 + random_next(&seed) % 3, random_next(&seed) % 12,
			random_next(&seed) % 6, 10 };
		char text[80];
		size_t n = random_next(&seed) % sizeof(text);

		for (size_t i = 0; i < n; i++)
			text[i] = "abcx  -"[random_next(&seed) % 7];
		cut_at_x(&c, &rules, (struct slice){ text, n }, &got);
		mark_pieces(&want, &rules, (struct slice){ text, n });
		cr_assert_str_eq(got.p, want.p, "round %d: %.*s", round, (int)n, text);
	}
	excerpt_release(&c);
	buf_release(&got);
	buf_release(&want);
}
