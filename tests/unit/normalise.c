/* Normal forms of text for exact deduplication. Expectations are from Unicode's own tables. */
#include "stages/dedup/normalise.h"

#include "tests/random.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>

static void expect(enum normalise kind, struct slice given, struct slice want)
{
	struct err e = { 0 };
	struct normaliser *n = normaliser_new(kind, &e);
	struct slice got;

	cr_assert_not_null(n, "%s", e.text);
	got = normaliser_apply(n, given);
	cr_expect(slice_eq(got, want), "given \"%.*s\": got \"%.*s\", want \"%.*s\"", (int)given.n,
		given.p, (int)got.n, got.p, (int)want.n, want.p);
	normaliser_free(n);
}

Test(normalise, table)
{
	static const struct {
		const char *given, *space, *fold;
	} cases[] = {
		{ "", "", "" },
		{ " \t\r\n ", "", "" },
		{ "a", "a", "a" },
		{ "  One \n\n two\tTHREE  ", "One two THREE", "one two three" },
		{ "a\xc2\xa0\xe2\x80\x83 b", "a b", "a b" },
		{ "\xe3\x80\x80zen", "zen", "zen" },
		/* A zero-width space is no white space; NFKC_Casefold removes it. */
		{ "a\xe2\x80\x8b"
		  "b",
			"a\xe2\x80\x8b"
			"b",
			"ab" },
		/* Sharp s; the ligature fi; the Angstrom sign; a soft hyphen; full-width A. */
		{ "Stra\xc3\x9f"
		  "e",
			"Stra\xc3\x9f"
			"e",
			"strasse" },
		{ "\xef\xac\x81n", "\xef\xac\x81n", "fin" },
		{ "\xe2\x84\xab", "\xe2\x84\xab", "\xc3\xa5" },
		{ "co\xc2\xadop", "co\xc2\xadop", "coop" },
		{ "\xef\xbc\xa1", "\xef\xbc\xa1", "a" },
		/* e and a combining acute are one letter. */
		{ "e\xcc\x81", "e\xcc\x81", "\xc3\xa9" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		expect(NORMALISE_NONE, slice_str(cases[i].given), slice_str(cases[i].given));
		expect(NORMALISE_SPACE, slice_str(cases[i].given), slice_str(cases[i].space));
		expect(NORMALISE_FOLD, slice_str(cases[i].given), slice_str(cases[i].fold));
	}
}

Test(normalise, white_space_is_unicodes)
{
	for (UChar32 c = 1; c < 0x10000; c++) {
		UChar units[] = { 'a', (UChar)c, 'b' };
		char text[8];
		int32_t n;
		UErrorCode status = U_ZERO_ERROR;

		if (c >= 0xd800 && c < 0xe000)
			continue;
		u_strToUTF8(text, sizeof(text), &n, units, 3, &status);
		expect(NORMALISE_SPACE, (struct slice){ text, (size_t)n },
			u_isUWhiteSpace(c) ? SLICE("a b") : (struct slice){ text, (size_t)n });
	}
}

/* The reference: code point by code point, by ICU's table. */
static void space_by_icu(struct slice text, struct buf *out)
{
	bool pending = false;

	for (int32_t i = 0, end = (int32_t)text.n; i < end;) {
		int32_t begin = i;
		UChar32 c;

		U8_NEXT_UNSAFE((const uint8_t *)text.p, i, c);
		if (u_isUWhiteSpace(c)) {
			pending = out->n > 0;
			continue;
		}
		if (pending)
			buf_byte(out, ' ');
		pending = false;
		buf_append(out, text.p + begin, (size_t)(i - begin));
	}
}

Test(normalise, drawn_texts_space_as_by_icu)
{
	static const char *const pieces[] = { " ", "\n", "a", "\xc2\xa0", "\xc3\xa9",
		"\xe2\x80\x83", "\xe2\x80\x9c", "\xe3\x80\x80", "\xe1\x9a\x80", "\xc2\x85", "\x1f",
		"\xe2\x81\x9f", "\xf0\x9f\x98\x80", "\xe1\x9a\x81", "\xe3\x80\x81" };
	uint64_t seed = 1;

	for (size_t round = 0; round < 5000; round++) {
		struct buf text = { 0 }, want = { 0 };
		size_t n = random_below(&seed, 40), kinds = 2 + random_below(&seed, 14);

		for (size_t i = 0; i < n; i++)
			buf_str(&text, pieces[random_below(&seed, kinds)]);
		space_by_icu(buf_view(&text), &want);
		expect(NORMALISE_SPACE, buf_view(&text), buf_view(&want));
		buf_release(&text);
		buf_release(&want);
	}
}

/* word repeated n times with gap between, and what normalising it gives. */
static void expect_repeated(const char *word, const char *gap, const char *folded, size_t n)
{
	struct buf given = { 0 }, want = { 0 };

	for (size_t i = 0; i < n; i++) {
		buf_str(&given, word);
		buf_str(&want, folded);
		if (i + 1 < n) {
			buf_str(&given, gap);
			buf_str(&want, gap);
		}
	}
	expect(NORMALISE_FOLD, buf_view(&given), buf_view(&want));
	buf_release(&given);
	buf_release(&want);
}

/* Texts of many pieces; the last is the longest expansion of one code point there is. */
Test(normalise, long_texts_fold_as_short_ones)
{
	static const char *const phrase = "\xd8\xb5\xd9\x84\xd9\x89 "
					  "\xd8\xa7\xd9\x84\xd9\x84\xd9\x87 "
					  "\xd8\xb9\xd9\x84\xd9\x8a\xd9\x87 "
					  "\xd9\x88\xd8\xb3\xd9\x84\xd9\x85";

	expect_repeated("Stra\xc3\x9f"
			"e",
		" ", "strasse", 50000);
	expect_repeated("E\xcc\x81", " ", "\xc3\xa9", 50000);
	expect_repeated("\xc3\x89", "", "\xc3\xa9", 50000);
	expect_repeated("AB", "", "ab", 50000);
	expect_repeated("\xef\xb7\xba", "", phrase, 50000);
}

Test(normalise, an_address_becomes_its_key_and_what_is_none_is_told)
{
	static const char *none[] = { "none" }, *two[] = { "www", "index" }, *wrong[] = { "WWW" };
	static const struct {
		struct opt_list names;
		const char *given, *want; /* NULL: no URL */
	} cases[] = {
		{ { 0 }, "https://www.a.example:443/index.html?utm_source=x#y",
			"//a.example/index.html" },
		{ { none, 1, 0 }, "https://www.a.example:443/?utm_source=x#y",
			"https://www.a.example/?utm_source=x" },
		{ { two, 2, 0 }, "https://www.a.example/index.html?utm_source=x",
			"https://a.example/?utm_source=x" },
		{ { 0 }, " https://a.example ", "//a.example/" },
		{ { 0 }, "a.example/b", NULL },
		{ { 0 }, "", NULL },
	};
	struct err e = { 0 };
	unsigned rules;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct normaliser *n;
		struct slice got;

		cr_assert_eq(normalise_url_rules(&cases[i].names, &rules, &e), 0);
		n = normaliser_new_url(rules);
		got = normaliser_apply(n, slice_str(cases[i].given));
		cr_expect_eq(got.p != NULL, cases[i].want != NULL, "%s", cases[i].given);
		cr_expect(slice_eq(got, slice_str(cases[i].want)), "%s: %.*s", cases[i].given,
			(int)got.n, got.p);
		normaliser_free(n);
	}
	cr_expect_eq(normalise_url_rules(&(struct opt_list){ wrong, 1, 0 }, &rules, &e), -1);
}
