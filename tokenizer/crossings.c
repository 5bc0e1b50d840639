/* Where in a piece no merge can ever join what is left and right. */
#include "tokenizer/crossings.h"

#include "lib/core/mem.h"

#include <stdlib.h>

/* Whether the place is one of those that are looked at. */
static bool is_place(char left, char right)
{
	return (((unsigned char)left | (unsigned char)right) & 0x80) &&
		((unsigned char)right & 0xC0) != 0x80;
}

/* The n bytes on the left, or on the right, of a place, hashed. The number is hashed too, so that
 * three bytes are never the same as two. Any hash will do, because a place that looks as if it were
 * crossed is left whole; this one is a multiplication a side (Fibonacci hashing; Knuth, volume 3,
 * section 6.4), and those of both sides are taken together by exclusive or. */
static uint64_t hash_left(uint32_t bytes, unsigned n)
{
	return (bytes | (uint64_t)n << 24) * UINT64_C(0x9E3779B97F4A7C15);
}

static uint64_t hash_right(uint32_t bytes, unsigned n)
{
	return (bytes | (uint64_t)n << 24) * UINT64_C(0xC2B2AE3D27D4EB4F);
}

static unsigned bit_get(const struct vocab_crossings *c, uint64_t hash)
{
	hash >>= c->shift;
	return c->bits[hash / 64] >> hash % 64 & 1;
}

static uint32_t bytes_at(const unsigned char *p, unsigned n)
{
	uint32_t bytes = 0;

	for (unsigned i = 0; i < n; i++)
		bytes |= (uint32_t)p[i] << 8 * i;
	return bytes;
}

/* ---- the vocabulary's places ---- */

/* The bit of a merge's place. False when it is not one that is looked at. */
static bool merge_bit(const struct vocab *v, const struct vocab_merge *m, uint64_t *hash)
{
	struct slice left = v->tokens[m->left], right = v->tokens[m->right];
	unsigned n_left = (unsigned)MIN(left.n, (size_t)CROSSING_BYTES);
	unsigned n_right = (unsigned)MIN(right.n, (size_t)CROSSING_BYTES);
	const unsigned char *end = (const unsigned char *)left.p + left.n;

	if (!is_place(left.p[left.n - 1], right.p[0]))
		return false;
	*hash = hash_left(bytes_at(end - n_left, n_left), n_left) ^
		hash_right(bytes_at((const unsigned char *)right.p, n_right), n_right);
	return true;
}

/* 64 bits a place: one place in seven looks as if it were crossed and is not. */
void crossings_make(struct vocab *v, const struct vocab_merge *merges, size_t n_merges)
{
	struct vocab_crossings *c = &v->crossings;
	uint64_t hash;
	size_t n = 0;

	for (size_t i = 0; i < n_merges; i++)
		n += merge_bit(v, &merges[i], &hash);
	c->shift = 64 - 12;
	while (c->shift > 64 - 30 && (UINT64_C(1) << (64 - c->shift)) < 64 * n)
		c->shift--;
	free(c->bits);
	c->bits = mem_zalloc((size_t)1 << (64 - c->shift - 6), sizeof(*c->bits));
	for (size_t i = 0; i < n_merges; i++)
		if (merge_bit(v, &merges[i], &hash)) {
			hash >>= c->shift;
			c->bits[hash / 64] |= UINT64_C(1) << hash % 64;
		}
}

/* ---- cutting ---- */

/* Whether a merge may join across the place, of which so many bytes are the piece's. */
static bool crossed_near_end(const struct vocab_crossings *c, const unsigned char *place,
	unsigned n_left, unsigned n_right)
{
	for (unsigned i = 1; i <= n_left; i++)
		for (unsigned j = 1; j <= n_right; j++)
			if (bit_get(c,
				    hash_left(bytes_at(place - i, i), i) ^
					    hash_right(bytes_at(place, j), j)))
				return true;
	return false;
}

/* The same for CROSSING_BYTES on both sides, without a branch. */
static bool crossed(const struct vocab_crossings *c, const unsigned char *place)
{
	uint32_t left = bytes_at(place - 3, 3), right = bytes_at(place, 3);
	uint64_t l1 = hash_left(left >> 16, 1), l2 = hash_left(left >> 8, 2);
	uint64_t l3 = hash_left(left, 3);
	uint64_t r1 = hash_right(right & 0xFF, 1), r2 = hash_right(right & 0xFFFF, 2);
	uint64_t r3 = hash_right(right, 3);

	unsigned crossings = bit_get(c, l3 ^ r3);

	crossings |= bit_get(c, l2 ^ r3);
	crossings |= bit_get(c, l1 ^ r3);
	crossings |= bit_get(c, l3 ^ r2);
	crossings |= bit_get(c, l2 ^ r2);
	crossings |= bit_get(c, l1 ^ r2);
	crossings |= bit_get(c, l3 ^ r1);
	crossings |= bit_get(c, l2 ^ r1);
	crossings |= bit_get(c, l1 ^ r1);
	return crossings;
}

size_t crossing_cut(const struct vocab *v, struct slice piece)
{
	const unsigned char *p = (const unsigned char *)piece.p;

	for (size_t i = 1; i < piece.n; i++) {
		size_t n_right = piece.n - i;
		bool is_crossed;

		if (!is_place(piece.p[i - 1], piece.p[i]))
			continue;
		if (i >= CROSSING_BYTES && n_right >= CROSSING_BYTES)
			is_crossed = crossed(&v->crossings, p + i);
		else
			is_crossed = crossed_near_end(&v->crossings, p + i,
				(unsigned)MIN(i, (size_t)CROSSING_BYTES),
				(unsigned)MIN(n_right, (size_t)CROSSING_BYTES));
		if (!is_crossed)
			return i;
	}
	return piece.n;
}
