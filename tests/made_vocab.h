/* made_vocab.h - vocabularies made in tests, and merging by its plain definition. */
#ifndef CORPUS_TESTS_MADE_VOCAB_H
#define CORPUS_TESTS_MADE_VOCAB_H

#include "lib/core/buf.h"
#include "tokenizer/ids.h"
#include "tokenizer/vocab.h"

#include <criterion/criterion.h>

static inline uint32_t next_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 33);
}

/* The bytes have their values as ids; each merge makes the next id. */
static inline void start(struct vocab *v)
{
	struct err e = { 0 };

	for (unsigned b = 0; b < 256; b++) {
		char c = (char)(unsigned char)b;

		cr_assert_eq(vocab_add(v, b, (struct slice){ &c, 1 }, &e), 0, "%s", e.text);
	}
}

static inline void merge(struct vocab *v, uint32_t left, uint32_t right)
{
	struct vocab_merge m = { left, right, v->n_ids, (uint32_t)v->n_merges };
	struct err e = { 0 };
	struct buf bytes = { 0 };

	buf_slice(&bytes, v->tokens[left]);
	buf_slice(&bytes, v->tokens[right]);
	cr_assert_eq(vocab_add(v, m.made, buf_view(&bytes), &e), 0, "%s", e.text);
	cr_assert_eq(vocab_add_merge(v, &m, &e), 0, "%s", e.text);
	buf_release(&bytes);
}

static inline void finish(struct vocab *v)
{
	struct err e = { 0 };

	cr_assert_eq(vocab_finish(v, &e), 0, "%s", e.text);
}

/* Looks through all merges for the best pair, each time anew. */
static inline void merge_naive(const struct vocab *v, struct slice piece, struct ids *out)
{
	for (size_t i = 0; i < piece.n; i++)
		ids_put(out, (unsigned char)piece.p[i]);
	for (;;) {
		uint32_t best = UINT32_MAX;
		size_t at = 0;

		for (size_t i = 0; i + 1 < out->n; i++)
			for (size_t m = 0; m < v->n_merges && m < best; m++)
				if (v->merges[m].left == out->at[i] &&
					v->merges[m].right == out->at[i + 1]) {
					best = (uint32_t)m;
					at = i;
				}
		if (best == UINT32_MAX)
			return;
		out->at[at] = v->merges[best].made;
		memmove(out->at + at + 1, out->at + at + 2, (out->n - at - 2) * sizeof(*out->at));
		out->n--;
	}
}

static inline bool has_pair(const struct vocab *v, uint32_t left, uint32_t right)
{
	for (size_t m = 0; m < v->n_merges; m++)
		if (v->merges[m].left == left && v->merges[m].right == right)
			return true;
	return false;
}

/* Merges of tokens drawn at random, later ones more often, of the letters' bytes. */
static inline void random_vocab_of(struct vocab *v, uint64_t *state, struct slice letters)
{
	uint32_t n = 5 + next_random(state) % 60;

	start(v);
	while (v->n_merges < n) {
		uint32_t pick[2];

		for (int i = 0; i < 2; i++)
			pick[i] = next_random(state) % 3 && v->n_merges
				? 256 + next_random(state) % (uint32_t)v->n_merges
				: (unsigned char)letters.p[next_random(state) % letters.n];
		if (!has_pair(v, pick[0], pick[1]) && v->tokens[pick[0]].n < 20 &&
			v->tokens[pick[1]].n < 20)
			merge(v, pick[0], pick[1]);
	}
	finish(v);
}

static inline void random_vocab(struct vocab *v, uint64_t *state)
{
	random_vocab_of(v, state, SLICE("abc"));
}

#endif
