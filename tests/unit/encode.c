/* Tests of tokenizer/encode.h: every way that a piece can go against merging by its definition. */
#include "tokenizer/encode.h"

#include "lib/text/utf8.h"
#include "tests/made_vocab.h"

/* Characters of one to four bytes, so that pieces are cut between some of them. */
static const char *const alphabets[][6] = {
	{ "a", "b", "c", "a", "b", "c" },
	{ "a", "\xC3\xA9", "\xC3\xA8", "\xD0\xA9", "b", " " },
	{ "\xE4\xB8\xAD", "\xE4\xB8\xAE", "\xE5\xB8\xAD", "\xE3\x80\x82", "\xE4\xBA\xAD", "a" },
	{ "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x81", "\xE4\xB8\xAD", "\xC3\xA9", "a",
		"\xF0\x9F\x8F\xBD" },
};

static void random_text(struct buf *out, uint64_t *state, const char *const alphabet[6])
{
	uint32_t n = next_random(state) % 60;

	out->n = 0;
	for (uint32_t i = 0; i < n; i++)
		buf_str(out, alphabet[next_random(state) % 6]);
}

/* The whole text as one piece; twice, so that the second time comes from the pieces met. */
static void check_text(const struct vocab *v, struct encoder *enc, struct slice text)
{
	struct ids want = { 0 }, got = { 0 };
	struct err e = { 0 };

	merge_naive(v, text, &want);
	for (int i = 0; i < 2; i++) {
		got.n = 0;
		cr_assert_eq(encode_text(enc, text, SPECIAL_NONE, &got, &e), 0, "%s", e.text);
		cr_assert_eq(
			got.n, want.n, "%.*s: %zu, not %zu", (int)text.n, text.p, got.n, want.n);
		cr_assert_eq(memcmp(got.at, want.at, got.n * sizeof(*got.at)), 0, "%.*s",
			(int)text.n, text.p);
	}
	ids_release(&want);
	ids_release(&got);
}

static void check_vocab(const struct vocab *v, uint64_t *state, const char *const alphabet[6])
{
	struct err e = { 0 };
	struct tokenizer tok = { 0 };
	struct encoder *enc;
	struct buf text = { 0 };

	cr_assert_eq(tokenizer_make(&tok, v, &e), 0, "%s", e.text);
	enc = encoder_new(&tok);
	for (int t = 0; t < 20; t++) {
		random_text(&text, state, alphabet);
		check_text(v, enc, buf_view(&text));
	}
	buf_release(&text);
	encoder_free(enc);
	tokenizer_release(&tok);
}

/* The bytes of the alphabet's characters, from which merges are drawn. */
static struct slice letters_of(const char *const alphabet[6], struct buf *out)
{
	out->n = 0;
	for (int i = 0; i < 6; i++)
		buf_str(out, alphabet[i]);
	return buf_view(out);
}

Test(encode, is_merging_by_its_definition_on_random_merges)
{
	struct buf letters = { 0 };
	uint64_t state = 11;
	unsigned matched = 0;

	for (int round = 0; round < 400; round++) {
		const char *const *alphabet = alphabets[(size_t)round % ARRAY_LEN(alphabets)];
		struct vocab v = { 0 };

		random_vocab_of(&v, &state, letters_of(alphabet, &letters));
		matched += v.matcher != NULL;
		check_vocab(&v, &state, alphabet);
		vocab_release(&v);
	}
	cr_expect_gt(matched, 300);
	buf_release(&letters);
}

/* A vocabulary of ranks: random stretches of random texts, in random order, so that some cannot be
 * made by merges and some merges have a lower rank than those before them. */
static void random_ranks(struct vocab *v, uint64_t *state, const char *const alphabet[6])
{
	struct buf text = { 0 };
	struct err e = { 0 };

	start(v);
	while (v->n_tokens < 350) {
		struct slice token;

		random_text(&text, state, alphabet);
		token = slice_skip(buf_view(&text), next_random(state) % (text.n + 1));
		token = slice_head(token, 2 + next_random(state) % 6);
		for (uint32_t id = 256; id < v->n_ids && token.n; id++)
			if (slice_eq(v->tokens[id], token))
				token.n = 0;
		if (token.n > 1)
			cr_assert_eq(vocab_add(v, v->n_ids, token, &e), 0, "%s", e.text);
	}
	cr_assert_eq(vocab_finish_ranks(v, &e), 0, "%s", e.text);
	buf_release(&text);
}

static void merge_ranks_naive(const struct vocab *v, struct slice piece, struct ids *out)
{
	for (uint32_t id = 0; id < v->n_ids; id++)
		if (slice_eq(v->tokens[id], piece)) {
			ids_put(out, id);
			return;
		}
	for (size_t i = 0; i < piece.n; i++)
		ids_put(out, (unsigned char)piece.p[i]);
	for (;;) {
		uint32_t best = UINT32_MAX;
		size_t at = 0;

		for (size_t i = 0; i + 1 < out->n; i++)
			for (size_t m = 0; m < v->n_merges; m++)
				if (v->merges[m].left == out->at[i] &&
					v->merges[m].right == out->at[i + 1] &&
					v->merges[m].made < best) {
					best = v->merges[m].made;
					at = i;
				}
		if (best == UINT32_MAX)
			return;
		out->at[at] = best;
		memmove(out->at + at + 1, out->at + at + 2, (out->n - at - 2) * sizeof(*out->at));
		out->n--;
	}
}

Test(encode, is_merging_by_its_definition_on_random_ranks)
{
	uint64_t state = 5;

	for (int round = 0; round < 120; round++) {
		const char *const *alphabet = alphabets[(size_t)round % ARRAY_LEN(alphabets)];
		struct vocab v = { 0 };
		struct err e = { 0 };
		struct tokenizer tok = { 0 };
		struct encoder *enc;
		struct buf text = { 0 };
		struct ids want = { 0 }, got = { 0 };

		random_ranks(&v, &state, alphabet);
		cr_assert_eq(tokenizer_make(&tok, &v, &e), 0, "%s", e.text);
		enc = encoder_new(&tok);
		for (int t = 0; t < 20; t++) {
			random_text(&text, &state, alphabet);
			text.n = MIN(text.n, (size_t)(t % 2 ? 90 : 14));
			text.n = utf8_valid_head(buf_view(&text));
			want.n = got.n = 0;
			merge_ranks_naive(&v, buf_view(&text), &want);
			cr_assert_eq(encode_text(enc, buf_view(&text), SPECIAL_NONE, &got, &e), 0);
			cr_assert_eq(got.n, want.n, "%.*s", (int)text.n, text.p);
			cr_assert_eq(memcmp(got.at, want.at, got.n * sizeof(*got.at)), 0, "%.*s",
				(int)text.n, text.p);
		}
		encoder_free(enc);
		tokenizer_release(&tok);
		buf_release(&text);
		ids_release(&want);
		ids_release(&got);
		vocab_release(&v);
	}
}

/* So many pieces of one beginning that it is learnt whether they pay whole, tables grow and entries
 * push others out; the whole stream through one encoder. */
Test(encode, is_the_same_after_much_text)
{
	struct buf letters = { 0 }, text = { 0 };
	uint64_t state = 5;

	for (size_t a = 1; a < ARRAY_LEN(alphabets); a++) {
		struct vocab v = { 0 };
		struct tokenizer tok = { 0 };
		struct err e = { 0 };
		struct encoder *enc;

		random_vocab_of(&v, &state, letters_of(alphabets[a], &letters));
		cr_assert_eq(tokenizer_make(&tok, &v, &e), 0, "%s", e.text);
		enc = encoder_new(&tok);
		for (int t = 0; t < 6000; t++) {
			text.n = 0;
			for (uint32_t n = 1 + next_random(&state) % 12; n > 0; n--)
				buf_str(&text, alphabets[a][next_random(&state) % 6]);
			check_text(&v, enc, buf_view(&text));
		}
		encoder_free(enc);
		tokenizer_release(&tok);
		vocab_release(&v);
	}
	buf_release(&letters);
	buf_release(&text);
}
