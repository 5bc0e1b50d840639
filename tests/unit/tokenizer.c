/* Tests of tokenizer/tokenizer.h, normal.h, added.h and, for what comes before pieces, encode.h. */
#include "tokenizer/encode.h"

#include "lib/text/utf8.h"
#include "tests/random.h"
#include "tokenizer/forms.h"
#include "tokenizer/vocab_file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unicode/unorm2.h>
#include <unicode/uset.h>
#include <unicode/ustring.h>

/* ---- normal forms ---- */

static void expect_form(enum norm_kind kind, struct slice given, struct slice want)
{
	struct forms *f = forms_new(kind);
	struct form_scratch *s = NULL;
	struct buf out = { 0 };
	bool changed = forms_apply(f, &s, given, &out);

	cr_expect_eq(
		changed, !slice_eq(given, want), "form %d of %.*s", kind, (int)given.n, given.p);
	if (changed)
		cr_expect(slice_eq(buf_view(&out), want), "form %d of %.*s: %.*s", kind,
			(int)given.n, given.p, (int)out.n, out.p);
	buf_release(&out);
	form_scratch_free(s);
	forms_free(f);
}

/* By hand from UnicodeData.txt, and Unicode 15, section 3.11 and 3.12. */
Test(forms, by_hand)
{
	static const struct {
		enum norm_kind kind;
		const char *given, *want;
	} cases[] = {
		{ NORM_NFC, "", "" },
		{ NORM_NFC, "plain", "plain" },
		{ NORM_NFC, "caf\u00E9", "caf\u00E9" },
		{ NORM_NFC, "cafe\u0301s", "caf\u00E9s" },
		{ NORM_NFC, "e\u0301\u0301", "\u00E9\u0301" },
		{ NORM_NFC, "\u0301e", "\u0301e" },
		{ NORM_NFC, "a\u0301\u0323", "\u1EA1\u0301" },
		{ NORM_NFC, "\u1100\u1161\u11A8", "\uAC01" },
		{ NORM_NFC, "\uAC00\u11A8", "\uAC01" },
		{ NORM_NFC, "\u212B\u2126", "\u00C5\u03A9" },
		{ NORM_NFC, "\u0958", "\u0915\u093C" },
		{ NORM_NFC, "\uFB01", "\uFB01" },
		{ NORM_NFKC, "\uFB01\u00A0\u00BD", "fi 1\u20442" },
		{ NORM_NFD, "\u00E9", "e\u0301" },
		{ NORM_NFD, "\uAC01", "\u1100\u1161\u11A8" },
		{ NORM_NFKD, "\uFB01\u00E9", "fie\u0301" },
		/* Unicode 13 composes these two; they are later than version 9. */
		{ NORM_NFC, "\U00011935\U00011930", "\U00011935\U00011930" },
		/* A mark of Unicode 10 is no mark yet, and keeps what is beside it apart. */
		{ NORM_NFC, "a\u1DF6\u0301", "a\u1DF6\u0301" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect_form(cases[i].kind, slice_str(cases[i].given), slice_str(cases[i].want));
	expect_form(NORM_NFC,
		SLICE("e\xCC\xCC\x81 \xFF"
		      "e\xCC\x81\xE9"),
		SLICE("e\xCC\xCC\x81 \xFF\xC3\xA9\xE9"));
}

/* ICU's own normaliser, told to leave alone what is later than Unicode 9. */
static const UNormalizer2 *reference(enum norm_kind kind, USet **old)
{
	static const UChar pattern[] = u"[[:age=9.0:]-[:Cn:]]";
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *n = kind == NORM_NFC ? unorm2_getNFCInstance(&status)
		: kind == NORM_NFD		 ? unorm2_getNFDInstance(&status)
		: kind == NORM_NFKC		 ? unorm2_getNFKCInstance(&status)
						 : unorm2_getNFKDInstance(&status);

	*old = uset_openPattern(pattern, -1, &status);
	uset_freeze(*old);
	n = unorm2_openFiltered(n, *old, &status);
	cr_assert(U_SUCCESS(status));
	return n;
}

static void put_points(struct buf *out, uint64_t *state)
{
	static const uint32_t from[] = { 'a', 0xC0, 0x300, 0x340, 0x5B0, 0x915, 0x9BE, 0xE48,
		0x1100, 0x1161, 0x11A8, 0x1DF0, 0x1E00, 0x2126, 0x3040, 0x3099, 0xAC00, 0xFB00,
		0x11930, 0x1D160, 0x2F800, 0x16D63 };
	size_t n = random_below(state, 12);

	out->n = 0;
	for (size_t i = 0; i < n; i++) {
		uint32_t c = from[random_below(state, ARRAY_LEN(from))];

		c += (uint32_t)random_below(state, 24);

		out->n += utf8_put(buf_reserve(out, UTF8_MAX_BYTES), c);
	}
}

static void check_equal(
	const struct forms *f, const UNormalizer2 *icu, struct slice text, enum norm_kind kind)
{
	UChar given[64], made[2048];
	char back[8192];
	int32_t n = 0, n_made, n_back = 0;
	UErrorCode status = U_ZERO_ERROR;
	struct form_scratch *s = NULL;
	struct buf out = { 0 };
	struct slice got = text;

	u_strFromUTF8(given, ARRAY_LEN(given), &n, text.p, (int32_t)text.n, &status);
	n_made = unorm2_normalize(icu, given, n, made, ARRAY_LEN(made), &status);
	u_strToUTF8(back, sizeof(back), &n_back, made, n_made, &status);
	cr_assert(U_SUCCESS(status), "%s", u_errorName(status));
	if (forms_apply(f, &s, text, &out))
		got = buf_view(&out);
	cr_assert(slice_eq(got, (struct slice){ back, (size_t)n_back }),
		"form %d of %.*s: %.*s, not %.*s", kind, (int)text.n, text.p, (int)got.n, got.p,
		(int)n_back, back);
	buf_release(&out);
	form_scratch_free(s);
}

Test(forms, are_icus_for_what_unicode_9_has)
{
	for (int kind = NORM_NFC; kind <= NORM_NFKD; kind++) {
		USet *old;
		const UNormalizer2 *icu = reference((enum norm_kind)kind, &old);
		struct forms *f = forms_new((enum norm_kind)kind);
		struct buf text = { 0 };
		uint64_t state = 11;

		for (int round = 0; round < 20000; round++) {
			put_points(&text, &state);
			if (text.n)
				check_equal(f, icu, buf_view(&text), (enum norm_kind)kind);
		}
		buf_release(&text);
		forms_free(f);
		uset_close(old);
	}
}

/* Marks of two classes in turn, and ligatures: neither is quadratic, and a segment has an end. */
Test(forms, long_runs)
{
	enum { N = 200000 };
	struct forms *nfc = forms_new(NORM_NFC), *nfkd = forms_new(NORM_NFKD);
	struct form_scratch *s = NULL;
	struct buf text = { 0 }, out = { 0 };

	for (int i = 0; i < N; i++)
		buf_str(&text, "\u0301\u0316");
	cr_expect(forms_apply(nfc, &s, buf_view(&text), &out));
	cr_expect_eq(out.n, text.n);
	cr_expect_arr_eq(out.p, "\xCC\x96\xCC\x96", 4);
	cr_expect_arr_eq(out.p + out.n - 4, "\xCC\x81\xCC\x81", 4);
	text.n = out.n = 0;
	for (int i = 0; i < N; i++)
		buf_str(&text, "\uFDFA");
	cr_expect(forms_apply(nfkd, &s, buf_view(&text), &out));
	cr_expect_eq(out.n, 33 * (size_t)N, "%zu", out.n);
	buf_release(&text);
	buf_release(&out);
	form_scratch_free(s);
	forms_free(nfc);
	forms_free(nfkd);
}

/* ---- texts: the bytes have their values as ids, so that ids show the text that was cut ---- */

struct given {
	struct vocab v;
	struct tokenizer t;
};

static void begin(struct given *g)
{
	struct err e = { 0 };

	for (unsigned b = 0; b < 256; b++) {
		char c = (char)(unsigned char)b;

		cr_assert_eq(vocab_add(&g->v, b, (struct slice){ &c, 1 }, &e), 0);
	}
}

static struct vocab_special *add(struct given *g, const char *text)
{
	struct err e = { 0 };

	cr_assert_eq(
		vocab_add_special(&g->v, g->v.n_ids, slice_str(text), true, &e), 0, "%s", e.text);
	return &g->v.specials[g->v.n_specials - 1];
}

static void ready(struct given *g)
{
	struct err e = { 0 };

	cr_assert_eq(vocab_finish(&g->v, &e), 0, "%s", e.text);
	cr_assert_eq(tokenizer_make(&g->t, &g->v, &e), 0, "%s", e.text);
}

static void end(struct given *g)
{
	tokenizer_release(&g->t);
	vocab_release(&g->v);
}

/* The text that was encoded, with {N} for added token N. */
static void expect_text(struct given *g, const char *text, enum special_use use, const char *want)
{
	struct encoder *enc = encoder_new(&g->t);
	struct ids ids = { 0 };
	struct buf got = { 0 };
	struct err e = { 0 };

	cr_assert_eq(encode_text(enc, slice_str(text), use, &ids, &e), 0, "%s: %s", text, e.text);
	for (size_t i = 0; i < ids.n; i++) {
		if (ids.at[i] < 256)
			buf_byte(&got, (char)ids.at[i]);
		else
			buf_printf(&got, "{%u}", ids.at[i] - 256);
	}
	cr_expect_str_eq(buf_cstr(&got), want, "of \"%s\"", text);
	buf_release(&got);
	ids_release(&ids);
	encoder_free(enc);
}

Test(tokenizer, normalises_step_by_step)
{
	struct given g = { 0 };

	begin(&g);
	vocab_add_norm(&g.v, &(struct norm_step){ .kind = NORM_PREPEND, .to = SLICE("_") });
	vocab_add_norm(&g.v,
		&(struct norm_step){ .kind = NORM_REPLACE, .from = SLICE(" "), .to = SLICE("_") });
	vocab_add_norm(&g.v,
		&(struct norm_step){ .kind = NORM_REPLACE,
			.from = SLICE("x+"),
			.to = SLICE("<>"),
			.regex = true });
	vocab_add_norm(&g.v, &(struct norm_step){ .kind = NORM_NFC });
	ready(&g);
	expect_text(&g, "", SPECIAL_NONE, "");
	expect_text(&g, "a b", SPECIAL_NONE, "_a_b");
	expect_text(&g, "xxx  x", SPECIAL_NONE, "_<>__<>");
	expect_text(&g, "e\u0301", SPECIAL_NONE, "_\u00E9");
	end(&g);
}

Test(tokenizer, refuses_patterns_that_match_nothing)
{
	struct given g = { 0 };
	struct err e = { 0 };

	begin(&g);
	vocab_add_norm(&g.v,
		&(struct norm_step){ .kind = NORM_REPLACE, .from = SLICE("x*"), .regex = true });
	cr_assert_eq(vocab_finish(&g.v, &e), 0);
	cr_expect_eq(tokenizer_make(&g.t, &g.v, &e), -1);
	cr_expect_str_eq(e.text, "the pattern \"x*\" may match nothing: not supported");
	end(&g);
}

/* Each step doubles the text: sixty-four times of 4096 bytes are the sixth step's, and no more. */
Test(tokenizer, a_text_does_not_grow_without_end)
{
	const struct norm_step twice = {
		.kind = NORM_REPLACE, .from = SLICE("a"), .to = SLICE("aa")
	};

	for (size_t n = 6; n <= 7; n++) {
		struct given g = { 0 };
		struct encoder *enc;
		struct ids ids = { 0 };
		struct err e = { 0 };
		char text[4096];

		memset(text, 'a', sizeof(text));
		begin(&g);
		for (size_t i = 0; i < n; i++)
			vocab_add_norm(&g.v, &twice);
		cr_assert_eq(vocab_finish(&g.v, &e), 0);
		cr_assert_eq(tokenizer_make(&g.t, &g.v, &e), 0);
		enc = encoder_new(&g.t);
		cr_expect_eq(encode_text(enc, (struct slice){ text, sizeof(text) }, SPECIAL_NONE,
				     &ids, &e),
			n == 6 ? 0 : -1);
		cr_expect_eq(e.code, n == 6 ? ERR_NONE : ERR_LIMIT);
		cr_expect(n == 7 || ids.n == 64 * sizeof(text));
		encoder_free(enc);
		ids_release(&ids);
		end(&g);
	}
}

/* The prefix goes before each part, or where first says so before the first alone. */
Test(tokenizer, a_late_prefix_goes_behind_added_tokens)
{
	for (int first = 0; first < 2; first++) {
		struct given g = { 0 };

		begin(&g);
		vocab_add_norm(&g.v,
			&(struct norm_step){ .kind = NORM_PREPEND,
				.to = SLICE("_"),
				.late = true,
				.unless = true,
				.first = first });
		add(&g, "<s>");
		ready(&g);
		expect_text(&g, "a<s>b<s>_c", SPECIAL_ALL, first ? "_a{0}b{0}_c" : "_a{0}_b{0}_c");
		expect_text(&g, "<s>a", SPECIAL_ALL, first ? "{0}a" : "{0}_a");
		expect_text(&g, "_a<s>", SPECIAL_NONE, "_a<s>");
		end(&g);
	}
}

/* As the tests of added_vocabulary.rs have it; compared with that library in the peers too. */
Test(tokenizer, added_tokens_and_what_stands_beside_them)
{
	struct given g = { 0 };

	begin(&g);
	vocab_add_norm(&g.v, &(struct norm_step){ .kind = NORM_NFC });
	add(&g, "<l>")->lstrip = true;
	add(&g, "<r>")->rstrip = true;
	add(&g, "word")->single_word = true;
	add(&g, "e\u0301")->normalized = true;
	add(&g, "<l>x");
	ready(&g);
	expect_text(&g, "a \n <l> b", SPECIAL_ALL, "a{0} b");
	expect_text(&g, "a <r> \u00A0\n b", SPECIAL_ALL, "a {1}b");
	expect_text(&g, "<r> <l>", SPECIAL_ALL, "{1}{0}");
	expect_text(&g, "word words aword word_ \u00E9word word", SPECIAL_ALL,
		"{2} words aword word_ {3}word {2}");
	expect_text(&g, "e\u0301\u00E9e", SPECIAL_ALL, "{3}{3}e");
	expect_text(&g, " <l>x<l>", SPECIAL_ALL, " {4}{0}");
	expect_text(&g, "<l> <r>word", SPECIAL_NONE, "<l> <r>word");
	end(&g);
}

Test(tokenizer, refuses_marks_by_name)
{
	struct given g = { 0 };
	struct encoder *enc;
	struct ids ids = { 0 };
	struct err e = { 0 };

	begin(&g);
	add(&g, "<s>");
	add(&g, "<think>")->control = false;
	ready(&g);
	expect_text(&g, "a<think>b", SPECIAL_REFUSE, "a{1}b");
	enc = encoder_new(&g.t);
	cr_expect_eq(encode_text(enc, SLICE("a<s>"), SPECIAL_REFUSE, &ids, &e), -1);
	cr_expect_eq(e.code, ERR_DATA);
	cr_expect_str_eq(e.text, "the text holds the special token \"<s>\"");
	encoder_free(enc);
	ids_release(&ids);
	end(&g);
}

/* Tokens at every place of a block, and with more first bytes than are looked for at a time. */
Test(tokenizer, finds_added_tokens_everywhere)
{
	for (int many = 0; many < 2; many++) {
		struct given g = { 0 };

		begin(&g);
		add(&g, "<s>");
		add(&g, "\n\n");
		for (int i = 0; many && i < 20; i++) {
			char text[3] = { (char)('A' + i), '#', 0 };

			add(&g, text);
		}
		ready(&g);
		for (size_t before = 0; before < 70; before++) {
			char text[160], want[160];

			snprintf(text, sizeof(text), "%.*s<s>%.*s\n\n\n<s", (int)before,
				"nothing here <b> at all\n < s>, but many a letter and sign, so much",
				(int)(before / 2), "as long as it goes on and on and on");
			snprintf(want, sizeof(want), "%.*s{0}%.*s{1}\n<s", (int)before,
				"nothing here <b> at all\n < s>, but many a letter and sign, so much",
				(int)(before / 2), "as long as it goes on and on and on");
			expect_text(&g, text, SPECIAL_ALL, want);
		}
		end(&g);
	}
}

Test(tokenizer, two_added_tokens_that_are_the_same)
{
	struct given g = { 0 };
	struct err e = { 0 };

	begin(&g);
	vocab_add_norm(&g.v, &(struct norm_step){ .kind = NORM_NFC });
	add(&g, "e\u0301")->normalized = true;
	add(&g, "\u00E9")->normalized = true;
	cr_assert_eq(vocab_finish(&g.v, &e), 0);
	cr_expect_eq(tokenizer_make(&g.t, &g.v, &e), -1);
	cr_expect_str_eq(e.text, "the added tokens 256 and 257 are the same");
	end(&g);
}

/* As GPT-NeoX's has it: bytes that no UTF-8 has are no tokens, and no text holds them. */
Test(tokenizer, a_vocabulary_may_lack_bytes_that_no_text_has)
{
	struct given g = { 0 };
	struct encoder *enc;
	struct ids ids = { 0 };
	struct err e = { 0 };
	struct vocab_merge m = { 'a', 'b', 0xF5, 0 };

	for (unsigned b = 0; b < 0xF5; b++) {
		char c = (char)(unsigned char)b;

		cr_assert_eq(vocab_add(&g.v, b, (struct slice){ &c, 1 }, &e), 0);
	}
	cr_assert_eq(vocab_add(&g.v, 0xF5, SLICE("ab"), &e), 0);
	cr_assert_eq(vocab_add_merge(&g.v, &m, &e), 0);
	ready(&g);
	enc = encoder_new(&g.t);
	cr_expect_eq(encode_text(enc, SLICE("ab\u00E9"), SPECIAL_NONE, &ids, &e), 0);
	cr_expect_eq(ids.n, 3);
	cr_expect_eq(ids.at[0], 0xF5);
	cr_expect_eq(encode_text(enc, SLICE("ab\xFF"), SPECIAL_NONE, &ids, &e), -1);
	cr_expect_eq(e.code, ERR_DATA);
	cr_expect_str_eq(
		e.text, "the text is not UTF-8, and the vocabulary has no token for its byte 0xFF");
	ids_release(&ids);
	encoder_free(enc);
	end(&g);
}

/* What a step removes is in no piece, and so has no ids. */
Test(tokenizer, removed_matches_have_no_ids)
{
	struct given g = { 0 };

	begin(&g);
	vocab_add_cut(&g.v,
		&(struct cut_step){
			.pattern = SLICE(" "), .literal = true, .behaviour = CUT_REMOVED });
	ready(&g);
	expect_text(&g, " a b  c ", SPECIAL_NONE, "abc");
	end(&g);
}

/* ---- vocabularies of characters ---- */

static void expect_ids(const char *file, const char *text, const char *want, const char *back)
{
	struct given g = { 0 };
	struct encoder *enc;
	struct ids ids = { 0 };
	struct buf got = { 0 };
	struct err e = { 0 };

	cr_assert_eq(
		vocab_parse(&g.v, slice_str(file), (struct slice){ NULL, 0 }, &e), 0, "%s", e.text);
	cr_assert_eq(tokenizer_make(&g.t, &g.v, &e), 0, "%s", e.text);
	enc = encoder_new(&g.t);
	cr_assert_eq(encode_text(enc, slice_str(text), SPECIAL_NONE, &ids, &e), 0, "%s", e.text);
	for (size_t i = 0; i < ids.n; i++)
		buf_printf(&got, "%s%u", i ? " " : "", ids.at[i]);
	cr_expect_str_eq(buf_cstr(&got), want, "of %s", text);
	got.n = 0;
	cr_expect_eq(vocab_decode(&g.v, ids.at, ids.n, &got, &e), 0, "%s", e.text);
	cr_expect_str_eq(buf_cstr(&got), back, "of %s", text);
	encoder_free(enc);
	ids_release(&ids);
	buf_release(&got);
	end(&g);
}

#define CHARACTERS(decoder, pre, fuse) \
	"{\"version\":\"1.0\",\"added_tokens\":[],\"normalizer\":null,\"pre_tokenizer\":" pre \
	",\"decoder\":" decoder ",\"model\":{\"type\":\"BPE\",\"unk_token\":\"<unk>\"," \
	"\"fuse_unk\":" fuse ",\"byte_fallback\":true,\"vocab\":{\"<unk>\":0,\"a\":1,\"b\":2," \
	"\"\u2581\":3,\"ab\":4,\"\u2581ab\":5,\"<0xC3>\":6,\"<0xA9>\":7},\"merges\":[\"a b\"," \
	"\"\u2581 ab\"]}}"

#define METASPACE "{\"type\":\"Metaspace\",\"replacement\":\"\u2581\",\"prepend_scheme\":\"first\"}"
#define STRIPPING \
	"{\"type\":\"Sequence\",\"decoders\":[{\"type\":\"Replace\",\"pattern\":{\"String\":" \
	"\"\u2581\"},\"content\":\" \"},{\"type\":\"ByteFallback\"},{\"type\":\"Fuse\"}," \
	"{\"type\":\"Strip\",\"content\":\" \",\"start\":1,\"stop\":0}]}"

/* An unknown character becomes its bytes where all of them have tokens, else the unknown token,
 * which a run of them makes once or each. */
Test(tokenizer, characters)
{
	static const char each[] = CHARACTERS(STRIPPING, METASPACE, "false");
	static const char fused[] = CHARACTERS("null", "null", "true");
	static const char marks[] = CHARACTERS(METASPACE, METASPACE, "true");

	expect_ids(each, "ab ab", "5 5", "ab ab");
	expect_ids(each, " ab", "5", "ab");
	expect_ids(each, "\u00E9", "3 6 7", "\u00E9");
	expect_ids(each, "a\u4E2D\u4E2Db", "3 1 0 0 2", "a<unk><unk>b");
	expect_ids(fused, "a\u4E2D\u4E2Db", "1 0 2", "a<unk>b");
	expect_ids(fused, "", "", "");
	/* As merge_word of the library has it: the unknown one is put behind the bytes. */
	expect_ids(fused, "\u4E2D\u00E9a", "6 7 0 1", "\u00E9<unk>a");
	expect_ids(marks, "ab ab", "5 5", "ab ab");
}
