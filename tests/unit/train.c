/* Tests of tokenizer/train.h. */
#include "tokenizer/train.h"

#include "lib/core/buf.h"
#include "lib/core/mem.h"
#include "tokenizer/vocab_file.h"

#include <criterion/criterion.h>
#include <stdlib.h>

struct word {
	const char *text;
	uint64_t count;
};

static int train(struct vocab *v, const struct word *words, size_t n, struct train_config *config,
	struct err *e)
{
	struct train_cells cells = { 0 };

	for (size_t i = 0; i < n; i++)
		cr_assert_eq(
			train_cells_add(&cells, slice_str(words[i].text), words[i].count, e), 0);
	return train_vocab(v, &cells, config, e);
}

/* The merges as "left+right", space between them. */
static void merges_of(const struct vocab *v, struct buf *out)
{
	out->n = 0;
	for (size_t i = 0; i < v->n_merges; i++) {
		if (i)
			buf_byte(out, ' ');
		buf_slice(out, v->tokens[v->merges[i].left]);
		buf_byte(out, '+');
		buf_slice(out, v->tokens[v->merges[i].right]);
	}
	buf_cstr(out);
}

static void expect_merges(
	const struct word *words, size_t n, struct train_config config, const char *want)
{
	struct vocab v = { 0 };
	struct buf got = { 0 };
	struct err e = { 0 };

	cr_assert_eq(train(&v, words, n, &config, &e), 0, "%s", e.text);
	merges_of(&v, &got);
	cr_expect_str_eq(got.p, want);
	buf_release(&got);
	vocab_release(&v);
}

/* test_train in tokenizers' src/models/bpe/trainer.rs. */
Test(train, hugging_faces_own_test)
{
	static const struct word words[] = { { "roses", 1 }, { "are", 2 }, { "red", 1 },
		{ "voilets", 1 }, { "blue", 1 }, { "BERT", 1 }, { "is", 2 }, { "big", 1 },
		{ "and", 1 }, { "so", 1 }, { "GPT-2", 1 } };

	expect_merges(words, ARRAY_LEN(words),
		(struct train_config){ .vocab_size = 30000, .min_frequency = 2 }, "r+e a+re i+s");
}

/* By hand. Each table row is one rule. */
Test(train, ties_and_runs)
{
	static const struct word equal[] = { { "zy", 3 }, { "ab", 3 }, { "ac", 3 }, { "ba", 3 } };
	static const struct word run[] = { { "aaaaa", 1 } };
	static const struct word rare[] = { { "ab", 5 }, { "cd", 1 } };
	static const struct word count[] = { { "ab", 1 }, { "cd", 4 }, { "xab", 1 }, { "yab", 1 },
		{ "zab", 1 }, { "wab", 1 } };
	static const struct word mapped[] = { { " !", 2 }, { "a!", 2 } };
	struct train_config any = { .vocab_size = 1000 };
	struct train_config twice = { .vocab_size = 1000, .min_frequency = 2 };

	expect_merges(equal, ARRAY_LEN(equal), any, "a+b a+c b+a z+y");
	/* Five a: (a, a) stands four times, then aa aa a: (aa, a) and (aa, aa) once each, and the
	 * smaller right id goes first. */
	expect_merges(run, ARRAY_LEN(run), any, "a+a aa+a aa+aaa");
	expect_merges(rare, ARRAY_LEN(rare), twice, "a+b");
	expect_merges(rare, ARRAY_LEN(rare), any, "a+b c+d");
	/* 5 times ab, 4 times cd, and then each of w x y z once with ab. */
	expect_merges(count, ARRAY_LEN(count), twice, "a+b c+d");
	/* A space is U+0120 in the alphabet, so it stands behind a: both pairs stand twice. */
	expect_merges(mapped, ARRAY_LEN(mapped), any, "a+!  +!");
}

Test(train, the_vocabulary_size_counts_all_tokens)
{
	static const struct word words[] = { { "abcd", 9 } };
	static const char *const specials[] = { "<a>", "<b>" };
	struct train_config config = { .vocab_size = 260, .specials = specials, .n_specials = 2 };
	struct vocab v = { 0 };
	struct err e = { 0 };

	cr_assert_eq(train(&v, words, 1, &config, &e), 0, "%s", e.text);
	cr_expect_eq(v.n_ids, 260);
	cr_expect_eq(v.n_merges, 2);
	cr_expect_eq(vocab_find(&v, SLICE("<b>")), 1);
	cr_expect_eq(vocab_find(&v, SLICE("!")), 2, "the smallest code point");
	cr_expect_eq(vocab_find(&v, SLICE("\xAD")), 257, "the greatest");
	cr_expect_eq(vocab_find(&v, SLICE("ab")), 258);
	vocab_release(&v);
}

/* Behind the merges; one whose text is a token's has that id. */
Test(train, special_tokens_may_have_the_last_ids)
{
	static const struct word words[] = { { "abcd", 9 } };
	static const char *const specials[] = { "<a>", "ab", "<b>" };
	struct train_config config = {
		.vocab_size = 261, .specials = specials, .n_specials = 3, .specials_last = true
	};
	struct vocab v = { 0 };
	struct buf text = { 0 };
	struct err e = { 0 };

	cr_assert_eq(train(&v, words, 1, &config, &e), 0, "%s", e.text);
	cr_expect_eq(v.n_merges, 2);
	cr_expect_eq(vocab_find(&v, SLICE("!")), 0);
	cr_expect_eq(vocab_find(&v, SLICE("ab")), 256);
	cr_expect_eq(vocab_find(&v, SLICE("cd")), 257);
	cr_expect_eq(vocab_find(&v, SLICE("<a>")), 258);
	cr_expect_eq(vocab_find(&v, SLICE("<b>")), 259);
	cr_expect_eq(v.n_ids, 260, "the third has an id already");
	vocab_write_tiktoken(&v, &text);
	cr_expect(slice_starts(buf_view(&text), SLICE("IQ== 0\nIg== 1\n")));
	cr_expect(slice_ends(buf_view(&text), SLICE("\nrQ== 255\nYWI= 256\nY2Q= 257\n")));
	buf_release(&text);
	vocab_release(&v);
}

/* A token whose text is a special token's has its id, as in Hugging Face's trainer. */
Test(train, a_merge_may_make_a_special_token)
{
	static const struct word words[] = { { "abc", 9 } };
	static const char *const specials[] = { "ab" };
	struct train_config config = { .vocab_size = 1000, .specials = specials, .n_specials = 1 };
	struct vocab v = { 0 };
	struct err e = { 0 };

	cr_assert_eq(train(&v, words, 1, &config, &e), 0, "%s", e.text);
	cr_assert_eq(v.n_merges, 2);
	cr_expect_eq(v.merges[0].made, 0);
	cr_expect_eq(v.merges[1].left, 0);
	cr_expect_eq(v.n_ids, 258, "one special, 256 bytes, abc");
	vocab_release(&v);
}

Test(train, refusals)
{
	static const struct {
		const char *specials[2];
		size_t n;
		uint32_t size;
		const char *want;
	} cases[] = {
		{ { "<a>", "<a>" }, 2, 300, "special token \"<a>\" stands twice" },
		{ { "\u00E9" }, 1, 300,
			"special token \"\u00E9\" would be read as other bytes: use another" },
		{ { "<a>" }, 1, 256,
			"a vocabulary of 256 has no room for 257 special tokens and bytes" },
		{ { "<a>", "" }, 2, 300, "token id 1 is empty" },
		{ { "<a>" }, 1, VOCAB_MAX_IDS,
			"a vocabulary of 16777216 is over the limit of 16777215" },
	};
	static const struct word words[] = { { "ab", 9 } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct train_config config = { .vocab_size = cases[i].size,
			.specials = cases[i].specials,
			.n_specials = cases[i].n };
		struct vocab v = { 0 };
		struct err e = { 0 };

		cr_expect_eq(train(&v, words, 1, &config, &e), -1);
		cr_expect_str_eq(e.text, cases[i].want);
		vocab_release(&v);
	}
}

/* ---- against the plain definition ---- */

static uint32_t next_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 33);
}

struct piece {
	uint32_t at[40];
	size_t n;
	uint64_t count;
};

/* How often left and right stand side by side in all. */
static uint64_t stands(const struct piece *p, size_t n, uint32_t left, uint32_t right)
{
	uint64_t count = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k + 1 < p[i].n; k++)
			if (p[i].at[k] == left && p[i].at[k + 1] == right)
				count += p[i].count;
	return count;
}

static void replace(struct piece *p, uint32_t left, uint32_t right, uint32_t made)
{
	size_t to = 0;

	for (size_t k = 0; k < p->n; k++)
		if (k + 1 < p->n && p->at[k] == left && p->at[k + 1] == right) {
			p->at[to++] = made;
			k++;
		} else {
			p->at[to++] = p->at[k];
		}
	p->n = to;
}

/* Counts all pairs anew for each merge, and checks that this is the one that was chosen. A pair of
 * equal count may not have a smaller key. */
static void check_merges(const struct vocab *v, struct piece *p, size_t n)
{
	for (size_t m = 0; m < v->n_merges; m++) {
		const struct vocab_merge *merge = &v->merges[m];
		uint64_t count = stands(p, n, merge->left, merge->right);

		cr_assert_gt(count, 0);
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k + 1 < p[i].n; k++) {
				uint32_t left = p[i].at[k], right = p[i].at[k + 1];
				uint64_t other = stands(p, n, left, right);

				cr_assert(other < count ||
					(other == count &&
						(left > merge->left ||
							(left == merge->left &&
								right >= merge->right))));
			}
		for (size_t i = 0; i < n; i++)
			replace(&p[i], merge->left, merge->right, merge->made);
	}
	for (size_t i = 0; i < n; i++)
		cr_assert_eq(p[i].n, 1, "all pairs are merged in the end");
}

Test(train, every_merge_is_the_most_frequent_pair)
{
	uint64_t state = 3;

	for (int round = 0; round < 60; round++) {
		struct train_config config = { .vocab_size = 5000 };
		struct train_cells cells = { 0 };
		struct vocab v = { 0 };
		struct err e = { 0 };
		struct piece pieces[25];
		char texts[25][40];
		size_t n = 0;

		for (int i = 0; i < 25; i++) {
			size_t length = 1 + next_random(&state) % 40;

			for (size_t k = 0; k < length; k++)
				texts[n][k] = (char)('a' +
					next_random(&state) % (2 + (uint32_t)round % 3));
			pieces[n].n = length;
			pieces[n].count = 1 + next_random(&state) % 5;
			cr_assert_eq(train_cells_add(&cells, (struct slice){ texts[n], length },
					     pieces[n].count, &e),
				0);
			n++;
		}
		cr_assert_eq(train_vocab(&v, &cells, &config, &e), 0, "%s", e.text);
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < pieces[i].n; k++)
				pieces[i].at[k] = vocab_find(&v, (struct slice){ &texts[i][k], 1 });
		check_merges(&v, pieces, n);
		vocab_release(&v);
	}
}

Test(train, counts_of_two_tables_add_up)
{
	struct train_counts a = { 0 }, b = { 0 };
	struct train_walk walk = { 0 };
	uint64_t state = 5, total = 0;

	for (int i = 0; i < 20000; i++) {
		char text[8];
		size_t n = 1 + next_random(&state) % 3;

		for (size_t k = 0; k < n; k++)
			text[k] = (char)next_random(&state);
		train_counts_add(i % 2 ? &a : &b, (struct slice){ text, n }, 1);
	}
	train_counts_take(&a, &b);
	cr_expect_eq(train_counts_number(&b), 0);
	while (train_counts_next(&a, &walk))
		total += walk.count;
	cr_expect_eq(total, 20000);
	train_counts_release(&a);
}
