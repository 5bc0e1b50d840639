/* draw.h - the two choices that a mix makes by hash, so that they are the same in any order and on
 * any number of machines.
 *
 * How often. With e epochs a document comes floor(e) times, and once more when
 *	XXH3-64(id; seed) < frac(e) * 2^64
 * A larger e only ever adds to what a smaller one gave.
 *
 * Where. The mix is the list of all copies in the order of
 *	XXH3-128(source NUL id NUL copy XXH3-64(line; 0); seed)
 * as a 128-bit number, with copy as 4 bytes, little-endian, counted from 0, and the hash of the
 * document's line as it was read as 8. The line is part of it so that documents that share an id,
 * against what an id is for, do not stand together nor fill one bucket of the shuffle. */
#ifndef CORPUS_DRAW_H
#define CORPUS_DRAW_H

#include "lib/core/buf.h"
#include "lib/store/keyset.h"

struct draw {
	uint32_t whole; /* copies that each document gets */
	uint64_t below; /* one more for hashes below this */
};

/* epochs is finite, not negative, and at most 1e9. */
struct draw draw_epochs(double epochs);

uint32_t draw_copies(const struct draw *d, uint64_t seed, struct slice id);

/* line is XXH3-64 of it. scratch is overwritten. */
struct key128 draw_key(uint64_t seed, const char *source, struct slice id, uint32_t copy,
	uint64_t line, struct buf *scratch);

/* Below 0, 0 or above 0. */
int draw_compare(struct key128 a, struct key128 b);

#endif
