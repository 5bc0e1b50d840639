/* Tests of tokenizer/bpe.h, vocab.h and encode.h. */
#include "tokenizer/bpe.h"

#include "lib/core/buf.h"
#include "tests/made_vocab.h"
#include "tokenizer/encode.h"

#include <criterion/criterion.h>
#include <stdio.h>

static void expect_pieces(const struct vocab *v, struct slice text, const char *want)
{
	struct bpe_scratch s = { 0 };
	struct ids ids = { 0 };
	struct buf got = { 0 };
	struct err e = { 0 };

	cr_assert_eq(bpe_merge(v, &s, text, &ids, &e), 0, "%s", e.text);
	for (size_t i = 0; i < ids.n; i++) {
		if (i)
			buf_byte(&got, '|');
		buf_slice(&got, vocab_token(v, ids.at[i]));
	}
	cr_expect_str_eq(buf_cstr(&got), want);
	buf_release(&got);
	ids_release(&ids);
	bpe_scratch_release(&s);
}

/* Worked by hand. The merges in order: ab, bc, abc (ab + c), aa. */
Test(bpe, lowest_rank_first_then_leftmost)
{
	struct vocab v = { 0 };

	start(&v);
	merge(&v, 'a', 'b');
	merge(&v, 'b', 'c');
	merge(&v, 256, 'c');
	merge(&v, 'a', 'a');
	finish(&v);
	expect_pieces(&v, SLICE(""), "");
	expect_pieces(&v, SLICE("a"), "a");
	expect_pieces(&v, SLICE("abc"), "abc");
	expect_pieces(&v, SLICE("bc"), "bc");
	expect_pieces(&v, SLICE("aabc"), "a|abc");
	expect_pieces(&v, SLICE("aaa"), "aa|a");
	expect_pieces(&v, SLICE("aaaa"), "aa|aa");
	expect_pieces(&v, SLICE("abab"), "ab|ab");
	expect_pieces(&v, SLICE("bcbabcab"), "bc|b|abc|ab");
	vocab_release(&v);
}

/* A pair that comes into being by a later merge may have a lower rank than those that wait. */
Test(bpe, a_new_pair_of_lower_rank_goes_first)
{
	struct vocab v = { 0 };
	struct vocab_merge early = { 0 };
	struct err e = { 0 };

	start(&v);
	cr_assert_eq(vocab_add(&v, 256, SLICE("xyz"), &e), 0);
	merge(&v, 'x', 'y'); /* 257, rank 0 */
	merge(&v, 'z', 'w'); /* 258, rank 1 */
	early = (struct vocab_merge){ 257, 'z', 256, 0 };
	cr_assert_eq(vocab_add_merge(&v, &early, &e), 0);
	finish(&v);
	expect_pieces(&v, SLICE("xyzw"), "xyz|w");
	vocab_release(&v);
}

/* ---- against the plain definition ---- */

Test(bpe, is_equal_to_the_plain_definition_on_random_merges)
{
	struct bpe_scratch s = { 0 };
	struct ids got = { 0 }, want = { 0 };
	uint64_t state = 1;

	for (int round = 0; round < 150; round++) {
		struct vocab v = { 0 };

		random_vocab(&v, &state);
		for (int t = 0; t < 12; t++) {
			char text[200];
			size_t n = next_random(&state) % sizeof(text);
			struct err e = { 0 };

			for (size_t i = 0; i < n; i++)
				text[i] = (char)('a' + next_random(&state) % 3);
			got.n = want.n = 0;
			merge_naive(&v, (struct slice){ text, n }, &want);
			cr_assert_eq(bpe_merge(&v, &s, (struct slice){ text, n }, &got, &e), 0);
			cr_assert_eq(got.n, want.n, "%.*s", (int)n, text);
			cr_assert_eq(memcmp(got.at, want.at, got.n * sizeof(*got.at)), 0, "%.*s",
				(int)n, text);
		}
		vocab_release(&v);
	}
	ids_release(&got);
	ids_release(&want);
	bpe_scratch_release(&s);
}

/* With a merge of any two equal tokens a run of 2^k becomes one token: 20 rounds over all, where a
 * quadratic merge would take 2^39 steps. */
Test(bpe, a_long_run_takes_no_quadratic_time, .timeout = 20)
{
	size_t n = (size_t)1 << 20;
	char *run = mem_alloc(n);
	struct vocab v = { 0 };
	struct bpe_scratch s = { 0 };
	struct ids ids = { 0 };
	struct err e = { 0 };

	memset(run, 'a', n);
	start(&v);
	merge(&v, 'a', 'a');
	for (uint32_t i = 0; i < 11; i++)
		merge(&v, 256 + i, 256 + i);
	finish(&v);
	cr_assert_eq(bpe_merge(&v, &s, (struct slice){ run, n }, &ids, &e), 0, "%s", e.text);
	cr_expect_eq(ids.n, 256);
	for (size_t i = 0; i < ids.n; i++)
		cr_expect_eq(ids.at[i], 267);
	free(run);
	ids_release(&ids);
	bpe_scratch_release(&s);
	vocab_release(&v);
}

/* ---- whole texts ---- */

static void encode(const struct vocab *v, struct slice text, enum special_use use, struct buf *out)
{
	struct err e = { 0 };
	struct tokenizer tok = { 0 };
	struct ids ids = { 0 };
	struct encoder *enc;

	cr_assert_eq(tokenizer_make(&tok, v, &e), 0);
	enc = encoder_new(&tok);
	/* Twice, so that the second time comes from the recent pieces. */
	for (int i = 0; i < 2; i++) {
		ids.n = 0;
		cr_assert_eq(encode_text(enc, text, use, &ids, &e), 0, "%s", e.text);
	}
	out->n = 0;
	for (size_t i = 0; i < ids.n; i++)
		buf_printf(out, "%s%u", i ? " " : "", (unsigned)ids.at[i]);
	buf_cstr(out);
	encoder_free(enc);
	ids_release(&ids);
	tokenizer_release(&tok);
}

/* ab is 256, " ab" 257; <s> is 258, <s>> is 259. */
Test(encode, special_tokens_are_text_unless_asked_for)
{
	struct vocab v = { 0 };
	struct buf got = { 0 };
	struct err e = { 0 };

	start(&v);
	merge(&v, 'a', 'b');
	merge(&v, ' ', 256);
	vocab_add_pattern(&v, "gpt2");
	cr_assert_eq(vocab_add_special(&v, 258, SLICE("<s>"), true, &e), 0);
	cr_assert_eq(vocab_add_special(&v, 259, SLICE("<s>>"), true, &e), 0);
	finish(&v);
	encode(&v, SLICE("ab ab<s>"), SPECIAL_NONE, &got);
	cr_expect_str_eq(got.p, "256 257 60 115 62");
	encode(&v, SLICE("ab ab<s>"), SPECIAL_ALL, &got);
	cr_expect_str_eq(got.p, "256 257 258");
	encode(&v, SLICE("<s><s>>ab<s"), SPECIAL_ALL, &got);
	cr_expect_str_eq(got.p, "258 259 256 60 115", "the longest at a place");
	encode(&v, SLICE(""), SPECIAL_ALL, &got);
	cr_expect_str_eq(got.p, "");
	cr_expect_eq(vocab_find(&v, SLICE("<s>")), 258);
	cr_expect_eq(vocab_find(&v, SLICE("<t>")), NO_TOKEN);
	buf_release(&got);
	vocab_release(&v);
}

/* A token that no merges make is not the answer for a piece of the same bytes, unless the
 * vocabulary says that whole pieces go first. */
Test(encode, whole_pieces_go_first_only_when_asked)
{
	for (int whole = 0; whole < 2; whole++) {
		struct vocab v = { .whole_first = whole };
		struct buf got = { 0 };
		struct err e = { 0 };

		start(&v);
		vocab_add_pattern(&v, "gpt2");
		cr_assert_eq(vocab_add(&v, 256, SLICE("xyz"), &e), 0);
		finish(&v);
		encode(&v, SLICE("xyz"), SPECIAL_NONE, &got);
		cr_expect_str_eq(got.p, whole ? "256" : "120 121 122");
		buf_release(&got);
		vocab_release(&v);
	}
}

Test(encode, decoding_gives_any_bytes_back)
{
	struct vocab v = { 0 };
	struct tokenizer tok = { 0 };
	struct err e = { 0 };
	struct encoder *enc;
	struct ids ids = { 0 };
	struct buf back = { 0 };
	uint64_t state = 7;

	random_vocab(&v, &state);
	vocab_add_pattern(&v, "gpt2");
	cr_assert_eq(tokenizer_make(&tok, &v, &e), 0);
	enc = encoder_new(&tok);
	for (int round = 0; round < 3000; round++) {
		char text[300];
		size_t n = next_random(&state) % sizeof(text);
		uint32_t spread = next_random(&state) % 2 ? 256 : 3;

		for (size_t i = 0; i < n; i++)
			text[i] = (char)('a' + next_random(&state) % spread);
		ids.n = back.n = 0;
		cr_assert_eq(encode_text(enc, (struct slice){ text, n }, SPECIAL_ALL, &ids, &e), 0);
		cr_assert_eq(vocab_decode(&v, ids.at, ids.n, &back, &e), 0, "%s", e.text);
		cr_assert(slice_eq(buf_view(&back), (struct slice){ text, n }));
	}
	encoder_free(enc);
	ids_release(&ids);
	buf_release(&back);
	tokenizer_release(&tok);
	vocab_release(&v);
}

/* ---- vocabularies that are refused ---- */

Test(vocab, refuses_what_cannot_encode_every_input)
{
	struct vocab v = { 0 };
	struct err e = { 0 };
	uint32_t unknown = 77777;
	struct buf out = { 0 };

	for (unsigned b = 0; b < 0xF4; b++) {
		char c = (char)(unsigned char)b;

		cr_assert_eq(vocab_add(&v, b, (struct slice){ &c, 1 }, &e), 0);
	}
	cr_expect_eq(vocab_finish(&v, &e), -1);
	cr_expect_str_eq(e.text, "no token for the byte 0xF4: not a byte-level vocabulary");
	err_clear(&e);
	cr_expect_eq(vocab_add(&v, 3, SLICE("x"), &e), -1);
	cr_expect_str_eq(e.text, "token id 3 stands twice");
	err_clear(&e);
	cr_expect_eq(vocab_add(&v, VOCAB_MAX_IDS, SLICE("x"), &e), -1);
	err_clear(&e);
	cr_expect_eq(vocab_decode(&v, &unknown, 1, &out, &e), -1);
	cr_expect_str_eq(e.text, "token 0: id 77777 is not in the vocabulary");
	vocab_release(&v);
}

Test(vocab, two_bytes_hold_ids_up_to_65535)
{
	struct vocab v = { 0 };
	struct err e = { 0 };

	start(&v);
	cr_expect_eq(vocab_id_bytes(&v), 2);
	cr_assert_eq(vocab_add_special(&v, 65535, SLICE("<a>"), true, &e), 0);
	cr_expect_eq(vocab_id_bytes(&v), 2);
	cr_assert_eq(vocab_add_special(&v, 65536, SLICE("<b>"), true, &e), 0);
	cr_expect_eq(vocab_id_bytes(&v), 4);
	vocab_release(&v);
}
