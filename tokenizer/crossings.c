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

/* What of a merge's place is compared: up to CROSSING_BYTES on both sides. */
struct place {
	const unsigned char *left, *right; /* they are not side by side in memory */
	unsigned n_left, n_right;
	uint64_t hash_left, hash_right;
};

/* False when it is not one that is looked at. */
static bool place_of(const struct vocab *v, const struct vocab_merge *m, struct place *at)
{
	struct slice left = v->tokens[m->left], right = v->tokens[m->right];

	if (!is_place(left.p[left.n - 1], right.p[0]))
		return false;
	at->n_left = (unsigned)MIN(left.n, (size_t)CROSSING_BYTES);
	at->n_right = (unsigned)MIN(right.n, (size_t)CROSSING_BYTES);
	at->left = (const unsigned char *)left.p + left.n - at->n_left;
	at->right = (const unsigned char *)right.p;
	at->hash_left = hash_left(bytes_at(at->left, at->n_left), at->n_left);
	at->hash_right = hash_right(bytes_at(at->right, at->n_right), at->n_right);
	return true;
}

/* ---- between two characters of three bytes ---- */

/* For each character of three bytes there are two words of bits: of the merges that could cross a
 * place on whose left it stands, and on whose right. Where the two words at a place have no bit in
 * common, no merge crosses. A merge sets one bit on both its sides: the lowest where three bytes of
 * each are compared, else by a hash of its side of less, 31 for those on the right and 32 for those
 * on the left. Of the places in Chinese text 94 in 100 are decided by that with cl100k's tokens and
 * 59 with o200k's; nearly all others have the lowest bit alone. */
struct crossing_sides {
	uint64_t left, right;
};

enum { WHOLE_SIDES = 1, RIGHT_PARTS = 31, LEFT_PARTS = 32 };

/* The words by the one, two or three bytes of a side. */
struct side_words {
	uint64_t one[256], two[65536], three[65536];
};

static bool is_three(const unsigned char *p)
{
	return p[0] >> 4 == 0xE && p[1] >> 6 == 2 && p[2] >> 6 == 2;
}

/* Of a character of three bytes. */
static unsigned three_index(const unsigned char *p)
{
	return (p[0] & 0xFu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
}

static void set_bit(struct side_words *w, const unsigned char *p, unsigned n, uint64_t bit)
{
	if (n == 1)
		w->one[p[0]] |= bit;
	else if (n == 2)
		w->two[p[0] << 8 | p[1]] |= bit;
	else if (is_three(p))
		w->three[three_index(p)] |= bit;
}

static uint64_t bit_of(const struct place *at)
{
	if (at->n_right < CROSSING_BYTES)
		return UINT64_C(1) << (1 + (at->hash_right >> 32) % RIGHT_PARTS);
	if (at->n_left < CROSSING_BYTES)
		return UINT64_C(1) << (1 + RIGHT_PARTS + (at->hash_left >> 32) % LEFT_PARTS);
	return WHOLE_SIDES;
}

/* Each character has the bits of the bytes that it ends with, or begins with. */
static struct crossing_sides *sides_make(
	const struct side_words *left, const struct side_words *right)
{
	struct crossing_sides *sides = mem_zalloc(65536, sizeof(*sides));

	for (unsigned i = 0; i < 65536; i++) {
		unsigned p[3] = { 0xE0 | i >> 12, 0x80 | (i >> 6 & 0x3F), 0x80 | (i & 0x3F) };

		sides[i].left = left->one[p[2]] | left->two[p[1] << 8 | p[2]] | left->three[i];
		sides[i].right = right->one[p[0]] | right->two[p[0] << 8 | p[1]] | right->three[i];
	}
	return sides;
}

static void find_sides(struct vocab *v, const struct vocab_merge *merges, size_t n_merges)
{
	struct side_words *left = mem_zalloc(1, sizeof(*left)),
			  *right = mem_zalloc(1, sizeof(*right));
	struct place at;

	for (size_t i = 0; i < n_merges; i++)
		if (place_of(v, &merges[i], &at)) {
			set_bit(left, at.left, at.n_left, bit_of(&at));
			set_bit(right, at.right, at.n_right, bit_of(&at));
		}
	free(v->crossings.sides);
	v->crossings.sides = sides_make(left, right);
	free(left);
	free(right);
}

/* ---- between any two ---- */

/* 64 bits a place: one place in seven looks as if it were crossed and is not. */
static void find_bits(struct vocab *v, const struct vocab_merge *merges, size_t n_merges)
{
	struct vocab_crossings *c = &v->crossings;
	struct place at;
	size_t n = 0;

	for (size_t i = 0; i < n_merges; i++)
		n += place_of(v, &merges[i], &at);
	c->shift = 64 - 12;
	while (c->shift > 64 - 30 && (UINT64_C(1) << (64 - c->shift)) < 64 * n)
		c->shift--;
	free(c->bits);
	c->bits = mem_zalloc((size_t)1 << (64 - c->shift - 6), sizeof(*c->bits));
	for (size_t i = 0; i < n_merges; i++)
		if (place_of(v, &merges[i], &at)) {
			uint64_t bit = (at.hash_left ^ at.hash_right) >> c->shift;

			c->bits[bit / 64] |= UINT64_C(1) << bit % 64;
		}
}

void crossings_make(struct vocab *v, const struct vocab_merge *merges, size_t n_merges)
{
	find_bits(v, merges, n_merges);
	find_sides(v, merges, n_merges);
}

void crossings_release(struct vocab_crossings *c)
{
	free(c->bits);
	free(c->sides);
	*c = (struct vocab_crossings){ 0 };
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

/* The same between two characters of three bytes. */
static bool crossed_between(const struct vocab_crossings *c, const unsigned char *place)
{
	uint64_t common =
		c->sides[three_index(place - 3)].left & c->sides[three_index(place)].right;

	if (common == 0)
		return false;
	if (common != WHOLE_SIDES)
		return crossed(c, place);
	return bit_get(c, hash_left(bytes_at(place - 3, 3), 3) ^ hash_right(bytes_at(place, 3), 3));
}

static bool crossed_at(
	const struct vocab_crossings *c, const unsigned char *place, size_t n_left, size_t n_right)
{
	if (n_left < CROSSING_BYTES || n_right < CROSSING_BYTES)
		return crossed_near_end(c, place, (unsigned)MIN(n_left, (size_t)CROSSING_BYTES),
			(unsigned)MIN(n_right, (size_t)CROSSING_BYTES));
	return is_three(place - 3) && is_three(place) ? crossed_between(c, place)
						      : crossed(c, place);
}

/* Most pieces that are cut are Chinese or Japanese, whose places are three bytes apart. */
static size_t cut_threes(const struct vocab_crossings *c, const unsigned char *p, size_t n)
{
	size_t i = 0;

	if (n < 6 || !is_three(p))
		return 0;
	for (i = 3; i + 3 <= n && is_three(p + i); i += 3)
		if (!crossed_between(c, p + i))
			return i;
	return i;
}

size_t crossing_cut(const struct vocab *v, struct slice piece)
{
	const unsigned char *p = (const unsigned char *)piece.p;
	size_t i = cut_threes(&v->crossings, p, piece.n);

	if (i > 0 && i + 3 <= piece.n && is_three(p + i))
		return i;
	for (i = MAX(i, (size_t)1); i < piece.n; i++)
		if (is_place(piece.p[i - 1], piece.p[i]) &&
			!crossed_at(&v->crossings, p + i, i, piece.n - i))
			return i;
	return piece.n;
}
