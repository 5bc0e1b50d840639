/* Tests of the word splitters. What spacy-en should give was taken from spaCy 3.8.18,
 * spacy.blank("en"). */
#include "lib/core/buf.h"
#include "lib/text/spacy_en.h"
#include "lib/text/words.h"

#include <criterion/criterion.h>

static struct words *splitter(const char *name)
{
	struct words *w = NULL;
	struct err e = { 0 };

	cr_assert_eq(words_new(&w, splitter_find(name), &e), 0, "%s", e.text);
	return w;
}

/* The words of text joined by "|". */
static const char *joined(struct words *w, struct slice text, struct buf *out)
{
	out->n = 0;
	words_split(w, text);
	for (size_t i = 0; i < words_count(w); i++) {
		if (i)
			buf_byte(out, '|');
		buf_slice(out, words_text(w, words_at(w)[i]));
	}
	return buf_cstr(out);
}

struct split {
	const char *given, *want;
};

static void expect_splits(const char *name, const struct split *cases, size_t n)
{
	struct words *w = splitter(name);
	struct buf out = { 0 };

	for (size_t i = 0; i < n; i++)
		cr_expect_str_eq(joined(w, slice_str(cases[i].given), &out), cases[i].want,
			"%s, given %s", name, cases[i].given);
	buf_release(&out);
	words_free(w);
}

Test(words, splits_at_the_white_space_of_python)
{
	static const struct split cases[] = {
		{ "", "" },
		{ " \t\n", "" },
		{ "a b", "a|b" },
		{ "  a  b  ", "a|b" },
		{ "a\x1c"
		  "b\x1f"
		  "c\x7f"
		  "d",
			"a|b|c\x7f"
			"d" },
		{ "a\xc2\x85"
		  "b\u00a0c\u1680d\u2003e\u2028f\u3000g",
			"a|b|c|d|e|f|g" },
		{ "a\u200bb\ufeffc\u180ed", "a\u200bb\ufeffc\u180ed" },
		{ "don't, stop.", "don't,|stop." },
	};

	expect_splits("whitespace", cases, ARRAY_LEN(cases));
}

Test(words, splits_by_unicode_annex_29)
{
	static const struct split cases[] = {
		{ "", "" },
		{ "The quick (\"brown\") fox can't jump 32.3 feet, right?",
			"The|quick|brown|fox|can't|jump|32.3|feet|right" }, /* the annex's own */
		{ "e.g. a_b x-y", "e.g|a_b|x|y" },
		{ "1\u202f000 a\u0301b", "1\u202f000|a\u0301b" },
		{ "-- ... !", "" },
	};

	expect_splits("uax29", cases, ARRAY_LEN(cases));
}

Test(words, cuts_affixes_as_spacy)
{
	static const struct split cases[] = {
		{ "", "" },
		{ "Hello, world!", "Hello|,|world|!" },
		{ "(\"quoted\")", "(|\"|quoted|\"|)" },
		{ "$5.00 and US$7 C$8", "$|5.00|and|US$|7|C$|8" },
		{ "wait... what…… …", "wait|...|what|……|…" },
		{ "..a a.. .b", "..|a|a|..|.b" },
		{ "+1 +a a+ 1+", "+1|+|a|a+|1|+" },
		{ "John's JOHN'S dogs’ x’s", "John|'s|JOHN|'S|dogs|’|x|’s" },
		{ "10km 10km/h 5€ 20% 3m²", "10|km|10|km/h|5|€|20|%|3|m²" },
		{ "end. END. A. U.K. 98°F. x)", "end|.|END|.|A.|U.K.|98|°|F|.|x|)" },
		{ "a.m. 5a.m. 5am", "a.m.|5|a.m.|5|am" },
	};

	expect_splits("spacy-en", cases, ARRAY_LEN(cases));
}

Test(words, cuts_infixes_as_spacy)
{
	static const struct split cases[] = {
		{ "well-known", "well|-|known" },
		{ "a--b a---b a—b a–b a~b", "a|--|b|a|---|b|a|—|b|a|–|b|a|~|b" },
		{ "1-2 1-a a-1 3*4 2^-1", "1|-|2|1|-|a|a-1|3|*|4|2|^|-1" },
		{ "and/or x/y a:b a=b 1:b a:1", "and/or|x|/|y|a|:|b|a|=|b|1|:|b|a:1" },
		{ "end.Start a.b A.B x,y 1,000", "end|.|Start|a.b|A.B|x|,|y|1,000" },
		{ "a..b a…b a©b", "a|..|b|a|…|b|a|©|b" },
	};

	expect_splits("spacy-en", cases, ARRAY_LEN(cases));
}

Test(words, knows_special_cases_of_spacy)
{
	static const struct split cases[] = {
		{ "don't Don’t can't cannot dont", "do|n't|Do|n’t|ca|n't|can|not|do|nt" },
		{ "I'm he'd've it's y'all", "I|'m|he|'d|'ve|it|'s|y'|all" },
		{ "Mr. Smith (Mr.)", "Mr.|Smith|(|Mr.|)" },
		{
			"e.g. i.e., vs.",
			"e.g.|i.e.|,|vs.",
		},
	};

	expect_splits("spacy-en", cases, ARRAY_LEN(cases));
}

Test(words, puts_special_cases_back)
{
	static const struct split cases[] = {
		{ ":) x:) :)) 'cause", ":)|x|:)|:))|'cause" },
		{ ": ) :\u00a0)", ":|)|:|)" }, /* not over white space */
		{ "(:-) 8-) <3", "(|:-)|8-)|<3" },
		{ "(*_*) ((*_*))", "(*_*)|(|(*_*)|)" },
		{ "°C. 20°C.", "°|C|.|20|°|C|." },
	};

	expect_splits("spacy-en", cases, ARRAY_LEN(cases));
}

Test(words, keeps_urls_whole)
{
	static const struct {
		const char *given;
		bool want;
	} cases[] = {
		{ "example.com", true },
		{ "http://example.com/a?b#c", true },
		{ "example.com:80/", true },
		{ "example.com:8", false },
		{ "example.com:123456", false },
		{ "user@example.com", true },
		{ "a@b@example.com", true },
		{ "@example.com", false },
		{ "://example.com", false },
		{ "h://example.com", false },
		{ "example.c", false },
		{ "example", false },
		{ "exa_mple.com", true },
		{ "-example.com", false },
		{ "example-.com", false },
		{ "example.COM", false },
		{ "example..com", false },
		{ "8.8.8.8", true },
		{ "8.8.8.8/x", true },
		{ "8.8.8.0", false },
		{ "8.8.8.255", false },
		{ "224.1.1.1", false },
		{ "223.255.255.254", true },
		{ "10.1.1.1", false },
		{ "127.0.0.1", false },
		{ "169.254.1.1", false },
		{ "169.253.1.1", true },
		{ "192.168.1.1", false },
		{ "172.15.1.1", true },
		{ "172.16.1.1", false },
		{ "172.31.1.1", false },
		{ "172.32.1.1", true },
		{ "1.2.3", false },
		{ "1.2.3.4.5", false },
		{ "1.256.3.4", false },
		{ "1.2.3.4444", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect_eq(spacy_en_url(slice_str(cases[i].given)), cases[i].want, "given %s",
			cases[i].given);
}

Test(words, describes_each_word)
{
	struct words *w = splitter("whitespace");
	static const struct {
		const char *word;
		uint32_t chars;
		bool symbol, alpha;
		uint8_t stop;
	} cases[] = {
		{ "the", 3, false, true, 1 },
		{ "with", 4, false, true, 128 },
		{ "The", 3, false, true, 0 },
		{ "...", 3, true, false, 0 },
		{ "…。\x7f", 3, true, false, 0 },
		{ "1.", 2, false, false, 0 },
		{ "été", 3, false, true, 0 },
		{ "—§", 2, false, false, 0 },
		{ "中", 1, false, true, 0 },
		{ "a-word-that-is-longer-than-a-row-of-the-table-has-room-for", 58, false, true,
			0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct word *word;

		words_split(w, slice_str(cases[i].word));
		cr_assert_eq(words_count(w), 1);
		word = &words_table(w)[words_at(w)[0]];
		cr_expect(slice_eq(words_text(w, words_at(w)[0]), slice_str(cases[i].word)));
		cr_expect_eq(word->chars, cases[i].chars, "%s: %u", cases[i].word, word->chars);
		cr_expect_eq(word->symbol, cases[i].symbol, "%s", cases[i].word);
		cr_expect_eq(word->alpha, cases[i].alpha, "%s", cases[i].word);
		cr_expect_eq(word->stop, cases[i].stop, "%s", cases[i].word);
	}
	words_free(w);
}

/* More different words than are remembered, so that the vocabulary is begun anew in between. */
Test(words, stays_right_when_words_are_forgotten)
{
	struct words *w = splitter("spacy-en");
	struct buf text = { 0 }, out = { 0 };

	for (unsigned round = 0; round < 8; round++) {
		text.n = 0;
		for (unsigned i = 0; i < 40000; i++)
			buf_printf(&text, "w%u-x ", round * 40000 + i);
		words_split(w, buf_view(&text));
		cr_assert_eq(words_count(w), 3 * 40000);
		cr_expect_str_eq(joined(w, SLICE("don't :) Mr."), &out), "do|n't|:)|Mr.");
	}
	buf_release(&text);
	buf_release(&out);
	words_free(w);
}

Test(words, takes_any_bytes)
{
	static const char bytes[] = "a\xff\xfe b\xc2 \xe2\x80 c\xf0\x9f\x98 \xed\xa0\x80 \0 d";
	static const char *const names[] = { "whitespace", "uax29", "spacy-en" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct words *w = splitter(names[i]);

		words_split(w, (struct slice){ bytes, sizeof(bytes) - 1 });
		cr_expect_gt(words_count(w), 2, "%s", names[i]);
		words_free(w);
	}
}
