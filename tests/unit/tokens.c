/* Tokens of texts. What is expected was taken from Python 3.11:
 * re.findall(r"\w+", text.lower()). */
#include "stages/dedup/tokens.h"

#include "lib/core/cpu.h"
#include "lib/text/utf8.h"
#include "stages/dedup/tokens_scan.h"
#include "tests/random.h"

#include <criterion/criterion.h>

static void expect_token(const struct token *t, struct slice text, const char *want)
{
	cr_expect_eq(t->hash, token_hash(slice_str(want)), "in \"%.*s\": bytes %u to %u are not %s",
		(int)text.n, text.p, t->from, t->to, want);
}

Test(tokens, are_runs_of_word_characters_in_lower_case)
{
	static const struct {
		const char *text;
		const char *want[8];
	} cases[] = {
		{ "", { 0 } },
		{ " ,.\n", { 0 } },
		{ "Hello, WORLD_1!", { "hello", "world_1" } },
		{ "can't", { "can", "t" } },
		{ "x\u00b2+\u00bd", { "x\u00b2", "\u00bd" } },
		{ "\u00c9T\u00c9 \u0416\u0423\u041a", { "\u00e9t\u00e9", "\u0436\u0443\u043a" } },
		{ "e\u0301a", { "e", "a" } },
		{ "a\u00adb", { "a", "b" } },
		{ "\u65e5\u672c\u8a9e\u3001\u30c6\u30b9\u30c8",
			{ "\u65e5\u672c\u8a9e", "\u30c6\u30b9\u30c8" } },
		/* Lower-cased, these have another length. */
		{ "K\u212a1 \u1e9e \u023a\u2c62", { "kk1", "\u00df", "\u2c65\u026b" } },
		{ "\u0130stanbul A\u0130\u0130", { "i", "stanbul", "ai", "i" } },
		/* The sigma that ends a word, as far as case can see. */
		{ "\u039f\u0394\u039f\u03a3 \u03a3 \u0391\u03a3\u0391 A'\u03a3.",
			{ "\u03bf\u03b4\u03bf\u03c2", "\u03c3", "\u03b1\u03c3\u03b1", "a",
				"\u03c2" } },
		{ "seventeen_BYTES_1", { "seventeen_bytes_1" } },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct slice text = slice_str(cases[i].text);
		struct tokens t = { 0 };
		size_t n = 0;

		cr_assert(tokens_split(&t, text));
		for (; cases[i].want[n]; n++)
			if (n < t.n)
				expect_token(&t.at[n], text, cases[i].want[n]);
		cr_expect_eq(t.n, n, "%s: %zu tokens", cases[i].text, t.n);
		tokens_release(&t);
	}
}

Test(tokens, say_where_they_stand)
{
	static const struct {
		uint32_t from, to;
	} want[] = { { 1, 4 }, { 6, 9 }, { 10, 12 }, { 12, 13 } };
	struct tokens t = { 0 };

	cr_assert(tokens_split(&t, slice_str(" Abc, \u212a \u0130x")));
	cr_assert_eq(t.n, ARRAY_LEN(want));
	for (size_t i = 0; i < t.n; i++) {
		cr_expect_eq(t.at[i].from, want[i].from, "token %zu", i);
		cr_expect_eq(t.at[i].to, want[i].to, "token %zu", i);
	}
	tokens_release(&t);
}

/* The values stand in files: computed by Python's integers and by libxxhash. */
Test(tokens, hash_never_changes)
{
	static const struct {
		const char *token;
		uint64_t hash;
	} cases[] = {
		{ "", UINT64_C(0xbc13060e2d1aac79) },
		{ "a", UINT64_C(0x8bb9ca0f8d9cf23d) },
		{ "the", UINT64_C(0x063c0192129d78a6) },
		{ "password", UINT64_C(0xd9db360990e87c84) },
		{ "abcdefghi", UINT64_C(0x4a9e4ab539e53d78) },
		{ "sixteen_bytes_16", UINT64_C(0xc3d654f3959d1ffb) },
		{ "\u00e9t\u00e9", UINT64_C(0x6d46c2b225593abd) },
		{ "seventeen_bytes_1", UINT64_C(0x0312ea9866d90019) },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect_eq(
			token_hash(slice_str(cases[i].token)), cases[i].hash, "%s", cases[i].token);
}

static struct buf drawn_text(uint64_t *seed)
{
	static const char *const pieces[] = { "a", "B", "9", "_", " ", "-", "Zebra ", "\u00e9",
		"\u00c9", "\u0130", "\u03a3", "\u03c3", "'", "\u212a", "\u1e9e", "\u0416", "\u4e2d",
		"\u3002", "\u0301", "\U00010400", "\U0001f600", "\u023a", "\u00ad", "\u2019",
		"longer_than_sixteen_bytes", "                                                 " };
	struct buf text = { 0 };
	size_t n = random_below(seed, 200), kinds = 2 + random_below(seed, ARRAY_LEN(pieces) - 1);
	size_t first = random_below(seed, ARRAY_LEN(pieces) - kinds + 1);

	for (size_t i = 0; i < n; i++)
		buf_str(&text, pieces[first + random_below(seed, kinds)]);
	return text;
}

static bool same_tokens(const struct token *a, const struct token *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (a[i].hash != b[i].hash || a[i].from != b[i].from || a[i].to != b[i].to)
			return false;
	return true;
}

static void read_by(tokens_way *way, struct tokens *t, struct slice text, size_t piece)
{
	cr_assert(tokens_begin(t, text));
	while (t->read < text.n)
		way(t, t->read + MIN(piece, text.n - t->read));
}

static void expect_as_plain(tokens_way *way, struct slice text, size_t piece)
{
	struct tokens want = { 0 }, got = { 0 };

	read_by(tokens_scan_plain, &want, text, text.n);
	read_by(way, &got, text, piece);
	cr_assert_eq(want.n, got.n, "%zu tokens, not %zu, of \"%.*s\"", got.n, want.n, (int)text.n,
		text.p);
	cr_assert(same_tokens(want.at, got.at, want.n), "other tokens of \"%.*s\"", (int)text.n,
		text.p);
	tokens_release(&want);
	tokens_release(&got);
}

static void expect_ways_equal(struct slice text, size_t piece)
{
	expect_as_plain(tokens_scan_plain, text, piece);
	expect_as_plain(tokens_scan_bytes, text, piece);
#if defined(__x86_64__)
	if (cpu_has_avx2())
		expect_as_plain(tokens_scan_avx2, text, piece);
	if (cpu_has_avx512())
		expect_as_plain(tokens_scan_avx512, text, piece);
#endif
}

Test(tokens, all_ways_are_equal_on_drawn_texts)
{
	uint64_t seed = 1;

	for (size_t round = 0; round < 3000; round++) {
		struct buf text = drawn_text(&seed);
		struct slice s = buf_view(&text);

		expect_ways_equal(s, 1 + random_below(&seed, 300));
		buf_release(&text);
	}
}

/* Each alone and between letters: plain asks ICU and chars.h, the others their own table. */
Test(tokens, all_ways_are_equal_on_each_code_point)
{
	struct buf text = { 0 };

	for (uint32_t c = 0; c < 0x110000; c++) {
		char bytes[UTF8_MAX_BYTES];

		if (c >= 0xD800 && c < 0xE000)
			continue;
		buf_str(&text, c % 2 ? " " : "x");
		buf_append(&text, bytes, utf8_put(bytes, c));
		if (c % 3 == 0)
			buf_str(&text, "y");
		if (text.n < 10000)
			continue;
		expect_ways_equal(buf_view(&text), 4096);
		text.n = 0;
	}
	expect_ways_equal(buf_view(&text), 4096);
	buf_release(&text);
}

/* One text of many pieces: whole and bit by bit. */
Test(tokens, come_in_pieces_as_in_one)
{
	uint64_t seed = 1;
	struct buf text = { 0 };
	struct tokens all = { 0 }, some = { 0 };
	size_t n = 0, pieces = 0;

	while (text.n < 200000) {
		struct buf part = drawn_text(&seed);

		buf_slice(&text, buf_view(&part));
		buf_release(&part);
	}
	cr_assert(tokens_split(&all, buf_view(&text)));
	cr_assert(tokens_begin(&some, buf_view(&text)));
	for (; tokens_more(&some); n += some.n, pieces++) {
		cr_assert_leq(n + some.n, all.n);
		cr_expect(same_tokens(some.at, all.at + n, some.n), "from token %zu on", n);
	}
	cr_expect_eq(n, all.n);
	cr_expect_gt(pieces, 5);
	tokens_release(&all);
	tokens_release(&some);
	buf_release(&text);
}

Test(tokens, a_text_that_offsets_cannot_count_is_refused)
{
	struct tokens t = { 0 };

	cr_expect_not(tokens_split(&t, (struct slice){ "", (size_t)UINT32_MAX + 1 }));
	cr_expect_eq(t.n, 0);
	tokens_release(&t);
}
