/* matcher.h - the tokens of a piece by longest matches, for encode_plain.c: the fast way to what
 * bpe.h says.
 *
 * A sequence of tokens is what merging makes of a text exactly when merging makes of each two that
 * stand side by side those two again. (No merge goes across a border of the result, so the merges
 * on both sides of it are those of the two tokens alone; and were another sequence merged into
 * one, the first merge across a border would happen in those two alone as well.) So a prefix of the
 * piece has one such sequence at most, and the search for it needs no merges: at each place the
 * longest token that is allowed behind the one before, shorter ones when the rest cannot be
 * matched, and a place where that failed is never tried again. Source of the idea: the crate bpe of
 * github/rust-gems, whose README has the proof for vocabularies of ranks.
 *
 * Work: linear in the piece's bytes, times the tokens that begin alike at a place. */
#ifndef CORPUSTOK_MATCHER_H
#define CORPUSTOK_MATCHER_H

#include "tokenizer/ids.h"
#include "tokenizer/vocab.h"

struct matcher;

/* splits are the merges that happen: for each token that merging makes of its own bytes the last
 * one (v->pairs holds the same). NULL where the rank of one is not above those that made its parts,
 * so that ranks do not tell which of two merges came first; merging itself is needed then. Read by
 * any number of threads. */
struct matcher *matcher_new(const struct vocab *v, struct vocab_merge *splits, size_t n);
void matcher_free(struct matcher *m);

/* What one encoder remembers, and its work space. All zero is valid. */
struct match_scratch {
	uint64_t *pairs; /* whether two tokens may stand side by side; 1 << MATCH_PAIR_BITS */
	uint64_t *dead; /* a bit a place */
	size_t cap_dead;
};

/* 128 KiB stay in the processor's second cache beside all else. Measured with 4 MiB: a tenth
 * slower, since pairs that are not there are looked up in main memory for nothing. */
enum { MATCH_PAIR_BITS = 14 };

/* Appends the tokens of the piece, as bpe_merge does. */
void matcher_encode(
	const struct matcher *m, struct match_scratch *s, struct slice piece, struct ids *out);

void match_scratch_release(struct match_scratch *s);

#endif
