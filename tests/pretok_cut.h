/* pretok_cut.h - what tests of pre-tokenisers share: the ends of pieces, and random text of what
 * patterns tell apart. */
#ifndef CORPUS_TEST_PRETOK_CUT_H
#define CORPUS_TEST_PRETOK_CUT_H

#include "lib/core/buf.h"
#include "lib/text/utf8.h"
#include "tokenizer/pretok.h"

#include <criterion/criterion.h>

/* Of text cut up to cap pieces at a time, the ends as 32-bit numbers. */
static inline void cut_ends(struct pretok_walk *w, const struct pretok *p, struct slice text,
	size_t cap, struct buf *out)
{
	struct err e = { 0 };
	size_t n;

	out->n = 0;
	pretok_begin(w, p, text);
	do {
		uint32_t *ends = (uint32_t *)(void *)buf_reserve(out, cap * sizeof(*ends));

		cr_assert_eq(pretok_fill(w, ends, cap, &n, &e), 0, "%s", e.text);
		out->n += n * sizeof(*ends);
	} while (n);
}

/* The pieces with a bar between them. */
static inline void cut_bars(
	struct pretok_walk *w, const struct pretok *p, struct slice text, struct buf *out)
{
	struct err e = { 0 };
	struct slice piece;
	int got;

	out->n = 0;
	pretok_begin(w, p, text);
	while ((got = pretok_next(w, &piece, &e)) > 0) {
		if (out->n)
			buf_byte(out, '|');
		buf_slice(out, piece);
	}
	cr_assert_eq(got, 0, "%s", e.text);
}

static inline uint32_t next_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 33);
}

#endif
