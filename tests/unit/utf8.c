/* UTF-8, beside a decoder that follows table 3-7 row by row, and beside ICU. */
#include "lib/core/cpu.h"
#include "lib/text/utf8_scan.h"
#include "tests/random.h"
#include "tests/shared_data.h"

#include <criterion/criterion.h>
#include <unicode/utf8.h>

/* The well-formed sequences, as Unicode 15 prints them in table 3-7. */
static const struct {
	size_t n;
	unsigned char low[4], high[4];
} table_3_7[] = {
	{ 1, { 0x00 }, { 0x7F } },
	{ 2, { 0xC2, 0x80 }, { 0xDF, 0xBF } },
	{ 3, { 0xE0, 0xA0, 0x80 }, { 0xE0, 0xBF, 0xBF } },
	{ 3, { 0xE1, 0x80, 0x80 }, { 0xEC, 0xBF, 0xBF } },
	{ 3, { 0xED, 0x80, 0x80 }, { 0xED, 0x9F, 0xBF } },
	{ 3, { 0xEE, 0x80, 0x80 }, { 0xEF, 0xBF, 0xBF } },
	{ 4, { 0xF0, 0x90, 0x80, 0x80 }, { 0xF0, 0xBF, 0xBF, 0xBF } },
	{ 4, { 0xF1, 0x80, 0x80, 0x80 }, { 0xF3, 0xBF, 0xBF, 0xBF } },
	{ 4, { 0xF4, 0x80, 0x80, 0x80 }, { 0xF4, 0x8F, 0xBF, 0xBF } },
};

/* Bytes at the front of s that are the beginning of some row; *whole when they are all of it. */
static size_t longest_prefix(struct slice s, bool *whole)
{
	size_t longest = 0;

	*whole = false;
	for (size_t row = 0; row < ARRAY_LEN(table_3_7); row++) {
		size_t i = 0;

		while (i < s.n && i < table_3_7[row].n &&
			(unsigned char)s.p[i] >= table_3_7[row].low[i] &&
			(unsigned char)s.p[i] <= table_3_7[row].high[i])
			i++;
		longest = MAX(longest, i);
		*whole = *whole || i == table_3_7[row].n;
	}
	return longest;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion" /* inside ICU's macro */
static UChar32 icu_next(struct slice s, int32_t *taken)
{
	const uint8_t *p = (const uint8_t *)s.p;
	int32_t i = 0, n = (int32_t)s.n;
	UChar32 c;

	U8_NEXT(p, i, n, c);
	*taken = i;
	return c;
}
#pragma GCC diagnostic pop

/* Over a copy that ends with its memory. */
static void check_all(struct slice s)
{
	char *copy = memcpy(malloc(s.n + !s.n), s.n ? s.p : "", s.n);
	struct slice rest = { copy, s.n };
	bool valid = true;
	size_t head = 0;

	while (rest.n) {
		int32_t taken;
		UChar32 icu = icu_next(rest, &taken);
		uint32_t c = 0;
		bool whole;
		int want = (int)longest_prefix(rest, &whole), got;

		want = whole ? want : -MAX(want, 1);
		got = utf8_decode(rest, &c);
		cr_assert_eq(got, want);
		cr_assert_eq(abs(got), taken);
		cr_assert_eq(got > 0, icu >= 0);
		if (got > 0)
			cr_assert_eq(c, (uint32_t)icu);
		valid = valid && got > 0;
		head += valid ? (size_t)got : 0;
		rest = slice_skip(rest, (size_t)abs(got));
	}
	rest = (struct slice){ copy, s.n };
	cr_assert_eq(utf8_valid_head(rest), head);
	cr_assert_eq(utf8_valid_plain(rest), valid);
	cr_assert_eq(utf8_valid(rest), valid);
#if defined(__x86_64__)
	if (cpu_has_avx2())
		cr_assert_eq(utf8_valid_avx2(rest), valid);
#endif
	free(copy);
}

/* All of one to three bytes that differ in what matters, and four with any lead. */
Test(utf8, short_sequences)
{
	static const unsigned char edges[] = { 0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
		0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5,
		0xFF };
	enum { EDGES = ARRAY_LEN(edges) };

	for (unsigned a = 0; a < 256; a++) {
		for (size_t i = 0; i < EDGES * EDGES * EDGES; i++) {
			char s[] = { (char)a, (char)edges[i % EDGES],
				(char)edges[i / EDGES % EDGES], (char)edges[i / EDGES / EDGES] };

			check_all((struct slice){ s, 1 + i % 4 });
			if (i % 4 != 3)
				check_all((struct slice){ s, 4 });
		}
	}
}

/* Text of all lengths of code points, damaged at a place or not, across blocks of 32 bytes. */
Test(utf8, random_text)
{
	static const uint32_t tops[] = { 0x80, 0x800, 0xD800, 0x10000, 0x110000 };
	uint64_t state = 6;

	for (int round = 0; round < 20000; round++) {
		char s[500];
		size_t n = 0, points = random_below(&state, 100),
		       kinds = 1 + random_below(&state, 5);

		while (points--) {
			uint32_t c =
				(uint32_t)random_below(&state, tops[random_below(&state, kinds)]);

			n += utf8_put(s + n, c >= 0xD800 && c < 0xE000 ? '?' : c);
		}
		check_all((struct slice){ s, n });
		if (n) {
			s[random_below(&state, n)] = (char)random_next(&state);
			check_all((struct slice){ s, n });
			check_all((struct slice){ s, random_below(&state, n) });
		}
	}
}

Test(utf8, every_code_point_comes_back)
{
	for (uint32_t c = 0; c < 0x110000; c++) {
		char s[UTF8_MAX_BYTES];
		struct slice rest = { s, utf8_put(s, c) };

		if (c >= 0xD800 && c < 0xE000) {
			cr_assert_eq(utf8_next(&rest), UTF8_REPLACEMENT);
			continue;
		}
		cr_assert_eq(utf8_next(&rest), c);
		cr_assert_eq(rest.n, 0);
	}
}

Test(utf8, real_text)
{
	struct buf file = { 0 };
	struct slice rest, line;

	if (!shared_read("data/dedup/docs.jsonl.zst", 8 * MIB, &file))
		cr_skip_test("skipped");
	for (rest = buf_view(&file); shared_line(&rest, &line);)
		check_all(line);
	buf_release(&file);
}

/* The first row is Unicode 15, table 3-8, and the others are its neighbours, tables 3-9 to 3-11. */
Test(utf8, repairs_maximal_subparts)
{
#define R "\xEF\xBF\xBD"
	const struct {
		struct slice given, want;
		uint64_t replaced;
	} cases[] = {
		{ SLICE("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"), SLICE(R R R R R R R R "A"), 8 },
		{ SLICE("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"), SLICE(R R R R R R R R "A"), 8 },
		{ SLICE("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"), SLICE(R R R R R "A" R R "B"), 7 },
		{ SLICE("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), SLICE(R R R R "A"), 4 },
		{ SLICE("\xF0\x9F\x98"), SLICE(R), 1 },
		{ SLICE(""), SLICE(""), 0 },
		{ SLICE("caf\xC3\xA9\0" R), SLICE("caf\xC3\xA9\0" R), 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena arena = { 0 };
		struct buf out = { 0 };
		uint64_t replaced = 0;

		cr_expect_eq(utf8_repair(&out, cases[i].given), cases[i].replaced, "%zu", i);
		cr_expect(
			slice_eq(buf_view(&out), cases[i].want), "%zu: %.*s", i, (int)out.n, out.p);
		cr_expect(
			slice_eq(utf8_repaired(cases[i].given, &arena, &replaced), cases[i].want));
		cr_expect_eq(replaced, cases[i].replaced);
		arena_release(&arena);
		buf_release(&out);
	}
}

Test(utf8, counts_code_points)
{
	cr_expect_eq(utf8_length(SLICE("")), 0);
	cr_expect_eq(utf8_length(SLICE("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\0")), 5);
}

/* Of any bytes, and of more than are counted in one go. */
Test(utf8, counts_all_but_continuations)
{
	static char bytes[6000];
	size_t want = 0;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = i < 3000 ? (char)0x80 : (char)(i * 7);
	for (size_t n = 0; n < sizeof(bytes); n++) {
		cr_expect_eq(utf8_length((struct slice){ bytes, n }), want, "of %zu", n);
		want += ((unsigned char)bytes[n] & 0xC0) != 0x80;
	}
}
