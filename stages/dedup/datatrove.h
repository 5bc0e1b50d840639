/* datatrove.h - signatures as datatrove's MinhashDedupSignature makes them, value for value.
 *
 *	normalised text --> spaCy's English words --> n words joined by a blank --> XXH64 h
 *	--> per permutation the least of ((a h + b) mod 2^64) mod 2^61 - 1
 *
 * Source: datatrove 0.10 (Apache-2.0), utils/text.py (simplify_text), utils/hashing.py and
 * pipeline/dedup/minhash.py. The product wraps at 64 bits before the modulus is taken, there as
 * here; a and b are numpy's RandomState(seed).randint. A text of fewer words than a shingle has no
 * signature. */
#ifndef CORPUS_DEDUP_DATATROVE_H
#define CORPUS_DEDUP_DATATROVE_H

#include "lib/core/buf.h"
#include "lib/core/err.h"

struct datatrove;

/* n words a shingle. For one thread. NULL and e when ICU lacks its data. */
struct datatrove *datatrove_new(unsigned n, struct err *e) MUST_CHECK;

/* The text, which is valid UTF-8, in lower case, with numbers as 0, punctuation and control
 * characters as blanks, single blanks, and no nonspacing marks; valid until the next call. */
struct slice datatrove_normalise(struct datatrove *d, struct slice text);

/* The hashes of the shingles of text in their order, valid until the next call; returns how many.
 * 0 too for a text of 1 GiB or more (words.h). words, if not NULL, becomes the words with a blank
 * between each two: for tests. */
size_t datatrove_shingles(
	struct datatrove *d, struct slice text, const uint64_t **hashes, struct slice *words);

void datatrove_free(struct datatrove *d);

/* --- permutations ----------------------------------------------------------------------------- */

#define DATATROVE_PRIME ((UINT64_C(1) << 61) - 1)

/* n numbers each: a from 1, b from 0, both below the prime. seed is of 32 bits. */
void datatrove_draw(uint64_t *a, uint64_t *b, size_t n, uint32_t seed);

/* least[k] becomes the least of itself and of what permutation k makes of the hashes. */
void datatrove_least(const uint64_t *a, const uint64_t *b, size_t n_permutations,
	const uint64_t *hashes, size_t n, uint64_t *least);

#endif
