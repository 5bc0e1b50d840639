/* shingles.h - hashes of every n tokens that stand side by side.
 *
 *	struct shingles s;
 *
 *	shingles_begin(&s, 5);
 *	while (tokens_more(&t))
 *		n = shingles_roll(&s, t.at, t.n, hashes);
 *	n = shingles_end(&s, hashes);
 *
 * The hash is the polynomial of the tokens' hashes h in an odd number p, h1 p^(n-1) + ... + hn mod
 * 2^64, which takes one step from a token to the next, and then mixed, so that hashes of few tokens
 * that keep coming back in all orders are no arithmetic series. It stands in files, so it never
 * changes. */
#ifndef CORPUS_DEDUP_SHINGLES_H
#define CORPUS_DEDUP_SHINGLES_H

#include "stages/dedup/tokens.h"

enum { SHINGLE_MAX = 64 };

struct shingles {
	unsigned n; /* tokens a shingle */
	uint64_t leaving; /* p^n */
	uint64_t sum; /* the polynomial of the last n tokens */
	uint64_t seen; /* tokens so far */
	uint64_t last[SHINGLE_MAX]; /* hashes of the last n of them; the oldest first, from zeros */
};

/* n: 1 to SHINGLE_MAX. */
void shingles_begin(struct shingles *s, unsigned n);

/* Writes the hash of each shingle that one of these n tokens ends to out, which has room for n, in
 * their order; returns how many there are. */
size_t shingles_roll(struct shingles *s, const struct token *t, size_t n, uint64_t *out);

/* A text of fewer tokens than a shingle has is one shingle of all of them, so that short texts can
 * be equal too; one without any has none. Writes that to out[0]; returns 1 or 0. */
size_t shingles_end(const struct shingles *s, uint64_t *out);

/* --- sets ------------------------------------------------------------------------------------- */

/* Hashes in ascending order, each once. All zero is empty. */
struct shingle_set {
	uint64_t *at; /* owned */
	size_t n, cap;
	uint64_t *scratch; /* of sorting; room for cap */
};

/* The set of the text's shingles, in place of what was there. False when the text is too long for
 * tokens.h. */
bool shingle_set_fill(
	struct shingle_set *set, struct tokens *tokens, struct slice text, unsigned n) MUST_CHECK;

/* The Jaccard index: common hashes in all hashes. Two empty sets have 1. */
double shingle_sets_jaccard(const struct shingle_set *a, const struct shingle_set *b);

void shingle_set_release(struct shingle_set *set);

#endif
